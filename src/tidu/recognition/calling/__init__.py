"""Opening a call: which packs can be called, what is proposed, what must be right, and what the notice says."""
