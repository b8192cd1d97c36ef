"""What an ear hears of an episode, line by line, against what its record says was spoken.

Both sides are compared in spoken form (``12`` and ``twelve`` are one word), without case, accents and punctuation. What
only sounds the same is right: an ear cannot tell 他 from 她, ``colour`` from ``color``, ``light house`` from
``lighthouse``. Rates are Levenshtein's: words of languages with spaces, characters of those without.
"""

import bisect
import functools
import itertools
import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from types import MappingProxyType
from typing import Protocol, cast

import av
import numpy as np
from numpy.typing import NDArray

from interview_audio.configuration.languages import primary_tag
from interview_audio.engines.kokoro.english.dictionary import DEFAULT, Dictionary, inflected, unstressed
from interview_audio.files.episode_record import RecordedLine
from interview_audio.normalization.spoken_text import Span, spoken_spans
from interview_audio.script.rules import Replacement, said_text
from interview_audio.script.sentences import sentences
from interview_audio.text.characters import HAN, UNSPACED

SAMPLE_RATE = 16000
"""Hz that an ear is given."""
_SHOWN_RATE = 0.2
_WITHOUT_SPACES = ("zh", "yue", "ja")
"""Languages whose errors are counted in characters."""
_READ_ALOUD = ("zh", "en")
"""Languages whose numbers and signs we know how to say."""
_SILENCE = 0.5
"""Seconds before and after a line, without which Whisper leaves out its edges; twice that when it is heard again."""
_MARGIN = 0.05
"""Seconds of the episode around a line that belong to it: voices fade."""
_FEWEST_LOST = 2
"""Words of a sentence from which on it can be lost; an ear may overhear a lone 嗯."""
_FEWEST_GARBLED = 6
"""Words of a sentence from which on it counts as lost if something else is heard; fewer may all be names."""
_UNDERSTOOD = 0.25
"""Share of the words of such a sentence that is heard at least where it is only pronounced badly."""
_STEPS = ((1, 1), (1, 0), (0, 1), (2, 1), (1, 2))
"""Words that were said and words that were heard in their place."""
_NO_TONE = "5"
"""What a syllable of pinyin without a tone ends with."""
_NONE: Mapping[str, str] = MappingProxyType({})
_UNIT = re.compile(rf"[{UNSPACED}]|[^\W_{UNSPACED}]+(?:['’][^\W_{UNSPACED}]+)*")
_HAN_RUN = re.compile(f"[{HAN}]+")
_ACCENT = "en-us"
_BRITISH_ISE = re.compile("is(?=e|ing|ation)")
_ACCENTS = re.compile("[\u0300-\u036f'’]")

Samples = NDArray[np.float32]
"""Mono sound at ``SAMPLE_RATE``, from -1 to 1."""


class Ear(Protocol):
    """Turns speech into text."""

    @property
    def name(self) -> str:
        """What it is called in reports."""

    def hear(self, samples: Samples, language: str) -> str:
        """Return what is said.

        Args:
            samples: A line with silence around it.
            language: Primary tag of the language that is spoken.
        """


@dataclass(frozen=True, slots=True)
class Misheard:
    """Neighbouring words of which something else was heard."""

    said: str
    """As they are written in the line."""
    heard: str
    """As the ear wrote them; empty if it heard nothing."""


@dataclass(frozen=True, slots=True)
class HeardLine:
    """A line and what was heard of it."""

    line: RecordedLine
    heard: str
    """As the ear wrote it."""
    units: int
    """Words, or characters, of the line as it is spoken."""
    errors: int
    """Words that were misheard, not heard or added."""
    misheard: tuple[Misheard, ...]
    """In the sentences that are not lost."""
    lost: tuple[str, ...]
    """Sentences of which most is missing, as they are written."""

    @property
    def rate(self) -> float:
        """Errors a word; what was added may make it more than 1."""
        return self.errors / max(self.units, 1)

    @property
    def language(self) -> str:
        """Primary tag of the language that is spoken."""
        return _primary(self.line)


@dataclass(frozen=True, slots=True)
class ErrorRate:
    """How much of what somebody says in a language is heard otherwise."""

    speaker: str
    """Empty for everybody."""
    language: str
    """Its primary tag."""
    lines: int
    units: int
    errors: int

    @property
    def unit(self) -> str:
        """What is counted: ``word`` or ``character``."""
        return "character" if self.language in _WITHOUT_SPACES else "word"

    @property
    def rate(self) -> float:
        """Errors a word or character."""
        return self.errors / max(self.units, 1)


@dataclass(frozen=True, slots=True)
class Hearing:
    """What an ear heard of an episode."""

    ear: str
    """Its name."""
    lines: tuple[HeardLine, ...]
    threshold: float = _SHOWN_RATE
    """Errors a word, or a character, above which a line is shown with what was heard."""

    @property
    def rates(self) -> tuple[ErrorRate, ...]:
        """By speaker and language, in order of appearance; then each language as a whole."""
        by_speaker = _rates((line.line.speaker, line) for line in self.lines)
        return (*by_speaker, *_rates(("", line) for line in self.lines))

    @property
    def shown(self) -> tuple[HeardLine, ...]:
        """The lines above the threshold, the worst first."""
        return tuple(sorted((line for line in self.lines if line.rate > self.threshold), key=lambda line: -line.rate))

    @property
    def misheard(self) -> tuple["MisheardWords", ...]:
        """The words that were misheard anywhere, the most frequent first."""
        found: dict[str, list[tuple[Misheard, RecordedLine]]] = {}
        for line in self.lines:
            for words in line.misheard:
                found.setdefault(words.said.casefold(), []).append((words, line.line))
        ordered = sorted(found.values(), key=lambda places: -len(places))
        return tuple(map(_misheard_words, ordered))


@dataclass(frozen=True, slots=True)
class MisheardWords:
    """Words and all that was heard in their place."""

    said: str
    heard: tuple[str, ...]
    """Each once; empty where nothing was heard."""
    lines: tuple[RecordedLine, ...]
    """One for each place."""


def _misheard_words(places: Sequence[tuple[Misheard, RecordedLine]]) -> MisheardWords:
    heard: dict[str, str] = {}
    for words, _ in places:
        heard.setdefault(words.heard.casefold(), words.heard)
    return MisheardWords(places[0][0].said, tuple(heard.values()), tuple(line for _, line in places))


def listen(
    path: Path,
    lines: Sequence[RecordedLine],
    ear: Ear,
    on_progress: Callable[[int, int], None] = lambda *_: None,
) -> Hearing:
    """Have an ear hear each line of an episode, in as much memory for ten hours as for a minute.

    Args:
        path: Of a sound file that FFmpeg opens.
        lines: Those of its record.
        ear: Hears a line again, with more silence around it, if a sentence seems to be lost.
        on_progress: Called with the lines that were heard and all lines.
    """
    heard = []
    ordered = sorted(lines, key=lambda line: line.start)
    for line, samples in zip(ordered, _windows(path, ordered), strict=True):
        heard.append(_heard(line, samples, ear))
        on_progress(len(heard), len(ordered))
    return Hearing(ear.name, tuple(heard))


def compare(line: RecordedLine, heard: str) -> HeardLine:
    """Compare a line with what an ear wrote down.

    Its pronunciations count as right, and so does what is written: ``open X R`` may be heard as OpenXR. Of what reading
    rules replace, only what they say does.
    """
    written = _compared(line, heard, _NONE)
    if not written.errors or not line.pronunciations:
        return written
    return min(written, _compared(line, heard, line.pronunciations), key=lambda result: result.errors)


def _heard(line: RecordedLine, samples: Samples, ear: Ear) -> HeardLine:
    result = compare(line, ear.hear(_within_silence(samples, _SILENCE), _primary(line)))
    if result.lost:
        again = compare(line, ear.hear(_within_silence(samples, 2 * _SILENCE), _primary(line)))
        result = min(result, again, key=lambda one: (len(one.lost), one.errors))
    return result


def _primary(line: RecordedLine) -> str:
    return primary_tag(line.speech.language) or line.speech.language


def _rates(lines: Iterable[tuple[str, HeardLine]]) -> Iterator[ErrorRate]:
    found: dict[tuple[str, str], ErrorRate] = {}
    for speaker, line in lines:
        key = speaker, line.language
        rate = found.get(key, ErrorRate(*key, 0, 0, 0))
        found[key] = replace(
            rate, lines=rate.lines + 1, units=rate.units + line.units, errors=rate.errors + line.errors
        )
    yield from found.values()


def _windows(path: Path, lines: Sequence[RecordedLine]) -> Iterator[Samples]:
    """Cut the sound of each line, in order of their starts."""
    with av.open(f"file:{path}") as container:
        sound = _Sound(container)
        for line in lines:
            yield sound.cut(line.start / 1000 - _MARGIN, line.end / 1000 + _MARGIN)


def _within_silence(samples: Samples, seconds: float) -> Samples:
    return np.pad(samples, round(seconds * SAMPLE_RATE))


class _Sound:
    """A file that is decoded as far as it is asked for."""

    def __init__(self, container: av.container.InputContainer) -> None:
        self._frames = _resampled(container)
        self._kept = np.zeros(0, np.float32)
        self._start = 0
        """Sample at which what is kept begins."""

    def cut(self, start: float, end: float) -> Samples:
        """Return what sounds between two times in seconds; what is before them is forgotten."""
        first, last = max(round(start * SAMPLE_RATE), 0), round(end * SAMPLE_RATE)
        pieces, length = [self._kept], self._start + len(self._kept)
        while length < last and (frame := next(self._frames, None)) is not None:
            pieces.append(frame)
            length += len(frame)
        samples = np.concatenate(pieces)[max(first - self._start, 0) :]
        self._kept, self._start = samples, max(first, self._start)
        return samples[: max(last - self._start, 0)]


def _resampled(container: av.container.InputContainer) -> Iterator[Samples]:
    """Yield the sound up to where it cannot be decoded, which ``measure_sound`` reports."""
    resampler = av.AudioResampler("flt", "mono", SAMPLE_RATE)
    try:
        for frame in container.decode(container.streams.audio[0]):
            yield from map(_samples, resampler.resample(frame))
    except av.error.FFmpegError:
        pass
    yield from map(_samples, resampler.resample(None))


def _samples(frame: av.AudioFrame) -> Samples:
    return np.asarray(frame.to_ndarray().ravel(), np.float32)


@dataclass(frozen=True, slots=True)
class _Unit:
    """A word, or a character of a script without spaces."""

    folded: str
    start: int
    """First code point of the written range."""
    end: int
    """One past its last code point."""
    sound: str
    """What sounds the same has the same."""


def _compared(line: RecordedLine, heard: str, pronunciations: Mapping[str, str]) -> HeardLine:
    said_here = [(stretch.start, stretch.end, stretch.say) for stretch in line.stretches if stretch.say]
    text = said_text(line.text, [Replacement(*one) for one in sorted((*line.replaced, *said_here))])
    said = _units(text, _primary(line), pronunciations)
    got = _units(heard, _primary(line), _NONE)
    blocks = list(_differences(said, got))
    lost = _lost(text, said, blocks)
    misheard = tuple(
        Misheard(_slice(text, block.said), _slice(heard, block.heard))
        for block in blocks
        if block.said and not any(block.said[0].start < end and start < block.said[-1].end for start, end in lost)
    )
    errors = sum(max(len(block.said), len(block.heard)) for block in blocks)
    quoted = tuple(text[start:end].strip() for start, end in lost)
    return HeardLine(line, heard, len(said), errors, misheard, quoted)


def _slice(text: str, units: Sequence[_Unit]) -> str:
    return text[units[0].start : units[-1].end].strip() if units else ""


def _units(text: str, language: str, pronunciations: Mapping[str, str]) -> list[_Unit]:
    spans: Sequence[Span] = (Span(text, 0, len(text)),)
    if language in _READ_ALOUD:
        spans = spoken_spans(text, language, pronunciations)
    spoken = "".join(span.spoken for span in spans)
    starts = [0, *itertools.accumulate(len(span.spoken) for span in spans)][:-1]
    found = list(_UNIT.finditer(spoken))
    sounds = _sounds(spoken, language)
    return [
        _Unit(
            _folded(match[0]),
            _written(match.start(), starts, spans, text)[0],
            _written(match.end() - 1, starts, spans, text)[1],
            sounds.get(match.start()) or _folded(match[0]),
        )
        for match in found
    ]


def _written(place: int, starts: Sequence[int], spans: Sequence[Span], text: str) -> tuple[int, int]:
    """Return the written range of a spoken character: that character, or all that was said otherwise."""
    index = bisect.bisect_right(starts, place) - 1
    span = spans[index]
    if span.spoken != text[span.start : span.end]:
        return span.start, span.end
    start = span.start + place - starts[index]
    return start, start + 1


def _folded(word: str) -> str:
    return unicodedata.normalize("NFKC", _ACCENTS.sub("", unicodedata.normalize("NFKD", word.casefold())))


def _sounds(spoken: str, language: str) -> dict[int, str]:
    """Return by their places how characters and words sound that a dictionary knows."""
    found: dict[int, str] = {}
    if language in _READ_ALOUD:
        for run in _HAN_RUN.finditer(spoken):
            found |= dict(zip(range(run.start(), run.end()), _pinyin(run[0]), strict=True))
        for match in _UNIT.finditer(spoken):
            if match[0].isascii() and (sound := _english(match[0].replace("’", "'").lower())):
                found[match.start()] = sound
    return found


def _pinyin(run: str) -> list[str]:
    """Return a syllable with its tone for each Chinese character, by the words around it; of traditional ones too."""
    from pypinyin import Style, lazy_pinyin  # its dictionaries, which only Chinese needs

    # A list takes the place of what no dictionary knows, as its documentation says and its types do not.
    one_by_one = cast(Callable[[str], str], list)
    return lazy_pinyin(run, style=Style.TONE3, neutral_tone_with_five=True, errors=one_by_one)


@functools.lru_cache(maxsize=8192)
def _english(word: str) -> str:
    """Return how a word is said, whether it is written in the British or in the American way."""
    lookup = _dictionary().readings
    for spelling in (word, _BRITISH_ISE.sub("iz", word)):
        if readings := lookup(spelling) or inflected(spelling, lookup, _ACCENT):
            return unstressed(readings[DEFAULT])
    return ""


@functools.cache
def _dictionary() -> Dictionary:
    return Dictionary(_ACCENT)


@dataclass(frozen=True, slots=True)
class _Block:
    """Neighbours that differ; one side may be empty."""

    said: tuple[_Unit, ...]
    heard: tuple[_Unit, ...]
    missing: tuple[_Unit, ...]
    """Of those that were said, the ones in whose place nothing was heard."""


def _differences(said: Sequence[_Unit], heard: Sequence[_Unit]) -> Iterator[_Block]:
    for is_same, run in itertools.groupby(_aligned(said, heard), key=lambda pair: _are_same(*pair)):
        if is_same:
            continue
        pairs = list(run)
        block = _Block(
            tuple(itertools.chain.from_iterable(left for left, _ in pairs)),
            tuple(itertools.chain.from_iterable(right for _, right in pairs)),
            tuple(itertools.chain.from_iterable(left for left, right in pairs if not right)),
        )
        if not _are_same(block.said, block.heard):  # letters may be heard as a word: N A S A
            yield block


def _are_same(said: Sequence[_Unit], heard: Sequence[_Unit]) -> bool:
    """Tell whether words are written or sound the same; where they end does not matter."""
    if len(said) == len(heard) == 1:
        return said[0].folded == heard[0].folded or _sound_alike(said[0].sound, heard[0].sound)
    return any(
        "".join(getattr(unit, side) for unit in said) == "".join(getattr(unit, side) for unit in heard)
        for side in ("folded", "sound")
    )


def _sound_alike(one: str, other: str) -> bool:
    """Compare two sounds; a syllable without a tone may stand for one with any (说得 and 说的)."""
    return one == other or (one[:-1] == other[:-1] and _NO_TONE in (one[-1:], other[-1:]))


def _aligned(said: Sequence[_Unit], heard: Sequence[_Unit]) -> list[tuple[Sequence[_Unit], Sequence[_Unit]]]:
    """Pair what was said with what was heard in its place, by the fewest changes.

    Levenshtein's distance (1965), with one step more: two words are as good as the one that they are together.
    """
    # The cost of each pair of beginnings, and the step that led there; lines have some dozen words.
    costs = [[0] * (len(heard) + 1) for _ in range(len(said) + 1)]
    steps: dict[tuple[int, int], tuple[int, int]] = {}
    for left in range(len(said) + 1):
        for right in range(len(heard) + 1):
            reached = [
                (costs[left - rows][right - columns] + cost, (rows, columns))
                for rows, columns in _STEPS
                if rows <= left and columns <= right
                for cost in _cost(said[left - rows : left], heard[right - columns : right])
            ]
            if reached:
                costs[left][right], steps[left, right] = min(reached, key=lambda way: way[0])
    pairs: list[tuple[Sequence[_Unit], Sequence[_Unit]]] = []
    left, right = len(said), len(heard)
    while left or right:
        rows, columns = steps[left, right]
        pairs.append((said[left - rows : left], heard[right - columns : right]))
        left, right = left - rows, right - columns
    return pairs[::-1]


def _cost(said: Sequence[_Unit], heard: Sequence[_Unit]) -> tuple[int, ...]:
    """Return the errors of a step; nothing where it is none."""
    if said and heard and _are_same(said, heard):
        return (0,)
    return () if len(said) + len(heard) > len(_STEPS[0]) else (1,)


def _lost(text: str, said: Sequence[_Unit], blocks: Sequence[_Block]) -> list[tuple[int, int]]:
    """Return the written ranges of the sentences that nobody can have understood."""
    differing = {unit.start for block in blocks for unit in block.said}
    missing = {unit.start for block in blocks for unit in block.missing}
    found = []
    ends = list(itertools.accumulate(map(len, sentences(text))))
    for start, end in zip([0, *ends], ends, strict=False):
        units = [unit for unit in said if start <= unit.start < end]
        absent = sum(unit.start in missing for unit in units)
        understood = sum(unit.start not in differing for unit in units)
        is_absent = len(units) >= _FEWEST_LOST and 2 * absent > len(units)
        is_garbled = len(units) >= _FEWEST_GARBLED and understood < _UNDERSTOOD * len(units)
        if is_absent or is_garbled:
            found.append((start, end))
    return found
