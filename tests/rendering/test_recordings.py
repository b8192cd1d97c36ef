"""Turns that somebody has recorded: levelled, captioned and timed like those that a voice speaks."""

import json
import wave
import weakref
from typing import Any

import av
import numpy as np
import pytest

from interview_audio.cli.commands.check import check
from interview_audio.engines import recording
from interview_audio.engines.protocol import Utterance
from interview_audio.engines.recording import RecordingEngine, fragment, parse_fragment
from interview_audio.engines.registry import engine_names, load_engine
from interview_audio.errors import ConfigurationError, EngineError, SourceError, SpeechError, UsageError
from interview_audio.files.ownership import OccupiedError
from interview_audio.rendering.job import parse, prepare, recordings_of
from interview_audio.rendering.options import RenderOptions
from interview_audio.rendering.plan import plan
from interview_audio.rendering.render import render
from interview_audio.script.script_file import script_as_dict, transcript_from_dict

LONG = (
    "I have been in that tower since the winter of the long ice, and nobody has come up to see me but the man who "
    "brings the oil, and he never stays for more than one cup of tea. Would you stay? I think that nobody would."
)
SCRIPT: dict[str, Any] = {
    "language": "en",
    "speakers": [{"name": "Q", "role": "host"}, {"name": "Ada", "role": "guest"}],
    "turns": [
        {"speaker": "Q", "text": "Who comes up to see you in that tower of yours in winter?"},
        {"speaker": "Ada", "text": LONG, "audio": "ada.wav"},
    ],
}
SETTINGS = "engine: tone\nsound: {format: flac, sample_rate: 16000}\nchapters: {min_seconds: 0}\n"


def write_sound(path, spans, rate=16000, amplitude=0.1, channels=1):
    """A tone of 200 Hz for some spans in seconds, silence in between and for a second after."""
    clock = np.arange(round((spans[-1][1] + 1) * rate)) / rate
    sound = np.zeros(len(clock))
    for start, end in spans:
        sound[round(start * rate) : round(end * rate)] = amplitude
    samples = np.round(sound * np.sin(2 * np.pi * 200 * clock) * 32767).astype("<i2")
    with wave.open(str(path), "wb") as file:
        file.setparams((channels, 2, rate, 0, "NONE", ""))
        file.writeframes(np.repeat(samples, channels).tobytes())


@pytest.fixture
def talk(tmp_path):
    write_sound(tmp_path / "ada.wav", [(4, 14)], amplitude=0.02)

    def written(*changes, **top):
        (tmp_path / "voices.yaml").write_text(SETTINGS, "utf-8")
        document = json.loads(json.dumps(SCRIPT)) | top
        for change in changes:
            document["turns"][1] |= change
        path = tmp_path / "talk.script.json"
        path.write_text(json.dumps(document), "utf-8")
        return path

    return written


@pytest.fixture
def places(tmp_path):
    return {"output": tmp_path / "out", "store": tmp_path / "clips"}


def test_a_recorded_turn_is_levelled_timed_and_captioned_like_the_others(talk, places):
    episode = render(talk(), **places)
    asked, answered = episode.record.lines
    assert (answered.text, answered.speech.engine, answered.speech.voice) == (LONG, "recording", "ada.wav")
    assert answered.end - answered.start == pytest.approx(10_000, abs=150)
    assert answered.start - asked.end == pytest.approx(450, abs=100)
    with av.open(str(episode.path)) as container:
        sound = np.concatenate([frame.to_ndarray()[0] for frame in container.decode(audio=0)]) / 2.0**15
    loudness = [20 * np.log10(np.std(sound[line.start * 16 : line.end * 16])) for line in episode.record.lines]
    assert loudness[0] == pytest.approx(loudness[1], abs=3)  # 20 dB in the files
    captions = next(file for file in episode.files if file.suffix == ".srt").read_text("utf-8")
    assert captions.count(" --> ") >= 4
    assert captions.replace("\n", " ").split("Would you stay?")[0].count("-->") >= 3
    assert episode.cast[1].voices == ()
    assert episode.cast[1].reason == "recorded"


def test_check_lists_what_is_recorded(talk, capsys):
    check.main([str(talk())], standalone_mode=False)
    assert "Recorded: 1\n" in (shown := capsys.readouterr().out)
    assert "Ada  ada.wav  I have been" in " ".join(shown.split("Recorded")[1].split("\n")[1:2])


def test_nothing_is_made_anew_but_for_a_file_that_has_changed(talk, places, tmp_path):
    first = render(talk(), **places)
    assert not render(talk(), **places).is_new
    write_sound(tmp_path / "ada.wav", [(1, 9)])
    planned = plan(talk(), **places)
    assert [(change.what, change.subject) for group in planned.reasons for change in group.changes] == [
        ("version", "ada.wav")
    ]
    assert [(one.engine, one.lines, one.clips) for one in planned.engines] == [("tone", 1, 0), ("recording", 1, 1)]
    second = render(talk(), **places)
    assert (second.is_new, second.lines_spoken) == (True, 1)
    assert second.duration < first.duration
    louder = render(talk({"volume": 6, "pause_after": 1}), **places)
    assert louder.lines_spoken == 0


def test_an_episode_of_recordings_alone_needs_no_voice(talk, places):
    turns = [{**SCRIPT["turns"][1], "speaker": name} for name in ("Q", "Ada")] + [{"text": "So.", "audio": "ada.wav"}]
    episode = render(talk({}, turns=turns), **places, engine="openai")
    assert {line.speech.engine for line in episode.record.lines} == {"recording"}
    assert [member.voices for member in episode.cast] == [(), (), ()]


def test_a_part_of_a_file_is_heard(tmp_path):
    write_sound(tmp_path / "a.wav", [(1, 2), (30.5, 31.5), (40, 43)], rate=96000, channels=2)
    engine = load_engine("recording", {"folder": str(tmp_path)})
    speech = engine.speak(Utterance("Yes, it does.", "en", fragment("a.wav", 30, 35.25)))
    assert speech.sample_rate == 48000
    assert len(speech.samples) / 48000 == pytest.approx(1.6, abs=0.02)
    assert speech.words[0].start == pytest.approx(0.3, abs=0.01)
    assert speech.words[-1].end == pytest.approx(1.3, abs=0.01)
    assert [Utterance("Yes, it does.", "en", "").text[slice(*word.written)] for word in speech.words] == [
        "Yes",
        "it",
        "does",
    ]


@pytest.mark.parametrize(
    "part",
    [
        ("a.wav", 0.0, None),
        ("a.wav", 1.5, None),
        ("a #t=2.wav", 0.0, 3.0),
        ("a.wav", 4321.987, 4325.125),
        ("#t=", 0.0, None),
    ],
)
def test_a_part_is_written_as_one_word_and_read_back(part):
    assert parse_fragment(fragment(*part)) == part


def test_what_is_before_a_part_is_not_kept_in_memory(tmp_path, monkeypatch):
    write_sound(tmp_path / "a.wav", [(1, 2)])
    made, kept = [], []

    def blocks(*_arguments):
        for _ in range(100):
            block = np.full(1600, 1000, np.int16)
            made.append(weakref.ref(block))
            yield block
            del block
            kept.append(sum(one() is not None for one in made))

    monkeypatch.setattr(recording, "mono_samples", blocks)
    monkeypatch.setattr(recording, "_EXACT", frozenset())
    engine = load_engine("recording", {"folder": str(tmp_path)})
    assert len(engine.speak(Utterance("No.", "en", fragment("a.wav", 8.05, 8.3))).samples) == 4000
    assert (len(made), max(kept) <= 4) == (83, True)


def test_a_turn_that_lasts_for_ever_is_refused(tmp_path, monkeypatch):
    write_sound(tmp_path / "a.wav", [(1, 3)])
    monkeypatch.setattr(recording, "_MOST_SECONDS", 2)
    engine = load_engine("recording", {"folder": str(tmp_path)})
    assert engine.speak(Utterance("No.", "en", fragment("a.wav", 1, 3)))
    with pytest.raises(SpeechError, match=r"a\.wav#t=1, lasts longer than 0 minutes; make several turns of it, each"):
        engine.speak(Utterance("No.", "en", fragment("a.wav", 1, None)))


def test_silence_is_no_recording(talk, places):
    with pytest.raises(SpeechError, match=r"nothing is heard in ada\.wav#t=0,3; choose another file or another part"):
        render(talk({"end": 3}), **places)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"audio": "bob.wav"}, r"turns\[1\]\.audio: .*bob\.wav cannot be read \(No such file or directory\)"),
        ({"audio": "."}, r"turns\[1\]\.audio: .*: this is a folder; choose a file in it"),
        ({"audio": "talk.script.json"}, r"turns\[1\]\.audio: .*talk\.script\.json cannot be decoded \("),
        ({"start": 99}, r"turns\[1\]\.start: .*ada\.wav has only 15\.0 seconds, and not 99"),
        ({"start": 3, "end": 2}, r"turns\[1\]\.end: must be after start, 3, not 2"),
        ({"rate": 1.1}, r"turns\[1\]\.rate: a recording is heard as it is; remove it"),
        ({"audio": None, "start": 1}, r"turns\[1\]\.start: needs audio: FILE beside it"),
        ({"audio": " "}, r"turns\[1\]\.audio: expected the name of a file, not ' '"),
    ],
)
def test_what_cannot_be_heard_is_named_with_file_and_turn_before_anything_is_spoken(talk, change, message):
    with pytest.raises(SourceError, match=message) as error:
        parse(talk(change))
    assert "\n" not in str(error.value)


def test_the_files_of_a_script_file_are_known_to_who_watches_it(talk, tmp_path):
    assert recordings_of(talk(), {}) == (tmp_path / "ada.wav",)
    (tmp_path / "talk.txt").write_text("Q: What audio is that?\nAda: Mine.\n", "utf-8")
    assert recordings_of(tmp_path / "talk.txt", {}) == ()


def test_a_recording_is_not_written_over(talk, places, tmp_path):
    write_sound(tmp_path / "talk.wav", [(0, 4)])
    (places["output"]).mkdir()
    (places["output"] / "talk.flac").symlink_to(tmp_path / "ada.wav")
    with pytest.raises(OccupiedError, match=r"talk\.flac is the recording of a turn and would be replaced"):
        render(talk(), **places)


def test_a_recording_has_no_other_take_and_is_no_engine_to_choose(talk, places, tmp_path):
    render(talk(), **places)
    with pytest.raises(UsageError, match="a recording has no other take"):
        render(talk(), **places, redo=["speaker:Ada"])
    assert "recording" not in engine_names()
    with pytest.raises(EngineError, match="there is no engine 'recording'"):
        prepare(talk(), RenderOptions(engine="recording"))
    path = talk()
    (tmp_path / "voices.yaml").write_text("engine: recording\nengines: {recording: {folder: /}}", "utf-8")
    with pytest.raises(ConfigurationError, match=r"voices\.yaml:1:9: there is no engine 'recording'"):
        prepare(path, RenderOptions())


def test_a_script_file_keeps_its_recordings(talk):
    job = prepare(talk({"start": 4, "end": 9.5, "volume": -2}), RenderOptions())
    written = script_as_dict(job.transcript, job.cast, "tone")
    assert {"audio": "ada.wav", "start": 4.0, "end": 9.5, "volume": -2.0}.items() <= written["turns"][1].items()
    assert transcript_from_dict(written).turns[1].recording.end == 9.5


def test_all_parts_of_a_file_are_one_voice_to_be_levelled(talk, places):
    turn = SCRIPT["turns"][1] | {"text": "So it is."}
    turns = [turn | {"start": 4, "end": 6}, turn | {"start": 6, "end": 9}]
    episode = render(talk({}, turns=turns), **places)
    assert [level.voice for level in episode.record.levels.speakers] == ["recording:ada.wav"]


def test_any_format_is_heard(tmp_path):
    write_sound(tmp_path / "a.wav", [(0.5, 2)])
    with av.open(str(tmp_path / "a.ogg"), "w") as target, av.open(str(tmp_path / "a.wav")) as source:
        stream = target.add_stream("libopus", rate=48000, layout="mono")
        for frame in source.decode(audio=0):
            target.mux(stream.encode(frame))
        target.mux(stream.encode(None))
    speech = RecordingEngine({"folder": tmp_path}).speak(Utterance("Yes.", "en", "a.ogg"))
    assert len(speech.samples) / speech.sample_rate == pytest.approx(2.1, abs=0.1)
