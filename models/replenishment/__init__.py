"""What to reorder, how much and by when, for all products at once."""
