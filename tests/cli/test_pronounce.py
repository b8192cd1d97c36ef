"""``pronounce``: how a text is said; ``check --words`` and ``--rules``: what is guessed, and what rules match."""

import json
import sys
import wave

import pytest

from interview_audio.cli import playback
from interview_audio.configuration.loading import load_settings
from interview_audio.engines.registry import load_engine

SETTINGS = r"""
pronunciations:
  en: {Nguyen: /ŋwɪn/, Okafor: {kokoro: /oʊˈkɑːfɔːr/, tone: oh car for}}
  zh: {行长: hang2 zhang3}
rules: [{match: 'fig\. (\d+)', say: 'figure \1'}, {match: ' \(p\. \d+\)', skip: true}, {match: zzz, skip: yes}]
"""
TALK = """\
On names

Q: Did Nguyen see fig. 3 (p. 12) with Achterberg?

Ida Holm: In fig. 12. It is Achterberg's, says Okafor.

Q: 行长今天在重庆的办公室里吗？

Ida Holm: 他在那里，郭德纲也在他的办公室里。
"""


@pytest.fixture(scope="module")
def kokoro():
    return load_engine("kokoro", {})


@pytest.fixture(autouse=True)
def _dictionaries_loaded_once(kokoro, monkeypatch):
    def load(name, own):
        return kokoro if name == "kokoro" else load_engine(name, own)

    for command in ("check", "pronounce"):
        monkeypatch.setattr(f"interview_audio.cli.commands.{command}.load_engine", load)


@pytest.fixture
def talk(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "voices.yaml").write_text(SETTINGS, "utf-8")
    path = tmp_path / "talk.txt"
    path.write_text(TALK, "utf-8")
    return path


def test_english(run, talk):
    outcome = run("pronounce", "Ask Nguyen's 2 friends about fig. 3 (p. 12).")
    assert (outcome.code, outcome.err) == (0, "")
    assert outcome.out.splitlines() == [
        "  written   Ask Nguyen's 2 friends about fig. 3 (p. 12).",
        "  rule      fig. 3 is said as figure 3",
        "  rule      (p. 12) is skipped",
        "  given     Nguyen: /ŋwɪn/",
        "  spoken    Ask /ŋwɪn/'s two friends about figure three.",
        "  phonemes  ˈæsk ŋwɪnz tˈu fɹˈɛndz əbˈWt fˈɪɡjəɹ θɹˈi.",
        "  voice     kokoro:af_heart",
    ]


def test_chinese_has_pinyin_and_what_has_no_sound_is_named(run, talk):
    outcome = run("pronounce", "行长3点说 ク", "--json", "--voice", "zm_yunxi")
    assert (outcome.code, outcome.err) == (0, "'ク' cannot be spoken; add its pronunciation to voices.yaml\n")
    assert json.loads(outcome.out) == {
        "schema": 1,
        "text": "行长3点说 ク",
        "language": "zh",
        "engine": "kokoro",
        "voice": "zm_yunxi",
        "rules": [],
        "pronunciations": {"行长": "hang2 zhang3"},
        "spoken": "hang2 zhang3三点说 ク",
        "phonemes": "xa↗ŋꭧa↓ŋ sa→ntjɛ↓n ʂwo→",
        "pinyin": "hang2zhang3 san1dian3 shuo1",
        "unspoken": ["ク"],
    }


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("..",), "TEXT has no letter or digit; write what is to be said"),
        (("hi", "--voice", "af_hart"), "kokoro has no voice 'af_hart'; did you mean 'af_heart'?"),
        (
            ("hi", "--language", "fr"),
            "kokoro has no voice for the language 'fr'; take another engine, or name a voice",
        ),
    ],
)
def test_what_cannot_be_shown(run, talk, words, message):
    outcome = run("pronounce", *words)
    assert outcome.err == f"Error: {message}\n"
    assert outcome.code in (1, 2)


def test_it_is_played_from_a_file_that_is_gone_afterwards(run, talk, monkeypatch):
    keep = "import shutil, sys; shutil.copy(sys.argv[1], 'heard.wav'); print(sys.argv[1], file=open('name', 'w'))"
    monkeypatch.setattr(playback, "WAV_PLAYERS", (("no-such-player",), (sys.executable, "-c", keep)))
    outcome = run("pronounce", "Okafor", "--engine", "tone", "--play")
    assert (outcome.code, outcome.err) == (0, "")
    assert "  spoken    oh car for\n  phonemes  tone does not tell them\n" in outcome.out
    with wave.open("heard.wav") as sound:
        assert (sound.getnchannels(), sound.getsampwidth()) == (1, 2)
        assert sound.getnframes() > 0.1 * sound.getframerate()
    assert not (talk.parent / (talk.parent / "name").read_text().strip()).exists()


def test_rules_are_shown_where_they_match(run, talk):
    outcome = run("check", talk, "--rules")
    assert (outcome.code, outcome.err) == (0, "")
    assert outcome.out.splitlines() == [
        "  line 3   rules.0  fig. 3   figure 3",
        "  line 3   rules.1  (p. 12)  (skipped)",
        "  line 5   rules.0  fig. 12  figure 12",
        "  no line  rules.2  zzz      matches nothing",
    ]


def test_words_that_no_dictionary_has_can_be_pasted(run, talk):
    out = run("check", talk, "--words").out
    assert out.splitlines() == [
        "pronunciations:",
        "  en:",
        "    Achterberg: /ətʃtˈɜɹbɜɹɡ/  # lines 3, 5",
        "  zh:",
        "    郭德纲: guo1 de2 gang1  # line 9",
    ]
    talk.with_name("voices.yaml").write_text(out, "utf-8")
    assert load_settings(["voices.yaml"]).pronunciations["zh"] == {"郭德纲": "guo1 de2 gang1"}
    again = run("check", talk, "--words")
    assert again.out.splitlines()[:3] == ["pronunciations:", "  en:", "    Okafor: /ˈɑkæfəɹ/  # line 5"]
    assert (
        run("check", talk, "--words", "--engine", "tone").out.splitlines()[2]
        == "    Okafor: {kokoro: /ˈɑkæfəɹ/}  # line 5"
    )
