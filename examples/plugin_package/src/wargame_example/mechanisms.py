"""A mechanism: storms, the more often the later in the year, that keep ships in port and calm the strait."""


def storms(world):
    """Return the injects of a midnight: at most one storm, with a probability of 2 % a day, twice that from October."""
    probability = 0.04 if world.now.month >= 10 else 0.02
    if world.draw("storm") > probability or world.value("tension") <= 0.05:
        return []
    return [
        {
            "id": f"storm_{world.day}",
            "title": "A storm in the strait",
            "message": "A storm keeps all ships in port.",
            "effects": {"tension": {"by": -0.05}},
        }
    ]
