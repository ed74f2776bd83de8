/* SPDX-License-Identifier: MIT */
/* A small village, and its explanations as words. */
#ifndef KITH_TESTS_EXPLANATION_SUPPORT_H
#define KITH_TESTS_EXPLANATION_SUPPORT_H

#include "engine_support.h"

static inline kith_explanation explained(const kith_engine *engine, uint64_t id, int64_t as_of)
{
    kith_explanation explanation = {.size = sizeof explanation};
    kith_error error = NO_ERROR;
    assert_status(kith_engine_explain(engine, id, as_of, &explanation, &error), KITH_OK, &error);
    return explanation;
}

static inline kith_explanation explained_name(const kith_engine *engine, const char *name, int64_t as_of)
{
    uint64_t id = 0;
    assert_int_equal(kith_engine_find_id(engine, kith_text_of(name), &id, NULL), KITH_OK);
    return explained(engine, id, as_of);
}

/* Freed by the caller. */
static inline char *words_of(const kith_explanation *explanation, const kith_policy *policy,
                             const kith_explanation_options *options)
{
    struct gathered text = {0};
    kith_error error = NO_ERROR;
    assert_status(kith_explanation_write(explanation, policy, options, gather, &text, &error), KITH_OK, &error);
    return text.bytes;
}

/* Two weeks: Ana writes and is liked, by Ben above all; then she is silent. The first has been reviewed. */
static inline kith_engine *village(void)
{
    kith_engine_options options = all_tables(KITH_NAMED);
    kith_engine *engine = engine_with(&options);
    add_named(engine, MONDAY, "ana", "article", "", 4);
    add_named(engine, MONDAY + DAY, "ben", "like", "ana", 14);
    add_named(engine, MONDAY + 2 * DAY, "cleo", "like", "ana", 1);
    kith_review_free(review_until(engine, MONDAY + WEEK));
    add_named(engine, MONDAY + 8 * DAY, "ben", "help", "cleo", 1);
    return engine;
}

#endif
