"""Decides which candidate labels are speakers, from the whole document: who recurs, alternates, is known or named.

``Note:`` and ``There are two things:`` have the form of a label; what they lack is this evidence. A label that occurs
once speaks where it resembles those who speak, or where the text knows its name.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from interview_audio.text.characters import HAN, HIRAGANA, columns, name_key
from interview_audio.transcript.labels_without_colon import (
    find_bare_labels,
    find_heading_speakers,
    label_unnamed_turns,
)
from interview_audio.transcript.layout.paragraphs import Paragraph
from interview_audio.transcript.lexicon.label_grammar import (
    MAX_INITIALS,
    NOBODY_WORDS,
    PAIRED_LETTERS,
    Label,
    is_name_shaped,
    is_persons_name,
    is_speaker_word,
    is_titled,
    name_parts,
    names_no_person,
    part_of,
    question_letters,
    short_forms,
    without_aside,
)
from interview_audio.transcript.lexicon.markup import is_emphasised_lead
from interview_audio.transcript.lexicon.personal_names import (
    LATIN_WORD,
    SURNAMES,
    ChineseNameFinder,
    is_chinese_name,
    is_japanese_surname,
    is_title,
    words_in_small_letters,
)
from interview_audio.transcript.lexicon.typography import (
    are_utterances,
    ends_sentence,
    ends_with_question,
    is_conversational,
)
from interview_audio.transcript.lexicon.vocabulary import alternation, word_list, words_of

_MIN_TURNS_OF_NAME = 2
_MIN_TURNS_OF_WORD = 3
"""Of a label that is not shaped like a name: ``Note:`` occurs twice in many articles."""
_VALUE = re.compile(r"\w[^:：。.，,]{0,23}[:：]\s?\S")
"""A short key with its value: such a line below a label makes a list, not an answer."""
_MAX_CRY_COLUMNS = 60
"""Columns of what everybody says at once."""
_MIN_SPEAKERS = 2
_MIN_FILLED_SHARE = 0.8
"""Of the paragraphs from the first to the last label, that have one where labels fill a document as a dialogue's do."""
_MIN_HEARD_SHARE = 0.75
"""Of the places of a word that speaks, that ask or answer; a key of an essay may be below a question once."""
_MAX_SHORT_TURNS = 24
"""Turns of a short interview; in a longer one a word that answers once is more likely a word than a name."""
_MIN_ALONE = 20
_MIN_ALONE_SHARE = 0.8
"""Of the labels of a report that prints each on a line of its own."""
_MIN_PANEL = 3
"""People who speak once, each with a label in bold: two are the heads of a list."""
_SAID_WORDS = words_of("question_and_answer_words")
"""Labels of a part that an essay has too: ``Question:``."""
_EXAMINATION = re.compile(r"BY ((?:MR|MS|MRS|DR)\.? .{2,40})", re.IGNORECASE)
_WITNESS = "thewitness"
_HIRAGANA = re.compile(f"[{HIRAGANA}]")
_MIN_OF_SERIES = 4
"""Words of one series; fewer may be the names of people, ``Leo``, or the lion and the bull of a fable."""
_TO_AN_OFFICE = re.compile(r"(?:Herr|Frau|Monsieur|Madame|Señora?|Signora?|Senhora?) (\w+)(?: \w+)?", re.IGNORECASE)
"""How speeches turn to somebody, with a colon in Spanish and at times in German."""
_MAX_ADDRESSES = 2
_LABELS_TO_AN_ADDRESS = 2
"""So many labels of others, that recur, to each label that may be an address."""
_CALL = re.compile(r"(?:O|Oh|Ô|Dear|Hail|Hello|Hey) [A-Z]")
_PORTUGUESE = re.compile(r"\b(?:não|uma|você|são|também|está)\b")
_OFFICE_IN_CHINESE = re.compile(rf"[{HAN}]{{0,16}}(?:{alternation('offices_in_chinese_characters')})")
_IN_BRACKETS = re.compile(r"[(（]([^()（）]{2,24})[)）]")
_TITLED = re.compile(
    r"(?:Mr|Mrs|Ms|Miss|Dr|Prof|Sir|Dame|Lord|Lady|Rev|Sen|Rep|Gov|Gen|Col|Capt)\b\.? \w", re.IGNORECASE
)
"""Titles that occur only before a name; others of ``western_titles.txt`` (chair, father) also begin sentences."""

_ITEM = re.compile(r"\s{0,8}(?:[*+•-]|\d{1,3}[.)])\s")

Candidates = Sequence[Label | None]


@dataclass(frozen=True, slots=True)
class _LabelStats:
    """What a document shows of one candidate."""

    name: str
    places: tuple[int, ...]
    """Indices of the paragraphs that it labels."""
    words: tuple[str, ...]
    """What it would say at each of these."""
    turns: int
    """How often it follows another candidate."""
    relatives: int
    """How often it occurs together with the fuller and shorter labels that share a name with it; 0 without any."""
    asking: int
    """How often it asks, or follows a question."""
    is_gloss: bool
    """Whether what follows mostly begins in small letters, as the explanation of a word does."""
    is_timed: bool
    is_office: bool
    """Whether it begins with a title or an office, and has more than that: ``O Sr. Presidente``."""
    is_emphasised: bool
    """Whether it is always set in bold or italics."""
    is_listed: bool
    """Whether it mostly begins the items of a list."""


@dataclass(frozen=True, slots=True)
class _KnownSpeakers:
    """What is known of the people among whom a label would speak."""

    keys: Collection[str]
    """Folded labels of those who speak."""
    parts: Collection[str]
    """Folded parts of their names, and surnames of Chinese names."""
    last_names: Collection[str]
    """Words in runs of capitalised words in the text."""
    initials: Collection[str]
    """Of those runs, folded."""
    han: Collection[str]
    """Which of the labels in question the text writes too."""
    bracketed: Collection[str]
    """Folded words that the text puts in brackets."""
    has_capitals: bool
    """Whether all who speak are printed in capitals."""
    is_emphasised: bool
    """Whether their labels are printed in bold or italics."""
    turns: int
    """How often they speak."""
    are_named: bool
    """Whether one of them has a name, or nobody answers as ``A``: beside Q and A, what has a colon heads a list."""


def find_speaking_labels(
    paragraphs: Sequence[Paragraph], candidates: Candidates, known: Collection[str], language: str | None
) -> Candidates:
    """Tell the labels that speak from those that only look like it.

    Args:
        paragraphs: The document's paragraphs.
        candidates: For each paragraph, what stands in the place of a label with a colon.
        known: Folded names and aliases that the user's settings know.
        language: The document's; None where it has no words.

    Returns:
        For each paragraph its label, or None; labels without a colon are among them.
    """
    named = _without_series(_without_addresses(paragraphs, candidates), known)
    viable = _without_headings(paragraphs, _without_headline(paragraphs, named), known)
    common = _common_words(paragraphs, viable)
    keys = _accept(paragraphs, viable, known, common)
    found = [label if label and label.key in keys else None for label in viable]
    if bare := find_bare_labels(paragraphs, found, keys | set(known), common):
        viable = tuple(bare.get(index, label) for index, label in enumerate(viable))
        keys = _accept(paragraphs, viable, {*known, *(label.key for label in bare.values())}, common)
        found = [
            bare.get(index) or (label if label and label.key in keys else None) for index, label in enumerate(viable)
        ]
    unlabelled = find_heading_speakers(paragraphs, found, keys) | label_unnamed_turns(paragraphs, found, language)
    for index, label in unlabelled.items():
        found[index] = label
    alike = _without_labels_beside_words(paragraphs, found, known)
    joined = _with_letters_joined(_with_examiners(_with_bearers_apart(_with_offices_joined(alike))), known)
    return tuple(_without_voices_outside(joined))


def _without_labels_beside_words(
    paragraphs: Sequence[Paragraph], found: Sequence[Label | None], known: Collection[str]
) -> Sequence[Label | None]:
    """Drop what has a colon within the words (``My question: …``) where a long report prints each label alone."""
    alone = [label.key for label, at in zip(found, paragraphs, strict=True) if label and label.end >= len(at.text)]
    labels = sum(label is not None for label in found)
    if len(alone) < max(_MIN_ALONE, _MIN_ALONE_SHARE * labels):
        return found
    speak = {*alone, *known}
    return [label if label is None or label.called or label.key in speak else None for label in found]


def _without_series(candidates: Candidates, known: Collection[str]) -> Candidates:
    """Drop the words of a series that heads a list: the signs of a horoscope, the days of a week."""
    keys = {label.key for label in candidates if label} - set(known)
    series = (keys & set(line.split(" ")) for line in word_list("series_of_words"))
    listed = frozenset(key for found in series if len(found) >= _MIN_OF_SERIES for key in found)
    return tuple(None if label and label.key in listed else label for label in candidates) if listed else candidates


def _without_addresses(paragraphs: Sequence[Paragraph], candidates: Candidates) -> Candidates:
    """Drop what calls to somebody and names no speaker: ``O Moon:`` of a poem, ``Frau Abgeordnete:`` of a speech.

    In Portuguese, ``O`` is an article; a report that prints ``Frau`` before one label prints it before others.
    """
    counts = Counter(label.key for label in candidates if label)
    printed = {label.key: label.printed for label in candidates if label}
    called = {key for key, text in printed.items() if _CALL.match(text)}
    if called and any(_PORTUGUESE.search(paragraph.text) for paragraph in paragraphs):
        called = set()
    to_offices = {key for key, text in printed.items() if (to := _TO_AN_OFFICE.fullmatch(text)) and is_title(to[1])}
    others = sum(count for key, count in counts.items() if key not in to_offices and count > 1)
    if _LABELS_TO_AN_ADDRESS * sum(counts[key] for key in to_offices) <= others:
        called |= {key for key in to_offices if counts[key] <= _MAX_ADDRESSES}
    return tuple(None if label and label.key in called else label for label in candidates) if called else candidates


def _with_offices_joined(found: Sequence[Label | None]) -> Sequence[Label | None]:
    """Give an office to whom a label names behind it: ``The President:`` after ``The President (Ida Holm):``."""
    named: dict[str, str] = {}
    joined: list[Label | None] = []
    for label in found:
        if label and (office := name_key(without_aside(label.printed))) != label.key and _is_office(label):
            named[office] = label.key
        joined.append(replace(label, key=named[label.key]) if label and label.key in named else label)
    return joined


def _with_bearers_apart(found: Sequence[Label | None]) -> Sequence[Label | None]:
    """Tell apart the people who speak by one call sign, one after the other: ``Dawn 1 (Holm)``, ``Dawn 1 (Vale)``.

    A name of one word may be a surname with a party behind it; then each of the brackets must recur.
    """
    bearers: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for label in found:
        if label and (bearer := _bearer(label)):
            bearers[label.key][bearer] += 1
    shared = {
        key
        for key, counts in bearers.items()
        if len(counts) > 1 and not part_of(key) and (key[-1].isdigit() or sum(n > 1 for n in counts.values()) > 1)
    }
    return [
        replace(label, key=name_key(label.printed), called=label.printed)
        if label and label.key in shared and _bearer(label)
        else label
        for label in found
    ]


def _bearer(label: Label) -> str:
    """Return the name in brackets behind a label of one word or with a number; empty where there is none."""
    base = without_aside(label.printed)
    aside = label.printed[len(base) :].strip(" ()（）")
    is_shared = " " not in base or base[-1:].isdigit()
    return aside if is_shared and not label.called and aside.isalpha() and is_name_shaped(aside) else ""


def _with_letters_joined(found: Sequence[Label | None], known: Collection[str]) -> Sequence[Label | None]:
    """Give a letter to the speaker whose word it begins: after ``Pregunta.`` and ``Respuesta.``, ``P.`` and ``R.``."""
    keys = {label.key for label in found if label}
    words = {key[0]: key for key in keys & _SAID_WORDS if len(key) > 1 and key[0] in PAIRED_LETTERS & keys - set(known)}
    return [replace(label, key=words[label.key]) if label and label.key in words else label for label in found]


def _with_examiners(found: Sequence[Label | None]) -> Sequence[Label | None]:
    """Name who asks in a deposition: ``BY MS. VALE:`` alone on its line says whose questions are below it.

    The witness, who answers as ``A.``, is ``THE WITNESS:`` where others speak in between.
    """
    keys = {label.key for label in found if label}
    if not keys >= {"q", "a"}:
        return found
    examiner = ""
    named: list[Label | None] = []
    for label in found:
        if label and (by := _EXAMINATION.fullmatch(label.printed)):
            examiner = by[1]
        if label and label.key == "q" and examiner:
            named.append(replace(label, key=name_key(examiner), called=examiner))
        else:
            named.append(replace(label, key="a") if label and label.key == _WITNESS else label)
    return named


def _without_voices_outside(found: Sequence[Label | None]) -> Iterator[Label | None]:
    """Drop the labels of nobody (``Video:``, ``All:``) where no conversation is around them."""
    speaking = [index for index, label in enumerate(found) if label and part_of(label.key) != "narrator"]
    for index, label in enumerate(found):
        is_nobodys = label is not None and label.key in NOBODY_WORDS
        yield None if is_nobodys and not (speaking and speaking[0] < index) else label


def _without_headline(paragraphs: Sequence[Paragraph], candidates: Candidates) -> Candidates:
    """Drop the candidate of a first line that is a headline: ``Ida Holm: the last keeper``."""
    first = candidates[0] if candidates else None
    if first is None or part_of(first.key) or len(candidates) == 1:
        return candidates
    if first.end == len(paragraphs[0].text) or paragraphs[0].is_timed:
        return candidates
    labelled = [paragraph for paragraph, label in zip(paragraphs, candidates, strict=True) if label]
    finished = sum(ends_sentence(paragraph.text) for paragraph in labelled)
    is_unfinished = not ends_sentence(paragraphs[0].text) and 2 * finished > len(labelled)
    stands_alone = candidates[1] is None and not paragraphs[0].text.rstrip().endswith((".", "。"))
    is_repeated = candidates[1] is not None and any(label and label.key == first.key for label in candidates[1:])
    is_headline = (paragraphs[0].is_heading and not is_repeated) or is_unfinished or stands_alone
    return (None, *candidates[1:]) if is_headline else candidates


def _without_headings(paragraphs: Sequence[Paragraph], candidates: Candidates, known: Collection[str]) -> Candidates:
    """Drop the candidates that stand in headings alone, unless a label is below: ``## Lamps: slow?``."""
    outside = {
        label.key
        for paragraph, label in zip(paragraphs, candidates, strict=True)
        if label and not (paragraph.is_heading and label.end < len(paragraph.text))
    }
    answered = {
        label.key
        for label, below in pairwise(candidates)
        if label and below and below.key != label.key and below.key in outside
    }
    speaking = {*outside, *answered, *known}
    return tuple(
        label if label and (label.key in speaking or names_no_person(label.key)) else None for label in candidates
    )


def _accept(
    paragraphs: Sequence[Paragraph], candidates: Candidates, known: Collection[str], common: Collection[str]
) -> set[str]:
    """Return the folded labels that speak."""
    stats_by_key = _stats_by_key(paragraphs, candidates)
    timed = {key for key, stats in stats_by_key.items() if stats.is_timed}
    accepted = {key for key, stats in stats_by_key.items() if key in known or _has_part(key, stats, common)}
    accepted |= _questions_and_answers(paragraphs, candidates, stats_by_key)
    if len(timed) > 1:
        labelled = sum(
            label is not None and paragraph.is_timed for paragraph, label in zip(paragraphs, candidates, strict=True)
        )
        is_chat = labelled >= _MIN_FILLED_SHARE * sum(bool(paragraph.text) for paragraph in paragraphs)
        accepted |= {key for key in timed if is_chat or are_utterances(stats_by_key[key].words)}
    accepted |= _offices(stats_by_key)
    is_filled = _fill(paragraphs, candidates, stats_by_key)
    if {"host", "guest"} <= {part_of(key) for key in accepted & _SAID_WORDS if any(stats_by_key[key].words)}:
        is_filled = False
        stats_by_key = {key: _beside_parts(stats) for key, stats in stats_by_key.items()}
    are_capital = any(not stats.is_gloss for stats in stats_by_key.values())
    recurring = {
        key: stats
        for key, stats in stats_by_key.items()
        if (_recurs(stats, common, is_filled=is_filled) or _recurs_as_speech(stats, is_filled=is_filled))
        and are_utterances(stats.words)
        and (is_persons_name(stats.name) or not (are_capital and stats.is_gloss))
        and not _pairs_with_values(paragraphs, candidates, stats)
    }
    listed_words = _listed_words(stats_by_key, {*accepted, *recurring}) - accepted
    recurring = {key: stats for key, stats in recurring.items() if key not in listed_words}
    if accepted or _take_turns(recurring.values()) or _converse(paragraphs, tuple(recurring.values())):
        accepted |= recurring.keys()
    if not accepted:
        return _panel(stats_by_key, common)
    presented = find_introduced_labels(paragraphs, filter(None, candidates))
    singles = {
        key: stats.name
        for key, stats in stats_by_key.items()
        if key not in accepted | listed_words
        and (_has_shape(stats) or stats.is_emphasised or stats.asking or key in presented)
        if are_utterances(stats.words)
    }
    in_turn = set(_asked_in_turn(paragraphs, candidates, stats_by_key, accepted))
    if singles:
        accepted |= set(find_single_labels(paragraphs, candidates, singles, accepted))
    return accepted | (in_turn - listed_words)


def _listed_words(stats_by_key: Mapping[str, _LabelStats], keys: Collection[str]) -> set[str]:
    """Return the words before a colon that are what an answer counts up: in items of a list, beside labels outside."""
    if all(stats_by_key[key].is_listed for key in keys):
        return set()
    return {key for key, stats in stats_by_key.items() if stats.is_listed and not is_persons_name(stats.name)}


def _is_person(stats: _LabelStats) -> bool:
    is_japanese = is_japanese_surname(stats.name) and any(map(_HIRAGANA.search, stats.words))
    return is_japanese or is_persons_name(stats.name)


def _beside_parts(stats: _LabelStats) -> _LabelStats:
    """Return the stats of a label beside Q and A: who else is there asks, is asked, or is printed as in a hearing."""
    is_heard = stats.asking >= _MIN_HEARD_SHARE * len(stats.places)
    is_certain = is_heard or is_titled(stats.name) or stats.name.isupper()
    return replace(stats, relatives=0, places=stats.places if is_certain else stats.places[:1], turns=0)


def _asked_in_turn(
    paragraphs: Sequence[Paragraph],
    candidates: Candidates,
    stats_by_key: Mapping[str, _LabelStats],
    accepted: Collection[str],
) -> Iterator[str]:
    """Yield the labels of those who answer one question after the other, each once: a round table.

    The first of them is below the question, and has a name; between names, any label is one.
    """
    spoken = [index for index, label in enumerate(candidates) if label and label.key in accepted]
    for start, end in pairwise((*spoken, len(candidates))):
        if end - start <= _MIN_SPEAKERS:
            continue
        between = [label for index in range(start + 1, end) if (label := candidates[index])]
        names = [label.key for label in between if _is_person(stats_by_key[label.key])]
        is_asked = ends_with_question(paragraphs[start].text)
        if not (len(names) >= _MIN_SPEAKERS and is_asked and candidates[start + 1]):
            continue
        is_filled = len(between) == end - start - 1 and 2 * len(names) >= len(between)
        for label in between:
            stats = stats_by_key[label.key]
            if (label.key in names or is_filled) and are_utterances(stats.words) and not stats.is_gloss:
                yield label.key


def _questions_and_answers(
    paragraphs: Sequence[Paragraph], candidates: Candidates, stats_by_key: Mapping[str, _LabelStats]
) -> set[str]:
    """Return the words for a question and an answer that are a part: they recur and ask, or stand below each other."""
    keys = set(stats_by_key)
    letters = question_letters(keys)
    said = {
        key: stats
        for key, stats in stats_by_key.items()
        if key in letters or (key in _SAID_WORDS and not (stats.name.isascii() and stats.name.islower()))
    }
    asked = [index for key, stats in said.items() if part_of(key) == "host" for index in stats.places]
    below = [label for index in asked if index + 1 < len(candidates) and (label := candidates[index + 1])]
    asks = sum(ends_with_question(_words(paragraphs, candidates, index)) for index in asked)
    are_answered = any(part_of(label.key) == "guest" for label in below) or 2 * len(below) > max(len(asked), 2)
    is_certain = are_answered or 2 * asks > max(len(asked), 2) or (asks > 0 and "q" in said)
    if not asked:
        is_certain = any(
            2 * stats.asking >= len(stats.places) and (len(stats.places) > 1 or len(key) == 1)
            for key, stats in said.items()
        )
    return set(said) if is_certain else set()


def _offices(stats_by_key: Mapping[str, _LabelStats]) -> set[str]:
    """Return the labels with a title or an office where these take turns, as in the report of an assembly."""
    said = {
        key: stats
        for key, stats in stats_by_key.items()
        if (stats.is_office or (is_title(stats.name) and len(stats.places) > 1)) and are_utterances(stats.words)
    }
    turns = sum(stats.turns for stats in said.values())
    return set(said) if len(said) >= _MIN_SPEAKERS and turns >= _MIN_TURNS_OF_WORD else set()


def _fill(paragraphs: Sequence[Paragraph], candidates: Candidates, stats_by_key: Mapping[str, _LabelStats]) -> bool:
    """Tell whether labels that recur fill the document from the first to the last, and somebody asks."""
    places = sorted(index for stats in stats_by_key.values() if len(stats.places) > 1 for index in stats.places)
    keys = {label.key for index in places if (label := candidates[index])}
    if len(keys) < _MIN_SPEAKERS:
        return False
    stretch = range(places[0], places[-1] + 1)
    worded = sum(bool(paragraphs[index].text) for index in stretch)
    labelled = sum(candidates[index] is not None or _is_below_label(paragraphs, candidates, index) for index in stretch)
    return labelled >= _MIN_FILLED_SHARE * worded and any(stats_by_key[key].asking for key in keys)


def _is_below_label(paragraphs: Sequence[Paragraph], candidates: Candidates, index: int) -> bool:
    """Tell whether the line above is a label and nothing else."""
    above = candidates[index - 1] if index else None
    return above is not None and above.end == len(paragraphs[index - 1].text)


def _panel(stats_by_key: Mapping[str, _LabelStats], common: Collection[str]) -> set[str]:
    """Return the people of a document in which everybody speaks once: a question and its answer, or a panel in bold."""
    people = {
        key: stats
        for key, stats in stats_by_key.items()
        if is_persons_name(stats.name) and stats.name.casefold() not in common
    }
    answering = {key for key, stats in people.items() if stats.is_emphasised and stats.asking == len(stats.places)}
    places = sorted(index for stats in people.values() for index in stats.places)
    words = [text for stats in people.values() for text in stats.words]
    if len(people) < _MIN_SPEAKERS or not are_utterances(words) or not is_conversational(words):
        return answering
    is_filled = len(places) >= _MIN_FILLED_SHARE * (places[-1] - places[0] + 1)
    answers = any(ends_with_question(left) for left in words[:-1])
    are_set = len(people) >= _MIN_PANEL and all(stats.is_emphasised for stats in people.values())
    return set(people) if (is_filled and answers) or are_set else answering


def _stats_by_key(paragraphs: Sequence[Paragraph], candidates: Candidates) -> dict[str, _LabelStats]:
    """Return what the document shows of each candidate, by its folded form."""
    places: defaultdict[str, list[int]] = defaultdict(list)
    labels: dict[str, Label] = {}
    for index, label in enumerate(candidates):
        if label:
            places[label.key].append(index)
            labels.setdefault(label.key, label)
    turns = _alternations(candidates)
    relatives = _count_relatives(labels, places)
    return {
        key: _LabelStats(
            name=labels[key].name,
            places=tuple(found),
            words=tuple(_words(paragraphs, candidates, index) for index in found),
            turns=turns[key],
            relatives=relatives[key],
            asking=sum(_is_asked_or_asks(paragraphs, candidates, index) for index in found),
            is_gloss=2 * sum(_words(paragraphs, candidates, index)[:1].islower() for index in found) >= len(found),
            is_timed=any(paragraphs[index].is_timed for index in found),
            is_office=_is_office(labels[key]),
            is_emphasised=all(is_emphasised_lead(paragraphs[index].printed) for index in found),
            is_listed=2 * sum(_ITEM.match(paragraphs[index].printed) is not None for index in found) >= len(found),
        )
        for key, found in places.items()
    }


def _is_office(label: Label) -> bool:
    office = without_aside(label.printed)
    return (" " in office and is_titled(office)) or _OFFICE_IN_CHINESE.fullmatch(office) is not None


def _is_asked_or_asks(paragraphs: Sequence[Paragraph], candidates: Candidates, index: int) -> bool:
    is_asked = index > 0 and ends_with_question(paragraphs[index - 1].text)
    return is_asked or ends_with_question(_words(paragraphs, candidates, index))


def _count_relatives(labels: Mapping[str, Label], places: Mapping[str, Sequence[int]]) -> dict[str, int]:
    """Count how often each label occurs together with the fuller and shorter labels of its name; 0 without any."""
    total: Counter[str] = Counter()
    forms: Counter[str] = Counter()
    owners: defaultdict[str, set[str]] = defaultdict(set)
    parts = {key: name_parts(label.name) | short_forms(label) | {key} for key, label in labels.items()}
    for key, found in places.items():
        total.update(dict.fromkeys(parts[key], len(found)))
        forms.update(parts[key])
        for part in parts[key]:
            owners[part].add(key)
    # Two names that end alike are two people; one that is the other's end is the other's short form.
    short = {key for key in places if " " not in labels[key].name}
    return {
        key: max(
            (total[part] for part in parts[key] if forms[part] > 1 and not short.isdisjoint(owners[part])), default=0
        )
        for key in places
    }


def _words(paragraphs: Sequence[Paragraph], candidates: Candidates, index: int) -> str:
    """Return what a label would say: beside it, or below where it is alone on its line."""
    label = candidates[index]
    beside = paragraphs[index].text[label.end if label else 0 :]
    is_alone = not beside and index + 1 < len(paragraphs) and candidates[index + 1] is None
    return paragraphs[index + 1].text if is_alone else beside


def _alternations(candidates: Candidates) -> Counter[str]:
    """Count how often each label follows a different one."""
    keys = [label.key for label in candidates if label]
    return Counter(key for before, key in zip(["", *keys], keys, strict=False) if before not in ("", key))


def _has_part(key: str, stats: _LabelStats, common: Collection[str]) -> bool:
    """Tell whether the label is a role, and no word that an essay has too."""
    part = part_of(key)
    if key in NOBODY_WORDS:
        return key not in common or all(columns(text) <= _MAX_CRY_COLUMNS for text in stats.words)
    if key in _SAID_WORDS:
        return False
    if part is None and is_speaker_word(key):
        return key[-1:].isdigit() or key.startswith(("un", "未知")) or len(stats.places) > 1
    return part is not None


def _has_shape(stats: _LabelStats) -> bool:
    return is_name_shaped(stats.name) or stats.relatives > 1 or stats.name in SURNAMES


def _recurs(stats: _LabelStats, common: Collection[str], *, is_filled: bool) -> bool:
    """Tell whether a label occurs as often as a speaker's.

    Where only a capital makes a name of a word, or nothing does, it must take turns with others as well, ask or answer,
    or be one of the labels that fill the document: ``Prognosis:`` occurs twice in an essay, too.
    """
    count = max(len(stats.places), stats.relatives)
    is_persons = is_persons_name(stats.name) or stats.relatives > 1 or stats.name in SURNAMES
    is_heard = stats.asking >= _MIN_HEARD_SHARE * len(stats.places) or is_filled
    is_common = stats.name.casefold() in common or (len(stats.name) == 1 and stats.turns == 0)
    takes_turns = count >= _MIN_TURNS_OF_WORD and stats.turns >= _MIN_TURNS_OF_WORD - 1
    return takes_turns or (count >= _MIN_TURNS_OF_NAME and not is_common and (is_persons or is_heard))


def _recurs_as_speech(stats: _LabelStats, *, is_filled: bool) -> bool:
    """Tell whether a label that looks like no name recurs, is set in bold and is part of a dialogue each time."""
    is_heard = 2 * stats.asking >= len(stats.places) or is_filled or is_persons_name(stats.name)
    return len(stats.places) >= _MIN_TURNS_OF_NAME and stats.is_emphasised and is_heard


def _pairs_with_values(paragraphs: Sequence[Paragraph], candidates: Candidates, stats: _LabelStats) -> bool:
    """Tell whether a label is mostly above a line like its own that nobody says: ``Myth:`` above ``Fact:``."""
    below = [index + 1 for index in stats.places if index + 1 < len(paragraphs)]
    values = sum(candidates[index] is None and _VALUE.match(paragraphs[index].text) is not None for index in below)
    return len(stats.places) >= _MIN_TURNS_OF_NAME and 2 * values > len(stats.places)


def _take_turns(recurring: Iterable[_LabelStats]) -> bool:
    """Tell whether several full names recur in turn: nothing but a conversation has that, in any language."""
    people = [stats for stats in recurring if is_persons_name(stats.name) and len(stats.places) >= _MIN_TURNS_OF_WORD]
    return sum(stats.turns >= _MIN_TURNS_OF_WORD - 1 for stats in people) >= _MIN_SPEAKERS


def _converse(paragraphs: Sequence[Paragraph], recurring: Sequence[_LabelStats]) -> bool:
    """Tell whether labels without a part converse: several that talk, or one that asks, answers or says all."""
    if len(recurring) != 1:
        return is_conversational(text for stats in recurring for text in stats.words)
    (stats,) = recurring
    answers = sum(index > 0 and ends_with_question(paragraphs[index - 1].text) for index in stats.places)
    asks = sum(map(ends_with_question, stats.words))
    span = stats.places[-1] - stats.places[0] + 1
    says_all = 2 * len(stats.places) > span and is_conversational(stats.words)
    return 2 * max(answers, asks) >= len(stats.places) or says_all


def _common_words(paragraphs: Sequence[Paragraph], candidates: Candidates) -> frozenset[str]:
    """Return the words that the document writes in small letters."""
    return words_in_small_letters(
        paragraph.text[label.end if label else 0 :] for paragraph, label in zip(paragraphs, candidates, strict=True)
    )


def find_single_labels(
    paragraphs: Sequence[Paragraph],
    candidates: Sequence[Label | None],
    singles: Mapping[str, str],
    keys: Collection[str],
) -> Iterator[str]:
    """Find the labels that speak once.

    Args:
        paragraphs: The document's paragraphs.
        candidates: For each paragraph, what stands in the place of a label.
        singles: The folded labels in question, with their names as printed.
        keys: Folded labels that speak; at least one.

    Yields:
        The folded labels that resemble those who speak or, after the first of these, answer a question, are printed in
        the same way, or have a name that the text knows.
    """
    spoken = [index for index, label in enumerate(candidates) if label and label.key in keys]
    speakers = _known_speakers(paragraphs, candidates, singles, keys, spoken)
    asked = [(index, label) for index, label in enumerate(candidates) if label and label.key in singles]
    alike = {index: label.key for index, label in asked if _resembles(label, speakers)}
    yield from alike.values()
    first = min((*spoken, *alike))
    for index, label in asked:
        is_bold = speakers.is_emphasised and is_emphasised_lead(paragraphs[index].printed)
        is_set = speakers.are_named and is_bold and (is_persons_name(label.name) or not label.name.isalpha())
        is_within = index > first or (is_set and index + 1 == first)
        if is_within and (is_set or _is_expected(label, index, paragraphs, candidates, singles, speakers)):
            yield label.key


def find_introduced_labels(paragraphs: Sequence[Paragraph], labels: Iterable[Label]) -> set[str]:
    """Find the labels whose name the text puts in brackets, or that define the short form of another label."""
    inside = set(_bracketed(paragraph.text for paragraph in paragraphs))
    found = tuple(labels)
    keys = {label.key for label in found}
    return {label.key for label in found if label.key in inside or not keys.isdisjoint(short_forms(label))}


def _bracketed(texts: Iterable[str]) -> Iterator[str]:
    return (name_key(name) for text in texts for name in _IN_BRACKETS.findall(text))


def _known_speakers(
    paragraphs: Sequence[Paragraph],
    candidates: Sequence[Label | None],
    singles: Mapping[str, str],
    keys: Collection[str],
    spoken: Sequence[int],
) -> _KnownSpeakers:
    pairs = tuple(zip(paragraphs, candidates, strict=True))
    names = list(dict.fromkeys(label.name for label in candidates if label and label.key in keys))
    bodies = [paragraph.text[label.end if label else 0 :] for paragraph, label in pairs[: spoken[-1] + 1]]
    runs = _name_runs((*bodies, *names))
    finder = ChineseNameFinder(singles.values())
    return _KnownSpeakers(
        keys=keys,
        parts=_known_parts(names, singles.values()),
        last_names={word for run in runs for word in run},
        initials={"".join(word[0] for word in run).casefold() for run in runs},
        han={form for body in bodies for _, form in finder.find(body)},
        bracketed=set(_bracketed(bodies)),
        has_capitals=any(len(name) > MAX_INITIALS for name in names) and all(map(str.isupper, names)),
        is_emphasised=all(is_emphasised_lead(paragraphs[index].printed) for index in spoken),
        turns=len(spoken),
        are_named=not _SAID_WORDS.issuperset(keys) or not any(part_of(key) == "guest" for key in keys),
    )


def _known_parts(names: Sequence[str], others: Iterable[str]) -> set[str]:
    """Return the parts of speakers' names; a Chinese surname is also known from a full name in question."""
    full = [name for name in (*names, *others) if is_chinese_name(name)]
    surnames = {name[:size] for name in full for size in (1, 2) if size < len(name)}
    return surnames.union(*map(name_parts, names))


def _resembles(label: Label, speakers: _KnownSpeakers) -> bool:
    """Tell whether it is a fuller or shorter form of a label that speaks; particles count in initials or not."""
    short = short_forms(label)
    words = LATIN_WORD.findall(label.name)
    capital = [word for word in words if not word.islower()]
    initials = {"".join(word[0] for word in found).casefold() for found in (words, capital) if len(found) > 1}
    own = name_parts(label.name) | short | {label.key}
    return not (own.isdisjoint(speakers.parts) and (short | initials).isdisjoint(speakers.keys))


def _is_expected(
    label: Label,
    index: int,
    paragraphs: Sequence[Paragraph],
    candidates: Sequence[Label | None],
    singles: Mapping[str, str],
    speakers: _KnownSpeakers,
) -> bool:
    """Tell whether the text knows the name, or it is where an answer would be and in no list."""
    words = LATIN_WORD.findall(label.name)
    if label.key in speakers.bracketed or label.name in speakers.han or label.key in speakers.initials:
        return True
    if words and words[-1] in speakers.last_names and speakers.are_named:
        return True
    is_person = _TITLED.match(label.name) is not None or (speakers.has_capitals and label.name.isupper())
    is_near = any(candidates[max(0, index - 2) : index])
    answers = is_near and ends_with_question(paragraphs[index - 1].text)
    if not is_persons_name(label.name) and speakers.turns > _MAX_SHORT_TURNS:
        return False
    is_among = (
        speakers.are_named and is_persons_name(label.name) and _is_between_labels(label, index, paragraphs, candidates)
    )
    return (is_person or answers or is_among) and not _stands_in_a_list(candidates, index, singles)


def _is_between_labels(
    label: Label, index: int, paragraphs: Sequence[Paragraph], candidates: Sequence[Label | None]
) -> bool:
    """Tell whether a name and a whole sentence are between two labelled lines, where everybody has one."""
    below = candidates[index + 1] if index + 1 < len(candidates) else label
    is_gloss = paragraphs[index].text[label.end : label.end + 1].islower()
    return bool(candidates[index - 1] and below) and not is_gloss


def _stands_in_a_list(candidates: Sequence[Label | None], index: int, singles: Mapping[str, str]) -> bool:
    """Tell whether words with a colon that occur once follow each other, as in a list of values."""
    beside = (*candidates[max(0, index - 1) : index], *candidates[index + 1 : index + 2])
    return any(label is not None and label.key in singles and _is_a_word(singles[label.key]) for label in beside)


def _is_a_word(name: str) -> bool:
    """Tell whether nothing but its capital makes a name of it."""
    return " " not in name and len(name) > 1 and not is_chinese_name(name)


def _name_runs(bodies: Sequence[str]) -> set[tuple[str, ...]]:
    """Return the runs of two and three capitalised words, most of which are names."""
    found: set[tuple[str, ...]] = set()
    for body in bodies:
        if sum(word[0].isupper() for word in LATIN_WORD.findall(body)) < 2:
            continue
        matches = [match for match in LATIN_WORD.finditer(body) if match[0][0].isupper()]
        for size in (2, 3):
            for run in zip(*(matches[shift:] for shift in range(size)), strict=False):
                if all(right.start() == left.end() + 1 for left, right in pairwise(run)):
                    found.add(tuple(match[0] for match in run))
    return found
