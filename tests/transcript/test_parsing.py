import ast
from pathlib import Path

import pytest

import interview_audio
from interview_audio.configuration.settings import Speaker
from interview_audio.errors import ConfigurationError, SourceError
from interview_audio.transcript.parsing import parse_transcript
from interview_audio.transcript.turns import Person, Receipt, Transcript, Turn

PACKAGE = Path(interview_audio.__file__).parent


def test_a_whole_transcript() -> None:
    assert parse_transcript("On salt\n\nQ: Why?\n\n**Holm:** So (laughs).") == Transcript(
        title="On salt",
        language="en",
        speakers=(
            Person("Q", "host", "unknown", "", (), "label, 1 turn; the text does not name them for sure"),
            Person("Holm", "guest", "unknown", "", (), "label, 1 turn"),
        ),
        turns=(
            Turn("heading", None, None, "en", "On salt", 1, (0, 7), "certain", "title"),
            Turn("speech", "Q", "Q", "en", "Why?", 3, (12, 16), "certain", "label Q"),
            Turn("speech", "Holm", "Holm", "en", "So.", 5, (28, 40), "certain", "label Holm"),
        ),
        receipt=Receipt(
            40,
            7,
            {"label": 7, "whitespace": 7, "markup": 4, "boilerplate": 0, "heading": 7, "quote": 0, "stage": 8},
            0,
        ),
    )


def test_the_title_that_the_user_says() -> None:
    assert parse_transcript("On salt\n\nQ: Why?\n\nHolm: So.", title="Salt").title == "Salt"
    assert parse_transcript("Q: Why?\n\nHolm: So.").title == ""


def test_the_language_that_the_user_says() -> None:
    transcript = parse_transcript("Q: Почему?\n\nA: Потому что.", language="ru-RU")
    assert {transcript.language, *(turn.language for turn in transcript.turns)} == {"ru"}


def test_one_paragraph_is_one_turn_and_lines_count_from_one() -> None:
    transcript = parse_transcript("Q: a?\nHolm: b.\nc.\n\n\nd.\nQ: e?\nHolm: f.")
    assert [(turn.line, turn.speaker) for turn in transcript.turns] == [
        (1, "Q"),
        (2, "Holm"),
        (3, "Holm"),
        (6, "Holm"),
        (7, "Q"),
        (8, "Holm"),
    ]


def test_speakers_are_in_order_of_appearance_and_know_their_short_forms() -> None:
    transcript = parse_transcript(
        "Ida Holm said on the phone:\n\nI am late.\n\nQ: Ida, why?\n\nIH: So.\n\nQ: And?\n\nIH: So."
    )
    assert [(person.name, person.aliases) for person in transcript.speakers] == [("Ida Holm", ("IH", "Ida")), ("Q", ())]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "no words"),
        ("🙂 123", "no words"),
    ],
)
def test_what_is_no_interview_is_one_line_that_says_what_to_do(text: str, says: str) -> None:
    with pytest.raises(SourceError, match=says) as caught:
        parse_transcript(text)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    "text",
    [
        "On salt\n\nA tower has no speakers. It stands.\n\nThey say you can see it.\n\nFollow us on the web",
        "盐的故事\n\n从前有一座塔。它很高。\n\n我们还能看见它。\n\n关注我们的公众号",
    ],
)
def test_a_text_without_labels_is_one_narrators(text: str) -> None:
    transcript = parse_transcript(text)
    assert [(turn.kind, turn.speaker, turn.reason) for turn in transcript.turns] == [
        ("heading", None, "title"),
        ("narration", None, "no speaker labels found"),
        ("narration", None, "no speaker labels found"),
        ("boilerplate", None, "asks to follow or subscribe"),
    ]
    assert transcript.speakers == ()
    assert transcript.title == text.partition("\n")[0]


def test_what_only_a_credit_names_speaks_not() -> None:
    transcript = parse_transcript("Host: Nora Vale\n\nA tower.")
    assert [(turn.kind, turn.text) for turn in transcript.turns] == [
        ("narration", "Host: Nora Vale"),
        ("narration", "A tower."),
    ]


def test_the_speaker_whom_a_format_names_is_certain() -> None:
    text = '[{"speaker": "Q", "text": "Why?"}, {"speaker": "Note", "text": "The light."}, '
    text += '{"speaker": "Q", "text": "Now?"}, {"text": "So it is."}]'
    assert [
        (turn.kind, turn.speaker, turn.label, turn.confidence, turn.reason) for turn in parse_transcript(text).turns
    ] == [
        ("speech", "Q", "Q", "certain", "speaker of the segment"),
        ("speech", "Note", "Note", "certain", "speaker of the segment"),
        ("speech", "Q", "Q", "certain", "speaker of the segment"),
        ("speech", "Note", None, "inferred", "answers line 1: answers most often"),
    ]


def test_a_turn_ends_behind_its_last_escape() -> None:
    text = "<p>Q: Why &amp;?</p><p>Holm: I am &gt;</p><p>Q: And you?</p><p>Holm: We are.</p>"
    assert [text[slice(*turn.source)] for turn in parse_transcript(text).turns] == [
        "Why &amp;?",
        "I am &gt;",
        "And you?",
        "We are.",
    ]


def test_a_source_of_windows_and_a_source_of_unix_give_the_same_words() -> None:
    one = parse_transcript("Q: a?\u2028Holm: b.\u2029c.")
    assert [turn.text for turn in one.turns] == ["a?", "b.", "c."]


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
    with pytest.raises(SourceError, match=r"line 11: nobody is declared as 'Tomas Ryes'; did you mean 'Tomas Reyes'\?"):
        parse_transcript(TALK.format(label="Tomas Ryes"), known=known)


@pytest.mark.parametrize("label", ["Tomas Reye", "Nora Vale"])
def test_a_name_of_the_settings_that_almost_is_a_label_stops_with_its_own_place(label):
    known = {"Thomas Reyes": Speaker("Thomas Reyes", ("TR",), place=("voices.yaml", 4, 3))}
    with pytest.raises(ConfigurationError) as caught:
        parse_transcript(TALK.format(label=label), known=known)
    assert str(caught.value) == (
        "voices.yaml:4:3: nobody is called Thomas Reyes; did you mean 'Tomas Reyes'? "
        "If that is somebody else (line 3 of the text), add Tomas Reyes: {}"
    )


def test_where_another_form_of_the_name_speaks_the_text_is_wrong():
    known = {"Tomas Reyes": Speaker("Tomas Reyes", ("TR",), place=("voices.yaml", 4, 3))}
    text = TALK.format(label="TR").replace("Tomas Reyes: Nearly", "Tomas Ryes: Nearly").replace("Tomas Reyes", "TR")
    with pytest.raises(
        SourceError, match=r"line \d+: nobody is declared as 'Tomas Ryes'; did you mean 'Tomas Reyes'\?"
    ):
        parse_transcript(text, known=known)


def test_a_label_that_almost_is_a_name_of_the_front_matter_is_a_guess_with_a_warning():
    text = "---\nspeakers: [Ida Holm, Tomas Reyes]\n---\n\n" + TALK.format(label="Ida Hlom")
    transcript = parse_transcript(text)
    assert transcript.warnings == ("line 15: 'Ida Hlom' is read as 'Ida Holm', whom the front matter declares",)
    turn = next(turn for turn in transcript.turns if turn.label == "Ida Hlom")
    assert (turn.speaker, turn.confidence, turn.reason) == ("Ida Holm", "guessed", "label Ida Hlom, close to Ida Holm")


def test_a_misprint_of_a_label_that_recurs_is_a_guess():
    turn = parse_transcript(TALK.format(label="Tomas Ryes")).turns[5]
    assert (turn.speaker, turn.label, turn.text) == ("Tomas Reyes", "Tomas Ryes", "Not at night.")
    assert (turn.confidence, turn.reason) == ("guessed", "label Tomas Ryes, close to Tomas Reyes")


@pytest.mark.parametrize("search", ["find_front_matter", "find_declarations", "find_question_headings"])
def test_what_concerns_the_whole_document_is_looked_for_in_one_place(search: str) -> None:
    """Later steps take it as a value: two searches could disagree, and cost twice."""
    calls = [
        path.name
        for path in PACKAGE.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == search
    ]
    assert len(calls) == 1


def test_reading_everything_leaves_out_labels_times_and_markup_alone() -> None:
    text = (
        "---\ntitle: Salt\n---\n\nBy Nora Vale\n\n00:00 Oil\n02:10 More oil\n\n[00:01] Nora: Why?\n\n[00:05] Ida: So.\n\n"
        "▲ The stairs. Photograph by Lena Fisk\n\n[00:09] Nora: And?\n\n[00:12] Ida: It is.\n\n© Grey Gull\n\nFollow us on the web."
    )
    read = parse_transcript(text, reads_everything=True)
    unread = [(turn.kind, turn.reason) for turn in read.turns if turn.kind not in ("speech", "narration")]
    assert unread == [("boilerplate", "front matter")]
    assert [turn.text for turn in read.turns] == [turn.text for turn in parse_transcript(text).turns]
    assert read.receipt.unaccounted == 0


def test_keys_that_are_printed_above_a_text_are_read_where_everything_is() -> None:
    text = "# Salt\n\nPodcast: Lamp Talk\nDate: 2024-03-01\nDuration: 12:10\n\nNora: Why?\n\nIda: So.\n\nNora: When?\n\nIda: Now."
    kinds = [
        [turn.kind for turn in parse_transcript(text, reads_everything=everything).turns][1:4]
        for everything in (False, True)
    ]
    assert kinds == [["boilerplate"] * 3, ["narration"] * 3]


def test_the_title_is_the_same_where_everything_is_read() -> None:
    text = "By Nora Vale\n\nThe salt\n\nNora: Why?\n\nIda: So."
    titles = [parse_transcript(text, reads_everything=everything).title for everything in (False, True)]
    assert titles == ["The salt"] * 2
