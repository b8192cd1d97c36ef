"""Episodes that go to an address: made on workers that do not have the author's files, and whole there or not at all."""

import json
import shutil
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from interview_audio.production import cover
from interview_audio.rendering import staged_sources
from interview_audio.rendering.batch import Batch, SilentBatchListener, SourceTask, plan_source, render_source
from interview_audio.rendering.options import options_of
from interview_audio.rendering.render import render
from interview_audio.synthesis.clip_worker import ClipWorker
from shows import JPEG

TEXT = "# The lamp {0}\n\nQ: What is number {0}?\n\nAnna: It is number {0}, and it burns.\n"
EPISODE = {".mp3", ".vtt", ".srt", ".md", ".html", ".cover.jpg", ".chapters.json", ".psc.xml", ".episode.json"}


class Workers:
    """Threads that do not see the author's folder while they work."""

    def __init__(self, threads, hidden=None):
        self._threads, self._hidden = threads, hidden
        self.worker = ClipWorker()
        self.calls = []

    def capacity(self, needs):
        return 1

    def waiting(self):
        return None

    def submit(self, call, *args, **kwargs):
        self.calls.append((call, args))
        return self._threads.submit(self._hiding, call, *args, **kwargs)

    def _hiding(self, call, *args, **kwargs):
        return call(self.worker, *args, **kwargs)


@pytest.fixture(autouse=True)
def _covers_not_drawn(monkeypatch):
    drawn, made = cover.Cover(b"", JPEG, ()), cover.make_cover
    for module in (cover, "interview_audio.rendering.render", "interview_audio.production.episode"):
        target = module if isinstance(module, str) else module.__name__
        monkeypatch.setattr(f"{target}.make_cover", lambda title, path: made(title, path) if path else drawn)


@pytest.fixture
def workers():
    with ThreadPoolExecutor(2) as threads:
        yield Workers(threads)


@pytest.fixture
def texts(tmp_path):
    folder = tmp_path / "texts"
    folder.mkdir()
    paths = [folder / f"talk{number}.txt" for number in range(2)]
    for number, path in enumerate(paths):
        path.write_text(TEXT.format(number), "utf-8")
    return paths


@pytest.fixture
def made(tmp_path, workers):
    def run(paths, output="s3://show/pod", **chosen):
        options = options_of({"engine": "tone", "output": output, "store": tmp_path / "clips"} | chosen)
        tasks = [SourceTask(path, options) for path in paths]
        return {end.source.name: end for end in Batch(tasks, workers, SilentBatchListener()).run()}

    return run


def objects(bucket, prefix="pod/"):
    found = bucket.client.list_objects_v2(Bucket="show", Prefix=prefix).get("Contents", ())
    return {
        one["Key"].removeprefix(prefix): bucket.client.get_object(Bucket="show", Key=one["Key"])["Body"].read()
        for one in found
    }


def test_episodes_are_at_the_address_as_they_would_be_in_a_folder(texts, made, bucket, tmp_path):
    ends = made(texts)
    assert [ends[path.name].reason for path in texts] == ["", ""]
    assert str(ends["talk0.txt"].result.path) == "s3://show/pod/talk0.mp3"
    there = objects(bucket)
    alone = render(texts[0], engine="tone", output=tmp_path / "alone", store=tmp_path / "clips")
    here = {path.name: path.read_bytes() for path in alone.files}
    record = json.loads(here.pop("talk0.episode.json"))
    same = json.loads(there.pop("talk0.episode.json"))
    assert {name: there[name] for name in here} == here
    assert same.pop("source") == {"file": None, "sha256": record.pop("source")["sha256"]}
    assert same == record
    assert str(tmp_path) not in json.dumps(same)
    sent = [name for name in bucket.sent() if name.startswith("talk0")]
    assert sent[-2:] == ["talk0.episode.json", "talk0.mp3"]
    assert {end.state for end in made(texts).values()} == {"unchanged"}
    assert bucket.sent() == []
