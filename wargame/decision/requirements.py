"""Why a requirement of an option does not hold in the eyes of a government."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from wargame.language.explain import Perspective, text, unmet
from wargame.language.expressions import parse

if TYPE_CHECKING:
    from wargame.decision.view import View
    from wargame.language.tree import Node, Read


def unmet_requirement(
    view: View,
    requires: str,
    placeholders: Mapping[str, str],
    title: Callable[[str], str],
    *,
    for_any_target: bool = False,
    indicator: Callable[[Read], str] | None = None,
) -> str:
    """Return what of a requirement fails, with the values as this government sees them.

    `title` and `indicator` are those of `Perspective`. With `for_any_target` the text leaves out values and says
    `target`, so that it is the same for all targets for which the same fails.
    """

    def value(node: Node) -> float:
        return view.ask(view.compile(text(node), placeholders))

    printed = {name: code for name, code in placeholders.items() if not (for_any_target and name == "target")}
    return unmet(parse(requires).root, Perspective(value, title, printed, not for_any_target, indicator))
