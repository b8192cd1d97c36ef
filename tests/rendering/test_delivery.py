"""How loud, how fast and how long before the next: said of a speaker, of a turn or of a part of it."""

import json

import av
import numpy as np
import pytest

from interview_audio.engines.protocol import Stretch
from interview_audio.rendering.job import prepare
from interview_audio.rendering.options import RenderOptions
from interview_audio.rendering.render import render

SCRIPT = """
language: en
turns:
- {speaker: Q, text: "Why does the lamp in that tower turn all night long?"}
- {speaker: Ada, text: "Because a ship that is far out at sea must see it turn."}
- {speaker: Q, text: "And who pays for all of that oil in the winter months?"}
- {speaker: Ada, text: "Nobody has ever asked me that on a Sunday. TURN"}
"""
SETTINGS = "sound: {format: flac, sample_rate: 16000}\nchapters: {min_seconds: 0}\n"


@pytest.fixture
def talk(tmp_path):
    def written(script=SCRIPT, speakers=""):
        (tmp_path / "voices.yaml").write_text(f"{SETTINGS}speakers: {{{speakers}}}\n", "utf-8")
        path = tmp_path / "talk.script.yaml"
        path.write_text(script, "utf-8")
        return path

    return written


def levels_of(episode):
    """Return how loud each line of an episode is, in dB."""
    with av.open(str(episode.path)) as container:
        sound = np.concatenate([frame.to_ndarray()[0] for frame in container.decode(audio=0)]) / 2.0**15
    levels = []
    for line in json.loads(episode.record.format())["lines"]:
        samples = sound[line["start"] * 16 : line["end"] * 16]
        levels.append(20 * np.log10(np.sqrt(np.mean(samples**2))))
    return np.array(levels)


def test_a_volume_makes_nothing_anew_but_the_episode(talk, tmp_path):
    chosen = {"engine": "tone", "output": tmp_path / "out", "store": tmp_path / "clips"}
    plain = levels_of(render(talk(), **chosen))
    quieter = render(talk(speakers="Ada: {volume: -9}, Q: {volume: 3}"), **chosen)
    assert (quieter.is_new, quieter.lines_spoken) == (True, 0)
    change = levels_of(quieter) - plain
    assert change - change[1] == pytest.approx([12, 0, 12, 0], abs=0.2)
    marked = SCRIPT.replace('text: "Because', 'volume: -9, text: "Because').replace("TURN", "[volume -9]No.[/volume]")
    again = render(talk(marked), **chosen)
    assert (again.lines_spoken, len(again.record.lines)) == (1, 4)  # the text of the last line has changed
    change = levels_of(again) - plain
    assert change[:3] - change[0] == pytest.approx([0, -9, 0], abs=0.2)


def test_a_turn_is_said_with_every_engine_as_it_asks(talk):
    marked = SCRIPT.replace('text: "Because', 'rate: 0.9, pitch: 1, pause_after: 2, emphasis: true, text: "Because')
    path = talk(marked, "Ada: {rate: 1.1, pitch: -0.5, pause_after: 1.25}, Q: {pause_after: 0.75}")
    lines = prepare(path, RenderOptions(engine="kokoro")).script.lines
    assert [(line.voice.rate, line.voice.pitch, line.pause) for line in lines] == [
        (1.0, 0.0, 0.75),
        (0.99, 0.5, 2.0),
        (1.0, 0.0, 0.75),
        (1.1, -0.5, 1.2),
    ]
    assert [line.stretches for line in lines] == [(), (Stretch(0, 55, is_stressed=True),), (), ()]


def test_an_engine_that_cannot_change_a_pitch_says_so_once(talk):
    job = prepare(talk(SCRIPT.replace("text: ", "pitch: 1, text: ")), RenderOptions(engine="openai"))
    told = [warning for warning in job.warnings if "pitch" in warning]
    assert told == ["openai cannot change the pitch of a voice; that of turns 1, 2, 3, 4 is passed over"]
