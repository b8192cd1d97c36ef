"""What a recorder prints above and between the words: how long it took, words that matter, who came and went.

Such a head is at the top of an export, above the first words that are said. Nothing of it is a sentence. Its keys with
values (``Duration: 42:10``) are front matter.
"""

import re
from collections.abc import Iterator, Sequence

from interview_audio.text.characters import columns, name_key
from interview_audio.transcript.layout.paragraphs import Passage
from interview_audio.transcript.lexicon.typography import ends_sentence
from interview_audio.transcript.lexicon.vocabulary import alternation, word_list

HEAD = "head of the recording"
NOTE = "recorder's note"
_HEADINGS = frozenset(map(name_key, word_list("boilerplate/recorder_headings")))
_LISTS = frozenset(map(name_key, word_list("boilerplate/recorder_lists")))
_BETWEEN_ITEMS = re.compile(r"[,，、;；·•|\n]")
_DURATION = re.compile(
    r"(?:\d{1,2}\s?(?:h|hrs?|hours?|小时|小時|時間))?\s?(?:\d{1,3}\s?(?:m|mins?|minutes?|分钟|分鐘|分))?"
    r"\s?(?:\d{1,2}\s?(?:s|secs?|seconds?|秒))?",
    re.IGNORECASE,
)
_NOTE = re.compile(rf"(?P<who>[^.。!！?？:：,，]{{0,40}}?)\s?(?:{alternation('boilerplate/recorder_notes')})[.。]?")
"""In small letters."""
_MAX_NOTE_LENGTH = 300
"""Characters; no note is longer, with who does it before what is done."""
_MAX_HEAD = 60
"""Paragraphs of a head: an export with many participants names one a line."""
_MAX_ITEM_COLUMNS = 32
"""Columns of a word that matters or a name; more is somebody's words, even without a full stop."""


def find_export_head(passages: Sequence[Passage], first: int) -> dict[int, str]:
    """Find the lines of a recorder's head.

    Args:
        passages: The document.
        first: Index of the first passage with a label; the length of the document where there is none.

    Returns:
        Index of each passage of the head to the reason why it is not read.
    """
    found: dict[int, str] = {}
    is_below_heading = False
    for index in range(min(first, _MAX_HEAD)):
        text = passages[index].text.strip()
        key = "" if passages[index].paragraph.is_heading else name_key(text.rstrip(":： "))
        if key in _HEADINGS or key in _LISTS:
            found[index] = HEAD
            is_below_heading = key in _LISTS
        elif text and (_DURATION.fullmatch(text) or (is_below_heading and _is_list(text))):
            found[index] = HEAD
            is_below_heading = False
        elif text:
            is_below_heading = False
    return found


def find_recorder_notes(passages: Sequence[Passage]) -> Iterator[int]:
    """Find the lines that say who started a recording, who came and who went, wherever they are."""
    for index, passage in enumerate(passages):
        text = passage.text.strip()
        if not passage.label and len(text) <= _MAX_NOTE_LENGTH and _NOTE.fullmatch(text.lower()):
            yield index


def _is_list(text: str) -> bool:
    """Tell whether a line only lists words or names."""
    return not ends_sentence(text) and all(columns(item) <= _MAX_ITEM_COLUMNS for item in _BETWEEN_ITEMS.split(text))
