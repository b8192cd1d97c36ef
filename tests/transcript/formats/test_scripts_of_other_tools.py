"""Scripts that other tools speak: SSML, podcastfy and Dia; their tags are what they say, and never words."""

import pytest

from interview_audio.transcript.parsing import parse_transcript

SSML = """<?xml version="1.0"?>
<speak version="1.0" xmlns="http://www.w3.org/2001/10/synthesis" xml:lang="en-US">
<p><s>Welcome to the show.</s> <break time="500ms"/> <s>The light is on.</s></p>
<p>It <emphasis>is</emphasis> on, <prosody rate="slow">as ever</prosody>.</p>
</speak>
"""
PODCASTFY = """<Person1> "Welcome to the show. Is the light on?" </Person1>
<Person2> It is on. </Person2><Person1> At night too? </Person1>
<Person2> At night, too. </Person2>
"""
DIA = "[S1] Welcome to the show. (laughs) [S2] Thanks. [S1] Is the light on? [S2] It is."
HTML = """<html><body><article><h1>The light</h1>
<p><b>Q:</b> Why <em>here</em> of all places?</p><p><b>Ida Holm:</b> It <em>had</em> to be. <break time="1s"/> I read
<em>Moby Dick</em> and H<sub>2</sub>O.</p><p><b>Q:</b> And then?</p><p><b>Ida Holm:</b> Then it was dark.</p>
</article></body></html>"""


@pytest.mark.parametrize(
    "ssml", [SSML, SSML.partition("\n")[2].replace(' xmlns="http://www.w3.org/2001/10/synthesis"', "")]
)
def test_ssml(ssml):
    transcript = parse_transcript(ssml)
    assert [turn.text for turn in transcript.turns] == ["Welcome to the show. The light is on.", "It is on, as ever."]
    assert [mark.pause for mark in transcript.turns[0].marks] == [0.5]
    assert [(mark.is_stressed, mark.rate) for mark in transcript.turns[1].marks] == [(True, 1), (False, 0.8)]
    assert transcript.receipt.unaccounted == 0


@pytest.mark.parametrize(
    ("source", "turns"),
    [
        (
            PODCASTFY,
            [
                ("Person1", '"Welcome to the show. Is the light on?"'),
                ("Person2", "It is on."),
                ("Person1", "At night too?"),
                ("Person2", "At night, too."),
            ],
        ),
        (DIA, [("S1", "Welcome to the show."), ("S2", "Thanks."), ("S1", "Is the light on?"), ("S2", "It is.")]),
    ],
)
def test_speakers_of_other_tools(source, turns):
    transcript = parse_transcript(source)
    assert [(turn.speaker, turn.text) for turn in transcript.turns] == turns
    assert transcript.receipt.unaccounted == 0


def test_a_page_stresses_what_it_emphasises():
    transcript = parse_transcript(HTML, suffix=".html")
    said = [turn for turn in transcript.turns if turn.speaker]
    assert [turn.text for turn in said[:2]] == [
        "Why here of all places?",
        "It had to be. I read Moby Dick and H2O.",
    ]
    stressed = [turn.text[mark.start : mark.end] for turn in said for mark in turn.marks if mark.is_stressed]
    assert stressed == ["here", "had"]
    assert [mark.pause for mark in said[1].marks if mark.pause] == [1]
    assert transcript.receipt.unaccounted == 0
