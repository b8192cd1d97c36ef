import html
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from interview_audio.production.sidecars.sidecar_files import escape_markdown
from interview_audio.text.printable import printable
from interview_audio.verification.sidecar_reading import unescaped

TEXTS = st.text(st.sampled_from("ab1 *_`~[]()<>&;#!\\/:|$\"'。中é-+=.@^"), max_size=40) | st.text(max_size=40)
READERS = (MarkdownIt("commonmark"), MarkdownIt("commonmark").enable(["strikethrough", "table"]))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("What is Q* about?", "What is Q* about?"),
        ("2 * 3 * 4", "2 \\* 3 \\* 4"),
        ("snake_case_name", "snake_case_name"),
        ("_so_ it was", "\\_so\\_ it was"),
        ("[sic] (really)", "[sic] (really)"),
        ("[a](b)", "[a\\](b)"),
        ("AT&T, R&D; 1 < 2", "AT&T, R&D\\; 1 < 2".replace("\\;", ";").replace("R&D", "R\\&D")),
        ("<b> and </b>", "\\<b> and \\</b>"),
        ("C #", "C \\#"),
        ("C:\\new \\*", "C:\\new \\\\*"),
    ],
)
def test_only_what_is_markup_is_escaped(text, expected):
    assert escape_markdown(text) == expected


@settings(deadline=None)
@given(TEXTS)
def test_it_is_read_back(text):
    assert unescaped(escape_markdown(text)) == text


@pytest.mark.parametrize("reader", READERS)
@settings(deadline=None)
@given(TEXTS)
def test_markdown_shows_the_text(reader, text):
    line = printable(f"00:00 {text}")
    shown = re.fullmatch("<p>(.*)</p>\n", reader.render(escape_markdown(line)))
    assert shown is not None
    assert html.unescape(shown[1]) == line
    heading = re.fullmatch("<h1>(.*)</h1>\n", reader.render(f"# {escape_markdown(line)}"))
    assert heading is not None
    assert html.unescape(heading[1]) == line
