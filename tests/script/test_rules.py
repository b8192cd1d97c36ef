"""Reading rules: what they match, what is said instead, and the way back to the written words."""

import pytest

from interview_audio.configuration.settings import ReadingRule
from interview_audio.errors import ConfigurationError
from interview_audio.script.rules import ReadingRules, Replacement, reworded, said_text


def found(text, *rules):
    matches = ReadingRules([ReadingRule(*rule) for rule in rules]).find(text)
    return [(match.rule, *match.replacement) for match in matches]


def said(text, *rules):
    return said_text(text, [Replacement(*one[1:]) for one in found(text, *rules)])


@pytest.mark.parametrize(
    ("text", "rule", "expected"),
    [
        ("See fig. 3 and fig. 12.", (r"fig\. (\d+)", r"figure \1"), "See figure 3 and figure 12."),
        ("Yes [sic], he said [sic].", (r"\[sic\]", ""), "Yes, he said."),
        ("他说（笑）好。", ("（笑）", ""), "他说好。"),
        ("10-4", (r"(?P<a>\d+)-(?<b>\d+)", r"\g<a> four \g<2>"), "10 four 4"),
        ("ab", (r"(a)(x)?", r"\1\2!"), "a!b"),
        ("C:\\n", (r"\\", " backslash "), "C: backslash n"),
        ("aaa", ("x*", "b"), "aaa"),
    ],
)  # fmt: skip
def test_what_is_said(text, rule, expected):
    assert said(text, rule) == expected


def test_the_earlier_rule_counts_where_two_overlap():
    text = "one two three"
    assert found(text, ("two", "2"), ("one two|three", "x"), ("o", "0")) == [
        (2, 0, 1, "0"),
        (0, 4, 7, "2"),
        (1, 8, 13, "x"),
    ]


def test_every_character_knows_what_it_stands_for():
    words = reworded("See fig. 3 [sic].", [Replacement(4, 10, "figure 3"), Replacement(11, 16, "")])
    assert words.text == "See figure 3."
    assert words.written_range(4, 10) == words.written_range(11, 12) == (4, 10)
    assert words.written_range(0, 3) == (0, 3)
    assert words.written_range(12, 13) == (16, 17)
    assert words.said_range(4, 10) == (4, 12)
    assert words.said_range(0, 17) == (0, 13)
    assert words.said_range(11, 16) == (0, 0)


def test_a_rule_that_would_not_end_is_stopped_and_named():
    rules = ReadingRules([ReadingRule("b", "c"), ReadingRule("(a|aa)+$", skip=True, place=("v.yaml", 3, 5))], 0.02)
    with pytest.raises(ConfigurationError) as caught:
        rules.find("a" * 70 + "!")
    assert str(caught.value) == (
        f"v.yaml:3:5: rules.1 was stopped after 0.02 s, in '{'a' * 59}…'; "
        "write '(a|aa)+$' without a repetition inside a repetition"
    )
