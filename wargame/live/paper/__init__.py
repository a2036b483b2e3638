"""The exercise on paper: a pack for each seat, and one for the white cell, as HTML pages for printing."""
