"""A measure: the share of all actions of a run that were friendly or neutral."""


def calm_share(exercise):
    """One number from an exercise at its end."""
    counts = {name: exercise.context.events.count(name) for name in exercise.context.scenario.options}
    friendly = [name for name, option in exercise.context.scenario.options.items() if option.goldstein >= 0]
    return sum(counts[name] for name in friendly) / max(1, sum(counts.values()))
