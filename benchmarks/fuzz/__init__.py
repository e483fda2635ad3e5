"""Fuzzing: requests made from the description of the API, and texts made for the parts that read what others write."""
