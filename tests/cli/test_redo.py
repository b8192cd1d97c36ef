"""``render --redo`` and ``--take``: another take of a line is made, kept, and gone back from."""

import json

import pytest

TONE = ("--engine", "tone", "--store", "clips", "-o", "out")

pytestmark = pytest.mark.usefixtures("small_episodes")


def takes_in(tmp_path):
    episode = json.loads((tmp_path / "out" / "talk.en.episode.json").read_text("utf-8"))
    return {line["line"]: (line["take"], line["takes"]) for line in episode["lines"] if "take" in line}


def clips_in(tmp_path):
    return {path.name for path in (tmp_path / "clips").rglob("*.flac")}


def sound_of(tmp_path):
    return (tmp_path / "out" / "talk.en.mp3").read_bytes()


def test_a_redo_is_another_take_and_the_old_one_stays_in_the_store(run, rendered, tmp_path):
    first, clips = sound_of(tmp_path), clips_in(tmp_path)
    outcome = run("render", rendered, *TONE, "--redo", "line:7")
    assert ", 1 to speak" in outcome.err
    assert "take 2 of 2: line 7, Ada Brook, at 0:12, at rate 1.03: I look at the sea" in outcome.out
    assert takes_in(tmp_path) == {7: (2, 2)}
    assert clips < clips_in(tmp_path)
    assert sound_of(tmp_path) != first
    assert "(unchanged)" in run("render", rendered, *TONE).out
    assert takes_in(tmp_path) == {7: (2, 2)}
    run("render", rendered, *TONE, "--redo", "line:7")
    assert takes_in(tmp_path) == {7: (3, 3)}
    outcome = run("render", rendered, *TONE, "--redo", "line:7", "--take", "1")
    assert ", 0 to speak" in outcome.err
    assert (takes_in(tmp_path), sound_of(tmp_path)) == ({7: (1, 3)}, first)
    run("render", rendered, *TONE, "--redo", "line:7")
    assert takes_in(tmp_path) == {7: (4, 4)}


def test_takes_outlive_another_text_and_another_voice(run, rendered, tmp_path):
    run("render", rendered, *TONE, "--redo", "line:13")
    rendered.write_text(rendered.read_text("utf-8").replace("Q: Do you", "Q: Well?\n\nAB: Well.\n\nQ: Do you"), "utf-8")
    (tmp_path / "voices.yaml").write_text("speakers: {Ada Brook: {voices: {en: {tone: male-3}}}}\n", "utf-8")
    run("render", rendered, *TONE)
    assert takes_in(tmp_path) == {17: (2, 2)}


@pytest.mark.parametrize(
    ("target", "lines"),
    [("turn:3", {5}), ("@0:12.5", {7}), ("speaker:ab", {7, 9, 13}), ("speaker:Ada Brook", {7, 9, 13})],
)
def test_what_can_be_redone(run, rendered, tmp_path, target, lines):
    assert run("render", rendered, *TONE, "--redo", target).code == 0
    assert takes_in(tmp_path) == dict.fromkeys(lines, (2, 2))


def test_several_targets_that_overlap_redo_a_line_once(run, rendered, tmp_path):
    run("render", rendered, *TONE, "--redo", "line:7", "--redo", "turn:4", "--redo", "line:5")
    assert takes_in(tmp_path) == {5: (2, 2), 7: (2, 2)}


def test_a_redo_that_failed_before_it_was_heard_is_the_same_take_the_next_time(run, rendered, tmp_path):
    before = {path: path.read_bytes() for path in (tmp_path / "out").iterdir()}
    run("render", rendered, *TONE, "--redo", "line:7")
    for path, content in before.items():
        path.write_bytes(content)
    assert ", 0 to speak" in run("render", rendered, *TONE, "--redo", "line:7").err
    assert takes_in(tmp_path) == {7: (2, 2)}


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("--redo", "line:8"), "line:8: no turn that begins there is read aloud; nearby: line:5 (Q: "),
        (("--redo", "everything"), "'everything' is not understood; write turn:14"),
        (("--redo", "@9:00"), "the last word of the episode ends at 0:24"),
        (("--take", "2"), "--take needs --redo"),
        (("--redo", "line:7", "--take", "0"), "--take"),
        (("--redo", "line:7", "--take", "12"), "take 12 does not exist; a line has at most 11"),
    ],
)
def test_what_cannot_be_redone_is_wrong_usage(run, rendered, tmp_path, words, message):
    before = sound_of(tmp_path)
    outcome = run("render", rendered, *TONE, *words)
    assert (outcome.code, outcome.err.count("\n")) == (2, 1)
    assert message in outcome.err
    assert sound_of(tmp_path) == before


def test_a_redo_is_for_one_source(run, rendered, tmp_path):
    other = tmp_path / "other.txt"
    other.write_bytes(rendered.read_bytes())
    outcome = run("render", rendered, other, *TONE, "--redo", "line:7")
    assert (outcome.code, outcome.err) == (2, "Error: --redo works with one source; render them one by one\n")
