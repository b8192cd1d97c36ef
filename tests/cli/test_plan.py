"""``plan``: what a render would do, why and for how much, without doing it."""

import json
import subprocess
import sys

import pytest

from interview_audio.engines.registry import BUILT_IN_ENGINES
from interview_audio.engines.tone import ToneEngine
from interview_audio.synthesis.throughput import Speed, remember_speeds

TONE = ("--engine", "tone", "--store", "clips", "-o", "out")
OTHER_VOICE = "speakers: {host: {voices: {en: {tone: male-4}}}}\n"


def planned(run, *words):
    outcome = run("plan", *words, *TONE, "--json")
    assert (outcome.code, outcome.err) == (0, "")
    return json.loads(outcome.out)


def test_before_the_first_render(run, interview, tmp_path):
    outcome = run("plan", interview, *TONE)
    assert (outcome.code, outcome.err) == (0, "")
    assert outcome.out.splitlines() == [
        "The keeper of the light",
        "out/talk.en.mp3: roughly 0:23, roughly 0.3 MB, 1 chapter",
        "",
        "To be written into out",
        "  talk.en.chapters.json, talk.en.psc.xml, talk.en.vtt, talk.en.srt, talk.en.transcript.json, talk.en.md, "
        "talk.en.html, talk.en.cover.jpg, talk.en.episode.json, talk.en.mp3",
        "",
        "Lines",
        "  in the store  0    0.0 %",
        "  to be spoken  7  100.0 %",
        "  all           7  100.0 %",
        "",
        "To be spoken, and why",
        "  7  new text: lines 1, 3, 5, 7, 9, 11, 13",
        "",
        "What it takes",
        "  speech    roughly 0:18, 7 clips",
        "  time      unknown: tone has not been measured on this machine yet; the first render does that",
        "  requests  none: tone works on this machine",
    ]
    assert [path.name for path in tmp_path.iterdir()] == ["talk.en.txt"]


def test_a_current_episode(run, rendered):
    lines = run("plan", rendered, *TONE).out.splitlines()
    assert lines[0] == "The keeper of the light"
    assert lines[2:] == ["", "Nothing to do; the episode is up to date."]


def test_the_length_of_stored_clips_is_exact(run, rendered, tmp_path):
    episode = json.loads((tmp_path / "out" / "talk.en.episode.json").read_text("utf-8"))
    document = planned(run, rendered)
    assert (document["current"], document["basis"], document["duration"]) == (True, "exact", episode["duration"])
    assert document["bytes"] == pytest.approx(episode["files"][-1]["bytes"], rel=0.05)


def test_another_voice_says_whose_and_which(run, rendered, tmp_path):
    (tmp_path / "voices.yaml").write_text(OTHER_VOICE, "utf-8")
    out = run("plan", rendered, *TONE).out
    assert "  2  voice of Q changed from female-1 to male-4: lines 5, 11\n" in out
    assert "  in the store  5   71.4 %\n" in out
    document = planned(run, rendered)
    assert document["lines"] == {"all": 7, "stored": 5, "make": 2}
    assert document["reasons"] == [
        {
            "changes": [{"what": "voice", "subject": "Q", "before": "female-1", "after": "male-4"}],
            "lines": [
                {
                    "turn": 3,
                    "line": 5,
                    "speaker": "Q",
                    "take": 1,
                    "text": "Ada, what is the first thing you do in the morning?",
                },
                {"turn": 6, "line": 11, "speaker": "Q", "take": 1, "text": "Do you ever sleep?"},
            ],
        }
    ]
    assert (document["clips"], document["requests"], document["basis"], document["jobs"]) == (2, 0, "measured", 1)
    assert document["work_seconds"] is None or document["work_seconds"] >= 0


def test_another_pause_needs_no_speech(run, rendered, tmp_path):
    (tmp_path / "voices.yaml").write_text("pauses: {paragraph: 2}\n", "utf-8")
    out = run("plan", rendered, *TONE).out
    assert out.splitlines()[-1] == "Nothing to speak; the episode is assembled again from stored clips."


def test_a_pronunciation_a_redo_and_a_lost_clip(run, rendered, tmp_path):
    settings = "pronunciations: {en: {coffee: coffy}}\nrules: [{match: Do you, say: D'you}]\n"
    (tmp_path / "voices.yaml").write_text(settings, "utf-8")
    episode = json.loads((tmp_path / "out" / "talk.en.episode.json").read_text("utf-8"))
    assert len(episode["lines"]) == 7
    out = run("plan", rendered, *TONE, "--redo", "line:13").out
    assert "  1  pronunciation of coffee changed from none to coffy: line 7\n" in out
    assert "  1  what a rule says for Do you changed from Do you to D'you: line 11\n" in out
    assert "  1  take 2 instead of 1: line 13\n" in out
    for clip in (tmp_path / "clips").rglob("*.flac"):
        clip.unlink()
    assert "no longer in the store: line" in run("plan", rendered, *TONE).out


def test_plan_is_what_render_does(run, rendered, tmp_path):
    (tmp_path / "voices.yaml").write_text(OTHER_VOICE, "utf-8")
    document = planned(run, rendered)
    err = run("render", rendered, *TONE).err
    assert f"7 lines, {document['clips']} to speak" in err


def test_nothing_that_speaks_is_loaded(interview):
    probe = (
        "import sys; sys.argv = ['interview-audio', *sys.argv[1:]]\n"
        "from interview_audio import cli\n"
        "try: cli.main()\n"
        "except SystemExit as stop: assert not stop.code\n"
        "heavy = {'onnxruntime', 'onnx', 'jieba', 'pypinyin', 'phonemizer', 'aiohttp', 'pydub', 'PIL', 'rich'}\n"
        "print(sorted(heavy & set(sys.modules)))"
    )
    words = [sys.executable, "-c", probe, "plan", str(interview), "--store", "clips"]
    result = subprocess.run(words, check=True, capture_output=True, text=True)
    assert result.stdout.splitlines()[-1] == "[]"


def test_a_mistake_is_one_line(run, tmp_path):
    (tmp_path / "empty.txt").write_text("", "utf-8")
    outcome = run("plan", "empty.txt", *TONE)
    assert (outcome.code, outcome.err.count("\n")) == (1, 1)
    assert run("plan", "nowhere.txt").code == 2


LONG = "zf_xiaoxiao*0.25 + zf_xiaobei*0.25 + zf_xiaoni*0.25 + af_bella*0.25"
REASON = f"  2  voice of Q changed from female-1 to {LONG}: lines 5, 11"


def test_nothing_is_cut_in_a_pipe(run, rendered, tmp_path, monkeypatch):
    monkeypatch.setenv("COLUMNS", "40")
    (tmp_path / "voices.yaml").write_text(OTHER_VOICE.replace("male-4", f"'{LONG}'"), "utf-8")
    assert REASON in run("plan", rendered, *TONE).out.splitlines()


def test_a_terminal_shows_all_in_lines_that_fit(run, rendered, tmp_path, monkeypatch):
    monkeypatch.setenv("COLUMNS", "40")
    monkeypatch.setattr("interview_audio.cli.commands.plan.terminal_width", lambda: 40)
    (tmp_path / "voices.yaml").write_text(OTHER_VOICE.replace("male-4", f"'{LONG}'"), "utf-8")
    lines = run("plan", rendered, *TONE).out.splitlines()
    assert max(map(len, lines)) <= 40
    first = lines.index("  2  voice of Q changed from female-1 to")
    assert "".join([lines[first], *(f" {line.strip()}" for line in lines[first + 1 : first + 4])]) == REASON


class PreparingTones(ToneEngine):
    """Tones that something may be made for first."""

    preparation_seconds = 30.0

    def worth_preparing(self, utterances):
        return len(utterances) > 2

    def preparation_state(self):
        return ""

    def prepare(self, on_step, *, again=False):
        return "made"


def test_the_time_holds_loading_and_what_is_prepared(run, interview, tmp_path, monkeypatch):
    monkeypatch.setitem(BUILT_IN_ENGINES, "tone", f"{__name__}:PreparingTones")
    measured = Speed(1000.0, 100.0, work=20.0, spoken=10.0, loads=2.0, loading=8.0)
    remember_speeds(tmp_path / "none", {("tone", "en"): measured})
    words = (interview, "--engine", "tone", "-o", "new", "--store", "none")
    document = json.loads(run("plan", *words, "--json").out)
    work = document["speech_seconds"] * 2 + 30 + 4
    assert (document["work_seconds"], document["preparation_seconds"]) == (pytest.approx(work, abs=0.2), 30)
    assert "\n            tone is first prepared for this machine, once: about 30 s of one worker\n" in (
        run("plan", *words).out
    )
