"""Starts workers for a render whose source has not been read yet: they load their engine while it is."""

import contextlib
from pathlib import Path

from interview_audio.configuration.loading import load_settings
from interview_audio.configuration.lookup import settings_files
from interview_audio.engines.engine import load_engine
from interview_audio.errors import InterviewAudioError
from interview_audio.freshness import read_episode
from interview_audio.input_files import SOURCE, read_file
from interview_audio.options import Options
from interview_audio.synthesis.workforce import Workforce

_HAN = range(0x4E00, 0xA000)


def anticipate(source: Path, options: Options, workforce: Workforce) -> None:
    """Guess engine and language, and start as many workers as a new episode needs, or one where there is an old one.

    A mistake in the settings is not told here: ``preparing`` tells it with its place.
    """
    with contextlib.suppress(InterviewAudioError, OSError):
        settings = load_settings(settings_files(source, options.voices))
        name = options.engine or settings.engine
        engine = load_engine(name, settings.engines.get(name, {}))
        is_new = read_episode(options.folder, options.stem(source)) is None
        workforce.expect(engine, settings.engines.get(name, {}), _languages(source), None if is_new else 1)


def _languages(source: Path) -> tuple[str, ...]:
    text = read_file(source, SOURCE)[:100_000].decode("utf-8", "ignore")
    return ("zh",) if any(ord(character) in _HAN for character in text) else ("en",)
