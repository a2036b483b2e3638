"""The messages, obligations, options and knowledge of one seat, as frozen data, and as lines of text."""
