/* SPDX-License-Identifier: MIT */
/* Made-up lines of JSON: small flat objects, or those of an archive of events, of some two kilobytes. */
#ifndef BENCH_LINES_H
#define BENCH_LINES_H

#include <stddef.h>
#include <stdint.h>

struct bench_lines {
    char *text; /* BENCH_LINES_BEHIND bytes behind it are there to be read */
    size_t length;
    size_t capacity;
};

enum { BENCH_LINES_BEHIND = 64 };

/* What a line says. Members are called u1, u2 …; target 0 is nobody. */
struct bench_said {
    const char *time;
    const char *kind;
    uint64_t member;
    uint64_t target;
    uint32_t quantity;
};

/* SplitMix64: a number below `most`. */
uint32_t bench_chance_below(uint64_t *state, uint32_t most);

/* Room behind the text, cleared; and text. Without memory the program ends. */
char *bench_lines_room(struct bench_lines *lines, size_t more);
void bench_lines_add(struct bench_lines *lines, const char *string);

void bench_lines_add_flat(struct bench_lines *lines, const struct bench_said *said);

/* What nobody asks for is made up by chance. */
void bench_lines_add_archived(struct bench_lines *lines, const struct bench_said *said, uint64_t *luck);

#endif
