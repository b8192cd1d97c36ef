import pytest
from hypothesis import given
from hypothesis import strategies as st

from interview_audio.configuration.settings import Chapters
from interview_audio.script.chapter_titles import (
    chapter_starts,
    chapter_title,
    fit_to_columns,
    preface_title,
    section_starts,
)
from interview_audio.text.characters import columns, has_letter_or_digit
from interview_audio.transcript.turns import Person, Receipt, Transcript, Turn


@pytest.mark.parametrize(
    ("question", "title"),
    [
        ("I know it is early. What did you learn?", "What did you learn?"),
        ("先说天气。灯塔里的冬天，你们是怎么过的？", "灯塔里的冬天，你们是怎么过的？"),
        ("Tell me about the lamp.", "Tell me about the lamp"),
        ("关于那盏灯的传说，镇上的人讲过许多不同的版本，可是没有一个人真正见过它亮起来，那是怎么一回事？",
         "关于那盏灯的传说，镇上的人讲过许多不同的版本"),
        ("Why do the keepers of the northern light never ever sleep before the second bell has rung?",
         "Why do the keepers of the northern light never ever sleep…"),
        ("Why?", "Why?"),
        ("?! Is it raining?", "Is it raining?"),
        ("So that is it. ?", "So that is it"),
        ("下雨了吗？ ？", "下雨了吗？"),
        ("—", ""),
        ("***", ""),
        ("？", ""),
        ("You bought a door. On what?", "You bought a door. On what?"),
        ("听说你自己掏了钱。花在哪儿了？", "听说你自己掏了钱。花在哪儿了？"),
    ],
)  # fmt: skip
def test_titles(question, title):
    assert chapter_title(question, 60) == title


def test_columns_count_wide_characters_twice():
    assert columns("GPT 四 é") == 8


@given(st.text(max_size=300), st.integers(8, 80))
def test_a_title_never_exceeds_its_columns(question, most):
    title = chapter_title(question, most)
    assert columns(title) <= most
    assert has_letter_or_digit(title) == has_letter_or_digit(question)


def test_marks_before_the_first_word_do_not_take_its_place():
    assert fit_to_columns("— " * 40 + "the rain, and nothing but the rain", 12) == "the rain"


PEOPLE = (Person("Q", "host", "unknown", "", ()), Person("Ada", "guest", "female", "given name Ada", ()))
PARTS = (
    ("heading", None, "The lighthouse"),
    ("narration", None, "She keeps the light."),
    ("speech", "Q", "You came late. Why did you come?"),
    ("speech", "Ada", "For the sea, which I had never seen before that day."),
    ("heading", None, "Part two: the lamp and the long nights"),
    ("quote", None, "The sea!"),
    ("speech", "Ada", "And for the lamp."),
    ("speech", "Q", "Who built it?"),
    ("speech", "Ada", "My uncle."),
)


def transcript(*parts, title="The lighthouse"):
    turns = tuple(
        Turn(kind, speaker, None, "en", text, number, (number, number + 1), "certain", "" if number else "title")
        for number, (kind, speaker, text) in enumerate(parts)
    )
    return Transcript(title, "en", PEOPLE, turns, Receipt(0, 0, {}, 0))


def openings(chapters, *, headings=False, parts=PARTS, title="The lighthouse"):
    read = {"speech", "narration"} | ({"heading"} if headings else set())
    spoken = [index for index, (kind, *_) in enumerate(parts) if kind in read or index == 0]
    return dict(chapter_starts(transcript(*parts, title=title), spoken, chapters))


def test_by_question():
    assert openings(Chapters()) == {0: "The lighthouse", 2: "Why did you come?", 7: "Who built it?"}


def test_by_section_from_the_turn_after_the_heading_or_the_heading_that_is_read():
    by_section = Chapters("section", title_columns=10)
    assert openings(by_section) == {0: "Intro", 6: "Part two"}
    assert openings(by_section, headings=True) == {0: "Intro", 4: "Part two"}


def test_by_speaker_with_the_name_and_the_first_words():
    assert openings(Chapters("speaker", title_columns=30)) == {
        0: "The lighthouse",
        2: "Interviewer: You came late",
        3: "Ada: For the sea",
        7: "Interviewer: Who built it?",
        8: "Ada: My uncle",
    }


def test_by_time_every_turn_may_open_one():
    assert openings(Chapters("minutes", title_columns=20)) == {
        0: "The lighthouse",
        1: "She keeps the light",
        2: "Why did you come?",
        3: "Ada: For the sea",
        6: "Ada: And for the…",
        7: "Who built it?",
        8: "Ada: My uncle",
    }


@pytest.mark.parametrize(
    ("title", "language", "first"),
    [
        # Whole where it fits, however it is punctuated.
        ("Salt: how do you keep a light?", "en", "Salt: how do you keep a light?"),
        ("The lighthouse. Why did they stay?", "en", "The lighthouse. Why did they stay?"),
        ("The lamp |", "en", "The lamp"),
        # Without its subtitle.
        ("The last lamp on Grey Gull Rock: two keepers, one goose and a very stubborn light", "en",
         "The last lamp on Grey Gull Rock"),
        ("灰鸥礁的最后一盏灯：两位守塔人、一只鹅和一束倔强的光，以及它们三十年来的全部故事", "zh", "灰鸥礁的最后一盏灯"),
        ("灰鸥礁的最后一盏灯——两位守塔人、一只鹅和一束倔强的光，以及它们三十年来的全部故事", "zh", "灰鸥礁的最后一盏灯"),
        ("Salt: the sea – a keeper tells of thirty winters | The Grey Gull Quarterly Review", "en",
         "Salt: the sea – a keeper tells of thirty winters"),
        ("How do you keep a light? Two keepers of Grey Gull Rock remember thirty winters there", "en",
         "How do you keep a light?"),
        # Where nothing can be left out: no comma ends a title, no quotation is opened and not closed.
        ("Thirty winters, two keepers, one goose and a light that nobody wanted to switch off", "en", "Introduction"),
        ("“We stayed: nobody had told us to go” and other things that the keepers of the light say", "en",
         "Introduction"),
        ("At 12:30 the keepers of the northern light go down to the sea to look for the goose", "en", "Introduction"),
        ("Q: what the two keepers of the northern light have been doing there for thirty winters", "de", "Einleitung"),
        ("一只鹅和一束倔强的光以及它们在灰鸥礁上三十年来的全部故事和所有没有讲完的话还有海", "zh-TW", "引言"),
        ("***", "en", ""),
    ],
)  # fmt: skip
def test_the_first_chapter_is_never_called_by_half_a_title(title, language, first):
    assert preface_title(title, language, Chapters()) == first


@given(st.text(max_size=300), st.integers(8, 80), st.booleans())
def test_what_precedes_the_first_question_has_a_title_that_fits(title, most, numbered):
    found = preface_title(title, "en", Chapters(title_columns=most, numbered=numbered))
    assert columns(found) <= most - 5 * numbered
    assert has_letter_or_digit(found) == has_letter_or_digit(title)


def test_a_chapter_of_a_speaker_has_the_name_that_settings_say():
    told = transcript(*PARTS)
    assert (
        chapter_starts(told, [2, 3], Chapters("speaker", title_columns=30), {"Q": "Nora"})[2] == "Nora: You came late"
    )


@pytest.mark.parametrize("by", ["question", "section", "speaker", "minutes"])
def test_there_is_always_a_first_chapter(by):
    parts = (("speech", "Ada", "I came for the sea."), ("speech", "Ada", "And for the lamp."))
    assert 0 in openings(Chapters(by), parts=parts)
    assert openings(Chapters(by), parts=()) == {}


def test_a_number_takes_its_columns_from_the_title():
    assert openings(Chapters(title_columns=16, numbered=True))[2] == "Why did…"


def test_sections_are_named_by_their_last_heading_and_the_title_is_none():
    parts = (*PARTS[:4], ("heading", None, "Two"), ("heading", None, "Two and a half"), *PARTS[6:])
    assert section_starts(transcript(*parts), [0, 1, 2, 3, 6, 7, 8]) == {6: "Two and a half"}
    assert section_starts(transcript(*PARTS), [1, 2]) == {}


@pytest.mark.parametrize("by", ["question", "section", "speaker", "minutes"])
@pytest.mark.parametrize("title", ["?", "—", "***", "……"])
def test_no_chapter_is_named_by_a_lone_mark(by, title):
    parts = (
        ("narration", None, "She keeps the light."),
        ("speech", "Q", "?! Why?"),
        ("speech", "Ada", "For the sea."),
        ("heading", None, "***"),
        ("speech", "Q", "So. ?"),
        ("speech", "Ada", "So."),
    )
    titles = openings(Chapters(by), parts=parts, title=title)
    assert titles[0] == "She keeps the light"
    assert all(any(map(str.isalnum, one)) for one in titles.values())


@pytest.mark.parametrize("by", ["question", "minutes"])
def test_who_begins_with_an_answer_names_the_first_chapter(by):
    parts = (("speech", "Ada", "I came for the sea."), ("speech", "Q", "Why?"), ("speech", "Ada", "To see it."))
    assert openings(Chapters(by), parts=parts)[0] == "I came for the sea"
