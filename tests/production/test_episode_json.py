import json

from interview_audio.production.audio.levels import Levels, SpeakerLevel
from interview_audio.production.audio.metering import Loudness
from interview_audio.production.chapters import Chapter
from interview_audio.production.episode_record import Origin, Production, WrittenFile, format_episode
from interview_audio.production.mastering import Mastering
from interview_audio.production.timeline import Timeline
from interview_audio.script.lines import CastMember, Script, Voice

FILES = [WrittenFile("a.new.vtt", 12, "12ab", "a.vtt"), WrittenFile("a.mp3", 3456, "34cd")]


def test_the_record_of_an_episode_is_whole():
    member = CastMember("林默", "guest", (("zh", Voice("kokoro", "zf_xiaobei", 1.05)),), "pool, female")
    script = Script("访谈", "zh", ("林默",), (member,), ())
    production = Production(
        Timeline(1000, (), (Chapter("开场", 0, 2500),), 2500),
        Levels((SpeakerLevel("林默", "kokoro:zf_xiaobei", 1.234567, -20.123, -1.5),), 4.5678),
        -16.0,
        Mastering(4.5678, -2.0, Loudness(-16.04, -1.66), 1),
        ("a warning",),
    )
    origin = Origin(
        {"script": "ab12"}, ({"line": 12, "reason": "boilerplate"},), source={"file": "../a.txt", "sha256": "56ef"}
    )
    assert json.loads(format_episode(script, production, origin, FILES, {"a.opus": "cd"})) == {
        "schema": 2,
        "title": "访谈",
        "language": "zh",
        "duration": 2.5,
        "fingerprint": {"script": "ab12"},
        "source": {"file": "../a.txt", "sha256": "56ef"},
        "cast": [
            {
                "speaker": "林默",
                "role": "guest",
                "voices": {"zh": {"voice": "kokoro:zf_xiaobei", "rate": 1.05}},
                "reason": "pool, female",
            }
        ],
        "gains": {
            "episode": 4.57,
            "ceiling": -2.0,
            "speakers": [
                {"speaker": "林默", "voice": "kokoro:zf_xiaobei", "seconds": 1.23, "loudness": -20.12, "gain": -1.5}
            ],
        },
        "loudness": {"target": -16.0, "integrated": -16.04, "true_peak": -1.66, "encodings": 1},
        "music": [],
        "chapters": [{"title": "开场", "start": 0.0, "end": 2.5}],
        "skipped": [{"line": 12, "reason": "boilerplate"}],
        "warnings": ["a warning"],
        "files": [
            {"name": "a.new.vtt", "bytes": 12, "sha256": "12ab", "beside": "a.vtt"},
            {"name": "a.mp3", "bytes": 3456, "sha256": "34cd"},
        ],
        "earlier": [{"name": "a.opus", "sha256": "cd"}],
    }
