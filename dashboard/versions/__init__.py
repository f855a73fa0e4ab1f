"""A dataset as tables of the store, and back: nothing that the labelled file or a segmentation needs is lost on the way."""
