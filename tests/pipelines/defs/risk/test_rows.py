import numpy as np
import pyarrow as pa

from pipelines.defs.risk.rows import floats


def test_not_known_is_null_never_nan():
    made = floats(np.array([1.5, np.nan, np.inf, -np.inf]))
    assert made.type == pa.float64()
    assert made.to_pylist() == [1.5, None, None, None]
