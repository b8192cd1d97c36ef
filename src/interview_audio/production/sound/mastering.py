"""The episode at its loudness and under its ceiling: written, measured as decoded, and mended if it is off."""

import math
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path

import av

from interview_audio.configuration.settings import Sound
from interview_audio.production.containers.container import Tags, container_of
from interview_audio.production.sound.filtering import filter_stream
from interview_audio.production.sound.levels import Levels
from interview_audio.production.sound.metering import Loudness, measure_episode
from interview_audio.production.sound.mixing import mix
from interview_audio.production.sound.read_ahead import read_ahead
from interview_audio.production.timeline import Timeline

TRUE_PEAK_LIMIT = -1.0
"""dBTP that the decoded episode must not exceed."""

_CODEC_OVERSHOOT = 1.0
_LOUDNESS_TOLERANCE = 0.5
_CEILING_STEP = 0.2
_MOST_ATTEMPTS = 4
_ATTEMPTS_AT_LOUDNESS = 2
_SILENT = -69.9
# The limiter sees samples, not the peaks between them. At this rate a 24 kHz voice is oversampled nearly twice, which
# leaves less between them than the room for the codec; four times would cost a tenth of the encoding and gain 0.1 dB.
_LIMITER_RATE = 44100


@dataclass(frozen=True, slots=True)
class _Mastering:
    """What is done to the joined sound."""

    gain: float
    """dB."""
    ceiling: float
    """dBTP before the encoder."""


def master_episode(
    timeline: Timeline,
    levels: Levels,
    sound: Sound,
    tags: Tags,
    path: Path,
    on_progress: Callable[[float], None] | None = None,
) -> Loudness:
    """Write a timeline as a finished file, check it as decoded, and mend it if it is off.

    Args:
        timeline: What stands where.
        levels: The gains.
        sound: Target loudness, format, bit rate and output rate.
        tags: What the file says beside its chapters.
        path: The file to write.
        on_progress: Called with the part done, from 0 to 1; starts again if the episode has to be encoded again.

    Returns:
        What the decoded file measures.

    Raises:
        StoreError: A clip cannot be read.
        OSError: The file cannot be written.
    """
    container = container_of(sound)
    correction = -container.added_gain(sound)
    mastering = _Mastering(levels.episode + correction, TRUE_PEAK_LIMIT - _CODEC_OVERSHOOT + correction)
    for attempt in range(1, _MOST_ATTEMPTS + 1):
        with closing(read_ahead(_mastered(timeline, levels, mastering))) as frames:
            counted = frames if on_progress is None else _reporting(frames, timeline.length, on_progress)
            container.write(counted, sound, tags, timeline, path)
        measured = measure_episode(path)
        error = sound.loudness - measured.integrated if measured.integrated > _SILENT else 0.0
        if measured.true_peak > TRUE_PEAK_LIMIT:
            lower = measured.true_peak - TRUE_PEAK_LIMIT + attempt * _CEILING_STEP
            mastering = replace(mastering, ceiling=mastering.ceiling - lower)
        elif abs(error) > _LOUDNESS_TOLERANCE and attempt <= _ATTEMPTS_AT_LOUDNESS:
            mastering = replace(mastering, gain=mastering.gain + error)
        else:
            break
    return measured


def _mastered(timeline: Timeline, levels: Levels, mastering: _Mastering) -> Iterator[av.AudioFrame]:
    oversampling = math.ceil(_LIMITER_RATE / timeline.sample_rate)
    ceiling = 10 ** (mastering.ceiling / 20)
    filters = [
        ("volume", f"{mastering.gain:.4f}dB"),
        ("alimiter", f"limit={ceiling:.6f}:level=false:attack=5:release=50:latency=true"),
        ("aresample", str(timeline.sample_rate)),
        ("aformat", "sample_fmts=fltp:channel_layouts=mono"),
    ]
    blocks = mix(timeline, levels, oversampling)
    return filter_stream(blocks, timeline.sample_rate * oversampling, filters)


def _reporting(
    frames: Iterator[av.AudioFrame], length: int, on_progress: Callable[[float], None]
) -> Iterator[av.AudioFrame]:
    done = 0
    for frame in frames:
        yield frame
        done += frame.samples
        on_progress(done / length)
