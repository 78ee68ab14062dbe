import pytest
from pydantic import ValidationError

from models.metrics.words import Sentences, Words, placeholders_of


def test_texts_in_three_languages():
    words = Words.model_validate({"zh-CN": "迟发货", "zh-TW": "延遲出貨", "en": "Late"})
    assert [words.of(locale) for locale in ("zh-CN", "zh-TW", "en")] == ["迟发货", "延遲出貨", "Late"]


def test_a_missing_language_is_refused():
    with pytest.raises(ValidationError, match="zh-TW"):
        Words.model_validate({"zh-CN": "迟发货", "en": "Late"})


def test_a_placeholder_that_nobody_fills_is_refused():
    good = {"zh-CN": "{observed}", "zh-TW": "{observed}", "en": "{observed}"}
    assert Sentences.model_validate(good).en == "{observed}"
    with pytest.raises(ValidationError, match="obseved"):
        Sentences.model_validate(good | {"en": "{obseved}"})


def test_placeholders_are_found():
    assert placeholders_of("{numerator} of {denominator}") == {"numerator", "denominator"}
    with pytest.raises(ValueError):
        placeholders_of("{numerator")


@pytest.mark.parametrize("text", ["{observed:>99999999}", "{observed:{window}}", "{observed!r}"])
def test_a_placeholder_is_a_name_and_nothing_else(text):
    with pytest.raises(ValueError, match="write {observed} alone"):
        placeholders_of(text)


@pytest.mark.parametrize("text", ["{observed.__class__}", "{observed[0]}", "{0}", "{}", "{% raw %}"])
def test_what_is_no_name_is_no_known_placeholder(text):
    with pytest.raises(ValidationError, match="unknown placeholder"):
        Sentences.model_validate({"zh-CN": text, "zh-TW": text, "en": text})
