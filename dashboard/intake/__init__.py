"""Files of strangers: read as text in a child process with limits."""
