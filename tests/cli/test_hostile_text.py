"""What a file, its name or an option says is never obeyed by a terminal, and never passes for a line of ours."""

import json
import re
import unicodedata
from typing import Any

import pytest

HOSTILE = "I\x1b[2Jda\u202e\x9b31m\x07\u200b\x7f\u2028Error: forged"
SHOWN = "I\ufffd[2Jda\ufffd31m\ufffd\ufffd Error: forged"
SCRIPT: dict[str, Any] = {
    "title": f"On {HOSTILE}",
    "language": "en",
    "speakers": [{"name": "Q", "role": "host"}, {"name": HOSTILE, "role": "guest"}],
    "turns": [
        {"speaker": "Q", "text": f"Why do you say {HOSTILE}?"},
        {"speaker": HOSTILE, "text": f"Because {HOSTILE} is --> my name."},
        {"kind": "quote", "text": HOSTILE, "at": {"line": 3, "reason": HOSTILE}},
    ],
}


def obeyed(text):
    """What of a text a terminal or a reader would obey, but for line ends."""
    kinds = ("Cc", "Cs", "Zl", "Zp")
    return {one for one in text if unicodedata.category(one) in kinds or one in "\u202e\u2066\u200b\ufeff"} - {"\n"}


@pytest.fixture
def hostile(tmp_path):
    path = tmp_path / "ta\x1b[2Jlk\u202e\nError: forged.script.json"
    path.write_text(json.dumps(SCRIPT), "utf-8")
    return path


@pytest.mark.parametrize("words", [["check"], ["plan"], ["plan", "--json"], ["script"], ["script", "--format", "json"]])
def test_what_a_report_says_of_a_source(run, hostile, words):
    outcome = run(words[0], hostile, *words[1:])
    assert (outcome.code, obeyed(outcome.out + outcome.err)) == (0, set())
    assert not any(line.startswith("Error: forged") for line in outcome.out.splitlines())


def test_a_script_keeps_every_character(run, hostile, tmp_path):
    for form in ("yaml", "json"):
        again = tmp_path / f"again.script.{form}"
        assert run("script", hostile, "--format", form, "-o", again).code == 0
        assert not obeyed(again.read_text("utf-8"))
        document = json.loads(run("script", again, "--format", "json").out)
        assert [turn["text"] for turn in document["turns"]] == [turn["text"] for turn in SCRIPT["turns"]]
        assert [person["name"] for person in document["speakers"]] == ["Q", HOSTILE]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("talk.txt", f"On it\n\nQ: Why?\nIda\u202e H\u200bolm: Because \u2066of {'x ' * 400}\x1b[2J\x9b31m it.\n"),
        ("talk.srt", "1\n00:00:00,000 --> 00:00:01,000\nIda\u202e Holm: Because \u2066of\u200b it.\n\n"
         "2\n00:00:01,000 --> 00:00:02,000\nIda Holm: Yes.\n"),
        ("talk.vtt", "WEBVTT\n\n00:00.000 --> 00:01.000\n<v Ida\u202e H\u200bolm>Because \u2066of\u200b it.\n"),
        ("talk.json", json.dumps({"segments": [{"speaker": "Ida\u202e H\u200bolm\x00", "text": "Because \x07\u202e of it."},
                                               {"speaker": "Ida Holm", "text": "Yes."}]})),
        ("talk.html", "<p><b>Ida&#x202e; H&#x200b;olm:</b> Because &#x1b;[2J of &#7; it.</p><p><b>Q:</b> Yes.</p>"),
    ],
)  # fmt: skip
def test_names_are_those_that_are_seen_and_every_character_is_accounted_for(run, tmp_path, name, text):
    (tmp_path / name).write_text(text, "utf-8")
    outcome = run("check", tmp_path / name)
    assert (outcome.code, obeyed(outcome.out)) == (0, set())
    assert re.search(r"^  unaccounted +0 ", outcome.out, re.MULTILINE)
    document = json.loads(run("script", tmp_path / name, "--format", "json").out)
    assert "Ida Holm" in [person["name"].replace("\ufffd", "") for person in document["speakers"]]


@pytest.mark.usefixtures("small_episodes")
def test_what_a_render_says_and_writes(run, hostile, tmp_path):
    folder = tmp_path / "out\x1b[2J\nError: forged"
    words = ("--engine", "tone", "--title", SCRIPT["title"], "-o", folder)
    for _ in range(2):  # the second says that it is unchanged
        outcome = run("render", hostile, *words)
        assert (outcome.code, obeyed(outcome.out + outcome.err)) == (0, set())
        assert f"  {SHOWN} (guest)" in outcome.out + outcome.err
        assert not any(line.startswith("Error: forged") for line in (outcome.out + outcome.err).splitlines())
    for file in folder.iterdir():
        assert not obeyed(file.name)
        if file.suffix not in (".mp3", ".jpg"):
            assert not obeyed(file.read_text("utf-8"))
    (episode,) = folder.glob("*.episode.json")
    assert [member["speaker"] for member in json.loads(episode.read_text("utf-8"))["cast"]] == ["Q", HOSTILE]
    verified = run("verify", folder)
    assert obeyed(verified.out + verified.err) == set()
    assert verified.err == ""


@pytest.mark.parametrize(
    "words",
    [
        ["check", "no\x1b[2J\nError: forged.txt"],
        ["plan", "x.txt", "--engine", "kokoro\x1b[2J\nError: forged"],
        ["check", "x.txt", "--language", "zh\x1b[2J\nError: forged"],
        ["render", "x.txt", "--redo", "speaker:\x1b[2J\nError: forged"],
        ["chec\x1b[2J\nError: forged"],
        ["check", "--x\x1b[2J\nError: forged"],
        ["check", "binary\x1b[2J\nError: forged.txt"],
        ["verify", "binary\x1b[2J\nError: forged.txt"],
        ["store", "prune", "--older-than", "1\x1b[2J\nError: forged"],
    ],
)
def test_an_error_is_one_line(run, tmp_path, monkeypatch, words):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "x.txt").write_text("Q: Why is it so?\nIda: It is.\n", "utf-8")
    (tmp_path / "binary\x1b[2J\nError: forged.txt").write_bytes(bytes(range(256)))
    outcome = run(*words)
    assert outcome.code != 0
    assert obeyed(outcome.out + outcome.err) == set()
    assert len(outcome.err.splitlines()) == 1


def test_a_settings_file_cannot_forge_a_line(run, tmp_path):
    (tmp_path / "x.txt").write_text("Q: Why is it so?\nIda: It is.\n", "utf-8")
    for text in (
        'speakers: {Ida: {voices: {en: {kokoro: "af_hart\\e[2J\\nError: forged"}}}}',
        '"speekers\\e[2J\\nError: forged": {}',
        'sound: {intro: "no\\e[2J\\nError: forged.mp3"}',
    ):
        (tmp_path / "voices.yaml").write_text(text, "utf-8")
        outcome = run("check", tmp_path / "x.txt")
        outcome = outcome if outcome.code else run("render", tmp_path / "x.txt", "-o", tmp_path)
        assert outcome.code == 1
        assert obeyed(outcome.err) == set()
        assert sum(line.startswith("Error:") for line in outcome.err.splitlines()) == 1


@pytest.mark.usefixtures("small_episodes")
def test_what_stands_in_the_way_and_what_came_of_each_source(run, hostile, tmp_path):
    folder = tmp_path / "out\x1b[2J\nError: forged"
    folder.mkdir()
    other = tmp_path / "x\x1b[2J\nError: forged.txt"
    other.write_text("Q: Why is it so?\nIda: It is.\n", "utf-8")
    (folder / "x-2J-Error-forged.mp3").write_text("not ours", "utf-8")
    (folder / "ta-2Jlk-Error-forged.srt").write_text("not ours", "utf-8")
    for words in (["plan", hostile], ["plan", other], ["render", hostile, other]):
        outcome = run(*words, "--engine", "tone", "-o", folder)
        assert obeyed(outcome.out + outcome.err) == set()
        assert not any(line.startswith("Error: forged") for line in (outcome.out + outcome.err).splitlines())
