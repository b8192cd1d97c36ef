"""``python -m interview_audio``."""

from interview_audio.cli import main

if __name__ == "__main__":
    main()
