"""The container and the files that run it: what they promise, without a builder or a cluster.

`python .ci/container.py` carries the container's steps out; `make oracles` asks the linters of other makers.
"""

import re
import tomllib
from pathlib import Path

import click
import pytest
import yaml

from interview_audio.cli import command_line

ROOT = Path(__file__).resolve().parents[1]
CONTAINERFILE = (ROOT / "Containerfile").read_text("utf-8")
FILES = sorted(path for path in (ROOT / "deploy").rglob("*") if path.is_file())
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
USER = "10001"
MANIFESTS = [
    manifest for path in FILES if path.suffix == ".yaml" for manifest in yaml.safe_load_all(path.read_text("utf-8"))
]
PODS = [manifest["spec"]["template"]["spec"] for manifest in MANIFESTS if manifest["kind"] in ("Deployment", "Job")]
CONTAINERS = [container for pod in PODS for container in [*pod.get("initContainers", []), *pod["containers"]]]


def instruction(word: str) -> list[str]:
    joined = re.sub(r"\\\n\s*", " ", CONTAINERFILE)
    return re.findall(rf"^{word} (.+)", joined, re.MULTILINE)


def test_the_container_runs_as_a_numbered_user_who_is_not_root():
    assert instruction("USER") == [f"{USER}:0"]


def test_all_that_is_kept_is_in_the_one_volume():
    folders = dict(pair.split("=") for pair in " ".join(instruction("ENV")).split() if pair.startswith("XDG_"))
    assert instruction("VOLUME") == instruction("WORKDIR")[-1:] == ["/data"]
    assert folders == {
        "XDG_CACHE_HOME": "/data/cache",
        "XDG_DATA_HOME": "/data/share",
        "XDG_CONFIG_HOME": "/data/config",
    }


@pytest.mark.parametrize("path", [ROOT / "Containerfile", *FILES], ids=lambda path: path.name)
def test_no_registry_is_named(path):
    hosts = re.findall(r"\b[\w-]+(?:\.[\w-]+)*\.(?:io|com|org|net|dev)\b(?:/\S*)?", path.read_text("utf-8"))
    assert [host for host in hosts if host != "networking.k8s.io/v1"] == []


def test_what_the_package_is_built_of_is_copied_and_let_in():
    copied = {name for words in instruction("COPY") if "--from" not in words for name in words.split()[:-1]}
    needed = {"pyproject.toml", PROJECT["project"]["readme"], "LICENSE", "src"}
    needed |= PROJECT["tool"]["hatch"]["build"]["targets"]["wheel"]["force-include"].keys()
    let_in = {line.removeprefix("!") for line in (ROOT / ".containerignore").read_text("utf-8").splitlines()}
    assert copied == needed
    assert copied <= let_in
    assert all((ROOT / name).exists() for name in copied)


def test_the_extras_of_the_container_exist():
    (extras,) = re.findall(r"^ARG EXTRAS=(.+)", CONTAINERFILE, re.MULTILINE)
    assert set(extras.split(",")) <= PROJECT["project"]["optional-dependencies"].keys()


def test_pods_have_no_more_rights_than_the_container():
    for pod in PODS:
        assert pod["securityContext"]["runAsUser"] == int(USER)
        assert pod["securityContext"]["runAsNonRoot"]
        assert pod["automountServiceAccountToken"] is False
    for container in CONTAINERS:
        assert container["securityContext"] == {
            "allowPrivilegeEscalation": False,
            "readOnlyRootFilesystem": True,
            "capabilities": {"drop": ["ALL"]},
        }
        assert {mount["mountPath"] for mount in container["volumeMounts"]} == {"/data", "/tmp"}


def test_every_pod_that_speaks_to_the_scheduler_may():
    """Its port executes what it is sent: the policy lets in pods with the label alone."""
    (policy,) = [manifest for manifest in MANIFESTS if manifest["kind"] == "NetworkPolicy"]
    (rule,) = policy["spec"]["ingress"]
    label = rule["from"][0]["podSelector"]["matchLabels"]
    assert policy["spec"]["podSelector"]["matchLabels"] == label
    for manifest in MANIFESTS:
        if "interview-audio-scheduler:" in str(manifest) or manifest["kind"] == "Deployment":
            assert label.items() <= manifest["spec"]["template"]["metadata"]["labels"].items()


def test_the_service_leads_to_the_scheduler():
    (service,) = [manifest for manifest in MANIFESTS if manifest["kind"] == "Service"]
    (scheduler,) = [
        manifest
        for manifest in MANIFESTS
        if manifest["metadata"]["name"] == service["metadata"]["name"] and manifest["kind"] == "Deployment"
    ]
    assert service["spec"]["selector"] == scheduler["spec"]["template"]["metadata"]["labels"]
    addresses = set(re.findall(r"tcp://([\w-]+):(\d+)", str(MANIFESTS)))
    assert addresses == {(service["metadata"]["name"], str(service["spec"]["ports"][0]["port"]))}


COMMANDS = [
    *[container["args"] for container in CONTAINERS if "args" in container],
    *[
        line.split("interview-audio:latest ")[1].split()
        for line in (ROOT / "deploy/systemd/interview-audio.service").read_text("utf-8").splitlines()
        if "interview-audio:latest " in line
    ],
]


@pytest.mark.parametrize("words", COMMANDS, ids=" ".join)
def test_each_command_has_the_options_that_it_is_given(words):
    command = command_line.get_command(click.Context(command_line), words[0])
    options = {name for parameter in command.params for name in parameter.opts}
    assert {word for word in words if word.startswith("-")} <= options
