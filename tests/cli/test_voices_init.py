"""``voices init`` writes the cast of an interview, and ``voices check`` says whom voices.yaml gives which voice, and why."""

import io
import re
from types import SimpleNamespace

import pytest
import yaml

from interview_audio.configuration.loading import load_settings

ROW = re.compile(r"^  (\S.*?) {2,}([a-z]\w*(?:\.[^:]*)?: .*)$", re.MULTILINE)
TALK = """# The keeper: "no" and yes

Q: Where did it begin?
Ida Holm: On the hill. She, my mother, was there.
Tomas: I was not.
Q: And then?
Ida Holm: 那天下雪了，下了一个星期。
Tomas: It did.
Ida: Yes.
"""


@pytest.fixture
def here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "talk.en.txt").write_text(TALK, "utf-8")
    return tmp_path


def test_the_file_gives_everybody_the_voice_that_they_would_have_without_it(run, here):
    before = run("voices", "check", "talk.en.txt").out
    outcome = run("voices", "init", "talk.en.txt")
    assert (outcome.code, outcome.out) == (0, "voices.yaml  3 people, voices of kokoro, edge\n")
    after = run("voices", "check", "talk.en.txt").out
    cast = [re.findall(r"^  (\w.*?) +(en|zh) +(kokoro:\S+)", out, re.MULTILINE) for out in (before, after)]
    assert len(cast[0]) == 5
    assert cast[0] == cast[1]
    assert load_settings([here / "voices.yaml"]).speakers["Ida Holm"].gender == "female"


def test_what_was_guessed_has_a_comment_and_every_language_a_voice_of_each_engine(run, here):
    text = run("voices", "init", "talk.en.txt", "-o", "-").out
    assert not (here / "voices.yaml").exists()
    assert "gender: female  # guessed: " in text
    assert text.startswith("# yaml-language-server: $schema=file://")
    speakers = yaml.safe_load(text)["speakers"]
    assert list(speakers) == ["host", "Ida Holm", "Tomas", "narrator"]
    assert speakers["Ida Holm"]["voices"].keys() == {"en", "zh"}
    assert speakers["Ida Holm"]["voices"]["zh"].keys() == {"kokoro", "edge"}
    voices = [speaker["voices"]["en"]["kokoro"] for speaker in speakers.values()]
    assert len(set(voices)) == len(voices)


def test_of_what_comes_through_a_pipe_the_file_is_here(run, here, monkeypatch):
    monkeypatch.setattr("sys.stdin", SimpleNamespace(buffer=io.BytesIO(TALK.encode())))
    outcome = run("voices", "init", "-", "--engine", "tone")
    assert (outcome.code, outcome.out.split()[0]) == (0, "voices.yaml")
    assert {path.name for path in here.iterdir()} == {"talk.en.txt", "voices.yaml"}


def test_one_engine_alone(run, here):
    speakers = yaml.safe_load(run("voices", "init", "talk.en.txt", "--engine", "tone", "-o", "-").out)["speakers"]
    assert speakers["Ida Holm"]["voices"]["en"].keys() == {"tone"}


def test_a_file_that_is_there_is_not_replaced(run, here):
    (here / "voices.yaml").write_text("engine: tone\n")
    outcome = run("voices", "init", "talk.en.txt")
    assert (outcome.code, (here / "voices.yaml").read_text()) == (1, "engine: tone\n")
    assert outcome.err == (
        "Error: voices.yaml exists and is not replaced; choose another file with -o FILE, or print it with -o -\n"
    )


def test_every_value_is_explained_by_its_file_and_line(run, here):
    (here / "voices.yaml").write_text("pauses:\n  turn: 0.7\nrules:\n  - {match: a, say: b}\n", "utf-8")
    out = run("voices", "check", "--explain").out
    places = {rest.partition(": ")[0]: (rest.partition(": ")[2], place) for place, rest in ROW.findall(out)}
    assert places["pauses.turn"] == ("0.7", "voices.yaml:2")
    assert places["pauses.head"][1].startswith("default, line ")
    assert places["rules.0.match"] == ("a", "voices.yaml:4")
    assert places["sound.intro"] == ("null", "built in")
    assert places["read.title"][0] == "true"


def test_a_voice_that_does_not_exist_is_named_with_its_place_even_where_nobody_speaks_with_it(run, here):
    (here / "voices.yaml").write_text("pool:\n  en:\n    kokoro:\n      male: [am_michael, am_pukc]\n", "utf-8")
    outcome = run("voices", "check")
    assert outcome.code == 1
    assert outcome.err.endswith("voices.yaml:4:26: kokoro has no voice 'am_pukc'; did you mean 'am_puck'?\n")


def test_the_voice_of_a_role_is_named_with_the_line_that_gives_it(run, here):
    (here / "voices.yaml").write_text("speakers:\n  host:\n    voices: {en: {kokoro: bf_emma}}\n", "utf-8")
    rows = [line.split() for line in run("voices", "check", "talk.en.txt").out.splitlines()]
    assert ["Q", "en", "kokoro:bf_emma", "voices.yaml:3"] in rows


def test_who_asks_comes_first_and_a_setting_is_explained_once(run, here):
    (here / "talk's end.txt").write_text(
        TALK.replace("Q: Where did it begin?", "Tomas: Hello, Ida.\nQ: Where?"), "utf-8"
    )
    text = run("voices", "init", "talk's end.txt", "-o", "-").out
    assert next(iter(yaml.safe_load(text)["speakers"])) == "host"
    assert text.count("# 1.05 is a twentieth faster") == text.count("# other names and labels") == 1
    assert '# Render it:     interview-audio render "talk\'s end.txt"\n' in text


def test_a_language_that_the_usual_engine_does_not_speak_is_a_hint_at_one_that_does(run, here):
    (here / "talk.txt").write_text(
        "Q: ¿Dónde empezó todo esto?\nIda Holm: En la colina, hace mucho tiempo.\n" * 3, "utf-8"
    )
    text = run("voices", "init", "talk.txt", "-o", "-").out
    assert "\n# engine: edge  # kokoro has no voice for Spanish here\n" in text
    assert yaml.safe_load(text)["speakers"]["Ida Holm"]["voices"].keys() == {"es"}


def test_a_voice_made_for_another_language_is_a_warning_with_its_place(run, here):
    (here / "voices.yaml").write_text("speakers:\n  Ida:\n    voices: {en: {kokoro: zf_xiaobei}}\n", "utf-8")
    outcome = run("voices", "check")
    assert outcome.code == 0
    assert outcome.err == (
        "Warning: voices.yaml:3: zf_xiaobei was not made for English; choose another, of those that this lists: "
        "interview-audio voices list --engine kokoro --language en --recommended\n"
    )
    assert run("voices", "check", "talk.en.txt").err == (
        "Warning: zf_xiaobei (Ida) was not made for English; choose another, of those that this lists: "
        "interview-audio voices list --engine kokoro --language en --recommended\n"
    )
