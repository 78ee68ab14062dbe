"""A fixed sample of merchants: what all merchants have in common is read from these.

The idea: the first merchants by a hash of their ids are a fair sample, stay the same from day to day, and do not depend
on how merchants are cut into blocks, so neither does anything that is learned from them.
"""

from __future__ import annotations

import hashlib

import numpy as np
import pandas as pd


def sample_of(merchants: pd.DataFrame, most: int) -> pd.DataFrame:
    """At most so many rows of a frame with the column merchant_id, in its order; all where there are fewer."""
    if len(merchants) <= most:
        return merchants
    rank = [hashlib.blake2b(str(one).encode(), digest_size=8).digest() for one in merchants["merchant_id"]]
    chosen = np.argsort(np.array(rank, dtype="V8").view(">u8"), kind="stable")[:most]
    return merchants.iloc[np.sort(chosen)]
