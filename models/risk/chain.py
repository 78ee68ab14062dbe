"""The business chain: on which legs trouble of a leg shows next."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

Chain = Mapping[str, Sequence[str]]


def downstream(legs: Iterable[str], chain: Chain) -> frozenset[str]:
    """The legs, and every leg on which their trouble may show.

    Parameters
    ----------
    chain : mapping of leg to legs
        The legs on which trouble of a leg shows next; it may run in a circle.
    """
    reached = set(legs)
    ahead = list(reached)
    while ahead:
        ahead = [leg for cause in ahead for leg in chain.get(cause, ()) if leg not in reached]
        reached.update(ahead)
    return frozenset(reached)
