"""Terms are found in their forms, and not inside other words."""

from __future__ import annotations

import pytest

from deckgen.translate.glossary import Glossary
from deckgen.translate.stems import fold, stands, stem

GLOSSARY = Glossary.of(
    [
        ("Teilhabe", "participation"),
        ("digitale Teilhabe", "inclusion numérique"),
        ("Linke", "gauche"),
        ("NGO (Verein)", "ONG"),
        ("Post-Politik", "post-politique"),
        ("Planstadt", "ville planifiée"),
        ("Infra·struktur", "infrastructure"),
        ("E-Partizipation", "participation électronique"),
        ("Öko-Stadt", "éco-ville"),
    ]
)


@pytest.mark.parametrize(
    ("text", "terms"),
    [
        ("Die Teilhabe aller.", ["Teilhabe"]),
        ("Ohne digitale Teilhabe.", ["digitale Teilhabe"]),
        ("Von digitaler Teilhabe und Teilhabe.", ["digitale Teilhabe", "Teilhabe"]),
        ("Teilhabe, Teilhabe!", ["Teilhabe"]),
        ("Die Teilhabechancen.", []),
        ("Die Linken sagen, mit der linken Hand.", ["Linke"]),
        ("die linke Hand", []),
        ("Viele NGOs.", ["NGO (Verein)"]),
        ("Die Post-Politik, nicht die Post und die Politik.", ["Post-Politik"]),
        ("In Planstädten.", ["Planstadt"]),
        ("Durch E-Partizipation.", ["E-Partizipation"]),
        ("Über die Öko-Städte.", ["Öko-Stadt"]),
        ("Smarte Infrastrukturen.", ["Infra·struktur"]),
        ("Nichts davon.", []),
    ],
)
def test_a_term_is_found_as_words_of_its_own(text: str, terms: list[str]) -> None:
    assert [term.name for term in GLOSSARY.found(text, "de")] == terms


def test_a_term_may_have_several_translations() -> None:
    glossary = Glossary.of([("Stadt", "ville"), ("Stadt", "cité (bourg)")], ["a", "b"])
    (term,) = glossary.terms
    assert term.translations == ("ville", "cité", "bourg")
    assert term.items == ("a", "b")


def test_what_has_no_words_is_no_term() -> None:
    assert Glossary.of([("…", "x"), ("Stadt", " ")]).terms == ()
    assert list(Glossary.of(()).found("Stadt", "de")) == []


@pytest.mark.parametrize(
    ("term", "text", "tag", "found"),
    [
        ("ville planifiée", "Des villes planifiées.", "fr", True),
        ("ville planifiée", "Des cités.", "fr", False),
        ("ONG", "Les ONG.", "fr", True),
        ("ONG", "Le long chemin.", "fr", False),
        ("renk", "Rengi.", "tr", True),
        ("ışık", "IŞIĞIN.", "tr", True),
        ("مدينة", "وبالمدن.", "ar", True),
        ("مدينة", "في القرية.", "ar", False),
        ("південь", "Півдня.", "uk", True),
        ("花园", "在花园里。", "zh", True),
        ("花园", "在城市里。", "zh", False),
        ("Infrastruktur", "Die Verkehrs·infra·struktur.", "de-simple", True),
    ],
)
def test_a_translated_term_is_known_in_its_forms(term: str, text: str, tag: str, found: bool) -> None:
    assert stands(term, text, tag) is found


def test_capitals_are_those_of_the_language() -> None:
    assert fold("IŞIK İZ", "tr") == "ışık iz"
    assert fold("INFO", "en") == "info"


def test_forms_of_a_word_have_one_stem() -> None:
    assert len({stem(word, "de") for word in ("Stadt", "Städte", "Städten")}) == 1
    assert len({stem(word, "de") for word in ("Diskurs", "Diskurses", "Diskursen")}) == 1
    assert stem("Stadt", "de") != stem("Staat", "de")
