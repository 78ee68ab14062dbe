import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from pipelines.buckets import bucket_of, buckets_of


def test_buckets_never_change():
    # CRC-32 of "123456789" is 0xCBF43926 (the check value of the standard).
    assert bucket_of("123456789", 2**32) == 0xCBF43926
    assert [bucket_of(name, 8) for name in ("m1", "商家", "a/b")] == [
        bucket_of(name, 8) for name in ("m1", "商家", "a/b")
    ]


@given(st.lists(st.text(max_size=20), max_size=50), st.integers(1, 64))
def test_many_at_once_are_the_same_as_one_by_one(names, buckets):
    expected = [bucket_of(name, buckets) for name in names]
    assert buckets_of(pa.array(names, pa.string()), buckets).to_pylist() == expected
    assert buckets_of(pa.chunked_array([names, names], pa.string()), buckets).to_pylist() == expected * 2
