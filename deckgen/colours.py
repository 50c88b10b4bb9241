"""Colours as #rrggbb: how well they can be told apart, and what they are without colour."""

from __future__ import annotations

import re

TINT = "#f4f1ee"  # of boxes: the darkest that words stand on, in print
# In a declaration, or in a picture within one, where "#" is written as %23; not the id of a selector.
_COLOUR = re.compile(r"(#|%23)([0-9a-fA-F]{6}|[0-9a-fA-F]{3})(?![\w-])(?=[^{}]*})")


def luminance(colour: str) -> float:
    """Return the relative luminance of a colour, from 0 for black to 1 for white (WCAG 2.2)."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    """Return the contrast of two colours, from 1 to 21 (WCAG 2.2)."""
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def grey(colour: str) -> str:
    """Return the grey that is as light as a colour, or a trifle darker: it is read as well on white."""
    light = luminance(colour)
    part = light * 12.92 if light <= 0.0031308 else 1.055 * light ** (1 / 2.4) - 0.055
    return "#" + f"{int(part * 255 + 1e-6):02x}" * 3


def greyed(style: str) -> str:
    """Return a style sheet in which every colour that is written as #rgb or #rrggbb is a grey."""

    def anew(found: re.Match[str]) -> str:
        mark, digits = found.groups()
        whole = digits if len(digits) == 6 else "".join(2 * digit for digit in digits)
        return mark + grey(f"#{whole}").removeprefix("#")

    return _COLOUR.sub(anew, style)
