"""Events that the whole trade knows in advance: which they are, when they come, and how days are grouped by them."""
