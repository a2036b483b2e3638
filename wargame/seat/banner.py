"""What every screen and print of an exercise bears, so that nobody takes it for the real world."""

BANNER = "EXERCISE EXERCISE EXERCISE"
