"""One gradient-boosted model for all merchants, which corrects the pooled level where that has no words for a pattern.

`train.train` learns it from a sample of merchants and their past origins; `model.Boosted` forecasts any merchant with
it. Trees see how far days of the past lay from the pooled level, what is planned around the day that is asked for, and
where the merchant stands against itself; they answer with a correction in log units.
"""
