"""Signals, incidents and the order of merchants: how counts become lights."""
