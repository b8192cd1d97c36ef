"""Settings files: merging, and mistakes named by place."""

import pytest

from interview_audio.configuration.loading import load_settings, read_values
from interview_audio.configuration.settings import Chapters, Pauses, Read, Sound
from interview_audio.errors import ConfigurationError


def settings_of(tmp_path, *texts):
    files = []
    for index, text in enumerate(texts):
        file = tmp_path / f"{index}.yaml"
        file.write_text(text, "utf-8")
        files.append(file)
    return load_settings(files)


def test_the_packaged_default_says_what_the_dataclasses_say():
    settings = load_settings([])
    assert (settings.engine, settings.read, settings.pauses) == ("kokoro", Read(), Pauses())
    assert (settings.chapters, settings.sound) == (Chapters(), Sound())
    assert {"host", "narrator"} == set(settings.speakers)


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


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("engin: tone", "v.yaml:1:1: engin is not known; did you mean engine?"),
        ("pauses:\n  turn: fast", "v.yaml:2:9: pauses.turn must be a number from 0 to 60, not 'fast'"),
        ("pauses: {turn: -1}", "v.yaml:1:16: pauses.turn must be a number from 0 to 60, not -1"),
        ("pauses: {turn: nan}", "v.yaml:1:16: pauses.turn must be a number from 0 to 60, not nan"),
        ("read: {title: maybe}", "v.yaml:1:15: read.title must be true or false, not 'maybe'"),
        ("speakers: [a]", "v.yaml:1:11: speakers must be a mapping (key: value)"),
        ("speakers: {A: {gender: mail}}", "v.yaml:1:24: speakers.A.gender cannot be 'mail'; did you mean male?"),
        ("speakers: {A: {rate: 9}}", "v.yaml:1:22: speakers.A.rate must be a number from 0.5 to 2, not 9"),
        ("speakers: {A: {voices: {cn: {kokoro: x}}}}", "v.yaml:1:25: 'cn' cannot stand in speakers.A.voices; did you mean zh?"),
        ("pool: {fr-CA: {kokoro: {male: [x]}}}", "v.yaml:1:8: 'fr-CA' cannot stand in pool; did you mean fr?"),
        ("pronunciations: {klingon: {a: b}}",
         "v.yaml:1:18: 'klingon' cannot stand in pronunciations; languages are written zh, en, ja, fr, de, es"),
        ("pronunciations: {de: {Gull: Gall}, yue: {a: b}, cn: {}}",
         "v.yaml:1:49: 'cn' cannot stand in pronunciations; did you mean zh?"),
        ("speakers: {A: {}, A: {}}", "v.yaml:1:19: speakers.A stands here twice; keep one"),
        ("a: b: c", "v.yaml:1:5: not valid YAML: mapping values are not allowed here"),
        ("- engine", "v.yaml:1:1: the file must be a mapping (key: value)"),
        ("engine: ''", "v.yaml:1:9: engine is empty"),
        ("x: \x01", "v.yaml:1:4: a character that YAML forbids: special characters are not allowed"),
        ("sound: {bed: a.mp3}", "v.yaml:1:14: sound.bed is not supported by this version; remove it or say null"),
        ("sound: {sample_rate: 9}",
         "v.yaml:1:22: sound.sample_rate must be one of 16000, 22050, 24000, 32000, 44100, 48000, not 9"),
    ],
)  # fmt: skip
def test_a_mistake_is_named_with_file_line_and_column(text, message):
    with pytest.raises(ConfigurationError) as caught:
        read_values(text, "v.yaml")
    assert str(caught.value) == message


def test_a_bit_rate_that_the_sample_rate_does_not_allow(tmp_path):
    with pytest.raises(ConfigurationError, match=r"0\.yaml:1:18: MP3 at 24000 Hz allows 8 to 160 kbit/s, not 192"):
        settings_of(tmp_path, "sound: {bitrate: 192, sample_rate: 24000}")


def test_a_file_in_another_encoding_is_named_by_line(tmp_path):
    file = tmp_path / "gbk.yaml"
    file.write_bytes("engine: tone\nspeakers: {张三: {}}".encode("gbk"))
    with pytest.raises(ConfigurationError, match=r"gbk\.yaml:2: not UTF-8 text"):
        load_settings([file])
