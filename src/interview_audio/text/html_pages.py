"""Pages of one file that ask nothing of another server: a policy allows the script and style in them, no other."""

import base64
import hashlib
import html
import json
import re
from collections.abc import Mapping

_ENDS_SCRIPTS = re.compile("[<>&\u2028\u2029]")


def policy_hash(text: str) -> str:
    """Return what the page's policy names an inline script or style by, which allows it and no other (CSP level 2)."""
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def json_in_script(value: object) -> str:
    """Write JSON without spaces so that nothing in it ends the element that it is in."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return _ENDS_SCRIPTS.sub(lambda match: f"\\u{ord(match[0]):04x}", text)


def escaped(text: str) -> str:
    """Write a text for an element or a quoted attribute of HTML."""
    return html.escape(text, quote=True)


def filled(template: str, parts: Mapping[str, str]) -> str:
    """Put each part in the place of its name; what looks like a name inside a part stays as it is.

    Args:
        template: In which each name stands in capital letters.
        parts: By name, as the page has them: escaped already. A name that begins with another comes before it.
    """
    pattern = re.compile("|".join(map(re.escape, parts)))
    return pattern.sub(lambda match: parts[match[0]], template)
