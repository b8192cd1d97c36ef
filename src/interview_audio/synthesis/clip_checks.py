"""Whether a sound can be what its utterance says, and how the utterance is spoken again if it cannot.

That is told by the samples and by the engine's own word times: nothing here understands speech. What is found is what
goes wrong with voices that machines make: silence, a gap, an overdriven sound, an end that is cut off, words that go on
after the last one, and a length that no voice has. Then the utterance is spoken once more or in two parts, and last of
all a little slower.

The limits lie well beyond what 300 clips of Kokoro, of edge and of the test tones are like (docs/speech.md).
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from xml.sax.saxutils import escape

import numpy as np
from numpy.typing import NDArray

from interview_audio.engines.durations import audible_range, estimate_seconds, shortest_seconds
from interview_audio.engines.protocol import Engine, Speech, SpokenWord, Stretch, Utterance, Varying
from interview_audio.engines.utterance_pieces import SpokenPiece, cut_text, join_pieces
from interview_audio.normalization.pronunciations import find_pronunciations
from interview_audio.synthesis.clips import SLOWEST
from interview_audio.text.characters import has_letter_or_digit
from interview_audio.text.units import shortened

_FRAME_SECONDS = 0.01
"""Sound in it makes a whole frame audible: it is longer than a period of the lowest voice."""
_SILENT_SWING = 200
"""A clip is silent if no frame swings so far between its lowest and its highest sample: -50 dBFS."""
_AUDIBLE_SHARE = 0.01
"""Part of the widest swing from which a frame counts as sound: 40 dB below the loudest."""
_AUDIBLE_SWING = 40
"""Swing at least of a frame that is heard, however quiet the rest is."""
_CLOCK_ERROR = 1e-3
"""Seconds by which word times may leave the clip: engines round them to milliseconds."""

_FLAT_RUN = 3
"""So many samples in a row at the peak, and the top of the wave is cut off there."""
_OVERDRIVEN_PEAK = 16384
"""Only from half of full scale on: a quiet wave of few steps has flat tops of its own."""
_MAX_FLAT_SHARE = 0.001
"""Part of the samples that may lie on flat tops: one plosive that is too loud is not heard."""

_MAX_GAP_SECONDS = 0.7
"""Silence at most between two words, and inside one; Kokoro's longest, at a mark, was 0.59."""
_MAX_PAUSE_SECONDS, _MAX_LONG_PAUSE_SECONDS = 1.4, 2.4
"""Silence at most at a mark or, beside a Chinese character, a space; and at a dash, an ellipsis or a line break."""
_CLOCK_SLACK, _CLOCK_SLACK_SHARE = 0.1, 0.03
"""Seconds, and part of the clip, by which word times may be wrong: some engines only estimate them."""
_MAX_EXTRA_SECONDS = 0.8
"""Sound at most before the first word and after the last: a breath."""
_MAX_TAIL_SECONDS = 1.5
"""The last word may end so long after the last sound: Kokoro counts the pause at a full stop, up to 1.06."""
_ABRUPT_SHARE, _ABRUPT_SECONDS = 0.12, 0.05
"""Speech dies away: a last frame that is so loud, so long before the end of the last word, is an end cut off.

Kokoro's last frame has at most 0.065 of the widest swing.
"""
_MIN_LAST_WORD_SECONDS, _LAST_WORD_DRIFT = 0.04, 0.15
"""So much is heard of the last word at least, where nothing but zeros follows. Where a voice dies away, one word in 200
was timed a little later than it is heard: 0.025 s less of Kokoro's "it".
"""
_MAX_UNTIMED_SECONDS = 0.6
"""So much of a text, as estimated, may follow its last word that has a time: engines drop what they cannot say."""

_STOP_SECONDS = 0.2
"""Silence that belongs to a word, as before a ``p`` or ``t``; what is longer is a pause, and not counted as speech."""
_MIN_SHARE = 0.45
"""Speech takes at least this part of what its text is estimated to take: Kokoro's takes 0.81 or more."""
_MAX_SHARE, _MAX_SHARE_ELSEWHERE = {"zh": 1.7, "en": 1.75}, 2.5
"""It takes at most so many times as long, by language: Kokoro's takes up to 1.21 and 1.31."""
_SLACK_SECONDS = 0.8
"""More that it may take: a word alone is said slowly."""
_SECONDS_PER_DIGIT, _SECONDS_PER_SPELT, _SECONDS_PER_SIGN = 0.15, 0.35, 0.7
"""More that figures, capitals that are spelt and signs may take: ``1,000``, ``IBM``, ``%``."""

_CUT_OFF = "a sound that is cut off"

_SPELT = re.compile(r"[A-Z](?![a-z])")
_SIGN = re.compile(r"[^\w\s.,;:!?…'\"’‘“”«»()\[\]{}—–。，、；：！？（）「」『』《》〈〉【】·-]")
_ASIDE = re.compile(r"\[[^\[\]]*\]|<[^<>]*>|\([^()]*\)|（[^（）]*）")
"""What an engine may pass over: a footnote mark, markup, a reference."""
_LONG_BREAK = re.compile(r"[…—\n]|\.\.\.|--|。。")
_BREAK = re.compile(r"[^\w\s'’-]|\n|(?:^|\s)-|-(?:\s|$)|(?<=[\u2e80-\U000323af])\s|\s(?=[\u2e80-\U000323af])")
"""What a voice pauses at."""


@dataclass(frozen=True, slots=True)
class _Sound:
    """What can be heard of a clip, in frames."""

    swing: NDArray[np.int32]
    """From the lowest to the highest sample of each frame."""
    audible: NDArray[np.int64]
    """The frames that can be heard, in order; at least one."""

    @property
    def start(self) -> float:
        """Seconds at which it begins to be heard."""
        return float(self.audible[0]) * _FRAME_SECONDS

    @property
    def end(self) -> float:
        """Seconds at which it was heard last."""
        return float(self.audible[-1] + 1) * _FRAME_SECONDS


def find_fault(speech: Speech, utterance: Utterance) -> str:
    """Say what is wrong with the sound of an utterance, in a few words; empty where nothing is.

    Linear in the samples: 3 ms for a minute of speech.
    """
    if fault := find_unusable(speech, utterance):
        return fault
    if _is_overdriven(speech.samples):
        return "overdriven sound"
    swing = _swing(speech)
    sound = _Sound(swing, np.flatnonzero(swing >= max(_AUDIBLE_SWING, _AUDIBLE_SHARE * int(swing.max()))))
    slowest = min([utterance.rate, *(one.rate * utterance.rate for one in utterance.stretches), 1.0])
    return (
        _wrong_ends(sound, speech.words, slowest)
        or _untimed_end(speech, utterance.text)
        or _long_silence(sound, speech.words, utterance.text, slowest)
        or _wrong_length(sound, speech, utterance, slowest)
    )


def find_unusable(speech: Speech, utterance: Utterance) -> str:
    """Say why a sound cannot be a clip at all, whatever a user thinks of it: silence, or impossible word times."""
    if not speech.samples.size:
        return "no sound"
    if int(_swing(speech).max()) < _SILENT_SWING:
        return "silence"
    length = speech.samples.size / speech.sample_rate + _CLOCK_ERROR
    clock, at = 0.0, 0
    for word in speech.words:
        first, last = word.written
        is_in_order = clock - _CLOCK_ERROR <= word.start <= word.end
        if not (is_in_order and at <= first < last <= len(utterance.text)):
            return "impossible word times"
        if word.end > length:
            return _CUT_OFF
        clock, at = word.start, last
    return ""


def _swing(speech: Speech) -> NDArray[np.int32]:
    frame = max(1, round(_FRAME_SECONDS * speech.sample_rate))
    frames = np.pad(speech.samples, (0, -speech.samples.size % frame), mode="edge")
    frames = frames.reshape(-1, frame)
    return np.asarray(frames.max(axis=1).astype(np.int32) - frames.min(axis=1))


def _is_overdriven(samples: NDArray[np.int16]) -> bool:
    flat = 0
    for peak in (int(samples.max()), int(samples.min())):
        if abs(peak) < _OVERDRIVEN_PEAK:
            continue
        at_peak = np.flatnonzero(samples == peak)
        edges = np.flatnonzero(np.diff(at_peak) > 1) + 1
        runs = np.diff([0, *edges, at_peak.size])
        flat += int(runs[runs >= _FLAT_RUN].sum())
    return flat > max(_MAX_FLAT_SHARE * samples.size, 2 * _FLAT_RUN)


def _wrong_ends(sound: _Sound, words: tuple[SpokenWord, ...], slowest: float) -> str:
    if not words:
        return ""
    first, last = words[0], words[-1]
    if _is_cut_off(sound, last, slowest):
        return _CUT_OFF
    if sound.end - last.end > _MAX_EXTRA_SECONDS:
        return f"{sound.end - last.end:.1f} s of sound after its last word"
    if first.start - sound.start > _MAX_EXTRA_SECONDS:
        return f"{first.start - sound.start:.1f} s of sound before its first word"
    return ""


def _is_cut_off(sound: _Sound, last: SpokenWord, slowest: float) -> bool:
    """Tell whether the end of the last word is missing: it dies away in speech, and noise remains after it."""
    end = int(sound.audible[-1])
    if last.end - sound.end > _ABRUPT_SECONDS and sound.swing[end] > _ABRUPT_SHARE * sound.swing.max():
        return True
    heard = sound.end - last.start
    is_dead = not sound.swing[end + 1 :].any()
    least = min(_MIN_LAST_WORD_SECONDS, (last.end - last.start) / 2) if is_dead else -_LAST_WORD_DRIFT
    return heard < least or last.end - sound.end > _MAX_TAIL_SECONDS / slowest


def _untimed_end(speech: Speech, text: str) -> str:
    """Find words at the end of the text that no word time reaches."""
    rest = _without(text[speech.words[-1].written[1] :], speech.unspoken) if speech.words else ""
    return f"nothing of {shortened(rest.strip())!r}" if shortest_seconds(rest) > _MAX_UNTIMED_SECONDS else ""


def _long_silence(sound: _Sound, words: tuple[SpokenWord, ...], text: str, slowest: float) -> str:
    """Judge each silence by what is written where it is heard, give or take what word times may be wrong by."""
    steps = np.diff(sound.audible)
    for index in np.flatnonzero(steps * _FRAME_SECONDS * slowest > _MAX_GAP_SECONDS):
        start = float(sound.audible[index] + 1) * _FRAME_SECONDS
        end = float(sound.audible[index + 1]) * _FRAME_SECONDS
        slack = _CLOCK_SLACK + _CLOCK_SLACK_SHARE * sound.end
        before = [word for word in words if word.end <= start - slack]
        after = [word for word in words if word.start >= end + slack]
        around = text[before[-1].written[0] if before else 0 : after[0].written[1] if after else len(text)]
        if (end - start) * slowest > _longest_silence(around.strip()):
            return f"{end - start:.1f} s of silence {_place(words, text, (start + end) / 2)}"
    return ""


def _longest_silence(around: str) -> float:
    if _LONG_BREAK.search(around):
        return _MAX_LONG_PAUSE_SECONDS
    return _MAX_PAUSE_SECONDS if _BREAK.search(around) else _MAX_GAP_SECONDS


def _place(words: tuple[SpokenWord, ...], text: str, time: float) -> str:
    earlier = [word for word in words if (word.start + word.end) / 2 <= time]
    return f"after {shortened(text[slice(*earlier[-1].written)])!r}" if earlier else "inside it"


def _wrong_length(sound: _Sound, speech: Speech, utterance: Utterance, slowest: float) -> str:
    steps = np.diff(sound.audible)
    longest = round(_STOP_SECONDS / _FRAME_SECONDS) + 1
    seconds = float(1 + steps[steps <= longest].sum() + (steps > longest).sum()) * _FRAME_SECONDS
    least, most = _band(utterance, speech.unspoken, slowest)
    if least <= seconds <= most:
        return ""
    return f"{seconds:.1f} s of speech where {least:.1f} to {most:.1f} s can be right"


def _band(utterance: Utterance, unspoken: tuple[str, ...], slowest: float) -> tuple[float, float]:
    """Return the seconds of speech, without pauses, that an utterance may take.

    A rate only widens them: not every engine follows it.
    """
    fastest = max([utterance.rate, *(one.rate * utterance.rate for one in utterance.stretches), 1.0])
    texts = (utterance.text, _spoken(utterance))
    share = _MAX_SHARE.get(utterance.language, _MAX_SHARE_ELSEWHERE)
    least = min(shortest_seconds(_without(text, unspoken)) for text in texts)
    most = max(share * estimate_seconds(text) + _extra_seconds(text) for text in texts)
    return _MIN_SHARE * least / fastest, (most + _SLACK_SECONDS) / slowest


def _spoken(utterance: Utterance) -> str:
    """Return the words that are sent: pronunciations in the place of what is written, and what stretches say."""
    found = find_pronunciations(utterance.text, utterance.pronunciations)
    replaced = [(one.start, one.end, one.spoken) for one in found]
    replaced += [(one.start, one.end, one.say) for one in utterance.stretches if one.say]
    text = utterance.text
    for start, end, spoken in sorted(replaced, reverse=True):
        text = text[:start] + spoken + text[end:]
    return text


def _without(text: str, unspoken: tuple[str, ...]) -> str:
    """Return a text without what is not said of it."""
    for one in unspoken:
        text = text.replace(one, "")
    return _ASIDE.sub("", text)


def _extra_seconds(text: str) -> float:
    digits = sum(map(str.isdigit, text))
    return (
        digits * _SECONDS_PER_DIGIT
        + len(_SPELT.findall(text)) * _SECONDS_PER_SPELT
        + len(_SIGN.findall(text)) * _SECONDS_PER_SIGN
    )


_SLOWER = 0.97
"""Of the rate: other samples altogether, and nobody hears that it is slower."""
_FIRST_PART = 0.7
"""Of a text that is cut in two, at most: at a mark between 35 and 70 in 100 of it."""


@dataclass(frozen=True, slots=True)
class Part:
    """What an engine is asked for at once: an utterance, or the half of one."""

    start: int
    """Where its text begins in that of the utterance."""
    utterance: Utterance


def ways_to_speak(engine: Engine, utterance: Utterance) -> Iterator[tuple[Part, ...]]:
    """Yield an utterance as it is, and then otherwise, each time for where the sound of the last one was wrong.

    An engine that varies says it once more; another one would give the same samples, and is asked for two parts where
    the text has a mark between them. Last of all, every engine speaks 3 % slower.
    """
    yield (Part(0, utterance),)
    if isinstance(engine, Varying) and engine.varies:
        yield (Part(0, utterance),)
    elif parts := cut_in_two(utterance):
        yield parts
    slower = utterance.rate * _SLOWER
    yield (Part(0, replace(utterance, rate=round(slower if slower >= SLOWEST else utterance.rate / _SLOWER, 4))),)


def cut_in_two(utterance: Utterance) -> tuple[Part, ...]:
    """Cut an utterance at the best mark near its middle; empty where there is none between words."""
    text = utterance.text
    cut = next(cut_text(text, round(_FIRST_PART * len(escape(text).encode()))), (0, 0))[1]
    before = text[:cut].rstrip()
    is_at_mark = bool(before) and not (before[-1].isalnum() or before[-1] in "'’-")
    has_words = has_letter_or_digit(text[:cut]) and has_letter_or_digit(text[cut:])
    if not (is_at_mark and has_words) or any(one.start < cut < one.end for one in utterance.stretches):
        return ()
    return _part(utterance, 0, cut), _part(utterance, cut, len(text))


def _part(utterance: Utterance, start: int, end: int) -> Part:
    stretches = tuple(_moved(one, start) for one in utterance.stretches if start <= one.start and one.end <= end)
    return Part(start, replace(utterance, text=utterance.text[start:end], stretches=stretches))


def _moved(stretch: Stretch, by: int) -> Stretch:
    return replace(stretch, start=stretch.start - by, end=stretch.end - by)


def join_parts(parts: Sequence[Part], spoken: Sequence[Speech]) -> Speech:
    """Return the sounds of the parts of an utterance as one; an only one stays as it is."""
    first = spoken[0]
    if len(spoken) == 1:
        return first
    pieces = [_piece(part.start, speech) for part, speech in zip(parts, spoken, strict=True)]
    samples, words = join_pieces(pieces, first.sample_rate)
    unspoken = tuple(dict.fromkeys(one for speech in spoken for one in speech.unspoken))
    return Speech(samples, first.sample_rate, tuple(words), unspoken, first.made_by)


def _piece(start: int, speech: Speech) -> SpokenPiece:
    audible = audible_range(speech.samples, speech.sample_rate)

    def inside(time: float) -> float:  # the silence around a part is trimmed, and with it the times that reach into it
        return min(max(time, audible[0]), audible[1])

    words = [
        SpokenWord(inside(word.start), inside(word.end), (word.written[0] + start, word.written[1] + start))
        for word in speech.words
    ]
    return SpokenPiece(speech.samples, words, audible)
