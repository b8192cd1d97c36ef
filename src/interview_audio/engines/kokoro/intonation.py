"""How an utterance is said beyond its phonemes: questions that rise; pitch, pace and stress that were asked for.

Kokoro reads most questions as it reads statements. Which ones rise follows from their words. In English, yes/no
questions, tags and statements with a question mark do, questions with an asking word and choices do not (Quirk et al.,
A Comprehensive Grammar of the English Language, 11.5-11.23). In Mandarin, whose tones stay what they are, statements
with a question mark are raised at their end, and mildly so those with 吗 or of the form A不A; others are not (Shen, The
Prosody of Mandarin Chinese, 1990).
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from importlib import resources
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from interview_audio.engines.kokoro import voices
from interview_audio.engines.kokoro.runtime import Prosody
from interview_audio.engines.protocol import Stretch, Utterance
from interview_audio.text.characters import HAN, LATIN

if TYPE_CHECKING:
    from interview_audio.engines.kokoro.phonemes import PhonemeWord

Tune = Literal["rise", "rise_zh", "mild_zh"]

_END = re.compile(r"(?P<asked>[?？]+)|[!！。…;；\n]")
_FULL_STOP = re.compile(r"(?<![A-Z])(?<!\b[A-Z][a-z])(?<!\b[A-Z][a-z]{2})[.:][\"'”’)\]]*\s+")
"""Where a sentence ends before a question: not after Mr., Dr. or an initial."""
_CLAUSE = re.compile(r"[,，、;；:：—–()（）“”\"]+|\s-+\s")
_WORD = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)*")
_HAN = re.compile(f"[{HAN}]")
_A_NOT_A = re.compile(r"(\w)[不没沒]\1|是否|能否|可否|[没沒]有$")
_AROUND_WORDS = re.compile(r"[\W_]+$")
_VOWELS = frozenset("aɑɒæɐəɚɛɜeiɪᵻɨoɔʊuʌɯɤɘɵøœyʏAIOQWYᵊ")
_SOUNDING = _VOWELS | frozenset("→↗↓↘ːlmnŋɹrwjɥʐ")
"""What can be sung."""
_VOICED = _SOUNDING | frozenset("bdɡgvðzʒʤɾ")
_EARLY, _EVENLY = 0.6, 1.1
"""Exponents of a rise within one syllable, where the voice is still strong, and over several."""
_SHORTEST_RISE, _LONGEST_RISE = 7, 6
"""Phonemes from what is low before an English rise to its end, at least; and of the rise itself, at most."""
_VOICE, _VOICED_LEVEL = 1.01, 0.5
"""A level above 1 keeps the voice where Kokoro lets it break: done from such a level of an ending on."""


@dataclass(frozen=True, slots=True)
class _Ending:
    """How the end of a question is said; pitches in semitones above the mean of the utterance.

    The values were found on ten questions of two voices a language and checked on others: docs/speech.md.
    """

    low: float
    """Where the rise begins."""
    high: float
    """Where it ends."""
    level: float
    """How far what is predicted gives way to that: 1 is wholly."""
    before: tuple[float, float]
    """Level, and pitch, of what comes right before it: a rise needs something below it."""
    pace: float
    """Of the last syllable: a rise takes time."""
    energy: float
    """Of the last syllable, natural logarithm of power: Kokoro lets it die away as at the end of a statement."""


_ENGLISH = _Ending(low=-2, high=7, level=0.9, before=(0.9, -2), pace=0.77, energy=2)
_NEUTRAL = _Ending(low=5, high=8, level=0.9, before=(0.7, -2.5), pace=0.7, energy=3)
"""Of a syllable without a tone of its own, as 吗."""
_TONED: Mapping[str, _Ending] = MappingProxyType(
    {
        "→": replace(_NEUTRAL, low=6, high=7.5, level=0.8),
        "↗": replace(_NEUTRAL, low=3, high=9, level=0.8),
        "↓": replace(_NEUTRAL, low=2, high=8, level=0.9),
        "↘": replace(_NEUTRAL, low=6, high=8, level=0.4),
    }
)
"""Of a syllable whose tone is still to be heard: level, rising, rising from below, and falling from above."""
_MILDER = 1.0
"""Semitones less, for questions whose words say already that they ask."""
_WOMANS_REACH = 0.75
"""Share of the semitones of a Mandarin ending for a woman's voice, which makes more of the same values than a man's."""
_VOICELESS = frozenset("ptkfθsʃʧʦhx")
_CLIPPED_PACE = 0.8
"""Of a vowel that a voiceless consonant cuts short: it leaves the rise too little time."""
_STRESSED_PITCH, _STRESSED_ENERGY, _STRESSED_PACE = 3, 2, 0.8
"""Semitones, natural logarithm of power, and share of the pace; docs/speech.md says what comes of them."""
_STRESSED_VOWEL_PACE = 0.7
"""Of its vowels: most consonants are one or two of the graph's frames long, and rounding undoes a change of theirs."""
_STRONG_FORMS: Mapping[str, str] = MappingProxyType({"ðə": "ði", "ɐ": "A", "ɐn": "æn", "tə": "tu"})
"""Of words that are weak where nobody stresses them."""
_HUM, _HUM_PACE = re.compile("嗯+"), 0.8
"""What is heard as another word at Kokoro's own pace, alone and before another answer: docs/speech.md."""
_AFTER_SOUNDS = ".,;:!?…—”) "
_LATIN = re.compile(f"[{LATIN}]")
_FIRST_VOWEL = re.compile(f"(?=[{''.join(sorted(_VOWELS))}])")


def prosody(utterance: Utterance, words: Sequence["PhonemeWord"]) -> Prosody | None:
    """Return how the phonemes of an utterance are to be said, a value for each; None for as Kokoro says them.

    Args:
        utterance: With its pitch and stretches.
        words: All of its words, in order, with their places in its text.
    """
    risen, hums = list(questions(utterance.text)), list(_HUM.finditer(utterance.text))
    if not (risen or hums or utterance.pitch or utterance.stretches):
        return None
    phonemes = "".join(word.phonemes for word in words)
    said = Prosody.neutral(len(phonemes))
    for start, end, tune in risen:
        if place := _place(words, start, end):
            _raise(said, phonemes[: place.stop], place.start, tune, is_woman=_is_woman(utterance.voice))
    for hum in hums:
        if place := _place(words, *hum.span()):
            said.pace[place] *= _HUM_PACE
    for stretch in utterance.stretches:
        if place := _place(words, stretch.start, stretch.end):
            _apply(said, phonemes, place, stretch)
    said.pitch[:] *= _ratio(utterance.pitch)
    return said


def stressed(utterance: Utterance, words: Sequence["PhonemeWord"]) -> tuple["PhonemeWord", ...]:
    """Give the words of an utterance that are to be stressed the mark of it, where their language has one.

    Args:
        utterance: With its stretches.
        words: All of its words, in order, with their places in its text.

    Returns:
        The same words; English ones that Kokoro would pass over, as *was* and *the*, have their strong form.
    """
    marked = [stretch for stretch in utterance.stretches if stretch.is_stressed]

    def is_meant(word: "PhonemeWord") -> bool:
        touched = any(word.start < stretch.end and word.end > stretch.start for stretch in marked)
        return touched and _LATIN.search(utterance.text, word.start, word.end) is not None

    return tuple(replace(word, phonemes=_strong(word.phonemes)) if is_meant(word) else word for word in words)


def _strong(phonemes: str) -> str:
    if "ˈ" in phonemes:
        return phonemes
    if "ˌ" in phonemes:
        return phonemes.replace("ˌ", "ˈ", 1)
    said = phonemes.rstrip(_AFTER_SOUNDS)
    return _FIRST_VOWEL.sub("ˈ", _STRONG_FORMS.get(said, said), count=1) + phonemes[len(said) :]


def _is_woman(voice: str) -> bool:
    """Tell whether a voice, or most of a blend, is a woman's."""
    name, _ = max(voices.parse_blend(voice), key=lambda part: part[1])
    return voices.describe(name).gender == "female"


def _place(words: Sequence["PhonemeWord"], start: int, end: int) -> slice | None:
    """Return where the phonemes are of the words that a range of the text touches."""
    which = [index for index, word in enumerate(words) if word.start < end and word.end > start]
    if not which:
        return None
    before = sum(len(word.phonemes) for word in words[: which[0]])
    return slice(before, before + sum(len(word.phonemes) for word in words[which[0] : which[-1] + 1]))


def _apply(said: Prosody, phonemes: str, place: slice, stretch: Stretch) -> None:
    said.pitch[place] *= _ratio(stretch.pitch + _STRESSED_PITCH * stretch.is_stressed)
    said.energy[place] += _STRESSED_ENERGY * stretch.is_stressed
    said.pace[place] *= stretch.rate
    if stretch.is_stressed:
        slower = [_STRESSED_VOWEL_PACE if phoneme in _VOWELS else _STRESSED_PACE for phoneme in phonemes[place]]
        said.pace[place] *= np.array(slower, np.float32)


def _raise(said: Prosody, phonemes: str, first: int, tune: Tune, *, is_woman: bool) -> None:
    """Let a question rise that begins at ``first`` and ends with the phonemes."""
    syllables = [place for place in _syllables(phonemes) if place[0] >= first]
    if not syllables:
        return
    vowel, whole = syllables[-1][1], len(phonemes)
    last = max(index for index, phoneme in enumerate(phonemes) if phoneme in _VOICED)
    if tune == "rise":
        ending = _ENGLISH
        stress = phonemes.rfind("ˈ", first)
        stress = stress if stress >= 0 else syllables[-1][0]
        begin = max(stress, last - _LONGEST_RISE)
        before = max(first, min(stress, last - _SHORTEST_RISE))
    else:
        tone = next((phoneme for phoneme in phonemes[vowel:] if phoneme in _TONED), "")
        ending = _TONED.get(tone, _NEUTRAL)
        if tone and tune == "mild_zh":
            ending = replace(ending, low=ending.low - _MILDER, high=ending.high - _MILDER)
        reach = _WOMANS_REACH if is_woman else 1
        ending = replace(ending, low=ending.low * reach, high=ending.high * reach)
        begin = syllables[-1][0]
        before = syllables[max(0, len(syllables) - 3)][0]
    steps = np.arange(last + 1 - begin, dtype=np.float32) / max(last - begin, 1)
    said.level[before:begin], said.pitch[before:begin] = ending.before[0], _ratio(ending.before[1])
    said.level[begin:whole] = ending.level
    steps **= _EARLY if begin >= syllables[-1][0] else _EVENLY
    said.pitch[begin : last + 1] = _ratio(ending.low + (ending.high - ending.low) * steps)
    said.pitch[last + 1 : whole] = _ratio(ending.high)
    is_clipped = not set(phonemes[last:]).isdisjoint(_VOICELESS)
    said.pace[vowel : last + 1] = ending.pace * (_CLIPPED_PACE if is_clipped else 1)
    said.energy[vowel : last + 1] = ending.energy
    if ending.level > _VOICED_LEVEL:
        for index in range(vowel, last + 1):
            if phonemes[index] in _SOUNDING:
                said.level[index] = _VOICE


def _syllables(phonemes: str) -> Iterator[tuple[int, int]]:
    """Yield where each syllable begins, its stress mark or one consonant before its vowel, and where its vowel does."""
    for index, phoneme in enumerate(phonemes):
        if phoneme in _VOWELS and (index == 0 or phonemes[index - 1] not in _VOWELS):
            yield (index - 1 if index and not phonemes[index - 1].isspace() else index), index


def _ratio(semitones: Any) -> Any:
    return 2 ** (semitones / 12)


def questions(text: str) -> Iterator[tuple[int, int, Tune]]:
    """Yield the questions of a text that rise at their end.

    Yields:
        First code point of the question, one past its question mark, and how it rises.
    """
    start = 0
    for found in _END.finditer(text):
        if found["asked"]:
            for stop in _FULL_STOP.finditer(text, start, found.start()):
                start = stop.end()
            if tune := _tune(text[start : found.end()]):
                yield start, found.end(), tune
        start = found.end()


def _tune(question: str) -> Tune | None:
    last = _AROUND_WORDS.sub("", question)[-1:]
    if _HAN.match(last):
        return _mandarin_tune(question)
    return "rise" if _rises(question.replace("’", "'").lower()) else None


def _mandarin_tune(question: str) -> Tune | None:
    clauses = [part for part in _CLAUSE.split(_AROUND_WORDS.sub("", question)) if part.strip()]
    last, words = clauses[-1].strip(), _words()
    if last.endswith(words["level_zh"]):
        return None
    if last.endswith(words["rising_zh"]):
        return "mild_zh"
    if any(word in last for word in words["asking_zh"] + words["choice_zh"]):
        return None
    return "mild_zh" if _A_NOT_A.search(last) else "rise_zh"


def _rises(question: str) -> bool:
    clauses = [words for clause in _CLAUSE.split(question) if (words := _WORD.findall(clause))]
    if not clauses:
        return False
    if len(clauses) > 1 and _is_tag(clauses[-1]):
        return True
    if _offers_choice(clauses):
        return False
    kinds = [_kind(words) for words in clauses]
    if kinds[-1]:
        return kinds[-1] == "yes/no"
    if "yes/no" in kinds:
        return True
    return not any(kinds) and clauses[-1][-1] not in _words()["asking"] and not any(map(_asks, clauses))


def _is_tag(words: Sequence[str]) -> bool:
    """Tell whether a last clause is one like ``isn't it`` or ``right``."""
    return words[-1] in _words()["tag"] if len(words) == 1 else len(words) <= 3 and _is_auxiliary(words[0])


def _offers_choice(clauses: Sequence[Sequence[str]]) -> bool:
    for words in clauses:
        for index, word in enumerate(words):
            if word == "or" and words[index + 1 : index + 2] and words[index + 1] not in _words()["vague"]:
                return True
    return False


def _kind(words: Sequence[str]) -> Literal["yes/no", "asking"] | None:
    """Tell by its first words what a clause asks for."""
    first = next((index for index, word in enumerate(words) if word not in _words()["opener"]), len(words) - 1)
    words = words[first:]
    if words[0] in _words()["preposition"] and words[1:2] and words[1] in _words()["asking"]:
        return "asking"
    if _is_auxiliary(words[0]):
        return "yes/no"
    if words[0] not in _words()["asking"]:
        return None
    return None if words[1:2] and words[1] in _words()["teller"] else "asking"


def _asks(words: Sequence[str]) -> bool:
    """Tell whether a clause turns into a question inside: after the war, how did you live."""
    for index, word in enumerate(words[:-1]):
        if word in _words()["asking"]:
            behind = index + 1 + (words[index + 1] in _words()["measure"])
            if words[behind : behind + 1] and _is_auxiliary(words[behind]):
                return True
    return False


def _is_auxiliary(word: str) -> bool:
    return word.removesuffix("n't") in _words()["auxiliary"] or word in ("won't", "can't", "shan't", "ain't")


@cache
def _words() -> Mapping[str, tuple[str, ...]]:
    text = (resources.files(__package__) / "question_words.txt").read_text("utf-8")
    lists = (line.split() for line in text.splitlines() if not line.startswith("#"))
    return MappingProxyType({kind: tuple(words) for kind, *words in lists})
