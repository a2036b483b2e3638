"""The facts of a scenario that the journal needs: titles for its sentences, public facts for who may see a record."""

from collections import Counter
from collections.abc import Iterable

from wargame.journal.viewer_memory import PublicFacts
from wargame.journal.wording import Titles
from wargame.language.expressions import parse
from wargame.scenario.model import Inject, Scenario
from wargame.scenario.model.indicators import AT_ONCE, PUBLIC, PUBLISHED, UNTIL_CONVENED, table

REVEALING = frozenset({"rung", "credibility", "committed", "strength"})
"""Numbers of the engine that would reveal hidden actions; a seat has its own (`simulation.kernel.knowledge`)."""


def titles(scenario: Scenario, injects: Iterable[Inject] = ()) -> Titles:
    """Return names and titles by id."""
    pairs = {name: spec.members for name, spec in scenario.forums.items() if len(spec.members) == 2}
    times = Counter(frozenset(members) for members in pairs.values())
    return Titles(
        governments={name: spec.name for name, spec in scenario.governments.items()},
        options={name: spec.title for name, spec in scenario.options.items()},
        injects={spec.id: spec.title for spec in injects},
        outcomes={name: spec.title for name, spec in scenario.outcomes.items()},
        dossiers={name: spec.title for name, spec in scenario.dossiers.items()},
        strategies={name: spec.title for name, spec in scenario.strategies.items()},
        procedures={name: spec.title for name, spec in scenario.procedures.items()},
        members={name: members for name, members in pairs.items() if times[frozenset(members)] == 1},
        councils={name: spec.adopts or "resolution" for name, spec in scenario.forums.items() if spec.council},
        objectives={name: spec.title for name, spec in scenario.objectives.items()},
        ranges={name: scenario.range_of(name) for name in ("trust", *scenario.indicators)},
    )


def public_facts(scenario: Scenario) -> PublicFacts:
    """Return what everyone knows: which actions can be observed by all, which indicators are known at once."""
    options = scenario.options
    return PublicFacts(
        governments=frozenset(scenario.governments),
        option_is_public=lambda option: option in options and options[option].visibility == "public",
        public_indicators={
            name: spec.known == AT_ONCE
            for name, spec in table(scenario.indicators).items()
            if name not in REVEALING
            and spec.known != PUBLISHED
            and not (name in scenario.indicators and scenario.indicators[name].formula)
        },
        covert_options=frozenset(name for name, spec in options.items() if spec.visibility == "covert"),
        outcome_events={name: _counted(spec.when) for name, spec in scenario.outcomes.items() if spec.when},
        private_forums={name: spec.members for name, spec in scenario.forums.items() if spec.visibility != PUBLIC},
        opening=frozenset(name for name, spec in scenario.forums.items() if spec.visibility == UNTIL_CONVENED),
        audiences={name: spec.audience for name, spec in scenario.outcomes.items() if spec.audience},
    )


def _counted(condition: str) -> frozenset[str]:
    """Return the ids that a condition counts."""
    events = parse(condition).events
    return frozenset(arguments[0] for function, arguments in events if function in ("count", "days_since"))
