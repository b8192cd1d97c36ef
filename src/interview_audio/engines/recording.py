"""The engine of recorded turns: its voices are files, and what it says is what is heard in them.

No user chooses it: a turn of a script file that names its recording is given to it.
"""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import av
import numpy as np
from numpy.typing import NDArray

from interview_audio.engines.durations import audible_range, estimate_words
from interview_audio.engines.protocol import Speech, Utterance, VoiceInfo
from interview_audio.engines.registry import RECORDINGS
from interview_audio.engines.utterance_pieces import merge_words, prepare_text
from interview_audio.errors import SpeechError
from interview_audio.files.input_files import named_file
from interview_audio.files.sound_files import SoundFileError, mono_samples, open_sound

_HIGHEST_RATE = 48000
"""Hz; nothing that is heard of a voice lies above what this holds."""
_KEPT_SECONDS = 0.3
"""Silence kept before the first and after the last sound: a voice begins and dies away below what counts as sound."""
_SILENT = 100
"""No sample beyond this: -50 dBFS, below which a sound counts as silence anywhere."""
_MOST_SECONDS = 1800
"""Of one turn: all of it is in memory at once, and nobody speaks longer without being asked anything."""
_EXACT = frozenset(("wav", "w64", "aiff", "flac"))
"""Formats in which a place that is sought is the one that is found; the others are decoded from their beginning."""


class RecordingEngine:
    """Says what is recorded.

    Args:
        settings: ``folder``, which the names of files are relative to.
    """

    name = RECORDINGS
    local = True
    heavy = False
    identity = ""
    """Of no account: what a recording is made of is the identity of its voice."""

    def __init__(self, settings: Mapping[str, Any]) -> None:
        self._folder = Path(settings["folder"])

    def voices(self) -> Sequence[VoiceInfo]:
        """Return none: there are as many as there are files."""
        return ()

    def check(self, voice: str, language: str) -> None:
        """Accept it: who speaks in a file has a voice, and knows the language."""

    def speak(self, utterance: Utterance) -> Speech:
        """Return what is heard in a file, less the silence around it; its words are spread over the sound.

        Args:
            utterance: Its voice is a file, or a part of one: ``talk.wav#t=12.5,30`` (W3C, Media Fragments URI 1.0).

        Raises:
            SpeechError: The file cannot be decoded, or is silent.
        """
        file, start, end = parse_fragment(utterance.voice)
        try:
            samples, rate = _read(self._folder / named_file(file), start, end)
        except SoundFileError as error:
            raise SpeechError(str(error)) from error
        if len(samples) > _MOST_SECONDS * rate:
            raise SpeechError(
                f"{utterance.voice} lasts longer than {_MOST_SECONDS // 60} minutes; make several turns of it, "
                "each with its start: and end:"
            )
        if max(int(samples.max(initial=0)), -int(samples.min(initial=0))) <= _SILENT:
            raise SpeechError(f"nothing is heard in {utterance.voice}; choose another file or another part of it")
        first, last = audible_range(samples, rate)
        begin = max(0, round((first - _KEPT_SECONDS) * rate))
        kept = samples[begin : round((last + _KEPT_SECONDS) * rate)]
        text = prepare_text(utterance.text, {})
        heard = first - begin / rate, last - begin / rate
        words = estimate_words(text, (0, len(text.sent)), heard)
        return Speech(kept, rate, merge_words(words), made_by=f"{RECORDINGS} {av.__version__}")


def fragment(file: str, start: float, end: float | None) -> str:
    """Return the voice that a part of a file is, in seconds."""
    if not start and end is None and "#t=" not in file:
        return file
    return f"{file}#t={_seconds(start)}," + ("" if end is None else _seconds(end))


def _seconds(number: float) -> str:
    """Write seconds to the millionth, without noughts at the end."""
    return f"{number:.6f}".rstrip("0").rstrip(".")


def parse_fragment(voice: str) -> tuple[str, float, float | None]:
    """Return the file, and where the part of it begins and ends."""
    file, mark, span = voice.rpartition("#t=")
    if not mark:
        return voice, 0.0, None
    start, _, end = span.partition(",")
    return file, float(start), float(end) if end else None


def _read(path: Path, start: float, end: float | None) -> tuple[NDArray[np.int16], int]:
    """Decode a part of a file, folded to mono, at its own rate if that is not higher than any voice needs."""
    with open_sound(path) as container:
        rate = min(container.streams.audio[0].rate, _HIGHEST_RATE)
        position = _seek(container, start)
        first = round((start - position) * rate)
        last = None if end is None else round((end - position) * rate)
        most = first + _MOST_SECONDS * rate + 1  # whoever sees the one sample too many refuses it
        parts = list(_between(mono_samples(container, rate, "s16"), first, most if last is None else min(last, most)))
    return np.concatenate([np.zeros(0, np.int16), *parts]), rate


def _seek(container: av.container.InputContainer, start: float) -> float:
    """Go to a second at most a little before the one that is wanted, and return it."""
    whole = float(int(start))
    if not whole or not _EXACT.intersection(container.format.name.split(",")):
        return 0.0
    container.seek(int(whole) * 1_000_000)
    frame = next(container.decode(audio=0), None)
    found = frame.time if frame is not None and frame.time is not None else 0.0
    container.seek(int(whole) * 1_000_000)
    return float(found)


def _between(parts: Iterator[NDArray[np.int16]], first: int, last: int) -> Iterator[NDArray[np.int16]]:
    """Yield what is between two samples; of blocks before it nothing is kept, and none behind it is decoded."""
    position = 0
    for part in parts:
        if position + len(part) > first:
            yield part[max(0, first - position) : last - position]
        position += len(part)
        if position >= last:
            return
