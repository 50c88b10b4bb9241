"""The terms of a deck and how they are called in another language."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain, repeat
from typing import NamedTuple

from deckgen.translate.stems import WORD, stem
from deckgen.translate.tags import primary

_ASIDE = re.compile(r"\s*[(（]([^()（）]*)[)）]")


class Term(NamedTuple):
    """A term of the source: as it is written there, its words, and what it is called in the translation.

    ``items`` are the items that explain it.
    """

    name: str
    words: tuple[str, ...]
    translations: tuple[str, ...]
    items: tuple[str, ...]


@dataclass(frozen=True, eq=False)
class Glossary:
    """The terms of a deck in one language, made once and asked for every text."""

    terms: tuple[Term, ...]

    @classmethod
    def of(cls, pairs: Iterable[tuple[str, str]], items: Iterable[str] = ()) -> Glossary:
        """Return the glossary of pairs of plain texts: a term of the source and its translation.

        ``items`` are the ids of the items that explain the terms, in the same order: there, they need not
        be named. A term may stand twice, or have another in brackets, «المدينة الذكية (Smart City)»; any of
        its translations is then right. In the source what is in brackets is no part of a term.
        """
        terms: dict[tuple[str, ...], Term] = {}
        for (name, translation), item in zip(pairs, chain(items, repeat("")), strict=False):
            words = tuple(WORD.findall(_ASIDE.sub("", name) or name))
            called = (_ASIDE.sub("", translation), *_ASIDE.findall(translation))
            known = terms.get(words, Term(name, words, (), ()))
            terms[words] = known._replace(
                translations=known.translations + tuple(each.strip() for each in called if each.strip()),
                items=(*known.items, item),
            )
        return cls(tuple(term for term in terms.values() if term.words and term.translations))

    def found(self, text: str, tag: str) -> Iterator[Term]:
        """Yield the terms that stand in a text of the source language ``tag``, each once.

        A term stands there in any of its forms, as words of their own: not inside a compound, and not
        inside a longer term.
        """
        if not self.terms:
            return
        index = _index(self, tag)
        words = WORD.findall(text)
        starts = index.starts
        seen: set[str] = set()
        after = 0  # behind the last term
        for at, lengths in enumerate([starts[word] for word in words]):
            if not lengths or at < after:
                continue
            for length in lengths:
                stems = tuple(stem(each, tag) for each in words[at : at + length])
                for term in index.terms.get(stems, ()):
                    if after <= at and all(map(_fits, term.words, words[at:], repeat(tag))):
                        after = at + length
                        if term.name not in seen:
                            seen.add(term.name)
                            yield term


class _Starts(dict[str, tuple[int, ...]]):
    """How many words the terms have that begin with a word, the most first: worked out once a word.

    A text has few words that it has not had before, and few of them begin a term.
    """

    def __init__(self, lengths: Mapping[str, tuple[int, ...]], tag: str) -> None:
        super().__init__()
        self.lengths, self.tag = lengths, tag

    def __missing__(self, word: str) -> tuple[int, ...]:
        found = self[word] = self.lengths.get(stem(word, self.tag), ())
        return found


class _Index(NamedTuple):
    """What terms begin with a word; terms by their stems."""

    starts: _Starts
    terms: Mapping[tuple[str, ...], tuple[Term, ...]]


@lru_cache(maxsize=8)
def _index(glossary: Glossary, tag: str) -> _Index:
    lengths: dict[str, set[int]] = {}
    terms: dict[tuple[str, ...], tuple[Term, ...]] = {}
    for term in glossary.terms:
        stems = tuple(stem(word, tag) for word in term.words)
        lengths.setdefault(stems[0], set()).add(len(stems))
        terms[stems] = (*terms.get(stems, ()), term)
    ordered = {first: tuple(sorted(found, reverse=True)) for first, found in lengths.items()}
    return _Index(_Starts(ordered, tag), terms)


def _fits(term: str, word: str, tag: str) -> bool:
    """Whether the capital is right: in German a noun has it (Linke, linke), and so have abbreviations."""
    return word[0].isupper() or not (term[0].isupper() and (primary(tag) == "de" or term.isupper()))
