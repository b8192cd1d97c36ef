"""What follows a word that is not known."""

from interview_audio.errors import did_you_mean, nearest, suggestion


def test_the_nearest_word_is_suggested():
    assert did_you_mean("engin", ["speakers", "engine"]) == "; did you mean 'engine'?"


def test_without_a_near_one_the_words_are_listed_in_their_order():
    assert did_you_mean("topic", ["question", "section"]) == "; known: question, section"


def test_a_message_can_say_something_better_than_the_list():
    assert did_you_mean("x", ["af_heart"], "list them with: voices list") == "; list them with: voices list"


def test_case_makes_no_difference_and_the_known_spelling_is_given():
    assert nearest("MP3", ["flac", "mp3"]) == "mp3"
    assert nearest("ada EXAMPEL", ["Ada Example"]) == "Ada Example"


def test_what_is_meant_may_be_known_beforehand():
    assert suggestion("zh", "write one like zh or en") == "; did you mean 'zh'?"
    assert suggestion(None, "write one like zh or en") == "; write one like zh or en"
