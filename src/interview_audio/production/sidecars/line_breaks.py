"""Where a text may be broken for the screen, and how well that reads: clauses, words, Chinese and Japanese rules.

What a reader takes in as one stays on a line: numbers with their units, titles and initials with names. The Latin cases
are those of D. E. Knuth, The TeXbook (1984), chapter 14, which ties them by ``~``; the Chinese ones follow from its
grammar: a number takes a measure word, 第 takes a number. Which marks may not begin or end a line is after JIS X 4051
and the W3C's requirements for Chinese text layout (clreq).
"""

import itertools
import re
import unicodedata
from collections.abc import Collection, Mapping
from dataclasses import dataclass

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


LINE = 420
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
        if quality is None and widths[index + 1] - widths[last] > LINE:
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
