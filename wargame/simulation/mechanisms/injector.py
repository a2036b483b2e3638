"""The injector: the MSEL of a run, what is released from it, and why an item is not.

States are in `state_tables.MSEL_ITEM`, triggers in `triggers.py`, what a release does in `contents.py`.
"""

from wargame.numbers.log import follow
from wargame.scenario.model import Inject
from wargame.simulation.kernel.context import Release, RunContext
from wargame.simulation.kernel.state_tables import HELD_STATES, MSEL_ITEM, ItemState
from wargame.simulation.mechanisms.inject_contents import InjectContents
from wargame.simulation.mechanisms.triggers import MselItem, Triggers

_READY = (ItemState.SCHEDULED, ItemState.RELEASED)
"""States in which a trigger may release an item."""


class Injector:
    """All injects of a run. `lines` maps ids to items, in the order of ids."""

    def __init__(self, context: RunContext, injects: tuple[Inject, ...], contents: InjectContents) -> None:
        self._context, self._contents = context, contents
        self.lines = {spec.id: MselItem(spec) for spec in sorted(injects, key=lambda i: i.id)}
        self.triggers = Triggers(context, self.lines, self._fire, self._skip)
        self._groups: dict[str, set[str]] = {}
        """Group -> ids of its injects that were released."""
        context.injects |= set(self.lines)

    def begin(self) -> None:
        """Arm the triggers at STARTEX. An item whose time was before STARTEX is skipped."""
        self.triggers.begun = True
        for item in self.lines.values():
            if item.spec.id in self._context.settings.skip:
                self._skip(item, "skipped by setting")
            elif item.alive and not item.repeats:
                self._start(item)

    def _start(self, item: MselItem) -> None:
        """Arm an item if its file enables it. A held item stays held."""
        if item.spec.enabled:
            _take(item, "arm")
            self.triggers.arm(item)
        else:
            _take(item, "disable")

    # --- firing --------------------------------------------------------------------------------

    def _fire(self, item: MselItem, trigger: str, cause: tuple[int, ...] = ()) -> None:
        """Release an item whose trigger fires, skip it, or remember the trigger while the item is held or delayed."""
        now = self._context.now
        delayed = item.not_before is not None and now < item.not_before
        if trigger == "when" and not cause and item.state not in HELD_STATES:
            cause = self._context.watch.cause
        if item.state in (ItemState.HELD, ItemState.HELD_RELEASED) or (
            delayed and trigger != "rate" and item.state in _READY
        ):
            item.missed = (trigger, cause)
        if delayed or item.state not in _READY or not item.left:
            return
        if item.last is not None and now - item.last < item.spec.cool_down:
            return
        closed = self._why_closed(item)
        reason = closed or self._why_not_now(item)
        if closed and item.released:
            self._end_repeats(item, closed)
        elif reason:
            item.passed += trigger == "at"
            self._skip(item, reason, final=bool(closed) or trigger == "random" or not item.left)
        else:
            self.release(item, trigger, cause)

    def _why_closed(self, item: MselItem) -> str:
        """Return why its trigger can never release it again; empty if it can."""
        spec, context = item.spec, self._context
        if spec.until is not None and context.now >= context.calendar.seconds(spec.until) + item.shift:
            return "its time is over"
        if spec.group and self._groups.get(spec.group, set()) - {spec.id}:
            return f"another inject of '{spec.group}' was released"
        return ""

    def _why_not_now(self, item: MselItem) -> str:
        """Return why its trigger does not release it this time; empty if it does."""
        spec, context = item.spec, self._context
        if spec.provided is not None and not context.world.compile(spec.provided)(context.world, context.events):
            return f"its condition was not true: {spec.provided}"
        item.attempts += 1
        if spec.chance < 1.0 and context.draws.uniform("chance", spec.id, item.attempts) >= spec.chance:
            return "the draw for its chance failed"
        return ""

    def release(self, item: MselItem, trigger: str, cause: tuple[int, ...] = ()) -> int:
        """Release an inject now, whatever its trigger; returns the seq of the record."""
        spec = item.spec
        _take(item, "release")
        item.last = self._context.now
        item.released += 1
        if spec.group:
            self._groups.setdefault(spec.group, set()).add(spec.id)
        seq = self._contents.record(spec, trigger, cause)
        follow(self._context.consequences.of_release, Release(spec, trigger, seq))
        return seq

    # --- what other injects do to an item ------------------------------------------------------

    def disable_others(self, release: Release) -> None:
        """Skip the items that an inject disables, or end their repeats."""
        for item in (self.lines[name] for name in release.inject.disables):
            if item.state == ItemState.SCHEDULED or item.state in HELD_STATES:
                self._skip(item, "disabled by another inject")
            elif item.repeats:
                self._end_repeats(item, "its repeats are disabled by another inject")

    def enable_others(self, release: Release) -> None:
        """Arm the disabled items that an inject enables."""
        for item in (self.lines[name] for name in release.inject.enables):
            if item.state in (ItemState.DISABLED, ItemState.HELD_DISABLED):
                self._context.log.write("inject.enabled", "", item.spec.id, (release.seq,))
                _take(item, "arm")
                self.triggers.arm(item)

    def _skip(self, item: MselItem, reason: str, *, final: bool = True) -> None:
        """Record why an item is not released; unless `final`, it may still be released later."""
        if final and _can(item, "skip"):
            _take(item, "skip")
        item.explained = True
        self._context.log.write("inject.skipped", "", item.spec.id, (), {"title": item.spec.title, "reason": reason})

    def _end_repeats(self, item: MselItem, reason: str) -> None:
        """End the repeats of a released item, which stays released."""
        item.repeats_ended = True
        self._skip(item, reason, final=False)

    # --- commands of the white cell ------------------------------------------------------------

    def hold(self, item: MselItem) -> None:
        """Hold an item that may still be released."""
        if item.alive and _can(item, "hold"):
            _take(item, "hold")

    def unhold(self, item: MselItem) -> None:
        """End a hold. If the trigger fired meanwhile, the item fires now, unless its condition is false again."""
        if item.state not in HELD_STATES:
            return
        _take(item, "unhold")
        missed, item.missed = item.missed, None
        if missed is not None and (item.watched is None or item.watched.true):
            self._fire(item, "manual", missed[1])

    def skip(self, item: MselItem) -> None:
        """Skip an item, or end its repeats if it has been released."""
        if item.repeats:
            self._end_repeats(item, "its repeats are skipped by the white cell")
        elif item.alive:
            item.skipped_by_hand = True
            self._skip(item, "skipped by the white cell")

    def due_of(self, item: MselItem) -> int | None:
        """Return the second at which it is due, also before STARTEX has armed it; None if that is not known."""
        if not item.alive:
            return None
        if item.due is not None or item.spec.at is None:
            return item.due
        due = self._context.calendar.seconds(item.spec.at) + item.shift
        return due if due >= self._context.now else None

    def add(self, spec: Inject) -> None:
        """Add an inject of the white cell to the list."""
        item = self.lines[spec.id] = MselItem(spec, ad_hoc=True)
        ordered = sorted(self.lines.items())
        self.lines.clear()
        self.lines.update(ordered)
        self._context.injects.add(spec.id)
        self.triggers.relist()
        if self.triggers.begun:
            self._start(item)

    def change(self, item: MselItem, spec: Inject) -> None:
        """Replace the contents of an item. A changed trigger is armed again; a held item stays held."""
        before, item.spec = item.spec, spec
        self.triggers.relist()
        moved = any(getattr(before, name) != getattr(spec, name) for name in (*spec.ONE_OF, "enabled"))
        if moved and _can(item, "arm"):
            self.triggers.disarm(item)
            if self.triggers.begun:
                self._start(item)

    def restore(self, item: MselItem, spec: Inject | None) -> None:
        """Restore an item to its file, unless it has been released; an item that is in no file is skipped."""
        before, item.spec = item.spec, spec or item.spec
        self.triggers.relist()
        if item.state == ItemState.RELEASED:
            return
        moved = item.shift or item.not_before is not None
        is_held = item.state in HELD_STATES
        if not (is_held or moved or before != item.spec or item.skipped_by_hand or spec is None):
            return
        self.triggers.disarm(item)
        _take(item, "reset")
        item.shift, item.not_before, item.explained, item.skipped_by_hand = 0, None, False, False
        if spec is None:
            self._skip(item, "the written list was restored")
        elif self.triggers.begun:
            self._start(item)

    # --- the end -------------------------------------------------------------------------------

    def finish(self) -> None:
        """Record at ENDEX why each item that was not released was not, unless a record says so already."""
        for item in self.lines.values():
            if item.state not in (ItemState.RELEASED, ItemState.SKIPPED) and not item.explained:
                self._skip(item, item.why_never)


def _take(item: MselItem, event: str) -> None:
    item.state = MSEL_ITEM[item.state, event]


def _can(item: MselItem, event: str) -> bool:
    return (item.state, event) in MSEL_ITEM
