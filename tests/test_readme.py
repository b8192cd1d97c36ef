"""What README and CONTRIBUTING tell people to type works, and what they point at exists."""

import re
import shlex
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from interview_audio import cli
from interview_audio.configuration.settings import LIMITS

ROOT = Path(__file__).resolve().parents[1]
README = (ROOT / "README.md").read_text("utf-8")
PAGES = ("README.md", "CONTRIBUTING.md", "docs/architecture.md")
BLOCKS = [
    [line.partition("#")[0].strip() for line in block.splitlines()]
    for block in re.findall(r"```sh\n(.*?)```", README, re.DOTALL)
]
COMMANDS = [command for block in BLOCKS for command in block]


@pytest.mark.parametrize("page", ["README.md", "CONTRIBUTING.md"])
def test_each_make_target_exists(page):
    makefile = (ROOT / "Makefile").read_text("utf-8")
    targets = set(re.findall(r"^make (\w+)", (ROOT / page).read_text("utf-8"), re.MULTILINE))
    assert {"episode", "test"} <= targets
    assert all(re.search(rf"^{target}:", makefile, re.MULTILINE) for target in targets)


def test_help_names_every_target():
    makefile = (ROOT / "Makefile").read_text("utf-8")
    (targets,) = re.findall(r"^\.PHONY: (.+)", makefile, re.MULTILINE)
    assert set(targets.split()) - set(re.findall(r"\bmake ([\w-]+)", makefile.partition("\n\n")[0])) == set()


@pytest.mark.parametrize(
    "block", [block for block in BLOCKS if any("interview-audio" in line for line in block)], ids=str
)
def test_each_command_runs(block, tmp_path, monkeypatch, capsys):
    shutil.copytree(ROOT / "examples", tmp_path / "examples")
    monkeypatch.setitem(LIMITS, "mp3", replace(LIMITS["mp3"], sample_rate=16000, bitrate=16))  # what takes longest
    for command in block:
        words = shlex.split(command)[1:]
        words += ["--engine", "tone"] if words[0] in ("render", "batch") else []
        monkeypatch.setattr("sys.argv", ["interview-audio", *words])
        with pytest.raises(SystemExit) as stop:
            cli.main()
        assert stop.value.code == 0, capsys.readouterr().err


def test_the_example_settings_of_readme_are_valid(tmp_path):
    from interview_audio.configuration.loading import read_values

    for block in re.findall(r"```yaml\n(.*?)```", README, re.DOTALL):
        assert read_values(block, "README.md")[0]


@pytest.mark.parametrize("page", PAGES)
def test_links_lead_somewhere(page):
    path = ROOT / page
    targets = re.findall(r"\]\((?!https?:)([^)#]+)", path.read_text("utf-8"))
    assert targets
    assert [target for target in targets if not (path.parent / target).exists()] == []


@pytest.mark.parametrize("page", PAGES)
def test_files_that_are_named_exist(page):
    named = re.findall(r"`((?:src|tests|docs|tools|\.ci)/[\w./-]+)`", (ROOT / page).read_text("utf-8"))
    assert [name for name in named if not (ROOT / name).exists()] == []
