"""How a government decides: its view of the world, the score of each option, the choice."""
