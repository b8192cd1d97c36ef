"""Checks an episode as players read it: what is wrong with it, and what they will show."""

from dataclasses import dataclass, field
from pathlib import Path

from interview_audio.verification.audio_file import AudioFileError
from interview_audio.verification.facts import EpisodeFacts, read_episode
from interview_audio.verification.players import PlayerView, players_show
from interview_audio.verification.problems import Problem, find_problems


@dataclass(frozen=True, slots=True)
class VerificationReport:
    """A sound file, what was read of it and of the files beside it, and what is wrong with them."""

    path: Path
    facts: EpisodeFacts | None = field(repr=False)
    """None if it cannot be read at all, which is its one problem."""
    players: tuple[PlayerView, ...]
    """What players will show."""
    problems: tuple[Problem, ...]

    @property
    def is_valid(self) -> bool:
        """Whether no problem was found."""
        return not self.problems


def verify(path: str | Path) -> VerificationReport:
    """Check an episode, made by this program or not; all of its sound is decoded.

    Args:
        path: The sound file; captions, chapter lists and the record are looked for beside it.
    """
    path = Path(path)
    try:
        facts = read_episode(path)
    except AudioFileError as error:
        unreadable = Problem(path.name, error.reason, "choose another file or render it again")
        return VerificationReport(path, None, (), (unreadable,))
    return VerificationReport(path, facts, tuple(players_show(facts)), tuple(find_problems(facts)))
