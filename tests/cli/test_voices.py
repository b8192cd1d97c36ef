"""``voices list``: a line for each voice, and an error where there is none. ``voices schema``: a line for editors."""

import json
import socket
from pathlib import Path
from urllib.parse import urlsplit
from urllib.request import url2pathname

import pytest

from speech_server.server import SpeechServer

OPENAI = "engines: {openai: {model: m, %s}}\n"


@pytest.fixture
def settings(tmp_path, monkeypatch):
    """Write the part of ``engines.openai`` where the command looks for it."""
    monkeypatch.chdir(tmp_path)
    return lambda own: (tmp_path / "voices.yaml").write_text(OPENAI % own, "utf-8")


def closed_address():
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        return f"127.0.0.1:{listening.getsockname()[1]}"


def test_voices_stand_in_columns(run):
    lines = run("voices", "list", "--engine", "edge").out.splitlines()
    assert len({line.index(gender) for line in lines for gender in (" female", " male") if gender in line}) == 1


@pytest.mark.parametrize("tag", ["zh", "zh-CN", "cmn"])
def test_voices_of_a_language(run, tag):
    lines = run("voices", "list", "--language", tag).out.splitlines()
    assert [line.split()[0] for line in lines][:2] == ["zf_xiaobei", "zf_xiaoni"]
    assert all(" zh " in line for line in lines)


def test_no_voice_of_a_language_is_an_error(run):
    outcome = run("voices", "list", "--language", "xx")
    assert (outcome.code, outcome.out) == (1, "")
    assert outcome.err == "Error: kokoro has no voice for the language 'xx'; it has voices for en, zh\n"


def test_a_server_that_cannot_be_asked(run, settings):
    address = closed_address()
    settings(f'base_url: "http://{address}/v1"')
    outcome = run("voices", "list", "--engine", "openai")
    assert (outcome.code, outcome.out) == (1, "")
    assert outcome.err == (
        f"Error: no voices of openai can be listed: {address} refused the connection; "
        "check that the server is running and no firewall blocks it\n"
    )


def test_a_server_that_may_not_be_asked(run, settings):
    settings('base_url: "https://example.org/v1", offline: true')
    outcome = run("voices", "list", "--engine", "openai")
    assert (outcome.code, outcome.out) == (1, "")
    assert "--offline forbids asking example.org; leave it out, or name a voice that you know" in outcome.err


@pytest.mark.parametrize("answer", [None, [], {"voices": []}])
def test_a_server_that_names_none(run, settings, answer):
    with SpeechServer() as server:
        server.voices = answer
        settings(f'base_url: "{server.base_url}"')
        outcome = run("voices", "list", "--engine", "openai")
    assert (outcome.code, outcome.out) == (1, "")
    assert outcome.err.startswith("Error: no voices of openai can be listed: 127.0.0.1:")


def test_what_a_server_names_is_not_obeyed(run, settings):
    with SpeechServer() as server:
        server.voices = ["a\x1b[2J\nb", "c"]
        settings(f'base_url: "{server.base_url}"')
        outcome = run("voices", "list", "--engine", "openai")
    assert [line.split("  ")[0] for line in outcome.out.splitlines()] == ["a\ufffd[2J b", "c"]
    assert run("voices", "list", "--engine", "openai", "--language", "en").code == 1


def test_schema_prints_the_first_line_of_a_file_of_ones_own(run, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    line = run("voices", "schema").out
    assert line.startswith("# yaml-language-server: $schema=file:")
    assert len(line.split()) == 3  # editors read the address up to a space
    path = Path(url2pathname(urlsplit(line.split("$schema=")[1].strip()).path))
    assert json.loads(path.read_text("utf-8"))["title"] == "voices.yaml of interview-audio"
    (tmp_path / "voices.yaml").write_text(line + "engine: tone\n", "utf-8")
    assert "tone" in run("voices", "list").out


def test_voices_are_filtered_by_gender_and_by_what_was_measured(run):
    everything = run("voices", "list").out.splitlines()
    women = run("voices", "list", "--language", "zh", "--gender", "female").out.splitlines()
    assert women == [line for line in everything if line.startswith("zf_")]
    recommended = run("voices", "list", "--recommended").out.splitlines()
    assert recommended == [line for line in everything if "  recommended  " in line]
    assert 8 <= len(recommended) < len(everything)
    assert all(" % clear  " in line and " of 5  " in line for line in everything)


def test_voices_for_programs(run):
    listed = json.loads(run("voices", "list", "--json", "--language", "en", "--gender", "male").out)
    assert (listed["schema"], listed["engine"]) == (1, "kokoro")
    (voice,) = (one for one in listed["voices"] if one["name"] == "am_michael")
    clarity, quality, pitch = (voice.pop(key) for key in ("clarity", "quality", "pitch"))
    assert (0.9 < clarity <= 1, 3 < quality < 4, 80 < pitch < 160) == (True, True, True)
    assert voice == {
        "name": "am_michael", "languages": ["en"], "gender": "male", "description": "American English",
        "recommended": True,
    }  # fmt: skip


def test_an_engine_whose_voices_were_not_measured_recommends_none(run):
    (first, *_) = json.loads(run("voices", "list", "--json", "--engine", "tone").out)["voices"]
    assert (first["name"], first["clarity"], first["quality"], first["recommended"]) == ("female-1", None, None, False)
    assert run("voices", "list", "--engine", "tone", "--recommended").err == (
        "Error: the voices of tone were not measured, so that none can be recommended; leave out --recommended\n"
    )
