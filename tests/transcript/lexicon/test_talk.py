from interview_audio.transcript.lexicon.typography import are_utterances, sounds_like_talk


def test_people_who_talk_ask_or_say_i_and_you() -> None:
    assert sounds_like_talk(["Why", "So", "It rained on you"])
    assert sounds_like_talk(["灯塔很高", "你不怕"])
    assert not sounds_like_talk(["12 crowns", "grey"])
    assert not sounds_like_talk([])


def test_utterances_are_sentences_mostly() -> None:
    assert are_utterances(["It rained.", "12 crowns"])
    assert are_utterances([])
    assert not are_utterances(["It rained.", "12 crowns", "grey"])
