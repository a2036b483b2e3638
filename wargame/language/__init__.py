"""Expressions and times: parse, check, compile."""
