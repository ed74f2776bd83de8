# SPDX-License-Identifier: MIT
"""How far long work has come: to a function, or a bar of tqdm's."""

from __future__ import annotations

from collections.abc import Callable, Generator
from contextlib import contextmanager
from typing import Any, TypeAlias

#: None; True for a bar of tqdm's; or a function of what is done and of how much there is, which is None where that is
#: not known. Where it returns False, the work stops with `CancelledError`.
Progress: TypeAlias = "Callable[[int, int | None], object] | bool | None"


@contextmanager
def as_callback(progress: Progress, unit: str) -> Generator[Callable[[int, int | None], object] | None, None, None]:
    """What the extension calls."""
    if progress is None or progress is False:
        yield None
    elif progress is True:
        with _bar(unit) as bar:
            yield bar
    else:
        yield progress


class Course:
    """How far several inputs have come, as one: what is done of each is told behind what was done before it."""

    def __init__(self, told: Callable[[int, int | None], object] | None, sizes: list[int | None]) -> None:
        known = [size for size in sizes if size is not None]
        self._told = told
        self._total = sum(known) if len(known) == len(sizes) else None
        self._begun = 0
        self._done = 0

    def part(self, size: int | None, rows: int | None = None) -> Callable[[int, int | None], object] | None:
        """What the extension calls while it reads the next input, of so many bytes; with rows, it counts these."""
        told = self._told
        if told is None:
            return None
        begun = self._begun = self._done

        def tell(done: int, _: int | None) -> object:
            if rows is not None:
                done = (size or 0) * min(done, rows) // max(rows, 1)
            self._done = begun + done
            return told(self._done, self._total)

        return tell

    def end(self, size: int | None) -> None:
        """The input has been read."""
        if size is not None:
            self._done = self._begun + size


@contextmanager
def _bar(unit: str) -> Generator[Callable[[int, int | None], object], None, None]:
    from tqdm.auto import tqdm

    bar: Any = tqdm(unit=f" {unit}", unit_scale=True, leave=False)

    def show(done: int, total: int | None) -> None:
        bar.total = total
        bar.update(done - bar.n)

    with bar:
        yield show
