# SPDX-License-Identifier: MIT
"""Communities to calibrate on, made by chance that is the same every time, and shares counted from their tables."""

import collections
import datetime
import random

FIRST_DAY = datetime.date(2025, 1, 6)  # a Monday


def _stays(chance, members, days, mean_stay):
    """For each member a name, its first day and the one on which it is gone; a third is there from the beginning."""
    for number in range(members):
        first = 0 if chance.random() < 0.33 else int(chance.random() * days)
        yield f"m{number:04}", first, first + 7 + int(chance.expovariate(1 / mean_stay))


def chat(members=300, weeks=60, seed=1):
    """Most members are there on most days, with many small acts: rows of an export."""
    chance = random.Random(seed)
    days = 7 * weeks
    people = [
        (name, first, gone, chance.lognormvariate(1.6, 0.8), 0.35 + 0.6 * chance.random())
        for name, first, gone in _stays(chance, members, days, 250)
    ]
    for day in range(days):
        here = [person for person in people if person[1] <= day < person[2]]
        date = FIRST_DAY + datetime.timedelta(day)
        for name, _, _, talk, presence in here:
            if chance.random() >= presence:
                continue
            yield f"{date},{name},login,,"
            for kind, part in (("comment", 1.0), ("reply", 0.6), ("like", 1.5)):
                count = int(talk * part * chance.expovariate(1))
                if count:
                    yield f"{date},{name},{kind},{chance.choice(here)[0]},{count}"
            if chance.random() < 0.01:
                yield f"{date},{name},help,{chance.choice(here)[0]},"


def forum(members=2500, weeks=60, seed=2):
    """Few members write most of what there is, and most come seldom: rows of an export."""
    chance = random.Random(seed)
    days = 7 * weeks
    people = [
        (name, first, gone, min(chance.paretovariate(1.1) * 0.012, 0.9))
        for name, first, gone in _stays(chance, members, days, 120)
    ]
    for day in range(days):
        here = [person for person in people if person[1] <= day < person[2]]
        weights = [person[3] for person in here]
        date = FIRST_DAY + datetime.timedelta(day)
        for name, _, _, zeal in here:
            if chance.random() >= zeal:
                continue
            roll = chance.random()
            if roll < 0.35:
                yield f"{date},{name},login,,"
            elif roll < 0.5:
                yield f"{date},{name},question,,"
                for fan in chance.choices(here, weights, k=2):
                    yield f"{date},{fan[0]},like,{name},"
            elif roll < 0.8:
                yield f"{date},{name},answer,{chance.choices(here, weights)[0][0]},"
                for fan in chance.choices(here, weights, k=3):
                    yield f"{date},{fan[0]},like,{name},"
                if chance.random() < 0.3:
                    yield f"{date},{chance.choice(here)[0]},accept,{name},"
            elif roll < 0.95:
                yield f"{date},{name},comment,{chance.choices(here, weights)[0][0]},"
            else:
                yield f"{date},{name},article,,"
                for fan in chance.choices(here, weights, k=6):
                    yield f"{date},{fan[0]},favorite,{name},"


def export(rows):
    """Rows as an export, and with them who acted on which day, as Monday-based weeks and days since FIRST_DAY."""
    lines = list(rows)
    acts = collections.defaultdict(set)
    for line in lines:
        time, member, _ = line.split(",", 2)
        if member:
            acts[(datetime.date.fromisoformat(time[:10]) - FIRST_DAY).days].add(member)
    return "time,member,kind,target,quantity\n" + "".join(line + "\n" for line in lines), acts


def shares(folder, acts, tiers, first, last, left_out=()):
    """
    What `kith score --history` says of the reviews from one week to another, both numbered from FIRST_DAY's: of the
    members who had acted in the four weeks before each, the mean share of each tier in percent.
    """
    standings = collections.defaultdict(dict)
    with open(folder / "history.csv", encoding="utf-8") as file:
        next(file)
        for line in file:
            week, member, _, _, _, _, tier, _ = line.split(",", 7)
            standings[(datetime.date.fromisoformat(week) - FIRST_DAY).days // 7][member] = tier
    sums = dict.fromkeys(tiers, 0.0)
    for week in range(first, last + 1):
        basis = set().union(*(acts.get(day, ()) for day in range(7 * week - 21, 7 * week + 7))) - set(left_out)
        for member in basis:
            sums[standings[week][member]] += 100 / len(basis) / (last - first + 1)
    return sums


def changes(folder, first, last):
    """How many tiers changed in a week, on average."""
    with open(folder / "changes.csv", encoding="utf-8") as file:
        next(file)
        weeks = [(datetime.date.fromisoformat(line.split(",", 1)[0]) - FIRST_DAY).days // 7 for line in file]
    return sum(first <= week <= last for week in weeks) / (last - first + 1)
