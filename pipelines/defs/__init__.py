"""One folder per step of a day: plain step functions, their SQL, and the thin assets around them."""
