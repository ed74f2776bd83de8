#!/usr/bin/env python3
"""Makes community.csv: thirty weeks of a photography forum that never existed.

    python3 make_community.py [FILE]

Every person in it is invented. The same script gives the same bytes every time: all chance comes from one
seeded generator, of which only random() is used (the one method Python promises to keep as it is).
"""
import csv
import datetime
import math
import os
import random
import sys
from dataclasses import dataclass, field

SEED = 178                                    # tried until the cast's stories came out as the README tells them
FIRST_DAY = datetime.date(2025, 12, 1)        # a Monday; day 0 below
WEEKS = 30
DAYS = WEEKS * 7                              # the last one is Sunday 2026-06-28
NEVER = 10 ** 6                               # a day that does not come

# How the week and the day go round: a hobby lives in the evening and at the weekend. Times are UTC.
WEEKDAY_WEIGHT = [1.0, 0.9, 1.0, 0.9, 0.7, 1.1, 1.4]
HOUR_WEIGHT = [1, 0.5, 0.3, 0.2, 0.3, 1, 3, 5, 5, 4, 4, 5, 7, 6, 5, 5, 7, 10, 14, 18, 19, 14, 7, 3]

# People come in waves: first day, days it lasts, how many, how many of them were asked in by a member.
WAVES = [
    ('founders', 0, 6, 36, 0.0),
    ('new year', 35, 14, 42, 0.2),
    ('article in the paper', 91, 10, 48, 0.1),
    ('spring course', 133, 14, 42, 0.3),
    ('open day', 181, 28, 36, 0.2),
    ('now and then', 10, DAYS - 12, 28, 0.3),
]

# What becomes of those who come: shares of the founders and of everyone after them.
FOUNDER_SHARE = {'one_timer': 0.06, 'lurker': 0.24, 'casual': 0.36, 'regular': 0.26, 'pillar': 0.08}
LATER_SHARE = {'one_timer': 0.26, 'lurker': 0.29, 'casual': 0.31, 'regular': 0.12, 'pillar': 0.015}


@dataclass
class Role:
    visits: float                             # a week, before the member's own zeal is counted in
    acts: float                               # a visit, besides looking around
    weeks: float                              # a member of this role stays about so long
    mix: dict = field(default_factory=dict)   # what it does, by weight


ROLES = {
    'one_timer': Role(0, 0.2, 0, {'like': 3, 'question': 1}),
    'lurker': Role(1.6, 0, 17),
    'casual': Role(1.25, 0.6, 19, {
        'like': 10, 'comment': 2, 'vote': 2, 'favorite': 1, 'question': 1.5, 'media': 0.7, 'checkin': 1}),
    'regular': Role(2.1, 0.95, 30, {
        'like': 9, 'comment': 4, 'reply': 2, 'vote': 1.5, 'favorite': 2, 'share': 0.5, 'media': 1.8, 'post': 1,
        'question': 0.7, 'answer': 0.9, 'welcome': 0.4, 'help': 0.2, 'checkin': 1, 'feedback': 0.1}),
    'pillar': Role(3.7, 1.5, 60, {
        'like': 9, 'comment': 6, 'reply': 4, 'vote': 1, 'favorite': 3, 'share': 1, 'media': 2, 'post': 2,
        'article': 0.3, 'question': 0.4, 'answer': 3, 'welcome': 1.2, 'help': 1, 'checkin': 1,
        'feedback': 0.3, 'report': 0.2}),
}

FIRST_NAMES = """
Aaliyah Adnan Agnes Aiko Alba Aldo Aleks Alice Alma Amadou Amina Ana Andrea Anouk Anton Arjun Arlo Astrid Aurora Ayşe
Bao Bea Benedikt Birgit Björn Bogdan Bram Branka Brigid Callum Camille Carmen Cécile Chiara Chidi Chiyo Clara Connor
Cosmin Dagmar Damir Daria Delphine Devi Diego Dilan Dmitri Dora Dušan Edda Eino Eleni Elif Emeka Emil Enzo Esra Eszter
Fatou Faye Femke Finn Flora Françoise Gabor Gemma Gianni Gösta Greta Gulsen Gwen Hamid Hana Hanne Harriet Hiro Hugo Ida
Ignacio Ilse Imani Ines Ingrid Irena Isak Ivo Jaap Jadwiga Jana Jarek Jasper Joana Jonas Juno Jürgen Kaisa Kamal Karin
Kasia Keiko Kelechi Kerstin Kofi Kwame Lale Lars Lasse Leila Lene Lennart Leonie Levi Lieke Ling Livia Ljuba Lorenzo
Lotte Luca Lucía Ludvík Maeve Magda Malik Manon Mareike Marek Mariam Marta Mateo Maud Mehmet Milan Mina Mirjam Moritz
Nadia Naoko Nele Niamh Niko Nils Nora Nuno Oksana Ole Olga Omar Orla Oskar Otto Paavo Padma Paloma Pascal Pavel Petra
Philippa Pilar Priya Radek Rahel Rana Ravi Reza Rika Robin Romy Rosa Ruben Ruth Sanne Saskia Selma Signe Sofie Stellan
Suna Tariq Thandi Thijs Tilda Tomasz Tuva Ulla Uwe Vera Vesna Viktor Wiebke Xenia Yannick Yuki Yusuf Zdeněk Żaneta
""".split()
HANDLES = """
f8_and_patient blue_hour bokeh_baker bulb_mode burnt_toast_prints chromatic_abby contact-sheet darkroom_dan
depth_of_fred dusty_sensor expired_film fisheye_fritz fixer_upper flare_ghost focus_pocus gear_is_heavy
golden_hour_gal grain_of_salt half_frame hyperfocal infra_ned iso_hungry kitlens_kit late_train_home lightleak
lost_lens_cap macro_moss manual_mode mirrorless_me mono_chrome moor_walker night_tram no_chimping old_shoebox
one_more_roll orange_filter overcast_again pinhole_pete pocket_compact pushed_two_stops quiet_shutter rainy_sunday
raw_and_order red_bike_home reflex_action rule_of_nerds safelight selenium_tone slow_glass square_format stopbath
sunny_sixteen third_tripod 雨の日 каштан φωτεινή
""".split()
NEVER_CAME = ['Sylvie', 'Tadeusz', 'Timo', 'wet_plate_willi']    # asked in, but never seen


@dataclass
class Member:
    name: str
    joins: int                                # day
    role: str
    zeal: float = 1.0                         # times the visits of its role: a few are far keener than the rest
    talk: float = 1.0                         # times the acts of its role
    appeal: float = 1.0                       # how readily its work is noticed
    quits: int = NEVER                        # the day from which it is not seen again
    invited: bool = False
    absences: list = field(default_factory=list)    # (first day, day of return)
    slows: tuple = (NEVER, 1.0)               # from this day on it does this part of what it did
    back_on: int = NEVER                      # a day on which it comes for certain
    last_seen: int = -NEVER
    came: bool = False

    def here(self, day):
        return self.joins <= day < self.quits and not any(a <= day < b for a, b in self.absences)


def day_of(text):
    return (datetime.date.fromisoformat(text) - FIRST_DAY).days


def same_day(second, step):
    """A step later, or half way to midnight where that is sooner: a visit does not run into the next day."""
    return second + min(step, (86399 - second % 86400) // 2)


# The cast: people to look for. What they do beyond their role's habits is in the scenes further down.
MINERVA, KOBAYASHI, ZOE, ANDERS, ULISES = 'Minerva', '小林', 'Zoë', 'Anders', 'Ulises'
HENRIK, ROCCO, HAKON, WANDA = 'Henrik', 'Rocco', 'Håkon', 'Wanda'
RING = ['Fia', 'Mia', 'Pia']
SPAMMER, NEWSFEED = 'cheap-lenses-4u', 'lens_newsfeed'

MINERVA_GOES = day_of('2026-05-13')
TUTORIAL = day_of('2026-06-23')
ZOE_LEAVE = (day_of('2026-04-17'), 35)
ANDERS_LEAVE = (day_of('2026-06-19'), 21)
ULISES_AWAY = (day_of('2026-05-04'), day_of('2026-06-24'))
ROCCO_ROWS = day_of('2026-06-16')             # the evening he quarrels
HAKON_SLOWS = day_of('2026-06-15')
SPAM_DAY = day_of('2026-05-20')
RING_FROM, NEWSFEED_FROM = day_of('2026-02-09'), day_of('2026-03-16')
TUTORIAL_FANS = 60


def cast():
    return [
        Member(MINERVA, 0, 'pillar', zeal=1.7, appeal=4, quits=MINERVA_GOES),
        Member(HENRIK, 0, 'pillar', zeal=1.2, appeal=1.5),                    # the moderator
        Member(WANDA, 1, 'pillar', zeal=1.1, appeal=2),                       # leads the photo walks
        Member(ZOE, 2, 'regular', zeal=1.9, talk=1.15, appeal=1.7, absences=[(ZOE_LEAVE[0] + 1, sum(ZOE_LEAVE) + 1)],
               back_on=sum(ZOE_LEAVE) + 1),
        Member(HAKON, 4, 'pillar', zeal=1.5, talk=2.2, appeal=1.2, slows=(HAKON_SLOWS, 0.25)),
        Member(ULISES, 38, 'regular', zeal=1.8, appeal=1.5, absences=[ULISES_AWAY], back_on=ULISES_AWAY[1]),
        Member(KOBAYASHI, 41, 'lurker', zeal=0.8),
        Member(ANDERS, 94, 'regular', zeal=1.8, talk=1.2, appeal=1.5, absences=[(ANDERS_LEAVE[0] + 1, NEVER)]),
        Member(ROCCO, 96, 'regular', zeal=1.5, appeal=1.2, slows=(ROCCO_ROWS, 0.15)),
    ]


# Chance, made of random() alone.

class Dice:
    def __init__(self, seed):
        self.random = random.Random(seed).random

    def chance(self, p):
        return self.random() < p

    def below(self, n):
        return int(self.random() * n)

    def between(self, low, high):
        return low + self.below(high - low + 1)

    def pick(self, items):
        return items[self.below(len(items))]

    def weighted(self, items, weights):
        x = self.random() * sum(weights)
        for item, weight in zip(items, weights):
            x -= weight
            if x < 0:
                return item
        return items[-1]

    def some(self, items, n):
        """n different ones, in the order drawn."""
        left = list(items)
        return [left.pop(self.below(len(left))) for _ in range(min(n, len(left)))]

    def poisson(self, mean):
        n, p, floor = 0, self.random(), math.exp(-mean)
        while p > floor:
            n, p = n + 1, p * self.random()
        return n

    def lifetime(self, mean):
        return -mean * math.log(1.0 - self.random())

    def heavy_tail(self, shape, most):
        """1 or more, mostly little more, now and then very much: how zeal and attention are spread."""
        return min(most, (1.0 - self.random()) ** (-1.0 / shape))


def populate(dice):
    names = dice.some(FIRST_NAMES + HANDLES, len(FIRST_NAMES) + len(HANDLES))
    members = cast()
    for wave, start, length, count, invited in WAVES:
        share = FOUNDER_SHARE if wave == 'founders' else LATER_SHARE
        for _ in range(count):
            role = dice.weighted(list(share), list(share.values()))
            joins = start + dice.below(length)
            stays = int(7 * dice.lifetime(ROLES[role].weeks)) + 2
            members.append(Member(
                names.pop(), joins, role,
                zeal=0.7 * dice.heavy_tail(2.5, 2.6), appeal=dice.heavy_tail(1.5, 5),
                quits=joins + (1 if role == 'one_timer' else stays), invited=dice.chance(invited)))
    return members


class Forum:
    """Goes through the days in order, so that whoever is liked, answered or welcomed has given cause lately."""
    SHELF_DAYS = 7                            # how long a work is in sight
    QUESTION_DAYS = 4
    FRESH_DAYS = 4                            # a newcomer is welcomed within these

    def __init__(self, dice, members):
        self.dice, self.members = dice, members
        self.by_name = {m.name: m for m in members}
        self.events = []                      # (second since FIRST_DAY, member, kind, target, quantity)
        self.works, self.questions = [], []   # (second, author)
        self.newcomers = []                   # (second, member)
        self.inbox = {}                       # member -> those who commented on its work: (second, member)
        self.to_accept = {}                   # member -> those who answered it

    def event(self, second, member, kind, target='', quantity=1):
        assert 0 <= second < DAYS * 86400
        self.events.append((second, member, kind, target, quantity))
        if member in self.by_name:
            self.by_name[member].last_seen = second // 86400

    # Whom an act is aimed at.

    def lately(self, rows, second, days):
        return [who for when, who in rows if second - days * 86400 < when < second]

    def author_in_sight(self, second, but):
        authors = [a for a in self.lately(self.works, second, self.SHELF_DAYS) if a != but]
        return authors and self.dice.weighted(authors, [self.by_name[a].appeal for a in authors])

    def someone_of(self, rows, second, days, but):
        them = [who for who in self.lately(rows, second, days) if who != but]
        return them and self.dice.pick(them)

    # What a member does.

    def act(self, name, kind, second):
        if kind in ('post', 'media', 'article'):
            self.event(second, name, kind)
            self.works.append((second, name))
        elif kind == 'question':
            self.event(second, name, kind)
            self.questions.append((second, name))
        elif kind == 'answer':
            asker = self.someone_of(self.questions, second, self.QUESTION_DAYS, name)
            if asker:
                self.event(second, name, kind, asker)
                self.to_accept.setdefault(asker, []).append(name)
        elif kind == 'help':
            asker = self.someone_of(self.questions + self.newcomers, second, 2 * self.QUESTION_DAYS, name)
            if asker:
                self.event(second, name, kind, asker)
        elif kind == 'welcome':
            newcomer = self.someone_of(self.newcomers, second, self.FRESH_DAYS, name)
            if newcomer:
                self.event(second, name, kind, newcomer)
        elif kind == 'reply':
            other = self.someone_of(self.inbox.get(name, []), second, self.SHELF_DAYS, name)
            if other:
                self.event(second, name, kind, other)
        elif kind in ('like', 'favorite', 'comment', 'share', 'vote'):
            author = self.author_in_sight(second, name)
            if author:
                self.event(second, name, kind, author)
                if kind == 'comment':
                    self.inbox.setdefault(author, []).append((second, name))
        else:                                 # checkin, feedback, report
            self.event(second, name, kind)

    def visit(self, m, day):
        dice, role = self.dice, ROLES[m.role]
        second = day * 86400 + dice.weighted(range(24), HOUR_WEIGHT) * 3600 + dice.below(3600)

        def later():                          # acts of one visit lie some minutes apart
            nonlocal second
            second = same_day(second, dice.between(40, 900))
            return second

        if not m.came:
            m.came = True
            self.event(second, m.name, 'join')
            self.newcomers.append((second, m.name))
        before = len(self.events)
        if m.name in self.to_accept:
            for answerer in self.to_accept.pop(m.name)[:2]:
                if dice.chance(0.5):
                    self.event(later(), m.name, 'accept', answerer)
        keen = m.slows[1] if day >= m.slows[0] else 1.0
        for _ in range(dice.poisson(role.acts * m.talk * keen)):
            self.act(m.name, dice.weighted(list(role.mix), list(role.mix.values())), later())
        if len(self.events) == before:        # only looked around: most stay signed in, and leave no more than a view
            if dice.chance(0.35):
                self.event(later(), m.name, 'login')
            else:
                self.event(later(), m.name, 'view', '', dice.between(1, 9))

    # A day.

    def comes(self, m, day):
        if not m.here(day):
            return False
        if day in (m.joins, m.back_on):
            return True
        often = ROLES[m.role].visits * m.zeal / 7
        return self.dice.chance(min(0.9, often * WEEKDAY_WEIGHT[day % 7]))

    def anyone_lately(self, day, roles, but=()):
        return [m for m in self.members
                if m.role in roles and m.came and m.here(day) and m.last_seen >= day - 7 and m.name not in but]

    def invite(self, day, name):
        hosts = self.anyone_lately(day, ('regular', 'pillar'), but=(ROCCO,))
        if hosts:
            self.event(day * 86400 + 19 * 3600 + self.dice.below(7200), self.dice.pick(hosts).name, 'invite', name)

    def day(self, day):
        for m in self.members:                # asked in a day before it comes
            if m.invited and m.joins == day + 1:
                self.invite(day, m.name)
        for m in self.members:
            if self.comes(m, day):
                self.visit(m, day)
        self.visitors_votes(day)
        for scene in SCENES:
            scene(self, day)

    def visitors_votes(self, day):
        """Those who are not signed in may press the heart, and vote for the photo of the month in its last week."""
        noon = day * 86400 + 12 * 3600
        for _ in range(self.dice.poisson(0.7)):
            self.anonymous('like', noon, 1)
        if (FIRST_DAY + datetime.timedelta(days=day + 7)).day <= 7:
            for _ in range(2):
                self.anonymous('vote', noon, self.dice.between(1, 6))

    def anonymous(self, kind, noon, quantity):
        author = self.author_in_sight(noon, '')
        if author:
            self.event(noon + self.dice.below(36000), '', kind, author, quantity)


# The scenes: called for every day, each minds its own.

def photo_walk(forum, day):
    """Wanda leads a walk every other Sunday; those who lately were here come along, not all of them."""
    if day % 14 != 13:
        return
    morning = day * 86400 + 8 * 3600 + 1812
    forum.event(morning, WANDA, 'event_host')
    guests = forum.anyone_lately(day, ('casual', 'regular', 'pillar'), but=(WANDA, ROCCO))
    for m in forum.dice.some(guests, forum.dice.between(6, 12)):
        forum.event(morning + forum.dice.between(600, 7200), m.name, 'event_join', WANDA)


def critique_evening(forum, day):
    """Minerva's, on a Thursday once in four weeks, as long as she was about."""
    if day % 28 != 17 or day >= MINERVA_GOES:
        return
    evening = day * 86400 + 18 * 3600 + 1806
    forum.event(evening, MINERVA, 'event_host')
    for m in forum.dice.some(forum.anyone_lately(day, ('casual', 'regular', 'pillar'), but=(MINERVA,)), 6):
        forum.event(evening + forum.dice.between(60, 3000), m.name, 'event_join', MINERVA)


def minerva_says_goodbye(forum, day):
    if day == MINERVA_GOES - 1:               # so that the day she was last seen does not hang on chance
        forum.event(day * 86400 + 20 * 3600 + 754, MINERVA, 'help', HENRIK)


def tutorial(forum, day):
    """小林 never says a word, then shows how she prints by hand, and everyone stops by."""
    if day == TUTORIAL:
        evening = day * 86400 + 17 * 3600 + 1125
        forum.event(evening, KOBAYASHI, 'article')
        forum.event(evening + 420, KOBAYASHI, 'media')
        forum.works.append((evening, KOBAYASHI))
    if day != DAYS - 1:
        return
    # Told on the last day: only then is it known who was about. They came by on the days they were here anyway.
    seen = {}
    for second, name, _, _, _ in forum.events:
        if second >= TUTORIAL * 86400 + 18 * 3600 and name in forum.by_name and name not in (KOBAYASHI, HAKON):
            seen.setdefault(name, []).append(second)
    commenters = []
    for name in forum.dice.some(list(seen), TUTORIAL_FANS):
        second = forum.dice.pick(seen[name])
        kinds = [k for k, p in (('like', 0.7), ('favorite', 0.35), ('comment', 0.2), ('share', 0.1))
                 if forum.dice.chance(p)] or ['like']
        for kind in kinds:
            second = same_day(second, forum.dice.between(30, 400))
            forum.event(second, name, kind, KOBAYASHI)
            if kind == 'comment':
                commenters.append((second, name))
    for second, name in commenters[:5]:
        forum.event(same_day(second, forum.dice.between(900, 5400)), KOBAYASHI, 'reply', name)


def leaves(forum, day):
    for name, (first, days) in ((ZOE, ZOE_LEAVE), (ANDERS, ANDERS_LEAVE)):
        if day == first:
            forum.event(day * 86400 + 20 * 3600 + 1817, name, 'leave', '', days)


def ring(forum, day):
    """Three friends who like whatever the others show, and whom nobody else takes notice of."""
    if day < RING_FROM:
        return
    evening = day * 86400 + 18 * 3600
    for i, name in enumerate(RING):
        if day == RING_FROM:
            forum.event(evening - 600 + i, name, 'join')
        elif forum.dice.chance(0.55):
            for friend in RING:
                if friend != name:
                    forum.event(evening + forum.dice.below(14400), name, 'like', friend, forum.dice.between(2, 3))


def quarrel(forum, day):
    """Rocco is good with a camera and bad at losing an argument; Henrik moderates."""
    if day == ROCCO_ROWS:
        evening = day * 86400 + 21 * 3600
        for i in range(4):
            forum.event(evening + 37 + 224 * i, HENRIK, 'removed', ROCCO)
        forum.event(evening + 951, HENRIK, 'warned', ROCCO)


def spam(forum, day):
    if day == SPAM_DAY:
        night = day * 86400 + 3 * 3600
        forum.event(night, SPAMMER, 'join')
        for i in range(6):
            forum.event(night + 20 + 31 * i, SPAMMER, 'post')
        for i in range(6):
            forum.event(night + 4 * 3600 + 12 * i, HENRIK, 'removed', SPAMMER)
        forum.event(night + 4 * 3600 + 90, HENRIK, 'warned', SPAMMER)


def newsfeed(forum, day):
    """Volume that nobody answers: a script that posts what the makers of lenses announce."""
    if day == NEWSFEED_FROM:
        forum.event(day * 86400 + 5 * 3600, NEWSFEED, 'join')
    if day >= NEWSFEED_FROM and day % 7 in (0, 2, 4):
        forum.event(day * 86400 + 6 * 3600, NEWSFEED, 'post', '', forum.dice.between(6, 15))


def asked_in_vain(forum, day):
    for i, name in enumerate(NEVER_CAME):
        if day == 60 + 43 * i:
            forum.invite(day, name)


SCENES = [photo_walk, critique_evening, minerva_says_goodbye, tutorial, leaves, ring, quarrel, spam, newsfeed,
          asked_in_vain]


def make(path):
    dice = Dice(SEED)
    forum = Forum(dice, populate(dice))
    for day in range(DAYS):
        forum.day(day)
    start = datetime.datetime.combine(FIRST_DAY, datetime.time())
    with open(path, 'w', encoding='utf-8', newline='') as out:
        table = csv.writer(out, lineterminator='\n')
        table.writerow(['time', 'member', 'kind', 'target', 'quantity'])
        for second, member, kind, target, quantity in sorted(forum.events):
            time = start + datetime.timedelta(seconds=second)
            table.writerow([time.strftime('%Y-%m-%dT%H:%M:%SZ'), member, kind, target,
                            '' if quantity == 1 else quantity])


if __name__ == '__main__':
    here = os.path.dirname(os.path.abspath(__file__))
    make(sys.argv[1] if len(sys.argv) > 1 else os.path.join(here, 'community.csv'))
