"""A clip's key changes with everything that shapes its sound, and with nothing else."""

from dataclasses import replace

import pytest

from interview_audio.script.lines import Line, Voice
from interview_audio.script.takes import RATES
from interview_audio.synthesis.recipes import FASTEST, SLOWEST, Recipe, matching_pronunciations, recipe_of

LINE = Line(3, "Ada", "zh", "用 OpenXR 说话。", Voice("kokoro", "zf_xiaobei", 1.1), 0.5, "Title", 12)
RECIPE = Recipe("kokoro", "weights 1", "zf_xiaobei", 1.1, "zh", "用 OpenXR 说话。", (("OpenXR", "open X R"),))


def test_a_recipe_is_all_that_shapes_the_sound():
    table = {"zh": {"OpenXR": "open X R", "Nguyen": "win"}, "en": {"说": "x"}}
    assert matching_pronunciations(LINE, table) == {"OpenXR": "open X R"}
    assert recipe_of(LINE, "weights 1", table) == RECIPE


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
    ],
)
def test_each_of_it_is_in_the_key(change):
    assert replace(RECIPE, **change).key != RECIPE.key


def test_what_does_not_shape_the_sound_is_not():
    other = replace(LINE, turn=9, speaker="Ben", pause=2.0, chapter=None, source_line=99, takes=5, opens_section=True)
    assert recipe_of(other, "weights 1", {}) == recipe_of(LINE, "weights 1", {})


def test_a_key_stays_what_it_is():
    assert RECIPE.key == "0ab21c8c093aa1322f3a33f31901a317981b4d7bfeb7dad15bcfbd7443e8634d"
    assert replace(RECIPE, rate=1).key == replace(RECIPE, rate=1.0).key


def test_every_take_has_a_rate_of_its_own_that_an_engine_can_speak_with():
    for rate in (SLOWEST, 1.0, FASTEST):
        rates = [replace(RECIPE, rate=rate, take=take).spoken_rate for take in range(1, len(RATES) + 1)]
        assert rates[0] == rate
        assert rate not in rates[1:]
        assert all(SLOWEST <= one <= FASTEST for one in rates)
        assert len({replace(RECIPE, rate=rate, take=take).key for take in range(1, len(RATES) + 1)}) == len(RATES)


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
