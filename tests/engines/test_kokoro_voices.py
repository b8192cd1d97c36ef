"""Kokoro's voices and their blends."""

import math
import re
from pathlib import Path

import numpy as np
import pytest

from interview_audio.engines.kokoro import voices
from interview_audio.engines.protocol import VoiceInfo, voice_distance
from interview_audio.engines.registry import load_engine
from interview_audio.errors import EngineError, VoiceError


def test_the_packaged_tables():
    assert len(voices.names()) == 36
    assert voices.style("af_heart").shape == (510, 1, 256)
    assert voices.style("af_heart").dtype == np.float32


def test_a_blend_is_the_weighted_mean():
    expected = 0.75 * voices.style("af_heart") + 0.25 * voices.style("af_bella")
    assert np.allclose(voices.style("af_heart*3 + af_bella"), expected, atol=1e-6)
    assert voices.parse_blend("af_heart*0.6+af_bella*.4") == (("af_heart", 0.6), ("af_bella", 0.4))


@pytest.mark.parametrize(
    ("formula", "message"),
    [
        ("af_hart", "kokoro has no voice 'af_hart'; did you mean 'af_heart'?"),
        ("af_heart*0.5 + zz", "kokoro has no voice 'zz'; list them with: interview-audio voices list --engine kokoro"),
        ("af_heart * x", "'af_heart * x' is not a blend of voices; write it like af_heart*0.6 + af_bella*0.4"),
        ("af_heart*0", "the shares of 'af_heart*0' add up to 0; give at least one voice a share above 0"),
        ("", "'' is not a blend of voices; write it like af_heart*0.6 + af_bella*0.4"),
    ],
)
def test_a_blend_that_cannot_be(formula, message):
    with pytest.raises(VoiceError) as caught:
        voices.parse_blend(formula)
    assert str(caught.value) == message


def test_the_leading_voice_gives_the_accent():
    assert voices.accent("bf_emma*0.7 + af_bella*0.3") == "en-gb"
    assert voices.accent("zf_xiaobei") == "en-us"


def test_a_language_that_kokoro_does_not_speak():
    with pytest.raises(VoiceError, match="kokoro speaks zh and en, not 'fr'"):
        load_engine("kokoro", {}).check("af_heart", "fr")


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"grap": "auto"}, "engines.kokoro has the settings graph, device, model, weights and proxy, not grap"),
        ({"graph": 7}, "engines.kokoro.graph must be text, not 7"),
        ({"weights": "a\0b"}, "engines.kokoro.weights: a file name cannot contain a NUL character; remove it"),
        ({"graph": "quick"}, "engines.kokoro.graph must be auto, fast, published or an .onnx file, not 'quick'"),
        ({"graph": "~nosuchuser/own.onnx"}, "engines.kokoro: ~nosuchuser has no home folder here; write the whole"),
        ({"model": "a\0b.onnx"}, "engines.kokoro: a file name cannot contain a NUL character; remove it"),
    ],
)
def test_settings_that_are_not_known(settings, message):
    with pytest.raises(EngineError, match=message):
        load_engine("kokoro", settings)


def test_a_model_of_ones_own_that_is_not_there(tmp_path):
    engine = load_engine("kokoro", {"model": str(tmp_path / "none.onnx")})
    with pytest.raises(EngineError, match="not found"):
        engine.check("af_heart", "en")


def test_every_voice_was_measured_in_its_language():
    for name in voices.names():
        (language,) = voices.describe(name).languages
        traits = voices.traits(name, language)
        assert 0.5 < traits.clarity <= 1, name
        assert 1 < traits.quality < 4, name
        assert 60 < traits.pitch < 400, name


def test_a_blend_is_described_by_its_main_part():
    described = voices.describe_blend("af_bella*0.3 + zm_yunxi*0.7")
    assert described == VoiceInfo("af_bella*0.3 + zm_yunxi*0.7", ("zh",), "male", "Mandarin")


def test_a_blend_sounds_like_the_weighted_mean_of_its_parts():
    bella, emma = (voices.traits(name, "en") for name in ("af_bella", "bf_emma"))
    blend = voices.traits("af_bella*3 + bf_emma", "en")
    assert blend.pitch == pytest.approx(math.exp(0.75 * math.log(bella.pitch) + 0.25 * math.log(emma.pitch)))
    assert blend.clarity == pytest.approx(0.75 * bella.clarity + 0.25 * emma.clarity)
    assert voice_distance(blend, bella) == pytest.approx(0.25 * voice_distance(bella, emma))


def test_a_blend_that_was_measured_is_known_however_it_is_written():
    measured = voices.traits("zf_xiaoxiao*0.7 + af_bella*0.3", "zh")
    assert measured.clarity > 0.9
    assert voices.traits("af_bella*3+zf_xiaoxiao*7", "zh") == measured
    assert voices.traits("zf_xiaoxiao*0.6 + af_bella*0.4", "zh").clarity is None  # af_bella was not heard in Mandarin


def test_a_voice_in_another_language_keeps_its_timbre():
    mandarin = voices.traits("zf_xiaobei", "zh")
    assert voices.traits("zf_xiaobei", "en").timbre == mandarin.timbre
    assert voices.traits("zf_xiaobei", "en").clarity is None


def test_the_documentation_has_the_table():
    page = Path(__file__).parents[2].joinpath("docs", "voices.md").read_text("utf-8")
    rows = re.findall(r"^\| (✓?) *\| `([^`]+)` \| (\w\w) \| ([\d.]+) % \| ([\d.]+) \| (\d+) \|", page, re.MULTILINE)
    assert {(name, language) for _, name, language, *_ in rows} == set(voices.measured())
    for mark, name, language, clear, quality, pitch in rows:
        traits = voices.traits(name, language)
        assert (clear, quality, pitch) == (
            f"{100 * traits.clarity:.1f}",
            f"{traits.quality:.2f}",
            f"{traits.pitch:.0f}",
        )
        assert bool(mark) == traits.is_recommended
