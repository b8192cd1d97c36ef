import pytest

from interview_audio.transcript.classification.paragraph_kinds import find_repetitions, is_set_apart

SPEECH = "The rest is salt. Salt on the glass, and nobody ever puts that on a postcard."
CHINESE = "剩下的就是盐。玻璃上是盐，门轴里是盐，可没有人会把这个印在明信片上。"


@pytest.mark.parametrize(
    ("speech", "pulled"),
    [
        (SPEECH, "“Salt on the glass, and nobody ever puts that on a postcard”"),
        (SPEECH, "nobody ever puts that on a postcard"),
        (CHINESE, "「可没有人会把这个印在明信片上」"),
    ],
)
def test_repetitions(speech: str, pulled: str) -> None:
    assert find_repetitions([speech, pulled], [1]) == {1}


@pytest.mark.parametrize("text", ["Salt again.", "Nobody ever puts that on my stamps or postcards, I think.", "盐。"])
def test_other_words_are_none(text: str) -> None:
    assert find_repetitions([SPEECH, CHINESE, text], [2]) == frozenset()


def test_twins_do_not_make_each_other_quotes() -> None:
    refrain = "And the sea said nothing at all."
    assert find_repetitions([refrain, SPEECH, refrain], [0, 2]) == frozenset()
    assert find_repetitions([refrain, f"I said: {refrain}", refrain], [0, 2]) == {0, 2}


def test_the_longer_of_two_candidates_is_spoken() -> None:
    assert find_repetitions([SPEECH, "nobody ever puts that on a postcard"], [0, 1]) == {1}


def test_set_apart() -> None:
    assert is_set_apart("「整段都是引文」", is_quoted=False)
    assert is_set_apart("no marks", is_quoted=True)
    assert not is_set_apart("「一」和「二」", is_quoted=False)
