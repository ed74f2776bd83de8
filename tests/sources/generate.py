# SPDX-License-Identifier: MIT
"""Source descriptions and exports for them, drawn from a seed: small and nasty, the same on every machine.

What becomes of a case is not decided here but by model.py. Rows lean on what can be odd in them: fields that are missing,
null, empty or of a wrong sort, kinds that patterns fight over, members with several names, lists within lists.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import datetime, timezone
from functools import lru_cache
from random import Random

POLICY = """
[calendar]
utc_offset = {offset}
week_start = {week_start}

[tier low]

[tier high]
promote_at = 4
keep_at = 2
min_supporters = 1

[kind post]
gives = content 10 cap 7

[kind like]
gives = interaction 1 cap 30 each 10
receives = content 2 cap 500 each 10

[kind a/b]
gives = community 5
receives = community 3 each 2

[kind été]
receives = content -3

[kind false]
gives = interaction 2

[kind 7]
gives = content 1

[kind away]
leave = yes

[kind seen]
"""
KINDS = ["post", "like", "a/b", "été", "false", "7", "away", "seen"]
KIND_TEXTS = ["post", "like", "a", "b", "seen", "a/b", "été", "x", "Open*", "no one", "p?st", "7", "/", "a/", "PushEvent", "ключ"]
MEMBERS = ["ana", "ben", "cleo", "Ana", "ci-bot", "robot", "7", "小林", "O'Brien, \"Pat\"", "a\\b", "two\nlines", "ana-old",
           "tab\tbed", "é" * 127, "n" * 255, "ghost", " ben", "true", "\ufffd", "nul\0"]
TOO_LONG = "n" * 256
MEMBER_PATTERNS = ["*bot", "ci-*", "?", "gh?st", "ana", "7", "*é*", "*,*"]
NAMES = ["time", "member", "kind", "actor", "login", "user", "a", "b", "é", "x y", "with.dot", 'q"uote', "br[0]", "0", "1",
         "a/b", "c|d", "e?f", "it's", " padded ", "document", "$set", "back\\slash", "", "ЖЖ", "long" * 20, "]", "tab\t."]
ID_TEXTS = ["1", "2", "3", "four", "5", "6", "7", "8", "9", "10", "\\", "é"]
ZONES = [None, None, "Z", "+02:00", "-0530", "+14:00"]
TIME_PATTERNS = ["%d.%m.%Y %H:%M", "%Y%m%d%H%M%S", "%a, %e %b %Y %I:%M:%S %p", "%y/%j", "%m-%d-%Y", "%Y-%m-%dT%H:%M:%S.%f%z",
                 "%s", "100%% %B %d %Y", "%A %d %b %Y %H:%M %Z"]
FILE_NAMES = ["a.csv", "b.json", "c.ndjson", "d.jsonl", "e.tsv", "notes.txt", "2025-01-02.json", "sub/a.csv", "sub/deep/f.json",
              ".hidden.csv", ".git/a.csv", "Z.csv", "é.json", "sub/2025-01-03.json", "messages-000001.json", "up.CSV"]
FILE_PATTERNS = [None, "*.csv *.json *.ndjson", "????-??-??.json", "*", "sub/*", "sub/*/*.json *.csv", "messages-*.json a.*"]
WEEK = 7 * 86400
BEGIN = 1735689600                      # 2025-01-01
TOO_LATE = 2840140800                   # 2060-01-01


def chance(rng: Random, share: float) -> bool:
    return rng.random() < share


# --- Values of JSON --------------------------------------------------------------------------------------------------


@dataclass
class Raw:
    """A number, or anything else, as it is written."""

    text: str


def write_string(rng: Random, text: str) -> str:
    if chance(rng, 0.7):
        return json.dumps(text, ensure_ascii=chance(rng, 0.5))
    out = []
    for one in text:
        if chance(rng, 0.03):
            units = one.encode("utf-16-be", "surrogatepass")
            out += [f"\\u{units[at : at + 2].hex()}" for at in range(0, len(units), 2)]
        elif chance(rng, 0.1):
            out.append(json.dumps(one, ensure_ascii=True)[1:-1])
        elif one == "/" and chance(rng, 0.5):
            out.append("\\/")
        else:
            out.append(json.dumps(one, ensure_ascii=False)[1:-1])
    return f'"{"".join(out)}"'


def write_json(rng: Random, value: object, blank: str, around: int = 0) -> str:
    """`around` levels are those of a document around its rows, where no name stands twice: it is read as it comes."""
    if isinstance(value, Raw):
        return value.text
    if isinstance(value, str):
        return write_string(rng, value)
    if isinstance(value, list):
        return "[" + f",{blank}".join(write_json(rng, one, blank) for one in value) + "]"
    if isinstance(value, dict):
        members = [
            f"{write_string(rng, name)}:{blank}{write_json(rng, one, blank, max(around - 1, 0))}" for name, one in value.items()
        ]
        if members and around == 0 and chance(rng, 0.05):
            members.insert(0, rng.choice(members).split(":")[0] + ':"the last one counts"')
        return "{" + f",{blank}".join(members) + "}"
    return json.dumps(value)


def draw_junk(rng: Random, depth: int = 0) -> object:
    kind = rng.randrange(8 if depth < 3 else 6)
    if kind == 6:
        return [draw_junk(rng, depth + 1) for _ in range(rng.randrange(3))]
    if kind == 7:
        return {rng.choice(NAMES): draw_junk(rng, depth + 1) for _ in range(rng.randrange(3))}
    return [None, True, False, rng.choice(MEMBERS), Raw("-1.5e-7"), ""][kind]


# --- Paths -----------------------------------------------------------------------------------------------------------


@dataclass
class Path:
    names: list[str]
    depth: int = 0              # how many of the event's lists it goes along
    of_document: bool = False


def write_name(name: str, csv: bool, both: bool) -> str:
    special = set("|/?'\"") if csv else set("|/?'\".[]")
    plain = name and not set(name) & special and name.strip() == name and "\t" not in name and not name.startswith((";", "#"))
    if csv and name.startswith("["):
        plain = False
    return name if plain or both else json.dumps(name, ensure_ascii="\t" in name)


# --- A case ----------------------------------------------------------------------------------------------------------


@dataclass
class Case:
    seed: int
    policy: str
    description: str
    files: list[tuple[str, bytes]]
    as_folder: bool
    threads: int


@dataclass
class EventPlan:
    name: str
    lists: list[list[str]] = field(default_factory=list)    # names from the element before to the next array
    fields: dict[str, list[tuple[Path, str]]] = field(default_factory=dict)


class Maker:
    def __init__(self, seed: int) -> None:
        self.rng = rng = Random(seed)
        self.seed = seed
        self.format = rng.choice(["csv", "csv", "ndjson", "ndjson", "json", "json", None])
        self.content = self.format or rng.choice(["csv", "ndjson", "json"])
        self.is_csv = self.content == "csv"
        self.rows = rng.choice([[], ["messages"], ["data", "x y"]]) if self.format == "json" else []
        self.times = rng.choice([None, None, "seconds", "milliseconds", "microseconds", "nanoseconds", *TIME_PATTERNS])
        self.zone = rng.choice(ZONES) if self.times is None or ("%" in self.times and not set(self.times) & set("zZs")) else None
        self.delimiter = rng.choice([",", ",", ";", "\t", "|", " ", "x"]) if self.format == "csv" else ","
        self.tops = [name for name in NAMES if name != "document" or self.is_csv]
        if self.format is None:
            self.tops = [name for name in self.tops if not set(name) & set('|/?\'".[]\t') and name.strip() and name == name.strip()]
            self.tops = [name for name in self.tops if name not in ("0", "1")]
        if self.format == "csv":
            self.tops = [name for name in self.tops if not set(name) & set(self.delimiter) or chance(rng, 0.5)]
        rng.shuffle(self.tops)
        self.used: list[tuple[Path, str]] = []          # of rows: path and what it is for
        self.documents: list[tuple[Path, str]] = []
        self.events: list[EventPlan] = []
        self.words: set[str] = set()

    # --- The description ---

    def new_path(self, use: str, event: EventPlan | None) -> Path:
        """A path of the row, of the document, or of an element of the event's lists."""
        rng = self.rng
        if event and event.lists and chance(rng, 0.6):
            depth = rng.randint(1, len(event.lists))
            names = [] if depth == len(event.lists) and chance(rng, 0.2) else [rng.choice(["id", "name", "x y", "0", "é"])]
            path = Path(names, depth)
            event.fields.setdefault(use, []).append((path, use))
            return path
        if self.rows and chance(rng, 0.15):
            path = Path(["channel" + str(len(self.documents)), rng.choice(["name", "id"])], 0, True)
            self.documents.append((path, use))
            return path
        same = [path for path, other in self.used if other == use]
        if same and (chance(rng, 0.4) or len(self.tops) < 4):
            return rng.choice(same)
        if len(self.tops) < 2:
            return rng.choice(same or [path for path, _ in self.used])
        names = [self.tops.pop()]
        if not self.is_csv:
            names += [rng.choice(["login", "id", "0", "1", "x y", "é"]) for _ in range(rng.choice([0, 0, 1, 1, 2]))]
            if self.format is None:
                names = names[:1] + [name for name in names[1:] if name not in ("0", "1")]
        path = Path(names)
        self.used.append((path, use))
        return path

    def show_path(self, path: Path, event: EventPlan | None) -> str:
        if self.is_csv:
            return write_name(path.names[0], True, self.format is None)
        steps = []
        for names in (event.lists if event else [])[: path.depth]:
            steps.append(".".join(write_name(name, False, False) for name in names) + "[]")
        steps += [write_name(name, False, self.format is None) for name in path.names]
        text = ".".join(steps)
        if path.of_document:
            return "document." + text
        return json.dumps(path.names[0]) + text[len("document") :] if text.split(".")[0] == "document" else text

    def draw_part(self, use: str, event: EventPlan) -> tuple[str, bool]:
        """The text, and whether it is always there."""
        rng = self.rng
        word = f"'{rng.choice(KIND_TEXTS if use == 'kind' else ['ana', 'Ben B', '1', 'x|y'])}'"
        if use in ("kind", "member") and chance(rng, 0.12):
            return word, True
        path = self.show_path(self.new_path(use, event), event)
        if use not in ("id", "time") and chance(rng, 0.12):
            return f"{path} ? {word}", False
        return path, False

    def draw_value(self, use: str, event: EventPlan) -> str:
        rng = self.rng
        alternatives = []
        for _ in range(rng.choice([1, 1, 1, 2, 3])):
            parts = [self.draw_part(use, event) for _ in range(rng.choice([1, 1, 2, 3]) if use in ("kind", "id") else 1)]
            alternatives.append(rng.choice([" / ", "/"]).join(text for text, _ in parts))
            if any(always for _, always in parts):
                break
        return rng.choice([" | ", "|"]).join(alternatives)

    def draw_event(self, name: str) -> list[str]:
        rng = self.rng
        event = EventPlan(name)
        inherited = self.events[0].fields.get("time", []) if name else []      # if it is in a list
        if inherited and chance(rng, 0.7):
            event.lists = list(self.events[0].lists)
            event.fields["time"] = inherited
        elif self.format in ("ndjson", "json") and self.tops and chance(rng, 0.2 if name == "" else 0.5):
            event.lists = [[self.tops.pop()]]
        while event.lists and len(event.lists) < 3 and chance(rng, 0.4):
            event.lists.append([rng.choice(["users", "x y"])] * 1 + (["sub"] if chance(rng, 0.2) else []))
        self.events.append(event)
        lines = [f"[event {name}]" if name else "[event]"]
        uses = ["time", "member", "kind"] if name == "" else rng.choice([["member", "kind"], ["kind", "target"], ["member", "kind", "target"]])
        for use in ("target", "quantity", "id") if name == "" else ("quantity", "time"):
            if use not in uses and chance(rng, 0.5 if name == "" else 0.2):
                uses = [*uses, use]
        in_list = name != "" or chance(rng, 0.5)
        for use in uses:
            of_row = use == "id" or (use == "time" and not in_list)
            plan = EventPlan("") if of_row else event
            lines.append(f"{use} = {self.draw_value(use, plan)}")
        if inherited and "time" not in uses:
            along = [path.depth for use, paths in event.fields.items() if use != "time" for path, _ in paths]
            if not event.fields.get("time") or max(along, default=0) < max(path.depth for path, _ in inherited):
                lines.append(f"time = {self.draw_value('time', event)}")     # for it cannot be inherited
        return lines

    def draw_kinds(self) -> list[str]:
        rng = self.rng
        keys = rng.sample(
            [*(text for text in KIND_TEXTS if text != "/"), "*", "a/*", "*/b", "p*", "??", "true", "*/*", "x/a", "a/x/*", "Open?"],
            rng.randint(1, 12),
        )
        left_out = '""'
        return [f"{key} = {left_out if chance(rng, 0.1) else rng.choice(KINDS)}" for key in keys]

    def draw_ignored(self) -> list[str]:
        rng = self.rng
        lines = []
        if chance(rng, 0.7):
            lines.append("kind = " + " ".join(rng.sample(["*", "x*", "no*", "7", "*/*", '"no one"', "true"], rng.randint(1, 3))))
        if chance(rng, 0.6):
            lines.append("member = " + " ".join(rng.sample(MEMBER_PATTERNS, rng.randint(1, 3))))
        for _ in range(rng.choice([0, 0, 1, 2])):
            path = self.new_path("flag", None)
            key = self.show_path(path, None)
            if key in ("kind", "member"):
                if self.format is None:
                    continue
                key = json.dumps(key)
            if "=" not in key and not key.startswith("[") and not any(line.startswith(key + " =") for line in lines):
                lines.append(f"{key} = " + " ".join(rng.sample(["true", "yes", "*x", "0", "?", "*", "[*"], rng.randint(1, 2))))
        return lines

    def describe(self) -> str:
        rng = self.rng
        settings = []
        if self.format:
            settings.append(f"format = {self.format}")
        if self.rows or (self.format == "json" and chance(rng, 0.5)):
            settings.append("rows = " + ".".join(write_name(name, False, False) for name in self.rows) + "[]")
        if self.format == "csv" and (self.delimiter in " x" or chance(rng, 0.6)):
            words = {"\t": "tab", ";": "semicolon", ",": "comma", "|": "pipe", " ": "space"}
            settings.append(f"delimiter = {words.get(self.delimiter, self.delimiter)}")
        if self.times:
            settings.append(f"times = {json.dumps(self.times) if chance(rng, 0.5) and '%' in self.times else self.times}")
        if self.zone:
            settings.append(f"zone = {self.zone}")
        files = rng.choice(FILE_PATTERNS)
        if files:
            settings.append(f"files = {files}")
        rng.shuffle(settings)
        names = ["", *rng.sample(["more", "two words", "é"], rng.choice([0, 0, 1, 2]))]
        sections = [["[source]", *settings], *(self.draw_event(name) for name in names)]
        for name in names:
            if chance(rng, 0.7):
                sections.append([f"[kinds {name}]" if name else "[kinds]", *self.draw_kinds()])
        ignored = self.draw_ignored()
        if ignored:
            sections.append(["[ignore]", *ignored])
        if chance(rng, 0.5):
            sections.append(["[aliases]", "ana-old = ana", '"tab\\tbed" = cleo', "7 = ghost", "小林 = kob"][: rng.randint(2, 5)])
        rng.shuffle(sections)
        comment = rng.choice(["", " ; why", "\t;"])
        return "".join("\n".join(line + comment for line in section) + "\n\n" for section in sections)

    # --- Values ---

    def draw_time(self) -> str | Raw:
        rng = self.rng
        if chance(rng, 0.04):
            return rng.choice(["yesterday", "2025-02-30", "-5", "1e3.5", "2025-13-01", "00", " ", "12:61", "1e400", "4102444800"])
        time = (TOO_LATE if chance(rng, 0.01) else BEGIN) + rng.randrange(6 * WEEK)
        digits = {"seconds": 0, "milliseconds": 3, "microseconds": 6, "nanoseconds": 9}
        if self.times in digits:
            whole = f"{time}{rng.randrange(10 ** digits[self.times]):0{digits[self.times]}d}" if digits[self.times] else str(time)
            text = rng.choice([whole, f"{whole}.75", f"{whole[0]}.{whole[1:]}e{len(whole) - 1}", f"{whole}0E-1"])
            return text if self.is_csv or chance(rng, 0.4) else Raw(text)
        when = datetime.fromtimestamp(time, timezone.utc)
        if self.times:
            text = when.strftime(self.times.replace("%z", rng.choice(["Z", "+0100", "-03:30", "+05"])).replace("%Z", "UTC"))
            odd = [text.upper(), text.lower(), text.replace(" ", "  "), text + " "]
            return text if chance(rng, 0.9) else rng.choice(odd)
        return rng.choice([
            when.strftime("%Y-%m-%dT%H:%M:%SZ"), when.strftime("%Y-%m-%d %H:%M:%S"), when.strftime("%Y-%m-%d"),
            when.strftime("%Y-%m-%dT%H:%M:%S.%f+02:00"), str(time), when.strftime("%Y-%m-%d %H:%M UTC"),
        ])

    def draw_field(self, use: str) -> object:
        """What stands where a path leads; MISSING for nothing."""
        rng = self.rng
        odd = rng.random() * (3 if use == "time" else 1)
        if odd < 0.08:
            return MISSING
        if odd < 0.14:
            return "" if self.is_csv or chance(rng, 0.5) else None
        if odd < 0.17 and not self.is_csv and use != "id":
            return rng.choice([[], {}, ["x"], {"id": "x"}, True, False, Raw("0"), Raw("1e2")])
        if use == "time":
            return self.draw_time()
        if use == "kind":
            return rng.choice([*KIND_TEXTS, "post", "like", "a"]) if self.is_csv or chance(rng, 0.8) else rng.choice([Raw("7"), False])
        if use in ("member", "target"):
            return TOO_LONG if chance(rng, 0.02) else rng.choice(MEMBERS) if chance(rng, 0.6) else rng.choice(MEMBERS[:3])
        if use == "quantity":
            text = rng.choice(["1", "2", "3", "1000000000", "0", "1.0", "1e2", "-1", "12345678901", "03", "x"] + ["5"] * 8)
            raw = text not in ("03", "x") and not self.is_csv and chance(rng, 0.6)
            return Raw(text) if raw else text
        if use == "id":
            return rng.choice(ID_TEXTS) if self.is_csv or chance(rng, 0.8) else Raw(str(rng.randrange(9)))
        return rng.choice(["true", "no", "yes", "0", "x"]) if self.is_csv or chance(rng, 0.5) else rng.choice([True, False])

    def put(self, holder: dict, names: list[str], value: object) -> None:
        """Into objects within objects; a number may be that of an element."""
        if value is MISSING:
            return
        at: object = holder
        for place, name in enumerate(names):
            last = place == len(names) - 1
            following = value if last else ([] if names[place + 1].isdigit() and chance(self.rng, 0.7) else {})
            if isinstance(at, list):
                number = int(name) if name.isdigit() else None
                if number is None:
                    return
                while len(at) <= number:
                    at.append(None)
                if not last and isinstance(at[number], (dict, list)):
                    following = at[number]
                at[number] = following
            elif isinstance(at, dict):
                if not last and isinstance(at.get(name), (dict, list)):
                    following = at[name]
                at[name] = following
            else:
                return
            at = following

    def draw_element(self, event: EventPlan, level: int) -> object:
        rng = self.rng
        wanted = [(path, use) for fields in event.fields.values() for path, use in fields if path.depth == level + 1]
        if level + 1 == len(event.lists) and wanted and all(not path.names for path, _ in wanted):
            return self.draw_field(wanted[0][1]) if chance(rng, 0.95) else None
        element: dict = {}
        for path, use in wanted:
            self.put(element, path.names, self.draw_field(use)) if path.names else None
        if level + 1 < len(event.lists):
            self.put(element, event.lists[level + 1], self.draw_list(event, level + 1))
        return {name: None if one is MISSING else one for name, one in element.items()} if chance(rng, 0.95) else draw_junk(rng)

    def draw_list(self, event: EventPlan, level: int) -> object:
        if chance(self.rng, 0.1):
            return self.rng.choice([MISSING, None, [], {}, "no list"])
        elements = [self.draw_element(event, level) for _ in range(self.rng.choice([0, 1, 1, 2, 3]))]
        return [None if one is MISSING else one for one in elements]

    def draw_row(self) -> dict:
        row: dict = {}
        for path, use in self.used:
            self.put(row, path.names, self.draw_field(use))
        for event in self.events:
            if event.lists:
                self.put(row, event.lists[0], self.draw_list(event, 0))
        if chance(self.rng, 0.3):
            row[f"junk {self.rng.randrange(3)}"] = draw_junk(self.rng)
        members = list(row.items())
        self.rng.shuffle(members)
        return dict(members)

    # --- Exports ---

    def draw_document(self, rows: list[dict]) -> dict | list:
        if not self.rows:
            return rows
        document: dict = {}
        for path, use in self.documents:
            self.put(document, path.names, self.draw_field(use))
        if chance(self.rng, 0.97):
            self.put(document, self.rows, rows if chance(self.rng, 0.97) else self.rng.choice([None, {}, "rows"]))
        document["behind"] = 1
        if chance(self.rng, 0.05):
            document = dict(reversed(document.items()))
        return document

    def write_json_export(self, rows: list[dict]) -> bytes:
        rng = self.rng
        blank = rng.choice(["", " ", "\n  ", "\r\n\t"])
        around = len(self.rows)
        text = write_json(rng, self.draw_document(rows), blank, around)
        if chance(rng, 0.2):
            text += rng.choice(["", "\n", " "]) + write_json(rng, self.draw_document([self.draw_row()]), blank, around)
        return (rng.choice(["", "", "\ufeff", " \n"]) + text + rng.choice(["", "\n", " \r\n "])).encode("utf-8", "surrogatepass")

    def write_ndjson_export(self, rows: list[dict]) -> bytes:
        rng = self.rng
        lines = []
        for row in rows:
            line = write_json(rng, row, rng.choice(["", " ", "\t"])).encode("utf-8", "surrogatepass")
            if chance(rng, 0.05) and lines:
                at = rng.randrange(len(line))
                line = line[:at] + rng.choice([b"", b"x", b"\xff", b'"', b"}", b"\\", b"\x01"]) + line[at + rng.randrange(2) :]
            lines.append(rng.choice([b"", b"", b"", b" "]) + line)
            if chance(rng, 0.05):
                lines.append(rng.choice([b"", b"  "]))
        end = rng.choice([b"\n", b"\n", b"\r\n"])
        return rng.choice([b"", b"", b"\xef\xbb\xbf"]) + end.join(lines) + rng.choice([b"", end])

    def write_cell(self, cell: str) -> bytes:
        data = cell.encode("utf-8", "surrogateescape")
        quoted = set(cell) & set(self.delimiter + '"\n\r') or chance(self.rng, 0.15)
        return b'"%s"' % data.replace(b'"', b'""') if quoted else data

    def write_csv_export(self, rows: list[dict]) -> bytes:
        rng = self.rng
        headers = list(dict.fromkeys(path.names[0] for path, _ in self.used)) + ["other"]
        if self.format is None:
            while len(headers) < 3:
                headers.append(f"more{len(headers)}")
        rng.shuffle(headers)
        if chance(rng, 0.1):
            headers.remove(rng.choice(headers))
        delimiter = self.delimiter.encode()
        lines = [delimiter.join(self.write_cell(header) for header in headers)]
        for row in rows:
            cells = [row.get(header, rng.choice(["", "", "zzz"]) if header == "other" else "") for header in headers]
            data = [self.write_cell(cell if isinstance(cell, str) else "x") for cell in cells]
            if chance(rng, 0.03):
                data[rng.randrange(len(data))] = rng.choice([b'a"b', b'"a"b', b"\xff", b'"', b"\xc3"])
            if chance(rng, 0.02):
                data.append(b"")
            lines.append(delimiter.join(data))
            if chance(rng, 0.03):
                lines.append(b"")
        end = rng.choice([b"\n", b"\n", b"\r\n"])
        return rng.choice([b"", b"", b"\xef\xbb\xbf"]) + end.join(lines) + rng.choice([b"", end])

    def write_export(self) -> bytes:
        rows = [self.draw_row() for _ in range(self.rng.randint(1, 25))]
        if self.content == "csv":
            return self.write_csv_export(rows)
        return self.write_ndjson_export(rows) if self.content == "ndjson" else self.write_json_export(rows)

    def make(self) -> Case:
        rng = self.rng
        policy = POLICY.format(
            offset=rng.choice(["+00:00", "+08:00", "-03:30"]), week_start=rng.choice(["monday", "sunday", "thursday"])
        )
        description = self.describe()
        as_folder = chance(rng, 0.3)
        names = rng.sample(FILE_NAMES, rng.randint(2, 6)) if as_folder else [f"{n}.export" for n in range(rng.choice([1, 1, 2]))]
        return Case(self.seed, policy, description, [(name, self.write_export()) for name in names], as_folder, rng.choice([1, 2, 3]))


MISSING = object()


@lru_cache(maxsize=None)
def case(seed: int) -> Case:
    return Maker(seed).make()
