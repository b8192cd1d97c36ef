"""``doctor`` says what works on this machine, and prepares the fast graph when asked."""

import pytest
from click.testing import CliRunner

from interview_audio.cli.commands.doctor import doctor
from interview_audio.engines.kokoro import model
from interview_audio.engines.tone import ToneEngine
from interview_audio.errors import EngineError


@pytest.fixture
def prepared(monkeypatch, tmp_path):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))

    def prepare(_, on_step, *, again):
        assert again
        on_step("timing both graphs")
        return model.Speeds(published=0.6, fast=0.25)

    monkeypatch.setattr(model, "prepare_fast_graph", prepare)


def test_an_unprepared_machine_is_told_what_to_do(prepared):
    result = CliRunner().invoke(doctor)
    assert result.exit_code == 0
    assert (
        "kokoro (selected): speaks on this machine, 36 voices\n  ready: weights from the installed packages; no network needed\n  the fast graph is not prepared"
        in result.stdout
    )
    assert "doctor --prepare" in result.stdout
    assert "tone: speaks on this machine, 8 voices\n" in result.stdout


def test_preparing_shows_its_steps_and_both_figures(prepared):
    result = CliRunner().invoke(doctor, ["--prepare"])
    assert result.stderr == "  timing both graphs ...\n"
    assert "fast graph on this machine" in result.stdout
    assert "fast 0.25, published 0.60" in result.stdout


def test_settings_that_turn_it_off_are_named(prepared, tmp_path):
    (tmp_path / "voices.yaml").write_text("engines: {kokoro: {graph: published}}\n", "utf-8")
    result = CliRunner().invoke(doctor)
    assert "uses the graph published, as set in engines.kokoro" in result.stdout


def test_an_engine_that_cannot_name_its_voices_does_not_hide_the_others(prepared, monkeypatch):
    def voices(_self):
        raise EngineError("the choir has lost its list; write it again")

    monkeypatch.setattr(ToneEngine, "voices", voices)
    result = CliRunner().invoke(doctor)
    assert result.exit_code == 0
    assert "kokoro (selected): speaks on this machine" in result.stdout
    assert "tone: unavailable: the choir has lost its list; write it again\n" in result.stdout
