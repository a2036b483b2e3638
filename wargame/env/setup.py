"""What the three environments have in common: the scenario, the agents and their spaces, and the episodes."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
from gymnasium import spaces

from wargame.decision.menu import Candidate
from wargame.env.seat_space import Observation, SeatSpace
from wargame.errors import UsageFault
from wargame.executor.replay import ADVANCE, replay
from wargame.executor.run import Place, completed, ending, manifest_of, new_folder
from wargame.journal import manifest as manifests
from wargame.journal.atomic import write_whole
from wargame.journal.command_log import CommandEntry
from wargame.journal.manifest import PAUSED
from wargame.journal.records import Stamps
from wargame.journal.writer import Writer
from wargame.scenario.loading.load import Loaded, load
from wargame.seat.interests import Levels, Welfare
from wargame.simulation.control.lookup import valid_name
from wargame.simulation.exercise import Exercise
from wargame.simulation.kernel.actor import PERSON
from wargame.simulation.kernel.settings import Command, Settings


@dataclass(frozen=True, slots=True)
class GivenCommand:
    """A command and the second at which it was given."""

    t: int
    kind: str
    data: dict[str, Any]


class Episode:
    """A run in which agents act. `commands` are those that they have given, which reproduce it.

    The exercise keeps no records while it is played, which is faster: a re-simulation with the commands gives them.
    """

    def __init__(self, loaded: Loaded, seed: int, settings: Settings) -> None:
        self.loaded, self.seed = loaded, seed
        self.settings = settings
        self.exercise = Exercise(loaded, seed, replace(self.settings, journal="none"))
        self.commands: list[GivenCommand] = []
        self._dues = self.exercise.commands.seats.dues
        self.exercise.advance(self.exercise.calendar.startex + 1)  # seats are assigned at STARTEX

    def next_turn(self) -> tuple[str, str] | None:
        """Advance to the next decision that is due; its government and dossier, None once the exercise is over."""
        exercise = self.exercise
        while not self._dues and not exercise.done:
            exercise.advance(int(min(exercise.next_event(), exercise.end)) + 1)
        return next(iter(self._dues)) if not exercise.done else None

    def due(self, government: str) -> list[str]:
        """Return the dossiers on which a government has to decide."""
        return [dossier for name, dossier in self._dues if name == government]

    def act(self, government: str, candidate: Candidate | None, dossier: str = "") -> bool:
        """Give an order, or pass on what is due (on `dossier`, or on all); returns whether that was possible."""
        if self.exercise.done:
            return True
        if candidate is not None:
            data = {"government": government, "option": candidate.option, "who": government}
            if candidate.target is not None:
                data["target"] = candidate.target
            return self._give("order", data)
        if not self.due(government):
            return True
        named = {"dossier": dossier} if dossier else {}
        return self._give("pass", {"government": government, **named, "who": government})

    def _give(self, kind: str, data: dict[str, Any]) -> bool:
        now = self.exercise.now
        try:
            self.exercise.apply(Command(kind=kind, data=data))
        except UsageFault:
            return False
        self.commands.append(GivenCommand(now, kind, data))
        return True


GIVEN_BY = "wargame.env"
"""Who gave the commands of a saved episode, as its command log says."""


def save_episode(episode: Episode, path: Path) -> Path:
    """Write the episode so far into a new run folder and return it; UsageFault if the folder cannot be created.

    An episode that is not over can be continued with `wargame resume`.
    """
    settings = replace(episode.settings, journal="full")
    exercise = Exercise(episode.loaded, episode.seed, settings)
    manifest = manifest_of(episode.loaded, exercise, episode.seed, settings, "")
    folder = new_folder(Place(out=path), manifest, episode.loaded, live=True)
    wall, now = manifests.now(), episode.exercise.now
    given = [(each.t, each.kind, each.data) for each in episode.commands]
    last = given[-1][0] if given else episode.exercise.calendar.startex
    if now > last:
        given.append((last, ADVANCE, {"to": now}))
    numbered = enumerate(given, start=1)
    entries = [
        CommandEntry(n=n, parent=n - 1, t=t, wall=wall, kind=k, by=GIVEN_BY, data=d) for n, (t, k, d) in numbered
    ]
    write_whole(folder.commands, b"".join(msgspec.json.encode(entry) + b"\n" for entry in entries))
    for _ in replay(exercise, entries):
        pass
    with Writer(folder.journal) as writer:
        writer.append(Stamps(exercise.calendar.at).records(exercise.records()))
    written = msgspec.structs.replace(folder.manifest(), records=writer.records, journal_sha256=writer.sha256)
    ended = ending(exercise) if exercise.done else PAUSED
    manifests.write_manifest(folder.path, completed(written, exercise, ended))
    return folder.path


Score = Callable[[Exercise, str], float]
"""The score of a government at one moment of an exercise."""


class Rewards:
    """Rewards of some agents in one episode: the change of welfare in the eyes of each seat, or of another score.

    A new leader has other interests. Both levels of a change are then weighed with those of the leader in office, so
    that taking office is no reward by itself.
    """

    def __init__(self, exercise: Exercise, welfare: Iterable[Welfare], score: Score | None) -> None:
        self._exercise, self._score = exercise, score
        self._welfare = {each.government: each for each in welfare}
        self._last: dict[str, tuple[Levels, float, str]] = {}
        """What an agent knew last, the welfare then, and the leader then in office."""
        self._scores: dict[str, float] = {}

    def since_last(self, agent: str) -> float:
        """Return the reward of an agent since the last call for it; 0 at the first."""
        exercise = self._exercise
        if self._score is not None:
            score = float(self._score(exercise, agent))
            before, self._scores[agent] = self._scores.get(agent, score), score
            return score - before
        welfare = self._welfare[agent]
        levels, leader = welfare.levels(exercise), exercise.context.offices.leader[agent]
        now = welfare.of(levels, exercise, leader)
        earlier, then, by = self._last.get(agent, (levels, now, leader))
        self._last[agent] = levels, now, leader
        return now - (then if by == leader else welfare.of(earlier, exercise, leader))


FIRST_SEED = 1
"""The seed of the first episode if none is given."""


def _seats_with(seats: tuple[tuple[str, str], ...], agents: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
    """Return the seats, with agents in theirs."""
    return (*(seat for seat in seats if seat[0] not in agents), *((agent, PERSON) for agent in agents))


class Setup:
    """A scenario with agents in some of its seats; makes one episode after another.

    After `reset(seed=S)` the episodes are the replications 0, 1, … of seed S, each as a run of its own.
    """

    def __init__(
        self,
        scenario: str | Loaded,
        agents: Sequence[str] | None,
        settings: Settings,
        score: Score | None,
        *,
        pad: bool,
    ) -> None:
        self.loaded = load(scenario) if isinstance(scenario, str) else scenario
        governments = sorted(self.loaded.scenario.governments)
        for agent in agents or ():
            valid_name("government", agent, governments)
        self.agents = tuple(dict.fromkeys(agents)) if agents is not None else tuple(governments)
        if not self.agents:
            raise UsageFault(f"name at least one government as an agent, such as {governments[0]}")
        self.settings = settings = replace(settings, seats=_seats_with(settings.seats, self.agents))
        self._score = score
        probe = Exercise(self.loaded, FIRST_SEED, settings)
        self.spaces = {agent: SeatSpace(probe, agent) for agent in self.agents}
        self._welfare = [Welfare(probe, agent) for agent in self.agents]
        if pad:
            every = self.spaces.values()
            most = max(len(each.actions) for each in every), max(len(each.observations) for each in every)
            for space in every:
                space.set_sizes(*most)
        self._seed, self._next = FIRST_SEED, settings.replication
        self.episode: Episode | None = None

    def metadata(self, form: str) -> dict[str, Any]:
        """Return the metadata of an environment: names of the actions and of the entries of observations, by agent."""
        return {
            "name": f"wargame_{self.loaded.scenario.name}_{form}",
            "render_modes": [],
            "is_parallelizable": form != "aec",
            "actions": {agent: space.actions for agent, space in self.spaces.items()},
            "observations": {agent: space.observations for agent, space in self.spaces.items()},
        }

    def begin(self, seed: int | None, options: dict[str, Any] | None) -> Episode:
        """Return the next episode, or replication 0 of a seed; the option `replication` chooses another one."""
        if seed is not None:
            self._seed, self._next = int(seed), 0
        replication = int((options or {}).get("replication", self._next))
        self._next = replication + 1
        settings = replace(self.settings, replication=replication)
        episode = self.episode = Episode(self.loaded, self._seed, settings)
        self.rewards = Rewards(episode.exercise, self._welfare, self._score)
        return episode

    @property
    def running(self) -> Episode:
        """The present episode; UsageFault before the first."""
        if self.episode is None:
            raise UsageFault("call reset() before anything else")
        return self.episode

    def observe(self, agent: str, dossiers: Sequence[str] | None = None) -> Observation:
        """Return what an agent observes, with a mask of the actions on some dossiers (None: on all)."""
        episode, space = self.running, self.spaces[agent]
        exercise = episode.exercise
        choosing = space.dossiers if dossiers is None else dossiers
        due = episode.due(agent) if dossiers is None else dossiers
        mask = space.mask(exercise, () if exercise.done else choosing)
        return {"observation": space.observe(exercise, due), "action_mask": mask}

    def act(self, agent: str, action: int | np.integer[Any], dossier: str = "") -> bool:
        """Take an action; one that is not possible is to wait. Returns whether it was illegal."""
        episode, space = self.running, self.spaces[agent]
        candidate = space.candidate(int(action)) if 0 <= action < len(space.actions) else None
        illegal = candidate is None and action != 0
        if candidate is not None:
            option = self.loaded.scenario.options[candidate.option]
            illegal = bool(dossier) and option.dossier != dossier
            illegal = illegal or not episode.act(agent, candidate, dossier)
        if candidate is None or illegal:
            episode.act(agent, None, dossier)
        return illegal


class WithEpisodes:
    """What the environments share with their users: the exercise of the present episode, and saving it."""

    _setup: Setup

    @property
    def exercise(self) -> Exercise:
        """The exercise of the present episode, for analysis; what is read from it may be more than a seat knows."""
        return self._setup.running.exercise

    def save(self, folder: str | Path) -> Path:
        """Write the present episode as a run folder, which `wargame verify`, `show` and `report` take.

        An episode that is not over is a paused exercise. Raises UsageFault if the folder cannot be created.
        """
        return save_episode(self._setup.running, Path(folder))


class WithAgents(WithEpisodes):
    """The spaces of several agents, as PettingZoo asks for them."""

    def _take(self, setup: Setup, form: str) -> None:
        self._setup, self.metadata, self.render_mode = setup, setup.metadata(form), None
        self.possible_agents: list[str] = list(setup.agents)
        self.agents: list[str] = []

    def observation_space(self, agent: str) -> spaces.Space[Any]:
        """Return the space of an agent's observations, always the same object."""
        return self._setup.spaces[agent].observation_space

    def action_space(self, agent: str) -> spaces.Space[Any]:
        """Return the space of an agent's actions, always the same object."""
        return self._setup.spaces[agent].action_space
