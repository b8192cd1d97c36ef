"""Asks trafilatura, an optional extra, which paragraphs of a web page are its article.

Fetches a page of the web, and tells where its article is; all that needs the optional extra ``web``.
"""

import re
from importlib.util import find_spec
from urllib.parse import unquote, urlsplit

from interview_audio.errors import SourceError


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
    """Return a text without spaces, marks and punctuation, for comparison."""
    return "".join(filter(str.isalnum, text))


ADDRESS = re.compile(r"https?://\S+", re.IGNORECASE)
NOT_IN_NAME = re.compile(r"[^\w.-]+")
INSTALL = "reading a web page needs: pip install 'interview-audio[web]'; or save the page and render that file"


def is_address(source: str) -> bool:
    """Tell whether a source is named by an address of the web."""
    return ADDRESS.fullmatch(source) is not None


def name_of(address: str) -> str:
    """Return the name of the file that a page at an address would be: the last part of its path, else its host."""
    parts = urlsplit(address)
    last = unquote(parts.path).rstrip("/").rpartition("/")[2]
    name = NOT_IN_NAME.sub("-", last.rpartition(".")[0] or last or parts.hostname or "")
    return f"{name.strip('-.') or 'episode'}.html"


def fetch_page(address: str) -> bytes:
    """Fetch a page.

    Raises:
        SourceError: The extra is not installed, or the page cannot be had.
    """
    if find_spec("trafilatura") is None:
        raise SourceError(INSTALL, address)
    from trafilatura import fetch_response

    response = fetch_response(address)
    if response is None or not response.data:
        raise SourceError("the page cannot be fetched; check the address and the network, or save the page", address)
    if response.status >= 400:
        raise SourceError(
            f"the server answered with error {response.status}; open the page in a browser and save it", address
        )
    return bytes(response.data)
