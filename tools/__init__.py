"""Programs that prepare and check a working copy. Standard library only: they run before anything is installed."""
