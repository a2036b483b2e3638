"""Statistics in plain floats: distributions, intervals, tests, incidence, scores of forecasts."""
