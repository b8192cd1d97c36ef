"""Recognises what a transcriber puts between the words: sounds, gestures, doubts, the numbers of footnotes.

Tells words from what only surrounds them on the page: markdown, stage marks, escapes, invisible characters.

Knows nothing of speakers. What is cut is kept as a range with its reason, so that every character can be accounted for.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from interview_audio.transcript.lexicon.vocabulary import phrase_set, word_set

OPENING = "(\\[{（【〔［〈"
CLOSING = ")\\]}）】〕］〉"
BRACKETED = re.compile(
    rf"[{OPENING}]{{1,2}}([^{OPENING}{CLOSING}*\n]{{1,48}})[{CLOSING}]{{1,2}}"
    r"|(?<![\w*])\*([^*\n]{1,48})\*(?![\w*])|(?<![\w_])_([^_\n]{1,48})_(?![\w_])"
)
MUSIC = re.compile(r"[♪♫♬]+(?:[^♪♫♬\n]{0,120}[♪♫♬]+)?")
FOOTNOTE = re.compile(
    r"(?<=[^\s\[(（])\\?[\[［〔]"
    r"(?:\^[\w-]{1,24}|(?:注|註|note |nb )?\s?\d{1,3}(?:[,，、–-]\s?\d{1,3}){0,4}|[a-z])\\?[\]］〕](?![(:：])"
    r"|(?<=[^\W\d_])[¹²³⁰⁴-⁹]{1,3}(?!\w)"
    r"|(?<=[^\s：:；;、，,])[\u2460-\u2473†‡](?=[\s。，、；：！？,.;:!?”」』）)]|\Z)"
)
CLOCK = re.compile(r"[\d:：.,–-]{3,}")

HEARD_ZH = re.compile(
    r"(?:(?:全场|全体|观众们?|听众|记者们?|众人?|两人|三人|大家|现场|台下|一同|会场|背景|此处|录音|音频|声音|同时|一起"
    r"|突然|无奈地?|尴尬地?|短暂|长时间|轻|小声|大声|再次|又|热烈|雷鸣般|长|稍|轻轻|微微|有些|略|发出|响起|传来|播放"
    r"|插入|开怀|哈哈|微|[他她])(?:地|的)?|和|并|、|，|,|\s)*"
    r"(?:(?:大|微|苦|哄|爆|偷|冷|狂|坏|傻|嬉|失)?笑(?:声|场)?|掌声|鼓掌|拍手|沉默|停顿|叹气|叹息|叹了口气|咳嗽|嘆氣|掌聲|沉默"
    r"|清嗓子?|清了清嗓子|点头|點頭|摇头|搖頭|耸肩|哭泣?|哽咽|起立|插话|打断|打斷"
    r"|听不清楚?|聽不清楚?|听不到|无法辨[认识]|無法辨[認識]|不清楚?|模糊|辨识不清|音乐|音樂|音效|铃声|鈴聲|电话(?:铃)?响"
    r"|電話(?:鈴)?響|喝水|喝茶|思考|欢呼|歡呼|嘈杂|杂音|雜音|静默|口哨声?|喧哗|字幕|中断|休息|广告|間奏)"
    r"(?:声|聲|起来|了起来|着|著|了|起|响起|了?一[下会阵會陣口][儿兒]?|不止|不语|良久|许久|许多|片刻|几秒|中|过后|结束|\d+\s?秒|\s)*\Z"
)
SOUND_ZH = re.compile(r"[^\W\d_的是我你他她有没]{1,6}[声聲]\Z")
"""``敲门声``, ``小声``."""
HEARD = word_set(
    """
    ad audioclip videoclip videotape audiotape applause applauds archived archival audience audio beat begins beep
    beeping bell bleep boos booing both break breath breathes breaths brief briefly chatter cheer cheers cheering
    chime chimes chuckle chuckles chuckling clap clapping claps clears clip commercial cough coughs coughing cries
    crosstalk crowd cry crying deep ding ends everyone exhales exhaling fades foreign gasps gestures giggle giggles
    giggling grin grins grinning groans hesitates hum hums humming inaudible inaudibly indecipherable indiscernible
    indistinct indistinctly inhales instrumental interlude interposing interrupting interruption intro jingle
    knocking language laugh laughs laughing laughingly laughter long loud loudly lyrics microphone mic moans mumbles
    murmurs music musical nervous nervously nod nods nodding noise off outro overlapping overlap pause pauses paused
    pausing phone playing plays post recording redacted ringing rings room rueful ruefully scoffs short shouting
    shouts shrug shrugs shrugging sic sigh sighs sighing sighed silence silent sings singing smile smiles smiling
    smirks snaps sneezes sniffles snort snorts soft softly sob sobs sound soundbite sounds speaking speech static
    stutters theme throat tongue unclear unidentified unintelligible video voices weeps whisper whispers whistles
    wry yawns
    """
)
MAKES_NONE = word_set(
    """
    begin end a again all and at away back for from group head her his in into it light moment more of on out over
    phonetic quiet quietly several some spelling still the their them then through to together tape background up
    upbeat with archived audio beat both brief briefly bell break breath clip deep ends everyone foreign language
    long loud loudly off post recording room short soft softly sound sounds speaking speech theme throat tongue
    video voices wry unidentified begins ad musical phone microphone mic audience crowd intro outro interposing
    nervous nervously rings plays playing commercial
    """
)
"""Words that may stand in a stage mark and do not make one alone."""
NOISES = word_set(
    """
    alarm baby bark barking barks bells birds buzzing buzzer car chair chiming chirping clatter clinking clock crash
    crickets dog door drums engine explosion fire footsteps glass gong guitar gunshot gunshots hammer hiss horn
    horns keyboard knock paper piano rain rustle rustling siren sirens slam slams splash thud thunder ticking train
    traffic typing water waves whistle whistling wind
    """
)
"""What is heard, in capitals: ``[SIREN]``; in small letters these words are also said in brackets."""
MARKS = phrase_set(
    """
    begin video clip | end video clip | begin audio clip | end audio clip | begin video | end video | begin clip |
    end clip | ph | sp | sic | ? | ?? | ??? | phonetic | phonetic spelling | guess | break | music | ad break |
    commercial break | soundbite | beat | short break | throat clearing | pause | silence | end of recording |
    end of audio | end of tape | end of side a | end of side b | side a | side b | tape ends | end of interview |
    start of recording | recording stops | recording ends | recording begins | recording starts | audio drops |
    audio cuts out | off mic | off-mic | off microphone | theme music | foreign language | foreign | video plays |
    clip plays | audio plays | phone rings | dog barks | dog barking | bell rings | door opens | door closes |
    speaks french | speaking in foreign language | non-english speech | no audio | blank_audio | 原文如此 | 原文 |
    存疑 | 音 | 音译 | 待核 | 待核实 | 拍手 | 一同笑 | 一同 | 中略 | 略 | 笑い | 苦笑い | 間 | 沉思 | 音樂 | 広告 |
    广告 | 广告时间 | 片头曲 | 片尾曲 | 片头音乐 | 片尾音乐 | 背景音乐 | 休息 | 中场休息 | rires | rire |
    applaudissements | risas | risa | aplausos | lacht | lachen | gelächter | applaus | beifall | silencio |
    inaudible | unverständlich | inaudível
    """
)
LONGEST_WORDS = 6


def is_stage_mark(words: str) -> bool:
    """Say whether what stands in brackets tells what is heard or seen, or what a transcriber could not hear."""
    bare = CLOCK.sub(" ", words).strip(" .。…!！,，;；:：-—~～♪").casefold()
    if bare in MARKS or HEARD_ZH.match(bare) or SOUND_ZH.match(bare):
        return True
    found = re.findall(r"[^\W\d_]+", bare)
    named = [word for word in found if word not in MAKES_NONE]
    heard = HEARD | NOISES if words.isupper() else HEARD
    is_told = all(word in heard or word in MAKES_NONE for word in found)
    return is_told and bool(named) and len(found) <= LONGEST_WORDS


def find_stage_marks(passage: str) -> Iterator[tuple[int, int]]:
    """Find the ranges of a paragraph that no voice says."""
    for match in BRACKETED.finditer(passage):
        if is_stage_mark(match[match.lastindex or 1]):
            yield match.span()
    for pattern in (FOOTNOTE, MUSIC):
        yield from (match.span() for match in pattern.finditer(passage))


BLOCK_PREFIX = re.compile(r"\s*((?:#{2,6}\s*|#\s+|>+\s*|[-*+]\s+|[•●○◦■□◆◇▶►▷▲△▼◎★☆※❖➤➢✦]\ufe0f?\s*|[:：]\s+)+)")
"""Signs of headings, quotations, lists and definitions in front of a paragraph."""
ESCAPE = re.compile(r"(\\)(?=[\[\]()*_#>.!+|~`{}-])")
"""The backslash that markdown writes before a sign that is meant as it stands."""
AMPERSAND = re.compile(r"&(amp;)")
RULE = re.compile(r"[\s*_=~#•·—–\u2500-\u257f―＝*-]*")
"""A line of nothing but strokes and stars."""
STRONG_EMPHASIS = re.compile(r"(\*\*\*)(?=[^\s*])[^*]*?(?<=[^\s*])(\*\*\*)")
STRONG = re.compile(r"(\*\*)(?=[^\s*])(?:[^*]|\*(?!\*))*?(?<=\S)(\*\*)")
EMPHASIS = re.compile(r"(?<![A-Za-z0-9*\\])(\*)(?=[^\s*])[^*]*?(?<=[^\s*\\])(\*)(?![A-Za-z0-9*])")
UNDERLINE = re.compile(r"(?<!\w)(__?)(?=[^\s_])[^_]*?(?<=[^\s_])(__?)(?!\w)")
CODE = re.compile(r"(`)[^`]+(`)")
LINK = re.compile(r"(\[)[^\[\]]+(\]\((?:https?:/|mailto:|www\.|[/#])[^()\s]*\))")
IMAGE = re.compile(r"(!\[[^\[\]]*\](?:\([^()\s]*\)|\[image\d+\]))")
PICTURE = re.compile(
    r"((?:^\s*\[[^\[\]]{1,60}\]:[ \t]*)?<?data:image/[\w.+-]{1,40};base64,[A-Za-z0-9+/]{24,}={0,2}>?)", re.IGNORECASE
)
"""A picture that is written out; Google Docs has those behind the text, as ``[image1]: <data:...>``."""
TAG = re.compile(r"(</?(?:a|b|br|em|i|p|span|strong|u)(?:\s[^<>]*)?/?>)", re.IGNORECASE)
INLINE = (ESCAPE, AMPERSAND, IMAGE, PICTURE, LINK, TAG, STRONG_EMPHASIS, STRONG, EMPHASIS, UNDERLINE, CODE)
INLINE_SIGN = re.compile(r"[*_`<\[\\&]|data:image/", re.IGNORECASE)
WHOLLY_STRONG = re.compile(r"\*\*[^*]+\*\*|__[^_]+__")

EMPHASISED_LEAD = re.compile(r"\s*(?:>\s*)?(?:\*{1,3}[^*\n]{1,60}\*|__[^\n]{1,60}?__)")

INVISIBLE = re.compile(
    r"[\u00ad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff\ufff9-\ufffb"
    r"\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f]"
)
"""Format and control characters that print nothing; the joiners inside emoji and Indic words are not among them."""


@dataclass(frozen=True, slots=True)
class NonTextSpan:
    """A half-open range of source characters that are not words, and why."""

    start: int
    end: int
    reason: str
    """A key of the receipt's ``skipped``: markup, stage, label."""


def find_non_text(source: str, start: int, end: int, turn_mark: str = "") -> tuple[NonTextSpan, ...]:
    """Find what is not words in a paragraph.

    Args:
        source: The whole text.
        start: Offset of the paragraph's first character.
        end: Offset after its last.
        turn_mark: What it begins with that looks like a sign of a list and stands for a change of speakers.

    Returns:
        Ranges in code points of the source, in no particular order; they may overlap.
    """
    passage = source[start:end]
    if RULE.fullmatch(passage):
        return (NonTextSpan(start, end, "markup"),)
    return tuple(
        NonTextSpan(start + first, start + last, reason) for first, last, reason in _cuts_within(passage, turn_mark)
    )


def is_wholly_strong(passage: str) -> bool:
    """Say whether a paragraph is set in bold from end to end, as headings are."""
    return WHOLLY_STRONG.fullmatch(passage) is not None


def is_emphasised_lead(passage: str) -> bool:
    """Say whether the first words of a paragraph are set in bold or italics, as labels are."""
    return EMPHASISED_LEAD.match(passage) is not None


def _cuts_within(passage: str, turn_mark: str) -> Iterator[tuple[int, int, str]]:
    if prefix := None if turn_mark else BLOCK_PREFIX.match(passage):
        yield prefix.start(1), prefix.end(1), "markup"
        yield from _closing_hashes(passage)
    yield from ((first, last, "stage") for first, last in find_stage_marks(passage))
    for match in INVISIBLE.finditer(passage):
        yield match.start(), match.end(), "markup"
    yield from _dangling_strokes(passage)
    for pattern in INLINE if INLINE_SIGN.search(passage) else ():
        for match in pattern.finditer(passage):
            yield from (
                (*match.span(group), "markup") for group in range(1, (match.lastindex or 0) + 1) if match[group]
            )


def _closing_hashes(passage: str) -> Iterator[tuple[int, int, str]]:
    """``## On boats ##``; the sign of ``# About C#`` is a word's."""
    bare = passage.rstrip("#")
    opened, closed = len(passage) - len(passage.lstrip("#")), len(passage) - len(bare)
    if bare and opened and closed and (opened == closed > 1 or bare[-1].isspace()):
        yield len(bare), len(passage), "markup"


def _dangling_strokes(passage: str) -> Iterator[tuple[int, int, str]]:
    """Bold that begins or ends in another paragraph."""
    for stroke in "*_=":
        opened = len(passage) - len(passage.lstrip(stroke))
        closed = len(passage) - len(passage.rstrip(stroke))
        if opened > 1:
            yield 0, opened, "markup"
        if closed > 1:
            yield len(passage) - closed, len(passage), "markup"
