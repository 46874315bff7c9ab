"""`python -m bot.dictionary`: prints every folded Polish word that is not its own lemma, a tab, and its folded lemma.

Runs in Rasa's environment, which has the dictionary. Without diacritics a word may have several lemmas ("oplaty":
opłata, oplat). One counts: the one our training data use most, then the word itself, then the first.
"""

from __future__ import annotations

import re
import sys
from collections import Counter
from pathlib import Path

from simplemma.strategies.dictionaries.dictionary_factory import DefaultDictionaryFactory

from bot.folding import fold

DATA = Path(__file__).resolve().parents[1] / "data"


def main() -> None:
    dictionary = DefaultDictionaryFactory().get_dictionary("pl")
    # Millions of words: folded in one go.
    forms = fold("\n".join(dictionary)).split("\n")
    lemmas = fold("\n".join(dictionary.values())).split("\n")
    used = Counter(fold(dictionary[word]) for word in _words_of_our_data() if word in dictionary)
    settled = {lemma: lemma for lemma in lemmas}
    for form, lemma in zip(forms, lemmas, strict=True):
        known = settled.setdefault(form, lemma)
        if used[lemma] > used[known]:
            settled[form] = lemma
    for form, lemma in settled.items():
        # What a lemma gave way to is the lemma of its forms as well.
        while settled[lemma] != lemma:
            lemma = settled[lemma]  # noqa: PLW2901
        if form != lemma and form.isalpha() and lemma.isalpha():
            sys.stdout.write(f"{form}\t{lemma}\n")


def _words_of_our_data() -> list[str]:
    text = "\n".join(path.read_text(encoding="utf-8") for path in sorted(DATA.rglob("*.yml")))
    return re.findall(r"\w+", text.casefold())


if __name__ == "__main__":
    main()
