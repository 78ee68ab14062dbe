"""Several models, one forecast: weights by past errors, quantiles by what the mixture itself missed by."""
