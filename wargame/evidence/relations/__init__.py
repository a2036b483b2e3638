"""Action and reaction between governments."""
