"""``verify``: what it prints; what it finds is tested beside the code that finds it."""

import json
import re
import shutil
from typing import ClassVar

import av
import numpy as np
import pytest

ANSWER = "I look at the sea, and the sea looks at me, every day of the year. " * 4
INTERVIEW = f"""\
The keeper of the light

Ada Brook has kept the light for 31 years, alone but for the geese. She told us how, one evening in May.

Q: Ada, what is the first thing you do in the morning?

Ada: {ANSWER}

Q: Do you ever sleep?

Ada: {ANSWER}
"""


@pytest.fixture(scope="session")
def _rendered_once(tmp_path_factory):
    return tmp_path_factory.mktemp("verified")


@pytest.fixture
def folder(run, _rendered_once, tmp_path):
    """A copy of an episode that each process of the suite renders once."""
    if not (_rendered_once / "out").exists():
        interview = _rendered_once / "talk.en.txt"
        interview.write_text(INTERVIEW, "utf-8")
        settings = _rendered_once / "settings.yaml"
        settings.write_text("chapters: {min_seconds: 0}\n", "utf-8")
        where = ("-o", _rendered_once / "out", "--store", _rendered_once / "store")
        assert run("render", interview, "--engine", "tone", "--voices", settings, *where).code == 0
    return shutil.copytree(_rendered_once / "out", tmp_path / "out")


def test_an_episode_that_is_right(run, folder, monkeypatch):
    monkeypatch.setattr("interview_audio.cli.commands.verify.terminal_width", lambda: 76)
    outcome = run("verify", folder)
    assert (outcome.code, outcome.err) == (0, "")
    # How long the tones are and where captions break is not this command's.
    shown = re.sub(r"-?[\d.]+(?= LUFS| dBTP| kB| captions)|\d+:\d\d(\.\d{3})?", "N", outcome.out)
    assert shown.splitlines() == [
        str(folder / "talk.en.mp3"),
        "  title      The keeper of the light",
        "  artist     Ada Brook",
        "  language   eng",
        "  length     N",
        "  format     mp3, 44100 Hz mono, 96 kbit/s constant",
        "  loudness   N LUFS as dual mono",
        "  true peak  N dBTP",
        "  cover      600 x 600 JPEG, N kB",
        "",
        "Chapters: 3",
        "  N  The keeper of the light",
        "  N  Ada, what is the first thing you do in the morning?",
        "  N  Do you ever sleep?",
        "",
        "Files beside it",
        "  talk.en.chapters.json    3 chapters",
        "  talk.en.psc.xml          3 chapters",
        "  talk.en.md               3 chapters",
        "  talk.en.vtt              N captions, 3 speakers",
        "  talk.en.srt              N captions, 3 speakers",
        "  talk.en.transcript.json  N captions, 3 speakers",
        "",
        "What players show",
        "  Apple Podcasts                  3 chapters, transcript with speakers (.vtt",
        "                                  in the feed), cover from the feed",
        "  Overcast, Castro, Pocket Casts  3 chapters, cover",
        "  AntennaPod                      3 chapters, transcript (.transcript.json",
        "                                  in the feed), cover",
        "  Spotify, YouTube                3 chapters (from talk.en.md in the",
        "                                  description)",
        "  VLC 3                           no chapters for MP3, cover",
        "  cars, plain MP3 players         title, artist, cover, no chapters",
        "",
        "No problems found.",
    ]


def test_problems_have_a_line_each_and_fail(run, folder):
    (folder / "talk.en.vtt").unlink()
    (folder / "talk.en.srt").unlink()
    outcome = run("verify", folder / "talk.en.mp3")
    assert outcome.code == 1
    assert outcome.err == f"Error: {folder / 'talk.en.mp3'}: 2 problems\n"
    assert outcome.out.splitlines()[-3:] == [
        "Problems: 2",
        "  talk.en.vtt: it is missing; render the episode again",
        "  talk.en.srt: it is missing; render the episode again",
    ]


def test_one_that_cannot_be_read_does_not_stop_the_others(run, folder):
    (folder / "damaged.mp3").write_bytes(b"no sound")
    outcome = run("verify", folder)
    assert (outcome.code, outcome.err) == (1, "Error: 2 episodes: 1 problem\n")
    assert outcome.out.startswith(f"{folder / 'damaged.mp3'}\n\nProblems: 1\n  damaged.mp3: it cannot be read (")
    assert outcome.out.endswith("No problems found.\n")


def test_everything_as_json(run, folder):
    (folder / "talk.en.md").unlink()
    outcome = run("verify", folder, "--json")
    (report,) = json.loads(outcome.out)
    assert outcome.code == 1
    assert report.pop("problems") == [
        {"where": "talk.en.md", "what": "it is missing", "remedy": "render the episode again"}
    ]
    assert report.pop("players")["VLC 3"] == "no chapters for MP3, cover"
    assert report.pop("loudness") == pytest.approx(-16, abs=1)
    assert report.pop("true_peak") < -1
    assert 10_000 < report.pop("cover_bytes") < 200_000
    listed = json.loads((folder / "talk.en.chapters.json").read_text("utf-8"))["chapters"]
    assert report.pop("chapters") == [
        {"title": chapter["title"], "start": chapter["startTime"], "end": chapter["endTime"]} for chapter in listed
    ]
    assert report.pop("duration") == listed[-1]["endTime"]
    assert report.pop("tags")["title"] == "The keeper of the light"
    cues = (folder / "talk.en.vtt").read_text("utf-8").count(" --> ")
    assert report.pop("captions") == {".vtt": cues, ".srt": cues, ".transcript.json": cues}
    assert report == {
        "path": str(folder / "talk.en.mp3"),
        "format": "mp3",
        "codec": "mp3",
        "sample_rate": 44100,
        "channels": 1,
        "bitrate": 96000,
        "constant_bitrate": True,
    }


def test_a_sound_file_of_another_maker(run, tmp_path):
    path = tmp_path / "tone.mp3"
    tone = np.sin(np.arange(44100 * 3) * 0.14).astype(np.float32)[np.newaxis] * 0.17
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libmp3lame", rate=44100, layout="stereo")
        stream.bit_rate = 128000
        frame = av.AudioFrame.from_ndarray(np.concatenate([tone, tone]), format="fltp", layout="stereo")
        frame.sample_rate = 44100
        container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    outcome = run("verify", path)
    assert (outcome.code, outcome.err) == (0, "")
    assert "  format     mp3, 44100 Hz stereo, 128 kbit/s constant\n" in outcome.out
    assert "  cover      none\n" in outcome.out
    assert "\nChapters" not in outcome.out


def test_a_folder_without_sound_is_wrong_usage(run, tmp_path):
    outcome = run("verify", tmp_path)
    assert (outcome.code, outcome.out) == (2, "")
    assert outcome.err == f"Error: {tmp_path} contains no audio file (.mp3, .m4b, .m4a, .opus, .flac)\n"
    assert run("verify", tmp_path / "none.mp3").code == 2


@pytest.fixture
def ear(monkeypatch):
    """Plant an ear that hears what it is given, whatever model is asked for."""
    from interview_audio.verification import whisper

    class Planted:
        name = "Whisper base"
        heard: ClassVar[list[str]] = []

        def __init__(self, model, *, is_offline, notify):
            notify(f"Asked for {model}{', offline' if is_offline else ''}")

        def hear(self, samples, language):
            return self.heard.pop(0)

    monkeypatch.setattr(whisper, "Whisper", Planted)
    return Planted


def recorded_texts(folder):
    return [line["text"] for line in json.loads((folder / "talk.en.episode.json").read_text("utf-8"))["lines"]]


def test_listening_tells_a_misheard_word_from_a_lost_sentence(run, folder, ear, monkeypatch):
    monkeypatch.setattr("interview_audio.cli.commands.verify.terminal_width", lambda: 76)
    texts = recorded_texts(folder)
    ear.heard[:] = [text.replace("geese", "cheese") for text in texts]
    outcome = run("verify", folder, "--listen", "--offline")
    assert (outcome.code, outcome.err) == (0, "Asked for None, offline\nListening to talk.en.mp3\n")
    shown = outcome.out.splitlines()
    at = shown.index("Heard by Whisper base: errors")
    assert [row.split()[0] for row in shown[at + 1 : at + 5]] == ["narrator", "Q", "Ada", "everybody"]
    at = shown.index("Words heard otherwise: 1")
    assert [row.split()[-2:] for row in shown[at + 1 : at + 3]] == [["written", "heard"], ["geese", "cheese"]]

    last = len(texts) - 1
    ear.heard[:] = [*texts[:last], "", ""]
    outcome = run("verify", folder, "--listen-model", "small")
    assert outcome.code == 1
    assert outcome.err.startswith("Asked for small\n")
    assert "\nLines heard otherwise: 1\n" in outcome.out
    assert "\n    heard    (nothing)\n" in outcome.out
    assert "is lost: nothing was heard; listen" in " ".join(outcome.out.split())


def test_what_was_heard_as_json(run, folder, ear):
    texts = recorded_texts(folder)
    ear.heard[:] = [text.replace("geese", "cheese") for text in texts]
    (report,) = json.loads(run("verify", folder, "--listen", "--json").out)
    heard = report["listening"]
    assert (heard["ear"], heard["threshold"]) == ("Whisper base", 0.2)
    assert heard["rates"][-1] == {
        "speaker": None,
        "language": "en",
        "lines": len(texts),
        "unit": "word",
        "count": sum(line["count"] for line in heard["lines"]),
        "errors": 1,
        "rate": pytest.approx(heard["rates"][-1]["errors"] / heard["rates"][-1]["count"], abs=1e-4),
    }
    (line,) = [line for line in heard["lines"] if line["errors"]]
    assert line["misheard"] == [{"text": "geese", "heard": "cheese"}]
    assert line["lost"] == []
    assert line["speaker"] == "narrator"
    assert line["heard"] == line["text"].replace("geese", "cheese")
    assert line["end"] > line["start"] > 0
    assert [one["text"] for one in heard["lines"]] == texts
