"""Parts of addresses that nobody guesses and that stay the same."""

import os
import re
import stat
from concurrent.futures import ThreadPoolExecutor

import pytest

from interview_audio.publishing.private_paths import private_file, private_path


def test_a_path_stays_the_same_and_is_another_one_for_anything_else():
    first = private_path("serve", "/home/ada/out")
    assert re.fullmatch("[A-Za-z0-9_-]{22}", first)
    assert private_path("serve", "/home/ada/out") == first
    others = {
        private_path("publish", "/home/ada/out"),
        private_path("serve", "/home/ada"),
        private_path("serve", "\udcff"),
    }
    assert len(others | {first}) == 4
    assert private_path("serve", "\udcff") in others


def test_it_is_forgotten_with_its_file_or_with_what_was_in_it():
    first = private_path("serve", "/out")
    file = private_file("serve", "/out", "json")
    file.unlink()
    second = private_path("serve", "/out")
    file.write_text('{"path": "../../etc"}')
    assert len({first, second, private_path("serve", "/out")}) == 3


@pytest.mark.skipif(os.name == "nt", reason="rights are POSIX")
def test_nobody_else_may_read_it():
    private_path("serve", "/out")
    file = private_file("serve", "/out", "json")
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700


def test_first_runs_at_once_agree_on_one():
    with ThreadPoolExecutor(8) as threads:
        assert len(set(threads.map(private_path, ["serve"] * 8, ["/out"] * 8))) == 1
