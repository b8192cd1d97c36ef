"""Words that are written alike and sound otherwise: which of their readings is meant, by the words around them.

First the rules of ``heteronyms.tsv`` for single words, then the part of speech of the word in its sentence. An averaged
perceptron guesses that. Its weights are those of Matthew Honnibal's tagger (MIT), packed by
``tools/pack_english_tagger.py``: rounded to halves, and without those below 1, which changes the tag of 14 words in
1000. Tags are those of the Penn Treebank.
"""

import functools
import re
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from interview_audio.engines.kokoro.english.dictionary import DEFAULT, PackedTable, lines_of
from interview_audio.text.characters import LATIN

_START = ("-START-", "-START2-")
_END = ("-END-", "-END2-")
_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
"""A letter of the table for each tag, in their order."""
_TAGS = "tags"
"""The key of all tags."""
_WEIGHT = re.compile(r"([A-Za-z])(-?\d+)")
_FIXED = "="
"""What the key of a word begins with that has one tag wherever it stands."""


class Tagger:
    """Guesses the part of speech of each word of a sentence."""

    def __init__(self) -> None:
        """Load the weights; they take 2 MB."""
        self._table = PackedTable("tagger.zlib")
        self._tags = (self._table.find(_TAGS) or "").split(" ")
        self._weights = functools.lru_cache(maxsize=4096)(self._found)

    def tags(self, words: Sequence[str]) -> list[str]:
        """Tag the words of a sentence.

        Args:
            words: Words and marks; contractions in two (``do``, ``n't``).
        """
        context = [*_START, *map(_folded, words), *_END]
        tags: list[str] = []
        before, earlier = _START
        for index, word in enumerate(words):
            tag = self._table.find(_FIXED + word) or self._guess(_features(word, context, index + 2, before, earlier))
            tags.append(tag)
            before, earlier = tag, before
        return tags

    def _guess(self, features: Sequence[str]) -> str:
        scores: dict[int, int] = defaultdict(int)  # never empty: one feature is that of every word
        for feature in features:
            for tag, weight in self._weights(feature):
                scores[tag] += weight
        return self._tags[max(scores, key=lambda tag: (scores[tag], tag))]

    def _found(self, feature: str) -> Sequence[tuple[int, int]]:
        weights = _WEIGHT.findall(self._table.find(feature) or "")
        return tuple((_LETTERS.index(letter), int(weight)) for letter, weight in weights)


def _features(word: str, context: Sequence[str], index: int, before: str, earlier: str) -> Sequence[str]:
    here, previous, following = context[index], context[index - 1], context[index + 1]
    return (
        "bias",
        f"ending:{word[-3:]}",
        f"initial:{word[:1]}",
        f"tag-1:{before}",
        f"tag-2:{earlier}",
        f"tags:{before}:{earlier}",
        f"word:{here}",
        f"tag-1,word:{before}:{here}",
        f"word-1:{previous}",
        f"ending-1:{previous[-3:]}",
        f"word-2:{context[index - 2]}",
        f"word+1:{following}",
        f"ending+1:{following[-3:]}",
        f"word+2:{context[index + 2]}",
    )


def _folded(word: str) -> str:
    return "!HYPHEN" if "-" in word[1:] else word.lower()


_TOKEN = re.compile(rf"[{LATIN}\u0300-\u036f]+(?:['’-][{LATIN}\u0300-\u036f]+)*|\d+|[^\w\s]")
_SENTENCE_END = re.compile(r"[.?!…。？！][\"”’)]*\s")
_CONTRACTION = re.compile(r"(.+)(n['’]t|['’](?:s|re|ve|ll|d|m))", re.IGNORECASE)
_OFFSETS = {"before": -1, "after": 1, "then": 2}
_NEAR = 8
"""Words on each side among which ``near:`` looks."""
_AUXILIARY_REACH = 5
"""Words between an auxiliary and its verb, at most: ``have you ever really even``."""

_BEFORE_NOUN = frozenset(["DT", "PRP$", "JJ", "POS", "IN", "CD"])
_SUBJECT = frozenset(["NN", "NNS", "NNP", "NNPS", "PRP"])
_SUBJECT_PARTS = _SUBJECT | {"DT", "PRP$", "JJ", "CD", "RB"}
_BEFORE_QUESTION = frozenset([".", ",", ":", "CC", "WRB", "WP", "WDT", "``", "''"])


@dataclass(frozen=True, slots=True)
class Sentence:
    """The words and marks around a phrase; contractions are in two."""

    words: tuple[str, ...]
    places: tuple[int, ...]
    """Where each word of the phrase begins among them."""
    tags: tuple[str, ...]
    """The part of speech of each, as the Penn Treebank has them."""

    def word(self, place: int) -> str:
        """Return a word in small letters; outside of the sentence it is empty."""
        return self.words[place].lower() if 0 <= place < len(self.words) else ""

    def tag(self, place: int) -> str:
        """Return the part of speech of a word; outside of the sentence it is a full stop's."""
        return self.tags[place] if 0 <= place < len(self.tags) else "."


def sentence_around(words: Sequence[str], before: str, after: str, tagger: Tagger) -> Sentence:
    """Return the sentence of a phrase.

    Args:
        words: The words of the phrase.
        before: The text before it, which may begin in an earlier sentence.
        after: The text after it, which may end in a later one.
        tagger: What guesses the parts of speech.
    """
    ends = [match.end() for match in _SENTENCE_END.finditer(before)]
    end = _SENTENCE_END.search(after)
    tokens = [part for token in _TOKEN.findall(before[ends[-1] if ends else 0 :]) for part in _parts(token)]
    places = []
    for word in words:
        places.append(len(tokens))
        tokens += _parts(word)
    tokens += [part for token in _TOKEN.findall(after[: end.end() if end else None]) for part in _parts(token)]
    return Sentence(tuple(tokens), tuple(places), tuple(tagger.tags(tokens)))


def _parts(word: str) -> list[str]:
    match = _CONTRACTION.fullmatch(word)
    return [match[1], match[2].replace("’", "'")] if match else [word]


_Condition = Callable[[Sentence, int], bool]


@dataclass(frozen=True, slots=True)
class _Rule:
    conditions: tuple[_Condition, ...]
    sound: Mapping[str, str]
    """Phonemes by accent, or the name of the dictionary's reading by :data:`_BY_NAME`."""

    def holds(self, sentence: Sentence, place: int) -> bool:
        return all(condition(sentence, place) for condition in self.conditions)


_BY_NAME = "reading"


class Heteronyms:
    """Chooses among the readings of a word."""

    def __init__(self, accent: str) -> None:
        """Load the rules of an accent: ``en-us`` or ``en-gb``."""
        self._accent = accent

    def __contains__(self, word: str) -> bool:
        """Tell whether a word, in small letters, has rules."""
        return word in _rules()

    def sound(self, sentence: Sentence, place: int, readings: Mapping[str, str]) -> str:
        """Return how a word sounds in its sentence.

        Args:
            sentence: Where it is.
            place: Which of its words it is.
            readings: The dictionary's readings of it, by part of speech.
        """
        for rule in _rules().get(sentence.word(place), ()):
            if rule.holds(sentence, place):
                name = rule.sound.get(_BY_NAME)
                return rule.sound[self._accent] if name is None else readings.get(name, readings[DEFAULT])
        tag = _part_of_speech(sentence, place)
        return readings.get(tag) or readings.get(_broad(tag)) or readings[DEFAULT]


def _broad(tag: str) -> str:
    """Return misaki's name for a group of parts of speech."""
    for beginning, name in (("VB", "VERB"), ("NN", "NOUN"), ("RB", "ADV"), ("JJ", "ADJ")):
        if tag.startswith(beginning):
            return name
    return tag


def _part_of_speech(sentence: Sentence, place: int) -> str:
    """Return the tagger's guess, corrected where the words beside it leave no choice."""
    tag, previous, following = sentence.tag(place), sentence.tag(place - 1), sentence.word(place + 1)
    if _auxiliary(sentence, place) in ("modal", "let") or _is_asked(sentence, place):
        return "VB"
    if previous in ("DT", "PRP$") and tag in ("VB", "VBP"):
        return "NN"
    if tag == "NN" and previous == "NNS" and sentence.word(place - 1) not in _list("compounding"):
        return "VBP"
    if tag in ("NN", "NNS") and following in _list("determiner") and previous not in _BEFORE_NOUN:
        return "VBP"
    return tag


def _auxiliary(sentence: Sentence, place: int) -> str:
    """Return the kind of the auxiliary that governs a verb: modal, to, let, have, be; empty where there is none."""
    for index in range(place - 1, max(-1, place - 2 - _AUXILIARY_REACH), -1):
        word = sentence.word(index)
        if word == "'s" and sentence.word(index - 1) == "let":
            return "let"
        for kind in ("modal", "to", "let", "have", "be"):
            if word in _list(kind):
                return kind
        if word not in _list("between") and not word.endswith("ly"):
            return ""
    return ""


def _is_asked(sentence: Sentence, place: int) -> bool:
    """Tell whether a word is the verb of a question: ``when did the old factory close``."""
    if sentence.tag(place - 1) not in _SUBJECT:
        return False
    for index in range(place - 1, max(-1, place - 2 - _AUXILIARY_REACH), -1):
        if sentence.word(index) in _list("question"):
            return sentence.tag(index - 1) in _BEFORE_QUESTION
        if sentence.tag(index) not in _SUBJECT_PARTS:
            return False
    return False


@functools.cache
def _rules() -> Mapping[str, tuple[_Rule, ...]]:
    """Return the rules of each word, in their order."""
    rules: dict[str, list[_Rule]] = {}
    for line in lines_of("heteronyms.tsv"):
        words, conditions, *sounds = line.split("\t")
        sound = {_BY_NAME: sounds[0]} if len(sounds) == 1 else dict(zip(("en-us", "en-gb"), sounds, strict=True))
        rule = _Rule(tuple(map(_condition, conditions.split())), sound)
        for word in words.split(","):
            rules.setdefault(word, []).append(rule)
    return MappingProxyType({word: tuple(of_word) for word, of_word in rules.items()})


@functools.cache
def _lists() -> Mapping[str, frozenset[str]]:
    """Return the words of each list by its name."""
    pairs = (line.split("\t") for line in lines_of("word_classes.tsv"))
    return MappingProxyType({name: frozenset(words.split(",")) for name, words in pairs})


def _list(name: str) -> frozenset[str]:
    return _lists()[name]


def _condition(text: str) -> _Condition:
    """Read one condition; the head of ``heteronyms.tsv`` tells what they are."""
    if text.startswith("!"):
        positive = _condition(text[1:])
        return lambda sentence, place: not positive(sentence, place)
    kind, _, listed = text.partition(":")
    matches = _matcher(listed)
    if kind == "near":
        return lambda sentence, place: any(
            matches(sentence.word(index)) for index in range(place - _NEAR, place + _NEAR + 1) if index != place
        )
    if kind == "capital":
        return lambda sentence, place: place > 0 and sentence.words[place][:1].isupper()
    if kind == "first":
        return lambda _, place: place == 0
    if kind == "aux":
        return lambda sentence, place: matches(_auxiliary(sentence, place))
    if kind == "tag":
        return lambda sentence, place: matches(_part_of_speech(sentence, place))
    offset = _OFFSETS[kind.removesuffix("-tag")]
    of = Sentence.tag if kind.endswith("-tag") else Sentence.word
    return lambda sentence, place: matches(of(sentence, place + offset))


def _matcher(listed: str) -> Callable[[str], bool]:
    words = listed.split(",")
    whole = frozenset(word for word in words if not word.endswith("*"))
    beginnings = tuple(word[:-1] for word in words if word.endswith("*"))
    return lambda word: word in whole or (bool(beginnings) and word.startswith(beginnings))
