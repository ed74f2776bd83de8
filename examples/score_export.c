/* SPDX-License-Identifier: MIT */
/* Batch: an export goes in, the standings after its last week come out. Usage: score_export EXPORT > standings.csv */
#include <stdio.h>
#include <stdlib.h>

#include <kith/kith.h>

static void check(kith_status status, const kith_error *error)
{
    if (status == KITH_OK)
        return;
    fprintf(stderr, "%s: %s\n", kith_status_name(status), error->message);
    exit(1);
}

static int tell_reject(void *context, const kith_reject *reject)
{
    (void)context;
    fprintf(stderr, "line %llu is refused for its %s: %.*s\n", (unsigned long long)reject->line,
            kith_reason_name(reject->reason), (int)reject->row.length, reject->row.data);
    return 0; /* go on */
}

static int write_out(void *context, const void *bytes, size_t length)
{
    return fwrite(bytes, 1, length, context) != length;
}

/* The moment at which the week of the last event is over. */
static int64_t end_of_events(const kith_engine *engine, const kith_policy *policy)
{
    kith_error error = {.size = sizeof error};
    kith_engine_info info = {.size = sizeof info};
    check(kith_engine_get_info(engine, &info, &error), &error);
    if (info.last_event == KITH_NO_TIME)
        return 0;
    kith_week week = {.size = sizeof week};
    check(kith_policy_get_week(policy, info.last_event, &week, &error), &error);
    return week.end;
}

int main(int count, char **arguments)
{
    if (count != 2) {
        fprintf(stderr, "usage: score_export EXPORT > standings.csv\n");
        return 2;
    }
    kith_error error = {.size = sizeof error};
    kith_policy *policy;
    check(kith_policy_new(NULL, &policy, &error), &error);
    kith_engine *engine;
    check(kith_engine_new(policy, NULL, &engine, &error), &error);

    kith_export export = {.size = sizeof export, .path = arguments[1], .reject = tell_reject};
    kith_added added = {.size = sizeof added};
    check(kith_engine_add_export(engine, &export, &added, &error), &error);

    kith_review *review;
    check(kith_engine_review(engine, end_of_events(engine, policy), &review, &error), &error);
    kith_table *standings;
    check(kith_review_get_table(review, KITH_STANDINGS, &standings, &error), &error);
    check(kith_table_write_csv(standings, KITH_CSV_HEADER, write_out, stdout, &error), &error);
    fprintf(stderr, "%llu events, %llu members\n", (unsigned long long)added.taken,
            (unsigned long long)kith_table_rows(standings));

    kith_table_free(standings);
    kith_review_free(review);
    kith_engine_free(engine);
    kith_policy_free(policy);
    return fflush(stdout) == 0 ? 0 : 1;
}
