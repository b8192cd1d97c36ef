"""Any text at all is either refused with one line or accounted for to the last character."""

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from interview_audio.errors import SourceError
from interview_audio.script.script_file import transcript_as_dict, transcript_from_dict
from interview_audio.transcript.formats.detection import read_document
from interview_audio.transcript.parsing import parse_transcript
from interview_audio.transcript.turns import Transcript

LABELS = (
    "Q:",
    "A: ",
    "问：",
    "答:",
    "SA:",
    "**Q:** ",
    "Ida Holm:",
    "Holm：",
    "记者：",
    "【记者】",
    "Note:",
    "> Q: ",
    "# ",
    "艾达·霍尔姆：",
)
PIECES = (
    "Ida, how was it?",
    "She told us on the phone:",
    "我不知道。",
    "挂断电话后, Holm 马上回电。",
    "好吧，下次再说。",
    "(laughs)",
    "【笑】",
    "[being on]",
    "「一整段都在引号里的话」",
    "*word*",
    "**bold**",
    "[link](https://example.org)",
    "`code`",
    "—",
    "👩\u200d👩\u200d👧 🙂",
    "\u200b\ufeff",
    "\u202e\u2066",
    "\t \u3000\u00a0",
    "\u2028",
    "\u2029",
    "\x0b\x0c\x85\x1c",
    "10:30",
    "https://example.org",
    "***",
    "_ _",
    "<br>",
    "Follow us on everything",
    "^[A *note* of four words.]",
    "{>>He (laughs) said it twice.<<}",
    "é ﬁ ǅ",
    "\ud83d",
)
ALPHABET = st.characters(exclude_categories=())
PIECE = st.one_of(st.sampled_from(PIECES), st.text(ALPHABET, max_size=12), st.sampled_from(["\n", "\n\n", " "]))
LINE = st.builds(
    lambda label, pieces: label + "".join(pieces), st.sampled_from(["", *LABELS]), st.lists(PIECE, max_size=6)
)
DOCUMENT = st.lists(LINE, max_size=14).map("\n".join)
FUZZ = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow], max_examples=150)


def parse(text: str) -> Transcript | None:
    try:
        return parse_transcript(text)
    except SourceError:
        return None


@FUZZ
@given(DOCUMENT)
@example("Q: \u2028a\nA: b (laughs) , c")
@example("**Q:** a\n\n> quoted\n\n**")
def test_the_receipt_balances_and_nothing_is_unaccounted_for(text: str) -> None:
    if transcript := parse(text):
        receipt = transcript.receipt
        assert receipt.unaccounted == 0
        assert receipt.characters == len(text) == receipt.spoken + sum(receipt.skipped.values())
        assert receipt.spoken == sum(len(t.text) for t in transcript.turns if t.kind in ("speech", "narration"))


@FUZZ
@given(DOCUMENT)
def test_turns_stand_in_order_and_only_what_is_kept_apart_stands_within_others(text: str) -> None:
    if transcript := parse(text):
        reached = above = 0
        for turn in transcript.turns:
            start, end = turn.source
            assert above <= start < end <= len(text)
            assert reached <= start or (turn.kind == "boilerplate" and end <= reached)
            assert turn.line == text.count("\n", 0, start) + 1 or turn.line <= text.count("\n", 0, start) + 1
            reached, above = max(reached, end), start


@FUZZ
@given(DOCUMENT)
def test_every_character_of_a_turn_that_is_not_cut_is_in_its_text(text: str) -> None:
    if transcript := parse(text):
        document = read_document(text, "", ())
        paragraphs = (*document.paragraphs, *(paragraph for paragraph, _ in document.dropped))
        cuts = (*document.cuts, *(cut for paragraph in paragraphs for cut in paragraph.cuts))
        ranges = [(span.start, span.end) for span in cuts] + [(span.start, span.end) for span in document.escapes]
        cut = {offset for start, end in ranges for offset in range(start, end)}
        shown = {escape.start: escape.text for escape in document.escapes}
        # What is kept apart within a sentence is not the sentence's.
        for turn in reversed(transcript.turns):
            start, end = turn.source
            assert turn.text == turn.text.strip() != ""
            written = [
                shown.get(offset, text[offset]) for offset in range(start, end) if offset in shown or offset not in cut
            ]
            assert "".join(turn.text.split()) == "".join("".join(written).split())
            cut.update(range(start, end))


@FUZZ
@given(DOCUMENT)
def test_speakers_are_those_who_speak_and_the_document_comes_back(text: str) -> None:
    if transcript := parse(text):
        spoken = {turn.speaker for turn in transcript.turns if turn.kind == "speech"}
        assert {person.name for person in transcript.speakers} == spoken
        assert all((turn.speaker is not None) == (turn.kind == "speech") for turn in transcript.turns)
        if transcript.turns:  # a script file without a turn is refused
            written = transcript_as_dict(transcript)
            assert transcript_as_dict(transcript_from_dict(written)) == written
