"""Script documents as a person edits them: comments above, one line for the small print, and text that reads as prose."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from interview_audio.configuration.documents import WIDTH, parse_document, to_yaml
from interview_audio.errors import SourceError

PROSE = "The lamp was handed over to a computer the size of a lunchbox, and the keepers were given a cake."


def test_how_it_looks():
    document = {
        "schema": 1,
        "title": "Lamps: a talk",
        "cast": {"narrator": {"voices": {"en": "kokoro:bm_george"}}},
        "speakers": [{"name": "Ida Holm", "aliases": ["IH", "No"], "voices": {}}],
        "turns": [
            {"text": "灯塔亮着。", "at": {"line": 1, "label": None}},
            {"speaker": "Ida Holm", "text": PROSE},
        ],
    }
    assert to_yaml(document, "One.\n\n  Two.", {1: ["guessed: \x85 why"]}) == (
        "# One.\n#\n#   Two.\n\n"
        'schema: 1\ntitle: "Lamps: a talk"\n\n'
        "cast: {narrator: {voices: {en: kokoro:bm_george}}}\n\n"
        'speakers:\n\n- name: Ida Holm\n  aliases: [IH, "No"]\n  voices: {}\n\n'
        "turns:\n\n- text: |-\n    灯塔亮着。\n  at: {line: 1, label: null}\n\n"
        "# guessed:   why\n- speaker: Ida Holm\n  text: >-\n"
        "    The lamp was handed over to a computer the size of a lunchbox, and the keepers were given a\n"
        "    cake.\n"
    )


def test_a_document_without_lists_or_header():
    assert to_yaml({"turns": [], "title": ""}) == 'turns: []\ntitle: ""\n'


@pytest.mark.parametrize(
    "text",
    [
        PROSE * 5,
        "word " * 60 + "end",
        "two  spaces " * 30 + "end",
        "x" * 500 + " " + "y" * 500,
        "a: b # no comment, - no item, [no list], {no: map}, & * ! | > % @ ` \" '",
        "---\n...\n# a\n- b: c\n\n\nd",
        "---",
        "? a",
        " leading", "trailing ", "\ttab", "tab\tinside", "\nline", "line\n", "a\n b", "a\n\n\nb",
        "NEL\x85 here", "\u2028", "a\u2029b", "\ufeffmark", "\x07bell", "\x1b[31m", "a\rb", "\u00a0", "\u3000字\u3000",
        "🙂👩\u200d👩\u200d👧 " * 30,
        "\u202eright to left\u202c",
        "no", "1e3", "12:30:45", "2024-12-01", "0x1F", "~", "null", "=", "<<", ".inf",
    ],
)  # fmt: skip
def test_any_text_comes_back(text):
    document = {"title": text, "turns": [{"speaker": text, "text": text, "at": {"label": text, "reason": [text]}}]}
    assert parse_document(to_yaml(document, "", {0: [text]}), "talk.script.yaml") == document


TEXT = st.text(
    st.one_of(st.sampled_from(" \n#:-'\"|>{}[],&*!%@\t\x85\u2028字Aa🙂."), st.characters(codec="utf-8")), max_size=300
)


@given(TEXT)
@example("a" * WIDTH + " b")
@example("a" * (WIDTH - 1) + "  b c")
def test_whatever_text_comes_back(text):
    document = {"turns": [{"speaker": text, "text": text}]}
    assert parse_document(to_yaml(document, text, {0: [text]}), "talk.script.yaml") == document


def test_folded_lines_are_no_wider_than_they_should_be():
    lines = to_yaml({"turns": [{"text": PROSE * 9}]}).splitlines()
    assert max(map(len, lines)) <= WIDTH + 4


@pytest.mark.parametrize("name", ["talk.yaml", "talk.json"])
def test_a_number_of_thousands_of_digits_is_refused_in_a_line(name):
    with pytest.raises(SourceError, match="digits"):
        parse_document(f'{{"turns": [{{"line": {"7" * 5000}}}]}}', name)
