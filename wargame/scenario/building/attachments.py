"""Attachments of injects: where their bytes come from, and what is wrong with them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import PurePosixPath

from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from wargame.errors import Problem, listed, shortened
from wargame.scenario.building.media_types import (
    MEGABYTE,
    MOST_TOGETHER,
    NotAttachable,
    content_of,
    is_attachment,
)
from wargame.scenario.building.yaml_nodes import fault, keys, text
from wargame.scenario.model import AttachedContent, Attachment, Inject

Find = Callable[[str, str], bytes]
"""The bytes of a file, by the label of the inject file and the path in it; NotAttachable if there are none."""


@dataclass(slots=True)
class Attachments:
    """Gives the attachments of a scenario their content, and adds to `problems` those that cannot be attached."""

    find: Find
    problems: list[Problem]
    _sizes: dict[tuple[str, str], int] = field(default_factory=dict)

    def attach(self, label: str, injects: Sequence[Inject], nodes: Mapping[str, Node]) -> tuple[Inject, ...]:
        """Return the injects of a file with the content of their attachments; what cannot be attached is left out."""
        return tuple(
            replace(inject, attachments=tuple(self._attached(label, inject, nodes[inject.id])))
            if inject.attachments
            else inject
            for inject in injects
        )

    def _attached(self, label: str, inject: Inject, item: Node) -> Iterator[Attachment]:
        places = {text(node): node for node in attachment_nodes(item)}
        seen: set[str] = set()
        for each in inject.attachments:
            place, name = places.get(each.file, item), shortened(each.file)
            if each.file in seen:
                self.problems.append(fault(place, f"'{name}' is attached twice"))
                continue
            seen.add(each.file)
            try:
                yield replace(each, content=self._content(label, each.file))
            except NotAttachable as error:
                self.problems.append(fault(place, f"attachment '{name}': {error}", error.remedy))

    def _content(self, label: str, file: str) -> AttachedContent:
        _check_path(file)
        if not is_attachment(file):
            return content_of(file, b"")  # refuses it by its name, before it is read
        content = content_of(file, self.find(label, file))
        self._sizes[label, file] = content.size
        if sum(self._sizes.values()) > MOST_TOGETHER:
            raise NotAttachable(f"all attachments together have more than {MOST_TOGETHER // MEGABYTE} MB")
        return content


def attachment_nodes(item: Node) -> list[ScalarNode]:
    """Return the nodes of the paths of an inject's attachments."""
    entry = keys(item).get("attachments")
    nodes = entry[1].value if entry and isinstance(entry[1], SequenceNode) else []
    paths = (keys(node).get("file", (None, None))[1] if isinstance(node, MappingNode) else node for node in nodes)
    return [node for node in paths if isinstance(node, ScalarNode)]


def _check_path(file: str) -> None:
    """NotAttachable unless it is a plain path below the folder of the inject file."""
    path = PurePosixPath(file)
    if not path.parts:
        raise NotAttachable("no file is named", "write it as media/map.png")
    if not file.isprintable() or "\\" in file or path.is_absolute() or ":" in path.parts[0]:
        raise NotAttachable("the path is not relative to the inject file", "write it as media/map.png")
    if any(part.startswith(".") for part in path.parts):
        raise NotAttachable("the file is outside the folder of the inject file, or hidden", "move it there")


def frozen(files: Mapping[str, bytes]) -> Find:
    """Find attachments among the inputs of a run: an inject that is added during play may attach any of them."""

    def find(label: str, file: str) -> bytes:
        if label in files:
            name = (PurePosixPath(label).parent / file).as_posix()
        else:
            same = [name for name in sorted(files) if f"/{name}".endswith(f"/{file}")]
            name = same[0] if same else ""
        if name in files:
            return files[name]
        known = listed({PurePosixPath(name).name for name in files if is_attachment(name)})
        raise NotAttachable("it is not among the inputs of the run", f"attachments there: {known or 'none'}")

    return find
