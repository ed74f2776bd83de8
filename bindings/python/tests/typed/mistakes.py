# SPDX-License-Identifier: MIT
"""Mistakes that type checkers must find: each line that has one says so, and one that has none would be told, too."""

import kith

kith.Engine(members="both")  # type: ignore[arg-type]
kith.Engine(colour="red")  # type: ignore[call-arg]
kith.Engine().add_event("post", 1.5, "ana")  # type: ignore[arg-type]
kith.Engine().add_event("post", 1, b"ana")  # type: ignore[arg-type]
kith.Engine().review(until=[1])  # type: ignore[arg-type]
kith.Engine().set_member("ana", pinned=3)  # type: ignore[arg-type]
kith.score("a.csv", {"silent_days": 5})  # type: ignore[arg-type]
kith.score("a.csv", columns=["time"])  # type: ignore[arg-type]
kith.score("a.csv").standing  # type: ignore[attr-defined]
kith.Policy().tiers[0].name = "king"  # type: ignore[misc]
kith.Policy().with_(tiers={"mentor": 5})  # type: ignore[dict-item]
kith.score("a.csv", source=5)  # type: ignore[arg-type]
kith.Source("slack")  # type: ignore[call-arg]
kith.Source.parse(b"[event]")  # type: ignore[arg-type]
kith.Policy.parse(b"[churn]")  # type: ignore[arg-type]
kith.inspect(folder="a")  # type: ignore[call-arg]
kith.inspect("a.csv").fields[0].path = "b"  # type: ignore[misc]
