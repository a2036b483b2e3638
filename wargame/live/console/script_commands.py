"""Commands on the MSEL: show it, release, hold, skip, delay, edit and add injects."""

from collections.abc import Mapping
from dataclasses import replace
from textwrap import indent

import msgspec

from wargame.errors import Problem, TypedTextErrors, UsageFault, shortened
from wargame.journal.atomic import write_whole
from wargame.journal.folder import INPUTS
from wargame.journal.inputs import read_input
from wargame.journal.viewer_memory import CHANNELS
from wargame.language.plain_text import clean
from wargame.live.console import msel_view
from wargame.live.console.command_line import QUOTES, YAML_STARTS, ParsedLine
from wargame.live.console.console import Console
from wargame.live.console.msel_view import PARTS
from wargame.live.console.names import correct_yaml, same_word
from wargame.live.console.reply import Reply
from wargame.scenario.loading.amend import NEW
from wargame.seat.feed import inject_name
from wargame.sentence import Sentence
from wargame.simulation.control.lookup import valid_name
from wargame.tables import tables

TEMPLATES: Mapping[str, Mapping[str, str]] = tables("live/console/names.yaml")["templates"]
"""Injects that need nothing but a text."""
NOW = " --now"
TITLE_LENGTH = 60
"""Characters of a text that become the title of its inject."""


def _msel(console: Console, line: ParsedLine) -> Reply:
    session, part = console.session, line.args[0].lower() if line.args else ""
    if part and part not in (*PARTS, "all"):
        items = session.exercise.injector.lines
        details = msel_view.details(session, items[valid_name("inject", line.args[0], items)])
        return Reply([f"{'  ' if each.is_question else ''}{each.name}: {each.value}" for each in details])
    rows = msel_view.msel_rows(session)
    if not rows:
        return Reply(["The MSEL is empty."])
    if not part:
        shown = msel_view.short_list(rows)
        return Reply([*msel_view.table(shown), *msel_view.omitted(rows, shown)])
    shown = [row for row in rows if part in (row.part, "all")]
    return Reply(msel_view.table(shown) or [f"No inject is {part}."])


def _change(console: Console, line: ParsedLine) -> Reply:
    """Carry out a command that takes the id of an inject and nothing else."""
    (name,) = line.take(1)
    console.session.submit(line.command, inject=name)
    item, titled = console.exercise.injector.lines[name], inject_name(console.exercise, name)
    if line.command != "retract":
        return Reply([Sentence(titled, f": {msel_view.status(console.session, item)}")])
    if item.spec.kind == "facilitation":
        return Reply([Sentence(titled, ": nothing is sent, since only the white cell received it")])
    return Reply([Sentence(titled, ": DISREGARD is sent to those who received it")])


def _delay(console: Console, line: ParsedLine) -> Reply:
    name, by = line.take(2)
    console.session.submit("delay", inject=name, by=by)
    injector = console.exercise.injector
    item = injector.lines[name]
    when = msel_view.when(console.session, item, injector.due_of(item))
    return Reply([Sentence(inject_name(console.exercise, name), f": {when}")])


def _edit(console: Console, line: ParsedLine) -> Reply:
    line.need(3)
    name, field = line.args[:2]
    value = line.rest.split(None, 2)[2].strip()
    value = value[:1].translate(QUOTES) + value[1:-1] + value[-1:].translate(QUOTES) if len(value) > 1 else value
    if len(value) > 1 and value[0] == value[-1] == '"':
        value = value[1:-1]
    value = same_word(value, CHANNELS) if field == "channel" else value
    console.session.submit("edit", inject=name, field=field, value=value)
    titled = inject_name(console.exercise, name)
    return Reply([Sentence(titled, f": {field} is changed in this exercise; the inject file is not.")])


def _reset(console: Console, line: ParsedLine) -> Reply:
    line.need(0, 1)
    console.session.submit("reset", **({"inject": line.args[0]} if line.args else {}))
    what = inject_name(console.exercise, line.args[0]) if line.args else "The MSEL"
    return Reply([Sentence(what, " is as written, except for what has been released.")])


def _inject(console: Console, line: ParsedLine) -> Reply:
    rest = line.rest
    if not rest:
        raise line.fault()
    source = ""
    if rest.startswith(YAML_STARTS):
        if rest.endswith(NOW):
            rest, line.options["now"] = rest.removesuffix(NOW).rstrip(), "yes"
        yaml = correct_yaml(console, rest.replace("\\n", "\n"))
    elif line.args and line.args[0].lower() in TEMPLATES:
        yaml, source = _from_template(console, line), line.args[0].lower()
    else:
        source = line.args[0] if line.args else rest
        yaml = _from_file(source)
        line.need(0, 1)
        if others := sorted(set(line.options) - {"now", "save"}):
            raise UsageFault(f"--{others[0]} is not for a file: write it in the file (templates such as news take it)")
    before = set(console.exercise.injector.lines)
    try:
        with console.session.together():
            console.session.submit("inject", yaml=yaml)
            added = sorted(set(console.exercise.injector.lines) - before)
            for name in added if line.options.get("now") else ():
                console.session.submit("release", inject=name)
    except TypedTextErrors as error:
        raise UsageFault("\n".join(_placed(problem, source, yaml) for problem in error.problems)) from None
    if line.options.get("save"):
        _save(console, yaml)
    if line.options.get("now"):
        return Reply([Sentence("Released: ", *msel_view.names(console.session, added))])
    return Reply([msel_view.added_sentence(console, added)])


def _placed(problem: Problem, source: str, yaml: str) -> str:
    """Return a problem with its place in the text for the facilitator: typed, in a file, or of a template."""
    what = problem.message + (f" ({problem.remedy})" if problem.remedy else "")
    if problem.file != NEW:
        return str(problem)
    if source in TEMPLATES:
        return what
    if source:
        return str(replace(problem, file=clean(source)))
    if problem.line > len(yaml.splitlines()):
        return f"at the end of the inject: {what}"
    line = f"line {problem.line}, " if problem.line > 1 else ""
    return f"{line}column {problem.column} of the inject: {what}"


def _from_file(name: str) -> str:
    try:
        return read_input(name).decode()
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not UTF-8 text"
        message = f"'{shortened(clean(name), 80)}' is not a template ({', '.join(TEMPLATES)})"
        raise UsageFault(f"{message} and cannot be read as a file: {reason}") from None


def _from_template(console: Console, line: ParsedLine) -> str:
    line.usage = f'inject {line.args[0]} "TEXT" [--to GOV,GOV]'
    text, template = line.text(1), line.args[0].lower()
    number = next(n for n in range(1, 100_000) if f"adhoc_{n}" not in console.exercise.injector.lines)
    inject: dict[str, object] = {
        "id": line.options.get("id", f"adhoc_{number}"),
        "title": line.options.get("title", shortened(text, TITLE_LENGTH)),
        **TEMPLATES[template],
    }
    inject["notes" if template == "hint" else "message"] = text
    if line.options.get("to"):
        inject["audience"] = [name for name in line.options["to"].split(",") if name]
    for option, field in (("at", "at"), ("sender", "sender")):
        if line.options.get(option):
            inject[field] = line.options[option]
    said, more = line.options, dict[str, object]()
    if said.get("file"):
        more["attachments"] = [{"file": said["file"], **({"description": said["alt"]} if said.get("alt") else {})}]
    if said.get("expect"):
        if not said.get("does"):
            raise UsageFault("--expect: say with --does which option is expected")
        expected = {"who": said["expect"], "any_of": said["does"].split(",")}
        more["expected"] = [expected | ({"within": said["within"]} if said.get("within") else {})]
    if said.get("ask"):
        rows = [[part.strip() for part in row.split("|") if part.strip()] for row in said["ask"].splitlines()]
        numbered = enumerate(filter(None, rows), 1)
        asked = [{"id": f"q{n}", "text": row[0], **({"choices": row[1:]} if row[1:] else {})} for n, row in numbered]
        more["questionnaire"] = {"questions": asked, "each": said.get("each", "seat")}
    return msgspec.json.encode({**inject, **more}).decode()


def _save(console: Console, yaml: str) -> None:
    """Add injects to a file of the run folder, which `--injects` takes in another run; its attachments are there."""
    folder = console.session.folder.path
    path, scenario = folder / "added-injects.yaml", console.exercise.context.scenario.name
    kept = path.read_text("utf-8") if path.exists() else f"format: wargame-injects/1\nscenario: {scenario}\ninjects:\n"
    written = indent(yaml.replace('"uploads/', f'"{INPUTS}/uploads/').strip(), "    ").lstrip()
    item = written.removeprefix("- ")
    try:
        write_whole(path, f"{kept}  - {item}\n".encode())
    except OSError as error:
        raise UsageFault(f"the inject is added, and {path.name} cannot be written: {error.strerror}") from None
