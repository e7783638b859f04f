"""What the life of a title says and shows: its letters, and what its pages are made of."""
