"""The claims of a scenario as a paired experiment: its plan, its batch and its results.

All arms of all claims are one batch with common random numbers. Equal arms are run once. The batch folder stores every
run, so that an interrupted experiment can be resumed and each run can be repeated with its journal.
"""

from collections.abc import Sequence
from functools import cached_property
from typing import Any

import numpy as np

from wargame.batches import api
from wargame.batches.analysis.estimates import values_of
from wargame.batches.api import Batch, BatchOptions
from wargame.batches.running.manifest import BatchManifest, read_manifest
from wargame.batches.running.opening import fixed
from wargame.batches.running.parts import RunTable
from wargame.batches.running.store import store
from wargame.batches.study.assembly import prepare
from wargame.batches.study.model import Measure, Study
from wargame.batches.study.prepared import PreparedStudy
from wargame.dataclasses import asdict, dataclass, replace
from wargame.errors import Invalid, UsageFault, among, shortened
from wargame.evidence.claims import verdicts as rules
from wargame.evidence.claims.verdicts import UNDECIDED, ClaimQuestion, JudgedClaim, Sampled
from wargame.executor.campaign import failure_row
from wargame.scenario.building.numbers import canonical, digest
from wargame.scenario.loading.catalogue import find_scenario
from wargame.scenario.loading.load import Loaded, load
from wargame.scenario.model.questions import Arm, Claim, Expectation
from wargame.statistics.intervals import Floats, finite

FORMAT = "wargame-claims/1"


@dataclass(frozen=True)
class ClaimPlan:
    """Claims, with the batch that tests them. `arms` maps (claim, arm of the claim) to an arm of the batch."""

    prepared: PreparedStudy
    claims: dict[str, Claim]
    arms: dict[tuple[str, str], str]
    variant: str | None = None

    @cached_property
    def loaded(self) -> Loaded:
        """The scenario without the additions of arms."""
        return self.prepared.loaded

    @cached_property
    def family(self) -> int:
        """Number of claims that share the error: all of the scenario, selected or not."""
        return len(self.loaded.scenario.claims)

    @cached_property
    def fixed(self) -> dict[str, str]:
        """Hashes of questions, mechanisms and parameters, which are fixed before the first run."""
        return fixed(self.loaded)

    def question(self, each: Expectation, within: int = 1) -> ClaimQuestion:
        """Return the question that a measure of a claim answers; `within` is the number of measures of the claim."""
        coefficients, form = tuple(sorted(each.contrast.values())), rules.OTHER
        if self.prepared.measured[formula(each)].kind == "share":
            form = {(-1.0, 1.0): rules.PAIR, (1.0,): rules.ONE}.get(coefficients, rules.OTHER)
        evidence = self.loaded.scenario.evidence
        relative = each.share_of is not None
        return ClaimQuestion(each.expect, each.bound, relative, form, evidence.level, self.family, within)


def formula(each: Expectation) -> str:
    """Return the formula of a measure in canonical spelling, which is the name of its column."""
    return " ".join(each.formula.split())


# --- planning --------------------------------------------------------------------------------------


def plan(
    target: str,
    selected: Sequence[str] = (),
    *,
    replications: int | None = None,
    seed: int | None = None,
    variant: str | None = None,
) -> ClaimPlan:
    """Plan the batch for all claims of a scenario, or for the selected ones, under a variant if there is one.

    Raises UsageFault if the scenario has no claims, or none of a selected name.
    """
    loaded = load(target)
    claims = _selected(loaded, selected)
    evidence = loaded.scenario.evidence
    arms: dict[str, Arm] = {}
    batch_arms: dict[tuple[str, str], str] = {}
    known: dict[str, str] = {}
    for name, claim in claims.items():
        for arm, written in claim.arms.items():
            # without its title, and with the times of its claim unless it has its own
            first = written.startex or (claim.startex.text if claim.startex else None)
            last = written.until or (claim.until.text if claim.until else None)
            full = replace(written, startex=first, until=last, title="")
            label = known.setdefault(digest(canonical(full)), f"{name}_{arm}")
            arms.setdefault(label, full)
            batch_arms[name, arm] = label
    formulas = dict.fromkeys(formula(each) for claim in claims.values() for each in claim.measures)
    study = Study(
        name=f"{loaded.scenario.name}-claims",
        title=f"The claims of {loaded.scenario.name}",
        scenario=target,
        seed=evidence.seed if seed is None else seed,
        replications=evidence.replications if replications is None else replications,
        arms=dict(sorted(arms.items())),
        measures=tuple(Measure(formula=text) for text in formulas),
    )
    place = find_scenario(target)
    folder = place if place.is_dir() else place.parent
    return ClaimPlan(prepare(study, loaded, folder, target, variant), claims, batch_arms, variant)


def _selected(loaded: Loaded, selected: Sequence[str]) -> dict[str, Claim]:
    claims = loaded.scenario.claims
    if not claims:
        name = loaded.scenario.name
        raise UsageFault(f"{name} has no claims (add them under `claims:`; see how-to/test-the-model)")
    for name in selected:
        among(name, claims, f"--claim {shortened(name)}: {loaded.scenario.name} has no such claim", "claims:")
    return {name: claim for name, claim in claims.items() if not selected or name in selected}


# --- running ---------------------------------------------------------------------------------------


def play(plan: ClaimPlan, how: BatchOptions) -> Batch:
    """Run the missing runs of the batch; Invalid if the claims have changed since its first run."""
    if how.resume and how.out is not None and store(how.out).exists():
        _check(plan, read_manifest(store(how.out)), how.out)
    batch = api.play(plan.prepared, replace(how, summary=False))
    _check(plan, batch.manifest, batch.path)
    return batch


def _check(plan: ClaimPlan, manifest: BatchManifest, path: str) -> None:
    changed = [name for name, value in plan.fixed.items() if manifest.fixed.get(name, value) != value]
    if changed:
        message = f"this batch was started on {manifest.started} with other {changed[0]}, which must not change"
        raise Invalid.in_file(f"{path}/manifest.json", message, "choose another folder")


# --- judging ---------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Measured:
    """A measure of a claim with its verdict."""

    measure: str
    formula: str
    expectation: Expectation
    judged: JudgedClaim
    restricted_to: float | None = None
    """Limit of a `time` in days, which is also its value in runs in which the outcome does not occur."""


@dataclass(frozen=True, slots=True)
class ClaimResult:
    """A claim with its verdict."""

    id: str
    claim: Claim
    verdict: str
    measures: tuple[Measured, ...]


def verdicts(plan: ClaimPlan, batch: Batch) -> list[ClaimResult]:
    """Judge all claims of a plan at the last step of Holm's procedure."""
    sampled = {k: [_sampled(plan, batch.table, k, each) for each in claim.measures] for k, claim in plan.claims.items()}
    sharing = rules.holm(list(sampled.values()), plan.family)
    last = {name: [each.at(sharing) for each in measures] for name, measures in sampled.items()}
    every = (each for claim in last.values() for each in claim)
    prior = rules.prior_variance([each for each in every if rules.verdict(each) == UNDECIDED])
    results = []
    for name, claim in plan.claims.items():
        judged = [rules.judge(each.question, each.values, each.reference, prior) for each in last[name]]
        measures = tuple(
            Measured(each.name or formula(each), formula(each), each, its, horizon(plan, name, each))
            for each, its in zip(claim.measures, judged, strict=True)
        )
        results.append(ClaimResult(name, claim, rules.verdict_of([each.verdict for each in judged]), measures))
    return results


def _sampled(plan: ClaimPlan, table: RunTable, name: str, each: Expectation) -> Sampled:
    parsed = plan.prepared.measured[formula(each)]
    limit = horizon(plan, name, each)
    columns = {arm: values_of(table, parsed, plan.arms[name, arm]) for arm in arms_of(each)}
    if limit is not None:
        columns = {arm: np.minimum(values, limit) for arm, values in columns.items()}
    reference = columns[each.share_of] if each.share_of is not None else None
    return Sampled(plan.question(each, len(plan.claims[name].measures)), contrast(each, columns), reference)


def arms_of(each: Expectation) -> list[str]:
    """Return the arms that a measure needs."""
    return list(dict.fromkeys([*each.contrast, *([each.share_of] if each.share_of is not None else [])]))


def contrast(each: Expectation, columns: dict[str, Floats]) -> Floats:
    """Return the contrast by replication: the sum over arms of coefficient times value."""
    total: Floats = np.sum([coefficient * columns[arm] for arm, coefficient in each.contrast.items()], axis=0)
    return total


def horizon(plan: ClaimPlan, claim: str, each: Expectation) -> float | None:
    """The limit of a `time` in days: the length of the shortest arm, so that all arms are observed equally long."""
    if plan.prepared.measured[formula(each)].kind != "time":
        return None
    return min(plan.prepared.horizon(plan.arms[claim, arm]) for arm in arms_of(each))


# --- JSON ---------------------------------------------------------------------------------------


def document(
    plan: ClaimPlan, batch: Batch, tested: list[ClaimResult], labels: dict[str, Any] | None = None
) -> dict[str, Any]:
    """Return the results as JSON data. `labels` is the result of `labels.label`."""
    scenario, evidence = plan.loaded.scenario, plan.loaded.scenario.evidence
    return {
        "format": FORMAT,
        "scenario": scenario.name,
        "claims_dir": batch.path,
        "seed": plan.prepared.study.seed,
        "variant": plan.variant,
        "replications": batch.table.shape[1],
        "declared": evidence.replications,
        "level": evidence.level,
        "family": plan.family,
        "sharing": max(plan.family - sum(each.verdict != UNDECIDED for each in tested), 1),
        "power": _power(plan, batch.table.shape[1]),
        "runs": int(batch.table.there.sum()),
        "failed": int((batch.table.there & ~batch.table.ok).sum()),
        "failures": [failure_row(f"arm {each.arm}", each.replication, each.error) for each in batch.failures],
        "fixed": batch.manifest.fixed,
        "begun": batch.manifest.started,
        "labels": None if labels is None else labels["how"],
        "claims": [_claim(each, labels) for each in tested],
    }


def _power(plan: ClaimPlan, runs: int) -> dict[str, float]:
    """Return the power for the declared effect, first step, with these runs, and the runs for the declared power."""
    evidence = plan.loaded.scenario.evidence
    confidence = ClaimQuestion("positive", level=evidence.level, family=plan.family).confidence
    needed = rules.runs_needed(evidence.effect, 1.0, confidence, evidence.power)
    return {
        "effect": evidence.effect,
        "declared": evidence.power,
        "reached": rules.power_of(evidence.effect, runs, confidence),
        "runs": needed,
    }


def _claim(each: ClaimResult, labels: dict[str, Any] | None) -> dict[str, Any]:
    labelled = (labels or {}).get("claims", {}).get(each.id)
    labels_of = labelled["measures"] if labelled else [None] * len(each.measures)
    measures = [_plain_measure(measure, its) for measure, its in zip(each.measures, labels_of, strict=True)]
    return {
        "id": each.id,
        "statement": each.claim.statement,
        "mechanism": each.claim.mechanism,
        "source": each.claim.source,
        "verdict": each.verdict,
        "label": labelled["label"] if labelled else None,
        "measures": measures,
    }


def _plain_measure(each: Measured, label: dict[str, Any] | None) -> dict[str, Any]:
    asked = each.expectation
    row: dict[str, Any] = {"measure": each.measure, "formula": each.formula, "contrast": dict(asked.contrast)}
    row |= {"expected": asked.expect, "bound": asked.bound, "share_of": asked.share_of}
    row |= {name: finite(value) if isinstance(value, float) else value for name, value in asdict(each.judged).items()}
    row["restricted_to"] = each.restricted_to
    return row | {name: label[name] if label else None for name in ("label", "shares", "share_low", "over_ranges")}
