"""Resolves labels to people: initials and short forms become the full name that the text itself gives.

A second pass, after the labels are known; no particular person is known here.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from interview_audio.configuration.settings import Speaker
from interview_audio.text.characters import has_han, name_key
from interview_audio.transcript.labels_without_colon import find_question_headings
from interview_audio.transcript.layout.paragraphs import Passage
from interview_audio.transcript.lexicon.label_grammar import (
    GUEST_WORDS,
    ROLE_WORDS,
    Label,
    PartInText,
    credited_name,
    is_name_shaped,
    letter_part,
    paired_letters,
    part_of,
    read_label,
)
from interview_audio.transcript.lexicon.personal_names import (
    CAPITALS,
    NameIndex,
    index_names,
    is_given_name,
    without_honorific,
    without_titles,
    words_in_small_letters,
)
from interview_audio.transcript.lexicon.typography import ends_sentence
from interview_audio.transcript.lexicon.vocabulary import words_of
from interview_audio.transcript.people.declared_speakers import (
    Declarations,
    bare_name,
    end_of_notes,
    short_forms_in_label,
    signed_name,
)
from interview_audio.transcript.people.full_names import (
    CapitalisedNames,
    ChineseNames,
    bilingual_forms,
    count_capitalised_names,
    find_bilingual_names,
    join_bilingual_labels,
    likeliest_name,
)
from interview_audio.transcript.people.hosts_and_guests import (
    find_roles,
    name_behind_part,
    name_of_nobody,
)
from interview_audio.transcript.people.introductions import (
    MEDIUM_NAME,
    Opening,
    find_introduced,
    is_personal_name,
    own_name_of_host,
)
from interview_audio.transcript.turns import Role

ROLE_ENTRIES = ("host", "narrator")
_INITIALS = re.compile(rf"[{CAPITALS}](?:[. ]{{0,2}}[a-z]?[{CAPITALS}]){{1,4}}\.?")
"""One small letter may be between them, of a particle or of a name: ``RvB``, ``McD``."""
_HEADING_LEVEL = re.compile(r"#{1,6}(?=\s)|<h[1-6](?=[\s>])", re.IGNORECASE)
_BEHIND_NAME = re.compile(r"[,:：|(（]|\s[-–—]\s")
_MEDIUM_BEFORE = re.compile(r"\s*《[^《》]*》(?:杂志|周刊|日报|晚报)?\s*")
_MEDIUM_ALONE = re.compile(r"《([^《》]+)》(?:杂志|雜誌)?")
_DESCRIBING_KEYS = frozenset(("description", "summary", "subtitle", "excerpt", "intro", "简介", "摘要", "描述"))
_ANSWER_WORDS = (words_of("question_and_answer_words") & GUEST_WORDS) | {"r", "о", "嘉宾答"}
"""Labels that say what a turn is and not who has it: a text may set several for one person's answers."""
_CROWD_WORDS = words_of("crowd_labels")
_NAMED_IN_FULL = "named in full in the text"
_ASKS = "asks the questions; the text does not name them for sure"
_ANSWERS = "answers the questions; the text does not name them for sure"
UNNAMED = "the text does not name them for sure"
_INTRODUCING_TURNS = 3
_MAX_TITLE_LENGTH = 300
"""Characters; a longer first line is no title."""
_MAX_QUESTIONS = 40
"""Questions in which somebody is addressed with his surname."""


@dataclass(frozen=True, slots=True)
class DocumentContext:
    """What a parse finds out once about a whole document, for the steps that look at one paragraph after the other."""

    passages: tuple[Passage, ...]
    """All paragraphs; those that only declare who takes part have no label: ``Guests:`` above names does not speak."""
    worded: tuple[Passage, ...]
    """Those of the passages that have words."""
    declarations: Declarations
    """What the document says of its speakers before they speak."""
    notes: int
    """How many of ``worded`` are above the heading that parts a page's notes from the talk: nobody speaks there."""
    questions: frozenset[int]
    """Indices among ``worded`` of the questions that have no label and show by their style."""


def document_context(passages: Sequence[Passage], declarations: Declarations) -> DocumentContext:
    """Return the context of a document from its paragraphs with their labels and from what it declares."""
    speaking = declarations.without_labels(passages)
    end = end_of_notes(speaking)
    speaking = (*(replace(passage, label=None) for passage in speaking[:end]), *speaking[end:])
    speaking = _named_by_sections(speaking)
    worded = tuple(passage for passage in speaking if passage.text)
    notes = sum(bool(passage.text) for passage in speaking[:end])
    return DocumentContext(speaking, worded, declarations, notes, find_question_headings(worded))


def _named_by_sections(passages: Sequence[Passage]) -> tuple[Passage, ...]:
    """Give the answers below each of several headings that name a person to that person.

    Interviews that follow one another in a text all have an ``A``, who is somebody else in each. The headings are of
    one level, above the first label, and each is above a question and an answer.
    """
    paired = paired_letters({passage.label.key for passage in passages if passage.label})
    sections: list[tuple[str, str, list[int]]] = []
    asked: set[int] = set()
    for index, passage in enumerate(passages):
        if heading := _named_in_heading(passage):
            sections.append((*heading, []))
        part = (part_of(passage.label.key) or letter_part(passage.label.key, paired)) if passage.label else None
        if part is not None and not sections:
            return tuple(passages)
        if part == "guest":
            sections[-1][2].append(index)
        elif part == "host":
            asked.add(len(sections) - 1)
    levels, names = {level for level, _, _ in sections}, {name_key(name) for _, name, _ in sections}
    is_each_heard = all(found for _, _, found in sections) and len(asked) == len(sections)
    if len(sections) < 2 or len(levels) > 1 or len(names) < len(sections) or not is_each_heard:
        return tuple(passages)
    named = list(passages)
    for _, name, found in sections:
        for index in found:
            if label := passages[index].label:
                named[index] = replace(passages[index], label=replace(label, key=name_key(name), called=name))
    return tuple(named)


def _named_in_heading(passage: Passage) -> tuple[str, str] | None:
    """Return a heading's level and the person whom it names first: ``# Ida Holm, lighthouse keeper``."""
    level = _HEADING_LEVEL.match(passage.paragraph.printed) if passage.paragraph.is_heading else None
    name = _BEHIND_NAME.split(passage.text, maxsplit=1)[0].strip()
    return (level[0], name) if level and not passage.label and is_personal_name(name) else None


@dataclass(frozen=True, slots=True)
class People:
    """The people behind the labels of a document."""

    by_key: Mapping[str, str | None]
    """Folded label to canonical name; None for the narrator."""
    roles: Mapping[str, Role]
    """Canonical name to role, in order of the labels."""
    aliases: Mapping[str, tuple[str, ...]]
    """Canonical name to its other labels and pairings, in order of appearance."""
    index: NameIndex
    """Finds the people in running text."""
    evidence: Mapping[str, str]
    """Canonical name to what gives it, where that is not the label alone."""

    def speaker_of(self, label: Label) -> str | None:
        """Return the canonical name behind a label."""
        return self.by_key[label.key]


def resolve_people(document: DocumentContext, known: Mapping[str, Speaker], language: str) -> People:
    """Resolve the labels of a document to people with canonical names and roles.

    Args:
        document: The paragraphs with their accepted labels, and what the document says of who speaks.
        known: ``speakers:`` of the settings; their names and aliases win over what the text suggests.
        language: The document's, in which those are called whom it does not name.
    """
    labels = _first_labels(document.passages)
    evidence = _NameEvidence(document, labels, known)
    by_key = _resolve(evidence, labels)
    pairs = find_bilingual_names(passage.text for passage in document.passages)
    by_key = join_bilingual_labels(by_key, pairs)
    aliases: dict[str, list[str]] = {name: [] for name in by_key.values() if name}
    for key, label in labels.items():
        if name := by_key[key]:
            aliases[name].append(label.name)
    for name, form in bilingual_forms(tuple(aliases), pairs):
        aliases[name].append(form)
    unique = {name: tuple(dict.fromkeys(form for form in forms if form != name)) for name, forms in aliases.items()}
    host_keys = frozenset(name_key(form) for form in _forms(known.get("host")))
    roles = find_roles(document.passages, by_key, document.declarations, host_keys)
    for name, role, reason in _without_label(document, labels, roles, evidence.opening, language):
        roles.setdefault(name, role)
        unique.setdefault(name, ())
        evidence.reasons.setdefault(name, reason)
    indexed = (
        (form, name) for name, forms in unique.items() for form in (name, *forms) if part_of(name_key(form)) is None
    )
    return People(by_key, roles, unique, index_names(indexed), evidence.reasons)


def known_forms(known: Mapping[str, Speaker]) -> frozenset[str]:
    """Return the folded names and aliases of the settings: labels that need no other evidence."""
    forms = {name_key(alias) for speaker in known.values() for alias in speaker.aliases}
    return frozenset(forms | {name_key(name) for name in known if name not in ROLE_ENTRIES})


def _first_labels(passages: Sequence[Passage]) -> dict[str, Label]:
    """Return the first label of each key, in order of appearance."""
    labels: dict[str, Label] = {}
    for passage in passages:
        if passage.label:
            labels.setdefault(passage.label.key, passage.label)
    return labels


def _without_label(
    document: DocumentContext,
    labels: Mapping[str, Label],
    roles: Mapping[str, Role],
    opening: Opening,
    language: str,
) -> Iterator[tuple[str, Role, str]]:
    """Yield who speaks without a label, and why: who asks in bold, who answers where only questions have labels."""
    questions, declarations = document.questions, document.declarations
    if (labels and "guest" in roles.values()) or not (questions or "host" in roles.values()):
        return
    others = {*roles, *declarations.hosts_and_signers}
    if "host" not in roles.values():
        host = declarations.only_person("host")
        yield (host.name, "host", host.evidence) if host else (name_of_nobody("host", language), "host", _ASKS)
        others.add(host.name if host else "")
    if guest := declarations.remaining("guest", others):
        yield guest.name, "guest", guest.evidence
    elif found := find_introduced(opening, others):
        yield found.name, "guest", found.evidence
    else:
        yield name_of_nobody("guest", language), "guest", _ANSWERS


def _opening(document: DocumentContext) -> Opening:
    """Return what stands above the first question or label, and the first answers."""
    worded, questions, front = document.worded, document.questions, document.declarations.front_matter
    speaking = [index for index, passage in enumerate(worded) if passage.label or index in questions]
    first = speaking[0] if speaking else 0
    head = [passage for passage in worded[:first] if passage.paragraph.offsets[0] not in front.starts]
    head = [p for p in head if p.paragraph.is_heading or not signed_name(p.text)]
    is_titled = bool(head) and (head[0].paragraph.is_heading or not ends_sentence(head[0].text))
    printed = (front.title, head[0].text if is_titled else "")
    titles = tuple(title for title in printed if title and len(title) <= _MAX_TITLE_LENGTH)
    described = [(entry.value, entry.line) for entry in front.entries if name_key(entry.key) in _DESCRIBING_KEYS]
    shown = [(passage.text, passage.paragraph.line) for passage in head[is_titled:]]
    parts = [(passage, "host" if index in questions else _part_of(passage)) for index, passage in enumerate(worded)]
    answers = [passage for passage, part in parts[first:] if part == "guest"]
    said = [(passage.text, passage.paragraph.line) for passage in answers[:_INTRODUCING_TURNS]]
    asked = [passage.text for passage, part in parts[first:] if part == "host"]
    small = words_in_small_letters(passage.text for passage in worded)
    return Opening(titles, (*described, *shown), tuple(said), tuple(asked[:_MAX_QUESTIONS]), small)


def _part_of(passage: Passage) -> PartInText | None:
    """Return the part of the label; what has none answers."""
    return part_of(passage.label.key) if passage.label else "guest"


class _NameEvidence:
    """All that a document and the settings say about names."""

    def __init__(
        self,
        document: DocumentContext,
        labels: Mapping[str, Label],
        known: Mapping[str, Speaker],
    ) -> None:
        passages, declarations = document.passages, document.declarations
        self.declarations, self.labels = declarations, labels
        self.reasons: dict[str, str] = {}
        """Canonical names to what gives them."""
        self.known = _known_people(known)
        self.narrators = frozenset(name_key(form) for form in _forms(known.get("narrator")))
        self.credited = _credits(passages)
        self.introduced = _introduced(passages)
        self.prefixed = _prefixed(labels.values())
        self.titled = _titled(labels.values())
        self.defined = {
            name_key(form): label for label in labels.values() for form in short_forms_in_label(label.printed)
        }
        self.declared = {
            name_key(form): person for person in declarations.people for form in (person.name, *person.forms)
        }
        self.opening = _opening(document)
        names = [*(person.name for person in declarations.people), *self.opening.presented()]
        printed = [*names, *(bare_name(label.name) for label in labels.values())]
        latin = [name for name in printed if not has_han(name)]
        self.runs = count_capitalised_names(passages, latin, self.opening.small)
        self.han = _han_names(passages, labels, names)
        self.letters = paired_letters(labels.keys())
        roles = (key for key in labels if (key in ROLE_WORDS or key in self.letters) and key not in _CROWD_WORDS)
        parts = {(_asking_or_answering(key, self), "" if key in _ANSWER_WORDS else key) for key in roles}
        self.bare_roles = Counter(part for part, _ in parts)


def _titled(labels: Iterable[Label]) -> dict[str, Label]:
    """Return the one label that prints a title before a name, ``Mme Marchand`` for ``Marchand``, by its folded name."""
    found: defaultdict[str, list[Label]] = defaultdict(list)
    for label in labels:
        family = without_titles(label.name)
        if family != label.name and " " not in family:
            found[name_key(family)].append(label)
    return {key: same[0] for key, same in found.items() if len(same) == 1}


def _resolve(evidence: _NameEvidence, labels: Mapping[str, Label]) -> dict[str, str | None]:
    """Return the canonical names behind folded labels; the one who answers is named after all the others."""
    answering = {key for key in labels if _asking_or_answering(key, evidence) == "guest"}
    resolved: dict[str, str | None] = {}
    for key in sorted(labels, key=answering.__contains__):
        is_told = part_of(key) == "narrator" or key in evidence.narrators
        others = tuple(name for other, name in resolved.items() if name and other not in _ANSWER_WORDS)
        resolved[key] = None if is_told else _canonical(labels[key], evidence, others)
    return {key: resolved[key] for key in labels}


def _canonical(label: Label, evidence: _NameEvidence, others: Collection[str] = ()) -> str:
    if label.key in evidence.known:
        name = evidence.known[label.key]
        evidence.reasons[name] = "named in voices.yaml"
        return name
    reason, bare = "", name_key(without_honorific(label.name))
    if _asking_or_answering(label.key, evidence):
        name, reason = _named_role(label, evidence, others) or (_bare_role(label), UNNAMED)
    elif defining := evidence.defined.get(label.key):
        name = _canonical(defining, evidence)
    elif person := evidence.declared.get(label.key) or evidence.declared.get(bare):
        name, reason = person.name, person.evidence
    elif bare != label.key and bare in evidence.labels:
        name = _canonical(evidence.labels[bare], evidence)
    elif titled := evidence.titled.get(label.key):
        name = _canonical(titled, evidence)
    else:
        # A label that is called as it is printed has a bearer's name behind a call sign.
        name = label.name if label.called == label.printed else _full_name(label.name, evidence)
        person = evidence.declared.get(name_key(name))
        reason = person.evidence if person else _NAMED_IN_FULL if name != label.name else ""
    known = evidence.known.get(name_key(name))
    if reason or known:
        evidence.reasons.setdefault(known or name, "named in voices.yaml" if known else reason)
    return known or name


def _named_role(label: Label, evidence: _NameEvidence, others: Collection[str]) -> tuple[str, str] | None:
    """Return the name behind the label of a part and where it is: credited, behind it, declared, or introduced."""
    if person := evidence.declared.get(label.key):
        return person.name, person.evidence
    if name := name_behind_part(label.name):
        return name, ""
    if name := evidence.credited.get(label.key) or evidence.prefixed.get(label.key):
        return name, "named in the text"
    part = _asking_or_answering(label.key, evidence)
    is_only = (label.key in ROLE_WORDS or label.key in evidence.letters) and evidence.bare_roles[part] == 1
    if not is_only or part is None or label.key in _CROWD_WORDS:
        return None
    if part == "guest":
        return _named_guest(evidence, others)
    if person := evidence.declarations.only_person(part):
        return person.name, person.evidence
    return (name, "says their own name") if (name := evidence.introduced.get(label.key)) else None


def _asking_or_answering(key: str, evidence: _NameEvidence) -> PartInText | None:
    """Return the part of a folded label; of two letters that go together, ``P`` and ``R``, one asks and one answers."""
    return part_of(key) or letter_part(key, evidence.letters)


def _named_guest(evidence: _NameEvidence, others: Collection[str]) -> tuple[str, str] | None:
    """Return the name of the one who answers, and where it is."""
    known = {*others, *evidence.declarations.hosts_and_signers}
    if person := evidence.declarations.remaining("guest", known):
        return person.name, person.evidence
    found = find_introduced(evidence.opening, known, has_label=True)
    return (found.name, found.evidence) if found else None


def _bare_role(label: Label) -> str:
    """Return the label of a role without its number: ``Q12`` and ``Q`` are one."""
    return label.name.rstrip("0123456789").rstrip() if name_key(label.name) != label.key else label.name


def _prefixed(labels: Iterable[Label]) -> dict[str, str]:
    """Return the one name that labels print behind a part: ``主持人`` is 李华 where another label is ``主持人李华``."""
    found: defaultdict[str, set[str]] = defaultdict(set)
    for label in labels:
        if name := name_behind_part(label.name):
            found[name_key(label.name[: label.name.rindex(name)])].add(name)
    return {part: names.pop() for part, names in found.items() if len(names) == 1}


def _full_name(printed: str, evidence: _NameEvidence) -> str:
    if has_han(printed):
        return _full_han_name(printed, evidence.han)
    return _full_latin_name(printed, evidence.runs) or printed


def _full_han_name(printed: str, names: ChineseNames) -> str:
    if medium := _MEDIUM_ALONE.fullmatch(printed):
        return medium[1]
    behind = printed[match.end() :] if (match := _MEDIUM_BEFORE.match(printed)) else ""
    if behind and is_name_shaped(behind):
        return behind
    return name_behind_part(printed) or names.full_name(printed) or printed


def _full_latin_name(printed: str, runs: CapitalisedNames) -> str | None:
    name = bare_name(printed)
    if _INITIALS.fullmatch(name) and (found := _by_initials(name_key(name), runs)):
        return found
    family = without_titles(name)
    if " " in family:
        return runs.by_whole.get(family.casefold(), family) if name != printed else name
    key = family.casefold()
    named = runs.by_last.get(key, Counter()) + runs.by_first.get(key, Counter())
    # The beginning of a medium's name is the medium, whatever else it is before: "Netzwerk" of "Netzwerk Podcast".
    is_medium = any(map(MEDIUM_NAME.search, named)) and not is_given_name(family)
    return None if is_medium else likeliest_name(named)


def _by_initials(key: str, runs: CapitalisedNames) -> str | None:
    """Return the name or the medium with these initials; ``TEP`` is The Evening Post."""
    if found := likeliest_name(runs.by_initials.get(key, Counter())):
        return found
    without_article = key[1:] if key[0] == "t" else ""
    medium = likeliest_name(runs.by_initials.get(without_article, Counter()))
    return f"The {medium}" if medium and MEDIUM_NAME.search(medium) else None


def _han_names(passages: Sequence[Passage], labels: Mapping[str, Label], declared: Iterable[str]) -> ChineseNames:
    first = next((index for index, passage in enumerate(passages) if passage.label), len(passages))
    texts = [passage.text for passage in passages]
    wanted = [label.name for label in labels.values() if has_han(label.name)]
    return ChineseNames([*declared, *wanted], texts[:first], texts[first:], wanted)


def _forms(speaker: Speaker | None) -> tuple[str, ...]:
    return speaker.aliases if speaker else ()


def _known_people(known: Mapping[str, Speaker]) -> dict[str, str]:
    """Map the name keys of the entries that are people to canonical names."""
    people = {name: speaker for name, speaker in known.items() if name not in ROLE_ENTRIES}
    forms = {name_key(alias): name for name, speaker in people.items() for alias in speaker.aliases}
    return forms | {name_key(name): name for name in people}


def _credits(passages: Sequence[Passage]) -> dict[str, str]:
    """Return the names that a line such as ``Host: Ida Holm`` gives to a label."""
    found: dict[str, str] = {}
    for passage in passages:
        label = read_label(passage.text) if passage.is_credit else None
        if label:
            found.setdefault(label.key, credited_name(passage.text[label.end :]))
    return found


def _introduced(passages: Sequence[Passage]) -> dict[str, str]:
    """Return the names that hosts give themselves in their first turns: ``I'm Ida Holm``, 我是李华."""
    found: dict[str, str] = {}
    turns: Counter[str] = Counter()
    for passage in passages:
        label = passage.label
        if label is None or part_of(label.key) != "host" or turns[label.key] >= _INTRODUCING_TURNS:
            continue
        turns[label.key] += 1
        if name := own_name_of_host(passage.text):
            found.setdefault(label.key, name)
    return found
