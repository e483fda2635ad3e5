"""Rasa graph components and the fiche importer: thin shells around `knowledge`."""
