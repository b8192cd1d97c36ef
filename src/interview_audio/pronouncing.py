"""Sees that every pronunciation of ``voices.yaml`` that an interview needs can be said, before anything is spoken."""

from collections.abc import Iterator, Sequence

from interview_audio.configuration.settings import Settings
from interview_audio.engines.engine import BUILT_IN, Engine, Selective
from interview_audio.errors import ConfigurationError
from interview_audio.normalization.characters import fold
from interview_audio.normalization.given import applies_to_folded
from interview_audio.normalization.notations import notation_of
from interview_audio.script.lines import Line

INSTEAD = {
    "pinyin": "write Chinese characters that sound the same (航 for háng)",
    "zhuyin": "write Chinese characters that sound the same (航 for ㄏㄤˊ)",
}


def check_pronunciations(lines: Sequence[Line], settings: Settings, engine: Engine) -> None:
    """See that no pronunciation would be silence, or be read letter by letter.

    Notations are for the engines that we know: one that a package brings may take them.

    Raises:
        ConfigurationError: One would be; with file, line and column.
    """
    for language, written, said, voices in _needed(lines, settings):
        message = _fault(written, said, language, engine) or _unread(said, voices, engine)
        if message:
            place = settings.places.get(("pronunciations", language, written), ())
            raise ConfigurationError(f"the pronunciation of {written!r}, {said!r}, {message}", *place)


def _needed(lines: Sequence[Line], settings: Settings) -> Iterator[tuple[str, str, str, tuple[str, ...]]]:
    """Language, written and spoken form of what occurs in the lines, and who speaks that language."""
    for language, given in settings.pronunciations.items():
        own = [line for line in lines if line.language == language]
        text = fold("\n".join(line.text for line in own))
        voices = tuple(dict.fromkeys(line.voice.name for line in own))
        for written, said in given.items():
            if applies_to_folded(written, text):
                yield language, written, said, voices


def _fault(written: str, said: str, language: str, engine: Engine) -> str:
    notation = notation_of(said, written, language) if engine.name in BUILT_IN else None
    if notation is None:
        return ""
    instead = INSTEAD.get(notation, "write it as it sounds, in ordinary letters (win for Nguyen)")
    return f"is {notation}, which {engine.name} cannot read; {instead}"


def _unread(said: str, voices: Sequence[str], engine: Engine) -> str:
    if not isinstance(engine, Selective):
        return ""
    for voice in voices:
        if unread := engine.unread(said, voice):
            return f"would be silent: {voice} does not read {unread!r}; write it in letters that this voice reads"
    return ""
