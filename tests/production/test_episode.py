import dataclasses
import datetime
import json
import subprocess
import sys
import threading

import av
import pytest
from mutagen.id3 import ID3

from interview_audio.configuration.settings import Chapters, Settings, Show, Sound
from interview_audio.errors import OutputError, StoreError
from interview_audio.files.episode_record import EpisodeRecord, Fingerprint, SkippedTurn
from interview_audio.files.ownership import Destination, SourceFile, sha256_of
from interview_audio.production.episode import EpisodeRequest, produce
from interview_audio.script.lines import Script
from interview_audio.synthesis.clips import Clip, Word
from interview_audio.verification.id3_tags import read_tag

SUFFIXES = (
    "chapters.json",
    "psc.xml",
    "vtt",
    "srt",
    "transcript.json",
    "md",
    "html",
    "cover.jpg",
    "episode.json",
    "mp3",
)
NAMES = tuple(f"talk.zh.{suffix}" for suffix in SUFFIXES)


def talk(studio, **settings) -> tuple[Script, list[Clip], Settings]:
    lines = [
        studio.line("你好吗？", speaker="Ada", chapter="第一问：你好吗？"),
        studio.line("Very well.", speaker="Ben & Co"),
        studio.line("And then?", speaker="Ada", chapter="Second question"),
        studio.line("The end.", speaker="narrator"),
    ]
    clips = [studio.clip(studio.speech(3, seed=seed), [Word(line.text, 0.2, 3.2)]) for seed, line in enumerate(lines)]
    return studio.script(lines, title="谈话", language="zh"), clips, studio.settings(**settings)


def contents(folder):
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def contents_but(folder, name):
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.name != name}


def test_an_episode_is_ten_files_that_agree(studio, tmp_path):
    request = EpisodeRequest(
        Destination(tmp_path / "out", "talk.zh"),
        date=datetime.date(2024, 3, 21),
        fingerprint=Fingerprint("0.1.0", inputs=("ab",)),
        skipped=(SkippedTurn(3, "boilerplate", "links", "Follow us"),),
    )
    episode = produce(*talk(studio, show=Show("Talks")), request)
    assert episode.files == tuple(tmp_path / "out" / name for name in NAMES)
    assert sorted(contents(tmp_path / "out")) == sorted(NAMES)
    assert (episode.path, episode.warnings) == (episode.files[-1], ())

    tag = read_tag(episode.path)
    assert dict(tag.texts) == {
        "TIT2": "谈话",
        "TPE1": "Ada, Ben & Co",
        "TALB": "Talks",
        "TLAN": "zho",
        "TYER": "2024",
        "TDAT": "2103",
        "TLEN": str(round(episode.seconds * 1000)),
        "COMM": "本期节目的声音由人工智能合成。",
    }
    marks = [(chapter.title, chapter.start / 1000, chapter.end / 1000) for chapter in tag.chapters]
    assert [title for title, _, _ in marks] == ["第一问：你好吗？", "Second question"]
    companion = json.loads(episode.files[0].read_text("utf-8"))
    assert [(mark["title"], mark["startTime"], mark["endTime"]) for mark in companion["chapters"]] == marks

    record = json.loads(episode.files[8].read_text("utf-8"))
    assert [(mark["title"], mark["start"], mark["end"]) for mark in record["chapters"]] == marks
    assert record["files"] == [
        {"name": path.name, "bytes": path.stat().st_size, "sha256": sha256_of(path)}
        for path in episode.files
        if "episode" not in path.name
    ]
    assert episode.record == EpisodeRecord.read(tmp_path / "out", "talk.zh")
    assert (episode.record.fingerprint, episode.record.skipped) == (request.fingerprint, request.skipped)
    assert record["loudness"]["integrated"] == pytest.approx(-16, abs=0.3)
    assert record["loudness"]["true_peak"] <= -1

    captions = episode.files[2].read_text("utf-8")
    voices = ["<v Ada>你好吗？", "<v Ben ＆ Co>Very well.", "<v Ada>And then?", "<v 旁白>The end."]
    assert [line for line in captions.splitlines() if line.startswith("<v")] == voices


def test_the_sound_of_the_tagged_file_is_whole(studio, tmp_path, decode):
    episode = produce(*talk(studio), EpisodeRequest(Destination(tmp_path / "out", "talk.zh")))
    assert len(decode(episode.path)) == episode.timeline.length
    with av.open(str(episode.path)) as container:
        assert container.streams.video[0].codec_context.width == 600
        assert len(container.chapters()) == 2


def test_an_episode_without_chapters_has_no_table_of_contents(studio, tmp_path):
    script, clips, settings = talk(studio)
    lines = tuple(dataclasses.replace(line, chapter=None) for line in script.lines)
    script = dataclasses.replace(script, lines=lines)
    episode = produce(script, clips, settings, EpisodeRequest(Destination(tmp_path / "out", "talk.zh")))
    assert [key for key in ID3(episode.path) if key.startswith(("CTOC", "CHAP"))] == []
    assert json.loads(episode.files[0].read_text("utf-8"))["chapters"] == []


def test_the_same_script_and_clips_are_the_same_bytes(studio, tmp_path):
    script, clips, settings = talk(studio, sound=Sound(sample_rate=24000))
    for folder in ("a", "b"):
        produce(script, clips, settings, EpisodeRequest(Destination(tmp_path / folder, "talk.zh")))
    assert contents(tmp_path / "a") == contents(tmp_path / "b")


def test_what_could_not_be_reached_is_a_warning(studio, tmp_path):
    script, clips, settings = talk(studio, sound=Sound(loudness=-1), chapters=Chapters())
    episode = produce(script, clips, settings, EpisodeRequest(Destination(tmp_path, "talk.zh")))
    (warning,) = episode.warnings
    assert warning.startswith("the loudness of the episode is -")
    assert warning.endswith(" LUFS, not -1.0")


@pytest.fixture
def previous(studio, tmp_path):
    """An episode of ``talk.zh.txt`` that is already there."""
    folder, source = tmp_path / "out", tmp_path / "talk.zh.txt"
    folder.mkdir()
    source.write_text("谈话", "utf-8")
    for name in NAMES:
        (folder / name).write_text(f"previous {name}", "utf-8")
    files = [{"name": name, "sha256": sha256_of(folder / name)} for name in NAMES if "episode" not in name]
    record = {"source": {"file": "../talk.zh.txt"}, "files": files}
    (folder / "talk.zh.episode.json").write_text(json.dumps(record), "utf-8")
    return folder


def again(previous):
    return Destination(previous, "talk.zh", SourceFile(previous.parent / "talk.zh.txt"))


def test_an_interrupted_run_leaves_the_previous_episode(studio, previous):
    def interrupt(part):
        if part > 0.5:
            raise KeyboardInterrupt

    before, threads = contents(previous), threading.active_count()
    with pytest.raises(KeyboardInterrupt):
        produce(*talk(studio), EpisodeRequest(again(previous), on_progress=interrupt))
    assert contents(previous) == before
    assert threading.active_count() == threads


def test_a_damaged_clip_leaves_the_previous_episode(studio, previous):
    script, clips, settings = talk(studio)
    clips[2].path.write_bytes(clips[2].path.read_bytes()[:9000])
    before = contents(previous)
    with pytest.raises(StoreError, match="damaged"):
        produce(script, clips, settings, EpisodeRequest(again(previous)))
    assert contents(previous) == before


def test_an_mp3_that_cannot_be_replaced_leaves_the_previous_episode(studio, previous):
    (previous / "talk.zh.mp3").unlink()
    (previous / "talk.zh.mp3").mkdir()
    others = contents_but(previous, "talk.zh.mp3")
    with pytest.raises(OutputError, match=r"talk\.zh\.mp3 is a folder; choose another name"):
        produce(*talk(studio), EpisodeRequest(again(previous)))
    (previous / "talk.zh.mp3").rmdir()
    assert contents(previous) == others


def test_a_folder_that_cannot_be_made_is_one_line(studio, tmp_path):
    (tmp_path / "out").write_bytes(b"")
    with pytest.raises(OutputError, match=r"make room or choose another folder with -o$") as caught:
        produce(*talk(studio), EpisodeRequest(Destination(tmp_path / "out" / "in", "talk.zh")))
    assert "\n" not in str(caught.value)


FULL_DISK = """
import pickle, resource, signal, sys
from pathlib import Path
from interview_audio.errors import OutputError
from interview_audio.files.episode_record import EpisodeRecord, Fingerprint, SkippedTurn
from interview_audio.files.ownership import Destination, SourceFile
from interview_audio.production.episode import EpisodeRequest, produce

signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[2]), int(sys.argv[2])))
script, clips, settings, folder = pickle.loads(Path(sys.argv[1]).read_bytes())
try:
    source = SourceFile(folder.parent / "talk.zh.txt")
    produce(script, clips, settings, EpisodeRequest(Destination(folder, "talk.zh", source)))
except OutputError as error:
    print(error)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="Windows does not limit the size of files this way")
@pytest.mark.parametrize("room", [0, 1000, 40_000, 150_000, 170_000])
def test_a_full_disk_is_one_line_and_leaves_the_previous_episode(studio, previous, tmp_path, room):
    import pickle

    (tmp_path / "arguments").write_bytes(pickle.dumps((*talk(studio), previous)))
    before = contents(previous)
    command = [sys.executable, "-c", FULL_DISK, str(tmp_path / "arguments"), str(room)]
    run = subprocess.run(command, capture_output=True, text=True, check=True)
    assert run.stdout == (
        f"{previous / 'talk.zh'}.mp3: the episode cannot be written (File too large); "
        "make room or choose another folder with -o\n"
    )
    assert run.stderr == ""
    assert contents(previous) == before
