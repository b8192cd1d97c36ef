"""Finds markup that was left in words that are spoken."""

import re

from interview_audio.transcript.turns import SPOKEN_KINDS, Transcript

_LEFT_OVER = re.compile(
    r"\]\(|\]\[|!\[|\[\[|\]\]"  # links and images
    r"|</?(?:a|abbr|b|blockquote|br|center|code|div|em|figcaption|figure|font|h[1-6]|hr|i|iframe|img|li|ol|p|pre"
    r"|script|small|span|strong|sub|sup|table|t[dhr]|u|ul|v|c)(?:\s[^<>]*)?/?>|<!--|-->"
    r"|\{\{|\}\}|\{%|%\}|\{:|\{[.#][\w-]+"  # shortcodes and attributes
    r"|&(?:[a-z]{2,8}|#x?[0-9a-f]{2,6});"
    r"|(?<!\w)\*\*|\*\*(?!\w)|(?<![\w])__(?=[^\W_])|(?<=[^\W_])__(?!\w)|~~|'''|```|^:::|^!!! "
    r"|\\[\[\]()*_#>.!+|~`{}-]|\\\s*$"
    r"|\|\s*:?-{3,}|^\[[^\]\n]{1,40}\]:\s*https?:|\[/(?:b|i|u|url|quote)\]|\[url=",
    re.IGNORECASE | re.MULTILINE,
)


def leftover_markup(transcript: Transcript) -> list[str]:
    """Return what is left of markup in the spoken words, each with its line and the words around it."""
    return [
        f"{turn.line}: {turn.text[max(0, match.start() - 20) : match.end() + 20]}"
        for turn in transcript.turns
        if turn.kind in SPOKEN_KINDS or turn.kind == "heading"
        for match in _LEFT_OVER.finditer(turn.text)
    ]
