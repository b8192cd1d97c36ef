"""The errors a user can meet: each message is one line that says where, what, and what to do.

A class stands for a remedy. Constructor arguments reach ``super().__init__`` unchanged, so that an error
survives pickling on its way back from a worker process. A message about an unknown word ends with what somebody may
have meant by it.
"""

from collections.abc import Callable, Iterable, Sequence
from typing import Any


class InterviewAudioError(Exception):
    """Base of everything that this package raises on purpose."""


class UsageError(InterviewAudioError):
    """The command was called with words that do not fit: call it differently (exit code 2)."""


class _PlacedError(InterviewAudioError):
    """A mistake in a file; says where."""

    def __init__(self, message: str, path: str = "", line: int | None = None, column: int | None = None) -> None:
        super().__init__(message, path, line, column)
        self.message = message
        self.path = path
        self.line = line
        self.column = column

    def __str__(self) -> str:
        place = ":".join(part for part in (self.path, str(self.line or ""), str(self.column or "")) if part)
        return f"{place}: {self.message}" if place else self.message


class SourceError(_PlacedError):
    """The source cannot be read as an interview: correct the file."""


class ConfigurationError(_PlacedError):
    """A settings file (``voices.yaml``) has a mistake: correct it at this place."""


class VoiceError(InterviewAudioError):
    """A voice does not exist or cannot speak the language: choose another."""


class EngineError(InterviewAudioError):
    """An engine cannot work on this machine now: repair it or choose another."""


class OutageError(EngineError):
    """A service on the network cannot be used now: repair the connection, wait, or choose another engine."""

    def __init__(self, reason: str, remedy: str) -> None:
        super().__init__(reason, remedy)
        self.reason = reason
        self.remedy = remedy

    def __str__(self) -> str:
        return f"{self.reason}; {self.remedy}"


class SpeechError(InterviewAudioError):
    """A line cannot be spoken as it is written: change the text or its pronunciation."""


class StoreError(InterviewAudioError):
    """The clip store cannot be read or written: make room or choose another folder."""


class OutputError(InterviewAudioError):
    """The episode cannot be written: make room or choose another folder."""


def reworded(error: InterviewAudioError, reword: Callable[[str], str]) -> InterviewAudioError:
    """Return the same error with each of its texts said otherwise."""

    def said(value: Any) -> Any:
        if isinstance(value, tuple):
            return tuple(map(said, value))
        return reword(value) if isinstance(value, str) else value

    return type(error)(*said(error.args))


def nearest(word: str, known: Iterable[str]) -> str | None:
    """Return the known word that is most like another one, upper and lower case being the same; None if none is."""
    from difflib import get_close_matches  # imported only once something is wrong: commands start faster without it

    by_form: dict[str, str] = {}
    for candidate in known:
        by_form.setdefault(candidate.casefold(), candidate)
    close = get_close_matches(word.casefold(), by_form, n=1)
    return by_form[close[0]] if close else None


def suggestion(meant: str | None, otherwise: str = "") -> str:
    """Return the end of a message about an unknown word: ``; did you mean 'zh'?``, or what to do ``otherwise``."""
    return f"; did you mean {meant!r}?" if meant else f"; {otherwise}"


def did_you_mean(word: str, known: Iterable[str], otherwise: str = "") -> str:
    """Return the end of a message about a word that is not among those known.

    Args:
        word: As it was written.
        known: The words that it could have been, in the order in which a message should list them.
        otherwise: What to say where none is like it, such as ``list them with: …``; without it, the known words.

    Returns:
        ``; did you mean 'host'?`` or ``; known: host, narrator``, to be put at the end of a message.
    """
    words = list(known)
    return suggestion(nearest(word, words), otherwise or f"known: {', '.join(words)}")


def alternatives(ways: Sequence[str]) -> str:
    """Return ``a``, ``a or b``, ``a, b, or c``: what to do in one of several ways."""
    if len(ways) < 3:
        return " or ".join(ways)
    return f"{', '.join(ways[:-1])}, or {ways[-1]}"
