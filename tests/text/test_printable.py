import json
import unicodedata
import xml.etree.ElementTree as ET

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from interview_audio.text.printable import ascii_address, harmless, json_text, printable


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("  A\tbig\r\n\u2028talk\u3000", "A big talk"),
        ("a\x00b\x1b[1m\x7f", "a\ufffdb\ufffd[1m\ufffd"),
        ("\ud800x\udfff", "\ufffdx\ufffd"),
        ("\ufffe\uffff\U0001fffe\ufdd0", "\ufffd" * 4),
        ("Oui\u00a0! 12\u202f%", "Oui\u00a0! 12\u202f%"),
        ("\u00a0a \u00a0 b\u00a0", "a b"),
        ("\u202eשלום\u202c \u2067x\u2069", "שלום x"),
        ("talk\u202e3pm.exe\u202c", "talk3pm.exe"),
        ("I\u200bda\ufeff\u2060 H\u00adolm\u3164\U000e0041\u200d\u200c", "Ida Holm"),
        ("Ida\u200f", "Ida"),
        ("a\x85b\x9b31m", "a b\ufffd31m"),
        # What scripts and emoji need.
        ("(\u200fמה?\u200e)", "(\u200fמה?\u200e)"),
        ("می\u200cخواهم", "می\u200cخواهم"),
        ("क\u094d\u200dष, ශ\u0dca\u200dරී", "क\u094d\u200dष, ශ\u0dca\u200dරී"),
        ("👨\u200d👩\u200d👧 ❤️\u200d🔥 👩🏽\u200d🚀", "👨\u200d👩\u200d👧 ❤️\u200d🔥 👩🏽\u200d🚀"),
        (
            "🏴\U000e0067\U000e0062\U000e0073\U000e0063\U000e0074\U000e007f",
            "🏴\U000e0067\U000e0062\U000e0073\U000e0063\U000e0074\U000e007f",
        ),
        ("葛\U000e0100 ☺︎", "葛\U000e0100 ☺︎"),
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


def test_a_line_keeps_its_columns():
    assert harmless("  a\tb\n\x1b[2J  \u3000c\u202e\x07") == "  a b \ufffd[2J  \u3000c\ufffd"


@settings(deadline=None)
@given(st.text(st.characters()))
def test_nothing_is_obeyed_and_nothing_ends_a_line(text):
    for shown in (printable(text), harmless(text)):
        assert not any(unicodedata.category(character) in ("Cc", "Cs", "Zl", "Zp") for character in shown)
        assert not set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069").intersection(shown)
    assert harmless(harmless(text)) == harmless(text)


def test_json_escapes_what_is_not_seen():
    value = {"Ida\u202e": "\x9b31m\x7f \U000e0041 می\u200cخواهم 灯\u2028"}
    written = json_text(value)
    assert written == r'{"Ida\u202e": "\u009b31m\u007f \udb40\udc41 می' + "\u200c" + r'خواهم 灯\u2028"}'
    assert json.loads(written) == value


@settings(deadline=None)
@given(st.dictionaries(st.text(st.characters()), st.text(st.characters(), max_size=9) | st.integers()))
def test_json_loses_nothing(value):
    written = json_text(value)
    written.encode()
    assert json.loads(written) == value


@pytest.mark.parametrize(
    ("address", "written"),
    [
        ("https://a.example/b?c=1&d=%20#e", "https://a.example/b?c=1&d=%20#e"),
        ("HTTPS://Lämp.example:8080/灯 塔/<x>", "https://xn--lmp-qla.example:8080/%E7%81%AF%20%E5%A1%94/%3Cx%3E"),
        ("https://ida:secret@a.example/", "https://a.example/"),
        ("http://[::1]:80/x", "http://[::1]:80/x"),
        ("talk%3A1.image-1.jpg", "talk%3A1.image-1.jpg"),
        ("https://a.example:x/", ""),
        ("https://[a/", ""),
        (f"https://{'ä' * 80}.example/", ""),
    ],
)
def test_an_address_is_written_as_every_format_takes_it(address, written):
    assert ascii_address(address) == written
