"""Finds the one person whom the title and the introduction present, for an interview that does not label its guest."""

import re
from collections import Counter
from collections.abc import Sequence

from interview_audio.transcript.chinese_names import SURNAMES
from interview_audio.transcript.chinese_names import TITLES as HAN_TITLES
from interview_audio.transcript.declared_speakers import BYLINE
from interview_audio.transcript.han_short_forms import count_names, dotted_names
from interview_audio.transcript.interviewers import MEDIUM
from interview_audio.transcript.markup import HAN
from interview_audio.transcript.name_runs import split_runs
from interview_audio.transcript.personal_titles import TITLES
from interview_audio.transcript.vocabulary import word_set

PRESENTED = re.compile(
    r"\b(?i:interview(?:s|ed|ing)? (?:with )?|conversation with |talk(?:s|ed|ing)? (?:to|with) "
    r"|sp(?:oke|eaks) (?:to|with) |q ?& ?a(?::| with) |guest is |chat with |meet )(?:[a-z][\w'’-]*,? ){0,8}(?=[A-Z])"
)
SUBJECT = re.compile(r"(?:^|[.!?:]\s+|[“\"(]|\d{4}, )(?=[A-Z])")
NO_PERSON = word_set(
    """
    street road avenue lane gallery museum university college school institute city town village river lake island
    house hall park company corporation inc group bank hospital library church north south east west university's
    festival awards prize club team association society department office press books
    """
)
WITH_TITLE = re.compile(rf"(?<![{HAN}])[{HAN}](?:{'|'.join(HAN_TITLES)}|师傅)")
DEFAULT_GUESTS = {"zh": "受访者", "en": "Guest"}
DEFAULT_HOSTS = {"zh": "记者", "en": "Interviewer"}
HAN_LETTERS = re.compile(f"[{HAN}]")
HAN_SHARE = 0.2
FEWEST = 2


def find_guest(head: Sequence[str], body: Sequence[str]) -> str | None:
    """Give the name of the one person whom a document presents; None where that is not certain.

    Args:
        head: The title and the introduction.
        body: The other paragraphs.
    """
    presenting = [text for text in head if not BYLINE.match(text)]
    signed = {match["name"] for text in head if (match := BYLINE.match(text))}
    if is_mostly_han("".join(head)):
        return _han_guest(presenting, body, signed)
    return _latin_guest(presenting, signed)


def is_mostly_han(text: str) -> bool:
    """Say whether a text is Chinese: what a person without a name is called depends on it."""
    return len(HAN_LETTERS.findall(text)) > HAN_SHARE * len(text)


def _latin_guest(head: Sequence[str], signed: set[str]) -> str | None:
    presented: Counter[str] = Counter()
    subjects: Counter[str] = Counter()
    for text in head:
        presented.update(_people_after(PRESENTED, text))
        subjects.update(name for name in _people_after(SUBJECT, text) if not _is_place(name))
    for found in (presented, subjects):
        names = [name for name, _ in found.most_common() if name not in signed]
        if len(names) == 1:
            return names[0]
    return None


def _people_after(pattern: re.Pattern[str], text: str) -> list[str]:
    found = []
    for match in pattern.finditer(text):
        runs = [words for words in split_runs(text, match.end()) if words]
        if runs and 2 <= len(runs[0]) <= 3 and not MEDIUM.search(runs[0][-1]):
            found.append(" ".join(runs[0]))
    return found


def _is_place(name: str) -> bool:
    """Whether a run is rather a place or a body than a person; ``Park`` is a family name as well."""
    return any(word.casefold() in NO_PERSON | TITLES for word in name.split(" "))


def _han_guest(head: Sequence[str], body: Sequence[str], signed: set[str]) -> str | None:
    dotted = [name for name in dict.fromkeys(dotted_names(head)) if name not in signed]
    if dotted:
        return dotted[0] if len(dotted) == 1 else None
    counted = count_names("".join(sorted(SURNAMES)), head, body)
    for name in counted:
        counted[name] += any(text.startswith(name) for text in head)
        counted[name] += any(name in text for text in head[:1])
    titled = {title[0][0] for text in body for title in WITH_TITLE.finditer(text)}
    scores = Counter({name: count + (name[0] in titled) for name, count in counted.items() if name not in signed})
    ranked = scores.most_common(2)
    if not ranked or ranked[0][1] < FEWEST:
        return None
    return ranked[0][0] if len(ranked) == 1 or ranked[0][1] > ranked[1][1] else None
