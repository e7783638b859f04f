"""Bringing tables into the registry: templates, reading, checking, comparing, writing, and names that look alike."""
