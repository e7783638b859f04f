"""Forms of recognition."""
