"""Merchants are spread over buckets by a hash that never changes, so that growth moves no merchant.

The hash is CRC-32 of the UTF-8 id, computed by zlib on distinct ids only; the same everywhere, unlike engine hashes
that change between versions.
"""

from __future__ import annotations

import zlib

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc


def bucket_of(merchant_id: str, buckets: int) -> int:
    """Bucket (0 to buckets - 1) of one merchant."""
    return zlib.crc32(merchant_id.encode()) % buckets


def buckets_of(merchant_ids: pa.Array | pa.ChunkedArray, buckets: int) -> pa.Array:
    """Buckets of many merchants as int16; each distinct id is hashed once."""
    if isinstance(merchant_ids, pa.ChunkedArray):
        merchant_ids = merchant_ids.combine_chunks()
    encoded = pc.dictionary_encode(merchant_ids)
    of_distinct: npt.NDArray[np.int16] = np.fromiter(
        (bucket_of(identifier or "", buckets) for identifier in encoded.dictionary.to_pylist()),
        dtype=np.int16,
        count=len(encoded.dictionary),
    )
    return pc.take(pa.array(of_distinct, pa.int16()), encoded.indices)
