"""A bare MP3 encode with PyAV: resampling to the output rate and libmp3lame, as the product sets them, nothing else."""

import sys
import time
from collections.abc import Iterator
from pathlib import Path

import av
import numpy as np
from numpy.typing import NDArray

BLOCK = 24000


def encode(sound: Iterator[NDArray[np.float32]], sample_rate: int, target: Path) -> None:
    """Encode mono sound as 44.1 kHz, 96 kbit/s CBR."""
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


def samples_of(path: Path) -> Iterator[NDArray[np.float32]]:
    """The decoded samples of an episode, in parts."""
    with av.open(str(path)) as container:
        for frame in container.decode(audio=0):
            yield frame.to_ndarray()[0].astype(np.float32)


def main(source: Path, target: Path) -> None:
    """Encode the samples of an episode again and print the seconds that the encoding alone took."""
    sound = np.concatenate(list(samples_of(source)))
    start = time.perf_counter()
    encode(iter([sound]), 44100, target)
    print(time.perf_counter() - start)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
