"""Who asks, and may they: one question, asked in one place, answered with no by default."""
