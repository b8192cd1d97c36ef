"""The few words of their own that captions and show notes use, in the languages of a transcript."""

from collections.abc import Iterable
from dataclasses import dataclass

from interview_audio.printable import printable
from interview_audio.production.text.lookalikes import as_words
from interview_audio.script.lines import NARRATOR
from interview_audio.script.shown_names import Part, shown_names

# AntennaPod reads no speaker from a WebVTT name with & or >, escaped or not, and cuts one of SRT at the colon.
_LOOKALIKES = str.maketrans({"&": "＆", "<": "＜", ">": "＞", ":": "："})


@dataclass(frozen=True, slots=True)
class Wording:
    """The words for one language."""

    narrator: str
    host: str
    hosts: str
    guest: str
    guests: str
    date: str
    chapters: str
    colon: str = ": "
    comma: str = ", "


_WORDINGS = {
    "zh": Wording("旁白", "主持", "主持", "嘉宾", "嘉宾", "日期", "章节", "：", "、"),
    "ja": Wording("ナレーター", "聞き手", "聞き手", "ゲスト", "ゲスト", "日付", "チャプター", "：", "、"),
    "en": Wording("Narrator", "Host", "Hosts", "Guest", "Guests", "Date", "Chapters"),
    "de": Wording("Erzählstimme", "Interview", "Interview", "Gast", "Gäste", "Datum", "Kapitel"),
    "fr": Wording("Voix off", "Entretien", "Entretien", "Avec", "Avec", "Date", "Chapitres", " : "),
    "es": Wording("Voz en off", "Entrevista", "Entrevista", "Con", "Con", "Fecha", "Capítulos"),
}


def wording_of(language: str) -> Wording:
    """The words for a BCP 47 language; English for one that has none."""
    return _WORDINGS.get(language.partition("-")[0].lower(), _WORDINGS["en"])


def caption_names(cast: Iterable[Part], language: str) -> dict[str, str]:
    """Each speaker as captions show them: the same in every format, and read by every player.

    Args:
        cast: Canonical names, or ``narrator``, each with the role.
        language: Of the episode.
    """
    people = shown_names(((name, role) for name, role in cast if name != NARRATOR), language)
    shown = {name: as_words(printable(text).translate(_LOOKALIKES)) for name, text in people.items()}
    return shown | {NARRATOR: wording_of(language).narrator}
