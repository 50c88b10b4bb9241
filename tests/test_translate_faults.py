"""Seeded faults are all found, clean texts that look odd are left alone; each kind of fault has its check."""

from __future__ import annotations

import time
from typing import NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from deckgen.diagnostics import Level, Span, codes
from deckgen.markup import ANKI, render
from deckgen.model import FieldType
from deckgen.translate.faults import FAULTS, Compared, Fault, Glossary, Pair, Tongues, faults

PLACE = Span("cards/garden/translations/fr.po", 7, 9, 7, 20)
TERMS = Glossary.of(
    [
        ("Gemeingut", "bien commun"),
        ("NGO", "ONG"),
        ("globaler Süden", "Sud global"),
        ("Linke", "gauche"),
        ("Planstadt", "ville planifiée"),
        ("künstliche Intelligenz", "intelligence artificielle"),
    ],
    ["gemeingut", "ngo", "sueden", "linke", "planstadt", "ki"],
)
LONG = "Niemandem gehört der Garten, und zwei Jahre lang wuchsen dort nur Brennnesseln, bis andere kamen."


class Case(NamedTuple):
    """A German text and its translation; ``codes`` are what is found in it, by any check."""

    source: str
    text: str
    codes: str = ""
    target: str = "fr"
    type: FieldType = "text"
    ctxt: str = "item.answer"
    glossary: Glossary = TERMS
    origin: str = "de"


def told(case: Case) -> list[str]:
    """What the rules for pairs say, and what the renderer says of the translation alone."""
    pair = Pair(case.ctxt, case.source, case.text, case.type, PLACE)
    found = list(faults(pair, Tongues(case.origin, case.target), case.glossary))
    assert all(one.span == PLACE and one.text() and one.hint() for one in found)
    rendered = render(case.text, ANKI, block=case.type != "line", cloze=case.type == "cloze")
    return [one.code.id for one in found] + [problem.code.id for problem in rendered.problems]


SEEDED = {
    # Errors
    "a gap is missing": Case("{{c1::Zwei}} {{c2::Jahre}}.", "{{c1::Deux}} ans.", "D620", type="cloze"),
    "a gap has another number": Case("{{c1::Zwei}} Jahre.", "{{c2::Deux}} ans.", "D620", type="cloze"),
    "no gap at all": Case("{{c1::Zwei}} Jahre.", "Deux ans.", "D620", type="cloze"),
    "a hint is missing": Case("{{c1::Zwei::Zahl}} Jahre.", "{{c1::Deux}} ans.", "D621", type="cloze"),
    "a hint too many": Case("{{c1::Zwei}} Jahre.", "{{c1::Deux::nombre}} ans.", "D621", type="cloze"),
    "a brace too many": Case("{{c1::Zwei}} Jahre.", "{{c1::Deux}}} ans.", "D622", type="cloze"),
    "a brace alone": Case("Zwei Jahre.", "Deux {ans.", "D622"),
    "a gap that is not closed": Case("{{c1::Zwei}} Jahre.", "{{c1::Deux} ans.", "D302", type="cloze"),
    "a gap in an answer": Case("Zwei Jahre.", "{{c1::Deux}} ans.", "D303"),
    "a placeholder translated": Case("Die {zahl} Beete.", "Les {nombre} carrés.", "D623"),
    "a placeholder missing": Case("Von %(name)s.", "D’elle.", "D623"),
    "a formula changed": Case("Es gilt $a^2$.", "On a $a_2$.", "D623"),
    "a link missing": Case("Im [Netz](https://example.org/a).", "Sur la toile.", "D624"),
    "a link mistyped": Case("Auf https://example.org/a.", "Sur https://exemple.org/a.", "D624"),
    "a page of the site in no language": Case(
        "Auf https://example.org/a.", "Sur https://example.org/b.", "D624"
    ),
    "a link to a script": Case("Im Netz.", "Sur la [toile](javascript:alert).", "D305"),
    "a picture missing": Case("Das ![Tor](gate.svg).", "Le portail.", "D625"),
    "a picture renamed": Case("Das ![Tor](gate.svg).", "Le ![portail](portail.svg).", "D625"),
    "a picture from the web": Case(
        "Das ![Tor](gate.svg).", "Le ![portail](https://x.org/gate.svg).", "D624 D625 D306"
    ),
    "HTML": Case("Ein Garten.", "Un <b>jardin</b>.", "D304"),
    "a control character": Case("Ein Garten.", "Un\x07 jardin.", "D004"),
    "a direction mark without its partner": Case("Ein Garten.", "\u2067حديقة.", "D005", "ar"),
    "a direction mark that ends nothing": Case("Ein Garten.", "حديقة\u202c.", "D005", "ar"),
    "nothing but spaces": Case("Ein Garten.", "\u00a0", "D626"),
    "nothing that is seen": Case("Ein Garten.", "\u200b", "D626"),
    "a dot for a reminder": Case("Ein Garten.", "…", "D626"),
    # Warnings
    "a sentence unchanged": Case("Der Garten gehört nun allen.", "Der Garten gehört nun allen.", "D630"),
    "digits crossed": Case("Im Jahr 2013.", "En 2031.", "D631"),
    "a figure missing": Case("Es sind 70 Beete.", "Il y a des carrés.", "D631"),
    "a small figure changed": Case("Es sind 3 Beete.", "Il y a 4 carrés.", "D631"),
    "a point that is a comma": Case("Es sind 70.000.", "There are 70.000.", "D631", "en"),
    "a comma that is a point": Case("Es sind 70,000.", "Es sind 70,000.", "D631", "de", origin="en"),
    "emphasis lost": Case("Das gehört *allen*.", "C’est à tout le monde.", "D632"),
    "strong emphasis lost in Arabic": Case("Das gehört **allen**.", "هذا ملك للجميع.", "D632", "ar"),
    "stars with a space": Case("Das gehört **allen**.", "C’est ** à tous **.", "D632 D310"),
    "stars inside a word": Case("Bewohner\\*innen.", "Bürger*innen, Leser*innen.", "D316", "de-simple"),
    "an entry lost": Case("- Spaten\n- Eimer", "- bêche, seau", "D633"),
    "a list that is none": Case("20\\. Jahrhundert", "20. yüzyıl", "D633", "tr"),
    "half of it": Case(LONG, "Le jardin n’est à personne.", "D634"),
    "twice as much": Case(LONG, "Le jardin n’est à personne et l’herbe y pousse. " * 6, "D634"),
    "a full stop lost": Case("Ein Garten.", "Un jardin", "D635"),
    "a full stop too many": Case("ein Garten", "un jardin.", "D635"),
    "a question mark lost": Case("Was ist das?", "Qu’est-ce que c’est.", "D635"),
    "a colon lost": Case("Zum Beispiel:", "Par exemple", "D635"),
    "a Latin question mark in Arabic": Case("Was ist das?", "ما هذا?", "D636", "ar"),
    "a Latin full stop in Chinese": Case("Das ist ein Garten.", "这是花园.", "D636", "zh"),
    "a Latin question mark in Greek": Case("Was ist das?", "Τι είναι αυτό?", "D636", "el"),
    "a Spanish question without its beginning": Case("Was ist das?", "Qué es esto?", "D636", "es"),
    "German marks in French": Case("Der «Garten».", "Le „jardin“.", "D637"),
    "French marks in English": Case("Der «Garten».", "The «garden».", "D637", "en"),
    "English marks in German": Case("The “garden”.", "Der “Garten”.", "D637", "de", origin="en"),
    "straight marks": Case("Der «Garten».", 'Le "jardin".', "D637"),
    "English marks in Swedish": Case("Der «Garten».", "En “trädgård”.", "D637", "sv"),
    "another word for a term": Case("Ein Gemeingut ist er.", "C’est une propriété.", "D638"),
    "another word for a term's plural": Case("Die Planstädte.", "Les cités nouvelles.", "D638"),
    "another word for an inflected term": Case("Im globalen Süden.", "Dans le tiers-monde.", "D638"),
    "the answer stands in the text": Case(
        "{{c1::Brennnesseln}} im Garten.", "{{c1::Orties}} au jardin des orties.", "D639", type="cloze"
    ),
    "the answer is its hint": Case(
        "{{c1::Nessel::Pflanze}} hier.", "{{c1::Ortie::une ortie}} ici.", "D639", type="cloze"
    ),
    "the answer stands there in Turkish capitals": Case(
        "{{c1::Licht}} im Garten.", "{{c1::IŞIK}} bahçede ışık.", "D639", "tr", "cloze"
    ),
    "the answer stands there in Chinese": Case(
        "{{c1::Garten}} hier.", "{{c1::花园}}在花园里。", "D639", "zh", "cloze"
    ),
}

CLEAN = {
    "a definition must not have a word of its own term": Case(
        "Anhäufung von Kapital.",
        "Servetin büyümesi.",
        target="tr",
        ctxt="akkumulation.definition",
        glossary=Glossary.of(
            [("Kapital", "sermaye"), ("Akkumulation", "sermaye birikimi")], ["kapital", "akkumulation"]
        ),
    ),
    "Arabic digits": Case("Es sind 70.000,5 Euro.", "هي ٧٠٬٠٠٠٫٥ يورو.", "", "ar"),
    "Persian digits": Case("Im Jahr 2013.", "در سال ۲۰۱۳.", "", "fa"),
    "a decimal point": Case("3,5 % mehr CO₂.", "CO2 rises by 3.5%.", "", "en"),
    "thousands with narrow spaces": Case("Es sind 70.000.", "Il y en a 70\u202f000."),
    "thousands with apostrophes": Case("Es sind 70.000.", "Es sind 70’000 Leute.", "", "de-CH"),
    "thousands by a word": Case("Es sind 70.000.", "Son 70 mil.", "", "es"),
    "millions for milliards": Case("Es sind 3,5 Milliarden.", "Son 3500 millones.", "", "es"),
    "a century in Roman figures": Case("Im 19. Jahrhundert.", "Au XIXe siècle."),
    "a century in words": Case("Im 19. Jahrhundert.", "In the nineteenth century.", "", "en"),
    "a century in Cyrillic letters": Case("Im 20. Jahrhundert.", "У ХХ столітті.", "", "uk"),
    "a century at the start of a line": Case("20. Jahrhundert", "20th century", "", "en", "line"),
    "a decade": Case("In den 90er-Jahren.", "In the 1990s.", "", "en"),
    "a decade in words": Case("In den 1990er-Jahren.", "En los años noventa.", "", "es"),
    "a small number in words": Case("Es sind 3 Beete.", "Il y a trois carrés."),
    "a number word as a figure": Case("Es sind zwölf von hundert.", "Il y en a 12 sur 100."),
    "a time": Case("Um 12.30 Uhr.", "À 12 h 30."),
    "a date": Case("Am 15.3.2013.", "On 3/15/2013.", "", "en"),
    "a year twice": Case("Das Programm «Horizon 2020».", "Le programme « Horizon 2020 » (Horizon 2020)."),
    "a name unchanged": Case("New Songdo City", "New Songdo City", "", type="line"),
    "a title unchanged": Case(
        "Wie smart kann die Stadt für alle sein?",
        "Wie smart kann die Stadt für alle sein?",
        "",
        "en",
        "line",
        "@essay.title",
    ),
    "a short sentence in Leichte Sprache": Case("Das gehört allen.", "Das gehört allen.", "", "de-simple"),
    "a long text in Leichte Sprache": Case(LONG, "Der Garten gehört niemandem. " * 10, "", "de-simple"),
    "a short text in Chinese": Case(LONG, "花园不属于任何人，两年来那里只长着荨麻，直到别人来了。", "", "zh"),
    "a request for a question": Case("Was wächst da? Nenne zwei.", "Quelles sont les deux plantes ?"),
    "a Chinese question": Case("Was ist das?", "这是什么？", "", "zh"),
    "a Greek question": Case("Was ist das?", "Τι είναι αυτό;", "", "el"),
    "an Arabic question": Case("Was ist das?", "ما هذا؟", "", "ar"),
    "a Hindi sentence": Case("Das ist ein Garten.", "यह एक बगीचा है।", "", "hi"),
    "a Thai sentence": Case("Das ist ein Garten.", "นี่คือสวน", "", "th"),
    "an abbreviation at the end": Case("Spaten, Eimer usw.", "bêches, seaux, etc."),
    "a full stop within marks": Case("«Ein Garten.»", "« Un jardin. »"),
    "spaces inside French marks": Case("Der «Garten».", "Le «\u202fjardin\u202f»."),
    "marks inside marks": Case("Der «Garten».", "Elle dit : « Le “jardin” »."),
    "French marks behind an elision": Case("Vom «Garten».", "L’«\u00a0espace\u00a0» du jardin."),
    "Arabic marks behind a prefix": Case("Der «Garten».", "من يطالب بـ«الحديقة».", "", "ar"),
    "Swedish marks": Case("Der «Garten».", "En ”trädgård”.", "", "sv"),
    "Turkish endings behind marks": Case("Vom «Garten».", "“Bahçe”den.", "", "tr"),
    "apostrophes": Case("Der Garten von gestern.", "L’jardin d'hier."),
    "straight marks in both": Case('Der "Garten".', 'Le "jardin".'),
    "a term in another form": Case("Im globalen Süden.", "Dans les pays du Sud."),
    "a term inside a compound": Case("Die Gemeingutfrage.", "La question de la propriété."),
    "a term's word in small letters": Case("Die linke Hand.", "La main droite."),
    "a term in the item that explains it": Case("Im globalen Süden.", "Là-bas.", "", ctxt="sueden.example"),
    "a Turkish term with its ending": Case(
        "Alle Farben.", "Her rengi.", "", "tr", glossary=Glossary.of([("Farbe", "renk")])
    ),
    "an Arabic broken plural with its article": Case(
        "Die Städte.", "وفي المدن.", "", "ar", glossary=Glossary.of([("Stadt", "مدينة")])
    ),
    "a Ukrainian case with another vowel": Case(
        "Im Süden.", "На Півдні.", "", "uk", glossary=Glossary.of([("Süden", "південь")])
    ),
    "a split gap": Case("Er {{c1::stellt}} es {{c1::dar}}.", "Il le {{c1::représente}}.", "", type="cloze"),
    "gaps in another order": Case(
        "{{c1::Zwei}} {{c2::Jahre}}.", "{{c2::Années}} : {{c1::deux}}.", "", type="cloze"
    ),
    "an answer that the source gives away as well": Case(
        "{{c1::Garten}} ist Garten.", "{{c1::Jardin}} est jardin.", "", type="cloze"
    ),
    "the same page in the other language": Case(
        "Auf https://de.wikipedia.org/wiki/Garten.", "Sur https://fr.wikipedia.org/wiki/Jardin."
    ),
    "a picture for the language": Case("Das ![Tor](gate.svg).", "Le ![portail](gate.fr.svg)."),
    "a formula with its words and mark": Case(
        r"Es gilt $v = 0{,}5 \text{ Meter}$.", r"On a $v = 0.5\text{ mètre}$."
    ),
    "an isolate with its end": Case("IBM und Siemens.", "\u2066IBM\u2069 و\u2066Siemens\u2069.", "", "ar"),
    "italics left out in Arabic": Case("Das gehört *allen*.", "هذا ملك للجميع.", "", "ar"),
    "a gender star that is escaped": Case("Bewohner\\*innen.", "Des habitant·es."),
}


@pytest.mark.parametrize("case", SEEDED.values(), ids=SEEDED)
def test_a_seeded_fault_is_found_and_nothing_else(case: Case) -> None:
    assert told(case) == case.codes.split()


@pytest.mark.parametrize("case", CLEAN.values(), ids=CLEAN)
def test_a_clean_text_that_looks_odd_is_left_alone(case: Case) -> None:
    assert told(case) == []


def test_there_are_forty_faults_and_twenty_clean_texts_and_each_code_is_among_them() -> None:
    assert len(SEEDED) >= 40
    assert len(CLEAN) >= 20
    seen = {code for case in SEEDED.values() for code in case.codes.split()}
    own = {code for code in codes.CODES if "D620" <= code <= "D639"}
    assert own | {"D004", "D005", "D302", "D303", "D304", "D305", "D306", "D310", "D316"} == seen


def test_what_would_break_a_card_is_an_error_and_the_rest_a_warning() -> None:
    levels = {code: codes.CODES[code].level for code in codes.CODES if "D620" <= code <= "D639"}
    assert {code for code, level in levels.items() if level is Level.ERROR} == {
        code for code in levels if code < "D630"
    }


@pytest.mark.parametrize("rule", FAULTS, ids=lambda rule: rule.__name__)
def test_each_rule_finds_something_in_the_seeded_faults(rule: Fault) -> None:
    def message(case: Case) -> Compared:
        pair = Pair(case.ctxt, case.source, case.text, case.type, PLACE)
        return Compared(pair, Tongues(case.origin, case.target), case.glossary)

    assert any(list(rule(message(case))) for case in SEEDED.values())


def test_a_text_that_is_no_translation_is_told_as_that_alone() -> None:
    same = "Der «Garten» gehört im Jahr 2013 allen"
    assert told(Case(same, same)) == ["D630"]
    assert told(Case("Das gehört *allen*, seit 2013.", "…")) == ["D626"]


TEXTS = st.text(
    st.sampled_from("aB ıİé٣3.,:?¿«»„“”\"'’{}*_$\\`[]()!<>#-\n1c|中ア花я؟\u200f\u2067\u2069&%"), max_size=60
)


@settings(max_examples=200, deadline=None)
@given(
    TEXTS,
    TEXTS,
    st.sampled_from(["line", "text", "cloze"]),
    st.sampled_from(["fr", "tr", "ar", "zh", "de-simple", "xx"]),
)
def test_whatever_stands_there_is_told_without_an_exception(
    source: str, text: str, form: FieldType, target: str
) -> None:
    pair = Pair("item.text", source, text, form, PLACE)
    for one in faults(pair, Tongues("de", target), TERMS):
        assert one.text()
        assert one.hint()


@settings(max_examples=100, deadline=None)
@given(TEXTS, st.sampled_from(["line", "text", "cloze"]))
def test_what_a_translation_keeps_is_kept_by_a_copy(text: str, form: FieldType) -> None:
    """A copy of the source has the source's gaps, placeholders, addresses, pictures, lists and length."""
    pair = Pair("item.text", text, text, form, PLACE)
    found = {one.code.id for one in faults(pair, Tongues("de", "de-simple"), Glossary.of(()))}
    assert found <= {"D004", "D005", "D636", "D637"}


def test_long_texts_take_no_long_time() -> None:
    hostile = (
        "(" * 2000,
        "1 " * 5000,
        "{{c1::" * 1000,
        "!" + "[" * 3000,
        "https://" + "." * 5000,
        "“" * 5000,
        "9" * 9000,
    )
    start = time.perf_counter()
    for text in hostile:
        list(faults(Pair("item.text", text, text + "a", "cloze", PLACE), Tongues("de", "fr"), TERMS))
    assert time.perf_counter() - start < 5
