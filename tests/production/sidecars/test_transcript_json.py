import json

import pytest

from interview_audio.production.sidecars.captions import Cue, format_transcript_json
from interview_audio.production.timeline import Timeline
from interview_audio.verification.sidecar_reading import Caption, SidecarError, parse_transcript_json

TIMELINE = Timeline(44100, (), (), 441_000)
CUES = (Cue("旁白", "他说：“不，\\”然后走了。", 6, 0, 22073), Cue("Ada", "Hello, world.", 7, 22073, 441_000))


def transcript(segments, version="1.0.0"):
    return json.dumps({"version": version, "segments": segments})


def test_segments_are_what_podcasting_2_0_asks():
    assert json.loads(format_transcript_json(CUES, TIMELINE)) == {
        "version": "1.0.0",
        "segments": [
            {"speaker": "旁白", "startTime": 0, "endTime": 0.501, "body": "他说：“不，\\”然后走了。"},
            {"speaker": "Ada", "startTime": 0.501, "endTime": 10, "body": "Hello, world."},
        ],
    }


def test_a_segment_is_a_line_of_the_file():
    assert format_transcript_json(CUES, TIMELINE).splitlines()[2] == (
        '{"speaker": "Ada", "startTime": 0.501, "endTime": 10, "body": "Hello, world."}'
    )


def test_it_is_read_back():
    assert parse_transcript_json(format_transcript_json(CUES, TIMELINE)) == (
        Caption("旁白", "他说：“不，\\”然后走了。", 0, 501),
        Caption("Ada", "Hello, world.", 501, 10_000),
    )
    assert parse_transcript_json(format_transcript_json((), TIMELINE)) == ()


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{\n", "line 2: not JSON (Expecting property name enclosed in double quotes)"),
        ("[]", '"version" is not "1.0.0"'),
        (transcript([], version="1.1"), '"version" is not "1.0.0"'),
        (transcript({}), '"segments" is not a list of objects'),
        (transcript([{"startTime": 0, "endTime": 1, "body": " "}]), 'segment 1 has no "body"'),
        (transcript([{"startTime": "0", "endTime": 1, "body": "a"}]), 'segment 1 has no "startTime" in seconds'),
        (transcript([{"startTime": 0, "endTime": 1e999, "body": "a"}]), "Infinity is not JSON"),
        (transcript([{"startTime": 1, "endTime": 1, "body": "a"}]), "segment 1 goes back in time"),
    ],
)
def test_a_broken_file_is_refused(text, message):
    with pytest.raises(SidecarError) as caught:
        parse_transcript_json(text)
    assert str(caught.value) == message
