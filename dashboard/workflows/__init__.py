"""The order of the steps of everything that changes something: one file for each thing that is changed."""
