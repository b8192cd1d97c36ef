"""What is said at the end."""

from pathlib import Path

from interview_audio.cli.summary import summary

EPISODE = {
    "duration": 3723.4,
    "chapters": [{}],
    "files": [{"name": "talk.vtt", "bytes": 1}, {"name": "talk.mp3", "bytes": 6_700_000}],
    "cast": [{"speaker": "Ada", "role": "guest", "voices": {"en": {"voice": "tone:male-1", "rate": 1.0}}}],
    "skipped": [
        *({"kind": "quote", "reason": "repeats", "line": line} for line in range(1, 11)),
        {"kind": "speech", "reason": "no words to speak", "line": 12},
    ],
}
NOT_READ = (
    "  not read: quote (lines 1, 2, 3, 4, 5, 6, 7, 8 and 2 more), speech, no words to speak (line 12); `check` says why"
)


def test_what_and_where_and_how_long():
    assert list(summary(EPISODE, Path("talk.mp3"), "done")) == [
        "talk.mp3  1:02:03  1 chapter  6.7 MB  (done)",
        NOT_READ,
    ]


def test_the_cast_is_told_where_it_was_not_told_before():
    lines = list(summary(EPISODE | {"skipped": []}, Path("talk.mp3"), "unchanged", with_cast=True))
    assert lines == ["talk.mp3  1:02:03  1 chapter  6.7 MB  (unchanged)", "  Ada (guest): en tone:male-1"]


def test_many_takes_are_counted():
    take = {"take": 2, "takes": 3, "line": 7, "speaker": "Ada", "start": 65_000, "rate": 1.03, "text": "Well."}
    lines = [take] * 10 + [take | {"take": 1}]
    shown = list(summary(EPISODE | {"skipped": [], "lines": lines}, Path("talk.mp3"), "done"))[1:]
    assert shown == [
        *["  take 2 of 3: line 7, Ada, at 1:05, at rate 1.03: Well."] * 8,
        "  and 2 more lines in another take than the first",
    ]
