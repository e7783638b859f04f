"""The enterprise's own desk: its form, filled in once, and the papers that prove it."""
