"""Carries out the steps of the Containerfile where nothing can build it, and makes an episode with what comes out.

usage: python .ci/container.py

This machine's system stands for the base image: it is mounted below a new root, read-only, beside folders that the
steps write to. What is installed then runs as the image's user, who has no home, without a network. Linux, as root.
"""

import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from string import Template

ROOT = Path(__file__).resolve().parents[1]
SYSTEM = ("usr", "bin", "sbin", "lib", "lib64", "etc", "dev", "proc")
"""Folders of this machine that are the base image's."""
WRITABLE = ("opt", "data", "source", "tmp", "root")
TRIAL = [
    "unshare",
    "--mount",
    "--net",
    "--pid",
    "--fork",
    "--propagation",
    "private",
    "mount",
    "--bind",
    "/usr",
    "/usr",
]
"""What a machine must let root do: some that run CI do not."""
MOST_MEGABYTES = 1500
BASE_MEGABYTES = 250
"""What is left for the base image: Debian with Python has 225 MB, the slim images of Python less."""
INTERVIEW = """A short talk
Q: Where does the wind come from?
Ada: From wherever it is not needed. 你好，GPT-4。
Q: And where does it go?
Ada: Home, mostly.
"""


@dataclass
class Stage:
    """An image as far as it is built."""

    root: Path
    environment: dict[str, str] = field(default_factory=dict)
    arguments: dict[str, str] = field(default_factory=dict)
    folder: str = "/"
    user: str = "0:0"
    entry_point: str = "[]"

    def run(self, command: str, *, isolated: bool = False) -> None:
        """Run a command of the shell in it; as its user, and without a network or other processes, if isolated."""
        away = ["--net", "--pid", "--fork"] if isolated else []
        number, group = (self.user if isolated else "0:0").split(":")
        person = f"setpriv --reuid {number} --regid {group} --clear-groups --no-new-privs"
        variables = shlex.join(f"{name}={value}" for name, value in self._variables(isolated=isolated).items())
        inside = f"cd {shlex.quote(self.folder)} && {command}"
        script = f"{self._mounts()}\nexec chroot {self.root} {person} env -i {variables} sh -ec {shlex.quote(inside)}"
        subprocess.run(["unshare", "--mount", "--propagation", "private", *away, "sh", "-ec", script], check=True)

    def _variables(self, *, isolated: bool) -> dict[str, str]:
        """Its own, and while it is built its arguments and where this machine's pip looks for packages."""
        python = {"PATH": f"{Path(sys.base_prefix) / 'bin'}:/usr/local/bin:/usr/bin:/bin"}
        here = {name: value for name, value in os.environ.items() if name.startswith(("PIP_", "SSL_", "HTTPS_PROXY"))}
        expanded = {name: Template(value).safe_substitute(python) for name, value in self.environment.items()}
        return (python if isolated else here | python | self.arguments) | expanded

    def _mounts(self) -> str:
        lines = [f"mkdir -p {' '.join(str(self.root / name) for name in WRITABLE)}; chmod 1777 {self.root / 'tmp'}"]
        for name in SYSTEM:
            place = Path("/") / name
            if place.is_symlink():
                lines.append(f"ln -sfn {place.readlink()} {self.root / name}")
            elif place.is_dir():
                lines.append(f"mkdir -p {self.root / name}; mount --rbind -o ro {place} {self.root / name}")
        if not sys.base_prefix.startswith("/usr"):
            python = f"{self.root}{sys.base_prefix}"
            lines.append(f"mkdir -p {python}; mount --bind -o ro {sys.base_prefix} {python}")
        return "\n".join(lines)

    def copy(self, words: list[str], sources: Path) -> None:
        """Copy files and folders below a folder, as COPY does."""
        *names, last = words
        target = self.root / self.folder.lstrip("/") / last
        if last.startswith("/"):
            target = self.root / last.lstrip("/")
        for name in names:
            source = sources / name.lstrip("/")
            if source.is_dir():
                shutil.copytree(
                    source, target, symlinks=True, dirs_exist_ok=True, ignore=shutil.ignore_patterns("__pycache__")
                )
            else:
                target.mkdir(parents=True, exist_ok=True)
                shutil.copy2(source, target)


def instructions(text: str) -> list[tuple[str, str]]:
    """Return the instructions of a Containerfile, each with its words."""
    lines = "\n".join(line for line in text.splitlines() if not line.startswith("#"))
    joined = re.sub(r"\\\n\s*", " ", lines)
    return [(word, rest.strip()) for word, _, rest in (line.partition(" ") for line in joined.splitlines()) if word]


def build(text: str, place: Path) -> Stage:
    """Carry out all stages, each in a folder of its own; return the last one."""
    stages: dict[str, Stage] = {}
    stage = Stage(place)
    for word, rest in instructions(text):
        if word == "FROM":
            _, _, name = rest.partition(" AS ")
            stage = stages[name] = Stage(place / (name or "image"))
            stage.root.mkdir()
        elif word == "ARG":
            name, given, value = rest.partition("=")
            stage.arguments |= {name: value} if given else {}
        elif word == "ENV":
            stage.environment |= dict(pair.split("=", 1) for pair in shlex.split(rest))
        elif word == "WORKDIR":
            stage.folder = rest
            (stage.root / rest.lstrip("/")).mkdir(parents=True, exist_ok=True)
        elif word == "COPY":
            origin = re.match(r"--from=(\w+) ", rest)
            words = shlex.split(rest)
            stage.copy(words[1:] if origin else words, stages[origin[1]].root if origin else ROOT)
        elif word == "RUN":
            stage.run(rest)
        elif word == "USER":
            stage.user = rest
        elif word == "ENTRYPOINT":
            stage.entry_point = rest
    return stage


def main() -> None:
    """Build, speak, and say how much it weighs; exit with an error if it is too heavy or nothing was made."""
    if not sys.platform.startswith("linux") or os.getuid() != 0:
        print("container: the steps need Linux and root; nothing was tried")
        return
    if subprocess.run(TRIAL, stderr=subprocess.DEVNULL, check=False).returncode:
        print("container: this machine lets nobody mount folders or leave its network; nothing was tried")
        return
    with tempfile.TemporaryDirectory() as name:
        place = Path(name)
        place.chmod(0o755)  # the image's user has to enter it
        image = build((ROOT / "Containerfile").read_text("utf-8"), place)
        megabytes = sum(file.lstat().st_size for file in (image.root / "opt").rglob("*")) / 1e6
        (image.root / "data" / "talk.txt").write_text(INTERVIEW, encoding="utf-8")
        (program,) = re.findall(r'"([^"]+)"', image.entry_point)
        image.run(f"{program} render talk.txt -o episodes", isolated=True)
        episode = image.root / "data" / "episodes" / "talk.mp3"
        clips = image.root / "data" / "cache" / "interview-audio" / "clips"
        print(
            f"container: {megabytes:.0f} MB beside the base image; {episode.name} of {episode.stat().st_size} bytes,"
            f" made by user {episode.stat().st_uid} without a network; clips are in the volume: {clips.is_dir()}"
        )
        if megabytes + BASE_MEGABYTES > MOST_MEGABYTES or not clips.is_dir():
            sys.exit(f"container: {MOST_MEGABYTES} MB at the most, and clips belong into the volume")


if __name__ == "__main__":
    main()
