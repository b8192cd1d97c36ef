"""What is said at the end."""

from dataclasses import replace
from pathlib import Path

from interview_audio.cli.progress import summary
from interview_audio.files.episode_record import RecordedFile, RecordedLine, RecordedMember, RecordedVoice, SkippedTurn
from records import SPEECH, record

EPISODE = record(
    duration=3723.4,
    files=(RecordedFile("talk.vtt", 1, None), RecordedFile("talk.mp3", 6_700_000, None)),
    cast=(RecordedMember("Ada", "guest", (RecordedVoice("en", "tone:male-1", 1.0),), "pool"),),
    skipped=(
        *(SkippedTurn(line, "quote", "repeats") for line in range(1, 11)),
        SkippedTurn(12, "speech", "no words to speak"),
    ),
    lines=(),
)
NOT_READ = (
    "  not read: quote (lines 1, 2, 3, 4, 5, 6, 7, 8 and 2 more), speech, no words to speak (line 12); `check` says why"
)


def test_what_and_where_and_how_long():
    assert list(summary(EPISODE, Path("talk.mp3"), "done")) == [
        "talk.mp3  1:02:03  1 chapter  6.7 MB  (done)",
        NOT_READ,
    ]


def test_how_much_is_not_read_and_the_longest_of_it():
    skipped = (
        SkippedTurn(1, "boilerplate", "front matter", "title: The light of the keeper"),
        SkippedTurn(5, "boilerplate", "image caption", "The stairs at dawn"),
        SkippedTurn(6, "heading", "formatted as a heading", "Salt"),
        SkippedTurn(9, "boilerplate", "only a link", "https://example.org"),
        SkippedTurn(
            11, "quote", "repeats a passage of the text", "Nobody puts that on a postcard, and nobody ever will."
        ),
    )
    lines = (RecordedLine(4, 7, "Ada", 65_000, 66_000, SPEECH, "It is " + "well " * 61, take=1, takes=1, rate=1.0),)
    shown = list(summary(replace(EPISODE, skipped=skipped, lines=lines), Path("talk.mp3"), "done"))[2:]
    assert shown == [
        "    22.2 % of the words, most of them in",
        "    line 11, repeats a passage of the text: Nobody puts that on a postcard, and nobody ever will.",
        "    line 5, image caption: The stairs at dawn",
        "    line 9, only a link: https://example.org",
    ]


def test_the_cast_is_told_where_it_was_not_told_before():
    lines = list(summary(replace(EPISODE, skipped=()), Path("talk.mp3"), "unchanged", with_cast=True))
    assert lines == ["talk.mp3  1:02:03  1 chapter  6.7 MB  (unchanged)", "  Ada (guest): en tone:male-1"]


def test_many_takes_are_counted():
    take = RecordedLine(4, 7, "Ada", 65_000, 66_000, SPEECH, "Well.", take=2, takes=3, rate=1.03)
    lines = (*[take] * 10, replace(take, take=1))
    shown = list(summary(replace(EPISODE, skipped=(), lines=lines), Path("talk.mp3"), "done"))[1:]
    assert shown == [
        *["  take 2 of 3: line 7, Ada, at 1:05, at rate 1.03: Well."] * 8,
        "  and 2 more lines in another take than the first",
    ]
