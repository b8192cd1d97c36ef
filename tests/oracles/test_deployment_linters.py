"""What hadolint, the schemas of Kubernetes and systemd say of the files that run us: `make oracles` installs the first two."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PATH = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
HADOLINT = shutil.which("hadolint", path=PATH)
SYSTEMD = shutil.which("systemd-analyze")


@pytest.mark.skipif(HADOLINT is None, reason="make oracles has not installed hadolint")
def test_hadolint_has_nothing_to_say_of_the_containerfile():
    found = subprocess.run([HADOLINT, "Containerfile"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert (found.returncode, found.stdout) == (0, "")


@pytest.mark.parametrize("path", sorted((ROOT / "deploy/kubernetes").glob("*.yaml")), ids=lambda path: path.name)
def test_kubernetes_knows_every_field(path):
    pytest.importorskip("kubernetes_validate", reason="make oracles has not installed kubernetes-validate")
    command = [sys.executable, "-m", "kubernetes_validate", "--strict", path]
    found = subprocess.run(command, capture_output=True, text=True, check=False)
    assert found.returncode == 0, found.stdout + found.stderr


@pytest.mark.skipif(SYSTEMD is None, reason="systemd-analyze is not installed")
def test_systemd_understands_the_service_and_its_timer(tmp_path):
    for path in (ROOT / "deploy/systemd").iterdir():
        text = path.read_text("utf-8").replace("/usr/bin/podman", "/bin/true")  # which not every machine has
        (tmp_path / path.name).write_text(text, "utf-8")
    found = subprocess.run(
        [SYSTEMD, "verify", *sorted(tmp_path.iterdir())], capture_output=True, text=True, check=False
    )
    assert (found.returncode, found.stderr) == (0, "")
