"""Marts: every count of every feed side by side per merchant and day, and per product and day."""
