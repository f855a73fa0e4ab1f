"""Everything that may be read: plain values for pages, API and command line."""
