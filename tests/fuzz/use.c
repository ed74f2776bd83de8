/* SPDX-License-Identifier: MIT */
#include "use.h"

/* Members that are asked for, and events that are added. */
enum { ASKED = 6, ADDED = 3 };

static kith_engine_info info_of(const kith_engine *engine)
{
    kith_engine_info info = {.size = sizeof info};
    MUST(kith_engine_get_info(engine, &info, NULL) == KITH_OK);
    return info;
}

static void read_table(const kith_review *review, uint32_t which)
{
    kith_table *table = NULL;
    kith_status status = kith_review_get_table(review, which, &table, NULL);
    /* A review that was stopped before goes on with the tables that it began with. */
    if (status == KITH_BAD_ARGUMENT)
        return;
    MUST(status == KITH_OK);
    struct fuzz_made csv = {0};
    MUST(kith_table_write_csv(table, KITH_CSV_HEADER, fuzz_write, &csv, NULL) == KITH_OK);
    uint64_t lines = 0;
    for (size_t i = 0; i < csv.length; i++)
        lines += csv.bytes[i] == '\n';
    MUST(lines > kith_table_rows(table));
    fuzz_made_free(&csv);
    kith_table_free(table);
}

bool fuzz_review(kith_engine *engine, int64_t until)
{
    kith_review *review = NULL;
    kith_status status = kith_engine_review(engine, until, &review, NULL);
    if (status == KITH_TOO_MANY_WEEKS)
        return false;
    MUST(status == KITH_OK);
    for (uint32_t which = KITH_STANDINGS; which <= KITH_HISTORY; which *= 2)
        read_table(review, which);
    kith_review_free(review);
    return true;
}

void fuzz_ask(const kith_engine *engine, const kith_policy *policy, uint64_t member, int64_t as_of)
{
    kith_standing_row standing = {.size = sizeof standing};
    kith_explanation explanation = {.size = sizeof explanation};
    kith_status status = kith_engine_get_standing(engine, member, as_of, &standing, NULL);
    kith_status explained = kith_engine_explain(engine, member, as_of, &explanation, NULL);
    MUST(status == explained || explained == KITH_OTHER_POLICY);
    if (explained != KITH_OK)
        return;
    MUST(explanation.score == standing.score && explanation.tier == standing.tier);
    MUST(explanation.stage == standing.stage && explanation.flags == standing.flags);
    MUST(explanation.risk == standing.risk && explanation.silent_days == standing.silent_days);
    MUST(fuzz_same_text(explanation.member, standing.member) && explanation.id == standing.id);
    struct fuzz_made words = {0};
    MUST(kith_explanation_write(&explanation, policy, NULL, fuzz_write, &words, NULL) == KITH_OK);
    MUST(words.length > 0 && fuzz_is_utf8(fuzz_text_of(&words)));
    fuzz_made_free(&words);
}

/* Those of an engine that numbers members are their ids, which a table has. */
static uint32_t find_members(kith_engine *engine, uint32_t members, uint64_t *ids)
{
    if (members == KITH_NAMED) {
        for (uint32_t i = 0; i < ASKED; i++)
            ids[i] = i + 1;
        return ASKED;
    }
    kith_review *review = NULL;
    kith_table *table = NULL;
    uint32_t count = 0;
    kith_status status = kith_engine_review(engine, 0, &review, NULL);
    if (status != KITH_OK)
        return 0;
    if (kith_review_get_table(review, KITH_STANDINGS, &table, NULL) == KITH_OK) {
        kith_standing_row row = {.size = sizeof row};
        for (; count < ASKED && count < kith_table_rows(table); count++) {
            MUST(kith_table_get_row(table, count, &row, NULL) == KITH_OK);
            ids[count] = row.id;
        }
    }
    kith_table_free(table);
    kith_review_free(review);
    return count;
}

static void add_events(kith_engine *engine, const kith_policy *policy, uint32_t members, int64_t time)
{
    kith_policy_info info = {.size = sizeof info};
    MUST(kith_policy_get_info(policy, &info, NULL) == KITH_OK);
    kith_event event = {.size = sizeof event, .quantity = 5, .time = time};
    if (members == KITH_NAMED) {
        event.member_name = kith_text_of("m2");
        event.target_name = kith_text_of("m3");
    } else {
        event.member = 2;
        event.target = 3;
    }
    for (event.kind = 0; event.kind < info.kinds; event.kind++) {
        kith_status status = kith_engine_add_event(engine, &event, NULL);
        MUST(status == KITH_OK || status == KITH_REFUSED);
    }
}

/* Behind all that it holds, or has reviewed. */
static int64_t next_moment(const kith_engine *engine)
{
    kith_engine_info info = info_of(engine);
    int64_t time = info.last_event > info.reviewed_until ? info.last_event : info.reviewed_until;
    return time < 0 ? MONDAY : time < INT64_C(253370764799) - WEEK ? time + DAY : time;
}

static void change_members(kith_engine *engine, const uint64_t *ids, uint32_t count)
{
    if (count < 4)
        return;
    const kith_member_settings pinned = {.size = sizeof pinned, .pinned = 1, .tier = 1, .counts = KITH_LEFT_OUT};
    kith_member_settings got = {.size = sizeof got};
    kith_status status = kith_engine_set_member(engine, ids[0], &pinned, NULL);
    if (status == KITH_OK) {
        MUST(kith_engine_get_member(engine, ids[0], &got, NULL) == KITH_OK);
        MUST(memcmp(&got, &pinned, sizeof got) == 0);
    } else {
        MUST(status == KITH_UNKNOWN_MEMBER);
    }
    status = kith_engine_merge(engine, ids[1], ids[2], NULL);
    MUST(status == KITH_OK || status == KITH_UNKNOWN_MEMBER || status == KITH_BAD_ARGUMENT);
    status = kith_engine_forget(engine, ids[3], NULL);
    MUST(status == KITH_OK || status == KITH_UNKNOWN_MEMBER);
}

static void look_round(kith_engine *engine, const kith_policy *policy, const uint64_t *ids, uint32_t count,
                       int64_t as_of)
{
    for (uint32_t i = 0; i < count; i++) {
        fuzz_ask(engine, policy, ids[i], KITH_LAST_REVIEW);
        fuzz_ask(engine, policy, ids[i], as_of);
    }
    kith_table *watch = NULL;
    kith_status status = kith_engine_get_watch(engine, as_of, &watch, NULL);
    MUST(status == KITH_OK || status == KITH_TOO_MANY_WEEKS);
    kith_table_free(watch);
}

void fuzz_use(kith_engine *engine, uint32_t members)
{
    const kith_engine_options options = fuzz_options(members, 1);
    kith_policy *policy = NULL;
    kith_text position;
    uint64_t ids[ASKED] = {0}, sequence;
    MUST(kith_engine_get_policy(engine, NULL, &policy, NULL) == KITH_OK);
    MUST(kith_engine_get_position(engine, &position, NULL) == KITH_OK);
    MUST(kith_engine_get_sequence(engine, kith_text_of("queue"), &sequence, NULL) == KITH_OK);
    engine = fuzz_restart(engine, &options);
    int64_t moment = next_moment(engine);
    add_events(engine, policy, members, moment);
    uint32_t count = find_members(engine, members, ids);
    look_round(engine, policy, ids, count, moment);
    change_members(engine, ids, count);
    engine = fuzz_restart(engine, &options);
    look_round(engine, policy, ids, count, moment);
    if (fuzz_review(engine, moment) && fuzz_review(engine, moment + 2 * WEEK)) {
        look_round(engine, policy, ids, count, moment + 2 * WEEK);
        engine = fuzz_restart(engine, &options);
    }
    kith_engine_free(engine);
    kith_policy_free(policy);
}
