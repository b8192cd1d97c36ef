"""The parse: the text of an interview in any format becomes a transcript of turns, people, language and receipt.

``parse_transcript`` names the steps in their order: read the format, find who is declared to speak, separate labels
from words, resolve labels to people, classify each paragraph, account for every character.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType

from interview_audio.configuration.settings import Speaker
from interview_audio.errors import ConfigurationError, SourceError, suggestion
from interview_audio.text.characters import name_key
from interview_audio.text.units import counted
from interview_audio.transcript.classification.dialogue import Dialogue
from interview_audio.transcript.classification.paragraph_kinds import CONTINUES, Classification, classify
from interview_audio.transcript.formats.detection import format_of, read_document
from interview_audio.transcript.formats.references import with_references
from interview_audio.transcript.formats.source_document import SourceDocument
from interview_audio.transcript.formats.tables import SPEAKER_OF_ROW
from interview_audio.transcript.languages import document_language, primary_language, turn_language
from interview_audio.transcript.layout.paragraphs import Paragraph, Passage, carry_lone_labels, separate_label
from interview_audio.transcript.layout.speech_marks import place_marks
from interview_audio.transcript.lexicon.label_grammar import Label, is_name_shaped, read_label
from interview_audio.transcript.lexicon.markup import NonTextSpan
from interview_audio.transcript.people.declared_speakers import Declarations, declared_keys, find_declarations
from interview_audio.transcript.people.gender import guess_genders
from interview_audio.transcript.people.misprints import Misprint, misprints_of_labels, misprints_of_names
from interview_audio.transcript.people.resolution import (
    ROLE_ENTRIES,
    UNNAMED,
    People,
    document_context,
    known_forms,
    resolve_people,
)
from interview_audio.transcript.receipt import audit_characters
from interview_audio.transcript.speaker_labels import find_speaking_labels
from interview_audio.transcript.turns import (
    COMMENT,
    READ_IN_DOUBT,
    Confidence,
    Gender,
    Person,
    SpeechMark,
    Transcript,
    Turn,
    everything_read,
)

_Labels = Sequence[Label | None]
"""For each paragraph of a document, its label."""
_NO_SPEAKERS: Mapping[str, Speaker] = MappingProxyType({})
_MAX_MARK_WARNINGS = 10
_UNLABELLED = "no speaker labels found"


def parse_transcript(
    text: str,
    *,
    known: Mapping[str, Speaker] = _NO_SPEAKERS,
    language: str | None = None,
    title: str | None = None,
    suffix: str = "",
    reads_everything: bool = False,
) -> Transcript:
    """Understand an interview in any form that ``formats.detection`` tells apart: text, subtitles, JSON, tables, HTML.

    Args:
        text: The decoded source, with line feeds as line ends.
        known: ``speakers:`` of the settings; names and aliases there are labels without further evidence.
        language: Language tag of the document, where the user says it.
        title: Title, where the user says it.
        suffix: Of the source's name, with its dot: a hint to the format, which is found from the content.
        reads_everything: Leave nothing out but labels, times, front matter, stage marks and markup; headings
            stay headings.

    Returns:
        The transcript; its receipt accounts for every code point of ``text``. Without labels it is one narrator's.

    Raises:
        SourceError: The text has no words or breaks its format, or ``language`` is not a language tag; or a label is
            almost the name of a speaker in the settings.
        ConfigurationError: No label is the name of a speaker in the settings, and one almost is.
    """
    source = read_document(text, suffix, known_forms(known))
    words = "\n".join(paragraph.text for paragraph in source.paragraphs)
    main_language = primary_language(language) if language else document_language(words)
    # Whom the format lets speak declares nobody, even within the front matter.
    pairs = zip(source.paragraphs, source.speakers, strict=True)
    declarations = find_declarations([paragraph for paragraph, label in pairs if label is None])
    separated, misread = _separate_labels(source, known, declarations, main_language)
    passages = carry_lone_labels(separated)
    document = document_context(passages, declarations)
    people = resolve_people(document, known, main_language)
    worded = tuple(passage for passage in passages if passage.text)
    guesses = _genders(worded, people, known)
    genders = {name: gender for name, (gender, _) in guesses.items()}
    dialogue = Dialogue(document, people, genders, main_language, source.is_recorded, reads_everything)
    turns = _turns(source, passages, classify(dialogue), main_language)
    if reads_everything:
        turns = tuple(everything_read(turns))
    if language:
        turns = tuple(replace(turn, language=main_language) for turn in turns)
    turns = with_references(turns, text, is_page=format_of(text, suffix) == "html")
    return Transcript(
        title=title if title is not None else _title(turns, declarations),
        language=main_language,
        speakers=tuple(_speakers(turns, people, guesses)),
        turns=turns,
        receipt=audit_characters(text, turns, _non_text_spans(source, separated), source.escapes),
        warnings=(*(near.as_warning for near in misread), *_mark_warnings(source.paragraphs)),
    )


def _separate_labels(
    source: SourceDocument, known: Mapping[str, Speaker], declarations: Declarations, language: str
) -> tuple[tuple[Passage, ...], tuple[Misprint, ...]]:
    """Separate each paragraph's label from its words: what the format names, what the text shows, what is misprinted.

    Returns:
        The passages, and the labels that are read as a name of the front matter.

    Raises:
        SourceError: A label almost is the name of a speaker in the settings.
        ConfigurationError: No label is the name of a speaker in the settings, and one almost is.
    """
    named = source.speakers
    labels, misread = _labels(source, known, declarations, language) if None in named else (named, ())
    passages = tuple(
        _named_by_format(paragraph, given) if given else separate_label(paragraph, label)
        for paragraph, given, label in zip(source.paragraphs, named, labels, strict=True)
    )
    return passages, misread


def _named_by_format(paragraph: Paragraph, label: Label) -> Passage:
    """Return the words of a speaker whom the format names: all of the paragraph."""
    where = (paragraph.offsets[0], paragraph.offsets[-1] + 1)
    return Passage(paragraph, label, paragraph.text, where, is_credit=False)


def _labels(
    source: SourceDocument, known: Mapping[str, Speaker], declarations: Declarations, language: str
) -> tuple[_Labels, tuple[Misprint, ...]]:
    """Return the labels that speak, declared ones without further evidence, misprints under the name they mean."""
    paragraphs, silent = source.paragraphs, declarations.silent
    candidates: _Labels = [
        None if paragraph.offsets and paragraph.offsets[0] in silent else label or read_label(paragraph.text)
        for paragraph, label in zip(paragraphs, source.speakers, strict=True)
    ]
    _refuse_misprints(paragraphs, candidates, known)
    misread = _misread(source, candidates, declarations)
    corrected = _corrected(candidates, misread)
    keys = frozenset(label.key for label in source.speakers if label) | known_forms(known)
    labels = find_speaking_labels(paragraphs, corrected, keys | declared_keys(declarations, corrected), language)
    return _with_misprints(paragraphs, corrected, labels), misread


def _printed_names(paragraphs: Sequence[Paragraph], candidates: _Labels) -> list[tuple[str, int]]:
    """Return the candidates that have the form of a name, with their lines."""
    pairs = zip(paragraphs, candidates, strict=True)
    return [(label.name, paragraph.line) for paragraph, label in pairs if label and is_name_shaped(label.name)]


def _refuse_misprints(paragraphs: Sequence[Paragraph], candidates: _Labels, known: Mapping[str, Speaker]) -> None:
    """Raise an error where a label almost is a name that the settings declare."""
    people = {name: (name, *speaker.aliases) for name, speaker in known.items() if name not in ROLE_ENTRIES}
    if not people:
        return
    printed = _printed_names(paragraphs, candidates)
    misprints = misprints_of_names(printed, [form for forms in people.values() for form in forms])
    printed_keys = {name_key(name) for name, _ in printed}
    for slip in misprints:
        entry = next((name for name, forms in people.items() if slip.meant in forms), None)
        # Where no label is any form of the entry, the settings are more likely wrong than every label of the text.
        if entry and printed_keys.isdisjoint(map(name_key, people[entry])) and (place := known[entry].place):
            who = f"nobody is called {slip.meant}{suggestion(slip.printed)}"
            otherwise = f"If that is somebody else (line {slip.line} of the text), add {slip.printed}: {{}}"
            raise ConfigurationError(f"{who} {otherwise}", *place)
    if misprints:
        raise SourceError("; ".join(map(str, misprints)))


def _with_misprints(paragraphs: Sequence[Paragraph], candidates: _Labels, labels: _Labels) -> _Labels:
    """Return the labels; one that occurs once and is almost another that recurs is given to that one's speaker."""
    accepted = {label.name: label for label in labels if label}
    printed = _printed_names(paragraphs, [label or other for label, other in zip(labels, candidates, strict=True)])
    meant = {near.printed: accepted[near.meant] for near in misprints_of_labels(printed) if near.meant in accepted}
    return [
        replace(candidate, key=meant[candidate.name].key, misprint_of=meant[candidate.name].name)
        if candidate and candidate.name in meant
        else label
        for candidate, label in zip(candidates, labels, strict=True)
    ]


def _misread(source: SourceDocument, candidates: _Labels, declarations: Declarations) -> tuple[Misprint, ...]:
    """Return the labels that almost are a name of the front matter, which is the text's own and may be wrong too."""
    names = [name for person in declarations.in_front_matter for name in (person.name, *person.forms)]
    return misprints_of_names(_printed_names(source.paragraphs, candidates), names) if names else ()


def _corrected(candidates: _Labels, misread: Sequence[Misprint]) -> _Labels:
    """Return the candidates, those that are misprinted with the key of the name that they mean."""
    meant = {near.printed: near.meant for near in misread}
    return [
        replace(label, key=name_key(meant[label.name]), misprint_of=meant[label.name])
        if label and label.name in meant
        else label
        for label in candidates
    ]


def _genders(
    passages: Sequence[Passage], people: People, known: Mapping[str, Speaker]
) -> dict[str, tuple[Gender, str]]:
    """Return the genders that the settings say, and guesses of the others, each with its reason."""
    guesses = guess_genders(people.aliases, [passage.text for passage in passages if not passage.label], people.index)
    said = {name: known[name].gender for name in guesses if name in known}
    return guesses | {name: (gender, "voices.yaml") for name, gender in said.items() if gender != "unknown"}


def _turns(
    source: SourceDocument,
    all_passages: Sequence[Passage],
    classifications: Sequence[Classification],
    language: str,
) -> tuple[Turn, ...]:
    """Return the turns of the passages and of what the format drops, in order of the source."""
    passages = [passage for passage in all_passages if passage.text]
    pairs = zip(source.paragraphs, source.speakers, strict=True)
    named = {paragraph.offsets[0] for paragraph, label in pairs if label}
    is_narrated = not any(classification.kind == "speech" for classification in classifications)
    turns = [_dropped_turn(paragraph, reason, language) for paragraph, reason in source.dropped if paragraph.text]
    marks = _marks(all_passages)
    is_below_row = False
    for number, (passage, classification) in enumerate(zip(passages, classifications, strict=True)):
        kind, is_doubted = classification.kind, classification.reason.startswith(READ_IN_DOUBT)
        # A recording has no headings but those that its format marks: a short line is just said.
        is_heading = kind == "heading" and (passage.paragraph.is_heading or not source.is_recorded)
        if kind == "speech" and passage.paragraph.offsets[0] in named:
            understood = replace(classification, reason=source.reason)
        elif (kind == "heading" and not is_heading) or (kind == "narration" and is_narrated and not is_doubted):
            understood = Classification("narration", None, classification.confidence, _UNLABELLED)
        elif is_below_row and classification.reason.startswith(CONTINUES):
            # Whoever speaks in the last row of a table does not go on below it.
            understood = Classification("narration", None, "inferred", "beside the rows")
        else:
            understood = classification
        if understood.kind == "speech":
            is_below_row = source.reason == SPEAKER_OF_ROW and passage.paragraph.offsets[0] in named
        turns.append(_turn(passage, understood, language, marks[number]))
    ends = {escape.start: escape.end for escape in source.escapes}
    whole = [
        replace(turn, source=(turn.source[0], ends[turn.source[1] - 1])) if turn.source[1] - 1 in ends else turn
        for turn in turns
    ]
    return tuple(sorted(whole, key=lambda turn: turn.source))


def _dropped_turn(paragraph: Paragraph, reason: str, language: str) -> Turn:
    where = (paragraph.offsets[0], paragraph.offsets[-1] + 1)
    spoken = turn_language(paragraph.text, language)
    confidence: Confidence = "certain" if reason == COMMENT else "inferred"
    return Turn("boilerplate", None, None, spoken, paragraph.text, paragraph.line, where, confidence, reason)


def _marks(passages: Sequence[Passage]) -> list[tuple[SpeechMark, ...]]:
    """Return the marks of each passage that has words; a pause that stands alone is before what follows it."""
    found: list[list[SpeechMark]] = []
    waiting: list[SpeechMark] = []
    size = 0
    for passage in passages:
        marks = _marks_behind_label(passage)
        if passage.text:
            found.append([*waiting, *marks])
            waiting, size = [], len(passage.text)
        else:
            waiting += [replace(mark, start=0, end=0) for mark in marks if mark.pause is not None]
    if found:
        found[-1] += [replace(mark, start=size, end=size) for mark in waiting]
    return [tuple(marks) for marks in found]


def _marks_behind_label(passage: Passage) -> tuple[SpeechMark, ...]:
    begin = len(passage.paragraph.text) - len(passage.text)
    return place_marks(passage.paragraph.marks, lambda at: max(0, at - begin), passage.text)


def _mark_warnings(paragraphs: Sequence[Paragraph]) -> Iterator[str]:
    """Yield a line for each mark that is not understood, the first few of them."""
    faults = [f"line {paragraph.line}: {fault}" for paragraph in paragraphs for fault in paragraph.faults]
    yield from faults[:_MAX_MARK_WARNINGS]
    if more := len(faults[_MAX_MARK_WARNINGS:]):
        yield f"{counted(more, 'more mark')} not understood"


def _turn(passage: Passage, classification: Classification, language: str, marks: tuple[SpeechMark, ...]) -> Turn:
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
        marks=marks,
    )


def _title(turns: Sequence[Turn], declarations: Declarations) -> str:
    """Return the title that the text shows, else the one in its front matter."""
    shown = next((turn.text for turn in turns if turn.is_title), "")
    return shown or declarations.front_matter.title or ""


def _speakers(turns: Sequence[Turn], people: People, guesses: Mapping[str, tuple[Gender, str]]) -> Iterator[Person]:
    """Yield the people who have a turn, in order of appearance."""
    forms = _short_forms(turns, people)
    labelled = Counter(turn.speaker for turn in turns if turn.label is not None)
    for name in dict.fromkeys(turn.speaker for turn in turns if turn.speaker):
        gender, reason = guesses.get(name, ("unknown", ""))
        aliases = dict.fromkeys((*people.aliases.get(name, ()), *forms.get(name, ())))
        evidence = "; ".join(filter(None, (_labelled(labelled[name]), people.evidence.get(name, "")))) or UNNAMED
        yield Person(name, people.roles.get(name, "host"), gender, reason, tuple(aliases), evidence)


def _labelled(turns: int) -> str:
    """Say how many labels let somebody speak; nothing where none does."""
    return f"label, {counted(turns, 'turn')}" if turns else ""


def _short_forms(turns: Sequence[Turn], people: People) -> dict[str, list[str]]:
    """Return the forms of each person's name that the text uses without the rest of it."""
    forms: dict[str, list[str]] = {}
    for turn in turns:
        if not (mentions := people.index.find(turn.text)):
            continue
        for before, mention, after in zip((None, *mentions), mentions, (*mentions[1:], None), strict=False):
            neighbours = [other for other in (before, after) if other and other.person == mention.person]
            # A space or a middle dot at most is between the parts of one name.
            is_part = any(
                -2 < other.start - mention.end < 3 or -2 < mention.start - other.end < 3 for other in neighbours
            )
            if not is_part and mention.form != mention.person:
                forms.setdefault(mention.person, []).append(mention.form)
    return forms


def _non_text_spans(source: SourceDocument, passages: Sequence[Passage]) -> Iterator[NonTextSpan]:
    """Yield what is not words; of two spans that overlap, the later one tells why."""
    for passage in passages:
        yield from _label_span(passage)
    for paragraph in (*source.paragraphs, *(paragraph for paragraph, _ in source.dropped)):
        yield from paragraph.cuts
    yield from source.cuts


def _label_span(passage: Passage) -> Iterator[NonTextSpan]:
    if passage.label and passage.label.end:
        paragraph = passage.paragraph
        printed = paragraph.text[: passage.label.end].rstrip()
        yield NonTextSpan(paragraph.offsets[0], paragraph.offsets[len(printed) - 1] + 1, "label")
