"""The words that are sent for a written text, with the way back, and cut into pieces that one request may hold.

The sounds of an utterance that was sent in pieces, as one.
"""

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from xml.sax.saxutils import escape

import numpy as np
from numpy.typing import NDArray

from interview_audio.engines.protocol import SpokenWord
from interview_audio.normalization.pronunciations import find_pronunciations

VERSION = 2
"""Raised whenever other words would be sent for the same text: it is part of a clip's key."""
MOST_BYTES = 1500
"""Of escaped UTF-8 in one request, about 500 Chinese characters: Edge takes 4096 bytes and ten minutes, OpenAI 4096
characters."""
_ENDS = ("。！？；….!?;\n", "，、：,:—")
"""Where a cut is heard least, the best first; spaces come after them."""
HAN = re.compile(r"[\u3400-\u9fff\U00020000-\U000323af]+")
"""Chinese characters."""
_MOST_ACCENTS = 30
"""Marks on one letter that a cut steps over: Unicode's stream-safe format allows no more in a row (UAX 15)."""
_NOT_IN_XML = "[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]"
"""Source: XML 1.0, production 2 (Char). One such character would end the request."""
_UNTIDY = re.compile(f"{_NOT_IN_XML}|[^\\W\\d_][\u0300-\u036f]+")
"""Those, and letters that are decomposed: voices read ``e`` and an accent as two."""


@dataclass(frozen=True, slots=True)
class Wording:
    """What is sent of a written text."""

    sent: str
    written: tuple[tuple[int, int], ...]
    """For each character sent, the half-open written range that it stands for."""

    def written_range(self, start: int, end: int) -> tuple[int, int]:
        """The written range behind a range of what is sent, which is not empty."""
        return self.written[start][0], self.written[end - 1][1]


def word(text: str, pronunciations: Mapping[str, str]) -> Wording:
    """The text as it is sent: pronunciations put in, composed characters, and nothing that XML cannot hold.

    Args:
        text: Written words.
        pronunciations: Written to spoken form; the longest first, and Latin ones match whole words only.
    """
    prepared = _Preparation(text)
    for found in find_pronunciations(text, pronunciations):
        prepared.tidy_until(found.start)
        prepared.replace_until(found.end, found.spoken)
    prepared.tidy_until(len(text))
    return Wording("".join(prepared.sent), tuple(prepared.written))


class _Preparation:
    """A text that is prepared from its beginning to its end."""

    def __init__(self, text: str) -> None:
        self.sent: list[str] = []
        self.written: list[tuple[int, int]] = []
        self._text = text
        self._position = 0

    def replace_until(self, end: int, replacement: str) -> None:
        """Send this instead of what is written up to a place."""
        self.sent.append(replacement)
        self.written += [(self._position, end)] * len(replacement)
        self._position = end

    def tidy_until(self, end: int) -> None:
        """Send what is written up to a place, without what a request cannot hold."""
        for match in _UNTIDY.finditer(self._text, self._position, end):
            self._keep_until(match.start())
            self.replace_until(match.end(), unicodedata.normalize("NFC", match[0]) if len(match[0]) > 1 else " ")
        self._keep_until(end)

    def _keep_until(self, end: int) -> None:
        self.sent.append(self._text[self._position : end])
        self.written += [(index, index + 1) for index in range(self._position, end)]
        self._position = end


def pieces(sent: str, most: int = MOST_BYTES) -> Iterator[tuple[int, int]]:
    """Ranges that together are the text, each of at most ``most`` bytes escaped, cut where it is heard least."""
    start = 0
    while start < len(sent):
        end = _furthest(sent, start, most)
        if end < len(sent):
            end = _cut(sent, start, end)
        yield start, end
        start = end


def is_speakable(text: str) -> bool:
    """Whether there is a letter or digit: the service answers a text without one by silence."""
    return any(map(str.isalnum, text))


def _furthest(sent: str, start: int, most: int) -> int:
    size, end = 0, start
    while end < len(sent):
        size += len(escape(sent[end]).encode())
        if size > most and end > start:
            break
        end += 1
    return end


def _cut(sent: str, start: int, end: int) -> int:
    """The last good place: after a mark in the second half, else after a space, else before no accent."""
    for marks in _ENDS:
        for index in range(end, (start + end) // 2, -1):
            if sent[index - 1] in marks and not (sent[index - 1] in ".," and sent[index].isdigit()):
                return index
    space = sent.rfind(" ", start, end)
    if space >= 0:
        return space + 1
    earlier = range(end, max(start, end - _MOST_ACCENTS - 1), -1)
    return next((index for index in earlier if not unicodedata.combining(sent[index])), end)


LEAD, TRAIL = 0.05, 0.12
"""Seconds kept around the sound where an utterance had to be cut in pieces."""


@dataclass(frozen=True, slots=True)
class Part:
    """What came for a piece."""

    samples: NDArray[np.int16]
    """Mono, with padding."""
    words: Sequence[SpokenWord]
    """In seconds from its first sample."""
    sounding: tuple[float, float]
    """Seconds at which speech begins and ends in it."""


def joined(parts: Sequence[Part], sample_rate: int) -> tuple[NDArray[np.int16], list[SpokenWord]]:
    """All samples and words; each part without its padding, unless it is the only one."""
    if len(parts) == 1:
        return parts[0].samples, list(parts[0].words)
    sound, words, clock = [], [], 0
    for part in parts:
        first = max(0, round((part.sounding[0] - LEAD) * sample_rate))
        last = min(part.samples.size, round((part.sounding[1] + TRAIL) * sample_rate))
        shift = (clock - first) / sample_rate
        words += [SpokenWord(one.start + shift, one.end + shift, one.written) for one in part.words]
        sound.append(part.samples[first:last])
        clock += last - first
    return np.concatenate(sound), words
