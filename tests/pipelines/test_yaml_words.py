"""What is said about a mistake names the key and the way out, and never a secret."""

from __future__ import annotations

import pytest
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from pipelines.yaml_words import describe, found, told


class Inner(BaseModel):
    model_config = ConfigDict(extra="forbid")
    share: float = Field(default=0.5, lt=1)
    url_variable: str = Field(default="A", pattern="^[A-Z]+$")


class Outer(BaseModel):
    model_config = ConfigDict(extra="forbid")
    inner: Inner | None = None
    many: dict[str, tuple[Inner, ...]] = Field(default_factory=dict)
    low: int = 0
    high: int = Field(default=1, alias="to")

    @model_validator(mode="after")
    def _in_order(self):
        if self.low > self.high:
            raise ValueError(f"low {self.low} is above to {self.high}")
        return self


def said(**values):
    with pytest.raises(ValidationError) as caught:
        Outer.model_validate(values)
    return describe(caught.value, Outer)


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"inner": {"shares": 1}}, "inner.shares: unknown key; did you mean 'share'?"),
        ({"many": {"a": [{"zzz": 1}]}}, "many.a.0.zzz: unknown key; known here: share, url_variable"),
        ({"high": 3}, "high: unknown key; known here: inner, low, many, to"),
        ({"inner": {"share": 95}}, "write 0.95 for 95 %"),
        ({"inner": {"share": 950}}, "inner.share: Input should be less than 1; found 950"),
        ({"low": 2}, "low 2 is above to 1"),
        ({"low": "x", "to": "y"}, "(1 more after it)"),
        ({"low": "x", "lo": 1}, "lo: unknown key"),
    ],
)
def test_the_way_out_is_said(values, words):
    assert words in said(**values)


def test_an_address_where_the_name_of_a_variable_is_meant_is_not_shown():
    assert "s3cr3t" not in said(inner={"url_variable": "https://a.example/?token=s3cr3t"})
    assert "s3cr3t" not in said(inner={"url_variable": "s3cr3t"})
    assert "s3cr3t" not in said(inner={"url": "s3cr3t"})


@pytest.mark.parametrize("value", ["mailtos://me:s3cr3t@example", ["https://s3cr3t"], {"a": "https://s3cr3t"}])
def test_addresses_are_never_shown(value):
    assert "s3cr3t" not in found(value, ("platform_name",))


def test_a_reason_is_told_in_one_line_without_addresses_and_signs_that_steer():
    reason = "key 'a\u202eb':\n  no feed 'https://a.example/?token=s3cr3t'; write https://"
    assert told(reason) == "key 'a\\u202eb': no feed 'https://...'; write https://"


def test_long_and_deep_values_are_shortened():
    assert len(found("x" * 10_000)) < 200
    nested = []
    for _ in range(900):
        nested = [nested] * 9
    assert len(found(nested)) < 300
