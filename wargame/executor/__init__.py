"""Running exercises: one into a run folder, again to verify it, and many as a campaign on cores or a cluster."""
