"""Asks trafilatura, an optional extra, which paragraphs of a web page are its article."""

from importlib.util import find_spec


def extracted_paragraphs(page: str) -> frozenset[str]:
    """Extract the article of a page.

    Args:
        page: Its HTML.

    Returns:
        The letters and digits of each paragraph; nothing without the extra, or where it finds no article.
    """
    if find_spec("trafilatura") is None:
        return frozenset()
    from trafilatura import extract

    article = extract(page, favor_recall=True, include_comments=False, output_format="txt") or ""
    return frozenset(letters_of(line) for line in article.splitlines()) - {""}


def letters_of(text: str) -> str:
    """Give a text without spaces, marks and punctuation, for comparison."""
    return "".join(filter(str.isalnum, text))
