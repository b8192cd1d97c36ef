"""The script: what is read, by whom, with which pause, and where chapters may begin."""

from dataclasses import replace

import pytest

from interview_audio.configuration.loading import load_settings
from interview_audio.configuration.settings import Pauses
from interview_audio.engines.registry import load_engine
from interview_audio.errors import SourceError
from interview_audio.script.building import build_script, spoken_turns
from interview_audio.script.casting import SpeakingEngines, cast_voices
from interview_audio.transcript.turns import Person, Receipt, Reference, Transcript, Turn

PEOPLE = (Person("Q", "host", "unknown", "", ()), Person("Ada", "guest", "female", "given name Ada", ()))
LONG = "A lighthouse is a very patient kind of machine, and it asks for the same patience from all of us."


def turns(*parts):
    return tuple(
        Turn(kind, speaker, None, "en", text, number, (number, number + 1), "certain", "title" if number == 1 else "")
        for number, (kind, speaker, text) in enumerate(parts, 1)
    )


PARTS = turns(
    ("heading", None, "The lighthouse"),
    ("narration", None, "She keeps the light."),
    ("speech", "Q", "You came late. Why did you come?"),
    ("speech", "Ada", LONG + " " + LONG),
    ("quote", None, "A very patient kind of machine."),
    ("speech", "Ada", "And quiet."),
    ("heading", None, "Part two"),
    ("speech", "Q", "And now?"),
    ("speech", "Ada", "……"),
    ("speech", "Ada", "Yes."),
    ("boilerplate", None, "Follow us"),
)


def script_of(parts, tmp_path, yaml=""):
    file = tmp_path / "v.yaml"
    file.write_text(yaml, "utf-8")
    settings = load_settings([file])
    transcript = Transcript("The lighthouse", "en", PEOPLE, parts, Receipt(0, 0, {}, 0))
    spoken = spoken_turns(transcript, settings)
    cast = cast_voices(transcript, spoken, settings, SpeakingEngines(load_engine("tone", {})))
    return build_script(transcript, spoken, cast, settings)


def test_lines_in_order_with_pauses_and_chapters(tmp_path):
    pauses = Pauses()
    script = script_of(PARTS, tmp_path)
    assert [(line.speaker, line.text, line.pause, line.chapter) for line in script.lines] == [
        ("narrator", "The lighthouse", pauses.heading, "The lighthouse"),
        ("narrator", "She keeps the light.", pauses.narration, None),
        ("Q", "You came late. Why did you come?", pauses.question_to_answer, "Why did you come?"),
        ("Ada", LONG, pauses.sentence, None),
        ("Ada", LONG, pauses.paragraph, None),
        ("Ada", "And quiet.", pauses.section, None),
        ("Q", "And now?", pauses.question_to_answer, "And now?"),
        ("Ada", "Yes.", pauses.tail, None),
    ]
    assert [line.text for line in script.lines if line.opens_section] == ["And now?"]
    short = [(line.text, line.pause_before_short_reply) for line in script.lines if line.pause_before_short_reply]
    assert short == [("And now?", pauses.short_reply)]
    assert script.speakers == ("Q", "Ada")


def test_pauses_vary_inside_the_episode_by_the_text(tmp_path):
    plain, varied = (script_of(PARTS, tmp_path, f"pauses: {{vary: {share}}}").lines for share in (0, 0.3))
    factors = [after.pause / before.pause for before, after in zip(plain, varied, strict=True)]
    assert len(set(factors[:-1])) > 4
    assert all(0.7 <= factor <= 1.3 for factor in factors)


def test_what_is_read_can_be_chosen(tmp_path):
    read = "read: {title: false, narration: false, headings: true, quotes: true}"
    texts = [line.text for line in script_of(PARTS, tmp_path, read).lines]
    assert "The lighthouse" not in texts
    assert "She keeps the light." not in texts
    assert {"Part two", "A very patient kind of machine."} <= set(texts)


def test_a_question_of_two_paragraphs_is_one_chapter_named_by_what_it_asks(tmp_path):
    parts = turns(("speech", "Q", "First, the past."), ("speech", "Q", "Who built it?"), ("speech", "Ada", "My uncle."))
    assert [line.chapter for line in script_of(parts, tmp_path).lines] == ["Who built it?", None, None]


@pytest.mark.parametrize(
    ("read", "said"), [("", []), ("read: {code: true}", ["on()"]), ("read: {tables: true}", ["1, 2"])]
)
def test_code_and_tables_are_read_where_the_settings_say_so(tmp_path, read, said):
    parts = turns(("narration", None, "Once."), ("boilerplate", None, "on()"), ("boilerplate", None, "1, 2"))
    reasons = ("introduction", "code", "table")
    marked = tuple(replace(turn, reason=why) for turn, why in zip(parts, reasons, strict=True))
    assert [line.text for line in script_of(marked, tmp_path, read).lines] == ["Once.", *said]


def test_a_text_of_which_nothing_is_read_is_an_error(tmp_path):
    with pytest.raises(SourceError, match="nothing in this text can be read aloud"):
        script_of(turns(("heading", None, "Title"), ("boilerplate", None, "Follow us.")), tmp_path)
    with pytest.raises(SourceError, match="nothing in this text is read aloud"):
        script_of(turns(("heading", None, "Title"), ("narration", None, "Once.")), tmp_path, "read: {narration: false}")


def test_a_text_without_speakers_is_read_by_the_narrator(tmp_path):
    script = script_of(turns(("heading", None, "Title"), ("narration", None, "Once.")), tmp_path)
    assert [(line.speaker, line.text) for line in script.lines] == [("narrator", "Title"), ("narrator", "Once.")]


def test_a_closing_remark_of_the_host_is_no_chapter(tmp_path):
    parts = turns(("speech", "Q", "Is it dark?"), ("speech", "Ada", LONG), ("speech", "Q", "Another time, then."),
                  ("narration", None, "She called back."), ("speech", "Ada", LONG))  # fmt: skip
    assert [line.chapter for line in script_of(parts, tmp_path).lines] == ["Is it dark?", None, None, None, None]


def test_a_request_without_a_question_mark_is_a_chapter(tmp_path):
    parts = turns(("speech", "Q", "Tell me about the lamp."), ("speech", "Ada", LONG))
    assert [line.chapter for line in script_of(parts, tmp_path).lines] == ["Tell me about the lamp", None]


def test_images_and_links_belong_to_the_turn_that_is_read_before_them_or_to_a_section_that_has_begun(tmp_path):
    image, link = Reference("image", "a.jpg"), Reference("link", "https://a.example")

    def found(yaml):
        both = tuple(replace(turn, references=(replace(image, line=turn.line), link)) for turn in PARTS)
        script = script_of(both, tmp_path, yaml)
        return {index: [one.line for one in all_of] for index, all_of in script.references.items()}

    assert found("chapters: {images: true}") == {0: [1], 1: [2], 2: [3], 3: [4, 5], 5: [6], 7: [7, 8, 9], 9: [10, 11]}
    assert found("chapters: {links: true}") == {
        index: [0] * len(lines) for index, lines in found("chapters: {images: true}").items()
    }
    assert found("") == {}
    assert found("chapters: {images: true}\nread: {title: false, narration: false}")[2] == [1, 2, 3]


def test_what_chapters_show_changes_no_line(tmp_path):
    shown = tuple(replace(turn, references=(Reference("image", "a.jpg"),)) for turn in PARTS)
    assert script_of(shown, tmp_path, "chapters: {images: true}").lines == script_of(PARTS, tmp_path).lines
