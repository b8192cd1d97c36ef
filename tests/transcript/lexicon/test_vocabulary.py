from interview_audio.transcript.lexicon.vocabulary import phrase_set, word_set


def test_words_and_phrases() -> None:
    assert word_set("a b\n  c") == {"a", "b", "c"}
    assert phrase_set("a b |\n  c") == {"a b", "c"}
