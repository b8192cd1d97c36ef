"""What a render writes about an episode is what the next one reads; what does not fit counts as no record."""

import json
from dataclasses import replace

import pytest

from interview_audio.files.episode_record import (
    EpisodeRecord,
    Manifest,
    PreviewRecord,
    RecordedChapter,
    RecordedFile,
    RecordedSource,
    RecordError,
    read_manifest,
    read_record,
)
from records import RECORD, record

WRITTEN = """{
  "schema": 2,
  "title": "访谈",
  "language": "zh",
  "duration": 2.5,
  "fingerprint": {
    "version": "0.1.0",
    "options": {
      "title": "访谈"
    },
    "inputs": [
      "56ef"
    ],
    "assets": []
  },
  "source": {
    "file": "../a.txt",
    "sha256": "56ef"
  },
  "about": {
    "date": "2024-05-06",
    "show": "灯塔",
    "disclosure": "声音由人工智能合成。"
  },
  "cast": [
    {
      "speaker": "林默",
      "role": "guest",
      "voices": {
        "zh": {
          "voice": "kokoro:zf_xiaobei",
          "rate": 1.05,
          "pitch": -2.0
        }
      },
      "reason": "pool, female",
      "shown": "林默老师"
    }
  ],
  "gains": {
    "episode": 4.57,
    "ceiling": -2.0,
    "speakers": [
      {
        "speaker": "林默",
        "voice": "kokoro:zf_xiaobei",
        "seconds": 1.23,
        "loudness": -20.12,
        "gain": -1.5
      }
    ]
  },
  "loudness": {
    "target": -16.0,
    "integrated": -16.04,
    "true_peak": -1.66,
    "encodings": 1
  },
  "music": [
    {
      "kind": "intro",
      "file": "theme.flac",
      "start": 0.0,
      "end": 1.5,
      "loudness": -18.2
    }
  ],
  "chapters": [
    {
      "title": "开场",
      "start": 0.0,
      "end": 2.5
    }
  ],
  "skipped": [
    {
      "line": 12,
      "kind": "boilerplate",
      "reason": "links",
      "text": "关注我们"
    }
  ],
  "warnings": [
    "a warning"
  ],
  "files": [
    {
      "name": "a.new.vtt",
      "bytes": 12,
      "sha256": "12ab",
      "beside": "a.vtt"
    },
    {
      "name": "a.mp3",
      "bytes": 3456,
      "sha256": "34cd"
    }
  ],
  "earlier": [
    {
      "name": "a.opus",
      "sha256": "cd"
    }
  ],
  "voices": [
    {"engine": "kokoro", "identity": "weights 1", "voice": "zf_xiaobei", "rate": 1.05, "language": "zh", \
"pitch": -2.0}
  ],
  "lines": [
    {"turn": 3, "line": 5, "speaker": "林默", "start": 500, "end": 900, "voice": 0, "text": "用 OpenXR。", \
"pronunciations": {"OpenXR": "open X R"}, \
"stretches": [{"start": 0, "end": 1, "rate": 0.8, "pitch": 2.0, "is_stressed": true}, \
{"start": 2, "end": 8, "say": "open X R"}]},
    {"turn": 5, "line": 9, "speaker": "林默", "start": 1400, "end": 1800, "voice": 0, "text": "好。", \
"replaced": [{"start": 0, "end": 1, "say": "很好"}], "take": 2, "takes": 3, "rate": 1.0815}
  ]
}
"""


@pytest.fixture
def write(tmp_path):
    """Write what is in the place of a record, and return its path."""
    path = tmp_path / "a.episode.json"

    def write(content):
        path.write_text(content if isinstance(content, str) else json.dumps(content), "utf-8")
        return path

    return write


def test_the_file_is_stable_and_a_voice_is_written_once():
    assert RECORD.format() == WRITTEN


def test_what_is_written_is_read_back(write, tmp_path):
    write(RECORD.format())
    assert EpisodeRecord.read(tmp_path, "a") == RECORD
    write(record(lines=(), source=None, earlier={}).format())
    assert EpisodeRecord.read(tmp_path, "a") == record(lines=(), source=None, earlier={})


def test_a_record_that_waits_to_be_moved_is_read_where_it_is(write, tmp_path):
    write(RECORD.format())
    waiting = tmp_path / "waiting"
    waiting.write_text(record(title="New").format(), "utf-8")
    assert EpisodeRecord.read(tmp_path, "a", {"a.episode.json": waiting}) == record(title="New")


@pytest.mark.parametrize(
    ("content", "what"),
    [
        ("", "not JSON"),
        ("{", "not JSON"),
        ("[" * 100_000, "not JSON"),
        ("[]", "written by another version"),
        ({"schema": 1, "files": []}, "written by another version"),
        ({"schema": 2}, "not what a render writes"),
    ],
)
def test_what_is_no_record_is_told(write, tmp_path, content, what):
    path = write(content)
    with pytest.raises(RecordError, match=what):
        read_record(path)
    assert EpisodeRecord.read(tmp_path, "a") is None


def test_no_file_is_no_record(tmp_path):
    assert EpisodeRecord.read(tmp_path, "a") is None
    assert read_manifest(tmp_path / "a.episode.json") is None


@pytest.mark.parametrize("key", sorted(json.loads(WRITTEN)))
@pytest.mark.parametrize("value", [5, {}, [5], [{}], "text", True, float("inf"), 10**400, ["a"]])
def test_anything_may_be_written_into_a_record(write, tmp_path, key, value):
    write(json.loads(WRITTEN) | {key: value})
    found = EpisodeRecord.read(tmp_path, "a")
    assert found is None or found.format()


@pytest.mark.parametrize(
    "change",
    [
        {"voice": 1},
        {"voice": -1},
        {"voice": "0"},
        {"text": None},
        {"take": 0},
        {"take": 4},
        {"take": "2"},
        {"takes": True},
        {"rate": float("nan")},
        {"pronunciations": {"a": 1}},
        {"pronunciations": []},
    ],
)
def test_a_record_with_an_impossible_line_counts_as_none(write, tmp_path, change):
    edited = json.loads(WRITTEN)
    edited["lines"][1] |= change
    write(edited)
    assert EpisodeRecord.read(tmp_path, "a") is None


def test_keys_that_nobody_knows_are_ignored(write, tmp_path):
    edited = json.loads(WRITTEN) | {"mood": "good"}
    edited["lines"][0]["mood"] = 5
    write(edited)
    assert EpisodeRecord.read(tmp_path, "a") == RECORD


def test_a_record_of_an_early_build_has_no_source_and_no_digests(write, tmp_path):
    early = json.loads(WRITTEN)
    del early["source"], early["earlier"], early["loudness"]["target"], early["fingerprint"]["assets"]
    for file in early["files"]:
        del file["sha256"]
    path = write(early)
    found = EpisodeRecord.read(tmp_path, "a")
    assert (found.levels.target, found.sound) == (-16.0, RecordedFile("a.mp3", 3456, None))
    expected = Manifest(
        RecordedSource(None, "56ef"),
        {"a.new.vtt": 12, "a.mp3": 3456},
        ("kokoro:zf_xiaobei",),
        ("用 OpenXR。", "好。"),
    )
    assert found.manifest == read_manifest(path) == expected


def test_a_record_and_its_file_list_the_same(write):
    assert read_manifest(write(RECORD.format())) == RECORD.manifest


def test_of_another_schema_the_manifest_is_read(write):
    listed = {"schema": 1, "files": [{"name": "a.mp3", "sha256": "ab"}], "cast": 5, "lines": [5]}
    assert read_manifest(write(listed)) == Manifest(None, {"a.mp3": "ab"})


def test_a_preview_is_read_back_as_a_manifest(write):
    preview = PreviewRecord(
        RecordedSource("../a.txt", "56ef"),
        {"Ada": {"en": "tone:ada"}},
        [("Ada", "Yes.")],
        [RecordedFile("a.preview.mp3", 5, "ab")],
    )
    path = write(preview.format())
    assert read_manifest(path) == Manifest(preview.source, {"a.preview.mp3": "ab"}, ("tone:ada",), ("Yes.",))
    assert json.loads(preview.format())["lines"] == [{"speaker": "Ada", "text": "Yes."}]


def test_a_chapter_keeps_its_image_and_its_link(tmp_path):
    chapters = (
        RecordedChapter("One", 0.0, 1.0, "a.image-1.jpg", "https://a.example"),
        RecordedChapter("Two", 1.0, 2.5),
    )
    path = tmp_path / "a.episode.json"
    path.write_text(replace(RECORD, chapters=chapters).format(), "utf-8")
    assert read_record(path).chapters == chapters
    assert json.loads(path.read_bytes())["chapters"][1] == {"title": "Two", "start": 1.0, "end": 2.5}
