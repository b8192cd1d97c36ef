import subprocess
import sys

import pytest

from interview_audio.transcript.lexicon.personal_names import index_names
from interview_audio.transcript.people.gender import guess_genders


def guess(name: str, *texts: str, forms: tuple[str, ...] = ()) -> tuple[str, str]:
    index = index_names((form, name) for form in (name, *forms))
    return guess_genders({name: forms}, texts, index)[name]


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Ida Holm", ("female", "given name Ida")),
        ("Robert Lang", ("male", "given name Robert")),
        ("Wolfgang", ("male", "given name Wolfgang")),
        ("Wolfgang Lang", ("male", "given name Wolfgang")),
        ("Ama", ("female", "given name Ama")),
        ("JÜRGEN VIK", ("male", "given name JÜRGEN")),
        ("Łucja Vik", ("female", "given name Łucja")),
        ("J. Robert Lang", ("male", "given name Robert")),
        ("Anne-Marie Vik", ("female", "given name Anne-Marie")),
        # Names of both genders, and of too few people.
        ("Sam Holm", ("unknown", "")),
        ("Andrea Holm", ("unknown", "")),
        ("Robin", ("unknown", "")),
        ("Kim Vik", ("unknown", "")),
        # A surname may be a given name elsewhere.
        ("Smith", ("unknown", "")),
        ("J. R. Martin", ("unknown", "")),
        ("Park Chan", ("unknown", "")),
        ("Wei Zhang", ("unknown", "")),
        # Media and parts are no people.
        ("Martin Weekly", ("unknown", "")),
        ("Interviewer", ("unknown", "")),
        ("李娜", ("female", "given name 娜")),
        ("张伟", ("male", "given name 伟")),
        ("李敏", ("unknown", "")),
        ("王海", ("unknown", "")),
        ("艾达·霍尔姆", ("unknown", "")),
        ("Q", ("unknown", "")),
        ("Xun Reyes", ("unknown", "")),
    ],
)
def test_given_names(name: str, expected: tuple[str, str]) -> None:
    assert guess(name) == expected


def test_the_surname_of_a_longer_form_is_no_given_name() -> None:
    assert guess("Xun Martin", forms=("Martin",)) == ("unknown", "")


def test_the_latin_form_of_a_chinese_name_helps() -> None:
    assert guess("艾达·霍尔姆", forms=("Ida Holm",)) == ("female", "given name Ida")


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        ("Xun Reyes", "Xun Reyes repairs radios. He came for a weekend.", ("male", "pronoun he")),
        ("雷叶斯", "雷叶斯是工程师，她修电台。", ("female", "pronoun 她")),
        ("雷叶斯", "雷叶斯有很多朋友，他们修电台。", ("unknown", "")),
        ("Xun Reyes", "Xun Reyes said “she is late”.", ("unknown", "")),
        ("Xun Reyes", "Ms. Reyes repairs radios.", ("female", "honorific Ms")),
        ("雷叶斯", "雷叶斯先生修电台。", ("male", "honorific 先生")),
    ],
)
def test_honorifics_and_pronouns(name: str, text: str, expected: tuple[str, str]) -> None:
    assert guess(name, text) == expected


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        ("Robert Holm", "We met Mrs Robert Holm.", ("female", "honorific Mrs")),
        ("Robert Holm", "Robert Holm keeps the light. She was late.", ("female", "pronoun she")),
        (
            "Robert Holm",
            "Robert Holm told us of his wife. She was late, and so was her dog.",
            ("male", "given name Robert"),
        ),
        ("Robin Holm", "Robin Holm told us of his wife. He was late.", ("male", "pronoun his")),
    ],
)
def test_what_the_text_says_of_a_person_weighs_more_than_a_given_name(
    name: str, text: str, expected: tuple[str, str]
) -> None:
    assert guess(name, text) == expected


WATCHED = """
import sys
opened = []
sys.addaudithook(lambda event, args: opened.append(str(args[0])) if event == "open" else None)
from interview_audio.transcript.parsing import parse_transcript
def lists_read():
    return sorted({path.replace("\\\\", "/").rpartition("/")[2] for path in opened if "given_names" in path})
parse_transcript("Q: Why?\\n\\nA: So.")
before = lists_read()
parse_transcript("Q: Why?\\n\\nMira: So.\\n\\nQ: Since when?\\n\\nMira: Since May.")
print(before, lists_read())
"""


def test_no_list_of_given_names_is_read_before_a_name_needs_it() -> None:
    asked = subprocess.run([sys.executable, "-c", WATCHED], capture_output=True, text=True, check=True)
    assert asked.stdout == "[] ['female.txt', 'surnames.txt']\n"


def test_a_pronoun_in_a_paragraph_of_two_people_says_nothing() -> None:
    names = {"Xun Reyes": (), "Ola Vik": ()}
    index = index_names((name, name) for name in names)
    guesses = guess_genders(names, ["Xun Reyes met Ola Vik. She was late."], index)
    assert guesses == {"Xun Reyes": ("unknown", ""), "Ola Vik": ("unknown", "")}
