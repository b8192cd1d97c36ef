"""The sound of a timeline as a stream of blocks of samples: edited clips at one rate, silence, and music.

A clip is cut to its sound, faded at both ends and lowered to its speaker's level by pydub; never raised, as 16 bits
would be clipped: speakers are lowered to the quietest of them, and mastering raises the episode in floating point.
Where a part of it is to be louder, the whole has been lowered before, and so has everybody else.

Music is lowered (ducked) for speech without listening to it: when somebody speaks is known beforehand, so that the
music is down before the first word. A music file is decoded while it is heard, so that ten hours take no more memory
than one.
"""

import warnings
from collections import deque
from collections.abc import Generator, Iterable, Iterator
from contextlib import closing

import av
import numpy as np
from numpy.typing import NDArray

from interview_audio.production.loudness import GainCurve, Levels, volume_curve
from interview_audio.production.music import play, repeat
from interview_audio.production.timeline import MusicPlacement, Placement, Timeline
from interview_audio.synthesis.clip_file import read_samples

# pydub looks for an ffmpeg when it is imported and warns where there is none; nothing here would run one.
with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    from pydub import AudioSegment

_FADE = 0.005
"""Seconds of fade at each end of a clip: what is left at a trimmed edge would click."""

_SAMPLE_WIDTH = 4
_WIDENING = 16
"""Bits from a clip's 16 to the 32 in which gain and fades lose nothing."""
# pydub counts in milliseconds and rounds to them; of a segment that claims 1,000 frames a second, they are our samples.
_FRAMES_A_MILLISECOND = 1000

_ATTACK = 0.6
"""Seconds in which music goes down; it is down when the first word begins."""
_HOLD = 0.3
"""Seconds that it stays down after the last word."""
_RELEASE = 1.5
"""Seconds in which it comes up again."""
_LONGEST_GAP = 3.0
"""Seconds of a pause in speech in which it would not be worth coming up: music that rises between lines pumps."""

_Span = tuple[int, int]


def speech_spans(placements: Iterable[Placement], sample_rate: int) -> list[_Span]:
    """Return when somebody speaks, short pauses included: first sample and one past the last."""
    longest = round(_LONGEST_GAP * sample_rate)
    spans: list[_Span] = []
    for placed in placements:
        if spans and placed.start - spans[-1][1] <= longest:
            spans[-1] = spans[-1][0], placed.end
        else:
            spans.append((placed.start, placed.end))
    return spans


def duck(placement: MusicPlacement, spans: Iterable[_Span], sample_rate: int) -> GainCurve:
    """Compute the gain of a piece, in LU relative to speech, that is lowered where these spans of speech meet it.

    Speech that begins after its end, as after a sting, does not change it.
    """
    volume, ducked = placement.piece.music.volume, placement.piece.music.ducked
    attack, hold, release = (round(seconds * sample_rate) for seconds in (_ATTACK, _HOLD, _RELEASE))
    points: list[tuple[int, float]] = []
    for start, end in spans:
        if start < placement.end and placement.start < end:
            points += [(start - attack, volume), (start, ducked), (end + hold, ducked), (end + hold + release, volume)]
    positions, gains = zip(*points or [(placement.start, volume)], strict=True)
    return GainCurve(positions, gains)


def music_gain(placement: MusicPlacement, ducking: GainCurve, positions: NDArray[np.int64]) -> NDArray[np.float64]:
    """Return the factor for a piece at these samples of the timeline, relative to being as loud as speech."""
    gain = 10 ** (ducking.at(positions) / 20)
    gain *= _rise(positions - placement.start, placement.fade_in)
    gain *= _rise(placement.end - 1 - positions, placement.fade_out)
    return np.asarray(gain)


def _rise(since: NDArray[np.int64], length: int) -> NDArray[np.float64]:
    """Return a raised cosine from 0 to 1 over ``length`` samples, at these samples of it."""
    if not length:
        return np.ones(len(since))
    return np.asarray(0.5 - 0.5 * np.cos(np.pi * np.clip(since / length, 0, 1)))


Samples = NDArray[np.float32]


def add_music(blocks: Iterable[Samples], timeline: Timeline, speech_loudness: float) -> Iterator[Samples]:
    """Add music to blocks that follow one another from the timeline's first sample; they are changed in place.

    Args:
        blocks: Mono speech.
        timeline: Where the music is.
        speech_loudness: Of the blocks' speech, in LUFS, mono counted once: what the music's levels are relative to.

    Raises:
        ConfigurationError: A music file is not what it was when it was opened.
    """
    spans = speech_spans(timeline.placements, timeline.sample_rate)
    waiting = deque(timeline.music)
    playing: list[_Track] = []
    position = 0
    for block in blocks:
        end = position + len(block)
        while waiting and waiting[0].start < end:
            placement = waiting.popleft()
            ducking = duck(placement, spans, timeline.sample_rate)
            playing.append(_Track(placement, ducking, timeline.sample_rate, speech_loudness))
        for track in playing:
            track.add_to(block, position)
        playing = [track for track in playing if track.placement.end > end]
        position = end
        yield block


class _Track:
    """A piece that is being heard."""

    def __init__(self, placement: MusicPlacement, ducking: GainCurve, sample_rate: int, speech_loudness: float) -> None:
        self.placement = placement
        self._ducking = ducking
        self._as_loud_as_speech = 10 ** ((speech_loudness - placement.piece.loudness) / 20)
        self._samples = _reader(placement, sample_rate)
        next(self._samples)

    def add_to(self, block: Samples, position: int) -> None:
        """Add what is heard in a block that starts at this sample of the timeline."""
        first = max(self.placement.start, position)
        last = min(self.placement.end, position + len(block))
        if first >= last:
            return
        gain = self._as_loud_as_speech * music_gain(self.placement, self._ducking, np.arange(first, last))
        block[first - position : last - position] += self._samples.send(last - first) * gain.astype(np.float32)


def _reader(placement: MusicPlacement, sample_rate: int) -> Generator[Samples, int, None]:
    """Yield as many samples of the piece as are asked for by sending; silence after its end."""
    piece = placement.piece
    made = repeat(piece, sample_rate) if placement.kind == "bed" else play(piece, sample_rate)
    with closing(made):
        rest = np.zeros(0, np.float32)
        wanted = yield rest
        while True:
            parts = [rest]
            missing = wanted - len(rest)
            while missing > 0:
                part = next(made, None)
                if part is None:
                    part = np.zeros(missing, np.float32)
                parts.append(part)
                missing -= len(part)
            samples = np.concatenate(parts)
            rest = samples[wanted:]
            wanted = yield samples[:wanted]


def mix(timeline: Timeline, levels: Levels, speech_loudness: float) -> Iterator[NDArray[np.float32]]:
    """Yield the episode's sound before its own gain, ``timeline.length`` samples in all.

    Args:
        timeline: What is where.
        levels: The speakers' gains; the episode's is left to mastering.
        speech_loudness: Of the levelled speech, in LUFS, mono counted once: music is relative to it.

    Raises:
        StoreError: A clip cannot be read.
        ConfigurationError: A music file is not what it was when it was opened.
    """
    speech = _speech(timeline, levels)
    return add_music(speech, timeline, speech_loudness) if timeline.music else speech


def _speech(timeline: Timeline, levels: Levels) -> Iterator[NDArray[np.float32]]:
    block = timeline.sample_rate
    position = 0
    for placement in timeline.placements:
        yield from _silence(placement.start - position, block)
        sound = _sound(placement, levels, timeline.sample_rate)
        yield from (sound[start : start + block] for start in range(0, len(sound), block))
        position = placement.end
    yield from _silence(timeline.length - position, block)


def _silence(length: int, block: int) -> Iterator[NDArray[np.float32]]:
    for start in range(0, length, block):
        yield np.zeros(min(block, length - start), np.float32)


def _sound(placement: Placement, levels: Levels, sample_rate: int) -> NDArray[np.float32]:
    clip, gain = placement.clip, levels.gain_of(placement.line)
    edited = edit_clip(read_samples(clip.path), (clip.onset, clip.offset), gain, clip.sample_rate)
    if curve := volume_curve(placement.line, clip):
        seconds = np.arange(clip.onset, clip.offset) / clip.sample_rate
        edited = np.clip(np.rint(edited * 10 ** (curve.at(seconds) / 20)), -(2.0**31), 2.0**31 - 1).astype(np.int32)
    sound = np.zeros(placement.end - placement.start, np.float32)
    # What the resampler makes may differ from the place by a sample.
    resampled = _resampled(edited, clip.sample_rate, sample_rate)[: len(sound)]
    sound[: len(resampled)] = resampled
    return sound


def edit_clip(
    samples: NDArray[np.int16], sounding: tuple[int, int], gain: float, sample_rate: int
) -> NDArray[np.int32]:
    """Trim, fade and lower a clip.

    Args:
        samples: Mono clip, untrimmed.
        sounding: First sample to keep, and one past the last.
        gain: In dB, not above 0.
        sample_rate: In Hz.

    Returns:
        ``sounding[1] - sounding[0]`` samples of 32 bits, full scale at 2 ** 31.

    Raises:
        ValueError: The gain is positive.
    """
    if gain > 0:
        raise ValueError(f"a clip can only be made quieter, not louder: {gain} dB")
    onset, offset = sounding
    segment = AudioSegment(
        (samples.astype("<i4") << _WIDENING).tobytes(),
        sample_width=_SAMPLE_WIDTH,
        frame_rate=_FRAMES_A_MILLISECOND,
        channels=1,
    )[onset:offset].apply_gain(gain)
    fade = min(round(_FADE * sample_rate), (offset - onset) // 2)
    if fade:
        segment = segment.fade_in(fade).fade_out(fade)
    return np.frombuffer(segment.raw_data, "<i4")


def _resampled(samples: NDArray[np.int32], source_rate: int, target_rate: int) -> NDArray[np.float32]:
    resampler = av.AudioResampler(format="flt", layout="mono", rate=target_rate)
    parts: list[av.AudioFrame] = []
    # By the second: a frame as long as the clip would leave the processor's cache, and take half as long again.
    for start in range(0, len(samples), source_rate):
        part = samples[np.newaxis, start : start + source_rate]
        frame = av.AudioFrame.from_ndarray(part, format="s32", layout="mono")
        frame.sample_rate = source_rate
        parts += resampler.resample(frame)
    parts += resampler.resample(None)
    return np.concatenate([part.to_ndarray()[0] for part in parts]) if parts else np.zeros(0, np.float32)
