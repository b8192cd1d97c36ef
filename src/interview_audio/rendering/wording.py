"""How a text would be said, before anything is spoken: one text, the words that are guessed, what the rules match."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from interview_audio.configuration.settings import Settings
from interview_audio.engines.protocol import Engine, Phonetic, Sounds, Utterance
from interview_audio.engines.utterance_pieces import prepare_text
from interview_audio.errors import VoiceError
from interview_audio.rendering.settings_checks import check_pronunciations
from interview_audio.script.casting import HOST
from interview_audio.script.lines import Line, Voice, known_names, with_names
from interview_audio.script.rules import ReadingRules, RuleMatch
from interview_audio.script.sentences import spoken_pieces
from interview_audio.synthesis.clips import matching_pronunciations
from interview_audio.transcript.turns import Person, Turn


@dataclass(frozen=True, slots=True)
class Wording:
    """A text as an engine would say it."""

    utterance: Utterance
    """What the engine is asked for."""
    sounds: Sounds
    """Without phonemes where the engine does not tell them."""
    replaced: tuple[tuple[str, str], ...]
    """What reading rules match, and what they have said."""


@dataclass(frozen=True, slots=True)
class GuessedWord:
    """A word that no dictionary has."""

    language: str
    """Of the lines that it is in."""
    written: str
    guess: str
    """As a pronunciation: IPA between slashes, or pinyin."""
    lines: tuple[int, ...]
    """Of the source, once for each time that it occurs."""


def wording_of(text: str, settings: Settings, engine: Engine, language: str, voice: str | None = None) -> Wording:
    """Tell how an engine would say a text, with the rules and pronunciations of the settings.

    Args:
        text: Written words.
        settings: Those that count.
        engine: Who speaks.
        language: Of the text, a primary tag.
        voice: The engine's own name for it; None for the host's.

    Raises:
        VoiceError: There is no such voice, or none for this language.
        ConfigurationError: A pronunciation cannot be said, or a rule takes too long.
        EngineError: The engine cannot work here.
    """
    voice = voice or usual_voice(settings, engine, language)
    engine.check(voice, language)
    matches = ReadingRules(settings.rules).find(text)
    replaced = tuple(match.replacement for match in matches)
    line = Line(0, HOST, language, text, Voice(engine.name, voice), 0, None, 1, replaced=replaced)
    check_pronunciations([line], settings, engine)
    pronunciations = matching_pronunciations(line, settings.pronunciations_for(engine.name))
    (line,) = with_names([line], known_names((), settings), engine)
    utterance = Utterance(line.said, language, voice, pronunciations=pronunciations, names=line.names)
    if isinstance(engine, Phonetic):
        sounds = engine.sounds(utterance)
    else:
        sounds = Sounds(prepare_text(line.said, pronunciations).sent, "")
    return Wording(utterance, sounds, tuple((text[start:end], said) for start, end, said in replaced))


def usual_voice(settings: Settings, engine: Engine, language: str) -> str:
    """Return the voice with which a host speaks a language: of the settings, else the engine's first one for it.

    Raises:
        VoiceError: There is none.
    """
    host = settings.speakers.get(HOST)
    named = host.voices.get(language, {}).get(engine.name) if host else None
    pool = settings.pool.get(language, {}).get(engine.name, {})
    offered = (voice.name for voice in engine.voices() if language in voice.languages)
    chosen = named or next((voice for voices in pool.values() for voice in voices), None) or next(offered, None)
    if chosen is None:
        raise VoiceError(
            f"{engine.name} has no voice for the language {language!r}; take another engine, or name a voice"
        )
    return chosen


def rule_matches(spoken: Sequence[Turn], settings: Settings) -> Iterator[tuple[Turn, str, RuleMatch]]:
    """Yield what the reading rules match: the turn, the utterance in it, and the match.

    Raises:
        ConfigurationError: A rule takes too long.
    """
    rules = ReadingRules(settings.rules)
    for turn in spoken:
        for piece in () if turn.recording else spoken_pieces(turn.text, turn.marks):
            for match in rules.find(piece.text):
                yield turn, piece.text, match


def guessed_words(
    spoken: Sequence[Turn], settings: Settings, engine: Engine, people: Sequence[Person] = ()
) -> tuple[GuessedWord, ...]:
    """Return the words that no dictionary has and for which the settings have no pronunciation, names first.

    Args:
        spoken: The turns that are read aloud.
        settings: Pronunciations, rules, and the host's voices, whose accent decides.
        engine: Whose dictionaries count; one without any guesses nothing.
        people: Who speaks; their names are read as names.

    Raises:
        ConfigurationError: A rule takes too long.
        EngineError: The engine cannot work here.
    """
    if not isinstance(engine, Phonetic):
        return ()
    rules, pronunciations = ReadingRules(settings.rules), settings.pronunciations_for(engine.name)
    names = tuple(known_names(people, settings))
    voices = {tag: usual_voice(settings, engine, tag) for tag in engine.tells_words_of}
    found: dict[tuple[str, str], tuple[str, list[int]]] = {}
    for turn in spoken:
        if turn.language not in voices or turn.recording:
            continue
        voice, given = voices[turn.language], settings.pronunciations.get(turn.language, {})
        for piece in spoken_pieces(turn.text, turn.marks):
            text, replaced = piece.text, tuple(match.replacement for match in rules.find(piece.text))
            line = Line(0, HOST, turn.language, text, Voice(engine.name, voice), 0, None, turn.line, replaced=replaced)
            (line,) = with_names([line], names, engine)
            own = matching_pronunciations(line, pronunciations)
            utterance = Utterance(line.said, turn.language, voice, pronunciations=own, names=line.names)
            for written, guess in engine.guesses(utterance):
                if written not in given:
                    found.setdefault((turn.language, written), (guess, []))[1].append(turn.line)
    words = [GuessedWord(*key, guess, tuple(lines)) for key, (guess, lines) in found.items()]
    return tuple(sorted(words, key=_by_need))


def _by_need(word: GuessedWord) -> tuple[bool, int]:
    """Order words by how much they need a look: names first, and among both those that are said most often."""
    return word.written == word.written.lower() and word.written.isascii(), -len(word.lines)
