"""Recognises pull quotes: a sentence of the interview set apart to catch the eye, which nobody says twice.

Classifies paragraphs: title, narration, speech and whose, pull quote, heading, boilerplate.

Works on labels that are resolved already; decides only what each paragraph is, from its own words and its neighbours.
"""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from interview_audio.transcript.classification.boilerplate import aside_reason, find_boilerplate
from interview_audio.transcript.classification.conversation import Interview, Reading
from interview_audio.transcript.classification.narration import (
    IN_BRACKETS,
    announced,
    speaks_in_first_person,
    why_narration,
)
from interview_audio.transcript.layout.paragraphs import Passage
from interview_audio.transcript.lexicon.roles import fold
from interview_audio.transcript.lexicon.typography import (
    columns,
    ends_sentence,
    ends_with_colon,
    ends_with_question,
    is_whole_quotation,
)
from interview_audio.transcript.turns import Confidence, Kind

GRAM = 8
"""Letters in a row that are compared."""
NARROWEST = 16
WIDEST = 480
"""Columns between which a paragraph can be a pull quote."""
REPEATED = 0.95
"""Share of a paragraph's rows of letters that must stand elsewhere for it to be a repetition."""
ATTRIBUTION = re.compile(r"(?<=[”\"」』])\s*[—–―-]{1,2}\s*[^”\"」』]{1,40}\Z")
"""Who said it, behind a quotation."""
NOT_LETTERS = re.compile(r"[\W_]+")


def find_repetitions(texts: Sequence[str], candidates: Sequence[int]) -> frozenset[int]:
    """Find the paragraphs that repeat what other paragraphs say.

    Takes time linear in the text. A paragraph that only its own twins repeat is none: one of them must be spoken.

    Args:
        texts: The words of all paragraphs.
        candidates: Indices of those that may be pull quotes.

    Returns:
        The indices of those that are repetitions.
    """
    letters = {index: NOT_LETTERS.sub("", texts[index]).casefold() for index in candidates if _fits(texts[index])}
    letters = {index: text for index, text in letters.items() if len(text) >= GRAM}
    twins = Counter(letters.values())
    wanted = {text[place : place + GRAM] for text in letters.values() for place in range(len(text) - GRAM + 1)}
    if not wanted:
        return frozenset()
    total = _count(texts, wanted)
    return frozenset(index for index, text in letters.items() if _is_repeated(text, total, twins[text]))


def is_set_apart(text: str, *, is_quoted: bool) -> bool:
    """Say whether a paragraph stands wholly in quotation marks, or is set as a quotation."""
    return (is_quoted or is_whole_quotation(ATTRIBUTION.sub("", text))) and columns(text) <= WIDEST


def _fits(text: str) -> bool:
    return NARROWEST <= columns(text) <= WIDEST


def _count(texts: Sequence[str], wanted: set[str]) -> Counter[str]:
    total: Counter[str] = Counter()
    for text in texts:
        letters = NOT_LETTERS.sub("", text).casefold()
        grams = [letters[place : place + GRAM] for place in range(len(letters) - GRAM + 1)]
        total.update(filter(wanted.__contains__, grams))
    return total


def _is_repeated(text: str, total: Mapping[str, int], twins: int) -> bool:
    grams = Counter(text[place : place + GRAM] for place in range(len(text) - GRAM + 1))
    repeated = sum(count for gram, count in grams.items() if total[gram] > count * twins)
    return repeated >= REPEATED * sum(grams.values())


__all__ = ["TITLE", "Interview", "Verdict", "classify", "find_title"]

TITLE = "title"
"""The reason that marks the document's title among the headings."""

ASKS = "a question followed by a labelled answer"
GOES_ON = "continues"
FEWEST_TOLD = 2
"""Paragraphs of narration between answers from which a document is a reported interview."""
TOP = 20
"""Paragraphs, from the first, among which a title that the front matter gives stands again."""
WIDEST_TITLE = 180
WIDEST_HEADING = 60
WIDEST_REMARK = 40
INNER_STOP = re.compile(r"[。！？!?]|\.\s")
LIST_ITEM = re.compile(r"\s*(?:[-*+•·▪●]|\d{1,2}[.、)）]|[a-z][)）]|[（(]\d{1,2}[)）])\s*\S")
SECTION_NUMBER = re.compile(
    r"\W*(?:\d{1,2}|[IVX]{1,5}|[一二三四五六七八九十]{1,3}|part (?:\w+)|chapter (?:\w+))\W*\Z", re.IGNORECASE
)
SPEECH_SIGNS = re.compile(r"\b[Yy]ou(?:r|rs|['’]re)?\b|[你您]")
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


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a paragraph is."""

    kind: Kind
    speaker: str | None
    confidence: Confidence
    reason: str


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


def classify(interview: Interview) -> tuple[Verdict, ...]:
    """Classify every passage of an interview.

    Returns:
        A verdict for each passage, in order.
    """
    passages = interview.passages
    boilerplate = _find_boilerplate(interview)
    title = _title_of(interview, boilerplate)
    repeated = find_repetitions([passage.text for passage in passages], _may_be_pulled(interview, title))
    reading = Reading(interview)
    verdicts: list[Verdict] = []
    for index, passage in enumerate(passages):
        if index in boilerplate:
            verdict = Verdict("boilerplate", None, _sureness(boilerplate[index]), boilerplate[index])
        elif index == title:
            verdict = Verdict("heading", None, "certain", TITLE)
        else:
            verdict = _verdict(reading, index, is_repeated=index in repeated)
        verdicts.append(verdict)
        if verdict.kind == "speech" and verdict.speaker:
            reading.heard(verdict.speaker, passage)
        elif verdict.kind == "narration":
            reading.narrated(passage)
    return _without_stray_narration(interview, verdicts)


def _may_be_pulled(interview: Interview, title: int | None) -> list[int]:
    """Indices of what may be pull quotes; where each sentence has its line, only of what is set apart."""
    found = [index for index, speaker in enumerate(interview.speakers) if speaker is None and index != title]
    passages = interview.passages
    return [index for index in found if _is_set_apart(passages[index])] if interview.is_linewise else found


def _is_set_apart(passage: Passage) -> bool:
    return passage.paragraph.is_strong or is_set_apart(passage.text, is_quoted=passage.paragraph.is_quoted)


def _without_stray_narration(interview: Interview, verdicts: Sequence[Verdict]) -> tuple[Verdict, ...]:
    """Take as narration what no sign makes speech, where all else without a label is narration.

    A reported interview labels every answer; what stands between them is the author's.
    """
    told = sum(verdict.kind == "narration" and verdict.reason != IN_BRACKETS for verdict in verdicts[interview.first :])
    unclear = [
        index for index, verdict in enumerate(verdicts) if verdict.reason.startswith(GOES_ON) and verdict.speaker
    ]
    said = any(_has_sign_of_speech(interview.passages[index].text) for index in unclear)
    if told < FEWEST_TOLD or said:
        return tuple(verdicts)
    narration = Verdict("narration", None, "guessed", "between answers, like other narration")
    return tuple(narration if index in unclear else verdict for index, verdict in enumerate(verdicts))


def _find_boilerplate(interview: Interview) -> dict[int, str]:
    """What is not read: at the ends, between the words where its form is plain, and the front matter."""
    passages, declarations = interview.passages, interview.people.declarations
    found = find_boilerplate(passages, interview.questions)
    for index, passage in enumerate(passages):
        starts = passage.paragraph.offsets[0]
        if starts in declarations.front_matter.starts:
            found[index] = "front matter"
        elif starts in declarations.listing or passage.is_credit:
            found.pop(index, None)
        elif interview.speaker(index) is None and not passage.label and (reason := aside_reason(passage.text)):
            found.setdefault(index, reason)
    return found


def _title_of(interview: Interview, boilerplate: Mapping[int, str]) -> int | None:
    """The line of the title: what the front matter says, else the first line unless that is the first question."""
    passages = interview.passages
    if title := fold(interview.people.declarations.front_matter.title):
        top = (index for index in range(min(len(passages), TOP)) if index not in boilerplate)
        return next((index for index in top if fold(passages[index].text) == title), None)
    has_host = "host" in interview.people.roles.values()
    begins_with_question = not has_host and bool(passages) and not passages[0].label and _asks(interview, 0, None)
    if begins_with_question or (passages and passages[0].paragraph.offsets[0] in interview.people.declarations.listing):
        return None
    return find_title(passages, boilerplate)


def _sureness(reason: str) -> Confidence:
    return "guessed" if reason.startswith("slogan") else "certain" if reason == "front matter" else "inferred"


def _verdict(reading: Reading, index: int, *, is_repeated: bool) -> Verdict:
    interview, passage = reading.interview, reading.interview.passages[index]
    if index in interview.questions:
        return Verdict("speech", interview.host, "inferred", "formatted like the other questions")
    if passage.label:
        return _labelled(interview, passage)
    if passage.is_credit or passage.paragraph.offsets[0] in interview.people.declarations.listing:
        return Verdict("narration", None, "inferred", "lists the participants")
    if is_repeated and not reading.announced and not passage.paragraph.is_heading:
        return Verdict("quote", None, "certain", "repeats a passage of the text")
    return _before_interview(reading, index) if index < interview.first else _within_interview(reading, index)


def _labelled(interview: Interview, passage: Passage) -> Verdict:
    assert passage.label is not None
    label = passage.label
    speaker = interview.people.speaker_of(label)
    if speaker is None:
        return Verdict("narration", None, "certain", f"label {label.printed}")
    if label.misprint_of:
        return Verdict("speech", speaker, "guessed", f"label {label.printed}, close to {label.misprint_of}")
    if label.called:
        return Verdict("speech", speaker, "inferred", f"the mark {label.printed} changes the speaker")
    return Verdict("speech", speaker, "certain", f"label {label.printed}")


def _before_interview(reading: Reading, index: int) -> Verdict:
    """Introduction, unless it announces a person who then speaks."""
    passage = reading.interview.passages[index]
    if passage.paragraph.is_heading:
        return Verdict("heading", None, "certain", "formatted as a heading")
    if reading.announced:
        return Verdict("speech", reading.announced, "inferred", "announced by the narration above")
    if "host" not in reading.interview.people.roles.values() and _asks(reading.interview, index, None):
        return Verdict("speech", reading.interview.host, "guessed", ASKS)
    if reading.speaker and _goes_on_speaking(reading, reading.speaker, passage):
        return Verdict("speech", reading.speaker, "inferred", f"{GOES_ON} from line {reading.speaker_line}")
    return Verdict("narration", None, "certain", "introduction")


def _goes_on_speaking(reading: Reading, speaker: str, passage: Passage) -> bool:
    """Whether a paragraph of the introduction is more of the words just announced."""
    is_told = reading.is_narrating or why_narration(passage.text, reading.listener(speaker)) is not None
    return not is_told and speaks_in_first_person(passage.text)


def _within_interview(reading: Reading, index: int) -> Verdict:
    interview, passage = reading.interview, reading.interview.passages[index]
    if reading.announced:
        return Verdict("speech", reading.announced, "inferred", "announced by the narration above")
    if passage.paragraph.is_heading:
        return Verdict("heading", None, "certain", "formatted as a heading")
    if is_set_apart(passage.text, is_quoted=passage.paragraph.is_quoted) and not _is_led_in(interview, index):
        return Verdict("quote", None, "inferred", "paragraph in quotation marks")
    if reason := _why_heading(reading, index):
        return Verdict("heading", None, "inferred", reason)
    return _spoken_or_narrated(reading, index)


def _is_led_in(interview: Interview, index: int) -> bool:
    """Whether the paragraph above ends with a colon: the quotation belongs to what is told."""
    return index > 0 and ends_with_colon(interview.passages[index - 1].text)


def _why_heading(reading: Reading, index: int) -> str | None:
    interview, passage = reading.interview, reading.interview.passages[index]
    text = passage.text
    if SECTION_NUMBER.fullmatch(text) and not interview.is_host(reading.speaker):
        return "section number"
    if columns(text) > WIDEST_HEADING or ends_sentence(text) or INNER_STOP.search(text):
        return None
    if passage.paragraph.is_strong:
        return "short line in bold"
    if interview.is_host(interview.speaker(index + 1)):
        return "short line above a question"
    is_answer = interview.is_host(reading.speaker) and not reading.is_narrating
    if is_answer or not reading.is_punctuated or _is_led_in(interview, index) or _is_listed(interview, index):
        return None
    return "short line, not a sentence"


def _is_listed(interview: Interview, index: int) -> bool:
    """Whether the line is an item of a list."""
    return LIST_ITEM.match(interview.passages[index].paragraph.printed) is not None


def _spoken_or_narrated(reading: Reading, index: int) -> Verdict:
    interview, passage = reading.interview, reading.interview.passages[index]
    after_host = interview.is_host(reading.speaker)
    speaker = (reading.person_asked if after_host else reading.speaker) or interview.host
    if announced(passage.text, interview.people.index, interview.genders, speaker):
        return Verdict("narration", None, "inferred", "announces a speaker")
    if reason := why_narration(passage.text, reading.listener(speaker)):
        return Verdict("narration", None, "inferred", reason)
    if reading.is_narrating and not _has_sign_of_speech(passage.text):
        return Verdict("narration", None, "inferred", "continues the narration above")
    if after_host:
        return _after_question(reading, index, speaker)
    if _asks(interview, index, speaker):
        return Verdict("speech", interview.host, "guessed", ASKS)
    if _is_remark(interview, index):
        return Verdict("speech", interview.host, "guessed", "closing remark, typical of a host")
    confidence: Confidence = "guessed" if reading.is_narrating else "inferred"
    return Verdict("speech", speaker, confidence, f"{GOES_ON} from line {reading.speaker_line}")


def _has_sign_of_speech(text: str) -> bool:
    return speaks_in_first_person(text) or SPEECH_SIGNS.search(text) is not None


def _after_question(reading: Reading, index: int, speaker: str) -> Verdict:
    """The answer, unless the host goes on: the answer comes with a label, or nothing was asked."""
    interview, host, text = reading.interview, reading.speaker, reading.interview.passages[index].text
    below = interview.next_speakers[index]
    is_answered_below = below is not None and not interview.is_host(below)
    is_rest_of_question = is_answered_below and ends_with_question(text)
    is_rest_of_host = not reading.has_asked and below is not None and reading.labels_answers
    if is_rest_of_question or is_rest_of_host:
        return Verdict("speech", host, "guessed", f"{GOES_ON} from line {reading.speaker_line}")
    how = f"addressed as {speaker}" if reading.asked else "answers most often"
    return Verdict("speech", speaker, "inferred", f"answers line {reading.speaker_line}: {how}")


def _asks(interview: Interview, index: int, speaker: str | None) -> bool:
    """Whether an unlabelled question stands between two labelled answers of one person."""
    below = interview.speaker(index + 1)
    is_answered = below is not None and not interview.is_host(below) and speaker in (None, below)
    return is_answered and ends_with_question(interview.passages[index].text)


def _is_remark(interview: Interview, index: int) -> bool:
    """Whether a short paragraph closes the answer above in a host's words."""
    text = interview.passages[index].text.strip()
    is_opened_so = REMARK.match(text) is not None and CLOSES.search(text) is not None
    return is_opened_so and columns(text) <= WIDEST_REMARK and not interview.is_host(interview.speaker(index + 1))
