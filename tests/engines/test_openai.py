"""The openai engine in fair weather: what is sent, formats, voices, the key, settings and health."""

import pickle
import subprocess
import sys
import traceback

import numpy as np
import pytest

from interview_audio.engines.openai.engine import OpenAIEngine
from interview_audio.engines.protocol import Diagnosable, Online, Utterance, Varying
from interview_audio.engines.registry import load_engine
from interview_audio.errors import EngineError, OutageError, SpeechError, VoiceError
from speech_server.server import Fault, complaint

TEXT = "Nobody asks the lamp, and the lamp is glad. 好的。"
WORDS = ["Nobody", "asks", "the", "lamp", "and", "the", "lamp", "is", "glad", "好", "的"]
KEY = "sk-spoken-4711"


def say(engine, text=TEXT, voice="alto", rate=1.0, pronunciations=None):
    return engine.speak(Utterance(text, "en", voice, rate, pronunciations or {}))


def test_it_is_an_engine_of_ours():
    engine = load_engine("openai", {"sockets": 3})
    assert isinstance(engine, Online)
    assert isinstance(engine, Diagnosable)
    assert isinstance(engine, Varying)
    assert (engine.local, engine.heavy, engine.sockets, engine.varies) == (False, False, 3, True)
    assert len(engine.voices()) == 13


def test_what_is_sent(speech_server, openai):
    engine = openai(model="m", instructions="Whisper.", extra={"lang_code": "z", "stream": False})
    speech = say(engine, "用 OpenXR，好。", rate=1.05, pronunciations={"OpenXR": "open X R"})
    assert [asked.body for asked in speech_server.asked] == [
        {
            "lang_code": "z",
            "stream": False,
            "model": "m",
            "input": "用 open X R，好。",
            "voice": "alto",
            "response_format": "wav",
            "speed": 1.05,
            "instructions": "Whisper.",
        }
    ]
    assert "Authorization" not in speech_server.asked[0].headers
    assert [word.written for word in speech.words] == [(0, 1), (2, 8), (9, 10)]
    assert speech.made_by == "m tones/1"


@pytest.mark.parametrize("chunked", [False, True], ids=["length", "chunked"])
@pytest.mark.parametrize(
    ("form", "sent_as", "wav_length"),
    [
        ("wav", None, None),
        ("wav", None, 0),
        ("wav", None, 0xFFFFFFFF),
        ("wav", None, 0x7FFFFFFF),
        ("wav", None, 2_000_000_000),
        ("pcm", None, None),
        ("pcm", "wav", None),  # LocalAI answers so
        ("mp3", "wav", 0xFFFFFFFF),
    ],
)
def test_the_same_samples_in_every_form(speech_server, openai, form, sent_as, wav_length, chunked):
    plain = say(openai())
    speech_server.sent_as, speech_server.wav_length, speech_server.is_chunked = sent_as, wav_length, chunked
    speech = say(openai(format=form))
    assert np.array_equal(speech.samples, plain.samples)
    assert (speech.samples.dtype, speech.sample_rate, speech.words) == (np.int16, 24000, plain.words)


def test_mp3_is_as_long(speech_server, openai):
    plain, speech = say(openai()), say(openai(format="mp3"))
    assert 0 <= speech.samples.size - plain.samples.size < 3 * 1152
    assert [word.written for word in speech.words] == [word.written for word in plain.words]


def test_word_times_lie_near_the_words(speech_server, openai):
    speech = say(openai())
    assert [TEXT[slice(*word.written)] for word in speech.words] == WORDS
    tones = load_engine("tone", {}).speak(Utterance(TEXT, "en", "alto")).words
    assert max(abs(one.start - tone.start) for one, tone in zip(speech.words, tones, strict=True)) < 0.4
    assert speech.words[0].start == pytest.approx(tones[0].start, abs=0.01)
    assert speech.words[-1].end == pytest.approx(tones[-1].end, abs=0.01)


def test_a_text_too_long_for_one_request_is_sent_in_pieces(speech_server, openai):
    text = "这是很长的一句话。" * 80
    speech = say(openai(), text)
    assert "".join(speech_server.texts) == text
    assert len(speech_server.texts) == 2
    assert [word.written for word in speech.words] == [(at, at + 1) for at in range(len(text)) if text[at] != "。"]
    assert speech.words[-1].end <= speech.samples.size / 24000


@pytest.mark.parametrize(
    ("text", "voice", "error", "message"),
    [
        ("……！？", "alto", SpeechError, "no words to speak in"),
        ("", "alto", SpeechError, "no words to speak in"),
        ("Yes.", " ", VoiceError, "has no voice ' '"),
        ("Yes.", "al\nto", VoiceError, "has no voice"),
        ("Yes.", "altoo", VoiceError, "openai has no voice 'altoo'; did you mean 'alto'?"),
        ("Yes.", "alto+base", VoiceError, "has no voice"),
    ],
)
def test_what_is_never_sent(speech_server, openai, text, voice, error, message):
    speech_server.voices = {"voices": ["alto", "bass"]}
    with pytest.raises(error, match=message):
        say(openai(), text, voice)
    assert speech_server.texts == []


@pytest.mark.parametrize(
    "answer",
    [
        ["zf_a", "am_b", "odd"],
        {"voices": ["zf_a", "am_b", "odd"]},
        {"voices": [{"id": "zf_a", "name": "A"}, {"name": "am_b"}, {"voice_id": "odd"}, {"lang": "x"}, 4]},
        {"object": "list", "data": [{"id": "zf_a"}, {"id": "am_b"}, {"id": "odd"}]},
    ],
)
def test_voices_that_a_server_lists(speech_server, openai, answer):
    speech_server.voices = answer
    engine = openai()
    found = [(voice.name, voice.languages, voice.gender) for voice in engine.voices()]
    assert found == [("zf_a", ("zh",), "female"), ("am_b", ("en",), "male"), ("odd", (), "unknown")]
    for name in ("odd", "zf_a+am_b", "zf_a(2)+am_b(0.5)", "zf_a-am_b"):
        engine.check(name, "zh")
    assert speech_server.list_requests == 1


@pytest.mark.parametrize("answer", [None, {}, [], "no", {"voices": {"a": 1}}, 5])
def test_without_a_list_any_name_may_be_a_voice(speech_server, openai, answer):
    speech_server.voices = answer
    engine = openai()
    engine.check("whoever", "en")
    assert list(engine.voices()) == []
    assert say(engine, voice="whoever").samples.size


def test_voices_of_openai():
    engine = OpenAIEngine({})
    engine.check("nova", "zh")
    engine.check("voice_1234", "zh")  # one of one's own
    with pytest.raises(VoiceError, match="did you mean 'nova'"):
        engine.check("novae", "zh")


def test_openai_gets_a_voice_of_ones_own_as_an_object():
    from interview_audio.engines.openai.server import voice_parameter

    assert voice_parameter("voice_1234", is_official=True) == {"id": "voice_1234"}
    assert voice_parameter("voice_1234", is_official=False) == "voice_1234"


def test_the_key_is_sent_and_is_nowhere_else(speech_server, openai, monkeypatch):
    monkeypatch.setenv("SPEECH_API_KEY", f" {KEY}\n")
    speech_server.key = KEY
    engine = openai(key_variable="SPEECH_API_KEY")
    say(engine)
    assert speech_server.asked[0].headers["Authorization"] == f"Bearer {KEY}"
    assert KEY not in repr(vars(engine)) + engine.identity
    speech_server.key = "another"  # it is refused, and the refusal repeats it
    with pytest.raises(OutageError) as caught:
        say(engine)
    assert str(caught.value) == (
        f"127.0.0.1:{speech_server.port} refused the request (401); "
        "check the key in SPEECH_API_KEY on the server: it may be wrong or lack a permission"
    )
    assert_without(KEY, caught.value)


def test_an_error_that_repeats_the_key_is_shown_without(speech_server, openai, monkeypatch):
    monkeypatch.setenv("SPEECH_API_KEY", KEY)
    for fault in (
        Fault(status=400, body=complaint(f"bad {KEY}"), times=-1),
        Fault(status=500, body=f"bad {KEY}".encode(), times=-1),
        Fault(kind="reset", after=50, times=-1),
    ):
        speech_server.faults = [fault]
        with pytest.raises(OutageError) as caught:
            say(openai(key_variable="SPEECH_API_KEY"))
        assert_without(KEY, caught.value)


def assert_without(secret, error):
    error.__traceback__ = error.__traceback__.tb_next  # the test's own variables hold it
    shown = "".join(traceback.TracebackException.from_exception(error, capture_locals=True).format())
    assert secret not in shown
    while error is not None:
        assert secret.encode() not in pickle.dumps(error)
        assert secret not in repr(error) + repr(error.args)
        error = error.__cause__ or error.__context__


def test_openais_key_goes_to_openai_alone(speech_server, openai, monkeypatch):
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    say(openai())
    assert "Authorization" not in speech_server.asked[0].headers


@pytest.mark.parametrize(
    ("settings", "value", "message"),
    [
        ({}, None, "`OPENAI_API_KEY` is not set; set this environment variable to your key for api.openai.com"),
        ({}, "  ", "`OPENAI_API_KEY` is not set"),
        ({}, "a b", "`OPENAI_API_KEY` holds a space, a line break or an accent"),
        ({}, "a\u200bb", "`OPENAI_API_KEY` holds a space, a line break or an accent"),
        (
            {"base_url": "http://speech.example/v1", "model": "m", "key_variable": "OPENAI_API_KEY"},
            "abc",
            "speech.example uses plain http, which would show others the key in OPENAI_API_KEY; use https",
        ),
        ({"base_url": "https://10.0.0.1", "model": "m", "offline": True}, "abc", "10.0.0.1, which --offline forbids"),
    ],
)
def test_nothing_is_sent_without_a_key_that_may_be_sent(monkeypatch, settings, value, message):
    if value is None:
        monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    else:
        monkeypatch.setenv("OPENAI_API_KEY", value)
    monkeypatch.setattr("socket.socket.connect", lambda *_: pytest.fail("connected"))
    monkeypatch.setattr("interview_audio.engines.openai.service.OpenAIService.list_voices", _no_voices)
    engine = OpenAIEngine(settings)
    with pytest.raises(OutageError, match=message) as caught:
        say(engine, voice="nova")
    engine.close()
    if value and value.strip():
        assert_without(value, caught.value)


async def _no_voices(_):
    return []


@pytest.mark.parametrize(
    ("base_url", "is_local", "may_have_the_key"),
    [
        ("http://localhost:8880", True, True),
        ("http://127.0.0.9/v1", True, True),
        ("http://[::1]:8880/v1", True, True),
        ("http://kokoro:8880/v1", False, True),
        ("http://192.168.1.9/v1", False, True),
        ("http://nas.local/v1", False, True),
        ("http://8.8.8.8/v1", False, False),
        ("http://134744072/v1", False, False),
        ("http://0x08080808/v1", False, False),
        ("http://localhost.example.com/v1", False, False),
        ("http://127.0.0.1.example.com/v1", False, False),
        ("https://speech.example/v1", False, True),
    ],
)
def test_where_a_server_is(base_url, is_local, may_have_the_key):
    from interview_audio.engines.openai.server import read_server

    assert OpenAIEngine({"base_url": base_url, "model": "m"}).local is is_local
    assert read_server({"base_url": base_url, "model": "m"}).is_secret_on_the_way is may_have_the_key


def test_what_shapes_the_sound_is_in_the_identity_and_nothing_else():
    first: dict[str, object] = {"base_url": "http://localhost:8880/v1", "model": "m"}
    identity = OpenAIEngine(first).identity
    others: list[dict[str, object]] = [
        {"model": "n"},
        {"instructions": "x"},
        {"format": "mp3"},
        {"base_url": "http://h/v1"},
        {"extra": {"a": 1}},
    ]
    assert len({identity, *(OpenAIEngine(first | other).identity for other in others)}) == 6
    same: list[dict[str, object]] = [
        {"sockets": 5},
        {"timeout": 5},
        {"key_variable": "X_API_KEY"},
        {"base_url": "https://LOCALHOST:8880/v1/audio/speech"},
        {"base_url": "http://localhost:8880"},
        {"instructions": None},
    ]
    assert {OpenAIEngine(first | other).identity for other in same} == {identity}
    assert "localhost" not in identity


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        (
            {"api_key": "x"},
            "engines.openai.api_key: a key does not belong in a settings file; set the environment variable",
        ),
        ({"voice": "x"}, "has the settings base_url, model, .+, not voice"),
        ({"base_url": "http://localhost:8880"}, "engines.openai.model is missing"),
        ({"base_url": "localhost:8880"}, "must be an address like https://api.openai.com/v1, with"),
        ({"base_url": "ftp://x"}, "must be an address like"),
        ({"base_url": "http://[::1"}, "is not an address like"),
        ({"base_url": "http://h:99999"}, "is not an address like"),
        ({"base_url": "http://me:secret@h/v1"}, "contains a name or password"),
        ({"base_url": "http://h/v1?key=secret"}, "must be an address like"),
        ({"format": "opus"}, "format must be one of wav, mp3, pcm, not 'opus'"),
        ({"sockets": 9}, "sockets must be a number from 1 to 8, not 9"),
        ({"sockets": True}, "sockets must be a number, not True"),
        ({"sockets": 2.5}, "sockets must be a number, not 2.5"),
        ({"timeout": 0}, "timeout must be a number from 1 to 3600, not 0"),
        ({"timeout": float("nan")}, "timeout must be a number from 1"),
        ({"model": 4}, "model must be text, not 4"),
        ({"allow_plain_http": "yes"}, "allow_plain_http must be true or false, not 'yes'"),
        ({"extra": {"input": "x"}}, "extra cannot set input"),
        ({"extra": {"a": [1]}}, "extra must map names to text, numbers"),
        ({"extra": "a"}, "extra must be a mapping, not 'a'"),
        ({"key_variable": "sk-123"}, "must name an environment variable that ends in API_KEY"),
        ({"key_variable": "AWS_SECRET_ACCESS_KEY"}, "ends in API_KEY"),
    ],
)
def test_wrong_settings(settings, message):
    with pytest.raises(EngineError, match=message) as caught:
        OpenAIEngine(settings)
    assert "secret" not in str(caught.value)
    assert "sk-123" not in str(caught.value)


def test_health(speech_server, openai):
    found = openai().availability(online=False)
    where = f"127.0.0.1:{speech_server.port}, without a key, without a proxy"
    assert (found.state, found.how) == ("unknown", f"not tested; {where}")
    assert (speech_server.texts, speech_server.list_requests) == ([], 0)
    found = openai().availability(online=True)
    assert (found.state, found.how) == ("unknown", f"{where}: it answers, but lists no voices to try")
    speech_server.voices = ["alto"]
    found = openai().availability(online=True)
    assert (found.state, found.how, found.remedy) == ("ready", f"alto spoke, {where}, 1 voice", "")
    assert speech_server.texts == ["1 2 3"]


def test_ill_health(openai, monkeypatch):
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    found = OpenAIEngine({}).availability(online=True)
    assert (found.state, found.remedy) == (
        "unavailable",
        "set this environment variable to your key for api.openai.com and run again",
    )


def test_a_server_that_does_not_run_is_not_one_without_voices(speech_server, openai):
    speech_server.disappear()
    found = openai().availability(online=True)
    where = f"127.0.0.1:{speech_server.port}"
    assert (found.state, found.how) == ("unavailable", f"{where} refused the connection")
    assert found.remedy == "check that the server is running and no firewall blocks it"


def test_speech_goes_through_the_proxy_and_loopback_does_not(speech_server, openai, monkeypatch):
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    assert say(openai()).samples.size
    monkeypatch.setenv("HTTP_PROXY", f"http://127.0.0.1:{speech_server.port}")  # it takes requests for any host
    assert say(openai(base_url="http://speech.invalid/v1")).samples.size
    assert [asked.headers["Host"].partition(":")[0] for asked in speech_server.asked] == ["127.0.0.1", "speech.invalid"]


def test_offline_a_server_on_this_machine_speaks(speech_server, openai):
    assert say(openai(offline=True)).samples.size


def test_importing_the_engine_loads_no_client():
    code = "import sys, interview_audio.engines.openai.engine; print({'aiohttp', 'av', 'edge_tts'} & set(sys.modules))"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "set()\n"


def test_the_client_of_edge_is_not_needed(speech_server):
    code = (
        "import sys; from interview_audio.engines.protocol import Utterance; "
        "from interview_audio.engines.registry import load_engine; "
        f"e = load_engine('openai', {{'base_url': {speech_server.base_url!r}, 'model': 'm'}}); "
        "e.speak(Utterance('Yes.', 'en', 'a')); e.close(); print('edge_tts' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "False\n"
