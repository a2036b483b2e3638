"""What one seat has been sent, owes, may order and knows, as frozen data, and as lines of text."""
