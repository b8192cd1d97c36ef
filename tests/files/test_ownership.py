"""A render writes what is not there and what it wrote itself for the same source, and nothing else."""

import json
import os
from pathlib import Path

import pytest

from interview_audio.errors import UsageError
from interview_audio.files.episode_record import read_manifest
from interview_audio.files.ownership import (
    Destination,
    OccupiedError,
    SourceFile,
    assign_names,
    check_script_file,
    describe_source,
    is_same_source,
    sha256_of,
)
from records import record

SUFFIXES = (".md", ".episode.json", ".mp3")
SAID = ["Why did you stay on the rock?", "I like the birds, and the sea.", "And what now?", "Now I sleep."]


@pytest.fixture
def source(tmp_path):
    path = tmp_path / "texts" / "talk.txt"
    path.parent.mkdir()
    path.write_text("\n".join(SAID), "utf-8")
    return path


def made_from(made_of, folder, *, voice="kokoro:af_heart", **more):
    """An episode of a source, as a render leaves it; gives where it is."""
    folder.mkdir(exist_ok=True)
    for name in ("talk.md", "talk.mp3"):
        (folder / name).write_text(f"made: {name}", "utf-8")
    files = [{"name": name, "sha256": sha256_of(folder / name)} for name in ("talk.md", "talk.mp3")]
    way = os.path.relpath(made_of, folder)
    record = {
        "source": {"file": way, "sha256": sha256_of(made_of)},
        "cast": [{"voices": {"en": {"voice": voice}}}],
        "lines": [{"text": text} for text in SAID],
        "files": files,
    }
    (folder / "talk.episode.json").write_text(json.dumps(record | more), "utf-8")


def read(source):
    return SourceFile(source, sha256_of(source))


def to(folder, source, **more):
    return Destination(folder, "talk", read(source), source.read_text("utf-8"), **more)


def names_for(destination):
    return dict(assign_names(destination, SUFFIXES).names)


PLAIN = {".md": "talk.md", ".episode.json": "talk.episode.json", ".mp3": "talk.mp3"}


def why_not(destination):
    with pytest.raises(OccupiedError) as refused:
        assign_names(destination, SUFFIXES)
    assert "\n" not in str(refused.value)
    return str(refused.value)


def test_into_an_empty_folder_and_over_its_own_files(source, tmp_path):
    assert names_for(to(tmp_path / "out", source)) == PLAIN
    made_from(source, tmp_path / "out")
    assert names_for(to(tmp_path / "out", source)) == PLAIN


def test_over_a_file_that_it_never_made(source, tmp_path):
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "talk.md").write_text("my notes", "utf-8")
    assert why_not(to(tmp_path / "out", source)) == (
        f"{tmp_path / 'out' / 'talk.md'} exists and was not made from this source; "
        "move it away, or choose another name with --name NAME or another folder with -o DIR"
    )
    why_not(to(tmp_path / "out", source, is_forced=True))


def test_never_over_the_source_whatever_it_is_called_there(source, tmp_path):
    notes = tmp_path / "texts" / "talk.md"
    notes.write_text("Q: Hello?\n", "utf-8")
    protected = ((notes, "the source"),)
    made_from(notes, tmp_path / "texts")  # even if a record lists it
    notes.write_text("Q: Hello?\n", "utf-8")
    for destination in (
        to(tmp_path / "texts", notes, protected=protected),
        to(tmp_path / "texts", notes, protected=protected, is_forced=True),
    ):
        assert " is the source and would be replaced; choose another name" in why_not(destination)
    (tmp_path / "out").mkdir()
    os.link(notes, tmp_path / "out" / "talk.md")
    assert " is the source and would be replaced" in why_not(to(tmp_path / "out", notes, protected=protected))


def test_a_companion_that_a_person_edited_is_kept(source, tmp_path):
    made_from(source, tmp_path / "out")
    (tmp_path / "out" / "talk.md").write_text("with my links", "utf-8")
    names = assign_names(to(tmp_path / "out", source), SUFFIXES)
    assert names.names == {**PLAIN, ".md": "talk.new.md"}
    assert names.kept == {"talk.md": "talk.new.md"}
    assert set(names.earlier) == {"talk.md"}
    assert names_for(to(tmp_path / "out", source, is_forced=True)) == PLAIN


def test_a_new_companion_that_was_edited_too_is_kept_as_well(source, tmp_path):
    made_from(source, tmp_path / "out")
    (tmp_path / "out" / "talk.md").write_text("with my links", "utf-8")
    (tmp_path / "out" / "talk.new.md").write_text("something of mine", "utf-8")
    assert names_for(to(tmp_path / "out", source))[".md"] == "talk.new2.md"


def test_sound_that_a_person_edited_is_an_error_until_it_is_forced(source, tmp_path):
    made_from(source, tmp_path / "out")
    (tmp_path / "out" / "talk.mp3").write_text("cut by hand", "utf-8")
    assert "talk.mp3 was changed after it was made; " in why_not(to(tmp_path / "out", source))
    assert why_not(to(tmp_path / "out", source)).endswith(", or replace it with --force")
    assert names_for(to(tmp_path / "out", source, is_forced=True)) == PLAIN


def test_an_episode_in_another_format_stays_known(source, tmp_path):
    made_from(source, tmp_path / "out")
    names = assign_names(to(tmp_path / "out", source), (".md", ".episode.json", ".opus"))
    assert names.earlier == {"talk.mp3": sha256_of(tmp_path / "out" / "talk.mp3")}


@pytest.mark.parametrize("kind", ["folder", "link", "pipe"])
def test_what_is_not_a_file_is_in_the_way(source, tmp_path, kind):
    folder = tmp_path / "out"
    folder.mkdir()
    if kind == "folder":
        (folder / "talk.md").mkdir()
    elif kind == "link":
        (folder / "talk.md").symlink_to("nowhere")
    elif not hasattr(os, "mkfifo"):
        pytest.skip("this system has no named pipes")
    else:
        os.mkfifo(folder / "talk.md")
    said = {"folder": "is a folder", "link": "is a link that leads nowhere", "pipe": "is a device or a pipe"}
    assert said[kind] in why_not(to(folder, source))


def test_another_source_with_the_same_name(source, tmp_path):
    made_from(source, tmp_path / "out")
    other = tmp_path / "talk.txt"
    other.write_text("Something else altogether, of another person.", "utf-8")
    assert f"belongs to the episode of {os.path.relpath(source)}; choose another name" in why_not(
        to(tmp_path / "out", other)
    )
    other.write_bytes(source.read_bytes())  # a copy is another source as well
    assert "belongs to the episode of " in why_not(to(tmp_path / "out", other))


def test_two_projects_that_share_an_output_folder_by_links(source, tmp_path):
    shared = tmp_path / "deep" / "shared"
    shared.mkdir(parents=True)
    destinations = []
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "output").symlink_to(shared)
        text = tmp_path / name / "talk.txt"
        text.write_text(f"The text of number {name}, and no other.", "utf-8")
        destinations.append(to(tmp_path / name / "output", text))
    (shared / "talk.episode.json").write_text(record(source=describe_source(destinations[0])).format(), "utf-8")
    assert names_for(destinations[0]) == PLAIN
    assert "belongs to the episode of " in why_not(destinations[1])


def test_a_project_that_moved(source, tmp_path):
    made_from(source, tmp_path / "out")
    moved = tmp_path / "moved"
    moved.mkdir()
    for name in ("texts", "out"):
        (tmp_path / name).rename(moved / name)
    (moved / "texts" / "talk.txt").write_text("Changed since.", "utf-8")
    assert names_for(to(moved / "out", moved / "texts" / "talk.txt")) == PLAIN


def test_a_source_that_moved_alone_is_known_by_its_text(source, tmp_path):
    made_from(source, tmp_path / "out")
    moved = source.rename(tmp_path / "renamed.txt")
    assert names_for(to(tmp_path / "out", moved)) == PLAIN
    moved.write_text("\n".join([*SAID[:3], "Now I write a book about it."]), "utf-8")
    assert names_for(to(tmp_path / "out", moved)) == PLAIN
    moved.write_text("\n".join(["And what now?", "A word. " * 40]), "utf-8")
    assert "belongs to another interview's episode; " in why_not(to(tmp_path / "out", moved))


def test_a_script_and_its_text_are_one_source_and_the_newer_one_is_meant(source, tmp_path):
    made_from(source, tmp_path / "out")
    script = source.with_name("talk.script.yaml")
    script.write_text("schema: 1\nturns: []\n", "utf-8")
    assert names_for(to(tmp_path / "out", script)) == PLAIN
    made_from(script, tmp_path / "out")
    os.utime(source, (1_000_000, 1_000_000))
    assert "talk.script.yaml is newer than " in why_not(to(tmp_path / "out", source))
    os.utime(script, (999_999, 999_999))
    assert names_for(to(tmp_path / "out", source)) == PLAIN


def test_a_script_of_another_text_in_the_folder_is_another_source(source, tmp_path):
    made_from(source, tmp_path / "out")
    other = source.with_name("other.script.yaml")
    other.write_text("schema: 1\nturns: []\n", "utf-8")
    assert "belongs to the episode of " in why_not(to(tmp_path / "out", other))


def test_a_short_episode_without_a_source_is_not_everybodys_whose_text_holds_its_lines(source, tmp_path):
    made_from(source, tmp_path / "out", lines=[{"text": "And what now?"}])
    source.unlink()
    longer = tmp_path / "longer.txt"
    longer.write_text("And what now? " + "Something else altogether. " * 20, "utf-8")
    assert "another interview's episode" in why_not(to(tmp_path / "out", longer))
    assert names_for(to(tmp_path / "out", longer, is_part=True)) == PLAIN  # of a preview all of it must be there


def test_a_record_without_a_digest_is_not_of_a_source_that_cannot_be_read(source, tmp_path):
    made_from(source, tmp_path / "out", lines=[])
    record = tmp_path / "out" / "talk.episode.json"
    content = json.loads(record.read_text("utf-8"))
    record.write_text(json.dumps(content | {"source": {}}), "utf-8")
    why_not(Destination(tmp_path / "out", "talk", SourceFile(tmp_path / "gone.txt")))


@pytest.mark.parametrize("content", ["[" * 100_000, "9" * 10_000])
def test_a_record_that_no_reader_takes_is_the_users(source, tmp_path, content):
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "talk.episode.json").write_text(content, "utf-8")
    assert "talk.episode.json exists and was not made from this source" in why_not(to(tmp_path / "out", source))


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
def test_a_pipe_in_the_place_of_the_record_is_not_waited_for(source, tmp_path):
    (tmp_path / "out").mkdir()
    os.mkfifo(tmp_path / "out" / "talk.episode.json")
    assert "talk.episode.json is a device or a pipe" in why_not(to(tmp_path / "out", source))


def test_test_tones_do_not_replace_speech(source, tmp_path):
    made_from(source, tmp_path / "out")
    assert "belongs to a spoken episode, which test tones do not replace; " in why_not(
        to(tmp_path / "out", source, is_trial=True)
    )
    made_from(source, tmp_path / "out", voice="tone:male-1")
    assert names_for(to(tmp_path / "out", source, is_trial=True)) == PLAIN
    assert names_for(to(tmp_path / "out", source)) == PLAIN


def test_a_record_of_an_earlier_build_has_sizes_and_the_digest_of_its_source(source, tmp_path):
    folder = tmp_path / "out"
    made_from(source, folder)
    files = [{"name": name, "bytes": (folder / name).stat().st_size} for name in ("talk.md", "talk.mp3")]
    record = {"fingerprint": {"inputs": [sha256_of(source)]}, "files": files}
    (folder / "talk.episode.json").write_text(json.dumps(record), "utf-8")
    assert names_for(to(folder, source)) == PLAIN
    record = folder / "talk.episode.json"
    later = record.stat().st_mtime_ns + 1_000_000_000
    (folder / "talk.md").write_text("mine: talk.md", "utf-8")  # as long as the other
    os.utime(folder / "talk.md", ns=(later, later))
    assert names_for(to(folder, source))[".md"] == "talk.new.md"
    (folder / "talk.mp3").write_bytes((folder / "talk.md").read_bytes()[:-1])
    assert "talk.mp3 was changed" in why_not(to(folder, source))


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b"{}", b'{"files": 1}', b"\xff\xfe"])
def test_a_record_that_is_not_one_is_the_users(source, tmp_path, content):
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "talk.episode.json").write_bytes(content)
    assert "talk.episode.json exists and was not made from this source" in why_not(to(tmp_path / "out", source))


@pytest.mark.parametrize(
    "broken",
    [
        {"source": 1, "files": [1, {"name": 2}, {"name": "talk.md", "sha256": 3}]},
        {"source": {"file": 5}, "lines": 3, "cast": [1, {"voices": 2}], "files": []},
    ],
)
def test_a_record_that_somebody_broke_is_no_reason_to_crash(source, tmp_path, broken):
    made_from(source, tmp_path / "out", **broken)
    why_not(to(tmp_path / "out", source))


def test_is_same_source_without_reading_the_text(source, tmp_path):
    made_from(source, tmp_path / "out")
    manifest = read_manifest(tmp_path / "out" / "talk.episode.json")
    assert is_same_source(manifest, tmp_path / "out", read(source))
    assert not is_same_source(manifest, tmp_path / "out", read(Path(__file__)))


def test_files_that_wait_to_be_moved_count_as_being_there(source, tmp_path):
    folder = tmp_path / "out"
    made_from(source, folder)
    names = ("talk.episode.json", "talk.mp3")  # the other file has been moved
    waiting = {name: (folder / name).rename(folder / f"{number}.part") for number, name in enumerate(names)}
    (folder / "talk.mp3").write_text("of the render before", "utf-8")
    assert "talk.md exists and was not made from this source" in why_not(to(folder, source))
    assert names_for(to(folder, source, waiting=waiting)) == PLAIN


def is_script(text):
    return text.startswith("schema: ")


def test_a_script_file_is_written_where_nothing_else_is(source, tmp_path):
    target = tmp_path / "talk.script.yaml"
    protected = ((source, "the source"),)

    def check(path, *, forced=False, text="schema: 1"):
        return check_script_file(path, text, protected, is_script, is_forced=forced)

    assert check(target) is False
    target.write_text("schema: 1", "utf-8")
    assert check(target) is True
    assert check(target, text="schema: 1 ", forced=True) is False
    for path, forced, said in (
        (target, False, "exists, perhaps with your changes; choose another file with -o FILE"),
        (source, True, "is the source; choose another file"),
        (tmp_path, True, "is a folder; choose another file"),
        (Path(__file__), True, "exists and is not a script file; choose another file"),
    ):
        with pytest.raises(UsageError, match=said):
            check(path, forced=forced, text="schema: 2")
