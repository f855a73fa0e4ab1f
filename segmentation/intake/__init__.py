"""From the text of a file to customers: columns, mapping, parsing, cleaning."""
