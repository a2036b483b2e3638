"""Loads and checks a scenario.

`load` finds and reads files; `load_files` takes the bytes of the files, as stored in a run folder. Both raise `Invalid`
with all problems of all files; `load` raises `UsageFault` if there is no such file.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property, lru_cache
from hashlib import sha256
from pathlib import Path

from yaml.nodes import MappingNode, SequenceNode

from wargame.errors import Invalid, Problem, UsageFault, flag
from wargame.scenario.building import numbers
from wargame.scenario.building.attachments import Find, frozen, is_attachment
from wargame.scenario.building.build import own_problems
from wargame.scenario.building.draft import Draft, draft
from wargame.scenario.building.merge import Trees, trees
from wargame.scenario.building.scalars import Parameter, ScenarioCache
from wargame.scenario.building.yaml_nodes import Format, elements, fault, file_format, read, text, value_of
from wargame.scenario.checks import check, people
from wargame.scenario.checks.plausibility import check_plausibility
from wargame.scenario.checks.sanity import UNEXAMINED, Sanity, examine
from wargame.scenario.loading import catalogue, inject_files
from wargame.scenario.loading.catalogue import AttachedFiles, ScenarioSource, with_attachments
from wargame.scenario.loading.overlays import as_read, is_overlay, overlays_of
from wargame.scenario.model import ExercisePlan, Inject, Injects, Scenario
from wargame.scenario.model.exercises import as_played


@dataclass(frozen=True, repr=False)
class Loaded:
    """A checked scenario with its injects, input files and parameters."""

    scenario: Scenario
    injects: tuple[Inject, ...]
    """The injects of all files, sorted by id."""
    files: dict[str, bytes]
    """All input files by their names in a run folder, such as `scenario/two-rivals.yaml`; attachments among them."""
    parameters: tuple[Parameter, ...]
    """Numbers written with a range or source, sorted by path."""
    sanity: Sanity
    warnings: tuple[Problem, ...]
    """Warnings. `sanity.refusal` is separate: an error for `validate`, a warning for a run."""
    exercise: ExercisePlan | None = None
    """The exercise whose title, calendar, role sheets and objectives the scenario has; None for a scenario alone."""
    overlays: Mapping[str, ScenarioSource] = field(default_factory=dict)
    """The overlays that variants name. They are no input of a run unless a variant is run."""
    known: ScenarioCache | None = None
    """The parts read before, if its variants are read as well."""

    def __repr__(self) -> str:
        return "\n".join([self.scenario.title, *(f"  {name:<12} {value}" for name, value in self._facts())])

    def _repr_html_(self) -> str:
        """Return the facts as a table, for notebooks."""
        from html import escape

        rows = "".join(f"<tr><td>{name}</td><td>{escape(value)}</td></tr>" for name, value in self._facts())
        return f"<table><caption>{escape(self.scenario.title)}</caption><tbody>{rows}</tbody></table>"

    def _facts(self) -> list[tuple[str, str]]:
        scenario = self.scenario
        many = [f"{len(getattr(scenario, name))} {name}" for name in ("options", "outcomes", "indicators")]
        return [
            ("scenario", f"{scenario.name}, starts {scenario.calendar.start}"),
            ("governments", ", ".join(f"{code} {each.name}" for code, each in sorted(scenario.governments.items()))),
            ("contents", ", ".join([*many, f"{len(self.injects)} injects"])),
            ("warnings", f"{len(self.warnings)}, in .warnings" if self.warnings else "none"),
        ]

    # The hashes are computed on first use, since checking does not need them.
    @cached_property
    def scenario_sha256(self) -> str:
        """Hash of the content of the scenario, independent of files, order and comments."""
        return numbers.scenario_sha256(self.scenario, tuple(each for each in self.parameters if not _of_injects(each)))

    @cached_property
    def injects_sha256(self) -> str:
        """Hash of the content of all injects, independent of files, order and comments."""
        return numbers.injects_sha256(self.injects, tuple(each for each in self.parameters if _of_injects(each)))

    @cached_property
    def attachments_sha256(self) -> dict[str, str]:
        """Hash of each attachment by its name in a run folder."""
        return {name: sha256(data).hexdigest() for name, data in self.files.items() if is_attachment(name)}

    @cached_property
    def attached(self) -> dict[str, bytes]:
        """The bytes of each attachment by their SHA-256, as records name it."""
        return {self.attachments_sha256[name]: self.files[name] for name in self.attachments_sha256}

    def attach(self, name: str, data: bytes) -> None:
        """Add an attachment to the files, for injects that are added during play."""
        self.files[name] = data
        self.attachments_sha256[name] = sha256(data).hexdigest()
        self.attached[self.attachments_sha256[name]] = data


def _of_injects(parameter: Parameter) -> bool:
    return parameter.path.startswith("injects.")


def load(target: str, injects: Sequence[str] = (), *, keep: bool = False) -> Loaded:
    """Load a scenario or exercise by name or path, with its own injects and the files of `injects` (names or paths).

    With `keep`, what was read is kept for its variants.
    """
    extra = [catalogue.need_injects(name) for name in injects]
    if exercise := catalogue.find_exercise(target):
        return _load_exercise(exercise, extra)
    path = catalogue.find_scenario(target)
    try:
        if path.is_relative_to(catalogue.scenario_dir()) and not extra and not keep:
            return _built_in(path, catalogue.label(path), catalogue.state(path, catalogue.injects_dir()))
        return _load(path, extra, keep=keep)
    except Invalid:
        if folder := _folder_of_part(path):
            message = f"this is one file of the scenario in {folder}"
            raise Invalid.in_file(catalogue.label(path), message, "give the folder", line=1) from None
        raise


@lru_cache(maxsize=4)
def _built_in(path: Path, label: str, state: tuple[object, ...]) -> Loaded:  # noqa: ARG001 - they tell apart what is read
    """Return a built-in scenario, read once in a process as long as its files stay as they are.

    Its files have other labels in messages if the working directory is above them.
    """
    return _load(path, ())


def _folder_of_part(path: Path) -> Path | None:
    """Return the folder of the scenario of which a file has only some sections; None if it is not such a file.

    The folder is that of the file or one above. One of its files has the name of the scenario, the others have not.
    """
    name = catalogue.scenario_name(path) if path.is_file() else None
    if name is None:
        return None
    for folder in (path.parent, path.parent.parent):
        names = [catalogue.scenario_name(file) for file in sorted(folder.glob("*.yaml")) if file.is_file()]
        if sum(map(bool, names)) == 1 and (not name or (folder == path.parent and "" in names)):
            return folder
    return None


def load_target(target: str, *, keep: bool = False) -> Loaded:
    """Return as `load`; for an inject file or one file of a scenario, loads the whole scenario.

    That of an inject file is the exercise in its folder that names it, or the scenario that it names, from its folder,
    the one above, or built in.
    """
    path = Path(target)
    if not (catalogue.exists(path) and path.is_file()):
        return load(target, keep=keep)
    if folder := _folder_of_part(path):
        return _load(folder, (), keep=keep)
    problems: list[Problem] = []
    source = catalogue.fetch(path, catalogue.free_name(path, set()), problems)
    if source is None or Format.INJECTS.encode() not in source.data:
        return load(target)
    root = read(source.label, source.data, problems)
    if root is None:
        raise Invalid(problems)
    if text(value_of(root, "format")) != Format.INJECTS:
        return load(target)
    if exercise := inject_files.exercise_of(path):
        return _load_exercise(exercise, ())
    return _load(_scenario_of(Injects, path, root), (), (source, root))


def _scenario_of(cls: type, path: Path, root: MappingNode) -> Path:
    """Return the path of the scenario that a file of this class names; Invalid, with all its problems, if none."""
    named = value_of(root, "scenario")
    try:
        return catalogue.scenario_of(path, text(named) or " ")
    except UsageFault as error:
        wrong = [fault(named, str(error))] if named else []  # `scenario` is missing, which is a problem of the file
        raise Invalid([*wrong, *own_problems(cls, root)]) from None


def load_files(files: Mapping[str, bytes], checked: tuple[str, str] | None = None) -> Loaded:
    """Load a scenario from the bytes of its files, by their names in a run folder. Reads no other files.

    The same files are checked once in a process, which may open one run several times, or several of a scenario.
    Content whose hashes of scenario and injects are `checked` was checked when these were written; it gets no warnings.
    """
    return _of_files(tuple(sorted(files.items())), checked)


@lru_cache(maxsize=4)
def _of_files(files: tuple[tuple[str, bytes], ...], checked: tuple[str, str] | None) -> Loaded:
    content = dict(files)
    drafted = _of_bytes(content)
    if checked and not drafted.reading.problems:
        people.check_map(drafted)  # no part of the hashes, and drawn
        loaded = _unexamined(drafted, content)
        if not drafted.reading.problems and checked == (loaded.scenario_sha256, loaded.injects_sha256):
            return loaded
    return _examined(drafted, content)


def _of_bytes(files: dict[str, bytes], known: ScenarioCache | None = None) -> Draft:
    problems: list[Problem] = []
    label = next(iter(files), "the files")
    return _drafted(trees(files.items(), problems, known), frozen(files), problems, label, known)


ReadFile = tuple[ScenarioSource, MappingNode]
"""A file that has been read already, with its nodes."""


def _load_exercise(path: Path, extra: Sequence[Path]) -> Loaded:
    """Read an exercise with its scenario and its injects; `extra` are more inject files."""
    problems: list[Problem] = []
    source = catalogue.fetch(path, f"exercise/{path.name}", problems)
    root = read(source.label, source.data, problems) if source else None
    if source is None or root is None or file_format(root, problems) != Format.EXERCISE:
        raise Invalid(problems)
    scenario = _scenario_of(ExercisePlan, path, root)
    scripts = inject_files.listed(elements(root, "injects"), path.parent, problems)
    return _load(scenario, [*scripts, *extra], exercise=(source, root), problems=problems)


def _load(
    path: Path,
    extra: Iterable[Path],
    script: ReadFile | None = None,
    *,
    exercise: ReadFile | None = None,
    problems: list[Problem] | None = None,
    keep: bool = False,
) -> Loaded:
    """Read a scenario with its scripts, of the exercises beside it only `exercise`; `script` has been read already."""
    problems = [] if problems is None else problems
    folder = path if path.is_dir() else path.parent
    own, above = _sources(path, folder, problems)
    parts = trees([(each.label, each.data) for each in own if not each.has_format(Format.INJECTS)], problems)
    overlays = overlays_of(parts, folder, above, problems)
    ready = [script[0]] if script else []
    folders, before = {source.label: source.path.parent for source in own}, len(problems)
    added = [*inject_files.named_by(parts, folder, folders, problems), *extra]
    chooses = isinstance(value_of(parts.scenario, "injects"), SequenceNode) and len(problems) == before
    played = {each.resolve() for each in (*added, *(source.path for source in ready))}
    spare = [each for each in own if chooses and each.has_format(Format.INJECTS) and each.path.resolve() not in played]
    own = [each for each in own if each not in spare]
    here = trees([(each.label, each.data) for each in own if each.has_format(Format.INJECTS)], problems)
    scripts = inject_files.read_scripts(added, [*own, *ready], problems)
    more = trees([(source.label, source.data) for source in scripts], problems)
    if more.scenario is not None:
        remedy = "give it without " + flag("injects")
        problems.append(fault(more.scenario, "this is a scenario, not an inject file", remedy))
    nodes = here.scripts + more.scripts
    if script and script[0].path.resolve() not in {source.path.resolve() for source in own}:
        nodes, scripts = (*nodes, script[1]), [*scripts, *ready]
    inputs = sorted([*own, *scripts, *([exercise[0]] if exercise else [])], key=lambda source: source.name)
    find = AttachedFiles({source.label: source.path.parent for source in inputs})
    files = {source.name: source.data for source in inputs}
    whole = Trees(parts.scenario, nodes, exercise[1] if exercise else None)
    known = ScenarioCache({}) if keep and overlays else None
    loaded = _examined(_drafted(whole, find, problems, own[0].label if own else str(path), known), files)
    if find.read:
        loaded = replace(loaded, files=with_attachments(inputs, find.read))
    message = "this inject file is not used: `injects` of the scenario does not name it"
    remedy = "add it there, or give it with " + flag("injects")
    idle = [each.label for each in spare if exercise is None and inject_files.exercise_of(each.path) is None]
    warnings = (Problem(each, 1, 1, message, remedy) for each in idle)
    if known:
        names = {source.label: source.name for source in inputs}
        known.nodes.update((names[root.start_mark.name], root) for each in (parts, here, more) for root in each.files)
    return replace(loaded, overlays=overlays, known=known, warnings=(*loaded.warnings, *warnings))


def _sources(path: Path, folder: Path, problems: list[Problem]) -> tuple[list[ScenarioSource], list[ScenarioSource]]:
    """Return the files of a scenario, and the overlays among them; Invalid if they are of several scenarios."""
    paths = catalogue.yaml_files(path) if path.is_dir() else [path]
    if not paths:
        raise Invalid.in_file(path, "there is no YAML file in this folder")
    sources = [catalogue.fetch(each, f"scenario/{each.relative_to(folder).as_posix()}", problems) for each in paths]
    read_files = [source for source in sources if source and not source.has_format(Format.EXERCISE)]
    overlays = [source for source in read_files if is_overlay(source)]
    own = [source for source in read_files if source not in overlays]
    if overlays and not own:
        message, remedy = "this is an overlay, not a scenario", "give the folder of its scenario"
        raise Invalid.in_file(overlays[0].label, message, remedy, line=1)
    if len(several := catalogue.scenarios_within(path)) > 1:
        names = ", ".join(map(str, several))
        raise Invalid.in_file(path, f"has {len(several)} scenarios", f"give one of {names}")
    return own, overlays


def known_of(loaded: Loaded) -> ScenarioCache:
    """Return what was read of a scenario, for several overlays over it, or read its files again."""
    if loaded.known is not None:
        return loaded.known
    found = {name: read(name, data, []) for name, data in loaded.files.items() if not is_attachment(name)}
    return ScenarioCache({name: root for name, root in found.items() if root is not None})


def laid_over(
    loaded: Loaded, overlay: ScenarioSource, known: ScenarioCache | None = None, root: MappingNode | None = None
) -> Loaded:
    """Return the scenario with an overlay among its files; Invalid with all problems.

    `known` is its `known_of`, and `root` has the nodes of the overlay, if they have been read. With `known`, nothing
    is said about what is valid but implausible.
    """
    files = dict(sorted({**loaded.files, overlay.name: overlay.data}.items()))
    try:
        if known is not None and root is not None:
            known = replace(known, nodes={**known.nodes, overlay.name: root})
        laid = load_files(files) if known is None else _examined(_of_bytes(files, known), files, warn=False)
        return replace(laid, overlays=loaded.overlays)
    except Invalid as error:
        raise Invalid([replace(each, file=as_read(each.file, overlay)) for each in error.problems]) from None


def _drafted(
    file_trees: Trees, find: Find, problems: list[Problem], label: str, known: ScenarioCache | None = None
) -> Draft:
    if file_trees.scenario is None:
        if not problems:
            remedy = "use " + flag("injects") + " for an inject file and `wargame report` for a review.yaml"
            problems.append(Problem(label, 1, 1, "this is not a scenario", remedy))
        others: list[tuple[type, MappingNode]] = [(Injects, script) for script in file_trees.scripts]
        others += [(ExercisePlan, file_trees.exercise)] if file_trees.exercise else []
        raise Invalid([*problems, *(each for cls, root in others for each in own_problems(cls, root))])
    return draft(file_trees, problems, find, known)


def _examined(drafted: Draft, files: dict[str, bytes], *, warn: bool = True) -> Loaded:
    """Return what was loaded, without warnings of what is implausible unless `warn`; Invalid with all problems."""
    check(drafted)
    if drafted.reading.problems:
        raise Invalid(drafted.reading.problems)
    if warn:
        check_plausibility(drafted)
    return replace(_unexamined(drafted, files), sanity=examine(drafted), warnings=tuple(sorted(set(drafted.warnings))))


def _unexamined(drafted: Draft, files: dict[str, bytes]) -> Loaded:
    scenario = drafted.scenario
    if drafted.exercise is not None:
        scenario = as_played(scenario, drafted.played, drafted.exercise)
    parameters = tuple(sorted(drafted.reading.parameters, key=lambda parameter: parameter.path))
    return Loaded(scenario, drafted.played, files, parameters, UNEXAMINED, (), drafted.exercise)
