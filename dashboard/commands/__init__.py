"""What each command of ``python -m dashboard`` does. Nothing heavy is imported before it is needed."""
