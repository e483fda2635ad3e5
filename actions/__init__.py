"""Custom actions: what the assistant does once it knows what is asked. They query the knowledge base."""
