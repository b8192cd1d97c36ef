"""What surrounds the words on a page: markdown, stage marks such as ``(laughs)``, footnotes, invisible characters.

Knows nothing of speakers. What is not words is kept as a span with its reason, so that every character can be accounted
for.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from interview_audio.transcript.lexicon.vocabulary import alternation, words_of

_OPENING = "(\\[{（【〔［〈"
_CLOSING = ")\\]}）】〕］〉"
_BRACKETED = re.compile(
    rf"[{_OPENING}]{{1,2}}([^{_OPENING}{_CLOSING}*\n]{{1,48}})[{_CLOSING}]{{1,2}}"
    r"|(?<![\w*])\*([^*\n]{1,48})\*(?![\w*])|(?<![\w_])_([^_\n]{1,48})_(?![\w_])"
)
_MUSIC = re.compile(r"[♪♫♬]+(?:[^♪♫♬\n]{0,120}[♪♫♬]+)?")
_FOOTNOTE = re.compile(
    # [12], [^note], 〔注3〕, [a] directly behind a word, but not before a colon: that is a label
    r"(?<=[^\s\[(（])\\?[\[［〔]"
    r"(?:\^[\w-]{1,24}|(?:注|註|note |nb )?\s?\d{1,3}(?:[,，、–-]\s?\d{1,3}){0,4}|[a-z])\\?[\]］〕](?![(:：])"
    # raised digits behind a word: light¹
    r"|(?<=[^\W\d_])[¹²³⁰⁴-⁹]{1,3}(?!\w)"
    # ①, † behind a word and before a space or a mark; before a word ① begins an item of a list
    r"|(?<=[^\s：:；;、，,])[\u2460-\u2473†‡](?=[\s。，、；：！？,.;:!?”」』）)]|\Z)"
)
_STAGE_SIGN = re.compile(rf"[{_OPENING}*_♪♫♬¹²³⁰⁴-⁹\u2460-\u2473†‡]")
"""What every stage mark and every footnote begins with: most paragraphs have none."""
_CLOCK = re.compile(r"[\d:：.,–-]{3,}")
_HEARD_IN_CHINESE = re.compile(
    rf"(?:(?:{alternation('stage_chinese_manner')})[地的]?|[和并、，,\s])*(?:{alternation('stage_chinese_sounds')})"
    rf"(?:{alternation('stage_chinese_endings')}|\d+\s?秒|\s)*\Z"
)
_SOUND_IN_CHINESE = re.compile(r"[^\W\d_的是我你他她有没]{1,6}[声聲]\Z")
"""``敲门声``, ``小声``."""
_HEARD = words_of("stage_words")
_FILLERS = words_of("stage_filler_words")
_NOISES = words_of("stage_noises")
_PHRASES = words_of("stage_phrases")
_MAX_STAGE_WORDS = 6
"""Longer ones are remarks that somebody made: ``(He laughs, for he has told this story before.)``."""

_BLOCK_PREFIX = re.compile(r"\s*((?:#{2,6}\s*|#\s+|>+\s*|[-*+]\s+|[•●○◦■□◆◇▶►▷▲△▼◎★☆※❖➤➢✦]\ufe0f?\s*|[:：]\s+)+)")
"""Signs of headings, quotations, lists and definitions in front of a paragraph."""
_ESCAPE = re.compile(r"((?:\\\*){2,}|(?:\\_){2,})|(\\)(?=[!-/:-@\[-`{-~])|(?<=\S)(\\)(?=\s*\n)|(?<=[^\s\\])(\\+)\s*\Z")
"""The backslash that markdown writes before a sign that is meant literally, or to end a line."""
_AMPERSAND = re.compile(r"&(amp;)")
_RULE = re.compile(r"[\s*_=~#\\•·—–\u2500-\u257f―＝*-]*")
"""A line of nothing but strokes and stars."""
_STRONG_EMPHASIS = re.compile(r"(\*\*\*)(?=[^\s*])[^*]*?(?<=[^\s*])(\*\*\*)")
_STRONG = re.compile(r"(\*\*)(?=[^\s*])(?:[^*]|\*(?!\*))*?(?<=\S)(\*\*)")
_EMPHASIS = re.compile(r"(?<![A-Za-z0-9*\\])(\*)(?=[^\s*])[^*]*?(?<=[^\s*\\])(\*)(?![A-Za-z0-9*])")
_UNDERLINE = re.compile(r"(?<![\w\\])(__?)(?=[^\s_])(?:[^_\\]|\\.|(?<=\w)_(?=\w))*?(?<=[^\s_\\])(__?)(?!\w)", re.DOTALL)
"""A stroke within a word, or behind a backslash, is the word's: ``_the snake_case of node\\_modules_``."""
_STRUCK = re.compile(r"(~~)(?=[^\s~])[^~\n]*?(?<=[^\s~])(~~)")
"""Struck through, and legible all the same."""
_STRAY = re.compile(r"(?<!\w)(\*{2,})|(?<!\*)(\*\*)(?![\w*])")
"""Signs of bold text that begins or ends somewhere else; the stars in ``f***`` stand for letters."""
_CODE = re.compile(r"(`)[^`]+(`)")
_LINK = re.compile(r"(\[)[^\[\]]+(\]\((?:https?:/|mailto:|www\.|[/#])[^()\s]*\))")
_IMAGE = re.compile(r"(!\[[^\[\]]*\](?:\([^()\s]*\)|\[image\d+\]))")
_PICTURE = re.compile(
    r"((?:^\s*\[[^\[\]]{1,60}\]:[ \t]*)?<?data:image/[\w.+-]{1,40};base64,[A-Za-z0-9+/]{24,}={0,2}>?)", re.IGNORECASE
)
"""A picture that is written out; Google Docs has those behind the text, as ``[image1]: <data:...>``."""
_TAG = re.compile(
    r"(?<!\\)(</?(?:a|b|br|center|del|div|em|font|h[1-6]|i|ins|li|mark|p|s|small|span|strong|su[bp]|u)(?:\s[^<>=]*=[^<>]*|\s*)/?>)",
    re.IGNORECASE,
)
_INLINE = (
    _ESCAPE, _AMPERSAND, _IMAGE, _PICTURE, _LINK, _TAG, _STRONG_EMPHASIS, _STRONG, _EMPHASIS, _UNDERLINE, _STRUCK,
    _CODE, _STRAY,
)  # fmt: skip
"""Patterns of markup inside a paragraph; what their groups match is not words."""
_EMPHASIS_SIGN = re.compile(r"[*_]")
_INLINE_SIGN = re.compile(r"[*_`~<\[\\&]|data:image/", re.IGNORECASE)
"""What every inline pattern needs: most paragraphs have none, and need not be searched eleven times."""
_SET_BY_SIGNS = re.compile(
    r"(?<![\w*\\])(\*{1,3})(?=[^\s*])([^*\n]{1,400}?)(?<=[^\s*])(\*{1,3})(?![\w*])(?!\s{0,2}[:：])"
    r"|(?<![\w\\])(__?)(?=[^\s_])([^_\n]{1,400}?)(?<=[^\s_])(__?)(?!\w)(?!\s{0,2}[:：])"
)
_LITERAL_SIGN = re.compile(r"[*_<({%~=&]")
_LITERAL_SIGNS = re.compile(
    r"<(?=[A-Za-z])|(?<=<)[/!?]|(?<=\])\((?=\S)|(?<=\{)[{%:/#.]|(?<=%)%|(?<=~)~|(?<=[^\s=]=)=|&(?=#?[A-Za-z0-9]{2,31};)"
)
"""Signs of tags, links, templates, comments, struck and lit words, and entities."""
_ESCAPED_SIGN = re.compile(r"\\(?=[*_<({%~=&/!?:.#`])")
_OPENS_BLOCK = re.compile(r"#\+[A-Za-z]|```|~~~|!!! ?[a-z]|\?\?\?\+? ?[a-z]")
"""How a line begins that Markdown takes for a fence or a block of its own.

A heading stays one: who types ``# Title`` into a document means it, and nobody says the sign.
"""
_OPENS_DEFINITION = re.compile(
    r"\[[^\[\]\n]{1,120}\](?=:[ \t]*<?(?:[\w.+-]{2,12}:|www\.|\.{0,2}/|#))|\[\^[^\]\s]{1,40}\](?=:)"
)
"""How a line begins that Markdown takes for where a link leads, or for a footnote."""
_WHOLLY_STRONG = re.compile(r"\*\*[^*]+\*\*|__[^_]+__")
_EMPHASISED_LEAD = re.compile(r"\s*(?:>\s*)?(?:\*{1,3}[^*\n]{1,60}\*|__[^\n]{1,60}?__)")
_INVISIBLE = re.compile(
    r"[\u00ad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff\ufff9-\ufffb"
    r"\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f]"
)
"""Format and control characters that print nothing; the joiners inside emoji and Indic words are not among them."""


_ANY_SIGN = re.compile(
    # One class, since that is searched fast; the semicolon is the one of a picture that is written out.
    rf"[{_STAGE_SIGN.pattern[1:-1]}{_INVISIBLE.pattern[1:-1]}=`~<\[\\&;]"
)
"""What every part that is not words has, a sign before the whole paragraph aside: most paragraphs have none."""


@dataclass(frozen=True, slots=True)
class NonTextSpan:
    """A half-open range of source characters that are not words, and why."""

    start: int
    end: int
    reason: str
    """A key of the receipt's ``skipped``: markup, stage, label."""


def is_stage_mark(words: str) -> bool:
    """Tell whether the words in brackets say what is heard or seen, or what a transcriber could not hear."""
    bare = _CLOCK.sub(" ", words).strip(" .。…!！,，;；:：-—~～♪").casefold()
    if bare in _PHRASES or _HEARD_IN_CHINESE.match(bare) or _SOUND_IN_CHINESE.match(bare):
        return True
    found = re.findall(r"[^\W\d_]+", bare)
    named = [word for word in found if word not in _FILLERS]
    heard = _HEARD | _NOISES if words.isupper() else _HEARD
    is_told = all(word in heard or word in _FILLERS for word in found)
    return is_told and bool(named) and len(found) <= _MAX_STAGE_WORDS


def find_stage_marks(passage: str) -> Iterator[tuple[int, int]]:
    """Find the ranges of a paragraph that no voice says."""
    if not _STAGE_SIGN.search(passage):
        return
    for match in _BRACKETED.finditer(passage):
        if is_stage_mark(match[match.lastindex or 1]):
            yield match.span()
    for pattern in (_FOOTNOTE, _MUSIC):
        yield from (match.span() for match in pattern.finditer(passage))


def find_emphasis(passage: str) -> Iterator[tuple[int, int]]:
    """Find the words between single stars or strokes; not those of a stage mark."""
    if not _EMPHASIS_SIGN.search(passage):
        return
    for pattern in (_EMPHASIS, _UNDERLINE):
        for match in pattern.finditer(passage):
            words = passage[match.end(1) : match.start(2)]
            if len(match[1]) == len(match[2]) == 1 and not is_stage_mark(words):
                yield match.end(1), match.start(2)


def find_non_text(source: str, start: int, end: int, turn_mark: str = "") -> tuple[NonTextSpan, ...]:
    """Find what is not words in a paragraph.

    Args:
        source: The whole text.
        start: Offset of the paragraph's first character.
        end: Offset after its last.
        turn_mark: What it begins with that looks like a sign of a list and stands for a change of speakers.

    Returns:
        Ranges in code points of the source, in no particular order; they may overlap.
    """
    passage = source[start:end]
    if _RULE.fullmatch(passage):
        return (NonTextSpan(start, end, "markup"),)
    return tuple(
        NonTextSpan(start + first, start + last, reason) for first, last, reason in _cuts_within(passage, turn_mark)
    )


def is_wholly_strong(passage: str) -> bool:
    """Tell whether a paragraph is set in bold from end to end, as headings are."""
    return _WHOLLY_STRONG.fullmatch(passage) is not None


def is_emphasised_lead(passage: str) -> bool:
    """Tell whether the first words of a paragraph are set in bold or italics, as labels are."""
    return _EMPHASISED_LEAD.match(passage) is not None


def _cuts_within(passage: str, turn_mark: str) -> Iterator[tuple[int, int, str]]:
    if prefix := None if turn_mark else _BLOCK_PREFIX.match(passage):
        yield prefix.start(1), prefix.end(1), "markup"
        yield from _closing_hashes(passage)
    if not _ANY_SIGN.search(passage):
        return
    yield from ((first, last, "stage") for first, last in find_stage_marks(passage))
    for match in _INVISIBLE.finditer(passage):
        yield match.start(), match.end(), "markup"
    yield from _dangling_strokes(passage)
    for pattern in _INLINE if _INLINE_SIGN.search(passage) else ():
        for match in pattern.finditer(passage):
            yield from (
                (*match.span(group), "markup") for group in range(1, (match.lastindex or 0) + 1) if match[group]
            )


def _closing_hashes(passage: str) -> Iterator[tuple[int, int, str]]:
    """Find the closing signs of ``## On boats ##``; the one of ``# About C#`` is a word's."""
    bare = passage.rstrip("#")
    opened, closed = len(passage) - len(passage.lstrip("#")), len(passage) - len(bare)
    if bare and opened and closed and (opened == closed > 1 or bare[-1].isspace()):
        yield len(bare), len(passage), "markup"


def _dangling_strokes(passage: str) -> Iterator[tuple[int, int, str]]:
    """Find the signs of bold text that begins or ends in another paragraph."""
    for stroke in "*_=":
        opened = len(passage) - len(passage.lstrip(stroke))
        closed = len(passage) - len(passage.rstrip(stroke))
        if opened > 1:
            yield 0, opened, "markup"
        if closed > 1:
            yield len(passage) - closed, len(passage), "markup"


def without_escapes(text: str) -> str:
    """Return a text without the backslashes that ``literal`` and ``literal_line`` have put into it."""
    return _ESCAPED_SIGN.sub("", text)


def literal(text: str) -> str:
    """Return words with a backslash before each sign that Markdown would take for its own."""
    return (
        _LITERAL_SIGNS.sub(r"\\\g<0>", _SET_BY_SIGNS.sub(_literal_emphasis, text))
        if _LITERAL_SIGN.search(text)
        else text
    )


def _literal_emphasis(found: re.Match[str]) -> str:
    """Return words between stars or strokes as they are written, but for labels and stage marks, which are set so."""
    opens, words, closes = (group for group in found.groups() if group)
    is_read = is_stage_mark(words) or words.rstrip().endswith((":", "："))
    return found[0] if is_read else f"{_backslashed(opens)}{words}{_backslashed(closes)}"


def _backslashed(signs: str) -> str:
    return "".join(f"\\{sign}" for sign in signs)


def literal_line(line: str) -> str:
    """Return a line that Markdown takes for nothing but a paragraph."""
    definition = _OPENS_DEFINITION.match(line)
    if definition:
        return f"{definition[0]}\\{line[definition.end() :]}"
    return f"\\{line}" if _OPENS_BLOCK.match(line) else line
