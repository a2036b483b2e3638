"""What an author writes: its classes, reading, checking and the JSON Schema of it."""
