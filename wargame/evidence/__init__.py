"""Questions put to a scenario: its rehearsal, its claims and targets, and how it fares against history."""
