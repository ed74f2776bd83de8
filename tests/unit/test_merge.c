/* SPDX-License-Identifier: MIT */
/*
 * Two accounts of one person: an engine that merges them must say what one says that was told the same events under one
 * name from the start, wherever sums allow it (docs/model.md, Two accounts of one person).
 */
#include "engine/engine.h"
#include "engine_support.h"
#include "review/merge.h"
#include "review/score.h"

/* In so few weeks, so few people have less than a hundred outcomes: no risk goes by those of accounts that were two. */
enum { PEOPLE = 12, FEW_WEEKS = 16, NAME_ROOM = 8, MOST_ACTS = 1500 };

struct act {
    int64_t time;
    uint32_t member; /* PEOPLE for nobody, as for target */
    uint32_t target;
    uint32_t kind;
    uint32_t quantity;
};

/* Two engines of one policy; in the second, events come under the name that their member ends up with. */
struct twins {
    kith_engine *merged;
    kith_engine *single;
    uint32_t goes_by[PEOPLE];
    uint32_t kinds;
    uint64_t luck;
};

static struct twins twins_of(const char *policy_text, uint64_t luck)
{
    struct twins twins = {.luck = luck};
    kith_policy *policy = policy_of(policy_text);
    kith_policy_info info = {.size = sizeof info};
    assert_int_equal(kith_policy_get_info(policy, &info, NULL), KITH_OK);
    twins.kinds = info.kinds;
    kith_engine_options options = all_tables(KITH_NAMED);
    kith_error error = NO_ERROR;
    assert_status(kith_engine_new(policy, &options, &twins.merged, &error), KITH_OK, &error);
    assert_status(kith_engine_new(policy, &options, &twins.single, &error), KITH_OK, &error);
    kith_policy_free(policy);
    for (uint32_t i = 0; i < PEOPLE; i++)
        twins.goes_by[i] = i;
    return twins;
}

static void twins_free(struct twins *twins)
{
    kith_engine_free(twins->merged);
    kith_engine_free(twins->single);
}

static kith_text name_of(uint32_t member, char *room)
{
    if (member == PEOPLE)
        return (kith_text){NULL, 0};
    snprintf(room, NAME_ROOM, "m%02u", member);
    return kith_text_of(room);
}

static void add_act(kith_engine *engine, const struct act *act, uint32_t member, uint32_t target)
{
    char rooms[2][NAME_ROOM];
    kith_event event = {
        .size = sizeof event,
        .time = act->time,
        .kind = act->kind,
        .quantity = act->quantity,
        .member_name = name_of(member, rooms[0]),
        .target_name = name_of(target, rooms[1]),
    };
    kith_error error = NO_ERROR;
    assert_status(kith_engine_add_event(engine, &event, &error), KITH_OK, &error);
}

static uint64_t id_of(const kith_engine *engine, uint32_t member)
{
    char room[NAME_ROOM];
    uint64_t id = 0;
    assert_int_equal(kith_engine_find_id(engine, name_of(member, room), &id, NULL), KITH_OK);
    return id;
}

static bool is_known(const kith_engine *engine, uint32_t member)
{
    char room[NAME_ROOM];
    uint64_t id = 0;
    return kith_engine_find_id(engine, name_of(member, room), &id, NULL) == KITH_OK;
}

static void assert_sound(const kith_engine *engine)
{
    uint32_t leads_to[PEOPLE + 1], members = kithp_members_count(&engine->members);
    assert_true(members <= PEOPLE + 1);
    for (uint32_t i = 0; i < members; i++)
        leads_to[i] = kithp_members_resolve(&engine->members, i);
    assert_sound_weeks(&engine->tally, leads_to, members);
}

static void merge_named(struct twins *twins, uint32_t from, uint32_t into)
{
    kith_error error = NO_ERROR;
    assert_status(kith_engine_merge(twins->merged, id_of(twins->merged, from), id_of(twins->merged, into), &error),
                  KITH_OK, &error);
    for (uint32_t i = 0; i < PEOPLE; i++)
        if (twins->goes_by[i] == from)
            twins->goes_by[i] = into;
    assert_sound(twins->merged);
}

/* Two names that lead to different members whom both engines know. */
static bool pick_two(struct twins *twins, uint32_t *from, uint32_t *into)
{
    *from = twins->goes_by[chance_below(&twins->luck, PEOPLE)];
    *into = twins->goes_by[chance_below(&twins->luck, PEOPLE)];
    return *from != *into && is_known(twins->merged, *from) && is_known(twins->merged, *into);
}

static uint32_t renamed(const struct twins *twins, uint32_t member)
{
    return member == PEOPLE ? PEOPLE : twins->goes_by[member];
}

static void assert_twins_say_the_same(struct twins *twins, int64_t until, const char *what)
{
    kith_review *merged = review_until(twins->merged, until), *single = review_until(twins->single, until);
    struct tables actual = tables_of(merged, KITH_CSV_HEADER), expected = tables_of(single, KITH_CSV_HEADER);
    assert_same_tables(&actual, &expected, what);
    assert_true(strlen(expected.csv[0]) > 200);
    tables_free(&actual);
    tables_free(&expected);
    kith_review_free(merged);
    kith_review_free(single);
}

/* ---- before any review ---- */

/* Credits of every form; each is of one kind or another, and all acts between two members are counted in pairs. */
static const char in_pairs[] = "[half_points]\ncontent = 20\ninteraction = 30\ncommunity = 40\n"
                               "[tier low]\n[tier middle]\npromote_at = 5\nmin_supporters = 2\n"
                               "[tier high]\npromote_at = 20\nmin_supporters = 4\nmin_active_days = 3\n"
                               "[kind both]\ngives = interaction 1 each 3\nreceives = content 2 each 2\n"
                               "[kind given]\ngives = interaction 0.5 cap 9 each 4\nreceives = content -1 each 5\n"
                               "[kind got]\nreceives = community 3 cap 9\n"
                               "[kind free]\ngives = interaction 1.25\nreceives = content 1\n"
                               "[kind off]\nleave = yes\n[kind there]\n";

/* Nobody asks for supporters: acts of kinds without `each` are not counted in pairs. */
static const char not_in_pairs[] = "[tier low]\n[tier high]\npromote_at = 10\n"
                                   "[kind both]\ngives = interaction 1 each 3\nreceives = content 2 each 2\n"
                                   "[kind free]\ngives = interaction 1.25\nreceives = content 1 cap 12\n"
                                   "[kind there]\n";

static struct act draw_act(struct twins *twins, uint32_t weeks, uint32_t most_quantity)
{
    uint64_t *luck = &twins->luck;
    struct act act = {.time = MONDAY + chance_below(luck, weeks * (uint32_t)WEEK)};
    act.kind = chance_below(luck, twins->kinds);
    act.quantity = 1 + chance_below(luck, most_quantity);
    act.member = chance_below(luck, 8) ? chance_below(luck, PEOPLE) : PEOPLE;
    act.target = chance_below(luck, 8) && act.member != PEOPLE ? PEOPLE : chance_below(luck, PEOPLE);
    if (chance_below(luck, 2))
        act.target = chance_below(luck, PEOPLE);
    return act;
}

/* Whether an act lies between two accounts of one person, by what they go by in the end. */
static bool is_between_accounts(const struct act *act, const uint32_t *goes_by)
{
    return act->member != PEOPLE && act->target != PEOPLE && act->member != act->target &&
           goes_by[act->member] == goes_by[act->target];
}

/*
 * Acts, then merges, then further acts under all names. The twin must know the whole of who is who from the start, so
 * the merges are drawn first, and made in the one engine when their time has come.
 */
static void play(const char *policy, uint64_t luck, uint32_t acts, uint32_t most_quantity, bool between)
{
    struct twins twins = twins_of(policy, luck);
    uint32_t merges = 1 + chance_below(&twins.luck, 4), from[4], into[4], when[4], goes_by[PEOPLE];
    memcpy(goes_by, twins.goes_by, sizeof goes_by);
    for (uint32_t i = 0; i < merges; i++) {
        do {
            from[i] = goes_by[chance_below(&twins.luck, PEOPLE)];
            into[i] = goes_by[chance_below(&twins.luck, PEOPLE)];
        } while (from[i] == into[i]);
        for (uint32_t k = 0; k < PEOPLE; k++)
            if (goes_by[k] == from[i])
                goes_by[k] = into[i];
        when[i] = chance_below(&twins.luck, acts);
    }
    uint32_t merged = 0;
    for (uint32_t i = 0; i <= acts; i++) {
        while (merged < merges && (when[merged] <= i || i == acts)) {
            /* Both must be known by then; a login that the twin has too sees to it. */
            for (uint32_t k = 0; k < 2; k++) {
                struct act login = {MONDAY + DAY, k ? into[merged] : from[merged], PEOPLE, twins.kinds - 1, 1};
                add_act(twins.merged, &login, login.member, PEOPLE);
                add_act(twins.single, &login, goes_by[login.member], PEOPLE);
            }
            merge_named(&twins, from[merged], into[merged]);
            merged++;
        }
        if (i == acts)
            break;
        struct act act = draw_act(&twins, 4, most_quantity);
        if (!between && is_between_accounts(&act, goes_by))
            act.target = PEOPLE;
        if (act.member == PEOPLE && act.target == PEOPLE)
            continue;
        add_act(twins.merged, &act, act.member, act.target);
        add_act(twins.single, &act, act.member == PEOPLE ? PEOPLE : goes_by[act.member],
                act.target == PEOPLE ? PEOPLE : goes_by[act.target]);
    }
    char what[64];
    snprintf(what, sizeof what, "luck %llu", (unsigned long long)luck);
    assert_twins_say_the_same(&twins, MONDAY + 5 * WEEK, what);
    twins_free(&twins);
}

static void merge_before_any_review_is_as_if_there_had_been_one_name(void **state)
{
    (void)state;
    for (uint64_t luck = 1; luck <= tries(150); luck++)
        play(in_pairs, luck, 20 + (uint32_t)luck * 2, 6, true);
    for (uint64_t luck = 1000; luck <= 1000 + tries(60); luck++)
        play(NULL, luck, 200, 30, false);
}

static void merge_where_pairs_are_not_counted_is_so_for_all_but_acts_between(void **state)
{
    (void)state;
    for (uint64_t luck = 1; luck <= tries(60); luck++)
        play(not_in_pairs, luck, 150, 6, false);
}

/* Chained cells: more slots than one cell holds, on both sides. */
static void merge_of_rows_of_many_slots_loses_none(void **state)
{
    (void)state;
    for (uint64_t luck = 1; luck <= tries(20); luck++)
        play(NULL, luck, MOST_ACTS, 3, false);
}

/* Where nothing is taken back, a sum that stops at its most stops for the joint one, too. */
static void merge_of_quantities_that_stop_stops(void **state)
{
    (void)state;
    static const char policy[] = "[half_points]\ncontent = 1000000\ninteraction = 1000000\n[tier a]\n[tier b]\n"
                                 "promote_at = 50\n[kind k]\ngives = content 0.001 each 1000000000\n"
                                 "receives = interaction 0.001\n[kind there]\n";
    struct twins twins = twins_of(policy, 1);
    for (uint32_t i = 0; i < 10; i++) {
        struct act act = {MONDAY + DAY, i % 2, 2 + i, 0, 900000000};
        add_act(twins.merged, &act, act.member, act.target);
        add_act(twins.single, &act, 0, act.target);
        struct act anonymous = {MONDAY + DAY, PEOPLE, i % 2, 0, 900000000};
        add_act(twins.merged, &anonymous, PEOPLE, anonymous.target);
        add_act(twins.single, &anonymous, PEOPLE, 0);
    }
    merge_named(&twins, 1, 0);
    assert_twins_say_the_same(&twins, MONDAY + WEEK, "stops");
    twins_free(&twins);
}

/* The difference that docs/model.md tells of: who acted on whom is not known, so it stays credited. */
static void merge_keeps_credit_between_accounts_where_no_pairs_are_counted(void **state)
{
    (void)state;
    struct twins twins = twins_of(not_in_pairs, 1);
    const struct act both = {MONDAY, 0, 1, 0, 2}, untracked = {MONDAY, 0, 1, 1, 2};
    add_act(twins.merged, &both, 0, 1);
    add_act(twins.merged, &untracked, 0, 1);
    merge_named(&twins, 1, 0);
    /* The twin is told the same as an act on somebody else, and as one by nobody. */
    const struct act self = {MONDAY, 0, 0, 0, 2};
    add_act(twins.single, &self, 0, 0);
    struct act given = {MONDAY, 0, PEOPLE, 1, 2}, got = {MONDAY, PEOPLE, 0, 1, 2};
    add_act(twins.single, &given, 0, PEOPLE);
    add_act(twins.single, &got, PEOPLE, 0);
    kith_review *merged = review_until(twins.merged, MONDAY + WEEK);
    kith_review *single = review_until(twins.single, MONDAY + WEEK);
    struct tables actual = tables_of(merged, KITH_CSV_HEADER), expected = tables_of(single, KITH_CSV_HEADER);
    assert_same_tables(&actual, &expected, "between");
    tables_free(&actual);
    tables_free(&expected);
    kith_review_free(merged);
    kith_review_free(single);
    twins_free(&twins);
}

/* ---- after reviews ---- */

/*
 * Points that halve without a remainder, no caps, no `each`, no tier that could be reached: what two accounts carry is
 * then exactly what one would.
 */
#define HALVING                                                                                                        \
    "[memory]\nhalf_life_weeks = 1\n[half_points]\ncontent = 500\ninteraction = 500\n[tier a]\n[tier b]\n"             \
    "promote_at = 100\n[kind post]\ngives = content 1048.576\n[kind like]\ngives = interaction 1048.576\n"             \
    "receives = content 2097.152\n"
static const char without_leave[] = HALVING "[churn]\ndrop_min_per_week = 1\n[kind there]\n";
static const char with_leave[] =
    HALVING "[churn]\ndrop_min_per_week = 1000000\n[kind off]\nleave = yes\n[kind there]\n";

static void add_week(struct twins *twins, uint32_t week, const uint32_t *goes_by)
{
    for (uint32_t i = chance_below(&twins->luck, 30); i > 0; i--) {
        struct act act = draw_act(twins, 1, 3);
        act.time += week * WEEK;
        if (act.member < PEOPLE / 2 && week % 5 > 2)
            continue; /* long silences */
        if (is_between_accounts(&act, goes_by))
            act.target = PEOPLE;
        if (act.member == PEOPLE && act.target == PEOPLE)
            continue;
        if (act.kind == 2)
            act.quantity *= 3;
        add_act(twins->merged, &act, act.member, act.target);
        add_act(twins->single, &act, act.member == PEOPLE ? PEOPLE : goes_by[act.member],
                act.target == PEOPLE ? PEOPLE : goes_by[act.target]);
    }
}

/* Of one who has been reviewed under either name: what the last review says now. */
static void assert_same_standing(const struct twins *twins, uint32_t member, const char *what)
{
    kith_standing_row one = {.size = sizeof one}, other = one;
    kith_error error = NO_ERROR;
    kith_status status =
        kith_engine_get_standing(twins->merged, id_of(twins->merged, member), KITH_LAST_REVIEW, &one, &error);
    uint64_t id = id_of(twins->single, member);
    assert_status(kith_engine_get_standing(twins->single, id, KITH_LAST_REVIEW, &other, NULL), status, &error);
    if (status != KITH_OK)
        return;
    bool same = one.score == other.score && one.tier == other.tier && one.stage == other.stage &&
                one.flags == other.flags && one.active_days == other.active_days &&
                one.silent_days == other.silent_days && one.joined == other.joined &&
                one.last_seen == other.last_seen && one.risk == other.risk &&
                memcmp(one.dimensions, other.dimensions, sizeof one.dimensions) == 0;
    if (!same)
        fail_msg("%s: score %d and %d, stage %u and %u, flags %u and %u", what, one.score, other.score, one.stage,
                 other.stage, one.flags, other.flags);
}

/* The rows that the next reviews bring, and standings: from the merge on, the two engines know the same people. */
static void play_reviews(const char *policy, uint64_t luck)
{
    struct twins twins = twins_of(policy, luck);
    uint32_t goes_by[PEOPLE], from = chance_below(&twins.luck, PEOPLE),
                              into = (from + 1 + chance_below(&twins.luck, 9)) % PEOPLE;
    memcpy(goes_by, twins.goes_by, sizeof goes_by);
    goes_by[from] = into;
    uint32_t merge_week = 1 + chance_below(&twins.luck, 11);
    for (uint32_t week = 0; week < FEW_WEEKS; week++) {
        add_week(&twins, week, goes_by);
        char what[64];
        snprintf(what, sizeof what, "luck %llu, merged in week %u, week %u", (unsigned long long)luck, merge_week,
                 week);
        if (week == merge_week && is_known(twins.merged, from) && is_known(twins.merged, into)) {
            merge_named(&twins, from, into);
            assert_same_standing(&twins, into, what);
        }
        if (week >= merge_week && renamed(&twins, from) == into) {
            assert_twins_say_the_same(&twins, MONDAY + (week + 1) * WEEK, what);
            continue;
        }
        kith_review_free(review_until(twins.merged, MONDAY + (week + 1) * WEEK));
        kith_review_free(review_until(twins.single, MONDAY + (week + 1) * WEEK));
    }
    twins_free(&twins);
}

static void merge_after_reviews_goes_on_as_one(void **state)
{
    (void)state;
    for (uint64_t luck = 1; luck <= tries(200); luck++)
        play_reviews(without_leave, luck);
}

static void merge_after_reviews_of_leave_goes_on_as_one(void **state)
{
    (void)state;
    for (uint64_t luck = 1; luck <= tries(200); luck++)
        play_reviews(with_leave, luck);
}

/* Figures of the default policy, with all that cannot be put together exactly: the last review still adds up. */
static void merge_leaves_a_last_review_that_adds_up(void **state)
{
    (void)state;
    for (uint64_t luck = 1; luck <= tries(40); luck++) {
        struct twins twins = twins_of(NULL, luck);
        kith_engine *engine = twins.merged;
        uint32_t weeks = 1 + chance_below(&twins.luck, 9);
        for (uint32_t week = 0; week < weeks; week++) {
            for (uint32_t i = 0; i < 40; i++) {
                struct act act = draw_act(&twins, 1, 9);
                act.time += week * WEEK;
                if (act.member != PEOPLE || act.target != PEOPLE)
                    add_act(engine, &act, act.member, act.target);
            }
            kith_review_free(review_until(engine, MONDAY + (week + 1) * WEEK));
        }
        uint32_t from, into;
        while (!pick_two(&twins, &from, &into))
            continue;
        uint32_t a = (uint32_t)(id_of(engine, from) - 1), b = (uint32_t)(id_of(engine, into) - 1);
        const struct kithp_sweep *sweep = &engine->sweep;
        struct kithp_carried one = *kithp_carried_of(&sweep->carried, a), other = *kithp_carried_of(&sweep->carried, b);
        merge_named(&twins, from, into);
        const struct kithp_carried *joint = kithp_carried_of(&sweep->carried, b);
        const struct kithp_week *week = kithp_tally_rows(&engine->tally, sweep->last_week);
        assert_non_null(week);
        struct kithp_row_room room;
        struct kithp_row row;
        struct kithp_earned earned = kithp_score_earned(&engine->tally.slots, kithp_week_get_row(week, b, &room, &row));
        int32_t weighted = 0;
        for (unsigned d = 0; d < KITH_DIMENSIONS; d++) {
            assert_true(joint->before.remembered[d] == one.before.remembered[d] + other.before.remembered[d]);
            int64_t sum = joint->before.remembered[d] * 55109 / 65536 + earned.points[d];
            assert_true(joint->remembered[d] == (sum < 0 ? 0 : sum));
            int64_t half = engine->figures.half_points[d];
            assert_int_equal(joint->dimensions[d], 10000 * joint->remembered[d] / (joint->remembered[d] + half));
            weighted += engine->figures.weights[d] * joint->dimensions[d];
        }
        assert_int_equal(joint->score, weighted / 1000);
        const struct kithp_carried *higher = one.tier > other.tier ? &one : &other;
        assert_int_equal(joint->tier, higher->tier);
        if (one.tier != other.tier)
            assert_int_equal(joint->weeks_below, higher->weeks_below);
        assert_int_equal(joint->before.baseline, one.before.baseline + other.before.baseline);
        const struct kithp_carried *gone = kithp_carried_of(&sweep->carried, a);
        assert_true(gone->joined == KITH_NO_TIME);
        assert_null(kithp_week_row(week, a));
        twins_free(&twins);
    }
}

/* A policy has taken the place of another since: its tally is gone, and what both remember is all there is. */
static void merge_after_another_policy_adds_what_is_remembered(void **state)
{
    (void)state;
    for (uint64_t luck = 1; luck <= tries(20); luck++) {
        struct twins twins = twins_of(NULL, luck);
        kith_engine *engine = twins.merged;
        for (uint32_t i = 0; i < 300; i++) {
            struct act act = draw_act(&twins, 6, 9);
            if (act.member != PEOPLE || act.target != PEOPLE)
                add_act(engine, &act, act.member, act.target);
        }
        kith_review_free(review_until(engine, MONDAY + 7 * WEEK));
        engine->explains = false;
        uint32_t a = (uint32_t)(id_of(engine, 0) - 1), b = (uint32_t)(id_of(engine, 1) - 1);
        const struct kithp_carried one = *kithp_carried_of(&engine->sweep.carried, a);
        const struct kithp_carried other = *kithp_carried_of(&engine->sweep.carried, b);
        merge_named(&twins, 0, 1);
        const struct kithp_carried *joint = kithp_carried_of(&engine->sweep.carried, b);
        for (unsigned d = 0; d < KITH_DIMENSIONS; d++)
            assert_true(joint->remembered[d] == one.remembered[d] + other.remembered[d]);
        assert_int_equal(joint->flags & KITH_FLAG_DROP, one.flags & other.flags & KITH_FLAG_DROP);
        assert_int_equal(joint->flags & KITH_FLAG_SILENT, one.flags & other.flags & KITH_FLAG_SILENT);
        twins_free(&twins);
    }
}

/* Sums of the largest that an account can remember, and of the longest baselines. */
static void merge_of_the_most_that_is_carried_stops_there(void **state)
{
    (void)state;
    struct twins twins = twins_of("[churn]\ndrop_baseline_weeks = 26\n", 1);
    kith_engine *engine = twins.merged;
    for (uint32_t i = 0; i < 2; i++) {
        struct act login = {MONDAY, i, PEOPLE, twins.kinds - 1, 1};
        add_act(engine, &login, i, PEOPLE);
    }
    kith_review_free(review_until(engine, MONDAY + 30 * WEEK));
    for (uint32_t i = 0; i < 2; i++) {
        struct kithp_carried *carried = kithp_carried_of(&engine->sweep.carried, i);
        for (unsigned d = 0; d < KITH_DIMENSIONS; d++)
            carried->remembered[d] = carried->before.remembered[d] = INT64_C(1) << 40;
        carried->before.baseline = 26 * (uint64_t)UINT32_MAX;
        carried->weeks_known = UINT8_MAX;
        carried->supporters[1] = (uint16_t)(UINT16_MAX - i);
        for (uint32_t k = 0; k < 26; k++)
            kithp_carried_baseline(&engine->sweep.carried, i)[k] = UINT32_MAX - k * i;
    }
    merge_named(&twins, 0, 1);
    const struct kithp_carried *joint = kithp_carried_of(&engine->sweep.carried, 1);
    for (unsigned d = 0; d < KITH_DIMENSIONS; d++) {
        assert_true(joint->before.remembered[d] == INT64_C(1) << 40);
        assert_true(joint->remembered[d] <= INT64_C(1) << 40);
    }
    assert_true(joint->before.baseline == 26 * (uint64_t)UINT32_MAX);
    assert_int_equal(joint->weeks_known, UINT8_MAX);
    assert_int_equal(joint->supporters[1], UINT16_MAX);
    for (uint32_t k = 0; k < 26; k++)
        assert_int_equal(kithp_carried_baseline(&engine->sweep.carried, 1)[k], UINT32_MAX);
    twins_free(&twins);
}

/* 65 535 supporters are all that is known of more: one less cannot be told. */
static void merge_leaves_supporters_that_have_reached_their_most(void **state)
{
    (void)state;
    for (uint32_t missing = 0; missing < 3; missing++) {
        struct twins twins = twins_of(in_pairs, 1);
        kith_engine *engine = twins.merged;
        const struct act acts[] = {{MONDAY, 0, 2, 0, 1}, {MONDAY, 1, 2, 2, 1}, {MONDAY, PEOPLE, 2, 2, 65534 - missing}};
        for (unsigned i = 0; i < 3; i++)
            add_act(engine, &acts[i], acts[i].member, acts[i].target);
        merge_named(&twins, 0, 1);
        const struct kithp_cell *row =
            kithp_week_row(kithp_tally_first(&engine->tally), (uint32_t)(id_of(engine, 2) - 1));
        const uint16_t expected[] = {65535, 65535, 65533};
        assert_int_equal(row->supporters, expected[missing]);
        twins_free(&twins);
    }
}

/* ---- what is carried, part by part ---- */

/* States as reviews may have left them, without an engine around them: the first is merged into the second. */
struct pair {
    struct memory memory;
    struct kithp_figures figures;
    struct kithp_sweep sweep;
    struct kithp_carried *from;
    struct kithp_carried *into;
};

enum { REVIEWED = 10 };

/* Both have acted in the last week of ten. */
static void open_pair(struct pair *pair, uint32_t baseline_weeks)
{
    memory_init(&pair->memory);
    pair->figures = kithp_policy_defaults;
    pair->figures.drop_baseline_weeks = baseline_weeks;
    assert_true(kithp_sweep_init(&pair->sweep, &pair->memory.allocator, &pair->figures, NULL, 1));
    assert_true(kithp_carried_extend(&pair->sweep.carried, 3));
    pair->sweep.last_week = MONDAY_WEEK + REVIEWED - 1;
    pair->sweep.reached = 3;
    pair->from = kithp_carried_of(&pair->sweep.carried, 0);
    pair->into = kithp_carried_of(&pair->sweep.carried, 1);
    for (uint32_t i = 0; i < 3; i++) {
        struct kithp_carried *state = kithp_carried_of(&pair->sweep.carried, i);
        state->joined = MONDAY;
        state->last_seen = MONDAY + (REVIEWED - 1) * WEEK;
        state->acted = 1;
        state->own_days = 2;
        state->weeks_known = REVIEWED;
    }
}

static void merge_pair(struct pair *pair, bool explains)
{
    const struct kithp_merge_review review = {.explains = explains};
    kithp_merge_states(&pair->sweep, &review, 0, 1);
}

static void close_pair(struct pair *pair)
{
    kithp_sweep_free(&pair->sweep);
    assert_int_equal(pair->memory.live, 0);
}

static void merge_of_one_day_each_is_one_day_where_it_is_the_same(void **state)
{
    (void)state;
    static const struct {
        uint8_t from;
        uint8_t into;
        uint32_t apart; /* days between the latest acts */
        uint8_t joint;
    } cases[] = {{1, 1, 0, 1}, {1, 1, 1, 2}, {2, 1, 0, 2}, {1, 2, 0, 2}, {2, 2, 0, 2},
                 {0, 1, 0, 1}, {1, 0, 0, 1}, {0, 2, 0, 2}, {2, 0, 0, 2}, {0, 0, 0, 0}};
    for (unsigned i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct pair pair;
        open_pair(&pair, 4);
        pair.from->own_days = cases[i].from;
        pair.into->own_days = cases[i].into;
        pair.from->last_seen = cases[i].from > 0 ? MONDAY + 5 * DAY : KITH_NO_TIME;
        pair.into->last_seen = cases[i].into > 0 ? MONDAY + (5 + cases[i].apart) * DAY + 7 : KITH_NO_TIME;
        merge_pair(&pair, true);
        assert_int_equal(pair.into->own_days, cases[i].joint);
        close_pair(&pair);
    }
}

/* Of weeks known, of supporters week by week, and of the weeks before the last review. */
static void merge_keeps_the_larger_of_two_numbers(void **state)
{
    (void)state;
    for (unsigned i = 0; i < 2; i++) {
        struct pair pair;
        open_pair(&pair, 4);
        struct kithp_carried *larger = i ? pair.from : pair.into, *smaller = i ? pair.into : pair.from;
        smaller->weeks_known = 3;
        for (unsigned week = 0; week < KITHP_RECENT_WEEKS; week++) {
            larger->supporters[week] = (uint16_t)(7 + week);
            smaller->supporters[week] = (uint16_t)(6 - week);
        }
        larger->before.baseline_weeks = 4;
        smaller->before.baseline_weeks = 2;
        larger->before.baseline = 40;
        smaller->before.baseline = 5;
        merge_pair(&pair, true);
        assert_int_equal(pair.into->weeks_known, REVIEWED);
        for (unsigned week = 0; week < KITHP_RECENT_WEEKS; week++)
            assert_int_equal(pair.into->supporters[week], 7 + week);
        assert_int_equal(pair.into->before.baseline_weeks, 4);
        assert_int_equal(pair.into->before.baseline, 45);
        /* Nothing came in the last week. */
        assert_true(pair.into->flags & KITH_FLAG_DROP);
        close_pair(&pair);
    }
}

enum { RING = 5 };

/* A ring of so many weeks, the first of them `latest` interactions, and each one before `step` more. */
static void fill_ring(struct pair *pair, uint32_t member, uint32_t weeks, uint32_t next, uint32_t latest, uint32_t step)
{
    struct kithp_carried *state = kithp_carried_of(&pair->sweep.carried, member);
    state->baseline_weeks = (uint8_t)weeks;
    state->baseline_next = (uint8_t)next;
    for (uint32_t before = 0; before < weeks; before++)
        kithp_carried_baseline(&pair->sweep.carried, member)[(next + RING - 1 - before) % RING] =
            latest + before * step;
}

static void merge_adds_the_weeks_before_from_the_latest_back(void **state)
{
    (void)state;
    /* Of either: how many weeks there are, and where the next goes. */
    static const struct {
        uint32_t weeks[2];
        uint32_t next[2];
    } cases[] = {
        {{RING, 3}, {2, 3}}, {{3, RING}, {3, 2}}, {{RING, RING}, {1, 4}}, {{RING, RING}, {0, 3}},
        {{1, 4}, {1, 4}},    {{4, 1}, {4, 1}},    {{0, 2}, {0, 2}},       {{2, 0}, {2, 0}},
    };
    for (unsigned i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct pair pair;
        open_pair(&pair, RING);
        const uint32_t *weeks = cases[i].weeks, *next = cases[i].next;
        fill_ring(&pair, 0, weeks[0], next[0], 1, 1);
        fill_ring(&pair, 1, weeks[1], next[1], 100, 100);
        merge_pair(&pair, true);
        bool more_from = weeks[0] > weeks[1];
        assert_int_equal(pair.into->baseline_weeks, weeks[!more_from]);
        assert_int_equal(pair.into->baseline_next, next[!more_from]);
        for (uint32_t before = 0; before < RING; before++) {
            uint32_t place = ((uint32_t)pair.into->baseline_next + RING - 1 - before) % RING;
            uint32_t sum = (before < weeks[0] ? 1 + before : 0) + (before < weeks[1] ? 100 + before * 100 : 0);
            assert_int_equal(kithp_carried_baseline(&pair.sweep.carried, 1)[place], sum);
        }
        close_pair(&pair);
    }
}

static void merge_takes_the_tier_of_who_stands_higher_and_how_it_came_to_it(void **state)
{
    (void)state;
    static const struct {
        uint8_t tiers[2];
        uint8_t weeks_below[2];
        unsigned whose;
    } cases[] = {
        {{3, 2}, {1, 0}, 0}, {{2, 3}, {0, 1}, 1}, {{3, 2}, {0, 0}, 0}, {{2, 3}, {0, 0}, 1},
        {{2, 2}, {0, 1}, 0}, {{2, 2}, {1, 0}, 1}, {{2, 2}, {1, 1}, 1},
    };
    static const struct kithp_before before[] = {
        {.tier = 1, .weeks_below = 2, .reason_plus_one = 3, .pinned = 1},
        {.tier = 3, .weeks_below = 1, .reason_plus_one = 0, .pinned = 0},
    };
    for (unsigned i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct pair pair;
        open_pair(&pair, 4);
        struct kithp_carried *both[] = {pair.from, pair.into};
        for (unsigned k = 0; k < 2; k++) {
            both[k]->tier = cases[i].tiers[k];
            both[k]->weeks_below = cases[i].weeks_below[k];
            both[k]->before = before[k];
        }
        merge_pair(&pair, true);
        unsigned whose = cases[i].whose;
        assert_int_equal(pair.into->tier, cases[i].tiers[whose]);
        assert_int_equal(pair.into->weeks_below, cases[i].weeks_below[whose]);
        assert_int_equal(pair.into->before.tier, before[whose].tier);
        assert_int_equal(pair.into->before.weeks_below, before[whose].weeks_below);
        assert_int_equal(pair.into->before.reason_plus_one, before[whose].reason_plus_one);
        assert_int_equal(pair.into->before.pinned, before[whose].pinned);
        close_pair(&pair);
    }
}

/* One that was not there at the review before has no say in what its flags were. */
static void merge_keeps_flags_of_the_review_before_that_both_had(void **state)
{
    (void)state;
    enum { SILENT = KITH_FLAG_SILENT, DORMANT = KITH_FLAG_SILENT | KITH_FLAG_DORMANT };
    static const struct {
        uint8_t weeks_known[2];
        uint8_t flags[2];
        uint8_t joint;
    } cases[] = {
        {{1, 5}, {0, DORMANT}, DORMANT}, {{5, 1}, {DORMANT, 0}, DORMANT},     {{2, 5}, {0, DORMANT}, 0},
        {{5, 2}, {DORMANT, 0}, 0},       {{4, 3}, {DORMANT, SILENT}, SILENT}, {{1, 1}, {0, 0}, 0},
    };
    for (unsigned i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct pair pair;
        open_pair(&pair, 4);
        pair.from->weeks_known = cases[i].weeks_known[0];
        pair.into->weeks_known = cases[i].weeks_known[1];
        pair.from->flags_before = cases[i].flags[0];
        pair.into->flags_before = cases[i].flags[1];
        merge_pair(&pair, true);
        assert_int_equal(pair.into->flags_before, cases[i].joint);
        /* Both have acted. */
        assert_int_equal(pair.into->flags, cases[i].joint == DORMANT ? KITH_FLAG_RETURNED : 0);
        close_pair(&pair);
    }
}

/* Where the tally is gone, points are what both remember, and a drop is what both had: it is not worked out. */
static void merge_without_the_tally_scores_what_is_remembered(void **state)
{
    (void)state;
    for (unsigned dropped = 0; dropped < 4; dropped++) {
        struct pair pair;
        open_pair(&pair, 1);
        for (unsigned d = 0; d < KITH_DIMENSIONS; d++) {
            pair.from->remembered[d] = pair.figures.half_points[d] / 2;
            pair.into->remembered[d] = pair.figures.half_points[d] - pair.from->remembered[d];
        }
        pair.from->before.baseline_weeks = pair.into->before.baseline_weeks = 1;
        pair.from->before.baseline = pair.into->before.baseline = 1000;
        pair.from->flags = dropped & 1 ? KITH_FLAG_DROP : 0;
        pair.into->flags = dropped & 2 ? KITH_FLAG_DROP : 0;
        merge_pair(&pair, false);
        for (unsigned d = 0; d < KITH_DIMENSIONS; d++) {
            assert_int_equal(pair.into->remembered[d], pair.figures.half_points[d]);
            assert_int_equal(pair.into->dimensions[d], 5000);
        }
        assert_int_equal(pair.into->score, 5000);
        assert_int_equal(pair.into->flags, dropped == 3 ? KITH_FLAG_DROP : 0);
        close_pair(&pair);
    }
}

/* Where it is there, a drop is worked out anew, whatever both had. */
static void merge_with_the_tally_works_out_a_drop(void **state)
{
    (void)state;
    struct pair pair;
    open_pair(&pair, 4);
    pair.from->flags = pair.into->flags = KITH_FLAG_DROP;
    merge_pair(&pair, true);
    assert_int_equal(pair.into->flags, 0);
    close_pair(&pair);
}

static void merge_leaves_out_who_is_left_out_in_the_last_review_as_well(void **state)
{
    (void)state;
    struct pair pair;
    open_pair(&pair, 4);
    pair.from->counts = KITH_LEFT_OUT;
    merge_pair(&pair, true);
    assert_int_equal(pair.into->counts, KITH_LEFT_OUT);
    assert_true(pair.into->left_out);
    assert_int_equal(pair.into->before.left_out, 1);
    close_pair(&pair);
}

/* Of two of whom one has been reviewed, all is what that one carries, but for what was set for either. */
static void merge_of_one_who_has_not_been_reviewed_is_the_other(void **state)
{
    (void)state;
    for (unsigned known = 0; known < 2; known++) {
        struct pair pair;
        open_pair(&pair, 4);
        struct kithp_carried *one = known ? pair.into : pair.from, *other = known ? pair.from : pair.into;
        one->score = 1234;
        one->tier = 2;
        one->own_days = 1;
        kithp_carried_baseline(&pair.sweep.carried, known)[0] = 99;
        *other = kithp_carried_first;
        other->pinned = 3;
        other->counts = KITH_LEFT_OUT;
        merge_pair(&pair, true);
        assert_true(pair.into->joined == MONDAY);
        assert_int_equal(pair.into->score, 1234);
        assert_int_equal(pair.into->tier, 2);
        assert_int_equal(pair.into->own_days, 1);
        assert_int_equal(pair.into->weeks_known, REVIEWED);
        assert_int_equal(pair.into->pinned, 3);
        assert_int_equal(pair.into->counts, KITH_LEFT_OUT);
        assert_int_equal(kithp_carried_baseline(&pair.sweep.carried, 1)[0], 99);
        assert_true(pair.from->joined == KITH_NO_TIME);
        assert_int_equal(kithp_carried_baseline(&pair.sweep.carried, 0)[0], 0);
        close_pair(&pair);
    }
}

/* The next review goes as far as there are members whom an earlier one knew, and no less far. */
static void merge_keeps_track_of_who_is_known(void **state)
{
    (void)state;
    static const struct {
        bool known[2]; /* the one that is merged, the other */
        uint32_t reached;
        uint32_t then;
    } cases[] = {
        {{true, false}, 1, 2},  {{true, false}, 3, 3}, {{true, true}, 2, 2},
        {{false, false}, 1, 1}, {{true, true}, 3, 3},  {{false, true}, 3, 3},
    };
    for (unsigned i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct pair pair;
        open_pair(&pair, 4);
        pair.sweep.reached = cases[i].reached;
        if (!cases[i].known[0])
            *pair.from = kithp_carried_first;
        if (!cases[i].known[1])
            *pair.into = kithp_carried_first;
        merge_pair(&pair, true);
        assert_int_equal(pair.sweep.reached, cases[i].then);
        assert_int_equal(pair.into->joined != KITH_NO_TIME, cases[i].known[0] || cases[i].known[1]);
        close_pair(&pair);
    }
}

/* ---- three of one ---- */

/* All orders in which three accounts of one person can be merged, in open weeks and after reviews. */
static void merge_of_three_is_the_same_in_any_order(void **state)
{
    (void)state;
    static const uint32_t orders[][2][2] = {{{0, 2}, {1, 2}}, {{1, 2}, {0, 2}}, {{0, 1}, {1, 2}}, {{1, 0}, {0, 2}}};
    for (uint64_t luck = 1; luck <= tries(30); luck++) {
        char *expected = NULL;
        for (unsigned order = 0; order < 4; order++) {
            struct twins twins = twins_of(luck % 2 ? in_pairs : NULL, luck);
            for (uint32_t i = 0; i < 400; i++) {
                struct act act = draw_act(&twins, luck % 3 ? 6 : 1, 4);
                if (i < 3)
                    act = (struct act){MONDAY, i, PEOPLE, twins.kinds - 1, 1};
                if (act.member != PEOPLE || act.target != PEOPLE)
                    add_act(twins.merged, &act, act.member, act.target);
            }
            kith_review_free(review_until(twins.merged, MONDAY + 4 * WEEK));
            for (unsigned i = 0; i < 2; i++)
                merge_named(&twins, orders[order][i][0], orders[order][i][1]);
            kith_review *review = review_until(twins.merged, MONDAY + 7 * WEEK);
            struct tables tables = tables_of(review, KITH_CSV_HEADER);
            if (!expected)
                expected = text_string(kith_text_of(tables.csv[4]));
            assert_same_text(tables.csv[4], expected, "history");
            tables_free(&tables);
            kith_review_free(review);
            twins_free(&twins);
        }
        free(expected);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(merge_before_any_review_is_as_if_there_had_been_one_name),
        cmocka_unit_test(merge_where_pairs_are_not_counted_is_so_for_all_but_acts_between),
        cmocka_unit_test(merge_of_rows_of_many_slots_loses_none),
        cmocka_unit_test(merge_of_quantities_that_stop_stops),
        cmocka_unit_test(merge_keeps_credit_between_accounts_where_no_pairs_are_counted),
        cmocka_unit_test(merge_after_reviews_goes_on_as_one),
        cmocka_unit_test(merge_after_reviews_of_leave_goes_on_as_one),
        cmocka_unit_test(merge_leaves_a_last_review_that_adds_up),
        cmocka_unit_test(merge_after_another_policy_adds_what_is_remembered),
        cmocka_unit_test(merge_of_the_most_that_is_carried_stops_there),
        cmocka_unit_test(merge_leaves_supporters_that_have_reached_their_most),
        cmocka_unit_test(merge_of_one_day_each_is_one_day_where_it_is_the_same),
        cmocka_unit_test(merge_keeps_the_larger_of_two_numbers),
        cmocka_unit_test(merge_adds_the_weeks_before_from_the_latest_back),
        cmocka_unit_test(merge_takes_the_tier_of_who_stands_higher_and_how_it_came_to_it),
        cmocka_unit_test(merge_keeps_flags_of_the_review_before_that_both_had),
        cmocka_unit_test(merge_without_the_tally_scores_what_is_remembered),
        cmocka_unit_test(merge_with_the_tally_works_out_a_drop),
        cmocka_unit_test(merge_leaves_out_who_is_left_out_in_the_last_review_as_well),
        cmocka_unit_test(merge_of_one_who_has_not_been_reviewed_is_the_other),
        cmocka_unit_test(merge_keeps_track_of_who_is_known),
        cmocka_unit_test(merge_of_three_is_the_same_in_any_order),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
