"""Results as files: labelled customers, report, rejected rows."""
