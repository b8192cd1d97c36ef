"""Tables of a million characters that a worker loads in hundredths of a second: text that is searched by halves.

As Python's objects a dictionary of 180,000 words takes 60 MB and a second in each worker.
"""

import zlib
from importlib import resources

_LONGEST_KEY = 80
"""Characters; those of the tables have 45 at most."""


class PackedTable:
    """A compressed text, with a line an entry in the order of its bytes: the key, a tab, the value."""

    def __init__(self, name: str) -> None:
        """Load a file of this package, as the tools in ``tools/`` pack it."""
        self._text = zlib.decompress((resources.files(__package__) / name).read_bytes())

    def find(self, key: str) -> str | None:
        """Return the value of a key."""
        if not 0 < len(key) <= _LONGEST_KEY:
            return None
        text, wanted = self._text, key.encode("utf-8", "surrogatepass")
        low, high = 0, len(text)
        while low < high:
            # A line starts after each line break; the text ends with one.
            start = text.rfind(b"\n", low, (low + high) // 2) + 1 or low
            end = text.index(b"\n", start)
            found, _, value = text[start:end].partition(b"\t")
            if found == wanted:
                return value.decode("utf-8")
            if found < wanted:
                low = end + 1
            else:
                high = start
        return None
