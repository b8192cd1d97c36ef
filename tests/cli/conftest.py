"""The command line as a user runs it, in this process."""

import functools
import shutil
from dataclasses import dataclass, replace

import pytest

from interview_audio import cli
from interview_audio.configuration.settings import LIMITS
from interview_audio.production import cover
from interview_audio.rendering import render


@dataclass(frozen=True, slots=True)
class Outcome:
    code: int
    out: str
    err: str


@pytest.fixture
def run(capsys, monkeypatch):
    """Run `interview-audio` with these words."""

    def run_command(*words):
        monkeypatch.setattr("sys.argv", ["interview-audio", *map(str, words)])
        capsys.readouterr()
        with pytest.raises(SystemExit) as stop:
            cli.main()
        output = capsys.readouterr()
        return Outcome(stop.value.code, output.out, output.err)

    return run_command


make_cover = functools.cache(cover.make_cover)


@pytest.fixture(autouse=True)
def _covers_drawn_once(monkeypatch):
    monkeypatch.setattr(render, "make_cover", make_cover)


@pytest.fixture
def small_episodes(monkeypatch):
    """MP3s of few samples where the settings name no rate; ``test_verify`` looks at those that users get."""
    monkeypatch.setitem(LIMITS, "mp3", replace(LIMITS["mp3"], sample_rate=16000, bitrate=16))


@pytest.fixture(scope="session")
def first_render(tmp_path_factory):
    """A folder in which each process of the suite renders the interview once, for `rendered`."""
    return tmp_path_factory.mktemp("rendered")


@pytest.fixture
def rendered(run, interview, small_episodes, first_render, tmp_path):
    """The interview, an episode of tones of it in `out` and the clips in `clips`, as a render has left them there."""
    if not (first_render / "out").exists():
        assert run("render", interview, "--engine", "tone", "--store", "clips", "-o", "out").code == 0
        for name in ("clips", "out"):
            shutil.copytree(tmp_path / name, first_render / name)
    else:
        for name in ("clips", "out"):
            shutil.copytree(first_render / name, tmp_path / name)
    return interview
