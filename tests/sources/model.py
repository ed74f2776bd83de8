# SPDX-License-Identifier: MIT
"""Reading exports by a source description, slowly: a second implementation of docs/sources.md.

It makes events of an export's rows, and says what became of each row that gives none. What the command makes of an export
must be what it makes of the same events as plain CSV:

    python3 model.py DESCRIPTION POLICY EXPORT…     writes them, and counts on standard error
"""

from __future__ import annotations

import re
import sys
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Callable, Iterator, NamedTuple

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent / "reference")]

import json_model  # noqa: E402
from json_model import JsonError, Value  # noqa: E402
from model_exports import (  # noqa: E402
    NAME_MAX,
    ROW_BEGINNING,
    TIME_MAX,
    TIME_TEXT_MAX,
    ExportError,
    find_delimiter,
    is_name,
    read_quantity,
    read_rows,
    read_time,
    unpack,
)
from model_policy import EPOCH, Policy, fits, read_policy, show_time  # noqa: E402

FIELDS = ("time", "member", "kind", "target", "quantity", "id")
DELIMITERS = {"tab": "\t", "semicolon": ";", "comma": ",", "pipe": "|", "space": " "}
UNITS = {"seconds": 0, "milliseconds": 3, "microseconds": 6, "nanoseconds": 9}
FILES = [f"*.{end}{zip}" for end in ("csv", "tsv", "json", "ndjson", "jsonl") for zip in ("", ".gz")]


class SourceError(ValueError):
    """The description has a fault."""


# --- The description: its text ---------------------------------------------------------------------------------------


class Line(NamedTuple):
    number: int
    key: str
    value: str


Sections = dict[tuple[str, str], list[Line]]


def read_lines(text: str) -> Sections:
    """INI: `[section]`, `[section name]`, `key = value`; `;` and `#` begin a comment, ` ;` one behind something."""
    sections: Sections = {}
    current: list[Line] | None = None
    for number, line in enumerate(text.removeprefix("\ufeff").split("\n"), 1):
        line = line.removesuffix("\r").strip(" \t")
        if line.startswith((";", "#")) or not line:
            continue
        line = re.split(r"[ \t];", line)[0].strip(" \t")
        if line.startswith("["):
            if not line.endswith("]"):
                raise SourceError(f"line {number}: expected ]")
            head, _, name = line[1:-1].strip(" \t").replace("\t", " ").partition(" ")
            if (head, name.strip(" ")) in sections:
                raise SourceError(f"line {number}: {line} twice")
            current = sections.setdefault((head, name.strip(" ")), [])
            continue
        key, equals, value = (part.strip(" \t") for part in line.partition("="))
        if current is None or not equals or not key or not value:
            raise SourceError(f"line {number}: expected key = value in a section")
        if key in [one.key for one in current]:
            raise SourceError(f"line {number}: {key} twice")
        current.append(Line(number, key, value))
    return sections


def split_outside(text: str, mark: str) -> list[str]:
    """Parts of a text at a mark that does not stand in quotes of either sort."""
    parts, begin, at = [], 0, 0
    while at < len(text):
        one = text[at]
        if one == mark:
            parts.append(text[begin:at])
            begin = at + 1
        elif one in "'\"":
            closing = at + 1
            while closing < len(text) and text[closing] != one:
                closing += 2 if one == '"' and text[closing] == "\\" else 1
            if closing >= len(text):
                raise SourceError(f"{text}: expected a closing quote")
            at = closing
        at += 1
    return [part.strip(" \t") for part in parts + [text[begin:]]]


# --- The description: what it means ----------------------------------------------------------------------------------


@dataclass
class Step:
    """A name of a path, and whether all elements of what it leads to are meant."""

    name: str
    every: bool = False


@dataclass
class Part:
    """A path, a word, or a word that stands where a path is there."""

    steps: list[Step] | None
    word: str | None
    of_document: bool = False

    @property
    def lists(self) -> list[str]:
        """The lists that it goes along, the outer one first, each by what is written up to its brackets."""
        steps = self.steps or []
        return [path_key(steps[: at + 1]) for at, step in enumerate(steps) if step.every]


def path_key(steps: list[Step]) -> str:
    return ".".join(repr(step.name) + "[]" * step.every for step in steps)


@dataclass
class FieldValue:
    text: str                           # as it is written, which is what rejects name
    alternatives: list[list[Part]]
    is_whole: bool = False              # an alternative is there only where all of its parts are


@dataclass
class Event:
    name: str
    values: dict[str, FieldValue]
    kinds: list[tuple[str, str]] | None  # patterns and the policy's kinds, in order

    @property
    def lists(self) -> list[str]:
        """Those of the paths that go deepest; all others must begin likewise."""
        all_lists = [part.lists for value in self.values.values() for parts in value.alternatives for part in parts]
        deepest = max(all_lists, key=len, default=[])
        for lists in all_lists:
            if lists != deepest[: len(lists)]:
                raise SourceError(f"[event {self.name}]: paths along different lists")
        return deepest


@dataclass
class Source:
    format: str | None = None
    rows: list[str] = field(default_factory=list)
    delimiter: str | None = None
    files: list[str] = field(default_factory=lambda: FILES)
    times: str | None = None
    zone: int | None = None
    events: list[Event] = field(default_factory=list)
    ignored_rows: list[tuple[Part, list[str]]] = field(default_factory=list)
    ignored_kinds: list[str] = field(default_factory=list)
    ignored_members: list[str] = field(default_factory=list)
    aliases: dict[str, str] = field(default_factory=dict)
    required: list[str] = field(default_factory=list)      # columns of CSV

    def takes_file(self, path: str) -> bool:
        """`path` is that below the folder."""
        parts = path.split("/")
        if any(part.startswith(".") for part in parts):
            return False
        return any(
            fits_path(pattern, path) if "/" in pattern else fits(pattern, parts[-1]) for pattern in self.files
        )


def fits_path(pattern: str, path: str) -> bool:
    """* and ? are no slash."""
    one = "".join("[^/]*" if c == "*" else "[^/]" if c == "?" else re.escape(c) for c in pattern)
    return re.fullmatch(one, path, re.DOTALL) is not None


def read_zone(text: str) -> int:
    if text == "Z":
        return 0
    match = re.fullmatch(r"([+-])([0-9]{2}):?([0-9]{2})", text)
    if not match or int(match[2]) > 23 or int(match[3]) > 59:
        raise SourceError(f"{text}: expected a zone")
    seconds = int(match[2]) * 3600 + int(match[3]) * 60
    return -seconds if match[1] == "-" else seconds


def unquoted(text: str) -> str:
    """A name as it is meant: what stands in double quotes is a JSON string."""
    if not text.startswith('"'):
        return text
    try:
        value = json_model.read_text(text.encode())
    except JsonError as error:
        raise SourceError(f"{text}: {error}") from None
    return value.text


def read_words(text: str) -> list[str]:
    """Words with blanks between them; one in double quotes may hold blanks."""
    return [unquoted(word) for word in re.findall(r'"(?:[^"\\\\]|\\\\.)*"[^ \t]*|[^ \t]+', text)]


def read_steps(text: str, format: str | None) -> list[Step]:
    if format == "csv":
        return [Step(unquoted(text))]
    if text == ".":
        return []
    steps = []
    for name in split_outside(text, "."):
        every = name.endswith("[]")
        name = name.removesuffix("[]")
        if not name or (not name.startswith('"') and re.search(r'[\[\]"]', name)):
            raise SourceError(f"{text}: expected a name")
        steps.append(Step(unquoted(name), every))
    return steps


def read_part(text: str, format: str | None) -> Part:
    if text.startswith("'"):
        if not re.fullmatch(r"'[^']+'", text):
            raise SourceError(f"{text}: expected a word")
        return Part(None, text[1:-1])
    path, *words = split_outside(text, "?")
    if not path or len(words) > 1 or (words and not re.fullmatch(r"'[^']+'", words[0])):
        raise SourceError(f"{text}: expected a path, or a path ? 'word'")
    steps = read_steps(path, format)
    of_document = format == "json" and len(steps) > 1 and path.startswith("document.")
    return Part(steps[1:] if of_document else steps, words[0][1:-1] if words else None, of_document)


def read_value(name: str, text: str, format: str | None) -> FieldValue:
    alternatives = [
        [read_part(part, format) for part in split_outside(one, "/")] for one in split_outside(text, "|")
    ]
    if name not in ("kind", "id") and any(len(parts) > 1 for parts in alternatives):
        raise SourceError(f"{text}: only kinds and ids are joined")
    return FieldValue(text, alternatives, name == "id")


def read_event(sections: Sections, name: str, format: str | None) -> Event:
    values = {}
    for line in sections["event", name]:
        if line.key not in FIELDS or (name and line.key == "id"):
            raise SourceError(f"line {line.number}: no field {line.key}")
        values[line.key] = read_value(line.key, line.value, format)
    given = sections.get(("kinds", name))
    return Event(name, values, None if given is None else [(unquoted(line.key), unquoted(line.value)) for line in given])


def read_source(text: str) -> Source:
    sections = read_lines(text)
    for head, name in sections:
        if head not in ("source", "event", "kinds", "ignore", "aliases") or (
            name and (head not in ("event", "kinds") or ("event", name) not in sections)
        ):
            raise SourceError(f"[{head} {name}]: no such section")
    source = Source()
    for line in sections.get(("source", ""), []):
        if line.key not in ("format", "files", "rows", "delimiter", "times", "zone"):
            raise SourceError(f"line {line.number}: no key {line.key}")
        if line.key == "files":
            source.files = read_words(line.value)
        elif line.key == "rows":
            if not line.value.endswith("[]"):
                raise SourceError(f"line {line.number}: expected [] at the end")
            steps = read_steps(line.value[:-2], "json") if line.value != "[]" else []
            source.rows = [step.name for step in steps]
        elif line.key == "delimiter":
            source.delimiter = DELIMITERS.get(line.value, line.value)
        elif line.key == "zone":
            source.zone = read_zone(line.value)
        else:
            setattr(source, line.key, unquoted(line.value))
    format = source.format
    if ("event", "") not in sections:
        raise SourceError("no [event]")
    names = [name for head, name in sections if head == "event"]
    source.events = [read_event(sections, name, format) for name in sorted(names, key=bool)]
    first = source.events[0].values
    for name in ("time", "kind"):
        if name not in first:
            raise SourceError(f"[event] has no {name}")
    for event in source.events[1:]:
        own = event.lists
        if "time" not in event.values:
            event.values["time"] = first["time"]
        if event.lists != own:
            raise SourceError(f"[event {event.name}]: the time of [event] is in a list that it does not go along")
    for line in sections.get(("ignore", ""), []):
        patterns = read_words(line.value)
        if line.key == "kind":
            source.ignored_kinds = patterns
        elif line.key == "member":
            source.ignored_members = patterns
        else:
            part = read_part(line.key, format)
            source.ignored_rows.append((part, patterns))
    source.aliases = {unquoted(line.key): unquoted(line.value) for line in sections.get(("aliases", ""), [])}
    source.required = [part.steps[0].name for part, _ in source.ignored_rows if part.steps]
    for name in ("time", "member", "kind"):
        alternatives = first[name].alternatives if name in first else []
        if len(alternatives) == 1 and len(alternatives[0]) == 1 and alternatives[0][0].word is None:
            source.required.append(alternatives[0][0].steps[0].name)
    return source


# --- Times -----------------------------------------------------------------------------------------------------------

MONTHS = ("jan|uary feb|ruary mar|ch apr|il may| jun|e jul|y aug|ust sep|tember oct|ober nov|ember dec|ember").split()
DAYS = "mon|day tue|sday wed|nesday thu|rsday fri|day sat|urday sun|day".split()


def names_of(names: list[str]) -> str:
    """Of each name the whole or its first three letters."""
    return "|".join(f"{short}(?:{rest})?" for short, rest in (name.split("|") for name in names))


CONVERSIONS = {
    "Y": "[0-9]{4}", "y": "[0-9]{2}", "m": "[0-9]{1,2}", "d": "[0-9]{1,2}", "e": "[ \\t]?[0-9]|[0-9]{2}", "j": "[0-9]{1,3}",
    "H": "[0-9]{1,2}", "I": "[0-9]{1,2}", "M": "[0-9]{1,2}", "S": "[0-9]{1,2}", "f": "[0-9]+", "s": "[0-9]{1,12}",
    "b": f"(?i:{names_of(MONTHS)})", "B": f"(?i:{names_of(MONTHS)})", "a": f"(?i:{names_of(DAYS)})",
    "A": f"(?i:{names_of(DAYS)})", "p": "(?i:am|pm)", "z": "Z|[+-][0-9]{2}(?::?[0-9]{2})?", "Z": "UTC|GMT|Z",
}
DIGITS = "YymdejHIMSfs"


def read_unit(text: str, digits: int) -> int | None:
    """A number of 10^-digits seconds, with a fraction and an exponent or without, rounded down."""
    match = re.fullmatch(r"([0-9]+)(?:\.([0-9]+))?(?:[eE]([+-]?[0-9]+))?", text)
    if not match:
        return None
    fraction = match[2] or ""
    whole = int(match[1] + fraction)
    scale = int(match[3] or 0) - len(fraction) - digits
    if abs(scale) > 5000:
        return 0 if scale < 0 or whole == 0 else None
    return whole * 10**scale if scale >= 0 else whole // 10**-scale


def read_pattern(text: str, pattern: str, zone: int) -> int | None:
    """As strptime() reads it in English; one or two digits, but two where other digits follow at once."""
    pieces = re.findall(r"%(.)|([ \t]+)|(.)", pattern, re.DOTALL)
    wanted, names = "", []
    for at, (letter, blanks, other) in enumerate(pieces):
        after = pieces[at + 1] if at + 1 < len(pieces) else ("", "", "")
        if blanks:
            wanted += "[ \\t]+"
        elif letter in ("", "%"):
            wanted += re.escape(other or "%")
        else:
            digits_follow = (after[0] or "-") in DIGITS or after[2].isdigit()
            one = CONVERSIONS[letter]
            one = re.sub(r"\{1,([23])\}", r"{\1}", one) if digits_follow and letter in "mdjHIMS" else one
            wanted += f"({one})"
            names.append(letter)
    match = re.fullmatch(wanted, text)
    if not match:
        return None
    got = dict(zip(names, match.groups()))
    if "s" in got:
        return int(got["s"])
    try:
        day = day_of_parts(got)
    except ValueError:
        return None
    weekday = got.get("a", got.get("A"))
    if weekday and not DAYS[(day + 3) % 7].startswith(weekday[:3].lower()):
        return None
    hour, minute, second = int(got.get("H", 0)), int(got.get("M", 0)), int(got.get("S", 0))
    if "I" in got:
        if not 1 <= int(got["I"]) <= 12:
            return None
        hour = int(got["I"]) % 12 + 12 * (got["p"].lower() == "pm")
    if hour > 23 or minute > 59 or second > 59:
        return None
    if "z" in got or "Z" in got:
        digits = got.get("z", "Z").replace(":", "")
        hours, minutes = (int(digits[1:3] or 0), int(digits[3:5] or 0)) if digits[0] in "+-" else (0, 0)
        if hours > 23 or minutes > 59:
            return None
        zone = (hours * 3600 + minutes * 60) * (-1 if digits[0] == "-" else 1)
    return day * 86400 + hour * 3600 + minute * 60 + second - zone


def day_of_parts(got: dict[str, str]) -> int:
    """Days since 1970; a ValueError where there is no such day."""
    year = int(got["Y"]) if "Y" in got else (int(got["y"]) + (2000 if int(got["y"]) < 69 else 1900))
    if "j" in got:
        first = date(year, 1, 1).toordinal()
        if not first <= first + int(got["j"]) - 1 <= date(year, 12, 31).toordinal():
            raise ValueError
        return first + int(got["j"]) - 1 - EPOCH
    name = got.get("b", got.get("B", "")).lower()[:3]
    month = [one[:3] for one in MONTHS].index(name) + 1 if name else int(got["m"])
    return date(year, month, int(got["d"] if "d" in got else got["e"])).toordinal() - EPOCH


def read_source_time(source: Source, policy: Policy, text: bytes) -> int | None:
    zone = policy.utc_offset if source.zone is None else source.zone
    if len(text) > TIME_TEXT_MAX:
        return None
    if source.times is None:
        return read_time(replace(policy, utc_offset=zone), text)
    try:
        plain = text.decode()
    except UnicodeDecodeError:
        return None
    if source.times in UNITS:
        time = read_unit(plain, UNITS[source.times])
    else:
        time = read_pattern(plain, source.times, zone)
    return time if time is not None and 0 <= time <= TIME_MAX else None


# --- Values of fields ------------------------------------------------------------------------------------------------


class Unusable(Exception):
    """An array or an object stands where a text should."""


Got = bytes | None                       # None: not there
Look = Callable[[Part], Got]              # looks up a path


def text_of(value: Value | None) -> Got:
    if value is None or value.sort == "null":
        return None
    if value.sort in ("array", "object"):
        raise Unusable
    return value.text.encode() or None


def get_part(part: Part, look: Look) -> Got:
    if part.steps is None:
        assert part.word is not None
        return part.word.encode()
    if part.word is None:
        return look(part)
    try:
        there = look(part) is not None
    except Unusable:
        there = True
    return part.word.encode() if there else None


def get_value(value: FieldValue | None, look: Look) -> Got:
    """The first alternative of which any part is there, or every one if the value is a whole; joined."""
    for parts in value.alternatives if value else []:
        got = [text for part in parts if (text := get_part(part, look)) is not None]
        if len(got) == len(parts) or (got and not value.is_whole):
            return b"/".join(got)
    return None


def look_in_json(row: Value, document: Value | None, elements: list[Value]) -> Look:
    """`elements` are those of the lists that are gone along, the outer one first."""

    def look(part: Part) -> Got:
        base, rest, depth = document if part.of_document else row, [], 0
        for step in part.steps or []:
            rest.append(step.name)
            if step.every:
                base, rest, depth = elements[depth], [], depth + 1
        return text_of(json_model.find(base, rest))

    return look


def look_in_cells(cells: dict[str, bytes]) -> Look:
    return lambda part: cells.get(part.steps[0].name) or None if part.steps else None


def walk_lists(row: Value, event: Event) -> Iterator[list[Value]]:
    """Each way along the event's lists; one without elements where there are no lists."""
    deepest: list[Step] = []
    for value in event.values.values():
        for parts in value.alternatives:
            for part in parts:
                if len(part.lists) == len(event.lists) and part.steps:
                    deepest = part.steps
    ways: list[tuple[Value, list[Value]]] = [(row, [])]
    names: list[str] = []
    for step in deepest if event.lists else []:
        names.append(step.name)
        if step.every:
            ways = [
                (element, elements + [element])
                for value, elements in ways
                if (found := json_model.find(value, names)) is not None and found.sort == "array"
                for element in found.elements
            ]
            names = []
    return (elements for _, elements in ways)


# --- What a row gives ------------------------------------------------------------------------------------------------


class Taken(NamedTuple):
    time: int
    member: bytes
    kind: bytes
    target: bytes
    quantity: int
    id: bytes


class Reject(NamedTuple):
    file: str
    line: int
    column: str
    reason: str
    row: bytes


@dataclass
class Result:
    taken: list[Taken] = field(default_factory=list)
    rejects: list[Reject] = field(default_factory=list)
    ignored: int = 0
    skipped: int = 0


def is_like(patterns: list[str], text: bytes) -> bool:
    plain = text.decode("utf-8", "surrogateescape")
    return any(fits(pattern, plain) for pattern in patterns)


def map_kind(kinds: list[tuple[str, str]] | None, text: bytes) -> bytes | None:
    """Exact names before patterns, those in their order."""
    plain = text.decode("utf-8", "surrogateescape")
    named = [(pattern, kind) for pattern, kind in kinds or []]
    for pattern, kind in named:
        if not set(pattern) & set("*?") and pattern == plain:
            return kind.encode()
    for pattern, kind in named:
        if set(pattern) & set("*?") and fits(pattern, plain):
            return kind.encode()
    return None


@dataclass
class Reading:
    """One call of the command: exports that are read one behind the other, and the ids that they have had."""

    source: Source
    policy: Policy
    latest: int | None = None
    ids: set[bytes] = field(default_factory=set)
    result: Result = field(default_factory=Result)
    file: str = ""

    def alias(self, name: Got) -> bytes:
        name = name or b""
        plain = name.decode("utf-8", "surrogateescape")
        return self.source.aliases[plain].encode() if plain in self.source.aliases else name

    def read_event(self, event: Event, look: Look) -> Taken | str | None:
        """The event; the field or reason that it is refused for; "ignored"; or None where it is not there."""
        got: dict[str, Got] = {}
        unusable = set()
        for name in FIELDS:
            try:
                got[name] = get_value(event.values.get(name), look)
            except Unusable:
                got[name] = None
                unusable.add(name)
        kind, further = None, event.name != ""
        if got["kind"] is not None and len(got["kind"]) > NAME_MAX:
            if further and event.kinds is not None:
                return None
        elif got["kind"] is not None:
            kind = map_kind(event.kinds, got["kind"])
            if kind == b"":
                return None if further else "ignored"
            if kind is None and not further and is_like(self.source.ignored_kinds, got["kind"]):
                return "ignored"
            if kind is None and further and event.kinds is not None:
                return None
            if kind is None and got["kind"] in self.policy.kinds:
                kind = got["kind"]
        if further:
            if got["kind"] is None and "kind" not in unusable:
                return None
            if got["member"] is None and got["target"] is None and not {"member", "target"} & unusable:
                return None
        member, target = self.alias(got["member"]), self.alias(got["target"])
        if 0 < len(member) <= NAME_MAX and is_like(self.source.ignored_members, member):
            return "ignored"
        if 0 < len(target) <= NAME_MAX and is_like(self.source.ignored_members, target):
            target = b""
            if not member and "member" not in unusable:
                return "ignored"
        time = None if got["time"] is None else read_source_time(self.source, self.policy, got["time"])
        quantity = read_quantity(got["quantity"] or b"")
        if time is None:
            return "time"
        if "member" in unusable or not is_name(member) or not (member or target or "target" in unusable):
            return "member"
        if "target" in unusable or not is_name(target):
            return "target"
        if kind is None:
            return "kind"
        if quantity is None or "quantity" in unusable:
            return "quantity"
        if self.latest is not None and time > self.latest:
            return "future"
        return Taken(time, member, kind, target, quantity, got["id"] or b"")

    def read_row(self, line: int, raw: bytes, ways: Callable[[Event], Iterator[Look]], look: Look) -> None:
        """`ways` gives a look for each way along an event's lists, `look` sees the row alone."""
        if self.is_left_out(look):
            self.result.ignored += 1
            return
        taken: list[Taken] = []
        rejects: list[Reject] = []
        ignored = 0
        for event in self.source.events:
            for one in ways(event):
                outcome = self.read_event(event, one)
                if isinstance(outcome, Taken):
                    taken.append(outcome)
                elif outcome == "ignored":
                    ignored += event.name == ""
                elif outcome is not None:
                    value = event.values.get("time" if outcome == "future" else outcome)
                    rejects.append(Reject(self.file, line, value.text if value else "", outcome, raw))
                    raw = raw[:ROW_BEGINNING]  # told whole once
        id = self.id_of(look)
        if taken and id and id in self.ids:
            self.result.skipped += 1
            return
        if not taken and not rejects and not ignored:
            ignored = 1
        if taken and id:
            self.ids.add(id)
        self.result.taken += [one._replace(id=id if at == 0 else b"") for at, one in enumerate(taken)]
        self.result.rejects += rejects
        self.result.ignored += ignored

    def id_of(self, look: Look) -> bytes:
        try:
            return get_value(self.source.events[0].values.get("id"), look) or b""
        except Unusable:
            return b""

    def is_left_out(self, look: Look) -> bool:
        for part, patterns in self.source.ignored_rows:
            try:
                text = get_part(part, look)
            except Unusable:
                text = b""                 # there, and like nothing but what anything is like
            if text is not None and is_like(patterns, text):
                return True
        return False

    # --- Exports of each form ---

    def read(self, name: str, data: bytes) -> None:
        data = unpack(name, data)
        self.file = name
        format = self.source.format or {b"{": "ndjson", b"[": "json"}.get(data.lstrip(b" \t\r\n")[:1], "csv")
        {"csv": self.read_csv, "ndjson": self.read_ndjson, "json": self.read_json}[format](name, data)

    def read_csv(self, name: str, data: bytes) -> None:
        delimiter = self.source.delimiter.encode() if self.source.delimiter else find_delimiter(data)
        rows = read_rows(data, delimiter)
        header = next(rows, None)
        if header is None or header.fields is None or len(set(header.fields)) != len(header.fields):
            raise ExportError(f"{name}: no header")
        titles = [title.decode("utf-8", "surrogateescape") for title in header.fields]
        for title in self.source.required:
            if title not in titles:
                raise ExportError(f"{name}: no column {title}")
        for row in rows:
            if row.fields is None or len(row.fields) != len(titles):
                reason = "quote" if row.fields is None else "fields"
                self.result.rejects.append(Reject(name, row.line, "", reason, row.raw))
                continue
            look = look_in_cells(dict(zip(titles, row.fields)))
            self.read_row(row.line, row.raw, lambda event: iter([look]), look)

    def read_json_row(self, line: int, raw: bytes, row: Value, document: Value | None) -> None:
        def ways(event: Event) -> Iterator[Look]:
            return (look_in_json(row, document, elements) for elements in walk_lists(row, event))

        self.read_row(line, raw, ways, look_in_json(row, document, []))

    def read_ndjson(self, name: str, data: bytes) -> None:
        for line, raw in enumerate(data.split(b"\n"), 1):
            raw = raw.removesuffix(b"\r")
            if not raw.strip(b" \t\r"):
                continue
            try:
                row = json_model.read_text(raw)
            except JsonError:
                self.result.rejects.append(Reject(name, line, "", "json", raw))
                continue
            self.read_json_row(line, raw, row, None)

    def check_document(self, name: str, document: Value, rows: Value) -> None:
        """What is wanted of a document stands before its rows, as they are read while they come."""
        values = [value for event in self.source.events for value in event.values.values()]
        parts = [part for value in values for parts in value.alternatives for part in parts]
        for part in [*parts, *(part for part, _ in self.source.ignored_rows)]:
            found = json_model.find(document, [step.name for step in part.steps or []]) if part.of_document else None
            if found and found.begin > rows.begin:
                raise ExportError(f"{name}: wanted of the document, but behind its rows")

    def read_json(self, name: str, data: bytes) -> None:
        try:
            for document in json_model.read_texts(data):
                rows = json_model.find(document, self.source.rows)
                if rows is None or rows.sort != "array":
                    raise ExportError(f"{name}: expected an array of rows")
                self.check_document(name, document, rows)
                for row in rows.elements:
                    line = data.count(b"\n", 0, row.begin) + 1
                    self.read_json_row(line, data[row.begin : row.end], row, document)
        except JsonError as error:
            raise ExportError(f"{name}: {error}") from None


def read_exports(source: Source, policy: Policy, files: list[tuple[str, bytes]], latest: int | None = None) -> Result:
    reading = Reading(source, policy, latest)
    for name, data in files:
        reading.read(name, data)
    return reading.result


def files_of(source: Source, path: Path) -> list[Path]:
    """An export, or those of a folder, by their path below it, byte by byte."""
    if not path.is_dir():
        return [path]
    below = [one.relative_to(path).as_posix() for one in path.rglob("*") if one.is_file()]
    return [path / one for one in sorted(below, key=str.encode) if source.takes_file(one)]


# --- Plain CSV -------------------------------------------------------------------------------------------------------


def quoted(cell: bytes) -> bytes:
    return b'"%s"' % cell.replace(b'"', b'""') if re.search(rb'[,"\r\n;|\t]', cell) else cell


def write_csv(events: list[Taken]) -> bytes:
    lines = [b"time,member,kind,target,quantity,id"]
    for one in events:
        cells = (show_time(one.time), one.member, one.kind, one.target, b"%d" % one.quantity, one.id)
        lines.append(b",".join(map(quoted, cells)))
    return b"".join(line + b"\n" for line in lines)


def read_folder(description: Path, policy: Path, *exports: Path) -> Result:
    source = read_source(description.read_text("utf-8"))
    files = []
    for export in exports:
        for path in files_of(source, export):
            files.append((path.relative_to(export).as_posix() if export.is_dir() else path.name, path.read_bytes()))
    return read_exports(source, read_policy(policy.read_text("utf-8")), files)


def describe(result: Result) -> str:
    """What became of the rows, in lines."""
    lines = [f"taken {len(result.taken)}", f"ignored {result.ignored}", f"skipped {result.skipped}"]
    lines += [f"rejected {one.file}:{one.line} {one.reason} {one.column}".rstrip() for one in result.rejects]
    return "".join(line + "\n" for line in lines)


if __name__ == "__main__":
    outcome = read_folder(*map(Path, sys.argv[1:]))
    sys.stdout.buffer.write(write_csv(outcome.taken))
    sys.stderr.write(describe(outcome))
