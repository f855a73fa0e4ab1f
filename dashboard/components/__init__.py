"""Values in, Dash components out: no query, no request, no clock."""
