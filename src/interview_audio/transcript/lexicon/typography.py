"""What the typography of a text says: where sentences end and what is quoted or in brackets.

Tells what people say to each other from the values of a list, by the words alone.
"""

import re
from collections.abc import Iterable

CLOSING = "\"'”’」』）)]】》*_ \t\n\u3000"
QUESTION_MARKS = ("?", "？")
ENDINGS = (".", "!", "。", "！", "…", ":", "：", ";", "；", "—", *QUESTION_MARKS)
ASKING_PARTICLES = ("吗", "呢", "吗。", "呢。")
BOUNDARY = re.compile(r"[。！？!?…]+[\"'”’」』）)]*|(?<=\w[.])[\"'”’)]*(?=\s)")
QUOTATION = re.compile(r"“[^“”]*”|「[^「」]*」|『[^『』]*』|\"[^\"]*\"|‘[^‘’]{12,}’")
WHOLE_QUOTATION = re.compile(r"“[^“”]*”|「[^「」]*」|『[^『』]*』|\"[^\"]*\"|«[^«»]*»")
BRACKETS = re.compile(r"\([^()]*\)|（[^（）]*）|\[[^\[\]]*\]|【[^【】]*】")


def ends_sentence(text: str) -> bool:
    """Say whether a text ends where a sentence or its clause may."""
    return text.rstrip(CLOSING).endswith(ENDINGS)


def ends_with_question(text: str) -> bool:
    """Say whether the last thing that a text does is to ask."""
    bare = text.rstrip(CLOSING)
    return bare.endswith(QUESTION_MARKS) or bare.endswith(ASKING_PARTICLES)


def ends_with_colon(text: str) -> bool:
    """Say whether a text announces what follows it."""
    return text.rstrip(CLOSING).endswith((":", "："))


def last_sentence(text: str) -> str:
    """Give the last sentence of a paragraph."""
    bare = text.rstrip(CLOSING).rstrip("".join(ENDINGS))
    starts = [match.end() for match in BOUNDARY.finditer(bare)]
    return text[starts[-1] if starts else 0 :]


def without_quotations(text: str) -> str:
    """Blank what stands in quotation marks: other people's words."""
    return QUOTATION.sub(lambda match: " " * len(match[0]), text)


def is_whole_quotation(text: str) -> bool:
    """Say whether one pair of quotation marks holds the whole text."""
    return WHOLE_QUOTATION.fullmatch(text.strip()) is not None


def is_whole_bracket(text: str) -> bool:
    """Say whether one pair of brackets holds the whole text."""
    return BRACKETS.fullmatch(text.strip().rstrip(".。")) is not None


ADDRESS = re.compile(
    r"\b(?:I|I['’]\w+|you|your|we|our|us|me|my|yeah|yes|okay|oh|hello|hi|thanks|thank)\b"
    r"|[我你您咱俺吗嗎吧呢啊哦嗯呀妳您]|\?|？|です|ます|だよ|かな|\b(?:je|vous|nous|moi|ich|wir|sie|mir|yo|usted|nosotros)\b",
    re.IGNORECASE,
)
EXCERPT = 400
"""Characters of a paragraph that are looked at."""
SHARE_OF_TALK = 0.25
SHARE_OF_UTTERANCES = 0.5


def is_conversational(texts: Iterable[str]) -> bool:
    """Say whether paragraphs hold a conversation: somebody asks, or says I or you."""
    found = [ADDRESS.search(text[:EXCERPT]) is not None for text in texts if text]
    return any(found) and sum(found) >= SHARE_OF_TALK * len(found)


def are_utterances(texts: Iterable[str]) -> bool:
    """Say whether paragraphs are mostly said by somebody: sentences, not the values of a list."""
    found = [ends_sentence(text) or ADDRESS.search(text[:EXCERPT]) is not None for text in texts if text]
    return not found or sum(found) >= SHARE_OF_UTTERANCES * len(found)
