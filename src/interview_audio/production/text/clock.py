"""Times as captions and chapter lists write them, from whole milliseconds."""


def clock(milliseconds: int, mark: str = ".") -> str:
    """``hh:mm:ss.mmm``, with this mark before the milliseconds."""
    seconds, thousandths = divmod(milliseconds, 1000)
    return f"{clock_of_seconds(seconds)}{mark}{thousandths:03}"


def clock_of_seconds(seconds: int) -> str:
    """``hh:mm:ss``."""
    return f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}"
