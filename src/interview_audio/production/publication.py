"""Moves finished files into place under names that replace nothing but this episode's own files, with their record."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from interview_audio.output_files import (
    ChangedMeanwhileError,
    Destination,
    FileNames,
    assign_names,
    check_unchanged,
    digest_of,
)
from interview_audio.production.episode_json import WrittenFile
from interview_audio.production.staging import Staging

_TRIES = 3
"""How often names are decided anew because another render published into the folder at the same moment."""


@dataclass(frozen=True, slots=True)
class Publication:
    """Files that are in place."""

    paths: tuple[Path, ...]
    """The sound last."""
    kept: Mapping[str, str]
    """Files that a person had edited and that are as they were, and the name of the new one beside each."""


def publish_files(
    staging: Staging,
    destination: Destination,
    made: Mapping[str, Path],
    format_record: Callable[[Sequence[WrittenFile], Mapping[str, str]], str],
) -> Publication:
    """Move finished files and the record that lists them into place, all or none.

    Args:
        staging: Where the files were made.
        destination: Where they go.
        made: Suffix to temporary file, the sound last.
        format_record: Gives the record's text for these files and for earlier ones that stay, with their SHA-256.

    Raises:
        OccupiedError: A file is there that this source's last render did not write.
        OSError: Nothing was moved: there is no room, or a file cannot be replaced.
    """
    digests = {suffix: digest_of(path) for suffix, path in made.items()}
    *companions, sound = made
    suffixes = (*companions, destination.record_suffix, sound)
    for tried in range(1, _TRIES + 1):
        names = assign_names(destination, suffixes)
        record = staging.temporary()
        record.write_text(format_record(_written(made, digests, names), names.earlier), "utf-8", newline="\n")
        files = {names.names[suffix]: {**made, destination.record_suffix: record}[suffix] for suffix in suffixes}
        try:
            paths = staging.publish(files, partial(check_unchanged, destination.folder, names))
        except ChangedMeanwhileError:
            if tried == _TRIES:
                raise
        else:
            return Publication(paths, names.kept)
    raise AssertionError  # the last try returns or raises


def _written(made: Mapping[str, Path], digests: Mapping[str, str], names: FileNames) -> list[WrittenFile]:
    beside = {new: edited for edited, new in names.kept.items()}
    return [
        WrittenFile(names.names[suffix], path.stat().st_size, digests[suffix], beside.get(names.names[suffix]))
        for suffix, path in made.items()
    ]
