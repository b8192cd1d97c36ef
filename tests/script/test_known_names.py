"""Names that a text knows go to the lines in which they are said, where an engine reads them otherwise than words."""

from interview_audio.configuration.loading import load_settings
from interview_audio.engines.kokoro.engine import KokoroEngine
from interview_audio.engines.tone import ToneEngine
from interview_audio.normalization.pronunciations import special_names, surname_reading
from interview_audio.script.lines import Line, Voice, known_names, with_names
from interview_audio.script.rules import Replacement
from interview_audio.transcript.turns import Person

VOICE = Voice("kokoro", "zf_xiaobei")
NAMES = ("曾国平", "林爱", "單霽翔", "Q", "解", "尉迟")


def names_in(text, engine, **other):
    return with_names([Line(0, "林爱", "zh", text, VOICE, 0.5, None, 1, **other)], NAMES, engine)[0].names


def test_only_names_that_are_read_in_their_own_way_are_told():
    assert special_names(NAMES) == ("單霽翔", "曾国平")
    assert (surname_reading("尉遲恭"), surname_reading("林爱")) == (("yu4", "chi2"), ())


def test_a_line_is_told_the_names_that_are_said_in_it():
    kokoro = KokoroEngine({})
    assert names_in("林爱问曾国平和單霽翔。", kokoro) == ("單霽翔", "曾国平")
    assert names_in("林爱问他。", kokoro) == ()
    assert names_in("他来了。", kokoro, replaced=(Replacement(0, 1, "曾国平"),)) == ("曾国平",)


def test_an_engine_that_does_not_ask_for_names_is_told_none():
    assert names_in("曾国平来了。", ToneEngine({})) == ()


def test_people_and_entries_of_the_settings_are_known_with_all_that_they_are_called(tmp_path):
    settings_file = tmp_path / "voices.yaml"
    settings_file.write_text("speakers: {仇英: {aliases: [仇老师], voices: {zh: {kokoro: zf_xiaobei}}}}\n", "utf-8")
    people = [Person("曾国平", "guest", "unknown", "", ("曾教授",))]
    known = list(known_names(people, load_settings([settings_file])))
    assert {"曾国平", "曾教授", "仇英", "仇老师"} <= set(known)
