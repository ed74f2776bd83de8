/* SPDX-License-Identifier: MIT */
/* A small user of the installed library, in what C and C++ have in common: prints "ana scores 45.00" or the like. */
#include <kith/arrow.h>
#include <kith/kith.h>

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

static int fail(const kith_error *error)
{
    fprintf(stderr, "%s: %s\n", kith_status_name(error->status), error->message);
    return 1;
}

/* Rows of a table as another library would see them, or -1. */
static int64_t count_rows(const kith_table *table, kith_error *error)
{
    struct ArrowArrayStream stream;
    struct ArrowArray array;
    int64_t rows = -1;

    if (kith_table_get_arrow(table, &stream, error))
        return -1;
    if (stream.get_next(&stream, &array) == 0) {
        rows = array.length;
        array.release(&array);
    }
    stream.release(&stream);
    return rows;
}

int main(void)
{
    kith_error error;
    kith_policy *policy = NULL;
    kith_engine *engine = NULL;
    kith_review *review = NULL;
    kith_table *table = NULL;
    kith_event event;
    kith_standing_row row;
    const kith_text post = {"post", 4};

    memset(&error, 0, sizeof error);
    memset(&event, 0, sizeof event);
    memset(&row, 0, sizeof row);
    error.size = sizeof error;
    event.size = sizeof event;
    row.size = sizeof row;
    event.time = 1767607200; /* Monday, 2026-01-05 */
    event.quantity = 2;
    event.member_name.data = "ana";
    event.member_name.length = 3;

    if (strcmp(kith_version(), KITH_VERSION) != 0)
        return 1;
    if (kith_policy_new(NULL, &policy, &error) || kith_policy_find_kind(policy, post, &event.kind, &error) ||
        kith_engine_new(policy, NULL, &engine, &error) || kith_engine_add_event(engine, &event, &error) ||
        kith_engine_review(engine, event.time + 7 * 86400, &review, &error) ||
        kith_review_get_table(review, KITH_STANDINGS, &table, &error) || kith_table_get_row(table, 0, &row, &error))
        return fail(&error);
    if (count_rows(table, &error) != 1)
        return 1;
    printf("%.*s scores %" PRId32 ".%02" PRId32 "\n", (int)row.member.length, row.member.data, row.score / 100,
           row.score % 100);
    kith_table_free(table);
    kith_review_free(review);
    kith_engine_free(engine);
    kith_policy_free(policy);
    return 0;
}
