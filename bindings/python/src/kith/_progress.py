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


@contextmanager
def _bar(unit: str) -> Generator[Callable[[int, int | None], object], None, None]:
    from tqdm.auto import tqdm

    bar: Any = tqdm(unit=f" {unit}", unit_scale=True, leave=False)

    def show(done: int, total: int | None) -> None:
        bar.total = total
        bar.update(done - bar.n)

    with bar:
        yield show
