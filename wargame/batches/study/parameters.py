"""A scenario with changed numbers: in memory for a batch, in its files for a run that can be verified."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import is_dataclass, replace
from typing import Any

from yaml.nodes import CollectionNode, MappingNode, Node, ScalarNode, SequenceNode

from wargame.errors import Invalid, Problem, UsageFault, nearest, shortened
from wargame.scenario.building.attachments import is_attachment
from wargame.scenario.building.draft import draft
from wargame.scenario.building.merge import trees
from wargame.scenario.building.numbers import ScenarioNumber, expand, formula_with, matching, numbers, with_constants
from wargame.scenario.building.yaml_nodes import keys, plain_key, read, text, value_of
from wargame.scenario.loading.load import Loaded, known_of, laid_over, load_files
from wargame.scenario.loading.overlays import nodes_of_parts, parts_of

Tree = dict[str, Any]
"""Values by the steps of their paths."""


def with_parameters(loaded: Loaded, values: Mapping[str, float]) -> Loaded:
    """Return the scenario with these numbers, by paths of `scenario.numbers`; nothing is read or checked again."""
    if not values:
        return loaded
    tree: Tree = {}
    for path, value in values.items():
        *steps, last = path.split(".")
        inner = tree
        for step in steps:
            inner = inner.setdefault(step, {})
        inner[last] = value
    of_injects = tree.pop("injects", None)
    injects = _put(loaded.injects, of_injects) if of_injects else loaded.injects
    parameters = tuple(replace(p, value=values[p.path]) if p.path in values else p for p in loaded.parameters)
    return replace(loaded, scenario=_put(loaded.scenario, tree), injects=injects, parameters=parameters)


def _put(value: Any, new: Tree | float) -> Any:
    """Return a copy of a value of the model with some of its numbers replaced."""
    if isinstance(value, str) and isinstance(new, dict):
        return formula_with(value, new)
    if not isinstance(new, dict):
        return int(new) if isinstance(value, int) else new
    if not new:
        return value
    if is_dataclass(value) and not isinstance(value, type):
        return replace(value, **{name: _put(getattr(value, name), each) for name, each in new.items()})
    if isinstance(value, dict):
        return {key: _put(each, new[key]) if key in new else each for key, each in value.items()}
    steps = [getattr(each, "id", None) or str(place) for place, each in enumerate(value)]
    return tuple(_put(each, new[step]) if step in new else each for step, each in zip(steps, value, strict=True))


def known_of_paths(loaded: Loaded, paths: Iterable[str]) -> dict[str, ScenarioNumber]:
    """Return all numbers of a scenario by path, with those inside formulas that some paths name."""
    return with_constants(numbers(loaded.scenario, loaded.injects), paths, loaded.scenario, loaded.injects)


def expanded(given: Mapping[str, float], loaded: Loaded) -> dict[str, float]:
    """Return the numbers that an arm's `parameters` change, by path; UsageFault for a wrong path or value."""
    if not given:
        return {}
    known = known_of_paths(loaded, given)
    for pattern, value in given.items():
        if message := fault_of(pattern, value, known):
            raise UsageFault(message)
    return expand(given, known)


def fault_of(pattern: str, value: float, known: Mapping[str, ScenarioNumber]) -> str:
    """Return what is wrong with a parameter of an arm; empty if nothing."""
    paths = matching(pattern, known)
    if not paths:
        hint = nearest(pattern, known) or "paths are the keys in the files joined by dots; `*` matches any key"
        return f"there is no number at '{shortened(pattern, 80)}' ({hint})"
    for path in paths:
        number = known[path]
        if not number.low <= value <= number.high:
            return f"'{path}' must be between {number.low:g} and {number.high:g}; it cannot be {value:g}"
        if number.whole and value != int(value):
            return f"'{path}' is a whole number; it cannot be {value:g}"
    return ""


def under(loaded: Loaded, name: str | None) -> Loaded:
    """Return the scenario as one of its declared variants: its overlay, other numbers, its name in the title.

    The scenario itself if `name` is None; UsageFault if it has no variant of this name.
    """
    if name is None:
        return loaded
    every = loaded.scenario.evidence.variants
    if name not in every:
        hint = nearest(name, every) or (f"there are {', '.join(every)}" if every else "the scenario has none")
        raise UsageFault(f"there is no variant '{shortened(name)}' ({hint})")
    title, variant = f"{loaded.scenario.title} (variant {name})", every[name]
    if variant.overlay is not None:
        if variant.overlay not in loaded.overlays:
            raise UsageFault(f"the overlay of the variant '{name}' is not among these files; give the scenario itself")
        loaded = laid_over(loaded, parts_of(loaded.overlays[variant.overlay], variant.only, variant.without))
    return rewritten(loaded, expanded(variant.parameters, loaded), title)


def variant_problems(loaded: Loaded) -> tuple[Problem, ...]:
    """Return the problems of variants with an overlay, each once, which are not found by loading the scenario."""
    problems: dict[Problem, None] = {}
    known = known_of(loaded) if loaded.overlays else None
    roots = {name: read(each.label, each.data, []) for name, each in loaded.overlays.items()}
    laid: dict[tuple[object, ...], Loaded | None] = {}
    for name, variant in loaded.scenario.evidence.variants.items():
        if variant.overlay is None:
            continue
        overlay, key = loaded.overlays[variant.overlay], (variant.overlay, variant.only, variant.without)
        try:
            if key not in laid:
                laid[key] = None
                root = roots[variant.overlay]
                parts = nodes_of_parts(root, variant.only, variant.without) if root else None
                laid[key] = fresh = laid_over(loaded, overlay, known, parts)
                problems |= {fresh.sanity.refusal: None} if fresh.sanity.refusal else {}
            if (below := laid[key]) is not None:
                expanded(variant.parameters, below)
        except Invalid as error:
            problems |= dict.fromkeys(error.problems)
        except UsageFault as error:
            problems[Problem(overlay.label, 0, 0, f"variant '{name}': {error}")] = None
    return tuple(problems)


def rewritten(loaded: Loaded, values: Mapping[str, float], title: str = "") -> Loaded:
    """Return as `with_parameters`, but with the numbers changed in the files, which a run folder keeps.

    A number at its default, which is not in a file, is written next to its neighbours. A range that does not contain
    the new number is widened to it. UsageFault names a number that cannot be changed this way, as where an alias makes
    it stand for others too, and a value with which the scenario is invalid. A `title` replaces the written one, if that
    is on one line.
    """
    if not values and not title:
        return loaded
    changed = _rewritten(loaded, values, title)
    if changed is not None:
        return changed
    for path, value in values.items():  # one at a time: some are inserted at the same place
        changed = _rewritten(loaded, {path: value})
        if changed is None:
            raise UsageFault(_why_not(loaded, path, value))
        loaded = changed
    return (_rewritten(loaded, {}, title) if title else None) or loaded


def _why_not(loaded: Loaded, path: str, value: float) -> str:
    """Return why a number cannot be changed in the files: the scenario is invalid with it, or it has no own place."""
    known = known_of_paths(loaded, [path])
    if _rewritten(loaded, {path: known[path].value}) is not None:
        try:
            load_files(_changed(loaded, {path: value}, known, ""))
        except Invalid as error:
            return f"'{path}' cannot be {value:g}: {'; '.join(map(str, error.problems)) or error}"
    remedy = f"write it as a key of its own, with the value {value:g}"
    return f"'{path}' cannot be changed in the files: it is not a value of its own there; {remedy}"


def _rewritten(loaded: Loaded, values: Mapping[str, float], title: str = "") -> Loaded | None:
    """Return the scenario of the changed files; None if it does not have exactly these numbers."""
    known = known_of_paths(loaded, values)
    try:
        changed = load_files(_changed(loaded, values, known, title))
    except Invalid:
        return None
    now = {path: number.value for path, number in known_of_paths(changed, values).items()}
    return changed if now == {path: number.value for path, number in known.items()} | dict(values) else None


def _changed(
    loaded: Loaded, values: Mapping[str, float], known: Mapping[str, ScenarioNumber], title: str
) -> dict[str, bytes]:
    """Return the files with numbers replaced or inserted, from the end backwards, so that positions stay valid."""
    problems: list[Problem] = []
    tree = draft(trees(sorted(loaded.files.items()), problems), problems)
    places: list[tuple[Node, list[str], str]] = []
    formulas: dict[int, tuple[Node, dict[str, float]]] = {}
    if title:
        places.append((keys(tree.root)["title"][1], [], json.dumps(title, ensure_ascii=False)))
    for path, value in values.items():
        steps = path.split(".")
        node: Node = tree.root
        if steps[0] == "injects":
            node, steps = tree.inject_nodes[steps[1]], steps[2:]
        while steps and (below := _below(node, steps[0])) is not None:
            node, steps = below, steps[1:]
        number = f"{int(value)}s" if known[path].duration else repr(int(value) if known[path].whole else value)
        if isinstance(node, MappingNode) and "value" in keys(node) and not steps:
            places += [(end, [], number) for end in _passed_ends(node, value)]
            node = keys(node)["value"][1]
        if isinstance(node, ScalarNode) and steps and steps[0].isdigit():  # a number inside a formula
            formulas.setdefault(id(node), (node, {}))[1][steps[0]] = value
        else:
            places.append((node, steps, number))
    places += [(node, [], json.dumps(formula_with(text(node), each))) for node, each in formulas.values()]
    attachments = {name: data for name, data in loaded.files.items() if is_attachment(name)}
    texts = {name: data for name, data in loaded.files.items() if name not in attachments}
    lines = {name: data.decode("utf-8-sig").splitlines(keepends=True) for name, data in texts.items()}
    places.sort(key=lambda each: (each[0].start_mark.line, each[0].start_mark.column))
    for node, steps, number in reversed(places):
        _edit(lines[node.start_mark.name], node, steps, number)
    return {name: "".join(each).encode() for name, each in lines.items()} | attachments


def _passed_ends(node: MappingNode, value: float) -> list[Node]:
    """Return the ends of the range of a written number that a value is outside of: none or one."""
    span = value_of(node, "range")
    if not isinstance(span, SequenceNode) or len(span.value) != 2:
        return []
    low, high = span.value
    if value < float(low.value):
        return [low]
    return [high] if value > float(high.value) else []


def _below(node: Node, step: str) -> Node | None:
    if isinstance(node, SequenceNode):
        places = [text(value_of(each, "id")) or str(i) for i, each in enumerate(node.value)]
        return node.value[places.index(step)] if step in places else None
    return {plain_key(key): value for key, (_, value) in keys(node).items()}.get(step)


def _edit(lines: list[str], node: Node, steps: list[str], number: str) -> None:
    start, end = node.start_mark, node.end_mark
    line = lines[start.line]
    if isinstance(node, ScalarNode):  # as in `tension: 0.1`, short for `tension: {by: 0.1}`
        lines[start.line] = f"{line[: start.column]}{number}{line[end.column :]}"
    elif isinstance(node, CollectionNode):
        *outer, last = steps
        written = f"{last}: {number}"
        for key in reversed(outer):
            written = f"{key}: {{{written}}}"
        at = start.column + 1 if node.flow_style else start.column
        put = f"{written}, " if node.flow_style else f"{written}\n{' ' * start.column}"
        lines[start.line] = f"{line[:at]}{put}{line[at:]}"
