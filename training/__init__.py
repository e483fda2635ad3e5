"""Train, evaluate, gate and publish releases: `python -m training …`."""
