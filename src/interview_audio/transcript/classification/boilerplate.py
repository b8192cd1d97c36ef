"""Boilerplate: what a site or an editor set around and between the words, such as credits, links, notes and captions.

Taking words away needs more evidence than reading them. A line that is no sentence is boilerplate at an end of the
document where it has the form of one; a sentence needs a second sign beside its place there: it calls on the reader
(``Follow us on …``), or carries a link. Who says I or my is somebody who speaks. Between the words only those forms
count that nobody speaks (``aside_reason``); where all that a document holds is talk, nothing but bare links is dropped.
"""

import itertools
import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from interview_audio.text.characters import columns, count_words
from interview_audio.transcript.layout.front_matter import find_recorders_lines
from interview_audio.transcript.layout.paragraphs import Passage
from interview_audio.transcript.layout.timestamps import first_clock
from interview_audio.transcript.lexicon.label_grammar import read_label
from interview_audio.transcript.lexicon.typography import (
    CLOSING,
    ends_sentence,
    ends_with_colon,
    ends_with_question,
    is_full_sentence,
)
from interview_audio.transcript.lexicon.vocabulary import alternation, phrases

_OPENING_BRACKET = r"\s*[\[【［（(〔]?\s*"
_EDITORS_NOTE = re.compile(
    rf"{_OPENING_BRACKET}(?:{alternation('boilerplate/editors_note_labels')}|注释?\s?\d{{1,2}})\s*[:：]", re.IGNORECASE
)
_ARROW = re.compile(r"[▲△▼▽▴▾↑↓◎⬆⬇]\s*\S")
_CAPTION = re.compile(
    # An arrow points to the picture, a label has a colon or a stroke, an English word for a picture may be credited.
    r"[▲△▼▽▴▾↑↓◎⬆⬇]\s*\S"
    rf"|{_OPENING_BRACKET}(?:{alternation('boilerplate/caption_labels')})\s?\d{{0,3}}\s?[:：｜|/／丨]"
    rf"|{_OPENING_BRACKET}(?:{alternation('boilerplate/caption_words')})s?\s?\d{{0,3}}"
    r"(?: credits?)?\s?(?::| by [A-Z]| courtesy| via )",
    re.IGNORECASE,
)
_PICTURE_CREDIT_AT_END = re.compile(
    # Behind the words of the caption: "Photo by Nora Vale", "摄影：周砚秋", "受访者供图", or an agency's name.
    r"(?:(?:photo(?:graph)?|image|illustration|credit)s?(?::| by | courtesy(?: of)? )[^.:]{2,48}"
    r"|(?:摄影|攝影|图源|图片来源|供图|來源)\s?[:：/／｜|][^。]{1,24}|图[/／｜][^。]{1,24}|(?:本人|受访者|资料)?供?图(?:片)?"
    r"|getty images|/ ?(?:AP|AFP|Reuters))[)）\]】]?\.?\s*\Z",
    re.IGNORECASE,
)
_FIRST_PERSON = re.compile(r"\b(?:I|I['’]\w+|my|me)\b|我")
_IMAGE_ALONE = re.compile(
    rf"{_OPENING_BRACKET}(?:image|photo|图片|图|video|视频|gif)\s*[\])】）］〕]\s*\Z", re.IGNORECASE
)
_LINK_DEFINITION = re.compile(
    # An address, or the path of a file, perhaps with a title behind it.
    r"\s*\[[^\[\]]{1,80}\]:\s*<?(?:https?:|www\.|mailto:|[/#]|[\w.-]{1,40}(?:/[\w.%-]{1,80}){1,8}>?(?:\s+[\"'(].*)?\Z)"
)
_BARE_LINK = re.compile(r"\s*(?:[^:：]{1,30}[:：]\s*)?<?(?:https?://|www\.)\S+\s*\Z")
_ADVERTISEMENT = re.compile(
    rf"{_OPENING_BRACKET}(?:{alternation('boilerplate/advertisement_labels')})\s*[\])】）］〕]?[.。]?\s*\Z",
    re.IGNORECASE,
)
_RELATED_ARTICLE = re.compile(
    rf"\s*(?:{alternation('boilerplate/related_article_labels', 'boilerplate/related_articles')})\s*[:：|｜>»]",
    re.IGNORECASE,
)
_FOLLOW_LINK = re.compile(
    # A newsletter of "ours", or a code to scan: a speaker may say "subscribe", but not to the text's own newsletter.
    r"\s*(?:sign up|subscribe)\b[^.]{0,40} (?:our|the) [^.]{0,40}\b(?:newsletter|mailing list|email)\b"
    r"|.{0,24}(?:长按|扫描|识别|扫一扫).{0,12}(?:二维码|小程序码|图片)"
    r"|.{0,16}点击(?:上方|下方)?.{0,8}(?:蓝字|卡片|名片).{0,12}关注",
    re.IGNORECASE,
)
LIST_ITEM = re.compile(r"\s*(?:[-*+•·▪●]|\d{1,2}[.、)）]|[a-z][)）]|[（(]\d{1,2}[)）])\s*\S")
_LINK_ITEM = re.compile(r"\s*(?:[^\w\s#>\[(!]{1,4}|\d{1,2}[.)])\s*\w")
"""A bullet, a number or a pointing hand before a link: a title may be one, too."""
_LINK_TO_ARTICLE = "link to another article"
CAPTION = "image caption"
LINKS_ALONE = ("link definition", "only a link")
"""Reasons that hold in any text: an address is nobody's words."""
_ASIDES = (
    (_LINK_DEFINITION, LINKS_ALONE[0]),
    (_BARE_LINK, LINKS_ALONE[1]),
    (_EDITORS_NOTE, "editor's or translator's note"),
    (_IMAGE_ALONE, "image"),
    (_ADVERTISEMENT, "advertisement"),
    (_RELATED_ARTICLE, _LINK_TO_ARTICLE),
    (_FOLLOW_LINK, "asks to follow or subscribe"),
)
_PAGE_OF_ENTRY = re.compile(r"(?<=[. )…])\d{1,6}(?: ?[A-D])?\Z")
"""The page at the end of an entry in a table of contents, perhaps with the quarter of it."""
_WORD_BEFORE_PAGE = re.compile(r"\([^()]{1,16}\)\s*\Z")
_LEADING_DOTS = re.compile(r"(?:\.\s?){4}\Z|…\s?(?:…|\.)\s?\Z")
"""What leads the eye from a title to the margin."""
_MIN_ENTRIES_OF_CONTENTS = 3
CONTENTS = "table of contents"
_MAX_CAPTION_COLUMNS = 240
"""Two sentences of a caption and its credit; more is a paragraph of its own."""
_ITALIC = re.compile(r"\s*(?:\*[^*]+\*|_[^_]+_)\s*")
_MAX_PLAIN_CAPTION_COLUMNS = 120
_MIN_LABELS_BESIDE_CAPTION = 4
_MAX_FREE_SHARE = 0.1
"""Paragraphs without a label, as a share of those with one, in a document that labels all but its captions."""
_MIN_PUNCTUATED_SHARE = 0.6
"""Share of the paragraphs that end as sentences do, above which one that does not is no speech."""
_MAX_ASIDE_COLUMNS = 600
"""Of any aside but a note, whose label is proof enough at any length."""

_FOLLOW = re.compile(
    rf"{phrases('boilerplate/asks_to_follow')}"
    r"|\bfollow (?:our|the|@)[^.]*\b(?:account|channel|page|twitter|instagram|wechat)"
    r"|[点點]个?.{0,4}[“「\"]?(?:在看|赞|讚)",
    re.IGNORECASE,
)
_LINKS = re.compile(
    # Besides the words of links: counts of comments and readers, and the lines of a site's menu, which are whole lines.
    rf"{phrases('boilerplate/link_texts', 'boilerplate/related_articles')}"
    r"|\b\d+ comments?\b|\d+\s?条?评论|^阅读\s?[\d.]+万?\+?\s*$|(?:发信站|發信站|字体)\s?[:：]"
    r"|^more (?:interviews|stories|articles)$|^更多(?:访谈|文章|内容|报道|精彩|专访).{0,8}$"
    r"|^(?:related|see also|more stories|recommended|you might also like|share|comments)\s*[:：]",
    re.IGNORECASE,
)
_RIGHTS = re.compile(rf"{phrases('boilerplate/copyright_notices')}|\bcopyright (?:\(c\)|\d{{4}}|by)", re.IGNORECASE)
_CREDIT = re.compile(
    rf"(?:(?:{alternation('boilerplate/credited_work')})(?: and \w+)? by|{alternation('boilerplate/credit_labels')})"
    r"(?:\s*[:：|｜丨/／]\s*\S.*|\s+[A-Z][\w.'’-]+(?: [A-Z][\w.'’-]+){1,3}(?:\s*[|｜·,.].*)?|\s+https?://\S+)",
    re.IGNORECASE,
)
_MONTH = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?"
_DAY = (
    rf"(?:{_MONTH} \d{{1,2}}(?:st|nd|rd|th)?,? \d{{4}}|\d{{1,2}}(?:st|nd|rd|th)? {_MONTH},? \d{{4}}"
    rf"|\d{{1,2}}\.? (?:de )?(?:{alternation('boilerplate/months')}) (?:de )?\d{{4}}"
    r"|\d{4}\s?[-/.年]\s?\d{1,2}\s?[-/.月]\s?\d{1,2}\s?日?)"
)
_CLOCK = r"(?:[ ,·|T]*(?:at )?\d{1,2}:\d{2}(?::\d{2})?(?: ?[ap]\.?m\.?)?)?"
_DATE_ALONE = re.compile(
    rf"(?:\w+day,? )?{_DAY}{_CLOCK}|\d+[- ]min(?:ute)?s? read|阅读时间.{{0,12}}分钟|全文.{{0,8}}字.{{0,16}}",
    re.IGNORECASE,
)
_DATE_WITHIN = re.compile(rf"(?<![\w]){_DAY}(?!\d)|\b(?:submitted|posted) (?:\d+|an?) \w+ ago\b", re.IGNORECASE)
_END_MARK = re.compile(
    rf"[\s(（\[【—–―*#·・-]*(?:{alternation('boilerplate/end_marks')})[\s)）\]】—–―*#·・.。-]*", re.IGNORECASE
)
_LINKS_REASON = "row of links"
_RIGHTS_REASON = "copyright notice"
_SITE_TEXTS = (
    (_FOLLOW, "asks to follow or subscribe"),
    (_RIGHTS, _RIGHTS_REASON),
    (_LINKS, _LINKS_REASON),
)
_BIOGRAPHY = re.compile(
    # "Nora Vale is a staff writer", "作者系…", "记者，著有…", or a heading that says so; "she is" is somebody's words.
    r"^\W*(?!(?:he|she|it|they|you|this|that|who|what|there|here)\b)(?:"
    rf"(?-i:(?:[A-Z][\w.'’-]+ ){{1,4}})(?:is|was) (?:an?|the)\b(?: [\w'’-]+){{0,6}}"
    rf" (?:{alternation('boilerplate/author_professions')})\b"
    r"|(?:[\w.'’-]+ ){1,4}(?:is|was) (?:[\w'’-]+ ){0,3}?"
    r"(?:staff writer|contributing (?:editor|writer)|the author of))"
    rf"|^(?:{alternation('boilerplate/biography_headings')})"
    r"|(?:作者|译者|采访者)(?:系|为|是|，|简介)|(?:作家|记者|撰稿人|译者|编辑)，(?:著有|现居|译有|供职)",
    re.IGNORECASE,
)
_NOTE_MARK = r"\[\^?\d{1,3}\]|\[[a-z]\]|\[\^\w{1,20}\]|\^\d{1,3}\b|[①-⑳⑴-⒇¹²³⁴-⁹†‡]"
_FOOTNOTE = re.compile(rf"\s*({_NOTE_MARK})")
_REFERENCE = re.compile(rf"(?<=\S)(?:{_NOTE_MARK})")
_FOOTNOTES_HEADING = re.compile(rf"\s*(?:{alternation('boilerplate/footnotes_headings')})\s*[:：]?\s*\Z", re.IGNORECASE)
_CHAPTERS_HEADING = re.compile(rf"\s*(?:{alternation('boilerplate/chapter_list_headings')})\W*\Z", re.IGNORECASE)
_READERS_COMMENT = re.compile(r"[推噓嘘→]\s+\w+\s?[:：]")
"""As below a post on a bulletin board."""
_CREDITS_HEADING = re.compile(rf"\W*(?:{alternation('boilerplate/credits_headings')})\W*", re.IGNORECASE)
_KEY_AND_VALUE = re.compile(r"[^\W\d][^:：.。!?！？]{0,39}\s?[:：]\s?\S[^!?！？]{0,119}\Z")
_MIN_KEYS_SHARE = 0.5
"""Of the lines below a heading of credits, that are a key and a value; thanks may stand among them."""
_IN_BRACKETS = re.compile(r"[(（\[【]\s*([^()（）\[\]【】]*)[)）\]】]")
_LINK_SEPARATOR = re.compile(r"\s[|｜丨·•/»›]\s|[｜丨]")
_SPEAKS_OF_SOMEBODY = re.compile(
    r"\b(?:I|I'm|I’m|me|my|mine|myself|you|your|yours|he|she|him|her|his)\b|[我你您他她]|\?|？|\d"
)
_FIRST_PERSON_SINGULAR = re.compile(r"\b(?:I|I['’](?:m|ve|d|ll)|my|me)\b|我(?![们們])")
_CALL_BEGINS = re.compile(
    # Where a clause that calls on the reader begins: at the top, behind a stop, behind a word that asks for it.
    r"(?:\A|[.!?;:,。！？；：，—–·|｜-]"
    r"|\b(?:please|welcome to|you can(?: also)?|(?:do not|don['’]t) forget to|(?:be|make) sure to)"
    r"|请|請|欢迎|歡迎|点击|點擊)\W*\Z",
    re.IGNORECASE,
)
_LINK_OR_HANDLE = re.compile(r"https?://|www\.|\B@\w|\w@\w|\b[\w-]+\.(?:com|org|net|io|fm|cn|de)\b")
_TO_LISTENERS = re.compile(phrases("boilerplate/said_to_listeners"), re.IGNORECASE)
_MAX_CALL_COLUMNS = 120
"""A line and a half: a longer one without a full stop is somebody's words, badly punctuated."""
_MAX_BOILERPLATE_COLUMNS = 360
"""A longer paragraph that has a phrase of a site in it is more likely somebody's words about it."""
_MAX_SLOGAN_COLUMNS = 64
_MAX_DATE_LINE_COLUMNS = 90
_MAX_TEASER_COLUMNS = 90
_MAX_LINK_COLUMNS = 30
_MAX_PRINTED = 400
"""Characters of a paragraph in which an address is looked for."""
_MAX_CHAPTER_COLUMNS = 80
"""A title of a chapter takes a line."""
_MIN_CHAPTERS = 2
_MAX_WORDS_A_MINUTE = 40
"""Of a list of chapters, counted from one time to the next; people say 100 words or 200 Chinese characters a minute."""
_MAX_LOWER_SHARE = 0.5
"""Share of the lines that begin in small letters, below which they do not continue one another as sentences do."""
_HEAD_SENTENCES = 2
"""In a text without labels the head ends at its second sentence: below it, everything may be the text."""
_MAX_CREDITS = 60
"""Lines of credits at the end: a radio play has as many."""
_MAX_SHARE_AFTER_END = 0.1
_MAX_WORDS_AFTER_END = 120
"""What an end mark may cut off, the greater of both: a mark with more below it ends a part of the text."""
_MIN_LINKS_IN_A_ROW = 3
"""Two things beside a stroke may be a name and what somebody is: ``Ida Holm | keeper``."""
_END_MARK_REASON = "end mark"
_REASONS_BEFORE_TEASERS = frozenset((_END_MARK_REASON, _LINK_TO_ARTICLE, *(reason for _, reason in _SITE_TEXTS)))
"""Reasons after which lines that are not sentences only point to other articles."""


def aside_reason(text: str) -> str | None:
    """Tell which kind of aside an unlabelled paragraph is, wherever it is; None where it is not one."""
    bare = text.strip()
    if columns(bare) > _MAX_ASIDE_COLUMNS:
        return "editor's or translator's note" if _EDITORS_NOTE.match(bare) else None
    for pattern, reason in _ASIDES:
        if pattern.match(bare) and not (pattern is _FOLLOW_LINK and _FIRST_PERSON_SINGULAR.search(bare)):
            return reason
    return CAPTION if _is_caption(bare) else None


def points_at_picture(passages: Sequence[Passage], index: int) -> bool:
    """Tell whether a paragraph begins with an arrow to the picture beside it; several in a row are a list."""
    text = passages[index].text
    beside = [passages[other] for other in (index - 1, index + 1) if 0 <= other < len(passages)]
    return (
        _ARROW.match(passages[index].paragraph.printed) is not None
        and columns(text) <= _MAX_CAPTION_COLUMNS
        and not _FIRST_PERSON.search(text)
        and not any(_ARROW.match(other.paragraph.printed) for other in beside)
    )


def entries_of_contents(passages: Sequence[Passage]) -> frozenset[int]:
    """Return the entries of a table of contents, with dots that lead to their pages; one or two may be anything."""
    found = [index for index, passage in enumerate(passages) if _is_entry_of_contents(passage.text)]
    return frozenset(found) if len(found) >= _MIN_ENTRIES_OF_CONTENTS else frozenset()


def _is_entry_of_contents(text: str) -> bool:
    page = _PAGE_OF_ENTRY.search(text, max(0, len(text) - 10))
    if page is None:
        return False
    before = text[max(0, page.start() - 32) : page.start()]
    return _LEADING_DOTS.search(_WORD_BEFORE_PAGE.sub("", before).rstrip() + " ") is not None


def captions_below_images(passages: Sequence[Passage], speakers: Sequence[str | None]) -> frozenset[int]:
    """Return the short paragraphs below an image that are its caption, and not more of what is said around it.

    A caption is set in italics where no other paragraph is, or is no sentence among sentences, or stands between two
    labels in a document that labels every paragraph.
    """
    below = [
        index
        for index, passage in enumerate(passages)
        if passage.paragraph.is_below_image and not passage.label and speakers[index] is None and _may_caption(passage)
    ]
    if not below:
        return frozenset()
    captions = set(below)
    others = [passage for index, passage in enumerate(passages) if index not in captions]
    labelled = sum(passage.label is not None for passage in others)
    first = next((index for index, passage in enumerate(others) if passage.label), len(others))
    free = sum(not (passage.label or passage.paragraph.is_heading) for passage in others[first:])
    labels_all = labelled >= _MIN_LABELS_BESIDE_CAPTION and free <= _MAX_FREE_SHARE * labelled
    has_italics = any(_ITALIC.fullmatch(passage.paragraph.printed) for passage in others)
    ended = sum(is_full_sentence(passage.text) for passage in others)
    is_punctuated = ended >= _MIN_PUNCTUATED_SHARE * len(others)
    return frozenset(
        index
        for index in below
        if (_ITALIC.fullmatch(passages[index].paragraph.printed) and not has_italics)
        or (is_punctuated and not is_full_sentence(passages[index].text))
        or (labels_all and _stands_alone(passages, index))
    )


def _may_caption(passage: Passage) -> bool:
    text = passage.text
    is_short = columns(text) <= _MAX_CAPTION_COLUMNS and not ends_with_colon(text) and not ends_with_question(text)
    is_bare = not passage.paragraph.is_heading and read_label(text) is None
    return is_short and is_bare and not _FIRST_PERSON.search(text)


def _stands_alone(passages: Sequence[Passage], index: int) -> bool:
    """Tell whether a paragraph that takes no more than a line or two is all that is between two labelled ones."""
    below = passages[index + 1] if index + 1 < len(passages) else None
    begins_turn = below is None or below.label is not None or below.paragraph.is_heading
    is_short = columns(passages[index].text) <= _MAX_PLAIN_CAPTION_COLUMNS
    return is_short and begins_turn and index > 0 and passages[index - 1].label is not None


def _is_caption(text: str) -> bool:
    if columns(text) > _MAX_CAPTION_COLUMNS or _FIRST_PERSON.search(text):
        return False
    if _CAPTION.match(text):
        return True
    credit = _PICTURE_CREDIT_AT_END.search(text)
    return credit is not None and (credit.start() > 0 or not ends_sentence(text))


def boilerplate_reason(text: str, *, is_linewise: bool = False, is_at_top: bool = False) -> str | None:
    """Tell which kind of boilerplate an unlabelled paragraph at either end is; None where it is not one.

    Args:
        text: Its words.
        is_linewise: Whether the document has a line for each sentence, with or without a full stop.
        is_at_top: Whether it is above the words, where a title may have any word in it.
    """
    bare = text.strip()
    if columns(bare) > _MAX_BOILERPLATE_COLUMNS:
        return aside_reason(bare)
    if reason := _site_text_reason(bare, needs_call=is_linewise or is_at_top):
        return reason
    enclosed = _IN_BRACKETS.fullmatch(bare)
    if _CREDIT.fullmatch(enclosed[1] if enclosed else bare) and columns(bare) <= _MAX_SLOGAN_COLUMNS * 2:
        return "credits"
    if _DATE_ALONE.fullmatch(bare) or _is_dated(bare):
        return "date line"
    if _END_MARK.fullmatch(bare):
        return _END_MARK_REASON
    return _LINKS_REASON if _is_bar(bare) else aside_reason(bare)


def _site_text_reason(text: str, *, needs_call: bool) -> str | None:
    """Tell what a site's phrases make of a text: a sentence that only has one among its words is somebody's."""
    if _FIRST_PERSON_SINGULAR.search(text):
        return None
    needs_call = needs_call or is_full_sentence(text) or columns(text) > _MAX_CALL_COLUMNS
    for pattern, reason in _SITE_TEXTS:
        found = list(pattern.finditer(text))
        if found and (not needs_call or _is_call(text, found, reason)):
            return reason
    return None


def _is_call(text: str, found: Sequence[re.Match[str]], reason: str) -> bool:
    """Tell whether a sentence calls on the reader of a page, or says twice whose the text is."""
    if _TO_LISTENERS.search(text):
        return False
    opens = any(_CALL_BEGINS.search(text[: match.start()]) for match in found)
    is_notice = reason == _RIGHTS_REASON and len({match[0].casefold() for match in found}) > 1
    return opens or is_notice or _LINK_OR_HANDLE.search(text) is not None


def find_boilerplate(
    passages: Sequence[Passage], questions: Collection[int] = (), *, is_linewise: bool = False
) -> dict[int, str]:
    """Find the boilerplate at either end of a document.

    Only paragraphs without a label, before the first label or in one run that ends the text, can be boilerplate.

    Args:
        passages: The document.
        questions: Indices of passages without a label that speak.
        is_linewise: Whether the document has a line for each sentence.

    Returns:
        Index of a passage to the reason why it is dropped.
    """
    labelled = [index for index, passage in enumerate(passages) if passage.label or index in questions]
    if len(labelled) > 1 and _ends_between(passages, labelled[-2], labelled[-1]):
        labelled.pop()
    first, last = (labelled[0], labelled[-1]) if labelled else (_end_of_head(passages), -1)
    found = {
        index: reason
        for index in range(first)
        if not (passages[index].paragraph.is_timed or _is_dated_title(passages[index]))
        and (reason := link_item(passages[index]) or boilerplate_reason(passages[index].text, is_at_top=True))
    }
    if labelled:
        found |= dict.fromkeys(_list_of_chapters(passages[:first]), "chapter list")
    found |= find_recorders_lines(passages, first)
    return found | _find_tail(passages, last + 1, is_linewise=is_linewise)


def link_item(passage: Passage) -> str | None:
    """Tell that a paragraph is an item of a list and nothing but a link."""
    return _LINKS_REASON if passage.paragraph.is_link and _LINK_ITEM.match(passage.paragraph.printed) else None


def is_of_notes(passage: Passage) -> bool:
    """Tell whether a paragraph has the form of a page's notes: an item of a list, a link, an address."""
    printed = passage.paragraph.printed[:_MAX_PRINTED]
    has_form = LIST_ITEM.match(printed) or _LINK_OR_HANDLE.search(printed)
    return passage.paragraph.is_link or has_form is not None


def _end_of_head(passages: Sequence[Passage]) -> int:
    """Return the index at which the head of a text without labels ends: its second sentence."""
    sentences = (
        index
        for index, passage in enumerate(passages)
        if is_full_sentence(passage.text) and not boilerplate_reason(passage.text)
    )
    return next(itertools.islice(sentences, _HEAD_SENTENCES - 1, None), len(passages))


def _list_of_chapters(head: Sequence[Passage]) -> Iterator[int]:
    """Yield the lists of chapters above the talk, with their headings.

    A list is a run of short lines with times that are no sentences and do not continue one another, and that would
    take but a small part of the time to say.
    """
    index = 0
    while index < len(head):
        end = index
        while end < len(head) and _may_be_chapter(head[end]):
            end += 1
        heading = index - 1 if index and _CHAPTERS_HEADING.match(head[index - 1].text) else None
        if end > index and _is_list_of_chapters(head[index:end], has_heading=heading is not None):
            yield from (range(index, end) if heading is None else range(heading, end))
        index = max(end, index + 1)


def _may_be_chapter(passage: Passage) -> bool:
    is_short = columns(passage.text) <= _MAX_CHAPTER_COLUMNS and not is_full_sentence(passage.text)
    return passage.paragraph.is_timed and is_short


def _is_list_of_chapters(run: Sequence[Passage], *, has_heading: bool) -> bool:
    lower = sum(passage.text[:1].islower() for passage in run[1:])
    if lower > _MAX_LOWER_SHARE * len(run):
        return False
    if len(run) < _MIN_CHAPTERS:
        return has_heading
    clocks = [clock for passage in run if (clock := first_clock(passage.paragraph.printed)) is not None]
    minutes = (clocks[-1] - clocks[0]) / 60 if len(clocks) == len(run) else 0.0
    words = sum(count_words(passage.text) for passage in run[:-1])
    return words <= _MAX_WORDS_A_MINUTE * minutes if minutes > 0 else has_heading


def _ends_between(passages: Sequence[Passage], before: int, last: int) -> bool:
    """Tell whether the last label is below an end mark and says no sentence: a medium's name above its slogan."""
    is_ended = any(_END_MARK.fullmatch(passages[index].text) for index in range(before + 1, last))
    return is_ended and not ends_sentence(passages[last].text)


@dataclass(frozen=True, slots=True)
class _Tail:
    """The paragraphs below the last label, and what tells boilerplate from words among them."""

    passages: Sequence[Passage]
    after: int
    """Index of the first of them."""
    references: frozenset[str]
    """Marks of footnotes that stand within the document's paragraphs."""
    is_linewise: bool

    def reason(self, index: int) -> str | None:
        """Tell which kind of boilerplate a paragraph is; None where it is not one."""
        passage = self.passages[index]
        if passage.paragraph.is_timed:
            return None
        text = passage.text
        if _FOOTNOTES_HEADING.match(text) or self._is_footnote(index):
            return "footnotes"
        if _READERS_COMMENT.match(passage.paragraph.printed):
            return "reader's comment"
        if reason := link_item(passage) or boilerplate_reason(text, is_linewise=self.is_linewise):
            return reason
        is_about = (
            columns(text) <= 2 * _MAX_BOILERPLATE_COLUMNS
            and _BIOGRAPHY.search(text) is not None
            and not _FIRST_PERSON_SINGULAR.search(text)
        )
        return "about the author" if is_about else None

    def _is_footnote(self, index: int) -> bool:
        """Tell whether a paragraph begins with the mark of a note that the text refers to, or is one of several."""
        mark = _FOOTNOTE.match(self.passages[index].paragraph.printed)
        if mark is None:
            return False
        beside = [self.passages[other] for other in (index - 1, index + 1) if self.after <= other < len(self.passages)]
        return mark[1] in self.references or any(
            _FOOTNOTE.match(other.paragraph.printed) or _FOOTNOTES_HEADING.match(other.text) for other in beside
        )

    def is_teaser(self, index: int) -> bool:
        """Tell whether a paragraph may be the title of another article."""
        text = self.passages[index].text
        is_short = columns(text) <= _MAX_TEASER_COLUMNS and not text.endswith((".", "。"))
        return is_short or self.reason(index) is not None

    def teasers_begin(self) -> int:
        """Find the index below the first end mark or list of other articles after which nobody says a sentence."""
        begin = len(self.passages)
        is_personal, is_teasers = False, True
        for index in range(len(self.passages) - 1, self.after - 1, -1):
            reason = self.reason(index)
            is_list = is_teasers and self.after > 0 and reason in _REASONS_BEFORE_TEASERS
            if is_list or (reason == _END_MARK_REASON and not is_personal):
                begin = index + 1
            is_personal = is_personal or _FIRST_PERSON_SINGULAR.search(self.passages[index].text) is not None
            is_teasers = is_teasers and self.is_teaser(index)
        if begin == len(self.passages):
            return begin
        words = [count_words(passage.text) for passage in self.passages]
        is_much = sum(words[begin:]) > max(_MAX_WORDS_AFTER_END, _MAX_SHARE_AFTER_END * sum(words))
        return len(self.passages) if is_much else begin


def _find_tail(passages: Sequence[Passage], after: int, *, is_linewise: bool) -> dict[int, str]:
    """Return the run of boilerplate that ends the text, above it a slogan, and all that an end mark cuts off."""
    has_notes = any(_FOOTNOTE.match(passage.paragraph.printed) for passage in passages[after:])
    references = frozenset(
        mark[0]
        for passage in (passages if has_notes else ())
        for mark in _REFERENCE.finditer(passage.paragraph.printed)
    )
    tail = _Tail(passages, after, references, is_linewise)
    found: dict[int, str] = {}
    begin = tail.teasers_begin()
    credited = _credits_at_end(passages, after)
    index = len(passages) - 1
    while index >= after:
        reason = (
            "credits"
            if index in credited
            else tail.reason(index) or ("after the end of the text" if begin <= index else None)
        )
        if passages[index].text and reason is None:
            break
        if reason:
            found[index] = reason
        index -= 1
    follows = any("follow" in reason for reason in found.values())
    if 0 < after < index and follows and _is_slogan(passages[index].text):
        found[index] = "slogan above a request to follow"
    return found


def _credits_at_end(passages: Sequence[Passage], after: int) -> range:
    """Find the heading of the credits that end a text, and what is below it."""
    for begin in range(len(passages) - 1, max(after, len(passages) - _MAX_CREDITS) - 1, -1):
        if not passages[begin].paragraph.is_heading and not _CREDITS_HEADING.fullmatch(passages[begin].text):
            continue
        below = [passage.text for passage in passages[begin + 1 :]]
        keys = sum(_KEY_AND_VALUE.match(text) is not None for text in below)
        is_personal = any(_FIRST_PERSON_SINGULAR.search(text) or ends_with_question(text) for text in below)
        is_credits = bool(below) and keys >= _MIN_KEYS_SHARE * len(below) and not is_personal
        is_headed = _CREDITS_HEADING.fullmatch(passages[begin].text) is not None
        return range(begin, len(passages)) if is_credits and is_headed else range(0)
    return range(0)


def _is_dated(text: str) -> bool:
    """Return a line that gives a date among a place, a medium or an author, and says nothing."""
    return columns(text) <= _MAX_DATE_LINE_COLUMNS and _DATE_WITHIN.search(text) is not None and not ends_sentence(text)


def _is_dated_title(passage: Passage) -> bool:
    """Tell whether a heading says more than a date: ``# Lamp meeting, 2 May 2023``."""
    return passage.paragraph.is_heading and _is_dated(passage.text) and _DATE_ALONE.fullmatch(passage.text) is None


def _is_bar(text: str) -> bool:
    if text.startswith("|"):  # a row of a table
        return False
    items = [item for item in _LINK_SEPARATOR.split(text) if item.strip()]
    return len(items) >= _MIN_LINKS_IN_A_ROW and all(
        columns(item) <= _MAX_LINK_COLUMNS and not item.rstrip(CLOSING).endswith(("。", ".")) for item in items
    )


def _is_slogan(text: str) -> bool:
    """Tell whether a text is one short sentence about nobody."""
    inside = text.rstrip().rstrip(".。!！")
    return (
        columns(text) <= _MAX_SLOGAN_COLUMNS
        and not _SPEAKS_OF_SOMEBODY.search(text)
        and not any(mark in inside for mark in '.。!！;；"“「')
    )
