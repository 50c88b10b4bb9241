"""LaTeX formulas as text that can be read on paper. The one user of pylatexenc."""

from __future__ import annotations

import html
import logging
import re
from functools import cache, lru_cache
from typing import Any

_SUB, _SUP, _END = "\ufdd5", "\ufdd6", "\ufdd7"
_TOKEN = re.compile(r"\\[A-Za-z]+|\\.|.", re.DOTALL)
_TERMS = re.compile(r"[\s+\-−±·×/=<>≤≥,]")  # what keeps a part of a fraction from being one thing


@cache
def _converter() -> Any:
    from pylatexenc.latex2text import LatexNodes2Text, MacroTextSpec, get_default_latex_context_db

    logging.getLogger("pylatexenc").setLevel(logging.CRITICAL)  # it would tell the terminal of odd formulas
    macros = [MacroTextSpec(name, simplify_repl=_fraction) for name in ("frac", "dfrac", "tfrac")]
    macros.append(MacroTextSpec("sqrt", simplify_repl=_root))
    known = get_default_latex_context_db()
    known.add_context_category("deckgen", macros=macros, prepend=True)
    return LatexNodes2Text(latex_context=known, math_mode="text", keep_comments=True)


def _fraction(node: Any, l2tobj: Any) -> str:
    """Write a fraction in one line; a part of several terms gets brackets."""
    parts = [l2tobj.nodelist_to_text([part]).strip() for part in node.nodeargd.argnlist]
    return "/".join(f"({part})" if _TERMS.search(part) else part for part in parts)


def _root(node: Any, l2tobj: Any) -> str:
    """Write a root with its degree, if it has one, as a superscript before it."""
    degree, radicand = node.nodeargd.argnlist
    raised = f"{_SUP}{l2tobj.nodelist_to_text([degree]).strip('[]')}{_END}" if degree else ""
    return f"{raised}√({l2tobj.nodelist_to_text([radicand])})"


def _scripts(tex: str) -> str | None:
    """Mark subscripts and superscripts, which pylatexenc does not know; None if braces do not pair."""
    out: list[str] = []
    ends: list[str] = []  # for each open brace, what follows its end
    script = ""
    for token in _TOKEN.findall(tex):
        if token in ("_", "^") and not script:
            script = _SUB if token == "_" else _SUP
        elif token == "{":
            out.append(script + token)
            ends.append(_END if script else "")
            script = ""
        elif token == "}":
            if not ends or script:
                return None
            out.append(token + ends.pop())
        elif script and not token.isspace():
            out.append(script + token + _END)
            script = ""
        else:
            out.append(token)
    return None if ends or script else "".join(out)


@lru_cache(maxsize=1024)
def readable(tex: str) -> str:
    """Return a formula as HTML text with ``<sub>`` and ``<sup>``; what is unknown stays as it is written."""
    plain = html.escape(tex, quote=False)
    marked = _scripts(tex)
    if marked is None:
        return plain
    try:
        text = _converter().latex_to_text(marked)
    except Exception:  # it raises many kinds; a formula that it cannot read is shown as it is
        return plain
    if "%s" in text and "%s" not in tex:  # a command without what it is said of
        return plain
    text = html.escape(" ".join(text.split()), quote=False)
    out: list[str] = []
    ends: list[str] = []
    for part in re.split(f"([{_SUB}{_SUP}{_END}])", text):
        if part in (_SUB, _SUP):
            out.append("<sub>" if part == _SUB else "<sup>")
            ends.append("</sub>" if part == _SUB else "</sup>")
        elif part == _END:
            out.append(ends.pop() if ends else "")
        else:
            out.append(part)
    return "".join(out + ends[::-1]) or plain
