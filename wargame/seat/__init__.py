"""What one seat has been sent, may choose and knows, as data."""
