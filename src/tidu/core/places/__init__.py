"""Divisions and development zones: the vocabulary is the source, the table its copy for all that refers to one."""
