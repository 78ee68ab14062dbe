"""An invented platform with a known truth: the whole chain from visit to review, and what goes wrong in it."""
