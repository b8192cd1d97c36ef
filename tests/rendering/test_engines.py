"""Speakers with an engine of their own beside that of the rest."""

import json

import pytest

from interview_audio.cli.commands.plan import plan as plan_command
from interview_audio.engines.registry import BUILT_IN_ENGINES
from interview_audio.engines.tone import ToneEngine
from interview_audio.errors import ConfigurationError, EngineError, OutageError
from interview_audio.files.ownership import OccupiedError
from interview_audio.rendering.job import prepare
from interview_audio.rendering.options import RenderOptions
from interview_audio.rendering.plan import EngineCosts, plan
from interview_audio.rendering.render import render
from interview_audio.script.script_file import script_as_dict

TALK = """# The light

Q: Does it *ever* stop, Ms Nguyen?

Ada: It has never stopped in all of my winters here.

Ben: Once it did.
"""


class Hum(ToneEngine):
    """An engine that is no trial, so that its episodes count as spoken."""

    name = "hum"
    identity = "hum 1"
    obeys_pitch = False


class Radio(Hum):
    """A service."""

    name = "radio"
    local = False
    sockets = 2
    fails = False

    def __init__(self, settings):
        super().__init__({})
        self.is_offline = settings.get("offline", False)

    def speak(self, utterance):
        if self.fails or self.is_offline:
            raise OutageError("the radio is silent", "wait")
        return super().speak(utterance)

    def waiting(self):
        return None

    def close(self):
        pass


@pytest.fixture(autouse=True)
def _engines(monkeypatch):
    for engine in (Hum, Radio):
        monkeypatch.setitem(BUILT_IN_ENGINES, engine.name, f"{__name__}:{engine.__name__}")


@pytest.fixture
def talk(tmp_path):
    def written(settings, text=TALK, name="talk.md"):
        (tmp_path / "voices.yaml").write_text(f"sound: {{sample_rate: 16000, bitrate: 16}}\n{settings}", "utf-8")
        path = tmp_path / name
        path.write_text(text, "utf-8")
        return path

    return written


@pytest.fixture
def places(tmp_path):
    return {"output": tmp_path / "out", "store": tmp_path / "clips"}


def engines_of(job):
    return {line.speaker: line.voice.engine for line in job.script.lines}


MIXED = "engine: hum\nspeakers: {Ada: {engine: radio}, narrator: {engine: tone}}\n"


def test_each_line_has_the_engine_of_its_speaker(talk):
    job = prepare(talk(MIXED), RenderOptions())
    assert engines_of(job) == {"narrator": "tone", "Q": "hum", "Ada": "radio", "Ben": "hum"}
    assert list(job.engines) == ["hum", "radio", "tone"]
    assert job.engine.name == "hum"


def test_a_role_that_the_text_names_has_its_engine_in_every_language(talk):
    turns = [
        {"speaker": "Q", "text": "When?"},
        {"speaker": "Q", "text": "什么时候？", "language": "zh"},
        {"text": "So."},
    ]
    text = json.dumps({"language": "en", "speakers": [{"name": "Q", "role": "host"}], "turns": turns})
    job = prepare(talk("engine: tone\nspeakers: {host: {engine: hum}}\n", text, "talk.json"), RenderOptions())
    assert [line.voice.engine for line in job.script.lines] == ["hum", "hum", "tone"]


def test_the_engine_of_the_command_line_is_everybodys(talk):
    job = prepare(talk(MIXED), RenderOptions(engine="tone"))
    assert (set(engines_of(job).values()), list(job.engines)) == ({"tone"}, ["tone"])


def test_only_the_lines_of_a_speaker_whose_engine_changes_are_made_anew(talk, places):
    first = render(talk("engine: hum\n"), **places)
    assert {line.speech.engine for line in first.record.lines} == {"hum"}
    mixed = render(talk("engine: hum\nspeakers: {Ada: {engine: radio}}\n"), **places)
    assert (mixed.lines_spoken, mixed.lines) == (1, 4)
    assert [line.speech.engine for line in mixed.record.lines] == ["hum", "hum", "radio", "hum"]
    assert {one.speaker: one.voices[0].name.partition(":")[0] for one in mixed.cast} == {
        "Q": "hum",
        "Ada": "radio",
        "Ben": "hum",
        "narrator": "hum",
    }
    again = render(talk("engine: hum\nspeakers: {Ada: {engine: radio}}\n"), **places)
    assert not again.is_new


def test_an_episode_with_test_tones_in_it_replaces_no_spoken_one(talk, places):
    render(talk("engine: hum\n"), **places)
    with pytest.raises(OccupiedError, match="belongs to a spoken episode, which test tones do not replace"):
        render(talk("engine: hum\nspeakers: {Ada: {engine: tone}}\n"), **places)


def test_tones_that_nobody_speaks_with_make_no_trial_of_an_episode(talk, places):
    settings = (
        "engine: tone\nspeakers: {Q: {engine: hum}, Ada: {engine: hum}, Ben: {engine: hum}, narrator: {engine: hum}}"
    )
    first = render(talk(settings), **places)
    assert {line.speech.engine for line in first.record.lines} == {"hum"}
    again = render(talk(settings, TALK.replace("winters", "years")), **places)
    assert (again.is_new, again.lines_spoken) == (True, 1)


def test_a_script_file_says_whose_engine_is_another(talk):
    job = prepare(talk(MIXED), RenderOptions())
    written = script_as_dict(job.transcript, job.cast, job.engine.name)
    assert written["engine"] == "hum"
    again = prepare(talk("", json.dumps(written), "talk.json"), RenderOptions())
    assert engines_of(again) == engines_of(job)
    assert again.plan_synthesis(again.script.lines).keys == job.plan_synthesis(job.script.lines).keys


def test_an_engine_that_does_not_exist_is_named_with_its_place(talk):
    path = talk("engine: hum\nspeakers: {Ada: {engine: radoi}}\n")
    with pytest.raises(
        ConfigurationError, match=r"voices\.yaml:3:26: there is no engine 'radoi'; did you mean 'radio'\?"
    ):
        prepare(path, RenderOptions())
    text = json.dumps(
        {"language": "en", "turns": [{"speaker": "Ada", "text": "No."}]}
        | {"speakers": [{"name": "Ada", "voices": {"en": "nobody:x"}}]}
    )
    with pytest.raises(EngineError, match="there is no engine 'nobody'"):
        prepare(talk("", text, "talk.json"), RenderOptions())


def test_offline_a_service_of_one_speaker_is_used_only_as_far_as_its_lines_are_stored(talk, places):
    path = talk("engine: hum\nspeakers: {Ada: {engine: radio}}\n")
    with pytest.raises(OutageError, match="1 of 4 lines not stored, and --offline forbids radio"):
        render(path, **places, offline=True)
    render(path, **places)
    (places["output"] / "talk.mp3").unlink()
    assert render(path, **places, offline=True).lines_spoken == 0


def test_what_each_engine_has_to_do_is_planned(talk, places):
    path = talk(MIXED)
    planned = plan(path, **places)
    assert planned.engines == (
        EngineCosts("hum", 2, 2, 1, 0, None, 0.0),
        EngineCosts("radio", 1, 1, 1, 1, None, 0.0),
        EngineCosts("tone", 1, 1, 1, 0, None, 0.0),
    )
    assert (planned.clips, planned.requests, planned.work) == (4, 1, None)


def test_a_plan_of_two_engines_names_both(talk, places, capsys):
    path = talk("engine: hum\nspeakers: {Ada: {engine: radio}}\n")
    words = [str(path), "-o", str(places["output"]), "--store", str(places["store"])]
    plan_command.main(words, standalone_mode=False)
    shown = " ".join(capsys.readouterr().out.split())
    assert "all 4 100.0 % by hum 3 75.0 % by radio 1 25.0 %" in shown
    assert "time hum, 3 clips: unknown: hum has not been measured" in shown
    assert "requests 1 to radio" in shown


def test_if_one_engine_fails_the_fallback_speaks_the_whole_episode(talk, places, monkeypatch):
    monkeypatch.setattr(Radio, "fails", True)
    path = talk("engine: hum\nspeakers: {Ada: {engine: radio}}\n")
    with pytest.raises(OutageError, match=r"the radio is silent; 1 of 4 lines is not spoken yet \(line 5"):
        render(path, **places)
    episode = render(path, **places, fallback="hum")
    assert {line.speech.engine for line in episode.record.lines} == {"hum"}


def test_what_an_engine_cannot_do_is_said_of_its_own_lines(talk):
    text = TALK.replace("never", "[slow]never[/slow]").replace("Once", "[slow]Once[/slow]")
    settings = "engine: tone\nspeakers: {Ada: {engine: hum, pitch: 1}, Ben: {pitch: 1}}\n"
    assert prepare(talk(settings, text), RenderOptions()).warnings == (
        "hum cannot change the pitch of a voice: Ada keeps that of the voice; "
        "choose another voice, or remove pitch from Ada in voices.yaml",
        "hum cannot say a part of a line slower, faster, higher or lower; the marks in line 5 are passed over",
        "tone cannot say a part of a line slower, faster, higher or lower; the marks in line 7 are passed over",
    )


def test_a_pronunciation_is_checked_against_the_engine_that_says_it(talk):
    settings = "engine: tone\nspeakers: {Q: {engine: kokoro}}\npronunciations: {en: {Nguyen: /ŋwiən/}}\n"
    job = prepare(talk(settings), RenderOptions())
    (asked,) = (line for line in job.script.lines if line.speaker == "Q")
    planned = job.plan_synthesis([asked])
    assert dict(planned.specs[0].pronunciations) == {"Nguyen": "/ŋwiən/"}
    with pytest.raises(ConfigurationError, match="which hum cannot read"):
        prepare(talk(settings.replace("kokoro", "hum")), RenderOptions())


def test_a_voice_of_the_pool_is_kept_beside_another_engine(talk, places):
    settings = "engine: hum\nspeakers: {Ben: {engine: radio}}\n"
    before = render(talk(settings), **places).cast
    path = talk(settings, TALK.replace("Q: Does", "Q: And you, Zoe?\n\nZoe: I too.\n\nQ: Does"))
    kept = {member.speaker: member.voices for member in prepare(path, RenderOptions(output=places["output"])).cast}
    assert {member.speaker: member.voices[0].name for member in before}.items() <= {
        speaker: str(voices[0][1]) for speaker, voices in kept.items()
    }.items()
