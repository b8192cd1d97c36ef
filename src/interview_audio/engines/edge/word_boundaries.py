"""The words that the service reports: are they all of the text, are they audible, and which written words are they?"""

import itertools
import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher

import numpy as np
from numpy.typing import NDArray

from interview_audio.engines.durations import WORD_PATTERN, audible_frames, shortest_seconds
from interview_audio.engines.edge.voices import script_of
from interview_audio.engines.online.completeness import MIN_SHARE_OF_ESTIMATE, missing_sound_error
from interview_audio.engines.online.retries import incomplete_answer_error
from interview_audio.engines.protocol import SpokenWord
from interview_audio.engines.utterance_pieces import PreparedText, merge_words
from interview_audio.text.units import shortened

_TOLERANCE_SECONDS = 0.25
"""By which reported times may be off: 0.05 for the delay of MP3 encoders, the rest for a sound that dies away."""
_MIN_TOLERANCE_SECONDS = 0.1
"""The same for a single short word."""
_MAX_MISSING_SECONDS = 0.1
"""By which a whole clip may end before its last word: the service adds 0.8 s of silence, so that it never does."""
_AUDIBLE_SHARE = 0.004
"""Part of the loudest sample from which a word counts as heard: -48 dB, below the ``f`` and ``th`` that end a word."""
_EDGE_SECONDS = 0.05
"""At the ends of a word, where its neighbours are heard."""
_FRAMES_PER_SECOND = 100
_WORD = re.compile(r"[\u2e80-\U000323af]|[^\W\d_\u2e80-\U000323af]+|\d+")
_MIN_RUN_LETTERS = 3
"""Letters in a row whose match is no coincidence."""
_MAX_COMPARED_PAIRS = 5_000_000
"""Pairs of letters that are compared to find such runs, about a second of work; a text has 1,500 letters at most."""
_APOSTROPHES = "'’"
_MAX_ENDING_LETTERS = 2
"""After an apostrophe (``'s``, ``'ll``), they belong to the word before it."""
_MAX_SKIPPED_LETTERS = 60
"""Between two words that are found; one that is found only further on is another word of the same spelling."""
_LETTERS = re.compile(r"[^\W\d_]+")


@dataclass(frozen=True, slots=True)
class WordBoundary:
    """A word as the service reports it."""

    text: str
    start: float
    """Seconds from the first sample."""
    end: float
    """Seconds from the first sample."""


@dataclass(frozen=True, slots=True)
class _Letter:
    """A letter or digit that a voice says."""

    text: str
    """Folded, so that what a reader takes for the same is equal."""
    at: int
    """Place in the text that was asked for, or index of the boundary that reports it."""
    word: int
    """Number of the word; a character of Chinese, Japanese or Korean is one."""


def check_words(text: str, boundaries: Sequence[WordBoundary], rate: float, end: float, *, reads_han: bool) -> None:
    """Raise if the boundaries do not cover the text; if there are none, nothing is known.

    The service never reports punctuation and signs, may take several words as one or one as several, and may report a
    number as it is said. A script of which a voice says nothing at all is not missed here, but by
    ``letters_without_word``.

    Args:
        text: What was asked for.
        boundaries: What the service reports, in order.
        rate: Of speech: 1.1 is faster.
        end: Seconds at which the sound ends.
        reads_han: Whether the voice says Chinese characters.

    Raises:
        TransientError: Names the first words that are missing.
    """
    told = [replace(one, at=index) for index, word in enumerate(boundaries) for one in _letters(word.text)]
    scripts = {"LATIN", "DIGIT"} | ({script_of(one.text) for one in told} - {"CJK"}) | ({"CJK"} if reads_han else set())
    asked, said = ([one for one in letters if script_of(one.text) in scripts] for letters in (_letters(text), told))
    if not told:
        return
    for letters, since, until in _gaps(asked, said):
        is_last = until == len(said)
        room = _room(boundaries, said, (since, until), end)
        has_room = room >= MIN_SHARE_OF_ESTIMATE * shortest_seconds("".join(one.text for one in letters)) / rate
        may_be_unreported = since < until or _may_be_unreported(text, letters, is_last=is_last)
        if not (has_room and may_be_unreported) and not _is_word_part(text, asked, letters, is_last=is_last):
            raise incomplete_answer_error(f"incomplete audio (without {shortened(_words(text, asked, letters), 30)!r})")


def _gaps(asked: Sequence[_Letter], said: Sequence[_Letter]) -> Iterator[tuple[Sequence[_Letter], int, int]]:
    """Yield letters that were asked for and not said literally, and between which places of ``said`` they miss."""
    for first, last, since, until in _differences([one.text for one in asked], [one.text for one in said]):
        # What is missing at the end stays where it is: nothing after it can have been taken for it.
        shift = _shift(asked, first, last) if since == until < len(said) else 0
        yield asked[first + shift : last + shift], since + shift, until + shift


def _differences(asked: Sequence[str], said: Sequence[str]) -> Iterator[tuple[int, int, int, int]]:
    """Yield ranges of ``asked`` that are not in ``said``, each with the range in its place, in order.

    As ``difflib`` does, but without what costs cubic time there: matches of a letter or two, and ever more of them.
    """
    start = _common(zip(asked, said, strict=False))
    end = _common(zip(reversed(asked[start:]), reversed(said[start:]), strict=False))
    matcher = SequenceMatcher(None, asked, said, autojunk=False)
    ranges, pairs = [(start, len(asked) - end, start, len(said) - end)], 0
    while ranges:
        first, last, since, until = ranges.pop()
        pairs += (last - first) * (until - since)
        match = matcher.find_longest_match(first, last, since, until) if pairs <= _MAX_COMPARED_PAIRS else None
        if match is not None and match.size >= _MIN_RUN_LETTERS:
            ranges.append((match.a + match.size, last, match.b + match.size, until))
            ranges.append((first, match.a, since, match.b))
        elif first < last:
            yield first, last, since, until


def _common(pairs: Iterable[tuple[str, str]]) -> int:
    return sum(1 for _ in itertools.takewhile(lambda pair: pair[0] == pair[1], pairs))


def _shift(asked: Sequence[_Letter], first: int, last: int) -> int:
    """Return how far to move a gap so that it begins with a word: either of two equal letters may be missing."""
    for step in (-1, 1):
        shift = 0
        while not _begins_word(asked, first + shift):
            leaving, coming = (last + shift - 1, first + shift - 1) if step < 0 else (first + shift, last + shift)
            if not 0 <= coming < len(asked) or asked[leaving].text != asked[coming].text:
                break
            shift += step
        else:
            return shift
    return 0


def _begins_word(asked: Sequence[_Letter], index: int) -> bool:
    return index == 0 or asked[index].word != asked[index - 1].word


def _words(text: str, asked: Sequence[_Letter], letters: Sequence[_Letter]) -> str:
    """Return the words to which letters belong."""
    within = [one.at for one in asked if letters[0].word <= one.word <= letters[-1].word]
    return text[within[0] : within[-1] + 1]


def _room(boundaries: Sequence[WordBoundary], said: Sequence[_Letter], gap: tuple[int, int], end: float) -> float:
    """Return the seconds of what else is reported in a gap; if nothing is, those between its neighbours."""
    since, until = gap
    if since < until:
        return boundaries[said[until - 1].at].end - boundaries[said[since].at].start
    before = boundaries[said[since - 1].at].end if since else 0.0
    return (boundaries[said[until].at].start if until < len(said) else end) - before


def _may_be_unreported(text: str, letters: Sequence[_Letter], *, is_last: bool) -> bool:
    """Tell whether the service may say letters without reporting them: a number, or one word before others."""
    words = {one.word for one in letters if not one.text.isdecimal()}
    return len(text[letters[0].at : letters[-1].at + 1].split()) == 1 and len(words) <= (0 if is_last else 1)


def _is_word_part(text: str, asked: Sequence[_Letter], letters: Sequence[_Letter], *, is_last: bool) -> bool:
    """Tell whether letters are the smaller part of a word, as in another spelling, or what follows an apostrophe."""
    word = letters[0].word
    if word != letters[-1].word:
        return False
    if len(letters) <= _MAX_ENDING_LETTERS and text[max(0, letters[0].at - 1)] in _APOSTROPHES:
        return True
    return not is_last and 2 * len(letters) <= sum(one.word == word for one in asked)


def check_sound(
    boundaries: Sequence[WordBoundary], samples: NDArray[np.int16], sample_rate: int, *, reads_han: bool
) -> float:
    """Raise if words are reported at times at which nothing is heard: in silence, or beyond the end.

    Args:
        boundaries: What the service reports, in order.
        samples: Mono, the whole answer.
        sample_rate: Hz.
        reads_han: Whether the voice says Chinese characters.

    Returns:
        The second at which the sound ends.

    Raises:
        TransientError: Names how much was heard.
    """
    is_audible = audible_frames(samples, sample_rate, _AUDIBLE_SHARE)
    heard = np.concatenate([[0], np.cumsum(is_audible)])
    end = float(np.flatnonzero(is_audible)[-1] + 1) / _FRAMES_PER_SECOND if heard[-1] else 0.0
    words = _said_words(boundaries, heard, reads_han=reads_han)
    if not words:
        return end
    last = max(one.end for one in words)
    # A short word has a short tolerance: half of a word is not a word.
    tolerance = min(_TOLERANCE_SECONDS, max(_MIN_TOLERANCE_SECONDS, (last - words[0].start) / 2))
    silent = [one for one in words if _is_silent(one, heard, tolerance)]
    if last > end + tolerance or last > samples.size / sample_rate + _MAX_MISSING_SECONDS:
        raise missing_sound_error(end, last)
    if silent:
        first = silent[0]
        raise incomplete_answer_error(
            f"incomplete audio (silence from {first.start:.1f} to {first.end:.1f} of {last:.1f} s)"
        )
    return end


def _said_words(boundaries: Sequence[WordBoundary], heard: NDArray[np.int64], *, reads_han: bool) -> list[WordBoundary]:
    """Return the words that the voice says.

    It may report words that it passes over, but reads a script of which it says anything.
    """
    words = [(one, script_of(letter.text)) for one in boundaries for letter in itertools.islice(_letters(one.text), 1)]
    scripts = {script for one, script in words if not _is_silent(one, heard, -_EDGE_SECONDS)} - {"CJK"}
    scripts |= {"LATIN", "DIGIT"} | ({"CJK"} if reads_han else set())
    return [one for one, script in words if script in scripts]


def _is_silent(word: WordBoundary, heard: NDArray[np.int64], tolerance: float) -> bool:
    """Tell whether nothing is heard around a word; ``heard`` counts the audible frames before each frame."""
    first, stop = (
        min(max(round(second * _FRAMES_PER_SECOND), 0), heard.size - 1)
        for second in (word.start - tolerance, word.end + tolerance)
    )
    return bool(heard[first] >= heard[stop])


def _letters(text: str) -> Iterator[_Letter]:
    for number, match in enumerate(_WORD.finditer(text)):
        for place in filter(lambda place: _is_said(text[place]), range(*match.span())):
            folded = unicodedata.normalize("NFKC", text[place]).casefold()
            yield from (_Letter(one, place, number) for one in folded)


def _is_said(character: str) -> bool:
    """Leave out exponents, fractions and the like, which are written beside words and said as signs are."""
    return character.isalpha() or character.isdecimal()


@dataclass(frozen=True, slots=True)
class _TimedRange:
    """A stretch of what was sent, and when it is heard in seconds."""

    start: float
    end: float
    sent: tuple[int, int]


def spoken_words(
    text: PreparedText, piece: tuple[int, int], boundaries: Sequence[WordBoundary], seconds: float
) -> tuple[SpokenWord, ...]:
    """Return the words of a piece with their times and written ranges, which do not overlap; none if none are reported.

    Args:
        text: What was sent, and for what.
        piece: The range of it that was sent with this request.
        boundaries: What the service reports.
        seconds: Length of the sound, in which all times lie.
    """
    words, clock = [], 0.0
    for one in _placed(text.sent, piece, boundaries):
        clock = min(max(clock, one.start), seconds)
        words.append(SpokenWord(clock, min(max(clock, one.end), seconds), text.written_range(*one.sent)))
    return merge_words(words)


def letters_without_word(text: str, words: Sequence[SpokenWord]) -> list[str]:
    """Return the runs of letters in a written text that no word covers."""
    missing = []
    position = 0
    for start, end in [*(word.written for word in words), (len(text), len(text))]:
        missing += _LETTERS.findall(text[position:start])
        position = end
    return missing


def _placed(sent: str, piece: tuple[int, int], boundaries: Sequence[WordBoundary]) -> Iterator[_TimedRange]:
    """Yield each boundary where its text is found; those not found take what lies between their neighbours."""
    first, end = piece
    folded = "".join(map(_folded, sent[first:end]))  # the piece alone: a long text has many
    position = first
    unplaced: list[WordBoundary] = []
    for boundary in boundaries:
        place = _find("".join(map(_folded, boundary.text)), folded, position - first)
        if place is None:
            unplaced.append(boundary)
            continue
        found = first + place[0], first + place[1]
        yield from _between(sent, (position, found[0]), unplaced)
        unplaced = []
        yield _TimedRange(boundary.start, boundary.end, found)
        position = found[1]
    yield from _between(sent, (position, end), unplaced)


def _folded(character: str) -> str:
    """Return a character in lower case if that is one character as well, so that positions stay."""
    lower = character.lower()
    return lower if len(lower) == 1 else character


def _find(text: str, sent: str, position: int) -> tuple[int, int] | None:
    """Return the nearest place of a text that begins a word, or continues where the last one ended."""
    for start, stop in _occurrences(text.split(), sent, position):
        if start == position or not (_is_narrow(sent[start]) and _is_narrow(sent[start - 1])):
            skipped = sum(map(str.isalpha, sent[position:start]))
            return (start, stop) if skipped <= _MAX_SKIPPED_LETTERS else None
    return None


def _occurrences(words: Sequence[str], sent: str, position: int) -> Iterator[tuple[int, int]]:
    if not words:
        return
    pattern = re.compile(r"\s+".join(map(re.escape, words)))
    yield from (match.span() for match in pattern.finditer(sent, position))


def _is_narrow(character: str) -> bool:
    """Tell whether words of such characters are separated by spaces."""
    return character.isalnum() and ord(character) < 0x2E80


def _between(sent: str, gap: tuple[int, int], unplaced: Sequence[WordBoundary]) -> Iterator[_TimedRange]:
    words = [match.span() for match in WORD_PATTERN.finditer(sent, *gap)]
    if unplaced and words:
        yield _TimedRange(unplaced[0].start, unplaced[-1].end, (words[0][0], words[-1][1]))
