"""Alerts across days, the outbox, and its delivery."""
