"""A clip's key changes with everything that shapes its sound, and with nothing else."""

from dataclasses import replace
from pathlib import Path

import pytest

from interview_audio.errors import StoreError
from interview_audio.script.lines import Line, Voice
from interview_audio.synthesis.store import ClipStore, clip_key, matching_pronunciations

LINE = Line(3, "Ada", "zh", "用 OpenXR 说话。", Voice("kokoro", "zf_xiaobei"), 0.5, "Title", 12)


@pytest.mark.parametrize(
    "other",
    [
        replace(LINE, text="用 OpenXR 说话！"),
        replace(LINE, language="en"),
        replace(LINE, voice=Voice("tone", "zf_xiaobei")),
        replace(LINE, voice=Voice("kokoro", "zf_xiaoyi")),
        replace(LINE, voice=Voice("kokoro", "zf_xiaobei", 1.1)),
    ],
)
def test_what_shapes_the_sound_is_in_the_key(other):
    assert clip_key(other, "weights 1", {}) != clip_key(LINE, "weights 1", {})


def test_engine_identity_and_pronunciations_are_in_the_key():
    assert clip_key(LINE, "weights 2", {}) != clip_key(LINE, "weights 1", {})
    assert clip_key(LINE, "weights 1", {"OpenXR": "open X R"}) != clip_key(LINE, "weights 1", {})


def test_what_does_not_shape_the_sound_is_not():
    other = replace(LINE, turn=9, speaker="Ben", pause=2.0, chapter=None, source_line=99)
    assert clip_key(other, "weights 1", {}) == clip_key(LINE, "weights 1", {})


def test_only_pronunciations_that_occur_in_the_line_count():
    table = {"zh": {"OpenXR": "open X R", "Nguyen": "win"}, "en": {"说": "x"}}
    assert matching_pronunciations(LINE, table) == {"OpenXR": "open X R"}


def test_a_clip_that_is_not_there_is_none(tmp_path):
    store = ClipStore(tmp_path)
    assert store.find("ab" * 32) is None
    assert store.path("ab" * 32) == tmp_path / "v1" / "ab" / ("ab" * 32 + ".flac")


def test_a_store_that_cannot_be_made(tmp_path):
    (tmp_path / "file").write_text("", "utf-8")
    with pytest.raises(StoreError, match="cannot write to the clip store"):
        ClipStore(Path(tmp_path / "file")).prepare()
