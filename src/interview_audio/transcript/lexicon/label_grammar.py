"""The grammar of speaker labels: what at the start of a paragraph could name the one who speaks.

Decides by form alone; whether a candidate is a speaker is decided by the whole document, in ``evidence``.
"""

import re
from dataclasses import dataclass
from functools import lru_cache

from interview_audio.transcript.lexicon.markup import HAN, is_stage_mark
from interview_audio.transcript.lexicon.personal_names import NOT_IN_NAME, is_chinese_name
from interview_audio.transcript.lexicon.roles import (
    MIDDLE_DOTS,
    ROLE_WORDS,
    fold,
    is_speaker_word,
    part_of,
    question_key,
    without_aside,
)
from interview_audio.transcript.lexicon.typography import columns, ends_sentence
from interview_audio.transcript.lexicon.vocabulary import phrase_set

COLONS = ":：﹕"
LONGEST = 48
LONGEST_PRINTED = 80
"""With what is said of a speaker behind the name."""
LONGEST_CREDIT = 60
CREDIT_END = re.compile(r"[,，、;；(（|]| and |和|与")
NAMES_END = re.compile(r"[,，、;；](?![^()（）]*[)）])| and | & |和|与")
COLON = re.compile(f"[{COLONS}]")
BRACKETED = re.compile(rf"\s*【([^【】{COLONS}]{{1,24}})】\s*[{COLONS}]?\s*")
ENCLOSED = re.compile(r"[\[(（【<〈《]([^\[\]()（）【】<>〈〉《》]+)[\])）】>〉》]")
TURN_MARK = re.compile(r"(?:>>+|[-–—―─]{1,3}|[\u2190-\u24ff\u25a0-\u2bff\U0001f000-\U0001faff\ufe0f\u200d]{1,6})\s*")
"""What captions, printed dialogue and posts set before a new speaker's words."""
INVERTED = re.compile(r"[^\W\d_a-z][\w'’-]+, [^\W\d_a-z][\w'’-]+(?: [^\W\d_a-z]\.?)?")
"""``Holm, Ida``: how conference software lists people."""
ORDINAL = re.compile(r"[(（]?(?:\d{1,3}|[一二三四五六七八九十]{1,3})[.．、)）]\s*")
DECORATION = re.compile('[《》「」『』“”"@]')
JOINT = re.compile(r"\s*[/&+]\s*")
FUNCTION = re.compile(r"\s*[,，]\s*(\S.*)")
"""What a label says behind a name: ``Ida Holm, keeper``."""
PREDICATE = re.compile(
    r"\b(?:I|[Hh]e|[Ss]he|[Ww]e|[Tt]hey|[Ii]t|[Yy]ou|is|was|are|were|has|had|said|says|there|this|that|then|if|when)\b"
)
SHORT_FORM = re.compile(r"简称[为：:]?\W?(\w{1,8})|簡稱[為：:]?\W?(\w{1,8})|\A([A-Z]{1,4})\Z")
PART_END = re.compile(r"[\s·]+")
HOST_PREFIXES = ("主持人", "记者", "主播", "嘉宾", "記者", "主持")
NOT_AFTER = re.compile(r"[\d/\\]")
"""What stands directly behind the colon of an identifier: ``arXiv:2401``, ``C:\\``."""

NAME_WORD = (
    rf"(?:[^\W\d_a-z{HAN}](?:[^\W{HAN}]|['’.&-])*"
    r"|de|da|di|del|der|den|du|la|le|van|von|bin|ibn|al|el|ter|dos|of|and|the|y)"
)
LATIN_NAME = re.compile(rf"(?!(?:of|and|the)\b){NAME_WORD}(?: {NAME_WORD}){{0,5}}(?: #?\d{{1,3}})?")
LATIN_PLAIN = re.compile(r"\w+(?:['’.-]\w+)*(?: #?\d{1,3})?")
HAN_NAME = re.compile(rf"[{HAN}]{{1,8}}(?:·[{HAN}A-Za-z]{{1,12}}){{0,4}}")
HAN_MIXED = re.compile(rf"(?=.*[{HAN}])[\w{HAN}]+(?:[ ·&-][\w{HAN}]+){{0,3}}")

NEVER = frozenset(
    fold(phrase)
    for phrase in phrase_set(
        """
        note | notes | editor's note | editors note | source | sources | photo | photos | photo credit | image |
        images | credit | credits | caption | read more | related | see also | update | updates |
        correction | disclaimer | tip | tips | example | examples | warning | step | part | chapter | section |
        summary | tl;dr | tldr | ps | p.s. | re | fact | facts | fact check | pro | pros | con | cons | problem |
        solution | first | second | third | fourth | finally | lastly | one | two | three | time | date | place |
        location | venue | subject | topic | topics | tag | tags | share | via | by | text | words | author |
        authors | editor | editors | translation | translator | translated by | edited by | written by |
        published | posted | updated | duration | length | link | links | url | http | https | website | email |
        phone | tel | fax | address | contact | keywords | abstract | introduction | background | context |
        conclusion | result | results | reason | reasons | lesson | lessons | point | bottom line |
        key takeaways | takeaways | takeaway | highlights | spoiler | edit | rule | rules | remember | important |
        attention | last question | next question | final question | short answer | long answer | the answer |
        the question | the result | today | tomorrow | yesterday | monday | tuesday | wednesday | thursday |
        chorus | verse | bridge | refrain | myth | claim | truth |
        friday | saturday | sunday | exclusive | opinion | analysis | interview | transcript | podcast | episode |
        season | price | cost | total | yes | no | ok | okay | and | but | so | or | then | well | also | plus |
        注 | 注意 | 备注 | 编者按 | 编者注 | 编按 | 按 | 译者注 | 来源 | 出处 | 作者 | 编辑 | 责编 | 责任编辑 |
        文 | 图 | 图片 | 文字 | 撰文 | 图文 | 摄影 | 摄像 | 翻译 | 编译 | 译者 | 校对 | 审校 | 审核 |
        排版 | 设计 | 制作 | 制片 | 监制 | 策划 | 出品 | 统筹 | 采写 | 整理 | 时间 | 日期 | 地点 | 地址 |
        电话 | 邮箱 | 网址 | 链接 | 原文 | 原文链接 | 标签 | 关键词 | 延伸阅读 | 相关阅读 | 推荐阅读 | 摘要 |
        导语 | 导读 | 前言 | 引言 | 背景 | 结语 | 后记 | 总结 | 小结 | 总之 | 综上 | 结论 | 例如 | 比如 | 譬如 |
        首先 | 其次 | 再次 | 最后 | 另外 | 此外 | 同时 | 其一 | 其二 | 其三 | 原因 | 理由 | 结果 | 答案 | 提示 |
        提醒 | 温馨提示 | 免责声明 | 声明 | 更正 | 更新 | 价格 | 总计 | 要点 | 重点 | 核心观点 | 划重点 | 看点 |
        亮点 | 举例 | 举个例子 | 换句话说 | 也就是说 | 简单说 | 简而言之 | 事实上 | 目录 | 标题 | 题目 | 主题 |
        图源 | 题图 | 封面 | 配图 | 微信 | 微信号 | 公众号 | 微博 | 官网 | 发布 | 发表 | 时长 | 字数 | 阅读 |
        点赞 | 转发 | 分享 | 关注 | 版权 | 授权 | 合作 | 投稿 | 文章来源 | 图片来源 | 资料来源 | 本文作者 |
        本文来源 | 新浪微博 | 商务合作 | 人物 | 嘉宾简介 | 人物简介 | 简介 | 方法 |
        方案 | 方式 | 时候 | 温度 | 高度 | 金额 | 成本 | 成果 | 路线 | 关键 | 单位 | 安全 | 项目 | 简历 | 应用 |
        解决方案 | 白天 | 黄昏 | 常识 | 程序
        """
    )
)
"""Folded words that stand before a colon in articles and never speak."""


@dataclass(frozen=True, slots=True)
class Label:
    """What stands before a paragraph's words and could name its speaker."""

    printed: str
    """As printed, without colon or brackets around it."""
    key: str
    """Folded, without what is said of the speaker behind the name: what labels of one speaker share."""
    end: int
    """Index in the paragraph's text at which the words begin."""
    called: str = ""
    """What to call the speaker of a label that names none: ``>>``."""
    misprint_of: str = ""
    """The name that was meant, where the printed one occurs once and is almost another's."""
    is_heading: bool = False
    """Whether it stands in a heading, whose words it does not say: those below are its speaker's."""

    @property
    def name(self) -> str:
        """The name alone, without an aside in brackets or a function behind a comma."""
        return self.called or _bare_name(self.printed)


def read_label(text: str) -> Label | None:
    """Read the candidate for a label at the start of a paragraph's text; None where its form is none."""
    if bracketed := BRACKETED.match(text):
        printed = bracketed[1].strip()
        return None if is_stage_mark(printed) else label_of(printed, bracketed.end())
    mark = TURN_MARK.match(text)
    begin = mark.end() if mark else 0
    colon = COLON.search(text, begin, begin + LONGEST_PRINTED)
    if colon is None or _is_not_a_label_colon(text, colon.start()):
        return None
    printed = text[begin : colon.start()].strip()
    if enclosed := ENCLOSED.fullmatch(printed):
        printed = enclosed[1].strip()
    return _numbered(label_of(printed, index_of_words(text, colon.end())), text, colon.end(), printed)


def label_of(printed: str, end: int) -> Label | None:
    """Give the label that is printed so, for words that begin at an index; None where it could name nobody."""
    key = _key(printed)
    return Label(printed, key, end) if key else None


@lru_cache(maxsize=4096)
def _key(printed: str) -> str:
    """The folded name in a label; empty where it could name nobody."""
    name = _bare_name(MIDDLE_DOTS.sub("·", printed))
    key = question_key(fold(name))
    return key if key and not _never_speaks(key) and could_name(name) else ""


def index_of_words(text: str, start: int) -> int:
    """Give the index of the first character from ``start`` that is not a space."""
    while start < len(text) and text[start].isspace():
        start += 1
    return start


def could_name(name: str) -> bool:
    """Say whether a printed text has the form of what labels say: a name, a role, a word."""
    if fold(name) in ROLE_WORDS or is_speaker_word(fold(name)) or name == "我":
        return True
    if len(name) > LONGEST or name[:1].isdigit() or (NOT_IN_NAME.search(name) and not is_name_shaped(name)):
        return False
    plain = JOINT.sub(" and ", DECORATION.sub("", name))
    return any(shape.fullmatch(plain) for shape in (LATIN_NAME, LATIN_PLAIN, HAN_NAME, HAN_MIXED, INVERTED))


def is_name_shaped(name: str) -> bool:
    """Say whether a printed name has the form of a person's: capitals, initials, a Chinese surname, a middle dot."""
    return LATIN_NAME.fullmatch(name) is not None or is_chinese_name(name)


def name_parts(name: str) -> frozenset[str]:
    """Give the folded parts by which a fuller or a shorter label names the same person: ``Ida Holm``, ``Holm``."""
    bare = DECORATION.sub(" ", MIDDLE_DOTS.sub("·", name))
    words = [word for word in PART_END.split(bare) if word and not word.endswith(".")]
    parts = {fold(word) for word in (words if not name.isascii() else words[-1:] + words[:1])}
    for word in HOST_PREFIXES:
        parts |= {part.removeprefix(word) for part in parts if part.startswith(word)}
    return frozenset(part for part in parts if len(part) > 1 and part not in ROLE_WORDS)


def short_forms(label: Label) -> frozenset[str]:
    """Give the folded short forms that a label defines for itself: ``Ida Holm (IH)``, ``霍尔姆（以下简称“霍”）``."""
    aside = label.printed[len(without_aside(label.printed)) :].strip(" ()（）[]【】")
    short = SHORT_FORM.search(aside)
    return frozenset({fold(short[short.lastindex or 1])}) if short else frozenset()


def is_credit(label: Label, words: str) -> bool:
    """Say whether a labelled line only names who has a part: ``Host: Ida Holm``."""
    if part_of(label.key) is None or ends_sentence(words) or COLON.search(words):
        return False
    listed = [without_aside(name.strip()) for name in NAMES_END.split(words)]
    if len(listed) > 1 and all(map(is_name_shaped, listed)):
        return True
    if columns(words) > LONGEST_CREDIT:
        return False
    name = credited_name(words)
    is_several_words = " " in name or not name.isascii()
    return is_several_words and part_of(fold(name)) is None and is_name_shaped(name)


def credited_name(words: str) -> str:
    """Give the first name that a credit names."""
    return CREDIT_END.split(words)[0].strip()


def _numbered(label: Label | None, text: str, colon: int, printed: str) -> Label | None:
    """Read ``1. Q:`` as a label where ``1. Q`` is none; only roles are numbered so."""
    ordinal = ORDINAL.match(printed)
    if label or not ordinal:
        return label
    numbered = label_of(printed[ordinal.end() :], index_of_words(text, colon))
    return numbered if numbered and part_of(numbered.key) else None


def _bare_name(printed: str) -> str:
    name = without_aside(printed)
    function = FUNCTION.search(name)
    if function is None or PREDICATE.search(function[1]) or NOT_IN_NAME.search(function[1]):
        return name
    bare = without_aside(name[: function.start()])
    return bare if is_name_shaped(bare) and (" " in bare or not bare.isascii()) else name


def _never_speaks(key: str) -> bool:
    return key in NEVER or key.rstrip("0123456789.-") in NEVER


def _is_not_a_label_colon(text: str, colon: int) -> bool:
    """Whether it belongs to a clock time, a ratio, a verse, an identifier or a web address."""
    after = text[colon + 1 : colon + 2]
    if after == ":" or text[colon + 1 : colon + 3] == "//":
        return True
    if text[colon] != ":" or not NOT_AFTER.match(after):
        return False
    before = text[:colon].rsplit(None, 1)[-1:]
    return part_of(question_key(fold("".join(before)))) is None
