"""Time left, as people read it."""


def format_left(seconds: float) -> str:
    """« encore 40 s » or « encore 2 min »; at its end, « bientôt fini »."""
    if seconds < 5:
        return "bientôt fini"
    return f"encore {round(seconds / 5) * 5} s" if seconds < 90 else f"encore {round(seconds / 60)} min"
