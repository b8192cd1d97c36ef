"""Reads tables of who says what: CSV, tab-separated values, and tables of Markdown between its other paragraphs.

The head of a table says which column is which, in any order and in several languages; without one, what the columns
hold does.
"""

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from heapq import merge
from itertools import islice, pairwise
from operator import itemgetter

from interview_audio.text.characters import name_key
from interview_audio.transcript.formats.fragments import Fragment, join_fragments, name_fragments
from interview_audio.transcript.formats.markdown import Markup, find_markup
from interview_audio.transcript.formats.source_document import (
    LEFT_OUT,
    SOFT_BREAK,
    FormattedParagraph,
    SourceDocument,
    TextSpan,
    build_document,
    cuts_beside,
    html_spans,
    sentences_beside,
    text_of,
)
from interview_audio.transcript.lexicon.label_grammar import could_name, is_speaker_word, part_of
from interview_audio.transcript.lexicon.markup import NonTextSpan
from interview_audio.transcript.lexicon.typography import ends_sentence
from interview_audio.transcript.lexicon.vocabulary import word_list

SPEAKER_OF_ROW = "speaker of the row"
_DELIMITERS = ("\t", ",", ";", "|")
_SEPARATOR_LINE = re.compile(r"sep=.\n", re.IGNORECASE)
"""How Excel notes the delimiter."""
_HEADED = 2.0
"""The share of even rows where the head has decided: better than any."""
_MAX_CELL = 100_000
"""Characters in quotation marks; more is a mark that was never closed."""
_SAMPLE = 50_000
"""Characters by which the columns are found."""
_SAMPLE_ROWS = 40
"""Rows by which the delimiter is found."""
_MIN_EVEN_SHARE = 0.8
"""Share of the rows with as many cells as most have, in a table."""
_MIN_WORDY_CHARACTERS = 5
"""Letters in the mean cell of what is said; a column of shorter cells holds initials, times or numbers."""
_MIN_NAMED_SHARE = 0.8
"""Share of the cells in a column of speakers that may be names."""
_COLUMN_NAME = re.compile(r"[a-z][a-z0-9]*(?:_[a-z0-9]+)*")
_NO_VALUE = frozenset(["na", "n/a", "nan", "null", "none", "-", "–", "—"])
"""What programs write into a cell that has no value."""
_MAX_NAME = 40
"""Characters of a speaker's name in a table, function included."""
_MIN_ROWS = 2
_MIN_SHARE_OF_LETTERS = 0.9
"""Share of a table's letters in its column of words, the others having times and numbers."""
_MIN_SHARE_OF_WORDS = 0.5
"""Share of a text's letters in one column of a table that makes it the transcript."""
_MAX_TABLES = 100
"""Tables of a transcript; a document of more is something else."""
_MAX_COLUMNS = 40
"""Columns of a Markdown table; more strokes than that are a line that somebody drew."""
_RULE = re.compile(r"[ \t]*\|?[ \t]*:?-{2,200}:?[ \t]*(?:\|[ \t]*:?-{1,200}:?[ \t]*){1,30}\|?[ \t]*")
_LINE = re.compile(r"[^\n]+")
_PIPE = re.compile(r"(?<!\\)\|")
_AROUND_NAME = " \t*_:：`"
_NOT_IN_KEY = re.compile(r"[\W_]+")
_IN_MARKDOWN = re.compile(r"<br\s{0,3}/?>|\\\|", re.IGNORECASE)
"""What a cell of a Markdown table writes for a line end and for its delimiter."""
_DOUBLED_QUOTE = re.compile('""')
_YAML_ENTRY = re.compile(r" {0,8}- ([A-Za-z_]\w{0,23}):(?=\s|\Z)", re.MULTILINE)
_YAML_KEY = re.compile(r" {2,10}([A-Za-z_]\w{0,23}):(?=\s|\Z)")
_YAML_BLOCK = re.compile(r"\s*[|>][+-]?(?=\n)")
_YAML_ESCAPE = re.compile("''")
_YAML_QUOTE = re.compile(r'\\"')
_MIN_ENTRIES = 3


@dataclass(frozen=True, slots=True)
class _Cell:
    start: int
    end: int
    spans: tuple[TextSpan, ...]
    text: str


_Row = Sequence[_Cell]


@dataclass(frozen=True, slots=True)
class _Columns:
    """What is in the columns of a table."""

    words: tuple[int, ...]
    """The columns of what is said; of questions and of answers they are two."""
    speaker: int | None
    has_head: bool
    is_evident: bool
    """Whether the head, or what the columns hold, leaves no doubt that the table is a transcript."""


@cache
def _ranks(name: str) -> dict[str, int]:
    return {_key(word): rank for rank, word in enumerate(word_list(name))}


def _key(printed: str) -> str:
    return _NOT_IN_KEY.sub("", name_key(printed.strip(_AROUND_NAME)))


def is_table(source: str, suffix: str) -> bool:
    """Tell whether a text is a table of who says what, with cells that commas and the like part."""
    layout = _layout_of(source)
    if layout is None:
        return False
    columns = layout.columns
    if suffix in (".csv", ".tsv", ".tab"):
        return columns.has_head or columns.speaker is not None
    return columns.has_head and columns.is_evident


def read_table(source: str, known: Collection[str]) -> SourceDocument:
    """Read a table to paragraphs, one a turn where it names speakers.

    Args:
        source: The decoded source.
        known: Folded names that are labels without further evidence.
    """
    layout = _layout_of(source)
    assert layout is not None, "it has been recognised"
    cuts: list[NonTextSpan] = []
    rows = tuple(layout.rows(source))
    fragments = tuple(_fragments(rows, layout.columns, cuts))
    named, labels = name_fragments(source, fragments, known)
    spoken = tuple(join_fragments(named))
    blocks = (*spoken, *_beside(source, rows, spoken, cuts))
    cuts.extend(labels)
    return build_document(source, blocks, (*cuts_beside(source, blocks, cuts), *cuts), SPEAKER_OF_ROW, is_recorded=True)


def _beside(
    source: str, rows: Sequence[_Row], blocks: Sequence[FormattedParagraph], cuts: list[NonTextSpan]
) -> tuple[FormattedParagraph, ...]:
    """Return the sentences in the other columns, which are no mere cuts."""
    others = {cut.start for cut in cuts if cut.reason == "boilerplate"}
    cells = (cell for row in rows for cell in row if cell.start in others)
    beside = (FormattedParagraph(cell.spans, dropped=LEFT_OUT) for cell in cells if cell.spans)
    found = tuple(sentences_beside(source, beside, (span for block in blocks for span in block.spans)))
    places = sorted(item.spans[0].start for item in found)
    cuts[:] = (cut for cut in cuts if bisect_left(places, cut.start) == bisect_left(places, cut.end))
    return found


def has_spoken_table(source: str) -> bool:
    """Tell whether a Markdown text has a table of who says what."""
    return any(True for _ in _spoken_tables(source))


def read_markdown_tables(source: str) -> SourceDocument:
    """Read a Markdown text with tables of who says what: each is read as its rows, the rest as other Markdown is."""
    markup = find_markup(source)
    cuts: list[NonTextSpan] = []
    blocks: list[FormattedParagraph] = []
    reached = 0
    for start, end, rows in islice(_spoken_tables(source), _MAX_TABLES):
        shown = [tuple(_shown(cell, markup) for cell in row) for row in rows]
        said = tuple(_said_blocks(shown, cuts))
        blocks.extend((*markup.stretches(reached, start), *said, *_beside(source, shown, said, cuts)))
        blocks.extend(markup.notes(start, end))
        reached = end
    blocks.extend(markup.stretches(reached, len(source)))
    return build_document(source, blocks, (*cuts_beside(source, blocks, cuts), *cuts), SPEAKER_OF_ROW)


def _shown(cell: _Cell, markup: Markup) -> _Cell:
    """Return a cell as the page shows it."""
    spans = tuple(markup.applied(cell.spans))
    return replace(cell, spans=spans, text=text_of(spans, markup.source).strip())


def _said_blocks(rows: Sequence[_Row], cuts: list[NonTextSpan]) -> Iterator[FormattedParagraph]:
    """Yield what the rows of a table say, a turn or, where none names a speaker, a row each."""
    columns = _columns(rows)
    said = tuple(_fragments(rows, columns, cuts)) if columns else ()
    # Labels in the cells of a table without a column of speakers are found as in other paragraphs.
    yield from join_fragments(said) if said and said[0].speaker else (FormattedParagraph(row.spans) for row in said)


@dataclass(frozen=True, slots=True)
class _Layout:
    """How a text sets a table, as its beginning shows."""

    begin: int
    delimiter: str
    width: int
    """Cells of the head, where it names speakers and words: what a row has more belongs to the words; else 0."""
    columns: _Columns

    def rows(self, source: str) -> Iterator[_Row]:
        """Yield the rows of the whole table."""
        for row in _rows(source, self.begin, self.delimiter):
            yield _with_whole_words(source, row, self.width, self.columns.words[0]) if self.width else row


def _layout_of(source: str) -> _Layout | None:
    """Find out what parts the cells: what the head says, or else what parts them most evenly; None for no table."""
    source = source[:_SAMPLE]
    marked = _SEPARATOR_LINE.match(source)
    begin = marked.end() if marked else 0
    best: tuple[float, str, int] | None = None
    for delimiter in _DELIMITERS:
        rows = tuple(_rows(source, begin, delimiter, _SAMPLE_ROWS))
        width, count = Counter(map(len, rows)).most_common(1)[0] if rows else (0, 0)
        is_headed = _names_columns(rows)
        share = _HEADED if is_headed else count / max(1, len(rows))
        if width > 1 and len(rows) > 1 and share >= _MIN_EVEN_SHARE and (best is None or share > best[0]):
            best = share, delimiter, len(rows[0]) if is_headed else 0
    if best is None:
        return None
    _, delimiter, width = best
    columns = _columns(tuple(_rows(source, begin, delimiter)))
    return _Layout(begin, delimiter, width, columns) if columns else None


def _names_columns(rows: Sequence[_Row]) -> bool:
    """Tell whether a head names the column of the speakers and that of the words."""
    head = [_key(cell.text) for cell in rows[0]] if rows else []
    words, speaker = _ranked(head, "columns_of_words"), _ranked(head, "columns_of_speakers")
    return words is not None and speaker is not None and words != speaker


def _with_whole_words(source: str, row: _Row, width: int, words: int) -> _Row:
    """Return a row in which the cell of the words has the delimiters that nobody put in quotation marks."""
    surplus = len(row) - width
    if surplus <= 0:
        return row
    whole = _made_cell(source, row[words].start, row[words + surplus].end, None)
    return (*row[:words], whole, *row[words + surplus + 1 :])


def _rows(source: str, at: int, delimiter: str, most: int = -1) -> Iterator[_Row]:
    """Yield the rows that are not blank; a line end in quotation marks is in its cell."""
    ends = re.compile(f"[\n{re.escape(delimiter)}]")
    row: list[_Cell] = []
    while at < len(source) and most != 0:
        cell, at = _cell(source, at, ends)
        row.append(cell)
        if at >= len(source) or source[at] == "\n":
            if any(cell.text.strip() for cell in row):
                yield tuple(row)
                most -= 1
            row = []
        at += 1


def _cell(source: str, at: int, ends: re.Pattern[str]) -> tuple[_Cell, int]:
    """Return the cell that begins at a place, and where it ends."""
    quoted = at + len(source[at : at + 8]) - len(source[at : at + 8].lstrip(" "))
    close = _closing_quote(source, quoted + 1) if source.startswith('"', quoted) else -1
    found = ends.search(source, close + 1 if close >= 0 else at)
    end = found.start() if found else len(source)
    if close >= 0 and not source[close + 1 : end].strip():
        return _made_cell(source, quoted + 1, close, _DOUBLED_QUOTE), end
    if close >= 0:  # a word in quotation marks begins a cell that has none around it
        found = ends.search(source, at)
        end = found.start() if found else len(source)
    return _made_cell(source, at, end, None), end


def _closing_quote(source: str, at: int) -> int:
    limit = at + _MAX_CELL
    while (found := source.find('"', at, limit)) >= 0:
        if not source.startswith('""', found):
            return found
        at = found + 2
    return -1


def _made_cell(source: str, start: int, end: int, escape: re.Pattern[str] | None) -> _Cell:
    spans: list[TextSpan] = []
    reached = start
    for match in escape.finditer(source, start, end) if escape else ():
        spans.extend(html_spans(source, reached, match.start()))
        shown = SOFT_BREAK if match[0][0] == "<" else match[0][1]
        spans.append(TextSpan(*match.span(), shown))
        reached = match.end()
    spans.extend(html_spans(source, reached, end))
    return _Cell(start, end, tuple(spans), text_of(spans, source).strip())


def _markdown_tables(source: str) -> Iterator[tuple[int, int, tuple[_Row, ...]]]:
    """Yield the place and the rows of each table, without the rule below its head."""
    if "|" not in source or "--" not in source:
        return
    lines = [line.span() for line in _LINE.finditer(source)]
    index = 1
    while index < len(lines):
        head, rule = lines[index - 1], lines[index]
        is_rule = rule[0] == head[1] + 1 and _RULE.fullmatch(source, *rule)
        if not (is_rule and _is_row(source, *head)):
            index += 1
            continue
        last = index + 1
        while last < len(lines) and lines[last][0] == lines[last - 1][1] + 1 and _is_row(source, *lines[last]):
            last += 1
        rows = (head, *lines[index + 1 : last])
        yield head[0], lines[last - 1][1], tuple(_piped(source, *row) for row in rows)
        index = last + 1


def _is_row(source: str, start: int, end: int) -> bool:
    return 0 < source.count("|", start, end) <= _MAX_COLUMNS


def _piped(source: str, start: int, end: int) -> _Row:
    """Return the cells of a line of a Markdown table."""
    line = source[start:end]
    first = start + len(line) - len(line.lstrip())
    last = end - (len(line) - len(line.rstrip()))
    places = [match.start() for match in _PIPE.finditer(source, first, last)]
    edges = [first - 1, *places, last] if places[:1] != [first] else [*places, last]
    if len(edges) > 2 and edges[-2] == last - 1:
        edges.pop()
    return tuple(_made_cell(source, left + 1, right, _IN_MARKDOWN) for left, right in pairwise(edges))


def _spoken_tables(source: str) -> Iterator[tuple[int, int, tuple[_Row, ...]]]:
    letters = _letters(source) if "|" in source else 0
    tables = (table for table in _markdown_tables(source) if _is_spoken(table[2], letters))
    return merge(tables, (found for found in _yaml_lists(source) if _is_of_turns(found[2])), key=itemgetter(0))


def _is_of_turns(rows: Sequence[_Row]) -> bool:
    """Tell whether the entries of a YAML list say who says what: their keys are words for it, and speakers recur."""
    columns = _columns(rows) if len(rows) > _MIN_ENTRIES and _names_columns(rows) else None
    if columns is None or columns.speaker is None:
        return False
    words = _values(rows[1:], columns.words[0])
    return _recur(rows[1:], columns.speaker) and 2 * sum(map(ends_sentence, words)) > len(words)


def _yaml_lists(source: str) -> Iterator[tuple[int, int, tuple[_Row, ...]]]:
    """Yield the place of each list of YAML whose entries have keys, with its keys as the head and its entries as rows.

    Sites keep transcripts so, in the front matter of a page or in a file of their own.
    """
    entries: list[dict[str, tuple[int, int]]] = []
    begin = end = indent = 0
    for line in _LINE.finditer(source) if _YAML_ENTRY.search(source) else ():
        text = line[0]
        first = _YAML_ENTRY.match(text)
        depth = len(text) - len(text.lstrip(" "))
        if first and (not entries or depth == indent):
            begin, indent = (begin, indent) if entries else (line.start(), depth)
            entries.append({})
        elif entries and depth <= indent and text.strip():
            yield begin, end, _yaml_rows(source, entries)
            entries = []
        if not entries:
            continue
        end = line.end()
        key = first or (_YAML_KEY.match(text) if depth == indent + 2 else None)
        if key:
            entries[-1][key[1]] = (line.start() + key.end(), line.end())
        elif entries[-1]:
            last = next(reversed(entries[-1]))
            entries[-1][last] = (entries[-1][last][0], line.end())
    if entries:
        yield begin, end, _yaml_rows(source, entries)


def _yaml_rows(source: str, entries: Sequence[dict[str, tuple[int, int]]]) -> tuple[_Row, ...]:
    keys = tuple(entries[0])[:_MAX_COLUMNS]
    head = tuple(_Cell(entries[0][key][0], entries[0][key][0], (), key) for key in keys)
    return (head, *(tuple(_yaml_cell(source, *entry.get(key, (0, 0))) for key in keys) for entry in entries))


def _yaml_cell(source: str, start: int, end: int) -> _Cell:
    """Return a value as it is written, without its quotation marks or the sign of a block."""
    sign = _YAML_BLOCK.match(source, start, end)
    start = sign.end() if sign else start
    written = source[start:end]
    begin, end = start + len(written) - len(written.lstrip()), end - (len(written) - len(written.rstrip()))
    mark = source[begin : begin + 1]
    if end - begin > 1 and mark in "\"'" and source[end - 1] == mark:
        return _made_cell(source, begin + 1, end - 1, _YAML_ESCAPE if mark == "'" else _YAML_QUOTE)
    return _made_cell(source, begin, end, None)


def _is_spoken(rows: Sequence[_Row], letters: int) -> bool:
    """Tell whether a table of Markdown is who says what, or holds most of the words: then somebody laid it out so.

    Args:
        rows: The table.
        letters: How many the whole text has.
    """
    columns = _columns(rows)
    if columns is None:
        return False
    if columns.is_evident and (columns.speaker is not None or len(columns.words) > 1):
        return True
    said = sum(map(_letters, _values(rows, columns.words[0])))
    printed = sum(_letters(cell.text) for row in rows for cell in row)
    is_alone = said >= _MIN_SHARE_OF_LETTERS * printed
    return len(rows) > _MIN_ROWS and is_alone and said >= _MIN_SHARE_OF_WORDS * letters


def _letters(text: str) -> int:
    return sum(map(str.isalpha, text))


def _columns(rows: Sequence[_Row]) -> _Columns | None:
    """Find out what the columns hold; None where no column can be what is said."""
    if not rows:
        return None
    head = [_key(cell.text) for cell in rows[0]]
    parts = [part_of(key) if len(key) > 1 else None for key in head]
    if parts.count("host") == 1 and parts.count("guest") == 1 and rows[1:]:
        return _Columns(
            tuple(sorted((parts.index("host"), parts.index("guest")))), None, has_head=True, is_evident=True
        )
    words, speaker = _ranked(head, "columns_of_words", rows[1:]), _ranked(head, "columns_of_speakers")
    times = [key for key in head if key in _ranks("columns_of_times")]
    has_head = words is not None or speaker is not None or len(times) > 1 or _are_identifiers(rows[0])
    body = rows[1:] if has_head else rows
    if words is not None and words == speaker:
        speaker = None
    if words is None:
        words = _wordy(body, without=speaker)
    if words is None:
        return None
    if speaker is None:
        speaker = _naming(body, without=words)
        return _Columns((words,), speaker, has_head, is_evident=speaker is not None or (has_head and bool(times)))
    if head[speaker] in _ranks("columns_of_names") and not times and not _recur(body, speaker):
        return _Columns((words,), None, has_head, is_evident=False)
    return _Columns((words,), speaker, has_head, is_evident=_may_be_names(body, speaker))


def _are_identifiers(row: _Row) -> bool:
    """Tell whether a row holds the names that programs give to columns: ``page_number``."""
    names = [cell.text for cell in row]
    return len(names) > 1 and all(map(_COLUMN_NAME.fullmatch, names)) and any("_" in name for name in names)


def _recur(rows: Sequence[_Row], column: int) -> bool:
    values = [_key(value) for value in _values(rows, column)]
    return len(set(values)) < len(values)


def _ranked(head: Sequence[str], name: str, rows: Sequence[_Row] = ()) -> int | None:
    """Return the column of the head whose name is the earliest in a word list, of those whose cells hold words."""
    ranks = _ranks(name)
    found = [column for _, column in sorted((ranks[key], column) for column, key in enumerate(head) if key in ranks)]
    # A column may have the name of what is said, and hold the number of the recording, or nothing.
    return next((column for column in found if _is_wordy(_values(rows, column))), found[0]) if found else None


def _is_wordy(values: Sequence[str]) -> bool:
    return sum(map(str.isalpha, "".join(values))) > _MIN_WORDY_CHARACTERS * len(values)


def _values(rows: Sequence[_Row], column: int) -> list[str]:
    cells = (row[column].text.strip(_AROUND_NAME) for row in rows if column < len(row))
    return [text for text in cells if text and text.casefold() not in _NO_VALUE]


def _wordy(rows: Sequence[_Row], without: int | None) -> int | None:
    """Return the column with the most letters, if its cells are long enough to be what is said."""
    width = max(map(len, rows), default=0)
    letters = {
        column: sum(map(str.isalpha, "".join(_values(rows, column)))) for column in range(width) if column != without
    }
    best = max(letters, key=lambda column: letters[column], default=None)
    least = 0 if without is not None else _MIN_WORDY_CHARACTERS * len(_values(rows, best or 0))
    return best if best is not None and letters[best] > least else None


def _naming(rows: Sequence[_Row], without: int) -> int | None:
    """Return the column that names most rows, of those whose cells could be names and recur; all alike name nobody."""
    columns = (column for column in range(max(map(len, rows), default=0)) if column != without)
    named = {
        column: _values(rows, column) for column in columns if _recur(rows, column) and _may_be_names(rows, column)
    }
    several = {column: values for column, values in named.items() if len(set(values)) > 1}
    return max(several, key=lambda column: (len(several[column]), -column), default=None)


def _may_be_names(rows: Sequence[_Row], column: int) -> bool:
    values = _values(rows, column)
    named = sum(len(value) <= _MAX_NAME and (could_name(value) or is_speaker_word(name_key(value))) for value in values)
    return bool(values) and named >= _MIN_NAMED_SHARE * len(values)


def _fragments(rows: Sequence[_Row], columns: _Columns, cuts: list[NonTextSpan]) -> Iterator[Fragment]:
    """Yield what is said in each row; a row that names nobody continues the one above."""
    head = rows[0] if columns.has_head else ()
    before: str | None = None
    for row in rows[len(head) > 0 :]:
        if columns.speaker is not None and len(row) == 1 and ends_sentence(row[0].text):
            (cell,) = row  # a remark below the table, or a line that broke
            yield Fragment(cell.spans, cell.text, TextSpan(cell.end, cell.end + 1, SOFT_BREAK), None)
            continue
        if columns.speaker is not None and columns.speaker < len(row):
            cell = row[columns.speaker]
            named = " ".join(cell.text.strip(_AROUND_NAME).split())
            before = f"Speaker {named}" if named.isdigit() else named or before
            cuts.append(NonTextSpan(cell.start, cell.end, "label"))
        for column, cell in enumerate(row):
            if column in columns.words and cell.text:
                speaker = before if columns.speaker is not None else None
                if len(columns.words) > 1:
                    speaker = head[column].text.strip(_AROUND_NAME)
                yield Fragment(cell.spans, cell.text, TextSpan(cell.end, cell.end + 1, SOFT_BREAK), speaker)
            elif column != columns.speaker and any(map(str.isalpha, cell.text)):
                cuts.append(NonTextSpan(cell.start, cell.end, "boilerplate"))
