/* SPDX-License-Identifier: MIT */
/* Why a member stands where it does, by the last review of an export. Usage: explain EXPORT MEMBER */
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

/* A kith_write_fn. */
static int write_out(void *context, const void *bytes, size_t length)
{
    return fwrite(bytes, 1, length, context) != length;
}

int main(int count, char **arguments)
{
    if (count != 3) {
        fprintf(stderr, "usage: explain EXPORT MEMBER\n");
        return 2;
    }
    kith_error error = {.size = sizeof error};
    kith_policy *policy;
    kith_engine *engine;
    check(kith_policy_new(NULL, &policy, &error), &error);
    check(kith_engine_new(policy, NULL, &engine, &error), &error);
    kith_export export = {.size = sizeof export, .path = arguments[1]};
    check(kith_engine_add_export(engine, &export, NULL, &error), &error);

    kith_engine_info info = {.size = sizeof info};
    kith_week week = {.size = sizeof week};
    kith_review *review;
    check(kith_engine_get_info(engine, &info, &error), &error);
    check(kith_policy_get_week(policy, info.last_event, &week, &error), &error);
    check(kith_engine_review(engine, week.end, &review, &error), &error);

    uint64_t member;
    kith_explanation why = {.size = sizeof why};
    check(kith_engine_find_id(engine, kith_text_of(arguments[2]), &member, &error), &error);
    check(kith_engine_explain(engine, member, KITH_LAST_REVIEW, &why, &error), &error);
    /* Every figure is in the struct, for whoever has other words; these are the library's. */
    check(kith_explanation_write(&why, policy, NULL, write_out, stdout, &error), &error);

    kith_review_free(review);
    kith_engine_free(engine);
    kith_policy_free(policy);
    return fflush(stdout) == 0 ? 0 : 1;
}
