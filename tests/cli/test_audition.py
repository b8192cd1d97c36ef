"""``voices audition``: voices say the same words, equally loud, and what was heard before is there at once."""

import sys
import wave

import numpy as np
import pytest

from interview_audio.cli import playback

TALK = """Q: Where did it begin, on the hill or by the sea?
Ida Holm: On the hill, on a cold day.
Q: And then?
Ida Holm: Then it snowed for a week.
"""


@pytest.fixture
def here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "talk.en.txt").write_text(TALK, "utf-8")
    return tmp_path


def audition(run, *words):
    return run("voices", "audition", *words, "--engine", "tone", "--store", "clips")


def samples(path):
    with wave.open(str(path)) as sound:
        assert (sound.getnchannels(), sound.getsampwidth()) == (1, 2)
        return np.frombuffer(sound.readframes(sound.getnframes()), "<i2").astype(float)


def test_voices_say_the_same_words_equally_loud(run, here):
    outcome = audition(run, "female-1", "male-2", "-o", "heard")
    assert outcome.code == 0
    assert [line.split()[0] for line in outcome.out.splitlines()] == ["tone:female-1", "tone:male-2"]
    one, other = (samples(here / "heard" / f"{name}.wav") for name in ("female-1", "male-2"))
    assert abs(20 * np.log10(np.sqrt((one**2).mean() / (other**2).mean()))) < 1.5


def test_the_second_time_nothing_is_spoken(run, here):
    audition(run, "female-1", "-o", "heard")
    made = {path: path.stat().st_ino for path in (here / "clips").rglob("*.flac")}
    assert audition(run, "female-1", "-o", "heard").err == ""
    assert {path: path.stat().st_ino for path in (here / "clips").rglob("*.flac")} == made


def test_a_speaker_s_first_lines_in_the_voices_that_would_suit(run, here):
    outcome = audition(run, "--from", "talk.en.txt", "--speaker", "ida", "-o", "heard")
    assert outcome.code == 0
    assert {line.split()[0] for line in outcome.out.splitlines()} == {f"tone:female-{n}" for n in (1, 2, 3, 4)}
    (here / "voices.yaml").write_text("speakers: {Ida Holm: {rate: 0.5}}\n", "utf-8")
    slow = audition(run, "female-1", "--from", "talk.en.txt", "--speaker", "Ida Holm", "-o", "slow")
    assert float(slow.out.split()[1]) > 1.6 * float(outcome.out.split()[1])


def test_a_name_is_said_first(run, here):
    short, long = (
        audition(run, "female-1", "--text", "Yes.", *more, "-o", "out", "--force") for more in ((), ["--say-names"])
    )
    assert float(long.out.split()[1]) > float(short.out.split()[1]) + 0.5


def test_they_are_played_one_after_the_other(run, here, monkeypatch):
    note = "import os, sys; print(os.path.getsize(sys.argv[1]), file=open('played', 'a'))"
    monkeypatch.setattr(playback, "WAV_PLAYERS", ((sys.executable, "-c", note),))
    assert audition(run, "female-1", "male-1", "--text", "Yes.").code == 0
    assert len((here / "played").read_text().splitlines()) == 2


def test_a_file_of_another_sound_is_not_replaced(run, here):
    audition(run, "female-1", "--text", "Yes.", "-o", "heard")
    refused = audition(run, "female-1", "--text", "No, never.", "-o", "heard")
    assert (refused.code, refused.err.splitlines()[-1]) == (
        1,
        "Error: heard/female-1.wav exists and is not replaced; choose another place with -o, or use --force",
    )
    assert audition(run, "female-1", "--text", "No, never.", "-o", "heard", "--force").code == 0


@pytest.mark.parametrize(
    ("words", "code", "message"),
    [
        (["nobody", "--language", "xx"], 2, "'xx' is not a language"),
        (["female-1", "--text", "..."], 2, "--text has no letter or digit; write what is to be said"),
        (["--from", "talk.en.txt"], 2, "--from SOURCE and --speaker NAME go together"),
        (["--text", "Yes", "--from", "talk.en.txt"], 2, "--text and --from both say what is heard; leave one out"),
        (["edge:en-US-AvaNeural"], 2, "edge:en-US-AvaNeural is not a voice of tone; hear one engine at a time"),
        (
            ["--from", "talk.en.txt", "--speaker", "Ida Hulm"],
            1,
            "nobody is called 'Ida Hulm'; did you mean 'Ida Holm'?",
        ),
        (["female-1", "--language", "nl"], 2, "there is no sentence of ours in nl; say what is heard with --text TEXT"),
    ],
)
def test_what_cannot_be_heard(run, here, words, code, message):
    outcome = audition(run, *words)
    assert (outcome.code, outcome.err.count("\n")) == (code, 1)
    assert message in outcome.err
