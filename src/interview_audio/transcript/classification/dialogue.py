"""The dialogue as classification walks through it: who is known to speak where, and what has been read so far."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

from interview_audio.text.characters import columns
from interview_audio.transcript.classification.narration import (
    Antecedents,
    SpeakerContext,
    announced_speaker,
    only_interrupts,
)
from interview_audio.transcript.layout.paragraphs import Passage
from interview_audio.transcript.lexicon.personal_names import addressed_person
from interview_audio.transcript.lexicon.typography import (
    ends_sentence,
    ends_with_question,
    requests_words,
)
from interview_audio.transcript.people.hosts_and_guests import name_of_nobody
from interview_audio.transcript.people.resolution import DocumentContext, People
from interview_audio.transcript.turns import Gender

_PUNCTUATED_SHARE = 0.85
"""Share of labelled paragraphs that end as sentences do above which a line that does not is not speech."""
_MIN_PUNCTUATED = 4
_MIN_COLUMNS_OF_SPEECH = 30
"""Columns above which a labelled paragraph says something of how the text is punctuated."""
_MAX_SENTENCE_COLUMNS = 120
"""Columns of a sentence that has a line of its own; a paragraph of speech is usually longer."""
_LABELLED_ANSWERS_SHARE = 0.5
"""Share of answers with a label, as compared to questions, above which an answer without one is an exception."""

_ASKING_SHARE = 0.5
"""Share of a host's turns that ask, below which they are one of those who tell."""
_MIN_LABELLED_ANSWERS = 3
_LABELLED_TO_OTHERS = 3
"""So many answers with a label to one without, where the document labels every answer."""


@dataclass(frozen=True, slots=True)
class Dialogue:
    """A document with its people resolved: all that classification looks at."""

    document: DocumentContext
    people: People
    genders: Mapping[str, Gender]
    language: str
    is_recorded: bool = False
    """Whether the source is the record of a voice, by its format."""
    reads_everything: bool = False
    """Whether nothing is to be left out but what the file says about itself."""
    speakers: tuple[str | None, ...] = field(init=False)
    """For each passage the one whose label it has, or whom its style shows."""
    next_speakers: tuple[str | None, ...] = field(init=False)
    """For each passage the next one below it that ``speakers`` knows."""
    first: int = field(init=False)
    """Index of the first passage that has a speaker."""

    def __post_init__(self) -> None:
        """Work out who is known to speak where."""
        questions = self.document.questions
        named = [self.people.speaker_of(passage.label) if passage.label else None for passage in self.passages]
        speakers = [self.host if index in questions else name for index, name in enumerate(named)]
        object.__setattr__(self, "speakers", tuple(speakers))
        object.__setattr__(self, "next_speakers", _next_below(speakers))
        begun = (index for index in range(len(speakers)) if self.passages[index].label or index in questions)
        object.__setattr__(self, "first", next(begun, len(speakers)))

    @property
    def passages(self) -> tuple[Passage, ...]:
        """The paragraphs with words, in order."""
        return self.document.worded

    def speaker(self, index: int) -> str | None:
        """Return the speaker whom a passage's label or style names; None for the narrator and where there is none."""
        return self.speakers[index] if 0 <= index < len(self.speakers) else None

    def is_host(self, speaker: str | None) -> bool:
        """Tell whether a speaker is a host."""
        return speaker is not None and self.people.roles.get(speaker, "host") == "host"

    @property
    def host(self) -> str:
        """The host, or what the host of a text without one is called."""
        hosts = (name for name, role in self.people.roles.items() if role == "host")
        return next(hosts, name_of_nobody("host", self.language))

    @property
    def is_punctuated(self) -> bool:
        """Whether the document ends what is said with a full stop or the like."""
        said = [p.text for p in self.passages if p.label and columns(p.text) >= _MIN_COLUMNS_OF_SPEECH]
        return len(said) >= _MIN_PUNCTUATED and sum(map(ends_sentence, said)) >= _PUNCTUATED_SHARE * len(said)

    @property
    def ends_its_sentences(self) -> bool:
        """Whether what is said with a label ends as sentences do, however little that is."""
        said = [passage.text for passage in self.passages if passage.label]
        return sum(map(ends_sentence, said)) >= _PUNCTUATED_SHARE * len(said)

    @property
    def has_labels(self) -> bool:
        """Whether somebody is known to speak."""
        return self.first < len(self.passages)

    @property
    def end(self) -> int:
        """Index below the last passage that has a speaker."""
        return next((index + 1 for index in range(len(self.speakers) - 1, -1, -1) if self.speakers[index]), 0)

    @property
    def first_exchange(self) -> int:
        """Index of the first label below which, without a heading between them, another speaks; else of any label.

        Notes above the talk may have somebody's name before a colon as well.
        """
        begin: int | None = None
        for index in range(self.first, len(self.passages)):
            speaker = self.speakers[index]
            if self.passages[index].paragraph.is_heading and speaker is None:
                begin = None
            elif begin is not None and speaker not in (None, self.speakers[begin]):
                return begin
            elif speaker is not None:
                begin = index
        return self.first

    @property
    def is_bare_talk(self) -> bool:
        """Whether the document is a record of talk and nothing else: no page is set around it."""
        timed = sum(passage.paragraph.is_timed for passage in self.passages)
        return self.is_recorded or (not self.has_labels and 2 * timed >= max(1, len(self.passages)))

    @property
    def is_linewise(self) -> bool:
        """Whether each sentence has its own line, so that what is said twice is not a pull quote."""
        below = range(self.first if self.has_labels else 0, len(self.passages))
        widths = sorted(columns(self.passages[index].text) for index in below if self.speakers[index] is None)
        return 2 * len(widths) > len(below) and widths[len(widths) // 2] <= _MAX_SENTENCE_COLUMNS

    @property
    def labels_answers(self) -> bool:
        """Whether the document labels the answers, not the questions alone."""
        asked = sum(self.is_host(name) for name in self.speakers)
        answered = sum(name is not None for name in self.speakers) - asked
        return answered >= _LABELLED_ANSWERS_SHARE * asked

    @property
    def _labels_every_answer(self) -> bool:
        """Whether questions are answered below a label, nearly always."""
        asking = [
            index
            for index, speaker in enumerate(self.speakers)
            if self.is_host(speaker) and ends_with_question(self.passages[index].text)
        ]
        below = [self.speaker(index + 1) for index in asking]
        labelled = sum(speaker is not None and not self.is_host(speaker) for speaker in below)
        unlabelled = sum(
            speaker is None and self.is_host(self.next_speakers[index])
            for index, speaker in zip(asking, below, strict=True)
        )
        return labelled >= max(_MIN_LABELLED_ANSWERS, _LABELLED_TO_OTHERS * unlabelled)

    @property
    def is_round_table(self) -> bool:
        """Whether hosts mostly tell things themselves and every answer has its label: then others go on speaking."""
        said = [
            passage.text
            for passage, speaker in zip(self.passages, self.speakers, strict=True)
            if passage.label and self.is_host(speaker)
        ]
        return sum(map(ends_with_question, said)) < _ASKING_SHARE * len(said) and self._labels_every_answer


class DialogueState:
    """What has been read so far of a dialogue, for what comes next."""

    def __init__(self, dialogue: Dialogue) -> None:
        self.dialogue = dialogue
        self.is_punctuated = dialogue.is_punctuated
        self.may_have_headings = dialogue.ends_its_sentences
        self.labels_answers = dialogue.labels_answers
        self.speaker: str | None = None
        """Whose words came last."""
        self.speaker_line = 0
        self.asked: str | None = None
        """Whom the latest question with an address addressed."""
        self.announced_speaker: str | None = None
        """Whose words the paragraph just above announces."""
        self.answerer: str | None = None
        self.is_narrating = False
        self.is_in_afterword = False
        """Whether the author has the last word, below a heading that says so."""
        self.has_asked = False
        """Whether the words that came last ended with a question, or asked to be told something."""
        self._spoken = Antecedents()
        self._unread: list[str] = []
        guests = [name for name, role in dialogue.people.roles.items() if role == "guest"]
        self.guests = Counter(name for name in dialogue.speakers if name and not dialogue.is_host(name))
        self.is_round_table = dialogue.is_round_table
        self.only_guest = guests[0] if len(guests) == 1 else None

    def heard(self, speaker: str, passage: Passage) -> None:
        """Take note of speech."""
        if self.dialogue.is_host(speaker) and not self.dialogue.is_host(self.speaker):
            self._spoken, self._unread = Antecedents(), []
        self._unread.append(passage.text)
        self.speaker, self.speaker_line = speaker, passage.paragraph.line
        self.announced_speaker, self.is_narrating = None, False
        is_host = self.dialogue.is_host(speaker)
        self.has_asked = ends_with_question(passage.text) or (is_host and requests_words(passage.text))
        if is_host:
            person = addressed_person(passage.text, self.dialogue.people.index)
            self.asked = person if person and not self.dialogue.is_host(person) else self.asked
        else:
            self.answerer = speaker

    def narrated(self, passage: Passage) -> None:
        """Take note of narration; a remark in brackets interrupts and does not end what is said."""
        people = self.dialogue.people
        self.announced_speaker = announced_speaker(passage.text, people.index, self.dialogue.genders, self.speaker)
        self.is_narrating = self.is_narrating or not only_interrupts(passage.text)

    def speaker_context(self, speaker: str) -> SpeakerContext:
        """Return what is needed to tell narration from the words of a speaker."""
        gender = self.dialogue.genders.get(speaker, "unknown")
        return SpeakerContext(speaker, gender, self._read_spoken, self.dialogue.people.index)

    def _read_spoken(self) -> Antecedents:
        """Return whom the exchange so far speaks of; each paragraph is read once, and only when somebody asks."""
        for text in self._unread:
            self._spoken = self._spoken.and_then(text)
        self._unread.clear()
        return self._spoken

    @property
    def person_asked(self) -> str | None:
        """Who answers a question without a label: the one addressed, else the main guest, else who answered last."""
        main = self.guests.most_common(2)
        if self.asked:
            return self.asked
        if main and (len(main) == 1 or main[0][1] > main[1][1]):
            return main[0][0]
        return self.answerer or self.only_guest


def _next_below(speakers: list[str | None]) -> tuple[str | None, ...]:
    below: list[str | None] = []
    following: str | None = None
    for name in reversed(speakers):
        below.append(following)
        following = name or following
    return tuple(reversed(below))
