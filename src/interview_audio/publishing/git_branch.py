"""A branch of a Git repository as a place for files: what GitHub Pages, and services like it, give out.

The ``git`` of this machine works in a repository of its own in the temporary folder, which has the branch's names and
not its files: nobody's working tree or index is touched. Files become one commit on top of what is there, so that a
feed and what it names arrive together; nothing is ever forced.
"""

import contextlib
import hashlib
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import BinaryIO

from interview_audio.errors import UsageError
from interview_audio.files.atomic_files import file_lock, try_file_lock
from interview_audio.storage.buckets import OutgoingFile
from interview_audio.storage.targets import LIST_NAME, PublishedList, Sent, State, TargetError, changed
from interview_audio.text.printable import without_password
from interview_audio.text.units import counted

_BRANCH = "gh-pages"
"""What Pages give out where nothing else was chosen; alone, it is the address of that branch at ``origin``."""
_SCHEME = "git+"
_MAX_GITHUB_BYTES = 100 * 1024**2
"""GitHub refuses a push with a larger file (docs.github.com, "About large files on GitHub")."""
_NO_JEKYLL = ".nojekyll"
"""Without this file GitHub Pages build the site anew, and leave out files whose names begin with ``_`` or ``.``."""
_CHUNK = 1 << 20
_PREFIX = "interview-audio-publish-"
_URL = re.compile(r"(?:[a-z+]+://)?(?:[^@/]*@)?(?P<host>[^:/]*)[:/]", re.IGNORECASE)
_GITHUB = re.compile(
    r"(?:https?://|ssh://|git://)?(?:[^@/]*@)?github\.com(?::\d+)?[:/]+(?P<owner>[^/]+)/(?P<name>[^/]+?)(?:\.git)?/?",
    re.IGNORECASE,
)
_REASON = re.compile(r"^(?:(?:remote|fatal|error|ERROR):\s*)+(?P<reason>[^\s!].*?)\s*$", re.MULTILINE)
_OVERTAKING = re.compile(rb"cannot lock ref|failed to update ref|fetch first|non-fast-forward|reference already exists")
"""What Git says where somebody else is pushing at this very moment."""
_SETTINGS = {
    "core.hooksPath": os.devnull,
    "core.bigFileThreshold": "1m",  # sound neither shrinks nor resembles other sound
    "core.looseCompression": "0",
    "gc.auto": "0",
}
_OF_A_REPOSITORY = (
    "GIT_ALTERNATE_OBJECT_DIRECTORIES",
    "GIT_COMMON_DIR",
    "GIT_DIR",
    "GIT_GRAFT_FILE",
    "GIT_INDEX_FILE",
    "GIT_NAMESPACE",
    "GIT_OBJECT_DIRECTORY",
    "GIT_PREFIX",
    "GIT_QUARANTINE_PATH",
    "GIT_SHALLOW_FILE",
    "GIT_WORK_TREE",
)
"""Variables by which a hook that starts us has its own repository: it is not the one that we work in."""
_IDENTITY = {"NAME": "interview-audio", "EMAIL": "interview-audio@localhost"}
"""Who commits where Git does not know it."""


class OvertakenError(TargetError):
    """Somebody else has published to the branch meanwhile: look at it again."""


class GitBranch:
    """A branch, or a folder of it.

    Args:
        address: ``git+URL#BRANCH`` or ``git+URL#BRANCH:FOLDER``; or ``gh-pages``.
        beside: The folder that a relative path begins in.
        inside: A folder of the repository whose ``origin`` is meant by ``gh-pages``.

    Raises:
        UsageError: It is no such address, or the folder is in no repository that has an ``origin``.
        TargetError: Git is not there.
    """

    def __init__(self, address: str, beside: Path = Path(), inside: Path = Path()) -> None:
        if shutil.which("git") is None:
            raise TargetError(f"{without_password(address)}: needs git; install it, or publish to a folder")
        url, _, place = address.removeprefix(_SCHEME).partition("#")
        self._url = _origin(inside) if address == _BRANCH else _absolute(url, beside)
        branch, _, folder = place.partition(":")
        self._branch = branch or _BRANCH
        self._folder = f"{folder.strip('/')}/" if folder.strip("/") else ""
        self._held = contextlib.ExitStack()
        self._repository: Path | None = None
        self._head: str | None = None
        self._objects: dict[str, str] = {}
        self._list = PublishedList({})
        self._sent: dict[str, str] = {}

    @property
    def max_file_size(self) -> int | None:
        """See ``Target``."""
        found = None if _is_path(self._url) else _URL.match(self._url)
        host = found["host"].lower() if found else ""
        # A name without a dot is an alias of ssh: few have one, and most of them for GitHub.
        is_github = host in ("github.com", "ssh.github.com") or (host and "." not in host)
        return _MAX_GITHUB_BYTES if is_github else None

    @property
    def address(self) -> str:
        """See ``Target``."""
        return f"{_SCHEME}{without_password(self._url)}#{self._branch}:{self._folder}".rstrip(":/")

    def enter(self, folder: str) -> None:
        """See ``Target``."""
        self._folder += f"{folder}/"

    def default_base_url(self) -> str | None:
        """Return where GitHub Pages give the branch out; None for other services.

        Raises:
            TargetError: The repository cannot be read.
        """
        found = _GITHUB.fullmatch(self._url)
        if not found:
            return None
        own = self._read("CNAME")
        owner, name = found["owner"].lower(), found["name"]
        site = f"{owner}.github.io"
        if own and own.strip():
            root = f"https://{own.decode('utf-8', 'replace').strip()}/"
        else:
            root = f"https://{site}/" if name.lower() == site else f"https://{site}/{name}/"
        return root + self._folder

    def look(self, files: Sequence[OutgoingFile]) -> Mapping[str, State]:
        """See ``Target``."""
        self._fetch()
        self._list = PublishedList.parse(self.read(LIST_NAME))
        return {file.name: self._state(file) for file in files}

    def read(self, name: str) -> bytes | None:
        """See ``Target``."""
        return self._read(self._folder + name)

    def begin(self, files: Sequence[OutgoingFile]) -> None:  # noqa: ARG002 - see ``Target``
        """See ``Target``."""
        self._sent = {}

    def send(self, files: Sequence[OutgoingFile], report: Sent) -> None:
        """See ``Target``; what is sent here leaves this machine when all is finished."""
        for file in files:
            try:
                written = self._write(file.content)
            except OSError as error:
                raise TargetError(f"{error.filename or file.name}: {error.strerror}; publish again") from error
            if written != self._object_of(file):
                raise changed(file)
            self._sent[file.name] = written
            report(file, file.size)

    def finish(self) -> None:
        """See ``Target``; raises ``OvertakenError`` where somebody else was faster."""
        if not self._sent:
            return
        commit = self._commit()
        pushed = self._run(
            "push", "--no-verify", "--no-signed", "origin", f"{commit}:refs/heads/{self._branch}", check=False
        )
        if pushed.returncode == 0:
            return
        now = self._remote_head()
        if now == self._head and not _OVERTAKING.search(pushed.stderr):
            raise self._failure(pushed.stderr)
        if now != commit:  # else only the answer was lost
            raise OvertakenError(f"{self.address}: somebody else published meanwhile; publish again")

    def close(self) -> None:
        """See ``Target``."""
        self._held.close()
        self._repository = None

    def _state(self, file: OutgoingFile) -> State:
        there = self._objects.get(self._folder + file.name)
        if there is None:
            return State.ABSENT
        if there == self._object_of(file):
            return State.SAME
        return State.OUTDATED if f"git:{there}" in self._list.possible(file.name) else State.FOREIGN

    def _object_of(self, file: OutgoingFile) -> str:
        """Return the name that Git has for a content."""
        digest = hashlib.sha1(usedforsecurity=False)
        digest.update(b"blob %d\0" % file.size)
        with file.open() as content:
            while chunk := content.read(_CHUNK):
                digest.update(chunk)
        return digest.hexdigest()

    def _fetch(self) -> None:
        """Learn what the branch has now."""
        self._head, self._objects = self._remote_head(), {}
        if self._head is None:
            return
        self._run("fetch", "--quiet", "--depth=1", "--no-tags", "--filter=blob:none", "origin", self._head)
        listed = self._run("ls-tree", "-r", "-z", self._head).stdout
        for entry in filter(None, listed.split(b"\0")):
            described, _, path = entry.partition(b"\t")
            self._objects[path.decode("utf-8", "surrogateescape")] = described.split()[2].decode()

    def _remote_head(self) -> str | None:
        found = self._run("ls-remote", "origin", f"refs/heads/{self._branch}").stdout.split()
        return found[0].decode() if found else None

    def _read(self, path: str) -> bytes | None:
        if self._repository is None:
            self._fetch()
        if path not in self._objects:
            return None
        return self._run("cat-file", "blob", self._objects[path]).stdout

    def _write(self, content: Path | bytes) -> str:
        """Write a content into our repository, and return the name that Git has for it."""
        if isinstance(content, bytes):
            return self._run("hash-object", "-w", "--stdin", text=content).stdout.decode().strip()
        with content.open("rb") as file:
            return self._run("hash-object", "-w", "--stdin", stdin=file).stdout.decode().strip()

    def _commit(self) -> str:
        """Make the commit, and return its name."""
        self._list.settle({name: f"git:{written}" for name, written in self._sent.items()})
        entries = {self._folder + name: written for name, written in self._sent.items()}
        entries[self._folder + LIST_NAME] = self._write(self._list.format())
        if _NO_JEKYLL not in self._objects:
            entries[_NO_JEKYLL] = self._write(b"")
        self._run("read-tree", self._head or "--empty")
        index = "".join(f"100644 {written}\t{path}\0" for path, written in entries.items())
        self._run("update-index", "-z", "--index-info", text=index.encode("utf-8", "surrogateescape"))
        tree = self._run("write-tree", "--missing-ok").stdout.decode().strip()  # most contents are not here
        parents = ("-p", self._head) if self._head else ()
        message = f"Publish {counted(len(self._sent), 'file')}"
        return self._run("commit-tree", tree, *parents, "-m", message).stdout.decode().strip()

    def _run(
        self, *words: str, stdin: BinaryIO | None = None, text: bytes | None = None, check: bool = True
    ) -> subprocess.CompletedProcess[bytes]:
        done = _git(self._repository or self._make_repository(), *words, stdin=stdin, text=text)
        if check and done.returncode:
            raise self._failure(done.stderr)
        return done

    def _make_repository(self) -> Path:
        _remove_abandoned()
        folder = Path(self._held.enter_context(tempfile.TemporaryDirectory(prefix=_PREFIX)))
        self._held.enter_context(file_lock(folder.with_name(f"{folder.name}.lock")))
        self._repository = folder
        self._run("init", "--quiet", "--bare", "--object-format=sha1")  # all that GitHub takes
        self._run("config", "remote.origin.url", self._url)
        for part, value in _IDENTITY.items():
            if _git(self._repository, "config", f"user.{part.lower()}").returncode:
                self._run("config", f"user.{part.lower()}", value)
        return self._repository

    def _failure(self, said: bytes) -> TargetError:
        reasons = [match["reason"] for match in _REASON.finditer(said.decode("utf-8", "replace"))]
        reason = reasons[0] if reasons else "git failed"
        reason = reason.replace(self._url, without_password(self._url))
        return TargetError(f"{self.address}: {reason}; check the address and your rights, then publish again")


def is_git_address(address: str) -> bool:
    """Tell whether an address names a branch of a repository."""
    return address == _BRANCH or address.startswith(_SCHEME)


def _remove_abandoned() -> None:
    """Remove the repositories of runs that were killed: they hold all that was to be sent."""
    for lock in Path(tempfile.gettempdir()).glob(f"{_PREFIX}*.lock"):
        with contextlib.suppress(OSError), try_file_lock(lock) as is_free:  # another user's, or gone meanwhile
            if is_free:
                shutil.rmtree(lock.with_suffix(""), ignore_errors=True)


def _git(
    repository: Path, *words: str, stdin: BinaryIO | None = None, text: bytes | None = None
) -> subprocess.CompletedProcess[bytes]:
    """Run Git in a repository, whatever repository we were started in."""
    environment = {name: value for name, value in os.environ.items() if name not in _OF_A_REPOSITORY}
    if not sys.stderr.isatty():
        environment.setdefault("GIT_TERMINAL_PROMPT", "0")
    settings = [word for name, value in _SETTINGS.items() for word in ("-c", f"{name}={value}")]
    return subprocess.run(  # noqa: S603 - our own words; what users wrote is no option, and no shell reads it
        ["git", *settings, "-C", str(repository), *words],  # noqa: S607 - the one that the user has
        stdin=stdin or (None if text is not None else subprocess.DEVNULL),
        input=text,
        capture_output=True,
        env=environment | {"LC_ALL": "C"},
        check=False,
    )


def _origin(folder: Path) -> str:
    """Return the address of the ``origin`` of the repository that a folder is in."""
    found = _git(folder, "remote", "get-url", "origin")
    url = found.stdout.decode("utf-8", "surrogateescape").strip()
    if found.returncode or not url:
        raise UsageError(f"{_BRANCH}: {folder} is in no Git repository with an `origin`; write git+URL#{_BRANCH}")
    top = _git(folder, "rev-parse", "--show-toplevel").stdout.decode("utf-8", "surrogateescape").strip()
    return _absolute(url, Path(top))


def _absolute(url: str, beside: Path) -> str:
    """Return an address that means the same in another folder."""
    if not url:
        raise UsageError(f"{_SCHEME}: no repository; write git+URL#BRANCH")
    return str((beside / Path(url).expanduser()).absolute()) if _is_path(url) else url


def _is_path(url: str) -> bool:
    return "://" not in url and not re.match(r"[^/\\]{2,}:", url)
