"""Templates: escaping, whose goes first, mistakes with their line, and what is out of reach."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from deckgen.diagnostics import Result
from deckgen.resources import SearchPath, search_path, shipped
from deckgen.templating import Safe, Syntax, Templates
from deckgen.words import load_words

CATALOGUE = """msgid ""
msgstr ""
"Content-Type: text/plain; charset=UTF-8\\n"
"Plural-Forms: nplurals=2; plural=(n != 1);\\n"

msgid "Essay & more"
msgstr "Texte & plus <b>"

msgid "%(n)s item"
msgid_plural "%(n)s items"
msgstr[0] "%(n)s carte"
msgstr[1] "%(n)s cartes"

msgid "solutions"
msgstr "Les \\"solutions\\" l'une <ici>"

msgid "<b>bold</b>"
msgstr "<b>gras</b>"

msgid "half"
msgstr "50 % de tout"

msgid "whole"
msgstr "100 %%"

msgid "by %(name)s"
msgstr "de %(name)s"
"""

Rendered = Callable[..., Result[str]]


@pytest.fixture
def render(tmp_path: Path) -> Rendered:
    """Write templates into a workspace, and render one of them in French words."""
    folder = tmp_path / "templates"
    (folder / "locale").mkdir(parents=True)
    (folder / "locale" / "fr.po").write_text(CATALOGUE, encoding="utf-8")

    def make(
        files: str | Mapping[str, str], name: str = "a.html", syntax: Syntax = "page", **values: Any
    ) -> Any:
        for file, text in ({name: files} if isinstance(files, str) else files).items():
            path = folder / file
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        path_ = search_path(tmp_path)
        return Templates(path_, load_words("fr", path_).value, syntax).render(name, values)

    return make


def good(result: Result[str]) -> str:
    assert result.diagnostics == ()
    return result.value


def bad(result: Result[str]) -> tuple[str, int, str]:
    (found,) = result.diagnostics
    assert (found.code.id, result.value) == ("D508", "")
    assert found.span.column == 1
    return found.span.file.removeprefix("templates/"), found.span.line, str(found.args["reason"])


# What a template is given -------------------------------------------------------------


def test_text_is_escaped_and_html_is_not(render: Rendered) -> None:
    text = '<i title="{{ text }}">{{ text }}</i> {{ html }}'
    assert (
        good(render(text, text='<&"', html=Safe("<b>"))) == '<i title="&lt;&amp;&#34;">&lt;&amp;&#34;</i> <b>'
    )


def test_escaping_is_on_whatever_the_files_name_ends_in(render: Rendered) -> None:
    for name in ("a.html", "a.md", "a.yaml", "a.css", "a"):
        assert good(render("{{ text }}", name=name, text="<")) == "&lt;"


def test_lines_of_blocks_leave_nothing_behind(render: Rendered) -> None:
    text = "{% for n in range(5) %}\n  {% if n == 3 %}\n  {% break %}\n  {% endif %}\n{{ n }}\n{% endfor %}\n"
    assert good(render(text)) == "0\n1\n2\n"


def test_the_faces_of_anki_keep_ankis_marks(render: Rendered) -> None:
    text = "{{Front}} {{#Hint}}{{Hint}}{{/Hint}} [[ text ]] [% if true %]{{cloze:Text}}[% endif %][# no #]"
    assert (
        good(render(text, syntax="face", text="<"))
        == "{{Front}} {{#Hint}}{{Hint}}{{/Hint}} &lt; {{cloze:Text}}"
    )
    assert good(render("[[ text ]]", text="<")) == "[[ text ]]"


@pytest.mark.parametrize(
    ("syntax", "start", "end", "out"), [("page", "{%", "%}", "{{}}"), ("face", "[%", "%]", "[[]]")]
)
def test_words_are_translated_in_both_syntaxes(
    render: Rendered, syntax: Syntax, start: str, end: str, out: str
) -> None:
    text = (
        (
            f"{start} trans %}}Essay & more{start} endtrans %}}|{out[:2]} _('Essay & more') {out[2:]}|"
            f"{start} trans n=count %}}{{n}} item{start} pluralize %}}{{n}} items{start} endtrans %}}|"
            f"{start} trans name=who %}}by {{name}}{start} endtrans %}}|{out[:2]} _('unknown') {out[2:]}"
        )
        .replace("%}", end)
        .replace("{n}", f"{out[:2]} n {out[2:]}")
        .replace("{name}", f"{out[:2]} name {out[2:]}")
    )
    one = good(render(text, syntax=syntax, count=1, who="<A>"))
    words = "Texte &amp; plus &lt;b&gt;"
    assert one == f"{words}|{words}|1 carte|de &lt;A&gt;|unknown"
    assert "|2 cartes|" in good(render(text, syntax=syntax, count=2, who=""))


def test_words_of_a_catalogue_are_text_and_what_is_put_into_them_is_escaped_once(
    render: Rendered,
) -> None:
    text = '<p title="{% trans %}solutions{% endtrans %}">{% trans name=who %}by {{ name }}{% endtrans %}</p>'
    shown = '<p title="Les &#34;solutions&#34; l\'une &lt;ici&gt;">de A &amp; B</p>'
    assert good(render(text, who="A & B")) == shown
    assert good(render("{{ _('solutions') }}", name="a.md")) == 'Les "solutions" l\'une <ici>'


def test_the_words_of_a_template_that_has_markup_in_them_are_markup(render: Rendered) -> None:
    assert good(render("{% trans %}<b>bold</b>{% endtrans %}")) == "<b>gras</b>"


def test_a_percent_sign_of_a_catalogue_is_one_doubled_or_not(render: Rendered) -> None:
    text = "{% trans %}half{% endtrans %}|{% trans %}whole{% endtrans %}|{% trans %}at 5 % {% endtrans %}"
    assert good(render(text)) == "50 % de tout|100 %|at 5 % "


# Where templates are found ------------------------------------------------------------


def test_the_users_template_goes_first_and_can_extend_the_shipped_one(render: Rendered) -> None:
    css = {"anki/card.css": '[% include "default/anki/card.css" %]\n.card { color: black }'}
    values = {"accent": "#111111", "accent_night": "#eeeeee", "letters": "ABCDE", "italics": True}
    seen = good(render(css, name="anki/card.css", syntax="face", **values))
    assert seen.endswith(".card { color: black }")
    assert "--accent: #111111;" in seen


def test_a_block_of_a_shipped_template_can_be_replaced(render: Rendered) -> None:
    files = {
        "anki/front.html": '[% extends "default/anki/front.html" %][% block main %]ours[% endblock %]',
        "kinds/question/front.html": '[% extends "anki/front.html" %]',
    }
    language = {"tag": "fr", "direction": "ltr"}
    seen = good(
        render(
            files, name="kinds/question/front.html", syntax="face", language=language, kind_label="Question"
        )
    )
    assert 'lang="fr" dir="ltr"' in seen
    assert "ours" in seen
    assert "{{Question}}" not in seen


def test_default_is_the_shipped_folder_and_no_other(tmp_path: Path) -> None:
    own = tmp_path / "own"
    own.mkdir()
    (own / "a.html").write_text('{% include "default/a.html" %}', encoding="utf-8")
    path = SearchPath((own, shipped()))
    result = Templates(path, load_words("en", path).value, "page").render("a.html", {})
    assert bad(result) == ("default/a.html", 1, "there is no such file")


# Mistakes -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "line", "reason"),
    [
        ("a\n{{ nothing }}", 2, "'nothing' is undefined"),
        ("a\n\n{{ thing.part }}", 3, "'dict object' has no attribute 'part'"),
        ("a\n{{ thing.part.part }}", 2, "'dict object' has no attribute 'part'"),
        ("a\n{% for x in nothing %}{% endfor %}", 2, "'nothing' is undefined"),
        ("a\n{{ 1 / 0 }}", 2, "division by zero"),
        ("a\n{{ 1 + 'a' }}", 2, "unsupported operand type(s) for +: 'int' and 'str'"),
        ("a\n{{ 'x'() }}", 2, "'str' object is not callable"),
        ("a\n{% if %}", 2, "Expected an expression, got 'end of statement block'"),
        ("a\n{{ b", 2, "unexpected end of template, expected 'end of print statement'."),
        ("a\n\n{% for x in [] %}", 3, ""),
        ("a\n{% shout %}", 2, "Encountered unknown tag 'shout'."),
        ("a\n{{ b | shout }}", 2, "No filter named 'shout'."),
    ],
)
def test_a_mistake_is_told_with_its_line(render: Rendered, text: str, line: int, reason: str) -> None:
    assert bad(render(text, thing={}))[:2] == ("a.html", line)
    assert reason in bad(render(text, thing={}))[2]


def test_a_mistake_is_told_in_the_file_that_it_stands_in(render: Rendered) -> None:
    files = {"a.html": '\n{% include "parts/b.html" %}', "parts/b.html": "\n\n\n{{ nothing }}"}
    assert bad(render(files)) == ("parts/b.html", 4, "'nothing' is undefined")
    files["parts/b.html"] = "\n\n{% if %}"
    assert bad(render(files))[:2] == ("parts/b.html", 3)


def test_a_mistake_that_a_shipped_template_makes_of_it_is_told_there(render: Rendered) -> None:
    file, line, reason = bad(render("[% extends 'default/anki/front.html' %]", syntax="face"))
    assert (file, reason) == ("anki/front.html", "'language' is undefined")
    assert "language" in (shipped() / file).read_text(encoding="utf-8").splitlines()[line - 1]


def test_a_missing_template_is_told(render: Rendered) -> None:
    assert bad(render({}, name="none.html")) == ("none.html", 1, "there is no such file")
    assert bad(render('{% include "none.html" %}')) == ("none.html", 1, "there is no such file")
    assert bad(render('{% extends "../secret.html" %}'))[0] == "../secret.html"


def test_a_template_that_is_no_text_is_told(render: Rendered, tmp_path: Path) -> None:
    render("")
    (tmp_path / "templates" / "b.html").write_bytes(b"\xff\xfe")
    assert bad(render({}, name="b.html"))[:2] == ("b.html", 1)


def test_a_template_that_never_ends_is_told(render: Rendered) -> None:
    assert "recursion" in bad(render('{% include "a.html" %}'))[2]
    assert bad(render("{% for n in range(10000000000) %}{% endfor %}"))[1] == 1


# What is out of reach -----------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "{{ ''.__class__ }}",
        "{{ ''.__class__.__mro__ }}",
        "{{ thing.__init__.__globals__ }}",
        "{{ thing.pop('a') }}",
        "{{ entries.append(1) }}",
        "{{ thing.update({}) }}",
        "{{ '{0.__class__}'.format('a') }}",
        "{{ self.__class__ }}",
        "{{ cycler.__init__.__globals__.os }}",
        "{{ (''|attr('__class__')).a }}",
        "{% set x = entries.clear() %}",
    ],
)
def test_a_template_reaches_no_internals_and_changes_nothing(render: Rendered, text: str) -> None:
    thing, entries = {"a": 1}, [1]
    assert bad(render(text, thing=thing, entries=entries))[0] == "a.html"
    assert (thing, entries) == ({"a": 1}, [1])
