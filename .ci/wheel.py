"""Builds the wheel and installs it into empty environments away from the checkout; renders a short text with it.

usage: python .ci/wheel.py            in an environment of this interpreter
       python .ci/wheel.py --newer    in one of each newer interpreter of this machine; the fast tests run there, too
"""

import os
import re
import shutil
import subprocess
import sys
import tempfile
import tomllib
import zipfile
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
SHIPPED = {"interview_audio/voices.yaml", "interview_audio/voices.schema.json", "interview_audio/podcast.schema.json"}
"""What lies at the top of the repository and inside the installed package."""
INTERVIEW = """A short talk
Q: Where does the wind come from?
Ada: From wherever it is not needed. 你好，GPT-4。
Q: And where does it go?
Ada: Home, mostly.
"""
TESTS = ("-m", "not slow", "-n", "2", "--dist", "worksteal", "-q")


def run(*command: object, cwd: Path) -> None:
    """Run a command; its failure is ours."""
    subprocess.run([str(part) for part in command], cwd=cwd, check=True)


def newer() -> Iterator[str]:
    """Interpreters of this machine that the project names and that are newer than this one, the oldest first."""
    classifiers = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["classifiers"]
    minors = [int(minor) for minor in re.findall(r"Python :: 3\.(\d+)", "\n".join(classifiers))]
    for minor in sorted(minors):
        if minor > sys.version_info.minor and (found := next(filter(works, candidates(f"python3.{minor}")), None)):
            yield found


def candidates(name: str) -> Iterator[str]:
    """Where an interpreter may be: on PATH, or among pyenv's, whose names on PATH work for the selected ones only."""
    if on_path := shutil.which(name):
        yield on_path
    versions = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv")) / "versions"
    yield from map(str, sorted(versions.glob(f"{name.removeprefix('python')}.*/bin/{name}"), reverse=True))


def works(interpreter: str) -> bool:
    """Whether it runs, and can make environments."""
    return (
        subprocess.run([interpreter, "-c", "import ensurepip, ssl, venv"], check=False, capture_output=True).returncode
        == 0
    )


def try_wheel(interpreter: str, wheel: Path, away: Path, *, with_tests: bool) -> None:
    """Install the wheel for an interpreter and render with it; run the checkout's tests against it."""
    run(interpreter, "-m", "venv", away / "environment", cwd=away)
    scripts = away / "environment" / ("Scripts" if sys.platform == "win32" else "bin")
    run(scripts / "python", "-m", "pip", "install", "--quiet", "--upgrade", "pip>=25.1", cwd=away)
    run(scripts / "python", "-m", "pip", "install", "--quiet", wheel, cwd=away)
    (away / "talk.txt").write_text(INTERVIEW, encoding="utf-8")
    run(scripts / "interview-audio", "render", "talk.txt", "-o", "episodes", "--store", "clips", cwd=away)
    episode = away / "episodes" / "talk.mp3"
    version = subprocess.check_output([scripts / "python", "--version"], text=True).strip()
    print(f"{version}, {wheel.name}: rendered {episode.name}, {episode.stat().st_size} bytes", flush=True)
    if with_tests:
        run(scripts / "python", "-m", "pip", "install", "--quiet", "--group", ROOT / "pyproject.toml:test", cwd=away)
        run(scripts / "python", "-m", "pytest", *TESTS, cwd=ROOT)


def main() -> None:
    """Leave nothing behind; exit with an error when the wheel does not work."""
    chosen = list(newer()) if "--newer" in sys.argv else [sys.executable]
    with tempfile.TemporaryDirectory() as name:
        run(sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--wheel-dir", name, ROOT, cwd=Path(name))
        wheel = next(Path(name).glob("*.whl"))
        missing = SHIPPED - set(zipfile.ZipFile(wheel).namelist())
        if missing:
            sys.exit(f"{wheel.name} lacks {', '.join(sorted(missing))}")
        for interpreter in chosen:
            with tempfile.TemporaryDirectory() as away:
                try_wheel(interpreter, wheel, Path(away), with_tests="--newer" in sys.argv)
    if not chosen:
        print("no newer interpreter that the project accepts is on this machine")


if __name__ == "__main__":
    main()
