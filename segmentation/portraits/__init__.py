"""Segments in words: profiles, names, rules, actions."""
