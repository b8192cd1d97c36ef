"""The cast: who gets which voice, and why."""

from dataclasses import replace

import pytest

from interview_audio.configuration.loading import load_settings
from interview_audio.engines.openai.engine import OpenAIEngine
from interview_audio.engines.registry import load_engine
from interview_audio.errors import ConfigurationError
from interview_audio.script.casting import (
    SpeakingEngines,
    cast_voices,
    divided_by_voice,
    refuse_unknown_names,
    untuned,
    why_unvoiced,
)
from interview_audio.script.lines import CastMember, Voice
from interview_audio.transcript.turns import Person, Receipt, Transcript, Turn

KOKORO = load_engine("kokoro", {})


def transcript(*people, language="zh", narration=True):
    turns = [Turn("speech", person.name, None, language, "一句话。", 1, (0, 4), "certain", "") for person in people]
    if narration:
        turns.insert(0, Turn("narration", None, None, language, "从前。", 1, (0, 3), "certain", ""))
    return Transcript("题目", language, people, tuple(turns), Receipt(0, 0, {}, 0))


def person(name, role="guest", gender="unknown", reason="", aliases=()):
    return Person(name, role, gender, reason, aliases)


def cast_of(text, tmp_path, *yaml, previous=(), engine=KOKORO):
    files = []
    for number, content in enumerate(yaml):
        file = tmp_path / f"{number}.yaml"
        file.write_text(content, "utf-8")
        files.append(file)
    return cast_voices(text, text.turns, load_settings(files), SpeakingEngines(engine), previous)


def names(cast):
    return {member.speaker: member.voices[0][1].name for member in cast}


HOST = person("Q", "host")


def test_roles_people_and_pool_in_order_of_appearance(tmp_path):
    text = transcript(HOST, person("Ada", gender="female", reason="given name Ada"), person("Ben"))
    cast = cast_of(text, tmp_path)
    assert [member.speaker for member in cast] == ["Q", "Ada", "Ben", "narrator"]
    host, narrator = "zf_xiaoxiao*0.7 + af_bella*0.3", "zm_yunxi*0.7 + am_fenrir*0.3"
    assert names(cast) == {"Q": host, "Ada": "zf_xiaobei", "Ben": "zm_yunjian", "narrator": narrator}
    assert [member.reason for member in cast] == [
        "default", "pool, female (guessed: given name Ada)", "pool, gender unknown, alternated", "default",
    ]  # fmt: skip


def test_a_voice_of_a_users_file_is_told_from_the_packaged_default(tmp_path):
    yaml = "speakers: {host: {rate: 1.1}, narrator: {voices: {zh: {kokoro: zm_yunjian}}}}"
    cast = cast_of(transcript(HOST), tmp_path, yaml)
    assert [(member.speaker, member.reason) for member in cast] == [("Q", "default"), ("narrator", "voices.yaml")]


def test_a_named_person_wins_over_the_role_whatever_case_width_and_spaces(tmp_path):
    text = transcript(person("Ada  Lovelace", "host"))
    yaml = "speakers: {ＡＤＡ LoveLace: {rate: 1.2, pitch: -1.5, voices: {zh: {kokoro: zf_xiaoyi}}}}"
    cast = cast_of(text, tmp_path, yaml)
    assert cast[0].voices == (("zh", Voice("kokoro", "zf_xiaoyi", 1.2, -1.5)),)


def test_a_pitch_that_an_engine_has_not_is_named(tmp_path):
    cast = cast_of(transcript(HOST, person("Ada")), tmp_path, "speakers: {Ada: {pitch: 2}}")
    assert cast[1].voices[0][1].pitch == 2  # of a voice of the pool, too
    assert list(untuned(cast, KOKORO)) == []
    online = OpenAIEngine({"base_url": "http://localhost:1/v1", "model": "m"})
    assert list(untuned(cast, online)) == []  # it speaks none of them
    voice = Voice("openai", "alloy", pitch=2)
    (warning,) = untuned([replace(member, voices=(("zh", voice),)) for member in cast[1:2]], online)
    assert warning == (
        "openai cannot change the pitch of a voice: Ada keeps that of the voice; "
        "choose another voice, or remove pitch from Ada in voices.yaml"
    )


@pytest.mark.parametrize(
    ("printed", "entry"),
    [("I.H.", "IH"), ("Ida Holm", "“Ida Holm”"), ("O’Hara", '"O\'Hara"'), ("艾达・霍尔姆", "艾达·霍尔姆")],
)
def test_an_entry_names_a_person_as_a_label_does(tmp_path, printed, entry):
    cast = cast_of(
        transcript(person(printed)), tmp_path, f"speakers: {{{entry}: {{voices: {{zh: {{kokoro: zf_xiaoyi}}}}}}}}"
    )
    assert names(cast)[printed] == "zf_xiaoyi"


def test_an_alias_names_a_person(tmp_path):
    text = transcript(person("Ada Lovelace", aliases=("AL",)))
    assert (
        names(cast_of(text, tmp_path, "speakers: {Countess: {aliases: [al], voices: {zh: {kokoro: zf_xiaoyi}}}}"))[
            "Ada Lovelace"
        ]
        == "zf_xiaoyi"
    )


def test_no_voice_twice_before_all_are_used_and_none_that_is_taken(tmp_path):
    people = [person(f"M{number}", gender="male") for number in range(4)]
    yaml = "pool: {zh: {kokoro: {male: [zm_yunjian, zm_yunxi, zm_yunyang]}}}"
    cast = names(cast_of(transcript(*people), tmp_path, yaml))
    assert [cast[f"M{number}"] for number in range(4)] == ["zm_yunjian", "zm_yunyang", "zm_yunxi", "zm_yunjian"]


def test_a_second_journalist_is_somebody_else(tmp_path):
    cast = names(cast_of(transcript(HOST, person("记者乙", "host")), tmp_path))
    assert cast["Q"] != cast["记者乙"]


def test_a_host_whose_gender_is_known_has_a_voice_of_it_but_keeps_the_one_of_the_last_render(tmp_path):
    text = transcript(person("Ben Ode", "host", "male"))
    assert names(cast_of(text, tmp_path))["Ben Ode"].startswith("zm_")
    host = names(cast_of(transcript(HOST), tmp_path))["Q"]
    previous = (CastMember("Ben Ode", "host", (("zh", Voice("kokoro", host)),), "default"),)
    assert names(cast_of(text, tmp_path, previous=previous))["Ben Ode"] == host
    given = f'speakers: {{host: {{voices: {{zh: {{kokoro: "{host}"}}}}}}}}'
    assert names(cast_of(text, tmp_path, given))["Ben Ode"] == host


def test_a_pool_voice_of_the_last_render_is_kept(tmp_path):
    previous = (CastMember("Ben", "guest", (("zh", Voice("kokoro", "zm_yunxia")),), "pool"),)
    cast = cast_of(transcript(person("New", gender="male"), person("Ben", gender="male")), tmp_path, previous=previous)
    assert names(cast)["Ben"] == "zm_yunxia"
    assert names(cast)["New"] == "zm_yunjian"


def test_the_last_render_does_not_win_over_voices_yaml(tmp_path):
    previous = (CastMember("Q", "host", (("zh", Voice("kokoro", "zm_yunxi")),), "pool"),)
    assert names(cast_of(transcript(HOST), tmp_path, previous=previous))["Q"].startswith("zf_xiaoxiao")


def test_a_speaker_of_two_languages_has_two_voices(tmp_path):
    text = transcript(person("Ada", gender="female"), narration=False)
    english = Turn("speech", "Ada", None, "en", "One thing, in English.", 2, (5, 9), "certain", "")
    both = Transcript(text.title, "zh", text.speakers, (*text.turns, english), text.receipt)
    cast = cast_of(both, tmp_path)
    assert [language for language, _ in cast[0].voices] == ["zh", "en"]


def test_a_misspelled_voice_is_named_by_place(tmp_path):
    with pytest.raises(ConfigurationError) as caught:
        cast_of(transcript(HOST), tmp_path, "speakers:\n  host:\n    voices:\n      zh: {kokoro: zf_xiaoxia}\n")
    assert str(caught.value) == f"{tmp_path}/0.yaml:4:20: kokoro has no voice 'zf_xiaoxia'; did you mean 'zf_xiaoxiao'?"


def test_a_misspelled_voice_of_the_pool_too(tmp_path):
    pool = "pool: {zh: {kokoro: {male: [zm_yunxi, zm_yunjan]}}}"
    with pytest.raises(ConfigurationError, match=r"0\.yaml:1:39: kokoro has no voice 'zm_yunjan'; did you mean"):
        cast_of(transcript(person("Ben", gender="male")), tmp_path, pool)


def test_an_engine_that_the_settings_do_not_know_offers_its_own_voices(tmp_path):
    cast = names(cast_of(transcript(HOST, person("Ada", gender="female")), tmp_path, engine=load_engine("tone", {})))
    assert len(set(cast.values())) == 3
    assert cast["Ada"].startswith("female")


@pytest.mark.parametrize(
    ("lines", "where"),
    [
        ((12,), "line 12 is"),
        ((1, 2, 3, 4, 5, 6, 7), "lines 1, 2, 3, 4, 5 and 2 more are"),
        ((4, 4, 8), "lines 4, 8 are"),
        ((0, 0), "a turn is"),
    ],
)
def test_a_language_that_no_voice_speaks_is_one_error_that_names_the_lines(tmp_path, lines, where):
    turns = [Turn("speech", "Ada", None, "fr", "Oui.", line, (0, 4), "certain", "") for line in lines]
    text = Transcript("", "zh", (person("Ada"),), tuple(turns), Receipt(0, 0, {}, 0))
    _, unvoiced = divided_by_voice(text.turns, cast_of(text, tmp_path))
    assert list(why_unvoiced(unvoiced, SpeakingEngines(KOKORO), "zh")) == [
        f"{where} in French, but kokoro has no voice for fr; "
        "use --engine edge, give Ada one under voices:, or set --language zh"
    ]


@pytest.mark.parametrize(
    ("language", "message"),
    [
        ("qu", "line 1 is in 'qu', but kokoro has no voice for qu; give Ada one under voices:"),
        (
            "und",
            "line 1 is in a language that was not recognised, but kokoro has no voice for und; "
            "give Ada one under voices: or set --language TAG",
        ),
    ],
)
def test_a_document_in_such_a_language_says_what_helps(tmp_path, language, message):
    text = transcript(person("Ada"), language=language, narration=False)
    _, unvoiced = divided_by_voice(text.turns, cast_of(text, tmp_path))
    assert list(why_unvoiced(unvoiced, SpeakingEngines(KOKORO), language)) == [message]


def test_the_cast_goes_without_that_voice(tmp_path):
    (ada,) = cast_of(transcript(person("Ada"), language="qu", narration=False), tmp_path)
    assert (ada.speaker, ada.voices, ada.reason) == ("Ada", (), "")


@pytest.mark.parametrize(
    ("yaml", "place"),
    [
        ("speakers:\n  Q: {rate: 1.1}\n  Sam Altmann:\n    gender: male\n", "0.yaml:3:3"),
        ("speakers: {Sam Altmann: {gender: male}}", "0.yaml:1:12"),
    ],
)
def test_a_misspelled_speaker_is_named_by_place(tmp_path, yaml, place):
    (tmp_path / "0.yaml").write_text(yaml, "utf-8")
    with pytest.raises(ConfigurationError) as caught:
        refuse_unknown_names((HOST, person("Sam Altman")), load_settings([tmp_path / "0.yaml"]).speakers)
    assert str(caught.value) == (
        f"{tmp_path / place}: nobody is called Sam Altmann; did you mean 'Sam Altman'? "
        "If that is somebody else, add Sam Altman: {}"
    )


@pytest.mark.parametrize(
    "yaml",
    [
        "speakers: {Nora Vale: {gender: female}}",
        "speakers: {Sam Altmann: {gender: male}, Sam Altman: {rate: 1.1}}",
        "speakers: {Sam Altmann: {gender: male}, Sam Altman: {}}",
        "speakers: {Sam Altmann: {aliases: [Sam Altman]}}",
    ],
)
def test_whoever_is_not_there_and_whoever_has_an_entry_is_no_slip(tmp_path, yaml):
    (tmp_path / "0.yaml").write_text(yaml, "utf-8")
    refuse_unknown_names((HOST, person("Sam Altman")), load_settings([tmp_path / "0.yaml"]).speakers)


@pytest.mark.parametrize("name", ["A", "Guest", "guest", "嘉宾"])
def test_an_unnamed_guest_is_named_by_the_label_or_by_what_listeners_read(tmp_path, name):
    text = transcript(HOST, person("A"))
    yaml = f"speakers: {{{name}: {{voices: {{zh: {{kokoro: zm_yunxi}}}}}}}}"
    assert names(cast_of(text, tmp_path, yaml))["A"] == "zm_yunxi"


def test_somebody_who_is_called_guest_is_not_the_unnamed_one(tmp_path):
    text = transcript(HOST, person("A"), person("Guest"))
    yaml = "speakers: {Guest: {voices: {zh: {kokoro: zm_yunxi}}}}"
    voices = names(cast_of(text, tmp_path, yaml))
    assert voices["Guest"] == "zm_yunxi"
    assert voices["A"] != "zm_yunxi"
