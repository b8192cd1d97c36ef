"""`interview-audio render`: what it leaves behind, what it does not do twice, and how it fails."""

import json
import os
import signal
import subprocess
import sys
import time

import av
import numpy as np
import pytest
from PIL import Image

from interview_audio.synthesis.clip_file import write_clip
from interview_audio.synthesis.clips import measure
from interview_audio.text.units import counted

TONE = ("--engine", "tone", "--store", "clips")
SUFFIXES = (
    "chapters.json",
    "cover.jpg",
    "episode.json",
    "html",
    "md",
    "mp3",
    "psc.xml",
    "srt",
    "transcript.json",
    "vtt",
)
FILES = [f"talk.en.{suffix}" for suffix in SUFFIXES]

pytestmark = pytest.mark.usefixtures("small_episodes")


SCRIPT = b'{"schema": 1, "language": "en", "turns": [{"speaker": "A", "text": "Hi there."}], %s}'
VOICES = b'"speakers": [{"name": "A", "voices": {"en": %s}}]'


def files_in(folder):
    return sorted(path.name for path in folder.iterdir())


def clips_of(tmp_path):
    return {path: path.stat().st_mtime_ns for path in (tmp_path / "clips").rglob("*.flac")}


def test_an_episode_and_its_companions(run, interview, tmp_path):
    outcome = run("render", interview, "-o", "out", *TONE)
    assert outcome.code == 0
    assert files_in(tmp_path / "out") == FILES
    with av.open(str(tmp_path / "out" / "talk.en.mp3")) as episode:
        assert episode.metadata["title"] == "The keeper of the light"
        assert episode.metadata["artist"] == "Ada Brook"
    assert "talk.en.mp3" in outcome.out
    assert "Ada Brook (guest): en tone:" in outcome.err
    assert "Ada Brook" not in outcome.out
    assert "not read: boilerplate (line 15); `check` says why\n" in outcome.out


def test_whoever_is_not_named_is_host_or_guest_to_listeners_and_the_label_to_users(run, tmp_path):
    source = tmp_path / "rain.txt"
    source.write_text("下雨\n\n问：下雨了吗？\n\n答：下了，我都湿了。\n\n问：还在下？\n\n答：还在下。\n", "utf-8")
    (tmp_path / "voices.yaml").write_text("speakers: {嘉宾: {rate: 1.2}}\n", "utf-8")
    outcome = run("render", source, "-o", "out", *TONE)
    assert "  答 (guest): zh tone:" in outcome.err
    assert "Warning" not in outcome.err
    texts = {suffix: (tmp_path / "out" / f"rain{suffix}").read_text("utf-8") for suffix in (".srt", ".vtt", ".md")}
    assert "\n嘉宾: 还在下。\n" in texts[".srt"]
    assert texts[".vtt"].count("<v 采访者>") == texts[".vtt"].count("<v 嘉宾>") == 2
    assert "嘉宾" not in texts[".md"]
    with av.open(str(tmp_path / "out" / "rain.mp3")) as episode:
        assert episode.metadata["artist"] == "采访者, 嘉宾"
    assert json.loads((tmp_path / "out" / "rain.episode.json").read_bytes())["cast"][1]["speaker"] == "答"


def test_what_settings_have_listeners_read_is_in_all_files_and_changes_no_sound(run, rendered, tmp_path):
    def made():
        files = {path.name: path.read_bytes() for path in (tmp_path / "out").iterdir()}
        record, sound = json.loads(files["talk.en.episode.json"]), files["talk.en.mp3"]
        return files, record, sound[10 + _syncsafe(int.from_bytes(sound[6:10])) :]

    _, before, sound = made()
    settings = (
        "speakers: {host: {display: Nora Vale}, Ada Brook: {display: Dr. Ada Brook}, narrator: {display: Mara}}\n"
    )
    (tmp_path / "voices.yaml").write_text(f"{settings}chapters: {{by: speaker, min_seconds: 0}}\n", "utf-8")
    outcome = run("render", rendered, "-o", "out", *TONE)
    assert ", 0 to speak" in outcome.err
    assert "Q (host)" in outcome.err
    files, after, sound_after = made()
    assert sound_after == sound
    assert [line["text"] for line in after["lines"]] == [line["text"] for line in before["lines"]]
    assert [one["speaker"] for one in after["cast"]] == ["Q", "Ada Brook", "narrator"]
    assert [one["shown"] for one in after["cast"]] == ["Nora Vale", "Dr. Ada Brook", "Mara"]
    assert [one.get("shown") for one in before["cast"]] == ["Interviewer", "Ada Brook", None]
    texts = {suffix: files[f"talk.en.{suffix}"].decode() for suffix in ("srt", "vtt", "transcript.json", "md")}
    assert all(name in texts[one] for one in ("srt", "vtt", "transcript.json") for name in ("Nora Vale", "Mara"))
    assert "Host: Nora Vale  \nGuest: Dr. Ada Brook\n" in texts["md"]
    assert "Nora Vale: Do you ever sleep?" in texts["md"]
    assert b"Nora Vale, Dr. Ada Brook" in files["talk.en.mp3"]
    assert run("verify", "out/talk.en.mp3").code == 0


def _syncsafe(size):
    return sum((size >> (8 * place) & 0x7F) << (7 * place) for place in range(4))


def test_lyrics_are_beside_the_sound_and_in_it_where_settings_ask(run, rendered, tmp_path):
    before = (tmp_path / "out" / "talk.en.vtt").read_bytes()
    (tmp_path / "voices.yaml").write_text("captions: {lyrics: true}\n", "utf-8")
    assert "talk.en.lrc" in run("plan", rendered, "-o", "out", *TONE).out
    assert ", 0 to speak" in run("render", rendered, "-o", "out", *TONE).err
    lyrics = (tmp_path / "out" / "talk.en.lrc").read_text("utf-8")
    assert lyrics.startswith("[ti:The keeper of the light]\n[ar:Ada Brook]\n[length:00:")
    assert "]Interviewer: Do you ever sleep?\n" in lyrics
    with av.open(str(tmp_path / "out" / "talk.en.mp3")) as episode:
        assert "\n\nInterviewer: Do you ever sleep?\n\nAda Brook: No." in episode.metadata["lyrics-eng"]
    assert run("verify", "out/talk.en.mp3").code == 0
    assert (tmp_path / "out" / "talk.en.vtt").read_bytes() == before
    (tmp_path / "voices.yaml").unlink()
    assert run("render", rendered, "-o", "out", *TONE).code == 0
    assert b"USLT" not in (tmp_path / "out" / "talk.en.mp3").read_bytes()


ILLUSTRATED = """Salt

Q: What is salt good for?

![sea](img/sea.png)

Ida Holm: For [bread](https://bread.example/ä), of course.

Q: And what else is it good for?

![gone](gone.jpg)

Ida Holm: For soup, too.
"""


def test_chapters_show_images_and_links_of_the_text_where_settings_ask(run, tmp_path):
    source = tmp_path / "salt.md"
    source.write_text(ILLUSTRATED, "utf-8")
    (tmp_path / "img").mkdir()
    Image.new("RGB", (900, 600), "teal").save(tmp_path / "img" / "sea.png")
    assert run("render", source, "-o", "out", *TONE).code == 0
    plain = (tmp_path / "out" / "salt.mp3").read_bytes()
    assert plain.count(b"APIC") == 1
    assert not list((tmp_path / "out").glob("*image*"))
    (tmp_path / "voices.yaml").write_text("chapters: {images: true, links: true, min_seconds: 1}\n", "utf-8")
    outcome = run("render", source, "-o", "out", *TONE)
    assert ", 0 to speak" in outcome.err
    gone = (
        "salt.md: line 11: gone.jpg cannot be the image of a chapter: there is no such file; put it there, or correct"
    )
    assert outcome.err.count(gone) == 1
    chapters = json.loads((tmp_path / "out" / "salt.chapters.json").read_bytes())["chapters"]
    assert [(one.get("img"), one.get("url")) for one in chapters] == [
        (None, None),
        ("salt.image-1.jpg", "https://bread.example/%C3%A4"),
        (None, None),
    ]
    assert size_of(tmp_path / "out" / "salt.image-1.jpg") == (800, 533)
    assert (tmp_path / "out" / "salt.mp3").read_bytes().count(b"APIC") == 2
    record = json.loads((tmp_path / "out" / "salt.episode.json").read_bytes())
    assert "salt.image-1.jpg" in [file["name"] for file in record["files"]]
    assert run("verify", "out/salt.mp3").code == 0
    assert "(unchanged)" in run("render", source, "-o", "out", *TONE).out
    Image.new("RGB", (600, 600), "red").save(tmp_path / "gone.jpg")
    assert "cannot be the image" not in run("render", source, "-o", "out", *TONE).err
    assert size_of(tmp_path / "out" / "salt.image-2.jpg") == (600, 600)
    (tmp_path / "voices.yaml").unlink()
    assert run("render", source, "-o", "out", *TONE).code == 0
    assert (tmp_path / "out" / "salt.mp3").read_bytes() == plain


def size_of(path):
    with Image.open(path) as picture:
        return picture.size


def test_an_image_of_the_text_is_never_overwritten(run, tmp_path):
    source = tmp_path / "salt.txt"
    source.write_text(ILLUSTRATED.replace("img/sea.png", "salt.image-1.jpg"), "utf-8")
    Image.new("RGB", (900, 600), "teal").save(tmp_path / "salt.image-1.jpg")
    before = (tmp_path / "salt.image-1.jpg").read_bytes()
    (tmp_path / "voices.yaml").write_text("chapters: {images: true}\n", "utf-8")
    outcome = run("render", source, "-o", tmp_path, *TONE)
    assert (outcome.code, outcome.err.count("an image of the text")) == (1, 1)
    assert not (tmp_path / "clips").exists()
    assert (tmp_path / "salt.image-1.jpg").read_bytes() == before


def test_a_role_s_name_for_listeners_is_not_that_of_somebody_whom_the_text_names(run, tmp_path):
    source = tmp_path / "rain.txt"
    source.write_text("Rain\n\nNora Vale: Is it raining?\n\nIda Holm: It is.\n\nNora Vale: Still?\n", "utf-8")
    (tmp_path / "voices.yaml").write_text("speakers: {host: {display: Tomas Reyes}}\n", "utf-8")
    assert run("render", source, "-o", "out", *TONE).code == 0
    assert "Nora Vale: Still?" in (tmp_path / "out" / "rain.srt").read_text("utf-8")


@pytest.mark.parametrize("form", ["m4b", "m4a", "opus", "flac"])
def test_another_format_by_option_or_settings(run, interview, tmp_path, form):
    assert f"talk.en.{form}  " in run("render", interview, "-o", "out", *TONE, "--format", form).out
    with av.open(str(tmp_path / "out" / f"talk.en.{form}")) as episode:
        assert len(episode.chapters()) or form == "flac"
    assert "(unchanged)" in run("render", interview, "-o", "out", *TONE, "--format", form).out
    assert "(done)" in run("render", interview, "-o", "out", *TONE).out
    (tmp_path / "voices.yaml").write_text(f"sound: {{format: {form}}}", "utf-8")
    assert f"talk.en.{form}  " in run("render", interview, "-o", "out", *TONE).out


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ("sound: {intro: missing.mp3}", "voices.yaml:1:16: "),
        ("sound: {bed: talk.en.txt}", "voices.yaml:1:14: "),
        ("show: {cover: talk.en.txt}", "talk.en.txt"),
    ],
)
def test_music_and_cover_are_checked_before_anything_is_spoken(run, interview, tmp_path, settings, message):
    (tmp_path / "voices.yaml").write_text(settings, "utf-8")
    outcome = run("render", interview, "-o", "out", *TONE)
    assert (outcome.code, outcome.err.count("\n")) == (1, 1)
    assert message in outcome.err
    assert not (tmp_path / "clips").exists()


def test_changed_music_makes_a_new_episode_and_no_new_clip(run, interview, tmp_path):
    (tmp_path / "voices.yaml").write_text("sound: {intro: theme.flac}", "utf-8")
    for pitch in (20, 30):
        write_music(tmp_path / "theme.flac", pitch)
        outcome = run("render", interview, "-o", "out", *TONE)
        assert "(done)" in outcome.out
        assert "(unchanged)" in run("render", interview, "-o", "out", *TONE).out
    assert ", 0 to speak" in outcome.err


def write_music(path, pitch):
    samples = (np.sin(np.arange(5 * 24000) / pitch) * 9000).astype(np.int16)
    write_clip(path, samples, 24000, (), measure(samples, 24000))


def test_the_cast_is_shown_before_the_work_starts(run, interview):
    err = run("render", interview, *TONE).err
    assert err.index("Ada Brook (guest)") < err.index("Speaking")
    assert "female" in err


def test_nothing_is_made_twice(run, rendered, tmp_path):
    before = {path: path.stat().st_mtime_ns for path in (tmp_path / "out").iterdir()}
    outcome = run("render", rendered, "-o", "out", *TONE)
    assert "(unchanged)" in outcome.out
    assert before == {path: path.stat().st_mtime_ns for path in (tmp_path / "out").iterdir()}


def test_another_pause_makes_another_episode_of_the_same_clips(run, rendered, tmp_path):
    before, first = clips_of(tmp_path), (tmp_path / "out" / "talk.en.mp3").read_bytes()
    (tmp_path / "voices.yaml").write_text("pauses: {paragraph: 2}\n", "utf-8")
    outcome = run("render", rendered, "-o", "out", *TONE)
    assert "0 to speak" in outcome.err
    assert clips_of(tmp_path) == before
    assert (tmp_path / "out" / "talk.en.mp3").read_bytes() != first


def test_another_voice_makes_only_the_lines_of_that_speaker(run, rendered, tmp_path):
    (tmp_path / "voices.yaml").write_text("speakers: {host: {voices: {en: {tone: male-4}}}}\n", "utf-8")
    outcome = run("render", rendered, "-o", "out", *TONE)
    assert ", 2 to speak" in outcome.err


def test_a_missing_companion_is_made_again(run, rendered, tmp_path):
    (tmp_path / "out" / "talk.en.vtt").unlink()
    assert "(done)" in run("render", rendered, "-o", "out", *TONE).out
    assert files_in(tmp_path / "out") == FILES


def test_a_damaged_clip_is_made_again_with_a_warning(run, rendered, tmp_path):
    damaged = min(clips_of(tmp_path))
    damaged.write_bytes(damaged.read_bytes()[:40])
    outcome = run("render", rendered, "-o", "other", *TONE)
    assert outcome.code == 0
    assert "Warning: line" in outcome.err
    assert ", 1 to speak" in outcome.err


def test_a_clip_whose_sound_is_damaged_is_made_again_with_a_warning(run, rendered, tmp_path):
    whole = (tmp_path / "out" / "talk.en.mp3").read_bytes()
    damaged = min(clips_of(tmp_path))
    content = bytearray(damaged.read_bytes())
    content[-40] ^= 0xFF
    damaged.write_bytes(content)
    outcome = run("render", rendered, "-o", "other", *TONE)
    assert (outcome.code, outcome.err.count("Warning: ")) == (0, 1)
    assert (tmp_path / "other" / "talk.en.mp3").read_bytes() == whole


def test_a_text_without_a_title_is_called_by_its_file(run, tmp_path):
    source = tmp_path / "harbour.txt"
    source.write_text("Q: Is the harbour open?\nAda: It is.\nQ: Always?\nAda: Always.\n", "utf-8")
    run("render", source, "-o", "out", *TONE)
    with av.open(str(tmp_path / "out" / "harbour.mp3")) as episode:
        assert episode.metadata["title"] == "harbour"


def test_the_same_input_gives_the_same_bytes(run, interview, tmp_path):
    run("render", interview, "-o", "a", *TONE)
    run("render", interview, "-o", "b", "--engine", "tone", "--store", "other")
    assert (tmp_path / "a" / "talk.en.mp3").read_bytes() == (tmp_path / "b" / "talk.en.mp3").read_bytes()


def test_a_script_file_renders_to_the_same_episode(run, interview, tmp_path):
    run("render", interview, "-o", "a", *TONE)
    for form in ("yaml", "json"):
        name = f"talk.en.script.{form}"
        assert run("script", interview, "--engine", "tone", "--format", form, "-o", name).code == 0
        assert run("render", name, "-o", form, *TONE).code == 0
        assert (tmp_path / form / "talk.en.mp3").read_bytes() == (tmp_path / "a" / "talk.en.mp3").read_bytes()


def test_an_edited_script_is_spoken_as_edited(run, interview, tmp_path):
    run("script", interview, "--engine", "tone", "-o", "s.yaml")
    edited = (tmp_path / "s.yaml").read_text("utf-8").replace("Do you ever sleep?", "Do you ever dream of fish?")
    (tmp_path / "s.yaml").write_text(edited, "utf-8")
    run("render", "s.yaml", "-o", "out", *TONE)
    assert "fish" in (tmp_path / "out" / "s.vtt").read_text("utf-8")


def test_several_sources(run, interview, tmp_path):
    other = tmp_path / "灯塔.txt"
    other.write_text("灯塔\n问：你好吗？\n林海：很好。\n问：真的？\n林海：真的。\n", "utf-8")
    assert run("render", interview, other, "-o", "out", *TONE).code == 0
    assert {"talk.en.mp3", "deng-ta.mp3"} <= set(files_in(tmp_path / "out"))


@pytest.mark.parametrize(
    ("name", "content", "words", "code", "message"),
    [
        ("empty.txt", b"", (), 1, "empty.txt: "),
        ("space.txt", b" \n\n", (), 1, "space.txt: "),
        ("binary.txt", bytes(range(256)) * 20, (), 1, "binary.txt:"),
        ("slogan.txt", b"Follow us on WeChat!\n", (), 1, "slogan.txt: "),
        ("talk.txt", None, ("--engine", "tune"), 1, "there is no engine 'tune'; did you mean 'tone'?"),
        ("talk.txt", None, ("--language", "xx"), 2, "--language"),
        ("talk.txt", None, ("--voices", "nowhere.yaml"), 2, "nowhere.yaml"),
        ("talk.txt", None, ("--jobs", "0"), 2, "--jobs"),
        ("script.json", b'{"turns": ', (), 1, "script.json:1: not a script file"),
        ("script.yaml", b"a: 1", (), 1, "script.yaml: not a script file"),
        ("script.yaml", b"turns:\n- a: b: c", (), 1, "script.yaml:2:7: this line has a second colon"),
        ("script.json", SCRIPT % b'"speakers": null', (), 1, "script.json: speakers: expected a list"),
        ("script.json", SCRIPT % b'"speakers": [{"role": "host"}]', (), 1, "speakers[0].name: missing"),
        ("script.json", SCRIPT % VOICES % b"5", (), 1, "speakers[0].voices.en: expected engine:voice"),
        ("script.json", SCRIPT % VOICES % b'"af_heart"', (), 1, "expected engine:voice, such as kokoro:af_heart"),
        ("script.json", SCRIPT % VOICES % b'"kokoro:af_hart"', (), 1, "did you mean 'af_heart'?"),
        ("script.json", SCRIPT % b'"cast": ["a"]', (), 1, "cast: expected names"),
        ("script.json", SCRIPT % b'"title": "\\ud83d"', (), 1, "script.json: not a script file"),
        ("script.json", SCRIPT % b'"title": "T"', ("--language", "en"), 2, "--language does not apply to"),
    ],
)
def test_bad_input_is_one_line_and_leaves_nothing(run, tmp_path, interview, name, content, words, code, message):
    source = tmp_path / name
    source.write_bytes(interview.read_bytes() if content is None else content)
    outcome = run("render", source, "-o", "out", "--store", "clips", *words)
    assert outcome.code == code
    assert outcome.err.startswith("Error: ")
    assert outcome.err.count("\n") == 1
    assert message in outcome.err
    assert not (tmp_path / "out").exists()
    assert not (tmp_path / "clips").exists()


def test_a_script_file_keeps_its_engine_and_the_rates_of_the_settings(run, interview, tmp_path):
    (tmp_path / "voices.yaml").write_text("speakers: {host: {rate: 1.5}}\n", "utf-8")
    run("script", interview, "--engine", "tone", "-o", "talk.script.yaml")
    run("render", "talk.script.yaml", "-o", "out", "--store", "clips")
    episode = json.loads((tmp_path / "out" / "talk.episode.json").read_text("utf-8"))
    assert episode["cast"][0]["voices"]["en"]["voice"].startswith("tone:")
    assert [member["voices"]["en"]["rate"] for member in episode["cast"]] == [1.5, 1.0, 1.0]
    assert episode["cast"][0]["reason"] == "script file"


def test_an_inserted_speaker_takes_nobodys_voice(run, tmp_path):
    source = tmp_path / "talk.txt"
    source.write_text("Talk\nQ: Hello there?\nAda: Fine thanks.\nQ: So?\nAda: So.\n", "utf-8")
    run("render", source, "-o", "out", *TONE)
    inserted = source.read_text("utf-8").replace("Ada: Fine", "Mary: I am well.\nQ: And you?\nAda: Fine")
    source.write_text(inserted, "utf-8")
    run("render", source, "-o", "out", *TONE)
    cast = json.loads((tmp_path / "out" / "talk.episode.json").read_text("utf-8"))["cast"]
    voices = {member["speaker"]: member["voices"]["en"]["voice"] for member in cast}
    assert len(set(voices.values())) == len(voices)
    assert {member["speaker"]: member["reason"] for member in cast}["Ada"] == "as in the last render"


@pytest.mark.parametrize(
    "content",
    [
        "{}",
        '{"cast": [{}]}',
        '{"schema": 1, "cast": null}',
        '{"schema": 1, "cast": [1]}',
        '{"schema": 1, "cast": [{}]}',
    ],
)
def test_a_file_that_is_called_like_a_record_and_is_not_one_is_left_alone(run, interview, tmp_path, content):
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "talk.en.episode.json").write_text(content, "utf-8")
    outcome = run("render", interview, "-o", "out", *TONE)
    assert outcome.code == 1
    assert outcome.err.startswith("Error: out/talk.en.episode.json exists and was not made from this source; ")
    assert (tmp_path / "out" / "talk.en.episode.json").read_text("utf-8") == content


def test_a_line_of_marks_does_not_stop_a_render(run, tmp_path):
    source = tmp_path / "talk.txt"
    source.write_text("T\nQ: Ready?\nAda: Well " + "-" * 1500 + " yes.\nQ: So?\nAda: ……\n", "utf-8")
    outcome = run("render", source, "-o", "out", *TONE)
    assert outcome.code == 0
    assert "not read: speech, no words to speak (line 5)" in outcome.out


def lengthen(interview):
    """So that producing takes seconds, and not long enough for excerpts to be tried first."""
    interview.write_text(interview.read_text("utf-8").replace("No.", "Never, " * 450 + "no."), "utf-8")


@pytest.mark.skipif(os.name == "nt", reason="signals are POSIX")
def test_being_told_to_end_leaves_no_part_either(interview, tmp_path):
    lengthen(interview)
    words = command("render", interview, "-o", "out", *TONE)
    process = subprocess.Popen(words, stderr=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    while "Producing" not in (line := process.stderr.readline()):
        assert line, "ended before it was told to"
    process.terminate()
    _, errors = process.communicate(timeout=60)
    assert process.returncode == 143
    assert "Traceback" not in errors
    assert files_in(tmp_path / "out") == []


def test_a_missing_source_is_wrong_usage(run):
    outcome = run("render", "nowhere.txt")
    assert (outcome.code, outcome.err.count("\n")) == (2, 1)
    assert "nowhere.txt" in outcome.err
    assert run("render").code == 2


def test_a_mistake_in_voices_yaml_is_named_by_place(run, interview, tmp_path):
    (tmp_path / "voices.yaml").write_text("speakers:\n  host:\n    voices: {en: {kokoro: af_hart}}\n", "utf-8")
    outcome = run("render", interview)
    assert outcome.code == 1
    assert (
        outcome.err == f"Error: {tmp_path}/voices.yaml:3:27: kokoro has no voice 'af_hart'; did you mean 'af_heart'?\n"
    )


def test_two_sources_with_one_stem(run, interview, tmp_path):
    twin = tmp_path / "more" / "talk.en.md"
    twin.parent.mkdir()
    twin.write_bytes(interview.read_bytes())
    outcome = run("render", interview, twin, *TONE)
    assert outcome.code == 2
    assert "would both write talk.en.*" in outcome.err


def test_an_output_folder_that_cannot_be_written(run, interview, tmp_path):
    (tmp_path / "out").write_text("a file", "utf-8")
    outcome = run("render", interview, "-o", "out/deep", *TONE)
    assert outcome.code == 1
    assert outcome.err.splitlines()[-1].startswith("Error: cannot write to out")


def command(*words):
    return [sys.executable, "-m", "interview_audio", *map(str, words)]


@pytest.mark.slow
@pytest.mark.skipif(os.name == "nt", reason="resource limits are POSIX")
def test_a_full_disk_leaves_the_last_episode_and_no_part(interview, tmp_path):
    subprocess.run(command("render", interview, "-o", "out", *TONE), check=True, capture_output=True)
    before = {path.name: path.read_bytes() for path in (tmp_path / "out").iterdir()}
    interview.write_text(interview.read_text("utf-8").replace("No.", "Never, " * 200 + "no."), "utf-8")
    limit = ["bash", "-c", 'trap "" XFSZ; ulimit -f 400; exec "$0" "$@"']
    limited = [*limit, *command("render", interview, "-o", "out", *TONE)]
    result = subprocess.run(limited, capture_output=True, text=True, check=False)
    assert result.returncode == 1
    assert result.stderr.splitlines()[-1].startswith("Error: ")
    assert {path.name: path.read_bytes() for path in (tmp_path / "out").iterdir()} == before


@pytest.mark.skipif(os.name == "nt", reason="signals are POSIX")
def test_ctrl_c_exits_130_and_leaves_no_part(interview, tmp_path):
    lengthen(interview)
    process = subprocess.Popen(
        command("render", interview, "-o", "out", *TONE), stderr=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    while "Producing" not in (line := process.stderr.readline()):
        assert line, "ended before it was interrupted"
    process.send_signal(signal.SIGINT)
    _, errors = process.communicate(timeout=60)
    assert process.returncode == 130
    assert errors.strip().splitlines()[-1].startswith("Interrupted")
    assert "Traceback" not in errors
    assert files_in(tmp_path / "out") == []


def test_an_unchanged_episode_is_recognised_without_anything_heavy(interview, tmp_path):
    render = ("render", str(interview), "-o", "out", *TONE)
    subprocess.run(command(*render), check=True, capture_output=True)
    probe = (
        "import sys; sys.argv = ['interview-audio', *sys.argv[1:]]\n"
        "from interview_audio import cli\n"
        "try: cli.main()\n"
        "except SystemExit as stop: assert not stop.code\n"
        "print(sorted({'av', 'yaml', 'numpy', 'rich', 'pydub', 'onnxruntime', 'edge_tts'} & set(sys.modules)))"
    )
    result = subprocess.run([sys.executable, "-c", probe, *render], check=True, capture_output=True, text=True)
    assert "(unchanged)" in result.stdout
    assert result.stdout.splitlines()[-1] == "[]"


def test_the_episode_json_tells_how_it_was_made(run, rendered, tmp_path):
    episode = json.loads((tmp_path / "out" / "talk.en.episode.json").read_text("utf-8"))
    assert [member["speaker"] for member in episode["cast"]] == ["Q", "Ada Brook", "narrator"]
    # The episode may have been made in the folder of another test; all of them have this one around them.
    assert str(tmp_path.parent) not in json.dumps(episode)


def ends(group, seconds=10):
    """Whether no process of a group is left, soon."""
    for _ in range(seconds * 20):
        try:
            os.killpg(group, 0)
        except ProcessLookupError:
            return True
        time.sleep(0.05)
    return False


@pytest.mark.slow
@pytest.mark.skipif(os.name == "nt", reason="signals are POSIX")
def test_ctrl_c_while_speaking_keeps_finished_clips_and_no_process(tmp_path):
    interview = tmp_path / "talk.en.txt"
    interview.write_text("The lamp\n\n" + "".join(f"Q: Is it {n}?\n\nAda: It is {n}.\n\n" for n in range(2)), "utf-8")
    render = command("render", interview, "-o", "out", "--store", "clips", "--jobs", "1")
    process = subprocess.Popen(
        render, stderr=subprocess.PIPE, stdout=subprocess.PIPE, text=True, start_new_session=True
    )
    while "Speaking" not in (line := process.stderr.readline()):
        assert line, "ended before it was interrupted"
    os.killpg(process.pid, signal.SIGINT)  # as a terminal does: parent and workers alike
    _, errors = process.communicate(timeout=60)
    assert process.returncode == 130
    assert errors.strip().splitlines()[-1].startswith("Interrupted")
    assert "Traceback" not in errors
    assert ends(process.pid)
    finished = clips_of(tmp_path)
    assert finished
    assert files_in(tmp_path / "out") == []
    result = subprocess.run(render, capture_output=True, text=True, check=True)
    assert f"{counted(len(finished), 'clip')} stored" in result.stderr
    assert finished.items() <= clips_of(tmp_path).items()
    assert files_in(tmp_path / "out") == FILES


def test_a_title_that_is_given_is_spoken_too(run, interview, tmp_path):
    run("render", interview, "-o", "out", *TONE, "--title", "A new name")
    captions = (tmp_path / "out" / "talk.en.vtt").read_text("utf-8")
    assert "A new name" in captions
    assert "The keeper of the light" not in captions
    refused = run("render", interview, interview.with_name("other.txt"), "--title", "x")
    assert refused.code == 2


@pytest.mark.parametrize(
    ("name", "code", "message"),
    [("nope", 1, "there is no engine 'nope'"), ("tone", 2, "is already the engine in use")],
)
def test_a_fallback_is_checked_before_it_is_needed(run, interview, tmp_path, name, code, message):
    outcome = run("render", interview, "-o", "out", *TONE, "--fallback", name)
    assert outcome.code == code
    assert message in outcome.err
    assert not (tmp_path / "out" / "talk.en.mp3").exists()


def test_another_format_beside_the_first_is_no_fault_of_either(run, interview):
    for form in ("mp3", "opus"):
        run("render", interview, "-o", "out", *TONE, "--format", form)
    outcome = run("verify", "out")
    assert outcome.code == 0, outcome.out
