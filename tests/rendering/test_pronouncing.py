"""What would be silence or single letters is refused by file, line and column before anything is spoken."""

import pytest

from interview_audio.errors import ConfigurationError
from interview_audio.rendering.job import prepare
from interview_audio.rendering.options import RenderOptions

TALK = "Names\n\nQ: Is Okafor here with Nguyen?\n\nIda Holm: 绳子很长，行长在重庆。\n"
LETTERS = "write it as it sounds, in ordinary letters (win for Nguyen)"
CHARACTERS = "write Chinese characters that sound the same (航 for háng)"


def refusal(tmp_path, pronunciations, engine):
    source, file = tmp_path / "names.txt", tmp_path / "voices.yaml"
    source.write_text(TALK, "utf-8")
    file.write_text(f"pronunciations:\n  {pronunciations}\n", "utf-8")
    try:
        prepare(source, RenderOptions(engine=engine, is_offline=True))
    except ConfigurationError as error:
        return str(error).removeprefix(f"{file}:")
    return None


@pytest.mark.parametrize("engine", ["edge", "openai", "tone"])
@pytest.mark.parametrize(
    ("pronunciations", "message"),
    [
        ('en: {Nguyen: "/ŋwiən/"}', "2:16: the pronunciation of 'Nguyen', '/ŋwiən/', is IPA, {}; " + LETTERS),
        ("zh: {很长: hen3 chang2}", "2:12: the pronunciation of '很长', 'hen3 chang2', is pinyin, {}; " + CHARACTERS),
        ("zh: {行长: háng zhǎng}", "2:12: the pronunciation of '行长', 'háng zhǎng', is pinyin, {}; " + CHARACTERS),
        ('en: {Nguyen: "--"}', "2:16: the pronunciation of 'Nguyen', '--', is a mark without a letter, {}; " + LETTERS),
        ("en: {Nguyen: win, Okafor: oh KAH-for}", None),
        ("zh: {重庆: 虫庆, 行长: bank boss}", None),
    ],
)
def test_notations_are_refused_by_engines_that_read_letters(tmp_path, engine, pronunciations, message):
    expected = message.format(f"which {engine} cannot read") if message else None
    assert refusal(tmp_path, pronunciations, engine) == expected


@pytest.mark.parametrize(
    ("pronunciations", "message"),
    [
        ("en: {Nguyen: /ŋwiən/}", None),
        ("zh: {很长: hen3 chang2, 行长: hángzhǎng}", None),
        ("en: {Nguyen: /ŋħ/}", "2:16: the pronunciation of 'Nguyen', '/ŋħ/', has 'ħ', for which kokoro has no sound; "
         "write the nearest one that it has"),
        ("en: {Nguyen: ŋwiən}", "2:16: the pronunciation of 'Nguyen', 'ŋwiən', is phonetic notation, which kokoro "
         "cannot read; write IPA between slashes (/wɪn/), or as it sounds in ordinary letters (win)"),
        ("zh: {很长: hen chang}", "2:12: the pronunciation of '很长', 'hen chang', has no tones; "
         "write hen1 to 4, or 5 for the neutral tone"),
        ("zh: {行长: 行zhang3}", "2:12: the pronunciation of '行长', '行zhang3', has '行zhang3', which is not pinyin; "
         "write all of it in pinyin"),
        ("zh: {行长: ㄏㄤˊ}", "2:12: the pronunciation of '行长', 'ㄏㄤˊ', is zhuyin, which kokoro cannot read; "
         "write pinyin (hang2 for ㄏㄤˊ)"),
        ("en: {Nguyen: {kokoro: /ħ/, edge: win}}", "2:25: the pronunciation of 'Nguyen', '/ħ/', has 'ħ', for which "
         "kokoro has no sound; write the nearest one that it has"),
        ("en: {Nguyen: {edge: /ħ/}}", None),
        ("en: {Nguyen: {kokroo: win}}", "2:17: there is no engine 'kokroo' for the pronunciation of 'Nguyen'; "
         "did you mean 'kokoro'?"),
    ],
)  # fmt: skip
def test_kokoro_takes_ipa_and_pinyin(tmp_path, pronunciations, message):
    assert refusal(tmp_path, pronunciations, "kokoro") == message


def test_what_does_not_occur_is_only_warned_of(tmp_path):
    assert refusal(tmp_path, 'en: {Mieczkowski: "/mjɛtʃˈkɔfski/"}', "tone") is None


@pytest.mark.parametrize(
    ("engine", "said", "voice"),
    [
        ("kokoro", "Нгуен", "af_heart"),
        ("kokoro", "グエン", "af_heart"),
        ("kokoro", "虫庆", None),
        ("edge", "Нгуен", None),
        ("tone", "Нгуен", None),
    ],
)
def test_letters_that_a_voice_does_not_read_are_refused(tmp_path, engine, said, voice):
    instead = "write it in letters that this voice reads"
    message = f"would be silent: {voice} does not read {said!r}; {instead}"
    expected = f"2:16: the pronunciation of 'Nguyen', {said!r}, {message}" if voice else None
    assert refusal(tmp_path, f"en: {{Nguyen: {said}}}", engine) == expected
