"""Governments that decide: leaders, desks, feasible options, standing procedures."""
