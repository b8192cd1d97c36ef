"""Builds the wheel, installs it into an empty environment away from the checkout and renders a short text with it."""

import subprocess
import sys
import tempfile
import venv
import zipfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
SHIPPED = {"interview_audio/voices.yaml", "interview_audio/voices.schema.json"}
"""What lies at the top of the repository and inside the installed package."""
INTERVIEW = """A short talk
Q: Where does the wind come from?
Ada: From wherever it is not needed. 你好，GPT-4。
Q: And where does it go?
Ada: Home, mostly.
"""


def run(*command: object, cwd: Path) -> None:
    """Run a command; its failure is ours."""
    subprocess.run([str(part) for part in command], cwd=cwd, check=True)


def main() -> None:
    """Leave nothing behind; exit with an error when the wheel does not work."""
    with tempfile.TemporaryDirectory() as name:
        away = Path(name)
        run(sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--wheel-dir", away, ROOT, cwd=away)
        wheel = next(away.glob("*.whl"))
        missing = SHIPPED - set(zipfile.ZipFile(wheel).namelist())
        if missing:
            sys.exit(f"{wheel.name} lacks {', '.join(sorted(missing))}")
        venv.create(away / "environment", with_pip=True)
        scripts = away / "environment" / ("Scripts" if sys.platform == "win32" else "bin")
        run(scripts / "python", "-m", "pip", "install", "--quiet", wheel, cwd=away)
        (away / "talk.txt").write_text(INTERVIEW, encoding="utf-8")
        run(scripts / "interview-audio", "render", "talk.txt", "-o", "episodes", "--store", "clips", cwd=away)
        episode = away / "episodes" / "talk.mp3"
        print(f"{wheel.name}: rendered {episode.name}, {episode.stat().st_size} bytes")


if __name__ == "__main__":
    main()
