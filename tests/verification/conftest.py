"""Episodes as the whole program renders them, once for all tests; each test damages a copy of its own."""

import shutil
from pathlib import Path

import pytest

from interview_audio.rendering.render import render as render_source

INTERVIEW = """\
The keeper of the light

Ada Brook has kept the light for thirty-one years, alone but for the geese. She told us how, on a long evening in May.

Q: Ada, what is the first thing you do in the morning, before anybody else is up?

Ada: I look at the sea, and the sea looks at me: then one of us makes coffee. And then I wind the clock, which has a \
will of its own. It takes me until nine, and by then the geese are hungry.

Q: 你在岛上最喜欢的季节是什么？为什么偏偏是那一个季节，而不是别的？

Ada: Autumn, because the visitors leave & the birds arrive. I count them, every evening, from the gallery, and I write \
the number into a book that nobody has ever asked to see.

Q: Do you ever sleep, with all that wind and all that light around you?

Ada: Not in winter. In winter I read, and in the morning I know what the wind has been saying all night long.
"""
SETTINGS = "chapters: {min_seconds: 0}\nsound: {format: %s}\n"


def rendered(folder: Path, format_: str) -> Path:
    source = folder / "talk.en.txt"
    source.write_text(INTERVIEW, "utf-8")
    voices = folder / "settings.yaml"
    voices.write_text(SETTINGS % format_, "utf-8")
    render_source(source, output=folder / "episode", voices=voices, engine="tone", store=folder / "store")
    return folder / "episode"


@pytest.fixture(scope="session")
def _original(tmp_path_factory) -> Path:
    return rendered(tmp_path_factory.mktemp("rendered"), "mp3")


@pytest.fixture
def episode(_original, tmp_path) -> Path:
    """The MP3 of an episode with all that belongs to it, of 3 questions in English and Chinese."""
    return shutil.copytree(_original, tmp_path / "episode") / "talk.en.mp3"


@pytest.fixture
def render(tmp_path):
    """Render the same interview in another format."""
    return lambda format_: rendered(tmp_path, format_) / f"talk.en.{format_}"
