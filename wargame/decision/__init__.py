"""What a government makes of its options: view, appraisal, choice."""
