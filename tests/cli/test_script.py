"""``script``: the file that a person edits."""

import json

import pytest

from interview_audio.script.script_file import SCRIPT_FILE_HEADER

BODY = """\
schema: 1
title: The keeper of the light
language: en
engine: tone

cast: {narrator: {voices: {en: tone:male-1}}}

speakers:

- name: Q
  role: host
  gender: unknown
  evidence: "label, 2 turns; the text does not name them for sure"
  voices: {en: tone:female-1}

- name: Ada Brook
  role: guest
  gender: female
  gender_reason: pronoun she
  aliases: [AB, Ada]
  evidence: "label, 2 turns; named in full in the text"
  voices: {en: tone:female-2}

turns:

- kind: heading
  text: |-
    The keeper of the light
  at: {line: 1, source: [0, 23]}

- kind: narration
  text: |-
    Ada Brook has kept the light for 31 years. She told us how.
  at: {line: 3, source: [25, 84], reason: introduction}

- speaker: Q
  text: |-
    Ada, what is the first thing you do in the morning?
  at: {line: 5, source: [89, 140], label: Q}

- speaker: Ada Brook
  text: |-
    I look at the sea, and the sea looks at me. Then one of us makes coffee.
  at: {line: 7, source: [146, 218], label: AB}

# inferred: continues from line 7
- speaker: Ada Brook
  text: |-
    And then I wind the clock. It has a will of its own.
  at: {line: 9, source: [220, 272], confidence: inferred, reason: continues from line 7}
"""


FRENCH = """\
Q: Why do you keep the light, and how did it all begin for you?

Ida: Parce que je ne dors pas, et que la mer est là.

Q: Could you say that in English, so that we all understand it?

Ida: It is because I do not sleep, and the sea is there.
"""


def test_how_a_script_file_reads(run, interview):
    lines = run("script", interview, "--engine", "tone").out.splitlines()
    header = [f"# {line}".rstrip() for line in SCRIPT_FILE_HEADER.splitlines()]
    assert lines[: len(header) + 1] == [*header, ""]
    assert lines[len(header) + 1 :][: len(BODY.splitlines())] == BODY.splitlines()
    assert lines[-9:] == [
        "  at: {line: 13, source: [301, 304], label: AB}",
        "",
        "# not read: boilerplate, inferred: asks to follow or subscribe",
        "- kind: boilerplate",
        "  text: |-",
        "    Follow us for more interviews!",
        "  at: {line: 15, source: [306, 336], confidence: inferred, reason: asks to follow or subscribe}",
        "",
        "receipt: {characters: 337, spoken: 255, skipped: {label: 10, whitespace: 19, boilerplate: 30, heading: 23},"
        " unaccounted: 0}",
    ]


def test_both_forms_say_the_same(run, interview, tmp_path):
    for form in ("yaml", "json"):
        run("script", interview, "--engine", "tone", "--format", form, "-o", f"talk.{form}")
    again = [json.loads(run("script", f"talk.{form}", "--format", "json").out) for form in ("yaml", "json")]
    assert again[0] == again[1] == json.loads((tmp_path / "talk.json").read_text("utf-8"))


@pytest.mark.parametrize(
    ("tag", "message"),
    [("cn", "'cn' is not a language tag; did you mean 'zh'?"), ("xx", "'xx' is not a language tag")],
)
def test_a_language_that_is_none(run, interview, tag, message):
    outcome = run("script", interview, "--language", tag)
    assert outcome.code == 2
    assert message in outcome.err


def test_a_language_that_no_voice_speaks_is_read_with_a_warning_and_not_rendered(run, tmp_path):
    source = tmp_path / "talk.txt"
    source.write_text(FRENCH, "utf-8")
    outcome = run("script", source)
    why = (
        "line 3 is in French, but kokoro has no voice for fr; "
        "use --engine edge, give Ida one under voices:, or set --language en\n"
    )
    assert (outcome.code, outcome.err) == (0, f"Warning: {why}")
    assert "Parce que je ne dors pas" in outcome.out
    assert run("check", source).code == 0
    rendered = run("render", source, "-o", tmp_path / "out")
    assert (rendered.code, rendered.err) == (1, f"Error: {why}")


KOREAN = "기자: 불이 아직 켜져 있습니까?\n\n홀름: 네, 켜져 있습니다.\n\n기자: 밤에도요?\n\n홀름: 밤에도 그렇습니다.\n"


def test_a_text_that_no_voice_of_the_engine_speaks_can_be_read_and_edited(run, tmp_path):
    source = tmp_path / "talk.txt"
    source.write_text(KOREAN, "utf-8")
    outcome = run("script", source)
    assert outcome.code == 0
    assert "language: ko" in outcome.out
    assert "speaker: 홀름" in outcome.out
    assert "Warning: lines 1, 5 are in Korean, but kokoro has no voice for ko; use --engine edge" in outcome.err


def test_a_script_with_edits_is_not_replaced(run, interview, tmp_path):
    written = ("script", interview, "--engine", "tone", "-o", "talk.yaml")
    run(*written)
    assert run(*written).code == 0
    edited = (tmp_path / "talk.yaml").read_text("utf-8").replace("Ada Brook", "Ada Brooke")
    (tmp_path / "talk.yaml").write_text(edited, "utf-8")
    outcome = run(*written)
    assert (outcome.code, outcome.err) == (
        2,
        "Error: talk.yaml exists, perhaps with your changes; choose another file with -o FILE, or replace it with --force\n",
    )
    assert (tmp_path / "talk.yaml").read_text("utf-8") == edited
    assert run(*written, "--force").code == 0
    assert (tmp_path / "talk.yaml").read_text("utf-8") != edited
