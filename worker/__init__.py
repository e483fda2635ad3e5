"""The process that answers: Rasa's agent, the custom actions and the fiches of one release."""
