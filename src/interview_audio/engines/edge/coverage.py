"""Whether the words that the service reports are all of the text, and are heard where it says."""

import itertools
import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

import numpy as np
from numpy.typing import NDArray

from interview_audio.engines.engine import shortened
from interview_audio.engines.online.completeness import SHORTEST_OF_EXPECTED, incomplete, seconds_without_doubt
from interview_audio.engines.online.estimation import audible_frames
from interview_audio.engines.online.retries import broken

TOLERANCE = 0.25
"""Seconds by which reported times may be off: 0.05 by what MP3 encoders delay, the rest for a sound that dies away."""
LEAST_TOLERANCE = 0.1
"""Seconds: the same for a word that is all there is."""
_PADDING = 0.1
"""Seconds by which a whole clip may end before its last word: the service adds 0.8 s of silence, so it never does."""
_AUDIBLE = 0.004
"""Part of the loudest sample from which a word counts as heard: -48 dB, below the ``f`` and ``th`` that end a word."""
_EDGE = 0.05
"""Seconds at the ends of a word in which its neighbours are heard."""
_FRAMES_A_SECOND = 100
_TOKEN = re.compile(r"[\u2e80-\U000323af]|[^\W\d_\u2e80-\U000323af]+|\d+")
_APOSTROPHES = "'’"
_LONGEST_ENDING = 2
"""Letters after an apostrophe (``'s``, ``'ll``) that belong to the word before it."""


@dataclass(frozen=True, slots=True)
class Boundary:
    """A word as the service reports it."""

    text: str
    start: float
    """Seconds from the first sample."""
    end: float


@dataclass(frozen=True, slots=True)
class _Token:
    """A run of letters or digits, or one character of Chinese, Japanese or Korean."""

    text: str
    """Folded, so that what is the same to a reader is equal."""
    start: int
    """Place in the text that was asked for, or index of the boundary that reports it."""
    end: int


def check_words(text: str, boundaries: Sequence[Boundary], rate: float, end: float, *, reads_han: bool) -> None:
    """Raise where the boundaries do not cover the text; where there are none, nothing is known.

    The service reports punctuation and signs nowhere, may take several words as one or one as several, and may report a
    number as it is said. A script of which a voice says nothing at all is not missed here (``alignment.unheard``).

    Args:
        text: What was asked for.
        boundaries: What the service reports, in order.
        rate: Of speech: 1.1 is faster.
        end: Seconds at which the sound ends.
        reads_han: Whether the voice says Chinese characters.

    Raises:
        SetbackError: Names the first words that are missing.
    """
    said = [_Token(token.text, index, index) for index, one in enumerate(boundaries) for token in _tokens(one.text)]
    scripts = {"LATIN"} | ({_script(token.text) for token in said} - {"CJK"}) | ({"CJK"} if reads_han else set())
    asked = [token for token in _tokens(text) if token.text.isdecimal() or _script(token.text) in scripts]
    if not said or _joined(asked) == _joined(said):
        return
    times = _Times(boundaries, rate, end)
    matcher = SequenceMatcher(None, [one.text for one in asked], [one.text for one in said], autojunk=False)
    for _, first, last, since, until in matcher.get_opcodes():
        wanted, found = asked[first:last], said[since:until]
        if _joined(wanted) == _joined(found) or not wanted:
            continue
        missing = text[wanted[0].start : wanted[-1].end]
        if found:
            is_cut = until == len(said) and _joined(wanted).startswith(_joined(found))
            is_there = not is_cut and times.have_room(
                missing, boundaries[found[0].start].start, boundaries[found[-1].start].end
            )
        else:
            is_there = _is_ending(text, wanted) or (
                _may_be_unreported(wanted, missing, is_last=until == len(said))
                and times.have_room_between(missing, said[:since], said[until:])
            )
        if not is_there:
            raise broken(f"incomplete audio (without {shortened(missing, 30)!r})")


@dataclass(frozen=True, slots=True)
class _Times:
    """When there is time for words that are not reported as they are written."""

    boundaries: Sequence[Boundary]
    rate: float
    end: float

    def have_room(self, missing: str, start: float, end: float) -> bool:
        """Whether a text can be said from one second to another."""
        return end - start >= SHORTEST_OF_EXPECTED * seconds_without_doubt(missing) / self.rate

    def have_room_between(self, missing: str, before: Sequence[_Token], after: Sequence[_Token]) -> bool:
        """Whether a text can be said between these reported words."""
        start = self.boundaries[before[-1].start].end if before else 0.0
        end = self.boundaries[after[0].start].start if after else self.end
        return self.have_room(missing, start, end)


def _is_ending(text: str, words: Sequence[_Token]) -> bool:
    """Whether it is what follows an apostrophe, and belongs to the word before that."""
    word = words[0]
    is_short = len(words) == 1 and word.end - word.start <= _LONGEST_ENDING
    return is_short and text[word.start - 1 : word.start] in tuple(_APOSTROPHES)


def _may_be_unreported(words: Sequence[_Token], missing: str, *, is_last: bool) -> bool:
    """Whether a service may say it without reporting it: a number, or one word before others."""
    letters = sum(not word.text.isdecimal() for word in words)
    return len(missing.split()) == 1 and letters <= (0 if is_last else 1)


def check_sound(
    boundaries: Sequence[Boundary], samples: NDArray[np.int16], sample_rate: int, *, reads_han: bool
) -> float:
    """Raise where words are reported at times at which nothing is heard, be it silence or beyond the end.

    Args:
        boundaries: What the service reports, in order.
        samples: Mono, the whole answer.
        sample_rate: Hz.
        reads_han: Whether the voice says Chinese characters.

    Returns:
        Seconds at which the sound ends.

    Raises:
        SetbackError: Says how much was heard.
    """
    is_audible = audible_frames(samples, sample_rate, _AUDIBLE)
    heard = np.concatenate([[0], np.cumsum(is_audible)])
    end = float(np.flatnonzero(is_audible)[-1] + 1) / _FRAMES_A_SECOND if heard[-1] else 0.0
    words = _said_words(boundaries, heard, reads_han=reads_han)
    if not words:
        return end
    last = max(one.end for one in words)
    # Half of a short word is no word.
    tolerance = min(TOLERANCE, max(LEAST_TOLERANCE, (last - words[0].start) / 2))
    silent = [one for one in words if _is_silent(one, heard, tolerance)]
    if last > end + tolerance or last > samples.size / sample_rate + _PADDING:
        raise incomplete(end, last)
    if silent:
        first = silent[0]
        raise broken(f"incomplete audio (silence from {first.start:.1f} to {first.end:.1f} of {last:.1f} s)")
    return end


def _said_words(boundaries: Sequence[Boundary], heard: NDArray[np.int64], *, reads_han: bool) -> list[Boundary]:
    """Those that the voice says: it may report what it passes over, and reads a script of which it says something."""
    words = [(one, _script(token.text)) for one in boundaries for token in itertools.islice(_tokens(one.text), 1)]
    scripts = {script for one, script in words if not _is_silent(one, heard, -_EDGE)} - {"CJK"}
    scripts |= {"LATIN", "DIGIT"} | ({"CJK"} if reads_han else set())
    return [one for one, script in words if script in scripts]


def _is_silent(word: Boundary, heard: NDArray[np.int64], tolerance: float) -> bool:
    """Whether nothing is heard around a word; ``heard`` counts the audible frames before each."""
    first, stop = (
        min(max(round(second * _FRAMES_A_SECOND), 0), heard.size - 1)
        for second in (word.start - tolerance, word.end + tolerance)
    )
    return bool(heard[first] >= heard[stop])


def _tokens(text: str) -> Iterator[_Token]:
    for match in _TOKEN.finditer(text):
        folded = "".join(filter(_is_said, match[0]))
        if folded:
            yield _Token(unicodedata.normalize("NFKC", folded).casefold(), *match.span())


def _joined(tokens: Sequence[_Token]) -> str:
    return "".join(token.text for token in tokens)


def _is_said(character: str) -> bool:
    """Not an exponent, a fraction or the like, which stand beside words and are said as signs are."""
    return character.isalpha() or character.isdecimal()


def _script(text: str) -> str:
    """The first word of the name of a character: ``LATIN``, ``CJK``, ``CYRILLIC``, ``DIGIT``."""
    return unicodedata.name(text[0], "").partition(" ")[0]
