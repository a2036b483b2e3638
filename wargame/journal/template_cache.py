"""The templates of texts and pages. Their library is loaded at the first use: many commands need no template."""

from __future__ import annotations

from functools import cache, cached_property
from typing import TYPE_CHECKING, Any

from wargame.language.plain_text import clean

if TYPE_CHECKING:
    from jinja2 import Environment


def environment(package: str, folder: str, *, autoescape: bool = True, **options: Any) -> Environment:
    """Return the templates in a folder of a package: they escape everything and refuse names that nobody has given.

    Without `autoescape` they are not HTML, and escape nothing.
    """
    from jinja2 import Environment, PackageLoader, StrictUndefined

    from wargame.journal.bytecode import TemplateCache

    return Environment(
        loader=PackageLoader(package, folder),
        autoescape=autoescape,  # noqa: S701 - off for YAML and plain text alone
        bytecode_cache=TemplateCache(),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
        **options,
    )


def paragraphs(package: str, name: str, /, **content: object) -> tuple[str, ...]:
    """Return the paragraphs of a text in the folder `templates` of a package, each in one line."""
    text = environment(package, "templates", autoescape=False).get_template(name).render(content)
    return tuple(" ".join(part.split()) for part in text.split("\n\n") if part.strip())


@cache
def _texts(package: str) -> Environment:
    return environment(package, "templates", autoescape=False, finalize=clean)


def text_lines(package: str, name: str, /, **content: object) -> list[str]:
    """Return the lines of a text for terminals in the folder `templates` of a package; what is filled in is clean."""
    text = _texts(package).get_template(name).render(content).rstrip("\n")
    return text.split("\n") if text else []


class Macros:
    """The macros of a file in the folder `templates` of a package, read when one is used; insertions are clean."""

    def __init__(self, package: str, name: str, /, **content: object) -> None:
        self._file, self._content = (package, name), content

    @cached_property
    def _module(self) -> Any:
        package, name = self._file
        return _texts(package).get_template(name).make_module(self._content)

    def __getattr__(self, macro: str) -> Any:
        """Return a macro; AttributeError if there is none."""
        return getattr(self._module, macro)
