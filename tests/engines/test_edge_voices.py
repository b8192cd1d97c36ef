"""Edge's voices: packaged, asked for once a day, and refused where they would be silent."""

import json
import time

import pytest

from interview_audio.engines.edge.engine import EdgeEngine
from interview_audio.engines.edge.voices import MAX_LIST_AGE_SECONDS, EdgeVoice, EdgeVoiceList, packaged_voices
from interview_audio.errors import OutageError, VoiceError

ONE = [EdgeVoice("zh-CN-YunxiNeural", "male")]


def offline():
    raise OutageError("the network is down", "plug it in")


def test_the_packaged_list():
    voices = {voice.name: voice for voice in packaged_voices()}
    assert len(voices) == 322
    assert voices["zh-CN-liaoning-XiaobeiNeural"] == EdgeVoice("zh-CN-liaoning-XiaobeiNeural", "female")
    assert {voice.gender for voice in packaged_voices()} == {"female", "male"}


def test_voices_of_the_main_country_come_first():
    voices = EdgeVoiceList(None).known().values()
    first = {language: next(one.name for one in voices if one.language == language) for language in ("zh", "fr", "en")}
    assert first == {"zh": "zh-CN-XiaoxiaoNeural", "fr": "fr-FR-DeniseNeural", "en": "en-US-AnaNeural"}


@pytest.mark.parametrize(
    ("name", "language", "long"),
    [
        ("zh-CN-YunxiNeural", "zh", "(zh-CN, YunxiNeural)"),
        ("zh-CN-liaoning-XiaobeiNeural", "zh", "(zh-CN-liaoning, XiaobeiNeural)"),
        ("zh-HK-WanLungNeural", "yue", "(zh-HK, WanLungNeural)"),
        ("iu-Cans-CA-SiqiniqNeural", "iu", "(iu-Cans-CA, SiqiniqNeural)"),
        ("nb-NO-FinnNeural", "no", "(nb-NO, FinnNeural)"),
    ],
)
def test_names(name, language, long):
    voice = EdgeVoice(name, "unknown")
    assert voice.info.languages == (language,)
    assert voice.long_name == f"Microsoft Server Speech Text to Speech Voice {long}"


@pytest.mark.parametrize(
    ("name", "language", "reads"),
    [
        ("en-US-AriaNeural", "zh", False),
        ("en-US-AvaMultilingualNeural", "zh", True),
        ("en-US-AriaNeural", "fr", True),
        ("zh-CN-YunxiNeural", "en", True),
        ("zh-HK-WanLungNeural", "zh", True),
        ("ja-JP-KeitaNeural", "zh", False),
        ("ru-RU-DmitryNeural", "ru", True),
        ("zh-CN-YunxiNeural", "ja", False),
    ],
)
def test_which_voice_reads_which_language(name, language, reads):
    assert EdgeVoice(name, "unknown").reads(language) is reads


@pytest.mark.parametrize(
    ("name", "unread"),
    [
        ("en-US-AriaNeural", "虫かЖ한"),
        ("en-US-AvaMultilingualNeural", ""),
        ("zh-CN-YunxiNeural", "かЖ한"),
        ("ja-JP-KeitaNeural", "Ж한"),
        ("ru-RU-DmitryNeural", "虫か한"),
    ],
)
def test_which_letters_are_silence_to_a_voice(name, unread):
    assert EdgeVoice(name, "unknown").unread("Wīn-4, 虫かЖ한!") == unread


def test_the_list_is_asked_for_once_a_day(tmp_path):
    asked = []

    def fetch():
        asked.append(1)
        return ONE

    file = tmp_path / "edge" / "voices.json"
    voices = EdgeVoiceList(fetch, file)
    assert voices.age_seconds() is None
    assert voices.find(ONE[0].name) == ONE[0]
    assert list(voices.known().values()) == ONE
    assert EdgeVoiceList(fetch, file).find(ONE[0].name) == ONE[0]
    assert len(asked) == 1
    kept = json.loads(file.read_text("utf-8"))
    file.write_text(json.dumps(kept | {"time": time.time() - MAX_LIST_AGE_SECONDS - 1}), "utf-8")
    EdgeVoiceList(fetch, file).find(ONE[0].name)
    assert len(asked) == 2


def test_an_old_list_is_better_than_none(tmp_path):
    file = tmp_path / "voices.json"
    file.write_text(json.dumps({"time": 0, "voices": {"xx-XX-OldNeural": "male"}}), "utf-8")
    assert EdgeVoiceList(offline, file).find("xx-XX-OldNeural") == EdgeVoice("xx-XX-OldNeural", "male")
    assert EdgeVoiceList(offline, tmp_path / "none.json").find(ONE[0].name) == ONE[0]


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"time": 1, "voices": {}}', '{"time": "x", "voices": {"a": 1}}'])
def test_a_damaged_file_is_no_list(tmp_path, content):
    file = tmp_path / "voices.json"
    file.write_text(content, "utf-8")
    assert EdgeVoiceList(None, file).age_seconds() is None
    assert len(EdgeVoiceList(None, file).known()) == 322


def test_a_folder_that_cannot_be_written_is_no_obstacle(tmp_path):
    (tmp_path / "file").write_text("", "utf-8")
    voices = EdgeVoiceList(lambda: ONE, tmp_path / "file" / "voices.json")
    assert voices.find(ONE[0].name) == ONE[0]
    assert len(voices.known()) == 1


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("zh-CN-YunxNeural", "did you mean 'zh-CN-YunxiNeural'"),
        ("xiaoxiao", "did you mean 'zh-CN-XiaoxiaoNeural'"),
        ("zm_yunxi", "list them with: interview-audio voices list --engine edge"),
        ("", "list them with: interview-audio voices list --engine edge"),
    ],
)
def test_an_unknown_voice_gets_the_nearest_name(name, hint):
    with pytest.raises(VoiceError, match=hint):
        EdgeVoiceList(None).find(name)


def test_a_multilingual_voice_is_described_as_made_for_any_language():
    engine = EdgeEngine({"offline": True})
    described = {name: engine.describe(name) for name in ("en-US-AvaMultilingualNeural", "de-DE-KatjaNeural")}
    assert [(one.languages, one.gender) for one in described.values()] == [((), "female"), (("de",), "female")]
