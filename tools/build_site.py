"""Build the documentation as a site in `build/site`, and check it.

`python tools/build_site.py` runs Zensical in strict mode, which fails on links to missing pages and headings, and then
checks what a browser would get: every link, image, script and style sheet exists, every anchor exists, no two elements
of a page have the same id, and nothing is loaded from another host.
`--check-only` checks a site that was built before.
"""

from __future__ import annotations

import argparse
import re
import subprocess
import sys
from collections import Counter
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

ROOT = Path(__file__).resolve().parent.parent
SITE = ROOT / "build" / "site"
LOADED = {"img": "src", "script": "src", "source": "src", "iframe": "src", "video": "src", "audio": "src"}
"""Elements that a browser loads from their attribute, beside `link` of these relations:"""
LOADED_RELATIONS = {"stylesheet", "icon", "preload", "preconnect", "modulepreload"}
IN_STYLES = re.compile(r"url\(\s*['\"]?([^'\")]+)")


@dataclass(slots=True)
class Page:
    """What one page links, loads and defines; each address as it is written."""

    links: list[str] = field(default_factory=list)
    loads: list[str] = field(default_factory=list)
    ids: Counter[str] = field(default_factory=Counter)
    pictures_without_text: list[str] = field(default_factory=list)


class _Reader(HTMLParser):
    """Collects a `Page` from its HTML."""

    def __init__(self) -> None:
        super().__init__()
        self.page = Page()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Add what the element links, loads or defines."""
        found = {name: value or "" for name, value in attrs}
        if "id" in found:
            self.page.ids[found["id"]] += 1
        if tag == "a" and "href" in found:
            self.page.links.append(found["href"])
        if tag in LOADED and found.get(LOADED[tag]):
            self.page.loads.append(found[LOADED[tag]])
        if tag == "link" and LOADED_RELATIONS & set(found.get("rel", "").split()):
            self.page.loads.append(found.get("href", ""))
        if tag == "img" and not found.get("alt"):
            self.page.pictures_without_text.append(found.get("src", ""))


def main() -> None:
    """Build and check the site."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check-only", action="store_true", help="check the site that was built before")
    if not parser.parse_args().check_only:
        build()
    found = problems(SITE)
    print(*found, sep="\n")
    if found:
        sys.exit(f"{len(found)} problem{'s' * (len(found) != 1)} in the site")
    print(f"{len(html_files(SITE))} pages in {SITE.relative_to(ROOT)}")


def build() -> None:
    """Run Zensical. Exits with its status if a link is broken."""
    command = [sys.executable, "-m", "zensical", "build", "--strict", "--clean"]
    done = subprocess.run(command, cwd=ROOT, check=False)  # noqa: S603 - our own command
    if done.returncode:
        sys.exit(done.returncode)


def html_files(site: Path) -> list[Path]:
    """The pages of a site."""
    return sorted(site.rglob("*.html"))


def problems(site: Path) -> list[str]:
    """One line for each thing that is wrong on a page or in a style sheet."""
    pages = {path.resolve(): read_page(path) for path in html_files(site)}
    lines = [] if pages else [f"{site}: there is no page"]
    for path, page in pages.items():
        name = path.relative_to(site.resolve()).as_posix()
        lines += [f"{name}: {line}" for line in page_problems(path, page, site, pages)]
    for sheet in sorted(site.rglob("*.css")):
        away = [address for address in IN_STYLES.findall(sheet.read_text("utf-8")) if is_external(address)]
        lines += [f"{sheet.relative_to(site)}: loads {address}" for address in away]
    return lines


def page_problems(path: Path, page: Page, site: Path, pages: dict[Path, Page]) -> list[str]:
    """What is wrong on one page."""
    lines = [f"the id {name!r} is used {count} times" for name, count in page.ids.items() if count > 1]
    lines += [f"the picture {address} has no text" for address in page.pictures_without_text]
    for address in page.loads:
        if is_external(address):
            lines.append(f"loads {address} from another host")
        elif not address.startswith("data:") and target(path, address, site) is None:
            lines.append(f"loads {address}, which does not exist")
    for address in dict.fromkeys(page.links):
        fault = link_fault(path, address, site, pages)
        lines += [f"links {address}, {fault}"] if fault else []
    return lines


def link_fault(path: Path, address: str, site: Path, pages: dict[Path, Page]) -> str:
    """Why a link leads nowhere; an empty text if it leads somewhere, or to another host."""
    if is_external(address):
        return ""
    found = target(path, address, site)
    if found is None:
        return "which does not exist"
    anchor = unquote(urlsplit(address).fragment)
    if anchor and found in pages and anchor not in pages[found].ids:
        return "which has no such heading"
    return ""


def is_external(address: str) -> bool:
    """Whether an address leads to another host."""
    return bool(urlsplit(address).netloc) or address.startswith(("mailto:", "//"))


def target(path: Path, address: str, site: Path) -> Path | None:
    """The file that an address on a page leads to, or None if there is none."""
    where = unquote(urlsplit(address).path)
    place = (site / where.lstrip("/")) if where.startswith("/") else (path.parent / where)
    found = (path if not where else place).resolve()
    found = found / "index.html" if found.is_dir() else found
    return found if found.is_file() else None


def read_page(path: Path) -> Page:
    """The links, ids and loaded files of a page."""
    reader = _Reader()
    reader.feed(path.read_text(encoding="utf-8"))
    return reader.page


if __name__ == "__main__":
    main()
