"""misaki's notation of English sounds, as Kokoro was trained on it: vowels, stress marks, how both change.

One character a sound: ``A I O Q W Y`` are the vowels of *day, my, go, go* (British)*, now, boy*, ``ʤ ʧ`` the
consonants of *judge, church*, ``T`` the American t of *water*, ``ᵊ`` and ``ᵻ`` the weak vowels of *little, roses*. A
stress mark is right before its vowel.
"""

VOWELS = frozenset("AIOQWYaiuæɑɒɔəɛɜɪʊʌᵻ")
CONSONANTS = frozenset("bdfhjklmnpstvwzðŋɡɹɾʃʒʤʧθ")
PRIMARY, SECONDARY = "ˈ", "ˌ"
_HEAVY = frozenset("AIOQWYʤʧ")


def unstressed(phonemes: str) -> str:
    """Return a word without its stress marks."""
    return phonemes.replace(PRIMARY, "").replace(SECONDARY, "")


def weakened(phonemes: str) -> str:
    """Return a word whose main stress is a secondary one; it keeps no other stress. One without it stays as it is."""
    if PRIMARY not in phonemes:
        return phonemes
    return phonemes.replace(SECONDARY, "").replace(PRIMARY, SECONDARY)


def stressed(phonemes: str, mark: str) -> str:
    """Return a word that has a stress of this kind or a stronger one, on its first vowel if it had none.

    Args:
        phonemes: A word.
        mark: :data:`PRIMARY` or :data:`SECONDARY`.
    """
    if PRIMARY in phonemes or mark in phonemes:
        return phonemes
    if SECONDARY in phonemes:
        return phonemes.replace(SECONDARY, PRIMARY)
    first = next((index for index, sound in enumerate(phonemes) if sound in VOWELS), None)
    return phonemes if first is None else phonemes[:first] + mark + phonemes[first:]


def weight(phonemes: str) -> int:
    """Return how long a part of a compound is: diphthongs and affricates count twice."""
    return len(phonemes) + sum(sound in _HEAVY for sound in phonemes)


def compounded(parts: list[str]) -> list[str]:
    """Return the parts of a compound with no more main stresses than one word bears.

    As misaki does it: of the parts, half keep their main stress, the later of two letters and the longer of words.
    """
    spoken = [index for index, part in enumerate(parts) if part]
    strong = sum(PRIMARY in parts[index] for index in spoken)
    if len(spoken) < 2 or strong <= (len(spoken) + 1) // 2:
        return parts
    order = sorted(spoken, key=lambda index: (PRIMARY in parts[index], weight(parts[index]), index))
    weak = frozenset(order[: len(spoken) // 2])
    return [weakened(part) if index in weak else part for index, part in enumerate(parts)]
