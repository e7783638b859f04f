"""Pages of recognition, one file for each audience and task."""
