"""Text as Kokoro's phonemes, with the way back to the written words; nothing vanishes without being named.

Mandarin is read by ``mandarin``, English by ``english``: packaged dictionaries, and espeak-ng where they have no entry.
"""

import functools
import itertools
import re
import unicodedata
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType

from interview_audio.engines.kokoro.english.dictionary import DEFAULT, among_mandarin, inflected, weakened
from interview_audio.engines.kokoro.english.reader import English
from interview_audio.engines.kokoro.mandarin import Mandarin, has_reading
from interview_audio.engines.kokoro.notations import PinyinError, ipa_to_phonemes, pinyin_to_phonemes, to_ipa
from interview_audio.normalization.pronunciations import IPA
from interview_audio.normalization.spoken_text import Span, spoken_spans
from interview_audio.text.characters import LATIN

_NONE: Mapping[str, str] = MappingProxyType({})
_HAN = r"\u3400-\u4dbf\u4e00-\u9fff\U00020000-\U0003ffff"
"""Without the compatibility ideographs of ``text.characters.HAN``, for which pypinyin has no reading."""
_MARK = r"，、。．；：？！,.;:?!…—“”()\""
_TOKEN = re.compile(
    rf"(?P<han>[{_HAN}]+)|(?P<latin>[{LATIN}](?:[{LATIN}\u0300-\u036f]|['-](?=[{LATIN}]))*)|(?P<space>\s+)"
    rf"|(?P<mark>[{_MARK}])|(?P<other>[^\s{_HAN}{LATIN}{_MARK}]+)"
)
_NAME = re.compile(rf"[{LATIN}]{{0,30}}[a-z][A-Z][{LATIN}]{{0,30}}(?:['’]s)?")
"""A name of words and letters that is written as one word: ``OpenAI``, ``MySQL``, ``macOS``."""
_SPELLED = re.compile("[A-Z](?:['’]?s)?")
_GOES_ON = re.compile(rf"[ ][{LATIN}]")
_POSSESSIVE = re.compile(rf"['’]s(?![{LATIN}])")
_OF_A_WORD = re.compile("['’]s$")
_CONTEXT = 200
"""Characters on each side of a phrase that may decide how its words sound."""
_LETTER, _CHARACTER = re.compile(f"[{LATIN}]"), re.compile(f"[{_HAN}]")
_MARKS = str.maketrans("，、。．；：？！", ",,..;:?!")
# Letters, their marks, numbers, and characters that Unicode leaves to others or does not know yet.
_MEANT_TO_SOUND = frozenset(["Lu", "Ll", "Lt", "Lm", "Lo", "Mn", "Mc", "Nd", "Nl", "No", "Co", "Cn", "Cs"])
_OPENING_MARKS = "“("
_CLOSING_MARKS = tuple(",.;:?!")
# What precedes a word and belongs to it: brackets, and quotes that follow a space or a bracket.
_OPENING = re.compile(r"(?:[(\[{（［【〔「『《〈“‘«]|(?<![^\s(\[（【「『《“‘])[\"'])*$")


@dataclass(frozen=True, slots=True)
class PhonemeWord:
    """One written word, or the few that sound as one, and its sound."""

    phonemes: str
    """One character a token, with the punctuation and the space that follow."""
    start: int
    """First code point of the written range, its opening quotes and brackets included."""
    end: int
    """One past the last code point, punctuation included."""


@dataclass(frozen=True, slots=True)
class PhonemeText:
    """A whole text as phonemes."""

    words: tuple[PhonemeWord, ...]
    """In order; their written ranges join to the text but for spaces. Empty where nothing has a sound."""
    unspoken: tuple[str, ...]
    """Written words and characters that should sound and have no phoneme."""

    @property
    def phonemes(self) -> str:
        """What Kokoro speaks."""
        return "".join(word.phonemes for word in self.words)


class Phonemizer:
    """Turns Mandarin, English and both mixed into one sequence of phonemes. Loads each language at its first use."""

    def __init__(self, vocabulary: Collection[str]) -> None:
        """Keep the vocabulary.

        Args:
            vocabulary: Kokoro's phonemes, a character each; nothing else comes out.
        """
        self._vocabulary = frozenset(vocabulary)
        self._english = functools.cache(lambda accent: English(accent, self._vocabulary))

    @functools.cached_property
    def mandarin(self) -> Mandarin:
        """The reader of Chinese characters."""
        return Mandarin()

    def __call__(
        self,
        text: str,
        language: str,
        accent: str = "en-us",
        pronunciations: Mapping[str, str] = _NONE,
        here: Sequence[tuple[int, int, str]] = (),
        names: Sequence[str] = (),
    ) -> PhonemeText:
        """Read a text.

        Args:
            text: Written words of one line.
            language: ``zh`` or ``en``: how numbers and signs are read; words are read by their script.
            accent: ``en-us`` or ``en-gb``, for Latin words.
            pronunciations: Written form to spoken form; they win over everything else.
            here: ``Utterance.said_here``.
            names: ``Utterance.names``.

        Raises:
            EngineError: espeak-ng cannot be loaded, or does not know the accent.
        """
        return self.read(text, spoken_spans(text, language, pronunciations, here), accent, language, names)

    def read(
        self, text: str, spans: Sequence[Span], accent: str, language: str, names: Sequence[str] = ()
    ) -> PhonemeText:
        """Read a text that has been prepared.

        Args:
            text: Written words of one line.
            spans: What is to be spoken of it: ``spoken_spans``.
            accent: ``en-us`` or ``en-gb``, for Latin words.
            language: ``zh`` or ``en``: in a line of Mandarin, English sounds are written as that language does.
            names: ``Utterance.names``.

        Raises:
            EngineError: espeak-ng cannot be loaded, or does not know the accent.
        """
        spoken = "".join(span.spoken for span in spans)
        manner = _manner(text, spans, is_among_mandarin=language == "zh" and _CHARACTER.search(spoken) is not None)
        sounds = _Sounds(self._vocabulary, names, manner)
        read = 0
        for start, end, notation in _parts(spans):
            if notation:
                possessive = _POSSESSIVE.match(spoken, end)
                read = possessive.end() if possessive else end
                phonemes = _in_notation(spoken[start:end], notation, accent)
                if notation == IPA:
                    phonemes = manner.english(phonemes)
                sounds.say((_possessive(phonemes, accent) if possessive else phonemes) + " ", start, read)
            else:
                self._read_letters(spoken, (max(start, read), end), accent, sounds)
        return _written(text, spans, sounds)

    def guesses(
        self, text: str, spans: Sequence[Span], accent: str, names: Sequence[str] = ()
    ) -> list[tuple[str, str]]:
        """Return the words of a text that no dictionary has, each with how it is read: IPA between slashes, or pinyin.

        Args:
            text: Written words of one line.
            spans: What is to be spoken of it; only words that are spoken as they are written count.
            accent: ``en-us`` or ``en-gb``, for Latin words.
            names: ``Utterance.names``.

        Raises:
            EngineError: espeak-ng cannot be loaded.
        """
        found: list[tuple[str, str]] = []
        for span in spans:
            if span.notation or span.spoken != text[span.start : span.end]:
                continue
            for token in _TOKEN.finditer(span.spoken):
                if token.lastgroup == "han":
                    found += self._guessed_han(token[0], names)
                elif token.lastgroup == "latin":
                    found += self._guessed_latin(token[0], accent)
        return found

    def _guessed_latin(self, token: str, accent: str) -> Iterator[tuple[str, str]]:
        word = _OF_A_WORD.sub("", token)
        english = self._english(accent)
        if len(word) > 1 and not english.knows(word):
            (sound,) = english.phrase([word])
            if sound:
                yield word, f"/{to_ipa(sound)}/"

    def _guessed_han(self, run: str, names: Sequence[str]) -> Iterator[tuple[str, str]]:
        known = "".join(character if has_reading(character) else " " for character in run)
        for part in known.split():
            for word, pinyin, is_known in self.mandarin_readings(part, names):
                if not is_known:
                    yield word, pinyin

    def mandarin_readings(self, run: str, names: Sequence[str] = ()) -> Iterator[tuple[str, str, bool]]:
        """Cut Chinese characters into words: each with its pinyin, and whether a dictionary has it."""
        for word in self.mandarin.readings(run, names):
            yield word.written, " ".join(filter(None, word.pinyin)), word.is_known

    def _read_letters(self, spoken: str, part: tuple[int, int], accent: str, sounds: "_Sounds") -> None:
        for kind, tokens in _runs(spoken, *part):
            if kind == "han":
                self._read_han(tokens[0], sounds)
            elif kind == "latin":
                self._read_latin(tokens, accent, sounds)
            elif kind == "mark":
                sounds.punctuate(tokens[0])
            else:
                sounds.lose(tokens[0])

    def _read_han(self, run: re.Match[str], sounds: "_Sounds") -> None:
        position = run.start()
        for known, characters in itertools.groupby(run[0], key=has_reading):
            part = "".join(characters)
            for word, phonemes in self.mandarin.words(part, sounds.names) if known else [(part, "")]:
                sounds.say(phonemes + " ", position, position + len(word))
                position += len(word)

    def _read_latin(self, words: Sequence[re.Match[str]], accent: str, sounds: "_Sounds") -> None:
        for phrase in _acronyms_apart(words, sounds.manner.begins):
            self._read_phrase(phrase, accent, sounds)

    def _read_phrase(self, words: Sequence[re.Match[str]], accent: str, sounds: "_Sounds") -> None:
        spoken, start, end = words[0].string, words[0].start(), words[-1].end()
        before, after = spoken[max(0, start - _CONTEXT) : start], spoken[end : end + _CONTEXT]
        said = [word[0] for word in words]
        if said == ["A"] and _GOES_ON.match(after):
            said = ["a"]  # the article before an acronym: alone, it would be a letter
        phonemes = self._english(accent).phrase(said, before, after)
        read = zip(words, (sound or "" for sound in phonemes), strict=True)
        for name, group in itertools.groupby(read, key=lambda part: sounds.manner.joined.get(part[0].start())):
            parts = list(group)
            if name is None:
                for word, sound in parts:
                    sounds.say(sounds.manner.english(sound), *word.span())
            else:
                sounds.say(sounds.manner.english(_as_one_word(parts)), parts[0][0].start(), parts[-1][0].end())
        sounds.end_phrase()


@dataclass(frozen=True, slots=True)
class _Manner:
    """How the Latin words of a line are said together."""

    english: Callable[[str], str]
    """Writes an English sound as it is to be said among what is beside it."""
    begins: frozenset[int]
    """Where stretches of the spoken text begin."""
    joined: Mapping[int, int]
    """What position belongs to which name of words and letters that is said as one word."""


class _Sounds:
    """What has been read so far, by positions in the spoken text."""

    def __init__(self, vocabulary: frozenset[str], names: Sequence[str], manner: "_Manner") -> None:
        self.names = names
        self.manner = manner
        self.said: list[PhonemeWord] = []
        self.lost: list[tuple[int, int]] = []
        self._vocabulary = vocabulary
        self._opening = ""

    def say(self, phonemes: str, start: int, end: int) -> None:
        """Add a word, or note that it has no sound."""
        known = "".join(phoneme for phoneme in phonemes if phoneme in self._vocabulary)
        if not known.strip():
            self.lost.append((start, end))
            return
        self.said.append(PhonemeWord(self._opening + known, start, end))
        self._opening = ""

    def end_phrase(self) -> None:
        """Set what follows apart from the last word."""
        if self.said:
            last = self.said.pop()
            self.said.append(replace(last, phonemes=last.phonemes.rstrip() + " "))

    def punctuate(self, mark: re.Match[str]) -> None:
        """Add a mark to the word before it, or to the word after it if it opens something."""
        symbol = mark[0].translate(_MARKS)
        if symbol in _OPENING_MARKS or not self.said:
            self._opening += symbol
            return
        last = self.said.pop()
        # misaki puts a space after each Chinese mark, so that two marks are separate words.
        before = (
            last.phonemes if symbol != mark[0] and last.phonemes[-2:-1] in _CLOSING_MARKS else last.phonemes.rstrip()
        )
        self.said.append(PhonemeWord(f"{before}{symbol} ", last.start, last.end))

    def lose(self, characters: re.Match[str]) -> None:
        """Note characters that no language here can read; signs that nobody says are not among them."""
        if any(unicodedata.category(character) in _MEANT_TO_SOUND for character in characters[0]):
            self.lost.append(characters.span())


def unread(text: str) -> str:
    """Return the letters of a text that have no phonemes; an apostrophe that Unicode counts as a letter needs none."""
    letters = (character for character in text if unicodedata.category(character) in ("Lu", "Ll", "Lo"))
    return "".join(letter for letter in letters if not _is_read(letter))


def _is_read(letter: str) -> bool:
    return _LETTER.match(letter) is not None or (_CHARACTER.match(letter) is not None and has_reading(letter))


def _parts(spans: Sequence[Span]) -> Iterator[tuple[int, int, str]]:
    """Cut spoken text where a notation of sounds begins and ends: positions, and the notation, if it is one."""
    position = 0
    for notation, run in itertools.groupby(spans, key=lambda span: span.notation):
        for sizes in ([len(span.spoken)] for span in run) if notation else [[len(span.spoken) for span in run]]:
            yield position, position + sum(sizes), notation
            position += sum(sizes)


def _in_notation(said: str, notation: str, accent: str) -> str:
    if notation == IPA:
        return ipa_to_phonemes(said, accent)
    try:
        return pinyin_to_phonemes(said)
    except PinyinError:  # whoever asks has been told before: ``KokoroEngine.notation_fault``
        return ""


def _possessive(phonemes: str, accent: str) -> str:
    readings = inflected("x's", lambda _: {DEFAULT: phonemes}, accent) if phonemes else None
    return readings[DEFAULT] if readings else phonemes


def _manner(text: str, spans: Sequence[Span], *, is_among_mandarin: bool) -> _Manner:
    edges = list(itertools.accumulate((len(span.spoken) for span in spans), initial=0))
    begins = frozenset(edges)
    if is_among_mandarin:  # there a name is clearer with a gap: Whisper base heard OpenAI as one word as opener
        return _Manner(among_mandarin, begins, {})
    joined: dict[int, int] = {}
    for number, (span, begin, end) in enumerate(zip(spans, edges, edges[1:], strict=False)):
        written = text[span.start : span.end]
        if _NAME.fullmatch(written) and _letters(span.spoken) == _letters(written):
            joined |= dict.fromkeys(range(begin, end), number)
    return _Manner(str, begins, joined)


def _letters(text: str) -> str:
    return "".join(filter(str.isalpha, text)).lower()


def _acronyms_apart(words: Sequence[re.Match[str]], begins: Collection[int]) -> Iterator[list[re.Match[str]]]:
    """Cut a phrase between two acronyms, so that those of ``an AI CEO`` are not one of five letters."""
    phrase: list[re.Match[str]] = []
    for word in words:
        if phrase and word.start() in begins and _SPELLED.fullmatch(phrase[-1][0]) and _SPELLED.fullmatch(word[0]):
            yield phrase
            phrase = []
        phrase.append(word)
    yield phrase


def _as_one_word(parts: Sequence[tuple[re.Match[str], str]]) -> str:
    """Return the sound of a name: its letters are one part of it, and its last part has the main stress."""
    runs = itertools.groupby(parts, key=lambda part: _SPELLED.fullmatch(part[0][0]) is not None)
    *leading, last = ("".join(sound.rstrip() for _, sound in run) for _, run in runs)
    return "".join((*map(weakened, leading), last)) + " "


def _runs(spoken: str, start: int, end: int) -> Iterator[tuple[str, list[re.Match[str]]]]:
    """Cut a part of spoken text into runs of one kind; a Latin phrase is one run of several words."""
    phrase: list[re.Match[str]] = []
    for token in _TOKEN.finditer(spoken, start, end):
        if token.lastgroup == "latin":
            phrase.append(token)
        elif token.lastgroup != "space":
            if phrase:
                yield "latin", phrase
                phrase = []
            yield token.lastgroup or "other", [token]
    if phrase:
        yield "latin", phrase


def _written(text: str, spans: Sequence[Span], sounds: _Sounds) -> PhonemeText:
    """Bring positions in the spoken text back to the written one."""
    origin = [place for span in spans for place in _origins(text, span)]
    words: list[PhonemeWord] = []
    for word in sounds.said:
        start, end = origin[word.start][0], origin[word.end - 1][1]
        if words and start < words[-1].end:
            # One written item is several spoken words: 35.5% is one word to look at.
            joined = words.pop()
            words.append(PhonemeWord(joined.phonemes + word.phonemes, joined.start, max(end, joined.end)))
        else:
            words.append(PhonemeWord(word.phonemes, start, end))
    lost = tuple(text[origin[start][0] : origin[end - 1][1]] for start, end in sounds.lost)
    return PhonemeText(tuple(_tiled(text, _ended(words))), lost)


def _origins(text: str, span: Span) -> Iterator[tuple[int, int]]:
    """Yield for each spoken character the written range that it represents."""
    same_length = len(span.spoken) == span.end - span.start and not span.notation
    for offset in range(len(span.spoken)):
        place = span.start + offset
        alike = same_length and span.spoken[offset] == text[place]
        yield (place, place + 1) if alike else (span.start, span.end)


def _ended(words: list[PhonemeWord]) -> list[PhonemeWord]:
    """Remove the space after the last word."""
    if words:
        words[-1] = replace(words[-1], phonemes=words[-1].phonemes.rstrip())
    return words


def _tiled(text: str, words: Sequence[PhonemeWord]) -> Iterator[PhonemeWord]:
    """Give what is between two words to one of them, so that no written character is left out."""
    begin = 0
    for word, following in itertools.zip_longest(words, words[1:]):
        border = _border(text, word.end, following.start) if following else len(text)
        start = begin + len(text[begin:border]) - len(text[begin:border].lstrip())
        yield PhonemeWord(word.phonemes, start, len(text[:border].rstrip()))
        begin = border


def _border(text: str, start: int, end: int) -> int:
    opening = _OPENING.search(text, start, end)
    assert opening is not None
    return opening.start()
