"""The application of an enterprise: what it asks, how far it has come, how it is saved and frozen."""
