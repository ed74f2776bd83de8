# SPDX-License-Identifier: MIT
"""One exception class for each status of the C API, with where the fault is."""

from __future__ import annotations

from typing import Any, TypedDict

from kith import _kith


class Details(TypedDict):
    status: str
    reason: str | None
    file: str | None
    line: int | None
    column: int | None
    field: str | None
    value: str | None


class Error(Exception):
    """What went wrong, where, and in words. What does not apply is None.

    Attributes
    ----------
    status : str
        Name of the status in the C API, such as ``"KITH_BAD_POLICY"``.
    reason : str or None
        Of an event that was refused, why: ``"time"``, ``"member"``, ``"late"`` …
    file : str or None
        Name of the file or of the data.
    line : int or None
        In the file, from 1; of a data frame, the row, from 1.
    column : int or None
        Byte in the line, from 1.
    field : str or None
        The key, column or argument at fault.
    value : str or None
        What stood there.
    added : dict or None
        Of a call that adds events: what became of those before the fault.
    faults : list of str
        Of a policy or a source: every fault that it has, this one first.
    """

    status: str = ""
    reason: str | None = None
    file: str | None = None
    line: int | None = None
    column: int | None = None
    field: str | None = None
    value: str | None = None
    added: dict[str, Any] | None = None
    faults: list[str] = []

    def __init__(self, message: str = "", details: Details | None = None) -> None:
        super().__init__(message)
        if details is None:
            return
        self.status = details["status"]
        self.reason = details["reason"]
        self.file = details["file"]
        self.line = details["line"]
        self.column = details["column"]
        self.field = details["field"]
        self.value = details["value"]

    def _details(self) -> Details:
        """All of it but the words, `added` and `faults`, as a new one is made with."""
        return {
            "status": self.status,
            "reason": self.reason,
            "file": self.file,
            "line": self.line,
            "column": self.column,
            "field": self.field,
            "value": self.value,
        }


class BadArgumentError(Error, ValueError):
    """An argument that cannot be used."""


class NoMemoryError(Error, MemoryError):
    """There is not enough memory. What was there is as it was."""


class UnsupportedError(Error, NotImplementedError):
    """What was asked for, this version of the library does not know."""


class CancelledError(Error):
    """Progress asked to stop."""


class InputOutputError(Error, OSError):
    """A file or a stream could not be opened, read or written."""


class BadPolicyError(Error, ValueError):
    """The text of a policy has a fault."""


class BadExportError(Error, ValueError):
    """An export or a data frame cannot be read as one: a column is missing, or of a type that it cannot be of."""


class RefusedError(Error, ValueError):
    """A single event cannot be used; ``reason`` says why."""


class TooManyWeeksError(Error, ValueError):
    """A review would span more weeks than the engine's ``max_weeks``."""


class UnknownMemberError(Error, LookupError):
    """No event, or none up to the moment asked for, names the member."""


class OutOfOrderError(Error, ValueError):
    """A sequence number that comes behind a greater one of its source."""


class BadSnapshotError(Error, ValueError):
    """A snapshot is damaged, or is none."""


class NewerSnapshotError(Error, ValueError):
    """A snapshot was written by a later version of the library."""


class OtherPolicyError(Error, ValueError):
    """A policy cannot take the place of the one that the engine's weeks go by."""


class BadSourceError(Error, ValueError):
    """The text of a source description has a fault, or it names a kind that the engine's policy lacks."""


class BusyError(Error, RuntimeError):
    """An engine is at work in another thread, or asks for progress: one call at a time."""


# By status, as kith.h numbers them.
_CLASSES: dict[int, type[Exception]] = {
    1: BadArgumentError,
    2: NoMemoryError,
    3: UnsupportedError,
    4: CancelledError,
    5: InputOutputError,
    6: BadPolicyError,
    7: BadExportError,
    8: RefusedError,
    9: TooManyWeeksError,
    10: UnknownMemberError,
    11: OutOfOrderError,
    12: BadSnapshotError,
    13: NewerSnapshotError,
    14: OtherPolicyError,
    15: BadSourceError,
}

_kith._set_errors(_CLASSES, BusyError)


def unreadable(path: str, words: str) -> InputOutputError:
    """What is raised where the library has not been asked yet."""
    return InputOutputError(f"{path}: {words}", _details("KITH_INPUT_OUTPUT", path))


def bad_export(path: str, words: str) -> BadExportError:
    """Likewise."""
    return BadExportError(f"{path}: {words}", _details("KITH_BAD_EXPORT", path))


def bad_argument(field: str, words: str, value: str | None = None) -> BadArgumentError:
    """Likewise."""
    return BadArgumentError(f"{field}: {words}", _details("KITH_BAD_ARGUMENT", None, field, value))


def _details(status: str, file: str | None, field: str | None = None, value: str | None = None) -> Details:
    return {
        "status": status,
        "reason": None,
        "file": file,
        "line": None,
        "column": None,
        "field": field,
        "value": value,
    }
