"""The schema of ``voices.yaml`` as an editor applies it."""

import json
import re
from pathlib import Path

import jsonschema
import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]


class CoreLoader(yaml.SafeLoader):
    """YAML 1.2 as editors read it: ``yes`` is a text, and so is every key."""

    def construct_mapping(self, node, deep=False):
        return {str(key.value): self.construct_object(value, deep=deep) for key, value in node.value}


CoreLoader.yaml_implicit_resolvers = {}
for tag, pattern, first in [
    ("null", r"~|null|Null|NULL|", "~nN\0"),
    ("bool", r"true|True|TRUE|false|False|FALSE", "tTfF"),
    ("int", r"[-+]?[0-9]+", "-+0123456789"),
    ("float", r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?", "-+.0123456789"),
]:
    whole = re.compile(rf"(?:{pattern})\Z")
    CoreLoader.add_implicit_resolver(f"tag:yaml.org,2002:{tag}", whole, ["" if one == "\0" else one for one in first])


@pytest.fixture(scope="session")
def schema():
    return json.loads((ROOT / "voices.schema.json").read_text("utf-8"))


@pytest.fixture(scope="session")
def complaints(schema):
    """What an editor says of a text: the messages of the schema, none where it is content."""
    validator = jsonschema.Draft202012Validator(schema)

    def look(text):
        return [error.message for error in validator.iter_errors(yaml.load(text, CoreLoader))]

    return look
