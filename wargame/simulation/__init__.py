"""The simulation of one exercise: governments, forums, agreements, injects and chance on one clock."""
