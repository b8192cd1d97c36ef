"""Recognises what a site prints around an article: slogans to follow it, bars of links, credits, dates."""

import re
from collections.abc import Sequence

from interview_audio.transcript.passages import Passage
from interview_audio.transcript.typography import CLOSING, columns

FOLLOW = re.compile(
    r"\b(?:follow|like|find|join) us (?:on|at|for)\b|\bfollow (?:our|the|@)[^.]*\b(?:account|channel|page|twitter"
    r"|instagram|wechat)"
    r"|\bsubscribe (?:to|now|here|for)\b|\bsign up (?:for|to|here)\b|\bnewsletter\b|\bwechat (?:id|public account)\b"
    r"|\b(?:rate|review) us (?:on|in)\b|\bdownload (?:our|the) app\b|\bclick here\b|\bleave a comment\b"
    r"|关注.{0,16}(?:公众号|微信|微博|账号|我们)|欢迎关注|(?:扫码|扫描.{0,8}(?:二维码|图片))|微信(?:号"
    r"|公众号)|点击(?:上方|下方|这里|关注|订阅|蓝字)"
    r"|(?:下载|打开).{0,10}(?:App|APP|客户端)|(?:点赞|在看|转发|分享).{0,12}(?:点赞|在看|转发|分享|朋友圈)"
    r"|订阅(?:我们|本刊|.{0,8}(?:公众号|频道|邮件))",
    re.IGNORECASE,
)
LINKS = re.compile(
    r"\b(?:original (?:link|article|post|text)|view (?:all )?comments|read more|continue reading"
    r"|related (?:articles|posts|stories)|"
    r"share (?:this|on|via)|tweet this|back to top|add a comment|\d+ comments?|more from)\b"
    r"|阅读原文|原文链接|查看(?:评论|原文|更多)|相关(?:阅读|文章|推荐)|新浪微博|分享到|返回顶部|推荐阅读"
    r"|延伸阅读|\d+\s?条?评论",
    re.IGNORECASE,
)
RIGHTS = re.compile(
    r"©|\ball rights reserved\b|\bcopyright (?:\(c\)|\d{4}|by)|\boriginally (?:published|appeared) (?:in|on|at)\b"
    r"|版权(?:所有|归)|未经.{0,10}(?:授权|许可|允许)|(?:禁止|谢绝|请勿|如需|欢迎|授权)转载|转载(?:请|须|需|自"
    r"|于)|本文(?:来自|转自|首发|系|为.{0,8}原创)|侵(?:权|删)",
    re.IGNORECASE,
)
CREDIT = re.compile(
    r"(?:by|text|words|photos?|photography|photo credit|images?|illustrations?|edited by|written by"
    r"|translated by|translation|"
    r"source|editor|author|translator|published|updated|posted|tags?|filed under|"
    r"作者|撰文|文字?|图片?|摄影|编辑|责编|责任编辑|校对|排版|编译|翻译|译者|来源|出处|图源|题图|封面|设计"
    r"|监制|出品|采写|整理|发布|标签|关键词|微信|微信号)"
    r"(?:\s*[:：|｜丨/／]\s*\S.*|\s+[A-Z][\w.'’-]+(?: [A-Z][\w.'’-]+){1,3}(?:\s*[|｜·].*)?)",
    re.IGNORECASE,
)
DATE = re.compile(
    r"(?:\w+day,? )?(?:(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)\w*\.? \d{1,2},? \d{4}"
    r"|\d{1,2} (?:jan|feb|mar|apr|may|jun|jul|aug|sep|"
    r"oct|nov|dec)\w* \d{4}|\d{4}[-/.年]\s?\d{1,2}[-/.月]\s?\d{1,2}日?)(?:[ ,·"
    r"|T]*(?:at )?\d{1,2}:\d{2}(?::\d{2})?(?: ?[ap]\.?m\.?)?)?"
    r"|\d+ min(?:ute)?s? read|阅读时间.{0,12}分钟|全文.{0,8}字.{0,16}",
    re.IGNORECASE,
)
FINIS = re.compile(
    r"[\s(（\[【—–*#·-]*(?:the end|end|完|全文完|本文完|正文完|fin|-?30-?)[\s)）\]】—–*#·.。-]*", re.IGNORECASE
)
REASONS = (
    (FOLLOW, "asks to follow or subscribe"),
    (RIGHTS, "rights and reprints"),
    (LINKS, "bar of links"),
)
SEPARATOR = re.compile(r"\s[|｜丨·•/]\s|[｜丨]")
PERSONAL = re.compile(r"\b(?:I|I'm|I’m|me|my|mine|myself|you|your|yours|he|she|him|her|his)\b|[我你您他她]|\?|？|\d")
WIDEST = 360
WIDEST_SLOGAN = 64
FEWEST_ITEMS = 3


def boilerplate_reason(text: str) -> str | None:
    """Tell which kind of boilerplate an unlabelled paragraph at either end is; None where it is none."""
    bare = text.strip()
    if columns(bare) > WIDEST:
        return None
    for pattern, reason in REASONS:
        if pattern.search(bare):
            return reason
    if CREDIT.fullmatch(bare) and columns(bare) <= WIDEST_SLOGAN * 2:
        return "credits"
    if DATE.fullmatch(bare):
        return "date line"
    if FINIS.fullmatch(bare):
        return "end mark"
    return "bar of links" if _is_bar(bare) else None


def find_boilerplate(passages: Sequence[Passage]) -> dict[int, str]:
    """Find the boilerplate at either end of a document.

    Only paragraphs without a label, before the first label or in one run that ends the text, can be boilerplate.

    Returns:
        Index of a passage to the reason why it is dropped.
    """
    labelled = [index for index, passage in enumerate(passages) if passage.label]
    first, last = (labelled[0], labelled[-1]) if labelled else (len(passages), -1)
    found = {index: reason for index in range(first) if (reason := boilerplate_reason(passages[index].text))}
    index = len(passages) - 1
    while index > last and (not passages[index].text or (reason := boilerplate_reason(passages[index].text))):
        if passages[index].text:
            found[index] = reason or ""
        index -= 1
    follows = any("follow" in found.get(after, "") for after in range(index + 1, len(passages)))
    if index > last + 1 and follows and _is_slogan(passages[index].text):
        found[index] = "slogan above the line that asks to follow"
    return found


def _is_bar(text: str) -> bool:
    items = [item for item in SEPARATOR.split(text) if item.strip()]
    return len(items) >= FEWEST_ITEMS and all(
        columns(item) <= 30 and not item.rstrip(CLOSING).endswith(("。", ".")) for item in items
    )


def _is_slogan(text: str) -> bool:
    """One short sentence about nobody."""
    inside = text.rstrip().rstrip(".。!！")
    return (
        columns(text) <= WIDEST_SLOGAN
        and not PERSONAL.search(text)
        and not any(mark in inside for mark in '.。!！;；"“「')
    )
