import pytest
from hypothesis import given
from hypothesis import strategies as st

from interview_audio.configuration.settings import Chapters
from interview_audio.production.timeline import (
    MOST_CHAPTERS,
    Chapter,
    ChapterRules,
    MarkedChapters,
    chapter_rules,
    mark_chapters,
)


def marks(openings, length=1000, shortest=0, *, has_preface=False, **rules):
    found = mark_chapters(openings, length, ChapterRules(shortest, **rules), has_preface=has_preface)
    return [(chapter.title, chapter.start, chapter.end) for chapter in found.chapters]


def test_no_opening_is_no_chapter():
    assert mark_chapters([], 1000, ChapterRules(10)) == MarkedChapters((), ())


def test_chapters_are_contiguous_from_the_first_sample_to_the_last():
    assert marks([(50, "a"), (300, "b"), (700, "c")]) == [("a", 0, 300), ("b", 300, 700), ("c", 700, 1000)]


def test_a_short_chapter_joins_the_one_before():
    assert marks([(0, "a"), (300, "b"), (390, "c")], shortest=100) == [("a", 0, 390), ("c", 390, 1000)]


def test_a_short_last_chapter_joins_the_one_before():
    assert marks([(0, "a"), (300, "b"), (950, "c")], shortest=100) == [("a", 0, 300), ("b", 300, 1000)]


def test_a_short_first_chapter_joins_the_next_and_keeps_the_title_of_what_begins_it():
    assert marks([(0, "a"), (90, "b"), (500, "c")], shortest=100) == [("a", 0, 500), ("c", 500, 1000)]


def test_a_short_preface_joins_the_next_whose_title_stays():
    openings = [(0, "a"), (90, "b"), (500, "c")]
    assert marks(openings, shortest=100, has_preface=True) == [("b", 0, 500), ("c", 500, 1000)]
    assert marks(openings, shortest=90, has_preface=True)[0] == ("a", 0, 90)
    assert marks(openings[:1], shortest=100, has_preface=True) == [("a", 0, 1000)]


def test_short_first_chapters_join_until_they_are_long_enough_and_never_take_the_last_title():
    openings = [(0, "a"), (60, "b"), (80, "c"), (95, "d"), (500, "e")]
    assert marks(openings, shortest=100) == [("a", 0, 500), ("e", 500, 1000)]
    assert marks(openings, shortest=100, has_preface=True) == [("b", 0, 500), ("e", 500, 1000)]
    assert marks(openings, shortest=9999, has_preface=True) == [("b", 0, 1000)]


def test_short_chapters_that_follow_one_another_are_long_together():
    openings = [(index * 40, str(index)) for index in range(10)]
    assert marks(openings, 400, 100) == [("0", 0, 120), ("3", 120, 240), ("6", 240, 400)]


def test_a_few_short_chapters_before_a_long_one_join_the_one_before():
    openings = [(0, "a"), (300, "b"), (340, "c"), (390, "d")]
    assert marks(openings, shortest=100) == [("a", 0, 390), ("d", 390, 1000)]


def test_a_single_chapter_stays_however_short():
    assert marks([(10, "a")], length=50, shortest=100) == [("a", 0, 50)]


def test_by_time_the_first_opening_of_each_stretch_is_taken():
    openings = [(start, str(start)) for start in (5, 90, 140, 190, 460, 480, 520)]
    assert marks(openings, spacing=100) == [("5", 0, 140), ("140", 140, 460), ("460", 460, 520), ("520", 520, 1000)]


def test_numbers_count_the_chapters_that_are_left():
    openings = [(0, "a"), (300, "b"), (390, "c"), (700, "d")]
    assert [title for title, *_ in marks(openings, shortest=100, numbered=True)] == ["1. a", "2. c", "3. d"]


def test_the_settings_in_samples():
    assert chapter_rules(Chapters(min_seconds=1.5), 44100) == ChapterRules(66150)
    assert chapter_rules(Chapters("minutes", 2, 20, numbered=True), 1000) == ChapterRules(20000, 120000, numbered=True)


def test_255_chapters_stay():
    assert len(marks([(index * 10, str(index)) for index in range(255)], 2550)) == 255


def test_of_256_chapters_the_shortest_joins_the_one_before_with_a_warning():
    openings = [(index * 10 - (index > 100), str(index)) for index in range(256)]
    found = mark_chapters(openings, 2560, ChapterRules())
    assert len(found.chapters) == MOST_CHAPTERS
    assert found.chapters[99] == Chapter("99", 990, 1009)
    assert found.warnings == (
        "256 chapters, but players show at most 255; the shortest were merged into the one before; "
        "raise chapters.min_seconds for fewer",
    )


@given(
    st.lists(st.integers(0, 100_000), max_size=400, unique=True).map(sorted), st.integers(1, 5000), st.integers(0, 3000)
)
def test_chapters_always_cover_the_episode(starts, rest, shortest):
    length = (starts[-1] if starts else 0) + rest
    chapters = mark_chapters([(start, str(start)) for start in starts], length, ChapterRules(shortest)).chapters
    assert bool(chapters) == bool(starts)
    assert len(chapters) <= MOST_CHAPTERS
    edges = [0, *(chapter.end for chapter in chapters)]
    assert [chapter.start for chapter in chapters] == edges[:-1]
    assert edges[-1] == (length if chapters else 0)
    if len(chapters) > 1:
        assert min(chapter.end - chapter.start for chapter in chapters) >= min(shortest, 1)


@pytest.mark.parametrize("shortest", [1, 37, 500])
def test_no_chapter_is_short_when_there_are_several(shortest):
    chapters = mark_chapters(
        [(index * index, str(index)) for index in range(31)], 1000, ChapterRules(shortest)
    ).chapters
    assert len(chapters) == 1 or min(chapter.end - chapter.start for chapter in chapters) >= shortest
