"""``render --preview``: a piece to listen to, whose clips serve the whole, and which changes nothing."""

import sys

import av
import pytest

from interview_audio.cli import playback

TONE = ("--engine", "tone", "--store", "clips", "-o", "out")

pytestmark = pytest.mark.usefixtures("small_episodes")


def seconds_of(path):
    with av.open(str(path)) as container:
        return container.duration / 1e6


def content(folder):
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_a_preview_speaks_about_what_it_plays_and_its_clips_serve_the_whole(run, interview, tmp_path):
    outcome = run("render", interview, *TONE, "--preview", "5")
    assert outcome.code == 0
    assert outcome.out.startswith("out/talk.en.preview.mp3  0:09  2 lines, 2 newly spoken, ")
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == ["talk.en.preview.json", "talk.en.preview.mp3"]
    assert 5 <= seconds_of(tmp_path / "out" / "talk.en.preview.mp3") <= 10
    assert "5 to speak, 2 clips stored" in run("render", interview, *TONE).err


def test_the_episode_stays_as_it_is(run, interview, tmp_path):
    run("render", interview, *TONE)
    before = content(tmp_path / "out")
    outcome = run("render", interview, *TONE, "--preview", "3", "--from", "line:11", "--redo", "line:13")
    assert "2 lines, 1 newly spoken, " in outcome.out
    after = content(tmp_path / "out")
    assert after.pop("talk.en.preview.mp3")
    assert after.pop("talk.en.preview.json")
    assert after == before
    assert ", 0 to speak" in run("render", interview, *TONE, "--redo", "line:13").err


@pytest.mark.parametrize(
    ("start", "lines"), [("turn:6", 2), ("line:11", 2), ("speaker:Q", 5), ("@0:23", 2), ("@0:00", 7)]
)
def test_where_it_begins(run, interview, start, lines):
    run("render", interview, *TONE)
    out = run("render", interview, *TONE, "--preview", "99", "--from", start).out
    assert f"  {lines} lines, 0 newly spoken, " in out


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("--preview", "0"), "--preview"),
        (("--preview", "x"), "--preview"),
        (("--play",), "--from and --play need a preview"),
        (("--from", "line:1"), "--from and --play need a preview"),
        (("--preview", "5", "--from", "line:2"), "line:2: no turn that begins there is read aloud"),
        (("--preview", "5", "--from", "@0:05"), "a time needs a finished episode"),
    ],
)
def test_wrong_usage(run, interview, words, message):
    outcome = run("render", interview, *TONE, *words)
    assert (outcome.code, outcome.err.count("\n")) == (2, 1)
    assert message in outcome.err


def test_it_is_played_by_the_first_player_that_is_there(run, interview, tmp_path, monkeypatch):
    player = (sys.executable, "-c", "import sys, pathlib; pathlib.Path('heard').write_text(sys.argv[1])")
    monkeypatch.setattr(playback, "PLAYERS", (("no-such-player",), player))
    monkeypatch.setattr("sys.platform", "linux")
    assert run("render", interview, *TONE, "--preview", "3", "--play").code == 0
    assert (tmp_path / "heard").read_text() == str(tmp_path / "out" / "talk.en.preview.mp3")


@pytest.mark.parametrize(
    ("players", "message"),
    [
        (
            (("no-such-player", "-q"), ("nor-this",)),
            "no player found (looked for no-such-player, nor-this); open a.mp3 yourself\n",
        ),
        (((sys.executable, "-c", "raise SystemExit(3)"),), " could not play it (exit code 3); open a.mp3 yourself\n"),
    ],
)
def test_what_cannot_be_played_is_a_line(tmp_path, capsys, monkeypatch, players, message):
    (tmp_path / "a.mp3").write_bytes(b"")
    monkeypatch.setattr(playback, "PLAYERS", players)
    playback.play_file((tmp_path / "a.mp3").relative_to(tmp_path))
    assert capsys.readouterr().err.endswith(message)
