import datetime

import pytest

from interview_audio.configuration.settings import Chapters
from interview_audio.production.sidecars.sidecar_files import format_show_notes, listed_marks
from interview_audio.production.timeline import ChapterMark, chapter_rules, mark_chapters
from interview_audio.script.lines import CastMember, Script
from interview_audio.verification.sidecar_reading import SidecarError, parse_show_notes

HOUR = 3_600_000
MARKS = (
    ChapterMark("Opening", 0, 15_999),
    ChapterMark("What is Q* and **why**?", 15_999, 60_000),
    ChapterMark("C#", 60_000, 90_000),
)


def script(*roles, language="en"):
    cast = tuple(CastMember(speaker, role, (), "pool") for speaker, role in roles)
    return Script("A *big* talk", language, tuple(speaker for speaker, _ in roles), cast, ())


def test_they_have_title_speakers_date_and_chapters():
    talk = script(("Ada Brook", "host"), ("Ben_", "guest"), ("Cy", "guest"))
    assert format_show_notes(talk, MARKS, talk.speakers, datetime.date(2024, 3, 31)) == (
        "# A \\*big\\* talk\n"
        "\n"
        "Host: Ada Brook  \n"
        "Guests: Ben_, Cy  \n"
        "Date: 2024-03-31\n"
        "\n"
        "## Chapters\n"
        "\n"
        "00:00 Opening  \n"
        "00:15 What is Q\\* and \\*\\*why\\*\\*?  \n"
        "01:00 C#\n"
    )


def test_they_are_in_the_language_of_the_script():
    notes = format_show_notes(
        script(("艾达", "guest"), ("本", "guest"), language="zh"), MARKS[:1], ("艾达", "本"), None
    )
    assert notes == "# A \\*big\\* talk\n\n嘉宾：艾达、本\n\n## 章节\n\n00:00 Opening\n"


def test_without_chapters_and_names_there_is_the_title():
    assert format_show_notes(script(), (), (), None) == "# A \\*big\\* talk\n"


def test_all_times_have_hours_where_one_has():
    marks = (ChapterMark("a", 0, HOUR), ChapterMark("b", HOUR + 61_000, 2 * HOUR))
    assert format_show_notes(script(), marks, (), None).endswith("00:00:00 a  \n01:01:01 b\n")
    assert format_show_notes(
        script(), (ChapterMark("a", 0, HOUR), ChapterMark("b", HOUR - 1, HOUR * 2)), (), None
    ).endswith("00:00 a  \n59:59 b\n")


def test_marks_are_ten_seconds_apart_or_left_out():
    marks = [ChapterMark("a", 0, 9_999), ChapterMark("b", 9_999, 10_000), ChapterMark("c", 10_000, 20_000)]
    assert [mark.title for mark in listed_marks(marks)] == ["a", "c"]
    assert [mark.title for mark in listed_marks([*marks, ChapterMark("d", 20_000, 29_999)])] == ["a", "c"]
    assert [mark.title for mark in listed_marks([*marks, ChapterMark("d", 20_000, 30_000)])] == ["a", "c", "d"]
    assert listed_marks([ChapterMark("a", 0, 500)]) == (ChapterMark("a", 0, None),)


@pytest.mark.parametrize(("length", "count"), [(26_000, 1), (35_001, 2)])
def test_numbered_chapters_are_all_listed(length, count):
    openings = [(0, "a"), (9_999, "b"), (19_998, "c"), (25_500, "d")]
    rules = chapter_rules(Chapters(min_seconds=0, numbered=True), 1000)
    chapters = mark_chapters(openings, length, rules).chapters
    marks = [ChapterMark(chapter.title, chapter.start, chapter.end) for chapter in chapters]
    assert len(marks) == count
    assert [mark.title for mark in listed_marks(marks)] == [mark.title for mark in marks]


def test_the_chapters_are_read_back_in_whole_seconds():
    assert (
        parse_show_notes(format_show_notes(script(), MARKS, (), None))
        == listed_marks(MARKS)
        == (
            ChapterMark("Opening", 0, None),
            ChapterMark("What is Q* and **why**?", 15_000, None),
            ChapterMark("C#", 60_000, None),
        )
    )


@pytest.mark.parametrize("text", ["# Talk\n\n00:01 a", "# Talk\n\n00:00 a\n00:10 b\n00:10 c"])
def test_a_list_that_players_ignore_is_refused(text):
    with pytest.raises(
        SidecarError, match=r"^line \d: the chapters do not begin at 00:00 or are not in order of time$"
    ):
        parse_show_notes(text)
