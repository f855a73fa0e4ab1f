"""Reports for whoever was not at the screen: one page, and slides with charts that can be edited."""
