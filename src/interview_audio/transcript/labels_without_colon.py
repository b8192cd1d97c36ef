"""Finds who speaks where no label with a colon says it.

A name alone on its line, ``Q. text``, ``[Name] text``, ``Name — text``: all of these are also ways to write other
things, so a form speaks only where the whole document shows that it does. Headings name speakers in brackets
(``## On boats (Ida Holm)``), questions are set in bold, as headings or with numbers, and dashes or ``>>`` only mark
that somebody else speaks.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import pairwise, zip_longest

from interview_audio.text.characters import HAN, columns, name_key
from interview_audio.transcript.layout.paragraphs import Paragraph, Passage
from interview_audio.transcript.layout.turn_boundaries import ARROWS, ASKING_DASHES
from interview_audio.transcript.lexicon.label_grammar import (
    ENCLOSED,
    MAX_LABEL_LENGTH,
    MONSIEUR,
    NOBODY_WORDS,
    PAIRED_LETTERS,
    ROLE_WORDS,
    Label,
    index_of_words,
    is_name_shaped,
    is_titled,
    make_label,
    name_parts,
    names_no_person,
    part_of,
    question_letters,
    read_label,
    read_stopped_label,
)
from interview_audio.transcript.lexicon.personal_names import (
    OFFICE_WORDS,
    is_chinese_name,
    is_given_name,
    is_title,
    without_honorific,
)
from interview_audio.transcript.lexicon.typography import (
    are_utterances,
    ends_sentence,
    ends_with_question,
    is_conversational,
    requests_words,
)
from interview_audio.transcript.lexicon.vocabulary import any_of, phrases, pronouns

_MAX_LONE_LABEL_COLUMNS = 48
"""A line that is longer is a heading or a sentence."""
_MAX_OFFICE_COLUMNS = 200
"""Of a line in capitals that says an office and then who has it."""
_FULL_NAME = re.compile(r"[^\W\d_]+\.?(?:[ -][^\W\d_]+\.?){1,6}")
_MIN_CONVERSATION_LABELS = 3
"""Question, answer, question: any table of two rows has two different labels."""
_MIN_TURNS_OF_NAME = 2
_MIN_SPEAKERS = 2
_MIN_FILLED_SHARE = 0.8
"""Of the paragraphs from the first to the last label of a form, that are labels, or the words below them."""
_FORMS_THAT_FILL = ("alone", "bullet", "brackets", "strong", "bar", "dot")
_MIN_ALTERNATING_SHARE = 0.5
"""Of a form's labels, that follow a different one: people take turns, and the entries of a list recur in blocks."""
_MIN_HEARD_QUESTIONS_SHARE = 0.5
"""Of the turns of a single label, that ask or answer."""
_ROLE = rf"(?:{any_of(ROLE_WORDS)}|(?-i:[{''.join(sorted(letter.upper() for letter in PAIRED_LETTERS))}]))\d{{0,3}}"
_NAME = r"[^\s\[\]【】()（）<>〈〉|｜—:：。，！？!?][^\[\]【】()（）<>〈〉|｜—:：。，！？!?\n]{0,39}?"
_FORMS: tuple[tuple[str, re.Pattern[str]], ...] = (
    # A chat may have the time before it, which is no more said than the name: "17:02 < nora> hi".
    (
        "handle",
        re.compile(
            r"(?:[\[(]?(?:\d{4}-\d\d-\d\d[ T])?\d{1,2}:\d\d(?::\d\d)?[\])]?\s+)?"
            r"<\s*[@+%~&]?([\w.`^|-]{1,32})\s*>\s+(?=\S)"
        ),
    ),
    ("brackets", re.compile(rf"[\[［<〈(（【]\s*({_NAME})\s*[\]］>〉)）】]\s*[-–—|]?\s*(?=\S)")),
    ("bar", re.compile(rf"({_NAME})\s*[|｜丨¦]\s*(?=\S)")),
    ("dot", re.compile(rf"({_NAME})\s+[·•]\s+(?=\S)")),
    ("angle", re.compile(rf"({_NAME})\s?[>›»]+\s+(?=\S)")),
    ("stop", re.compile(rf"({_ROLE})\s?[.．、;；)）]\s*(?:[—–―-]+\s*)?(?=\S)", re.IGNORECASE)),
    ("dash", re.compile(rf"({_NAME}(?:\s?[(（][^()（）\n]{{1,60}}[)）])?)(?:\s*[—–―─]+|\s+-+)\s*(?=\S)")),
    ("space", re.compile(rf"(?-i:(?![a-z]))({_ROLE})\s+(?=[^\s—–―─|·•:：-])", re.IGNORECASE)),
    ("ordinal stop", re.compile(rf"\d{{1,3}}[.、．]\s?({_ROLE})[.．、;；]\s*(?=\S)", re.IGNORECASE)),
)
_GAP = re.compile(r"[>#*_\s]{0,40}([^\s:：][^\t\n:：]{0,39}?)[*_]{0,6}(?:\t|[ \u00a0]{2,}|\u3000)\s*(?=\S)")
"""What repeats is bounded: a line of strokes alone would be looked at again from each of them."""
_POST = re.compile(r"/?u/([\w-]{2,32})(?:\s?[\[(]\w{1,12}[\])])?(?:\s*[·•|]\s*[^·•|\n]{1,40}){0,4}")
"""The line above a post of a forum: ``u/ida_holm [OP] · 412 points · 3 hours ago``."""
_CIRCLE = re.compile(
    rf"[○◯〇◆]\s?(?:([{HAN}\u3040-\u30ffー]{{2,24}})(?:（([{HAN}\u3040-\u30ffー]{{2,16}})）)?(?:\u3000| {{1,2}})"
    r"|(?P<korean>[가-힣]{2,10} [가-힣]{2,10})(?: {2,4}|\u3000))(?=\S)"
)
"""How Japanese and Korean assemblies print who speaks: ``○議長（細谷一郎君）　`` and ``○木原花子君　``."""
_BULLET = re.compile(r"[・•●○■◆▪◇►▶]\s*")
_STRONG = re.compile(
    r"\s*(?:>\s*)?(?:(?P<sign>\*\*|__|\*|_)(?P<marked>[^*_\n]{1,48})(?P=sign)"
    r"|<(?P<tag>b|strong|em|i)>(?P<tagged>[^<>\n]{1,48})</(?P=tag)>)\s*(?=[^\s*_:：])",
    re.IGNORECASE,
)
_OTHER_CHOICE = re.compile(r"[Bb]\s?[.)）．、]\s")
"""What is below ``A.`` where that is one of several choices."""
_TIME_BEHIND = re.compile(r"\s*[(\[]\s*[\d:.]{3,12}\s*[)\]]\s*\Z")
_CERTAIN_FORMS = ("time", "post", "circle", "handle")
"""Forms that nothing else has; they also speak beside labels with a colon."""
_ORDER = (
    "time",
    "post",
    "circle",
    "alone",
    "bullet",
    "strong",
    "stopped dash",
    "stopped",
    *(form for form, _ in _FORMS if form != "space"),
    "gap",
    "space",
)
"""In which the forms are looked for: those that show more first."""
_DISTINCT_FORMS = ("alone", "brackets")
"""Forms in which those who speak elsewhere also speak where labels have a colon mostly."""
_FORMS_OF_HANDLES = ("handle", "time", "post", "circle", "gap")
"""Forms in which a recurring label need not look like a person's name."""
_STOPPED = "stopped"
"""The form of ``Ms. Holm. It is.``"""
_STOPPED_DASH = "stopped dash"
"""The form of ``Ida Holm (PPE). – It is.``, which nothing else has."""
_DASH_BEHIND_STOP = re.compile(r"\.\s?[–—―-]+\s*\Z")
_FORMS_OF_ONE = ("alone", "strong", "gap", "brackets", _STOPPED, _STOPPED_DASH)
"""Forms in which people also speak who have one turn."""
_SPEAKER_IN_BRACKETS = re.compile(
    r"[(（]\s*(?:by |with |speaker: ?|讲述：|口述：)?([^()（）]{1,40})[)）]\s*\Z", re.IGNORECASE
)
_MAX_BRACKETS_LENGTH = 48
"""Characters at the end of a heading that are searched for the brackets."""
_MIN_SPEAKER_HEADINGS = 2
_EMPHATIC = re.compile(r"(?:\*[^*]+\*|_[^_]+_|<(?:b|strong|em|i)>[^<>]*</(?:b|strong|em|i)>)\Z", re.IGNORECASE)
_HEADING = re.compile(r"(#{1,6})\s|<(h[1-6])[\s>]", re.IGNORECASE)
_NUMBERED = re.compile(r"(?:Q?\d{1,3}\s?[.、)．:：]|[一二三四五六七八九十]{1,3}、)\s*\S")
_MIN_QUESTIONS = 2
_MIN_NUMBERED_QUESTIONS = 3
"""More than of bold questions, and with a higher share: the steps of any list have numbers."""
_TERM = "term"
"""The style of a line with its definition below it, as Markdown sets one: `` : It is.`` below ``Is it lit?``."""
_STYLES_OF_NO_TITLE = ("strong", "emphatic", "numbered", _TERM)
_MIN_ASKING_SHARE = 0.5
"""Share of the paragraphs of one style that must ask for it to be the style of questions."""
_MIN_ASKING_SHARE_NUMBERED = 0.8
_MIN_ADDRESSED_SHARE = 0.8
"""Share of bold sentences that must say you, or ask, where few have a question mark."""
_ADDRESSES = pronouns("narration/second_person", "narration/polite_second_person")
_FIRST_PERSON = pronouns("narration/first_person")
_OF_US = pronouns("narration/first_person_others")
_NEEDS_PRONOUNS = re.compile(r"\b(?:the|and|der|die|und|les|est|het|een)\b")
"""Words of the languages that do not leave out who acts."""
_MIN_SURVEYED = 8
"""Questions; in fewer, somebody may speak of other things than himself."""
_FAQ = re.compile(phrases("faq_headings"), re.IGNORECASE)
_MAX_HEADING_COLUMNS = 60
"""A line that is longer is a remark of the interviewer, set as the questions are."""
_MAX_LABELS_FOR_QUESTION = 0.34
"""A document with more labels than this for each question names its speakers itself."""
_INTERVIEWER = {"ja": "聞き手", "zh": "记者"}
_UNKNOWN = {"ja": ("話者1", "話者2"), "zh": ("发言人1", "发言人2")}
"""What people are called of whom only a sign tells that they speak, by language; English in all others."""
_MIN_ASKING_DASHES_SHARE = 0.6
"""Of the paragraphs behind a double dash, that must ask for the dash to be the interviewer's."""


def find_bare_labels(
    paragraphs: Sequence[Paragraph], taken: Sequence[Label | None], keys: Collection[str], common: Collection[str]
) -> dict[int, Label]:
    """Find the labels without a colon.

    Args:
        paragraphs: The document's paragraphs.
        taken: The labels with a colon that speak.
        keys: The folded names that need no other evidence: those of ``taken``, and those that the settings know.
        common: Words that the document writes in small letters.

    Returns:
        For each paragraph that has one, its label.
    """
    forms: defaultdict[str, dict[int, Label]] = defaultdict(dict)
    for index, paragraph in enumerate(paragraphs):
        if taken[index] is None and paragraph.text and not paragraph.turn_mark:
            for form, label in _candidates(paragraph):
                forms[form][index] = label
    found: dict[int, Label] = {}
    for form, labels in sorted(forms.items(), key=lambda item: _ORDER.index(item[0])):
        free = {index: label for index, label in labels.items() if index not in found}
        found |= _speaking(form, free, paragraphs, taken, keys, common)
    return found


def _candidates(paragraph: Paragraph) -> Iterator[tuple[str, Label]]:
    text = paragraph.text
    if circle := _CIRCLE.match(paragraph.printed):
        yield "circle", _label_behind_circle(circle, text)
        return
    if text.count(" | ") > 1:
        return  # A row of a table.
    if (post := _POST.fullmatch(text)) and (label := make_label(post[1], len(text))):
        yield "post", label
        return
    if not paragraph.is_definition and (label := _office_and_name(text)):
        yield "alone", label
        return
    enclosed = ENCLOSED.fullmatch(text)
    bullet = _BULLET.match(text)
    alone = (enclosed[1] if enclosed else text[bullet.end() if bullet else 0 :]).strip()
    is_short = columns(text) <= _MAX_LONE_LABEL_COLUMNS and not paragraph.is_definition
    if is_short and not ends_sentence(text) and (label := make_label(alone, len(text))):
        yield ("time" if paragraph.is_timed else "bullet" if bullet else "alone"), label
        return
    for form, pattern in _FORMS:
        if (match := pattern.match(text)) and (label := make_label(match[1].strip(), match.end())):
            yield form, label
    if label := read_stopped_label(text):
        yield (_STOPPED_DASH if _DASH_BEHIND_STOP.search(text[: label.end]) else _STOPPED), label
    if (match := _GAP.match(paragraph.printed)) and (label := _printed_label(match[1].strip(), text)):
        yield "gap", label
    if match := _STRONG.match(paragraph.printed):
        label = _printed_label((match["marked"] or match["tagged"]).strip(), text)
        if label:
            yield "strong", label


def _label_behind_circle(circle: re.Match[str], text: str) -> Label:
    """Return the label with the name alone, by which an office and its holder are one speaker."""
    printed = circle[0].strip().lstrip("○◯〇◆ \u3000")
    name = without_honorific(circle[2] or circle[1] or circle["korean"])
    return Label(printed, name_key(name), index_of_words(text, text.index(printed) + len(printed)), called=name)


def _office_and_name(text: str) -> Label | None:
    """Return a long line in capitals as the label that it is where it ends in a name: ``HEAD OF LAMPS, IDA HOLM``."""
    office, comma, name = text.rpartition(", ")
    is_loud = text.isupper() and columns(text) <= _MAX_OFFICE_COLUMNS and not ends_sentence(text)
    if not (is_loud and comma and len(office) > len(name)) or _FULL_NAME.fullmatch(name) is None:
        return None
    words = name.casefold().split(" ")
    is_name = words[0] not in OFFICE_WORDS and words[-1] not in OFFICE_WORDS
    return Label(text, name_key(name), len(text), called=name) if is_name else None


def _printed_label(printed: str, text: str) -> Label | None:
    """Return a label told by its setting, which the paragraph's words no longer show, nor a time behind it."""
    printed = _TIME_BEHIND.sub("", printed)
    if not text.startswith(printed) or len(printed) > MAX_LABEL_LENGTH or ends_sentence(printed):
        return None
    return make_label(printed, index_of_words(text, len(printed)))


def _speaking(
    form: str,
    labels: Mapping[int, Label],
    paragraphs: Sequence[Paragraph],
    taken: Sequence[Label | None],
    keys: Collection[str],
    common: Collection[str],
) -> dict[int, Label]:
    """Return the labels of one form that speak: none, where the form has not the evidence of a conversation."""
    own = _in_turn(form, _recurring(form, labels, paragraphs, keys, common), paragraphs)
    if not own:
        return {}
    are_roles = all(_is_role(label.key) for label in own.values())
    has_rivals = form not in _CERTAIN_FORMS and len(own) < sum(label is not None for label in taken)
    if (has_rivals and not are_roles) or not _CONVERSES.get(form, _converses)(own, paragraphs):
        is_distinct = has_rivals and form in _DISTINCT_FORMS
        return {
            index: label
            for index, label in own.items()
            if (is_distinct and label.key in keys and not (form == "alone" and index + 1 in labels))
            or (form == "alone" and _is_stacked(index, label, taken))
        }
    if form in _CERTAIN_FORMS:
        return dict(labels)
    known = frozenset((label.key, label.name.isupper()) for label in own.values())
    own |= {index: label for index, label in labels.items() if _is_fuller(label, known)}
    return own | (dict(_once(form, labels, own, paragraphs, common)) if form in _FORMS_OF_ONE else {})


def _is_fuller(label: Label, known: Collection[tuple[str, bool]]) -> bool:
    """Tell whether it is the full name of somebody who speaks by a part of it, in the same letters.

    Args:
        label: The label.
        known: The folded labels that speak, each with whether it is in capitals.
    """
    is_full = " " in label.name and is_name_shaped(label.name)
    return is_full and any((part, label.name.isupper()) in known for part in name_parts(label.name))


def _recurring(
    form: str,
    labels: Mapping[int, Label],
    paragraphs: Sequence[Paragraph],
    keys: Collection[str],
    common: Collection[str],
) -> dict[int, Label]:
    """Return the labels of a form that are a role, known, or recur as only names do."""
    counts = Counter(label.key for label in labels.values())
    letters = question_letters(counts)
    any_name = form in _FORMS_OF_HANDLES or _fills(form, labels, counts, paragraphs)
    return {
        index: label
        for index, label in labels.items()
        if _is_role(label.key)
        or label.key in keys
        or label.key in letters
        or _is_recurring_name(label, counts[label.key], () if form == _STOPPED and label.name.isupper() else common)
        or (
            any_name
            and counts[label.key] >= _MIN_TURNS_OF_NAME
            and (form == "handle" or label.name.casefold() not in common)
        )
    }


def _fills(form: str, labels: Mapping[int, Label], counts: Mapping[str, int], paragraphs: Sequence[Paragraph]) -> bool:
    """Tell whether labels that recur fill a stretch of the document, as those of a dialogue do whatever they say."""
    places = [index for index, label in labels.items() if counts[label.key] >= _MIN_TURNS_OF_NAME]
    if form not in _FORMS_THAT_FILL or len({labels[index].key for index in places}) < _MIN_SPEAKERS:
        return False
    stretch = sum(bool(paragraph.text) for paragraph in paragraphs[places[0] : places[-1] + 1])
    followed = sum(index + 1 < len(paragraphs) and index + 1 not in labels for index in places)
    if form == "bullet":  # Nothing else has the sign, so that answers may have any number of lines.
        return followed >= _MIN_FILLED_SHARE * len(labels)
    size = 2 * followed - 1 if form == "alone" else len(places)
    return size >= _MIN_FILLED_SHARE * stretch


def _in_turn(form: str, labels: dict[int, Label], paragraphs: Sequence[Paragraph]) -> dict[int, Label]:
    """Return the labels without those that a form has by chance.

    A space behind ``A`` is what an article has: there an answer follows its question.
    """
    if form in ("stop", "ordinal stop") and all(label.key == "a" for label in labels.values()):
        return {} if any(_OTHER_CHOICE.match(paragraph.text) for paragraph in paragraphs) else labels
    if form != "space":
        return labels
    kept: dict[int, Label] = {}
    has_asked = False
    for index, label in labels.items():
        part = part_of(label.key)
        if _begins_a_sentence(label.printed):
            continue
        if part != "guest" or has_asked:
            kept[index] = label
        has_asked = part == "host"
    parts = {part_of(label.key) for label in kept.values()}
    return kept if len(parts) > 1 or len({label.key for label in kept.values()} - {"a"}) > 1 else {}


def _begins_a_sentence(printed: str) -> bool:
    """Tell whether it is written as a word at the beginning of a sentence is: ``Question is``, not ``Q``, ``HOST``."""
    return printed.isascii() and len(printed) > 1 and not (printed.isupper() or printed[-1].isdigit())


def _is_role(key: str) -> bool:
    return names_no_person(key) and key not in NOBODY_WORDS


def _is_stacked(index: int, label: Label, taken: Sequence[Label | None]) -> bool:
    """Tell whether a part is alone on its line above the label of the one who has it."""
    return _is_role(label.key) and index + 1 < len(taken) and taken[index + 1] is not None


def _is_recurring_name(label: Label, count: int, common: Collection[str]) -> bool:
    return count >= _MIN_TURNS_OF_NAME and is_name_shaped(label.name) and label.name.casefold() not in common


def _once(
    form: str,
    labels: Mapping[int, Label],
    own: Mapping[int, Label],
    paragraphs: Sequence[Paragraph],
    common: Collection[str],
) -> Iterator[tuple[int, Label]]:
    """Return the labels of people who speak once, between the others."""
    first = min(own)
    for index, label in labels.items():
        is_full = is_name_shaped(label.name) and (" " in label.name or not label.name.isascii())
        is_address = label.name.isascii() and all(map(is_title, label.name.split(" ")))  # "Mr. Chairman. I thank you."
        is_certain = (is_titled(label.name) and not is_address) or label.name.isupper()
        is_introduced = (
            label.printed != label.name
            or label.name.endswith(".")
            or MONSIEUR.match(paragraphs[index].text) is not None
        )
        is_name = is_certain or (is_full and (form != _STOPPED or is_introduced)) or label.key in NOBODY_WORDS
        if index > first and is_name and label.name.casefold() not in common:
            yield index, label


def _converses(own: Mapping[int, Label], paragraphs: Sequence[Paragraph]) -> bool:
    """Tell whether several people take turns, or one part asks and the rest answers."""
    ordered = sorted(own.items())
    changes = sum(left.key != right.key for (_, left), (_, right) in pairwise(ordered))
    words = [_words(index, label, paragraphs) for index, label in ordered]
    if len({label.key for label in own.values()}) > 1:
        if _ask_and_answer(own, words):
            return True
        return (
            len(own) >= _MIN_CONVERSATION_LABELS
            and changes >= _MIN_ALTERNATING_SHARE * (len(own) - 1)
            and is_conversational(words)
        )
    if len(own) < _MIN_TURNS_OF_NAME:
        return False
    asks = part_of(ordered[0][1].key) == "host"
    heard = words if asks else [paragraphs[index - 1].text if index else "" for index, _ in ordered]
    return sum(map(ends_with_question, heard)) >= _MIN_HEARD_QUESTIONS_SHARE * len(own)


def _ask_and_answer(own: Mapping[int, Label], words: Sequence[str]) -> bool:
    """Tell whether the roles of one who asks and one who answers take turns; two labels are enough."""
    parts = [part_of(label.key) for _, label in sorted(own.items())]
    asked = [text for part, text in zip(parts, words, strict=True) if part == "host"]
    in_turn = sum(pair == ("host", "guest") for pair in pairwise(parts))
    return 0 < len(asked) <= 2 * in_turn and 2 * sum(map(ends_with_question, asked)) >= len(asked)


def _reports(own: Mapping[int, Label], paragraphs: Sequence[Paragraph]) -> bool:
    """Tell whether labels that end in a full stop are those of a report: offices, titles, capitals, or a dialogue."""
    ordered = sorted(own.items())
    changes = sum(left.key != right.key for (_, left), (_, right) in pairwise(ordered))
    certain = sum(is_titled(label.name) or label.name.isupper() for label in own.values())
    takes_turns = changes > 0 and changes >= _MIN_ALTERNATING_SHARE * (len(own) - 1)
    if len(own) < _MIN_CONVERSATION_LABELS or not takes_turns:
        return False
    span = ordered[-1][0] - ordered[0][0] + 1
    is_dense = len(own) >= _MIN_FILLED_SHARE * span and _converses(own, paragraphs)
    return 2 * certain >= len(own) or is_dense


def _is_timed(own: Mapping[int, Label], paragraphs: Sequence[Paragraph]) -> bool:
    """Tell whether names with a time are speakers': words follow them."""
    followed = sum(index + 1 < len(paragraphs) and index + 1 not in own for index in own)
    keys = {label.key: label for label in own.values()}
    is_export = len(keys) > 1 or any(_is_role(key) or " " in label.name for key, label in keys.items())
    return is_export and followed >= _MIN_ALTERNATING_SHARE * len(own)


_CONVERSES: Mapping[str, Callable[[Mapping[int, Label], Sequence[Paragraph]], bool]] = {
    "time": _is_timed,
    "post": lambda own, _: len(own) >= _MIN_TURNS_OF_NAME,
    "circle": lambda own, paragraphs: are_utterances(_words(*entry, paragraphs) for entry in own.items()),
    _STOPPED: _reports,
    _STOPPED_DASH: lambda own, _: len({label.key for label in own.values()}) >= _MIN_SPEAKERS,
}


def _words(index: int, label: Label, paragraphs: Sequence[Paragraph]) -> str:
    """Return the words behind a label, or below it where it is alone on its line."""
    beside = paragraphs[index].text[label.end :]
    return beside or (paragraphs[index + 1].text if index + 1 < len(paragraphs) else "")


def find_heading_speakers(
    paragraphs: Sequence[Paragraph], found: Sequence[Label | None], keys: Collection[str]
) -> dict[int, Label]:
    """Find the headings that name the speaker of the words below them.

    Args:
        paragraphs: The document's paragraphs.
        found: The labels that speak already.
        keys: Folded names of those who speak elsewhere; others need a given name, or two passages that they head,
            where brackets end two headings or more.

    Returns:
        For each such heading, its label, which does not say the words beside it.
    """
    labels = {index: label for index, label in _heading_candidates(paragraphs) if found[index] is None}
    counts = Counter(label.key for label in labels.values())
    is_habit = len(labels) >= _MIN_SPEAKER_HEADINGS
    are_parts = all(is_chinese_name(label.name) or part_of(label.key) for label in labels.values())
    return {
        index: label
        for index, label in labels.items()
        if label.key in keys or (is_habit and (are_parts or _is_person(label, counts[label.key])))
    }


def _is_person(label: Label, count: int) -> bool:
    """Tell whether brackets in a heading hold somebody's name: ``(Looks Familiar)`` has capitals as well."""
    if not is_name_shaped(label.name) or " " not in label.name:
        return False
    return is_given_name(label.name.split(" ")[0]) or count >= _MIN_SPEAKER_HEADINGS


def _heading_candidates(paragraphs: Sequence[Paragraph]) -> Iterator[tuple[int, Label]]:
    for index, paragraph in enumerate(paragraphs):
        if not (paragraph.is_heading or paragraph.is_strong) or ends_with_question(paragraph.text):
            continue
        match = _SPEAKER_IN_BRACKETS.search(paragraph.text, max(0, len(paragraph.text) - _MAX_BRACKETS_LENGTH))
        if match and match.start() > 0 and (label := make_label(match[1].strip(), 0)):
            yield index, replace(label, is_heading=True)


def find_question_headings(passages: Sequence[Passage]) -> frozenset[int]:
    """Find the questions of a document whose style tells them from the answers.

    Returns:
        Indices of the passages that ask; empty where labels name the speakers, or no style is that of questions.
    """
    by_style: defaultdict[str, list[int]] = defaultdict(list)
    for index, (passage, below) in enumerate(zip_longest(passages, passages[1:])):
        is_defined = below is not None and below.paragraph.is_definition and not passage.paragraph.is_definition
        if style := _style(passage) or (_TERM if is_defined and not passage.label else ""):
            by_style[style].append(index)
    styles = [(style, found) for style, found in by_style.items() if _is_of_questions(passages, style, found)]
    questions = frozenset(index for _, found in styles for index in _prompts(passages, found))
    if _are_anybodys(passages, questions):
        return frozenset()
    labels = sum(passage.label is not None for passage in passages)
    is_told_by_style = labels <= _MAX_LABELS_FOR_QUESTION * len(questions) or _answers_alone(passages, questions)
    return questions if is_told_by_style else frozenset()


def _are_anybodys(passages: Sequence[Passage], questions: Collection[int]) -> bool:
    """Tell whether questions are any reader's and nobody was asked: a list of frequent ones.

    A title says so, or the reader is who asks (``May I bring my dog?``) and who is spoken to in the answers: in an
    interview it is the other way round. Nor does anybody answer the questions of a survey: in a language that needs
    its pronouns, people who answer many questions say I at some time, or we again and again.
    """
    first = min(questions, default=0)
    if any(columns(passage.text) <= _MAX_HEADING_COLUMNS and _FAQ.search(passage.text) for passage in passages[:first]):
        return True
    asked = [passages[index].text for index in questions]
    answers = [passage.text for index, passage in enumerate(passages[first:], first) if index not in questions]
    if any(map(_FIRST_PERSON.search, answers)):
        return False
    asks_for_self = any(map(_FIRST_PERSON.search, asked)) and not any(map(_ADDRESSES.search, asked))
    with_pronouns = sum(_NEEDS_PRONOUNS.search(text) is not None for text in answers)
    of_us = sum(_OF_US.search(text) is not None for text in answers)
    is_survey = len(asked) >= _MIN_SURVEYED and 2 * with_pronouns > len(answers) > 4 * of_us
    return (len(asked) >= _MIN_NUMBERED_QUESTIONS and asks_for_self) or is_survey


def _answers_alone(passages: Sequence[Passage], questions: Collection[int]) -> bool:
    """Tell whether the labels of a document only mark answers, so that their style alone tells the questions.

    They are no more than the questions and none asks, or all are one person's, below a question nearly always.
    """
    labelled = [(index, passage.label, passage.text) for index, passage in enumerate(passages) if passage.label]
    hosts = any(part_of(label.key) == "host" for _, label, _ in labelled)
    if hosts or not labelled:
        return False
    if len(labelled) <= len(questions) and not any(ends_with_question(text) for _, _, text in labelled):
        return True
    below = sum(index - 1 in questions for index, _, _ in labelled)
    return len({label.key for _, label, _ in labelled}) == 1 and below >= _MIN_FILLED_SHARE * len(labelled)


def _style(passage: Passage) -> str:
    if passage.label or not passage.text:
        return ""
    paragraph = passage.paragraph
    if heading := _HEADING.match(paragraph.printed):
        return heading[1] or heading[2]
    if paragraph.is_strong:
        return "strong"
    if _EMPHATIC.match(paragraph.printed):
        return "emphatic"
    return "numbered" if _NUMBERED.match(passage.text) else ""


def _is_of_questions(passages: Sequence[Passage], style: str, found: Sequence[int]) -> bool:
    # A title may ask, too; where it is set as the questions are and not as a heading, it is the first of them.
    below_title = [index for index in found if index > 0 or style in _STYLES_OF_NO_TITLE]
    asking = [index for index in below_title if _asks_whole_question(passages[index])]
    if style == "strong" and _speak_to_somebody(passages, below_title):
        asking = below_title
    answered = sum(_is_answered(passages, index) for index in asking)
    if not are_utterances(passages[index + 1].text for index in asking if _is_answered(passages, index)):
        return False  # Tables and lists below questions are the results of a survey.
    fewest, share = (
        (_MIN_NUMBERED_QUESTIONS, _MIN_ASKING_SHARE_NUMBERED)
        if style == "numbered"
        else (_MIN_QUESTIONS, _MIN_ASKING_SHARE)
    )
    return answered >= fewest and len(asking) >= share * len(below_title)


def _asks_whole_question(passage: Passage) -> bool:
    """Tell whether it asks, and does not only name a section: ``## Lamps: too slow?``."""
    is_section = passage.paragraph.is_heading and read_label(passage.text) is not None
    return ends_with_question(passage.text) and not is_section


def _speak_to_somebody(passages: Sequence[Passage], found: Sequence[int]) -> bool:
    """Tell whether bold lines speak to the one who answers, though few ask: ``You get up at four.``.

    The sections of a guide address its reader in bold, too; they do not ask to be told anything.
    """
    texts = [passages[index].text for index in found]
    sentences = sum(map(ends_sentence, texts))
    addressed = sum(_ADDRESSES.search(text) is not None or ends_with_question(text) for text in texts)
    asks = any(ends_with_question(text) or requests_words(text) for text in texts)
    answers = (passages[index + 1].text for index in found if _is_answered(passages, index))
    is_answered = any(_FIRST_PERSON.search(text) for text in answers)
    return asks and is_answered and sentences == len(texts) and addressed >= _MIN_ADDRESSED_SHARE * len(texts)


def _is_answered(passages: Sequence[Passage], index: int) -> bool:
    below = passages[index + 1] if index + 1 < len(passages) else None
    is_answer = below is not None and (below.label is None or part_of(below.label.key) != "host")
    return is_answer and below is not None and not _style(below)


def _prompts(passages: Sequence[Passage], found: Sequence[int]) -> Iterator[int]:
    """Yield the questions among the paragraphs of one style; what is above the first that asks may be a standfirst."""
    asked = False
    for index in found:
        text = passages[index].text
        below = passages[index + 1].text if index + 1 < len(passages) else ""
        # "Su" is theirs as well as yours: an answer in the first person tells.
        is_to_somebody = _ADDRESSES.search(text) is not None and _FIRST_PERSON.search(below) is not None
        asked = asked or ends_with_question(text) or requests_words(text) or is_to_somebody
        if asked and _is_prompt(passages[index]):
            yield index


def _is_prompt(passage: Passage) -> bool:
    """Tell whether it is a question, or a sentence that is not a heading (``Tell us about the fog.``)."""
    return (
        ends_with_question(passage.text) or ends_sentence(passage.text) or columns(passage.text) > _MAX_HEADING_COLUMNS
    )


def label_unnamed_turns(
    paragraphs: Sequence[Paragraph], found: Sequence[Label | None], language: str | None
) -> dict[int, Label]:
    """Label the paragraphs that begin with the document's sign of a new speaker and name nobody.

    Such a paragraph is the words of the other one of the two who spoke last; where nobody has a name, two unknown
    speakers take turns. A double dash that asks nearly always is the interviewer's.

    Args:
        paragraphs: The document's paragraphs.
        found: The labels that name a speaker.
        language: The document's, in which the others are called something.

    Returns:
        For each such paragraph, its label.
    """
    marked = [index for index, paragraph in enumerate(paragraphs) if paragraph.turn_mark and not found[index]]
    if _only_asks(paragraphs, marked):
        called = _INTERVIEWER.get(language or "", "Interviewer")
        return {index: _label(paragraphs[index], name_key(called), called) for index in marked}
    unknown = _UNKNOWN.get(language or "", ("Speaker 1", "Speaker 2"))
    return _alternating(paragraphs, found, frozenset(marked), unknown)


def _alternating(
    paragraphs: Sequence[Paragraph], found: Sequence[Label | None], marked: frozenset[int], unknown: Sequence[str]
) -> dict[int, Label]:
    turns: dict[int, Label] = {}
    current, other = "", ""
    keys: dict[str, str] = {}
    for index, paragraph in enumerate(paragraphs):
        label = found[index]
        if index in marked:
            speaker = other or next(name for name in unknown if name != current)
            turns[index] = label = _label(paragraph, keys.get(speaker, name_key(speaker)), speaker)
        if label and label.name != current:
            current, other = label.name, current
            keys[label.name] = label.key
    return turns


def _only_asks(paragraphs: Sequence[Paragraph], marked: Sequence[int]) -> bool:
    asking = sum(ends_with_question(paragraphs[index].text) for index in marked)
    is_set_so = bool(marked) and paragraphs[marked[0]].turn_mark in ASKING_DASHES
    return is_set_so and asking >= _MIN_ASKING_DASHES_SHARE * len(marked)


def _label(paragraph: Paragraph, key: str, called: str) -> Label:
    end = len(paragraph.turn_mark)
    while paragraph.text[end : end + 1] == ARROWS[0]:
        end += 1
    return Label(paragraph.turn_mark, key, index_of_words(paragraph.text, end), called)
