"""The public web process: pages, chat API, sessions, limits and health. It never imports Rasa."""
