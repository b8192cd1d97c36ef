"""How wide text is where every character takes whole columns: in a terminal, and in limits stated in columns."""

import functools
import unicodedata


def columns(text: str) -> int:
    """Count the columns of a terminal that a text takes.

    A Chinese character, a Korean syllable and an emoji take two, a combining accent and an emoji's joiner none.
    """
    if text.isascii():
        return len(text)
    from rich.cells import cell_len  # 14 ms, which a text in plain English need not wait for

    return cell_len(text)


@functools.cache
def is_wide(character: str) -> bool:
    """Tell whether one character is as wide as a Chinese one (Unicode, EastAsianWidth: Wide or Fullwidth).

    This is a property of the character by itself, for fonts and for the places where a line may break; what a text
    takes in a terminal depends on its neighbours, and ``columns`` tells that.
    """
    return unicodedata.east_asian_width(character) in ("W", "F")
