"""``sync``: what translators and their programs do to a catalogue stays."""

from __future__ import annotations

from pathlib import Path

import polib
from translated import (
    LATER,
    QUIZ,
    RENEWED,
    SHOP,
    SHOP_FR,
    begun,
    choice,
    dead,
    deck,
    finished,
    item,
    live,
    msgfmt,
    question,
    shop,
    standing,
    state,
    sync,
    translate,
)

from deckgen.translate.localize import Standing
from deckgen.translate.merge import Since, since


def test_a_translator_s_comment_and_flags_stay() -> None:
    file = polib.pofile(SHOP_FR)
    entry = next(entry for entry in file if entry.msgctxt == "shop.answer")
    entry.tcomment, entry.flags = "un sou ?\nà voir", ["no-wrap"]
    text = sync(str(file), shop(answer="Two pence.")).text
    entry = live(text)["shop.answer"]
    assert (entry.tcomment, entry.flags) == ("un sou ?\nà voir", ["no-wrap", "fuzzy"])
    assert sync(text, SHOP).text.count("# à voir") == 1


def test_a_text_in_doubt_stays_so_until_the_translator_says_otherwise() -> None:
    file = polib.pofile(SHOP_FR)
    next(entry for entry in file if entry.msgctxt == "shop.answer").flags = ["fuzzy"]
    text = sync(str(file), SHOP).text
    assert live(text)["shop.answer"].fuzzy
    assert standing(text, SHOP, "shop") is Standing.STALE
    assert sync(translate(text), SHOP).text == SHOP_FR


def doubted(text: str, name: str, translation: str = "") -> str:
    """Flag a text as a person does who writes another translation, or none, and is not sure of it."""
    file = polib.pofile(text, wrapwidth=0)
    entry = next(entry for entry in file if entry.msgctxt == name)
    entry.msgstr, entry.flags, entry.previous_msgid = translation or entry.msgstr, ["fuzzy"], None
    return str(file)


def test_a_text_in_doubt_stays_so_when_its_source_changes_and_changes_back() -> None:
    text = sync(doubted(SHOP_FR, "shop.answer"), shop(answer="Two pence.")).text
    assert state(text, "shop.answer") == ("shop.answer: A penny.", "A penny.")
    assert standing(text, SHOP, "shop") is Standing.STALE
    text = sync(text, SHOP).text
    assert live(text)["shop.answer"].fuzzy
    assert standing(text, SHOP, "shop") is Standing.STALE
    assert sync(translate(text), SHOP).text == SHOP_FR


def test_a_text_in_doubt_stays_so_when_its_card_is_removed_and_returns() -> None:
    text = sync(doubted(SHOP_FR, "shop.answer"), shop(answer="Two pence.")).text
    gone = sync(text, deck(question("street"))).text
    assert standing(sync(gone, SHOP).text, SHOP, "shop") is Standing.STALE


def test_a_card_is_mixed_when_one_text_was_replaced_and_is_in_doubt() -> None:
    after = shop("What is its price?", "Two pence.")
    text = doubted(sync(SHOP_FR, after).text, "shop.question", "Quel prix ?")
    assert standing(text, after, "shop") is Standing.MIXED
    text = sync(text, after).text
    assert standing(text, after, "shop") is Standing.MIXED


def test_a_text_that_was_in_doubt_before_is_no_half_of_a_renewal() -> None:
    text = sync(doubted(SHOP_FR, "shop.question"), SHOP).text
    after = shop(answer="Two pence.")
    text = sync(text, after).text
    assert standing(text, after, "shop") is Standing.STALE
    text = translate(text, "shop.answer")
    assert standing(text, after, "shop") is Standing.STALE


def test_a_text_that_was_emptied_is_new_again() -> None:
    text = sync(RENEWED, shop("What is its price?", "Two pence.")).text
    text = translate(text, "shop.answer", how=lambda _: " \n ")
    entry = live(sync(text, shop("What is its price?", "Two pence."), day=LATER).text)["shop.answer"]
    assert (entry.fuzzy, since(entry)) == (False, Since("new", "2025-07-25"))


def test_a_previous_source_without_a_flag_means_nothing() -> None:
    text = SHOP_FR.replace('msgctxt "shop.answer"', '#| msgid "Two pence."\nmsgctxt "shop.answer"')
    assert sync(text, SHOP).text == SHOP_FR
    changed = sync(text, shop(answer="Two pence.")).text
    assert state(changed, "shop.answer") == ("shop.answer: A penny.", "A penny.")


def test_obsolete_entries_of_other_programs_are_kept() -> None:
    nameless = '# moi\n#~ msgid "Nameless"\n#~ msgstr "Sans nom"\n'
    text = f'{SHOP_FR}\n{nameless}\n#~ msgctxt "old.answer"\n#~ msgid "O"\n#~ msgstr "V"\n'
    merged = sync(text, SHOP)
    assert [msgid for _, msgid, _ in dead(merged.text)] == ["Nameless", "O"]
    assert "# moi" in merged.text


def test_long_texts_with_line_feeds_are_broken_there_alone() -> None:
    long = "A very long line of words. " * 20
    answer = f'{long.strip()}\n\n- one\n- “two” and "three"\\n'
    text = finished(shop(answer=answer))
    assert f'"{long.strip()}\\n"' in text
    assert live(text)["shop.answer"].msgid == answer


def test_gettext_accepts_what_is_written(tmp_path: Path) -> None:
    rich = deck(
        choice("quiz", "a", "b\n\nc"), question("shop", "What?", 'A "penny" \\\\ of\n\n- two\n- three')
    )
    texts = [begun(rich), finished(rich), RENEWED, translate(RENEWED, "shop.question"), QUIZ]
    texts.append(sync(QUIZ, deck(choice("quiz", "a", "c"))).text)
    texts.append(sync(texts[-1], deck(choice("quiz", "a", "d"))).text)
    texts.append(sync(SHOP_FR, deck(question("street"))).text)
    texts += [begun(rich, tag) for tag in ("ar", "de-simple", "ku-Arab", "ja", "pt-BR", "xx")]
    for text in texts:
        msgfmt(text, tmp_path)


def test_a_term_of_the_glossary_stands_beside_the_texts_that_use_it() -> None:
    commons = item("commons", "term", term="Commons", definition="Land of all.")
    now = deck(commons, question("shop", "Who owns the commons?", "All."))
    text = begun(now)
    assert "term:" not in live(text)["shop.question"].comment, "it is not translated yet"
    text = translate(text, "commons.term", how=lambda _: "communs\nstale since 2001-01-01")
    comment = live(sync(text, now).text)["shop.question"].comment
    assert "term: Commons = communs stale since 2001-01-01" in comment
    assert "term: Commons =" not in live(text)["commons.definition"].comment, "it is its own"
