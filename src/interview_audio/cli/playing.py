"""Plays a file with what the system has."""

import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from interview_audio.cli.tables import say

PLAYERS: tuple[tuple[str, ...], ...] = (
    ("afplay",),
    ("mpv", "--no-video", "--really-quiet"),
    ("ffplay", "-nodisp", "-autoexit", "-loglevel", "error"),
    ("mpg123", "-q"),
    ("pw-play",),
    ("paplay",),
    ("cvlc", "--play-and-exit", "--quiet"),
)
"""Commands that play an MP3 to its end, the file being their last word. Not aplay: it knows no MP3 and plays noise."""


def play_file(path: Path, players: Sequence[Sequence[str]] | None = None) -> None:
    """Play a file and wait for its end; where nothing can, or it fails, a line says so.

    Args:
        path: The file.
        players: Commands instead of ``PLAYERS``; the first that is installed plays.
    """
    if players is None and sys.platform == "win32":
        os.startfile(path)  # noqa: S606 - there is no command for it
        return
    for program, *words in PLAYERS if players is None else players:
        if found := shutil.which(program):
            played = subprocess.run([found, *words, str(path.absolute())], stdin=subprocess.DEVNULL, check=False)  # noqa: S603
            if played.returncode:
                say(f"{program} could not play it (exit code {played.returncode}); open {path}", err=True)
            return
    say(f"there is no player here (looked for {_named(players or PLAYERS)}); open {path}", err=True)


def _named(players: Sequence[Sequence[str]]) -> str:
    return ", ".join(program for program, *_ in players)
