"""The container and the files that run it: what they promise, without a builder or a cluster.

`python .ci/container.py` carries the container's steps out; `make oracles` asks the linters of other makers.
"""

import re
import tomllib
from pathlib import Path

import click
import pytest
import yaml

from interview_audio import __version__
from interview_audio.cli import command_line

ROOT = Path(__file__).resolve().parents[1]
CONTAINERFILE = (ROOT / "Containerfile").read_text("utf-8")
FILES = sorted(path for path in (ROOT / "deploy").rglob("*") if path.is_file())
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
USER = "10001"


def pods_of(manifest: dict) -> list[dict]:
    if manifest["kind"] == "Pod":
        return [manifest["spec"]]
    if manifest["kind"] == "CronJob":
        return pods_of(manifest["spec"]["jobTemplate"] | {"kind": "Job"})
    return [manifest["spec"]["template"]["spec"]] if manifest["kind"] in ("Deployment", "Job") else []


MANIFESTS = [
    manifest for path in FILES if path.suffix == ".yaml" for manifest in yaml.safe_load_all(path.read_text("utf-8"))
]
PODS = [pod for manifest in MANIFESTS for pod in pods_of(manifest)]
CONTAINERS = [container for pod in PODS for container in [*pod.get("initContainers", []), *pod["containers"]]]
SERVICE = (ROOT / "deploy/systemd/interview-audio.service").read_text("utf-8")
IMAGE = f"interview-audio:{__version__}"
"""A version, as all machines must have the same one."""


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


def test_one_version_of_the_image_is_named_everywhere():
    assert (
        {container["image"] for container in CONTAINERS}
        == set(re.findall(r"interview-audio:[\w.]+", SERVICE))
        == {IMAGE}
    )


def test_the_nightly_job_is_the_same_job():
    (job,) = [manifest for manifest in MANIFESTS if manifest["metadata"]["name"] == "interview-audio-batch"]
    (nightly,) = [manifest for manifest in MANIFESTS if manifest["kind"] == "CronJob"]
    assert nightly["spec"]["jobTemplate"]["spec"] == job["spec"]


def test_a_source_that_fails_does_not_repeat_a_job():
    jobs = [manifest for manifest in MANIFESTS if manifest["kind"] == "Job"]
    assert len(jobs) == 2
    for job in jobs:
        ends = job["spec"]["podFailurePolicy"]["rules"][0]
        assert (ends["action"], ends["onExitCodes"]) == ("FailJob", {"operator": "In", "values": [1, 2]})


def test_every_volume_that_is_used_is_made():
    made = {manifest["metadata"]["name"] for manifest in MANIFESTS if manifest["kind"] == "PersistentVolumeClaim"}
    claims = [volume.get("persistentVolumeClaim") for pod in PODS for volume in pod["volumes"]]
    assert {claim["claimName"] for claim in claims if claim} == made


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
    *[line.split(f"{IMAGE} ")[1].split() for line in SERVICE.splitlines() if f"{IMAGE} " in line],
]


@pytest.mark.parametrize("words", COMMANDS, ids=" ".join)
def test_each_command_has_the_options_that_it_is_given(words):
    command = command_line.get_command(click.Context(command_line), words[0])
    options = {name for parameter in command.params for name in parameter.opts}
    assert {word for word in words if word.startswith("-")} <= options
