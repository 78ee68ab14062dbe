"""Prophet's own model for many series at once: the exact joint maximum of its posterior, without Stan.

Arrays in, arrays out. `fit.fit_many` fits, `predict.predict` looks ahead, `posterior` says how good a fit is in the
words of Prophet's Stan program. Values are divided by their largest size, as in Prophet; days are whole numbers of a
calendar that all series share; NaN is a day without a row.
"""
