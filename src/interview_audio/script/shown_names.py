"""How listeners read a speaker: by name, or by the part where the text prints only ``Q:`` or ``答：``."""

from collections import Counter
from collections.abc import Iterable, Mapping

from interview_audio.script.lines import NARRATOR, CastMember
from interview_audio.transcript.lexicon.roles import GUEST_WORDS, fold

Part = tuple[str, str]
"""Canonical name and role of somebody in the cast."""

PART_NAMES: Mapping[str, Mapping[str, str]] = {
    "zh": {"host": "主持人", "guest": "嘉宾"},
    "ja": {"host": "聞き手", "guest": "ゲスト"},
    "en": {"host": "Host", "guest": "Guest"},
    "de": {"host": "Moderation", "guest": "Gast"},
    "fr": {"host": "Journaliste", "guest": "Invité"},
    "es": {"host": "Periodista", "guest": "Invitado"},
}
"""By language and role; a language that is not here takes English."""
QUESTION = frozenset(["q", "question", "问", "問", "提问", "提問", "问题", "質問", "frage", "pregunta"])
ANSWER = frozenset(["a", "answer", "答", "回答", "réponse", "antwort", "respuesta"])
LETTERS = (("q", "a"), ("f", "a"), ("p", "r"), ("q", "r"), ("d", "r"))
"""Question and answer by their first letters, in English, German, Spanish and French (demande)."""


def shown_names(cast: Iterable[Part], language: str) -> dict[str, str]:
    """What listeners read for each speaker: the name; the part where nobody is named and nobody else is called that.

    Args:
        cast: All who speak.
        language: Of the episode.
    """
    parts = list(cast)
    words = PART_NAMES.get(language.partition("-")[0].lower(), PART_NAMES["en"])
    unnamed = unnamed_people(parts)
    names = {name: words[unnamed[name]] if name in unnamed else name for name, _ in parts}
    taken = Counter(map(fold, names.values()))
    return {name: name if taken[fold(shown)] > 1 else shown for name, shown in names.items()}


def artists_of(cast: Iterable[CastMember], host_labels: Iterable[str], language: str) -> tuple[str, ...]:
    """Who is named as an artist: everybody with a name; where nobody has one, the parts as listeners read them.

    Args:
        cast: All who speak, the narrator among them, who is no artist.
        host_labels: What the settings call a host (``Q``, ``记者``): no names.
        language: Of the episode.
    """
    parts = [(member.speaker, member.role) for member in cast if member.speaker != NARRATOR]
    unnamed = unnamed_people(parts)
    words = {*map(fold, host_labels), *(word for word in GUEST_WORDS if len(word) > 1)}
    named = tuple(name for name, _ in parts if name not in unnamed and fold(name) not in words)
    return named or tuple(shown_names(parts, language).values())


def unnamed_people(cast: Iterable[Part]) -> dict[str, str]:
    """The roles of those for whom there is only the word for a question or an answer.

    An initial is not such a word: beside ``B``, ``A`` is a person.
    """
    parts = [(fold(name), name, role) for name, role in cast]
    letters = frozenset(key for key, _, _ in parts if len(key) == 1 and key.isascii() and key.isalpha())
    return {name: role for key, name, role in parts if _is_word_for(role, key, letters)}


def _is_word_for(role: str, key: str, letters: frozenset[str]) -> bool:
    if role == "host":
        return key in QUESTION or any(key == asking and answering in letters for asking, answering in LETTERS)
    if role != "guest":
        return False
    if key not in letters:
        return key in ANSWER
    if letters == {key}:
        return key == "a"
    return any(letters == {asking, key} for asking, answering in LETTERS if answering == key)


def other_names(cast: Iterable[Part]) -> dict[str, frozenset[str]]:
    """What else each unnamed speaker may be called in ``voices.yaml``: what listeners read, in any language we know."""
    return {
        name: frozenset(words[role] for words in PART_NAMES.values()) for name, role in unnamed_people(cast).items()
    }
