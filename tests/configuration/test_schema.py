"""``voices.schema.json``: it says what the settings say, it ships, and it agrees with the loader."""

import importlib.util
import json
import re
import tomllib
from pathlib import Path

import jsonschema
import pytest

from interview_audio.configuration.loading import load_settings, read_values
from interview_audio.configuration.lookup import packaged_default, packaged_schema
from interview_audio.errors import ConfigurationError

ROOT = Path(__file__).resolve().parents[2]
MODELINE = "# yaml-language-server: $schema="
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
BLOCKS = [
    pytest.param(block, id=f"{page.name}-{number}")
    for page in PAGES
    for number, block in enumerate(re.findall(r"```yaml\n(.*?)```", page.read_text("utf-8"), re.DOTALL))
    if "turns:" not in block
    and "# podcast.yaml" not in block  # those are script files, and what ``test_channel`` reads
]


def test_the_file_is_what_the_settings_say():
    spec = importlib.util.spec_from_file_location("write_voices_schema", ROOT / "tools" / "write_voices_schema.py")
    tool = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(tool)
    for name in ("voices.schema.json", "podcast.schema.json"):
        written = packaged_schema(name).read_text("utf-8")
        assert tool.text(name) == written, (
            "a setting changed: run python tools/write_voices_schema.py --write, and read its diff"
        )


def test_it_is_json_schema_with_keywords_that_older_editors_know(schema):
    jsonschema.Draft202012Validator.check_schema(schema)
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    jsonschema.Draft7Validator.check_schema(schema)


def test_each_setting_has_a_tooltip(schema):
    def bare(node, path=()):
        for key, inner in node.get("properties", {}).items():
            if "description" not in inner and key not in ("female", "male"):
                yield (*path, key)
            yield from bare(inner, (*path, key))
        for part in (*node.get("anyOf", ()), node.get("additionalProperties")):
            if isinstance(part, dict):
                yield from bare(part, path)

    assert list(bare(schema)) == []


@pytest.mark.parametrize("file", [packaged_default(), ROOT / "examples" / "voices.yaml"], ids=str)
def test_the_files_of_the_repository_name_it_and_fit_it(file, complaints):
    text = file.read_text("utf-8")
    first = text.splitlines()[0]
    assert first.startswith(MODELINE)
    named = file.parent / first.removeprefix(MODELINE)
    assert named.read_bytes() == (ROOT / "voices.schema.json").read_bytes()  # an installation has a copy
    assert complaints(text) == []


def test_it_ships_beside_the_packaged_default():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    targets = project["tool"]["hatch"]["build"]["targets"]
    shipped = targets["wheel"]["force-include"]
    assert shipped["voices.schema.json"] == "interview_audio/voices.schema.json"
    assert shipped["podcast.schema.json"] == "interview_audio/podcast.schema.json"
    assert shipped["voices.yaml"] == "interview_audio/voices.yaml"
    assert {"voices.yaml", "voices.schema.json", "podcast.schema.json"} <= set(targets["sdist"]["include"])


@pytest.mark.parametrize("block", BLOCKS)
def test_the_settings_in_the_documentation_fit_it_and_load(block, complaints):
    assert read_values(block, "docs")[0]
    assert complaints(block) == []


@pytest.mark.parametrize(
    "text",
    [
        "",
        "# nothing\n",
        "pauses: null\nsound: {intro: ~}\nspeakers:\n",
        "engine: my-own\nengines: {my-own: {a: [1, {b: null}], c: true}, tone: }",
        "speakers: {No: {aliases: [Y, 1.0, null_island], gender: unknown}, 007: {rate: 1}, host: }",
        "speakers: {A: {aliases: B, voices: {en: {kokoro: af_heart*0.5 + af_bella*0.5, edge: }, yue: {edge: x}}}}",
        "pool: {fr: {kokoro: {male: [x, y], female: z}}, no: {tone: }}",
        "read: {title: yes, narration: no, headings: true, quotes: 'FALSE'}\ncaptions: {words: on}",
        "pronunciations: {en: {GPT-4: 4, No: yes}}",
        "pronunciations: {en: {Nguyen: {kokoro: /ŋwiən/, edge: win, mine: }, GPT: }}",
        "rules: [{match: ' fig', say: 110}, {match: 5, skip: yes}, {match: '(a)(?<b>b)', say: '\\1 \\g<b> \\g<2>'}]",
        "rules: {match: a, say: b, skip: no}",
        "pauses: {turn: 0, head: 60, tail: 1e1, vary: .5}",
        "chapters: {by: minutes, minutes: 0.1, title_columns: 8, numbered: off}",
        "sound: {intro: a.mp3, outro: false, sting: {file: b.wav}, bed: {file: c.flac, seconds: 3600, volume: -60}}",
        "sound: {outro: off, sting: {file: false}}\nshow: {title: 1984, cover: no}",
        "sound: {format: flac, sample_rate: 16000, bitrate: null}",
        "sound: {format: opus, bitrate: 12}",
        "sound: {format: m4a, sample_rate: 22050, bitrate: 132}",
        "sound: {format: mp3, sample_rate: 16000, bitrate: 8}",
        "sound: {format: mp3, bitrate: 320}",
        "sound: {bitrate: 320}",
        "store: {max_size: 1.5 GiB}",
        "store: {max_size: 500k}",
        "store: {max_size: 512 B}",
        "store: {max_size: 0}",
        "store: {max_size: '0.0'}",
    ],
)  # fmt: skip
def test_what_the_loader_accepts_is_accepted(text, complaints, tmp_path):
    file = tmp_path / "voices.yaml"
    file.write_text(text, "utf-8")
    load_settings([file])
    assert complaints(text) == []


@pytest.mark.parametrize("language", ["chi", "cmn", "eng", "hans", "cn", "jp", "xx", "EN", "zh-CN", "zh_CN", "e", ""])
def test_a_key_that_is_no_language_is_refused_by_both(language, complaints):
    text = f"pronunciations: {{{json.dumps(language)}: {{a: b}}}}"
    with pytest.raises(ConfigurationError):
        read_values(text, "v.yaml")
    assert complaints(text)


@pytest.mark.parametrize("size", ["10", "0.5", "1.5iB", "-1GB", "ten", "1,5GB", "1000000000000GB", "10PB", "''"])
def test_a_size_that_is_none_is_refused_by_both(size, complaints):
    text = f"store: {{max_size: {size}}}"
    with pytest.raises(ConfigurationError):
        read_values(text, "v.yaml")
    assert complaints(text)


@pytest.mark.parametrize(
    "sound",
    [
        "format: mp3, sample_rate: 24000, bitrate: 192",
        "format: mp3, sample_rate: 48000, bitrate: 24",
        "format: m4b, sample_rate: 16000, bitrate: 97",
        "format: m4a, bitrate: 300",
        "format: opus, bitrate: 300",
        "format: opus, sample_rate: 44100",
        "format: flac, bitrate: 96",
        "sample_rate: 9",
        "bitrate: 7",
        "bitrate: 321",
    ],
)
def test_rates_that_a_format_does_not_have_are_refused_by_both(sound, complaints, tmp_path):
    file = tmp_path / "voices.yaml"
    file.write_text(f"sound: {{{sound}}}", "utf-8")
    with pytest.raises(ConfigurationError):
        load_settings([file])
    assert complaints(file.read_text("utf-8"))
