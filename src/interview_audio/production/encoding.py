"""The MP3 without its tag: the timeline's sound at its loudness, under its ceiling, in a constant bit rate."""

import io
import math
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path
from typing import BinaryIO

import av
import numpy as np
from numpy.typing import NDArray

from interview_audio.configuration.settings import Sound
from interview_audio.production.filtering import filter_stream
from interview_audio.production.joining import join_clips
from interview_audio.production.levels import Levels
from interview_audio.production.metering import Loudness, measure_episode
from interview_audio.production.read_ahead import read_ahead
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
_PROBE_SECONDS = 1


@dataclass(frozen=True, slots=True)
class _Mastering:
    """What is done to the joined sound."""

    gain: float
    """dB."""
    ceiling: float
    """dBTP before the encoder."""


def encode_episode(
    timeline: Timeline, levels: Levels, sound: Sound, path: Path, on_progress: Callable[[float], None] | None = None
) -> Loudness:
    """Write the sound of a timeline as an MP3 without a tag, check it as decoded, and mend it if it is off.

    Args:
        timeline: What stands where.
        levels: The gains.
        sound: Target loudness, bit rate and output rate.
        path: The file to write.
        on_progress: Called with the part done, from 0 to 1; starts again if the episode has to be encoded again.

    Returns:
        What the decoded file measures.

    Raises:
        StoreError: A clip cannot be read.
        OSError: The file cannot be written.
    """
    correction = -_encoder_gain(sound)
    mastering = _Mastering(levels.episode + correction, TRUE_PEAK_LIMIT - _CODEC_OVERSHOOT + correction)
    for attempt in range(1, _MOST_ATTEMPTS + 1):
        _write(timeline, levels, sound, mastering, path, on_progress)
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


def _write(
    timeline: Timeline,
    levels: Levels,
    sound: Sound,
    mastering: _Mastering,
    path: Path,
    on_progress: Callable[[float], None] | None,
) -> None:
    with closing(read_ahead(_mastered(timeline, levels, mastering))) as frames:
        counted = frames if on_progress is None else _reporting(frames, timeline.length, on_progress)
        # By name: to a file that Python has opened, libavformat loses the first of several errors. The prefix keeps a
        # colon in a name from being read as a protocol.
        _encode(counted, sound, f"file:{path}")


def _mastered(timeline: Timeline, levels: Levels, mastering: _Mastering) -> Iterator[av.AudioFrame]:
    oversampling = math.ceil(_LIMITER_RATE / timeline.sample_rate)
    ceiling = 10 ** (mastering.ceiling / 20)
    filters = [
        ("volume", f"{mastering.gain:.4f}dB"),
        ("alimiter", f"limit={ceiling:.6f}:level=false:attack=5:release=50:latency=true"),
        ("aresample", str(timeline.sample_rate)),
        ("aformat", "sample_fmts=fltp:channel_layouts=mono"),
    ]
    blocks = join_clips(timeline, levels, oversampling)
    return filter_stream(blocks, timeline.sample_rate * oversampling, filters)


def _reporting(
    frames: Iterator[av.AudioFrame], length: int, on_progress: Callable[[float], None]
) -> Iterator[av.AudioFrame]:
    done = 0
    for frame in frames:
        yield frame
        done += frame.samples
        on_progress(done / length)


def _encode(frames: Iterator[av.AudioFrame], sound: Sound, file: str | BinaryIO) -> None:
    # Tags are ours to write (see id3); the Info header, from which players know the exact length, is libavformat's.
    with av.open(file, "w", format="mp3", options={"id3v2_version": "0", "write_xing": "1"}) as container:
        stream = container.add_stream("libmp3lame", rate=sound.sample_rate, layout="mono", format="fltp")
        stream.bit_rate = sound.bitrate * 1000
        position = 0
        for frame in frames:
            frame.pts = position
            position += frame.samples
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))


def _encoder_gain(sound: Sound) -> float:
    """The dB that LAME adds: at some bit rates it scales its input by 0.95, and says nowhere at which. So we ask."""
    instants = np.arange(_PROBE_SECONDS * sound.sample_rate) / sound.sample_rate
    probe = (0.1 * np.sin(2 * math.pi * 1000 * instants)).astype(np.float32)
    file = io.BytesIO()
    _encode(filter_stream([probe], sound.sample_rate, [("aformat", "sample_fmts=fltp")]), sound, file)
    file.seek(0)
    with av.open(file, "r") as container:
        heard = np.concatenate([frame.to_ndarray()[0] for frame in container.decode(audio=0)])
    middle = slice(len(probe) // 4, len(probe) * 3 // 4)
    return 20 * math.log10(_rms(heard[middle]) / _rms(probe[middle]))


def _rms(samples: NDArray[np.float32]) -> float:
    return math.sqrt(float(np.mean(np.square(samples, dtype=np.float64))))
