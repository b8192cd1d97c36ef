"""Decides who is a host and who a guest: by label, by declaration, by a medium's name, else by who asks."""

import re
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from interview_audio.text.characters import name_key
from interview_audio.transcript.layout.paragraphs import Passage
from interview_audio.transcript.lexicon.label_grammar import HOST_WORDS, is_name_shaped, part_of
from interview_audio.transcript.lexicon.typography import ends_with_question
from interview_audio.transcript.lexicon.vocabulary import phrases
from interview_audio.transcript.people.declared_speakers import Declarations, signed_name
from interview_audio.transcript.people.introductions import MEDIUM_NAME
from interview_audio.transcript.turns import Role

_HOST_QUESTION_SHARE = 0.34
"""Share of turns that end with a question above which a named person may be the host."""
_ONLY_ASKER_QUESTION_SHARE = 0.15
"""The same where hardly anybody else asks."""
_ONLY_LABEL_QUESTION_SHARE = 0.5
"""The same of the only person who has a label: the answers have none."""
_FAR_MORE = 4
"""How many times the share of the next one it must be then: a single rhetorical question does not make a host."""
_MAX_HOSTS = 3
_MIN_QUESTIONS = 2
_WELCOMING_TURNS = 4
"""Turns in which a host says welcome; later, a guest may quote it."""
_WELCOME = re.compile(phrases("welcome_phrases"), re.IGNORECASE)
_JOINS_WELCOME = re.compile(r"\s*(?:and )?I['’]m [A-Z]|(?:大家好，?)?我(?:也)?是", re.IGNORECASE)
_TALKS_WITH = re.compile(phrases("talks_with"))
_HOST_WORD = re.compile(
    "|".join(re.escape(word) for word in sorted(HOST_WORDS, key=len, reverse=True) if len(word) > 1), re.IGNORECASE
)
_WITHOUT_A_NAME: Mapping[str, Mapping[Role, str]] = {"zh": {"host": "记者", "guest": "受访者"}}
_WITHOUT_A_NAME_ELSEWHERE: Mapping[Role, str] = {"host": "Interviewer", "guest": "Guest"}


def name_of_nobody(role: Role, language: str) -> str:
    """Return what somebody is called whom a text in this language lets speak and does not name."""
    return _WITHOUT_A_NAME.get(language, _WITHOUT_A_NAME_ELSEWHERE)[role]


def name_behind_part(printed: str) -> str | None:
    """Return the name behind the word for a host, 李华 of ``主持人李华``; None without one."""
    for match in _HOST_WORD.finditer(printed):
        rest = printed[match.end() :]
        name = rest.strip()
        is_apart = not name.isascii() or (" " in name and rest[:1] == " " and not printed[: match.start()].strip())
        if len(name) > 1 and is_apart and is_name_shaped(name) and part_of(name_key(name)) is None:
            return name
    return None


@dataclass(frozen=True, slots=True)
class _SpeakerStats:
    """How somebody speaks."""

    turns: int
    questions: int

    @property
    def question_share(self) -> float:
        return self.questions / self.turns


def find_roles(
    passages: Sequence[Passage],
    by_key: Mapping[str, str | None],
    declarations: Declarations,
    host_keys: Collection[str],
) -> dict[str, Role]:
    """Return each person a role.

    Args:
        passages: The paragraphs with their labels.
        by_key: Folded label to canonical name.
        declarations: Who is declared to take part, and as what.
        host_keys: Folded labels that the settings call a host.
    """
    names = [name for name in dict.fromkeys(by_key.values()) if name]
    labelled = {by_key[key] for key in by_key if part_of(key) == "host" or key in host_keys}
    labelled |= {
        by_key[passage.label.key] for passage in passages if passage.label and name_behind_part(passage.label.name)
    }
    declared = {name_key(person.name): person.part for person in declarations.people if person.part}
    hosts = {name for name in names if name in labelled or declared.get(name_key(name)) == "host"}
    guests = {name for name in names if declared.get(name_key(name)) == "guest"} - labelled
    rest = [name for name in names if name not in hosts and name not in guests]
    stats = _speaker_stats(passages, by_key)
    hosts |= {name for name in rest if MEDIUM_NAME.search(name) and _asks_at_all(stats, name)}
    hosts |= _who_welcomes(passages, by_key, rest, stats)
    if len(names) == 1 and rest and stats[rest[0]].question_share >= _ONLY_LABEL_QUESTION_SHARE:
        hosts.add(rest[0])
    hosts |= _who_signs(passages, rest, stats, declarations)
    if not labelled:
        hosts |= _who_ask(stats, rest, hosts)
    if guests and not hosts and len(rest) == 1 and len(names) > 1:
        hosts = set(rest)
    return {name: "host" if name in hosts else "guest" for name in names}


def _speaker_stats(passages: Sequence[Passage], by_key: Mapping[str, str | None]) -> dict[str, _SpeakerStats]:
    turns: Counter[str] = Counter()
    questions: Counter[str] = Counter()
    for passage in passages:
        if passage.label and (name := by_key.get(passage.label.key)):
            turns[name] += 1
            questions[name] += ends_with_question(passage.text)
    return {name: _SpeakerStats(turns[name], questions[name]) for name in turns}


def _asks_at_all(stats: Mapping[str, _SpeakerStats], name: str) -> bool:
    return name in stats and stats[name].questions > 0


def _who_welcomes(
    passages: Sequence[Passage],
    by_key: Mapping[str, str | None],
    names: Collection[str],
    stats: Mapping[str, _SpeakerStats],
) -> set[str]:
    """Return the one who welcomes the listeners, unless others ask more; and the one who joins in: ``And I'm Tom``."""
    spoken = [(by_key.get(passage.label.key), passage.text) for passage in passages if passage.label]
    first = spoken[:_WELCOMING_TURNS]
    host = next((name for name, text in first if _WELCOME.search(text)), None)
    if host is None or host not in names:
        return set()
    most = max(habit.question_share for habit in stats.values())
    if host != first[0][0] and stats[host].question_share < most / 2:
        return set()
    return {host, *(name for name, text in first[1:2] if name and name in names and _JOINS_WELCOME.match(text))}


def _who_signs(
    passages: Sequence[Passage],
    names: Collection[str],
    stats: Mapping[str, _SpeakerStats],
    declarations: Declarations,
) -> set[str]:
    """Return the speaker whose name the byline gives, or who is said to talk to the others."""
    head: list[str] = []
    for passage in passages:
        if passage.label:
            break
        head.append(passage.text)
    by_folded = {name_key(name): name for name in names if _asks_at_all(stats, name)}
    signed = {name_key(name) for text in head if (name := signed_name(text))}
    signed |= {name_key(person.name) for person in declarations.people if person.source == "byline"}
    signed |= {name_key(text[: match.start()]) for text in head if (match := _TALKS_WITH.search(text))}
    return {by_folded[name] for name in signed if name in by_folded}


def _who_ask(stats: Mapping[str, _SpeakerStats], names: Collection[str], hosts: Collection[str]) -> set[str]:
    """Return those who mostly ask, far more than all others; nobody where there is no such difference."""
    ranked = sorted(
        (name for name in names if name in stats), key=lambda name: stats[name].question_share, reverse=True
    )
    for count in range(min(_MAX_HOSTS, len(ranked) - 1), 0, -1):
        last, following = stats[ranked[count - 1]], stats[ranked[count]].question_share
        mostly = last.question_share >= _HOST_QUESTION_SHARE and last.question_share >= 2 * following
        alone = (
            count == 1
            and not hosts
            and last.question_share >= _ONLY_ASKER_QUESTION_SHARE
            and last.question_share >= _FAR_MORE * following
        )
        if (mostly or alone) and last.questions >= (1 if mostly and count == 1 else _MIN_QUESTIONS):
            return set(ranked[:count])
    return set()
