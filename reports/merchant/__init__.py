"""The merchant's page: facts of one merchant and day in, one HTML page out."""
