"""Finds the sign that a document sets before each new speaker's words: ``>>`` of captions, the dash of dialogue."""

from collections.abc import Sequence

from interview_audio.transcript.labels import read_label
from interview_audio.transcript.typography import ends_with_question

ARROWS = ">>"
ASKING_DASHES = ("――", "——", "──")
"""Dashes that may stand before the questions alone."""
DASHES = (*ASKING_DASHES, "―", "—", "–", "-")
FEWEST_ARROWS = 2
FEWEST_DASHES = 4
FEWEST_QUESTIONS = 2
SHARE = 0.6
"""Of the paragraphs, that begin with the dash of a dialogue."""


def find_turn_mark(paragraphs: Sequence[str]) -> str:
    """Find the sign that begins each speaker's words.

    Dashes also begin the items of lists and the lines of quotations: they must begin most paragraphs, and some of
    those but not all must ask.

    Args:
        paragraphs: The document's paragraphs as printed.

    Returns:
        The sign, or an empty text.
    """
    if sum(paragraph.startswith(ARROWS) and paragraph[2:3] != ">" for paragraph in paragraphs) >= FEWEST_ARROWS:
        return ARROWS
    return next((dash for dash in DASHES if _is_dialogue(dash, paragraphs)), "")


def _is_dialogue(dash: str, paragraphs: Sequence[str]) -> bool:
    marked = [paragraph for paragraph in paragraphs if _begins_with(dash, paragraph)]
    questions = sum(ends_with_question(paragraph) for paragraph in marked)
    labelled = sum(read_label(paragraph) is not None for paragraph in marked)
    if 2 * labelled > len(marked) or questions < FEWEST_QUESTIONS:
        return False
    asks_only = dash in ASKING_DASHES and questions >= SHARE * len(marked)
    are_many = len(marked) >= max(FEWEST_DASHES, SHARE * len(paragraphs))
    return asks_only or (are_many and questions < len(marked))


def _begins_with(dash: str, paragraph: str) -> bool:
    rest = paragraph.removeprefix(dash)
    return rest != paragraph and rest.strip() != "" and rest[:1] not in DASHES and (dash != "-" or rest[:1].isspace())
