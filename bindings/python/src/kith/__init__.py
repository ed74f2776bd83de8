# SPDX-License-Identifier: MIT
"""kith: weekly scores, tiers and churn flags for the members of a community.

`score` takes events from any data frame or export to standings in one call; `Engine` is for an application that runs
on; `Policy` is every figure of the model; `Source` is how the exports of a platform are read, and `inspect` finds out
how those of an unknown one may be.
"""

from kith import _kith
from kith._engine import Added, Engine, Info, Review, Settings, Snapshot, Standing
from kith._errors import (
    BadArgumentError,
    BadExportError,
    BadPolicyError,
    BadSnapshotError,
    BadSourceError,
    BusyError,
    CancelledError,
    Error,
    InputOutputError,
    NewerSnapshotError,
    NoMemoryError,
    OtherPolicyError,
    OutOfOrderError,
    RefusedError,
    TooManyWeeksError,
    UnknownMemberError,
    UnsupportedError,
)
from kith._explain import Explanation
from kith._inspect import inspect
from kith._inspection import (
    InspectedField,
    InspectedFit,
    InspectedKind,
    InspectedReading,
    InspectedReject,
    Inspection,
)
from kith._policy import Credit, Kind, Policy, Tier
from kith._score import Result, explain, score
from kith._source import Source, sources
from kith._table import Table

__version__: str = _kith.version

__all__ = [
    "Added",
    "BadArgumentError",
    "BadExportError",
    "BadPolicyError",
    "BadSnapshotError",
    "BadSourceError",
    "BusyError",
    "CancelledError",
    "Credit",
    "Engine",
    "Error",
    "Explanation",
    "Info",
    "InputOutputError",
    "InspectedField",
    "InspectedFit",
    "InspectedKind",
    "InspectedReading",
    "InspectedReject",
    "Inspection",
    "Kind",
    "NewerSnapshotError",
    "NoMemoryError",
    "OtherPolicyError",
    "OutOfOrderError",
    "Policy",
    "RefusedError",
    "Result",
    "Review",
    "Settings",
    "Snapshot",
    "Source",
    "Standing",
    "Table",
    "Tier",
    "TooManyWeeksError",
    "UnknownMemberError",
    "UnsupportedError",
    "explain",
    "inspect",
    "score",
    "sources",
]
