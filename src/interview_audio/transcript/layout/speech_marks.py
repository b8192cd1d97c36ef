"""Marks of how words are said, inside a paragraph: ``[pause 1.5]``, ``[slow]…[/slow]``, ``Nguyen{say: win}``.

The tags of SSML that say the same are marks too, in any format: their readers leave those for the layout. Sources: W3C,
Speech Synthesis Markup Language 1.1, sections 3.1 and 3.2.
"""

import math
import re
from bisect import bisect_left
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from interview_audio.text.characters import HAN, has_letter_or_digit, is_wide
from interview_audio.text.units import shortened
from interview_audio.transcript.lexicon.markup import find_emphasis
from interview_audio.transcript.turns import SpeechMark

_MAX_PAUSE_SECONDS = 30.0
"""A longer one would be taken for the end of the episode."""
_PAUSE_SECONDS = 0.8
"""Of a pause that does not say how long it is: a breath longer than the one between two sentences."""
_STRENGTHS = {"none": 0.0, "x-weak": 0.1, "weak": 0.25, "medium": 0.5, "strong": 0.8, "x-strong": 1.2}
"""Of SSML's ``break``, in seconds, as the services that read it have them or nearly so."""
_SLOW, _FAST = 0.8, 1.25
_RATES = {"x-slow": 0.6, "slow": _SLOW, "medium": 1.0, "default": 1.0, "fast": _FAST, "x-fast": 1.5}
_PITCHES = {"x-low": -4.0, "low": -2.0, "medium": 0.0, "default": 0.0, "high": 2.0, "x-high": 4.0}
"""SSML's words for a pitch, in semitones."""
_VOLUMES = {"x-soft": -12.0, "soft": -6.0, "medium": 0.0, "default": 0.0, "loud": 4.0, "x-loud": 6.0}
"""SSML's words for a volume, in dB: a step that is heard, and no more than a limiter bears."""
_MIN_RATE, _MAX_RATE, _MAX_PITCH = 0.5, 2.0, 6.0
"""What voices bear: beyond these words are not understood."""
_MIN_VOLUME, _MAX_VOLUME = -20.0, 6.0
"""dB: quieter is not heard on the way to work, and louder is what the limiter would take away again."""

_PAIRS: Mapping[str, str] = {
    "slow": "slow", "慢": "slow", "fast": "fast", "快": "fast", "stress": "stress", "重音": "stress", "重读": "stress",
    "rate": "rate", "pitch": "pitch", "volume": "volume", "音量": "volume",
}  # fmt: skip
"""What may stand around words in brackets, and what it is."""
_VALUED = ("rate", "pitch", "volume")
"""Those that need a number."""
_PAUSES = ("pause", "停顿", "停頓", "暂停", "暫停")
_SAYS = ("say", "读作", "讀作", "读", "讀", "念")
_O, _C = r"[\[【［]", r"[\]】］]"
_NUMBER = r"[+-]?(?:\d{1,9}(?:\.\d{1,4})?|\.\d{1,4})"
_UNIT = r"milliseconds?|msecs?|ms|毫秒|seconds?|secs?|s|秒"
_TOKEN = re.compile(
    rf"{_O}\s?(?:{'|'.join(_PAUSES)})(?:\s{{0,2}}[:：=]?\s{{0,2}}(?P<pause>{_NUMBER})\s?(?P<unit>{_UNIT})?)?(?P<is_pause>\s?{_C})"
    rf"|{_O}\s?(?P<opens>{'|'.join(_PAIRS)})(?:\s{{0,2}}[:：=]?\s{{0,2}}(?P<value>{_NUMBER}))?\s?{_C}"
    rf"|{_O}\s?/\s?(?P<closes>{'|'.join(_PAIRS)})\s?{_C}"
    rf"|(?:\[(?P<words>[^\[\]{{}}\n]{{1,80}})\])?\{{\s?(?:{'|'.join(_SAYS)})\s?[:：]\s?(?P<say>[^{{}}\n]{{1,80}}?)\s?\}}"
    r"|<break(?P<break>(?:[\s/][^<>]{0,200})?)>(?:</break\s?>)?"
    r"|<(?P<around>emphasis|prosody)(?P<how>(?:\s[^<>]{0,200})?)>|</(?P<behind>emphasis|prosody)\s?>"
    r"|<(?P<tag>sub|phoneme|say-as)(?P<as>\s[^<>]{1,200})>(?P<inside>[^<>]{0,80})</(?P=tag)\s?>"
    r"|<em>(?P<em>[^<>]{1,40})</em>",
    re.IGNORECASE,
)
_OPENING = re.compile(r"[\[【［{<]")
_SIGN = re.compile(r"[\[【［{]|<(?:/?(?:emphasis|prosody|em)|break|sub|phoneme|say-as)\b", re.IGNORECASE)
_NOT_IN_MARKS = re.compile(r"[\[\]{}]")
_ATTRIBUTE = re.compile(r"([a-zA-Z-]{2,20})\s?=\s?(?:\"([^\"]*)\"|'([^']*)')")
_AMOUNT = re.compile(rf"({_NUMBER})\s?(%|st|ms|s|)")
_DECIBELS = re.compile(rf"({_NUMBER})\s?dB", re.IGNORECASE)
_WORD_BEFORE = re.compile(rf"([^\W{HAN}](?:[^\W{HAN}]|['’.&-](?=\w))*|[{HAN}]+)[*_]{{0,3}}\s?\Z")
_LONGEST_WORD = 60
_LONGEST_CHINESE_WORD = 4
_SYLLABLE = re.compile(r"[^\W\d_]+[1-5]?")
_NEAR_BRACKET = re.compile(
    rf"(?<!\\){_O}\s?(?P<slash>/?)\s?(?P<name>[^\W\d_]{{2,9}})\s?[:：=]?\s?(?P<number>(?:\d{{1,3}}(?:\.\d{{1,3}})?\s?(?:{_UNIT})?)?)\s?{_C}"
)
_NEAR_BRACE = re.compile(r"(?<![\\{])\{\s?(?P<name>[A-Za-z]{2,5})\s?(?P<colon>[:：]?)\s?[^{}:：\n]{1,80}\}")

_MAX_DEPTH = 8
"""Marks within one another."""
_CLOSING_SIGNS = frozenset(",.;:!?，。；：！？、")
_SHOWN = 40
"""Characters of a mark that a message shows."""
_MAX_STRESSED_WORDS = 3
_MIN_WORDS_AROUND = 2
_STRESSED_LATIN = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
_STRESSED_HAN = re.compile(rf"[{HAN}]{{1,4}}")
_I = frozenset(("I", "I'm", "I’m", "I'd", "I’d", "I'll", "I’ll", "I've", "I’ve"))
_LABEL_COLON = re.compile(r"[*_]{0,3}\s{0,2}[:：]")


_SPEECH_TAG = re.compile(r"</?(?:break|emphasis|prosody|phoneme|say-as|sub|em)\b", re.IGNORECASE)


def find_speech_tags(source: str) -> frozenset[int]:
    """Find where the tags begin that are marks, for the readers of formats that take other tags out."""
    if not _SPEECH_TAG.search(source):
        return frozenset()
    return frozenset(
        token.start() + tag.start()
        for token in _tokens(source, _SPEECH_TAG)
        if not token["em"] or _may_be_stressed(token["em"])
        for tag in _SPEECH_TAG.finditer(token[0])
    )


def _tokens(text: str, opening: re.Pattern[str]) -> Iterator[re.Match[str]]:
    """Yield the marks of a text that begin as a pattern says; no other place is worth looking at."""
    reached = 0
    for sign in opening.finditer(text):
        token = _TOKEN.match(text, sign.start()) if sign.start() >= reached else None
        if token:
            yield token
            reached = token.end()


@dataclass(slots=True)
class Marked:
    """What marks a text has."""

    cuts: list[tuple[int, int]] = field(default_factory=list)
    """Ranges of what is no word of it."""
    marks: list[SpeechMark] = field(default_factory=list)
    """With offsets in the text before anything is cut."""
    faults: list[str] = field(default_factory=list)
    """What looks like a mark and is not understood, a sentence each."""


def find_marks(text: str, *, has_emphasis: bool = True) -> Marked:
    """Find the marks in a paragraph. A backslash before one makes it words.

    Args:
        text: As the page has it.
        has_emphasis: Whether words between single stars or strokes are emphasised.
    """
    found = Marked()
    if _SIGN.search(text):
        _Finder(text, found).find()
        found.faults += _near_misses(text, found.cuts)
    if has_emphasis:
        begins = sorted(start for start, _ in found.cuts)
        for start, end in find_emphasis(text):
            holds_mark = bisect_left(begins, start) < bisect_left(begins, end)
            if not holds_mark and _is_stress(text, (start, end), (start, end)):
                found.marks.append(SpeechMark(start, end, is_stressed=True))
    return found


class _Finder:
    """Goes through a paragraph from mark to mark."""

    def __init__(self, text: str, found: Marked) -> None:
        self._text = text
        self._found = found
        self._open: list[tuple[str, re.Match[str]]] = []

    def find(self) -> None:
        """Take all marks."""
        for token in _tokens(self._text, _OPENING):
            if not _is_escaped(self._text, token.start()):
                self._take(token)
        for name, opening in self._open:
            if opening["around"]:
                self._cut(opening)
            else:
                # An editor may have put the word in brackets: it is read, and somebody is told.
                self._fault(opening, f"has no [/{name}] in its paragraph, so that it is read as words")

    def _take(self, token: re.Match[str]) -> None:
        if token["is_pause"]:
            self._cut(token)
            self._pause(token, _seconds(token["pause"], token["unit"]))
        elif token["break"] is not None:
            self._cut(token)
            self._pause(token, _seconds_of_break(_attributes(token["break"])))
        elif token["opens"]:
            self._opens(token)
        elif token["around"] and len(self._open) < _MAX_DEPTH:
            self._open.append((token["around"].casefold(), token))
        elif token["around"]:
            self._cut(token)
        elif name := token["closes"] or token["behind"]:
            self._cut(token)
            self._closes(token, _PAIRS.get(name.casefold(), name.casefold()))
        elif token["say"]:
            self._say(token)
        elif token["em"]:
            self._cut_around(token, "em")
            if _is_stress(self._text, token.span("em"), token.span()):
                self._found.marks.append(SpeechMark(*token.span("em"), is_stressed=True))
        else:
            self._tag(token)

    def _opens(self, token: re.Match[str]) -> None:
        name, value = _PAIRS[token["opens"].casefold()], token["value"]
        if len(self._open) >= _MAX_DEPTH:
            self._fault(token, "is within too many others, and is read as words")
        elif (name in _VALUED) == (value is not None) and _is_borne(_change(name, value)):
            self._open.append((name, token))
        else:
            known = "[rate 0.5] to [rate 2], [pitch +2] or [volume -6]"
            self._fault(token, f"is not understood and is read as words; write {known}")

    def _closes(self, token: re.Match[str], name: str) -> None:
        places = [place for place, (opened, _) in enumerate(self._open) if opened == name]
        if not places:
            self._fault(token, "closes what nothing in its paragraph opens")
            return
        # What is still open within it ends here as well.
        for opened, opening in reversed(self._open[places[-1] :]):
            self._cut(opening)
            self._found.marks += _marks_between(opened, opening, token.start())
        del self._open[places[-1] :]

    def _say(self, token: re.Match[str]) -> None:
        if token["words"] is not None:
            self._cut_around(token, "words")
            if token["say"].strip():
                self._found.marks.append(SpeechMark(*token.span("words"), say=token["say"]))
            else:
                self._fault(token, "says nothing, so that its words are read; write [the words]{say: as they sound}")
            return
        self._cut(token)
        word = _word_before(self._text, token.start(), token["say"])
        if word is None or not token["say"].strip():
            self._fault(token, "has no word before it; write [the words]{say: as they sound}")
        else:
            self._found.marks.append(SpeechMark(*word, say=token["say"]))

    def _tag(self, token: re.Match[str]) -> None:
        """Take a tag of SSML around words that are said in another way."""
        self._cut_around(token, "inside")
        attributes, words = _attributes(token["as"]), token["inside"].strip()
        name = token["tag"].casefold()
        if name == "sub":
            say = attributes.get("alias", "")
        elif name == "phoneme":
            is_ipa = attributes.get("alphabet", "ipa").casefold() == "ipa"
            say = f"/{attributes.get('ph', '').strip(' /')}/" if is_ipa else ""
            if not is_ipa:
                self._fault(
                    token, "is in an alphabet that is not read (only ipa is), so that the word is said as usual"
                )
        else:
            is_spelled = attributes.get("interpret-as", "") in ("characters", "spell-out", "verbatim", "digits")
            say = " ".join(filter(str.isalnum, words)) if is_spelled else ""
        say = " ".join(_NOT_IN_MARKS.sub(" ", say).split())
        if say.strip(" /") and words and not _NOT_IN_MARKS.search(words):
            self._found.marks.append(SpeechMark(*token.span("inside"), say=say))

    def _pause(self, token: re.Match[str], seconds: float) -> None:
        if seconds > _MAX_PAUSE_SECONDS:
            self._fault(token, f"is longer than {_MAX_PAUSE_SECONDS:g} seconds, and is cut to that")
        seconds = round(min(max(seconds, 0.0), _MAX_PAUSE_SECONDS), 3)
        self._found.marks.append(SpeechMark(token.start(), token.start(), pause=seconds))

    def _cut(self, token: re.Match[str]) -> None:
        self._found.cuts.append(token.span())

    def _cut_around(self, token: re.Match[str], group: str) -> None:
        self._found.cuts += [(token.start(), token.start(group)), (token.end(group), token.end())]

    def _fault(self, token: re.Match[str], what: str) -> None:
        self._found.faults.append(f"{shortened(token[0], _SHOWN)} {what}")


def _is_escaped(text: str, at: int) -> bool:
    return _backslashes(text, at) % 2 == 1


def _backslashes(text: str, at: int) -> int:
    """Return how many backslashes end at an offset."""
    begin = at
    while begin and text[begin - 1] == "\\":
        begin -= 1
    return at - begin


def _attributes(written: str) -> dict[str, str]:
    return {match[1].casefold(): match[2] or match[3] or "" for match in _ATTRIBUTE.finditer(written)}


def _seconds(number: str | None, unit: str | None) -> float:
    if number is None:
        return _PAUSE_SECONDS
    return float(number) / (1000 if (unit or "").casefold().startswith(("m", "毫")) else 1)


def _seconds_of_break(attributes: Mapping[str, str]) -> float:
    amount = _AMOUNT.fullmatch(attributes.get("time", "").strip())
    if amount:
        return _seconds(amount[1], amount[2])
    return _STRENGTHS.get(attributes.get("strength", ""), _PAUSE_SECONDS)


class _Change(NamedTuple):
    """What a pair of marks changes."""

    rate: float = 1.0
    pitch: float = 0.0
    volume: float = 0.0


def _change(name: str, value: str | None) -> _Change:
    if name in _VALUED:
        return _Change()._replace(**{name: float(value or 0)})
    return _Change({"slow": _SLOW, "fast": _FAST}.get(name, 1.0))


def _is_borne(change: _Change) -> bool:
    is_spoken = _MIN_RATE <= change.rate <= _MAX_RATE and abs(change.pitch) <= _MAX_PITCH
    return is_spoken and _MIN_VOLUME <= change.volume <= _MAX_VOLUME


def _marks_between(name: str, opening: re.Match[str], end: int) -> list[SpeechMark]:
    attributes = _attributes(opening["how"] or "")
    begin, change = opening.end(), _Change()
    if not opening["around"]:
        change = _change(name, opening["value"])
    elif name == "prosody":
        change = _Change(
            _rate_of(attributes.get("rate", "")),
            _pitch_of(attributes.get("pitch", "")),
            _volume_of(attributes.get("volume", "")),
        )
    is_stressed = name == "stress" or (
        name == "emphasis" and attributes.get("level", "moderate") in ("moderate", "strong")
    )
    return [
        SpeechMark(begin, end, rate=round(change.rate, 4)),
        SpeechMark(begin, end, pitch=round(change.pitch, 2)),
        SpeechMark(begin, end, is_stressed=is_stressed),
        SpeechMark(begin, end, volume=round(change.volume, 2)),
    ]


def _rate_of(written: str) -> float:
    """Return the rate that ``prosody`` asks for: ``slow``, ``80%``, ``+10%``, ``1.1``; within what voices bear."""
    if not (amount := _AMOUNT.fullmatch(written.strip())):
        return _RATES.get(written, 1.0)
    number = float(amount[1])
    rate = (1 if amount[1][0] in "+-" else 0) + number / 100 if amount[2] == "%" else number
    return min(max(rate, _MIN_RATE), _MAX_RATE)


def _pitch_of(written: str) -> float:
    """Return the semitones that ``prosody`` asks for: ``high``, ``+2st``, ``+10%``; hertz say nothing of a voice."""
    amount = _AMOUNT.fullmatch(written.strip())
    if not amount or amount[2] not in ("st", "%"):
        return _PITCHES.get(written, 0.0)
    number = float(amount[1])
    semitones = number if amount[2] == "st" else 12 * math.log2(max(0.5, 1 + number / 100))
    return min(max(semitones, -_MAX_PITCH), _MAX_PITCH)


def _volume_of(written: str) -> float:
    """Return the dB that ``prosody`` asks for: ``soft``, ``-6dB``; of ``silent`` nothing would be left to read."""
    amount = _DECIBELS.fullmatch(written.strip())
    return min(max(float(amount[1]), _MIN_VOLUME), _MAX_VOLUME) if amount else _VOLUMES.get(written, 0.0)


def _word_before(text: str, end: int, say: str) -> tuple[int, int] | None:
    """Return the word that ends before ``{say: …}``: as many Chinese characters as are said, or a short run of them."""
    begin = max(0, end - _LONGEST_WORD)
    word = _WORD_BEFORE.search(text[begin:end])
    if word is None:
        return None
    last, size = begin + word.end(1), len(word[1])
    if re.match(f"[{HAN}]", word[1]):
        said = len(re.findall(f"[{HAN}]", say)) or len(_SYLLABLE.findall(say))
        if said > size or (said == 0 and size > _LONGEST_CHINESE_WORD):
            return None
        size = said or size
    return last - size, last


def _is_stress(text: str, inside: tuple[int, int], around: tuple[int, int]) -> bool:
    """Tell whether emphasised words are stressed: one to three small words within a sentence.

    Titles, names and headings have capitals, foreign words often have foreign letters, and what is long is set off for
    the eye: none of these is stressed. Who wants it says ``[stress]``.

    Args:
        text: The paragraph.
        inside: Where the words are.
        around: The same with their tags.
    """
    words, rest = text[slice(*inside)], f"{text[: around[0]]} {text[around[1] :]}"
    if not _may_be_stressed(words) or _LABEL_COLON.match(text, around[1]):
        return False
    if _STRESSED_HAN.fullmatch(words):
        return sum(map(is_wide, rest)) >= _MIN_WORDS_AROUND
    if sum(map(has_letter_or_digit, rest.split())) < _MIN_WORDS_AROUND:
        return False
    return _is_plain(words) or not _is_plain(rest)


def _is_plain(text: str) -> bool:
    return all(letter.isascii() for letter in text if letter.isalpha())


def _may_be_stressed(words: str) -> bool:
    if _STRESSED_HAN.fullmatch(words):
        return True
    return 0 < len(words.split()) <= _MAX_STRESSED_WORDS and all(map(_is_small, words.split()))


def _is_small(word: str) -> bool:
    return word in _I or (_STRESSED_LATIN.fullmatch(word) is not None and word.islower() and len(word) > 1)


def _near_misses(text: str, cuts: Sequence[tuple[int, int]]) -> Iterator[str]:
    """Yield what is said of brackets that are almost a mark."""
    taken = {start for start, _ in cuts}
    for match in _NEAR_BRACKET.finditer(text):
        name = match["name"].casefold()
        if match.start() in taken or not (match["slash"] or match["number"]):
            continue
        known = (*_PAUSES, *_PAIRS) if match["number"] else tuple(_PAIRS)
        if meant := next((one for one in known if one.isascii() and _is_slip(name, one)), None):
            yield f"{match[0]} is not understood and is read as words; did you mean {meant!r}?"
    for match in _NEAR_BRACE.finditer(text):
        name = match["name"].casefold()
        is_say = name == "say" and not match["colon"]
        if match.start() not in taken and (is_say or (match["colon"] and _is_slip(name, "say"))):
            yield f"{match[0]} is not understood and is read as words; did you mean '{{say: …}}'?"


def _is_slip(word: str, name: str) -> bool:
    """Tell whether a word is another one with a letter more, less or wrong, or with two in the wrong order."""
    if word == name or abs(len(word) - len(name)) > 1:
        return False
    same = next((at for at, (one, other) in enumerate(zip(word, name, strict=False)) if one != other), None)
    if same is None:
        return True
    one, other = word[same:], name[same:]
    is_swapped = one[:2] == other[1::-1] and one[2:] == other[2:]
    return is_swapped or one[1:] == other[1:] or one[1:] == other or one == other[1:]


def place_marks(marks: Sequence[SpeechMark], place_of: Callable[[int], int], text: str) -> tuple[SpeechMark, ...]:
    """Return marks at their places in the text that is left, those around nothing left out.

    Args:
        marks: With other offsets.
        place_of: Gives for one of these the offset in the text.
        text: What is left.
    """
    placed = (replace(mark, start=place_of(mark.start), end=place_of(mark.end)) for mark in marks)
    trimmed = (mark if mark.pause is not None else _trimmed(mark, text) for mark in placed)
    kept = [mark for mark in trimmed if mark.says_something]
    said = sorted((mark.start, mark.end) for mark in kept if mark.say)
    return tuple(sorted((one for mark in kept for one in _beside(mark, said)), key=_order))


def _beside(mark: SpeechMark, said: Sequence[tuple[int, int]]) -> Iterator[SpeechMark]:
    """Yield a mark that is not within words that are said in another way: a pause is behind those."""
    number = bisect_left(said, (mark.start + 1, 0)) - 1
    start, end = said[number] if number >= 0 else (0, 0)
    if mark.say or mark.start >= end or (mark.start, mark.end) == (start, end):
        yield mark
    elif mark.pause is not None:
        place = end if mark.start > start else start
        yield replace(mark, start=place, end=place)
    elif mark.start == start and mark.end > end:
        yield mark


def _order(mark: SpeechMark) -> tuple[int, int, bool, bool, float, float, float, float]:
    pause = -1.0 if mark.pause is None else mark.pause
    return mark.start, -mark.end, bool(mark.say), mark.is_stressed, mark.pitch, mark.rate, pause, mark.volume


def _trimmed(mark: SpeechMark, text: str) -> SpeechMark:
    words = text[mark.start : mark.end]
    start = mark.start + len(words) - len(words.lstrip())
    return replace(mark, start=start, end=max(start, mark.start + len(words.rstrip())))


def write_marks(text: str, marks: Sequence[SpeechMark]) -> str:
    """Write a text with its marks, as ``read_marks`` reads it."""
    tags: list[tuple[int, int, int, str]] = []
    for number, mark in enumerate(marks):
        if mark.pause is not None:
            is_apart = mark.start == 0 or text[mark.start - 1].isspace()
            tags.append((mark.start, 1, number, f"[pause {mark.pause:g}]{' ' * is_apart}"))
            continue
        before, behind = _written(mark)
        tags += [(mark.start, 2, number, before), (mark.end, 0, -number, behind)]
    tagged = {place for place, *_ in tags}
    literal = {token.start() for token in _tokens(text, _OPENING)}
    # Backslashes before a tag are doubled, so that they do not make words of it; one more makes words of a token.
    tags += [(place, -1, 0, "\\" * _backslashes(text, place)) for place in tagged | literal]
    tags += [(place, 3, 0, "\\") for place in literal]
    parts: list[str] = []
    reached = 0
    for place, _, _, written in sorted(tags):
        parts += (text[reached:place], written)
        reached = place
    return "".join((*parts, text[reached:]))


def _written(mark: SpeechMark) -> tuple[str, str]:
    pairs = [("[", f"]{{say: {mark.say}}}")] if mark.say else []
    pairs += [("[stress]", "[/stress]")] if mark.is_stressed else []
    if mark.rate != 1:
        name = {_SLOW: "slow", _FAST: "fast"}.get(mark.rate, "")
        pairs.append((f"[{name}]", f"[/{name}]") if name else (f"[rate {mark.rate:g}]", "[/rate]"))
    pairs += [(f"[pitch {mark.pitch:+g}]", "[/pitch]")] if mark.pitch else []
    pairs += [(f"[volume {mark.volume:+g}]", "[/volume]")] if mark.volume else []
    return "".join(before for before, _ in reversed(pairs)), "".join(behind for _, behind in pairs)


def read_marks(written: str) -> tuple[str, tuple[SpeechMark, ...], tuple[str, ...]]:
    """Read the marks of a text that is nothing but words otherwise: that of a script file.

    Returns:
        The words, their marks, and what is not understood.
    """
    if not _SIGN.search(written):
        return written, (), ()
    found = find_marks(written, has_emphasis=False)
    cuts = [
        (start - _space_before(written, start, end), end + _space_behind(written, start, end))
        for start, end in found.cuts
    ]
    for token in _tokens(written, _OPENING):
        at = token.start()
        cuts.append((at - (_backslashes(written, at) + 1) // 2, at))
    kept: list[int] = []
    reached = 0
    for start, end in sorted(cuts):
        kept += range(reached, start)
        reached = max(reached, end)
    kept += range(reached, len(written))
    text = "".join(written[at] for at in kept)
    return text, place_marks(found.marks, lambda at: bisect_left(kept, at), text), tuple(found.faults)


def _space_behind(written: str, start: int, end: int) -> int:
    """Return 1 where a mark stands between two spaces, of which the words need one."""
    return int((start == 0 or written[start - 1].isspace()) and written[end : end + 1] == " ")


def _space_before(written: str, start: int, end: int) -> int:
    """Return 1 where a mark stands between a space and a sign that has none before it."""
    return int(written[max(0, start - 1) : start] == " " and written[end : end + 1] in _CLOSING_SIGNS)
