"""`merchant-gps doctor`: what is wrong with a workspace and its machine, and how to mend it; it changes nothing."""
