"""What somebody may have meant by a word that is not known: the end of an error message."""

from collections.abc import Iterable, Sequence


def nearest(word: str, known: Iterable[str]) -> str | None:
    """Return the known word that is most like another one, upper and lower case being the same; None if none is."""
    from difflib import get_close_matches  # imported only once something is wrong: commands start faster without it

    by_form: dict[str, str] = {}
    for candidate in known:
        by_form.setdefault(candidate.casefold(), candidate)
    close = get_close_matches(word.casefold(), by_form, n=1)
    return by_form[close[0]] if close else None


def suggestion(meant: str | None, otherwise: str = "") -> str:
    """Return the end of a message about an unknown word: ``; did you mean 'zh'?``, or what to do ``otherwise``."""
    return f"; did you mean {meant!r}?" if meant else f"; {otherwise}"


def did_you_mean(word: str, known: Iterable[str], otherwise: str = "") -> str:
    """Return the end of a message about a word that is not among those known.

    Args:
        word: As it was written.
        known: The words that it could have been, in the order in which a message should list them.
        otherwise: What to say where none is like it, such as ``list them with: …``; without it, the known words.

    Returns:
        ``; did you mean 'host'?`` or ``; known: host, narrator``, to be put at the end of a message.
    """
    words = list(known)
    return suggestion(nearest(word, words), otherwise or f"known: {', '.join(words)}")


def alternatives(ways: Sequence[str]) -> str:
    """Return ``a``, ``a or b``, ``a, b, or c``: what to do in one of several ways."""
    if len(ways) < 3:
        return " or ".join(ways)
    return f"{', '.join(ways[:-1])}, or {ways[-1]}"
