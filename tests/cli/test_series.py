"""The cast of a series: it is found above the texts, `voices keep` adds to it, `voices check --episodes` names who changes."""

import io
import os
import re
import stat
from types import SimpleNamespace

import pytest

from interview_audio.configuration.loading import settings_from
from interview_audio.configuration.lookup import read_settings_files
from interview_audio.errors import ConfigurationError
from interview_audio.files.episode_record import EpisodeRecord
from interview_audio.rendering.job import prepare
from interview_audio.rendering.options import RenderOptions

CHINESE = "再谈海洋\n\n艾达·霍尔姆：海底有什么？\n\n林默：主要是泥。\n\n艾达·霍尔姆：还有呢？\n\n林默：冷水。\n"
ENGLISH = "Deep water\n\nIda Holm: What is down there?\n\nOmar Reyes: Mostly mud.\n\nIda Holm: Is that all?\n"
CAST = """\
# Ours.
speakers:
  Ida Holm:                     # the host
    aliases: [艾达·霍尔姆]
    voices: {en: {tone: female-2}, zh: {tone: female-2}}

pool: {en: {tone: {male: [male-3]}}}  # who comes once
"""


@pytest.fixture
def show(tmp_path):
    """A show with its cast, and texts in two folders below it."""
    folder = tmp_path / "show"
    for name, text in (("one/en/deep.txt", ENGLISH), ("two/zh.txt", CHINESE)):
        (folder / name).parent.mkdir(parents=True)
        (folder / name).write_text(text, "utf-8")
    (folder / "cast.yaml").write_text(CAST, "utf-8")
    return folder


def cast_of(source):
    job = prepare(source, RenderOptions(engine="tone"))
    return {member.speaker: (*(voice.name for _, voice in member.voices), member.reason) for member in job.cast}


def test_one_person_has_one_voice_in_all_episodes_and_is_called_as_each_text_prints_it(show):
    english, chinese = cast_of(show / "one" / "en" / "deep.txt"), cast_of(show / "two" / "zh.txt")
    assert english["Ida Holm"] == ("female-2", "cast.yaml")
    assert english["Omar Reyes"] == ("male-3", "pool, male (guessed: given name Omar)")
    assert chinese["艾达·霍尔姆"] == ("female-2", "cast.yaml")
    assert "Ida Holm" not in chinese


def test_the_cast_says_what_listeners_read_in_every_episode_and_keep_writes_it(run, show):
    cast = show / "cast.yaml"
    cast.write_text(CAST.replace("aliases:", "display: Ida H.\n    aliases:"), "utf-8")
    (show / "one" / "en" / "voices.yaml").write_text("speakers: {Omar Reyes: {display: Omar}}\n", "utf-8")
    sources = (show / "one" / "en" / "deep.txt", show / "two" / "zh.txt")
    jobs = [prepare(source, RenderOptions(engine="tone")) for source in sources]
    assert [{one.speaker: one.display for one in job.cast if one.role != "narrator"} for job in jobs] == [
        {"Ida Holm": "Ida H.", "Omar Reyes": "Omar"},
        {"艾达·霍尔姆": "Ida H.", "林默": ""},
    ]
    assert run("voices", "keep", *sources, "--engine", "tone").code == 0
    assert "Omar Reyes: {display: Omar, gender: male," in cast.read_text("utf-8")


def test_a_voices_yaml_beside_the_text_counts_more_and_the_nearest_cast_is_the_one(show):
    beside = show / "one" / "en" / "voices.yaml"
    beside.write_text("speakers: {Ida Holm: {voices: {en: {tone: female-3}}}}\n", "utf-8")
    assert cast_of(beside.with_name("deep.txt"))["Ida Holm"] == ("female-3", "voices.yaml")
    beside.write_text("series: ../../cast.yaml\n", "utf-8")
    (show / "one" / "cast.yaml").write_text("speakers: {Ida Holm: {voices: {en: {tone: female-1}}}}\n", "utf-8")
    assert cast_of(beside.with_name("deep.txt"))["Ida Holm"] == ("female-2", "cast.yaml")
    beside.write_text("series:\n", "utf-8")
    assert cast_of(beside.with_name("deep.txt"))["Ida Holm"] == ("female-1", "cast.yaml")
    beside.write_text("series: false\n", "utf-8")
    assert cast_of(beside.with_name("deep.txt"))["Ida Holm"][1].startswith("pool")


def test_it_is_found_three_folders_up_and_no_further(tmp_path):
    (tmp_path / "cast.yaml").write_text("pool: {}\n", "utf-8")
    found = [
        [file.is_cast for file in read_settings_files(tmp_path / folder / "talk.txt", None).found]
        for folder in ("", "a", "a/b/c", "a/b/c/d")
    ]
    assert found == [[True], [True], [True], []]


@pytest.mark.parametrize(
    ("cast", "settings", "message"),
    [
        (
            "speakers: {}\nengine: tone\n",
            "",
            "cast.yaml:2:9: the cast of a series has speakers, pool, show and pronunciations alone; move engine to voices.yaml",
        ),
        ("speakers: {A: {gendre: female}}", "", "cast.yaml:1:16: unknown setting speakers.A.gendre"),
        ("", "engine: tone\nseries: cats.yaml", "voices.yaml:2:9: series: there is no file "),
    ],
)
def test_what_is_wrong_is_said_with_its_place(cast, settings, message, tmp_path):
    (tmp_path / "cast.yaml").write_text(cast, "utf-8")
    (tmp_path / "voices.yaml").write_text(settings, "utf-8")
    with pytest.raises(ConfigurationError) as error:
        settings_from(read_settings_files(tmp_path / "talk.txt", None))
    assert message in str(error.value)


def test_keep_adds_who_is_missing_and_changes_nothing_else(run, show):
    sources = [show / "one" / "en" / "deep.txt", show / "two" / "zh.txt"]
    outcome = run("voices", "keep", *sources, "--engine", "tone")
    assert (outcome.code, outcome.err) == (0, "")
    path, *rows = outcome.out.splitlines()
    assert path == str(show / "cast.yaml")
    voices = {tuple(re.split(r"  +", row)[2:4]): re.split(r"  +", row)[4].partition(":")[2] for row in rows}
    assert [re.split(r"  +", row)[1:4] for row in rows] == [
        ["is there", "Ida Holm", "en"],
        ["added", "Omar Reyes", "en"],
        ["added", "narrator", "en"],
        ["is there", "Ida Holm", "zh"],
        ["added", "林默", "zh"],
        ["added", "narrator", "zh"],
    ]
    before, after = CAST.splitlines(), (show / "cast.yaml").read_text("utf-8").splitlines()
    assert [line for line in after if line not in before] == [
        f"  Omar Reyes: {{gender: male, voices: {{en: {{tone: {voices['Omar Reyes', 'en']}}}}}}}",
        f"  narrator: {{voices: {{en: {{tone: {voices['narrator', 'en']}}}, zh: {{tone: {voices['narrator', 'zh']}}}}}}}",
        f"  林默: {{voices: {{zh: {{tone: {voices['林默', 'zh']}}}}}}}",
    ]
    assert [line for line in after if line in before] == before
    assert "added" not in run("voices", "keep", *sources, "--engine", "tone").out


def test_keep_writes_a_new_file_for_all_of_the_sources_and_overwrites_no_voice(run, show):
    (show / "cast.yaml").unlink()
    sources = [show / "one" / "en" / "deep.txt", show / "two" / "zh.txt"]
    first = run("voices", "keep", sources[0], "--engine", "tone", "-o", "-").out
    assert first.splitlines()[-1].startswith("  narrator: {voices: {en: {tone: ")
    assert not list(show.rglob("cast.yaml"))
    assert run("voices", "keep", *sources, "--engine", "tone").out.splitlines()[0] == str(show / "cast.yaml")
    before = (show / "cast.yaml").read_text("utf-8")
    there = re.search(r"Omar Reyes: .*tone: ([\w-]+)", before)[1]
    other = "male-2" if there == "male-1" else "male-1"
    settings = f"speakers: {{Omar Reyes: {{voices: {{en: {{tone: {other}}}}}}}}}"
    sources[0].with_name("voices.yaml").write_text(settings, "utf-8")
    out = run("voices", "keep", sources[0], "--engine", "tone").out
    assert re.search(
        r"^  not added  Omar Reyes  en  tone:male-2 +the series has male-1 \(deep.txt\)$", out, re.MULTILINE
    )
    assert (show / "cast.yaml").read_text("utf-8") == before
    assert run("voices", "keep", sources[0], "-o", sources[1]).code == 1  # that is no cast
    assert sources[1].read_text("utf-8") == CHINESE


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such modes")
def test_keep_leaves_a_file_what_it_is(run, show):
    real, cast = show.parent / "ours.yaml", show / "cast.yaml"
    real.write_bytes(b"\xef\xbb\xbf" + CAST.replace("\n", "\r\n").encode())
    real.chmod(0o600)
    cast.unlink()
    cast.symlink_to(real)
    outcome = run("voices", "keep", show / "one" / "en" / "deep.txt", "--engine", "tone")
    assert (outcome.code, outcome.err) == (0, "")
    after = real.read_bytes()
    assert (cast.is_symlink(), stat.S_IMODE(real.stat().st_mode)) == (True, 0o600)
    assert after.startswith(b"\xef\xbb\xbf# Ours.\r\n")
    assert after.count(b"\r\n") == after.count(b"\n") == CAST.count("\n") + 2


def test_keep_writes_no_file_that_one_of_the_sources_would_not_find(run, tmp_path):
    sources = [tmp_path / folder / "x.txt" for folder in ("a/y", "a/b/c/d/e")]
    for source in sources:
        source.parent.mkdir(parents=True)
        source.write_text(ENGLISH, "utf-8")
    outcome = run("voices", "keep", *sources, "--engine", "tone")
    assert (outcome.code, "counts for all of these; name their file with -o FILE" in outcome.err) == (2, True)
    assert not list(tmp_path.rglob("cast.yaml"))


def test_a_voice_that_the_role_of_the_host_gives_has_its_place(run, rendered, tmp_path):
    record = EpisodeRecord.read(tmp_path / "out", "talk.en")
    (host,) = (one for one in record.cast if one.role == "host")
    (tmp_path / "voices.yaml").write_text("speakers: {host: {voices: {en: {tone: female-3}}}}\n", "utf-8")
    out = run("voices", "check", "--episodes", "out").out
    assert re.search(rf"^  {host.speaker} +en .* becomes tone:female-3 .*, voices.yaml:1$", out, re.MULTILINE), out


def test_finished_episodes_whose_voices_change_are_named_with_who_and_where(run, rendered, tmp_path):
    def named():
        lines = run("voices", "check", "--episodes", "out").out.splitlines()
        return lines[lines.index("") :][-2:]

    assert named()[-1] == "out/talk.en.mp3: the same voices"
    (cast,) = (one for one in EpisodeRecord.read(tmp_path / "out", "talk.en").cast if one.speaker == "Ada Brook")
    voice = cast.voices[0].name
    (tmp_path / "cast.yaml").write_text("speakers:\n  Ada Brook: {rate: 1.1}\n", "utf-8")
    assert named() == [
        "out/talk.en.mp3: other voices",
        f"  Ada Brook  en  {voice} becomes {voice}, rate 1.1  3 lines, cast.yaml:2",
    ]
    assert run("render", rendered, "--engine", "tone", "--store", "clips", "-o", "out").code == 0  # it is out of date
    assert named()[-1] == "out/talk.en.mp3: the same voices"
    rendered.unlink()
    assert named()[-1] == "out/talk.en.mp3: not known: its source is not where it was"


def test_what_comes_through_a_pipe_is_in_no_series(run, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("sys.stdin", SimpleNamespace(buffer=io.BytesIO(b"Q: Why?\n\nIda Holm: Because it is there.\n")))
    outcome = run("voices", "keep", "-", "--engine", "tone")
    assert (outcome.code, [*tmp_path.iterdir()]) == (2, [])
    assert outcome.err == "Error: what comes through a pipe is in no series; name its file with -o FILE\n"
