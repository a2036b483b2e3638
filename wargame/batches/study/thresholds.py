"""Thresholds: `p(war) > 0.05`, or `five_party: p(war) > 0.05` for one arm; checked when a batch is complete."""

import re
from operator import ge, gt, le, lt

from wargame.dataclasses import dataclass
from wargame.errors import UsageFault, flag, shortened
from wargame.language.plain_text import number_in

_FORM = re.compile(
    r"\s*(?:(?P<arm>[A-Za-z][\w-]*)\s*:)?\s*(?P<measure>.+?)\s*(?P<op><=|>=|<|>)\s*"
    r"(?P<number>[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?)\s*",
    re.ASCII,
)
_TESTS = {"<": lt, "<=": le, ">": gt, ">=": ge}


@dataclass(frozen=True, slots=True)
class Threshold:
    """A threshold that makes a batch fail: an estimate beyond a number, in any arm or in the one named."""

    text: str
    arm: str
    measure: str
    op: str
    number: float

    def crossed(self, estimate: float | None) -> bool:
        """Return whether an estimate crosses it; a missing estimate does."""
        return estimate is None or estimate != estimate or _TESTS[self.op](estimate, self.number)  # noqa: PLR0124 - NaN


def parse_threshold(text: str) -> Threshold:
    """Read a threshold; UsageFault if it is malformed. Its measure and arm are not looked up."""
    match = _FORM.fullmatch(text) if len(text) <= 1000 else None
    if match is None:
        raise UsageFault(f"'{shortened(text, 80)}' is not of the form MEASURE > NUMBER, such as 'p(war) > 0.05'")
    measure = " ".join(match["measure"].split())
    outside = measure
    while (bare := re.sub(r"\([^()]*\)|\[[^\[\]]*\]", "", outside)) != outside:
        outside = bare
    if re.search("[<>]", outside):
        raise UsageFault(f"'{shortened(text, 80)}' has more than one threshold: give each its own ", flag("fail-if"))
    return Threshold(text, match["arm"] or "", measure, match["op"], float(match["number"]))


def parse_width(text: str) -> tuple[str, float]:
    """Read MEASURE:WIDTH, the value of --until-ci; UsageFault if it is malformed."""
    measure, _, width = text.rpartition(":")
    number = number_in(width)
    if measure.strip() and number <= 0:
        raise UsageFault(f"'{shortened(text, 80)}': the width must be above 0, such as 'p(war):0.02'")
    if not measure.strip() or not 0 < number < 1e9:
        raise UsageFault(f"'{shortened(text, 80)}' is not of the form MEASURE:WIDTH, such as 'p(war):0.02'")
    return " ".join(measure.split()), number
