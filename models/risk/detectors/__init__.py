"""Detectors: each turns directed residuals into scores that are high where something is wrong, one idea per file.

None wins alone: one day finds an outage at once, sums over days find what is small and lasts. Their scores are made
comparable by `models.risk.detection`, never by a table of the normal distribution.
"""
