import xml.etree.ElementTree as ET

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from interview_audio.production.printable import printable


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("  A\tbig\r\n\u2028talk\u3000", "A big talk"),
        ("a\x00b\x1b[1m\x7f", "a\ufffdb\ufffd[1m\ufffd"),
        ("\ud800x\udfff", "\ufffdx\ufffd"),
        ("\ufffe\uffff\U0001fffe\ufdd0", "\ufffd" * 4),
        ("Oui\u00a0! 12\u202f%", "Oui\u00a0! 12\u202f%"),
        ("\u00a0a \u00a0 b\u00a0", "a b"),
        ("\u202eשלום\u202c \u2067x\u2069", "\u202eשלום\u202c \u2067x\u2069"),
        ("👨\u200d👩\u200d👧", "👨\u200d👩\u200d👧"),
        ("plain  text", "plain text"),
        ("", ""),
    ],
)
def test_text_becomes_one_line_that_any_format_carries(text, expected):
    assert printable(text) == expected


@settings(deadline=None)
@given(st.text(st.characters()))
def test_every_result_is_xml_and_utf_8_and_stays(text):
    shown = printable(text)
    element = ET.Element("a", title=shown)
    assert ET.fromstring(ET.tostring(element, "utf-8")).get("title") == shown
    assert shown.splitlines() in ([shown], [])
    assert printable(shown) == shown
