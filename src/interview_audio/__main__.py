"""Where ``interview-audio`` and ``python -m interview_audio`` begin: Ctrl-C is heard before anything is loaded."""

import os


def main() -> None:
    """Load the command line and run it."""
    try:
        from interview_audio import interrupts

        interrupts.end_at_once()
    except KeyboardInterrupt:  # in the milliseconds before that
        os._exit(130)
    from interview_audio.cli import main as run

    try:
        run()
    finally:
        if interrupts.was_interrupted():  # threads may hang that the interpreter would wait for
            os._exit(interrupts.exit_code())


if __name__ == "__main__":
    main()
