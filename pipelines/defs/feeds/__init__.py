"""Feeds: what has landed comes into the lake."""
