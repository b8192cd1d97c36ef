"""What punctuation and small words say of a text: where sentences end, who is quoted, whether people talk."""

import math
import re
from collections.abc import Iterable
from itertools import islice

from interview_audio.transcript.lexicon.vocabulary import alternation, alternations_by_script, phrases

CLOSING = "\"'”’»」』）)]】》*_ \t\n\u3000"
"""What may follow the last mark of a sentence."""
_QUESTION_MARKS = ("?", "？", "؟")
_ENDINGS = (".", "!", "。", "！", "…", ":", "：", ";", "；", "—", *_QUESTION_MARKS)
_FULL_STOPS = (".", "!", "。", "！", "…", *_QUESTION_MARKS)
_ASKING_ENDINGS = (
    *_QUESTION_MARKS,
    "吗",
    "呢",
    "吗。",
    "呢。",
    "ですか。",
    "ますか。",
    "ませんか。",
    "でしょうか。",
    "ましたか。",
    "でしたか。",
)
_BOUNDARY = re.compile(r"[。！？!?…]+[\"'”’」』）)]*|(?<=\w[.])[\"'”’)]*(?=\s)")
_QUOTATION = re.compile(r"“[^“”]*”|「[^「」]*」|『[^『』]*』|\"[^\"]*\"|‘[^‘’]{12,}’")
"""Single quotation marks around a word or two mark a term, not a quotation."""
_WHOLE_QUOTATION = re.compile(r"“[^“”]*”|「[^「」]*」|『[^『』]*』|\"[^\"]*\"|«[^«»]*»")
_BRACKETS = re.compile(r"\([^()]*\)|（[^（）]*）|\[[^\[\]]*\]|【[^【】]*】|〔[^〔〕]*〕")
_CONVERSATION = re.compile(
    rf"[?？؟]|か。|\bI['’]\w+|{phrases('conversation_words')}|\b(?:{alternation('conversation_words_in_cyrillic')})\b",
    re.IGNORECASE,
)
_MAX_REQUEST = 200
"""Characters of a sentence within which it asks for words."""
_LATIN_REQUESTS, _OTHER_REQUESTS = alternations_by_script("narration/requests")
_LATIN_REQUEST = re.compile(
    rf"\W*(?:(?:so|and|but|well|now|okay|ok|then|please|first|alors|et|y|und|bitte),? ){{0,2}}(?:{_LATIN_REQUESTS})\b",
    re.IGNORECASE,
)
"""Latin words open the last sentence, behind a word or two at most; Chinese and Japanese ones are anywhere in it."""
_OTHER_REQUEST = re.compile(rf".{{0,120}}?(?:{_OTHER_REQUESTS})", re.IGNORECASE)
_MAX_EXCERPT = 400
"""Characters of a paragraph that are looked at: people say I or you early, and a book has long paragraphs."""
_MIN_CONVERSATIONAL_SHARE = 0.25
"""Of the paragraphs: those who answer at length seldom address the other one."""
_MIN_UTTERANCE_SHARE = 0.5


def ends_sentence(text: str) -> bool:
    """Tell whether a text ends where a sentence or its clause may."""
    return text.rstrip(CLOSING).endswith(_ENDINGS)


def is_full_sentence(text: str) -> bool:
    """Tell whether a text ends with the mark of a whole sentence: not with a colon, a dash or a comma."""
    return text.rstrip(CLOSING).endswith(_FULL_STOPS)


def ends_with_question(text: str) -> bool:
    """Tell whether the last thing that a text does is to ask."""
    return text.rstrip(CLOSING).endswith(_ASKING_ENDINGS)


def ends_with_colon(text: str) -> bool:
    """Tell whether a text announces what follows it."""
    return text.rstrip(CLOSING).endswith((":", "："))


def last_sentence(text: str) -> str:
    """Return the last sentence of a paragraph."""
    bare = text.rstrip(CLOSING).rstrip("".join(_ENDINGS))
    starts = [match.end() for match in _BOUNDARY.finditer(bare)]
    return text[starts[-1] if starts else 0 :]


def requests_words(text: str) -> bool:
    """Tell whether a text ends by asking for words without a question mark (``Tell us about the fog``)."""
    sentence = last_sentence(text)[:_MAX_REQUEST]
    return _LATIN_REQUEST.match(sentence) is not None or (
        not sentence.isascii() and _OTHER_REQUEST.match(sentence) is not None
    )


def without_quotations(text: str) -> str:
    """Blank what is in quotation marks: other people's words."""
    return _QUOTATION.sub(lambda match: " " * len(match[0]), text)


def is_whole_quotation(text: str) -> bool:
    """Tell whether one pair of quotation marks holds the whole text."""
    return _WHOLE_QUOTATION.fullmatch(text.strip()) is not None


def is_whole_bracket(text: str) -> bool:
    """Tell whether one pair of brackets holds the whole text."""
    return _BRACKETS.fullmatch(text.strip().rstrip(".。")) is not None


def is_conversational(texts: Iterable[str]) -> bool:
    """Tell whether paragraphs hold a conversation: somebody asks, or says I or you."""
    read = [text for text in texts if text]
    wanted = max(1, math.ceil(_MIN_CONVERSATIONAL_SHARE * len(read)))
    # No more are looked at than are needed: the search is a slow one.
    found = (text for text in read if _CONVERSATION.search(text[:_MAX_EXCERPT]))
    return sum(1 for _ in islice(found, wanted)) == wanted


def are_utterances(texts: Iterable[str]) -> bool:
    """Tell whether paragraphs are mostly said by somebody: sentences, not the values of a list."""
    found = [ends_sentence(text) or _CONVERSATION.search(text[:_MAX_EXCERPT]) is not None for text in texts if text]
    return not found or sum(found) >= _MIN_UTTERANCE_SHARE * len(found)
