"""What the assistant knows: fiches, sources, contacts, search and their checks, in plain Python."""
