"""Computes: frames and numbers in, frozen results out. No file, clock, log, screen, database or network."""
