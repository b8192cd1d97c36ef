"""Resolves labels to people: initials and short forms to the full name that the text itself gives.

A second pass, after the labels are known; nothing here knows any particular person.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from interview_audio.configuration.settings import Speaker
from interview_audio.transcript.labels import Label, credited_name, is_name_shaped, read_label
from interview_audio.transcript.markup import HAN
from interview_audio.transcript.mentions import HAN_LETTER, WORD, NameIndex, index_names
from interview_audio.transcript.passages import Passage
from interview_audio.transcript.roles import HOST_WORDS, fold, part_of
from interview_audio.transcript.turns import Role
from interview_audio.transcript.typography import ends_with_question
from interview_audio.transcript.vocabulary import word_set

ROLE_ENTRIES = ("host", "narrator")
INITIALS = re.compile(r"[A-Z](?:[. ]{0,2}[A-Z]){1,3}\.?")
NAME_RUN = re.compile(
    r"[A-ZÀ-ÖØ-Þ][\w'’.-]*(?:[ \u00a0](?:(?:de|da|di|del|der|den|du|la|le|van|von|bin|al"
    r"|el) ){0,2}[A-ZÀ-ÖØ-Þ][\w'’.-]*)+"
)
POSSESSIVE = re.compile(r"['’]s?$")
TITLES = word_set(
    """
    mr mrs ms miss dr prof professor sir dame lord lady president chairman chairwoman chief captain officer
    director minister senator governor judge king queen prince princess saint st ceo cto cfo coo cmo vp founder
    editor keeper engineer doctor general colonel major sergeant reverend father sister brother uncle aunt the a
    an and but or so if when while after before since because as at by for from in into of on to with about this
    that these those here there then now yes no not what why how who where which did does do is are was were has
    have had can could will would should may might must let thanks thank hello hi dear good today yesterday
    asked says said interview with january february march april may june july august september october november
    december monday tuesday wednesday thursday friday saturday sunday
    """
)
"""Capitalised words that stand beside a name and are no part of it."""
PAIR = re.compile(
    rf"(?P<han>[{HAN}][{HAN}·]{{1,15}})\s?[（(]\s?(?P<latin>[A-Z][\w'’.-]+(?: [A-Z][\w'’.-]+){{0,3}})\s?[)）]"
    rf"|(?P<latin2>[A-Z][\w'’.-]+(?: [A-Z][\w'’.-]+){{0,3}})\s?[（(]\s?(?P<han2>[{HAN}][{HAN}·]{{1,15}})\s?[)）]"
)
HOST_PREFIX = tuple(sorted((word for word in HOST_WORDS if len(word) > 1), key=len, reverse=True))
WEIGHT_OF_TITLE, WEIGHT_OF_HEAD, WEIGHT_OF_LABEL = 6, 3, 20
LONGEST_HAN_PART = 4
ASKS_MOSTLY = 0.34
"""Share of turns that end with a question above which a named person may be the host."""


@dataclass(frozen=True, slots=True)
class People:
    """Who the labels of a document stand for."""

    by_key: Mapping[str, str | None]
    """Folded label to canonical name; None for the narrator."""
    roles: Mapping[str, Role]
    """Canonical name to role, in order of the labels."""
    aliases: Mapping[str, tuple[str, ...]]
    """Canonical name to its other labels and pairings, in order of appearance."""
    index: NameIndex
    """Finds the people in running text."""

    def speaker_of(self, label: Label) -> str | None:
        """Give the canonical name behind a label."""
        return self.by_key[label.key]


@dataclass(frozen=True, slots=True)
class NameRuns:
    """How often the text writes which run of capitalised words, weighted by where."""

    by_first: Mapping[str, Counter[str]]
    by_last: Mapping[str, Counter[str]]
    by_initials: Mapping[str, Counter[str]]


def resolve_people(passages: Sequence[Passage], known: Mapping[str, Speaker]) -> People:
    """Resolve the labels of a document to people with canonical names and roles.

    Args:
        passages: The paragraphs with their accepted labels.
        known: ``speakers:`` of the settings; their names and aliases win over what the text suggests.
    """
    labels = {passage.label.key: passage.label for passage in reversed(passages) if passage.label}
    labels = {passage.label.key: labels[passage.label.key] for passage in passages if passage.label}
    by_known = _known_people(known)
    narrators = {fold(form) for form in _forms(known.get("narrator"))}
    hosts = {fold(form) for form in _forms(known.get("host"))}
    runs = _collect_runs(passages, labels.values())
    credited = _credits(passages)
    by_key: dict[str, str | None] = {}
    for key, label in labels.items():
        if part_of(key) == "narrator" or key in narrators:
            by_key[key] = None
        else:
            by_key[key] = _canonical(label, by_known, runs, credited)
    by_key = _join_short_han(by_key)
    pairs = tuple(_pairs(passages))
    by_key = _join_pairs(by_key, pairs)
    return _people(passages, labels, by_key, pairs, hosts)


def known_forms(known: Mapping[str, Speaker]) -> frozenset[str]:
    """Give the folded names and aliases of the settings: labels that need no other evidence."""
    forms = {fold(alias) for speaker in known.values() for alias in speaker.aliases}
    return frozenset(forms | {fold(name) for name in known if name not in ROLE_ENTRIES})


def _forms(speaker: Speaker | None) -> tuple[str, ...]:
    return speaker.aliases if speaker else ()


def _known_people(known: Mapping[str, Speaker]) -> dict[str, str]:
    """Folded forms to canonical names, of the entries that are people."""
    people = {name: speaker for name, speaker in known.items() if name not in ROLE_ENTRIES}
    forms = {fold(alias): name for name, speaker in people.items() for alias in speaker.aliases}
    return forms | {fold(name): name for name in people}


def _canonical(label: Label, known: Mapping[str, str], runs: NameRuns, credited: Mapping[str, str]) -> str:
    if label.key in known:
        return known[label.key]
    if part_of(label.key):
        name = credited.get(label.key) or _name_after_role(label.name) or _bare_role(label)
    else:
        name = _full_name(label.name, runs)
    return known.get(fold(name), name)


def _bare_role(label: Label) -> str:
    """``Q12`` and ``Q`` are one."""
    return label.name.rstrip("0123456789") if fold(label.name) != label.key else label.name


def _name_after_role(name: str) -> str | None:
    """``主持人李华`` is called 李华."""
    for word in HOST_PREFIX:
        rest = name[len(word) :].strip()
        if fold(name).startswith(word) and len(rest) > 1 and is_name_shaped(rest):
            return rest
    return None


def _full_name(name: str, runs: NameRuns) -> str:
    if INITIALS.fullmatch(name) and (found := runs.by_initials.get(fold(name))):
        return _best(found)
    if " " in name or HAN_LETTER.search(name):
        return name
    found = runs.by_last.get(name, Counter()) + runs.by_first.get(name, Counter())
    return _best(found) if found else name


def _best(found: Counter[str]) -> str:
    """The heaviest run; a longer one where it is written as often as the shorter."""
    return max(found, key=lambda run: (found[run], len(run)))


def _collect_runs(passages: Sequence[Passage], labels: Iterable[Label]) -> NameRuns:
    weights: Counter[str] = Counter()
    printed = {label.name for label in labels}
    for name in printed:
        _weigh(name, WEIGHT_OF_LABEL, weights)
    small = {word for passage in passages for word in WORD.findall(passage.text) if word.islower()}
    in_head = True
    for index, passage in enumerate(passages):
        in_head = in_head and passage.label is None
        head_weight = WEIGHT_OF_TITLE if index == 0 else WEIGHT_OF_HEAD
        _weigh(passage.text, head_weight if in_head else 1, weights)
    first: defaultdict[str, Counter[str]] = defaultdict(Counter)
    last: defaultdict[str, Counter[str]] = defaultdict(Counter)
    initials: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for run, weight in weights.items():
        words = run.split(" ")
        if run not in printed and any(word.casefold() in small for word in (words[0], words[-1])):
            continue
        first[words[0]][run] += weight
        last[words[-1]][run] += weight
        initials["".join(word[0] for word in words).casefold()][run] += weight
    return NameRuns(first, last, initials)


def _weigh(text: str, weight: int, weights: Counter[str]) -> None:
    """Add the name-like windows of two to four words in a text."""
    for match in NAME_RUN.finditer(text):
        for words in _split_run(match[0]):
            for size in range(2, 5):
                for start in range(len(words) - size + 1):
                    weights[" ".join(words[start : start + size])] += weight


def _split_run(run: str) -> Iterator[list[str]]:
    """Split a run at titles, acronyms and ends of sentences."""
    words: list[str] = []
    for printed in re.split(r"[ \u00a0]", run):
        word = POSSESSIVE.sub("", printed.rstrip("."))
        is_initial = len(word) == 1 and printed.endswith(".")
        if word.casefold() in TITLES or (len(word) > 1 and word.isupper()) or _is_brand(word):
            yield words
            words = []
            continue
        words.append(printed if is_initial else word)
        if word != printed and not is_initial:
            yield words
            words = []
    yield words


def _is_brand(word: str) -> bool:
    """``OpenAI``: capitals at the end, as no name has them."""
    return len(word) > 2 and word[-2:].isupper()


def _credits(passages: Sequence[Passage]) -> dict[str, str]:
    """Names that a line such as ``Host: Ida Holm`` gives to a label."""
    found: dict[str, str] = {}
    for passage in passages:
        label = read_label(passage.text) if passage.is_credit else None
        if label:
            found.setdefault(label.key, credited_name(passage.text[label.end :]))
    return found


def _join_short_han(by_key: Mapping[str, str | None]) -> dict[str, str | None]:
    """Give a Chinese short form (a surname, a part of a name with middle dots) to the one full name that has it."""
    full_names: defaultdict[str, set[str]] = defaultdict(set)
    for name in by_key.values():
        if name and HAN_LETTER.search(name) and len(name) > 1:
            for short in name.split("·") if "·" in name else name[:1]:
                full_names[short].add(name)
    joined = dict(by_key)
    for key, name in by_key.items():
        if name and not part_of(key) and len(full_names[name]) == 1:
            joined[key] = next(iter(full_names[name]))
    return joined


def _pairs(passages: Sequence[Passage]) -> Iterator[tuple[str, str]]:
    """Pairs of a Chinese and a Latin form that the text puts side by side: ``霍尔姆（Holm）``."""
    for passage in passages:
        for match in PAIR.finditer(passage.text):
            yield match["han"] or match["han2"], match["latin"] or match["latin2"]


def _join_pairs(by_key: Mapping[str, str | None], pairs: Sequence[tuple[str, str]]) -> dict[str, str | None]:
    """Make one person of two labels that the text pairs; the label that comes first gives the name."""
    places = {name: place for place, name in enumerate(dict.fromkeys(by_key.values())) if name}
    by_form = _index_for_pairs(places)
    same: dict[str, str] = {}
    for pair in pairs:
        people = sorted(_people_of_pair(pair, by_form), key=places.__getitem__)
        if len(people) == 2:
            same[people[1]] = same.get(people[0], people[0])
    return {key: same.get(name, name) if name else None for key, name in by_key.items()}


def _index_for_pairs(names: Iterable[str]) -> dict[str, set[str]]:
    """The forms by which one side of a pair can name a person."""
    by_form: defaultdict[str, set[str]] = defaultdict(set)
    for name in names:
        forms = {name} if HAN_LETTER.search(name) else {fold(name), *name.split(" ")}
        for form in forms:
            if len(form) > 1:
                by_form[form].add(name)
    return dict(by_form)


def _people_of_pair(pair: tuple[str, str], by_form: Mapping[str, set[str]]) -> set[str]:
    """The Chinese side may have other words before the name: ``守塔人霍尔姆（Holm）``."""
    han, latin = pair
    forms = [han[start:] for start in range(len(han) - 1)]
    return set().union(*(by_form.get(form, set()) for form in (*forms, latin, fold(latin))))


def _is_whole_name(form: str) -> bool:
    """Whether the Chinese side of a pair is a name without other words before it."""
    return not HAN_LETTER.search(form) or all(len(part) <= LONGEST_HAN_PART for part in form.split("·"))


def _people(
    passages: Sequence[Passage],
    labels: Mapping[str, Label],
    by_key: Mapping[str, str | None],
    pairs: Sequence[tuple[str, str]],
    hosts: frozenset[str] | set[str],
) -> People:
    aliases: dict[str, list[str]] = {name: [] for name in by_key.values() if name}
    for key, label in labels.items():
        if name := by_key[key]:
            aliases[name].append(label.name)
    by_form = _index_for_pairs(aliases)
    for pair in pairs:
        for name in _people_of_pair(pair, by_form):
            aliases[name].extend(form for form in pair if _is_whole_name(form))
    roles = _roles(passages, by_key, hosts)
    unique = {name: tuple(dict.fromkeys(form for form in forms if form != name)) for name, forms in aliases.items()}
    indexed = ((form, name) for name, forms in unique.items() for form in (name, *forms) if part_of(fold(form)) is None)
    return People(by_key, roles, unique, index_names(indexed))


def _roles(passages: Sequence[Passage], by_key: Mapping[str, str | None], hosts: Iterable[str]) -> dict[str, Role]:
    """The role of each person: by label, else the one who asks."""
    host_keys = frozenset(hosts)
    asking = {by_key[key] for key in by_key if part_of(key) == "host" or key in host_keys}
    names = [name for name in dict.fromkeys(by_key.values()) if name]
    if not asking & set(names):
        asking = {_asker(passages, by_key)}
    return {name: "host" if name in asking else "guest" for name in names}


def _asker(passages: Sequence[Passage], by_key: Mapping[str, str | None]) -> str | None:
    """The one person who mostly asks, at least twice as much as any other; None where there is none."""
    turns: Counter[str] = Counter()
    questions: Counter[str] = Counter()
    for passage in passages:
        if passage.label and (name := by_key[passage.label.key]):
            turns[name] += 1
            questions[name] += ends_with_question(passage.text)
    shares = sorted(((questions[name] / turns[name], name) for name in turns), reverse=True)
    if len(shares) < 2:
        return None
    (most, name), (next_most, _) = shares[0], shares[1]
    return name if most >= ASKS_MOSTLY and most >= 2 * next_most else None
