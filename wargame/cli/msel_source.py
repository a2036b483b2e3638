"""Finds the MSEL that an argument names: of a scenario, an inject file or a run."""

from dataclasses import replace
from pathlib import Path

from wargame.errors import UsageFault
from wargame.journal.folder import LAST, folders
from wargame.journal.inputs import read_input
from wargame.review.findings.msel import msel
from wargame.review.findings.source import open_run
from wargame.scenario.building.yaml_nodes import Format, read, text, value_of
from wargame.scenario.loading import catalogue
from wargame.scenario.loading.load import Loaded, load, load_target
from wargame.sheets.columns import HEADINGS, InjectCells
from wargame.sheets.msel_book import MselSource
from wargame.sheets.script import Script


def find_msel(target: str) -> MselSource:
    """Return the MSEL of a built-in scenario or inject file, of a file or folder, or of a run."""
    path = Path(target)
    if catalogue.exists(path) and path.is_dir() and (path / "manifest.json").exists():
        return _of_run(target)
    if catalogue.exists(path) and path.is_file():
        return _of_file(path)
    if catalogue.exists(path) or target in {entry.name for entry in catalogue.scenarios()}:
        return _only_script(target, load(target))
    if built_in := catalogue.find_injects(target):
        return _of_file(built_in)
    if target == LAST or any(folder.name.startswith(target) for folder in folders() if target):
        return _of_run(target)
    return _only_script(target, load(target))


def scripts_of(loaded: Loaded) -> dict[str, bytes]:
    """Return the inject files of a scenario by their names in a run folder."""
    scripts = {}
    for name, data in loaded.files.items():
        root = read(name, data, []) if Format.INJECTS.encode() in data else None
        if root is not None and text(value_of(root, "format")) == Format.INJECTS:
            scripts[name] = data
    return scripts


def _of_file(path: Path) -> MselSource:
    loaded = load_target(str(path))
    data = read_input(path)
    if data not in scripts_of(loaded).values():
        return _only_script(str(path), loaded)
    return _of_script(str(path), data, loaded)


def _only_script(target: str, loaded: Loaded) -> MselSource:
    scripts = scripts_of(loaded)
    if loaded.exercise is not None and len(scripts) > 1:
        scripts = {name: data for name, data in scripts.items() if _is_played(name, data, loaded)}
    if not scripts:
        raise UsageFault(f"{target} has no inject file")
    if len(scripts) > 1:
        raise UsageFault(f"{target} has {len(scripts)} inject files ({', '.join(scripts)}); give the path of one")
    return _of_script(*next(iter(scripts.items())), loaded)


def _of_script(name: str, data: bytes, loaded: Loaded) -> MselSource:
    """Return the MSEL of one inject file, with the average pace of the moves that an exercise plans."""
    moves = loaded.exercise.moves if loaded.exercise else ()
    pace = sum(move.game for move in moves) / sum(move.wall for move in moves) if moves else 0.0
    rows = tuple(Script(name, data).rows.values())
    return MselSource(rows, loaded.scenario, {i.id: i for i in loaded.injects}, name, data, pace)


def _is_played(name: str, data: bytes, loaded: Loaded) -> bool:
    """Return whether an exercise plays an inject file, as opposed to one of the scenario that it leaves out."""
    return set(Script(name, data).rows) <= {inject.id for inject in loaded.injects}


def _of_run(target: str) -> MselSource:
    """Return the MSEL of a run as carried out: its files, what was added live, and what became of each inject."""
    source = open_run(target)
    if source.loaded is None:
        raise UsageFault(f"{target}: the frozen inputs cannot be read ({source.notes[-1] if source.notes else ''})")
    written = [
        row
        for name, data in scripts_of(source.loaded).items()
        if _is_played(name, data, source.loaded)
        for row in Script(name, data).rows.values()
    ]
    executed: dict[str, list[dict[str, str]]] = {}
    live: dict[str, InjectCells] = {}
    known = {row.id for row in written}
    for fact in msel(source):
        cells = {
            "Status": str(fact["status"]),
            "Released": str(fact["at"] or "")[:16].replace("T", " ") if fact["status"] == "released" else "",
            "Slip": f"{fact['slip_days']:g} d" if fact["slip_days"] else "",
            "How": str(fact["how"] or ""),
        }
        executed.setdefault(fact["inject"], []).append(cells)
        if fact["inject"] not in known:
            shown = {"Id": fact["inject"], "Title": fact["title"], "Channel": fact["channel"], "Trigger": "by hand"}
            live[fact["inject"]] = InjectCells(
                fact["inject"], {h: str(c) for h, c in shown.items() if c and h in HEADINGS}
            )
    rows = tuple(_executed(row, executed.get(row.id, [])) for row in (*written, *live.values()))
    return MselSource(rows, source.loaded.scenario, {i.id: i for i in source.loaded.injects})


def _executed(row: InjectCells, facts: list[dict[str, str]]) -> InjectCells:
    headings = facts[0] if facts else {}
    cells = {heading: "\n".join(fact[heading] for fact in facts).strip() for heading in headings}
    return replace(row, executed=cells or {"Status": "not reached"})
