"""A clip's key changes with everything that shapes its sound, and with nothing else."""

from dataclasses import replace

import pytest

from interview_audio.script.lines import Line, Voice
from interview_audio.script.takes import MOST_TAKES
from interview_audio.synthesis.clips import FASTEST, SLOWEST, ClipSpec, clip_spec, matching_pronunciations

LINE = Line(3, "Ada", "zh", "用 OpenXR 说话。", Voice("kokoro", "zf_xiaobei", 1.1), 0.5, "Title", 12)
SPEC = ClipSpec("kokoro", "weights 1", "zf_xiaobei", 1.1, "zh", "用 OpenXR 说话。", (("OpenXR", "open X R"),))


def test_a_recipe_is_all_that_shapes_the_sound():
    table = {"zh": {"OpenXR": "open X R", "Nguyen": "win"}, "en": {"说": "x"}}
    assert matching_pronunciations(LINE, table) == {"OpenXR": "open X R"}
    assert clip_spec(LINE, "weights 1", table) == SPEC


@pytest.mark.parametrize(
    "change",
    [
        {"engine": "tone"},
        {"identity": "weights 2"},
        {"voice": "zf_xiaoyi"},
        {"rate": 1.0},
        {"language": "en"},
        {"text": "用 OpenXR 说话！"},
        {"pronunciations": ()},
        {"pronunciations": (("OpenXR", "open XR"),)},
        {"take": 2},
        {"names": ("曾国平",)},
    ],
)
def test_each_of_it_is_in_the_key(change):
    assert replace(SPEC, **change).key != SPEC.key


def test_what_does_not_shape_the_sound_is_not():
    other = replace(LINE, turn=9, speaker="Ben", pause=2.0, chapter=None, source_line=99, takes=5, opens_section=True)
    assert clip_spec(other, "weights 1", {}) == clip_spec(LINE, "weights 1", {})


def test_a_key_stays_what_it_is():
    assert SPEC.key == "0ab21c8c093aa1322f3a33f31901a317981b4d7bfeb7dad15bcfbd7443e8634d"
    assert replace(SPEC, rate=1).key == replace(SPEC, rate=1.0).key


@pytest.mark.parametrize("percent", range(50, 201))
def test_every_take_has_a_rate_of_its_own_that_an_engine_can_speak_with(percent):
    takes = [replace(SPEC, rate=percent / 100, take=take) for take in range(1, MOST_TAKES + 1)]
    rates = [take.spoken_rate for take in takes]
    assert rates[0] == percent / 100
    assert all(SLOWEST <= rate <= FASTEST for rate in rates)
    assert len({round((rate - 1) * 100) for rate in rates}) == MOST_TAKES  # what Edge is told
    assert len({take.key for take in takes}) == MOST_TAKES


def test_takes_move_a_little_and_away_from_the_end_of_what_can_be_spoken():
    def rates(rate):
        return [replace(SPEC, rate=rate, take=take).spoken_rate for take in (1, 2, 3, 4, 5)]

    assert rates(1.0) == [1.0, 1.03, 0.97, 1.05, 0.95]
    assert rates(0.5) == [0.5, 0.53, 0.58, 0.55, 0.6]
    assert rates(2.0) == [2.0, 1.84, 1.94, 1.8, 1.9]


@pytest.mark.parametrize(
    ("written", "text", "expected"),
    [
        ("O'Neil", "Ask Ms. O’Neil about it.", True),
        ("OpenXR", "用 ＯｐｅｎＸＲ 说话。", True),
        ("an", "I am fine, thank you.", False),
        ("an", "That is an answer.", True),
        ("重庆", "他在重庆长大。", True),
    ],
)
def test_a_pronunciation_is_in_the_key_where_it_is_heard(written, text, expected):
    line = replace(LINE, text=text)
    assert bool(matching_pronunciations(line, {"zh": {written: "x"}})) == expected
