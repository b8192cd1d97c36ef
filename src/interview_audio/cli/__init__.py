"""The command line. A command is imported when it is called: ``--version`` loads click and nothing else."""

import errno
import os
import sys
from collections.abc import Mapping
from importlib import import_module
from types import ModuleType

import click

from interview_audio import __version__, interrupts
from interview_audio.cli import terminal
from interview_audio.errors import InterviewAudioError, OutageError, UsageError

_COMMANDS = {
    "render": "Make an episode from an interview.",
    "batch": "Make the episodes of many interviews, on this machine or on a cluster; continue after failures.",
    "script": "Print the interview as understood, with its cast, as a file to edit and render.",
    "studio": "Hear an interview and edit its words, voices and pauses, in the browser.",
    "serve": "Let browsers and podcast apps have the episodes of a folder, on this machine or in the network.",
    "plan": "Show what a render would make and why, how long it takes, and how large the episode is.",
    "check": "Show what would be read aloud, what would not and why, and what was guessed.",
    "pronounce": "Show how a text is said, and play it.",
    "verify": "Check an episode as players read it: its problems, and what players show.",
    "feed": "Write the podcast feed of finished episodes, and check what directories would refuse.",
    "share": "Make a clip, a video or a snippet for a post of a finished episode.",
    "publish": "Send finished episodes and their feed to a folder, a bucket or GitHub Pages.",
    "voices": "Hear, compare and list the voices.",
    "store": "Show and prune the stored clips.",
    "doctor": "Show what works on this machine, and what would make it work better.",
}
"""Names and their one-line help; each command lives in the module of its name."""
_SYSTEM_ERRORS = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EROFS, errno.EIO)
"""Errors of a disk, for which the system may name no file; any other error without a file name is a bug of ours."""
_RENDER = "render"
_BATCH = "batch"
_MADE = {_RENDER: "the episode has been made", _BATCH: "the episodes have been made"}
"""The commands whose result is not what they print, and what that is."""


class LazyGroup(click.Group):
    """A group whose commands are imported when they are called."""

    summaries: Mapping[str, str] = _COMMANDS
    """Names and their one-line help."""
    prefix = f"{__name__}.commands."
    """What the name of a command's module begins with; it goes on with the command's, which its function has, too."""
    shared_modules: Mapping[str, str] = {}
    """How it goes on for commands that are in one module, by the command's name."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """See click."""
        return [*self.summaries, *self.commands]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """See click."""
        if cmd_name not in self.summaries:
            return super().get_command(ctx, cmd_name)
        command: click.Command = getattr(self._module_of(cmd_name), cmd_name)
        return command

    def _module_of(self, command: str) -> ModuleType:
        return import_module(self.prefix + self.shared_modules.get(command, command))

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the tables, without importing the commands."""
        own = {name: command.get_short_help_str(formatter.width) for name, command in self.commands.items()}
        with formatter.section("Commands"):
            formatter.write_dl([*self.summaries.items(), *own.items()])


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="interview-audio")
def command_line() -> None:
    """Turn the text of an interview into a podcast episode: a voice for every speaker, a chapter for every question."""


def main() -> None:
    """Run the command line; exit with 0 (done), 1 (failed), 2 (wrong usage), 130 (Ctrl-C), 143 or 129 (terminated)."""
    output = terminal.prepare_streams()
    with interrupts.interruptible():
        code = _exit_code()
    if interrupts.was_interrupted():  # whatever exception the interruption turned into
        code = interrupts.exit_code()
    if code == 0 and output and output.failure:
        code = _exit_code_without_output(output.failure)
    sys.exit(code)


def _exit_code_without_output(failure: OSError) -> int:
    """Return the exit code of a command that succeeded but whose output was lost: an episode has been made anyway."""
    made = _MADE.get("".join(sys.argv[1:2]))
    if made and "--json" not in sys.argv:
        if failure.errno == errno.ENOSPC:
            click.echo(f"Warning: cannot write to standard output: {failure.strerror}; {made}", err=True)
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
        click.echo(_interruption_message(sys.argv[1:]), err=True)
        return interrupts.exit_code()
    except click.ClickException as error:
        _print_error(f"Error: {error.format_message()}")
        return error.exit_code
    except click.exceptions.Exit as stop:
        return stop.exit_code
    except UsageError as error:
        _print_error(f"Error: {error}")
        return 2
    except OutageError as error:
        _print_error(f"Error: {error}")
        for line in _next_commands(sys.argv[1:]):
            _print_error(line)
        return 1
    except InterviewAudioError as error:
        _print_error(f"Error: {error}")
        return 1
    except OSError as error:
        if error.filename is None and not _has_working_folder():
            _print_error("Error: the working folder no longer exists; change to another folder and run again")
        elif error.filename is None and error.errno not in _SYSTEM_ERRORS:
            raise
        else:
            _print_error(f"Error: {_describe(error)}")
        return 1
    return code or 0


def _print_error(message: str) -> None:
    terminal.print_line(message, err=True)


def _interruption_message(words: list[str]) -> str:
    """Say what the interruption means for this command: only a render has anything to continue."""
    if words[:1] == ["studio"]:
        return "Closed the studio."
    if words[:1] == ["serve"]:
        return "Stopped serving."
    if words[:1] == ["publish"]:
        return "Interrupted; what was sent stays there, publish again to continue."
    if words[:1] == [_BATCH]:
        return "Interrupted; finished episodes and clips are kept, continue with --continue."
    if words[:1] != [_RENDER]:
        return "Interrupted."
    if "--watch" in words:
        return "Stopped watching."
    return "Interrupted; finished clips are kept, run again to continue."


def _has_working_folder() -> bool:
    """Tell whether relative paths mean anything: otherwise the system says ``No such file``, and not which."""
    from interview_audio.configuration.lookup import working_folder

    return working_folder() is not None


def _describe(error: OSError) -> str:
    """Describe an error of the system in a line; most are translated into errors of our own where they occur."""
    if error.filename is None:
        return f"the output cannot be written: {error.strerror}; make room"
    names = (error.filename, error.filename2)
    where = " -> ".join(os.fsdecode(name) for name in names if isinstance(name, str | bytes))
    return f"{where or error.filename}: {error.strerror}; check the path and its permissions"


def _next_commands(words: list[str]) -> tuple[str, str]:
    """Return the commands that finish with the same engine later, and that start over with voices of this machine."""
    import shlex  # not at the top: `--version` needs no more than click

    online = [word for word in words if word != "--offline"]
    local = [*_without(words, "--engine", "--fallback"), "--engine", "kokoro"]
    return (
        f"  continue later: {shlex.join(['interview-audio', *online])}",
        f"  start over offline: {shlex.join(['interview-audio', *local])}",
    )


def _without(words: list[str], *options: str) -> list[str]:
    """Return the words without these options and their values."""
    kept: list[str] = []
    is_value = False
    for word in words:
        if not is_value and word.partition("=")[0] not in options:
            kept.append(word)
        is_value = not is_value and word in options
    return kept
