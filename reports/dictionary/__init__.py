"""The data dictionary as a page, for those who deliver feeds and those who read tables."""
