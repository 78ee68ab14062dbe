"""From directed surprises to calibrated p-values, incidents of groups, and an order of merchants."""
