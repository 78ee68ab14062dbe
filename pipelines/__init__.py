"""What runs when: reads and writes tables, calls `models` for calculation and `reports` for pages and messages."""
