"""The exercise: SimPy processes over the world, governments, forums, injects and chance."""
