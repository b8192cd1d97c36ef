"""Settings files: merging, and mistakes named by place."""

from typing import get_args

import pytest
import yaml

from interview_audio.configuration.loading import load_settings, read_values
from interview_audio.configuration.lookup import packaged_default
from interview_audio.configuration.settings import LIMITS, Format, Music, Pauses, Settings, Show, Sound
from interview_audio.configuration.shapes import Record, record_of
from interview_audio.errors import ConfigurationError


def settings_of(tmp_path, *texts):
    files = []
    for index, text in enumerate(texts):
        file = tmp_path / f"{index}.yaml"
        file.write_text(text, "utf-8")
        files.append(file)
    return load_settings(files)


def test_the_packaged_file_says_what_the_definition_says():
    found = load_settings([])
    own = Settings(engine=found.engine, engines=found.engines, speakers=found.speakers, pool=found.pool)
    assert found == own
    assert {"host", "narrator"} == set(found.speakers)


def test_the_packaged_file_holds_every_setting():
    written = yaml.safe_load(packaged_default().read_text("utf-8"))
    shape = record_of(Settings)
    assert list(written) == list(shape.fields)
    groups = {key: list(group.fields) for key, group in shape.fields.items() if isinstance(group, Record)}
    assert {key: sorted(written[key]) for key in groups} == {key: sorted(names) for key, names in groups.items()}


def test_each_format_has_its_limits():
    assert set(LIMITS) == set(get_args(Format))
    sound = Sound()
    assert (sound.sample_rate, sound.bitrate) == (LIMITS[sound.format].sample_rate, LIMITS[sound.format].bitrate)


def test_a_file_of_two_lines_is_valid_and_changes_only_that(tmp_path):
    settings = settings_of(tmp_path, "pauses:\n  turn: 0.1\n")
    assert settings.pauses == Pauses(turn=0.1)
    assert settings.speakers == load_settings([]).speakers


def test_later_files_win_mappings_merge_and_lists_are_replaced(tmp_path):
    settings = settings_of(
        tmp_path,
        "speakers: {host: {aliases: [A, B], voices: {zh: {kokoro: zf_xiaoyi}}}}",
        "speakers: {host: {aliases: [C], rate: 1.1}}",
    )
    host = settings.speakers["host"]
    assert host.aliases == ("C",)
    assert host.rate == 1.1
    assert host.voices["zh"]["kokoro"] == "zf_xiaoyi"
    assert host.voices["en"]["kokoro"] == load_settings([]).speakers["host"].voices["en"]["kokoro"]


def test_an_empty_file_and_null_say_nothing(tmp_path):
    assert settings_of(tmp_path, "", "# nothing\n", "pauses: null\nsound: {intro: ~}\n") == load_settings([])


def test_names_that_yaml_takes_for_something_else_stay_names():
    values, _ = read_values("speakers: {No: {aliases: [Y, 1.0, null_island]}, 007: {rate: 1}}", "v.yaml")
    assert values == {"speakers": {"No": {"aliases": ("Y", "1.0", "null_island")}, "007": {"rate": 1.0}}}


def test_where_a_voice_stood_is_remembered():
    _, places = read_values("speakers:\n  host:\n    voices:\n      zh: {kokoro: zf_x}\n", "v.yaml")
    assert places["speakers", "host", "voices", "zh", "kokoro"] == ("v.yaml", 4, 20)


MISTAKES = [
    ("engin: tone", "v.yaml:1:1: unknown setting engin; did you mean 'engine'?"),
    ("pauses:\n  turn: fast", "v.yaml:2:9: pauses.turn must be a number from 0 to 60, not 'fast'"),
    ("pauses: {turn: -1}", "v.yaml:1:16: pauses.turn must be a number from 0 to 60, not -1"),
    ("pauses: {turn: nan}", "v.yaml:1:16: pauses.turn must be a number from 0 to 60, not nan"),
    ("read: {title: maybe}", "v.yaml:1:15: read.title must be true or false, not 'maybe'"),
    ("speakers: [a]", "v.yaml:1:11: speakers must be a mapping (key: value), not a list; write KEY: VALUE"),
    ("speakers: {A: {gender: mail}}", "v.yaml:1:24: speakers.A.gender cannot be 'mail'; did you mean 'male'?"),
    ("speakers: {A: {rate: 9}}", "v.yaml:1:22: speakers.A.rate must be a number from 0.5 to 2, not 9"),
    ("speakers: {A: {voices: {cn: {kokoro: x}}}}", "v.yaml:1:25: 'cn' is not a language, in speakers.A.voices; did you mean 'zh'?"),
    ("pool: {fr-CA: {kokoro: {male: [x]}}}", "v.yaml:1:8: 'fr-CA' is not a language, in pool; did you mean 'fr'?"),
    ("pronunciations: {klingon: {a: b}}",
     "v.yaml:1:18: 'klingon' is not a language, in pronunciations; write one like zh, en, ja, fr, de or es"),
    ("pronunciations: {en: {a: [b]}}",
     "v.yaml:1:26: pronunciations.en.a must be text, or a mapping (engine: text), not a list"),
    ("pronunciations: {en: {a: {edge: [b]}}}",
     "v.yaml:1:33: pronunciations.en.a.edge must be text, not a list"),
    ("rules: [{match: '', say: b}]",
     "v.yaml:1:17: rules.0.match is empty; fill it in or remove it"),
    ("rules: [{match: a, says: b}]",
     "v.yaml:1:20: unknown setting rules.0.says; did you mean 'say'?"),
    ("rules: [{match: a, say: ''}]",
     "v.yaml:1:25: rules.0.say is empty; fill it in or remove it"),
    ("pronunciations: {de: {Gull: Gall}, yue: {a: b}, cn: {}}",
     "v.yaml:1:49: 'cn' is not a language, in pronunciations; did you mean 'zh'?"),
    ("- engine", "v.yaml:1:1: the file must be a mapping (key: value), not a list; write KEY: VALUE"),
    ("engine: ''", "v.yaml:1:9: engine is empty; fill it in or remove it"),
    ("sound: {format: mp4}", "v.yaml:1:17: sound.format cannot be 'mp4'; did you mean 'mp3'?"),
    ("sound: {bed: {file: a.mp3, volum: 1}}", "v.yaml:1:28: unknown setting sound.bed.volum; did you mean 'volume'?"),
    ("sound: {bed: ''}", "v.yaml:1:14: sound.bed is empty; fill it in or remove it"),
    ("chapters: {by: topic}",
     "v.yaml:1:16: chapters.by cannot be 'topic'; known: question, section, speaker, minutes"),
]  # fmt: skip
BEYOND_THE_SCHEMA = [
    ("rules: [{match: (a, say: b}]",
     "v.yaml:1:17: rules.0.match is not a regular expression: missing ), at its character 3"),
    ("speakers: {A: {}, A: {}}", "v.yaml:1:19: speakers.A is given twice, first in line 1; make it one"),
    ("a: b: c",
     "v.yaml:1:5: this line has a second colon; put the text in quotation marks, 'b: c', or begin a new line for each key"),
    ("x: \x01",
     "v.yaml:1:4: the character U+0001 is not allowed in YAML; remove it, or write it as an escape in double quotation marks"),
    ("show: {cover: ~nosuchuser/x.png}",
     "v.yaml:1:15: show.cover: ~nosuchuser has no home folder here; write the whole path"),
    ("sound: {bed: {file: ~nosuchuser/x.mp3}}",
     "v.yaml:1:21: sound.bed.file: ~nosuchuser has no home folder here; write the whole path"),
    ('sound: {intro: "a\\0b.mp3"}',
     "v.yaml:1:16: sound.intro: a file name cannot contain a NUL character; remove it"),
    ('show: {title: "\\ud800"}',
     "v.yaml:1:15: show.title contains half a character (\\ud800 to \\udfff); write all of it"),
    ('speakers: {"\\udc00": {}}',
     "v.yaml:1:12: speakers contains half a character (\\ud800 to \\udfff); write all of it"),
]  # fmt: skip
"""What no JSON Schema can say: it knows neither YAML's own rules nor this machine's homes."""


@pytest.mark.parametrize("text", [text for text, _ in MISTAKES])
def test_a_mistake_is_refused_by_the_schema_as_well(text, complaints):
    assert complaints(text)


@pytest.mark.parametrize(("text", "message"), MISTAKES + BEYOND_THE_SCHEMA)
def test_a_mistake_is_named_with_file_line_and_column(text, message):
    with pytest.raises(ConfigurationError) as caught:
        read_values(text, "v.yaml")
    assert str(caught.value) == message


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("sound: {bitrate: 192, sample_rate: 24000}",
         "0.yaml:1:18: mp3 at 24000 Hz supports the bit rates 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160 kbit/s, not 192"),
        ("sound: {sample_rate: 9}",
         "0.yaml:1:22: mp3 supports the sample rates 16000, 22050, 24000, 32000, 44100, 48000, not 9"),
        ("sound: {format: opus, bitrate: 300}", "0.yaml:1:32: opus at 48000 Hz supports the bit rates 12 to 256 kbit/s, not 300"),
        ("sound: {format: flac, bitrate: 96}", "0.yaml:1:32: flac at 44100 Hz supports no bit rate, not 96"),
        ("sound: {intro: {volume: 1}}", "0.yaml:1:9: sound.intro has no file; add file: PATH"),
    ],
)  # fmt: skip
def test_what_a_format_does_not_have(tmp_path, text, message):
    with pytest.raises(ConfigurationError) as caught:
        settings_of(tmp_path, text)
    assert str(caught.value).removeprefix(f"{tmp_path}/") == message


@pytest.mark.parametrize(
    ("rule", "message"),
    [
        ("say: b", "1:9: rules.0 has no match; add match: REGULAR EXPRESSION"),
        ("match: a", "1:9: rules.0 does nothing; add say: TEXT, or skip: true"),
        ("match: a, skip: no", "1:9: rules.0 does nothing; add say: TEXT, or skip: true"),
        ("match: a, say: b, skip: yes", "1:9: rules.0 has both say and skip; keep one"),
        (r"match: (a), say: '\1 \2'", r"1:27: '(a)' has no group for \2; put ( ) around what it means"),
        (r"match: a, say: \g<x>", r"1:25: 'a' has no group for \g<x>; put ( ) around what it means"),
    ],
)
def test_a_rule_says_what_it_matches_and_what_is_said(tmp_path, rule, message):
    with pytest.raises(ConfigurationError) as caught:
        settings_of(tmp_path, f"rules: [{{{rule}}}]")
    assert str(caught.value).partition(".yaml:")[2] == message


def test_a_pronunciation_may_be_for_one_engine_alone(tmp_path):
    given = settings_of(tmp_path, "pronunciations: {en: {Nguyen: {kokoro: /ŋwiən/, edge: win}, GPT: G P T}}")
    assert given.pronunciations_for("kokoro") == {"en": {"Nguyen": "/ŋwiən/", "GPT": "G P T"}}
    assert given.pronunciations_for("openai") == {"en": {"GPT": "G P T"}}
    assert given.places["pronunciations", "en", "Nguyen", "edge"][1:] == (1, 55)


def test_each_format_has_its_own_rates():
    rates = {format_: load_settings([], format_).sound for format_ in ("mp3", "m4b", "m4a", "opus", "flac")}
    assert {name: (sound.format, sound.bitrate, sound.sample_rate) for name, sound in rates.items()} == {
        "mp3": ("mp3", 96, 44100),
        "m4b": ("m4b", 96, 44100),
        "m4a": ("m4a", 96, 44100),
        "opus": ("opus", 48, 48000),
        "flac": ("flac", 0, 44100),
    }


def test_a_format_of_the_command_line_drops_rates_that_it_does_not_have(tmp_path):
    file = tmp_path / "v.yaml"
    file.write_text("sound: {bitrate: 320, sample_rate: 44100}", "utf-8")
    assert load_settings([file], "opus").sound == Sound(bitrate=48, sample_rate=48000, format="opus")
    assert load_settings([file], "mp3").sound == Sound(bitrate=320)


def test_music_lies_beside_the_file_that_names_it_and_merges(tmp_path):
    (tmp_path / "a").mkdir()
    settings = settings_of(
        tmp_path / "a", "sound: {intro: theme.mp3, bed: x.wav}", "sound: {intro: {volume: -8}, bed: false}"
    )
    intro = settings.sound.intro
    assert intro == Music("theme.mp3", tmp_path / "a" / "theme.mp3", -8, -18, 0, 3, 3)
    assert settings.sound.bed is None


def test_a_character_in_two_halves_is_one_as_in_json(tmp_path):
    assert settings_of(tmp_path, r'show: {title: "\ud83c\udfa7 Light"}').show.title == "\U0001f3a7 Light"


def test_the_show(tmp_path):
    settings = settings_of(tmp_path, "show: {title: Lamps, cover: art/cover.png}")
    assert settings.show == Show("Lamps", tmp_path / "art" / "cover.png")
    assert settings_of(tmp_path, "show: {cover: a.png}", "show: {cover: false}").show == Show()


def test_a_file_in_another_encoding_is_named_by_line(tmp_path):
    file = tmp_path / "gbk.yaml"
    file.write_bytes("engine: tone\nspeakers: {张三: {}}".encode("gbk"))
    with pytest.raises(ConfigurationError, match=r"gbk\.yaml:2:12: not UTF-8 text"):
        load_settings([file])
