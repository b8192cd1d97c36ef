"""Make the list of common English words with which words in capitals are told from acronyms.

    python tools/list_english_words.py FREQUENCIES US_GOLD src/interview_audio/normalization/words/english_words.txt

FREQUENCIES is ``frequency_dictionary_en_82_765.txt`` of symspellpy 6.10.1, US_GOLD is ``data/us_gold.json`` of misaki
0.9.4. A word is listed if both have it and it is frequent; names are listed from four letters on, because most shorter
ones are acronyms as well.
"""

import json
import sys
from pathlib import Path

_COMMONEST = 14_000
_NAMES = 2_200
_SHORTEST_NAME = 4
_ALSO = "ah aw eh er ex ha hi ho hm hush joe jim mm oh ok ooh oops ow ox pi tim tom uh um wow yay yo"
"""Short words that the frequencies lack."""
_RATHER_ACRONYMS = (
    "alb ale avon ave bey col com cps cum cur dan dat dec deb doh dor docs eco eff ell eld eft eta etc eth fab "
    "gar gat gel gen gnu goo hep hex hic hin jib jun kay koa lei lek lev lex lieu mac mar mim mod moe moi mol mot "
    "mu nan nib nip nix nous nov ode org orc ora ore pap pas pat pho phi psi pud puri qua rec ref rem rep rho rib "
    "roc rom sec sem sept sib sic sig sim sis sol som sou stat tai tau tho thy tic urn ute var vac vas vat vie "
    "wan wen wye para perl java null meta sega dell nova nike cher isis iran unix lego jesu comp comm econ exec "
    "conf batt prob pref expo milf apis feb aug oct cal lac cru"
)


def main(frequencies: str, gold: str, target: str) -> None:
    """Write the list."""
    counts = dict(line.split() for line in Path(frequencies).read_text("utf-8-sig").splitlines())
    known = json.loads(Path(gold).read_text("utf-8"))
    ranked = sorted((word for word in counts if word.isascii() and word.isalpha()), key=lambda word: -int(counts[word]))
    words = [word for word in ranked if word in known and len(word) > 1][:_COMMONEST]
    names = [word for word in ranked if word not in known and word.title() in known and len(word) >= _SHORTEST_NAME]
    listed = {*words, *names[:_NAMES], *_ALSO.split()} - set(_RATHER_ACRONYMS.split())
    head = "# Common English words and names, made by tools/list_english_words.py; see NOTICE.\n"
    Path(target).write_text(head + "".join(f"{word}\n" for word in sorted(listed)), "utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:])
