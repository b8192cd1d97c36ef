"""An episode of two and a half seconds: two words as tones, and a record that says who says them."""

import av
import numpy as np
import pytest

from interview_audio.files.episode_record import RecordedFile
from interview_audio.publishing.catalogue import read_episode
from records import record

RATE = 16000


def written_sound(path, seconds=2.5):
    """Write two words, 0.5 to 0.9 s and 1.4 to 1.8 s, in silence."""
    times = np.arange(round(seconds * RATE)) / RATE
    is_word = ((times >= 0.5) & (times < 0.9)) | ((times >= 1.4) & (times < 1.8))
    samples = np.where(is_word, 0.5 * np.sin(2 * np.pi * 440 * times), 0).astype(np.float32)
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libmp3lame", rate=RATE, layout="mono")
        frame = av.AudioFrame.from_ndarray(samples[np.newaxis], format="fltp", layout="mono")
        frame.sample_rate = RATE
        container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return path


@pytest.fixture(scope="session")
def sound(tmp_path_factory):
    return written_sound(tmp_path_factory.mktemp("sound") / "a.mp3")


@pytest.fixture(scope="session")
def long_sound(tmp_path_factory):
    return written_sound(tmp_path_factory.mktemp("sound") / "long.mp3", 40)


@pytest.fixture
def read(tmp_path, sound):
    """Return the episode with another record."""

    def read_changed(**changes):
        (tmp_path / "a.mp3").write_bytes(sound.read_bytes())
        files = changes.pop("files", ("a.mp3",))
        changed = record(files=tuple(RecordedFile(name, 1, "34cd") for name in files), **changes)
        (tmp_path / "a.episode.json").write_text(changed.format(), "utf-8")
        return read_episode(tmp_path / "a.episode.json")

    return read_changed


@pytest.fixture
def episode(read):
    """An episode of two turns, 3 and 5."""
    return read()
