"""Tells what people say to each other from the values of a list, by the words alone."""

import re
from collections.abc import Iterable

from interview_audio.transcript.typography import ends_sentence

ADDRESS = re.compile(
    r"\b(?:I|I['’]\w+|you|your|we|our|us|me|my|yeah|yes|okay|oh|hello|hi|thanks|thank)\b"
    r"|[我你您咱俺吗嗎吧呢啊哦嗯呀妳您]|\?|？|です|ます|だよ|かな|\b(?:je|vous|nous|moi|ich|wir|sie|mir|yo|usted|nosotros)\b",
    re.IGNORECASE,
)
EXCERPT = 400
"""Characters of a paragraph that are looked at."""
SHARE_OF_TALK = 0.25
SHARE_OF_UTTERANCES = 0.5


def sounds_like_talk(texts: Iterable[str]) -> bool:
    """Say whether paragraphs hold a conversation: somebody asks, or says I or you."""
    found = [ADDRESS.search(text[:EXCERPT]) is not None for text in texts if text]
    return any(found) and sum(found) >= SHARE_OF_TALK * len(found)


def are_utterances(texts: Iterable[str]) -> bool:
    """Say whether paragraphs are mostly said by somebody: sentences, not the values of a list."""
    found = [ends_sentence(text) or ADDRESS.search(text[:EXCERPT]) is not None for text in texts if text]
    return not found or sum(found) >= SHARE_OF_UTTERANCES * len(found)
