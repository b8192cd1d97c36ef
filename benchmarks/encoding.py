"""A bare MP3 encode with PyAV: libmp3lame as the product sets it, nothing else."""

import io
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import av
import numpy as np
from numpy.typing import NDArray

from interview_audio.configuration.settings import Sound
from interview_audio.production.containers.episode_writer import add_sound

BLOCK = 24000
FRAMES_A_BLOCK = 40


def encode(sound: Iterator[NDArray[np.float32]], sample_rate: int, target: Path) -> None:
    """Encode mono sound of any rate as 44.1 kHz, 96 kbit/s CBR."""
    with av.open(str(target), "w", format="mp3") as container:
        stream = container.add_stream("libmp3lame", rate=44100, layout="mono")
        stream.bit_rate = 96000
        resampler = av.AudioResampler(format=stream.codec_context.format.name, layout="mono", rate=44100)
        for part in sound:
            for start in range(0, len(part), BLOCK):
                block = np.ascontiguousarray(part[start : start + BLOCK])[np.newaxis]
                frame = av.AudioFrame.from_ndarray(block, format="flt", layout="mono")
                frame.sample_rate = sample_rate
                for resampled in resampler.resample(frame):
                    container.mux(stream.encode(resampled))
        for resampled in resampler.resample(None):
            container.mux(stream.encode(resampled))
        container.mux(stream.encode(None))


def seconds_to_encode(source: Path) -> float:
    """Encode the samples of an episode again; only the encoder's own time counts, and nothing is held in memory."""
    seconds = 0.0
    with av.open(str(source)) as episode, av.open(io.BytesIO(), "w", format="mp3") as target:
        heard = episode.streams.audio[0]
        stream = add_sound(target, "libmp3lame", "fltp", Sound(bitrate=96, sample_rate=heard.rate))
        position = 0
        for block in _blocks(episode):
            frame = av.AudioFrame.from_ndarray(block, format="fltp", layout="mono")
            frame.sample_rate, frame.pts = heard.rate, position
            position += frame.samples
            start = time.perf_counter()
            target.mux(stream.encode(frame))
            seconds += time.perf_counter() - start
        start = time.perf_counter()
        target.mux(stream.encode(None))
        return seconds + time.perf_counter() - start


def _blocks(episode: av.container.InputContainer) -> Iterator[NDArray[np.float32]]:
    gathered: list[NDArray[np.float32]] = []
    for frame in episode.decode(audio=0):
        gathered.append(frame.to_ndarray().astype(np.float32, copy=False))
        if len(gathered) == FRAMES_A_BLOCK:
            yield np.concatenate(gathered, axis=1)
            gathered = []
    if gathered:
        yield np.concatenate(gathered, axis=1)


if __name__ == "__main__":
    print(seconds_to_encode(Path(sys.argv[1])))
