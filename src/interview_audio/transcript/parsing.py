"""Divides each paragraph into its label and its words: what is declared, what the text shows, what is misprinted.

Reads the text of an interview: composes formats, labels, names, paragraphs, languages and the receipt.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType

from interview_audio.configuration.settings import Speaker
from interview_audio.errors import ConfigurationError, SourceError
from interview_audio.text.name_key import name_key
from interview_audio.transcript.classification.dialogue import Dialogue
from interview_audio.transcript.classification.paragraph_kinds import TITLE, Classification, classify
from interview_audio.transcript.formats.detection import read_document
from interview_audio.transcript.formats.source_document import SourceDocument
from interview_audio.transcript.labels.speaker_labels import find_speaking_labels
from interview_audio.transcript.languages import document_language, primary_language, turn_language
from interview_audio.transcript.layout.paragraphs import Paragraph, Passage, carry_lone_labels, separate_label
from interview_audio.transcript.lexicon.label_grammar import Label, is_name_shaped, read_label
from interview_audio.transcript.lexicon.markup import NonTextSpan
from interview_audio.transcript.people.declared_speakers import declared_keys, find_declarations
from interview_audio.transcript.people.gender import guess_genders
from interview_audio.transcript.people.misprints import misprints_of_labels, misprints_of_names
from interview_audio.transcript.people.resolution import ROLE_ENTRIES, People, known_forms, resolve_people
from interview_audio.transcript.receipt import audit_characters
from interview_audio.transcript.turns import Gender, Person, Transcript, Turn

_Labels = Sequence[Label | None]


def divide(source: SourceDocument, known: Mapping[str, Speaker]) -> tuple[Passage, ...]:
    """Divide the paragraphs of a source.

    Args:
        source: Its paragraphs, with the speakers that the format names.
        known: ``speakers:`` of the settings; names and aliases there are labels without further evidence.

    Raises:
        SourceError: A label almost is the name of a declared speaker.
        ConfigurationError: No label is the name of a speaker in the settings, and one almost is.
    """
    named = source.speakers
    labels = _labels(source, known) if None in named else named
    return tuple(
        _said_by(paragraph, given) if given else separate_label(paragraph, label)
        for paragraph, given, label in zip(source.paragraphs, named, labels, strict=True)
    )


def _labels(source: SourceDocument, known: Mapping[str, Speaker]) -> _Labels:
    paragraphs = source.paragraphs
    declared = find_declarations(paragraphs)
    candidates = [
        None if paragraph.offsets and paragraph.offsets[0] in declared.silent else label or read_label(paragraph.text)
        for paragraph, label in zip(paragraphs, source.speakers, strict=True)
    ]
    names = [name for person in declared.in_front_matter for name in (person.name, *person.forms)]
    _refuse_near_misses(paragraphs, candidates, known, names)
    keys = frozenset(label.key for label in source.speakers if label) | known_forms(known)
    labels = find_speaking_labels(paragraphs, candidates, keys | declared_keys(declared, candidates))
    return _with_misprints(paragraphs, candidates, labels)


def _refuse_near_misses(
    paragraphs: Sequence[Paragraph], candidates: _Labels, known: Mapping[str, Speaker], declared: Sequence[str]
) -> None:
    people = {name: (name, *speaker.aliases) for name, speaker in known.items() if name not in ROLE_ENTRIES}
    printed = [
        (label.name, paragraph.line)
        for paragraph, label in zip(paragraphs, candidates, strict=True)
        if label and is_name_shaped(label.name)
    ]
    slips = misprints_of_names(printed, [*(form for forms in people.values() for form in forms), *declared])
    there = {name_key(name) for name, _ in printed}
    for slip in slips:
        entry = next((name for name, forms in people.items() if slip.meant in forms), None)
        if entry and there.isdisjoint(map(name_key, people[entry])) and (place := known[entry].place):
            who = f"nobody is called {slip.meant}; did you mean {slip.printed} (line {slip.line} of the text)?"
            raise ConfigurationError(f"{who} If that is somebody else, add {slip.printed}: {{}}", *place)
    if slips:
        raise SourceError("; ".join(map(str, slips)))


def _with_misprints(paragraphs: Sequence[Paragraph], candidates: _Labels, labels: _Labels) -> _Labels:
    """Give the label that occurs once, and is almost one that recurs, to the speaker of that one."""
    accepted = {label.name: label for label in labels if label}
    printed = [
        (label.name, paragraph.line)
        for paragraph, candidate, accepted_label in zip(paragraphs, candidates, labels, strict=True)
        if (label := accepted_label or candidate) and is_name_shaped(label.name)
    ]
    meant = {near.printed: accepted[near.meant] for near in misprints_of_labels(printed) if near.meant in accepted}
    return [
        replace(candidate, key=meant[candidate.name].key, misprint_of=meant[candidate.name].name)
        if candidate and candidate.name in meant
        else label
        for candidate, label in zip(candidates, labels, strict=True)
    ]


def _said_by(paragraph: Paragraph, label: Label) -> Passage:
    """The words of a speaker whom the format names: all of the paragraph."""
    where = (paragraph.offsets[0], paragraph.offsets[-1] + 1)
    return Passage(paragraph, label, paragraph.text, where, is_credit=False)


_NO_SPEAKERS: Mapping[str, Speaker] = MappingProxyType({})
_UNLABELLED = "no speaker labels found"


def parse_transcript(
    text: str,
    *,
    known: Mapping[str, Speaker] = _NO_SPEAKERS,
    language: str | None = None,
    title: str | None = None,
    suffix: str = "",
) -> Transcript:
    """Understand an interview: plain text, markdown, subtitles, JSON of a speech recogniser, or HTML.

    Args:
        text: The decoded source, with line feeds as line ends.
        known: ``speakers:`` of the settings; names and aliases there are labels without further evidence.
        language: Language tag of the document, where the user says it.
        title: Title, where the user says it.
        suffix: Of the source's name, with its dot: a hint to the format, which is found from the content.

    Returns:
        The transcript; its receipt accounts for every code point of ``text``. Without labels it is one narrator's.

    Raises:
        SourceError: The text has no words, breaks its format, or is in a language that cannot be read.
    """
    forms = known_forms(known)
    source = read_document(text, suffix, forms)
    words = "\n".join(paragraph.text for paragraph in source.paragraphs)
    spoken_language = primary_language(language) if language else document_language(words)
    divided = divide(source, known)
    passages = carry_lone_labels(divided)
    people = resolve_people(passages, known)
    worded = tuple(passage for passage in passages if passage.text)
    guesses = _genders(worded, people, known)
    genders = {name: gender for name, (gender, _) in guesses.items()}
    classifications = classify(Dialogue(worded, people, genders, spoken_language))
    turns = _turns(source, worded, classifications, spoken_language)
    if language:
        turns = tuple(replace(turn, language=spoken_language) for turn in turns)
    return Transcript(
        title=title if title is not None else _title(turns, people),
        language=spoken_language,
        speakers=tuple(_speakers(turns, people, guesses)),
        turns=turns,
        receipt=audit_characters(text, turns, _cuts(source, divided), source.escapes),
    )


def _title(turns: Sequence[Turn], people: People) -> str:
    """The title that the text shows, else the one in its front matter."""
    shown = next((turn.text for turn in turns if turn.reason == TITLE), "")
    return shown or people.declarations.front_matter.title or ""


def _turns(
    source: SourceDocument, passages: Sequence[Passage], classifications: Sequence[Classification], language: str
) -> tuple[Turn, ...]:
    """The turns of the passages and of what the format drops, in order of the source."""
    pairs = zip(source.paragraphs, source.speakers, strict=True)
    named = {paragraph.offsets[0] for paragraph, label in pairs if label}
    is_narrated = not any(classification.kind == "speech" for classification in classifications)
    turns = [_dropped(paragraph, reason, language) for paragraph, reason in source.dropped if paragraph.text]
    for passage, classification in zip(passages, classifications, strict=True):
        is_heading = classification.kind == "heading" and (passage.paragraph.is_heading or not source.is_recorded)
        if classification.kind == "speech" and passage.paragraph.offsets[0] in named:
            understood = replace(classification, reason=source.reason)
        elif (classification.kind == "heading" and not is_heading) or (
            classification.kind == "narration" and is_narrated
        ):
            understood = Classification("narration", None, classification.confidence, _UNLABELLED)
        else:
            understood = classification
        turns.append(_turn(passage, understood, language))
    ends = {escape.start: escape.end for escape in source.escapes}
    whole = [replace(turn, source=(turn.source[0], ends.get(turn.source[1] - 1, turn.source[1]))) for turn in turns]
    return tuple(sorted(whole, key=lambda turn: turn.source))


def _dropped(paragraph: Paragraph, reason: str, language: str) -> Turn:
    where = (paragraph.offsets[0], paragraph.offsets[-1] + 1)
    spoken = turn_language(paragraph.text, language)
    return Turn("boilerplate", None, None, spoken, paragraph.text, paragraph.line, where, "inferred", reason)


def _turn(passage: Passage, classification: Classification, language: str) -> Turn:
    return Turn(
        kind=classification.kind,
        speaker=classification.speaker,
        label=passage.label.printed if passage.label else None,
        language=turn_language(passage.text, language),
        text=passage.text,
        line=passage.paragraph.line,
        source=passage.source,
        confidence=classification.confidence,
        reason=classification.reason,
    )


def _cuts(source: SourceDocument, passages: Sequence[Passage]) -> Iterator[NonTextSpan]:
    """What is no words: the later of two that overlap tells why."""
    for passage in passages:
        yield from _label_cut(passage)
    for paragraph in (*source.paragraphs, *(paragraph for paragraph, _ in source.dropped)):
        yield from paragraph.cuts
    yield from source.cuts


def _label_cut(passage: Passage) -> Iterator[NonTextSpan]:
    if passage.label and passage.label.end:
        paragraph = passage.paragraph
        printed = paragraph.text[: passage.label.end].rstrip()
        yield NonTextSpan(paragraph.offsets[0], paragraph.offsets[len(printed) - 1] + 1, "label")


def _genders(
    passages: Sequence[Passage], people: People, known: Mapping[str, Speaker]
) -> dict[str, tuple[Gender, str]]:
    """The genders that the settings say, and guesses of the others."""
    guesses = guess_genders(people.aliases, [passage.text for passage in passages if not passage.label], people.index)
    said = {name: known[name].gender for name in guesses if name in known}
    return guesses | {name: (gender, "voices.yaml") for name, gender in said.items() if gender != "unknown"}


def _speakers(turns: Sequence[Turn], people: People, guesses: Mapping[str, tuple[Gender, str]]) -> Iterator[Person]:
    """The people who have a turn, in order of appearance."""
    forms = _short_forms(turns, people)
    for name in dict.fromkeys(turn.speaker for turn in turns if turn.speaker):
        gender, reason = guesses.get(name, ("unknown", ""))
        aliases = dict.fromkeys((*people.aliases.get(name, ()), *forms.get(name, ())))
        yield Person(name, people.roles.get(name, "host"), gender, reason, tuple(aliases))


def _short_forms(turns: Sequence[Turn], people: People) -> dict[str, list[str]]:
    """Forms of a name that the text uses without the rest of it."""
    forms: dict[str, list[str]] = {}
    for turn in turns:
        mentions = people.index.find(turn.text)
        for before, mention, after in zip((None, *mentions), mentions, (*mentions[1:], None), strict=False):
            neighbours = [other for other in (before, after) if other and other.person == mention.person]
            is_part = any(
                -2 < other.start - mention.end < 3 or -2 < mention.start - other.end < 3 for other in neighbours
            )
            if not is_part and mention.form != mention.person:
                forms.setdefault(mention.person, []).append(mention.form)
    return forms
