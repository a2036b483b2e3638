"""The banner on every screen and print, so that an exercise is not mistaken for the real world."""

BANNER = "EXERCISE EXERCISE EXERCISE"
