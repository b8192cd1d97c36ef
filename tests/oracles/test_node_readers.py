"""Readers that need Node.js: `make oracles` installs them."""

import json
import shutil
import subprocess
from pathlib import Path

import numpy as np
import pytest

from interview_audio.configuration.settings import Chapters, Settings, Show
from interview_audio.files.ownership import Destination
from interview_audio.production.episode import EpisodeRequest, produce
from interview_audio.script.lines import CastMember, Line, Script, Voice
from interview_audio.synthesis.clip_file import read_clip, write_clip
from interview_audio.synthesis.clips import Word, measure

HERE = Path(__file__).parent
RATE = 24000
LINES = [
    (
        "Ada",
        "第一问：您怎么看未来五年里的变化？",
        "您怎么看未来五年里的变化，以及普通创作者应当如何应对这种变化带来的冲击？" * 4,
    ),
    ("Ben & Co", "<b>Tom & Jerry</b> said: 1 < 2 --> 3; and then, after a long pause, they went home.", None),
    ("narrator", "The end 😀", "The end 😀"),
]

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(shutil.which("node") is None, reason="Node.js is not installed"),
    pytest.mark.skipif(not (HERE / "node_modules").is_dir(), reason="make oracles has not installed the readers"),
]


def read_by(reader, path):
    run = subprocess.run(["node", HERE / reader, path], capture_output=True, check=True)
    return json.loads(run.stdout)


@pytest.fixture(scope="module")
def episode(tmp_path_factory):
    folder = tmp_path_factory.mktemp("episode")
    samples = (np.sin(np.arange(4 * RATE) / 20) * 9000).astype(np.int16)
    clips = []
    for number, (_, text, _) in enumerate(LINES):
        path = folder / f"{number}.flac"
        write_clip(path, samples, RATE, [Word(text, 0, 4)], measure(samples, RATE))
        clips.append(read_clip(str(number), path))
    lines = tuple(
        Line(0, speaker, "zh", text, Voice("tone", speaker), 0.35, chapter, 1) for speaker, text, chapter in LINES
    )
    settings = Settings("tone", chapters=Chapters(min_seconds=0), show=Show("Talks"))
    cast = tuple(CastMember(name, "guest", (), "pool") for name in ("Ada", "Ben & Co"))
    script = Script("谈话 & more", "zh", ("Ada", "Ben & Co"), cast, lines)
    return produce(script, clips, settings, EpisodeRequest(Destination(folder / "out", "talk.zh")))


def test_music_metadata_reads_the_whole_tag_in_order(episode):
    read = read_by("music_metadata.mjs", episode.path)
    edges = [(round(mark.start / 44100, 3), round(mark.end / 44100, 3)) for mark in episode.timeline.chapters]
    assert read.pop("seconds") == pytest.approx(episode.seconds, abs=0.1)
    assert read == {
        "tags": ["ID3v2.3"],
        "title": "谈话 & more",
        "artists": ["Ada, Ben & Co"],
        "album": "Talks",
        "language": "zho",
        "pictures": ["image/jpeg"],
        "bitrate": 96000,
        "chapters": [
            {"title": LINES[0][2], "start": 0, "end": edges[0][1]},
            {"title": LINES[2][2], "start": edges[1][0], "end": edges[1][1]},
        ],
    }
