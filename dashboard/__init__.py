"""Talks: to people (pages), to programs (API, command line), and to the store and the segmentation."""
