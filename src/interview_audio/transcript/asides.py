"""Recognises what an editor set between the words of a conversation: captions, notes, advertisements, bare links.

Only forms that nobody speaks; what stands at the ends of a page is judged more freely, in ``boilerplate``.
"""

import re

from interview_audio.transcript.typography import columns, ends_sentence

OPENED = r"\s*[\[【［（(〔]?\s*"
NOTE = re.compile(
    OPENED + r"(?:(?:translator|editor|author)(?:['’]s|s['’]?)? ?notes?|(?:transcriber|ed|t)\.? ?note"
    r"|译者?[注按]|譯者?[註注按]|编者?注|編者?[註注]|编按|編按|(?:作者|小编|整理者)注|注释?\s?\d{0,2}|註)\s*[:：]",
    re.IGNORECASE,
)
CAPTION = re.compile(
    r"[▲△▼▽▴▾↑↓◎⬆⬇]\s*\S"
    rf"|{OPENED}(?:题图|配图|图片?|封面图?|图源|供图|图说|照片|動圖|圖片?|圖說)\s?\d{{0,3}}\s?[:：｜|/／丨]"
    rf"|{OPENED}(?:photo|image|picture|photograph|illustration|figure|caption|pictured)s?\s?\d{{0,3}}"
    r"(?: credits?)?\s?(?::| by [A-Z]| courtesy| via )",
    re.IGNORECASE,
)
CREDITED = re.compile(
    r"(?:(?:photo(?:graph)?|image|illustration|credit)s?(?::| by | courtesy(?: of)? )[^.:]{2,48}"
    r"|(?:摄影|攝影|图源|图片来源|供图|來源)\s?[:：/／｜|][^。]{1,24}|图[/／｜][^。]{1,24}|(?:本人|受访者|资料)?供?图(?:片)?"
    r"|getty images|/ ?(?:AP|AFP|Reuters))[)）\]】]?\.?\s*\Z",
    re.IGNORECASE,
)
"""A caption's end, which says whose picture it is."""
FIRST_PERSON = re.compile(r"\b(?:I|I['’]\w+|my|me)\b|我")
IMAGE_ALONE = re.compile(OPENED + r"(?:image|photo|图片|图|video|视频|gif)\s*[\])】）］〕]\s*\Z", re.IGNORECASE)
LINK_DEFINITION = re.compile(r"\s*\[[^\[\]]{1,80}\]:\s*<?(?:https?:|www\.|mailto:|[/#])")
BARE_LINK = re.compile(r"\s*(?:[^:：]{1,30}[:：]\s*)?<?(?:https?://|www\.)\S+\s*\Z")
ADVERTISEMENT = re.compile(
    OPENED + r"(?:advertisements?|sponsored(?: content)?|广告|廣告|推广"
    r"|(?:story|article) continues (?:below|after).{0,40}|continue reading(?: the main story| below)?.{0,20}"
    r"|skip (?:past |to )?(?:newsletter|ad|main|promotion|content).{0,40})"
    r"\s*[\])】）］〕]?[.。]?\s*\Z",
    re.IGNORECASE,
)
RELATED = re.compile(
    r"\s*(?:read more|related|see also|also read|read also|recommended|read next|more on this"
    r"|延伸阅读|相关阅读|推荐阅读|往期推荐|点击阅读|相關閱讀|延伸閱讀)\s*[:：|｜>»]",
    re.IGNORECASE,
)
FOLLOW = re.compile(
    r"\s*(?:sign up|subscribe)\b[^.]{0,40} (?:our|the) [^.]{0,40}\b(?:newsletter|mailing list|email)\b"
    r"|.{0,24}(?:长按|扫描|识别|扫一扫).{0,12}(?:二维码|小程序码|图片)|.{0,16}点击(?:上方|下方)?.{0,8}(?:蓝字|卡片|名片).{0,12}关注",
    re.IGNORECASE,
)
FORMS = (
    (LINK_DEFINITION, "link definition"),
    (BARE_LINK, "only a link"),
    (NOTE, "editor's or translator's note"),
    (IMAGE_ALONE, "image"),
    (ADVERTISEMENT, "advertisement"),
    (RELATED, "link to another article"),
    (FOLLOW, "asks to follow or subscribe"),
)
WIDEST_CAPTION = 240
WIDEST_ASIDE = 600


def aside_reason(text: str) -> str | None:
    """Tell which kind of aside an unlabelled paragraph is, wherever it stands; None where it is none."""
    bare = text.strip()
    if columns(bare) > WIDEST_ASIDE:
        return "editor's or translator's note" if NOTE.match(bare) else None
    for pattern, reason in FORMS:
        if pattern.match(bare):
            return reason
    return "image caption" if _is_caption(bare) else None


def _is_caption(text: str) -> bool:
    if columns(text) > WIDEST_CAPTION or FIRST_PERSON.search(text):
        return False
    if CAPTION.match(text):
        return True
    credit = CREDITED.search(text)
    return credit is not None and (credit.start() > 0 or not ends_sentence(text))
