import pytest
from pydantic import ValidationError

from models.metrics.profile import Profile

WORDS = {"zh-CN": "名", "zh-TW": "名", "en": "Name"}


def row(metric_id, **changes):
    return {"id": metric_id, "leg": "fulfilment", "feeds": ["fulfilment"], "unit": "percent", "kind": "rate",
            "numerator": "late", "denominator": "due", "windows": [10], "min_n": 30, "name": WORDS, "short": WORDS,
            "how": WORDS, "good": WORDS, "bad": WORDS, **changes}  # fmt: skip


def profile(*rows):
    return Profile.model_validate({"id": "test", "name": WORDS, "metrics": list(rows)})


def test_lookups():
    made = profile(row("a.late"), row("a.lost", numerator="lost", leg="after_sale"))
    assert made.metric("a.lost").leg == "after_sale"
    assert [one.id for one in made.of_leg("fulfilment")] == ["a.late"]
    assert made.day_columns == ("due", "late", "lost")
    with pytest.raises(KeyError, match=r"a\.none"):
        made.metric("a.none")


def test_an_id_stands_once_and_a_profile_is_not_empty():
    with pytest.raises(ValidationError, match="stands twice"):
        profile(row("a.late"), row("a.late"))
    with pytest.raises(ValidationError, match="at least 1"):
        profile()


def test_a_profile_cannot_be_changed():
    with pytest.raises(ValidationError, match="frozen"):
        profile(row("a.late")).id = "other"
