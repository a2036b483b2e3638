"""A run or a batch as one archive for a repository of research data: an RO-Crate 1.1 with hashes and versions.

The archive has the files of the folder, the tables of a batch with their dictionary, and a description of them in
`ro-crate-metadata.json`. The same folder gives the same archive.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from hashlib import sha256
from mimetypes import guess_type
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote

from wargame.batches.api import Batch
from wargame.batches.running.manifest import BatchManifest
from wargame.errors import UsageFault
from wargame.journal.archives import zipped
from wargame.journal.atomic import encode_json
from wargame.journal.folder import INPUTS
from wargame.journal.manifest import FILE, RUNNING, RunManifest
from wargame.review.reports.batch_export import as_file, export_tables

Manifest = RunManifest | BatchManifest
METADATA: Final = "ro-crate-metadata.json"
CONTEXT: Final = ["https://w3id.org/ro/crate/1.1/context", {"sha256": "https://schema.org/sha256"}]
NO_LICENCE: Final = "No licence is stated: ask the authors before you use the data."
SECRET: Final = frozenset({"access.jsonl"})
"""Files with the codes of people, which are left out."""
CONTENTS: Final = {
    FILE: "What was run: hashes of the inputs, seed, settings, versions, and how it ended.",
    "journal.jsonl": "The events of the run, one record a line.",
    "commands.jsonl": "The commands of the people who played, one a line.",
    "summary.json": "The results as data.",
    "tables/dictionary.csv": "The type, the unit and a description of each column of the tables.",
}
MEDIA_TYPES: Final = {".jsonl": "application/jsonl", ".parquet": "application/vnd.apache.parquet", ".yaml": "text/yaml"}


def files_of(folder: Path, batch: Batch | None = None) -> tuple[dict[str, bytes], list[str]]:
    """Return the files of a folder of a run or batch by their names in the archive, and the names that are left out.

    Hidden files, which are temporary, are not named. UsageFault if a file cannot be read.
    """
    paths = {path.relative_to(folder).as_posix(): path for path in sorted(folder.rglob("*")) if path.is_file()}
    paths = {name: path for name, path in paths.items() if not any(part.startswith(".") for part in name.split("/"))}
    secret = [name for name, path in paths.items() if path.name in SECRET]
    try:
        files = {name: path.read_bytes() for name, path in paths.items() if name not in secret}
    except OSError as error:
        raise UsageFault(f"{error.filename} cannot be read: {error.strerror}") from None
    tables = export_tables(batch) if batch else {}
    return files | {f"tables/{name}.csv": as_file(table, "csv") for name, table in tables.items()}, secret


def archive(
    files: Mapping[str, bytes], manifest: Manifest, authors: Sequence[str] = (), licence: str = "", publisher: str = ""
) -> bytes:
    """Return the files as a zip archive with their description; UsageFault if the run or batch is not finished.

    An author is a name, perhaps followed by the affiliation in parentheses. The address of an affiliation or publisher
    may follow its name.
    """
    if manifest.ended == RUNNING or not manifest.finished:
        raise UsageFault(f"{manifest.name} is not finished: only finished runs and batches can be bundled")
    entities = [*_entities(files, manifest, licence), *_people(authors, publisher)]
    entities[1] |= {"author": [_ref(each["@id"]) for each in entities if each["@type"] == "Person"]}
    entities[1] |= {"publisher": _ref("#publisher")} if publisher else {}
    described = encode_json({"@context": CONTEXT, "@graph": [*map(_compact, entities)]})
    return zipped({METADATA: described, **files})


def _entities(files: Mapping[str, bytes], manifest: Manifest, licence: str) -> Iterable[dict[str, Any]]:
    """Yield the entities of the metadata: itself, the data set, its files, the software, and how it was made."""
    inputs = [name for name in files if name.startswith(f"{INPUTS}/")]
    about = {"conformsTo": _ref("https://w3id.org/ro/crate/1.1"), "about": _ref("./")}
    yield {"@id": METADATA, "@type": "CreativeWork", **about}
    place = licence if "://" in licence else "#licence"
    yield {
        "@id": "./",
        "@type": "Dataset",
        "name": manifest.title,
        "identifier": manifest.name,
        "description": f"Data of a simulated crisis, made by `{manifest.command}` with seed {manifest.seed}.",
        "datePublished": str(manifest.finished)[:10],
        "license": _ref(place),
        "hasPart": [_ref(name) for name in files],
        "mentions": _ref("#run"),
    }
    yield {"@id": place, "@type": "CreativeWork", "name": licence or NO_LICENCE}
    for name, content in files.items():
        yield _file(name, content)
    for name, version in manifest.versions.items():
        yield {"@id": f"#{name}", "@type": "SoftwareApplication", "name": name, "version": version}
    yield {
        "@id": "#run",
        "@type": "CreateAction",
        "name": manifest.command,
        "instrument": [_ref(f"#{name}") for name in manifest.versions],
        "object": [_ref(name) for name in inputs],
        "result": [_ref(name) for name in files if name not in inputs],
        "startTime": manifest.started,
        "endTime": manifest.finished,
    }


def _people(authors: Sequence[str], publisher: str) -> Iterator[dict[str, Any]]:
    """Yield the authors, their affiliations and the publisher."""
    for number, author in enumerate(authors, 1):
        name, _, of = author.strip().removesuffix(")").partition(" (")
        if not name or name.startswith("("):
            raise UsageFault(f"the author '{author}' has no name (write 'A. Analyst' or 'A. Analyst (Institute)')")
        affiliation = {"affiliation": _ref(f"#affiliation-{number}")} if of else {}
        yield {"@id": f"#author-{number}", "@type": "Person", "name": name, **affiliation}
        if of:
            yield _organisation(f"#affiliation-{number}", of)
    if publisher:
        yield _organisation("#publisher", publisher)


def _organisation(place: str, text: str) -> dict[str, Any]:
    """Return an organisation from its name and, if the last word is one, its address."""
    name, _, url = text.strip().rpartition(" ") if "://" in text else (text.strip(), "", "")
    if not name:
        raise UsageFault(f"the organisation '{text}' has no name (write 'Institute' or 'Institute https://a.org')")
    return {"@id": place, "@type": "Organization", "name": name, **({"url": url} if url else {})}


def _compact(entity: dict[str, Any]) -> dict[str, Any]:
    """Replace lists of one value by the value, as RO-Crate asks for, and leave out empty ones."""
    one = {name: value[0] if isinstance(value, list) and len(value) == 1 else value for name, value in entity.items()}
    return {name: value for name, value in one.items() if value != []}


def _ref(name: str) -> dict[str, str]:
    """Refer to an entity by its name: an address, a place within this description, or the path of a file."""
    return {"@id": name if "://" in name or name.startswith("#") else quote(name)}


def _file(name: str, content: bytes) -> dict[str, Any]:
    media_type = MEDIA_TYPES.get(Path(name).suffix) or guess_type(name)[0] or "application/octet-stream"
    entity = {**_ref(name), "@type": "File", "name": name, "encodingFormat": media_type}
    entity |= {"contentSize": str(len(content)), "sha256": sha256(content).hexdigest()}
    return entity | ({"description": CONTENTS[name]} if name in CONTENTS else {})
