"""Metrics of a merchant: what is counted, how sure one may be, and which light follows."""
