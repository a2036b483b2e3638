"""What a journal says about a run, for people: findings and their presentation."""
