"""Finds scenarios and inject files: built-in ones by name, others by path. The only I/O of this package."""

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from pathlib import Path, PurePosixPath

from wargame.dataclasses import dataclass, field, replace
from wargame.errors import Problem, UsageFault, nearest, shortened
from wargame.journal.inputs import open_input, read_input
from wargame.scenario.building.attachments import MEGABYTE, MOST, Find, NotAttachable, is_attachment
from wargame.scenario.building.yaml_nodes import MOST_BYTES, Format, read, text, value_of

SUFFIXES = (".yaml", ".yml")
EXERCISE_FILE = "exercise.yaml"
"""The exercise in the folder of a ready-made exercise."""
MOST_ENTRIES = 5_000
"""Maximum number of files and folders below a scenario's folder, in case `/` is given by mistake."""
_EXERCISE = re.compile(r"^format:[ \t]*[\"']?wargame-exercise/", re.MULTILINE)
_SCENARIO = re.compile(r"^format:[ \t]*[\"']?wargame-scenario/", re.MULTILINE)
_NAME = re.compile(r"^name:", re.MULTILINE)
_TITLE = re.compile(r"^title:[ \t]*(.+?)[ \t]*$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class ScenarioSource:
    """One input file: its path, its label in messages, its name in a run folder, its bytes."""

    path: Path
    label: str
    name: str
    data: bytes

    def has_format(self, form: str) -> bool:
        """Return whether the file declares this format, without parsing YAML."""
        written = form.encode()
        return written in self.data and bool(re.search(rb"^format:[ \t]*[\"']?" + written, self.data, re.MULTILINE))


@dataclass(frozen=True, slots=True)
class CatalogueEntry:
    """A built-in scenario or inject file, as listed by `wargame list`."""

    name: str
    title: str
    path: Path


@cache
def scenario_dir() -> Path:
    """Return the folder of the built-in scenarios."""
    return Path(__file__).resolve().parents[2] / "scenarios"


@cache
def injects_dir() -> Path:
    """Return the folder of the built-in inject files: in an installed package, or at the top of a checkout."""
    package = Path(__file__).resolve().parents[2]
    inside = package / "injects"
    return inside if inside.is_dir() else package.parent / "injects"


def exercises() -> tuple[CatalogueEntry, ...]:
    """Return the ready-made exercises, each a folder with `exercise.yaml`, sorted by name."""
    places = _listed(Path(__file__).resolve().parents[2] / "exercises")
    folders = [path for path in places if (path / EXERCISE_FILE).is_file()]
    return tuple(CatalogueEntry(path.name, file_title(path / EXERCISE_FILE), path / EXERCISE_FILE) for path in folders)


def scenarios() -> tuple[CatalogueEntry, ...]:
    """Return the built-in scenarios, sorted by name."""
    places = {
        (path.name if path.is_dir() else path.stem): path
        for path in _listed(scenario_dir())
        if path.is_dir() or path.suffix in SUFFIXES
    }
    return tuple(CatalogueEntry(name, file_title(path), path) for name, path in sorted(places.items()))


def injects() -> tuple[CatalogueEntry, ...]:
    """Return the built-in inject files, sorted by name, such as `korea-2017/msel`."""
    root = injects_dir()
    places = [path for folder in _listed(root) if folder.is_dir() for path in yaml_files(folder)]
    names = [path.relative_to(root).with_suffix("").as_posix() for path in places]
    return tuple(CatalogueEntry(name, file_title(path), path) for name, path in zip(names, places, strict=True))


def find_scenario(target: str, beside: Sequence[str] = ()) -> Path:
    """Return the file or folder of a scenario by name or path; UsageFault if there is none.

    `beside` has the names of scenarios in the folder of the file that names it, for the message.
    """
    if _is_name(target):
        for path in (scenario_dir() / target, *(scenario_dir() / f"{target}{suffix}" for suffix in SUFFIXES)):
            if exists(path):
                return path
    path = Path(target)
    if target.strip() and exists(path):
        if _is_run(path) and (path / "inputs").is_dir():
            message = f"{target} is the folder of a run or batch, not a scenario; give the scenario that was run"
            raise UsageFault(message)
        return path
    names = [*beside, *(entry.name for entry in (*scenarios(), *exercises()))]
    hint = this_folder(target) or nearest(target, names) or no_file(target) or _either(names)
    raise UsageFault(f"there is no scenario '{shortened(target, 100)}' ({hint})")


def this_folder(target: str) -> str:
    """Return a hint if `target` is the name of the current folder and this has a scenario; else an empty text."""
    here = Path()
    is_scenario = here.resolve().name == target and any(_SCENARIO.search(_beginning(file)) for file in _files(here))
    return "this is the current folder: write '.'" if is_scenario else ""


def scenario_of(path: Path, name: str) -> Path:
    """Return the path of the scenario of an inject or exercise file: in its folder or the one above, or built in."""
    names: list[str] = []
    for folder in (path.resolve().parent, path.resolve().parent.parent):
        parts = {file: scenario_name(file) for file in sorted(folder.glob("*.yaml")) if file != path.resolve()}
        file = next((file for file, written in parts.items() if written == name), None)
        if file is not None:
            return folder if "" in parts.values() else file
        names += filter(None, parts.values())
    return find_scenario(name, names)


def scenario_name(path: Path) -> str | None:
    """Return the name in a scenario file, empty in one with other sections; None for other files."""
    problems: list[Problem] = []
    source = fetch(path, path.name, problems)
    if source is None or Format.SCENARIO.encode() not in source.data:
        return None
    root = read(source.label, source.data, problems)
    if root is None and (line := re.search(rb"^name:[ \t]*([\w\-]+)", source.data, re.MULTILINE)):
        return line[1].decode()  # what is wrong with the file is reported when it is loaded
    return text(value_of(root, "name")) if text(value_of(root, "format")) == Format.SCENARIO else None


def find_exercise(target: str) -> Path | None:
    """Return the exercise file that `target` names: a ready-made one, a file, or the only one in a folder.

    None if it does not name an exercise; UsageFault for a folder with several.
    """
    if _is_name(target) and not exists(scenario_dir() / target):
        for entry in exercises():
            if entry.name == target:
                return entry.path
    path = Path(target)
    if not target.strip() or not exists(path) or _is_run(path):
        return None
    if path.is_file():
        return path if path.suffix in SUFFIXES and _EXERCISE.search(_beginning(path)) else None
    found = exercises_within(path)
    if not found or any(_SCENARIO.search(_beginning(file)) for file in _files(path)):
        return None
    if len(found) > 1:
        raise UsageFault(f"{target} has {len(found)} exercises: give one of {', '.join(map(str, found))}")
    return found[0]


def exercises_within(folder: Path) -> list[Path]:
    """Return the exercise files in a folder, without its subfolders."""
    return [file for file in _files(folder) if _EXERCISE.search(_beginning(file))]


def injects_within(folder: Path) -> list[str]:
    """Return the names of the inject files in a folder, without its subfolders."""
    return [file.name for file in _files(folder) if "format: wargame-injects/" in _beginning(file)]


def _files(folder: Path) -> list[Path]:
    """Return the YAML files in a folder, without its subfolders; none if it cannot be read."""
    try:
        return [file for file in _listed(folder) if file.suffix in SUFFIXES and file.is_file()]
    except UsageFault:
        return []


def find_injects(target: str, beside: Path | None = None) -> Path | None:
    """Return an inject file by path, in the folder `beside`, or built in; None if there is none."""
    stem = target.removesuffix(".yaml").removesuffix(".yml")
    safe = not Path(target).is_absolute() and ".." not in Path(target).parts
    names = dict.fromkeys((target, *(f"{stem}{suffix}" for suffix in SUFFIXES)))
    roots = [Path()] if beside is None else [beside] if safe else []
    roots += [injects_dir()] if safe else []
    candidates = (root / name for root in roots for name in names)
    return next((path for path in candidates if exists(path) and not path.is_dir()), None)


def need_injects(target: str) -> Path:
    """Return as `find_injects`; UsageFault if there is none."""
    if path := find_injects(target):
        return path
    names = [entry.name for entry in injects()]
    raise UsageFault(f"there is no inject file '{shortened(target, 100)}' ({nearest(target, names) or _either(names)})")


def yaml_files(folder: Path) -> list[Path]:
    """Return the YAML files in a folder and its subfolders, sorted; without hidden files and run folders."""
    files: list[Path] = []
    pending, count = [folder], 0
    while pending:
        inside = _listed(pending.pop())
        count += len(inside)
        if count > MOST_ENTRIES:
            raise UsageFault(f"{folder} has more than {MOST_ENTRIES:,} files (give the folder of the scenario itself)")
        files.extend(path for path in inside if path.suffix in SUFFIXES and not path.is_dir())
        pending.extend(path for path in inside if path.is_dir() and not path.is_symlink() and not _is_run(path))
    return sorted(files)


def state(*places: Path) -> tuple[tuple[str, int, int], ...]:
    """Return the paths, sizes and times of all files at these places and below them, to notice that one has changed."""
    paths = sorted(each for place in places for each in (place, *place.rglob("*")))
    stats = [(path, path.stat()) for path in paths if not path.is_dir()]
    return tuple((str(path), stat.st_size, stat.st_mtime_ns) for path, stat in stats)


def scenarios_within(folder: Path) -> list[Path]:
    """Return the scenarios in a folder that has several of them: the folder or the top-level file of each; else none.

    Several files with a name in one folder are parts of one scenario, which has a fault.
    """
    heads = [(file, _beginning(file)) for file in yaml_files(folder)] if folder.is_dir() else []
    named = [file for file, text in heads if _SCENARIO.search(text) and _NAME.search(text)]
    places = list(dict.fromkeys(file if file.parent == folder else file.parent for file in named))
    top_level = [file for file in named if file.parent == folder]
    return places if len(places) > 1 and len(top_level) < 2 else []


def folders_within(folder: Path) -> list[Path]:
    """Return as `scenarios_within`, with the folders that have only an exercise."""
    scenarios = scenarios_within(folder)
    below = sorted({file.parent for file in yaml_files(folder)} - {folder})
    alone = [path for path in below if exercises_within(path) and path not in scenarios]
    alone = [path for path in alone if not any(_SCENARIO.search(_beginning(file)) for file in _files(path))]
    return sorted({*scenarios, *alone}) if scenarios or len(alone) > 1 else []


def _is_run(folder: Path) -> bool:
    """Return whether a folder was written by a run or a batch."""
    return (folder / "manifest.json").exists()


def fetch(path: Path, name: str, problems: list[Problem]) -> ScenarioSource | None:
    """Read a file, at most one byte more than the limit of `read`; None with the reason added to `problems`."""
    shown = label(path)
    try:
        with open_input(path) as file:
            return ScenarioSource(path, shown, name, file.read(MOST_BYTES + 1))
    except OSError as error:
        problems.append(Problem(shown, 0, 0, f"cannot be read: {error.strerror or error}"))
        return None


def _is_name(target: str) -> bool:
    return re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9_\-]*", target, re.ASCII) is not None


def exists(path: Path) -> bool:
    """Return whether there is such a file or folder; False for invalid paths."""
    try:
        return path.exists()
    except (OSError, ValueError):
        return False


def _listed(folder: Path) -> list[Path]:
    try:
        return sorted(path for path in folder.iterdir() if not path.name.startswith((".", "_")))
    except OSError as error:
        raise UsageFault(f"{folder} cannot be read: {error.strerror or error}") from None


def file_title(path: Path) -> str:
    """Return the title of a scenario, inject or study file, without parsing YAML."""
    for file in [path] if path.is_file() else yaml_files(path):
        if match := _TITLE.search(_beginning(file)):
            return match[1].strip("\"'")
    return ""


def _beginning(file: Path) -> str:
    """Return the text of a file as far as it may be read; empty if it cannot be read."""
    try:
        with open_input(file) as opened:
            return opened.read(MOST_BYTES).decode("utf-8-sig", errors="replace")
    except OSError:
        return ""


def no_file(target: str) -> str:
    """Return the message for a missing file if `target` is the name of a file."""
    return "there is no such file; wargame list lists what is built in" if Path(target).suffix in SUFFIXES else ""


def _either(names: list[str]) -> str:
    return f"give a path, or one of: {', '.join(names)}" if names else "give a path"


def label(path: Path) -> str:
    """Return the path of a file in messages, relative to the working directory if it is below it."""
    try:
        return path.resolve().relative_to(Path.cwd()).as_posix()
    except (ValueError, OSError):
        return str(path)


MOST_ATTACHED = max(MOST.values())


@dataclass(slots=True)
class AttachedFiles:
    """Finds attachments in the folders of inject files, by label; of other files with `others`.

    `read` collects what has been found, by label and path.
    """

    folders: Mapping[str, Path]
    others: Find | None = None
    read: dict[tuple[str, str], bytes] = field(default_factory=dict)

    def __call__(self, label: str, file: str) -> bytes:
        """Return the bytes of a file; NotAttachable if it cannot be read."""
        if label not in self.folders and self.others is not None:
            return self.others(label, file)
        if (label, file) not in self.read:
            _check_inside(self.folders[label], file)
            self.read[label, file] = _bytes(self.folders[label] / file)
        return self.read[label, file]


def _check_inside(folder: Path, file: str) -> None:
    """Raise NotAttachable if a link leads out of the folder: a folder from elsewhere must not pick up private files."""
    try:
        inside = (folder / file).resolve().is_relative_to(folder.resolve())
    except (OSError, RuntimeError):  # reading it says what is wrong
        return
    if not inside:
        raise NotAttachable("it is a link to a file outside the folder of the inject file", "copy the file there")


def _bytes(path: Path) -> bytes:
    try:
        return read_input(path, MOST_ATTACHED)
    except FileNotFoundError:
        names = [each.name for each in path.parent.glob("*") if is_attachment(each.name) and each.exists()]
        similar = nearest(path.name, names) or "the path is relative to the inject file"
        raise NotAttachable("there is no such file", similar) from None
    except OSError as error:
        if exists(path) and path.is_file() and path.stat().st_size > MOST_ATTACHED:
            size = f"the file has {path.stat().st_size / MEGABYTE:,.1f} MB, at most {MOST_ATTACHED // MEGABYTE} MB"
            raise NotAttachable(size, "make it smaller") from None
        raise NotAttachable(f"it cannot be read: {error.strerror or error}") from None


def with_attachments(sources: Iterable[ScenarioSource], found: Mapping[tuple[str, str], bytes]) -> dict[str, bytes]:
    """Return all inputs of a run by their names: each attachment at its path from its inject file.

    An inject file from elsewhere whose attachments have the names of others gets its own folder.
    """
    files: dict[str, bytes] = {}
    for source in sources:
        own = {file: data for (label, file), data in found.items() if label == source.label}
        count, placed = 1, source
        while not _fits(placed, own, files):
            count += 1
            path = PurePosixPath(source.name)
            placed = replace(source, name=f"{path.parent}/{path.stem}-{count}/{path.name}")
        files[placed.name] = placed.data
        files |= {_beside(placed.name, file): data for file, data in own.items()}
    return dict(sorted(files.items()))


def _fits(source: ScenarioSource, own: Mapping[str, bytes], files: Mapping[str, bytes]) -> bool:
    names = {source.name: source.data} | {_beside(source.name, file): data for file, data in own.items()}
    return all(name not in files or files[name] == data for name, data in names.items())


def free_name(path: Path, taken: set[str]) -> str:
    """Return a name of an inject file in a run folder that is not taken yet, and take it."""
    root = injects_dir()
    path = path.resolve()
    inside = path.is_relative_to(root)
    stem = f"injects/{path.relative_to(root).with_suffix('').as_posix() if inside else path.stem}"
    name, count = f"{stem}.yaml", 1
    while name in taken:
        count += 1
        name = f"{stem}-{count}.yaml"
    taken.add(name)
    return name


def _beside(name: str, file: str) -> str:
    return (PurePosixPath(name).parent / file).as_posix()
