"""The staff console: everything under /agents, for the people of the town hall who teach the assistant."""
