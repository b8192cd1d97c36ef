"""Reads the text of an interview: composes layout, labels, names, paragraphs, languages and the receipt."""

from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType

from interview_audio.configuration.settings import Speaker
from interview_audio.errors import SourceError
from interview_audio.transcript.evidence import speaking_labels
from interview_audio.transcript.gender import guess_genders
from interview_audio.transcript.labels import read_label
from interview_audio.transcript.languages import document_language, primary_language, turn_language
from interview_audio.transcript.layout import split_paragraphs
from interview_audio.transcript.markup import Cut
from interview_audio.transcript.names import People, known_forms, resolve_people
from interview_audio.transcript.paragraphs import TITLE, Interview, Verdict, classify
from interview_audio.transcript.passages import Passage, carry_lone_labels, tell_apart
from interview_audio.transcript.receipt import account
from interview_audio.transcript.turns import Gender, Person, Transcript, Turn

NOBODY: Mapping[str, Speaker] = MappingProxyType({})
NO_LABELS = (
    "no speaker label found; begin each speaker's first paragraph with a label and a colon, "
    "such as 'Q:', 'Ida Holm:', '问：' or '记者：'"
)


def parse_transcript(
    text: str, *, known: Mapping[str, Speaker] = NOBODY, language: str | None = None, title: str | None = None
) -> Transcript:
    """Understand the text of an interview.

    Args:
        text: The decoded source, with line feeds as line ends.
        known: ``speakers:`` of the settings; names and aliases there are labels without further evidence.
        language: Language tag of the document, where the user says it.
        title: Title, where the user says it.

    Returns:
        The transcript; its receipt accounts for every code point of ``text``.

    Raises:
        SourceError: The text has no words or no label, or is in a language that cannot be read.
    """
    spoken_language = primary_language(language) if language else document_language(text)
    paragraphs = split_paragraphs(text)
    labels = speaking_labels(paragraphs, [read_label(paragraph.text) for paragraph in paragraphs], known_forms(known))
    divided = tuple(map(tell_apart, paragraphs, labels))
    if not any(passage.label for passage in divided):
        raise SourceError(NO_LABELS)
    passages = carry_lone_labels(divided)
    people = resolve_people(passages, known)
    worded = tuple(passage for passage in passages if passage.text)
    guesses = _genders(worded, people, known)
    genders = {name: gender for name, (gender, _) in guesses.items()}
    verdicts = classify(Interview(worded, people, genders, spoken_language))
    turns = tuple(_turn(passage, verdict, spoken_language) for passage, verdict in zip(worded, verdicts, strict=True))
    if not any(turn.kind == "speech" for turn in turns):
        raise SourceError(
            "the labels in this text have no words after them; put what each speaker says after the colon"
        )
    cuts = (*_label_cuts(divided), *(cut for paragraph in paragraphs for cut in paragraph.cuts))
    return Transcript(
        title=title if title is not None else next((turn.text for turn in turns if turn.reason == TITLE), ""),
        language=spoken_language,
        speakers=tuple(_speakers(turns, people, guesses)),
        turns=turns,
        receipt=account(text, turns, cuts),
    )


def _turn(passage: Passage, verdict: Verdict, language: str) -> Turn:
    return Turn(
        kind=verdict.kind,
        speaker=verdict.speaker,
        label=passage.label.printed if passage.label else None,
        language=turn_language(passage.text, language),
        text=passage.text,
        line=passage.paragraph.line,
        source=passage.source,
        confidence=verdict.confidence,
        reason=verdict.reason,
    )


def _label_cuts(passages: Sequence[Passage]) -> Iterator[Cut]:
    for passage in passages:
        if passage.label:
            paragraph = passage.paragraph
            printed = paragraph.text[: passage.label.end].rstrip()
            yield Cut(paragraph.offsets[0], paragraph.offsets[len(printed) - 1] + 1, "label")


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
