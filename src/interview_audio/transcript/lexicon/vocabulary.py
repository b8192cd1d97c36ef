"""Lists of words as the modules of this stage write them down."""


def word_set(listed: str) -> frozenset[str]:
    """Give the words of a list written with spaces between them."""
    return frozenset(listed.split())


def phrase_set(listed: str) -> frozenset[str]:
    """Give the phrases of a list written with bars between them."""
    return frozenset(" ".join(phrase.split()) for phrase in listed.split("|"))
