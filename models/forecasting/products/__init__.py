"""Units of single products: each shop's forecast split by what its products sell on days in stock."""
