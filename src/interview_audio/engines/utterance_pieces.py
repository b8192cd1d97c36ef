"""An utterance in pieces: its text prepared and cut for requests, and the sounds of the pieces joined.

The prepared text keeps the way back: every character that is sent knows the written range that it stands for.
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

TEXT_VERSION = 2
"""Raised whenever other words would be sent for the same text: it is part of a clip's key."""
_MAX_PIECE_BYTES = 1500
"""Escaped UTF-8 in one request, about 500 Chinese characters: Edge takes 4096 bytes and ten minutes, OpenAI 4096
characters."""
_MARKS_TO_CUT_AFTER = ("。！？；….!?;\n", "，、：,:—")
"""Where a cut is heard least, the best first; spaces come after them."""
_MAX_ACCENTS = 30
"""Marks on one letter that a cut steps over: Unicode's stream-safe format allows no more in a row (UAX 15)."""
_NOT_IN_XML = "[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]"
"""Source: XML 1.0, production 2 (Char). One such character would end the request."""
_UNTIDY = re.compile(f"{_NOT_IN_XML}|[^\\W\\d_][\u0300-\u036f]+")
"""What no request may hold, and letters that are decomposed: voices read ``e`` and its accent as two letters."""
_LEAD_SECONDS, _TRAIL_SECONDS = 0.05, 0.12
"""Silence kept around the speech of a piece: enough for a soft onset and for a sound that dies away, and short enough
that the seam between two pieces is heard as one breath."""


@dataclass(frozen=True, slots=True)
class PreparedText:
    """The words that are sent for a written text."""

    sent: str
    written: tuple[tuple[int, int], ...]
    """For each character that is sent, the half-open written range that it stands for."""

    def written_range(self, start: int, end: int) -> tuple[int, int]:
        """Return the written range behind a range of what is sent, which must not be empty."""
        return self.written[start][0], self.written[end - 1][1]


@dataclass(frozen=True, slots=True)
class SpokenPiece:
    """The sound of one piece of an utterance."""

    samples: NDArray[np.int16]
    """Mono, with the engine's own silence around the speech."""
    words: Sequence[SpokenWord]
    """Times in seconds from its first sample."""
    audible: tuple[float, float]
    """Seconds at which speech begins and ends in it."""


def prepare_text(
    text: str, pronunciations: Mapping[str, str], here: Sequence[tuple[int, int, str]] = ()
) -> PreparedText:
    """Put pronunciations in, compose letters, and take out what XML cannot hold.

    Args:
        text: Written words.
        pronunciations: Written form to spoken form; see ``find_pronunciations`` for where they apply.
        here: ``Utterance.said_here``.
    """
    builder = _PreparedTextBuilder(text)
    for found in find_pronunciations(text, pronunciations, here):
        builder.tidy_until(found.start)
        builder.replace_until(found.end, found.spoken)
    builder.tidy_until(len(text))
    return PreparedText("".join(builder.sent), tuple(builder.written))


class _PreparedTextBuilder:
    """Prepares a text from its beginning to its end."""

    def __init__(self, text: str) -> None:
        self.sent: list[str] = []
        self.written: list[tuple[int, int]] = []
        self._text = text
        self._position = 0

    def replace_until(self, end: int, replacement: str) -> None:
        """Send a replacement for what is written up to a place."""
        self.sent.append(replacement)
        self.written += [(self._position, end)] * len(replacement)
        self._position = end

    def tidy_until(self, end: int) -> None:
        """Send what is written up to a place, without what no request may hold."""
        for match in _UNTIDY.finditer(self._text, self._position, end):
            self._keep_until(match.start())
            self.replace_until(match.end(), unicodedata.normalize("NFC", match[0]) if len(match[0]) > 1 else " ")
        self._keep_until(end)

    def _keep_until(self, end: int) -> None:
        self.sent.append(self._text[self._position : end])
        self.written += [(index, index + 1) for index in range(self._position, end)]
        self._position = end


def cut_text(sent: str, max_bytes: int = _MAX_PIECE_BYTES) -> Iterator[tuple[int, int]]:
    """Cut a text into pieces that one request may hold, where a cut is heard least.

    Args:
        sent: The prepared text.
        max_bytes: Of a piece in UTF-8, escaped for XML.

    Yields:
        Half-open ranges that together are the whole text.
    """
    start = 0
    while start < len(sent):
        end = _furthest_end(sent, start, max_bytes)
        if end < len(sent):
            end = _best_cut(sent, start, end)
        yield start, end
        start = end


def _furthest_end(sent: str, start: int, max_bytes: int) -> int:
    size, end = 0, start
    while end < len(sent):
        size += len(escape(sent[end]).encode())
        if size > max_bytes and end > start:
            break
        end += 1
    return end


def _best_cut(sent: str, start: int, end: int) -> int:
    """Return the last good place: after a mark in the second half, else after a space, else not before an accent."""
    for marks in _MARKS_TO_CUT_AFTER:
        for index in range(end, (start + end) // 2, -1):
            if sent[index - 1] in marks and not (sent[index - 1] in ".," and sent[index].isdigit()):
                return index
    space = sent.rfind(" ", start, end)
    if space >= 0:
        return space + 1
    earlier = range(end, max(start, end - _MAX_ACCENTS - 1), -1)
    return next((index for index in earlier if not unicodedata.combining(sent[index])), end)


def merge_words(words: Sequence[SpokenWord]) -> tuple[SpokenWord, ...]:
    """Return the words in order, those that are said for one written word merged into one."""
    merged: list[SpokenWord] = []
    for word in words:
        if merged and word.written[0] < merged[-1].written[1]:
            last = merged.pop()
            written = (last.written[0], max(last.written[1], word.written[1]))
            merged.append(SpokenWord(last.start, max(last.end, word.end), written))
        else:
            merged.append(word)
    return tuple(merged)


def join_pieces(pieces: Sequence[SpokenPiece], sample_rate: int) -> tuple[NDArray[np.int16], list[SpokenWord]]:
    """Join the sounds of one utterance; an only piece keeps the silence around it, others are trimmed.

    Args:
        pieces: In order, at least one.
        sample_rate: Hz.

    Returns:
        Samples, mono, and all words with their times in them.
    """
    if len(pieces) == 1:
        return pieces[0].samples, list(pieces[0].words)
    sounds, words, joined_samples = [], [], 0
    for piece in pieces:
        first, last = trimmed_range(piece.audible, piece.samples.size, sample_rate)
        shift = (joined_samples - first) / sample_rate
        words += [SpokenWord(word.start + shift, word.end + shift, word.written) for word in piece.words]
        sounds.append(piece.samples[first:last])
        joined_samples += last - first
    return np.concatenate(sounds), words


def trimmed_range(audible: tuple[float, float], size: int, sample_rate: int) -> tuple[int, int]:
    """Return the range of a piece's samples that is kept where it is joined to others.

    Args:
        audible: Seconds at which its speech begins and ends.
        size: Samples that it has.
        sample_rate: Hz.
    """
    first = max(0, round((audible[0] - _LEAD_SECONDS) * sample_rate))
    last = min(size, round((audible[1] + _TRAIL_SECONDS) * sample_rate))
    return first, last
