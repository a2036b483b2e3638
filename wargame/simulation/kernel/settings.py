"""The settings of a run, which vary a scenario without changing its files, and the commands of a live exercise."""

from __future__ import annotations

from collections.abc import Callable, Generator, Mapping
from contextlib import suppress
from typing import Any, ClassVar

import msgspec

from wargame.dataclasses import asdict, dataclass, field, replace
from wargame.scenario.model.questions import CourseChange


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """The settings of one run, written as on the command line.

    `set`: `PATH=VALUE[@T]`; `forbid`: `GOV OPTION [TARGET]`; `force`: `T GOV OPTION [TARGET]`; `skip`: inject ids;
    `seats`: (government, kind); `limits`: (government, what binds the player in its seat, one of `LIMITS`); `leaders`:
    (government, id) from STARTEX on; `strategies`: the same, held until an inject or a change of leader;
    `turn`: changes of course within the run.
    """

    startex: str | None = None
    until: str | None = None
    replication: int = 0
    set: tuple[str, ...] = ()
    forbid: tuple[str, ...] = ()
    force: tuple[str, ...] = ()
    skip: tuple[str, ...] = ()
    seats: tuple[tuple[str, str], ...] = ()
    limits: tuple[tuple[str, str], ...] = ()
    strategies: tuple[tuple[str, str], ...] = ()
    leaders: tuple[tuple[str, str], ...] = ()
    turn: tuple[CourseChange, ...] = ()
    journal: str = "full"

    def as_dict(self) -> dict[str, Any]:
        """Return the settings as plain data, for the manifest; without `limits` and `turn` if there are none."""
        return {name: value for name, value in asdict(self).items() if value or name not in ("limits", "turn")}

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> Settings:
        """Return the settings from the result of `as_dict`, also after JSON; ValueError for an unknown name."""
        unknown = sorted(set(data) - set(cls.__dataclass_fields__))
        if unknown:
            raise ValueError(f"'{unknown[0]}' is not a setting of this version")
        return msgspec.convert(data, cls)

    def with_changes(self, others: Settings) -> Settings:
        """Return the settings with the lists of others added, and their STARTEX and end, if they have any."""
        names = ("set", "forbid", "force", "skip", "seats", "limits")
        lists: dict[str, Any] = {name: (*getattr(self, name), *getattr(others, name)) for name in names}
        return replace(self, **lists, startex=others.startex or self.startex, until=others.until or self.until)


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """A command of the white cell or of a person in a seat, at the current second of the run.

    MSEL: `release`, `hold`, `unhold`, `skip`, `retract` (data: inject), `delay` (inject, by), `postpone` (by), `edit`
    (inject, field, value), `inject` (yaml), `reset` (inject, or nothing for all), `ack` (who, inject, release).
    Seats: `seat` (government, kind), `order` (government, option, target, why, override, answers: the number of the
    record that it answers, None for nothing), `standing_order` (government, option, target, why, when, answers),
    `cancel` (government, number), `pass` (government, dossier), `deadline` (game, default), `decision.missed`
    (government, dossier, reason, default).
    Standing procedures: `procedures` (government, procedure, mode), `procedure.answer` (government, number, answer).
    Correspondence: `message` (who, to, text, public), `dismiss` (message), `rfi` (who, text), `rfi.reply` (government,
    number, status, text), `offer` (who, to, text, form), `answer` (who, offer, answer, text), `vote` (who, to,
    question, choices), `ballot` (who, vote, choice), `tally` (vote); with `by`, the white cell writes in its name.
    Questionnaires: `respond` (who, inject, release, person, answers by question), `questionnaire.close` and
    `questionnaire.publish` (inject, release).
    Adjudication: `set` (path, value, why), `action` (government, title, target, as, goldstein, severity, rung, effects,
    visibility, dossier, why), `outcome` (outcome, status, why, private), `request` (who, text, why), `ruling` (request,
    how, why, and what it takes), `note` (text, about, tag), `rating` (about, rating, why, and
    of an expected action government, number, evidence), both with `evaluator`, the name of a person; `noplay`,
    `playon` (text), `endex` (why), `epoch` (number).
    """

    kind: str
    data: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class RecordParts:
    """The parts of the record of a command.

    `kind` is its kind, `about` what it is about (None: the kind of the command), `cause` the number of the record that
    it responds to, None for nothing. `adds` is what its data have besides the command's.
    """

    kind: str = "command"
    about: str | None = None
    cause: int | None = None
    adds: Mapping[str, Any] = field(default_factory=dict)


Steps = Generator[RecordParts, int, None]
"""The steps of one command: it is checked (UsageFault) and yields its record; then it is sent the number of that record
and is carried out. Nothing changes before the record is yielded."""
CommandSteps = Callable[[dict[str, Any]], Steps]
"""The handler of one kind of command: takes the data of a command, and returns its steps."""


class CommandModule:
    """A part of a run that has the handlers of some `KINDS` of commands: that of `rfi.reply` is its `_rfi_reply`."""

    KINDS: ClassVar[tuple[str, ...]]

    def handlers(self) -> dict[str, CommandSteps]:
        """Return the handlers by the kinds of their commands."""
        return {kind: getattr(self, f"_{kind.replace('.', '_')}") for kind in self.KINDS}


def carry_out(steps: Steps, seq: int) -> None:
    """Carry out a command that has yielded its record, which has this number."""
    with suppress(StopIteration):
        steps.send(seq)
