"""A project as pages see and change it: the files say everything, and what a person wrote in them stays."""

import asyncio
import functools
import io
import os
import threading
import wave
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from interview_audio import cli
from interview_audio.configuration.settings import LIMITS
from interview_audio.production.cover import make_cover
from interview_audio.rendering import render
from interview_audio.rendering.job import cast_source, parse, prepare
from interview_audio.rendering.options import RenderOptions, SilentListener
from interview_audio.studio.background import watch
from interview_audio.studio.sounds import Booth
from studio_page import OPTIONS

VOICES = """\
# Ours; keep.
speakers:
  Ada Brook: {rate: 1.1}   # she is slow

pauses:
  turn: 0.35   # as it was
"""
REFUSED = (
    ("tune", {"speaker": "Ada Brook", "rate": 9}, 422, "must be a number from 0.5 to 2"),
    ("tune", {"speaker": "Ada Brook", "rate": "fast"}, 400, "rate: must be a number"),
    ("tune", {"speaker": "Eve", "rate": 1}, 400, "Eve does not speak here"),
    ("setting", {"path": ["sound", "intro"], "value": "../../etc/passwd"}, 400, "not in the folder"),
    ("setting", {"path": ["sound", "intro"], "value": {"file": "/etc/passwd"}}, 400, "not in the folder"),
    ("setting", {"path": ["sound", "intro"], "value": "~/x.wav"}, 400, "not in the folder"),
    ("setting", {"path": ["sound", "intro"], "value": "none.mp3"}, 422, "none.mp3"),
    ("setting", {"path": ["show", "cover"], "value": "x.png"}, 400, "cannot be set here"),
    ("setting", {"path": "engines", "value": {}}, 400, "cannot be set here"),
    ("setting", {"path": ["chapters", "by"], "value": "mood"}, 422, "mood"),
    ("setting", {"path": ["engine"], "value": "tuba"}, 422, "tuba"),
    ("pronunciation", {"language": "en", "written": "sea", "said": ""}, 400, "said: a text is missing"),
    ("text", {"turn": "t1", "text": "x"}, 400, "no such turn"),
    ("join", {"turn": "Q"}, 400, "no such turn"),
    ("person", {"name": "Q", "role": "king"}, 400, "must be one of host, guest"),
    ("take", {"line": "l1", "take": 1}, 400, "no such line"),
    ("split", {"turn": ["t1"], "at": {}}, 400, "no such turn"),
    ("setting", {"path": ["sound", "bed"], "value": "x" * 300}, 422, "too long"),
    ("setting", {"path": ["sound", "bed"], "value": "x\0"}, 400, "not in the folder"),
    ("erase", {}, 400, "there is no action 'erase'"),
)


def heard(answer):
    assert answer.status == 200
    assert answer.headers["content-type"] == "audio/wav"
    with wave.open(io.BytesIO(answer.body)) as sound:
        assert (sound.getnchannels(), sound.getsampwidth()) == (1, 2)
        return np.frombuffer(sound.readframes(sound.getnframes()), "<i2").astype(float)


def test_a_page_sees_the_transcript_as_understood(page):
    state = page.state
    assert [(one["shown"], one["role"], one["color"]) for one in state["people"]] == [
        ("Interviewer", "host", 0),
        ("Ada Brook", "guest", 1),
        ("Narrator", "narrator", 2),
    ]
    going_on = page.turn("And then")
    assert (going_on["speaker"], going_on["confidence"], going_on["reason"]) == (
        "Ada Brook",
        "inferred",
        "continues from line 7",
    )
    assert page.turn("Follow us")["why_not"] == "asks to follow or subscribe"
    assert [state["lines"][name]["text"] for name in going_on["lines"]] == [going_on["text"]]
    assert state["people"][1]["first_line"] == {"en": page.line("I look")}
    pause = state["settings"]["pauses"]["turn"]
    assert (pause["value"], pause["from"], pause["low"], pause["high"]) == (0.35, "default", 0, 60)
    assert pause["help"] == "Seconds between two guests, or between two hosts."
    assert (state["script_file"], state["settings_file"], state["error"]) == (None, None, None)


def test_corrections_go_into_the_script_file(page, interview):
    script, original = interview.with_name("talk.en.script.yaml"), interview.read_bytes()
    page.edit("speaker", turn=page.turn("And then")["id"], speaker="Q")
    page.edit("kind", turn=page.turn("Follow us")["id"], kind="narration")
    page.edit("text", turn=page.turn("No.")["id"], text="Never, [pause 1] I fear.")
    at = page.turn("I look")["text"].index("Then")
    page.edit("split", turn=page.turn("I look")["id"], at=at, speaker="Bea")
    page.edit("person", name="Q", new_name="Cy: the host", gender="male")
    page.edit("person", name="Bea", role="host", aliases=["B"])
    page.edit("text", turn=page.turn("The keeper")["id"], text="The keeper")
    assert page.said() == [
        (None, "The keeper"),
        (None, "Ada Brook has kept the light for 31 years. She told us how."),
        ("Cy: the host", "Ada, what is the first thing you do in the morning?"),
        ("Ada Brook", "I look at the sea, and the sea looks at me."),
        ("Bea", "Then one of us makes coffee."),
        ("Cy: the host", "And then I wind the clock. It has a will of its own."),
        ("Cy: the host", "Do you ever sleep?"),
        ("Ada Brook", "Never, [pause 1] I fear."),
        (None, "Follow us for more interviews!"),
    ]
    read = parse(script)
    assert [(one.name, one.role, one.gender, one.aliases) for one in read.speakers] == [
        ("Cy: the host", "host", "male", ()),
        ("Ada Brook", "guest", "female", ("AB", "Ada")),
        ("Bea", "host", "unknown", ("B",)),
    ]
    assert {turn.confidence for turn in read.turns} == {"certain"}
    assert (read.title, interview.read_bytes()) == ("The keeper", original)
    text = script.read_text("utf-8")
    assert "guessed" not in text.split("schema:")[1]
    assert "inferred" not in text.split("schema:")[1]
    assert "voices:" not in text.split("schema:")[1]
    page.edit("speaker", turn=page.turn("Then one")["id"], speaker="Ada Brook")
    page.edit("join", turn=page.turn("I look")["id"])
    assert page.turn("I look")["text"] == "I look at the sea, and the sea looks at me. Then one of us makes coffee."


def test_what_a_person_wrote_in_a_script_file_stays(page, interview, open_page):
    page.edit("speaker", turn=page.turn("And then")["id"], speaker="Q")
    script = interview.with_name("talk.en.script.yaml")
    by_hand = script.read_text("utf-8").replace("- speaker: Q\n", "# ask her again\n- speaker: Q   # really\n")
    by_hand = by_hand.replace("    No.\n", "    No.\n  # a short one\n").replace("\n", "\r\n")
    script.write_bytes(b"\xef\xbb\xbf" + by_hand.encode())
    own = open_page(script)
    assert own.edit("text", turn=own.turn("No.")["id"], text="Yes.").status == 200
    assert script.read_bytes().decode("utf-8-sig") == by_hand.replace("    No.\r\n", "    Yes.\r\n")
    assert own.state["source"] == own.state["script_file"] == script.name


def test_how_it_sounds_goes_into_the_settings(page, interview):
    settings = interview.with_name("voices.yaml")
    settings.write_text(VOICES, "utf-8")
    page.studio.project.look()
    page.edit("voice", speaker="Ada Brook", language="en", engine="tone", voice="female-4")
    page.edit("tune", speaker="Ada Brook", rate=0.95, volume=-2)
    page.edit("tune", speaker="narrator", pitch=1)
    page.edit("setting", path=["pauses", "turn"], value=0.6)
    page.edit("setting", path=["show", "title"], value="No")
    page.edit("setting", path=["read", "title"], value=False)
    page.edit("pronunciation", language="en", written="coffee", said="caw fee")
    assert settings.read_text("utf-8") == (
        "# Ours; keep.\n"
        "speakers:\n"
        "  Ada Brook: {rate: 0.95, voices: {en: {tone: female-4}}, volume: -2}   # she is slow\n"
        "  narrator: {pitch: 1}\n"
        "\n"
        "pauses:\n"
        "  turn: 0.6   # as it was\n"
        'show: {title: "No"}\n'
        "read: {title: false}\n"
        "pronunciations:\n"
        "  en: {coffee: caw fee}\n"
    )
    ada, state = page.state["people"][1], page.state
    assert (ada["voices"]["en"]["name"], ada["rate"], ada["volume"]) == ("female-4", 0.95, -2)
    assert state["settings"]["pauses"]["turn"]["from"] == "voices.yaml:7"
    assert state["pronunciations"] == [{"language": "en", "written": "coffee", "said": "caw fee"}]
    assert state["script_file"] is None
    for path, value in ((["pauses", "turn"], None), (["read", "title"], None), (["show", "title"], None)):
        assert page.edit("setting", path=path, value=value).status == 200
    page.edit("pronunciation", language="en", written="coffee", said=None)
    page.edit("tune", speaker="narrator", pitch=None)
    page.edit("voice", speaker="Ada Brook", language="en", engine="tone", voice=None)
    assert settings.read_text("utf-8") == (
        "# Ours; keep.\nspeakers:\n  Ada Brook: {rate: 0.95, volume: -2}   # she is slow\n\n"
    )


def test_a_voice_that_the_script_file_names_is_changed_there_too(interview, open_page, run):
    script = interview.with_name("talk.en.script.yaml")
    assert run("script", interview, "--engine", "tone", "-o", script).code == 0
    page = open_page(interview)
    page.edit("voice", speaker="Ada Brook", language="en", engine="tone", voice="male-4")
    page.edit("voice", speaker="narrator", language="en", engine="tone", voice="male-3")
    page.edit("setting", path=["engine"], value="kokoro")
    assert page.state["engine"] == "kokoro"
    page.post("undo", {"version": page.state["version"]})
    assert page.state["engine"] == "tone"
    voices = {one["name"]: one["voices"]["en"]["name"] for one in page.state["people"]}
    assert (voices["Ada Brook"], voices["narrator"]) == ("male-4", "male-3")
    assert "engine: tone" in script.read_text("utf-8")


def test_a_voice_of_another_engine_is_for_its_speaker_alone(page, interview):
    page.edit("voice", speaker="Ada Brook", language="en", engine="kokoro", voice="af_heart")
    state = page.state
    voices = {one["name"]: one["voices"]["en"]["engine"] for one in state["people"]}
    assert (voices, state["engine"]) == ({"Q": "tone", "Ada Brook": "kokoro", "narrator": "tone"}, "tone")
    assert state["command"] == "interview-audio render talk.en.txt -o out --store clips"
    page.edit("voice", speaker="Ada Brook", language="en", engine="tone", voice="female-1")
    assert interview.with_name("voices.yaml").read_text("utf-8").splitlines()[1:] == [
        "speakers:",
        "  Ada Brook: {voices: {en: {kokoro: af_heart, tone: female-1}}}",
        "engine: tone",
    ]


def test_a_gender_is_changed_where_it_is_said(page, interview):
    settings = interview.with_name("voices.yaml")
    settings.write_text("speakers: {Ada Brook: {gender: female}}   # she\n", "utf-8")
    page.studio.project.look()
    assert page.edit("person", name="Ada Brook", gender="male").status == 200
    assert settings.read_text("utf-8") == "speakers: {Ada Brook: {gender: male}}   # she\n"
    assert [one["gender"] for one in page.state["people"]] == ["unknown", "male", "unknown"]
    page.post("undo", {"version": page.state["version"]})
    assert "female" in settings.read_text("utf-8")
    assert page.state["script_file"] is None


def test_a_refused_edit_changes_no_file(page, tmp_path):
    before = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    for action, body, status, said in REFUSED:
        answer = page.edit(action, **body)
        assert (answer.status, said in answer.json["error"]) == (status, True), answer
    assert {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()} == before
    assert not page.state["can_undo"]


def test_edits_are_undone_and_done_again_to_the_byte(page, interview):
    settings, script = interview.with_name("voices.yaml"), interview.with_name("talk.en.script.yaml")
    settings.write_text(VOICES, "utf-8")
    page.studio.project.look()
    contents = []
    for action, body in (
        ("setting", {"path": ["pauses", "turn"], "value": 0.5}),
        ("text", {"turn": page.turn("No.")["id"], "text": "Yes."}),
    ):
        contents.append((settings.read_bytes(), script.read_bytes() if script.exists() else None))
        page.edit(action, **body)
    last = settings.read_bytes(), script.read_bytes()
    for wanted in reversed(contents):
        assert page.post("undo", {"version": page.state["version"]}).status == 200
        assert (settings.read_bytes(), script.read_bytes() if script.exists() else None) == wanted
    assert page.post("undo", {"version": page.state["version"]}).status == 409
    for _ in contents:
        assert page.post("redo", {"version": page.state["version"]}).status == 200
    assert (settings.read_bytes(), script.read_bytes()) == last
    script.write_bytes(last[1] + b"# mine\n")
    page.studio.project.look()
    answer = page.post("undo", {"version": page.state["version"]})
    assert (answer.status, answer.json["error"]) == (
        409,
        "talk.en.script.yaml was changed otherwise since; this cannot be undone",
    )
    assert script.read_bytes() == last[1] + b"# mine\n"


def test_a_text_that_is_newer_than_its_script_file_is_told(page, interview, tmp_path):
    script = interview.with_name("talk.en.script.yaml")
    page.edit("text", turn=page.turn("No.")["id"], text="Yes.")
    assert page.state["warnings"] == []
    os.utime(script, (1, 1))
    page.studio.project.look()
    assert page.state["warnings"][0].startswith("talk.en.txt has changed after talk.en.script.yaml was written")
    script.write_text("- a list of mine\n", "utf-8")
    page.studio.project.look()
    assert page.state["warnings"][0].startswith("talk.en.script.yaml exists and is not a script file")
    assert page.turn("No.")
    refused = page.edit("text", turn=page.turn("No.")["id"], text="Yes.").json["error"]
    assert refused.startswith("talk.en.script.yaml exists and is not a script file")
    assert script.read_text("utf-8") == "- a list of mine\n"


def test_an_edit_of_what_has_changed_meanwhile_is_refused(page, interview):
    version = page.state["version"]
    interview.with_name("voices.yaml").write_text("pauses: {turn: 1}\n", "utf-8")
    answer = page.post("edit", {"version": version, "action": "tune", "speaker": "Ada Brook", "rate": 1.2})
    assert answer.status == 409
    assert answer.json["version"] == page.state["version"] != version


def test_what_an_editor_writes_is_seen_and_a_mistake_is_shown_with_its_place(page, interview):
    told = []
    page.studio.events.tell = lambda event, data: told.append((event, data["version"]))
    settings = interview.with_name("voices.yaml")
    settings.write_text("pauses: {turn: 1}\n", "utf-8")
    assert page.studio.project.look()
    good = page.state
    assert good["settings"]["pauses"]["turn"]["value"] == 1
    settings.write_text("pauses:\n  turns: 1\n", "utf-8")
    assert page.studio.project.look()
    broken = page.state
    assert (broken["error"]["file"], broken["error"]["line"], broken["error"]["column"]) == ("voices.yaml", 2, 3)
    assert broken | {"error": None} == good
    assert page.edit("tune", speaker="Ada Brook", rate=1.2).status == 422
    settings.write_text("pauses: {turn: 1}\n", "utf-8")
    assert page.studio.project.look()
    assert page.state["error"] is None
    assert [event for event, _ in told] == ["state"] * 3
    assert not page.studio.project.look()


def test_lines_are_heard_alike_and_made_once(page):
    first, second = page.line("Do you ever"), page.line("I look")
    sounds = [heard(page.get(f"lines/{name}.wav")) for name in (first, second)]
    levels = [20 * np.log10(np.sqrt(np.mean(one[one != 0] ** 2)) / 32768) for one in sounds]
    assert abs(levels[0] - levels[1]) < 2
    assert [page.state["lines"][name]["stored"] for name in (first, second, page.line("No."))] == [True, True, False]
    assert len(heard(page.get(f"lines/{first}.wav"))) == len(sounds[0])
    assert page.get("lines/l0.wav").status == 404
    assert page.get(f"lines/{first}.wav?take=99").status == 400
    plan = page.get("plan").json
    assert (plan["lines"], plan["stored"], plan["to_make"], plan["obstacles"]) == (7, 2, 5, [])
    assert plan["seconds"] >= 0


def test_another_take_is_kept_beside_the_old_one(page, interview):
    name = page.line("I look")
    first = heard(page.get(f"lines/{name}.wav"))
    assert page.post("redo-line", {"line": name}).json == {"take": 2}
    second = heard(page.get(f"lines/{name}.wav?take=2"))
    assert len(second) < len(first)
    assert (page.state["lines"][name]["take"], page.state["lines"][name]["takes"]) == (1, 2)
    page.edit("take", line=name, take=2)
    assert (page.state["lines"][name]["take"], page.state["lines"][name]["stored"]) == (2, True)
    assert len(heard(page.get(f"lines/{name}.wav"))) == len(second)
    assert "  takes: [2]\n" in interview.with_name("talk.en.script.yaml").read_text("utf-8")


def test_a_recording_is_heard_as_it_is(page, interview):
    sound = page.get(f"lines/{page.line('No.')}.wav").body
    interview.with_name("no.wav").write_bytes(sound)
    page.edit("text", turn=page.turn("No.")["id"], text="No, no.")
    script = interview.with_name("talk.en.script.yaml")
    script.write_text(script.read_text("utf-8").replace("    No, no.\n", "    No, no.\n  audio: no.wav\n"), "utf-8")
    page.studio.project.look()
    name, turn = page.line("No, no."), page.turn("No, no.")
    assert turn["recording"] == "no.wav"
    assert len(page.get(f"lines/{name}.wav").body) == len(sound)
    assert page.get(f"lines/{name}/sounds").json["spoken"] == "No, no."
    assert "recording" in page.post("redo-line", {"line": name}).json["error"]
    assert "recording" in page.edit("split", turn=turn["id"], at=3).json["error"]
    assert page.edit("text", turn=turn["id"], text="No and no.").status == 200


def test_voices_and_words_are_tried_out(page):
    own = heard(page.get("sample.wav?speaker=Ada%20Brook&language=en"))
    other = heard(page.get("sample.wav?speaker=Ada%20Brook&language=en&voice=male-2&rate=1.5"))
    assert len(other) < 0.75 * len(own)
    assert len(heard(page.get("sample.wav?speaker=Ada%20Brook&language=zh&voice=male-2")))
    assert page.get("sample.wav?speaker=Ada%20Brook&voice=male-2&rate=nan").status == 400
    assert page.get("sample.wav?speaker=Eve&language=en").json["error"] == "voice: say which one"
    assert page.get("voices?engine=tone").json[0]["name"] == "female-1"
    assert page.get("voices?engine=tuba").status == 422
    word = heard(page.post("say", {"text": "Nguyen", "language": "en"}))
    assert len(word) != len(heard(page.post("say", {"text": "Nguyen", "language": "en", "said": "win win win"})))
    assert page.post("say", {"text": "?!", "language": "en"}).json["error"] == "text: nothing to say"
    sounds = page.get(f"lines/{page.line('Ada Brook has')}/sounds").json
    assert (sounds["spoken"], sounds["voice"], sounds["phonemes"]) == (sounds["written"], "male-1", None)


@pytest.fixture
def run(monkeypatch, capsys):
    """Run `interview-audio` with these words."""

    def run_command(*words):
        monkeypatch.setattr("sys.argv", ["interview-audio", *map(str, words)])
        with pytest.raises(SystemExit) as stop:
            cli.main()
        return replace_code(stop.value.code, capsys.readouterr())

    return run_command


def replace_code(code, output):
    return type("Outcome", (), {"code": code, "out": output.out, "err": output.err})


@pytest.fixture
def told(page, monkeypatch):
    events = []
    monkeypatch.setattr(page.studio.events, "tell", lambda event, data: events.append((event, data)))
    return events


def rendered(page):
    assert page.post("render", {}).status == 200
    page.studio._renders._thread.join()


def test_a_render_makes_what_the_command_makes(page, told, run, monkeypatch, tmp_path):
    monkeypatch.setattr(render, "make_cover", functools.cache(make_cover))
    monkeypatch.setitem(LIMITS, "mp3", replace(LIMITS["mp3"], sample_rate=16000, bitrate=16))
    assert page.get("episode").json is None
    name = page.line("I look")
    page.post("redo-line", {"line": name})
    page.edit("take", line=name, take=2)
    page.edit("tune", speaker="Ada Brook", rate=1.2)
    rendered(page)
    finished = {"task": "render", "path": "out/talk.en.mp3", "error": None, "interrupted": False}
    assert [data for event, data in told if event == "finished"] == [finished]
    assert {data["stage"] for event, data in told if event == "progress"} == {"voices", "sound"}
    episode = page.get("episode").json
    assert (episode["title"], episode["up_to_date"]) == ("The keeper of the light", True)
    command = page.state["command"]
    assert command == "interview-audio render talk.en.script.yaml --engine tone -o out --store clips"
    files = {path.name: path.read_bytes() for path in (tmp_path / "out").iterdir()}
    assert set(files) == {*episode["files"], "talk.en.episode.json"}
    (tmp_path / "out").rename(tmp_path / "ours")
    assert run(*command.split()[1:]).code == 0
    assert {path.name: path.read_bytes() for path in (tmp_path / "out").iterdir()} == files
    sound = page.get("episode/talk.en.mp3", headers=[("range", "bytes=0-9")])
    assert (sound.status, sound.body) == (206, files["talk.en.mp3"][:10])
    rendered(page)
    assert [data for event, data in told if event == "finished"] == [finished] * 2


def test_a_render_that_is_ended_leaves_nothing_half_done(page, told, monkeypatch, tmp_path):
    prepared, may_go_on = threading.Event(), threading.Event()

    def wait(*arguments, **named):
        prepared.set()
        may_go_on.wait()
        return prepare(*arguments, **named)

    monkeypatch.setattr("interview_audio.studio.background.prepare", wait)
    page.post("render", {})
    prepared.wait()
    assert page.state["task"]["task"] == "render"
    assert page.post("render", {}).status == 409
    page.post("render", {"cancel": True})
    may_go_on.set()
    page.studio._renders._thread.join()
    assert told[-1] == ("finished", {"task": "render", "path": None, "error": None, "interrupted": True})
    assert [path for path in (tmp_path / "out").rglob("*") if path.is_file()] == []
    assert page.state["task"] is None


def test_a_render_that_fails_says_why(page, told, tmp_path):
    (tmp_path / "out").write_text("in the way", "utf-8")
    rendered(page)
    assert "out" in told[-1][1]["error"]
    assert (told[-1][1]["path"], told[-1][1]["interrupted"]) == (None, False)


def test_two_pages_hear_of_every_change(page):
    async def listen():
        events = page.studio.events
        events.open()
        streams = [events.stream("first\n\n") for _ in range(2)]
        assert [await anext(stream) for stream in streams] == ["first\n\n"] * 2
        await asyncio.to_thread(page.edit, "tune", speaker="Ada Brook", rate=1.2)
        heard_of = [await anext(stream) for stream in streams]
        events.close()
        return heard_of, [[left async for left in stream] for stream in streams]

    heard_of, left = asyncio.run(listen())
    assert heard_of == [f'event: state\ndata: {{"version": "{page.state["version"]}"}}\n\n'] * 2
    assert left == [[], []]


def test_the_newest_wish_is_granted_first():
    booth, done, gate = Booth(RenderOptions(), SilentListener()), [], threading.Event()
    blocked = [booth.submit(gate.wait) for _ in range(2)]
    while not all(future.running() for future in blocked):
        pass
    wishes = {name: booth.submit(functools.partial(done.append, name)) for name in "abc"}
    assert wishes["b"].cancel()
    gate.set()
    wishes["a"].result(), wishes["c"].result()
    booth.close()
    assert done == ["c", "a"]


def test_a_voice_chosen_here_counts_more_than_the_cast_of_the_series_which_stays(interview, open_page):
    cast = interview.with_name("cast.yaml")
    cast.write_text("speakers: {Ada Brook: {voices: {en: {tone: male-2}}}}\n", "utf-8")
    interview.with_name("voices.yaml").write_text("show: {opening: Hello.}\n", "utf-8")
    page = open_page(interview)
    assert page.state["people"][1]["voices"]["en"]["name"] == "male-2"
    page.edit("voice", speaker="Ada Brook", language="en", engine="tone", voice="female-4")
    assert page.state["people"][1]["voices"]["en"]["name"] == "female-4"
    assert cast.read_text("utf-8") == "speakers: {Ada Brook: {voices: {en: {tone: male-2}}}}\n"


def test_what_an_editor_saves_while_a_change_is_checked_is_not_lost(page, interview, monkeypatch):
    settings = interview.with_name("voices.yaml")
    settings.write_text("pauses: {turn: 1}\n", "utf-8")
    page.studio.project.look()

    def checked(*given, **named):
        settings.write_text("pauses: {turn: 2}   # mine\n", "utf-8")
        return cast_source(*given, **named)

    version = page.state["version"]
    monkeypatch.setattr("interview_audio.studio.project.cast_source", checked)
    answer = page.post("edit", {"version": version, "action": "tune", "speaker": "Ada Brook", "rate": 1.2})
    assert (answer.status, settings.read_text("utf-8")) == (409, "pauses: {turn: 2}   # mine\n")


def test_the_cast_of_a_series_is_watched_and_stays_below_the_settings(page, interview):
    project, cast = page.studio.project, interview.with_name("cast.yaml")
    cast.write_text("speakers: {Ada Brook: {rate: 0.9}}\n", "utf-8")
    assert project.look()
    assert page.state["people"][1]["rate"] == 0.9
    for rate in (1.2, 1.3):
        assert page.edit("tune", speaker="Ada Brook", rate=rate).status == 200
        assert page.state["people"][1]["rate"] == rate
    assert not project.refresh()
    ours = interview.with_name("ours.yaml")
    ours.write_text("speakers: {Ada Brook: {pitch: 1}}\n", "utf-8")
    interview.with_name("voices.yaml").write_text("series: ours.yaml\n", "utf-8")
    assert project.look()
    ours.write_text("speakers: {Ada Brook: {pitch: 2}}\n", "utf-8")
    assert project.look()
    assert page.state["people"][1]["pitch"] == 2
    ours.write_text("show: {title: Lights}\n", "utf-8")
    assert project.look()


def test_new_music_keeps_how_loud_it_is(page, interview):
    settings = interview.with_name("voices.yaml")
    for name in ("a.wav", "b.wav"):
        interview.with_name(name).write_bytes(page.get(f"lines/{page.line('No.')}.wav").body)
    settings.write_text("sound:\n  bed: {file: a.wav, volume: -24}   # soft\n", "utf-8")
    page.studio.project.look()
    assert page.edit("setting", path=["sound", "bed"], value="b.wav").status == 200
    assert settings.read_text("utf-8") == "sound:\n  bed: {file: b.wav, volume: -24}   # soft\n"


def test_who_is_renamed_keeps_a_voice_given_to_another_writing_of_the_name(page, interview):
    page.edit("text", turn=page.turn("No.")["id"], text="Never.")
    interview.with_name("voices.yaml").write_text("speakers: {ada  BROOK: {rate: 1.3}}\n", "utf-8")
    page.studio.project.look()
    assert page.state["people"][1]["rate"] == 1.3
    assert page.edit("person", name="Ada Brook", new_name="Mrs Lamp").status == 200
    assert [(one["name"], one["rate"]) for one in page.state["people"]][1] == ("Mrs Lamp", 1.3)


def test_a_voice_counts_whatever_engine_another_file_says(page, interview):
    interview.with_name("cast.yaml").write_text("speakers: {Ada Brook: {engine: tone, rate: 0.9}}\n", "utf-8")
    page.studio.project.look()
    assert page.edit("voice", speaker="Ada Brook", language="en", engine="kokoro", voice="af_heart").status == 200
    assert page.edit("setting", path=["engine"], value="kokoro").status == 200
    assert page.edit("voice", speaker="Ada Brook", language="en", engine="kokoro", voice="af_bella").status == 200
    assert page.state["people"][1]["voices"]["en"]["name"] == "af_bella"
    answer = page.edit("tune", speaker="Ada Brook", rate=None)
    assert (answer.status, "cast.yaml, line 1; change it there" in answer.json["error"]) == (400, True)
    interview.with_name("cast.yaml").write_text("speakers: {Q: {voices: {en: {tone: male-2}}}}\n", "utf-8")
    page.studio.project.look()
    assert page.edit("voice", speaker="Q", language="en", engine="tone", voice=None).status == 400


def test_a_corrected_turn_keeps_what_somebody_wrote_of_it(page, interview):
    page.edit("text", turn=page.turn("And then")["id"], text="And then I wind the clock, slowly.")
    script = interview.with_name("talk.en.script.yaml")
    text = script.read_text("utf-8")
    at = text.index("confidence: inferred")
    text = f'{text[:at]}label: "7", {text[at:]}'
    text = text.replace("    No.\n", "    No. Never.\n  pause_after: 2\n")
    script.write_text(text.replace("# inferred:", "# not ready: ask Bob\n# inferred:"), "utf-8")
    page.studio.project.look()
    assert page.state["error"] is None
    assert page.edit("speaker", turn=page.turn("And then")["id"], speaker="Q").status == 200
    assert 'label: "7"' in script.read_text("utf-8")
    assert "# not ready: ask Bob" in script.read_text("utf-8")
    assert "# inferred: continues" not in script.read_text("utf-8")
    assert page.edit("split", turn=page.turn("No.")["id"], at=3).status == 200
    assert script.read_text("utf-8").count("pause_after:") == text.count("pause_after:")
    assert page.edit("text", turn=page.turn("The keeper")["id"], text="The [stress]keeper[/stress]").status == 200
    assert page.state["title"] == "The keeper"


def test_who_goes_away_leaves_no_fault(page, monkeypatch):
    async def receive():
        return {"type": "http.disconnect"}

    async def send(_):
        pass

    monkeypatch.setattr(page, "_ask", lambda scope, _: page.app(scope, receive, send))
    page.post("edit", {})


def test_a_fault_of_the_watcher_is_told_and_it_goes_on(page, monkeypatch):
    async def changes(*_, **__):
        yield set()

    def look():
        raise ValueError("a fault")

    async def watched():
        done = asyncio.Event()

        def on_fault(error):
            faults.append(str(error))
            if len(faults) > 1:
                done.set()

        task = asyncio.create_task(watch(page.studio.project, on_fault))
        await done.wait()
        task.cancel()

    faults = []
    monkeypatch.setattr("watchfiles.awatch", changes)
    monkeypatch.setattr(page.studio.project, "look", look)
    asyncio.run(watched())
    assert faults[:2] == ["a fault"] * 2


def test_a_line_of_the_show_has_no_takes(page, interview):
    interview.with_name("voices.yaml").write_text("show: {title: Lights, opening: 'This is {show}.'}\n", "utf-8")
    page.studio.project.look()
    name = page.line("This is Lights")
    for answer in (page.edit("take", line=name, take=2), page.post("redo-line", {"line": name})):
        assert (answer.status, answer.json["error"].startswith("the show says this line")) == (400, True)


def test_a_voice_is_tried_with_the_engine_of_its_speaker(interview, open_page):
    interview.with_name("voices.yaml").write_text("engine: kokoro\nspeakers: {Ada Brook: {engine: tone}}\n", "utf-8")
    page = open_page(interview, replace(OPTIONS, engine=None))
    assert len(heard(page.get("sample.wav?speaker=Ada%20Brook&language=en&voice=male-2")))


def test_what_is_opened_while_the_booth_is_closed_is_ended_too():
    class Pool:
        def __exit__(self, *_):
            ended.append(self)

    booth, ended = Booth(RenderOptions(), SilentListener()), []
    pool: Any = Pool()
    closing = threading.Thread(target=booth.close)
    with booth._opening:
        closing.start()
        closing.join(0.05)
        booth._pools["tone"] = pool
    closing.join()
    assert ended == [pool]


def test_turns_that_differ_in_their_marks_have_ids_of_their_own(page):
    page.edit("text", turn=page.turn("Do you ever")["id"], text="[slow]No.[/slow]")
    marked = page.turn("[slow]")["id"]
    plain = page.turn("No.")["id"]
    assert marked.partition("-")[0] != plain.partition("-")[0]
    page.edit("text", turn=marked, text="Do you?")
    assert page.turn("No.")["id"] == plain
