"""Who may take part: join codes, people, the lobby, and their file in the run folder."""
