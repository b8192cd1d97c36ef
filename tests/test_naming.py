"""File names in ASCII, from the source's name."""

from pathlib import Path

import pytest

from interview_audio.errors import UsageError
from interview_audio.naming import check_stems, stem_of


@pytest.mark.parametrize(
    ("name", "stem"),
    [
        ("talk.zh.txt", "talk.zh"),
        ("talk.script.yaml", "talk"),
        ("talk", "talk"),
        ("灯塔 访谈.txt", "deng-ta-fang-tan"),
        ("Café (final).md", "Cafe-final"),
        ("a b&c.txt", "a-b-c"),
        (".txt", "txt"),
        ("../up/talk.txt", "talk"),
        ("aux.txt", "episode-aux"),
    ],
)
def test_stem(name, stem):
    assert stem_of(Path(name)) == stem


def test_a_name_without_anything_in_ascii_has_a_stable_one():
    assert stem_of(Path("🎙.txt")) == stem_of(Path("🎙.txt"))
    assert stem_of(Path("🎙.txt")).startswith("episode-")


def test_one_stem_twice_is_an_error_whatever_the_case():
    check_stems([Path("a.txt"), Path("b.txt")])
    with pytest.raises(UsageError, match=r"a\.txt and .*A\.md would both write A\.\*"):
        check_stems([Path("a.txt"), Path("x/A.md")])


def test_a_long_name_is_cut_and_stays_its_own():
    stems = {stem_of(Path("灯" * 66 + end + ".txt")) for end in "一二"}
    assert len(stems) == 2
    assert max(map(len, stems)) < 120
