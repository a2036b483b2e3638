"""`wargame elicit`."""

from pathlib import Path
from typing import Annotated

from wargame.cli import lib, options
from wargame.errors import UsageFault

SHEETS = (".csv", ".xlsx")


def command(
    scenario: options.Scenario,
    files: Annotated[list[Path] | None, options.argument("[FILE]...", "elicit")] = None,
    *,
    top: Annotated[int | None, options.option("--top", "N", "elicit", min=1, max=1000)] = None,
    pool: Annotated[bool, options.flag("--pool", "elicit")] = False,
    out: Annotated[Path | None, options.out_file("elicit")] = None,
    shown: options.Shown,
) -> None:
    """Write a sheet that asks experts for ranges of numbers, or pool their answers."""
    out = out or Path("ranges-from-experts.yaml" if pool else f"{Path(scenario).stem}-numbers.csv")
    if out.exists():
        raise UsageFault(f"{out} exists: name another file with --out")
    if pool != bool(files):
        raise UsageFault("--pool needs the sheets of the experts" if pool else "sheets are read with --pool")
    loaded = lib.load(scenario)
    if not files:
        asked = lib.elicitation.asked(loaded, top or 20)
        if out.suffix.lower() not in SHEETS:
            raise UsageFault(f"--out {out}: a sheet ends in {' or '.join(SHEETS)}")
        lib.write_output(out, lib.elicitation.sheet(asked, out.suffix.lower()), own=SHEETS)
        shown.written({"sheet": str(out), "numbers": [each.number.path for each in asked]}, out)
        return
    asked = lib.elicitation.asked(loaded, top)
    pooled = lib.elicitation.pool(asked, files)
    if out.suffix.lower() not in (".yaml", ".yml"):
        raise UsageFault(f"--out {out}: ranges are written to a file that ends in .yaml")
    lib.write_output(out, lib.elicitation.ranges(asked, pooled).encode(), files, own=(".yaml", ".yml"))
    document = {path: dict(zip(lib.elicitation.ANSWERS, given[-1], strict=True)) for path, given in pooled.items()}
    shown.written({"ranges": str(out), "experts": len(files), "numbers": document}, out)
