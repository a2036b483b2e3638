"""The classes of scenario and inject files, as frozen data.

Every class is one mapping of the YAML files and every field one key of the same name. Fields with a default may be
left out. Any number may also be written `{value: 0.3, range: [0.1, 0.6], source: ...}`; its range and source are then
kept as a `Parameter`. Times are resolved against the calendar when a run is set up; expressions stay text until then.
"""

from wargame.scenario.model.conduct import Aspirations, Plan, Reviews, Routine, Visits
from wargame.scenario.model.events import Absurdity, Agreement, Exchange, Forum, Hazard, HistoryRow, Outcome, Procedure
from wargame.scenario.model.exercises import ExercisePlan
from wargame.scenario.model.governments import ActionPattern, ActionSpec, Demand, Leader, Option, Role, Stage, Strategy
from wargame.scenario.model.indicators import Effect, Indicator, Publication
from wargame.scenario.model.injects import After, ExpectedAction, Inject, Injects, Install, Question, RandomTime
from wargame.scenario.model.map import Map, Place
from wargame.scenario.model.scenario import Calendar, Rules, Scenario

__all__ = [
    "Absurdity", "ActionPattern", "ActionSpec", "After", "Agreement", "Aspirations", "Calendar", "Demand", "Effect",
    "Exchange", "ExercisePlan", "ExpectedAction", "Forum", "Hazard", "HistoryRow", "Indicator", "Inject", "Injects",
    "Install", "Leader", "Map", "Option", "Outcome", "Place", "Plan", "Procedure", "Publication", "Question",
    "RandomTime", "Reviews", "Role", "Routine", "Rules", "Scenario", "Stage", "Strategy", "Visits",
]  # fmt: skip
