"""Weight of each model for each merchant: inverse to a power of its past errors, shrunk to those of its segment.

A merchant's own errors are few and noisy; they are mixed with the errors that the model made on merchants of the same
volume, and those with the platform's, each as far as it can speak. Near and far days are weighed apart, since a model
may be good at tomorrow and poor at next month. Errors fade with age.
Source: Bates and Granger (1969), Operational Research Quarterly 20, 451-468 (weights by inverse error).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from models.forecasting.backtest import AHEAD
from models.forecasting.ensemble.past import BlockPast
from models.forecasting.panel import Flags, Floats, Ints
from models.forecasting.policy import EnsemblePolicy

NEAR_DAYS = 7
SPANS = 2  # days up to NEAR_DAYS ahead, and beyond


@dataclass(frozen=True)
class ErrorMeans:
    """Sums of errors and of what they count for, arrays (models, SPANS, ...)."""

    total: Floats
    count: Floats

    @classmethod
    def none(cls, models: int) -> ErrorMeans:
        """Sums over no merchants."""
        return cls(np.zeros((models, SPANS, 0)), np.zeros((models, SPANS, 0)))


def span_of(days: int) -> Ints:
    """Span of each of `days` days ahead."""
    return (np.arange(days) >= NEAR_DAYS).astype(np.int64)


def errors_seen(past: BlockPast, known: int, policy: EnsemblePolicy) -> ErrorMeans:
    """Sum each merchant's errors (models, SPANS, merchants) that had been seen after `known` columns."""
    models, _, merchants, _ = past.means.shape
    total, count = np.zeros((models, SPANS, merchants)), np.zeros((models, SPANS, merchants))
    for place, origin in enumerate(past.known):
        age = known - (origin + 1 + np.arange(AHEAD))
        if (age < 0).all():
            continue
        fade = np.where(age >= 0, 0.5 ** (np.maximum(age, 0) / policy.error_half_life), 0.0)
        weight = np.where(span_of(AHEAD)[:, None] == np.arange(SPANS), fade[:, None], 0.0)
        total += np.moveaxis(past.errors_or_none[:, place] @ weight, 2, 1)
        count += np.moveaxis(past.seen[:, place] @ weight, 2, 1)
    return ErrorMeans(total, count)


def segment_errors(seen: ErrorMeans, stratum: Ints, strata: int, base: int, policy: EnsemblePolicy) -> Floats:
    """Mean errors by model, span and volume stratum (models, SPANS, strata), shrunk to the platform's.

    Parameters
    ----------
    seen : ErrorMeans
        Of the merchants that stand for all.
    stratum : array of int (merchants,)
    strata : int
    base : int
        The model that is trusted until there is evidence; the others are taken to be worse by `policy.unproven`.
    """
    in_stratum = (stratum[:, None] == np.arange(strata)).astype(np.float64)
    total, count = seen.total @ in_stratum, seen.count @ in_stratum
    built_in = np.full((total.shape[0], 1), policy.unproven)
    built_in[base] = 1.0
    prior = policy.prior_errors
    platform = (total.sum(axis=2) + prior * built_in) / (count.sum(axis=2) + prior)
    result: Floats = (total + prior * platform[:, :, None]) / (count + prior)
    return result


class Weighed(NamedTuple):
    """Weights (models, SPANS, merchants) that add up to 1 over the models, and the errors that they follow from."""

    weight: Floats
    error: Floats


def merchant_weights(
    seen: ErrorMeans, segment: Floats, stratum: Ints, speaks: Flags, policy: EnsemblePolicy
) -> Weighed:
    """Weigh the models for each merchant.

    Parameters
    ----------
    seen : ErrorMeans
        The merchants' own errors.
    segment : array (models, SPANS, strata)
        See `segment_errors`.
    stratum : array of int (merchants,)
    speaks : array of bool (models,)
        Models that have learned nothing have no weight.
    """
    prior = policy.prior_days
    error = (seen.total + prior * segment[:, :, stratum]) / (seen.count + prior)
    inverse = (error / error.min(axis=0)) ** -policy.power * speaks[:, None, None]
    return Weighed(inverse / inverse.sum(axis=0), error)
