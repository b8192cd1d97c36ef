"""Classifies paragraphs: title, narration, speech and whose, pull quote, heading, boilerplate.

The labels are resolved already; each paragraph is judged by its own words and its neighbours. A pull quote is a
sentence of the interview set apart to catch the eye: it repeats what is said elsewhere, and nobody says it twice.

What is not read is certain only where the file itself says so; all else together is little, or it is read.
"""

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from interview_audio.text.characters import columns, count_words, name_key
from interview_audio.transcript.classification.boilerplate import (
    CAPTION,
    CONTENTS,
    LINKS_ALONE,
    LIST_ITEM,
    aside_reason,
    captions_below_images,
    entries_of_contents,
    find_boilerplate,
    is_of_notes,
    link_item,
    points_at_picture,
)
from interview_audio.transcript.classification.dialogue import Dialogue, DialogueState
from interview_audio.transcript.classification.narration import (
    ASIDE_REASONS,
    announced_speaker,
    is_speakers_aside,
    narration_reason,
    speaks_in_first_person,
    speaks_to_somebody,
)
from interview_audio.transcript.layout.front_matter import find_recorders_lines
from interview_audio.transcript.layout.paragraphs import Passage
from interview_audio.transcript.lexicon.typography import (
    ends_sentence,
    ends_with_colon,
    ends_with_question,
    is_full_sentence,
    is_whole_bracket,
    is_whole_quotation,
)
from interview_audio.transcript.lexicon.vocabulary import alternation, alternations_by_script, phrases
from interview_audio.transcript.people.declared_speakers import names_transcript
from interview_audio.transcript.turns import (
    FRONT_MATTER,
    KEYS,
    MAX_SKIPPED_SHARE,
    PRINTED_KEYS,
    READ_IN_DOUBT,
    REPEATED,
    SPOKEN_KINDS,
    TITLE,
    Confidence,
    Kind,
)

_MIN_PART_LETTERS = 6
"""Letters of a part of a pull quote: fewer recur by chance."""
_MIN_QUOTE_COLUMNS = 16
_MAX_QUOTE_COLUMNS = 480
"""Columns between which a paragraph can be a pull quote: a shorter one is a reply that may recur (``Yes, I know.``)."""
_MIN_PLAIN_COLUMNS = 40
"""Columns of a sentence that only its twin in a paragraph beside it shows to be a pull quote; a formula is shorter."""
_NEAR = 6
"""Paragraphs: a pull quote stands beside the words that it is taken from."""
_MAX_SEARCHED = 60
"""Pull quotes that are looked for in the whole text."""
_ELLIPSIS = re.compile(r"\[?(?:…+|\.{3,})\]?")
_ATTRIBUTION = re.compile(r"(?<=[”\"」』])\s*[—–―-]{1,2}\s*[^”\"」』]{1,40}\Z")
"""Who said it, behind a quotation."""
_NOT_LETTERS = re.compile(r"[\W_]+")
_FORMATTED = "formatted as a heading"
_MAX_SKIPPED_WORDS = 60
"""Words of the body that may be left out, the greater of both: a caption and a pull quote in a short text."""
_MAX_SHARE_OF_NOTES = 0.25
_MAX_WORDS_OF_NOTES = 120
"""What the notes of a page above the talk may take, the greater of both: more of it is the text."""
_ASKS = "a question followed by a labelled answer"
CONTINUES = "continues"
_MIN_NARRATION = 2
"""Paragraphs of narration between answers from which a document is a reported interview."""
_MAX_SAID_SHARE = 0.2
"""Of the paragraphs without a label, that say I or you, above which they are not the author's."""
_TITLE_PARAGRAPHS = 20
"""Paragraphs, from the first, among which the title that the front matter gives is looked for."""
_MAX_TITLE_COLUMNS = 180
"""Two lines of print; what is longer introduces the interview."""
_SAMPLE = 40
"""Paragraphs below the first line by which a text without labels is known to end its sentences."""
_MIN_ENDED_SHARE = 0.6
_AFTERWORD = re.compile(rf"\W*(?:{alternation('narration/afterword_headings')})\W*", re.IGNORECASE)
_MAX_HEADING_COLUMNS = 60
"""Half a line of print: a heading names its section, and a longer line without a full stop is somebody's words."""
_MAX_REMARK_COLUMNS = 40
"""A closing remark is short; a longer paragraph in such words may be the guest's who goes on."""
_INNER_STOP = re.compile(r"[。！？!?]|\.\s")
_SECTION_NUMBER = re.compile(
    r"\W*(?:\d{1,2}|[IVX]{1,5}|[一二三四五六七八九十]{1,3}|part (?:\w+)|chapter (?:\w+))\W*\Z", re.IGNORECASE
)
_LATIN_REMARKS, _CHINESE_REMARKS = alternations_by_script("closing_remark_openings")
_CLOSING_REMARK = re.compile(
    rf"(?:{_LATIN_REMARKS})\b"
    # A Chinese word ends where the next one of a remark begins: 好 in "好，" and in "好再聊", not in 好看.
    rf"|(?:{_CHINESE_REMARKS})(?=[,，。!！、~～\s]|下次|再|你|您|\Z)",
    re.IGNORECASE,
)
_CLOSING_WORDS = re.compile(phrases("closing_words"))


def find_repeated_passages(
    texts: Sequence[str | None], candidates: Sequence[int], *, within: int | None = None
) -> frozenset[int]:
    """Find the paragraphs whose words stand, word for word, in a longer paragraph.

    Takes time linear in the text. Two paragraphs of the same words do not repeat each other: one must be spoken.

    Args:
        texts: The words of all paragraphs that are read; None for one that is not.
        candidates: Indices of those that may be pull quotes.
        within: How many paragraphs away the longer one may be; None for anywhere.

    Returns:
        The indices of those that are repetitions.
    """
    wanted = {index: parts for index in candidates if (parts := _parts(texts[index] or ""))}
    if not wanted:
        return frozenset()
    letters = [_NOT_LETTERS.sub("", text or "").casefold() for text in texts]
    found = {index for index, parts in wanted.items() if _is_near(letters, index, parts, within or _NEAR)}
    if within is None:
        # Each search goes through the whole text, so that there is a most; a page has a handful of pull quotes.
        everywhere = "\0".join(text for index, text in enumerate(letters) if index not in wanted)
        left = [index for index in wanted if index not in found][:_MAX_SEARCHED]
        found |= {index for index in left if all(part in everywhere for part in wanted[index])}
    return frozenset(found)


def _parts(text: str) -> tuple[str, ...]:
    """Return the letters of a paragraph that may be a pull quote, parted where it leaves words out."""
    text = _ATTRIBUTION.sub("", text)
    if not _MIN_QUOTE_COLUMNS <= columns(text) <= _MAX_QUOTE_COLUMNS:
        return ()
    parts = (_NOT_LETTERS.sub("", part).casefold() for part in _ELLIPSIS.split(text))
    return tuple(part for part in parts if len(part) >= _MIN_PART_LETTERS)


def _is_near(letters: Sequence[str], index: int, parts: Sequence[str], within: int) -> bool:
    beside = (*range(max(0, index - within), index), *range(index + 1, min(len(letters), index + within + 1)))
    length = len(letters[index])
    return any(len(letters[other]) > length and all(part in letters[other] for part in parts) for other in beside)


def is_set_apart(text: str, *, is_quoted: bool) -> bool:
    """Tell whether a paragraph is wholly in quotation marks, or set as a quotation."""
    return (is_quoted or is_whole_quotation(_ATTRIBUTION.sub("", text))) and columns(text) <= _MAX_QUOTE_COLUMNS


@dataclass(frozen=True, slots=True)
class Classification:
    """What a paragraph is."""

    kind: Kind
    speaker: str | None
    confidence: Confidence
    reason: str


def _first_line_title(dialogue: Dialogue, boilerplate: Mapping[int, str]) -> int | None:
    """Find the passage that is the document's title: the first one, if it is set or written as a title."""
    passages = dialogue.passages
    first = next((index for index in range(len(passages)) if index not in boilerplate), None)
    if first is None or passages[first].label or passages[first].is_credit or passages[first].paragraph.is_timed:
        return None
    text = passages[first].text
    if names_transcript(text) or not any(map(str.isalpha, text)):
        return None
    if is_whole_bracket(text) and is_full_sentence(text):
        return None
    if passages[first].paragraph.is_heading:
        return first
    is_written_so = columns(text) <= _MAX_TITLE_COLUMNS and not text.rstrip().endswith(
        (".", "。", ":", "：", ",", "，", ";", "；")
    )
    return first if is_written_so and (dialogue.has_labels or _is_above_sentences(passages, first)) else None


def _is_above_sentences(passages: Sequence[Passage], first: int) -> bool:
    """Tell whether the first line of a text without labels is no sentence, and those below it are."""
    text, below = passages[first].text, passages[first + 1 : first + 1 + _SAMPLE]
    is_sentence = is_full_sentence(text) or _INNER_STOP.search(text) is not None or text[:1].islower()
    goes_on = bool(below) and below[0].text[:1].islower()
    ended = sum(is_full_sentence(passage.text) for passage in below)
    return not is_sentence and not goes_on and ended >= _MIN_ENDED_SHARE * max(1, len(below))


def classify(dialogue: Dialogue) -> tuple[Classification, ...]:
    """Classify every passage of a dialogue.

    Returns:
        A classification for each passage, in order.
    """
    passages = dialogue.passages
    boilerplate = _find_boilerplate(dialogue)
    title = _title_of(dialogue, boilerplate)
    if dialogue.reads_everything:
        boilerplate = {index: reason for index, reason in boilerplate.items() if reason == FRONT_MATTER}
    repeated = _pull_quotes(dialogue, title, boilerplate)
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
    return _within_bounds(dialogue, _without_stray_narration(dialogue, classifications))


def _within_bounds(dialogue: Dialogue, classifications: Sequence[Classification]) -> tuple[Classification, ...]:
    """Read what would not be read, the least certain reasons first, until little enough of the body is left out.

    A rule that takes more away than an editor puts between the words has mistaken the words. The body is what is
    between the first and the last who speaks; of a text without labels, all of it below a page's keys and notes.
    """
    spoken = [index for index, one in enumerate(classifications) if one.kind == "speech"]
    above = max((index + 1 for index, one in enumerate(classifications) if one.reason in KEYS), default=0)
    begin = max(dialogue.document.notes, above)
    body = range(spoken[0], spoken[-1] + 1) if spoken else range(begin, len(classifications))
    by_reason: defaultdict[tuple[Confidence, str], list[int]] = defaultdict(list)
    for index in body:
        one = classifications[index]
        if one.kind not in SPOKEN_KINDS and one.confidence != "certain":
            by_reason[one.confidence, one.reason].append(index)
    skipped = {key: _words(dialogue, found) for key, found in by_reason.items()}
    left = sum(skipped.values())
    if left <= _MAX_SKIPPED_WORDS:
        return tuple(classifications)
    most = max(_MAX_SKIPPED_WORDS, MAX_SKIPPED_SHARE * _words(dialogue, body))
    read = list(classifications)
    for key in sorted(skipped, key=lambda key: (key[0] == "inferred", -skipped[key])):
        if left <= most:
            break
        left -= skipped[key]
        for index in by_reason[key]:
            read[index] = Classification("narration", None, "guessed", f"{READ_IN_DOUBT}{key[1]}")
    return tuple(read)


def _words(dialogue: Dialogue, indices: Iterable[int]) -> int:
    return sum(count_words(dialogue.passages[index].text) for index in indices)


def _pull_quotes(dialogue: Dialogue, title: int | None, boilerplate: Mapping[int, str]) -> frozenset[int]:
    """Return the indices of the pull quotes: set apart as such, and said word for word in a paragraph that is read.

    Mark-up, quotation marks or brackets set one apart. Without them, in a text with labels, it stands beside the words
    that it is taken from, and is no formula: it is long, or has no full stop. Nobody's labelled words are one, and
    where each sentence has its own line anything may be said twice.
    """
    is_linewise = dialogue.is_linewise
    if dialogue.reads_everything or dialogue.is_bare_talk or (is_linewise and not dialogue.has_labels):
        return frozenset()
    passages = dialogue.passages
    unread = {title, *boilerplate}
    texts = [None if index in unread else passage.text for index, passage in enumerate(passages)]
    free = [index for index, passage in enumerate(passages) if index not in unread and _may_be_pulled(passage)]
    marked = [index for index in free if _is_set_apart(passages[index])]
    found = find_repeated_passages(texts, marked)
    if is_linewise:
        return found
    rest = [index for index in free if index > dialogue.first and index not in found]
    plain = [index for index in rest if _is_no_formula(passages[index].text)]
    return found | find_repeated_passages(texts, plain, within=_NEAR)


def _may_be_pulled(passage: Passage) -> bool:
    return not (passage.label or passage.is_credit or passage.paragraph.is_timed or passage.paragraph.is_heading)


def _is_no_formula(text: str) -> bool:
    return columns(text) >= _MIN_PLAIN_COLUMNS or not is_full_sentence(text)


def _is_set_apart(passage: Passage) -> bool:
    return passage.paragraph.is_strong or is_set_apart(passage.text, is_quoted=passage.paragraph.is_quoted)


def _without_stray_narration(
    dialogue: Dialogue, classifications: Sequence[Classification]
) -> tuple[Classification, ...]:
    """Take as narration what no sign makes speech, where all else without a label is narration.

    A reported interview labels every answer; what is between them is the author's. What is above the first exchange
    says nothing of how the talk is told.
    """
    begin = dialogue.first_exchange
    told = _count_told(classifications[begin : dialogue.end])
    unclear = [
        index
        for index, classification in enumerate(classifications)
        if classification.reason.startswith(CONTINUES) and classification.speaker
    ]
    said = {index for index in unclear if _has_sign_of_speech(dialogue.passages[index].text)}
    within = sum(index >= begin for index in said)
    if told < max(_MIN_NARRATION, within) or within > _MAX_SAID_SHARE * len(unclear):
        is_told_above = _count_told(classifications[dialogue.first : begin]) > 0
        notes = range(dialogue.first, begin) if is_told_above else _below_headings_of_notes(dialogue, begin)
        unclear = [index for index in unclear if index in notes]
    others = frozenset(unclear) - said
    narration = Classification("narration", None, "guessed", "between answers, like other narration")
    return tuple(
        narration if index in others else classification for index, classification in enumerate(classifications)
    )


def _count_told(classifications: Sequence[Classification]) -> int:
    """Count the paragraphs of narration that are no aside, which any talk may have."""
    return sum(one.kind == "narration" and one.reason not in ASIDE_REASONS for one in classifications)


def _below_headings_of_notes(dialogue: Dialogue, begin: int) -> frozenset[int]:
    """Return the paragraphs above the first exchange that have a heading between them and the label above them."""
    found: set[int] = set()
    is_below = False
    for index in range(dialogue.first, begin):
        if dialogue.speakers[index] is not None:
            is_below = False
        elif dialogue.passages[index].paragraph.is_heading:
            is_below = True
        elif is_below:
            found.add(index)
    return frozenset(found)


def _find_boilerplate(dialogue: Dialogue) -> dict[int, str]:
    """Return what is not read: at the ends, between the words where its form is plain, and the front matter."""
    passages, declarations = dialogue.passages, dialogue.document.declarations
    front = declarations.front_matter
    declared = {
        index: PRINTED_KEYS if front.is_printed else FRONT_MATTER
        for index, passage in enumerate(passages)
        if passage.paragraph.offsets[0] in front.starts
    }
    is_linewise, is_bare_talk = dialogue.is_linewise, dialogue.is_bare_talk
    found = _asides(dialogue, is_bare_talk=is_bare_talk, is_linewise=is_linewise) | (
        find_recorders_lines(passages, dialogue.first)
        if is_bare_talk
        else find_boilerplate(passages, dialogue.document.questions, is_linewise=is_linewise)
    )
    found = {index: reason for index, reason in found.items() if not _lists_people(dialogue, index)}
    return found | _notes_above_talk(dialogue, declared) | declared


def _notes_above_talk(dialogue: Dialogue, declared: Collection[int]) -> dict[int, str]:
    """Return what of a page's notes above the heading of the talk only lists, names or links; sentences are read."""
    passages = dialogue.passages
    above = [
        index
        for index in range(dialogue.document.notes)
        if index not in declared and not passages[index].paragraph.is_heading
    ]
    title = [] if any(passages[index].paragraph.is_heading for index in range(dialogue.document.notes)) else above[:1]
    found = [
        index
        for index in above
        if index not in title and (_is_listed(dialogue, index) or not is_full_sentence(passages[index].text))
    ]
    if not any(is_of_notes(passages[index]) for index in found):
        return {}
    most = max(_MAX_WORDS_OF_NOTES, _MAX_SHARE_OF_NOTES * _words(dialogue, range(len(passages))))
    return dict.fromkeys(found, "show notes") if _words(dialogue, found) <= most else {}


def _lists_people(dialogue: Dialogue, index: int) -> bool:
    passage = dialogue.passages[index]
    return passage.is_credit or passage.paragraph.offsets[0] in dialogue.document.declarations.listing


def _asides(dialogue: Dialogue, *, is_bare_talk: bool, is_linewise: bool) -> dict[int, str]:
    """Return the asides between the words; in a record of talk only what nobody can say."""
    captions = captions_below_images(dialogue.passages, dialogue.speakers)
    contents = entries_of_contents(dialogue.passages)
    found = {}
    for index, passage in enumerate(dialogue.passages):
        if dialogue.speaker(index) is not None or passage.label:
            continue
        is_beside = index in captions or points_at_picture(dialogue.passages, index)
        reason = CONTENTS if index in contents else aside_reason(passage.text) or link_item(passage)
        reason = reason or (CAPTION if is_beside else None)
        if reason:
            is_said = passage.paragraph.is_timed or (is_linewise and not dialogue.has_labels)
            if reason in LINKS_ALONE or not (is_bare_talk or (is_said and is_full_sentence(passage.text))):
                found[index] = reason
    return found


def _title_of(dialogue: Dialogue, boilerplate: Mapping[int, str]) -> int | None:
    """Return the title's index: what the front matter says, else the first line unless it is the first question."""
    passages = dialogue.passages
    if title := name_key(dialogue.document.declarations.front_matter.title):
        top = (index for index in range(min(len(passages), _TITLE_PARAGRAPHS)) if index not in boilerplate)
        return next((index for index in top if name_key(passages[index].text) == title), None)
    has_host = "host" in dialogue.people.roles.values()
    begins_with_question = not has_host and bool(passages) and not passages[0].label and _asks(dialogue, 0, None)
    if (
        begins_with_question
        or 0 in dialogue.document.questions
        or (passages and passages[0].paragraph.offsets[0] in dialogue.document.declarations.listing)
    ):
        return None
    return _first_line_title(dialogue, boilerplate)


def _sureness(reason: str) -> Confidence:
    if reason == FRONT_MATTER or reason in LINKS_ALONE:  # an address is no words, wherever it is
        return "certain"
    return "guessed" if reason.startswith("slogan") else "inferred"


def _classify_passage(state: DialogueState, index: int, *, is_repeated: bool) -> Classification:
    dialogue, passage = state.dialogue, state.dialogue.passages[index]
    if index in dialogue.document.questions:
        return Classification("speech", dialogue.host, "inferred", "formatted like the other questions")
    if passage.label:
        return _labelled(dialogue, passage)
    if _lists_people(dialogue, index):
        return Classification("narration", None, "inferred", "lists the participants")
    if is_repeated and not state.announced_speaker and not _is_led_in(dialogue, index):
        return Classification("quote", None, "inferred", REPEATED)
    if index <= dialogue.first and names_transcript(passage.text):
        return _heading(passage, "names the transcript")
    if _begins_afterword(dialogue, index):
        state.is_in_afterword = True
        return _heading(passage, "heading of an afterword")
    if state.is_in_afterword and not passage.paragraph.is_heading:
        return Classification("narration", None, "inferred", "afterword")
    return _before_interview(state, index) if index < dialogue.first else _within_interview(state, index)


def _heading(passage: Passage, reason: str) -> Classification:
    """Return a heading: one that the format sets as one is certain."""
    is_set = passage.paragraph.is_heading
    return (
        Classification("heading", None, "certain", _FORMATTED)
        if is_set
        else Classification("heading", None, "inferred", reason)
    )


def _begins_afterword(dialogue: Dialogue, index: int) -> bool:
    """Tell whether a line below the last label is a heading under which the author has the word."""
    is_below = dialogue.has_labels and index > dialogue.first and dialogue.next_speakers[index] is None
    text = dialogue.passages[index].text
    return is_below and len(text) <= _MAX_HEADING_COLUMNS and _AFTERWORD.fullmatch(text) is not None


def _labelled(dialogue: Dialogue, passage: Passage) -> Classification:
    assert passage.label is not None
    label = passage.label
    speaker = dialogue.people.speaker_of(label)
    if speaker is None:
        return Classification("narration", None, "certain", f"label {label.printed}")
    if label.misprint_of:
        return Classification("speech", speaker, "guessed", f"label {label.printed}, close to {label.misprint_of}")
    if label.called and not label.printed[:1].isalnum():
        return Classification("speech", speaker, "inferred", f"the mark {label.printed} changes the speaker")
    return Classification("speech", speaker, "certain", f"label {label.printed}")


def _before_interview(state: DialogueState, index: int) -> Classification:
    """Classify a paragraph above the first speaker: introduction, unless it announces a person who then speaks."""
    passage = state.dialogue.passages[index]
    if passage.paragraph.is_heading:
        return _heading(passage, "")
    if state.announced_speaker:
        return Classification("speech", state.announced_speaker, "inferred", "announced by the narration above")
    if "host" not in state.dialogue.people.roles.values() and _asks(state.dialogue, index, None):
        return Classification("speech", state.dialogue.host, "guessed", _ASKS)
    if state.speaker and _goes_on_speaking(state, state.speaker, passage):
        return Classification("speech", state.speaker, "inferred", f"{CONTINUES} from line {state.speaker_line}")
    return Classification("narration", None, "certain", "introduction")


def _goes_on_speaking(state: DialogueState, speaker: str, passage: Passage) -> bool:
    """Tell whether a paragraph of the introduction is more of the words just announced."""
    is_told = state.is_narrating or narration_reason(passage.text, state.speaker_context(speaker)) is not None
    return not is_told and speaks_in_first_person(passage.text)


def _within_interview(state: DialogueState, index: int) -> Classification:
    passage = state.dialogue.passages[index]
    if state.announced_speaker:
        return Classification("speech", state.announced_speaker, "inferred", "announced by the narration above")
    if passage.paragraph.is_heading:
        return _heading(passage, "")
    if reason := _why_heading(state, index):
        kind: Kind = "quote" if is_whole_quotation(passage.text) else "heading"
        return Classification(kind, None, "inferred", reason)
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
    if text[0] in "(（〔" and is_whole_bracket(text) and any(map(str.isalpha, text)):
        return None  # Square ones are the editor's: "[Sponsor message]".
    if passage.paragraph.is_strong:
        return "short line in bold"
    if not state.may_have_headings or _goes_on_from_above(dialogue, index):
        return None
    if dialogue.is_host(dialogue.speaker(index + 1)):
        return "short line above a question"
    if is_whole_quotation(text):
        return None
    is_answer = dialogue.is_host(state.speaker) and not state.is_narrating
    if is_answer or not state.is_punctuated or _is_led_in(dialogue, index) or _is_listed(dialogue, index):
        return None
    return "short line, not a sentence"


def _goes_on_from_above(dialogue: Dialogue, index: int) -> bool:
    """Tell whether a line is the rest of a sentence: it begins in small letters, or the line above broke off."""
    above = dialogue.passages[index - 1].text if index else ""
    return dialogue.passages[index].text[:1].islower() or above.rstrip().endswith((",", "，", "、"))


def _is_listed(dialogue: Dialogue, index: int) -> bool:
    """Tell whether the line is an item of a list."""
    return LIST_ITEM.match(dialogue.passages[index].paragraph.printed) is not None


def _spoken_or_narrated(state: DialogueState, index: int) -> Classification:
    dialogue, passage = state.dialogue, state.dialogue.passages[index]
    after_host = dialogue.is_host(state.speaker)
    speaker = (state.person_asked if after_host else state.speaker) or dialogue.host
    if state.speaker and is_speakers_aside(passage.text):
        if after_host and state.has_asked:
            return _after_question(state, index, speaker)
        return Classification("speech", state.speaker, "inferred", f"{CONTINUES} from line {state.speaker_line}")
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
    return Classification("speech", speaker, confidence, f"{CONTINUES} from line {state.speaker_line}")


def _has_sign_of_speech(text: str) -> bool:
    return speaks_in_first_person(text) or speaks_to_somebody(text)


def _after_question(state: DialogueState, index: int, speaker: str) -> Classification:
    """Return the answer, unless the host goes on: the answer comes with a label, or nothing was asked."""
    dialogue, host, text = state.dialogue, state.speaker, state.dialogue.passages[index].text
    below = dialogue.next_speakers[index]
    is_answered_below = below is not None and not dialogue.is_host(below)
    is_rest_of_question = is_answered_below and ends_with_question(text)
    is_rest_of_host = state.is_round_table or (not state.has_asked and below is not None and state.labels_answers)
    if is_rest_of_question or is_rest_of_host:
        return Classification("speech", host, "guessed", f"{CONTINUES} from line {state.speaker_line}")
    how = f"addressed as {speaker}" if state.asked else "answers most often"
    return Classification("speech", speaker, "inferred", f"answers line {state.speaker_line}: {how}")


def _asks(dialogue: Dialogue, index: int, speaker: str | None) -> bool:
    """Tell whether a paragraph is an unlabelled question between two labelled answers: of one person, or in bold."""
    below, passage = dialogue.speaker(index + 1), dialogue.passages[index]
    is_set_apart = passage.paragraph.is_strong or speaker in (None, below)
    return below is not None and not dialogue.is_host(below) and is_set_apart and ends_with_question(passage.text)


def _is_remark(dialogue: Dialogue, index: int) -> bool:
    """Tell whether a short paragraph closes the answer above in a host's words."""
    text = dialogue.passages[index].text.strip()
    is_opened_so = _CLOSING_REMARK.match(text) is not None and _CLOSING_WORDS.search(text) is not None
    return is_opened_so and columns(text) <= _MAX_REMARK_COLUMNS and not dialogue.is_host(dialogue.speaker(index + 1))
