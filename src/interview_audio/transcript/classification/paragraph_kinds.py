"""Classifies paragraphs: title, narration, speech and whose, pull quote, heading, boilerplate.

The labels are resolved already; each paragraph is judged by its own words and its neighbours. A pull quote is a
sentence of the interview set apart to catch the eye: it repeats what is said elsewhere, and nobody says it twice.
"""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from interview_audio.text.characters import columns
from interview_audio.text.name_key import name_key
from interview_audio.transcript.classification.boilerplate import aside_reason, find_boilerplate
from interview_audio.transcript.classification.dialogue import Dialogue, DialogueState
from interview_audio.transcript.classification.narration import (
    IN_BRACKETS,
    announced_speaker,
    narration_reason,
    speaks_in_first_person,
)
from interview_audio.transcript.layout.paragraphs import Passage
from interview_audio.transcript.lexicon.typography import (
    ends_sentence,
    ends_with_colon,
    ends_with_question,
    is_whole_quotation,
)
from interview_audio.transcript.lexicon.vocabulary import alternations_by_script, phrases
from interview_audio.transcript.turns import TITLE, Confidence, Kind

_GRAM_LETTERS = 8
"""Letters in a row that are compared: enough not to recur by chance, few enough for a quote with small changes."""
_MIN_QUOTE_COLUMNS = 16
_MAX_QUOTE_COLUMNS = 480
"""Columns between which a paragraph can be a pull quote: a shorter one is a reply that may recur (``Yes, I know.``)."""
_REPEATED_SHARE = 0.95
"""Share of a paragraph's rows of letters that must occur elsewhere for it to be a repetition."""
_ATTRIBUTION = re.compile(r"(?<=[”\"」』])\s*[—–―-]{1,2}\s*[^”\"」』]{1,40}\Z")
"""Who said it, behind a quotation."""
_NOT_LETTERS = re.compile(r"[\W_]+")
_ASKS = "a question followed by a labelled answer"
_CONTINUES = "continues"
_MIN_NARRATION = 2
"""Paragraphs of narration between answers from which a document is a reported interview."""
_TITLE_PARAGRAPHS = 20
"""Paragraphs, from the first, among which the title that the front matter gives is looked for."""
_MAX_TITLE_COLUMNS = 180
"""Two lines of print; what is longer introduces the interview."""
_MAX_HEADING_COLUMNS = 60
"""Half a line of print: a heading names its section, and a longer line without a full stop is somebody's words."""
_MAX_REMARK_COLUMNS = 40
"""A closing remark is short; a longer paragraph in such words may be the guest's who goes on."""
_INNER_STOP = re.compile(r"[。！？!?]|\.\s")
_LIST_ITEM = re.compile(r"\s*(?:[-*+•·▪●]|\d{1,2}[.、)）]|[a-z][)）]|[（(]\d{1,2}[)）])\s*\S")
_SECTION_NUMBER = re.compile(
    r"\W*(?:\d{1,2}|[IVX]{1,5}|[一二三四五六七八九十]{1,3}|part (?:\w+)|chapter (?:\w+))\W*\Z", re.IGNORECASE
)
_SPEAKS_TO_SOMEBODY = re.compile(r"\b[Yy]ou(?:r|rs|['’]re)?\b|[你您]")
_LATIN_REMARKS, _CHINESE_REMARKS = alternations_by_script("closing_remark_openings")
_CLOSING_REMARK = re.compile(
    rf"(?:{_LATIN_REMARKS})\b"
    # A Chinese word ends where the next one of a remark begins: 好 in "好，" and in "好再聊", not in 好看.
    rf"|(?:{_CHINESE_REMARKS})(?=[,，。!！、~～\s]|下次|再|你|您|\Z)",
    re.IGNORECASE,
)
_CLOSING_WORDS = re.compile(phrases("closing_words"))


def find_repeated_passages(texts: Sequence[str], candidates: Sequence[int]) -> frozenset[int]:
    """Find the paragraphs that repeat what other paragraphs say.

    Takes time linear in the text. A paragraph that only its own twins repeat is not one: it must be spoken once.

    Args:
        texts: The words of all paragraphs.
        candidates: Indices of those that may be pull quotes.

    Returns:
        The indices of those that are repetitions.
    """
    letters = {index: _NOT_LETTERS.sub("", texts[index]).casefold() for index in candidates if _fits(texts[index])}
    letters = {index: text for index, text in letters.items() if len(text) >= _GRAM_LETTERS}
    twins = Counter(letters.values())
    wanted = {
        text[place : place + _GRAM_LETTERS]
        for text in letters.values()
        for place in range(len(text) - _GRAM_LETTERS + 1)
    }
    if not wanted:
        return frozenset()
    total = _count(texts, wanted)
    return frozenset(index for index, text in letters.items() if _is_repeated(text, total, twins[text]))


def is_set_apart(text: str, *, is_quoted: bool) -> bool:
    """Tell whether a paragraph is wholly in quotation marks, or set as a quotation."""
    return (is_quoted or is_whole_quotation(_ATTRIBUTION.sub("", text))) and columns(text) <= _MAX_QUOTE_COLUMNS


def _fits(text: str) -> bool:
    return _MIN_QUOTE_COLUMNS <= columns(text) <= _MAX_QUOTE_COLUMNS


def _count(texts: Sequence[str], wanted: set[str]) -> Counter[str]:
    total: Counter[str] = Counter()
    for text in texts:
        letters = _NOT_LETTERS.sub("", text).casefold()
        grams = [letters[place : place + _GRAM_LETTERS] for place in range(len(letters) - _GRAM_LETTERS + 1)]
        total.update(filter(wanted.__contains__, grams))
    return total


def _is_repeated(text: str, total: Mapping[str, int], twins: int) -> bool:
    grams = Counter(text[place : place + _GRAM_LETTERS] for place in range(len(text) - _GRAM_LETTERS + 1))
    repeated = sum(count for gram, count in grams.items() if total[gram] > count * twins)
    return repeated >= _REPEATED_SHARE * sum(grams.values())


@dataclass(frozen=True, slots=True)
class Classification:
    """What a paragraph is."""

    kind: Kind
    speaker: str | None
    confidence: Confidence
    reason: str


def _first_line_title(passages: Sequence[Passage], boilerplate: Mapping[int, str]) -> int | None:
    """Find the passage that is the document's title: the first one, if it is set or written as a title."""
    first = next((index for index in range(len(passages)) if index not in boilerplate), None)
    if first is None or passages[first].label or passages[first].is_credit:
        return None
    text = passages[first].text
    is_written_so = columns(text) <= _MAX_TITLE_COLUMNS and not text.rstrip().endswith(
        (".", "。", ":", "：", ",", "，", ";", "；")
    )
    return first if passages[first].paragraph.is_heading or is_written_so else None


def classify(dialogue: Dialogue) -> tuple[Classification, ...]:
    """Classify every passage of a dialogue.

    Returns:
        A classification for each passage, in order.
    """
    passages = dialogue.passages
    boilerplate = _find_boilerplate(dialogue)
    title = _title_of(dialogue, boilerplate)
    repeated = find_repeated_passages([passage.text for passage in passages], _may_be_pulled(dialogue, title))
    state = DialogueState(dialogue)
    classifications: list[Classification] = []
    for index, passage in enumerate(passages):
        if index in boilerplate:
            classification = Classification("boilerplate", None, _sureness(boilerplate[index]), boilerplate[index])
        elif index == title:
            classification = Classification("heading", None, "certain", TITLE)
        else:
            classification = _classify_passage(state, index, is_repeated=index in repeated)
        classifications.append(classification)
        if classification.kind == "speech" and classification.speaker:
            state.heard(classification.speaker, passage)
        elif classification.kind == "narration":
            state.narrated(passage)
    return _without_stray_narration(dialogue, classifications)


def _may_be_pulled(dialogue: Dialogue, title: int | None) -> list[int]:
    """Return the indices of what may be pull quotes; where each sentence has its line, only if set apart."""
    found = [index for index, speaker in enumerate(dialogue.speakers) if speaker is None and index != title]
    passages = dialogue.passages
    return [index for index in found if _is_set_apart(passages[index])] if dialogue.is_linewise else found


def _is_set_apart(passage: Passage) -> bool:
    return passage.paragraph.is_strong or is_set_apart(passage.text, is_quoted=passage.paragraph.is_quoted)


def _without_stray_narration(
    dialogue: Dialogue, classifications: Sequence[Classification]
) -> tuple[Classification, ...]:
    """Take as narration what no sign makes speech, where all else without a label is narration.

    A reported interview labels every answer; what is between them is the author's.
    """
    told = sum(
        classification.kind == "narration" and classification.reason != IN_BRACKETS
        for classification in classifications[dialogue.first :]
    )
    unclear = [
        index
        for index, classification in enumerate(classifications)
        if classification.reason.startswith(_CONTINUES) and classification.speaker
    ]
    said = any(_has_sign_of_speech(dialogue.passages[index].text) for index in unclear)
    if told < _MIN_NARRATION or said:
        return tuple(classifications)
    narration = Classification("narration", None, "guessed", "between answers, like other narration")
    return tuple(
        narration if index in unclear else classification for index, classification in enumerate(classifications)
    )


def _find_boilerplate(dialogue: Dialogue) -> dict[int, str]:
    """Return what is not read: at the ends, between the words where its form is plain, and the front matter."""
    passages, declarations = dialogue.passages, dialogue.document.declarations
    found = find_boilerplate(passages, dialogue.document.questions)
    for index, passage in enumerate(passages):
        starts = passage.paragraph.offsets[0]
        if starts in declarations.front_matter.starts:
            found[index] = "front matter"
        elif starts in declarations.listing or passage.is_credit:
            found.pop(index, None)
        elif dialogue.speaker(index) is None and not passage.label and (reason := aside_reason(passage.text)):
            found.setdefault(index, reason)
    return found


def _title_of(dialogue: Dialogue, boilerplate: Mapping[int, str]) -> int | None:
    """Return the title's index: what the front matter says, else the first line unless it is the first question."""
    passages = dialogue.passages
    if title := name_key(dialogue.document.declarations.front_matter.title):
        top = (index for index in range(min(len(passages), _TITLE_PARAGRAPHS)) if index not in boilerplate)
        return next((index for index in top if name_key(passages[index].text) == title), None)
    has_host = "host" in dialogue.people.roles.values()
    begins_with_question = not has_host and bool(passages) and not passages[0].label and _asks(dialogue, 0, None)
    if begins_with_question or (
        passages and passages[0].paragraph.offsets[0] in dialogue.document.declarations.listing
    ):
        return None
    return _first_line_title(passages, boilerplate)


def _sureness(reason: str) -> Confidence:
    return "guessed" if reason.startswith("slogan") else "certain" if reason == "front matter" else "inferred"


def _classify_passage(state: DialogueState, index: int, *, is_repeated: bool) -> Classification:
    dialogue, passage = state.dialogue, state.dialogue.passages[index]
    if index in dialogue.document.questions:
        return Classification("speech", dialogue.host, "inferred", "formatted like the other questions")
    if passage.label:
        return _labelled(dialogue, passage)
    if passage.is_credit or passage.paragraph.offsets[0] in dialogue.document.declarations.listing:
        return Classification("narration", None, "inferred", "lists the participants")
    if is_repeated and not state.announced_speaker and not passage.paragraph.is_heading:
        return Classification("quote", None, "certain", "repeats a passage of the text")
    return _before_interview(state, index) if index < dialogue.first else _within_interview(state, index)


def _labelled(dialogue: Dialogue, passage: Passage) -> Classification:
    assert passage.label is not None
    label = passage.label
    speaker = dialogue.people.speaker_of(label)
    if speaker is None:
        return Classification("narration", None, "certain", f"label {label.printed}")
    if label.misprint_of:
        return Classification("speech", speaker, "guessed", f"label {label.printed}, close to {label.misprint_of}")
    if label.called:
        return Classification("speech", speaker, "inferred", f"the mark {label.printed} changes the speaker")
    return Classification("speech", speaker, "certain", f"label {label.printed}")


def _before_interview(state: DialogueState, index: int) -> Classification:
    """Classify a paragraph above the first speaker: introduction, unless it announces a person who then speaks."""
    passage = state.dialogue.passages[index]
    if passage.paragraph.is_heading:
        return Classification("heading", None, "certain", "formatted as a heading")
    if state.announced_speaker:
        return Classification("speech", state.announced_speaker, "inferred", "announced by the narration above")
    if "host" not in state.dialogue.people.roles.values() and _asks(state.dialogue, index, None):
        return Classification("speech", state.dialogue.host, "guessed", _ASKS)
    if state.speaker and _goes_on_speaking(state, state.speaker, passage):
        return Classification("speech", state.speaker, "inferred", f"{_CONTINUES} from line {state.speaker_line}")
    return Classification("narration", None, "certain", "introduction")


def _goes_on_speaking(state: DialogueState, speaker: str, passage: Passage) -> bool:
    """Tell whether a paragraph of the introduction is more of the words just announced."""
    is_told = state.is_narrating or narration_reason(passage.text, state.speaker_context(speaker)) is not None
    return not is_told and speaks_in_first_person(passage.text)


def _within_interview(state: DialogueState, index: int) -> Classification:
    dialogue, passage = state.dialogue, state.dialogue.passages[index]
    if state.announced_speaker:
        return Classification("speech", state.announced_speaker, "inferred", "announced by the narration above")
    if passage.paragraph.is_heading:
        return Classification("heading", None, "certain", "formatted as a heading")
    if is_set_apart(passage.text, is_quoted=passage.paragraph.is_quoted) and not _is_led_in(dialogue, index):
        return Classification("quote", None, "inferred", "paragraph in quotation marks")
    if reason := _why_heading(state, index):
        return Classification("heading", None, "inferred", reason)
    return _spoken_or_narrated(state, index)


def _is_led_in(dialogue: Dialogue, index: int) -> bool:
    """Tell whether the paragraph above ends with a colon: the quotation belongs to what is told."""
    return index > 0 and ends_with_colon(dialogue.passages[index - 1].text)


def _why_heading(state: DialogueState, index: int) -> str | None:
    dialogue, passage = state.dialogue, state.dialogue.passages[index]
    text = passage.text
    if _SECTION_NUMBER.fullmatch(text) and not dialogue.is_host(state.speaker):
        return "section number"
    if columns(text) > _MAX_HEADING_COLUMNS or ends_sentence(text) or _INNER_STOP.search(text):
        return None
    if passage.paragraph.is_strong:
        return "short line in bold"
    if dialogue.is_host(dialogue.speaker(index + 1)):
        return "short line above a question"
    is_answer = dialogue.is_host(state.speaker) and not state.is_narrating
    if is_answer or not state.is_punctuated or _is_led_in(dialogue, index) or _is_listed(dialogue, index):
        return None
    return "short line, not a sentence"


def _is_listed(dialogue: Dialogue, index: int) -> bool:
    """Tell whether the line is an item of a list."""
    return _LIST_ITEM.match(dialogue.passages[index].paragraph.printed) is not None


def _spoken_or_narrated(state: DialogueState, index: int) -> Classification:
    dialogue, passage = state.dialogue, state.dialogue.passages[index]
    after_host = dialogue.is_host(state.speaker)
    speaker = (state.person_asked if after_host else state.speaker) or dialogue.host
    if announced_speaker(passage.text, dialogue.people.index, dialogue.genders, speaker):
        return Classification("narration", None, "inferred", "announces a speaker")
    if reason := narration_reason(passage.text, state.speaker_context(speaker)):
        return Classification("narration", None, "inferred", reason)
    if state.is_narrating and not _has_sign_of_speech(passage.text):
        return Classification("narration", None, "inferred", "continues the narration above")
    if after_host:
        return _after_question(state, index, speaker)
    if _asks(dialogue, index, speaker):
        return Classification("speech", dialogue.host, "guessed", _ASKS)
    if _is_remark(dialogue, index):
        return Classification("speech", dialogue.host, "guessed", "closing remark, typical of a host")
    confidence: Confidence = "guessed" if state.is_narrating else "inferred"
    return Classification("speech", speaker, confidence, f"{_CONTINUES} from line {state.speaker_line}")


def _has_sign_of_speech(text: str) -> bool:
    return speaks_in_first_person(text) or _SPEAKS_TO_SOMEBODY.search(text) is not None


def _after_question(state: DialogueState, index: int, speaker: str) -> Classification:
    """Return the answer, unless the host goes on: the answer comes with a label, or nothing was asked."""
    dialogue, host, text = state.dialogue, state.speaker, state.dialogue.passages[index].text
    below = dialogue.next_speakers[index]
    is_answered_below = below is not None and not dialogue.is_host(below)
    is_rest_of_question = is_answered_below and ends_with_question(text)
    is_rest_of_host = not state.has_asked and below is not None and state.labels_answers
    if is_rest_of_question or is_rest_of_host:
        return Classification("speech", host, "guessed", f"{_CONTINUES} from line {state.speaker_line}")
    how = f"addressed as {speaker}" if state.asked else "answers most often"
    return Classification("speech", speaker, "inferred", f"answers line {state.speaker_line}: {how}")


def _asks(dialogue: Dialogue, index: int, speaker: str | None) -> bool:
    """Tell whether a paragraph is an unlabelled question between two labelled answers of one person."""
    below = dialogue.speaker(index + 1)
    is_answered = below is not None and not dialogue.is_host(below) and speaker in (None, below)
    return is_answered and ends_with_question(dialogue.passages[index].text)


def _is_remark(dialogue: Dialogue, index: int) -> bool:
    """Tell whether a short paragraph closes the answer above in a host's words."""
    text = dialogue.passages[index].text.strip()
    is_opened_so = _CLOSING_REMARK.match(text) is not None and _CLOSING_WORDS.search(text) is not None
    return is_opened_so and columns(text) <= _MAX_REMARK_COLUMNS and not dialogue.is_host(dialogue.speaker(index + 1))
