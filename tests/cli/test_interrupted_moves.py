"""An episode that was finished, and of which a killed run has not moved every file into place.

The next render moves them; whoever only looks sees the finished episode, and changes nothing.
"""

import json
import shutil

import pytest

from interview_audio.files.atomic_files import JOURNAL, PREFIX
from interview_audio.files.ownership import sha256_of

TONE = ("--engine", "tone", "--store", "clips", "-o", "out")
TOKEN = "0123456789ab"


@pytest.fixture
def interrupted(run, interview, small_episodes, tmp_path):
    """The second render of an interview was killed before it moved the record and the sound."""
    out = tmp_path / "out"
    assert run("render", interview, *TONE).code == 0
    shutil.copytree(out, tmp_path / "before")
    interview.write_text(interview.read_text("utf-8") + "\nQ: And now?\n\nAB: Coffee, I think.\n", "utf-8")
    assert run("render", interview, *TONE).code == 0
    moves = []
    for number, name in enumerate(("talk.en.episode.json", "talk.en.mp3")):
        temporary = f"{PREFIX}{TOKEN}.{number}.part"
        (out / name).rename(out / temporary)
        shutil.copy(tmp_path / "before" / name, out / name)
        moves.append([temporary, name, sha256_of(out / name)])
    (out / f"{PREFIX}{TOKEN}{JOURNAL}").write_text(json.dumps({"moves": moves}), "utf-8")
    return interview


def contents(folder):
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_a_plan_sees_the_finished_episode_and_moves_nothing(run, interrupted, tmp_path):
    before = contents(tmp_path / "out")
    outcome = run("plan", interrupted, *TONE)
    assert (outcome.code, outcome.err) == (0, "")
    assert outcome.out.splitlines()[-1] == "Nothing to do; the episode is up to date."
    assert contents(tmp_path / "out") == before


def test_a_plan_for_another_text_takes_no_file_for_an_edited_one(run, interrupted, tmp_path):
    before = contents(tmp_path / "out")
    interrupted.write_text(interrupted.read_text("utf-8").replace("Coffee", "Tea"), "utf-8")
    outcome = run("plan", interrupted, *TONE)
    assert (outcome.code, outcome.err) == (0, "")
    assert "edited" not in outcome.out
    assert contents(tmp_path / "out") == before


def test_verify_names_the_interruption_and_moves_nothing(run, interrupted, tmp_path):
    before = contents(tmp_path / "out")
    outcome = run("verify", tmp_path / "out" / "talk.en.mp3")
    assert outcome.code == 1
    assert (
        "  talk.en.mp3: an interrupted render has left 2 finished files to be moved into place; render the episode again"
    ) in " ".join(outcome.out.split("\n    ")).splitlines()
    assert contents(tmp_path / "out") == before


def test_the_next_render_finishes_the_moves_and_has_nothing_to_do(run, interrupted, tmp_path):
    outcome = run("render", interrupted, *TONE)
    assert (outcome.code, outcome.err) == (0, "")
    assert outcome.out.splitlines()[0].endswith("(unchanged)")
    assert not list((tmp_path / "out").glob(f"{PREFIX}*"))
    assert run("verify", tmp_path / "out" / "talk.en.mp3").code == 0
