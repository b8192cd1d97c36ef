"""Sound whose place can be found again to the sample, and what a file says of it."""

import datetime
import io
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from interview_audio.configuration.settings import LIMITS, Format, Sound
from interview_audio.production.containers.episode_writer import Tags, writer_of
from interview_audio.production.timeline import Chapter, Timeline

_FRAME = 4096


def _picture(kind: str) -> bytes:
    file = io.BytesIO()
    Image.new("RGB", (64, 64), (20, 60, 120)).save(file, kind)
    return file.getvalue()


PNG, JPEG = _picture("PNG"), _picture("JPEG")
TAGS = Tags("访谈：灯塔 & more", ("Ada Brook", "林默"), "My show", "zh-CN", datetime.date(2024, 3, 21), PNG)
BARE_TAGS = Tags("Talk", (), None, "tlh", None, b"")


@dataclass(frozen=True)
class Press:
    """Writes files in a folder of its own."""

    folder: Path
    tags: Tags = field(default=TAGS, repr=False)
    bare_tags: Tags = field(default=BARE_TAGS, repr=False)
    jpeg: bytes = field(default=JPEG, repr=False)
    marker: NDArray[np.float32] = field(
        default_factory=lambda: (0.5 * np.hanning(960) * np.sin(np.arange(960) * 0.25)).astype(np.float32),
        repr=False,
    )
    """A short tone that is nothing like itself a few samples later."""

    @staticmethod
    def sound(output_format: Format, **changes: int) -> Sound:
        limits = LIMITS[output_format]
        rates = {"bitrate": limits.bitrate, "sample_rate": limits.sample_rate, **changes}
        return Sound(format=output_format, **rates)

    def write(
        self,
        sound: Sound,
        timeline: Timeline,
        tags: Tags | None = None,
        samples: NDArray[np.float32] | None = None,
        name: str = "episode.part",
    ) -> Path:
        path = self.folder / name
        silence = np.zeros(timeline.length, np.float32)
        frames = self._frames(silence if samples is None else samples, sound.sample_rate)
        writer_of(sound).write(frames, sound, tags or self.tags, timeline, path)
        return path

    @staticmethod
    def timeline(titles: Sequence[str], rate: int, *, seconds: float = 0.5, extra: int = 0) -> Timeline:
        """One chapter a title, as long as each other, the last a little longer."""
        starts = [round(number * seconds * rate) for number in range(len(titles))]
        length = round(max(len(titles), 1) * seconds * rate) + extra
        ends = [*starts[1:], length][: len(titles)]
        chapters = tuple(Chapter(*chapter) for chapter in zip(titles, starts, ends, strict=True))
        return Timeline(rate, (), chapters, length)

    @staticmethod
    def marks(timeline: Timeline) -> list[tuple[str, int, int]]:
        return [
            (chapter.title, timeline.milliseconds(chapter.start), timeline.milliseconds(chapter.end))
            for chapter in timeline.chapters
        ]

    @staticmethod
    def _frames(samples: NDArray[np.float32], rate: int) -> Iterator[av.AudioFrame]:
        for start in range(0, len(samples), _FRAME):
            block = samples[np.newaxis, start : start + _FRAME]
            frame = av.AudioFrame.from_ndarray(np.ascontiguousarray(block), format="fltp", layout="mono")
            frame.sample_rate = rate
            frame.time_base = Fraction(1, rate)
            yield frame


@pytest.fixture
def press(tmp_path: Path) -> Press:
    folder = tmp_path / "press"
    folder.mkdir()
    return Press(folder)


@pytest.fixture(scope="module")
def long_running_press(tmp_path_factory: pytest.TempPathFactory) -> Press:
    """For tests that write into one place many times."""
    return Press(tmp_path_factory.mktemp("press"))


@pytest.fixture(scope="session")
def listen() -> Callable[[Path], NDArray[np.float64]]:
    """All samples that PyAV decodes, full scale at 1."""

    def samples(path: Path) -> NDArray[np.float64]:
        with av.open(str(path)) as container:
            parts = [frame.to_ndarray().reshape(-1) for frame in container.decode(audio=0)]
        scale = {"int16": 2**15, "int32": 2**31}.get(parts[0].dtype.name, 1)
        return np.concatenate(parts).astype(np.float64) / scale

    return samples
