import json

import pytest

from interview_audio.errors import SourceError
from interview_audio.transcript.parsing import parse_transcript


def turns(data: object) -> list[tuple[str | None, str]]:
    text = data if isinstance(data, str) else json.dumps(data, ensure_ascii=False)
    transcript = parse_transcript(text)
    assert transcript.receipt.unaccounted == 0
    return [(turn.speaker, turn.text) for turn in transcript.turns]


def items(words: str, speaker: str) -> list[dict[str, object]]:
    return [
        {"type": "pronunciation", "speaker_label": speaker, "alternatives": [{"content": word}]}
        if word.isalnum()
        else {"type": "punctuation", "alternatives": [{"content": word}]}
        for word in words.split()
    ]


WHISPERX = {
    "segments": [
        {"start": 0.0, "end": 2.0, "text": " Good evening,", "speaker": "SPEAKER_00", "words": [{"word": "Good"}]},
        {"start": 2.1, "end": 3.0, "text": " was it far?", "speaker": "SPEAKER_00"},
        {"start": 3.3, "end": 5.0, "text": " Very far. There", "speaker": "SPEAKER_01"},
        {"start": 5.1, "end": 6.0, "text": " is no road."},
    ],
    "word_segments": [{"word": "Good", "start": 0.0, "speaker": "SPEAKER_00"}],
}
UTTERANCES = {
    "id": "x1",
    "text": "Why did you come? For the birds.",
    "words": [{"text": word, "speaker": "A"} for word in ("Why", "did", "you", "come?")],
    "utterances": [
        {"speaker": "A", "text": "Why did you come?", "start": 100, "end": 900, "words": [{"text": "Why"}]},
        {"speaker": "B", "text": "For the birds.", "start": 1000, "end": 1900},
    ],
}
CHANNELS = {
    "results": {
        "channels": [
            {
                "alternatives": [
                    {
                        "transcript": "Why did you come? For the birds.",
                        "paragraphs": {
                            "paragraphs": [
                                {"sentences": [{"text": "Why did"}, {"text": "you come?"}], "speaker": 0},
                                {"sentences": [{"text": "For the birds."}], "speaker": 1},
                            ]
                        },
                    }
                ]
            }
        ]
    }
}
ELEMENTS = {
    "monologues": [
        {"speaker": 0, "elements": [{"value": "Why"}, {"value": " "}, {"value": "me"}, {"value": "?"}]},
        {"speaker": 1, "elements": [{"value": "Because"}, {"value": "."}]},
    ]
}
BODIES = {
    "version": "1.0.0",
    "segments": [
        {"speaker": "Nora Vale", "startTime": 0.5, "endTime": 0.75, "body": "Why"},
        {"speaker": "Nora Vale", "startTime": 0.75, "endTime": 1, "body": "now?"},
        {"speaker": "Ida Holm", "startTime": 1.2, "endTime": 2, "body": "Winter\ncame."},
    ],
}
MINUTES = {
    "paragraphs": [
        {"speaker": {"id": 1, "name": "王芳"}, "sentences": [{"content": "你好吗？"}, {"content": "最近怎样？"}]},
        {"speaker": {"id": 2, "name": "李雷"}, "sentences": [{"content": "很好。"}]},
    ]
}


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (WHISPERX, [("SPEAKER_00", "Good evening, was it far?"), ("SPEAKER_01", "Very far. There is no road.")]),
        (UTTERANCES, [("A", "Why did you come?"), ("B", "For the birds.")]),
        (CHANNELS, [("Speaker 0", "Why did you come?"), ("Speaker 1", "For the birds.")]),
        (ELEMENTS, [("Speaker 0", "Why me?"), ("Speaker 1", "Because.")]),
        ({"items": [*items("Why me ?", "spk_0"), *items("You asked .", "spk_1")]}, [("spk_0", "Why me?"), ("spk_1", "You asked.")]),
        (BODIES, [("Nora Vale", "Why now?"), ("Ida Holm", "Winter came.")]),
        (MINUTES, [("王芳", "你好吗？最近怎样？"), ("李雷", "很好。")]),
        ('{"speaker": "Nora", "text": "Why?"}\n{"speaker": "Ida", "text": "So."}\n', [("Nora", "Why?"), ("Ida", "So.")]),
        ([{"role": "interviewer", "content": "Why?"}, {"role": "Ida", "content": "So.\n\nYes."}],
         [("interviewer", "Why?"), ("Ida", "So."), ("Ida", "Yes.")]),
        (["Q: Why?", "A: So.", "Q: And you?", "A: No."], [("Q", "Why?"), ("A", "So."), ("Q", "And you?"), ("A", "No.")]),
        ({"text": "Q: Why?\n\nA: So.\n\nQ: And you?\n\nA: No."}, [("Q", "Why?"), ("A", "So."), ("Q", "And you?"), ("A", "No.")]),
        ({"transcription": [{"offsets": {"from": 0}, "text": " The light"}, {"text": " burned."}]}, [(None, "The light burned.")]),
        ('[{"speaker": "Nora", "text": "\\u706f \\ud83d\\ude00 \\"lamp\\"?"}]', [("Nora", '灯 😀 "lamp"?')]),
    ],
)  # fmt: skip
def test_the_list_of_what_is_said_is_found(data: object, expected: list[tuple[str | None, str]]) -> None:
    assert turns(data) == expected


def test_names_before_a_colon_in_segments() -> None:
    said = ("Nora: Why did you", "come here?", "Ida: I like birds.", "And rain.", "Nora: And you?", "Ida: We stay.")
    assert turns({"segments": [{"text": text} for text in said]}) == [
        ("Nora", "Why did you come here?"),
        ("Ida", "I like birds. And rain."),
        ("Nora", "And you?"),
        ("Ida", "We stay."),
    ]


def test_a_pause_in_milliseconds() -> None:
    said = [("The light burned.", 0, 1500), ("We slept.", 1600, 2400), ("Then it rained.", 9000, 9900)]
    data = [{"text": text, "start": start, "end": end} for text, start, end in said]
    assert turns(data) == [(None, "The light burned. We slept."), (None, "Then it rained.")]


def test_the_title_of_the_recording() -> None:
    transcript = parse_transcript(json.dumps({"title": "On salt", **UTTERANCES}))
    assert transcript.title == "On salt"


@pytest.mark.parametrize(
    ("text", "line", "says"),
    [
        ('{"a": 1,\n "b": [1, 2]}', None, "no transcript found"),
        ('[{"text": "a"},\n {"text" "b"}]', 2, "not JSON"),
        ('[{"text":\n "Why \\ud83d?"}]', 2, "only half of a character"),
        ("[" * 100_000, 1, "nested more than"),
        ('["' + '\\"' * 1000, 1, "not JSON"),
    ],
)
def test_what_is_no_transcript_is_one_line(text: str, line: int | None, says: str) -> None:
    with pytest.raises(SourceError, match=says) as caught:
        parse_transcript(text, suffix=".json")
    assert caught.value.line == line
    assert "\n" not in str(caught.value)


def test_a_name_that_is_not_seen_names_nobody() -> None:
    segments = [{"speaker": "\u200b", "text": "Hello there."}, {"speaker": "B\u202een", "text": "Yes."}]
    transcript = parse_transcript(json.dumps({"segments": segments}))
    assert [(turn.kind, turn.speaker) for turn in transcript.turns] == [("narration", None), ("speech", "Ben")]
    assert transcript.receipt.unaccounted == 0


KALDI = """{"retval": {"punct": "Is it on? It is.", "words": [
{"start": 1.0, "end": 1.2, "word": "is", "punct": "Is"}, {"start": 1.2, "end": 1.4, "word": "it", "punct": "it"},
{"start": 1.4, "end": 1.9, "word": "on", "punct": "on?"}, {"start": 3.0, "end": 3.2, "word": "it", "punct": "It"},
{"start": 3.2, "end": 3.9, "word": "is", "punct": "is."}],
"segmentation": {"speakers": [{"@id": "S1"}, {"@id": "S2"}], "segments": [
{"start": 0.9, "duration": 1.5, "speaker": {"@id": "S1"}}, {"start": 2.5, "duration": 1.5, "speaker": {"@id": "S2"}}]}}}"""
SPEECHMATICS = """{"job": {"name": "lamp.mp3", "duration": 4},
"speakers": [{"duration": "1.5", "name": "S1", "time": "0.9"}, {"duration": "1.5", "name": "S2", "time": "2.5"}],
"words": [{"duration": "0.20", "name": "Is", "time": "1.00"}, {"duration": "0.20", "name": "it", "time": "1.20"},
{"duration": "0.50", "name": "on?", "time": "1.40"}, {"duration": "0.20", "name": "It", "time": "3.00"},
{"duration": "0.50", "name": "is.", "time": "3.20"}], "format": "1.0"}"""
SPEECHMATICS_2 = """{"format": "2.9", "results": [
{"alternatives": [{"content": "Is", "speaker": "S1"}], "start_time": 1.0, "end_time": 1.2, "type": "word"},
{"alternatives": [{"content": "it", "speaker": "S1"}], "start_time": 1.2, "end_time": 1.4, "type": "word"},
{"alternatives": [{"content": "on", "speaker": "S1"}], "start_time": 1.4, "end_time": 1.9, "type": "word"},
{"alternatives": [{"content": "?", "speaker": "S1"}], "start_time": 1.9, "end_time": 1.9, "type": "punctuation"},
{"alternatives": [{"content": "It", "speaker": "S2"}], "start_time": 3.0, "end_time": 3.2, "type": "word"},
{"alternatives": [{"content": "is", "speaker": "S2"}], "start_time": 3.2, "end_time": 3.9, "type": "word"},
{"alternatives": [{"content": ".", "speaker": "S2"}], "start_time": 3.9, "end_time": 3.9, "type": "punctuation"}]}"""
AMAZON = """{"results": {"transcripts": [{"transcript": "Is it on? It is."}], "speaker_labels": {"segments": [
{"start_time": "0.9", "end_time": "2.0", "speaker_label": "S1", "items": [{"start_time": "1.0", "end_time": "1.2", "speaker_label": "S1"}]},
{"start_time": "2.9", "end_time": "4.0", "speaker_label": "S2", "items": [{"start_time": "3.0", "end_time": "3.2", "speaker_label": "S2"}]}]},
"items": [{"start_time": "1.0", "end_time": "1.2", "alternatives": [{"content": "Is"}], "type": "pronunciation"},
{"start_time": "1.2", "end_time": "1.4", "alternatives": [{"content": "it"}], "type": "pronunciation"},
{"start_time": "1.4", "end_time": "1.9", "alternatives": [{"content": "on"}], "type": "pronunciation"},
{"alternatives": [{"content": "?"}], "type": "punctuation"},
{"start_time": "3.0", "end_time": "3.2", "alternatives": [{"content": "It"}], "type": "pronunciation"},
{"start_time": "3.2", "end_time": "3.9", "alternatives": [{"content": "is"}], "type": "pronunciation"},
{"alternatives": [{"content": "."}], "type": "punctuation"}]}}"""
AMAZON_BY_CHANNEL = """{"results": {"channel_labels": {"channels": [
{"channel_label": "S1", "items": [{"start_time": "1.0", "end_time": "1.9", "alternatives": [{"content": "Is"}]},
{"start_time": "1.2", "end_time": "1.4", "alternatives": [{"content": "it"}]},
{"start_time": "1.4", "end_time": "1.9", "alternatives": [{"content": "on?"}]}]},
{"channel_label": "S2", "items": [{"start_time": "3.0", "end_time": "3.2", "alternatives": [{"content": "It"}]},
{"start_time": "3.2", "end_time": "3.9", "alternatives": [{"content": "is."}]}]}]},
"items": [{"start_time": "1.0", "end_time": "1.2", "alternatives": [{"content": "Is"}], "type": "pronunciation"},
{"start_time": "1.2", "end_time": "1.4", "alternatives": [{"content": "it"}], "type": "pronunciation"},
{"start_time": "1.4", "end_time": "1.9", "alternatives": [{"content": "on?"}], "type": "pronunciation"},
{"start_time": "3.0", "end_time": "3.2", "alternatives": [{"content": "It"}], "type": "pronunciation"},
{"start_time": "3.2", "end_time": "3.9", "alternatives": [{"content": "is."}], "type": "pronunciation"}]}}"""
IBM = """{"results": [{"final": true, "alternatives": [{"transcript": "Is it on? ", "confidence": 0.9,
"timestamps": [["Is", 1.0, 1.2], ["it", 1.2, 1.4], ["on?", 1.4, 1.9]]}]},
{"final": true, "alternatives": [{"transcript": "It is. ", "timestamps": [["It", 3.0, 3.2], ["is.", 3.2, 3.9]]}]}],
"speaker_labels": [{"from": 1.0, "to": 1.2, "speaker": 1, "final": false}, {"from": 1.2, "to": 1.4, "speaker": 1},
{"from": 1.4, "to": 1.9, "speaker": 1}, {"from": 3.0, "to": 3.2, "speaker": 2}, {"from": 3.2, "to": 3.9, "speaker": 2}]}"""
GOOGLE = """{"response": {"results": [
{"alternatives": [{"transcript": "Is it on?", "words": [{"startTime": "1s", "endTime": "1.900s", "word": "Is"}]}]},
{"alternatives": [{"transcript": " It is."}]},
{"alternatives": [{"words": [{"startTime": "1s", "endTime": "1.200s", "word": "Is", "speakerTag": 1},
{"startTime": "1.200s", "endTime": "1.400s", "word": "it", "speakerTag": 1},
{"startTime": "1.400s", "endTime": "1.900s", "word": "on?", "speakerTag": 1},
{"startTime": "3s", "endTime": "3.200s", "word": "It", "speakerTag": 2},
{"startTime": "3.200s", "endTime": "3.900s", "word": "is.", "speakerTag": 2}]}]}]}}"""
REV = """{"monologues": [{"speaker": 1, "elements": [{"type": "text", "value": "Is", "ts": 1.0, "end_ts": 1.2},
{"type": "punct", "value": " "}, {"type": "text", "value": "it"}, {"type": "punct", "value": " "},
{"type": "text", "value": "on"}, {"type": "punct", "value": "?"}]},
{"speaker": 2, "elements": [{"type": "text", "value": "It"}, {"type": "punct", "value": " "},
{"type": "text", "value": "is"}, {"type": "punct", "value": "."}]}]}"""
DEEPGRAM = """{"metadata": {"duration": 4}, "results": {"channels": [{"alternatives": [{"transcript": "Is it on? It is.",
"words": [{"word": "is", "punctuated_word": "Is", "start": 1.0, "end": 1.2, "speaker": 1},
{"word": "it", "punctuated_word": "it", "start": 1.2, "end": 1.4, "speaker": 1},
{"word": "on", "punctuated_word": "on?", "start": 1.4, "end": 1.9, "speaker": 1},
{"word": "it", "punctuated_word": "It", "start": 3.0, "end": 3.2, "speaker": 2},
{"word": "is", "punctuated_word": "is.", "start": 3.2, "end": 3.9, "speaker": 2}]}]}]}}"""
ASSEMBLY = """{"text": "Is it on? It is.", "words": [{"text": "Is", "start": 1000, "end": 1200, "speaker": "S1"}],
"utterances": [{"speaker": "S1", "text": "Is it on?", "start": 1000, "end": 1900, "words": [{"text": "Is", "speaker": "S1"}]},
{"speaker": "S2", "text": "It is.", "start": 3000, "end": 3900, "words": [{"text": "It", "speaker": "S2"}]}]}"""


@pytest.mark.parametrize(
    "text",
    [KALDI, SPEECHMATICS, SPEECHMATICS_2, AMAZON, AMAZON_BY_CHANNEL, IBM, GOOGLE, REV, DEEPGRAM, ASSEMBLY],
    ids=[
        "Kaldi",
        "Speechmatics 1",
        "Speechmatics 2",
        "Amazon",
        "Amazon by channel",
        "IBM",
        "Google",
        "Rev",
        "Deepgram",
        "AssemblyAI",
    ],
)
def test_words_are_given_to_whoever_speaks_at_their_time(text: str) -> None:
    transcript = parse_transcript(text)
    said = [(str(turn.speaker).removeprefix("Speaker ").removeprefix("S"), turn.text) for turn in transcript.turns]
    assert said == [("1", "Is it on?"), ("2", "It is.")]
    assert transcript.receipt.unaccounted == 0


@pytest.mark.parametrize(
    "text",
    [
        """{"speakers": [{"spkid": "spk1", "name": "Nora Vale"}, {"spkid": "spk2", "name": "Ida Holm"}],
        "segments": [{"speaker": "spk1", "words": [{"text": "Is", "start": 1.0, "end": 1.2}, {"text": "it?"}]},
        {"speaker": "spk2", "words": [{"text": "It"}, {"text": "is."}]}]}""",
        """{"meta": {"participants": [{"id": 0, "name": "Nora Vale"}, {"id": 1, "name": "Ida Holm"}]},
        "utterances": [{"speaker": 0, "text": "Is it?"}, {"speaker": 1, "text": "It is."}]}""",
    ],
)
def test_speakers_are_called_by_the_names_that_are_listed_for_them(text: str) -> None:
    transcript = parse_transcript(text)
    assert [(turn.speaker, turn.text) for turn in transcript.turns] == [("Nora Vale", "Is it?"), ("Ida Holm", "It is.")]
    assert transcript.receipt.unaccounted == 0


def test_chapters_each_with_its_turns_are_read_in_their_order() -> None:
    chapters = [
        {"title": title, "segments": [{"speaker": who, "text": f"{who} says {word}."} for who in ("Nora", "Ida")]}
        for title, word in (("One", "so"), ("Two", "no"), ("Three", "that it is so"))
    ]
    turns = parse_transcript(json.dumps({"chapters": chapters}), suffix=".json").turns
    assert [turn.speaker for turn in turns] == ["Nora", "Ida"] * 3
    assert [turn.text for turn in turns][2:4] == ["Nora says no.", "Ida says no."]


def test_the_parts_of_a_message_are_its_text() -> None:
    exported = {
        "name": "Lamp",
        "messages": [
            {"from": "Nora Vale", "text": ["See (", {"type": "link", "text": "the lamp"}, "), is it lit?"]},
            {"from": "Ida Holm", "text": "It is."},
            {"from": "Nora Vale", "text": ["", {"type": "bold", "text": "Still"}, " lit?"]},
            {"from": "Ida Holm", "text": [{"type": "plain", "text": "Still."}, {"type": "plain", "text": "Go home."}]},
        ],
    }
    assert turns(exported) == [
        ("Nora Vale", "See (the lamp), is it lit?"),
        ("Ida Holm", "It is."),
        ("Nora Vale", "Still lit?"),
        ("Ida Holm", "Still. Go home."),
    ]
    asked = {"role": "user", "content": [{"type": "text", "text": "Is it lit?"}, {"type": "image", "source": {}}]}
    assert turns([asked, {"role": "assistant", "content": [{"type": "text", "text": "It is."}]}]) == [
        ("user", "Is it lit?"),
        ("assistant", "It is."),
    ]


def test_turns_with_speakers_under_a_key_of_text_are_no_parts_of_one() -> None:
    said = [{"speaker": "A", "text": "Is it lit?"}, {"speaker": "B", "text": "It is."}]
    assert turns([{"id": 1, "content": said}]) == [("A", "Is it lit?"), ("B", "It is.")]


def test_a_sentence_beside_what_is_said_is_not_read_and_not_lost() -> None:
    data = {
        "description": 'A talk about the lamp. It was "recorded" in March.',
        "model": "lamp 2.0.",
        "text": "Is it lit? And now? It is.",
        "segments": [
            {"speaker": "A", "text": "Is it lit?", "note": "She looks at the sea for long."},
            {"speaker": "A", "text": "And now?", "alternatives": [{"text": "And now?"}, {"text": "And how was it?"}]},
            {"type": "scene", "description": "门在他们身后关上了。"},
            {"speaker": "B", "text": "It is."},
        ],
    }
    transcript = parse_transcript(json.dumps(data))
    assert transcript.receipt.unaccounted == 0
    assert [turn.text for turn in transcript.turns if turn.kind == "speech"] == ["Is it lit? And now?", "It is."]
    assert [turn.text for turn in transcript.turns if turn.kind == "boilerplate"] == [
        'A talk about the lamp. It was "recorded" in March.',
        "She looks at the sea for long.",
        "门在他们身后关上了。",
    ]
