"""Where a user's files are, and where they go without a home."""

import os
import shutil
import stat
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from interview_audio.errors import StoreError
from interview_audio.files import app_folders

POSIX = pytest.mark.skipif(os.name == "nt", reason="homes and their rights are found in another way there")


@pytest.fixture
def temporary(tmp_path, monkeypatch):
    """The temporary folder, for a user whose home is a file."""
    folder = tmp_path / "temporary"
    folder.mkdir()
    (tmp_path / "home").write_text("not a folder")
    monkeypatch.setattr("tempfile.tempdir", str(folder))
    monkeypatch.delenv("XDG_CACHE_HOME", raising=False)
    monkeypatch.delenv("XDG_DATA_HOME", raising=False)
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    return folder


def test_a_cache_folder_that_can_be_written_is_used_and_not_made(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "deep" / "cache"))
    assert app_folders.cache_folder() == tmp_path / "deep" / "cache" / "interview-audio"
    assert not (tmp_path / "deep").exists()
    assert app_folders.fallback_notice() is None
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "deep" / "data"))
    assert app_folders.secrets_notice() is None


@POSIX
def test_without_a_home_clips_go_to_a_folder_of_the_user_alone(temporary):
    folder = app_folders.cache_folder()
    assert folder == temporary / f"interview-audio-{os.getuid()}"
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert app_folders.cache_folder() == folder
    assert app_folders.fallback_notice().endswith(
        f"; clips are kept in {folder} (choose another folder with --store DIR)"
    )
    assert app_folders.secrets_notice().endswith(
        f"; the secret part of the address is kept in {folder}, and with it lost: set XDG_DATA_HOME"
    )


@POSIX
def test_a_folder_that_others_may_enter_a_link_or_a_file_is_not_taken_for_it(temporary):
    open_to_all, link, dangling, file, pipe = (
        temporary / f"interview-audio-{os.getuid()}{more}" for more in ("", "-2", "-3", "-4", "-5")
    )
    open_to_all.mkdir()
    open_to_all.chmod(0o777)
    (temporary / "private").mkdir(mode=0o700)
    link.symlink_to(temporary / "private")
    dangling.symlink_to(temporary / "missing")
    file.write_text("not a folder")
    os.mkfifo(pipe)
    assert app_folders.cache_folder() == temporary / f"interview-audio-{os.getuid()}-6"
    assert not (temporary / "missing").exists()


@POSIX
def test_without_any_place_the_error_says_what_to_do(temporary, monkeypatch):
    monkeypatch.setattr("tempfile.tempdir", str(temporary / "missing"))
    with pytest.raises(StoreError, match=r"no folder for clips can be created .* choose one with --store DIR"):
        app_folders.cache_folder()


@POSIX
def test_settings_below_no_home_are_none(monkeypatch):
    def nowhere(*_, **__):
        raise RuntimeError

    monkeypatch.setattr("platformdirs.user_config_path", nowhere)
    assert app_folders.settings_folder() is None


# A process that has loaded all it needs becomes a user of whom the system knows only the number.
NOBODY = """
import os, sys
from interview_audio import cli

def run(*words):
    sys.argv = ["interview-audio", *words]
    try:
        cli.main()
    except SystemExit as stop:
        return stop.code

render = ("render", "talk.en.txt", "--engine", "tone", "-o")
assert run(*render, "root", "--store", "clips") == 0
os.mkdir("own")
os.chown("own", 54321, 54321)
os.mkdir("locked", 0o700)
open("locked.yaml", "w").close()
os.chmod("locked.yaml", 0)
os.setgroups([])
os.setgid(54321)
os.setuid(54321)
for name in ("HOME", "XDG_CACHE_HOME", "XDG_CONFIG_HOME"):
    os.environ.pop(name, None)
print("---", file=sys.stderr, flush=True)
code = run(*render, "own/first")
os.environ["HOME"] = os.path.abspath("locked")
print(code, run(*render, "own/second"), run("check", "talk.en.txt", "--voices", "locked.yaml"), run(*render, "locked/out"))
"""


@pytest.mark.slow
@pytest.mark.skipif(not hasattr(os, "getuid") or os.getuid() != 0, reason="only root can become another user")
def test_a_user_whom_the_system_does_not_know_gets_an_episode(interview):
    with tempfile.TemporaryDirectory() as name:  # which others may enter, unlike those of a test
        folder = Path(name)
        folder.chmod(0o711)
        shutil.copy(interview, folder)
        temporary = folder / "temporary"
        temporary.mkdir()
        temporary.chmod(0o1777)
        words = [sys.executable, "-c", NOBODY]
        environment = {**os.environ, "TMPDIR": str(temporary)}
        result = subprocess.run(words, cwd=folder, env=environment, capture_output=True, text=True, check=False)
        said = result.stderr.partition("---\n")[2]
        assert "Traceback" not in said
        assert result.stdout.splitlines()[-1] == "0 0 2 1"
        kept = f"clips are kept in {temporary}/interview-audio-54321 (choose another folder with --store DIR)"
        assert [line for line in said.splitlines() if "kept" in line] == [
            f"This user has no home folder; {kept}",
            f"Cannot write to {folder}/locked/.cache/interview-audio; {kept}",
        ]
