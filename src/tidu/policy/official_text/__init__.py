"""The official text of a document: clauses by heading path, storage outside the project, search."""
