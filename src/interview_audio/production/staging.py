"""Files in the making: under temporary names in the folder where they will be, then moved into place, all or none."""

import contextlib
import shutil
import uuid
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Self


class Staging:
    """A context in which the files of an episode are made; on leaving it, whatever was not published is removed.

    Raises:
        OSError: From any method, if the folder cannot be written.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._token = uuid.uuid4().hex[:12]
        self._temporaries: list[Path] = []

    def __enter__(self) -> Self:
        self._folder.mkdir(parents=True, exist_ok=True)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        for path in self._temporaries:
            path.unlink(missing_ok=True)

    def temporary(self) -> Path:
        """A new name in the folder, for a file that will be published or removed."""
        path = self._folder / f".{self._token}.{len(self._temporaries)}.part"
        self._temporaries.append(path)
        return path

    def publish(self, files: Mapping[str, Path]) -> tuple[Path, ...]:
        """Move finished files into place in this order, or, if one cannot be moved, put back those that were there.

        Args:
            files: Final name to temporary file. The last is the one by which readers find the others.

        Returns:
            The final paths, in the same order.
        """
        targets = {self._folder / name: temporary for name, temporary in files.items()}
        with contextlib.ExitStack() as undo:
            for number, (target, temporary) in enumerate(targets.items(), start=1):
                if number < len(targets):
                    self._restore_on_failure(target, undo)
                temporary.replace(target)
            undo.pop_all()
        return tuple(targets)

    def _restore_on_failure(self, target: Path, undo: contextlib.ExitStack) -> None:
        if target.exists():
            backup = self.temporary()
            shutil.copyfile(target, backup)
            undo.callback(backup.replace, target)
        else:
            undo.callback(target.unlink, missing_ok=True)
