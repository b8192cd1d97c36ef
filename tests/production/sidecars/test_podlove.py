import pytest

from interview_audio.production.sidecars.sidecar_files import format_podlove
from interview_audio.production.timeline import ChapterMark
from interview_audio.verification.sidecar_reading import SidecarError, parse_podlove

MARKS = (ChapterMark("开场", 0, 501), ChapterMark('"A" & <B>', 3_600_501, 3_700_000))


def chapters(inside):
    return f'<psc:chapters xmlns:psc="http://podlove.org/simple-chapters" version="1.2">\n{inside}\n</psc:chapters>'


def test_chapters_are_podlove_simple_chapters():
    assert format_podlove(MARKS) == (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<psc:chapters xmlns:psc="http://podlove.org/simple-chapters" version="1.2">\n'
        '  <psc:chapter start="00:00:00.000" title="开场" />\n'
        '  <psc:chapter start="01:00:00.501" title="&quot;A&quot; &amp; &lt;B&gt;" />\n'
        "</psc:chapters>\n"
    )


def test_they_are_read_back_without_ends():
    assert parse_podlove(format_podlove(MARKS)) == (
        ChapterMark("开场", 0, None),
        ChapterMark('"A" & <B>', 3_600_501, None),
    )
    assert parse_podlove(format_podlove(())) == ()


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("<a>\n</b>", "line 2: not XML (mismatched tag: line 2, column 2)"),
        ("<chapters/>", "not Podlove Simple Chapters"),
        (chapters('<psc:chapter start="00:00:00.000"/>'), "chapter 1 is not a chapter, or has no title"),
        (chapters('<psc:chapter title="a" start="now"/>'), "line 3: 'now' is not a time"),
        (
            chapters('<psc:chapter title="a" start="00:01.000"/>\n<psc:chapter title="b" start="00:00.000"/>'),
            "chapter 2 goes back in time",
        ),
    ],
)
def test_a_broken_file_is_refused(text, message):
    with pytest.raises(SidecarError) as caught:
        parse_podlove(text)
    assert str(caught.value) == message
