"""What the public pages show, ready to be read. Of an enterprise: name, credit code, district, title and its term."""
