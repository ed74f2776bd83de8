"""Test cases for the scoring model: a policy and exports drawn from a seed, the same on every machine.

A case is meant to be small and nasty: it leans on the ends of every range, on odd text, and on the situations that
decide something in the model (silence, return, leave, saturation, a week's edge). What a case should come to is not
decided here but by model.py.

What is left out on purpose: anything the model leaves open, and events later than now, which the command refuses as
`future` at a moment that moves. So times end in 2025, and `future` rows lie in 2100 or later.
"""

from __future__ import annotations

import gzip
from dataclasses import dataclass, field
from random import Random

from generate_policy import chance, draw_policy
from model_exports import ROW_MAX, TIME_MAX, find_delimiter
from model_policy import Policy, day_of, first_day, read_policy, show_day, week_of, week_of_day

DAY, WEEK = 86400, 7 * 86400
FIELDS = ("time", "member", "kind", "target", "quantity", "id")
OPTIONAL = ("target", "quantity", "id")
DELIMITERS = (b",", b";", b"\t", b"|")
FUTURE = (4_102_444_800, TIME_MAX)     # 2100 to the last second of the model

ODD_NAMES = [
    b"a", b"a ", b" a", b"aa", b"A", b"Z", b"~", "é".encode(), "e\u0301".encode(), "小林".encode(), "🙂".encode(), b"0",
    b"007", b"O'Brien, \"Pat\"", b"\"", b"\"\"", b"semi;colon", b"tab\tbed", b"pipe|d", b"two\nlines", b"cr\rinside",
    b"ends in cr\r", b"crlf\r\n", b",", b"nul\0byte", b"\0", b"=1+1", b"\xef\xbb\xbfbom", b"time", b"member",
    b"newcomer", b"n" * 255, b"n" * 254 + b"o", "ü".encode() * 127, "\U0010ffff".encode(), b"-1", b"\\", b"#", b"%s",
    b"\x7f",
]
ODD_IDS = [
    b"0", b"00", b"a", b"A", b" a", b"a ", b"\xff\xfe", b"nul\0", b"nul\0\0", b"\0", b"\"", b"\"\"", b"a \"b\" c", b"\n",
    b"\r\n", b"two\nlines", b",", b";|\t", b"id", b"x" * 300, b"x" * 301, b"\"" * 500, b"\"" * 501, b"long" * 20_000,
]
BAD_UTF8 = [
    b"\xff", b"a\x80", b"\xc3", b"\xed\xa0\x80", b"\xc0\xaf", b"\xf4\x90\x80\x80", b"\xe2\x82", b"ok\xfe",
]
BAD_TIMES = [
    b"", b"yesterday", b"-1", b"+5", b" 5", b"5 ", b"1.5", b"1e9", b"253370764800", b"253402300800",
    b"99999999999999999999999", b"2024-02-30", b"2023-02-29", b"2024-13-01", b"2024-00-10", b"2024-01-00",
    b"2024-1-01", b"24-01-01", b"0000-01-01", b"1969-12-30", b"9999-01-02", b"2024-01-01Z", b"2024-01-01 Z",
    b"2024-01-01T", b"2024-01-01 ", b"2024-01-01T24:00", b"2024-01-01T23:60", b"2024-01-01T23:59:60",
    b"2024-01-01T23", b"2024-01-01T1:00", b"2024-01-01t10:00", b"2024-01-01T10:00z", b"2024-01-01T10:00utc",
    b"2024-01-01T10:00GMT", b"2024-01-01  10:00", b"2024-01-01T10:00  Z", b"2024-01-01T10:00.5",
    b"2024-01-01T10:00:00.", b"2024-01-01T10:00:00,5", b"2024-01-01T10:00:00+24:00", b"2024-01-01T10:00:00+10:60",
    b"2024-01-01T10:00:00+99:00", b"2024-01-01T10:00:00+1", b"2024-01-01T10:00:00+100", b"2024-01-01T10:00:00+01",
    b"2024-01-01T10:00:00+1:00", b"2024-01-01T10:00:00 +01:00 ", b"2024-01-01T10:00Z ", b"2024/01/01",
    b"20240101T100000Z", b"1970-01-01T00:00:00+00:01", "２０２４-01-01".encode(), b"2024-01-01T10:00:00\xe2\x88\x9205:00",
    b"1700000000\0",
]
BAD_QUANTITIES = [
    b"0", b"0000000000", b"-1", b"+1", b"1.5", b"1.0", b" 1", b"1 ", b"1e3", b"1000000001", b"9999999999",
    b"4294967297", b"00000000001", b"18446744073709551617", b"one", "٣".encode(), b"0x1", b"1\0",
]
JUNK = [
    b"", b"", b"x", b"some text", b"a, \"b\"\nc", b"\xff\xfe", b"2024-01-01", b";;;;", b",", b"|", b"\t", b"\r", b"'",
    b"\n\n",
]
SIXTEEN_BITS = (65_534, 65_535, 65_536, 65_536, 131_072)


@dataclass
class Case:
    seed: int
    shape: str
    policy_text: str | None
    exports: list[tuple[str, bytes]]
    until: str | None = None
    columns: dict[str, str] = field(default_factory=dict)
    delimiter: str | None = None
    history: bool = False
    ids: bool = False           # its exports may have a column of them


@dataclass
class Act:
    time: int
    member: bytes
    kind: bytes
    target: bytes
    quantity: int = 1
    id: bytes = b""


@dataclass
class Shape:
    """How big a community, how long, and how busy: ranges to draw from."""

    name: str
    share: int                  # of a hundred cases
    members: tuple[int, int]
    weeks: tuple[int, int]
    rate: float                 # acts of a member in an active week, on average
    most: int = 1500            # acts


SHAPES = [
    Shape("small", 36, (1, 14), (1, 16), 2.0),
    Shape("risk", 28, (20, 40), (14, 36), 1.3, 2500),
    Shape("hundred", 2, (25, 25), (12, 12), 1.0),      # the least outcomes there can be a risk with, or one less
    Shape("long", 6, (2, 8), (50, 110), 1.0),
    Shape("busy", 4, (8, 40), (3, 12), 20.0, 5000),
    Shape("huge", 13, (2, 9), (1, 14), 1.5),
    Shape("dawn", 5, (1, 6), (1, 12), 2.0),
    Shape("text", 4, (3, 12), (1, 6), 3.0),
    Shape("limit", 2, (2, 4), (1, 4), 2.0),
]


def case(seed: int) -> Case:
    rng = Random(seed)
    shape = rng.choices(SHAPES, [shape.share for shape in SHAPES])[0]
    text = draw_policy(rng, shape.name == "huge")
    policy = read_policy(text)
    acts = draw_acts(rng, shape, policy)
    drawn = Case(seed, shape.name, text, [], history=chance(rng, 0.5))
    drawn.ids = chance(rng, 0.3)
    draw_columns(rng, drawn)
    if chance(rng, 0.1):
        drawn.delimiter = rng.choice(DELIMITERS).decode()
    draw_exports(rng, shape, policy, drawn, acts)
    drawn.until = draw_until(rng, shape, policy, acts)
    return drawn


# --- Acts --------------------------------------------------------------------------------------------------------


@dataclass
class Person:
    name: bytes
    weeks: list[int]            # in which it acts
    rate: float
    favourites: list[bytes]     # kinds
    friends: list[bytes]


def draw_names(rng: Random, shape: Shape, count: int) -> list[bytes]:
    share = 0.9 if shape.name == "text" else rng.choice((0, 0, 0.1, 0.5))
    odd = rng.sample(ODD_NAMES, min(int(count * share), len(ODD_NAMES)))
    names = odd + [b"m%d" % number for number in range(count - len(odd))]
    rng.shuffle(names)
    return names


def draw_weeks(rng: Random, weeks: int, quiet: set[int]) -> list[int]:
    """The weeks in which a member acts: from joining, with silences, up to leaving for good or to the end."""
    start = rng.randint(0, weeks - 1) if chance(rng, 0.5) else 0
    end = weeks if chance(rng, 0.5) else rng.randint(start, weeks)
    habit = rng.choice((0.2, 0.5, 0.8, 1.0))
    acting = {start} | {week for week in range(start, end) if chance(rng, habit)}
    if chance(rng, 0.4):
        gap = rng.randint(start, weeks)
        acting -= set(range(gap, gap + rng.choice((2, 5, 9, 14, 30))))
    return sorted(acting - quiet)


def draw_people(rng: Random, shape: Shape, policy: Policy, names: list[bytes], weeks: int) -> list[Person]:
    quiet: set[int] = set()
    if chance(rng, 0.25):       # weeks in which nobody acts
        start = rng.randint(0, weeks)
        quiet = set(range(start, start + rng.choice((1, 3, 9, 12))))
    kinds = sorted(policy.kinds)
    steady = shape.name == "hundred"
    if steady:                  # everybody in every week, one perhaps from the second on, nobody on leave
        kinds = [name for name in kinds if not policy.kinds[name].leave] or kinds
    late = rng.choice((None, names[0]))
    return [
        Person(
            name,
            list(range(name == late, weeks)) if steady else draw_weeks(rng, weeks, quiet),
            shape.rate * rng.choice((0.4, 1, 1, 1.6)),
            rng.sample(kinds, rng.randint(1, min(len(kinds), 6))),
            rng.sample(names, rng.randint(1, min(len(names), 5))),
        )
        for name in names
    ]


def draw_moment(rng: Random, week_begins: int, beyond: bool = True) -> int:
    """A second of a week, often at an edge: of the week, of a day, of the next week."""
    day = week_begins + DAY * rng.randrange(7)
    return rng.choice((
        week_begins, week_begins + WEEK - 1, day, day, day + DAY - 1, day + 1, week_begins + WEEK * beyond,
        *(week_begins + rng.randrange(WEEK) for _ in range(12)),
    ))


def draw_quantity(rng: Random, shape: Shape) -> int:
    if shape.name == "huge":
        return rng.choice((1, 2, *SIXTEEN_BITS, 4_294_967, 500_000_000, 999_999_999, 1_000_000_000, 1_000_000_000))
    if chance(rng, 0.01):
        return rng.choice((65_535, 65_536, 1_000_000_000))
    return rng.choice((1, 1, 1, 1, 2, 3, 7, 30))


def draw_act(rng: Random, shape: Shape, policy: Policy, person: Person, time: int) -> Act:
    kind = rng.choice(person.favourites)
    target = rng.choice((b"", rng.choice(person.friends), rng.choice(person.friends), person.name))
    act = Act(time, person.name, kind, target, draw_quantity(rng, shape))
    if policy.kinds[kind].leave:
        act.quantity = rng.choice((1, 2, 6, 7, 8, 14, 30, 70, 365, 1_000_000_000 if chance(rng, 0.1) else 3))
    if target and shape.name != "hundred" and chance(rng, 0.08):
        act.member = b""
    return act


def add_notices(rng: Random, policy: Policy, people: list[Person], begins: int, acts: list[Act]) -> None:
    """Leave notices where the policy knows any: also overlapping, and in weeks of silence."""
    leaves = sorted(name for name, kind in policy.kinds.items() if kind.leave)
    for person in people:
        while leaves and person.weeks and chance(rng, 0.25):
            time = draw_moment(rng, begins + WEEK * rng.choice(person.weeks))
            acts.append(Act(time, person.name, rng.choice(leaves), b"", rng.choice((1, 5, 7, 10, 20, 21, 60, 120))))


def add_repeats(rng: Random, acts: list[Act]) -> None:
    """The same act over and over in one week: past caps and what any one other member may count."""
    for _ in range(rng.choice((0, 1, 2))):
        first = rng.choice(acts)
        acts += [Act(**vars(first)) for _ in range(rng.randint(4, 9))]


def add_floods(rng: Random, policy: Policy, acts: list[Act]) -> None:
    """Past what a week's quantity can hold: in one pair, over many others, of several kinds, for weeks."""
    kinds, others = sorted(policy.kinds), [b"other%d" % number for number in range(7)]
    helpful = [name for name in kinds if (credit := policy.kinds[name].receives) and credit.points > 0]
    for _ in range(rng.randint(1, 3)):
        first = rng.choice(acts)
        member = first.member or first.target
        giving = chance(rng, 0.6)
        chosen = rng.sample(kinds, rng.randint(1, min(len(kinds), 3)))
        others_of = rng.choice(((b"",), others[:1], others, others))
        for week in range(rng.randint(1, 4)):
            many = rng.choice((5, 6, 12)) if week % 3 == 0 else rng.randint(1, 4)
            for kind in chosen:
                for number in range(many):
                    other = others_of[number % len(others_of)]
                    giver, target = (member, other) if giving else (other, member)
                    quantity = rng.choice((1_000_000_000, 999_999_999))
                    acts.append(Act(first.time + week * WEEK, giver, kind, target, quantity))
        if chance(rng, 0.7):        # anonymous support around the end of 16 bits
            acts.append(Act(first.time, b"", rng.choice(helpful or kinds), member, rng.choice(SIXTEEN_BITS)))


def first_moment(rng: Random, shape: Shape, policy: Policy, weeks: int) -> int:
    """When a case's first week begins. `dawn` starts at the first week of all, part of which lies before time 0."""
    latest = week_of(policy, 1_750_000_000) - weeks
    week = week_of(policy, 0) if shape.name == "dawn" else rng.randint(latest - 1500, latest)
    return first_day(policy, week) * DAY - policy.utc_offset


def draw_acts(rng: Random, shape: Shape, policy: Policy) -> list[Act]:
    weeks = rng.randint(*shape.weeks)
    names = draw_names(rng, shape, rng.randint(*shape.members))
    people = draw_people(rng, shape, policy, names, weeks)
    begins = first_moment(rng, shape, policy, weeks)
    only_targets = [b"quiet%d" % number for number in range(rng.choice((0, 0, 1, 3)))]
    acts: list[Act] = []
    for person in people:
        person.friends += only_targets
        for week in person.weeks:
            burst = 5 if chance(rng, 0.03) else 1
            for _ in range(max(1, int(rng.expovariate(1 / (person.rate * burst)) + 0.5))):
                time = draw_moment(rng, begins + WEEK * week, beyond=shape.name != "hundred")
                acts.append(draw_act(rng, shape, policy, person, time))
    if shape.name != "hundred":
        add_notices(rng, policy, people, begins, acts)
    if acts and shape.name == "huge":
        add_floods(rng, policy, acts)
    elif acts and shape.name not in ("risk", "hundred"):
        add_repeats(rng, acts)
    for act in acts:
        act.time = max(0, act.time)
    if shape.name == "dawn" and acts:
        acts[0].time = 0
    rng.shuffle(acts)
    return acts[: shape.most]


def draw_until(rng: Random, shape: Shape, policy: Policy, acts: list[Act]) -> str | None:
    """None, or a day before, inside or after the events, at a week's edge as often as not."""
    if not acts or shape.name == "hundred" or chance(rng, 0.6):
        return None
    first = day_of(policy, min(act.time for act in acts))
    last = day_of(policy, max(act.time for act in acts))
    day = rng.choice((
        first - 40, first + 7, *(rng.randint(first, last) for _ in range(4)), last, last + 1, last + 7, last + 70,
    ))
    if chance(rng, 0.5):
        day = first_day(policy, week_of_day(policy, day)) + rng.choice((0, 0, 6))
    return show_day(day).decode()


# --- Exports -----------------------------------------------------------------------------------------------------


@dataclass
class Layout:
    """How one file writes its rows."""

    delimiter: bytes
    titles: list[bytes]
    places: dict[str, int]
    line_end: tuple[bytes, ...]
    quoting: float
    blanks: float


def draw_columns(rng: Random, drawn: Case) -> None:
    """Renamed headers: also names that other fields have by default."""
    if chance(rng, 0.8):
        return
    if chance(rng, 0.2):
        drawn.columns = {"member": "target", "target": "member"}
        return
    names = ["when", "who", "что", "a,b", 'say "what"', "two words", "tab\tbed", "Time", "x;y|z", "id"]
    fields = rng.sample(FIELDS if drawn.ids else FIELDS[:-1], rng.randint(1, 5))
    drawn.columns = dict(zip(fields, rng.sample(names, len(fields))))
    if "id" in drawn.columns.values() and "id" not in drawn.columns:
        drawn.ids = False       # the column is another field's


def draw_titles(rng: Random, drawn: Case) -> tuple[list[bytes], dict[str, int]]:
    # An optional column may be missing, but not one that was asked for by a name of its own.
    asked = {name for name in FIELDS if name in drawn.columns or name not in OPTIONAL}
    fields = [name for name in FIELDS if name in asked or chance(rng, 0.93 if name != "id" or drawn.ids else 0)]
    titles = {drawn.columns.get(name, name).encode(): name for name in fields}
    extras = [b"ID", b"note", "été".encode(), b"x y", b'a "b"', b"", b"text,text", b"Kind", b"time "]
    extras += [name.encode() for name in drawn.columns]
    for extra in rng.sample(extras, rng.choice((0, 0, 1, 3))):
        titles.setdefault(extra, "")
    order = list(titles.items())
    if chance(rng, 0.7):
        rng.shuffle(order)
    return [title for title, _ in order], {name: place for place, (_, name) in enumerate(order) if name}


def draw_layout(rng: Random, drawn: Case) -> Layout:
    while True:
        delimiter = drawn.delimiter.encode() if drawn.delimiter else rng.choice(DELIMITERS)
        titles, places = draw_titles(rng, drawn)
        layout = Layout(
            delimiter, titles, places,
            rng.choice(((b"\n",), (b"\n",), (b"\r\n",), (b"\n", b"\r\n"))),
            rng.choice((0, 0.05, 0.5, 1)),
            rng.choice((0, 0, 0.05)),
        )
        if drawn.delimiter or find_delimiter(write_row(rng, layout, titles)) == delimiter:
            return layout


def write_cell(rng: Random, layout: Layout, text: bytes) -> bytes:
    needed = any(special in text for special in (layout.delimiter, b'"', b"\n", b"\r"))
    if needed or chance(rng, layout.quoting):
        return b'"' + text.replace(b'"', b'""') + b'"'
    return text


def write_row(rng: Random, layout: Layout, texts: list[bytes]) -> bytes:
    return layout.delimiter.join(write_cell(rng, layout, text) for text in texts)


def texts_of(rng: Random, policy: Policy, layout: Layout, act: Act) -> list[bytes]:
    texts = [rng.choice(JUNK) for _ in layout.titles]
    values = {
        "time": write_time(rng, policy, act.time),
        "member": act.member,
        "kind": act.kind,
        "target": act.target,
        "quantity": write_quantity(rng, act.quantity),
        "id": act.id,
    }
    for name, place in layout.places.items():
        texts[place] = values[name]
    return texts


def write_quantity(rng: Random, quantity: int) -> bytes:
    if quantity == 1 and chance(rng, 0.6):
        return b""
    return b"%010d" % quantity if chance(rng, 0.05) else b"%d" % quantity


def write_time(rng: Random, policy: Policy, time: int) -> bytes:
    """One of the notations that mean this second."""
    if chance(rng, 0.25):
        return rng.choice((b"%d", b"%d", b"%012d", b"%030d")) % time
    if chance(rng, 0.5):
        offset, behind = policy.utc_offset, rng.choice((b"", b"", b"", b" "))
        if (time + offset) % DAY == 0 and chance(rng, 0.6):
            return show_day(day_of(policy, time))
    else:
        minutes = rng.choice((0, 0, 0, 1439, -1439, 60, -300, 330, policy.utc_offset // 60, rng.randint(-1439, 1439)))
        offset, behind = minutes * 60, write_offset(rng, minutes)
    day, second = divmod(time + offset, DAY)
    clock = b"%02d:%02d" % (second // 3600, second // 60 % 60)
    if second % 60 or chance(rng, 0.7):
        clock += b":%02d" % (second % 60) + rng.choice((b"", b"", b"", b".0", b".999", b".123456789012345678901"))
    return show_day(day) + rng.choice((b"T", b" ")) + clock + behind


def write_offset(rng: Random, minutes: int) -> bytes:
    if minutes == 0 and chance(rng, 0.8):
        text = rng.choice((b"Z", b"Z", b"UTC"))
    else:
        sign = b"-" if minutes < 0 else rng.choice((b"+", b"-")) if minutes == 0 else b"+"
        text = sign + rng.choice((b"%02d:%02d", b"%02d%02d")) % divmod(abs(minutes), 60)
    return rng.choice((b"", b"", b" ")) + text


def spoil_text(rng: Random, policy: Policy, layout: Layout, texts: list[bytes]) -> bool:
    """Make one field of a row unusable, perhaps two: the first of the model's order is then the reason."""
    bad = {
        "time": rng.choice(BAD_TIMES),
        "member": rng.choice((*BAD_UTF8, b"n" * 256, "é".encode() * 128)),
        "target": rng.choice((*BAD_UTF8, b"n" * 256)),
        "kind": rng.choice((b"", b"dance", b"POST", b"post ", b"kind", b"k\xff", b"k" * 300)),
        "quantity": rng.choice(BAD_QUANTITIES),
    }
    if chance(rng, 0.1):
        for name in ("member", "target"):
            if name in layout.places:
                texts[layout.places[name]] = b""
        return True
    if chance(rng, 0.1):
        times = (b"%d" % rng.choice((*FUTURE, rng.randint(*FUTURE))), b"2100-01-02T00:00:00Z", b"9998-12-31 23:59:59Z")
        texts[layout.places["time"]] = rng.choice(times)
        return True
    for name in rng.sample(sorted(layout.places.keys() & bad.keys()), rng.choice((1, 1, 1, 2))):
        texts[layout.places[name]] = bad[name]
    return texts[layout.places["kind"]] not in policy.kinds or bad["kind"] not in texts


def spoil_row(rng: Random, layout: Layout, row: bytes) -> bytes:
    """Break a row's quotes or its number of fields, here and there only by chance: model.py knows what it means."""
    delimiter = layout.delimiter
    at = rng.randrange(len(row) + 1)
    return rng.choice((
        row + delimiter, row + delimiter + b"x", row.rpartition(delimiter)[0], delimiter,
        b"x", b'"', b'""', b'"x"', b" ", b"\r",
        row[:at] + b'"' + row[at:], row + b'"', b'"' + row, row + delimiter + b'"open',
        row.replace(delimiter, b'"' + delimiter, 1), row.replace(delimiter, delimiter + b'"', 1),
        b'"a"b' + delimiter + row, row + delimiter + b'"two\nlines"x', row + b"\r", b'"a"\r' + row,
    ))


def draw_rows(rng: Random, policy: Policy, layout: Layout, acts: list[Act], spoiled: float) -> list[bytes]:
    rows = []
    for act in acts:
        rows.append(write_row(rng, layout, texts_of(rng, policy, layout, without_missing(layout, act))))
        if chance(rng, spoiled):
            texts = texts_of(rng, policy, layout, without_missing(layout, act))
            if chance(rng, 0.6):
                if spoil_text(rng, policy, layout, texts):
                    rows.append(write_row(rng, layout, texts))
            else:
                rows.append(spoil_row(rng, layout, write_row(rng, layout, texts)))
        if chance(rng, layout.blanks):
            rows.append(b"")
    return rows


def without_missing(layout: Layout, act: Act) -> Act:
    """The act as a file without a target or a quantity column can tell it."""
    if "target" in layout.places:
        return act
    return Act(act.time, act.member or act.target, act.kind, b"", id=act.id)


def add_long_rows(rng: Random, layout: Layout, rows: list[bytes]) -> None:
    """A closing quote at the last byte allowed, and one byte behind it."""
    for excess in rng.sample((0, 1), rng.randint(1, 2)):
        texts = [b""] * len(layout.titles)
        texts[layout.places["kind"]] = b"k"
        before = layout.delimiter.join(texts[:-1]) + layout.delimiter
        text = b"x" * (ROW_MAX - len(before) - 1 + excess)
        rows.insert(rng.randrange(len(rows) + 1), before + b'"' + text + b'"')


def join_rows(rng: Random, layout: Layout, rows: list[bytes]) -> bytes:
    header = write_row(rng, layout, layout.titles)
    lead = [b""] * rng.choice((0, 0, 0, 1, 2))
    data = b"".join(row + rng.choice(layout.line_end) for row in [*lead, header, *rows])
    if chance(rng, 0.3):
        data = data.removesuffix(b"\n")         # what is left may end in CR
        data = data.removesuffix(b"\r") if chance(rng, 0.5) else data
    return b"\xef\xbb\xbf" + data if chance(rng, 0.2) else data


def pack(rng: Random, data: bytes) -> bytes:
    """gzip, also as several members one behind the other; names and content need not agree."""
    if chance(rng, 0.7):
        return data
    cuts = sorted(rng.randrange(len(data) + 1) for _ in range(rng.choice((0, 1, 3))))
    pieces = [data[start:end] for start, end in zip([0, *cuts], [*cuts, len(data)])]
    return b"".join(gzip.compress(piece, rng.choice((1, 6)), mtime=0) for piece in pieces)


def draw_ids(rng: Random, acts: list[Act]) -> None:
    """Of their own mostly; some have none, and some that of another act, be it of another week."""
    odd = rng.sample(ODD_IDS, len(ODD_IDS)) if chance(rng, 0.5) else []
    without, again = rng.choice((0, 0.1, 0.5)), rng.choice((0, 0.02, 0.3))
    for number, act in enumerate(acts):
        if chance(rng, without):
            continue
        act.id = odd.pop() if odd and chance(rng, 0.3) else b"%x" % (number * 0x9E3779B97F4A7C15 % 2**64)
        if number > 0 and chance(rng, again):
            act.id = acts[rng.randrange(number)].id


def deal(rng: Random, drawn: Case, acts: list[Act], count: int) -> list[list[Act]]:
    """The acts of each export. Where they have ids, exports may overlap, and tell an act more than once."""
    parts = [acts[number::count] for number in range(count)]
    if drawn.ids and acts and chance(rng, 0.8):
        known = [act for act in acts if act.id]
        for part in parts:
            part += rng.sample(known, rng.randint(0, len(known)))
            part.sort(key=lambda act: act.time) if chance(rng, 0.5) else rng.shuffle(part)
    return parts


def draw_exports(rng: Random, shape: Shape, policy: Policy, drawn: Case, acts: list[Act]) -> None:
    count = rng.choice((1, 1, 1, 2, 3))
    names = rng.sample(["events.csv", "b.csv", "a.csv.gz", "with, comma.csv", "é.csv", "no-ending", "x.tsv"], count)
    spoiled = rng.choice((0, 0, 0.02, 0.1)) if shape.name != "text" else 0.4
    if drawn.ids:
        draw_ids(rng, acts)
    for name, part in zip(names, deal(rng, drawn, acts, count)):
        layout = draw_layout(rng, drawn)
        rows = draw_rows(rng, policy, layout, part, spoiled)
        if shape.name == "limit":
            add_long_rows(rng, layout, rows)
        drawn.exports.append((name, pack(rng, join_rows(rng, layout, rows))))
