"""Merchants of like kind: groups, quartiles without the reader, positions and mentors."""
