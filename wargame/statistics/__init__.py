"""Statistics in plain floats: distributions, intervals, tests, incidence, variance, forecast scores, designs, draws."""
