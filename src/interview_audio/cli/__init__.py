"""The command line. Commands import what they need when they run: ``--version`` loads click and nothing else."""

import errno
import os
import shlex
import sys
from importlib import import_module

import click

from interview_audio import __version__, interrupts
from interview_audio.cli import terminal
from interview_audio.errors import InterviewAudioError, OutageError, UsageError

COMMANDS = {
    "render": "Make an episode from an interview.",
    "script": "Print the interview as understood, with its cast, as a file to edit and render.",
    "plan": "Show what a render would make and why, how long it takes, and how large the episode is.",
    "check": "Show what would be read aloud, what not and why, and what was guessed.",
    "verify": "Check an episode as players read it: its problems, and what players show.",
    "voices": "List the voices, and help editors with voices.yaml.",
    "store": "Show and prune the stored clips.",
    "doctor": "Show what works on this machine, and what would make it work better.",
}
"""Names and their one-line help; each lives in the module of its name."""
OF_THE_MACHINE = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EROFS, errno.EIO)
"""What a disk says where the system does not tell of which file; any other error without one is a bug of ours."""
MAKES_FILES = "render"
"""The command whose result is not what it prints."""


class LazyGroup(click.Group):
    """A group whose commands are imported when they are called for."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """See click."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """See click."""
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = getattr(import_module(f"{__name__}.commands.{cmd_name}"), cmd_name)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """See click; from the table, without importing the commands."""
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="interview-audio")
def command_line() -> None:
    """Turn the text of an interview into a podcast episode: a voice for every speaker, a chapter for every question."""


def main() -> None:
    """Run the command line; exit 0 done, 1 failed, 2 wrong usage, 130 interrupted, 143 or 129 told to end."""
    output = terminal.prepare()
    with interrupts.interruptible():
        code = _exit_code()
    if interrupts.was_interrupted():  # whatever the interruption became on its way
        code = interrupts.exit_code()
    if code == 0 and output and output.failure:
        code = _exit_code_unheard(output.failure)
    sys.exit(code)


def _exit_code_unheard(failure: OSError) -> int:
    """Of a command that has succeeded and whose output did not arrive: an episode is made all the same."""
    if sys.argv[1:2] == [MAKES_FILES]:
        if failure.errno == errno.ENOSPC:
            click.echo(f"Warning: cannot write to standard output: {failure.strerror}; the episode is made", err=True)
        return 0
    if failure.errno == errno.EPIPE:
        return terminal.READER_GONE
    click.echo(f"Error: cannot write to standard output: {failure.strerror}", err=True)
    return 1


def _exit_code() -> int:
    try:
        code = command_line(prog_name="interview-audio", standalone_mode=False)  # what a command exits with, or None
    except click.exceptions.NoArgsIsHelpError as error:
        error.show()
        return 2
    except (click.Abort, KeyboardInterrupt):
        click.echo(_on_interruption(sys.argv[1:]), err=True)
        return interrupts.exit_code()
    except click.ClickException as error:
        _tell(f"Error: {error.format_message()}")
        return error.exit_code
    except click.exceptions.Exit as stop:
        return stop.exit_code
    except UsageError as error:
        _tell(f"Error: {error}")
        return 2
    except OutageError as error:
        _tell(f"Error: {error}")
        for line in _ways_on(sys.argv[1:]):
            _tell(line)
        return 1
    except InterviewAudioError as error:
        _tell(f"Error: {error}")
        return 1
    except OSError as error:
        if error.filename is None and not _has_working_folder():
            _tell("Error: the working folder no longer exists; change to another folder and run again")
        elif error.filename is None and error.errno not in OF_THE_MACHINE:
            raise
        else:
            _tell(f"Error: {_described(error)}")
        return 1
    return code or 0


def _on_interruption(words: list[str]) -> str:
    """What is true of the command that was interrupted: only a render has anything to continue."""
    if words[:1] != [MAKES_FILES]:
        return "Interrupted."
    if "--watch" in words:
        return "Stopped watching."
    return "Interrupted; finished clips are kept, run again to continue."


def _has_working_folder() -> bool:
    """Whether relative paths mean anything: otherwise the system says ``No such file``, and not which."""
    from interview_audio.configuration.lookup import working_folder

    return working_folder() is not None


def _described(error: OSError) -> str:
    """A foreign error in a line; most are named with more sense where they are met."""
    if error.filename is None:
        return f"the output cannot be written: {error.strerror}; make room"
    names = (error.filename, error.filename2)
    where = " -> ".join(os.fsdecode(name) for name in names if isinstance(name, str | bytes))
    return f"{where or error.filename}: {error.strerror}; check the path and its permissions"


def _tell(message: str) -> None:
    """Print a line on standard error, with nothing in it that a terminal obeys."""
    terminal.say(message, err=True)


def _ways_on(words: list[str]) -> tuple[str, str]:
    """The commands that finish with the same engine later, and that start over with voices of this machine."""
    online = [word for word in words if word != "--offline"]
    local = [*_without(words, "--engine", "--fallback"), "--engine", "kokoro"]
    return (
        f"  continue later: {shlex.join(['interview-audio', *online])}",
        f"  start over offline: {shlex.join(['interview-audio', *local])}",
    )


def _without(words: list[str], *options: str) -> list[str]:
    """The words less these options and their values."""
    kept: list[str] = []
    is_value = False
    for word in words:
        if not is_value and word.partition("=")[0] not in options:
            kept.append(word)
        is_value = not is_value and word in options
    return kept
