/* SPDX-License-Identifier: MIT */
/*
 * Live: events come one at a time; when a week is over, says who rose and whom to write to. Killed and run again, it
 * goes on from its snapshot. Usage: live_app STATE < community.csv
 */
#define _DEFAULT_SOURCE /* strsep() */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <kith/kith.h>

static kith_error error = {.size = sizeof error};

static void check(kith_status status)
{
    if (status == KITH_OK)
        return;
    fprintf(stderr, "%s: %s\n", kith_status_name(status), error.message);
    exit(1);
}

/* What the application's database hands over as an event, here a line of CSV. */
static kith_event event_of(const kith_policy *policy, char *line)
{
    char *fields[5];
    for (int i = 0; i < 5; i++)
        fields[i] = strsep(&line, ",\n");
    kith_event event = {.size = sizeof event, .quantity = fields[4] && *fields[4] ? (uint32_t)atoi(fields[4]) : 1};
    event.member_name = kith_text_of(fields[1]);
    event.target_name = kith_text_of(fields[3]);
    check(kith_policy_parse_time(policy, kith_text_of(fields[0]), &event.time, &error));
    check(kith_policy_find_kind(policy, kith_text_of(fields[2]), &event.kind, &error));
    return event;
}

static void close_weeks(kith_engine *engine, int64_t until)
{
    kith_review *review;
    kith_table *changes, *flags;
    check(kith_engine_review(engine, until, &review, &error));
    check(kith_review_get_table(review, KITH_CHANGES, &changes, &error));
    check(kith_review_get_table(review, KITH_FLAGS, &flags, &error));
    for (uint64_t i = 0; i < kith_table_rows(changes); i++) {
        kith_change_row row = {.size = sizeof row};
        check(kith_table_get_row(changes, i, &row, &error));
        if (row.to > row.from)
            printf("%.*s rose to tier %u\n", (int)row.member.length, row.member.data, row.to);
    }
    for (uint64_t i = 0; i < kith_table_rows(flags); i++) {
        kith_flag_row row = {.size = sizeof row};
        check(kith_table_get_row(flags, i, &row, &error));
        if (row.flag == KITH_FLAG_AT_RISK)
            printf("write to %.*s\n", (int)row.member.length, row.member.data);
    }
    kith_table_free(changes);
    kith_table_free(flags);
    kith_review_free(review);
}

static kith_engine *begin(const char *state)
{
    kith_engine *engine;
    kith_policy *policy;
    kith_load load = {.size = sizeof load, .path = state};
    if (access(state, F_OK) == 0) {
        check(kith_engine_load(&load, &engine, &error));
        return engine;
    }
    check(kith_policy_new(NULL, &policy, &error));
    check(kith_engine_new(policy, NULL, &engine, &error));
    kith_policy_free(policy);
    return engine;
}

/* Where it takes long, another thread can save what was frozen, while events go on. */
static void save(kith_engine *engine, const char *state)
{
    kith_snapshot *snapshot;
    check(kith_engine_freeze(engine, kith_text_of(NULL), &snapshot, &error));
    check(kith_snapshot_save(snapshot, state, &error));
    kith_snapshot_free(snapshot);
}

int main(int count, char **arguments)
{
    const char *state = count == 2 ? arguments[1] : "state.kith";
    const kith_text source = kith_text_of("community.csv");
    kith_engine *engine = begin(state);
    kith_policy *policy; /* the engine's own, by which kinds have their indexes */
    check(kith_engine_get_policy(engine, NULL, &policy, &error));
    uint64_t known; /* how many lines have been dealt with; an event that is added again is skipped anyway */
    check(kith_engine_get_sequence(engine, source, &known, &error));
    kith_week week = {.size = sizeof week};
    char line[256];
    char *more = fgets(line, sizeof line, stdin); /* the header */
    for (uint64_t number = 1; more && fgets(line, sizeof line, stdin); number++) {
        kith_event event = event_of(policy, line);
        event.source = source;
        event.sequence = number;
        if (number > known && week.end != 0 && event.time >= week.end) {
            close_weeks(engine, week.end);
            save(engine, state);
        }
        check(kith_policy_get_week(policy, event.time, &week, &error));
        kith_status status = kith_engine_add_event(engine, &event, &error);
        if (status == KITH_REFUSED) /* such as a late one: the others count all the same */
            fprintf(stderr, "event %llu: %s\n", (unsigned long long)number, error.message);
        else
            check(status);
    }
    save(engine, state); /* the last week is still open: more may come */
    kith_engine_free(engine);
    kith_policy_free(policy);
    return ferror(stdin) ? 1 : 0;
}
