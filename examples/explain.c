/* SPDX-License-Identifier: MIT */
/* Why a member stands where it does, by the last review of an export. Usage: explain EXPORT MEMBER */
#include <stdio.h>
#include <stdlib.h>

#include <kith/kith.h>

static const char *const dimensions[KITH_DIMENSIONS] = {"content", "interaction", "community"};

static void check(kith_status status, const kith_error *error)
{
    if (status == KITH_OK)
        return;
    fprintf(stderr, "%s: %s\n", kith_status_name(status), error->message);
    exit(1);
}

/* Points are thousandths in the library, and exact there; they are for reading here. */
static double points(int64_t thousandths)
{
    return (double)thousandths / 1000;
}

static void show(const kith_policy *policy, const kith_explanation *why)
{
    kith_error error = {.size = sizeof error};
    kith_tier tier = {.size = sizeof tier};
    check(kith_policy_get_tier(policy, why->tier, &tier, &error), &error);
    printf("%.*s: %s, %d.%02d of 100\n", (int)why->member.length, why->member.data, tier.name, why->score / 100,
           why->score % 100);
    for (uint64_t i = 0; i < why->slot_count; i++) {
        const kith_explained_slot *slot = &why->slots[i];
        kith_kind kind = {.size = sizeof kind};
        check(kith_policy_get_kind(policy, slot->kind, &kind, &error), &error);
        printf("  %-11s %u x %s %s, counts %u: %.3f points\n", dimensions[slot->dimension], slot->quantity, kind.name,
               slot->role == KITH_GIVES ? "done" : "received", slot->counted, points(slot->points));
    }
    for (unsigned d = 0; d < KITH_DIMENSIONS; d++) {
        const kith_explained_dimension *of = &why->dimensions[d];
        printf("  %-11s %9.3f carried over + %9.3f earned, score %2d.%02d", dimensions[d], points(of->carried_over),
               points(of->earned), of->score / 100, of->score % 100);
        if (of->to_rise > 0 && of->to_rise != KITH_OUT_OF_REACH)
            printf(", %.3f more to rise", points(of->to_rise));
        putchar('\n');
    }
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
    show(policy, &why);

    kith_review_free(review);
    kith_engine_free(engine);
    kith_policy_free(policy);
    return fflush(stdout) == 0 ? 0 : 1;
}
