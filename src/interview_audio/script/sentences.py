"""Cuts a paragraph into utterances: whole sentences, short neighbours joined, none too long for an engine's breath."""

import re
from collections.abc import Iterator

MOST_TOKENS = 300
"""Estimated phoneme tokens of an utterance at most: memory and prosody of Kokoro are good up to here."""
FEW_TOKENS = 60
"""An utterance below this is joined with its neighbour: very short ones are spoken badly."""

CJK = r"\u2e80-\u2fff\u3005-\u3007\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U000323af"
_CLOSING = r"(?:[\"'”’」』）)\]】》]|[\u00a0\u202f]?[»›])*"
_SENTENCE_END = re.compile(
    rf"(?:[。！？!?；;]+|…+|\.{{2,}}|(?<![.\d])\.(?=[\s\"'”’)\]»›]|$)|(?<=\d)\.(?=\s|$)){_CLOSING}\s*"
)
_CLAUSE_END = re.compile(rf"(?:[，、：]|[,:](?!\d)|——|—|–\s){_CLOSING}\s*")
_WORD_END = re.compile(rf"\s+|(?<=[{CJK}])(?=[^\s{CJK}])")
_ABBREVIATION = re.compile(
    r"(?:\b(?:Mr|Mrs|Ms|Dr|Prof|St|Mt|Sr|Jr|vs|etc|e\.g|i\.e|cf|Inc|Ltd|Co|Corp|Gen|Sen|Rep|Gov|Lt|Col|Capt|Sgt|Rev|approx|"
    r"Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec|bzw|usw|ca|Nr|Hr|Fr|Str|Mme|Mlle|Sra|Srta|Dra|Ud|Uds)|\b(?:[A-Za-z]\.)*[A-Z])\.$"
)
_BEFORE_NUMBER = re.compile(r"\b(?:Nos?|Figs?|pp?|Vol|Ch|Sec|Art)\.$")
"""What is an abbreviation before a number only: after ``No.`` a sentence may begin."""
_CLOSES_LATER = re.compile(r"»(?:\s|\Z)")
"""A French quotation ends after a space; a German one may begin so: ``»Ja«``."""
_DATE = re.compile(
    r"\b\d{1,2}\.\s+(Januar|Februar|März|April|Mai|Juni|Juli|August|September|Oktober|November|Dezember)\b"
)
"""A German day, whose full stop ends nothing; the group is the month."""
_TOKENS = re.compile(rf"(?P<cjk>[{CJK}])|(?P<digit>\d)|(?P<other>\S)|\s")


def estimate_tokens(text: str) -> float:
    """Phoneme tokens that Kokoro will need, estimated from the writing.

    Measured over our examples: a Chinese character gives 4.6 tokens, a Latin letter 1.1; a digit becomes a word.
    """
    weight = {"cjk": 5.0, "digit": 5.0, "other": 1.2, None: 1.0}
    return sum(weight[match.lastgroup] for match in _TOKENS.finditer(text))


def sentences(text: str) -> Iterator[str]:
    """The sentences of ``text``; joined they are the text again."""
    start = 0
    months = {match.start(1) for match in _DATE.finditer(text)}
    for match in _SENTENCE_END.finditer(text):
        head = text[start : match.end()].rstrip()
        following = text[match.end() : match.end() + 1]
        is_within = match.end() in months or _CLOSES_LATER.match(text, match.end())
        if is_within or (following and _goes_on(head, following)):
            continue
        yield text[start : match.end()]
        start = match.end()
    if start < len(text):
        yield text[start:]


def _has_words(text: str) -> bool:
    return any(map(str.isalnum, text))


def _goes_on(head: str, following: str) -> bool:
    """Whether a sentence that seems to end does not: after an abbreviation, before a small letter."""
    if following.isdigit() and _BEFORE_NUMBER.search(head):
        return True
    return head.endswith((".", "…")) and (following.islower() or bool(_ABBREVIATION.search(head)))


def utterances(text: str) -> tuple[str, ...]:
    """What is spoken in one go, in order, stripped; only the white space between them is lost.

    A sentence over ``MOST_TOKENS`` is cut at clauses, then between words, then anywhere.
    """
    pieces = [piece for sentence in sentences(text) for piece in _short_enough(sentence)]
    joined: list[str] = []
    for piece in pieces:
        fits = joined and estimate_tokens(joined[-1] + piece) <= MOST_TOKENS
        is_short = joined and min(estimate_tokens(joined[-1]), estimate_tokens(piece)) < FEW_TOKENS
        if (fits and is_short) or (joined and not (_has_words(joined[-1]) and _has_words(piece))):
            joined[-1] += piece
        else:
            joined.append(piece)
    return tuple(stripped for piece in joined if (stripped := piece.strip()))


def _short_enough(text: str) -> Iterator[str]:
    if estimate_tokens(text) <= MOST_TOKENS:
        yield text
        return
    for boundary in (_CLAUSE_END, _WORD_END):
        pieces = _packed(_cut(text, boundary))
        if len(pieces) > 1:
            for piece in pieces:
                yield from _short_enough(piece)
            return
    middle = len(text) // 2
    yield from _short_enough(text[:middle])
    yield from _short_enough(text[middle:])


def _cut(text: str, boundary: re.Pattern[str]) -> list[str]:
    ends = [*(match.end() for match in boundary.finditer(text) if 0 < match.end() < len(text)), len(text)]
    return [text[start:end] for start, end in zip([0, *ends], ends, strict=False)]


def _packed(pieces: list[str]) -> list[str]:
    """Neighbours together again, into parts of about one length, each within the limit where a piece is."""
    count = -(-estimate_tokens("".join(pieces)) // MOST_TOKENS)
    share = estimate_tokens("".join(pieces)) / count
    parts = [""]
    for piece in pieces:
        size = estimate_tokens(parts[-1])
        full = size >= share or size + estimate_tokens(piece) > MOST_TOKENS
        if parts[-1] and full:
            parts.append("")
        parts[-1] += piece
    return parts
