"""An exercise under a facilitator's hand: the session on disk, the console, the seats' terminals, the look ahead."""
