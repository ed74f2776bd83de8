/* SPDX-License-Identifier: MIT */
/* Communities made up by chance: policies that nobody would want, and events that reach into every corner of them. */
#ifndef KITH_TESTS_COMMUNITY_SUPPORT_H
#define KITH_TESTS_COMMUNITY_SUPPORT_H

#include "engine_support.h"

/* Of a policy that is drawn, KINDS kinds are called k0 … k5; one more, behind them, is a notice of leave. */
enum { PEOPLE = 24, KINDS = 6, NAME_ROOM = 16 };

/* A policy's text: its figures are drawn from the ends of their ranges, too. */
void draw_policy(char *text, size_t size, uint64_t *seed);

/* An event under such a policy, of members m1 … m24. */
struct drawn {
    kith_event event;
    uint32_t actor;  /* number of the member, 0 for nobody */
    uint32_t target; /* likewise */
    char names[2][NAME_ROOM];
};

/* In the week that begins then. */
void draw_event(struct drawn *drawn, int64_t begin, uint64_t *seed);

#endif
