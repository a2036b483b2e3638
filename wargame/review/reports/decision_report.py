"""The report of a decision: the answer, regret, failures, what to watch, what it is worth to know, limits."""

import shlex
from collections.abc import Iterator, Sequence
from typing import Any

from wargame.batches.api import Batch
from wargame.batches.decision import Decided, Failing, Policy
from wargame.document.blocks import Block, Bullets, Grid, Heading, Paragraph
from wargame.document.formatting import short
from wargame.journal.wording import count, joined

FEW_STATES = 150
"""Below this many states, even a box of two factors is rarely found."""
LIMITS = (
    "States are the numbers that the study varies, over the ranges that it gives; others are as in the scenario.",
    "Probabilities belong to the scenario, not to the world. A policy that is best here is best under its rules.",
    "What others would do if they knew the policy, and changed theirs, is not part of this answer: see `wargame game`.",
    "An early warning is a correlation within these runs. Whether turning on it helps, an arm that turns shows.",
)


def decision_report(batch: Batch, result: Decided) -> list[Block]:
    """Return the blocks of the report, for a page and for the terminal."""
    titles = _titles(batch)
    name = batch.manifest.title or batch.manifest.study
    answer, *remarks = decision_summary(batch, result)
    return [
        Heading(1, f"Decision: {name}"),
        Paragraph(answer, lead=True),
        *(Paragraph(each) for each in remarks),
        *_regret(result, titles),
        *_failures(batch, result, titles),
        *_watch(result, titles),
        *_worth(batch, result),
        Heading(2, "What the model cannot say"),
        Bullets(LIMITS),
    ]


def _titles(batch: Batch) -> dict[str, str]:
    return {name: arm.title or name for name, arm in batch.prepared.study.arms.items()}


def decision_summary(batch: Batch, result: Decided) -> list[str]:
    """Return the answer in a sentence, and what a reader must know with it."""
    titles, best = _titles(batch), result.policies[0]
    measure = batch.measure(result.goal)
    goal = measure.title or measure.name
    if result.equal:
        alike = joined([titles[each] for each in (best.name, *result.equal)])
        answer = f"{alike} cannot be told apart in {goal}, within {short(result.indifference)}."
    elif len(result.policies) == 1:
        answer = f"{titles[best.name]} is best in {goal}; all others were stopped early."
    else:
        answer = f"{titles[best.name]} is best in {goal}, by {_gap(result.policies[1].behind)} over the next."
    size = f"{count(result.states, 'state')}, {count(result.runs, 'run')}, {result.failed or 'none'} failed"
    remarks = [f"{size}. Intervals are 95 %, over states."]
    if result.stopped:
        each = [f"{titles[row['name']]} after {row['runs']} runs by {_gap(row['behind'])}" for row in result.stopped]
        why = f"Stopped early, being surely behind by more than {short(result.indifference)}"
        remarks.append(f"{why}: {joined(each)}. The best policy is stopped with a chance of at most 5 %.")
    if result.unmoved:
        named = joined([f"{row['measure']} ({_span(row['low'], row['high'])})" for row in result.unmoved[:6]])
        remarks.append(f"No difference between policies is seen in these outcomes: {named}.")
    return [answer, *remarks]


def _share(value: float | None) -> str:
    return f"{short(value, share=True)} %"


def _gap(behind: Sequence[float]) -> str:
    return f"{short(behind[0])} ({_span(*behind[1:])})"


def _span(low: float, high: float) -> str:
    return f"{short(low)} to {short(high)}"


def _regret(result: Decided, titles: dict[str, str]) -> Iterator[Block]:
    yield Heading(2, "Policies and their regret")
    split = result.policies[0].regret["split"] is not None
    heads = ["Policy", "Goal", "95 % interval", "Behind the best", "Regret", "In the worst tenth", "Largest"]
    heads += ["Runs without failure"] if result.fails else []
    rows = tuple(_policy(each, titles, fails=bool(result.fails)) for each in result.policies)
    yield Grid(f"Goal and regret over {count(result.states, 'state')}", tuple(heads), rows)
    between = "lies between the two numbers: the first is too small by chance, the second too large"
    single = "is too large by chance, since each state has one run; with more runs a state it has a lower end"
    yield Paragraph(
        f"Regret is what is lost by having chosen this policy in place of the best one of each state. It "
        f"{between if split else single}.",
        quiet=True,
    )


def _policy(each: Policy, titles: dict[str, str], *, fails: bool) -> tuple[str, ...]:
    regret = each.regret
    least, naive = regret["split"], short(regret["naive"])
    lost = naive if least is None else f"{short(max(least, 0.0))} to {naive}"
    behind = _gap(each.behind) if any(each.behind) else "-"
    cells = [titles[each.name], short(each.goal), _span(each.low, each.high), behind, lost]
    cells += [short(regret["q90"]), short(regret["max"]), *([_share(each.satisfies)] if fails else [])]
    return tuple(cells)


def _failures(batch: Batch, result: Decided, titles: dict[str, str]) -> Iterator[Block]:
    if not result.fails:
        return
    yield Heading(2, "Where each policy fails")
    yield Paragraph(f"A run fails if {result.fails} is above 0.")
    for each in result.fails_in:
        yield Heading(3, titles[each.name])
        yield Paragraph(_box(batch, each))
        if each.acts:
            yield Paragraph("What failing runs share, beside those that do not fail:")
            yield Bullets(tuple(_act(batch, act) for act in each.acts))
        if each.runs:
            words = ["wargame", "run", batch.call, "--arm", each.name, "--replication", str(each.runs[0])]
            more = f"; others are {', '.join(map(str, each.runs[1:6]))}" if each.runs[1:] else ""
            yield Paragraph(
                f"A run that fails there: {shlex.join(words)} (replication {each.runs[0]}{more}).", quiet=True
            )
    if result.states < FEW_STATES:
        message = f"With {count(result.states, 'state')} most boxes stay hidden, even where there are some"
        yield Paragraph(f"{message}; {FEW_STATES} or more find them.", quiet=True)


def _box(batch: Batch, each: Failing) -> str:
    share = f"{_share(each.failures)} of its runs fail"
    if each.box is None:
        return f"{share}. No states were found in which it fails more often than chance alone would show."
    factors = batch.prepared.study.factors
    box = each.box
    limits = joined(
        [f"{factors[name].title or name} is {factors[name].within(*ends)}" for name, ends in box["limits"].items()]
    )
    inside, of_all = _share(box["density"]), _share(box["coverage"])
    held = f"{_share(box['held_out'])} fail, and chance alone shows up to {_share(box['shuffled'])}"
    doubt = "" if box["held_out"] > box["shuffled"] else ": that states matter is shown, the limits are not"
    found = f"{share}; {inside} where {limits}. That is where {of_all} of its failures are"
    return f"{found}. In such boxes on the other half of the states, {held}{doubt}."


def _act(batch: Batch, act: dict[str, Any]) -> str:
    scenario = batch.prepared.loaded.scenario
    who, what = scenario.governments[act["who"]].name, scenario.options[act["option"]].title
    counts = f"in {act['inside']} of {act['of_inside']}, and in {act['outside']} of {act['of_outside']} others"
    return f"{who} {what}: {counts}."


def _watch(result: Decided, titles: dict[str, str]) -> Iterator[Block]:
    if not result.fails:
        return
    yield Heading(2, "What to watch")
    if not result.watch:
        yield Paragraph("No indicator that the study watches foretells failure better than chance.")
        return
    heads = ("Indicator", "Policy", "Failure goes with", "Told apart", "By chance up to")
    rows = tuple(
        (
            row["observable"],
            titles[row["arm"]],
            "more of it" if row["rises"] else "less of it",
            _share(row["auc"]),
            _share(row["shuffled"]),
        )
        for row in result.watch
    )
    yield Grid("Indicators that foretell failure", heads, rows)
    yield Paragraph("Of a run that fails and one that does not, this share is told apart; half is a guess.", quiet=True)


def _worth(batch: Batch, result: Decided) -> Iterator[Block]:
    if not result.worth:
        return
    yield Heading(2, "What it is worth to know a factor first")
    factors, useful = batch.prepared.study.factors, [row for row in result.worth if row["evppi"] > row["null"]]
    if not useful:
        yield Paragraph("Knowing none of the factors first is worth more than chance alone would show.")
    rows = tuple(
        (
            factors[row["factor"]].title or row["factor"],
            short(row["evppi"]),
            _span(row["low"], row["high"]),
            short(row["null"]),
        )
        for row in result.worth
    )
    yield Grid("Gain in the goal from choosing after a factor is known", ("Factor", "Gain", "95 %", "Chance"), rows)
