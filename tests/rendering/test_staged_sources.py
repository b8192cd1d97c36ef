"""Episodes that go to an address: made on workers that do not have the author's files, and whole there or not at all."""

import errno
import json
import pickle
import shutil
import threading
import wave
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import numpy as np
import pytest
from PIL import Image

from interview_audio.configuration.settings import LIMITS
from interview_audio.errors import OutputError
from interview_audio.production import cover, episode
from interview_audio.rendering.batch import Batch, SilentBatchListener, run_batch
from interview_audio.rendering.options import options_of
from interview_audio.rendering.render import render
from interview_audio.rendering.source_calls import SourceTask
from interview_audio.rendering.staged_sources import SourceSender
from interview_audio.storage import objects as store_objects
from interview_audio.synthesis.clip_worker import ClipWorker
from shows import JPEG

TEXT = "# The lamp {0}\n\nQ: What is number {0}?\n\nAnna: It is number {0}, and it burns.\n"
EPISODE = {
    ".mp3",
    ".vtt",
    ".srt",
    ".md",
    ".html",
    ".transcript.json",
    ".cover.jpg",
    ".chapters.json",
    ".psc.xml",
    ".episode.json",
}


class Workers:
    """A thread; it may be on another machine than the author's files, which then are not there while it works."""

    def __init__(self, threads):
        self._threads = threads
        self.worker = ClipWorker()
        self.calls = []
        self.hidden = None
        self.looking = threading.Lock()

    is_elsewhere = False

    def capacity(self, needs):
        return 1

    def waiting(self):
        return None

    def submit(self, call, *args, **kwargs):
        self.calls.append((call, args))
        return self._threads.submit(self._hiding, call, *args, **kwargs)

    def _hiding(self, call, *args, **kwargs):
        call, args = pickle.loads(pickle.dumps((call, args)))
        if self.hidden is None:
            return call(self.worker, *args, **kwargs)
        away = self.hidden.with_name("away")
        shutil.rmtree(self.hidden.with_name("cache"), ignore_errors=True)  # each call is answered by another worker
        with self.looking:
            self.hidden.rename(away)
            try:
                return call(self.worker, *args, **kwargs)
            finally:
                away.rename(self.hidden)


@pytest.fixture(autouse=True)
def _small_episodes(monkeypatch):
    monkeypatch.setitem(LIMITS, "mp3", replace(LIMITS["mp3"], sample_rate=16000, bitrate=16))


@pytest.fixture(autouse=True)
def _covers_not_drawn(monkeypatch):
    drawn, made = cover.Cover(b"", JPEG, ()), cover.make_cover
    for module in (cover, "interview_audio.rendering.render", "interview_audio.production.episode"):
        target = module if isinstance(module, str) else module.__name__
        monkeypatch.setattr(f"{target}.make_cover", lambda title, path: made(title, path) if path else drawn)


@pytest.fixture
def workers():
    with ThreadPoolExecutor(1) as threads:
        yield Workers(threads)


@pytest.fixture
def elsewhere(workers, monkeypatch, tmp_path):
    """Have the workers on another machine than the author, whose folder this gives."""
    sent = SourceSender.sent

    def seen(*args):
        with workers.looking:
            return sent(*args)

    monkeypatch.setattr(SourceSender, "sent", seen)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    workers.hidden = tmp_path / "texts"
    return workers.hidden


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
    def run(paths, output="s3://show/pod", of=None, **chosen):
        options = options_of({"engine": "tone", "output": output, "store": tmp_path / "clips"} | chosen)
        tasks = [SourceTask(path, options) for path in paths]
        return {end.source.name: end for end in Batch(tasks, of or workers, SilentBatchListener()).run()}

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
    source, token = record.pop("source"), same.pop("source")
    assert token["sha256"] == source["sha256"]
    assert token["file"].startswith("source:")
    assert same == record
    assert str(tmp_path) not in json.dumps(same)
    sent = [name for name in bucket.sent() if name.startswith("talk0")]
    assert sent[-2:] == ["talk0.episode.json", "talk0.mp3"]
    assert {end.state for end in made(texts).values()} == {"unchanged"}
    assert bucket.sent() == []


def write_sound(path, seconds=1):
    clock = np.arange(round(seconds * 16000)) / 16000
    with wave.open(str(path), "wb") as file:
        file.setparams((1, 2, 16000, 0, "NONE", ""))
        file.writeframes(np.round(3000 * np.sin(2 * np.pi * 200 * clock)).astype("<i2").tobytes())


@pytest.fixture
def illustrated(texts):
    """Texts that name music, a cover, a cast, images and a recording."""
    folder = texts[0].parent
    for name in ("a", "b"):
        (folder / name).mkdir()
    write_sound(folder / "a" / "jingle.wav")
    write_sound(folder / "b" / "anna.wav", 2)
    Image.new("RGB", (1400, 1400), "navy").save(folder / "a" / "cover.png")
    Image.new("RGB", (300, 300), "red").save(folder / "b" / "lamp.png")
    (folder / "people.yaml").write_text("speakers: {Anna: {aliases: [A.]}}\n", "utf-8")
    (folder / "b" / "voices.yaml").write_text(
        "series: ../people.yaml\nchapters: {images: true, min_seconds: 0}\nshow: {cover: ../a/cover.png}\n"
        "sound: {intro: {file: ../a/jingle.wav}}\n",
        "utf-8",
    )
    text = folder / "b" / "lamp.md"
    text.write_text("# The lamp\n\nQ: What is it?\n\n![](lamp.png)\n\nAnna: It burns.\n", "utf-8")
    script = folder / "b" / "told.script.json"
    turns = [{"speaker": "Q", "text": "Who is there?"}, {"speaker": "Anna", "text": "Nobody.", "audio": "anna.wav"}]
    people = [{"name": "Q", "role": "host"}, {"name": "Anna", "role": "guest"}]
    script.write_text(json.dumps({"language": "en", "speakers": people, "turns": turns}), "utf-8")
    return [text, script]


def test_a_worker_that_has_none_of_the_files_asks_for_what_it_needs(illustrated, made, bucket, elsewhere, tmp_path):
    ends = made(illustrated)
    assert [ends[path.name].reason for path in illustrated] == ["", ""]
    there = objects(bucket)
    for path in illustrated:
        episode = render(path, engine="tone", output=tmp_path / "alone", store=tmp_path / "clips")
        here = {one.name: one.read_bytes() for one in episode.files}
        record = next(name for name in here if name.endswith(".episode.json"))
        mine, theirs = json.loads(here.pop(record)), json.loads(there[record])
        assert mine.pop("source")["file"]
        assert theirs.pop("source")["file"].startswith("source:")
        assert theirs == mine
        assert {name: there[name] for name in here} == here
    assert "lamp.image-1.jpg" in there
    bucket.sent()
    assert {end.state for end in made(illustrated).values()} == {"unchanged"}
    write_sound(elsewhere / "a" / "jingle.wav", 2)
    assert made(illustrated[:1])["lamp.md"].state == "done"


def test_messages_name_the_authors_files(illustrated, made, bucket, elsewhere, tmp_path):
    text, script = illustrated
    settings = text.with_name("voices.yaml")
    settings.write_text("sound: {intro: {file: ../a/no.wav}}\n", "utf-8")
    (text.parent / "anna.wav").unlink()
    reasons = {name: end.reason for name, end in made([text, script, text.with_name("none.txt")]).items()}
    assert reasons["lamp.md"].startswith(f"{settings}:1:")
    assert f"{text.parent}/../a/no.wav" in reasons["lamp.md"]
    assert reasons["told.script.json"].startswith(f"{script}: turns[1].audio: {text.parent}/anna.wav cannot be read")
    assert "none.txt" in reasons["none.txt"]
    (text.parent / "folder").mkdir()
    outside = tmp_path / "outside.wav"
    settings.write_text(f"sound: {{intro: {{file: {outside}}}}}\n", "utf-8")
    write_sound(outside)
    assert made([text])["lamp.md"].reason == ""
    assert str(tmp_path / "texts") not in objects(bucket)["lamp.episode.json"].decode()
    assert made([text])["lamp.md"].state == "unchanged"
    elsewhere.with_name("outside.wav").rename(elsewhere / "outside.wav")
    settings.write_text(f"sound: {{intro: {{file: {elsewhere / 'outside.wav'}}}}}\n", "utf-8")
    assert made([text])["lamp.md"].reason == (
        f"{elsewhere / 'outside.wav'}: the machine that makes the episode does not have this file, or another one; put "
        "it beside the text or its settings, and name it from there"
    )


def put(bucket, name, content=b"mine", **more):
    bucket.client.put_object(Bucket="show", Key=f"pod/{name}", Body=content, **more)


def test_nothing_that_is_not_ours_is_replaced_there(texts, made, bucket):
    put(bucket, "talk0.md")
    ends = made(texts)
    assert ends["talk0.txt"].reason == (
        "s3://show/pod/talk0.md exists and was not made from this source; move it away, or choose another name with "
        "--name NAME or another folder with -o DIR"
    )
    assert objects(bucket).keys() == {"talk0.md"} | {f"talk1{suffix}" for suffix in EPISODE}
    put(bucket, "talk1.md", b"# Edited\n")
    texts[1].write_text(TEXT.format("one"), "utf-8")
    end = made(texts[1:])["talk1.txt"]
    assert end.result.notices == (
        "s3://show/pod/talk1.md was edited and is kept; the new one is s3://show/pod/talk1.new.md",
    )
    there = objects(bucket)
    assert there["talk1.md"] == b"# Edited\n"
    assert b"number one" in there["talk1.new.md"]
    assert made(texts[1:])["talk1.txt"].state == "unchanged"
    put(bucket, "talk1.mp3", b"another sound")
    assert "was changed after it was made" in made(texts[1:])["talk1.txt"].reason
    assert made(texts[1:], force=True)["talk1.txt"].state == "done"
    assert "talk1.new.md" in objects(bucket)
    another = texts[1].parent / "more" / "talk1.txt"
    another.parent.mkdir()
    another.write_text("# Another\n\nQ: Who is that?\n\nBob: Somebody else altogether, my friend.\n", "utf-8")
    assert "talk1.episode.json belongs to another interview's episode" in made([another])["talk1.txt"].reason
    another.write_bytes(texts[1].read_bytes())
    assert made([another])["talk1.txt"].state == "unchanged"


def test_what_a_killed_worker_has_sent_is_replaced_by_the_next(texts, made, bucket):
    made(texts[:1])
    before = objects(bucket)
    texts[0].write_text(TEXT.format("none"), "utf-8")
    bucket.refused = lambda method, path: (
        ("403 Forbidden", "AccessDenied") if method == "PUT" and path.endswith("talk0.episode.json") else None
    )
    end = made(texts[:1])["talk0.txt"]
    assert end.state == "failed"
    assert end.reason.startswith("s3://show/pod: refused (")
    assert end.reason.endswith("check the credentials and their rights")
    bucket.refused = None
    between = objects(bucket)
    assert between["talk0.vtt"] != before["talk0.vtt"]
    assert between["talk0.mp3"] == before["talk0.mp3"]
    assert made(texts[:1])["talk0.txt"].state == "done"
    assert objects(bucket).keys() == before.keys()
    assert made(texts[:1])["talk0.txt"].state == "unchanged"


def test_a_server_that_is_down_for_a_moment_is_waited_for_and_one_that_stays_down_is_a_line(
    texts, made, bucket, workers, monkeypatch
):
    answers = iter([None, ("503 Slow Down", "SlowDown")] * 3)
    bucket.refused = lambda *_: next(answers, None)
    assert made(texts[:1])["talk0.txt"].reason == ""
    bucket.refused = None
    monkeypatch.setattr(store_objects, "_GIVES_UP_AFTER", 0.2)
    monkeypatch.setattr(store_objects, "_FIRST_GIVES_UP_AFTER", 0.2)
    bucket.stop()
    try:
        with pytest.raises(OutputError, match=r"^s3://show/pod: cannot be reached \("):
            next(run_batch(texts, options_of({"output": "s3://show/pod"}), workers, SilentBatchListener()))
        end = made(texts)["talk1.txt"]
    finally:
        bucket.listen()
    assert end.state == "failed"
    assert end.reason.startswith("s3://show/pod: cannot be reached (")
    assert made(texts)["talk1.txt"].state == "done"


def test_who_comes_too_late_is_told_unless_it_is_the_same(texts, made, bucket):
    def come_first(path, content):
        bucket.on_stored = None
        put(bucket, "talk0.episode.json", b"{}")

    bucket.on_stored = come_first
    assert made(texts[:1])["talk0.txt"].reason == (
        "s3://show/pod/talk0.episode.json: somebody has put another one there meanwhile; run again"
    )
    assert objects(bucket)["talk0.episode.json"] == b"{}"
    assert "talk0.mp3" not in objects(bucket)
    bucket.clear()
    bucket.client.create_bucket(Bucket="show")
    with ThreadPoolExecutor(2) as threads, ThreadPoolExecutor(2) as others:
        with bucket.held("talk0.mp3") as arrived:
            running = [threads.submit(made, texts[:1], of=Workers(others)) for _ in range(2)]
            assert arrived.wait(30)
        ends = [one.result()["talk0.txt"] for one in running]
    assert [end.reason for end in ends] == ["", ""]
    assert objects(bucket).keys() == {f"talk0{suffix}" for suffix in EPISODE}


def test_any_address_that_fsspec_knows_is_written_to(texts, made):
    fsspec = pytest.importorskip("fsspec")
    files = fsspec.filesystem("memory")
    files.store.clear()
    ends = made(texts, "memory://show/pod")
    assert [end.reason for end in ends.values()] == ["", ""]
    assert {path.rpartition("/")[2] for path in files.find("/show/pod")} == {
        f"talk{number}{suffix}" for number in range(2) for suffix in EPISODE
    }
    assert {end.state for end in made(texts, "memory://show/pod").values()} == {"unchanged"}
    files.pipe("/show/pod/talk0.md", b"# Edited")
    texts[0].write_text(TEXT.format("none"), "utf-8")
    assert made(texts, "memory://show/pod")["talk0.txt"].result.notices[0].startswith("memory://show/pod/talk0.md was")
    files.pipe("/show/pod/talk1.md", b"not listed")
    files.rm("/show/pod/talk1.episode.json")
    assert "was not made from this source" in made(texts, "memory://show/pod")["talk1.txt"].reason


def test_a_full_disk_is_that_of_the_machine_which_makes_the_episode(texts, made, bucket, monkeypatch):
    def full(*_):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(episode, "master_episode", full)
    reason = made(texts[:1])["talk0.txt"].reason
    assert reason.startswith("the episode cannot be made in ")
    assert reason.endswith("(No space left on device); make room there, or set XDG_CACHE_HOME to another folder")
    assert objects(bucket) == {}
