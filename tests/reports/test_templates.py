"""Sentences that anybody may have written are filled in, and do nothing else."""

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports.templates import fill, names_in

VALUES = {"observed": "6.2%", "limit_red": "4%", "名": "{observed}"}


@pytest.mark.parametrize(
    ("template", "said"),
    [
        ("Late {observed}; the limit is {limit_red}", "Late 6.2%; the limit is 4%"),
        ("{{observed}} and {{{observed}}}", "{observed} and {6.2%}"),
        ("{名}", "{observed}"),
        ("{obseved}", "{obseved}"),
        ("{% raw %}", "{% raw %}"),
        ("{0}{}{observed.__class__}{observed[0]}", "{0}{}{observed.__class__}{observed[0]}"),
        ("{observed!r:>99999999}", "{observed!r:>99999999}"),
        ("} {observed", "} {observed"),
        ("", ""),
    ],
)
def test_known_names_are_filled_and_other_braces_stay(template, said):
    assert fill(template, VALUES) == said


@given(st.text(st.sampled_from("{}ab!:.0 ")), st.dictionaries(st.sampled_from("ab"), st.text("{}ab")))
def test_any_text_is_filled_and_grows_by_its_values_only(template, values):
    said = fill(template, values)
    assert len(said) <= len(template) + sum(map(len, values.values())) * template.count("{")


@given(st.lists(st.one_of(st.sampled_from(["{a}", "{b}", "{{", "}}"]), st.text(string.ascii_letters + "，%"))))
def test_a_checked_sentence_reads_as_str_format_reads_it(pieces):
    template = "".join(pieces)
    assert fill(template, {"a": "1", "b": "{a}"}) == template.format(a="1", b="{a}")


def test_names_that_a_sentence_asks_for():
    assert names_in("{a} of {b}, {{c}}, {d.e} {0}") == {"a", "b"}
