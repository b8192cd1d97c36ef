"""Reads what a document says about itself: the block of keys at its top, a recorder's own lines, and the printed date.

The block is YAML between rules, TOML between plus signs, one JSON object, or lines such as ``Duration: 42:10`` that are
printed below the title. This is a reader of lines, not of YAML: it takes the names and the title that it finds and
refuses nothing.

A recorder prints how long it took and the words that matter above the first words that are said, and between them who
came and went. Nothing of it is a sentence.
"""

import calendar
import datetime
import itertools
import json
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from interview_audio.text.characters import columns, name_key
from interview_audio.transcript.layout.paragraphs import Paragraph, Passage
from interview_audio.transcript.lexicon.typography import ends_sentence
from interview_audio.transcript.lexicon.vocabulary import alternation, word_list
from interview_audio.transcript.turns import KEYS, Turn

_FENCE = re.compile(r"(?:-{3,}|\+{3,}|\.{3})\s*\Z")
_ENTRY = re.compile(
    r"(?P<item>[-*]\s+)?(?:(?P<key>[\"']?[\w][\w .·-]{0,40}?[\"']?)\s*[:：=](?=\s|\Z|[\[\"'{]))?(?P<value>.*)"
)
_LETTER_HEADER = re.compile(
    rf"(?:{alternation('letter_headers')})\s*[:：]\s*\S|(?:{alternation('bulletin_board_headers')})\s+\S", re.IGNORECASE
)
"""Of a letter, a minutes file or a post on a bulletin board."""
_METADATA_KEYS = frozenset(map(name_key, word_list("boilerplate/metadata_keys")))
_KEY_AND_VALUE = re.compile(r"(?P<key>[^:：|｜=]{1,30}?)\s?[:：|｜=]\s*(?P<value>\S.*)\Z", re.DOTALL)
_KEY_OF_LINE = re.compile(r"^[\"']?(\w[\w .-]{0,40}?)[\"']?\s{0,4}[:=]", re.MULTILINE)
_MAX_PRINTED_VALUE_COLUMNS = 300
"""Columns of the value of a known key: a description, a list of words that matter."""
_MAX_OTHER_VALUE_COLUMNS = 60
"""Columns of the value of any other key among those."""
_MIN_KNOWN_KEYS = 2
"""One line such as ``Subject: the sea`` may also open an interview."""
_MIN_HEADERS = 2
"""One line such as ``Subject: the sea`` may also open an interview."""
_MAX_TOP_PARAGRAPHS = 200
"""Paragraphs of a block, so that a rule at the top of a long text is not paired with one at its end."""
_MAX_LONG_BLOCK = 20_000
"""The same of a block that begins with keys such as title and date: some hold a whole transcript."""
_FIRST_KEYS = 10
_MAX_JSON_LENGTH = 20_000
_MAX_JSON_BRACKETS = 50
"""Opening brackets of a block: ``json`` recurses into each, and a hostile file would exhaust the stack."""
_MIN_KEYED_SHARE = 0.4
"""Share of the lines between two rules that have a key, above which they are a block of keys."""


@dataclass(frozen=True, slots=True)
class FrontMatterEntry:
    """A line of a block: a key, a value, or both; an item of a list."""

    key: str
    value: str
    is_item: bool
    line: int = field(default=0, compare=False)
    """Line in the source, from 1; 0 in a block that is not read by lines."""


@dataclass(frozen=True, slots=True)
class FrontMatter:
    """A block of keys at the top; empty where the document has none."""

    entries: tuple[FrontMatterEntry, ...] = ()
    starts: frozenset[int] = frozenset()
    """Offsets at which its paragraphs begin."""
    is_printed: bool = False
    """Whether it is printed as text, so that its form alone shows what it is."""

    @property
    def title(self) -> str:
        """The title that it gives; empty where it gives none."""
        return next((entry.value for entry in self.entries if entry.key.casefold() in ("title", "标题")), "")


def find_front_matter(paragraphs: Sequence[Paragraph]) -> FrontMatter:
    """Find the block of keys with which a document begins."""
    top = paragraphs[:_MAX_TOP_PARAGRAPHS]
    if top and _FENCE.match(top[0].printed):
        return _fenced(top) or _fenced(paragraphs[:_MAX_LONG_BLOCK], is_long=True) or FrontMatter()
    if top and top[0].printed.startswith("{"):
        return _json(top)
    headers = tuple(itertools.takewhile(lambda paragraph: _LETTER_HEADER.match(paragraph.printed), top))
    if len(headers) >= _MIN_HEADERS:
        return FrontMatter((), _starts(headers), is_printed=True)
    return _printed_keys(top)


def _printed_keys(top: Sequence[Paragraph]) -> FrontMatter:
    """Return the keys with values that are printed as text above everything but a title and headings."""
    worded = [paragraph for paragraph in top if paragraph.text]
    below_title = itertools.dropwhile(
        lambda paragraph: paragraph is worded[0] or paragraph.is_heading or _is_title_like(paragraph), worded
    )
    begin = worded if worded and _keyed(worded[0]) else list(below_title)
    entries = itertools.takewhile(bool, map(_keyed, begin))
    block = [(paragraph, entry) for paragraph, entry in zip(begin, entries, strict=False) if entry]
    known = sum(_is_known(entry) for _, entry in block)
    if known < _MIN_KNOWN_KEYS or 2 * known < len(block):
        return FrontMatter()
    starts = _starts([paragraph for paragraph, _ in block])
    return FrontMatter(tuple(entry for _, entry in block), starts, is_printed=True)


def _is_title_like(paragraph: Paragraph) -> bool:
    return paragraph.is_strong and not _keyed(paragraph)


def _keyed(paragraph: Paragraph) -> FrontMatterEntry | None:
    """Return the entry of a line that is a key with a value; None where the value is what somebody says."""
    match = _KEY_AND_VALUE.match(paragraph.text)
    if match is None or paragraph.is_heading:
        return None
    entry = FrontMatterEntry(_bare(match["key"]), _bare(match["value"]), is_item=False, line=paragraph.line)
    is_address = "://" in entry.value and " " not in entry.value
    most = _MAX_PRINTED_VALUE_COLUMNS if _is_known(entry) else _MAX_OTHER_VALUE_COLUMNS
    if is_address or (columns(entry.value) <= most and not ends_sentence(entry.value)):
        return entry
    return None


def _is_known(entry: FrontMatterEntry) -> bool:
    return name_key(entry.key) in _METADATA_KEYS


def has_known_keys(block: str) -> bool:
    """Tell whether a line of a text between two rules begins with a key that such blocks have."""
    return any(name_key(match[1]) in _METADATA_KEYS for match in _KEY_OF_LINE.finditer(block))


def _fenced(top: Sequence[Paragraph], *, is_long: bool = False) -> FrontMatter | None:
    """Return the block between two rules; a long one must begin with keys that such blocks have."""
    close = next((index for index in range(1, len(top)) if _FENCE.match(top[index].printed)), 0)
    entries = tuple(_entry(paragraph) for paragraph in top[1:close])
    keyed = sum(bool(entry.key) and not _is_said(entry) for entry in entries)
    said = sum(map(_is_said, entries))
    # A key may have a long list of tags below it.
    others = sum(not entry.is_item for entry in entries)
    if not keyed or keyed < max(_MIN_KEYED_SHARE * others, said):
        return None
    if is_long and sum(map(_is_known, entries[:_FIRST_KEYS])) < _MIN_KNOWN_KEYS:
        return None
    return FrontMatter(entries, _starts(top[: close + 1]))


def _is_said(entry: FrontMatterEntry) -> bool:
    """Tell whether an entry may be what somebody says behind a label: a sentence, and no key that such blocks have."""
    return bool(entry.key) and not _is_known(entry) and not entry.is_item and ends_sentence(entry.value)


def _starts(paragraphs: Sequence[Paragraph]) -> frozenset[int]:
    return frozenset(paragraph.offsets[0] for paragraph in paragraphs if paragraph.offsets)


def _entry(paragraph: Paragraph) -> FrontMatterEntry:
    match = _ENTRY.match(paragraph.printed)
    assert match is not None
    key, value = _bare(match["key"] or ""), _bare(match["value"])
    return FrontMatterEntry(key, value, is_item=bool(match["item"]), line=paragraph.line)


def _bare(text: str) -> str:
    return text.strip().rstrip(",").strip("\"'")


def _json(top: Sequence[Paragraph]) -> FrontMatter:
    close = next((index for index, paragraph in enumerate(top) if paragraph.printed.endswith("}")), -1)
    block = "\n".join(paragraph.printed for paragraph in top[: close + 1])
    if not block or len(block) > _MAX_JSON_LENGTH or block.count("[") + block.count("{") > _MAX_JSON_BRACKETS:
        return FrontMatter()
    try:
        data = json.loads(block)
    except ValueError:
        return FrontMatter()
    if not isinstance(data, dict):
        return FrontMatter()
    return FrontMatter(tuple(_flat(data)), _starts(top[: close + 1]))


def _flat(data: dict[str, object]) -> Iterator[FrontMatterEntry]:
    for key, value in data.items():
        items = value if isinstance(value, list) else []
        yield FrontMatterEntry(key, value if isinstance(value, str) else "", is_item=False)
        for item in items:
            yield from _flat_item(item)


def _flat_item(item: object) -> Iterator[FrontMatterEntry]:
    if isinstance(item, str):
        yield FrontMatterEntry("", item, is_item=True)
    elif isinstance(item, dict):
        pairs = [(key, value) for key, value in item.items() if isinstance(value, str)]
        yield from (FrontMatterEntry(key, value, is_item=index == 0) for index, (key, value) in enumerate(pairs))


_HEAD = "head of the recording"
_NOTE = "recorder's note"
_HEADINGS = frozenset(map(name_key, word_list("boilerplate/recorder_headings")))
_LISTS = frozenset(map(name_key, word_list("boilerplate/recorder_lists")))
_BETWEEN_ITEMS = re.compile(r"[,，、;；·•|\n]")
_DURATION = re.compile(
    r"(?:\d{1,2}\s?(?:h|hrs?|hours?|小时|小時|時間))?\s?(?:\d{1,3}\s?(?:m|mins?|minutes?|分钟|分鐘|分))?"
    r"\s?(?:\d{1,2}\s?(?:s|secs?|seconds?|秒))?",
    re.IGNORECASE,
)
_NOTE_LINE = re.compile(
    rf"(?P<who>[^.。!！?？:：,，]{{0,40}}?)\s?(?:{alternation('boilerplate/recorder_notes')})[.。]?"
)
"""In small letters."""
_MAX_NOTE_LENGTH = 300
"""Characters; no note is longer, with who does it before what is done."""
_MAX_HEAD = 60
"""Paragraphs of a head: an export with many participants names one a line."""
_MAX_ITEM_COLUMNS = 32
"""Columns of a word that matters or a name; more is somebody's words, even without a full stop."""


def find_recorders_lines(passages: Sequence[Passage], first: int) -> dict[int, str]:
    """Find what a recorder prints above the first label and between the words.

    Args:
        passages: The document.
        first: Index of the first passage with a label; the length of the document where there is none.

    Returns:
        Index of each such passage to the reason why it is not read.
    """
    return _find_head(passages, first) | dict.fromkeys(_find_notes(passages), _NOTE)


def _find_head(passages: Sequence[Passage], first: int) -> dict[int, str]:
    found: dict[int, str] = {}
    is_below_heading = False
    for index in range(min(first, _MAX_HEAD)):
        text = passages[index].text.strip()
        key = "" if passages[index].paragraph.is_heading else name_key(text.rstrip(":： "))
        if key in _HEADINGS or key in _LISTS:
            found[index] = _HEAD
            is_below_heading = key in _LISTS
        elif text and (_DURATION.fullmatch(text) or (is_below_heading and _is_list(text))):
            found[index] = _HEAD
            is_below_heading = False
        elif text:
            is_below_heading = False
    return found


def _find_notes(passages: Sequence[Passage]) -> Iterator[int]:
    """Find the lines that say who started a recording, who came and who went, wherever they are."""
    for index, passage in enumerate(passages):
        text = passage.text.strip()
        if not passage.label and len(text) <= _MAX_NOTE_LENGTH and _NOTE_LINE.fullmatch(text.lower()):
            yield index


def _is_list(text: str) -> bool:
    """Tell whether a line only lists words or names."""
    return not ends_sentence(text) and all(columns(item) <= _MAX_ITEM_COLUMNS for item in _BETWEEN_ITEMS.split(text))


_NUMBERS = re.compile(r"(?P<year>\d{4})\s?[-/.年]\s?(?P<month>\d{1,2})\s?[-/.月]\s?(?P<day>\d{1,2})(?!\d)")
_NAME = r"(?P<name>jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?"
_MONTH_FIRST = re.compile(rf"\b{_NAME} (?P<day>\d{{1,2}})(?:st|nd|rd|th)?,? (?P<year>\d{{4}})\b", re.IGNORECASE)
_DAY_FIRST = re.compile(rf"\b(?P<day>\d{{1,2}})(?:st|nd|rd|th)? {_NAME},? (?P<year>\d{{4}})\b", re.IGNORECASE)
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_DATED = ("date line", "credits", *KEYS)
"""Reasons of boilerplate that may hold the date; a date in what is told or said is not the interview's."""


def source_date(turns: Iterable[Turn]) -> datetime.date | None:
    """Return the first date on a date line or among the credits; None where there is none that the calendar has."""
    for turn in turns:
        if turn.kind == "boilerplate" and turn.reason in _DATED and (date := _read(turn.text)):
            return date
    return None


def _read(text: str) -> datetime.date | None:
    for pattern in (_NUMBERS, _MONTH_FIRST, _DAY_FIRST):
        if match := pattern.search(text):
            parts = match.groupdict()
            month = int(parts["month"]) if "month" in parts else _MONTHS.index(parts["name"].lower()) + 1
            year, day = int(parts["year"]), int(parts["day"])
            if year and 1 <= month <= 12 and 1 <= day <= calendar.monthrange(year, month)[1]:
                return datetime.date(year, month, day)
    return None
