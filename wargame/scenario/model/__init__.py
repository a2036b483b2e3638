"""The classes of scenario and inject files, as frozen data.

Every class is one mapping of the YAML files and every field one key of the same name. Fields with a default may be
left out. Any number may also be written `{value: 0.3, range: [0.1, 0.6], source: ...}`; its range and source are then
kept as a `Parameter`. Times are resolved against the calendar when a run is set up; expressions stay text until then.
"""

from wargame.scenario.model.annotations import JUDGEMENT
from wargame.scenario.model.conduct import Aspirations, Plan, Reviews, Routine, Visits
from wargame.scenario.model.events import Absurdity, Agreement, Exchange, Forum, Hazard, HistoryRow, Outcome, Procedure
from wargame.scenario.model.exercises import (
    Checklist,
    ExercisePlan,
    ObjectiveMeasure,
    PlannedBreak,
    PlannedEvaluator,
    PlannedMove,
    PlannedObjective,
    SeatPlan,
    SeatPost,
)
from wargame.scenario.model.governments import (
    ActionPattern,
    ActionSpec,
    Demand,
    Dossier,
    DossierSettings,
    ForumMove,
    Government,
    Leader,
    Motives,
    Option,
    Perception,
    Responses,
    Role,
    Stage,
    StageExit,
    Strategy,
    TermMove,
)
from wargame.scenario.model.indicators import Effect, Indicator, Publication, RoutineReport
from wargame.scenario.model.injects import (
    After,
    AttachedContent,
    Attachment,
    ExpectedAction,
    Inject,
    Injects,
    Install,
    Objective,
    Question,
    Questionnaire,
    RandomTime,
)
from wargame.scenario.model.questions import Chronology, Claim, Evidence
from wargame.scenario.model.scenario import Calendar, Rules, Scenario
from wargame.scenario.model.targets import Target

__all__ = [
    "JUDGEMENT", "Absurdity", "ActionPattern", "ActionSpec", "After", "Agreement", "Aspirations", "AttachedContent",
    "Attachment", "Calendar", "Checklist", "Chronology", "Claim", "Demand", "Dossier", "DossierSettings", "Effect",
    "Evidence", "Exchange", "ExercisePlan", "ExpectedAction", "Forum", "ForumMove", "Government", "Hazard",
    "HistoryRow", "Indicator", "Inject", "Injects", "Install", "Leader", "Motives", "Objective", "ObjectiveMeasure",
    "Option", "Outcome", "Perception", "Plan", "PlannedBreak", "PlannedEvaluator", "PlannedMove", "PlannedObjective",
    "Procedure", "Publication", "Question", "Questionnaire", "RandomTime", "Responses", "Reviews", "Role", "Routine",
    "RoutineReport", "Rules", "Scenario", "SeatPlan", "SeatPost", "Stage", "StageExit", "Strategy", "Target",
    "TermMove", "Visits",
]  # fmt: skip
