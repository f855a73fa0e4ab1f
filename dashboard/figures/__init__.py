"""Values in, plain figure dicts out: no plotly import, colours only as tokens of the style sheet."""
