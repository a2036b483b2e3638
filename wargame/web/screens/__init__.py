"""The screens: each module renders the parts of one."""

from importlib import import_module
from types import ModuleType

from wargame.web.access import DEPUTY, EVALUATOR, FACILITATOR, LOBBY, SCREEN, SEAT

MODULES = {
    LOBBY: "join",
    SEAT: "seat",
    FACILITATOR: "control",
    DEPUTY: "control",
    EVALUATOR: "evaluator",
    SCREEN: "public",
}
"""The role of a viewer -> the module that renders its parts."""


def modules() -> dict[str, ModuleType]:
    """Return the modules of the screens by role.

    Each has `parts(viewer)`. It may have `SCREEN`, the name of the screen in the page, by default the role, and
    `STYLES` and `SCRIPTS`, further static files.
    """
    return {role: import_module(f"wargame.web.screens.{name}") for role, name in MODULES.items()}
