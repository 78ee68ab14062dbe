"""Navigation prompts: from facts and a playbook to what each merchant should do, by money."""
