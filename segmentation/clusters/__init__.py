"""Groups of similar customers: methods, the number of groups, and how far to trust them."""
