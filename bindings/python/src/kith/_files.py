# SPDX-License-Identifier: MIT
"""Paths of exports: a folder stands for the files in it, a pattern for what fits it."""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Iterable, Iterator
from glob import glob

from kith import _kith
from kith._errors import InputOutputError, bad_argument, unreadable
from kith._source import Source

_PARQUET = ".parquet"
_MAGIC = b"PAR1"


def files_of(given: str | os.PathLike[str], source: Source | None) -> list[str]:
    """The paths of files that one path stands for.

    Raises
    ------
    InputOutputError
        A folder cannot be read, or holds none; or nothing fits a pattern.
    BadArgumentError
        A folder holds exports, and Parquet files beside them.
    """
    path = os.fsdecode(given)
    paths = [path] if path == "-" or os.path.lexists(path) or not re.search(r"[*?[]", path) else _matches(path)
    return [file for path in paths for file in (_below(path, source) if os.path.isdir(path) else [path])]


def size_of(path: str) -> int | None:
    """Its bytes; None of what is no file, or is not there."""
    status = _look(path)
    return status.st_size if status is not None and stat.S_ISREG(status.st_mode) else None


def _look(path: str) -> os.stat_result | None:
    try:
        return os.stat(path)
    except (OSError, ValueError):
        return None


def check_once(paths: Iterable[str]) -> None:
    """A file that is given twice, also by another name or within a folder, would count twice.

    Raises
    ------
    BadArgumentError
        One is.
    """
    seen: dict[tuple[int, int], str] = {}
    for path in paths:
        status = _look(path)
        if status is None or not stat.S_ISREG(status.st_mode):
            continue
        other = seen.get((status.st_dev, status.st_ino))
        if other is not None:
            also = f", also as {other}" if other != path else ""
            raise bad_argument("data", f"{path}: this file is given twice{also}, and its events would count twice")
        seen[status.st_dev, status.st_ino] = path


def is_parquet(path: str) -> bool:
    """Whether a file is one of Parquet's: it is called so, or begins and ends as they do."""
    return path.endswith(_PARQUET) or has_magic(path)


def has_magic(path: str) -> bool:
    """Whether it begins and ends as Parquet does. What is no file is left alone, as it may be read once only."""
    size = size_of(path)
    if size is None or size < 2 * len(_MAGIC):
        return False
    try:
        with open(path, "rb") as file:
            if file.read(len(_MAGIC)) != _MAGIC:
                return False
            file.seek(-len(_MAGIC), os.SEEK_END)
            return file.read() == _MAGIC
    except OSError:
        # Whoever opens it next says why it cannot be read.
        return False


def _matches(pattern: str) -> list[str]:
    found = sorted(glob(pattern), key=os.fsencode)
    if not found:
        raise unreadable(pattern, "there is no file of this name, nor one that fits it as a pattern")
    return found


# ---- folders ----


def _below(folder: str, source: Source | None) -> list[str]:
    """The exports in a folder and those below it, in the order of their paths there, byte by byte."""
    root = os.fsencode(folder)
    found = sorted(path for path in _all_below(root) if _takes(source, path))
    if not found:
        raise _empty(folder, source)
    parquet = sum(path.endswith(_PARQUET.encode()) for path in found)
    if source is None and 0 < parquet < len(found):
        words = (
            f"{folder}: this folder holds Parquet files and exports of another form, which may be the same events "
            "twice: give the paths of those that are meant"
        )
        raise bad_argument("data", words)
    return [os.fsdecode(os.path.join(root, path)) for path in found]


def _takes(source: Source | None, path: bytes) -> bool:
    if source is None:
        return path.endswith(_PARQUET.encode()) or _kith.takes_file(None, path)
    return _kith.takes_file(source._source, path)


def _empty(folder: str, source: Source | None) -> InputOutputError:
    expected = "the source description asks for (its key 'files')"
    if source is None:
        expected = "ends in .csv, .tsv, .json, .ndjson or .jsonl, or in one of these and .gz, or in .parquet"
    words = f"there is no export in this folder: no file in it or below has a name that {expected}"
    return unreadable(folder, words)


def _all_below(root: bytes) -> Iterator[bytes]:
    """Paths of files below a folder. Hidden ones are passed over, and so are links to folders: there is no loop."""
    pending = [b""]
    while pending:
        below = pending.pop()
        for entry in _entries(os.path.join(root, below)):
            path = os.path.join(below, entry.name)
            if entry.name.startswith(b"."):
                continue
            if entry.is_dir(follow_symlinks=False):
                pending.append(path)
            elif _is_file(entry):
                yield path


def _entries(folder: bytes) -> list[os.DirEntry[bytes]]:
    try:
        with os.scandir(folder) as entries:
            return list(entries)
    except OSError as error:
        # An export that is left out for it would be missed by nobody.
        raise unreadable(os.fsdecode(folder), f"cannot be read: {error.strerror}") from error


def _is_file(entry: os.DirEntry[bytes]) -> bool:
    """A link that leads nowhere counts as one: should it be an export, its absence is told when it is opened."""
    try:
        return entry.is_file() or (entry.is_symlink() and not os.path.exists(entry.path))
    except OSError:  # a link to itself
        return entry.is_symlink()
