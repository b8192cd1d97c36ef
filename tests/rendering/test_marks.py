"""Marks from the text of an interview to the engine: said as asked, never in a text that people see."""

import json

import pytest

from interview_audio.engines.protocol import Stretch
from interview_audio.engines.registry import load_engine
from interview_audio.rendering.job import prepare
from interview_audio.rendering.options import RenderOptions
from interview_audio.rendering.render import render
from interview_audio.rendering.settings_checks import fit_marks
from interview_audio.script.script_file import script_as_dict, transcript_from_dict

TALK = """# The light

Q: Well, [pause 1.5] who is Ms Nguyen{say: win}?

A: [slow]A [stress]very[/stress] patient keeper.[/slow] It was <break time="2s"/> *really* quiet with her, and <prosody pitch="+2st">higher</prosody> up even more so.

[pause 3]

Q: And <phoneme alphabet="ipa" ph="ðɛn">then</phoneme>?

A: [slow]Nothing.[/slow]
"""


@pytest.fixture
def talk(tmp_path):
    path = tmp_path / "talk.md"
    path.write_text(TALK, "utf-8")
    return path


def test_marks_reach_the_engine(talk):
    job = prepare(talk, RenderOptions(engine="kokoro"))
    lines = [line for line in job.script.lines if line.speaker != "narrator"]
    assert [line.text for line in lines[:4]] == [
        "Well,",
        "who is Ms Nguyen?",
        "A very patient keeper. It was",
        "really quiet with her, and higher up even more so.",
    ]
    assert lines[0].pause == 1.5
    assert lines[2].pause == 2
    assert lines[3].pause == 3
    said = [job.utterance for job in job.plan_synthesis(lines).jobs.values()]
    assert said[1].stretches == (Stretch(10, 16, say="win"),)
    assert said[1].said_here == ((10, 16, "win"),)
    assert said[2].stretches == (
        Stretch(0, 2, rate=0.8),
        Stretch(2, 6, rate=0.8, is_stressed=True),
        Stretch(6, 22, rate=0.8),
    )
    assert said[3].stretches == (Stretch(0, 6, is_stressed=True), Stretch(27, 33, pitch=2.0))


def test_a_script_file_keeps_the_marks(talk):
    job = prepare(talk, RenderOptions(engine="tone"))
    written = json.loads(json.dumps(script_as_dict(job.transcript, job.cast, "tone")))
    assert "Nguyen]{say: win}" in json.dumps(written)
    assert transcript_from_dict(written).turns == job.transcript.turns
    assert job.transcript.receipt.unaccounted == 0


def test_an_engine_without_stretches_says_so_once_and_slows_whole_lines(talk):
    job = prepare(talk, RenderOptions(engine="tone"))
    last = job.script.lines[-1]
    assert (last.text, last.voice.rate, last.stretches) == ("Nothing.", 0.8, ())
    assert [stretch.say for line in job.script.lines for stretch in line.stretches] == ["win"]
    (ipa, plain) = job.warnings
    assert "line 9: '/ðɛn/' for 'then'" in ipa
    assert plain == (
        "tone cannot say a part of a line slower, faster, higher or lower; the marks in line 5 are passed over"
    )


def test_lines_without_marks_stay_as_they_are(interview):
    job = prepare(interview, RenderOptions(engine="tone"))
    assert fit_marks(job.script.lines, {"tone": load_engine("tone", {})}) == (job.script.lines, ())


def test_no_mark_is_in_a_file_of_the_episode(talk, tmp_path):
    render(talk, engine="tone", output=tmp_path / "out", store=tmp_path / "store")
    texts = (".vtt", ".srt", ".md", ".html", ".txt")
    shown = [path.read_text("utf-8") for path in (tmp_path / "out").iterdir() if path.suffix in texts]
    assert len(shown) > 1
    assert any("Ms Nguyen" in text for text in shown)
    for text in shown:
        assert not any(
            sign in text for sign in ("[pause", "[slow", "[stress", "{say:", "<break", "<prosody", "*really")
        )
