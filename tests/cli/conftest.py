"""The command line as a user runs it, in this process."""

import functools
from dataclasses import dataclass, replace

import pytest

from interview_audio import cli
from interview_audio.configuration.settings import LIMITS
from interview_audio.production.cover import artwork
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


make_cover = functools.cache(artwork.make_cover)


@pytest.fixture(autouse=True)
def _covers_drawn_once(monkeypatch):
    monkeypatch.setattr(render, "make_cover", make_cover)


@pytest.fixture
def small_episodes(monkeypatch):
    """MP3s of few samples where the settings name no rate; ``test_verify`` looks at those that users get."""
    monkeypatch.setitem(LIMITS, "mp3", replace(LIMITS["mp3"], sample_rate=16000, bitrate=16))
