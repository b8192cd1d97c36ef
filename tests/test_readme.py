"""What README tells people to type works."""

import re
import shlex
import shutil
from pathlib import Path

import pytest

from interview_audio import cli

ROOT = Path(__file__).resolve().parents[1]
README = (ROOT / "README.md").read_text("utf-8")
BLOCKS = [
    [line.partition("#")[0].strip() for line in block.splitlines()]
    for block in re.findall(r"```sh\n(.*?)```", README, re.DOTALL)
]
COMMANDS = [command for block in BLOCKS for command in block]


def test_each_make_target_exists():
    makefile = (ROOT / "Makefile").read_text("utf-8")
    targets = [word for command in COMMANDS if command.startswith("make ") for word in command.split()[1:2]]
    assert {"episode", "test"} <= set(targets)
    assert all(re.search(rf"^{target}:", makefile, re.MULTILINE) for target in targets)


@pytest.mark.parametrize(
    "block", [block for block in BLOCKS if any("interview-audio" in line for line in block)], ids=str
)
def test_each_command_runs(block, tmp_path, monkeypatch, capsys):
    shutil.copytree(ROOT / "examples", tmp_path / "examples")
    for command in block:
        words = shlex.split(command)[1:]
        words += ["--engine", "tone"] if words[0] == "render" else []
        monkeypatch.setattr("sys.argv", ["interview-audio", *words])
        with pytest.raises(SystemExit) as stop:
            cli.main()
        assert stop.value.code == 0, capsys.readouterr().err


def test_the_example_settings_of_readme_are_valid(tmp_path):
    from interview_audio.configuration.loading import read_values

    for block in re.findall(r"```yaml\n(.*?)```", README, re.DOTALL):
        assert read_values(block, "README.md")[0]


def test_links_lead_somewhere():
    targets = re.findall(r"\]\((?!https?:)([^)#]+)", README)
    assert targets
    assert [target for target in targets if not (ROOT / target).exists()] == []
