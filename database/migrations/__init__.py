"""The history of the tables: one file a step, each with its way back. ``migrate`` runs them."""
