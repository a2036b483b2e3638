"""How indicators become known: keys that fit together, sources of estimates, and acts that could not stay secret."""

from __future__ import annotations

from wargame.language.expressions import parse_path
from wargame.scenario.building.draft import Draft
from wargame.scenario.checks.formulas import base_reads, parsed
from wargame.scenario.journal_context import REVEALING
from wargame.scenario.model import Indicator, Option
from wargame.scenario.model.names import AT_ONCE, ESTIMATED, OWN, PUBLISHED, table


def check(draft: Draft) -> None:
    """Reports estimates without a source, and indicators that would reveal what a government may not know."""
    scenario = draft.scenario
    reports = [option.reports for option in scenario.options.values()] + [inject.reports for inject in draft.injects]
    reported = {parse_path(path).name for each in reports for path in each}
    known = {name: about.known for name, about in table(scenario.indicators).items()}
    for name, indicator in scenario.indicators.items():
        _check_keys(draft, name, indicator)
        if indicator.known == ESTIMATED and indicator.routine_report is None and name not in reported:
            message = f"nobody could ever learn of a change of `{name}`: no option or inject reports on it"
            remedy = "add `routine_report: {interval: 30d, variance: 0.04}`, or `reports` to an option or inject"
            draft.fault(("indicators", name, "known"), message, remedy)
        if known[name] == AT_ONCE and indicator.formula is None:
            _check_baseline(draft, name, indicator, known)
    for name, option in scenario.options.items():
        if _can_stay_undetected(draft, option):
            _check_effects(draft, name, option, known)


def _check_keys(draft: Draft, name: str, indicator: Indicator) -> None:
    """Reports a calendar or a routine report of an indicator that has no use for it."""
    if indicator.formula is not None and indicator.known != AT_ONCE:
        message = f"`{name}` is derived by a formula: each government computes it from what it knows of its inputs"
        draft.fault(("indicators", name, "known"), message, "leave out `known` here, and set it for its inputs")
    for field, needed in (("publication", PUBLISHED), ("routine_report", ESTIMATED)):
        if getattr(indicator, field) is not None and indicator.known != needed:
            message = f"`{field}` is only for indicators with `known: {needed}`"
            draft.fault(("indicators", name, field), message, f"write `known: {needed}`, or leave it out", key=True)
    width = indicator.range[1] - indicator.range[0]
    if (indicator.dates.step or 0.0) > width:
        message = f"`step` is larger than the range of `{name}`, which is {width:g} wide: it would publish nothing"
        path = ("indicators", name, "publication", "step")
        draft.fault(path, message, "write a smaller number, or leave it out for a hundredth of the range")


def _check_baseline(draft: Draft, name: str, indicator: Indicator, known: dict[str, str]) -> None:
    """Reports a baseline by which an indicator that is known at once would reveal one that is not."""
    baseline = indicator.baseline
    for key, text in (baseline if isinstance(baseline, dict) else {"": baseline}).items():
        expression = parsed(text) if isinstance(text, str) else None
        reads = [base for read in (expression.reads if expression else ()) for base in base_reads(read, draft)]
        hidden = next((read.name for read in reads if known.get(read.name, AT_ONCE) != AT_ONCE), None)
        if hidden is not None:
            message = f"`{name}` is known at once, but its baseline follows `{hidden}`, which is {known[hidden]}"
            path = ("indicators", name, "baseline", key) if key else ("indicators", name, "baseline")
            draft.fault(path, message, f"write `known: published`, `own` or `estimated` for `{name}`")


def _can_stay_undetected(draft: Draft, option: Option) -> bool:
    """Whether some government may never learn of an action."""
    governments = draft.scenario.governments
    if option.visibility == "covert":
        return any(each.perception.detection < 1.0 for name, each in governments.items() if set(option.by) - {name})
    return option.visibility == "private" and len(governments) > (2 if option.to else 1)


def _who_learns(option: Option) -> set[str]:
    """Who certainly learns of an action that is not public, as first index of a path."""
    learn = {"actor", *(option.by if len(option.by) == 1 else ())}
    if option.to and (option.visibility == "private" or option.goldstein > 0):
        learn |= {"target", *(option.to if len(option.to) == 1 else ())}
    return learn


def _check_effects(draft: Draft, name: str, option: Option, known: dict[str, str]) -> None:
    learn = _who_learns(option)
    for field in ("effects", "failure"):
        for path in getattr(option, field):
            changed, index = parse_path(path).name, parse_path(path).index
            if index and index[0] not in learn and known.get(changed) in (OWN, ESTIMATED):
                message = (
                    f"'{name}' can stay undetected by {index[0]}, which would notice the change of its own `{path}`"
                )
                remedy = "leave out this effect, or write `visibility: public`"
                draft.fault(("options", name, field, path), message, remedy, key=True)
            if known.get(changed) == AT_ONCE and changed not in REVEALING:
                message = f"'{name}' can stay undetected, but it changes `{changed}`, which is known at once"
                remedy = f"write `known: published`, `own` or `estimated` for `{changed}`, or leave out this effect"
                draft.fault(("options", name, field, path), message, remedy, key=True)
