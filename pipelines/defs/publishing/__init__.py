"""Pages, tower and warehouse: what a day shows to people."""
