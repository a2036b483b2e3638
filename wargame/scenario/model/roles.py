"""Role sheets: what the players of a government read about their role before the exercise begins."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Annotated

from wargame.scenario.model.annotations import JUDGEMENT, Ref


@dataclass(frozen=True, slots=True, kw_only=True)
class Motives:
    """What a leader wants and fears, in sentences.

    Without them the role sheet lists the indicators of the leader's interests.
    """

    wants: tuple[str, ...] = ()
    """Sentences that address the players, such as 'You want to keep the strait open.'"""
    fears: tuple[str, ...] = ()
    """As for `wants`, such as 'You fear a blockade.'"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Role:
    """Texts for the role sheet of a government. They have no effect on runs.

    Only the players of this government read them: write nothing that it may not know at STARTEX.
    """

    situation: str = ""
    """What the government faces at the STARTEX in `calendar`. A run with another STARTEX leaves it out."""
    tasks: tuple[str, ...] = ()
    """What the exercise asks of these players."""
    leaders: dict[Annotated[str, Ref("leader")], Motives] = field(default_factory=dict)
    """Wants and fears of each leader that may hold office."""
    source: str = JUDGEMENT
