"""The command line as a user runs it, in this process."""

from dataclasses import dataclass

import pytest

from interview_audio import cli


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
