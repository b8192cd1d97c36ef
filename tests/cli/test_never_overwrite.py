"""``render`` and ``script`` replace nothing that is not theirs, and a run of several sources names each."""

import io
import json

import pytest

TONE = ("--engine", "tone", "--store", "clips")
OTHER = "The crane\n\nQ: What is new in the harbour?\n\nBo Ek: The crane is painted red.\n"

pytestmark = pytest.mark.usefixtures("small_episodes")


def contents(folder):
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}


@pytest.mark.parametrize("suffix", [".md", ".srt", ".vtt", ".psc.xml"])
def test_a_source_that_is_called_like_a_companion_is_not_replaced(run, interview, tmp_path, suffix):
    source = interview.rename(tmp_path / f"talk{suffix}")
    before = contents(tmp_path)
    outcome = run("render", source, "-o", ".", "--name", "talk", *TONE)
    assert (outcome.code, outcome.out) == (1, "")
    assert outcome.err == (
        f"Error: {source.name} is the source and would be replaced; "
        "choose another name with --name NAME or another folder with -o DIR\n"
    )
    assert contents(tmp_path) == before
    planned = run("plan", source, "-o", ".", "--name", "talk", *TONE)
    assert planned.code == 1
    assert f"  {source.name} is the source and would be replaced; " in planned.out
    assert run("render", source, "-o", ".", "--name", "episode", *TONE).code == 0
    assert (tmp_path / "episode.mp3").is_file()
    assert contents(tmp_path).items() >= before.items()


def test_music_and_settings_are_not_replaced(run, rendered, tmp_path):
    theme = (tmp_path / "out" / "talk.en.mp3").rename(tmp_path / "talk.en.mp3")
    (tmp_path / "voices.yaml").write_text("sound: {intro: talk.en.mp3}", "utf-8")
    before = theme.read_bytes()
    outcome = run("render", rendered, "-o", ".", "--force", *TONE)
    assert outcome.err.startswith("Error: talk.en.mp3 is music or the cover and would be replaced; ")
    assert theme.read_bytes() == before


def test_edited_show_notes_stay_and_the_new_ones_lie_beside_them(run, interview, tmp_path):
    notes, new = (tmp_path / "out" / f"talk.en{suffix}" for suffix in (".md", ".new.md"))
    assert run("render", interview, "-o", "out", *TONE).code == 0
    notes.write_text("my own notes", "utf-8")
    assert "(unchanged)" in run("render", interview, "-o", "out", *TONE).out
    again = (interview, "-o", "out", "--title", "Another title", *TONE)
    assert "out/talk.en.md was edited and is kept; out/talk.en.new.md is the new one" in run("plan", *again).out
    outcome = run("render", *again)
    assert "out/talk.en.md was edited and is kept; the new one is out/talk.en.new.md\n" in outcome.err
    assert notes.read_text("utf-8") == "my own notes"
    assert "Another title" in new.read_text("utf-8")
    assert "(unchanged)" in run("render", *again).out
    notes.unlink()  # whoever does not want the old ones any more
    assert "(done)" in run("render", *again).out
    assert "Another title" in notes.read_text("utf-8")
    notes.write_text("mine again", "utf-8")
    assert "(done)" in run("render", *again, "--force").out
    assert "Another title" in notes.read_text("utf-8")


def test_two_interviews_with_one_name_do_not_share_an_episode(run, interview, tmp_path):
    other = tmp_path / "other" / interview.name
    other.parent.mkdir()
    other.write_text(OTHER, "utf-8")
    assert run("render", interview, "-o", "out", *TONE).code == 0
    before = contents(tmp_path / "out")
    for words in (("render",), ("render", "--preview", "3")):
        run("render", interview, "-o", "out", "--preview", "3", *TONE)
        before |= contents(tmp_path / "out")
        outcome = run(*words, other, "-o", "out", *TONE)
        assert outcome.code == 1
        assert " belongs to the episode of talk.en.txt; choose another name" in outcome.err
    assert contents(tmp_path / "out") == before
    assert run("render", other, "-o", "out", "--name", "crane", *TONE).code == 0


def test_tones_do_not_replace_a_spoken_episode(run, rendered, tmp_path):
    record = tmp_path / "out" / "talk.en.episode.json"
    record.write_text(record.read_text("utf-8").replace('"tone:', '"kokoro:'), "utf-8")
    outcome = run("render", rendered, "-o", "out", "--title", "T", *TONE)
    assert "belongs to a spoken episode, which test tones do not replace; " in outcome.err


def test_a_text_whose_newer_script_was_rendered_asks_which_one_is_meant(run, interview, tmp_path):
    script = tmp_path / "talk.en.script.yaml"
    assert run("render", interview, "-o", "out", *TONE).code == 0
    assert run("script", interview, "-o", script, "--episodes", "out", "--engine", "tone").code == 0
    assert run("render", script, "-o", "out", *TONE).code == 0
    outcome = run("render", interview, "-o", "out", *TONE)
    assert outcome.code == 1
    assert outcome.err.startswith(
        f"Error: talk.en.script.yaml is newer than {interview} and was rendered last; render "
    )


def test_script_keeps_the_cast_of_the_last_render(run, tmp_path):
    source = tmp_path / "talk.txt"
    source.write_text("Talk\n\nQ: Hello there?\n\nAda: Fine, thanks.\n\nQ: So?\n\nAda: So.\n", "utf-8")
    assert run("render", source, "-o", "out", *TONE).code == 0
    source.write_text(
        source.read_text("utf-8").replace("Ada: Fine", "Mary: Well.\n\nQ: And you?\n\nAda: Fine"), "utf-8"
    )

    def voice_of_ada(*words):
        printed = run("script", source, *words, "--engine", "tone", "--format", "json").out
        return {person["name"]: person["voices"]["en"] for person in json.loads(printed)["speakers"]}["Ada"]

    cast = json.loads((tmp_path / "out" / "talk.episode.json").read_text("utf-8"))["cast"]
    (kept,) = {member["voices"]["en"]["voice"] for member in cast if member["speaker"] == "Ada"}
    assert voice_of_ada("--episodes", "out") == kept
    assert voice_of_ada("--episodes", "elsewhere") != kept


def test_of_several_sources_each_is_made_or_named(run, interview, tmp_path):
    (tmp_path / "empty.txt").write_text("", "utf-8")
    (tmp_path / "crane.txt").write_text(OTHER, "utf-8")
    (tmp_path / "taken.txt").write_text(OTHER, "utf-8")
    (tmp_path / "out" / "taken.mp3").mkdir(parents=True)
    sources = [tmp_path / name for name in ("empty.txt", "crane.txt", "taken.txt")]
    outcome = run("render", *sources, interview, "-o", "out", *TONE)
    assert outcome.code == 1
    assert [line.split()[:2] for line in outcome.out.splitlines()[-4:]] == [
        [str(sources[0]), "failed"],
        [str(sources[1]), "done"],
        [str(sources[2]), "failed"],
        [str(interview), "done"],
    ]
    assert "put the text of the interview into it" in outcome.out.splitlines()[-4]
    assert "taken.mp3 is a folder" in outcome.out.splitlines()[-2]
    again = run("render", sources[1], interview, "-o", "out", *TONE)
    assert again.code == 0
    assert [line.split()[1] for line in again.out.splitlines()[-2:]] == ["unchanged", "unchanged"]


def test_of_several_previews_each_is_made_or_named(run, interview, tmp_path):
    (tmp_path / "empty.txt").write_text("", "utf-8")
    outcome = run("render", tmp_path / "empty.txt", interview, "-o", "out", "--preview", "3", *TONE)
    assert outcome.code == 1
    assert [line.split()[1] for line in outcome.out.splitlines()[-2:]] == ["failed", "done"]


def test_plan_and_render_agree_on_an_episode_that_is_as_it_should_be(run, rendered, tmp_path):
    sound = tmp_path / "out" / "talk.en.mp3"
    sound.write_bytes(sound.read_bytes()[:-1] + b"\x01")
    assert "(unchanged)" in run("render", rendered, "-o", "out", *TONE).out
    planned = run("plan", rendered, "-o", "out", *TONE)
    assert (planned.code, "In the way" in planned.out) == (0, False)


def test_verify_reads_what_was_written_beside_edited_captions(run, rendered, tmp_path):
    (tmp_path / "out" / "talk.en.vtt").write_text("WEBVTT\n\n00:00.000 --> 00:01.000\nMine.\n", "utf-8")
    assert run("render", rendered, "-o", "out", "--title", "Another title", *TONE).code == 0
    said = run("verify", "out/talk.en.mp3").out
    assert "  talk.en.new.vtt " in said
    assert "talk.en.srt:" not in said
    assert "talk.en.vtt" not in said


def test_a_list_of_moves_that_came_with_a_folder_replaces_nothing(run, interview, tmp_path):
    before = interview.read_bytes()
    for token in ("x", "0123456789ab"):
        part = f".interview-audio-{token}.0.part"
        (tmp_path / part).write_text("evil", "utf-8")
        (tmp_path / f".interview-audio-{token}.journal").write_text(
            f'{{"moves": [["{part}", "talk.en.txt"]]}}', "utf-8"
        )
    assert run("plan", interview, "-o", ".", *TONE).code == 0
    assert interview.read_bytes() == before


@pytest.mark.parametrize(
    "content", ['{"schema": "http://x", "turns": [{"left": 1}]}', '{"schema": 1, "turns": 3}', "[]"]
)
def test_script_replaces_no_json_of_other_programs(run, interview, tmp_path, content):
    (tmp_path / "route.json").write_text(content, "utf-8")
    outcome = run("script", interview, "-o", "route.json", "--force", "--engine", "tone")
    assert (outcome.code, (tmp_path / "route.json").read_text("utf-8")) == (2, content)


def test_script_does_not_become_the_settings_of_its_folder(run, interview, tmp_path):
    outcome = run("script", interview, "-o", "voices.yaml", "--engine", "tone")
    assert (outcome.code, (tmp_path / "voices.yaml").exists()) == (2, False)


@pytest.mark.parametrize(
    "broken",
    [
        {"files": [1, None, {"name": 5}]},
        {"files": [{"name": "talk.en.mp3"}]},
        {"duration": "x"},
        {"cast": "x"},
        {"skipped": [1]},
        {"lines": [{"take": 2}]},
        {"fingerprint": 3},
        {"chapters": None},
    ],
)
def test_a_record_that_somebody_edited_is_a_line_or_none(run, rendered, tmp_path, broken):
    record = tmp_path / "out" / "talk.en.episode.json"
    content = json.loads(record.read_text("utf-8"))
    record.write_text(json.dumps(content | broken), "utf-8")
    for command in ("plan", "render"):
        outcome = run(command, rendered, "-o", "out", *TONE)
        assert (outcome.code, "Error: " in outcome.err or "In the way" in outcome.out) in {(0, False), (1, True)}


@pytest.mark.parametrize("name", ["../talk", "", ".", "a/b"])
def test_a_name_that_is_a_path_or_empty_is_wrong_usage(run, interview, name):
    outcome = run("render", interview, "--name", name, *TONE)
    assert outcome.code == 2
    assert outcome.err.endswith("is not a file name; -o DIR chooses the folder\n")


def test_what_is_piped_in_is_known_by_its_words(run, interview, monkeypatch):
    text = interview.read_text("utf-8")

    def render(words):
        monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(words.encode())))
        return run("render", "-", "-o", "out", *TONE)

    assert "(done)" in render(text).out
    assert "(unchanged)" in render(text).out
    assert "(done)" in render(text.replace("No.", "Never.")).out
    outcome = render(OTHER)
    assert outcome.code == 1
    assert "belongs to another interview's episode; choose another name with --name NAME" in outcome.err
