"""Whether reported words are all of a text: what services report otherwise passes, what is missing does not."""

from difflib import SequenceMatcher
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from edge_emulator.synthetic_speech import boundaries as reported
from interview_audio.engines.edge import word_boundaries
from interview_audio.engines.edge.word_boundaries import Boundary, check_sound, check_words
from interview_audio.engines.online.retries import SetbackError, Trouble

SHAPES = [
    "No.",
    "嗯。",
    "a",
    "I.",
    "Ha ha ha ha ha!",
    "1,234,567",
    "It cost $1,234,567.89, or 35.5% of it.",
    "In 1999.",
    "一共1,234,567元，占35.5%。",
    "See https://www.example.com/a/b?c=d&e=1 for more.",
    "Write to ada@example.org.",
    "NASA, the F.B.I. and AT&T",
    "The rock'n'roll of Ada's don't and y'all’ll",
    "Zoë’s café, naïvely: “well-known”…",
    "10:45 a.m. on 12/03/2024, +1 (555) 123-4567",
    "他用 OpenXR 和 GPT-4，对吧？",
    "40 km², ½ of it, at 20 ℃ — №5",
    "ＡＢＣ１２３",
    "🎉 Yes! 🎉",
    "very very very very good",
    "— «Да», сказал он. —",
    "はい、そうです。ガス代は一円。",
    "네, 그렇습니다.",
]


def spoken(text, pace=1.0):
    """As the emulator reports it."""
    events: list[Any] = [event["Data"] for event in reported(text, "WordBoundary", "+0%")]
    return [
        Boundary(
            event["text"]["Text"], event["Offset"] / 1e7 * pace, (event["Offset"] + event["Duration"]) / 1e7 * pace
        )
        for event in events
    ]


def merged(words):
    return [
        Boundary(f"{one.text} {other.text}", one.start, other.end)
        for one, other in zip(words[::2], words[1::2], strict=False)
    ] + words[len(words) // 2 * 2 :]


def split(words):
    """Each word as two, and without the marks that stand around it."""
    halves = []
    for one in words:
        text, middle = one.text.strip(".,;:!?…—«»“”\"'()"), (one.start + one.end) / 2
        cut = len(text) // 2
        halves += [Boundary(text[:cut], one.start, middle), Boundary(text[cut:], middle, one.end)]
    return [one for one in halves if any(map(str.isalnum, one.text))]


def check(text, words, rate=1.0, *, reads_han=True):
    check_words(text, words, rate, max(one.end for one in words), reads_han=reads_han)


def missing(text, words, **options):
    with pytest.raises(SetbackError) as caught:
        check(text, words, **options)
    assert caught.value.trouble is Trouble.BROKEN
    return caught.value.reason.removeprefix("incomplete audio (without ").removesuffix(")")


def words_of(*texts, pace=0.4):
    return [Boundary(text, index * pace, (index + 1) * pace) for index, text in enumerate(texts)]


@pytest.mark.parametrize("text", SHAPES)
def test_whole_speech_passes_however_its_words_are_told(text):
    for told in (list, merged, split):
        for rate in (0.5, 1.0, 2.0):
            check(text, told(spoken(text, 1 / rate)), rate)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("It cost 1,234,567 in all.", "It cost one million two hundred thousand in all"),
        ("The 1,000,000th on Jan. 3rd", "The one millionth on January third"),
        ("St. Paul vs. Dr. No", "Saint Paul versus Doctor No"),
        ("in 1999", "in nineteen ninety nine"),
        ("no. 1,000", "no 1000"),
        ("Ada's and I'll", "Ada and I"),
        ("AT&T & co", "A T and T and co"),
        ("e.g. gonna na", "for example gon na na"),
        ("see example.com now", "see example dot com now"),
        ("it is twenty-one", "IT IS TWENTY ONE"),
    ],
)
def test_what_is_told_as_it_is_said_passes(text, words):
    check(text, words_of(*words.split()))


def test_a_number_or_a_word_before_others_may_be_untold_where_there_is_time_for_it():
    check("on 12 May we met", [Boundary("on", 0, 0.2), Boundary("May", 0.9, 1.1), *shifted("we met", 1.1)])
    check("we met in 1999", [*shifted("we met in", 0.0), Boundary(".", 0, 2.0)])
    assert missing("we met in May", shifted("we met in", 0.0)) == "'May'"
    assert missing("we met them in May", shifted("we met in May", 0.0)) == "'them'"


def shifted(text, start):
    return [Boundary(one.text, one.start + start, one.end + start) for one in words_of(*text.split(), pace=0.2)]


@pytest.mark.parametrize(
    ("text", "words", "what"),
    [
        ("one two three four", "one two", "'three four'"),
        ("one two three four", "three four", "'one two'"),
        ("one two three four", "one four", "'two three'"),
        ("one two three", "one two", "'three'"),
        ("No.", "N", "'No'"),
        ("Do you ever sleep?", "Do you ev", "'ever sleep'"),
        ("that is that is that", "that is", "'that is that'"),
        ("她说了很多话", "她说了", "'很多话'"),
        ("«Да», сказал он", "Да", "'сказал он'"),
        ("start " + "abcdefghi " * 8 + "word next", "start word next", "'abcdefghi abcdefghi abcdefghi…'"),
        ("it was read by nobody but us", "it was us", "'read by nobody but'"),
    ],
)
def test_what_is_missing_is_named(text, words, what):
    told = (
        list(words)
        if words.isalpha() and not words.isascii() and " " not in words and len(words) > 2
        else words.split()
    )
    assert missing(text, words_of(*told)) == what


@settings(max_examples=60)
@given(
    st.lists(
        st.sampled_from(["no", "the", "lamp", "never", "sleeps", "and", "so", "it", "is", "灯塔", "我们", "的"]),
        min_size=3,
        max_size=14,
    ),
    st.data(),
)
def test_words_that_are_left_out_are_missed_wherever_they_stood(words, data):
    first = data.draw(st.integers(0, len(words) - 2))
    last = data.draw(st.integers(first + 2, len(words)))
    left = words[:first] + words[last:]
    check(" ".join(words), spoken(" ".join(words)))
    if left:
        missing(" ".join(words), spoken(" ".join(left)))


def test_letters_that_fit_nowhere_take_no_time_that_grows_with_the_cube(monkeypatch):
    compared = []

    class Counting(SequenceMatcher):
        def find_longest_match(self, first, last, since, until):
            compared.append((last - first) * (until - since))
            return super().find_longest_match(first, last, since, until)

    monkeypatch.setattr(word_boundaries, "SequenceMatcher", Counting)
    text = "the lamp keeper of the light never sleeps and so it is " * 25
    check_words(text, words_of(text[::-1], pace=200), 1.0, 200.0, reads_han=True)
    assert 0 < sum(compared) <= 5_000_000  # pairs of letters; difflib alone compares many times as many


def test_a_script_that_the_voice_passes_over_is_not_missed():
    check("Her name is 王芳 or Да.", words_of("Her", "name", "is", "or"), reads_han=False)
    assert missing("Her name is 王芳.", words_of("Her", "name", "is")) == "'王芳'"
    assert missing("王芳 writes.", words_of("王芳"), reads_han=False) == "'writes'"


def test_without_words_nothing_is_known():
    check_words("one two", [], 1.0, 0.0, reads_han=True)


def tone(*stretches):
    """At 1000 Hz: sound between these seconds, of four."""
    samples = np.zeros(4000, np.int16)
    for start, end in stretches:
        samples[round(start * 1000) : round(end * 1000)] = 9000
    return samples


def heard(words, samples, *, reads_han=True):
    return check_sound(words, samples, 1000, reads_han=reads_han)


def test_words_are_to_be_heard():
    words = words_of("one", "two", "three", "four", pace=0.75)
    assert heard(words, tone((0, 3))) == 3.0
    assert heard(words, tone((0, 0.7), (1.7, 2.8))) == 2.8  # marks and soft ends
    assert heard([], tone((0, 1))) == 1.0
    for sound, reason in (
        (tone((0, 1.5)), "1.5 of 3.0 s"),
        (tone((0, 1.5))[:1500], "1.5 of 3.0 s"),
        (tone((0, 0.7), (2.6, 3)), "silence from 1.5 to 2.2 of 3.0 s"),
        (tone((0, 3))[:2800], "2.8 of 3.0 s"),
    ):
        with pytest.raises(SetbackError) as caught:
            heard(words, sound)
        assert caught.value.reason == f"incomplete audio ({reason})"


def test_a_short_word_is_not_half_a_word():
    with pytest.raises(SetbackError, match=r"0\.1 of 0\.3 s"):
        heard([Boundary("No", 0.0, 0.3)], tone((0, 0.1)))


@pytest.mark.parametrize("mark", ["—", "🎉", "…"])
def test_signs_need_not_be_heard(mark):
    assert heard(words_of("one", "two", mark, mark, pace=0.75), tone((0, 1.5))) == 1.5


def test_what_a_voice_passes_over_need_not_be_heard_though_it_is_reported():
    assert heard(words_of("name", "王", "芳", "芳", pace=0.75), tone((0, 0.75)), reads_han=False) == 0.75
    assert heard(words_of("name", "Да", "Да", "Да", pace=0.75), tone((0, 0.75))) == 0.75
    for words in (words_of("name", "王", "芳", "芳", pace=0.75), words_of("Да", "Да", "Да", "Да", pace=0.75)):
        with pytest.raises(SetbackError, match=r"0\.8 of 3\.0 s"):
            heard(words, tone((0, 0.75)))
