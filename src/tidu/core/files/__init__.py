"""Files that people send: received, checked, scanned, kept, shown. Uploaded content is hostile until proven plain."""
