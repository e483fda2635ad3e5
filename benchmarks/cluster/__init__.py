"""A small cluster on one machine, with real servers: to look at (`make cluster`), to test, to measure."""
