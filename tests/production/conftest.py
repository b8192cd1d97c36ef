"""A folder of clips, and a decoder of another maker."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from builders import Studio


@pytest.fixture
def studio(tmp_path: Path) -> Studio:
    folder = tmp_path / "clips"
    folder.mkdir()
    return Studio(folder)


@pytest.fixture(scope="session")
def decode() -> Callable[[Path], NDArray[np.float32]]:
    """The samples of an MP3, by PyAV."""
    import av

    def decoded(path: Path) -> NDArray[np.float32]:
        with av.open(str(path)) as container:
            return np.concatenate([frame.to_ndarray()[0] for frame in container.decode(audio=0)])

    return decoded
