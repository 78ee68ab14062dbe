"""Judging alerts and incidents against episodes whose truth is known."""
