"""Why an alert opened, and why not: one merchant and day, from the tables that were written."""
