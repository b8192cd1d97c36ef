"""Labels that are declared speak, labels that are almost declared stop, and a misprint goes to whom it means."""

import pytest

from interview_audio.configuration.settings import Speaker
from interview_audio.errors import ConfigurationError, SourceError
from interview_audio.transcript.parsing import parse_transcript

TALK = """Ida Holm: I look at the sea.

Tomas Reyes: So do I.

Ida Holm: Every day.

Tomas Reyes: Nearly.

Ida Holm: And at night.

{label}: Not at night.

Tomas Reyes: Well.

Tomas Reyes: Good night."""


def test_a_label_that_almost_is_a_declared_speaker_stops_with_its_line():
    known = {"Tomas Reyes": Speaker(name="Tomas Reyes")}
    with pytest.raises(SourceError, match=r"did you mean Tomas Reyes\? \(line 11: 'Tomas Ryes:'\)"):
        parse_transcript(TALK.format(label="Tomas Ryes"), known=known)


@pytest.mark.parametrize("label", ["Tomas Reye", "Nora Vale"])
def test_a_name_of_the_settings_that_almost_is_a_label_stops_with_its_own_place(label):
    known = {"Thomas Reyes": Speaker("Thomas Reyes", ("TR",), place=("voices.yaml", 4, 3))}
    with pytest.raises(ConfigurationError) as caught:
        parse_transcript(TALK.format(label=label), known=known)
    assert str(caught.value) == (
        "voices.yaml:4:3: nobody is called Thomas Reyes; did you mean Tomas Reyes (line 3 of the text)? "
        "If that is somebody else, add Tomas Reyes: {}"
    )


def test_where_another_form_of_the_name_speaks_the_text_is_wrong():
    known = {"Tomas Reyes": Speaker("Tomas Reyes", ("TR",), place=("voices.yaml", 4, 3))}
    text = TALK.format(label="TR").replace("Tomas Reyes: Nearly", "Tomas Ryes: Nearly").replace("Tomas Reyes", "TR")
    with pytest.raises(SourceError, match=r"did you mean Tomas Reyes\? \(line \d+: 'Tomas Ryes:'\)"):
        parse_transcript(text, known=known)


def test_front_matter_declares_speakers_too():
    text = "---\nspeakers: [Ida Holm, Tomas Reyes]\n---\n\n" + TALK.format(label="Ida Hlom")
    with pytest.raises(SourceError, match=r"did you mean Ida Holm\? \(line 15: 'Ida Hlom:'\)"):
        parse_transcript(text)


def test_a_misprint_of_a_label_that_recurs_is_a_guess():
    turn = parse_transcript(TALK.format(label="Tomas Ryes")).turns[5]
    assert (turn.speaker, turn.label, turn.text) == ("Tomas Reyes", "Tomas Ryes", "Not at night.")
    assert (turn.confidence, turn.reason) == ("guessed", "label Tomas Ryes, close to Tomas Reyes")
