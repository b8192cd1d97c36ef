"""Plays sound by whatever the system has for it, so that nothing needs to be installed for it."""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from interview_audio.cli.terminal import print_line

if TYPE_CHECKING:  # a render whose episode is up to date needs no arrays
    import numpy as np
    from numpy.typing import NDArray

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
_MP3_ALONE = ("mpg123",)
WAV_PLAYERS = (
    *(player for player in PLAYERS if player[0] not in _MP3_ALONE),
    ("aplay", "-q"),
    ("powershell", "-NoProfile", "-Command", "& {(New-Object Media.SoundPlayer $args[0]).PlaySync()}"),
)


def play_file(path: Path) -> bool:
    """Play an episode or a preview and wait for its end; where nothing can, or it fails, a line says so.

    Returns:
        Whether it was played.
    """
    if sys.platform == "win32":
        os.startfile(path)  # noqa: S606 - there is no command for it
        return True
    return _play(path, PLAYERS)


def play_samples(samples: "NDArray[np.int16]", sample_rate: int) -> bool:
    """Play mono sound from a temporary file, which stays where nothing could play it, and is named.

    Returns:
        Whether it was played.
    """
    from interview_audio.files.sound_files import wav_of  # a render that plays nothing loads no decoder

    handle, name = tempfile.mkstemp(prefix="interview-audio-", suffix=".wav")
    with os.fdopen(handle, "wb") as file:
        file.write(wav_of(samples, sample_rate))
    is_played = _play(Path(name), WAV_PLAYERS)
    if is_played:
        Path(name).unlink(missing_ok=True)
    return is_played


def _play(path: Path, players: Sequence[Sequence[str]]) -> bool:
    for program, *words in players:
        if found := shutil.which(program):
            played = subprocess.run([found, *words, str(path.absolute())], stdin=subprocess.DEVNULL, check=False)  # noqa: S603
            if played.returncode:
                print_line(
                    f"{program} could not play it (exit code {played.returncode}); open {path} yourself", err=True
                )
            return played.returncode == 0
    names = ", ".join(program for program, *_ in players)
    print_line(f"no player found (looked for {names}); open {path} yourself", err=True)
    return False
