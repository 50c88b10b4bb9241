"""Catalogues of all sorts: what other programs write, and what nobody should have written."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import polib
import pytest
from examples import BASE, outside
from hypothesis import example, given, settings
from hypothesis import strategies as st
from translated import FILE, KINDS, SMALL, TODAY, msgfmt

from deckgen import decoding
from deckgen.diagnostics import Result, Source, codes
from deckgen.report import as_github, as_json, as_text
from deckgen.translate import catalogue
from deckgen.translate.catalogue import Catalogue
from deckgen.translate.localize import Standing, localize
from deckgen.translate.merge import merge

WHOLE = (BASE.parent / "base.fr.po").read_text(encoding="utf-8")
HEADER, *ENTRIES = WHOLE.rstrip("\n").split("\n\n")
ANSWER = 'msgctxt "nettles.answer"\nmsgid "Nettles."\n'


def read(text: str, tag: str = "fr") -> Result[Catalogue | None]:
    return catalogue.read(Source(FILE, text), tag)


def good(text: str) -> Catalogue:
    result = read(text)
    assert result.diagnostics == ()
    assert result.value is not None
    return result.value


def found(result: Result[Catalogue | None]) -> list[tuple[str, int]]:
    return [(one.code.id, one.span.line) for one in result.diagnostics]


def synced(text: str) -> str:
    return merge(good(text), SMALL, KINDS, TODAY).text


# The same, whoever saved it -----------------------------------------------------------


def by(**changes: int) -> str:
    """The catalogue as another program saves it."""
    file = polib.pofile(WHOLE, **changes)  # type: ignore[call-overload]
    return str(file)


WRAPPED = WHOLE.replace('msgstr "Des orties."', 'msgstr ""\n"Des "\n"orties."')
SAVED = {
    "as it is": WHOLE,
    "wrapped": by(wrapwidth=20),
    "wrapped by hand": WRAPPED,
    "in another order": "\n\n".join([HEADER, *reversed(ENTRIES), ""]),
    "with carriage returns": WHOLE.replace("\n", "\r\n"),
    "with a byte order mark": "\ufeff" + WHOLE,
    "with wide blank lines": WHOLE.replace("\n\n", "\n\n\n\n"),
    "without its last line's end": WHOLE.rstrip("\n"),
    "with line numbers": WHOLE.replace("#: items/10-nettles.yaml", "#: items/10-nettles.yaml:12 x.html:3"),
    "with a previous name": WHOLE.replace('msgctxt "n', '#| msgctxt "old"\nmsgctxt "n'),
    "with no comments": "\n".join(line for line in WHOLE.split("\n") if not line.startswith("#. ")),
}


@pytest.mark.parametrize("name", SAVED)
def test_another_program_s_way_of_saving_is_undone(name: str) -> None:
    data = SAVED[name].encode()
    text = decoding.decode(data, FILE).value.text
    localized = localize(SMALL, KINDS, good(text))
    assert localized.count(Standing.CURRENT) == 2
    assert synced(text) == WHOLE


def test_what_translators_and_their_programs_add_is_kept() -> None:
    text = WHOLE.replace('"Language: fr\\n"', '"Language: fr\\n"\n"X-Generator: Poedit 3.4\\n"')
    text = text.replace("Last-Translator: ", "Last-Translator: Zoë <zoe@example.org>")
    text = text.replace(
        f"#: items/10-nettles.yaml\n{ANSWER}", f"# à revoir\n# #2\n#, no-wrap\n{ANSWER}"
    ).replace("# Translation of", "# © Zoë\n# Translation of")
    after = synced(text)
    for line in (
        "X-Generator: Poedit 3.4",
        "Zoë <zoe@example.org>",
        "# à revoir\n# #2\n",
        "#, no-wrap",
        "# © Zoë",
    ):
        assert line in after
    assert synced(after) == after


@pytest.mark.parametrize("header", ["", 'msgid ""\nmsgstr ""\n', HEADER.split("\n", 1)[1]])
def test_a_header_is_completed(header: str, tmp_path: Path) -> None:
    after = synced("\n\n".join([header, *ENTRIES, ""]))
    assert after.partition('msgid ""')[2] == WHOLE.partition('msgid ""')[2]
    msgfmt(after, tmp_path)


def test_a_header_alone_gets_all_entries() -> None:
    merged = merge(good(HEADER), SMALL, KINDS, TODAY)
    assert len(merged.new) == len(ENTRIES)


def test_an_empty_file_is_an_empty_catalogue(tmp_path: Path) -> None:
    for text in ("", "\n", "# a comment\n"):
        assert len(good(text).file) == 0
        msgfmt(synced(text), tmp_path)


def test_whatever_a_header_says_the_file_is_utf_8() -> None:
    text = WHOLE.replace("charset=UTF-8", "charset=ISO-8859-1")
    assert synced(text) == WHOLE
    assert synced(WHOLE.replace("charset=UTF-8", "charset=utf-8")).count("charset=utf-8") == 1


def test_line_ends_of_unicode_are_none() -> None:
    odd = "Des\u2028orties\u0085\x1d."
    after = synced(WHOLE.replace("Des orties.", odd))
    assert good(after).live["nettles.answer"].msgstr == odd


def test_a_file_s_name_as_its_text_is_no_file_s_content(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "secret.po").write_text(WHOLE, encoding="utf-8")
    assert found(read("secret.po")) == [("D601", 1)]


TEXT = st.text(st.sampled_from('ab\\"\n\t\b #~|,🌿'), max_size=12)


@given(TEXT, TEXT, TEXT, st.booleans(), st.booleans(), TEXT)
@settings(deadline=None)
def test_entries_are_written_as_polib_writes_them(
    source: str, words: str, before: str, fuzzy: bool, obsolete: bool, comment: str
) -> None:
    remark = "\n".join(comment.split())
    entry = catalogue.Entry(
        msgctxt="a.b",
        msgid=source,
        msgstr=words,
        previous_msgid=before if fuzzy else None,
        flags=["fuzzy", "no-wrap"] if fuzzy else [],
        obsolete=int(obsolete),
        comment=remark,
        tcomment=remark,
        occurrences=[("items/a.yaml", ""), ("b", "3")],
    )
    file = catalogue.new("fr", "garden")
    written = catalogue.write(file, [entry])
    file.append(entry)
    assert written == str(file).rstrip() + "\n"


def test_the_shipped_catalogues_are_written_as_polib_writes_them() -> None:
    files = sorted((BASE.parent.parent.parent / "cards").glob("*/translations/*.po"))
    assert len(files) >= 7
    for path in files:
        file = polib.pofile(str(path), wrapwidth=0)
        assert catalogue.write(file, file) == str(file).rstrip() + "\n" == path.read_text(encoding="utf-8")


# Plural forms and headers by language -------------------------------------------------


@pytest.mark.parametrize(
    ("tag", "forms"),
    [("fr", 2), ("ar", 6), ("ja", 1), ("pl", 3), ("ku-Arab", 2), ("de-simple", 2), ("pt-BR", 2), ("xx", 2)],
)
def test_a_new_catalogue_has_its_language_s_plural_forms(tag: str, forms: int) -> None:
    metadata = catalogue.new(tag, "garden").metadata
    assert metadata["Plural-Forms"].startswith(f"nplurals={forms};")
    assert metadata["Language"] == tag.replace("-", "_")


# Faults -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("nonsense", [("D601", 1)]),
        ('msgctxt "a"\nmsgid "b"\nmsgstr "c" "d"\n', [("D601", 3)]),
        ('msgid "b"\nmsgstr "c"\n', [("D603", 2)]),
        (f'{ANSWER}msgstr "a"\n\n{ANSWER}msgstr "b"\n\n{ANSWER}msgstr "c"\n', [("D602", 7), ("D602", 11)]),
        (f'{ANSWER}msgstr "a"\n\n#~ msgctxt "nettles.answer"\n#~ msgid "N"\n#~ msgstr "b"\n', []),
        (f'{ANSWER}msgid_plural "b"\nmsgstr[0] "c"\nmsgstr[1] "d"\n', [("D601", 4)]),
        ('msgid ""\nmsgstr "Language: pt_BR\\n"\n', [("D604", 2)]),
        ('msgid ""\nmsgstr "Language: FR\\n"\n', []),
        ("\0", [("D601", 1)]),
        ('msgctxt "a\0"\nmsgid "b"\nmsgstr "c"\n', []),
    ],
)
def test_what_is_wrong_is_told_in_its_line(text: str, expected: list[tuple[str, int]]) -> None:
    assert found(read(text)) == expected


def test_of_many_faults_the_first_are_told() -> None:
    result = read("".join(f'msgid "{number}"\nmsgstr ""\n\n' for number in range(200)))
    assert len(result.diagnostics) == 51
    assert result.diagnostics[-1].code is codes.MORE


def test_of_two_entries_the_first_counts() -> None:
    result = read(f'{ANSWER}msgstr "a"\n\n{ANSWER}msgstr "b"\n')
    assert result.value is not None
    assert result.value.live["nettles.answer"].msgstr == "a"


def test_a_span_is_that_of_the_translation() -> None:
    text = f'{ANSWER}msgstr ""\n"Des "\n"orties."\n\n{ANSWER.replace("answer", "hint")}msgstr "Oui"'
    entries = good(text)
    assert entries.span(entries.live["nettles.answer"])[1:] == (3, 9, 5, 9)
    assert entries.span(entries.live["nettles.hint"])[1:] == (9, 9, 9, 12)
    assert entries.span(replace_line(entries, 99))[1:] == (1, 1, 1, 1)


def replace_line(entries: Catalogue, line: int) -> catalogue.Entry:
    entry = entries.live["nettles.hint"]
    entry.linenum = line
    return entry


# Anything -----------------------------------------------------------------------------

ODD = (
    *(
        '"',
        "\\",
        "\n",
        "\n\n",
        "\t",
        "\0",
        "\r",
        "\u2028",
        "\ufeff",
        "🌿",
        "#",
        "#~ ",
        "#| ",
        "#, fuzzy\n",
        "#. ",
    ),
    *(
        "msgid ",
        "msgstr ",
        'msgctxt "a.b"\n',
        'msgid_plural "x"\n',
        'msgstr[0] "y"\n',
        "msgstr[",
        "\\x",
        "\\n",
    ),
    *(
        "<<<<<<< a\n",
        '#~| msgid "z"\n',
        "#. stale since 2024-99-99, together with answer\n",
        "9" * 5000,
        ".wrong.1",
    ),
)
CHANGES = st.lists(
    st.tuples(
        st.sampled_from(["cut", "drop", "line", "twice", "put", "byte"]),
        st.integers(0, 10**6),
        st.sampled_from(ODD),
    ),
    min_size=1,
    max_size=5,
)


def mutate(data: bytes, change: str, place: int, odd: str) -> bytes:
    lines = data.split(b"\n")
    at, number = place % (len(data) + 1), place % len(lines)
    match change:
        case "cut":
            return data[:at]
        case "drop":
            return data[:at] + data[at + 1 :]
        case "line":
            return b"\n".join(lines[:number] + lines[number + 1 :])
        case "twice":
            return b"\n".join([*lines[:number], *lines[place % 7 : number]])
        case "put":
            return data[:at] + odd.encode() + data[at:]
    return data[:at] + bytes([128 + place % 128]) + data[at:]


def survives(changes: list[tuple[str, int, str]], data: bytes) -> bool:
    """Read, build and merge a broken catalogue; return whether it could be read."""
    for change in changes:
        data = mutate(data, *change)
    decoded = decoding.decode(data, FILE)
    if decoded.diagnostics:
        return False
    source = decoded.value
    result = catalogue.read(source, "fr")
    assert outside(result.diagnostics, {FILE: source}) == []
    as_text(result.diagnostics, {FILE: source})
    as_json(result.diagnostics)
    as_github(result.diagnostics)
    if result.value is None:
        return False
    localized = localize(SMALL, KINDS, result.value)
    assert sum(localized.count(standing) for standing in Standing) == 2
    for one in localized.told:
        assert one.day == "" or one.day[:2] == "20"
    if result.diagnostics:
        return True
    merged = merge(result.value, SMALL, KINDS, TODAY)
    again = catalogue.read(Source(FILE, merged.text), "fr")
    assert again.diagnostics == ()
    assert again.value is not None
    assert merge(again.value, SMALL, KINDS, TODAY).text == merged.text
    return True


FUZZY = WHOLE.replace(
    f"#: items/10-nettles.yaml\n{ANSWER}",
    f'#. stale since 2025-01-01, together with question\n#, fuzzy\n#| msgid "Weeds."\n{ANSWER}',
)
DATA = (FUZZY + '\n#~ msgctxt "old.wrong.1"\n#~ msgid "O"\n#~ msgstr "V"\n').encode()
SECTION = DATA.index(b"msgid", DATA.index(b"@section"))


@given(CHANGES)
@settings(deadline=None, max_examples=300)
@example([("cut", SECTION, ""), ("put", SECTION, 'msgid ""\nmsgstr ""\n"')])  # a text without its end
@example([("cut", SECTION, ""), ("put", SECTION, 'msgid ""\nmsgstr "P"\n')])  # nobody knows of what
def test_a_broken_catalogue_is_told_and_nothing_is_raised(changes: list[tuple[str, int, str]]) -> None:
    survives(changes, DATA)


@pytest.mark.slow
def test_ten_thousand_broken_catalogues_are_told() -> None:
    outcomes: Counter[bool] = Counter()

    @given(CHANGES)
    @settings(deadline=None, max_examples=10_000)
    def one(changes: list[tuple[str, int, str]]) -> None:
        outcomes[survives(changes, DATA)] += 1

    one()
    assert outcomes.total() >= 10_000
    assert min(outcomes[True], outcomes[False]) > 500
