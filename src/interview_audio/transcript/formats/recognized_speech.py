"""Reads what speech recognisers write, and Podcasting 2.0 transcripts: JSON lists of things said, whatever the keys.

The JSON is read with the place of every string: one value or one a line. What is nested too deeply is refused.
"""

import json
import re
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from interview_audio.errors import SourceError
from interview_audio.transcript.formats.fragments import Fragment, join_fragments, name_fragments
from interview_audio.transcript.formats.source_document import (
    LEFT_OUT,
    SOFT_BREAK,
    FormattedParagraph,
    SourceDocument,
    TextSpan,
    added_mark,
    build_document,
    cuts_beside,
    json_spans,
    sentences_beside,
    text_of,
)
from interview_audio.transcript.lexicon.markup import NonTextSpan

_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*+"?|[\[\]{}]|[^\s\[\]{}",:]+', re.DOTALL)
_BLANK = re.compile(r"\s*")
_MAX_JSON_DEPTH = 100
"""``json`` recurses into each level, and a hostile file would exhaust the stack."""
_REASON = "speaker of the segment"
_NO_SEGMENTS = (
    "no transcript found in this JSON; expected a list of segments with their text, such as "
    '{"segments": [{"speaker": "Ida Holm", "text": "Good evening."}]}'
)
_TEXT_KEYS = (
    "text",
    "body",
    "transcript",
    "punctuatedword",
    "punct",
    "utterance",
    "sentence",
    "content",
    "display",
    "value",
    "word",
    "message",
    "line",
    "caption",
    "onebest",
)
"""Letters of the keys under which a recogniser may write what was said, best first."""
_PART_KEYS = (
    "sentences",
    "elements",
    "words",
    "items",
    "tokens",
    "lines",
    "timestamps",
    "textblocks",
    "blocks",
    "paragraphs",
    "segments",
    "chunks",
    "cues",
)
"""Of one thing said, its parts."""
_ALTERNATIVE_KEYS = ("alternatives", "nbest")
"""Of one thing said, what it may have been; the first is the likeliest."""
_SPEAKER_KEYS = (
    "speaker",
    "speakername",
    "speakerlabel",
    "speakerid",
    "speakertag",
    "name",
    "author",
    "from",
    "user",
    "person",
    "participant",
    "who",
    "role",
    "channel",
)
_PEOPLE_KEYS = ("speakers", "participants", "people")
_IDENTIFIER_KEYS = ("id", "spkid", "speakerid", "speaker", "key", "label", "tag")
_NAME_KEYS = ("name", "speakername", "displayname", "fullname")
_CHANNEL_KEYS = ("channellabel",)
_TITLE_KEYS = ("title", "episodetitle")
_START_KEYS = ("start", "starttime", "begin", "startms", "from", "time")
_END_KEYS = ("end", "endtime", "endms", "to")
_DURATION_KEYS = ("duration", "dur")
_SECONDS = re.compile(r"\d{1,9}(?:\.\d{1,9})?(?=s?\Z)")
_NOBODY = frozenset(("", "uu", "unknown", "none", "null"))
_MIN_TURN_CHARACTERS = 8
"""Characters of a turn, about, at the least: lists of words are other ways to write the same."""
_MIN_COVERED_SHARE = 0.9
"""Share of the words of the fullest list that the list of the transcript must have."""
_PARTED = re.compile(r"\S\s+\S|\\u|[^\x00-\x7f]")
"""What a string has that may be a sentence: most of a long file are words of one, times and names."""
_MIN_CHARACTERS_A_SECOND = 0.1
"""Characters said in a second, at the least; times with fewer are in milliseconds."""


@dataclass(frozen=True, slots=True)
class JsonString:
    """A string, as a half-open range of the source without its quotation marks."""

    start: int
    end: int
    is_divided: bool = False
    """Whether the next string goes on right where it ends, within a word or at its mark."""


JsonNode = dict[str, "JsonNode"] | list["JsonNode"] | JsonString | str
"""An object, a list, a string, or what else is written (``12.5``, ``true``)."""


@dataclass(frozen=True, slots=True)
class _Said:
    """One thing said: a segment, an utterance, a word."""

    words: tuple[JsonString, ...]
    speaker: str | None
    name: JsonString | None
    """Where the speaker's name is written, if it is a string."""
    times: tuple[float, float] | None
    is_bare: bool
    """Whether it is a string in a list of strings."""


def read_recognized_speech(source: str, known: Collection[str]) -> SourceDocument:
    """Read a JSON transcript to paragraphs, one a turn where speakers are named.

    Args:
        source: The decoded source.
        known: Folded names that are labels without further evidence.

    Raises:
        SourceError: Not JSON, no list of things said, or half a character.
    """
    _check_json(source)
    tree = read_json(source)
    names = _declared_names(source, tree)
    said = tuple(
        replace(item, speaker=names.get(item.speaker or "", item.speaker)) for item in _transcript(source, tree)
    )
    first = min((words.start for item in said for words in item.words), default=len(source))
    blocks = list(_title(source, tree, first))
    labels: tuple[NonTextSpan, ...] = ()
    if said:
        fragments = [fragment for fragment in _fragments(source, said) if fragment.text.strip()]
        named, labels = name_fragments(source, fragments, known)
        blocks.extend(join_fragments(named))
    else:
        blocks.append(_whole_text(source, tree))
    blocks.extend(_left_out(source, tree, blocks, said))
    printed = (NonTextSpan(item.name.start, item.name.end, "label") for item in said if item.name)
    cuts = (*printed, *labels)
    beside = cuts_beside(source, blocks, cuts)
    return build_document(source, blocks, (*beside, *cuts), _REASON, is_recorded=bool(said))


@lru_cache(maxsize=1000)
def _letters(key: str) -> str:
    return "".join(filter(str.isalpha, key)).casefold()


def _under(node: JsonNode, keys: Sequence[str]) -> Iterator[tuple[str, JsonNode]]:
    """Return the values under some keys, in the order of the keys."""
    if isinstance(node, dict):
        by_letters = {_letters(key): value for key, value in node.items()}
        yield from ((key, by_letters[key]) for key in keys if key in by_letters)


def _words(node: JsonNode) -> tuple[JsonString, ...]:
    """Return what is said in an item: under its own key, in its likeliest alternative, or in its parts."""
    if isinstance(node, JsonString):
        return (node,) if node.end > node.start else ()
    if isinstance(node, list):  # IBM writes a word as a list: the word, its start, its end
        is_word = len(node) == 3 and isinstance(node[0], JsonString) and all(isinstance(time, str) for time in node[1:])
        return _words(node[0]) if is_word else ()
    for _, value in _under(node, _TEXT_KEYS):
        found = _parts(value) if isinstance(value, list) else _words(value) if not isinstance(value, str) else ()
        if found:
            return found
    for _, value in _under(node, _ALTERNATIVE_KEYS):
        if isinstance(value, list) and value:
            return _words(value[0])
    for _, value in _under(node, _PART_KEYS):
        if isinstance(value, list):
            return tuple(words for part in value for words in _words(part))
    return ()


def _parts(nodes: Sequence[JsonNode]) -> tuple[JsonString, ...]:
    """Return the parts of one text: strings, and objects of which none says who speaks.

    Between bare strings, as in Telegram's ``["a ", {"type": "link", "text": "b"}, "."]``, parts go on where one ends.
    """
    are_parts = all(isinstance(part, JsonString) or (isinstance(part, dict) and not _is_spoken(part)) for part in nodes)
    found = [words for part in nodes for words in _words(part)] if are_parts else []
    if any(isinstance(part, JsonString) for part in nodes) and any(isinstance(part, dict) for part in nodes):
        return (*(replace(words, is_divided=True) for words in found[:-1]), *found[-1:])
    return tuple(found)


def _is_spoken(part: JsonNode) -> bool:
    """Tell whether a part of a list names its speaker, and is a turn of its own."""
    return any(key != "name" for key, _ in _under(part, _SPEAKER_KEYS))


def _lists(tree: JsonNode) -> Iterator[list[JsonNode]]:
    waiting = [tree]
    while waiting:
        node = waiting.pop()
        if isinstance(node, list):
            yield node
        if isinstance(node, dict | list):
            waiting.extend(node.values() if isinstance(node, dict) else node)


def _transcript(source: str, tree: JsonNode) -> tuple[_Said, ...]:
    """Return the list of the whole transcript: of those with all its words one that names speakers, in few items.

    Where none does, but the JSON says elsewhere who speaks from when to when, its words are given to them by time.
    """
    lists = tuple(_lists(tree))
    candidates = [found for nodes in lists if (found := _candidate(source, nodes))]
    candidates += [found for nodes in _in_parts(candidates) if (found := _candidate(source, nodes))]
    if not candidates:
        candidates = [found for _, nodes in _under(tree, ("words",)) if (found := _named_words(source, nodes))]
    most = max((found.length for found in candidates), default=0)
    full = [found for found in candidates if found.length >= _MIN_COVERED_SHARE * most]
    if not full:
        return ()
    best = max(full, key=lambda found: (found.names_speakers, len(found.said) > 1, found.length / len(found.said)))
    spans = () if best.names_speakers else _speaking_times(source, lists)
    if not spans:
        return best.said
    full += [parts for found in full if (parts := _candidate(source, [*_parts_of_all(found.nodes)]))]
    timed = [found for found in full if found.length >= _MIN_COVERED_SHARE * most and found.is_timed]
    return _given(max(timed, key=lambda found: len(found.said)).said, spans) if timed else best.said


def _in_parts(candidates: Sequence["_Candidate"]) -> Iterator[list[JsonNode]]:
    """Yield what several lists of one form say together, in their order: chapters, each with its turns."""
    forms: defaultdict[frozenset[str], list[_Candidate]] = defaultdict(list)
    for found in candidates:
        is_of_turns = found.names_speakers and found.length >= _MIN_TURN_CHARACTERS * len(found.said)
        if is_of_turns and isinstance(found.nodes[0], dict):
            forms[frozenset(found.nodes[0])].append(found)
    for parts in forms.values():
        if len(parts) > 1:
            ordered = sorted(parts, key=lambda found: found.said[0].words[0].start)
            yield [node for found in ordered for node in found.nodes]


@dataclass(frozen=True, slots=True)
class _Candidate:
    """A list that may be the transcript."""

    nodes: Sequence[JsonNode]
    said: tuple[_Said, ...]
    length: int
    """Characters of its words."""

    @property
    def names_speakers(self) -> bool:
        return any(item.speaker for item in self.said)

    @property
    def is_timed(self) -> bool:
        return 2 * sum(item.times is not None for item in self.said) > len(self.said)


def _candidate(source: str, nodes: Sequence[JsonNode]) -> _Candidate | None:
    said = tuple(item for node in nodes if (item := _said(source, node)).words)
    if len(said) > 1 and _tokens(source, said[-1:]) == _tokens(source, said[:-1]):
        said = said[:-1]  # Google's last result repeats the words of all others, with who speaks them
    return _Candidate(nodes, said, sum(_length(source, item) for item in said)) if 2 * len(said) > len(nodes) else None


def _tokens(source: str, said: Sequence[_Said]) -> list[str]:
    return [token for item in said for words in item.words for token in source[words.start : words.end].split()]


def _named_words(source: str, nodes: JsonNode) -> _Candidate | None:
    """Return words that their list calls ``name``, as Speechmatics did."""
    if not isinstance(nodes, list):
        return None
    named = [(node, value) for node in nodes for _, value in _under(node, ("name",)) if isinstance(value, JsonString)]
    said = tuple(_Said((value,), None, None, _times(source, node), is_bare=False) for node, value in named)
    return _Candidate(nodes, said, sum(_length(source, item) for item in said)) if said else None


def _parts_of_all(nodes: Sequence[JsonNode]) -> Iterator[JsonNode]:
    """Yield the parts of things said, of their likeliest alternatives; a thing without parts is one itself."""
    for node in nodes:
        inner = next(
            (value[0] for _, value in _under(node, _ALTERNATIVE_KEYS) if isinstance(value, list) and value), node
        )
        yield from next((value for _, value in _under(inner, _PART_KEYS) if isinstance(value, list)), [node])


_Speaking = tuple[float, float, str]
"""From when to when somebody speaks."""


def _speaking_times(source: str, lists: Sequence[list[JsonNode]]) -> tuple[_Speaking, ...]:
    """Return who speaks when, of the list without words that says it of the longest time."""
    channels = tuple(span for nodes in lists for node in nodes for span in _channel_times(source, node))
    if channels:
        return tuple(sorted(channels))
    longest = 0.0
    best: tuple[_Speaking, ...] = ()
    for nodes in lists:
        found = tuple(
            (*times, speaker)
            for node in nodes
            if (times := _times(source, node)) and (speaker := _speaker(source, node)[0]) and not _words(node)
        )
        lasting = sum(end - begin for begin, end, _ in found)
        if 2 * len(found) > len(nodes) and lasting > longest:
            longest, best = lasting, tuple(sorted(found))
    return best


def _channel_times(source: str, node: JsonNode) -> Iterator[_Speaking]:
    """Yield when somebody speaks who has a channel alone, as Amazon writes it: with all that is said there."""
    name = next((value for _, value in _under(node, _CHANNEL_KEYS) if isinstance(value, JsonString)), None)
    for part in _parts_of_all([node]) if name else ():
        if name and part is not node and (times := _times(source, part)):
            yield (*times, _written(source, name))


def _given(said: Sequence[_Said], spans: Sequence[_Speaking]) -> tuple[_Said, ...]:
    """Give each thing said to whoever speaks in its middle, or nearest to it."""
    begins = [begin for begin, _, _ in spans]
    given: list[_Said] = []
    speaker: str | None = None
    for item in said:
        if item.times:
            middle = sum(item.times) / 2
            at = max(bisect_right(begins, middle) - 1, 0)
            near = spans[at : at + 2]
            speaker = min(near, key=lambda span: max(span[0] - middle, middle - span[1], 0.0))[2]
        given.append(replace(item, speaker=speaker))
    return tuple(given)


def _length(source: str, item: _Said) -> int:
    return sum(words.end - words.start - source.count(" ", words.start, words.end) for words in item.words)


def _said(source: str, node: JsonNode) -> _Said:
    speaker, name = _speaker(source, node)
    return _Said(_words(node), speaker, name, _times(source, node), isinstance(node, JsonString))


def _speaker(source: str, node: JsonNode) -> tuple[str | None, JsonString | None]:
    """Tell who says it: a name, or ``Speaker 1`` for a number."""
    for key, value in _under(node, _SPEAKER_KEYS):
        if isinstance(value, JsonString):
            name = text_of(json_spans(source, value.start, value.end), source).strip()
            return (None, None) if name.casefold() in _NOBODY else (name, value)
        if (
            isinstance(value, dict)
            and (found := _speaker(source, value) if key != "speaker" else _who(source, value))[0]
        ):
            return found
        if isinstance(value, str) and value.isdigit() and key.startswith("speaker"):
            return f"Speaker {value}", None
    for _, value in _under(node, _ALTERNATIVE_KEYS):
        if isinstance(value, list) and value:
            return _speaker(source, value[0])
    return None, None


def _declared_names(source: str, tree: JsonNode) -> dict[str, str]:
    """Return the names of those whom the JSON lists, by what stands for them where they speak."""
    declared = [node for nodes in _lists_under(tree, _PEOPLE_KEYS) for node in nodes if isinstance(node, dict)]
    names: dict[str, str] = {}
    for node in declared:
        identifier = next((_written(source, value) for _, value in _under(node, _IDENTIFIER_KEYS)), "")
        name = next((_written(source, value) for _, value in _under(node, _NAME_KEYS)), "")
        if identifier and name:
            names[f"Speaker {identifier}" if identifier.isdigit() else identifier] = name
    return names


def _lists_under(tree: JsonNode, keys: Sequence[str]) -> Iterator[list[JsonNode]]:
    waiting = [tree]
    while waiting:
        node = waiting.pop()
        yield from (value for _, value in _under(node, keys) if isinstance(value, list))
        waiting.extend(node.values() if isinstance(node, dict) else node if isinstance(node, list) else ())


def _written(source: str, value: JsonNode) -> str:
    """Return a string or a number of JSON as text; nothing for what holds others."""
    if isinstance(value, JsonString):
        return text_of(json_spans(source, value.start, value.end), source).strip()
    return value if isinstance(value, str) and value.isdigit() else ""


def _who(source: str, node: JsonNode) -> tuple[str | None, JsonString | None]:
    """Return the name of an object that is somebody, else what identifies them: ``{"@id": "S12"}``."""
    found = _speaker(source, node)
    identified = (value for _, value in _under(node, ("id",)) if isinstance(value, JsonString))
    return found if found[0] else next(((_written(source, value), value) for value in identified), (None, None))


def _times(source: str, node: JsonNode) -> tuple[float, float] | None:
    if isinstance(node, list):
        begin, end = (_seconds(source, value) for value in node[1:3]) if len(node) > 2 else (None, None)
    else:
        begin = _first_time(source, node, _START_KEYS)
        end = _first_time(source, node, _END_KEYS)
        lasting = None if end is not None else _first_time(source, node, _DURATION_KEYS)
        end = begin + lasting if begin is not None and lasting is not None else end
    return (begin, end) if begin is not None and end is not None else None


def _first_time(source: str, node: JsonNode, keys: Sequence[str]) -> float | None:
    return next((seconds for _, value in _under(node, keys) if (seconds := _seconds(source, value)) is not None), None)


def _seconds(source: str, value: JsonNode) -> float | None:
    """Return a number of seconds, or of milliseconds: ``12.5``, ``"12.5"``, ``"12.5s"``."""
    written = source[value.start : value.end] if isinstance(value, JsonString) else value
    if not isinstance(written, str):
        return None
    found = _SECONDS.match(written)
    try:
        return float(found[0] if found else written)
    except ValueError:
        return None


def _fragments(source: str, said: Sequence[_Said]) -> Iterator[Fragment]:
    second = _units_in_a_second(source, said)
    reached: float | None = None
    for item in said:
        pause = (item.times[0] - reached) / second if item.times and reached is not None else 0.0
        reached = item.times[1] if item.times else None
        for words in item.words:
            spans = tuple(_softened(json_spans(source, words.start, words.end)))
            joint = added_mark("") if words.is_divided else TextSpan(words.end, words.end + 1, SOFT_BREAK)
            yield Fragment(spans, text_of(spans, source), joint, item.speaker, pause, item.is_bare)
            pause = 0.0


def _units_in_a_second(source: str, said: Sequence[_Said]) -> int:
    lasting = sum(item.times[1] - item.times[0] for item in said if item.times)
    return 1000 if sum(_length(source, item) for item in said) < _MIN_CHARACTERS_A_SECOND * lasting else 1


def _softened(spans: Iterator[TextSpan]) -> Iterator[TextSpan]:
    """Yield the spans, a single line end as a space (the segment was wrapped there); two in a row part paragraphs."""
    before: TextSpan | None = None
    for span in spans:
        if before:
            is_alone = before.shown == "\n" and span.shown != "\n"
            yield replace(before, shown=SOFT_BREAK) if is_alone else before
        before = span
    if before:
        yield before


def _title(source: str, tree: JsonNode, before: int) -> Iterator[FormattedParagraph]:
    """Return the title of the recording, where it is above what is said."""
    for _, value in _under(tree, _TITLE_KEYS):
        if isinstance(value, JsonString) and value.end < before and source[value.start : value.end].strip():
            yield FormattedParagraph((added_mark("# "), *_softened(json_spans(source, value.start, value.end))))
            return


def _left_out(
    source: str, tree: JsonNode, blocks: Sequence[FormattedParagraph], said: Sequence[_Said]
) -> Iterator[FormattedParagraph]:
    """Yield the sentences that are nowhere in what is read: descriptions, remarks, translations."""
    read = sorted(span.start for block in blocks for span in block.spans)
    taken = {words.start for item in said for words in (*item.words, item.name) if words}
    beside = (
        FormattedParagraph(tuple(_softened(json_spans(source, words.start, words.end))), dropped=LEFT_OUT)
        for words in _strings(tree)
        if words.start not in taken and bisect_left(read, words.start) == bisect_left(read, words.end)
        if _PARTED.search(source, words.start, words.end)
    )
    words = (TextSpan(part.start, part.end) for item in said for part in item.words)
    spans = (span for part in words for span in (*json_spans(source, part.start, part.end), added_mark("\n")))
    yield from sentences_beside(source, beside, (*spans, *(span for block in blocks for span in block.spans)))


def _strings(tree: JsonNode) -> Iterator[JsonString]:
    """Yield the strings of a document but those that say what else may have been heard."""
    waiting = [tree]
    while waiting:
        node = waiting.pop()
        if isinstance(node, JsonString):
            yield node
        elif isinstance(node, list):
            waiting.extend(node)
        elif isinstance(node, dict):
            for key, value in node.items():
                is_heard = _letters(key) in _ALTERNATIVE_KEYS and isinstance(value, list)
                waiting.extend(value[:1] if is_heard and isinstance(value, list) else [value])


def _whole_text(source: str, tree: JsonNode) -> FormattedParagraph:
    """Return the transcript as one string."""
    words = _words(tree)
    if not words:
        raise SourceError(_NO_SEGMENTS)
    return FormattedParagraph(tuple(span for part in words for span in json_spans(source, part.start, part.end)))


def is_json(source: str) -> bool:
    """Tell whether a whole text is JSON: an object or a list, or several, one below the other."""
    if source[_BLANK.match(source).end() :][:1] not in ("{", "["):  # type: ignore[union-attr]
        return False
    try:
        _check_json(source)
    except SourceError:
        return False
    return True


def _check_json(source: str) -> None:
    """Raise ``SourceError``, with the line, where a text is not JSON."""
    _refuse_depth(source)
    decoder = json.JSONDecoder()
    reached = _after_blank(source, 0)
    while reached < len(source):
        try:
            _, end = decoder.raw_decode(source, reached)
        except json.JSONDecodeError as error:
            raise SourceError(f"not JSON: {error.msg}", line=error.lineno) from error
        except ValueError as error:  # Python reads no number of more than 4,300 digits
            line = source.count("\n", 0, reached) + 1
            raise SourceError("not a transcript: a number in this JSON has thousands of digits", line=line) from error
        reached = _after_blank(source, end)


def read_json(source: str) -> JsonNode:
    """Read checked JSON; several values are a list."""
    values: list[JsonNode] = []
    stack: list[dict[str, JsonNode] | list[JsonNode]] = [values]
    keys: list[str | None] = [None]
    for match in _TOKEN.finditer(source):
        written = match[0]
        if written in "]}":
            stack.pop()
            keys.pop()
            continue
        if isinstance(stack[-1], dict) and keys[-1] is None:
            keys[-1] = json.loads(written)
            continue
        node = _node(match)
        _put(stack[-1], keys[-1], node)
        keys[-1] = None
        if isinstance(node, dict | list):
            stack.append(node)
            keys.append(None)
    return values[0] if len(values) == 1 else values


def _after_blank(source: str, start: int) -> int:
    match = _BLANK.match(source, start)
    return match.end() if match else start


def _refuse_depth(source: str) -> None:
    depth = 0
    for match in _TOKEN.finditer(source):
        depth += {"{": 1, "[": 1, "}": -1, "]": -1}.get(match[0], 0)
        if depth > _MAX_JSON_DEPTH:
            line = source.count("\n", 0, match.start()) + 1
            raise SourceError(f"the JSON is nested more than {_MAX_JSON_DEPTH} levels deep; flatten it", line=line)


def _node(found: re.Match[str]) -> JsonNode:
    match found[0]:
        case "{":
            return {}
        case "[":
            return []
        case written if written.startswith('"'):
            return JsonString(found.start() + 1, found.end() - 1)
        case written:
            return written


def _put(parent: dict[str, JsonNode] | list[JsonNode], key: str | None, node: JsonNode) -> None:
    if isinstance(parent, list):
        parent.append(node)
    elif key is not None:
        parent[key] = node
