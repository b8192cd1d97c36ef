"""What the nearest ``voices.yaml`` says and the interview never meets: a warning each, with file, line and column."""

import os

import pytest

from interview_audio.rendering.job import prepare
from interview_audio.rendering.options import RenderOptions

TALK = "On rain\n\nQ: Is it raining on Okafor?\n\nIda Holm: It is, OpenXR and all.\n"
SETTINGS = """\
speakers:
  host: {rate: 1.1}
  narrator: {rate: 1.0}
  Ida Holm: {gender: female}
  Keeper: {gender: female}
pronunciations:
  en: {Okafor: oh car four,
       Nguyen: win}
  zh: {OpenXR: open X R}
"""
KEEPER = "5:3: nobody in talk.txt is called 'Keeper'; its speakers are Q and Ida Holm"
NGUYEN = "8:8: no English line of talk.txt contains 'Nguyen': this pronunciation changes nothing"
OPENXR = "9:8: no Chinese line of talk.txt contains 'OpenXR', but a line in English does; move it to en:"


@pytest.fixture
def talk(tmp_path):
    folder = tmp_path / "talks"
    folder.mkdir()
    path = folder / "talk.txt"
    path.write_text(TALK, "utf-8")
    return path


def written(path, text=SETTINGS):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")
    return path


def warnings_of(source, **chosen):
    return prepare(source, RenderOptions(engine="tone", **chosen)).warnings


def test_each_is_named_with_its_place(talk):
    file = written(talk.with_name("voices.yaml"))
    assert warnings_of(talk) == (f"{file}:{KEEPER}", f"{file}:{NGUYEN}", f"{file}:{OPENXR}")


def test_only_the_nearest_file_is_about_this_interview(talk, tmp_path):
    written(tmp_path / "configuration" / "interview-audio" / "voices.yaml")
    assert warnings_of(talk) == ()
    working = written(tmp_path / "voices.yaml")
    assert [warning.split(":")[0] for warning in warnings_of(talk)] == [str(working)] * 3
    written(talk.with_name("voices.yaml"), "speakers: {Ida Holm: {}}\n")
    assert warnings_of(talk) == ()
    given = written(tmp_path / "mine.yaml", "speakers: {Keeper: {}}\n")
    assert [warning.split(": ")[0] for warning in warnings_of(talk, voices=given)] == [f"{given}:1:12"]


def test_a_voice_that_the_script_file_overrules_is_named(talk):
    script = talk.with_name("talk.script.yaml")
    script.write_text(
        "schema: 1\nlanguage: en\nspeakers:\n- {name: Ida Holm, voices: {en: tone:female-1}}\n"
        "turns:\n- {speaker: Ida Holm, text: It is.}\n",
        "utf-8",
    )
    file = written(talk.with_name("voices.yaml"), "speakers: {Ida Holm: {voices: {en: {tone: female-2}}}}\n")
    assert warnings_of(script) == (
        f"{file}:1: female-2 is not heard: talk.script.yaml gives Ida Holm the voice female-1; "
        "change it there, or remove it there",
    )
    written(file, "speakers: {Ida Holm: {voices: {en: {tone: female-1}}}}\n")
    assert warnings_of(script) == ()


def test_what_another_text_of_the_folder_holds_is_no_mistake(talk):
    written(talk.with_name("voices.yaml"))
    talk.with_name("other.txt").write_text("问：OpenXR 是什么？\n\nKEEPER: Ask Nguyen.\n", "utf-8")
    assert warnings_of(talk) == ()


@pytest.mark.skipif(os.name == "nt", reason="no file can be called so there")
@pytest.mark.parametrize("name", ["talk.**", "talk.[a", "talk.t*", "talk.?"])
def test_a_suffix_that_looks_like_a_pattern_is_a_suffix(talk, name):
    source = talk.rename(talk.with_name(name))
    file = written(source.with_name("voices.yaml"), "speakers: {Keeper: {}, Warden: {}}\n")
    source.with_name("other.txt").write_text("Keeper", "utf-8")
    source.with_name(f"other{source.suffix}").write_text("Warden", "utf-8")
    (warning,) = warnings_of(source)
    assert warning.startswith(f"{file}:1:12: nobody in {name} is called 'Keeper'")


def test_what_is_not_read_aloud_needs_no_pronunciation(talk):
    talk.write_text(TALK + "\n© Nguyen 2024. All rights reserved.\n", "utf-8")
    file = written(talk.with_name("voices.yaml"), "pronunciations: {en: {Nguyen: win}}\n")
    assert [warning.split(": ")[0] for warning in warnings_of(talk)] == [f"{file}:1:23"]


def test_many_are_counted(talk):
    words = ", ".join(f"word{number}: x" for number in range(9))
    file = written(talk.with_name("voices.yaml"), f"pronunciations: {{en: {{{words}}}}}\n")
    warnings = warnings_of(talk)
    assert len(warnings) == 6
    assert warnings[-1] == f"{file}: 4 more entries without a match in talk.txt"
