"""Navigation: segments, replenishment, staffing and prompts of a day."""
