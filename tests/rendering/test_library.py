"""The library: its examples run, it is imported without cost, it is typed, and renders in threads do not meet."""

import re
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from importlib.resources import files
from pathlib import Path

import pytest

import interview_audio
from interview_audio import (
    EngineError,
    Episode,
    InterviewAudioError,
    SilentListener,
    SourceError,
    load_settings,
    parse,
    plan,
    render,
)
from interview_audio.engines.registry import BUILT_IN_ENGINES
from interview_audio.engines.tone import ToneEngine

TALK = "A talk\n\nQ: Well, how are you?\n\nAda Brook: I am fine.\n\nQ: And now?\n\nAda Brook: Now I am tired.\n"
PAGE = (Path(__file__).parents[2] / "docs" / "library.md").read_text("utf-8")
EXAMPLES = re.findall(r"^```python\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)


@pytest.fixture
def talk(tmp_path):
    (tmp_path / "talk.txt").write_text(TALK, "utf-8")
    return tmp_path / "talk.txt"


@pytest.mark.usefixtures("talk")
def test_the_examples_of_the_page_run(tmp_path, capsys):
    (tmp_path / "voices.yaml").write_text("chapters: {min_seconds: 0}\n", "utf-8")
    assert len(EXAMPLES) == 5
    for example in EXAMPLES:
        exec(compile(example, "docs/library.md", "exec"), {"__name__": "example"})
    said = capsys.readouterr().out
    assert "A talk en\n" in said
    assert "speech Ada Brook I am fine.\n" in said
    assert "out/talk.mp3 " in said.replace("\\", "/")
    assert "sound 100 of 100\n" in said
    assert "is fine\n" in said
    assert (tmp_path / "opus" / "talk.opus").is_file()


def test_what_is_exported_can_be_had_and_nothing_else():
    assert sorted(interview_audio.__all__) == interview_audio.__all__
    for name in interview_audio.__all__:
        assert getattr(interview_audio, name) is not None
    with pytest.raises(AttributeError, match="no attribute 'sing'"):
        interview_audio.sing  # noqa: B018


def test_every_error_is_exported():
    from interview_audio import errors

    defined = {name for name, value in vars(errors).items() if isinstance(value, type) and not name.startswith("_")}
    assert {name for name in defined if issubclass(vars(errors)[name], InterviewAudioError)} <= set(
        interview_audio.__all__
    )


def test_importing_the_package_imports_none_of_its_modules():
    program = (
        "import sys, interview_audio; print([name for name in sys.modules if name.startswith('interview_audio.')])"
    )
    assert subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout == "[]\n"


def test_the_package_says_that_it_is_typed():
    assert files(interview_audio).joinpath("py.typed").is_file()


def test_a_text_is_parsed_without_a_file():
    transcript = parse(TALK, title="Another title")
    assert transcript.title == "Another title"
    assert [turn.speaker for turn in transcript.turns if turn.kind == "speech"][1] == "Ada Brook"


def test_an_episode_that_is_up_to_date_is_returned_as_it_is(talk):
    first = render(talk, engine="tone", store="clips")
    again = render(str(talk), engine="tone", store="clips")
    assert (first.is_new, again.is_new, first.lines_spoken) == (True, False, first.lines)
    assert (again.path, again.record, again.files) == (first.path, first.record, first.files)
    assert render(talk, engine="tone", store="clips", title="New").is_new


def test_settings_that_were_made_in_python_shape_the_episode(talk):
    settings = load_settings()
    first = render(talk, engine="tone", store="clips", settings=settings)
    assert not render(talk, engine="tone", store="clips", settings=settings).is_new
    assert plan(talk, engine="tone", store="clips", settings=settings).is_current
    assert first.is_new
    quiet = replace(settings, sound=replace(settings.sound, loudness=-20.0))
    assert render(talk, engine="tone", store="clips", settings=quiet).record.levels.target == -20.0


@pytest.mark.parametrize("function", [render, plan, interview_audio.batch])
def test_a_keyword_that_there_is_not_is_an_error_at_once(function, talk):
    with pytest.raises(TypeError, match=r"there is no keyword 'limit_cpu'; known are engine, fallback, "):
        function([talk] if function is interview_audio.batch else talk, engine="tone", limit_cpu=20)


class StubbornTones(ToneEngine):
    """Tones that fail at one word, once the other render is under way."""

    name = "stubborn"
    other_is_speaking = threading.Event()

    def speak(self, utterance):
        assert self.other_is_speaking.wait(60)
        raise EngineError("the engine is broken")


class PatientTones(ToneEngine):
    """Tones that go on when the other render has failed."""

    name = "patient"
    other_has_failed = threading.Event()

    def speak(self, utterance):
        StubbornTones.other_is_speaking.set()
        assert self.other_has_failed.wait(60)
        return super().speak(utterance)


@pytest.fixture
def two_engines(monkeypatch, tmp_path):
    (tmp_path / "voices.yaml").write_text(
        "pool: {en: {stubborn: {female: [female-1], male: [male-1]}, patient: {female: [female-1], male: [male-1]}}}\n"
        "speakers:\n"
        "  host: {voices: {en: {stubborn: male-1, patient: male-1}}}\n"
        "  narrator: {voices: {en: {stubborn: male-2, patient: male-2}}}\n",
        "utf-8",
    )
    for engine in (StubbornTones, PatientTones):
        monkeypatch.setitem(BUILT_IN_ENGINES, engine.name, f"{__name__}:{engine.__name__}")
    monkeypatch.setattr(StubbornTones, "other_is_speaking", threading.Event())
    monkeypatch.setattr(PatientTones, "other_has_failed", threading.Event())


@pytest.mark.usefixtures("two_engines")
def test_a_render_that_fails_in_a_thread_does_not_disturb_another(talk):
    def fail():
        try:
            render(talk, output="a", engine="stubborn", store="clips")
        finally:
            PatientTones.other_has_failed.set()

    with ThreadPoolExecutor(2) as threads:
        failing = threads.submit(fail)
        going = threads.submit(render, talk, output="b", engine="patient", store="clips")
        with pytest.raises(EngineError, match=r"^the engine is broken$"):
            failing.result(120)
        episode = going.result(120)
    assert isinstance(episode, Episode)
    assert episode.lines_spoken == episode.lines > 0


class Cancelling(SilentListener):
    """Cancels its render with the first clip."""

    def progress(self, stage, done, total):
        raise InterruptedError("that is enough")


@pytest.mark.usefixtures("two_engines")
def test_a_render_that_is_cancelled_in_a_thread_leaves_the_other_going(talk):
    def cancel():
        try:
            render(talk, output="a", engine="tone", store="clips", listener=Cancelling())
        finally:
            PatientTones.other_has_failed.set()

    with ThreadPoolExecutor(2) as threads:
        going = threads.submit(render, talk, output="b", engine="patient", store="clips")
        assert StubbornTones.other_is_speaking.wait(60)
        cancelled = threads.submit(cancel)
        with pytest.raises(InterruptedError, match="enough"):
            cancelled.result(120)
        assert going.result(120).is_new


def test_two_renders_in_threads_give_what_each_gives_alone(talk, tmp_path):
    other = tmp_path / "other.txt"
    other.write_text(TALK.replace("fine", "well").replace("A talk", "Another"), "utf-8")
    alone = [render(one, output="alone", engine="tone", store="clips").path.read_bytes() for one in (talk, other)]
    with ThreadPoolExecutor(2) as threads:
        both = list(threads.map(lambda one: render(one, output="both", engine="tone", store="new"), (talk, other)))
    assert [episode.path.read_bytes() for episode in both] == alone


CAPTIONED = TALK.replace("Q: And now?", "▲ The stairs at dawn. Photograph by Lena Fisk.\n\nQ: And now?")


@pytest.fixture
def captioned(tmp_path):
    (tmp_path / "talk.txt").write_text(CAPTIONED, "utf-8")
    return tmp_path / "talk.txt"


def test_everything_is_read_where_that_is_asked_for(captioned, tmp_path):
    caption = "The stairs at dawn. Photograph by Lena Fisk."
    kinds = [
        {turn.text: turn.kind for turn in parse(captioned, read_everything=everything).turns}[caption]
        for everything in (False, True)
    ]
    assert (kinds[0], kinds[1] in ("speech", "narration")) == ("boilerplate", True)
    planned = [
        plan(captioned, output=tmp_path / "out", engine="tone", read_everything=everything)
        for everything in (False, True)
    ]
    assert planned[1].clips > planned[0].clips
    assert len(planned[0].warnings) == 1
    assert planned[1].warnings == ()


@pytest.mark.parametrize("function", [parse, plan, render])
def test_strictly_a_sentence_that_is_not_read_is_an_error(function, captioned, tmp_path):
    more = {} if function is parse else {"output": tmp_path / "out", "engine": "tone"}
    with pytest.raises(SourceError, match="are not read \\(line 7: image caption\\); --read-everything reads them"):
        function(captioned, strict=True, **more)
    assert not (tmp_path / "out").exists()


def test_a_script_file_reads_everything_too(tmp_path):
    script = tmp_path / "talk.script.yaml"
    script.write_text(
        "language: en\nturns:\n- {speaker: Ida, text: So.}\n- {kind: boilerplate, text: Follow us.}\n- {kind: heading, text: Salt}\n"
    )
    assert [turn.kind for turn in parse(script, read_everything=True).turns] == ["speech", "narration", "heading"]
    planned = [plan(script, output=tmp_path, engine="tone", read_everything=everything) for everything in (False, True)]
    assert [one.clips for one in planned] == [1, 3]
