"""Kokoro's voices and their blends."""

import numpy as np
import pytest

from interview_audio.engines.kokoro import voices
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
        ({"grap": "auto"}, "engines.kokoro has the settings graph, model, weights and proxy, not grap"),
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
