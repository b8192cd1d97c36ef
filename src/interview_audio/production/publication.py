"""Moves finished files into place under names that replace nothing but this episode's own files, with their record."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from interview_audio.output_files import Destination, FileNames, assign_names, sha256_of
from interview_audio.production.episode_json import WrittenFile
from interview_audio.production.staging import Staging


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
    digests = {suffix: sha256_of(path) for suffix, path in made.items()}
    *companions, sound = made
    suffixes = (*companions, destination.record_suffix, sound)
    record = staging.temporary()
    kept: dict[str, str] = {}

    def name_files() -> dict[str, Path]:
        chosen = assign_names(destination, suffixes)
        kept.update(chosen.kept)
        record.write_text(format_record(_written(made, digests, chosen), chosen.earlier), "utf-8", newline="\n")
        files = {**made, destination.record_suffix: record}
        return {chosen.names[suffix]: files[suffix] for suffix in suffixes}

    return Publication(staging.publish(name_files), kept)


def _written(made: Mapping[str, Path], digests: Mapping[str, str], names: FileNames) -> list[WrittenFile]:
    beside = {new: edited for edited, new in names.kept.items()}
    return [
        WrittenFile(names.names[suffix], path.stat().st_size, digests[suffix], beside.get(names.names[suffix]))
        for suffix, path in made.items()
    ]
