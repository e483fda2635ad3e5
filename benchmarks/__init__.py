"""What the README claims about speed and weight, measured beside the stock French Rasa pipeline."""
