"""Fetches the real transcripts that the parser is measured with: `python -m benchmarks.wild.rebuild FOLDER`.

They belong to others and are not part of this repository; `manifest.tsv` names each by repository, commit, path and
SHA-256. They are laid into `FOLDER/dev` (looked at while the parser was mended) and `FOLDER/held` (measured once).
A file that is there already is not fetched again; one that cannot be fetched, or is another one by now, is named.
"""

import csv
import hashlib
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

MANIFEST = Path(__file__).with_name("manifest.tsv")
_TIMEOUT_SECONDS = 60


@dataclass(frozen=True, slots=True)
class WildFile:
    """A transcript of a public repository."""

    half: str
    repository: str
    commit: str
    path: str
    sha256: str

    @property
    def address(self) -> str:
        """Where it is on the web."""
        return f"https://raw.githubusercontent.com/{self.repository}/{self.commit}/{quote(self.path)}"

    def place(self, folder: Path) -> Path:
        """Return where it is below a folder."""
        return folder / self.half / self.repository.replace("/", "+") / self.path.replace("/", "__")


def wild_files() -> Iterator[WildFile]:
    """Yield the files of the manifest."""
    with MANIFEST.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file, delimiter="\t"):
            yield WildFile(row["half"], row["repo"], row["commit"], row["path"], row["sha256"])


def fetch(wild: WildFile, folder: Path) -> str:
    """Fetch a file unless it is there; return what is wrong, empty where nothing is."""
    place = wild.place(folder)
    if place.exists():
        content = place.read_bytes()
    else:
        try:
            with urllib.request.urlopen(wild.address, timeout=_TIMEOUT_SECONDS) as answer:
                content = answer.read()
        except (urllib.error.URLError, TimeoutError) as error:
            return f"cannot be fetched: {error}"
    if hashlib.sha256(content).hexdigest() != wild.sha256:
        return "is not the file that was measured"
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_bytes(content)
    return ""


def main() -> None:
    """Fetch all files; exit with an error where one is missing."""
    folder = Path(sys.argv[1])
    wrong = [f"{wild.address} {problem}" for wild in wild_files() if (problem := fetch(wild, folder))]
    print("\n".join(wrong) or f"all files are in {folder}")
    sys.exit(bool(wrong))


if __name__ == "__main__":
    main()
