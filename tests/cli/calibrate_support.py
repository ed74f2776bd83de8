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
