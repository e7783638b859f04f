"""Policy documents as packs: shape, resolving, library."""
