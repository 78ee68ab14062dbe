"""Messages to people: on-call's message about an alert or incident, digests, and their forms for mail and chat."""
