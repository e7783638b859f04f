"""A tier of a pack against every enterprise of a place: facts into columns, the engine's plan, results into rows."""
