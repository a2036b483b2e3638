"""Claims, targets and evidence: arms and their changes, contrasts, bounds, and uncertain numbers."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from itertools import islice
from math import isfinite

from wargame.errors import nearest, shortened
from wargame.language.expressions import ExpressionError, parse_path
from wargame.language.plain_text import number_in
from wargame.language.times import Time, parse_time
from wargame.scenario.building.draft import Draft, PathStep
from wargame.scenario.building.numbers import ScenarioNumber, numbers, numbers_at, without_unit
from wargame.scenario.building.yaml_nodes import text as text_of
from wargame.scenario.checks.calendar import LocalClock, clock
from wargame.scenario.checks.people import aims, can, leads
from wargame.scenario.model.measures import Checker
from wargame.scenario.model.questions import Arm, Claim, Expectation, Spread
from wargame.scenario.model.targets import Activity, Answered

Path = tuple[PathStep, ...]


def check_targets(draft: Draft) -> None:
    """Report targets that runs cannot be compared with."""
    for name, target in draft.scenario.targets.items():
        path = ("targets", name)
        if not target.statistics:
            draft.fault((*path, "statistics"), "a target needs at least one statistic", "add a statistic and its band")
        if target.arm is not None and target.arm.add:
            message = "the arm of a target cannot add inject files"
            draft.fault((*path, "arm", "add"), message, "add them to the scenario")
        _span(draft, path, target.startex, target.until, least=1)
        for number, statistic in enumerate(target.statistics):
            place = (*path, "statistics", number)
            low, high = statistic.band
            if low >= high:
                remedy = "write the lower end first" if low > high else "the ends must differ"
                draft.fault((*place, "band"), f"the band from {low:g} to {high:g} is empty", remedy)
            if statistic.pool == "all" and statistic.measure is not None:
                draft.fault((*place, "pool"), "a measure is a number of each run: use `mean` or `median`")
            if statistic.pool == "median" and isinstance(statistic.computed, Activity):
                draft.fault((*place, "pool"), "activity compares means over runs: remove `pool`")
            if isinstance(statistic.computed, Answered) and statistic.computed.goldstein >= 0:
                draft.fault((*place, "answered", "goldstein"), "the weight of hostile actions must be below 0")


def _span(
    draft: Draft, path: Path, first: Time | None, last: Time | None, *, report: bool = True, least: int = 0
) -> tuple[datetime, datetime] | None:
    """Return STARTEX and end; `report` says whether those outside the calendar, or too few days apart, are problems."""
    calendar, local = draft.scenario.calendar, clock(draft)
    if local is None:
        return None
    start, end = local.local(calendar.start), local.local(calendar.end)
    begin = local.local(first or calendar.startex or calendar.start)
    finish = local.local(last or calendar.end)
    if report and first is not None and not start <= begin < end:
        message = f"STARTEX {begin:%Y-%m-%d} is outside the scenario"
        draft.fault((*path, "startex"), message, f"it runs from {start:%Y-%m-%d} to {end:%Y-%m-%d}")
        return None
    if report and (finish <= begin or finish - begin < timedelta(days=least)):
        key, how = "until" if last is not None else "startex", "less than a day" if least else "not"
        draft.fault((*path, key), f"the end {finish:%Y-%m-%d} is {how} after STARTEX {begin:%Y-%m-%d}")
        return None
    return begin, finish


BOUNDED = ("none", "below", "above")


def check_claims(draft: Draft) -> None:
    """Report claims that cannot be tested, and spreads of unknown numbers."""
    scenario = draft.scenario
    checker = _Checker(draft)
    for name, claim in scenario.claims.items():
        checker.claim(("claims", name), claim)
    for name, variant in scenario.evidence.variants.items():
        if variant.overlay is None:  # else its numbers are those of the scenario under the overlay
            checker.parameters(("evidence", "variants", name), variant.parameters)
    for name, target in scenario.targets.items():
        if target.arm is not None:
            checker.arm(("targets", name, "arm"), target.arm)
    for section in ("uncertainty", "calibration", "decisive"):
        for place, spread in enumerate(getattr(scenario.evidence, section)):
            checker.spread(("evidence", section, place), spread)
            if section == "decisive" and "*" in spread.path:
                message = "experts are asked about one number at a time"
                draft.fault(("evidence", section, place, "path"), message, "write a path without `*`")


class _Checker:
    """Checks against one draft."""

    def __init__(self, draft: Draft) -> None:
        self.draft = draft
        self.clock: LocalClock | None = clock(draft)
        self.measures = Checker(draft.scenario, draft.injects)

    # --- claims --------------------------------------------------------------------------------

    def claim(self, path: Path, claim: Claim) -> None:
        """Check one claim with its arms and measures."""
        fault = self.draft.fault
        if not claim.arms:
            fault((*path, "arms"), "a claim needs at least one arm", "write `arms: {off: {}, on: {...}}`")
        if not claim.measures:
            remedy = "with a formula, a contrast and an expectation"
            fault((*path, "measures"), "a claim needs at least one measure", remedy)
        _span(self.draft, path, claim.startex, claim.until)
        for name, arm in claim.arms.items():
            self.arm((*path, "arms", name), arm, claim)
            for government, kind in arm.seats.items():
                if ":" in kind:  # a scenario may come from anybody: only a study that the user names starts programs
                    where = (*path, "arms", name, "seats", government)
                    fault(where, "a claim has no programs in seats", "use model or script, or write a study")
        seen: set[tuple[str, str]] = set()
        for place, one in enumerate(claim.measures):
            self._expectation((*path, "measures", place), one, claim)
            key = one.formula, str(sorted(one.contrast.items()))
            if key in seen:
                fault((*path, "measures", place), "duplicate contrast of this measure")
            seen.add(key)
        used = {arm for one in claim.measures for arm in (*one.contrast, *([one.share_of] if one.share_of else []))}
        for name in claim.arms:
            if claim.measures and name not in used:
                self.draft.warn((*path, "arms", name), f"no measure of the claim uses the arm '{name}'")

    def _expectation(self, path: Path, one: Expectation, claim: Claim) -> None:
        fault = self.draft.fault

        def unknown_arm(name: str) -> tuple[str, str]:
            remedy = nearest(name, claim.arms) or f"arms: {', '.join(claim.arms)}"
            return f"the claim has no arm '{shortened(name)}'", remedy

        if not one.contrast:
            fault((*path, "contrast"), "the contrast names no arm", "write it as {on: 1, off: -1}")
        for arm, coefficient in one.contrast.items():
            if arm not in claim.arms:
                fault((*path, "contrast", arm), *unknown_arm(arm), key=True)
            elif coefficient == 0:
                fault((*path, "contrast", arm), f"the arm '{arm}' has the coefficient 0", "remove it from the contrast")
        if one.share_of is not None and one.share_of not in claim.arms:
            fault((*path, "share_of"), *unknown_arm(one.share_of))
        if one.expect in BOUNDED and one.bound is None:
            remedy = "the half-width of the equivalence" if one.expect == "none" else "the value to compare with"
            fault((*path, "expect"), f"`expect: {one.expect}` needs a `bound`", remedy)
        elif one.expect not in BOUNDED and (one.bound is not None or one.share_of is not None):
            key = "bound" if one.bound is not None else "share_of"
            fault((*path, key), f"a {one.expect} contrast has no bound", "use expect none, below or above")
        elif one.expect == "none" and one.bound is not None and one.bound <= 0:
            fault((*path, "bound"), "the bound of an equivalence must be above 0")

    # --- arms ----------------------------------------------------------------------------------

    def arm(self, path: Path, arm: Arm, claim: Claim | None = None) -> None:
        """Check the changes of an arm; its times default to the times of its claim."""
        first, last = self._time(path, "startex", arm.startex), self._time(path, "until", arm.until)
        own = arm.startex is not None or arm.until is not None or claim is None
        whole = (first or (claim.startex if claim else None), last or (claim.until if claim else None))
        span = _span(self.draft, path, *whole, report=own)
        for place, text in enumerate(arm.set):
            self._set((*path, "set", place), text, span)
        for place, text in enumerate(arm.forbid):
            self._candidate((*path, "forbid", place), text, text.split(), "'GOV OPTION [TARGET]'")
        for place, text in enumerate(arm.force):
            self._force((*path, "force", place), text, span)
        for government, leader in arm.leaders.items():
            leads(self.draft, leader, government, (*path, "leaders", government))
        self.parameters(path, arm.parameters)

    def parameters(self, path: Path, given: Mapping[str, float]) -> None:
        """Check parameters: each path must match numbers, and the values must be valid for them."""
        for pattern, value in given.items():
            self._parameter((*path, "parameters", pattern), pattern, value)

    def _time(self, path: Path, key: str, text: str | None) -> Time | None:
        try:
            return None if text is None else parse_time(text)
        except ValueError as error:
            self.draft.fault((*path, key), f"`{key}`: {error}")
            return None

    def _set(self, path: Path, text: str, span: tuple[datetime, datetime] | None) -> None:
        assignment, _, at = text.partition("@")
        name, equals, value = assignment.partition("=")
        number = number_in(value)
        if not equals or not isfinite(number):
            message = f"'{shortened(text)}' does not have the form PATH=VALUE[@T]"
            self.draft.fault(path, message, "such as 'trust[CHN, USA]=0.3'")
            return
        try:
            read = parse_path(name.strip())
            self.measures.check_path(read)
        except ExpressionError as error:
            self.draft.fault(path, f"'{shortened(text)}': {error.message}")
            return
        if not self.measures.table[read.name].base:
            self.draft.fault(path, f"`{read.name}` cannot be set: it is derived, or kept by the engine")
        low, high = self.draft.scenario.range_of(read.name)
        if not low <= number <= high:
            self.draft.fault(path, f"'{shortened(text)}' is outside the range {low:g} to {high:g} of `{read.name}`")
        if at:
            self._when(path, text, at.strip(), span)

    def _force(self, path: Path, text: str, span: tuple[datetime, datetime] | None) -> None:
        words = text.split()
        form = "'T GOV OPTION [TARGET]' (T without spaces, such as 2017-07-04T09:00)"
        if words and self._candidate(path, text, words[1:], form):
            self._when(path, text, words[0], span)

    def _when(self, path: Path, text: str, when: str, span: tuple[datetime, datetime] | None) -> None:
        """Check that a time is between STARTEX and the end of the arm."""
        try:
            time = parse_time(when)
        except ValueError as error:
            self.draft.fault(path, f"'{shortened(text)}': {error}")
            return
        if span and self.clock and not span[0] <= self.clock.local(time) < span[1]:
            message = f"'{shortened(text)}': {when} is not between STARTEX and the end"
            self.draft.fault(path, message, f"{span[0]:%Y-%m-%d} to {span[1]:%Y-%m-%d}")

    def _candidate(self, path: Path, text: str, words: list[str], form: str) -> bool:
        """Report words that name no government, option of it or possible target; return whether they have the form."""
        if not 2 <= len(words) <= 3:
            self.draft.fault(path, f"'{shortened(text)}' does not have the form {form}")
            return False
        government, option, *targets = words
        if self.draft.knows(path, "government", government) and self.draft.knows(path, "option", option):
            can(self.draft, government, option, path)
            for target in targets:
                if target == government:
                    self.draft.fault(path, f"{target} cannot be its own target")
                elif self.draft.knows(path, "government", target):
                    aims(self.draft, option, target, path)
        return True

    # --- numbers -------------------------------------------------------------------------------

    def _parameter(self, path: Path, pattern: str, value: float) -> None:
        matches = self._matching(path, pattern, key=True)
        if error := without_unit(text_of(self.draft.locate(path)), matches):
            self.draft.fault(path, error)
            return
        for number in matches:
            if not number.low <= value <= number.high or (number.whole and value != int(value)):
                kind = "a whole number" if number.whole else "a number"
                message = f"'{number.path}' is {kind} from {number.low:g} to {number.high:g}; it cannot be {value:g}"
                self.draft.fault(path, message)
                return

    def spread(self, path: Path, spread: Spread) -> None:
        """Check that the numbers of a spread exist and that its ends are valid for them."""
        given, key = (spread.range, "range") if spread.range is not None else (spread.times, "times")
        matches = self._matching((*path, "path"), spread.path, most=1 if spread.range is None else None)
        if given is None:
            return
        low, high = given
        if low >= high:
            self.draft.fault((*path, key), f"the range goes from {low:g} down to {high:g}", "write the lower end first")
            return
        for number in matches if spread.range is not None else ():
            if not (number.low <= low and high <= number.high):
                message = f"'{number.path}' must be from {number.low:g} to {number.high:g}; the range exceeds this"
                self.draft.fault((*path, key), message)
                return

    def _matching(
        self, path: Path, pattern: str, *, key: bool = False, most: int | None = None
    ) -> list[ScenarioNumber]:
        """Return the numbers that match a pattern, or the first `most` of them; reports a pattern without matches."""
        draft = self.draft
        matches = list(islice(numbers_at(pattern, draft.scenario, draft.injects), most))
        if not matches and not draft.reading.problems:  # invalid elements have no numbers
            known = numbers(draft.scenario, draft.injects)
            remedy = nearest(pattern, known) or "write keys joined by dots, such as leaders.*.horizon"
            draft.fault(path, f"the scenario has no number at '{shortened(pattern, 80)}'", remedy, key=key)
        return matches
