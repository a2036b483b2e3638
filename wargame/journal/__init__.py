"""Records and run folders: writing, reading and comparing them, explaining them, and who may see them."""
