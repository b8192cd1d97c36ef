"""The grammar of speaker labels: what at the start of a paragraph could name the one who speaks.

Decides by form alone; whether a candidate is a speaker is decided by the whole document, in ``evidence``.
"""

import re
from dataclasses import dataclass

from interview_audio.transcript.chinese_names import NOT_IN_NAME, is_chinese_name
from interview_audio.transcript.markup import HAN, is_stage_mark
from interview_audio.transcript.roles import MIDDLE_DOTS, ROLE_WORDS, fold, part_of, question_key, without_aside
from interview_audio.transcript.typography import columns, ends_sentence
from interview_audio.transcript.vocabulary import phrase_set

COLONS = ":：﹕"
LONGEST = 48
LONGEST_CREDIT = 60
CREDIT_END = re.compile(r"[,，、;；(（|]| and |和|与")
COLON = re.compile(f"[{COLONS}]")
BRACKETED = re.compile(rf"\s*【([^【】{COLONS}]{{1,24}})】\s*[{COLONS}]?\s*")
ENCLOSED = re.compile(r"[\[(（【](.+)[\])）】]")

NAME_WORD = (
    rf"(?:[^\W\d_a-z{HAN}](?:[^\W{HAN}]|['’.&-])*"
    r"|de|da|di|del|der|den|du|la|le|van|von|bin|ibn|al|el|ter|dos|of|and|the|y)"
)
LATIN_NAME = re.compile(rf"(?!(?:of|and|the)\b){NAME_WORD}(?: {NAME_WORD}){{0,4}}(?: #?\d{{1,3}})?")
LATIN_PLAIN = re.compile(r"[^\W_]+(?:['’.-][^\W_]+)*(?: #?\d{1,3})?")
HAN_NAME = re.compile(rf"[{HAN}]{{1,8}}(?:·[{HAN}A-Za-z]{{1,12}}){{0,4}}")
HAN_MIXED = re.compile(rf"(?=.*[{HAN}])[\w{HAN}]+(?:[ ·&-][\w{HAN}]+){{0,3}}")

NEVER = frozenset(
    fold(phrase)
    for phrase in phrase_set(
        """
        note | notes | editor's note | editors note | source | sources | photo | photos | photo credit | image |
        images | video | credit | credits | caption | read more | related | see also | update | updates |
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
        friday | saturday | sunday | exclusive | opinion | analysis | interview | transcript | podcast | episode |
        season | price | cost | total | yes | no | ok | okay | and | but | so | or | then | well | also | plus |
        注 | 注意 | 备注 | 编者按 | 编者注 | 编按 | 按 | 译者注 | 来源 | 出处 | 作者 | 编辑 | 责编 | 责任编辑 |
        文 | 图 | 图片 | 文字 | 撰文 | 图文 | 摄影 | 摄像 | 视频 | 翻译 | 编译 | 译者 | 校对 | 审校 | 审核 |
        排版 | 设计 | 制作 | 制片 | 监制 | 策划 | 出品 | 统筹 | 采写 | 整理 | 录音 | 时间 | 日期 | 地点 | 地址 |
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
    """Folded, without an aside in brackets: what labels of one speaker share."""
    end: int
    """Index in the paragraph's text at which the words begin."""

    @property
    def name(self) -> str:
        """As printed, without an aside in brackets."""
        return without_aside(self.printed)


def read_label(text: str) -> Label | None:
    """Read the candidate for a label at the start of a paragraph's text; None where its form is none."""
    if bracketed := BRACKETED.match(text):
        printed = bracketed[1].strip()
        return None if is_stage_mark(printed) else _label(printed, bracketed.end())
    colon = COLON.search(text, 0, LONGEST)
    if colon is None or _is_not_a_label_colon(text, colon.start()):
        return None
    printed = text[: colon.start()].strip()
    if enclosed := ENCLOSED.fullmatch(printed):
        printed = enclosed[1].strip()
    after = text[colon.end() :]
    return _label(printed, len(text) - len(after.lstrip()))


def is_name_shaped(name: str) -> bool:
    """Say whether a printed name has the form of a person's: capitals, initials, a Chinese surname, a middle dot."""
    return LATIN_NAME.fullmatch(name) is not None or is_chinese_name(name)


def is_credit(label: Label, words: str) -> bool:
    """Say whether a labelled line only names who has a part: ``Host: Ida Holm``."""
    if part_of(label.key) is None or columns(words) > LONGEST_CREDIT or ends_sentence(words) or COLON.search(words):
        return False
    name = credited_name(words)
    is_several_words = " " in name or not name.isascii()
    return is_several_words and part_of(fold(name)) is None and is_name_shaped(name)


def credited_name(words: str) -> str:
    """Give the first name that a credit names."""
    return CREDIT_END.split(words)[0].strip()


def _label(printed: str, end: int) -> Label | None:
    name = without_aside(MIDDLE_DOTS.sub("·", printed))
    key = question_key(fold(name))
    if not key or key in NEVER or not _could_name(name, key):
        return None
    return Label(printed, key, end)


def _could_name(name: str, key: str) -> bool:
    if key in ROLE_WORDS:
        return True
    if NOT_IN_NAME.search(name) and not is_name_shaped(name):
        return False
    shapes = (LATIN_NAME, LATIN_PLAIN, HAN_NAME, HAN_MIXED)
    return not name[:1].isdigit() and any(shape.fullmatch(name) for shape in shapes)


def _is_not_a_label_colon(text: str, colon: int) -> bool:
    """Whether it belongs to a clock time, a ratio, a verse or a web address."""
    after = text[colon + 1 : colon + 3]
    return after == "//" or (text[colon - 1 : colon].isdigit() and after[:1].isdigit())
