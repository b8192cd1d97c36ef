"""Classifies paragraphs: title, narration, speech and whose, pull quote, heading, boilerplate.

Works on labels that are resolved already; decides only what each paragraph is, from its own words and its neighbours.
"""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from interview_audio.transcript.boilerplate import find_boilerplate
from interview_audio.transcript.mentions import addressed
from interview_audio.transcript.names import People
from interview_audio.transcript.narration import announced, speaks_in_first_person, why_narration
from interview_audio.transcript.passages import Passage
from interview_audio.transcript.quotes import find_repetitions, is_set_apart
from interview_audio.transcript.turns import Confidence, Gender, Kind
from interview_audio.transcript.typography import columns, ends_sentence, ends_with_colon, ends_with_question

TITLE = "title"
"""The reason that marks the document's title among the headings."""

ASKS = "asks, and a labelled answer follows"
WIDEST_TITLE = 180
WIDEST_HEADING = 60
WIDEST_REMARK = 40
INNER_STOP = re.compile(r"[。！？!?]|\.\s")
REMARK = re.compile(
    r"(?:ok(?:ay)?|all ?right|alright|fine|fair enough|very well|well then|thanks|thank you|got it|understood"
    r"|i see|great|"
    r"let['’]s (?:talk|leave|move|continue|come back)|another time|next time)\b"
    r"|(?:好吧|好的?|行吧?|可以|明白了?|懂了|了解|谢谢|多谢|感谢|那就|那好|没关系|没事|下次|改天"
    r"|回头)(?=[,，。!！、~～\s]|下次|再|你|您|\Z)",
    re.IGNORECASE,
)
CLOSES = re.compile(
    r"\b(?:next time|another time|later|your time|with us|talking to us|joining us|move on|leave it there)\b"
    r"|下次|改天|回头|再聊|再说|时间|采访|接受"
)
DEFAULT_HOSTS = {"zh": "记者", "en": "Interviewer"}


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a paragraph is."""

    kind: Kind
    speaker: str | None
    confidence: Confidence
    reason: str


@dataclass(frozen=True, slots=True)
class Interview:
    """All that classification looks at."""

    passages: tuple[Passage, ...]
    """Only those with words."""
    people: People
    genders: Mapping[str, Gender]
    language: str

    def speaker(self, index: int) -> str | None:
        """Give the speaker whose label a passage has; None for the narrator and where there is no label."""
        label = self.passages[index].label if 0 <= index < len(self.passages) else None
        return self.people.speaker_of(label) if label else None

    def is_host(self, speaker: str | None) -> bool:
        """Say whether a speaker is a host."""
        return speaker is not None and self.people.roles.get(speaker) == "host"

    @property
    def host(self) -> str:
        """The host, or what the host of a text without one is called."""
        hosts = (name for name, role in self.people.roles.items() if role == "host")
        return next(hosts, DEFAULT_HOSTS.get(self.language, DEFAULT_HOSTS["en"]))


class _Reading:
    """What has been read so far of an interview, for what comes next."""

    def __init__(self, interview: Interview) -> None:
        self.interview = interview
        self.speaker: str | None = None
        """Whose words came last."""
        self.speaker_line = 0
        self.asked: str | None = None
        """Whom the latest question with an address addressed."""
        self.announced: str | None = None
        """Whose words the paragraph just above announces."""
        self.answerer: str | None = None
        self.is_narrating = False
        self.guests = Counter(
            name
            for index in range(len(interview.passages))
            if (name := interview.speaker(index)) and not interview.is_host(name)
        )

    def heard(self, speaker: str, passage: Passage) -> None:
        """Take note of speech."""
        self.speaker, self.speaker_line = speaker, passage.paragraph.line
        self.announced, self.is_narrating = None, False
        if self.interview.is_host(speaker):
            person = addressed(passage.text, self.interview.people.index)
            self.asked = person if person and not self.interview.is_host(person) else self.asked
        else:
            self.answerer = speaker

    def narrated(self, passage: Passage) -> None:
        """Take note of narration."""
        self.announced = announced(passage.text, self.interview.people.index, self.interview.genders, self.speaker)
        self.is_narrating = True

    @property
    def person_asked(self) -> str | None:
        """Who answers a question without a label: the one addressed, else the main guest, else who answered last."""
        main = self.guests.most_common(2)
        if self.asked:
            return self.asked
        if main and (len(main) == 1 or main[0][1] > main[1][1]):
            return main[0][0]
        return self.answerer


def find_title(passages: Sequence[Passage], boilerplate: Mapping[int, str]) -> int | None:
    """Find the passage that is the document's title: the first one, if it is set or written as a title."""
    first = next((index for index in range(len(passages)) if index not in boilerplate), None)
    if first is None or passages[first].label or passages[first].is_credit:
        return None
    text = passages[first].text
    is_written_so = columns(text) <= WIDEST_TITLE and not text.rstrip().endswith(
        (".", "。", ":", "：", ",", "，", ";", "；")
    )
    return first if passages[first].paragraph.is_heading or is_written_so else None


def _begins_with_question(interview: Interview) -> bool:
    """Whether the first line is the first question of a text that labels only the answers."""
    has_host = "host" in interview.people.roles.values()
    return not has_host and bool(interview.passages) and not interview.passages[0].label and _asks(interview, 0)


def classify(interview: Interview) -> tuple[Verdict, ...]:
    """Classify every passage of an interview.

    Returns:
        A verdict for each passage, in order.
    """
    passages = interview.passages
    boilerplate = find_boilerplate(passages)
    title = None if _begins_with_question(interview) else find_title(passages, boilerplate)
    first = next((index for index, passage in enumerate(passages) if passage.label), len(passages))
    unlabelled = [index for index in range(first, len(passages)) if not passages[index].label]
    repeated = find_repetitions([passage.text for passage in passages], unlabelled)
    reading = _Reading(interview)
    verdicts: list[Verdict] = []
    for index, passage in enumerate(passages):
        if index in boilerplate:
            verdict = Verdict("boilerplate", None, _sureness(boilerplate[index]), boilerplate[index])
        elif index == title:
            verdict = Verdict("heading", None, "certain", TITLE)
        elif passage.label:
            verdict = _labelled(interview, passage)
        elif passage.is_credit:
            verdict = Verdict("narration", None, "inferred", "names who has a part")
        elif index < first:
            verdict = _before_interview(reading, index)
        else:
            verdict = _within_interview(reading, index, is_repeated=index in repeated)
        verdicts.append(verdict)
        if verdict.kind == "speech" and verdict.speaker:
            reading.heard(verdict.speaker, passage)
        elif verdict.kind == "narration":
            reading.narrated(passage)
    return tuple(verdicts)


def _sureness(reason: str) -> Confidence:
    return "guessed" if reason.startswith("slogan") else "inferred"


def _labelled(interview: Interview, passage: Passage) -> Verdict:
    assert passage.label is not None
    label = passage.label
    speaker = interview.people.speaker_of(label)
    if speaker is None:
        return Verdict("narration", None, "certain", f"label {label.printed}")
    return Verdict("speech", speaker, "certain", f"label {label.printed}")


def _before_interview(reading: _Reading, index: int) -> Verdict:
    """Introduction, unless it announces a person who then speaks."""
    passage = reading.interview.passages[index]
    if passage.paragraph.is_heading:
        return Verdict("heading", None, "certain", "set as a heading")
    if reading.announced:
        return Verdict("speech", reading.announced, "inferred", "the narration above announces the speaker")
    if "host" not in reading.interview.people.roles.values() and _asks(reading.interview, index):
        return Verdict("speech", reading.interview.host, "guessed", ASKS)
    if reading.speaker and _goes_on_speaking(reading, reading.speaker, passage):
        return Verdict("speech", reading.speaker, "inferred", f"goes on from line {reading.speaker_line}")
    return Verdict("narration", None, "certain", "introduction")


def _goes_on_speaking(reading: _Reading, speaker: str, passage: Passage) -> bool:
    """Whether a paragraph of the introduction is more of the words just announced."""
    index = reading.interview.people.index
    is_told = reading.is_narrating or why_narration(passage.text, speaker, index) is not None
    return not is_told and speaks_in_first_person(passage.text)


def _within_interview(reading: _Reading, index: int, *, is_repeated: bool) -> Verdict:
    interview, passage = reading.interview, reading.interview.passages[index]
    if reading.announced:
        return Verdict("speech", reading.announced, "inferred", "the narration above announces the speaker")
    if is_repeated:
        return Verdict("quote", None, "certain", "repeats what is said elsewhere")
    if passage.paragraph.is_heading:
        return Verdict("heading", None, "certain", "set as a heading")
    if is_set_apart(passage.text, is_quoted=passage.paragraph.is_quoted) and not _is_led_in(interview, index):
        return Verdict("quote", None, "inferred", "set apart in quotation marks")
    if _is_heading(interview, index):
        return Verdict("heading", None, "inferred", "short line above a question")
    return _spoken_or_narrated(reading, index)


def _is_led_in(interview: Interview, index: int) -> bool:
    """Whether the paragraph above ends with a colon: the quotation belongs to what is told."""
    return index > 0 and ends_with_colon(interview.passages[index - 1].text)


def _is_heading(interview: Interview, index: int) -> bool:
    passage = interview.passages[index]
    if columns(passage.text) > WIDEST_HEADING or ends_sentence(passage.text) or INNER_STOP.search(passage.text):
        return False
    return passage.paragraph.is_strong or interview.is_host(interview.speaker(index + 1))


def _spoken_or_narrated(reading: _Reading, index: int) -> Verdict:
    interview, passage = reading.interview, reading.interview.passages[index]
    after_host = interview.is_host(reading.speaker)
    speaker = (reading.person_asked if after_host else reading.speaker) or interview.host
    if announced(passage.text, interview.people.index, interview.genders, speaker):
        return Verdict("narration", None, "inferred", "announces a speaker")
    if reason := why_narration(passage.text, speaker, interview.people.index):
        return Verdict("narration", None, "inferred", reason)
    if reading.is_narrating and not speaks_in_first_person(passage.text):
        return Verdict("narration", None, "inferred", "goes on with the narration above")
    if after_host:
        return _after_question(reading, index, speaker)
    if _asks(interview, index):
        return Verdict("speech", interview.host, "guessed", ASKS)
    if _is_remark(interview, index):
        return Verdict("speech", interview.host, "guessed", "closes the answer above as a host does")
    confidence: Confidence = "guessed" if reading.is_narrating else "inferred"
    return Verdict("speech", speaker, confidence, f"goes on from line {reading.speaker_line}")


def _after_question(reading: _Reading, index: int, speaker: str) -> Verdict:
    """The answer, unless the host goes on and the answer comes with a label."""
    interview, text = reading.interview, reading.interview.passages[index].text
    is_answered_below = interview.speaker(index + 1) is not None and not interview.is_host(interview.speaker(index + 1))
    has_asked = ends_with_question(interview.passages[index - 1].text)
    if is_answered_below and (ends_with_question(text) or not has_asked):
        return Verdict("speech", interview.host, "guessed", f"goes on from line {reading.speaker_line}")
    how = f"addressed as {speaker}" if reading.asked else "the one who answers most"
    return Verdict("speech", speaker, "inferred", f"answers line {reading.speaker_line}: {how}")


def _asks(interview: Interview, index: int) -> bool:
    """Whether an unlabelled question stands between two labelled answers."""
    below = interview.speaker(index + 1)
    return ends_with_question(interview.passages[index].text) and below is not None and not interview.is_host(below)


def _is_remark(interview: Interview, index: int) -> bool:
    """Whether a short paragraph closes the answer above in a host's words."""
    text = interview.passages[index].text.strip()
    is_opened_so = REMARK.match(text) is not None and CLOSES.search(text) is not None
    return is_opened_so and columns(text) <= WIDEST_REMARK and not interview.is_host(interview.speaker(index + 1))
