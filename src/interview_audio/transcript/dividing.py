"""Divides each paragraph into its label and its words: what is declared, what the text shows, what is misprinted."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from interview_audio.configuration.settings import Speaker
from interview_audio.errors import ConfigurationError, SourceError
from interview_audio.transcript.declared_speakers import declared_keys, find_declarations
from interview_audio.transcript.evidence import speaking_labels
from interview_audio.transcript.formats.composition import Composition
from interview_audio.transcript.labels import Label, is_name_shaped, read_label
from interview_audio.transcript.layout import Paragraph
from interview_audio.transcript.names import ROLE_ENTRIES, known_forms
from interview_audio.transcript.near_misses import find_misprints, find_near_misses
from interview_audio.transcript.passages import Passage, tell_apart
from interview_audio.transcript.roles import fold

Labels = Sequence[Label | None]


def divide(source: Composition, known: Mapping[str, Speaker]) -> tuple[Passage, ...]:
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
        _said_by(paragraph, given) if given else tell_apart(paragraph, label)
        for paragraph, given, label in zip(source.paragraphs, named, labels, strict=True)
    )


def _labels(source: Composition, known: Mapping[str, Speaker]) -> Labels:
    paragraphs = source.paragraphs
    declared = find_declarations(paragraphs)
    candidates = [
        None if paragraph.offsets and paragraph.offsets[0] in declared.silent else label or read_label(paragraph.text)
        for paragraph, label in zip(paragraphs, source.speakers, strict=True)
    ]
    names = [name for person in declared.in_front_matter for name in (person.name, *person.forms)]
    _refuse_near_misses(paragraphs, candidates, known, names)
    keys = frozenset(label.key for label in source.speakers if label) | known_forms(known)
    labels = speaking_labels(paragraphs, candidates, keys | declared_keys(declared, candidates))
    return _with_misprints(paragraphs, candidates, labels)


def _refuse_near_misses(
    paragraphs: Sequence[Paragraph], candidates: Labels, known: Mapping[str, Speaker], declared: Sequence[str]
) -> None:
    people = {name: (name, *speaker.aliases) for name, speaker in known.items() if name not in ROLE_ENTRIES}
    printed = [
        (label.name, paragraph.line)
        for paragraph, label in zip(paragraphs, candidates, strict=True)
        if label and is_name_shaped(label.name)
    ]
    slips = find_near_misses(printed, [*(form for forms in people.values() for form in forms), *declared])
    there = {fold(name) for name, _ in printed}
    for slip in slips:
        entry = next((name for name, forms in people.items() if slip.meant in forms), None)
        if entry and there.isdisjoint(map(fold, people[entry])) and (place := known[entry].place):
            who = f"nobody is called {slip.meant}; did you mean {slip.printed} (line {slip.line} of the text)?"
            raise ConfigurationError(f"{who} If that is somebody else, add {slip.printed}: {{}}", *place)
    if slips:
        raise SourceError("; ".join(map(str, slips)))


def _with_misprints(paragraphs: Sequence[Paragraph], candidates: Labels, labels: Labels) -> Labels:
    """Give the label that occurs once, and is almost one that recurs, to the speaker of that one."""
    accepted = {label.name: label for label in labels if label}
    printed = [
        (label.name, paragraph.line)
        for paragraph, candidate, accepted_label in zip(paragraphs, candidates, labels, strict=True)
        if (label := accepted_label or candidate) and is_name_shaped(label.name)
    ]
    meant = {near.printed: accepted[near.meant] for near in find_misprints(printed) if near.meant in accepted}
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
