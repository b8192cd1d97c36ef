"""The cast by measure: who is easily told apart, and what is said where the user's voices are not."""

import itertools

import pytest

from interview_audio.configuration.loading import load_settings, settings_from
from interview_audio.configuration.lookup import read_settings_files
from interview_audio.engines.kokoro.engine import KokoroEngine
from interview_audio.engines.protocol import TOLD_APART, VoiceInfo, VoiceTraits, fits, voice_distance
from interview_audio.script.casting import SpeakingEngines, cast_voices, hard_to_tell_apart, ill_chosen
from interview_audio.script.lines import CastMember, Voice
from interview_audio.transcript.turns import Person, Receipt, Transcript, Turn

KOKORO = KokoroEngine({})
GOOD = {"clarity": 0.99, "quality": 3.5}


class MeasuredEngine:
    """Voices by their pitch in semitones above 100 Hz; those whose names end in 0 are made for Chinese."""

    name = "fake"
    local = True
    heavy = False
    identity = "fake"

    def __init__(self, **semitones):
        self.semitones = semitones

    def voices(self):
        return [self.describe(name) for name in self.semitones]

    def describe(self, voice):
        language = "zh" if voice.endswith("0") else "en"
        return VoiceInfo(voice, (language,), "female" if voice.startswith("f") else "male")

    def traits(self, voice, language):
        semitones = self.semitones[voice]
        return None if semitones is None else VoiceTraits(100 * 2 ** (semitones / 12), 8, (0.0,), **GOOD)

    def check(self, voice, language):
        pass


APART = {"f1": 10, "f2": 10 + TOLD_APART / 2, "f3": 10 + 3 * TOLD_APART, "m1": 0, "m2": 1}


def transcript(*people, language="en"):
    turns = tuple(Turn("speech", one.name, None, language, "One.", 1, (0, 4), "certain", "") for one in people)
    return Transcript("", language, people, turns, Receipt(0, 0, {}, 0))


def person(name, gender="female", role="guest"):
    return Person(name, role, gender, "", ())


def cast_of(people, engine, tmp_path, yaml="{}", previous=(), language="en"):
    (tmp_path / "voices.yaml").write_text(yaml, "utf-8")
    text = transcript(*people, language=language)
    return cast_voices(text, text.turns, load_settings([tmp_path / "voices.yaml"]), SpeakingEngines(engine), previous)


def names(cast):
    return {member.speaker: member.voices[0][1].name for member in cast}


ADA, EVE, IDA, BEN = person("Ada"), person("Eve"), person("Ida"), person("Ben", "male")


def test_guests_of_one_gender_get_voices_that_can_be_told_apart(tmp_path):
    cast = cast_of([ADA, EVE, IDA], MeasuredEngine(**APART), tmp_path)
    assert names(cast) == {"Ada": "f1", "Eve": "f3", "Ida": "f2"}


def test_the_order_of_a_users_pool_wins_where_voices_differ(tmp_path):
    yaml = "pool: {en: {fake: {female: [f3, f2, f1]}}}"
    assert names(cast_of([ADA, EVE], MeasuredEngine(**APART), tmp_path, yaml)) == {"Ada": "f3", "Eve": "f2"}
    yaml = "pool: {en: {fake: {female: [f2, f1, f3]}}}"
    assert names(cast_of([ADA, EVE], MeasuredEngine(**APART), tmp_path, yaml)) == {"Ada": "f2", "Eve": "f3"}


def test_a_guest_contrasts_with_the_host(tmp_path):
    engine = MeasuredEngine(f1=0, f2=1.2 * TOLD_APART, f3=3 * TOLD_APART)
    assert names(cast_of([person("Q", role="host"), ADA], engine, tmp_path))["Ada"] == "f3"
    assert names(cast_of([EVE, ADA], engine, tmp_path))["Ada"] == "f2"


def test_where_none_can_be_told_apart_it_is_the_one_that_differs_most(tmp_path):
    engine = MeasuredEngine(f1=0, f2=0.2, f3=0.5)
    assert names(cast_of([ADA, EVE], engine, tmp_path)) == {"Ada": "f1", "Eve": "f3"}


def test_voices_that_were_not_measured_come_in_their_order(tmp_path):
    engine = MeasuredEngine(f1=None, f2=None, f3=0)
    assert names(cast_of([ADA, EVE, IDA], engine, tmp_path)) == {"Ada": "f1", "Eve": "f2", "Ida": "f3"}


def test_the_cast_of_the_last_render_stays(tmp_path):
    previous = tuple(
        CastMember(name, "guest", (("en", Voice("fake", voice)),), "pool")
        for name, voice in (("Ada", "f1"), ("Eve", "f2"))
    )
    cast = cast_of([ADA, EVE], MeasuredEngine(**APART), tmp_path, previous=previous)
    assert names(cast) == {"Ada": "f1", "Eve": "f2"}


def test_what_the_user_gives_and_nobody_can_tell_apart_is_a_warning(tmp_path):
    engine = MeasuredEngine(**APART)
    yaml = "speakers: {Ada: {voices: {en: {fake: f1}}}, Eve: {voices: {en: {fake: f2}}}}"
    cast = cast_of([ADA, EVE, BEN], engine, tmp_path, yaml)
    (pair,) = hard_to_tell_apart(cast, engine)
    assert (pair.people, pair.voices, pair.language) == (("Ada", "Eve"), ("f1", "f2"), "en")
    assert list(ill_chosen(cast, engine)) == [
        "Ada and Eve (f1 and f2) have voices that are hard to tell apart in English; "
        "give Eve another one under voices:, such as f3"
    ]


def test_a_pitch_tells_voices_apart(tmp_path):
    yaml = f"speakers: {{Ada: {{voices: {{en: {{fake: f1}}}}}}, Eve: {{pitch: {TOLD_APART}, voices: {{en: {{fake: f1}}}}}}}}"
    assert not list(ill_chosen(cast_of([ADA, EVE], MeasuredEngine(**APART), tmp_path, yaml), MeasuredEngine(**APART)))


def test_what_is_drawn_is_no_warning(tmp_path):
    engine = MeasuredEngine(f1=0, f2=0.2)
    cast = cast_of([ADA, EVE], engine, tmp_path)
    assert len(list(hard_to_tell_apart(cast, engine))) == 1
    assert list(ill_chosen(cast, engine)) == []


def test_one_line_for_all_who_sound_alike(tmp_path):
    engine = MeasuredEngine(**{f"f{number}": number / 10 for number in range(1, 5)})
    people = [person(f"P{number}") for number in range(1, 5)]
    given = ", ".join(f"P{number}: {{voices: {{en: {{fake: f{number}}}}}}}" for number in range(1, 5))
    (warning,) = ill_chosen(cast_of(people, engine, tmp_path, f"speakers: {{{given}}}"), engine)
    assert warning == (
        "P1 and P2 (f1 and f2), P1 and P3 (f1 and f3), P1 and P4 (f1 and f4) and 3 more have voices that are hard to "
        "tell apart in English; give P2 another one under voices:"
    )


def test_a_voice_for_another_language_is_a_warning(tmp_path):
    engine = MeasuredEngine(f1=0, f10=9)
    yaml = "speakers: {Ada: {voices: {en: {fake: f10}}}}"
    assert list(ill_chosen(cast_of([ADA], engine, tmp_path, yaml), engine)) == [
        "f10 (Ada) was not made for English; choose another, of those that this lists: "
        "interview-audio voices list --engine fake --language en --recommended"
    ]
    (tmp_path / "voices.yaml").replace(tmp_path / "cast.yaml")
    settings = settings_from(read_settings_files(tmp_path / "talk.txt", None))
    text = transcript(ADA)
    of_the_series = cast_voices(text, text.turns, settings, SpeakingEngines(engine))
    assert (of_the_series[0].reason, len(list(ill_chosen(of_the_series, engine)))) == ("cast.yaml", 1)
    assert (fits("f10", "en", engine), fits("f10", "zh", engine)) == (False, True)
    yaml = "speakers: {Ada: {voices: {zh: {fake: f10}}}}"
    assert not list(ill_chosen(cast_of([ADA], engine, tmp_path, yaml, language="zh"), engine))


def test_a_distance_is_of_pitch_and_timbre():
    one, other = VoiceTraits(100, 8, (0.0, 3.0)), VoiceTraits(200, 4, (4.0, 0.0))
    assert voice_distance(one, other) == pytest.approx(13)
    assert voice_distance(one, one.raised(2)) == pytest.approx(2)


@pytest.mark.parametrize(("language", "gender"), [("zh", "female"), ("zh", "male"), ("en", "female"), ("en", "male")])
def test_the_packaged_pool_has_clear_and_good_voices_first_and_distinct_neighbours(language, gender):
    names = load_settings([]).pool[language]["kokoro"][gender]
    traits = [KOKORO.traits(name, language) for name in names]
    for one, following in itertools.pairwise(traits):
        assert voice_distance(one, following) >= TOLD_APART
        points, fewer = (100 * each.clarity + 10 * each.quality for each in (one, following))
        assert points > fewer - 2  # what is less is no difference
    assert [one.is_recommended for one in traits] == sorted((one.is_recommended for one in traits), reverse=True)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_default_cast_is_distinct_and_no_warning(tmp_path, language):
    people = [person("Q", "unknown", "host"), ADA, EVE, BEN, person("Tom", "male")]
    cast = cast_of(people, KOKORO, tmp_path, language=language)
    assert list(hard_to_tell_apart(cast, KOKORO)) == []
    assert list(ill_chosen(cast, KOKORO)) == []


def test_the_default_blends_of_a_users_file_fit_mandarin(tmp_path):
    yaml = "speakers: {Ada: {voices: {zh: {kokoro: zf_xiaoxiao*0.7 + af_bella*0.3}}}}"
    assert list(ill_chosen(cast_of([ADA], KOKORO, tmp_path, yaml, language="zh"), KOKORO)) == []
    yaml = "speakers: {Ada: {voices: {en: {kokoro: zf_xiaobei}}}}"
    assert list(ill_chosen(cast_of([ADA], KOKORO, tmp_path, yaml), KOKORO)) == [
        "zf_xiaobei (Ada) was not made for English; choose another, of those that this lists: "
        "interview-audio voices list --engine kokoro --language en --recommended"
    ]
