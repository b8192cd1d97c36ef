import re
from pathlib import Path

import pytest

from interview_audio.transcript.lexicon import vocabulary
from interview_audio.transcript.lexicon.vocabulary import any_of, phrases, read_entries, word_list, words_of

FOLDER = Path(vocabulary.__file__).parents[1] / "words"
GIVEN_NAMES = "given_names"
"""Made by a program, many names a line; read by ``people.gender``."""
FILES = [file.relative_to(FOLDER) for file in FOLDER.rglob("*.txt") if file.parent.name != GIVEN_NAMES]
LISTS = sorted(file.with_suffix("").as_posix() for file in FILES)


@pytest.mark.parametrize("name", LISTS)
def test_every_list_says_what_it_is_and_can_be_read(name: str) -> None:
    opening = (FOLDER / f"{name}.txt").read_text("utf-8").splitlines()[0]
    assert opening.startswith("# ")
    assert set(word_list(name)) == words_of(name)


def test_entries_keep_their_order_and_lose_their_comments(tmp_path: Path) -> None:
    assert _entries(tmp_path, "# what this is\n\nbell  # rung\n 雾角\nC# minor\n") == ("bell", "雾角", "C# minor")


@pytest.mark.parametrize("text", ["", "# nothing\n", "bell\nbell\n", "e\u0301\n"])
def test_a_malformed_list_is_a_bug(tmp_path: Path, text: str) -> None:
    with pytest.raises(ValueError, match=r"own\.txt"):
        _entries(tmp_path, text)


def test_longer_entries_are_tried_first() -> None:
    assert re.findall(any_of(["主持", "主持人"]), "主持人：") == ["主持人"]


def test_entries_are_plain_text_with_any_space_and_either_apostrophe() -> None:
    pattern = re.compile(any_of(["editor's note", "a.m."]))
    assert all(map(pattern.fullmatch, ["editor’s  note", "editor's note", "a.m."]))
    assert not pattern.fullmatch("axmx")


def test_a_number_in_braces_is_a_gap() -> None:
    pattern = re.compile(any_of(["关注{4}公众号"]))
    assert [bool(pattern.search(text)) for text in ("关注公众号", "关注我们的公众号", "关注我们所有的公众号")] == [
        True,
        True,
        False,
    ]


def test_latin_phrases_are_whole_words_and_chinese_ones_are_not() -> None:
    pattern = re.compile(phrases("narration/speaking_verbs"))
    assert [match[0] for match in pattern.finditer("She said, unsaid, 他笑着说道：")] == ["said", "说"]


def _entries(folder: Path, text: str) -> tuple[str, ...]:
    (folder / "own.txt").write_text(text, "utf-8")
    return read_entries(folder / "own.txt")
