"""Makes the lists in transcript/words/given_names/ from two packages: python condense_given_names.py NQG FAKER.

NQG is the wheel of nomquamgender 0.1.4 (how many of the people of a name were female, from 36 sources), FAKER that of
Faker 40.63.0 (names by language and gender, and surnames). Names are folded as by
``transcript.lexicon.personal_names``.
"""

import ast
import json
import re
import sys
import textwrap
import zipfile
from collections import defaultdict
from pathlib import Path

from interview_audio.transcript.lexicon.personal_names import ascii_letters_of

FOLDER = Path(__file__).parents[1] / "src" / "interview_audio" / "transcript" / "words" / "given_names"
SHARE = 0.95
"""Of the people of a name that must be of one gender: of 20 voices one may be wrong."""
SHARE_IN_LISTS = 0.8
"""The same where Faker's lists, made by speakers of the languages, know the name for this gender alone (Ama)."""
FEWEST_SOURCES, FEWEST_PEOPLE = 4, 50
"""What is rarer is often a surname or a misprint."""
FEWEST_BESIDE_SURNAME = 5_000
"""People from whom on a surname of somewhere is a given name too, where another word follows it (Milan Holm)."""
FEWEST_ALONE = 50_000
"""People from whom on it is a given name even alone (Martin); Smith is not."""
FEWEST_OF_PINYIN = 20_000
"""The same of one syllable of pinyin, a surname or a given name of which many characters sound alike."""
FEWEST_OF_EITHER = 2_000
"""People from whom on a name of both genders is a given name at all (Robin, Kim): it shows that a person is named."""
PINYIN = re.compile(
    "(?:zh|ch|sh|[bpmfdtnlgkhjqxrzcsyw])?"
    "(?:[aeiou]|ai|ei|ao|ou|an|en|ang|eng|ong|i[aeu]|iao|ian|in|iang|ing|iong|u[aeio]|uai|u[ae]n|uang)"
)


def _words(listed: str) -> frozenset[str]:
    """Return the words of a list written with spaces between them."""
    return frozenset(listed.split())


SURNAMES_FIRST = _words(
    """
    ahn bae baek bang choi chung heo hwang jang jeon jeong joo jung kang kwak kwon moon nam noh oh park ryu seo shin
    sohn song woo yang yeon yoo yoon yun bui dang dinh doan duong hoang huynh lam le luong ly ngo nguyen pham phan tran
    truong
    """
)
"""Of Korea and Vietnam, where the surname stands first and would be taken for the given name."""
TITLES = _words(
    """
    baron bishop captain count dame doctor duke earl father general judge king lady lord major mayor pope prince
    princess prof queen saint sheikh sheikha sir sister sri
    """
)
RATHER_WORDS = _words(
    """
    baby bay brooklyn cash chance chandler cherokee cheyenne china dakota dallas denver desire diamond eden essence
    france freedom geneva harbor heaven holland houston hunter india ireland italy jersey justice karma kenya king
    lane london lyric malaysia may memory mercy messiah milan mission navy oakland orlando paradise paris phoenix
    presley prince princess promise rain raven reason river royal sage silver sky star sunny sweet tennessee texas
    treasure trinity true unique van venice wisdom young
    """
)
"""Names of both genders that are a word, a place or a particle more often."""
KINDS = {"first_names_female": "female", "first_names_male": "male", "last_names": "surname"}


def names_of_faker(wheel: Path) -> dict[str, set[str]]:
    """Folded names by ``female``, ``male`` and ``surname``."""
    found: defaultdict[str, set[str]] = defaultdict(set)
    with zipfile.ZipFile(wheel) as archive:
        for path in archive.namelist():
            if re.fullmatch(r"faker/providers/person/\w+/__init__\.py", path):
                for node in ast.walk(ast.parse(archive.read(path))):
                    if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
                        kind = KINDS.get(node.targets[0].id)
                        texts = (part.value for part in ast.walk(node.value) if isinstance(part, ast.Constant))
                        if kind:
                            found[kind].update(ascii_letters_of(text) for text in texts if isinstance(text, str))
    return found


def main() -> None:
    """Write the lists."""
    statistics = json.loads(zipfile.ZipFile(sys.argv[1]).read("nomquamgender/name_data.json"))
    lists = names_of_faker(Path(sys.argv[2]))
    chosen: defaultdict[str, list[str]] = defaultdict(list)
    for name, (sources, people, share, _) in statistics.items():
        if not re.fullmatch("[a-z]{2,}(?:-[a-z]{2,})*", name) or name in SURNAMES_FIRST | TITLES:
            continue
        fewest = max(
            FEWEST_PEOPLE,
            FEWEST_BESIDE_SURNAME if name in lists["surname"] else 0,
            FEWEST_OF_PINYIN if PINYIN.fullmatch(name) else 0,
        )
        if sources < FEWEST_SOURCES or people < fewest:
            continue
        shares = (("female", "male", share), ("male", "female", 1 - share))
        genders = [
            gender
            for gender, other, own_share in shares
            if own_share >= (SHARE_IN_LISTS if name in lists[gender] and name not in lists[other] else SHARE)
        ]
        if not genders and people >= FEWEST_OF_EITHER and name not in RATHER_WORDS:
            genders = ["either"]
        for gender in genders:
            chosen[gender].append(name)
    known = {*chosen["female"], *chosen["male"]}
    chosen["surnames"] = [name for name in known & lists["surname"] if statistics[name][1] < FEWEST_ALONE]
    for gender, names in chosen.items():
        (FOLDER / f"{gender}.txt").write_text(
            textwrap.fill(" ".join(sorted(names)), 120, break_on_hyphens=False) + "\n", "ascii"
        )


if __name__ == "__main__":
    main()
