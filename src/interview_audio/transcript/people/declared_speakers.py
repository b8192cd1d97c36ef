"""The people whom a document declares before it lets them speak: in front matter, in a list, inside a first label."""

import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import Literal

from interview_audio.text.characters import HAN, columns, name_key
from interview_audio.transcript.layout.front_matter import FrontMatter, FrontMatterEntry, find_front_matter
from interview_audio.transcript.layout.paragraphs import Paragraph, Passage
from interview_audio.transcript.lexicon.label_grammar import GUEST_WORDS, Label, PartInText, is_name_shaped, part_of
from interview_audio.transcript.lexicon.personal_names import (
    WESTERN_TITLES,
    is_chinese_name,
    is_given_name,
    without_capitals,
    without_function,
    without_honorific,
    without_titles,
)
from interview_audio.transcript.lexicon.typography import ends_sentence
from interview_audio.transcript.lexicon.vocabulary import alternation, word_list
from interview_audio.transcript.people.full_names import chinese_family_name

_PARTICIPANT_WORDS = frozenset(map(name_key, word_list("participant_headings")))
_SINGLE_LETTERS = frozenset("qa问答問")
_NAME_KEYS, _ROLE_KEYS = frozenset(("name", "姓名")), frozenset(("role", "身份", "title"))
_FORM_KEYS = frozenset(("id", "alias", "aliases", "initials", "short", "abbr", "简称"))
_NESTED_KEYS = _NAME_KEYS | _ROLE_KEYS | _FORM_KEYS | frozenset(map(name_key, word_list("front_matter_person_keys")))
_BYLINE_KEYS = frozenset(("author", "authors", "byline", "writer", "writers", "作者", "撰文", "文"))
_NO_VALUES = frozenset(("tbd", "tba", "none", "null", "n/a", "various", "unknown", "~", "true", "false"))
_NAMED_IN_MAPPING = re.compile(r"\bname[\"']?\s*[:=]\s*[\"']?([^,{}\"']{2,60})")
_LINK = re.compile(r"\[\[(?:[^\[\]|]*\|)?([^\[\]|]+)\]\]|\[([^\[\]]+)\]\([^()]*\)")
"""A name that is a link: ``[[people/ida|Ida Holm]]``, ``[Ida Holm](https://…)``."""
_SLUG = re.compile(r"[a-z]{2,}(?:[-_ ][a-z]{1,}){1,3}")
_FUNCTION_WORD = re.compile(r"\b(?:of|the|at|for|in|on)\b|\d")
_ROLE_AND_REST = re.compile(r"\s*(?P<part>[^:：|｜]{1,24}?)\s?[:：|｜]\s*(?P<rest>.*)\Z")
_BETWEEN_NAMES = re.compile(r"\s*(?:[、;；&]|[,，](?!\s?[a-z])| and | und | et |和|與|与)\s*")
_IN_BRACKETS = re.compile(r"\s*[(（\[【]([^()（）\[\]【】]{1,60})[)）\]】]\s*")
_HEREAFTER_CALLED = re.compile(
    r"(?:以下|下)?(?:简称|簡稱|称|稱)为?\s?[“”\"「『'‘]?(?P<han>[^“”\"「」『』'‘’，,。、]{1,8})"
    r"|(?:hereafter|hereinafter|henceforth)(?: called)?:? [“\"'‘]?(?P<latin>[\w. ]{1,16})"
)
_KANA_WORD = re.compile(rf"[{HAN}\u3040-\u30ffー]{{2,10}}")
_HAN_WORD = re.compile(rf"[{HAN}]{{2,8}}")
_BYLINE = re.compile(
    rf"\s*(?:{alternation('bylines')})\s*[:：|｜/／]?\s*(?P<name>[^,，|｜·•(（:：]{{2,40}}?)\s*(?:[,，|｜·•(（].*)?\Z",
    re.IGNORECASE,
)
"""A line that says who wrote the text, or for which medium."""
_PROFILE = re.compile(rf"([{HAN}]{{2,4}})[:：，,]\s?(?:男|女)[，,、。]")
"""What a newspaper says of a person before the conversation: ``周砚秋：女，一九七五年生。``"""
_ABBREVIATED_IN_TEXT = re.compile(
    rf"(?P<name>《[^《》]{{1,20}}》|[{HAN}]{{2,12}}(?:·[{HAN}]{{1,8}}){{0,3}})(?:[（(]?以下)?(?:简称|簡稱)为?\s?[“\"「『](?P<form>[{HAN}\w]{{1,6}})[”\"」』]"
)
"""What a lead-in says of the labels to come: ``艾达简称“艾”``."""
_LATIN_INITIALS = re.compile(r"[A-Z](?:[. ]?[A-Z]){0,4}\.?")
_DEFINITION = re.compile(
    rf"(?P<key>[A-Za-z]{{1,4}}|[{HAN}]{{1,2}})(?P<sign>\s?[=＝:：]\s?|\s[-–—]\s)(?P<name>[^=＝:：]{{2,40}})"
)
"""What a short label stands for: ``IH = Ida Holm``."""
_BETWEEN_DEFINITIONS = re.compile(rf"[,;，；、/]\s*(?=(?:[A-Za-z]{{1,4}}|[{HAN}]{{1,2}})\s?[=＝])")
_OPENS_WITH_KEY = re.compile(rf"([A-Za-z]{{1,4}}|[{HAN}]{{1,2}})\s*[:：|｜—–=-]")
_NAME_AND_PART = re.compile(r"(?P<name>[^|｜:：()（）]{2,40}?)\s*[|｜:：(（]\s*(?P<part>[\w -]{2,20})[)）]?")
_LIST_MARK = re.compile(r"\s*[-*+•·]\s")
_NAME_AND_MORE = re.compile(r"(?P<name>[^,，(（:：–—]{2,40}?)\s?(?:[,，(（:：–—]|\s-\s)")
_MAX_ITEM_COLUMNS = 90
"""A name with its function and its short form; a longer item is a sentence."""
_NAMES_TRANSCRIPT = re.compile(rf"\W*(?:{alternation('transcript_headings')})\W*", re.IGNORECASE)
_ADDRESS = re.compile(r"\W*(?:https?://|www\.)\S+|\W*")
_MAX_RECURRING_KEY = 2
"""How often a key of a page's notes recurs; what recurs more often is somebody's label."""
_MAX_DECLARED_PEOPLE = 40
"""More people than any panel has: a longer list is an index or a table."""
_MAX_PARAGRAPHS_OF_HEAD = 200
"""How far lists are looked for: even a long programme of participants is at the top of a document."""


DeclaredIn = Literal["front matter", "list", "byline", "text"]
_DECLARED: Mapping[DeclaredIn, str] = {
    "front matter": "declared in the front matter",
    "list": "listed as taking part",
    "byline": "named in the byline",
    "text": "named in the text",
}


@dataclass(frozen=True, slots=True)
class DeclaredPerson:
    """Somebody who is declared to take part."""

    name: str
    part: PartInText | None
    """None where the document does not say it."""
    forms: tuple[str, ...] = ()
    """Short forms that the declaration gives."""
    source: DeclaredIn = field(default="list", compare=False)
    line: int = field(default=0, compare=False)
    """Line in the source, from 1; 0 where it is not known."""

    @property
    def evidence(self) -> str:
        """Say where the person is declared, for the user."""
        where = f", line {self.line}" if self.line else ""
        return f"{_DECLARED[self.source]}{where}"


@dataclass(frozen=True, slots=True)
class Declarations:
    """What a document declares about its speakers."""

    people: tuple[DeclaredPerson, ...] = ()
    front_matter: FrontMatter = field(default_factory=FrontMatter)
    in_front_matter: tuple[DeclaredPerson, ...] = ()
    """Those of the people whom the front matter declares."""
    listing: frozenset[int] = frozenset()
    """Offsets at which paragraphs begin that only list who takes part."""

    @property
    def silent(self) -> frozenset[int]:
        """Offsets at which paragraphs begin that declare: nothing in them is a label that speaks."""
        return self.listing | self.front_matter.starts

    @property
    def forms(self) -> frozenset[str]:
        """The folded names and short forms."""
        return frozenset(name_key(form) for person in self.people for form in (person.name, *person.forms))

    def without_labels(self, passages: Sequence[Passage]) -> tuple[Passage, ...]:
        """Take the labels from the passages that declare: ``Guests:`` above a list of names does not speak."""
        silent = self.silent
        return tuple(
            replace(passage, label=None) if passage.label and passage.paragraph.offsets[0] in silent else passage
            for passage in passages
        )

    def only_person(self, part: PartInText) -> DeclaredPerson | None:
        """Return the one person of a part; None where it is nobody or more than one."""
        people = {person.name: person for person in reversed(self.people) if person.part == part}
        return next(iter(people.values())) if len(people) == 1 else None

    @property
    def hosts_and_signers(self) -> frozenset[str]:
        """The names of those who are declared to ask, or who sign the text: they are nobody's guests."""
        return frozenset(person.name for person in self.people if person.part == "host" or person.source == "byline")

    def remaining(self, part: PartInText, others: Collection[str]) -> DeclaredPerson | None:
        """Return the one person of a part, or the one without a part who is none of the others."""
        if person := self.only_person(part):
            return person
        taking_part = [person for person in self.people if person.source in ("front matter", "list")]
        folded = set(map(name_key, others))
        # The only one who takes part may also have turns under their own name.
        is_alone = len({name_key(person.name) for person in taking_part}) == 1
        people = {
            person.name: person
            for person in reversed(taking_part)
            if person.part is None and (is_alone or name_key(person.name) not in folded)
        }
        is_clear = len(people) == 1 and all(person.part != part for person in taking_part)
        return next(iter(people.values())) if is_clear else None


def names_transcript(text: str) -> bool:
    """Tell whether a line says no more than that the transcript follows."""
    return len(text) <= _MAX_ITEM_COLUMNS and _NAMES_TRANSCRIPT.fullmatch(text) is not None


def end_of_notes(passages: Sequence[Passage]) -> int:
    """Return the index of the heading that parts a page's notes from the talk; 0 where there is none.

    Nobody who speaks below it has said anything above it: a key of the notes (``Guests:``) is there once or twice.
    """
    found = next((index for index, passage in enumerate(passages) if index and names_transcript(passage.text)), 0)
    above, below = (_speaking(part) for part in (passages[:found], passages[found:]))
    if below.total() > 1:
        is_talk_below = not _talk(above, below) and max(above.values(), default=0) <= _MAX_RECURRING_KEY
    else:
        lengths = [len(passage.text) for passage in passages]
        is_talk_below = not above and sum(lengths[found:]) > sum(lengths[:found])
    return found if is_talk_below else 0


def _talk(above: Counter[str], below: Counter[str]) -> bool:
    """Tell whether those who speak below have spoken above: one name may be in a list of guests."""
    return sum(above[key] for key in above.keys() & below.keys()) > 1


def _speaking(passages: Sequence[Passage]) -> Counter[str]:
    """Count the labels that stand before words; an address is none."""
    return Counter(
        passage.label.key for passage in passages if passage.label and not _ADDRESS.fullmatch(passage.text.strip())
    )


def find_declarations(paragraphs: Sequence[Paragraph]) -> Declarations:
    """Find who is declared to speak: in front matter, in lists such as ``Participants: Ida Holm (IH), …``, in bylines.

    Lists end where a label of a part (``Host: Good evening.``) begins the conversation.
    """
    front = find_front_matter(paragraphs)
    in_front_matter = tuple(_in_front_matter(front.entries))
    head = [p for p in paragraphs[:_MAX_PARAGRAPHS_OF_HEAD] if p.text and p.offsets[0] not in front.starts]
    people = [*in_front_matter]
    listing: set[int] = set()
    for found, starts in (_defined_keys(head, paragraphs), _terms(head)):
        people.extend(found)
        listing |= starts
    part: PartInText | None = None
    is_open = False
    for above, paragraph in zip((-1, *(p.offsets[0] for p in head)), head, strict=False):
        if paragraph.offsets[0] in listing:
            continue
        if profile := _PROFILE.match(paragraph.text):
            people.append(DeclaredPerson(profile[1], None, line=paragraph.line))
            listing.add(paragraph.offsets[0])
            continue
        headed = _headed(paragraph.text)
        if headed:
            part, is_open = headed[0], not headed[1]
        is_listing = headed is not None or is_open
        found = tuple(_taking_part(paragraph, headed, part, is_listing=is_listing, is_certain=above in listing))
        if headed and headed[1] and not found and part:
            break
        others = tuple(_in_passing(paragraph))
        signed = any(person.source == "byline" for person in others)
        is_open = is_open and bool(found or headed)
        people.extend((*others, *found))
        if (found or is_open) and not signed:
            listing.add(paragraph.offsets[0])
    return Declarations(
        tuple(people[:_MAX_DECLARED_PEOPLE]),
        front,
        in_front_matter[:_MAX_DECLARED_PEOPLE],
        frozenset(listing) if people else frozenset(),
    )


def _taking_part(
    paragraph: Paragraph,
    headed: tuple[PartInText | None, str] | None,
    part: PartInText | None,
    *,
    is_listing: bool,
    is_certain: bool,
) -> Iterator[DeclaredPerson]:
    """Yield the people whom a line of a list names, or a row of its own with their part."""
    people: Iterable[DeclaredPerson] = ()
    if is_listing:
        people = tuple(_names(headed[1] if headed else paragraph.text, part, is_certain=is_certain))
    if not people and (in_row := _NAME_AND_PART.fullmatch(paragraph.text)):
        people = tuple(_with_part(in_row["name"], in_row["part"]))
    if not people and is_listing and not headed:
        people = _described_item(paragraph, part)
    yield from (replace(person, line=paragraph.line) for person in people)


def _in_passing(paragraph: Paragraph) -> Iterator[DeclaredPerson]:
    """Yield those whom a line names without listing them: in a byline, with a short form."""
    yield from (replace(person, line=paragraph.line) for person in _abbreviated(paragraph.text))
    if not paragraph.is_heading and (signed := signed_name(paragraph.text)):
        yield DeclaredPerson(signed, None, (), "byline", paragraph.line)


_Found = tuple[tuple[DeclaredPerson, ...], frozenset[int]]
"""People, and the offsets at which the paragraphs begin that declare them."""


def _defined_keys(head: Sequence[Paragraph], paragraphs: Sequence[Paragraph]) -> _Found:
    """Find the lines that say what a short label stands for: ``IH = Ida Holm``, ``C：陈小菲``.

    With a colon these are also turns, so two such lines must follow each other, and their labels must recur below.
    """
    opened = Counter(match[1] for paragraph in paragraphs if (match := _OPENS_WITH_KEY.match(paragraph.text)))
    people: list[DeclaredPerson] = []
    starts: set[int] = set()
    run: list[tuple[Paragraph, DeclaredPerson]] = []
    for paragraph in (*head, None):
        defined = _definitions(paragraph.text) if paragraph else []
        known = [(person, sign) for person, sign in defined if _is_clear(person, sign, opened)]
        with_sign = [person for person, sign in known if sign in "=＝"]
        if paragraph and known and not with_sign and opened[known[0][0].forms[0]] > 1:
            run.append((paragraph, known[0][0]))
            continue
        for above, person in run if len(run) > 1 else ():
            people.append(replace(person, line=above.line))
            starts.add(above.offsets[0])
        run = []
        if paragraph and with_sign:
            people.extend(replace(person, line=paragraph.line) for person in with_sign)
            starts.add(paragraph.offsets[0])
    return tuple(people), frozenset(starts)


def _is_clear(person: DeclaredPerson, sign: str, opened: Mapping[str, int]) -> bool:
    """Tell whether a name has several words, or its short form opens paragraphs below: one word may be anything."""
    return _is_several_words(person.name) or (sign in "=＝" and opened[person.forms[0]] > 1)


def _definitions(text: str) -> list[tuple[DeclaredPerson, str]]:
    """Return the people whom a line gives short labels, each with the sign between; none where it says more."""
    items = [_DEFINITION.fullmatch(item.strip()) for item in _BETWEEN_DEFINITIONS.split(text)]
    if ends_sentence(text) or columns(text) > 2 * _MAX_ITEM_COLUMNS:
        return []
    found = [(match, bare_name(match["name"])) for match in items if match]
    if len(found) < len(items) or not all(_is_declared_name(name) for _, name in found):
        return []
    return [(DeclaredPerson(name, None, (match["key"],)), match["sign"].strip()) for match, name in found]


def _terms(head: Sequence[Paragraph]) -> _Found:
    """Find the definition lists of those who take part: 聞き手 above ``: ささき``, and what stands beside them."""
    people: list[DeclaredPerson] = []
    starts: set[int] = set()
    is_within = False
    pairs = [(term, value) for term, value in pairwise(head) if _is_value(value) and not _is_value(term)]
    keys = Counter(name_key(term.text) for term, _ in pairs)
    for term, value in pairs:
        key, name = name_key(term.text), bare_name(value.text)
        part = part_of(key)
        is_part = key in _PARTICIPANT_WORDS or (part in ("host", "guest") and key not in _SINGLE_LETTERS)
        names_somebody = is_part and _is_declared_name(name) and not ends_sentence(value.text) and keys[key] == 1
        is_within = names_somebody or (is_within and keys[key] == 1 and not ends_sentence(value.text))
        if not is_within:
            break
        if names_somebody:
            people.append(DeclaredPerson(name, part, line=value.line))
        starts |= {term.offsets[0], value.offsets[0]}
    return tuple(people), frozenset(starts)


def _is_value(paragraph: Paragraph) -> bool:
    return paragraph.printed.startswith((": ", "：", ":\t"))


def _with_part(printed: str, part: str) -> Iterator[DeclaredPerson]:
    """Yield the person of a row or line that names a part behind the name: ``Ida Holm | Guest``."""
    name, said = bare_name(printed.strip()), part_of(name_key(part))
    if said in ("host", "guest") and len(part) > 1 and is_name_shaped(name) and _is_several_words(name):
        yield DeclaredPerson(name, said)


def _described_item(paragraph: Paragraph, part: PartInText | None) -> Iterator[DeclaredPerson]:
    """Yield the person of an item that says more: ``- Ida Holm, keeper of the light``."""
    if _LIST_MARK.match(paragraph.printed) and (match := _NAME_AND_MORE.match(paragraph.text)):
        name = bare_name(match["name"])
        if is_name_shaped(name) and _is_several_words(name):
            yield DeclaredPerson(name, part)


def signed_name(text: str) -> str:
    """Return the name on a line that says who wrote the text; empty where it is another line: ``Interview with …``."""
    match = _BYLINE.match(text)
    return match["name"] if match and not match["name"][0].islower() else ""


def _abbreviated(text: str) -> Iterator[DeclaredPerson]:
    for match in _ABBREVIATED_IN_TEXT.finditer(text):
        yield DeclaredPerson(match["name"].strip("《》"), None, (match["form"],), "text")


def short_forms_in_label(printed: str) -> tuple[str, ...]:
    """Return the short forms that a label defines for later: ``Ida Holm (IH)``, ``记者（以下简称记）``."""
    return tuple(form for match in _IN_BRACKETS.finditer(printed) if (form := _form_of(match[1])))


def declared_keys(declarations: Declarations, candidates: Sequence[Label | None]) -> frozenset[str]:
    """Return the keys of candidates that need no other evidence: they are declared, or one label explains another.

    A label explains another where it defines it (``Ida Holm (IH)``), or where its initials, its last name or its
    Chinese family name are a candidate as well.
    """
    counted = Counter(label.key for label in candidates if label)
    keys = set(declarations.forms & counted.keys())
    han = {label.name for label in candidates if label and counted[label.key] > 1 and is_chinese_name(label.name)}
    han |= {person.name for person in declarations.people}
    keys |= {chinese_family_name(name) for name in han if _HAN_WORD.fullmatch(name)} & counted.keys()
    for label in {label.key: label for label in reversed(candidates) if label}.values():
        of_name = () if " and " in label.name else _short_forms(label.name)  # Two things have no last name.
        short = {name_key(form) for form in (*short_forms_in_label(label.printed), *of_name)}
        explained = {key for key in short & counted.keys() if key != label.key and counted[key] > 1}
        if explained:
            keys |= {label.key, *explained}
    return frozenset(keys)


def bare_name(printed: str) -> str:
    """Return a printed name without title, function, outlet and capitals: ``DR. IDA HOLM, KEEPER`` is ``Ida Holm``."""
    name = without_honorific(without_function(_IN_BRACKETS.sub(" ", printed).strip()))
    untitled = without_titles(name)
    return without_capitals(untitled) if " " in untitled else name


def _short_forms(name: str) -> Iterator[str]:
    words = without_titles(without_function(name)).split(" ")
    if len(words) > 1 and is_name_shaped(name):
        yield "".join(word[0] for word in words if word)
        yield words[-1]


def _headed(text: str) -> tuple[PartInText | None, str] | None:
    """Return the part that a line names before a colon, and what follows it."""
    match = _ROLE_AND_REST.match(text)
    if match is None or columns(match["rest"]) > 4 * _MAX_ITEM_COLUMNS:
        return None
    key = name_key(match["part"])
    if key in _PARTICIPANT_WORDS:
        return ("guest" if key in GUEST_WORDS or "嘉宾" in key else None), match["rest"]
    part = part_of(key)
    is_part = part in ("host", "guest") and key not in _SINGLE_LETTERS and not key[-1:].isdigit()
    return (part, match["rest"]) if is_part else None


def _names(text: str, part: PartInText | None, *, is_certain: bool = False) -> Iterator[DeclaredPerson]:
    """Yield the people whom a text lists; nobody where it holds anything but names with their asides.

    Where it is certain that names are listed, any Chinese word is one.
    """
    text = text.strip().lstrip("-*•· ")
    if ends_sentence(text) or columns(text) > 4 * _MAX_ITEM_COLUMNS or "：" in text or ":" in text:
        return
    people = []
    asides = [match.span() for match in _IN_BRACKETS.finditer(text)]
    for item in _split(text, asides):
        forms = short_forms_in_label(item)
        name = bare_name(item)
        is_name = is_name_shaped(name) or (is_certain and _HAN_WORD.fullmatch(name) is not None)
        if not is_name or columns(item) > _MAX_ITEM_COLUMNS or not _is_several_words(name):
            return
        people.append(DeclaredPerson(name, part, forms))
    yield from people


def _split(text: str, asides: Sequence[tuple[int, int]]) -> Iterator[str]:
    start = 0
    for match in _BETWEEN_NAMES.finditer(text):
        if not any(first < match.start() < last for first, last in asides):
            yield text[start : match.start()].strip()
            start = match.end()
    yield text[start:].strip()


def _is_several_words(name: str) -> bool:
    """Tell whether it is more than one word, or Chinese: a single Latin word may be anything."""
    return " " in name or not name.isascii()


def _form_of(aside: str) -> str | None:
    if called := _HEREAFTER_CALLED.search(aside):
        return (called["han"] or called["latin"]).strip()
    bare = aside.strip("“”\"'‘’ ")
    return bare if _LATIN_INITIALS.fullmatch(bare) and bare.casefold() not in WESTERN_TITLES else None


def _in_front_matter(entries: Sequence[FrontMatterEntry]) -> Iterator[DeclaredPerson]:
    """Yield the people of ``speakers:`` (a list or a mapping), ``host:``, ``guests:`` and the like."""
    part: PartInText | None = None
    is_open = False
    person: DeclaredPerson | None = None
    source: DeclaredIn = "front matter"
    for entry, below in zip(entries, (*entries[1:], None), strict=False):
        key = _key_of(entry)
        is_above_person = not entry.value and below is not None and name_key(below.key) in _NAME_KEYS
        is_listed = entry.is_item or key in _NESTED_KEYS or _is_person_entry(entry) or is_above_person
        if is_open and is_listed:
            changed = person if is_above_person else _nested(entry, name_key(entry.key), part, person)
            if person and (changed is None or changed.name != person.name):
                yield person
            person = replace(changed, source=source, line=changed.line or entry.line) if changed else None
            continue
        if person:
            yield person
        person, part = None, _part_of_key(key)
        source = "byline" if key in _BYLINE_KEYS else "front matter"
        is_open = key in _PARTICIPANT_WORDS | _BYLINE_KEYS or part in ("host", "guest")
        if is_open and entry.value:
            for found in _front_matter_names(entry.value, part):
                yield replace(found, source=source, line=entry.line)
    if person:
        yield person


def _key_of(entry: FrontMatterEntry) -> str:
    """Return the folded key of an entry, ``guest`` of ``guest_name``."""
    key = name_key(entry.key).replace("_", "").replace("-", "")
    bare = key.removesuffix("name")
    return bare if bare and (bare in _PARTICIPANT_WORDS or part_of(bare)) else key


def _front_matter_names(value: str, part: PartInText | None) -> Iterator[DeclaredPerson]:
    """Yield the people whom a value lists; each name may be a link, a slug, or have a function behind a comma."""
    if "{" in value:
        items = _NAMED_IN_MAPPING.findall(value)
    else:
        inside = value.removeprefix("[").removesuffix("]") if not _LINK.search(value) else value
        items = list(_split(inside, [match.span() for match in _IN_BRACKETS.finditer(inside)]))
    for item in items:
        printed = item.strip().strip("\"'@ ")
        linked = _LINK.search(printed)
        written = (linked[1] or linked[2]) if linked else printed
        name = _unfolded_slug(bare_name(written))
        if _is_declared_name(name) and not _FUNCTION_WORD.search(name):
            yield DeclaredPerson(name, part, short_forms_in_label(written))


def _unfolded_slug(name: str) -> str:
    """Return a name that an address or small letters hold as names are written: ``ida-holm`` is ``Ida Holm``."""
    if not _SLUG.fullmatch(name):
        return name
    words = re.split("[-_ ]", name)
    return " ".join(map(str.capitalize, words)) if is_given_name(words[0]) else name


def _is_declared_name(name: str) -> bool:
    """Tell whether a value is a name: there, a single word with a capital is one, too."""
    if name.casefold() in _NO_VALUES or part_of(name_key(name)):
        return False
    return is_name_shaped(name) or _HAN_WORD.fullmatch(name) is not None or _KANA_WORD.fullmatch(name) is not None


def _part_of_key(key: str) -> PartInText | None:
    return None if key in _PARTICIPANT_WORDS and key not in GUEST_WORDS else part_of(key)


def _is_person_entry(entry: FrontMatterEntry) -> bool:
    """Tell whether an entry is a person's: ``IH: Ida Holm`` or ``Ida Holm: host``."""
    is_known = name_key(entry.key) in _PARTICIPANT_WORDS or part_of(name_key(entry.key)) is not None
    return not is_known and (
        (is_name_shaped(entry.value) and _LATIN_INITIALS.fullmatch(entry.key) is not None)
        or (is_name_shaped(entry.key) and part_of(name_key(entry.value)) is not None)
    )


def _nested(
    entry: FrontMatterEntry, key: str, part: PartInText | None, person: DeclaredPerson | None
) -> DeclaredPerson | None:
    """Return the person that an entry begins, or the one above with what the entry adds."""
    if person and not entry.is_item and key in _NESTED_KEYS - _NAME_KEYS:
        said = part_of(name_key(entry.value)) if key in _ROLE_KEYS else None
        forms = tuple(_listed(entry.value)) if key in _FORM_KEYS else ()
        return replace(person, part=said or person.part, forms=(*person.forms, *forms))
    if not key or key in _NAME_KEYS:
        return next(_front_matter_names(entry.value, part), None)
    if is_name_shaped(entry.value):
        return DeclaredPerson(entry.value, part or part_of(key), (entry.key,) if part_of(key) is None else ())
    return DeclaredPerson(entry.key, part_of(name_key(entry.value)) or part) if is_name_shaped(entry.key) else None


def _listed(value: str) -> list[str]:
    inside = value.removeprefix("[").removesuffix("]")
    return [item.strip().strip("\"'") for item in re.split(r"[,，、]", inside) if item.strip()]
