"""What a reader takes in as one and no line should part: numbers with their units, titles and initials with names.

The Latin cases are those of D. E. Knuth, The TeXbook (1984), chapter 14, which ties them by ``~``; the Chinese ones
follow from its grammar: a number takes a measure word, 第 takes a number.
"""

import itertools
import re


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
    """The indices before which a text is broken only where there is no other way."""
    ties = (match.span(1) for tie in _TIE for match in tie.finditer(text))
    titles = (edge for match in _TITLE.finditer(text) for edge in _unbroken(*match.span()))
    return frozenset(index for start, end in itertools.chain(ties, titles) for index in range(start + 1, end))


def _unbroken(start: int, end: int) -> tuple[tuple[int, int], ...]:
    """The parts of a title that stay whole."""
    if end - start <= _LONGEST_TITLE:
        return ((start, end),)
    return (start, start + _TITLE_EDGE), (end - _TITLE_EDGE, end)
