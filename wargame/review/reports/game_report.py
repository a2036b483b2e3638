"""The report of a game: the answer, stable combinations, best answers, payoffs, limits."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from wargame.batches.api import Batch
from wargame.document.blocks import Block, Bullets, Grid, Heading, Paragraph, Picture
from wargame.document.formatting import short
from wargame.journal.wording import called, count, joined
from wargame.review.reports.batch_charts import bars

if TYPE_CHECKING:
    from wargame.batches.game import Played

SURE = 0.95
LIKELY = 0.5
LIMITS = (
    "The players choose among these strategies only, once, at the beginning; one that is not listed may be better.",
    "Each knows the payoffs of all combinations, as the model has them, in the eyes of the leader in office.",
    "From a stable combination nobody has reason to turn away alone. It need not be good for anybody, nor be reached.",
    "Probabilities belong to the scenario, not to the world.",
)


class GameReport:
    """The blocks of the report of one game."""

    def __init__(self, batch: Batch, result: Played) -> None:
        self.batch, self.result = batch, result
        scenario, game = batch.prepared.loaded.scenario, batch.prepared.study.game
        assert game is not None
        self._names = {name: each.name for name, each in scenario.governments.items()}
        titles = {name: each.title or name for name, each in scenario.strategies.items()}
        self._titles: dict[str, str] = titles | game.titles

    def blocks(self) -> list[Block]:
        """Return all blocks, for a page and for the terminal."""
        result, name = self.result, self.batch.manifest.title or self.batch.manifest.study
        failed = result.failed or "none"
        return [
            Heading(1, f"Game: {name}"),
            Paragraph(self.answer(), lead=True),
            *(Paragraph(each) for each in self._dominant()),
            Paragraph(f"{count(result.runs, 'run')}, {failed} failed. Intervals are 95 %, over states."),
            *self._stable(),
            *self._best(),
            *self._payoffs(),
            Heading(2, "What the model cannot say"),
            Bullets(LIMITS),
        ]

    def answer(self) -> str:
        """Return the answer in a sentence or two."""
        result = self.result
        if not result.differs:
            return (
                "No difference between strategies is seen: with these runs, nobody can tell which strategy is better."
            )
        rows = [row for row in result.equilibria if row["share"] >= LIKELY]
        pure = [row for row in rows if "profile" in row]
        if pure:
            within = f"Nobody gains more than {short(result.indifference)} by changing course alone if"
            combinations = "; or if ".join(f"{self._said(r['profile'])} ({_share(r['share'])})" for r in pure[:3])
            more = f"; there are {len(pure)} such combinations" if len(pure) > 3 else ""
            sure = "" if pure[0]["share"] >= SURE else " This is not sure: more runs may change it."
            return f"{within} {combinations}{more}. In brackets: in how many of the resampled runs that holds.{sure}"
        if rows and rows[0]["mix"]:
            mixed = "; ".join(f"{self._names[who]}: {self._mixed(mix)}" for who, mix in rows[0]["mix"].items())
            return f"No combination is stable: each does best if the others cannot foresee its choice. {mixed}."
        likeliest = next((row for row in result.equilibria if "profile" in row), None)
        if rows or likeliest is None:
            return f"No stable combination was found, in {_share(rows[0]['share'] if rows else 1.0)} of resampled runs."
        shown = f"the likeliest, {self._said(likeliest['profile'])}, is so in {_share(likeliest['share'])}"
        return f"These runs do not tell which combination is stable: {shown} of resampled runs."

    def _said(self, profile: Mapping[str, str]) -> str:
        return joined(
            [f"{called(self._names[who])} follows '{self._titles[chosen]}'" for who, chosen in profile.items()]
        )

    def _mixed(self, mix: Mapping[str, float]) -> str:
        return joined([f"{self._titles[each]} {_share(p)}" for each, p in mix.items() if p >= 0.005])

    def _dominant(self) -> Iterator[str]:
        for who in self.result.players if self.result.differs else ():
            mine = [each for each in self.result.answers if each["government"] == who]
            best = {each["strategy"] for each in mine if each["probability"] >= SURE}
            if len(best) == 1 and all(each["probability"] >= SURE for each in mine):
                yield f"Whatever the others do, {called(self._names[who])} does best with '{self._titles[best.pop()]}'."

    def _stable(self) -> Iterator[Block]:
        yield Heading(2, "Stable combinations")
        heads = (*(self._names[who] for who in self.result.players), "Share of resampled runs", "Gained by leaving")
        rows = []
        for row in self.result.equilibria:
            if "profile" in row:
                chosen = [self._titles[each] for each in row["profile"].values()]
                lost = joined([f"{self._names[who]} {short(gain)}" for who, gain in row["gains"].items() if gain > 0.0])
                rows.append((*chosen, _share(row["share"]), lost or "nothing"))
            elif row["mix"]:
                mixes = [self._mixed(mix) for mix in row["mix"].values()]
                rows.append((*mixes, _share(row["share"]), f"at most {short(row['gain'])}"))
        if rows:
            caption = (
                f"Combinations from which nobody gains more than {short(self.result.indifference)} by leaving alone"
            )
            yield Grid(caption, heads, tuple(rows))
        else:
            yield Paragraph("None was found in more than one of twenty samples.")
        yield Paragraph(
            "Runs are drawn again with replacement, and the share says in how many of these samples the combination is "
            "stable. Chance alone makes some combination stable in most samples, so that a small share says nothing.",
            quiet=True,
        )

    def _best(self) -> Iterator[Block]:
        result = self.result
        yield Heading(2, "What each does best")
        values = [
            {
                "group": self._names[row["government"]],
                "line": self._titles[row["strategy"]],
                "value": row["probability"],
            }
            for row in result.best
        ]
        yield Picture(
            "How often each strategy is the best answer",
            "Share of resampled runs in which it is best, as a mean over all that the others may do.",
            bars(values),
        )
        rows = tuple(
            (
                self._names[each["government"]],
                joined([self._titles[chosen] for chosen in each["others"].values()]),
                self._titles[each["strategy"]],
                _share(each["probability"]),
                _ends(each, "gain"),
            )
            for each in result.answers
        )
        heads = ("Others choose", "It does best with", "Probability", "Ahead of the next")
        yield Grid("Best answers", ("Government", *heads), rows).grouped()

    def _payoffs(self) -> Iterator[Block]:
        yield Heading(2, "Payoffs")
        rows: dict[str, list[str]] = {}
        for each in self.result.payoffs:
            row = rows.setdefault(each["arm"], [self._titles[chosen] for chosen in each["profile"].values()])
            row.append(_ends(each, "mean"))
        names = [self._names[who] for who in self.result.players]
        heads = (*names, *(f"Payoff of {name}" for name in names))
        yield Grid("Mean payoff of each combination", heads, tuple(map(tuple, rows.values())))
        goals = joined([f"{self._names[who]} {goal}" for who, goal in self.result.goals.items()])
        call = f"wargame run {self.batch.call} --arm {next(iter(rows))} --replication 0"
        yield Paragraph(f"Payoffs are: {goals}. A run of the first combination: {call}.", quiet=True)


def _ends(row: Mapping[str, Any], name: str) -> str:
    return f"{short(row[name])} ({short(row['low'])} to {short(row['high'])})"


def _share(value: float) -> str:
    return f"{short(value, share=True)} %"
