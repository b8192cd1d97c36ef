import pytest

from interview_audio.production.sidecars.line_breaks import CLAUSE, SENTENCE, WORD, columns_of, measured


def breaks(text, word_starts=()):
    """The text with a bar wherever it may be cut."""
    places = [*measured(text, word_starts).breaks]
    return "|".join(text[start:end] for start, end in zip([0, *places], places, strict=False))


@pytest.mark.parametrize(
    "expected",
    [
        # Latin: spaces, and a dash without any.
        "Wait… |what? |I—|well—|never |thought |so.",
        "A |(bracketed |word) |and |“quotes,” |he |said.",
        'He |said |"no |way" |and |left.',
        # Numbers stay with their unit.
        "About |35.5 % |of |$ 1,200 |or |5 € |here.",
        # French: no line begins with a mark or ends with an opening guillemet. German guillemets point inwards.
        "Vraiment ? |Oui ! |« Bien |sûr » : |dit-il ; |non.",
        "No\u00a0break, |Monsieur\u202f!",
        "Er |sagte |»Ja« |und |ging.",
        # Chinese.
        "“你|好，”|他|说，|（就|这|样）|吧。",
        '"我|很|好,"|他|说,|"但|是|不。"',
        "我|们|说|的|是——|两|周|前……|好。",
        "价|格|￥100|元，|涨|了|35.5%|吧！？",
        # Japanese: small kana, the long vowel and repetition marks begin no line.
        "ちょっ|と|ファー|ス|ト|「は|い」|と|人々",
        "２０２４|年|の|ＡＩ|で|す",
        # Hangul has spaces.
        "안녕하세요 |저는 |사람입니다",
        # What looks like one character is one: joined, coloured, combined, flags.
        "👨\u200d👩\u200d👧|👍🏽|🇫🇷",
    ],
)
def test_where_a_text_may_be_cut(expected):
    assert breaks(expected.replace("|", "")) == expected


def test_sentences_read_better_than_clauses_and_those_better_than_words():
    assert measured("Mr. Good: well done; yes. No more", ()).breaks == {
        4: -6.0,
        10: CLAUSE,
        15: -0.4,
        21: CLAUSE,
        26: SENTENCE,
        29: -0.4,
        33: SENTENCE,
    }


def test_short_words_and_names_lean_on_what_follows():
    assert measured("Then Ada Brook of the north left", ()).breaks == {
        5: -0.8,
        9: -0.8,
        15: WORD,
        18: -0.4,
        22: -0.4,
        28: WORD,
        32: SENTENCE,
    }


def test_chinese_breaks_where_words_begin_and_not_before_particles():
    assert measured("我们的工作，12月", {3, 5}).breaks == {
        1: -0.4,
        2: -0.4,
        3: WORD,
        4: -0.5,
        6: CLAUSE,
        8: -6.0,
        9: SENTENCE,
    }


def test_an_address_is_cut_at_its_joints_and_a_word_too_long_for_a_line_anywhere():
    assert breaks("https://example.org/a-long/path/to?page=12 ok") == (
        "https://|example.org/|a-|long/|path/|to?|page=|12 |ok"
    )
    assert [*measured("x" * 100, ()).breaks] == [42, 84, 100]


def test_quotation_marks_are_wide_among_chinese_only():
    assert (columns_of("“ab”…"), columns_of("“中”…"), columns_of("e\u0301")) == (50, 21 * 3 + 10, 10)
