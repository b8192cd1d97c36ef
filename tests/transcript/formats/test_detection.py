import pytest

from interview_audio.script.script_file import is_script
from interview_audio.transcript.formats.detection import format_of

CUE = "00:00:01,000 --> 00:00:02,000\nNora: Why?\n"


@pytest.mark.parametrize(
    ("text", "suffix", "expected"),
    [
        (f"1\n{CUE}", ".txt", "subtitles"),
        (CUE, "", "subtitles"),
        ("WEBVTT\n\n00:01.000 --> 00:02.000\nWhy?\n", ".txt", "subtitles"),
        ("\n\n1\n00:01.000 --> 00:02.000 align:start\nWhy?\n", "", "subtitles"),
        ("Q: At 00:00:01,000 --> 00:00:02,000 it rang?\nA: Yes.", ".srt", "plain"),
        ('[{"text": "Why?"}]', ".txt", "json"),
        ('{"text": "Why?"}\n{"text": "So."}', ".txt", "json"),
        ('{"title": "Salt"}\n\nQ: Why?\nA: So.', ".txt", "plain"),
        ("[laughs] Q: Why?", ".txt", "plain"),
        ("{broken", ".json", "json"),
        ("<!-- a --><!DOCTYPE html><p>Why?", ".txt", "html"),
        ("<p>Why?</p>\n<p>So.</p>", ".txt", "html"),
        ("Q: Why?</p>", ".html", "html"),
        ("Q: Why?\nA: So.", ".html", "plain"),
        ("<b>Q:</b> Why?\n<i>A:</i> So.", ".txt", "plain"),
        ("Q: <p> is a tag\nA: So is </p>.", ".txt", "plain"),
    ],
)
def test_the_format_is_found_from_the_content(text: str, suffix: str, expected: str) -> None:
    assert format_of(text, suffix) == expected


@pytest.mark.parametrize(
    ("text", "suffix", "expected"),
    [
        ("turns:\n- text: Why?", ".yaml", True),
        ("# made by hand\nschema: 1\nturns:\n- text: Why?", ".txt", True),
        ('{"schema": 1, "turns": []}', ".txt", True),
        ('{"turns": [{"speaker": "Q", "text": "Why?"}]}', ".json", True),
        ('{"turns": ', ".json", True),
        ('{"turns": [{"speaker": "Q", "text": "Why?", "start": 0.5}]}', ".json", False),
        ('{"segments": [{"text": "Why?"}]}', ".json", False),
        ("Q: What is a schema?\nturns: many", ".txt", False),
    ],
)
def test_script_files(text: str, suffix: str, expected: bool) -> None:
    assert is_script(text, suffix) is expected
