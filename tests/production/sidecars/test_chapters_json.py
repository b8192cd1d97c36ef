import json

import pytest

from interview_audio.production.sidecars.sidecar_files import format_chapters_json
from interview_audio.production.timeline import ChapterMark
from interview_audio.verification.sidecar_reading import SidecarError, parse_chapters_json

MARKS = (ChapterMark("开场", 0, 501), ChapterMark('"Why?"', 501, 10_000))


def chapters(items):
    return json.dumps({"version": "1.2.0", "chapters": items})


def test_chapters_are_what_podcasting_2_0_asks():
    assert json.loads(format_chapters_json(MARKS, "A talk", ("Ada Brook", "Ben"), "Talks")) == {
        "version": "1.2.0",
        "title": "A talk",
        "author": "Ada Brook, Ben",
        "podcastName": "Talks",
        "chapters": [
            {"startTime": 0, "endTime": 0.501, "title": "开场"},
            {"startTime": 0.501, "endTime": 10, "title": '"Why?"'},
        ],
    }


def test_what_is_not_known_is_left_out():
    assert json.loads(format_chapters_json((), "A talk")) == {"version": "1.2.0", "title": "A talk", "chapters": []}


def test_they_are_read_back():
    assert parse_chapters_json(format_chapters_json(MARKS, "A talk")) == MARKS
    assert parse_chapters_json(chapters([{"startTime": 1.5, "title": "a"}])) == (ChapterMark("a", 1500, None),)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (chapters([{"startTime": 0}]), 'chapter 1 has no "title"'),
        (chapters([{"startTime": -1, "title": "a"}]), 'chapter 1 has no "startTime" in seconds'),
        (chapters([{"startTime": 2, "endTime": 1, "title": "a"}]), "chapter 1 goes back in time"),
        (chapters([{"startTime": 2, "title": "a"}, {"startTime": 1, "title": "b"}]), "chapter 2 goes back in time"),
    ],
)
def test_a_broken_file_is_refused(text, message):
    with pytest.raises(SidecarError) as caught:
        parse_chapters_json(text)
    assert str(caught.value) == message
