"""The other commands: version, help, script as JSON, voices."""

import json

from interview_audio import __version__


def test_version_and_help(run):
    assert run("--version").out == f"interview-audio, version {__version__}\n"
    text = run("--help").out
    assert all(name in text for name in ("render", "script", "check", "voices"))
    assert run().code == 2
    assert run("rendr").code == 2


def test_script_prints_the_contract(run, interview):
    document = json.loads(run("script", interview, "--format", "json").out)
    assert document["schema"] == 1
    assert (document["title"], document["language"]) == ("The keeper of the light", "en")
    assert [(one["name"], one["role"]) for one in document["speakers"]] == [("Q", "host"), ("Ada Brook", "guest")]
    assert document["speakers"][0]["voices"] == {"en": "kokoro:af_heart"}
    assert [turn["kind"] for turn in document["turns"]] == [
        "heading", "narration", "speech", "speech", "speech", "speech", "speech", "boilerplate",
    ]  # fmt: skip
    first = document["turns"][2]
    assert (first["label"], first["line"], first["confidence"]) == ("Q", 5, "certain")
    receipt = document["receipt"]
    assert receipt["unaccounted"] == 0
    assert receipt["spoken"] + sum(receipt["skipped"].values()) == receipt["characters"]
    assert interview.read_text("utf-8")[slice(*first["source"])] == first["text"]


def test_voices_list(run):
    lines = run("voices", "list", "--language", "zh").out.splitlines()
    assert [line.split()[0] for line in lines][:2] == ["zf_xiaobei", "zf_xiaoni"]
    assert all("zh" in line for line in lines)
