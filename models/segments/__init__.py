"""Segments: what stage a merchant is in, and how much it weighs."""
