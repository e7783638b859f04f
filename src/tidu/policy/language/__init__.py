"""The rule language: text, syntax, checked terms, closures."""
