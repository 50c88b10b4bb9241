"""Templates. The one user of jinja2: autoescape on, undefined names an error, no access to internals.

Two syntaxes: pages use Jinja's own marks; Anki's faces use ``[[ ]]``, ``[% %]`` and ``[# #]``, because
``{{ }}`` is Anki's there. A template of the user's hides the shipped one of its name, and can
extend it as ``default/…``. jinja2 is imported when first asked, so that ``check`` does not pay for it.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache
from pathlib import Path
from traceback import extract_tb
from typing import TYPE_CHECKING, Any, Literal, cast

from markupsafe import Markup

from deckgen.diagnostics import Diagnostic, Result, Span, codes
from deckgen.resources import SearchPath, shipped
from deckgen.words import Words, load_words

if TYPE_CHECKING:
    from jinja2 import Environment
    from jinja2.runtime import Context

    class Translating(Environment):
        """An environment with what jinja2's extension for translations puts into it."""

        install_gettext_callables: Callable[..., None]
        extract_translations: Callable[[str], Iterable[tuple[int, str, str | tuple[str | None, ...] | None]]]


Syntax = Literal["page", "face"]
Safe = Markup

# What a template can do wrong while it is rendered, besides jinja2's own errors.
# RuntimeError is one that calls itself for ever.
_WRONG = (
    TypeError,
    ValueError,
    LookupError,
    AttributeError,
    ArithmeticError,
    RuntimeError,
    OSError,
)

_PERCENT = re.compile(r"%%|%\(\w+\)[a-z]|%")
_MARKUP = re.compile(r"</?[a-z]|&#?\w+;")

_MARKS: dict[Syntax, dict[str, str]] = {
    "page": {},
    "face": {
        "variable_start_string": "[[",
        "variable_end_string": "]]",
        "block_start_string": "[%",
        "block_end_string": "%]",
        "comment_start_string": "[#",
        "comment_end_string": "#]",
    },
}


@cache
def _environment(path: SearchPath, words: Words, syntax: Syntax) -> Translating:
    from jinja2 import ChoiceLoader, FileSystemLoader, PrefixLoader, StrictUndefined, pass_context
    from jinja2.sandbox import ImmutableSandboxedEnvironment

    folders = [FileSystemLoader(folder) for folder in path.folders]
    plain = ImmutableSandboxedEnvironment(
        loader=ChoiceLoader([*folders, PrefixLoader({"default": FileSystemLoader(shipped())})]),
        autoescape=True,
        undefined=StrictUndefined,
        extensions=["jinja2.ext.i18n", "jinja2.ext.loopcontrols"],
        trim_blocks=True,
        lstrip_blocks=True,
        **_MARKS[syntax],
    )
    environment = cast("Translating", plain)

    @pass_context
    def one(context: Context, text: str) -> str:
        return _worded(words(text), (text,), context.name or "")

    @pass_context
    def some(context: Context, text: str, plural: str, count: int) -> str:
        return _worded(words.plural(text, plural, count), (text, plural), context.name or "")

    environment.install_gettext_callables(one, some, newstyle=True)
    return environment


@cache
def _worded(text: str, english: tuple[str, ...], template: str) -> str:
    """Return words of a catalogue as jinja2 takes them: as HTML where a template is, each lone "%" doubled.

    Catalogues hold plain text, unless the English words, which stand in the template, have markup themselves.
    Apostrophes stay: no attribute of ours is set in them.
    """
    if text in english:
        return text
    doubled = _PERCENT.sub(lambda match: "%%" if match[0] == "%" else match[0], text)
    if not template.endswith(".html") or any(map(_MARKUP.search, english)):
        return doubled
    return html.escape(doubled, quote=False).replace('"', "&#34;")


class Templates:
    """The templates of a search path in one language's words."""

    def __init__(self, path: SearchPath, words: Words, syntax: Syntax) -> None:
        self.path = path
        self.environment = _environment(path, words, syntax)
        self.template = cache(self.environment.get_template)  # for as long as this lives, no file changes

    def render(self, name: str, values: Mapping[str, Any]) -> Result[str]:
        """Render the template ``name``. What is wrong in a template is a diagnostic with its line."""
        from jinja2 import TemplateError, TemplateNotFound, TemplateSyntaxError

        try:
            return Result(self.template(name).render(values))
        except TemplateSyntaxError as error:
            span = Span(self.shown(error.name or name), error.lineno, 1, error.lineno, 2)
            reason = error.message or "syntax"
        except TemplateNotFound as error:
            span, reason = Span(str(error.name or name)), "there is no such file"
        except (TemplateError, *_WRONG) as error:
            span, reason = self.place(error, name), str(error) or type(error).__name__
        return Result("", (Diagnostic(codes.BAD_TEMPLATE, span, {"reason": reason}),))

    def place(self, error: BaseException, name: str) -> Span:
        """Return the line of a template that an error comes from; jinja2 puts it into the traceback."""
        for frame in reversed(extract_tb(error.__traceback__)):
            for folder in self.path.folders:
                if Path(frame.filename).is_relative_to(folder):
                    line = frame.lineno or 1
                    shown = self.shown(Path(frame.filename).relative_to(folder).as_posix())
                    return Span(shown, line, 1, line, 2)
        return Span(self.shown(name))

    def shown(self, name: str) -> str:
        """Return how a template is named to people: one of their own by its place in the workspace."""
        *own, _ = self.path.folders
        return f"templates/{name}" if any((folder / name).is_file() for folder in own) else name


def texts(source: str, path: SearchPath) -> Iterator[tuple[str, str]]:
    """Yield every text to translate in a template's source, with its plural or an empty text.

    Babel's way through jinja2, with the marks and blanks that the template is rendered with. What cannot be
    parsed has none.
    """
    from jinja2 import TemplateSyntaxError

    environment = _environment(path, load_words("en", path).value, _syntax(source))
    try:
        found = list(environment.extract_translations(source))
    except TemplateSyntaxError:
        return
    for _, function, arguments in found:
        every = arguments if isinstance(arguments, tuple) else (arguments,)
        text, plural, *_ = (*every, None, None)
        if text:
            yield text, (plural or "") if function == "ngettext" else ""


def _syntax(source: str) -> Syntax:
    """Tell by its marks what a template is written in: Anki itself has neither ``{%`` nor brackets."""
    marks = (mark for name, mark in _MARKS["face"].items() if name.endswith("start_string"))
    return "face" if "{%" not in source and any(mark in source for mark in marks) else "page"
