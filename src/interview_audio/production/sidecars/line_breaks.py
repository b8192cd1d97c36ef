"""Where a text is broken for the screen: into captions of at most two short lines, where a reader would take breath.

Clauses, words, Chinese and Japanese rules say how well a break reads. What a reader takes in as one stays on a line:
numbers with their units, titles and initials with names. The Latin cases are those of D. E. Knuth, The TeXbook (1984),
chapter 14, which ties them by ``~``; the Chinese ones follow from its grammar: a number takes a measure word, 第 takes
a number. Which marks may not begin or end a line is after JIS X 4051 and the W3C's requirements for Chinese text layout
(clreq). Captions are the path from break to break that costs least.
"""

import itertools
import re
import unicodedata
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from interview_audio.script.sentences import sentences
from interview_audio.text.characters import is_wide


def _either(words: str) -> str:
    return "|".join(words.split())


_SHORTEST_WORD = 4
_SHORT_UNITS = (
    r"a\.m\. p\.m\. A\.M\. P\.M\. am pm AM PM o[’']clock Uhr May Mai B\.C\. A\.D\. BC AD BCE CE Mio\. Mrd\. "
    r"kg mg g lb oz km cm mm m ft mi min s ms mph kph kW MW GW [kMGT]?Hz [kKMGT]?B"
)
_NO_UNITS = (
    "that this these those they them there then than were when what with which while where will would could should "
    "have having from into onto over after before because until since about also both each either every more most much "
    "many only just like some such very your their here been does said says made went came still even oder nach sind "
    "waren haben sich nicht auch aber wenn dann dans pour avec sont mais para como pero desde hasta sobre"
)
"""Words of four letters or more that are counted by no number."""
_SENTENCE_OPENERS = (
    "The A An It Its It's I I'm We We're You He She They There This That These Those But And So Or If In On At As For "
    "From With When What Why How Who Where Then Now No Not Yes My Our His Her Their Also Well"
)
"""A capital that need not be a name's."""
_TITLES = "Mr Mrs Ms Dr Prof St Mt Ft Gen Sen Rep Gov Lt Col Capt Sgt Maj Rev Hon M MM Mme Mlle Hr Fr Sr Sra Srta Dra"
_DIGITS = r"[$€£¥]?\d[\d.,:]{,20}(?<![.,:])(?:st|nd|rd|th)?"
_SPELLED = (
    r"(?:two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|(?:thir|four|fif|six|seven|eigh|nine)teen|"
    r"(?:twen|thir|for|fif|six|seven|eigh|nine)ty(?:-[a-z]+)?)"
)
_SCALE = r"(?:hundred|thousand|million|billion|trillion|dozen|Millionen|Milliarden|millions|milliards|millones)"
_WORD = rf"(?:(?:{_either(_SHORT_UNITS)})(?!\w)|(?!(?:{_either(_NO_UNITS)})\b)[^\W\d_]{{{_SHORTEST_WORD},}})"
_NAME = rf"(?!(?:{_either(_SENTENCE_OPENERS)})\b)[A-ZÀ-Þ]"

_HAN_NUMBER = r"(?:\d[\d.,]{,20}(?: ?[百千万亿]{1,4})?|[〇零一二三四五六七八九十百千万亿两几半]{1,20})"
_MEASURES = (
    r"(?:小时|分钟|公里|公斤|公分|平方米|平方公里|厘米|毫米|美元|欧元|日元|英镑|人民币|世纪|年代|季度|个月|百分点|星期|"
    r"[个位名岁年月日号天周次种代届章页条款项件座台辆部篇首句段层级倍点秒人元块钱度吨米步轮场支只张双套批组群排封棵颗根杯瓶碗"
    r"间所栋户册本家把对份集季期行])"
)

# What repeats is bounded, so that no text takes time that grows with its square.
_TIES = (
    # A number and what it counts: 3 a.m., $3 million, 5 million dollars, two hundred years. A bare year counts nothing.
    rf"(?<![\w.,])(?!(?:1[5-9]|20)\d\d [^\W\d_]){_DIGITS}(?: {_SCALE})*(?: {_WORD})?",
    rf"\b{_SPELLED}(?: {_SCALE})*(?: {_WORD})?",
    rf"\b{_SCALE} {_WORD}",
    # A name or its kind and a number: Chapter 3, June 14, 2018, No. 5, World War II; a German day.
    rf"\b(?:[A-ZÀ-Þ][\w-]{{,40}}|chapter|page|version|number|part|section|step) {_DIGITS}\b(?:, (?:1[5-9]|20)\d\d\b)?",
    r"\b[A-ZÀ-Þ]\w+ (?:II|III|IV|VI|VII|VIII|IX|XI|XII|V|X)\b",
    rf"\b(?:Nos?|Nr|Figs?|pp?|Vol|Ch|Sec|Art|Abs|A\.D|n°|nº)\.? {_DIGITS}",
    r"\b\d{1,2}\. [A-ZÄ]\w+",
    r"\d ?[x×+−=] ?\d",
    # A title, an initial or an abbreviation and the name: Dr. Smith, J. K. Rowling, U.S. Senate, King Jr.
    rf"\b(?:{_either(_TITLES)})\.? {_NAME}",
    rf"\b{_NAME}[\w’'-]{{1,40}} (?:[A-Z]\. ?){{1,6}}{_NAME}",
    rf"(?:(?<=^)|(?<=\s))(?:[A-Z]\. ?){{1,6}}{_NAME}",
    rf"\b(?![AP]\.M\.|[BD]\.C\.|A\.D\.)(?:[A-Z]\.){{2,6}} (?:{_NAME}|{_WORD})",
    r"\b[A-ZÀ-Þ]\w+,? (?:Jr|Sr)\b",
    r"\b(?:vs?|e\.g|i\.e|cf|approx|ca|z\.B|c)\. \w",
    # A Chinese number and its measure word, 第三届, 百分之三十, 星期五.
    r"\d[\d.,]{,20} ?[百千万亿]{1,4}",
    rf"第 ?{_HAN_NUMBER}(?: ?{_MEASURES})?",
    rf"(?<![统划专唯]){_HAN_NUMBER}[多余来几]? ?{_MEASURES}半?",
    rf"(?:百|千|万|{_HAN_NUMBER})分之{_HAN_NUMBER}",
    r"(?:星期|礼拜|周)[一二三四五六日天]",
    # A short term in quotation marks, and the name of a person in another script's syllables.
    r"[“「『][\u3400-\u9fff]{1,6}[”」』]",
    r"[\u3400-\u9fff][·•‧・][\u3400-\u9fff]",
)
_TIE = [re.compile(f"(?=({tie}))") for tie in _TIES]  # looking ahead, for ties overlap: 5 million | million dollars
_TITLE = re.compile(r"《[^《》]*》|〈[^〈〉]*〉")
_LONGEST_TITLE, _TITLE_EDGE = 12, 4
"""Characters with both marks: a longer title may be parted, though not this close to its marks."""


def tied(text: str) -> frozenset[int]:
    """Return the indices before which a text is broken only where there is no other way."""
    ties = (match.span(1) for tie in _TIE for match in tie.finditer(text))
    titles = (edge for match in _TITLE.finditer(text) for edge in _unbroken(*match.span()))
    return frozenset(index for start, end in itertools.chain(ties, titles) for index in range(start + 1, end))


def _unbroken(start: int, end: int) -> tuple[tuple[int, int], ...]:
    """Split a title into the parts that stay whole."""
    if end - start <= _LONGEST_TITLE:
        return ((start, end),)
    return (start, start + _TITLE_EDGE), (end - _TITLE_EDGE, end)


_LINE = 420
"""Width of a caption line: 42 Latin columns, or 20 Chinese characters."""
_NARROW, _WIDE = 10, 21

# How well a break reads.
SENTENCE, CLAUSE, WORD = 1.0, 0.6, 0.0
_LEANING, _CHARACTER, _IN_NAME, _IN_ADDRESS, _ANYWHERE, _TIED = -0.4, -0.5, -0.8, -1.0, -2.0, -6.0

_CLAUSE_ENDS = frozenset("，；：、,;:—–。！？!?…‥")
_HALF_STOPS = frozenset("；;")
_GUILLEMETS = frozenset("«»‹›")
_CLOSING_QUOTES = frozenset("”’»›」』）】》〉〕〗］｝)]}\"'")
_NEVER_FIRST = _CLAUSE_ENDS | frozenset(
    "”’»›」』）】》〉〕〗］｝)]}.．％%‰°℃℉·・～〜ー々ゝゞヽヾ゛゜ぁぃぅぇぉっゃゅょゎァィゥェォッャュョヮヵヶ"
)
_NEVER_LAST = frozenset("“‘«‹「『（【《〈〔〖［｛([{￥＄￡＃#")
_NEVER_PARTED = frozenset("…‥—～〜")
_NO_BREAK = frozenset("\u00a0\u202f\u2007\u2060\u200d")
_UNITS = frozenset("%‰°€£$¥")
_PARTICLES = frozenset("的地得了着过吗呢吧啊们之者")
"""Chinese syllables that lean on the word before."""
_LATIN_WORD = re.compile(r"[A-Za-zÀ-ɏ]+\.?$")
_LONG_WORD = re.compile(r"[!-~]{31,}")
"""What cannot be hoped to fit the rest of a line: an address."""
_JOINT = re.compile(r"[/?&=#_-]\b")
_CONTEXTUAL = frozenset("“”‘’—…")
"""As wide as a Chinese character among Chinese characters, narrow elsewhere."""
_LONGEST_NAME = 20
_SHORT_WORD = 4
"""Letters of a word that leans on the next one: an article, a preposition, a conjunction."""


@dataclass(frozen=True, slots=True)
class MeasuredText:
    """A text with all that is known of its breaks."""

    text: str
    widths: tuple[int, ...]
    """Width of the text before each index."""
    breaks: Mapping[int, float]
    """Every index before which the text may be cut, in order, and how well that reads; the text's end is the last."""

    def width(self, start: int, end: int) -> int:
        """Return the width of a part; a space at its end takes none."""
        space = end > start and self.text[end - 1] == " "
        return self.widths[end] - self.widths[start] - (_NARROW if space else 0)


def measured(text: str, word_starts: Collection[int]) -> MeasuredText:
    """Find the breaks of a text.

    Args:
        text: Without line ends, runs of spaces, or spaces around it.
        word_starts: Indices into the text where a word begins; they matter where no spaces tell.
    """
    widths = _widths(text)
    return MeasuredText(text, widths, _breaks(text, widths, word_starts))


def columns_of(text: str) -> int:
    """Return the width of a text, in tenths of a Latin column."""
    return _widths(text)[-1]


def _widths(text: str) -> tuple[int, ...]:
    padded = f" {text} "
    neighbours = zip(padded, padded[2:], strict=False)
    widths = (_width(character, pair) for character, pair in zip(text, neighbours, strict=True))
    return tuple(itertools.accumulate(widths, initial=0))


def _width(character: str, neighbours: tuple[str, str]) -> int:
    if character in _CONTEXTUAL:
        return _WIDE if any(map(is_wide, neighbours)) else _NARROW
    if unicodedata.category(character) in ("Mn", "Me", "Cf"):
        return 0
    return _WIDE if is_wide(character) else _NARROW


def _breaks(text: str, widths: tuple[int, ...], word_starts: Collection[int]) -> dict[int, float]:
    sentence_starts, ties = _sentence_starts(text), tied(text)
    joints = {joint.end() for word in _LONG_WORD.finditer(text) for joint in _JOINT.finditer(text, *word.span())}
    quoted = list(itertools.accumulate((character == '"' for character in text), initial=0))
    breaks: dict[int, float] = {}
    last = 0
    for index in range(1, len(text)):
        quality = (
            None if _parts_a_quote(text, index, quoted[index] % 2) else _quality(text, index, index in word_starts)
        )
        if quality is not None and index in sentence_starts:
            quality = SENTENCE
        elif quality is not None and index in ties:
            quality = _TIED
        if quality is None and index in joints:
            quality = _IN_ADDRESS
        if quality is None and widths[index + 1] - widths[last] > _LINE:
            quality = _ANYWHERE
        if quality is not None:
            breaks[index] = quality
            last = index
    breaks[len(text)] = SENTENCE
    return breaks


def _sentence_starts(text: str) -> set[int]:
    starts = itertools.accumulate(map(len, sentences(text)))
    return {start for start in starts if text[max(start - 2, 0) : start].rstrip()[-1:] not in _HALF_STOPS}


def _parts_a_quote(text: str, index: int, is_within: int) -> bool:
    """Tell whether a break parts a straight quotation mark from its quotation: the first opens, the next closes."""
    return bool(is_within) and '"' in (text[index - 1], text[index])


def _quality(text: str, index: int, word_ended: bool) -> float | None:  # noqa: FBT001 - one of three facts of a place
    before, after = text[index - 1], text[index]
    if before == " ":
        return _quality_at_space(text, index)
    if after == " " or after in _NEVER_FIRST or before in _NEVER_LAST or not _NO_BREAK.isdisjoint((before, after)):
        return None
    if _belong_together(before, after) or not _is_place(text, index):
        return None
    if _ends_clause(text, index):
        return CLAUSE
    if after in _PARTICLES or (before.isdigit() and is_wide(after)):
        return _LEANING
    return WORD if word_ended else _CHARACTER


def _is_place(text: str, index: int) -> bool:
    """Tell whether a line may end here without a space: among Chinese characters, after a dash, before a quotation."""
    before, after = text[index - 1], text[index]
    if is_wide(before) or is_wide(after) or (before == "—" and after.isalpha()):
        return True
    return before in _CLAUSE_ENDS and (after == '"' or is_wide(text[index - 2]))


def _quality_at_space(text: str, index: int) -> float | None:
    last, following = text[index - 2], text[index]
    if (last.isdigit() and following in _UNITS) or (last in _UNITS and following.isdigit()):
        return None
    if _stands_alone(text, index - 2, "«‹") or _stands_alone(text, index, "»›"):
        return None
    if last in _NEVER_LAST - _GUILLEMETS or following in _NEVER_FIRST - _GUILLEMETS:
        return None
    if _ends_clause(text, index - 1):
        return CLAUSE
    word = _LATIN_WORD.search(text, max(index - _LONGEST_NAME, 0), index - 1)
    if word and word[0].istitle() and following.isupper():
        return _IN_NAME
    leans = word and (len(word[0]) <= _SHORT_WORD or (word[0].isupper() and following.isupper()))
    return _LEANING if leans or (last.isdigit() and is_wide(following)) else WORD


def _stands_alone(text: str, index: int, marks: str) -> bool:
    """Tell whether one of these guillemets has spaces around it, as in French, where « opens; in German it closes."""
    return text[index] in marks and not f" {text} "[index : index + 3 : 2].strip(" ")


def _ends_clause(text: str, index: int) -> bool:
    """Tell whether the text up to here ends with a mark that ends a clause, be it in quotation marks or brackets."""
    while index and text[index - 1] in _CLOSING_QUOTES:
        index -= 1
    mark = text[index - 1 : index]
    return mark in _CLAUSE_ENDS


def _belong_together(before: str, after: str) -> bool:
    return (
        unicodedata.category(after)[0] == "M"
        or (before == after and before in _NEVER_PARTED)
        or "\U0001f3fb" <= after <= "\U0001f3ff"  # the colour of a skin
        or all("\U0001f1e6" <= letter <= "\U0001f1ff" for letter in (before, after))  # a flag
        or (_is_wide_letter(before) and _is_wide_letter(after))
    )


def _is_wide_letter(character: str) -> bool:
    """Tell whether words of it have spaces between them: full-width Latin and digits, Hangul."""
    return "\uff10" <= character <= "\uff5a" or "\u1100" <= character <= "\u11ff" or "\uac00" <= character <= "\ud7a3"


_Places = NDArray[np.int64]
_Costs = NDArray[np.float64]
_Flags = NDArray[np.bool_]

SHORTEST, _LONGEST = 1.2, 5.5
"""Seconds that a caption should stay: long enough to be read, short enough to follow the voice."""

# What makes a caption worse, weighed on the seeds by eye. One caption more costs 1.
_BREAK, _LINE_BREAK, _UNEVEN = 1.2, 1.0, 0.6
_TOO_SHORT, _TOO_LONG, _LONELY, _STUB = 2.0, 3.0, 0.8, 0.5
_LONELY_WIDTH, _STUB_WIDTH = _LINE // 3, _LINE // 6
_WIDEST_LABEL = _LINE // 2
_AT_ONCE = 32
"""How many places are weighed at once: few enough for the processor's cache, enough to call NumPy rarely."""


@dataclass(frozen=True, slots=True)
class CaptionSpan:
    """A part of a text that makes one caption."""

    start: int
    """Index into the text of its first character."""
    second_line: int
    """Index at which its second line begins; ``end`` if it has none."""
    end: int


@dataclass(frozen=True, slots=True)
class _BreakTable:
    """Where a text may be cut, in order: its beginning, its breaks, its end. Tables, since all of them are weighed."""

    places: _Places
    """Index into the text."""
    qualities: _Costs
    """How well the break reads."""
    begins: _Places
    """Width of the text before a line that begins here."""
    ends: _Places
    """Width of the text up to the end of a line that ends here: a space takes no room there. Ascending."""
    numbers: _Places
    """Two indices each: a part from here that ends after the first, and not after the second, is a bare number."""
    label: int
    """Width of what comes before the text."""

    def widths(self, starts: _Places, ends: _Places) -> _Places:
        """Return the width of the parts between these."""
        return self.ends[ends] - self.begins[starts]

    def indents(self, starts: _Places) -> _Places:
        """Return the width of what comes before parts that begin here."""
        return np.where(starts == 0, self.label, 0)

    def last_ends(self, starts: _Places, most: _Places | int = _LINE) -> _Places:
        """Find the last break at which a line may end that begins at each of these; the next one where none fits."""
        fitting = np.searchsorted(self.ends, self.begins[starts] + most, "right") - 1
        return np.minimum(np.maximum(fitting, starts + 1), len(self.places) - 1)


def cut_text(
    text: str, word_starts: Collection[int], seconds: Sequence[float], label: int = 0
) -> tuple[CaptionSpan, ...]:
    """Cut a text into captions, so that as few as possible read as well as possible.

    Args:
        text: Without line ends, runs of spaces, or spaces around it.
        word_starts: Indices into the text where a word begins; they matter where no spaces tell.
        seconds: When each character is heard, ascending, and last the end.
        label: Width to be left for a name before the first caption, in tenths of a column.
    """
    if not text:
        return ()
    found = measured(text, word_starts)
    if len(found.breaks) == 1:  # thousands of short lines need no tables
        return (CaptionSpan(0, len(text), len(text)),)
    nodes = _nodes(found, tuple(found.breaks), min(label, _WIDEST_LABEL))
    edges = _best_edges(nodes, np.array(seconds)[nodes.places])
    middles, _ = _second_lines(replace(nodes, label=0), edges[:-1], edges[1:])
    columns = (nodes.places[column].tolist() for column in (edges[:-1], middles, edges[1:]))
    return tuple(map(CaptionSpan, *columns))


def second_line(text: str, word_starts: Collection[int], label: int) -> int:
    """Find where the second line of a caption begins; its length if it needs none. Too much for two is uneven.

    Args:
        text: As for ``cut_text``, but with a name before it.
        word_starts: As for ``cut_text``.
        label: Index at which the text begins, after the name.
    """
    found = measured(text, word_starts)
    breaks = tuple(index for index in found.breaks if index > label)
    nodes = _nodes(found, breaks, 0)
    middles, _ = _second_lines(nodes, np.array([0]), np.array([len(breaks)]))
    return int(nodes.places[middles[0]])


def _nodes(found: MeasuredText, breaks: tuple[int, ...], label: int) -> _BreakTable:
    places = (0, *breaks)
    return _BreakTable(
        places=np.array(places),
        qualities=np.array([0.0, *(found.breaks[place] for place in breaks)]),
        begins=np.array([found.widths[place] for place in places]),
        ends=np.array([found.width(0, place) for place in places]),
        numbers=np.array(_numbers(found.text, places)),
        label=label,
    )


def _numbers(text: str, places: Sequence[int]) -> list[tuple[int, int]]:
    """Find for each place between which indices a part ends that is a bare number, spaces around it or not.

    As a last line, pysubs2 takes it for the number of the next caption.
    """
    ends = [0] * (len(text) + 2)
    """Of the digits that begin at each index."""
    for index in range(len(text) - 1, -1, -1):
        if text[index].isdecimal():
            ends[index] = ends[index + 1] or index + 1
    firsts = [place + text.startswith(" ", place) for place in places]
    return [(first, ends[first] + text.startswith(" ", ends[first])) if ends[first] else (0, 0) for first in firsts]


def _best_edges(nodes: _BreakTable, seconds: _Costs) -> _Places:
    """Find where the captions begin and end that cost least in all: the shortest path from break to break."""
    best, came = np.full(len(seconds), np.inf), np.zeros(len(seconds), np.int64)
    best[0] = 0
    for start, costs in _costs(nodes, seconds):
        ends = slice(start + 1, start + 1 + len(costs))
        reached = best[start] + costs
        better = reached < best[ends]
        np.copyto(best[ends], reached, where=better)
        np.copyto(came[ends], start, where=better)
    edges = [len(seconds) - 1]
    while edges[-1]:
        edges.append(int(came[edges[-1]]))
    return np.array(edges[::-1])


def _costs(nodes: _BreakTable, seconds: _Costs) -> Iterator[tuple[int, _Costs]]:
    """Yield each break but the last, and what captions cost that begin there and end at each break after it."""
    count = len(seconds) - 1
    for first in range(0, count, _AT_ONCE):
        starts = np.arange(first, min(first + _AT_ONCE, count))
        firsts = nodes.last_ends(starts, _LINE - nodes.indents(starts))
        lasts = nodes.last_ends(firsts)
        ends = starts[:, None] + np.arange(1, (lasts - starts).max() + 1)
        within = ends <= lasts[:, None]
        np.minimum(ends, count, out=ends)
        rows, columns = np.nonzero(_are_ends(nodes, seconds, starts, ends, within))
        costs = np.full(ends.shape, np.inf)
        costs[rows, columns] = _cost(nodes, seconds, starts[rows], ends[rows, columns])
        for start, last, row in zip(starts.tolist(), lasts.tolist(), costs, strict=True):
            yield start, row[: last - start]


def _are_ends(nodes: _BreakTable, seconds: _Costs, starts: _Places, ends: _Places, within: _Flags) -> _Flags:
    """Find where a caption may end: clauses, and other breaks only where no clause ends in good time."""
    clauses = within & (nodes.qualities[ends] >= CLAUSE)
    rows = np.arange(len(starts))
    first = ends[rows, clauses.argmax(axis=1)]
    last = ends[rows, ends.shape[1] - 1 - clauses[:, ::-1].argmax(axis=1)]
    wide = nodes.widths(starts, last) >= _LINE // 2
    soon = seconds[first] - seconds[starts] <= _LONGEST
    only_clauses = clauses.any(axis=1) & wide & soon
    return np.where(only_clauses[:, None], clauses, within)


def _cost(nodes: _BreakTable, seconds: _Costs, starts: _Places, ends: _Places) -> _Costs:
    """Return what captions cost that begin at each of these and end at each of those."""
    durations = seconds[ends] - seconds[starts]
    costs = 1.0 + _BREAK * (1 - nodes.qualities[ends])
    costs += _TOO_SHORT * np.maximum(SHORTEST - durations, 0) + _TOO_LONG * np.maximum(durations - _LONGEST, 0)
    costs[nodes.widths(starts, ends) < _LONELY_WIDTH] += _LONELY
    _, of_lines = _second_lines(nodes, starts, ends)
    return costs + of_lines


def _second_lines(nodes: _BreakTable, starts: _Places, ends: _Places) -> tuple[_Places, _Costs]:
    """Find where the second lines of captions best begin, and what lines cost; the ends and 0 if one is enough."""
    middles, costs = ends.copy(), np.zeros(len(ends))
    (wide,) = np.nonzero(nodes.widths(starts, ends) > _LINE - nodes.indents(starts))
    if wide.size:
        middles[wide], costs[wide] = _best_middles(nodes, starts[wide], ends[wide])
    return middles, costs


def _best_middles(nodes: _BreakTable, starts: _Places, ends: _Places) -> tuple[_Places, _Costs]:
    """Find the same where one line is not enough; the end and 0 where there is no break between."""
    starts, ends = starts[:, None], ends[:, None]
    lasts = np.minimum(nodes.last_ends(starts), ends - 1)
    middles = starts + np.arange(1, max((lasts - starts).max(), 1) + 1)
    within = middles <= lasts
    np.minimum(middles, ends, out=middles)
    within &= ~_are_numbers(nodes, middles, ends)
    fitting = within & (nodes.widths(middles, ends) <= _LINE)
    # What is too long for two lines has as much as it can in its first.
    longest = np.where(within, middles, 0).max(axis=1, keepdims=True)
    fitting |= within & (middles == longest) & ~fitting.any(axis=1, keepdims=True)
    costs = np.where(fitting, _line_costs(nodes, starts, middles, ends), np.inf)
    rows, best = np.arange(len(costs)), costs.argmin(axis=1)
    found = fitting[rows, best]
    return np.where(found, middles[rows, best], ends[:, 0]), np.where(found, costs[rows, best], 0.0)


def _are_numbers(nodes: _BreakTable, starts: _Places, ends: _Places) -> _Flags:
    after, until = np.moveaxis(nodes.numbers[starts], -1, 0)
    places = nodes.places[ends]
    inside: _Flags = (after < places) & (places <= until)
    return inside


def _line_costs(nodes: _BreakTable, starts: _Places, middles: _Places, ends: _Places) -> _Costs:
    first, second = nodes.widths(starts, middles) + nodes.indents(starts), nodes.widths(middles, ends)
    costs: _Costs = _LINE_BREAK * (1 - nodes.qualities[middles]) + _UNEVEN * np.abs(first - second) / _LINE
    costs[np.minimum(first, second) < _STUB_WIDTH] += _STUB
    return costs
