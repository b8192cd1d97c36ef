from interview_audio.transcript.lexicon.typography import are_utterances, is_conversational


def test_people_who_talk_ask_or_say_i_and_you() -> None:
    assert is_conversational(["Why", "So", "It rained on you"])
    assert is_conversational(["灯塔很高", "你不怕"])
    assert not is_conversational(["12 crowns", "grey"])
    assert not is_conversational([])


def test_utterances_are_sentences_mostly() -> None:
    assert are_utterances(["It rained.", "12 crowns"])
    assert are_utterances([])
    assert not are_utterances(["It rained.", "12 crowns", "grey"])
