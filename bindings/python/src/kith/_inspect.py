# SPDX-License-Identifier: MIT
"""Looking at exports that nobody has described yet."""

from __future__ import annotations

import os
import re
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from typing import IO, Any, cast

from kith import _kith
from kith._errors import BadExportError, BadPolicyError, CancelledError, Error, InputOutputError
from kith._files import check_once, files_of, is_parquet, size_of
from kith._input import Data, is_export
from kith._inspection import (
    InspectedField,
    InspectedFit,
    InspectedKind,
    InspectedReading,
    InspectedReject,
    Inspection,
    Role,
    Type,
)
from kith._policy import Policy, PolicyLike, policy_of
from kith._progress import Course, Progress, as_callback
from kith._source import Source, SourceLike, source_of, sources
from kith._time import moment_of

_FILES_MOST = 8
_LOOK_BYTES = 64 << 20
_READY_BYTES = 16 << 20
_MEMORY = 256 << 20
_POLICY_KINDS = 64
_KIND_BYTES = 64

_FORMATS = ("csv", "csv", "ndjson", "json")
_TYPES: tuple[Type, ...] = ("empty", "boolean", "whole number", "number", "time", "text", "list", "object")
_FIELDS: tuple[Role | None, ...] = (None, "time", "member", "kind", "target", "quantity", "id")


def inspect(
    data: Data,
    source: SourceLike | None = None,
    policy: PolicyLike | None = None,
    *,
    name: str | None = None,
    progress: Progress = None,
) -> Inspection:
    """Look at exports that nobody has described yet, as ``kith inspect`` does: what their fields and kinds are, which
    source description may fit, and what would become of their rows.

    Parameters
    ----------
    data : path, paths or file
        Exports as `score` takes them: CSV, NDJSON or JSON, plain or gzipped; a folder, a pattern, several of them, or
        a file that is open for reading bytes. Of many, eight are looked at, all over the list; of each long one,
        stretches all over it.
    source : Source, str or path, optional
        What they are read by; where it is left out, the one that comes with kith and fits, or a guess.
    policy : Policy or path, optional
        Whose kinds rows must be of; where it is left out, as for `score`, and for a guess one that has all kinds.
    name : str, optional
        What a file that is open is called.
    progress : callable or bool, optional
        As for `score`; a function is told bytes, and not how many there will be.

    Returns
    -------
    Inspection
        ``print`` shows it; ``source`` in it is the description.

    Raises
    ------
    BadExportError
        It is nothing that could be read as an export.
    BadSourceError
        The source that was given has a fault.
    InputOutputError
        A file cannot be read, or a folder holds no export.
    CancelledError
        progress asked to stop.

    Examples
    --------
    >>> found = inspect("examples/data/community.csv")  # doctest: +SKIP
    >>> found.plain  # doctest: +SKIP
    True
    """
    given, kinds = source_of(source), policy_of(policy)
    exports = _exports_of(data, given, name)
    try:
        with as_callback(progress, "bytes") as callback:
            return _Inspector(exports, given, kinds, callback).inspect()
    finally:
        for export in exports:
            export.close()


# ---- exports ----


@dataclass
class _Export:
    path: str  # or what a file is called
    size: int
    below: str | None  # in the folder in which it was found
    kept: IO[bytes] | None = None  # what can be read but once

    def open(self) -> Any:
        """What the extension reads, from its beginning."""
        if self.kept is None:
            return self.path
        self.kept.seek(0)
        return self.kept

    def close(self) -> None:
        if self.kept is not None:
            self.kept.close()

    def is_of(self, source: Source | None) -> bool:
        return source is None or self.below is None or source.takes_file(self.below)


def _exports_of(data: Data, source: Source | None, name: str | None) -> list[_Export]:
    items = list(cast("list[Any]", data)) if isinstance(data, (list, tuple)) else [data]
    if not items or not all(is_export(item) for item in items):
        kind = type(cast("object", data)).__name__
        raise TypeError(f"expected the path of an export, several of them, or a file, not {kind}")
    exports: list[_Export] = []
    try:
        for item in items:
            exports += [_keep(item, name or "-")] if hasattr(item, "read") else _found(item, source)
        check_once(export.path for export in exports if export.kept is None)
    except BaseException:
        for export in exports:
            export.close()
        raise
    return exports


def _found(given: str | os.PathLike[str], source: Source | None) -> list[_Export]:
    """The exports that one path stands for."""
    exports: list[_Export] = []
    folder = os.fsdecode(given).rstrip("/") + "/"
    for path in files_of(given, source):
        if is_parquet(path):
            raise TypeError(f"{path} is a Parquet file, which says itself what its columns are")
        size = size_of(path)
        below = path[len(folder) :] if path.startswith(folder) else None
        if size is not None and path != "-":
            exports.append(_Export(path, size, below))
        else:
            exports.append(_keep_path(path))
    return exports


def _keep_path(path: str) -> _Export:
    if size_of(path) is None and path != "-" and not os.path.exists(path):
        return _Export(path, 0, None)  # the library says why it cannot be read
    with open(0 if path == "-" else path, "rb", closefd=path != "-") as file:
        return _keep(file, path)


def _keep(file: Any, name: str) -> _Export:
    """What a file gives, which can be read but once, in a temporary one."""
    kept = tempfile.TemporaryFile()
    try:
        while more := file.read(1 << 16):
            if not isinstance(more, bytes):
                kind = type(cast("object", more))
                raise TypeError(f'read() gave {kind} in place of bytes: the file is to be opened with "rb"')
            kept.write(more)
    except BaseException:
        kept.close()
        raise
    return _Export(name, 0, None, kept)


# ---- looking ----


class _Inspector:
    """As the command goes about it: tries what comes with kith, then guesses, and reads the rows by what it has."""

    def __init__(
        self,
        exports: list[_Export],
        source: Source | None,
        policy: Policy | None,
        told: Callable[[int, int | None], object] | None,
    ) -> None:
        self._exports = exports
        self._source = source
        self._policy = policy
        self._course = Course(told, [None])
        self._chosen: list[_Export] = []
        self._files = 0
        self._inner = _kith.Inspection()
        self._unreadable: list[str] = []
        self._ready: str | None = None

    def inspect(self) -> Inspection:
        if self._source is None and len(self._exports) > 1:
            self._look_by_ready()
        if self._ready is None:
            self._files = self._choose(None)
            self._look()
        return self._told(self._read_rows())

    def _choose(self, source: Source | None) -> int:
        """Takes some from all over the list, the largest first: for what it is the others must be, too."""
        own = [export for export in self._exports if export.is_of(source)]
        most = min(len(own), _FILES_MOST)
        self._chosen = [own[len(own) * at // most] for at in range(most)]
        self._chosen.sort(key=lambda export: -export.size)
        return len(own)

    def _look(self, trying: bool = False) -> None:
        self._inner = _kith.Inspection(_LOOK_BYTES // max(len(self._chosen), 1))
        source = self._source._source if self._source is not None else None
        kept: list[_Export] = []
        faults: list[Error] = []
        for export in self._chosen:
            told = self._course.part(None)
            try:
                self._inner.add(export.open(), export.path if export.kept else None, source, told)
                kept.append(export)
            except (BadExportError, InputOutputError) as error:
                if len(self._chosen) == 1 and not trying:
                    raise
                faults.append(error)
        if not kept and not trying:
            raise faults[0]
        self._chosen = kept
        self._unreadable = [str(error) for error in faults]

    # ---- those that come with kith ----

    def _look_by_ready(self) -> None:
        """Exports of some platforms are folders with files of many sorts, of which its source knows the right ones."""
        for name in sources():
            ready = Source.ready(name)
            count = self._choose(ready)
            if count in (0, len(self._exports)):
                continue
            self._look(trying=True)
            self._find_ready()
            if self._ready == name:
                self._files = count
                return
            self._ready = None

    def _find_ready(self) -> None:
        """One, of those with all that they need, that takes a good part of the rows; the best one first."""
        for name, *_, fits in self._fits():
            if not fits:
                return
            source = Source.ready(name)
            reading = self._read(source, source.policy or Policy(), _READY_BYTES)
            many = 5 * reading.taken >= reading.read and reading.taken > 0
            if many and 3 * reading.rejected <= reading.read and reading.fault is None:
                self._ready = name
                return

    def _fits(self) -> list[tuple[str, int, int, bool]]:
        names = list(sources())
        return [(names[number], wanted, found, fits) for number, wanted, found, fits in self._inner.fits()]

    # ---- reading ----

    def _read_rows(self) -> InspectedReading | None:
        self._info = self._inner.info()
        self._fields = [_field_of(field) for field in self._inner.fields()]
        self._kinds = [
            InspectedKind(_clean(name), rows, _clean(kind) or None) for name, rows, kind in self._inner.kinds()
        ]
        self._text = _clean(self._inner.source().decode(errors="surrogateescape"))
        self._plain = self._source is None and self._is_plain()
        if self._source is not None or self._plain:
            return self._read_by(self._source)
        if self._ready is None:
            self._find_ready()
        if self._ready is not None:
            return self._read_by(Source.ready(self._ready))
        if not self._info["complete"]:
            return None
        guess = Source.parse(self._text, "the description")
        return self._read(guess, self._policy or self._policy_of_kinds(), guessed=True)

    def _read_by(self, source: Source | None) -> InspectedReading:
        policy = self._policy or (source.policy if source is not None else None) or Policy()
        return self._read(source, policy)

    def _read(
        self, source: Source | None, policy: Policy, most: int | None = None, guessed: bool = False
    ) -> InspectedReading:
        """Of each export, as many as `most` bytes."""
        engine = _kith.Engine(policy._policy, {"members": _kith.NAMED, "tables": _kith.STANDINGS, "memory": _MEMORY})
        troubles = _kith.Troubles()
        added = dict.fromkeys(("read", "taken", "ignored", "skipped", "rejected"), 0)
        fault: str | None = None
        for export in self._chosen:
            if fault is None and export.is_of(source):
                more, fault = self._read_one(engine, export, source, most, troubles)
                for count in added:
                    added[count] += more[count]
        info = engine.info()
        unknown = sorted(troubles.kinds().items(), key=lambda one: -one[1])
        return InspectedReading(
            source=_clean(source.name) if source is not None and source.name and not guessed else None,
            guessed=guessed,
            **added,
            members=info["members"],
            first=moment_of(info["first_event"]),
            last=moment_of(info["last_event"]),
            rejects=tuple(_reject_of(trouble) for trouble in troubles.rows()),
            unknown_kinds={_clean(kind): rows for kind, rows in unknown},
            fault=fault,
        )

    def _read_one(
        self, engine: _kith.Engine, export: _Export, source: Source | None, most: int | None, troubles: _kith.Troubles
    ) -> tuple[dict[str, Any], str | None]:
        told = self._course.part(None)
        enough = False

        def tell(done: int, total: int | None) -> object:
            nonlocal enough
            enough = most is not None and done > most
            return False if enough else told is None or told(done, total)

        name = export.path if export.kept else None
        own = source._source if source is not None else None
        try:
            return engine.add_exports((export.open(),), {}, name, "\0", troubles, tell, own), None
        except CancelledError as error:
            if not enough or error.added is None:
                raise
            return error.added, None
        except Error as error:
            if isinstance(error, MemoryError) or error.added is None:
                raise
            return error.added, str(error)

    # ---- what needs no description ----

    def _is_plain(self) -> bool:
        """Whether fields are kith's own, and kinds those of the default policy."""
        info = self._info
        has_form = info["rows_path"] == "[]" if info["format"] == 3 else info["delimiter"] != ord(" ")
        has_fields = all(
            field.field == (field.path if field.path in _FIELDS else None)
            and (field.field != "time" or field.times == "ISO 8601")
            for field in self._fields
        )
        has_kinds = bool(self._kinds) and all(kind.name == kind.kind for kind in self._kinds)
        return has_form and info["complete"] and has_fields and has_kinds

    def _policy_of_kinds(self) -> Policy:
        """One that has the kinds that rows will have: the policy's that were guessed, else the exports' own."""
        one = _clean(self._info["one_kind"])
        names = [one] if one else []
        for kind in self._kinds:
            named = kind.kind or kind.name
            if len(names) < _POLICY_KINDS and _can_be_named(named) and named not in names:
                names.append(named)
        try:
            return Policy.parse("".join(f"[kind {named}]\n" for named in names), "kinds")
        except BadPolicyError:
            return Policy()  # a name that no policy can have: then its rows are refused

    # ---- what was found ----

    def _told(self, reading: InspectedReading | None) -> Inspection:
        info = self._info
        return Inspection(
            exports=tuple(_clean(export.path) for export in self._chosen),
            files=self._files,
            unreadable=tuple(self._unreadable),
            format=_FORMATS[info["format"]],  # type: ignore[arg-type]
            delimiter=chr(info["delimiter"]) if info["delimiter"] else None,
            rows_path=_clean(info["rows_path"]) or None,
            gzip=info["gzip"],
            headless=info["headless"],
            rows=info["rows"],
            not_rows=info["refused"],
            whole=info["whole"],
            bytes=info["bytes"],
            bytes_total=info["bytes_total"] or None,
            members=info["members"],
            members_about=info["about"],
            first=moment_of(info["first_time"]),
            last=moment_of(info["last_time"]),
            fields=tuple(self._fields),
            kinds=tuple(self._kinds),
            source=self._text,
            complete=info["complete"],
            one_kind=_clean(info["one_kind"]) or None,
            other_times=_clean(info["other_times"]) or None,
            ready=tuple(InspectedFit(*fit) for fit in self._fits()),
            fits=self._ready,
            plain=self._plain,
            reading=reading,
        )


# ---- values ----

_ODD = re.compile("[\udc80-\udcff\0]")


def _clean(text: str) -> str:
    """Text that can be shown and written: a replacement in place of each byte that is no UTF-8."""
    return _ODD.sub("\ufffd", text)


def _cut(text: str, most: int) -> str:
    """Of text as the command keeps it: whole characters, in so many bytes of UTF-8."""
    clean = _clean(text)
    while len(clean.encode()) > most:
        clean = clean[:-1]
    return clean


def _can_be_named(name: str) -> bool:
    """What can stand in a heading of a policy."""
    size = len(name.encode())
    odd = any(ord(letter) < 0x20 or letter in "\x7f;" for letter in name)
    return 0 < size <= _KIND_BYTES and not name.startswith(" ") and not name.endswith(" ") and not odd


def _field_of(field: dict[str, Any]) -> InspectedField:
    return InspectedField(
        path=_clean(field["path"]),
        type=_TYPES[int(field["type"])],
        times=_clean(field["times"]) or None,
        there=field["there"],
        of=field["of"],
        distinct=field["distinct"],
        distinct_about=field["about"],
        field=_FIELDS[int(field["field"])],
        why=_clean(field["why"]) or None,
        of_document=field["documents"],
        examples=tuple(_clean(example) for example in field["examples"]),
    )


def _reject_of(trouble: dict[str, Any]) -> InspectedReject:
    column = _cut(trouble["column"], 95)
    return InspectedReject(
        reason=trouble["reason"],
        column=column or None,
        rows=trouble["rows"],
        file=_cut(trouble["file"], 255),
        line=trouble["line"],
        value=_cut(trouble["value"], 159) if column else None,
        expected=_cut(trouble["words"], 95) if trouble["at"] else None,
    )
