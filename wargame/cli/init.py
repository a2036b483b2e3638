"""`wargame init`."""

import json
import re
import shlex
import shutil
import sys
import unicodedata
from collections.abc import Callable, Iterable
from contextlib import suppress
from importlib import resources
from pathlib import Path
from string import Template
from typing import Annotated, Any

import typer

from wargame.cli import lib, options
from wargame.cli.output import print_json, print_next
from wargame.cli.tree import ExampleFirst
from wargame.errors import UsageFault, among, shortened
from wargame.language.times import DAY, format_duration, parse_duration

FILES = ("scenario.yaml", "injects.yaml")
TEMPLATE = "--template"
PLACEHOLDER = "my-exercise"
EXERCISE = "exercise.yaml"
LEFT_OUT = frozenset({"__pycache__", "runs", ".git"})
"""Folders that do not belong to an exercise."""
SCHEMA_LINE = re.compile(rb"\A# yaml-language-server: .*\n")
"""The path to the schema in a checkout, which is another one in a copy."""
FORMAT = re.compile(rb"^format: wargame-(scenario|injects|exercise)/", re.MULTILINE)

NEXT = """\
change next: in scenario.yaml the interests of the leaders, the options with their effects, and the outcomes;
             in injects.yaml the incident, its date and what follows; then run it again"""
LEADS = "leader: {0}_leader, dossiers: {{dispute: {{priority: 0.7, every: 7d}}}}"
WANTS = '{0}_leader: {{government: {1}, title: the government, interests: {{"advantage[{1}]": 2.0, tension: -1.0}}}}'


class _WithListing(ExampleFirst):
    """`--template` without a name lists the templates."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Add an empty name to an option without one."""
        after = dict(zip(args, [*args[1:], "-"][: len(args)], strict=True))
        if after.get(TEMPLATE, "").startswith("-"):
            args = [part for each in args for part in ((each, "") if each == TEMPLATE else (each,))]
        return super().parse_args(ctx, args)


SHAPE = _WithListing


def command(
    folder: Annotated[
        Path | None, typer.Argument(metavar="DIR", help=options.help_of("init", "DIR"), callback=options.local)
    ] = None,
    *,
    source: Annotated[str | None, options.option("--from", "NAME", "init")] = None,
    template: Annotated[str | None, options.option(TEMPLATE, "[NAME]", "init")] = None,
    lessons: Annotated[Path | None, options.option("--lessons", "DIR", "init")] = None,
    shown: options.Shown,
) -> None:
    """Create a new exercise: a scenario and a script, with comments, that can be run at once."""
    if template == "":
        _list_templates(folder, as_json=shown.as_json)
        return
    if folder is None:
        raise UsageFault("the folder is missing: write wargame init DIR, such as wargame init my-exercise, or .")
    if source is not None and template is not None:
        raise UsageFault("--from and --template exclude each other: one copies a scenario, the other an exercise")
    ask = not (source or template or shown.silent) and _on_a_terminal()
    if lessons is not None and template is None:
        raise UsageFault("--lessons needs --template NAME|FOLDER: the exercise that is done again")
    files = _template(template, lessons) if template else _starter(folder, ask=ask) if source is None else _copy(source)
    written = _write(folder, files)
    place = shlex.quote(str(folder) if folder.is_absolute() or not template else f"./{folder}")
    then = f"wargame {'play' if template else 'run'} {place}"
    shown.written({"folder": str(folder), "files": written}, *written, then=then)
    if ask:
        typer.echo(NEXT, err=True)


def _list_templates(folder: Path | None, *, as_json: bool) -> None:
    """Print the ready-made exercises with their seats and hours."""
    from yaml import safe_load

    rows = []
    for entry in lib.catalogue.exercises():
        plan = safe_load(entry.path.read_text("utf-8"))
        rows.append({"name": entry.name, "title": entry.title, "seats": len(plan["seats"]), "wall": plan["wall"]})
    if as_json:
        print_json({"templates": rows})
        return
    for row in rows:
        name = f"{row['name']:<{max(len(each['name']) for each in rows)}}"
        typer.echo(f"{name}  {row['title']}: {row['seats']} seats, {row['wall']} in the room")
    print_next(f"wargame init {shlex.quote(str(folder or 'my-exercise'))} --template {rows[0]['name']}")


def _template(name: str, series: Path | None) -> dict[str, bytes]:
    """Return the files of a ready-made exercise, or of the one in a folder, by their paths there.

    It evaluates what is not done in a series of exercises, if their folder is given.
    """
    from datetime import UTC, datetime

    own = (Path(name) / EXERCISE).is_file()
    folder = Path(name) if own else _chosen("template", name, lib.catalogue.exercises()).parent
    found = ((path, path.relative_to(folder)) for path in sorted(folder.rglob("*")) if path.is_file())
    files = {at.as_posix(): path.read_bytes() for path, at in found if not LEFT_OUT & {*at.parts}}
    if series is not None:
        open_ones = lib.lessons(series, datetime.now(UTC).astimezone().date())
        files[EXERCISE] = lib.following(str(folder / EXERCISE), files[EXERCISE], open_ones)
    return _with_schemas(files)


def _chosen(kind: str, name: str, entries: Iterable[Any]) -> Path:
    places: dict[str, Path] = {entry.name: entry.path for entry in entries}
    return places[among(name, places, f"there is no {kind} '{shortened(name, 100)}'", "choose one of:")]


def _on_a_terminal() -> bool:
    return sys.stdin.isatty() and sys.stderr.isatty()


def _starter(folder: Path, *, ask: bool) -> dict[str, bytes]:
    """Return the files of a small exercise to start from; its name is that of the folder, if it can be one."""
    _check_new(folder, FILES)
    starter, name = resources.files("wargame.cli") / "starter", folder.resolve().name
    name = name if re.fullmatch(r"[A-Za-z][A-Za-z0-9_\-]*", name, re.ASCII) else PLACEHOLDER
    if ask:
        try:
            codes = _ask("Which governments, with commas between them?", "Upland, Lowland", _governments)
            about = _ask("What is the dispute about?", "The river", str.strip)
            until = _ask("How long does it last, as in 90d or 26w?", "180d", _duration)
        except typer.Abort:
            typer.echo("\nnothing was written", err=True)
            raise typer.Exit(130) from None
        title = json.dumps(about[:1].upper() + about[1:], ensure_ascii=False)
        values = {"name": name, "title": title, "until": until}
        heads = [f"  {code}: {{name: {quoted}, {LEADS.format(code.lower())}}}" for code, quoted in codes.items()]
        leaders = [f"  {WANTS.format(code.lower(), code)}" for code in codes]
        values |= {"all": ", ".join(codes), "governments": "\n".join(heads), "leaders": "\n".join(leaders)}
        asked = resources.files("wargame.cli") / "starter" / "asked"
        texts = ((each, (asked / f"{each}.template").read_text("utf-8")) for each in ("scenario.yaml", "injects.yaml"))
        return _with_schemas({each: Template(text).substitute(values).encode() for each, text in texts})
    old, new = (f": {each}\n".encode() for each in (PLACEHOLDER, name))
    return _with_schemas({file: (starter / file).read_bytes().replace(old, new) for file in FILES})


def _copy(source: str) -> dict[str, bytes]:
    """Return the files of a built-in scenario by their names; its scripts are in the same folder."""
    path = _chosen("built-in scenario", source, lib.catalogue.scenarios())
    files = {file.name: file.read_bytes() for file in (sorted(path.iterdir()) if path.is_dir() else [path])}
    for entry in lib.catalogue.injects():
        named = f"injects: [{entry.name}]".encode()
        for name, data in list(files.items()):
            if named in data:
                files[name] = data.replace(named, f"injects: [{entry.path.name}]".encode())
                files[entry.path.name] = entry.path.read_bytes()
    return _with_schemas(files)


def _with_schemas(files: dict[str, bytes]) -> dict[str, bytes]:
    """Return the files with the schemas that they use beside them, and a first line by which editors find them."""
    from wargame.cli.export import text_of

    complete, kinds = dict[str, bytes](), {"scenario", "injects"}
    for name, data in files.items():
        found = FORMAT.search(data) if name.endswith(".yaml") else None
        if found is None:
            complete[name] = data
            continue
        kinds.add(kind := found[1].decode())
        line = f"# yaml-language-server: $schema={'../' * name.count('/')}{kind}.schema.json\n".encode()
        complete[name] = line + SCHEMA_LINE.sub(b"", data)
    return complete | {f"{kind}.schema.json": text_of(kind).encode() for kind in sorted(kinds)}


def _check_new(folder: Path, names: Iterable[str]) -> None:
    for path in (folder / name for name in names):
        if path.exists():
            raise UsageFault(f"{path} exists already; choose another folder")


def _write(folder: Path, files: dict[str, bytes]) -> list[str]:
    """Write the files and return their paths; write none of them if one cannot be written."""
    _check_new(folder, files)
    new = not folder.exists()
    written: list[Path] = []
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, content in files.items():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            with (folder / name).open("xb") as target:
                written.append(folder / name)
                target.write(content)
    except (OSError, KeyboardInterrupt) as error:
        with suppress(OSError):  # half an exercise would block the next attempt
            for path in written:
                path.unlink()
            if new:
                shutil.rmtree(folder)
        if isinstance(error, KeyboardInterrupt):
            raise
        raise UsageFault(f"{folder} cannot be written: {error.strerror}; choose another folder") from None
    return [str(path) for path in written]


# --- three questions on a terminal, and the small exercise that the answers make ------------------------------------


def _ask(question: str, default: str, read: Callable[[str], Any]) -> Any:
    """Ask until the answer can be read."""

    def checked(answer: str) -> Any:
        try:
            return read(answer)
        except ValueError as error:
            raise typer.BadParameter(str(error)) from None

    return typer.prompt(question, default=default, value_proc=checked, err=True)


def _governments(answer: str) -> dict[str, str]:
    """Return the names, as quoted in YAML, by codes: three capital letters of each, or two and a number."""
    parts = answer.split(",") if "," in answer else re.split(r"\band\b", answer)
    names = [" ".join(each.split()).removeprefix("and ") for each in parts if each.strip()]
    if not 2 <= len(set(names)) == len(names) <= 6:
        raise ValueError("write 2 to 6 different names, such as Upland, Lowland")
    codes: dict[str, str] = {}
    for place, name in enumerate(names, start=1):
        letters = re.sub("[^A-Z]", "", unicodedata.normalize("NFKD", name).upper()) or "GOV"
        code = letters[:3] if len(letters) > 2 and letters[:3] not in codes else f"{letters[:2]}{place}"
        codes[code] = json.dumps(name, ensure_ascii=False)
    return codes


def _duration(answer: str) -> str:
    if (seconds := parse_duration(answer)) < 3 * DAY:
        raise ValueError("write at least 3d: the incident is on the third day")
    return format_duration(seconds)
