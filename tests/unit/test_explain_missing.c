/* SPDX-License-Identifier: MIT */
/*
 * What an explanation says is missing is what is missing: who earns exactly that much more in the open week has the
 * tier at its review, and who earns a thousandth of a point less has not.
 */
#include "engine_support.h"

#include "review/explain.h"

enum { PEOPLE = 40, WEEKS = 40, NAME_ROOM = 16, ADDED_MOST = 1000000000 };

/* Kinds by which exactly so many thousandths of a point are earned, and others that make the weeks uneven. */
static const char policy_text[] = "[memory]\n"
                                  "half_life_weeks = 1\n"
                                  "[half_points]\ncontent = 50\ninteraction = 20\ncommunity = 30\n"
                                  "[demotion]\ngrace_weeks = 2\n"
                                  "[tier one]\n"
                                  "[tier two]\npromote_at = 8\nkeep_at = 6\n"
                                  "[tier three]\npromote_at = 20\nkeep_at = 15\nmin_active_days = 3\n"
                                  "[tier four]\npromote_at = 35\nkeep_at = 30\nmin_supporters = 4\n"
                                  "[tier five]\npromote_at = 55\nmin_active_days = 2\nmin_supporters = 2\n"
                                  "[kind content]\ngives = content 0.001\n"
                                  "[kind interaction]\ngives = interaction 0.001\n"
                                  "[kind community]\ngives = community 0.001\n"
                                  "[kind visit]\n"
                                  "[kind cheer]\nreceives = content 0.001\n"
                                  "[kind away]\nleave = yes\n"
                                  "[kind work]\ngives = content 10 cap 5\n"
                                  "[kind talk]\ngives = interaction 4\nreceives = community 2 each 3\n"
                                  "[kind fault]\nreceives = content -30\n";

static kith_policy *policy;

static void add(kith_engine *engine, int64_t time, const char *member, const char *kind, const char *target,
                uint32_t quantity)
{
    kith_event event = {
        .size = sizeof event,
        .kind = kind_of(policy, kind),
        .time = time,
        .quantity = quantity,
        .member_name = kith_text_of(member),
        .target_name = kith_text_of(target),
    };
    kith_error error = NO_ERROR;
    assert_status(kith_engine_add_event(engine, &event, &error), KITH_OK, &error);
}

static const char *name_of(char *out, uint32_t person)
{
    snprintf(out, NAME_ROOM, "p%02u", person);
    return out;
}

static kith_explanation explain(kith_engine *engine, uint32_t person, int64_t as_of)
{
    char name[NAME_ROOM];
    uint64_t id = 0;
    kith_explanation explanation = {.size = sizeof explanation};
    kith_error error = NO_ERROR;
    assert_int_equal(kith_engine_find_id(engine, kith_text_of(name_of(name, person)), &id, NULL), KITH_OK);
    assert_status(kith_engine_explain(engine, id, as_of, &explanation, &error), KITH_OK, &error);
    return explanation;
}

/* A week as it comes: few do much, some are away, some are told off. */
static void live(kith_engine *engine, int64_t begin, uint64_t *seed)
{
    for (unsigned i = 0; i < 60; i++) {
        char member[NAME_ROOM], target[NAME_ROOM];
        name_of(member, chance_below(seed, 1 + chance_below(seed, PEOPLE)));
        name_of(target, chance_below(seed, PEOPLE));
        int64_t time = begin + chance_below(seed, (uint32_t)WEEK);
        uint32_t what = chance_below(seed, 20);
        if (what < 9)
            add(engine, time, member, "talk", target, 1 + chance_below(seed, 3));
        else if (what < 16)
            add(engine, time, member, "work", "", 1 + chance_below(seed, 2));
        else if (what < 18)
            add(engine, time, "", "fault", target, 1 + chance_below(seed, 3));
        else if (what < 19)
            add(engine, time, "", "cheer", target, 1 + chance_below(seed, 6));
        else
            add(engine, time, member, "away", "", 1 + chance_below(seed, 15));
    }
}

/* What a member tries: to earn all that is missing in one dimension, or a thousandth of a point less. */
struct attempt {
    bool made;
    bool to_keep;
    bool enough;
    kith_explanation asked;
};

/* Acting up to the last day, on as many days and with as many supporters as the tier asks for. */
static void meet_the_rest(kith_engine *engine, uint32_t person, int64_t begin)
{
    char name[NAME_ROOM];
    kith_explanation asked = explain(engine, person, begin + WEEK - 1);
    add(engine, begin + WEEK - 1, name_of(name, person), "visit", "", 1);
    if (asked.supporters < asked.min_supporters)
        add(engine, begin, "", "cheer", name, asked.min_supporters);
    /* What supporters gave may have brought one tier, and then the next asks for more days. */
    for (int64_t day = 0; day < 7; day++) {
        asked = explain(engine, person, begin + WEEK - 1);
        if (asked.active_days < asked.min_active_days)
            add(engine, begin + day * DAY, name, "visit", "", 1);
    }
}

static void earn(kith_engine *engine, uint32_t person, int64_t begin, unsigned dimension, int64_t thousandths)
{
    static const char *const kinds[KITH_DIMENSIONS] = {"content", "interaction", "community"};
    char name[NAME_ROOM];
    if (thousandths > 0)
        add(engine, begin + 5 * DAY, name_of(name, person), kinds[dimension], "", (uint32_t)thousandths);
}

static struct attempt attempt(kith_engine *engine, uint32_t person, int64_t begin, uint64_t *seed)
{
    struct attempt made = {.to_keep = chance_below(seed, 2), .enough = chance_below(seed, 2)};
    meet_the_rest(engine, person, begin);
    made.asked = explain(engine, person, begin + WEEK - 1);
    unsigned d = chance_below(seed, KITH_DIMENSIONS);
    int64_t missing = made.to_keep ? made.asked.dimensions[d].to_keep : made.asked.dimensions[d].to_rise;
    /* Nothing is lost on leave; and supporters may still be too few for the tier that the first ones have opened. */
    bool is_asked = made.to_keep ? !made.asked.on_leave : made.asked.supporters >= made.asked.min_supporters;
    made.made = is_asked && missing > 0 && missing <= ADDED_MOST;
    if (made.made)
        earn(engine, person, begin, d, missing - !made.enough);
    return made;
}

static void check(const struct attempt *attempt, const kith_explanation *after)
{
    const kith_explanation *asked = &attempt->asked;
    if (attempt->to_keep) {
        assert_int_equal(after->weeks_below == 0 && after->tier == asked->keep_tier, attempt->enough);
        assert_int_equal(after->score >= asked->keep_at, attempt->enough);
        return;
    }
    assert_int_equal(after->tier >= asked->next_tier, attempt->enough);
    assert_int_equal(after->score >= asked->promote_at, attempt->enough);
    if (attempt->enough)
        assert_int_equal(after->reason,
                         after->tier > after->tier_before + 1 ? KITH_CHANGE_SKIPPED : KITH_CHANGE_PROMOTED);
}

static void missing_points_bring_the_tier_and_no_fewer_do(void **state)
{
    (void)state;
    policy = policy_of(policy_text);
    unsigned done[2][2] = {{0}}, from_below_zero = 0;
    for (uint64_t seed = 1; seed <= 6; seed++) {
        uint64_t chances = seed;
        kith_engine_options options = all_tables(KITH_NAMED);
        kith_engine *engine = NULL;
        assert_int_equal(kith_engine_new(policy, &options, &engine, NULL), KITH_OK);
        for (unsigned week = 0; week < WEEKS; week++) {
            int64_t begin = MONDAY + week * WEEK;
            struct attempt attempts[PEOPLE] = {{0}};
            for (uint32_t person = 0; person < PEOPLE && week == 0; person++) {
                char name[NAME_ROOM];
                add(engine, begin, name_of(name, person), "visit", "", 1);
            }
            live(engine, begin, &chances);
            for (uint32_t person = 0; person < PEOPLE; person++)
                if (chance_below(&chances, 4) == 0)
                    attempts[person] = attempt(engine, person, begin, &chances);
            kith_review_free(review_until(engine, begin + WEEK));
            for (uint32_t person = 0; person < PEOPLE; person++) {
                if (!attempts[person].made)
                    continue;
                kith_explanation after = explain(engine, person, KITH_LAST_REVIEW);
                check(&attempts[person], &after);
                done[attempts[person].to_keep][attempts[person].enough]++;
                const kith_explained_dimension *content = &attempts[person].asked.dimensions[KITH_CONTENT];
                from_below_zero += content->carried_over + content->earned < 0;
            }
        }
        kith_engine_free(engine);
    }
    for (unsigned keep = 0; keep < 2; keep++)
        for (unsigned enough = 0; enough < 2; enough++)
            assert_true(done[keep][enough] > 50);
    assert_true(from_below_zero > 20);
    kith_policy_free(policy);
}

/* At the very edges: a score that is just high enough, and the most points that are remembered. */
static void missing_points_at_the_edges_are_right(void **state)
{
    (void)state;
    kith_explained_dimension dimensions[KITH_DIMENSIONS] = {
        [KITH_CONTENT] = {
            .weight = 1000, .score = 5000, .half_points = 1000000, .carried_over = 1000050, .remembered = 1000050}};
    /* floor(10000 * 1000050 / 2000050) is 5000: nothing is missing, though fewer points would have done. */
    assert_int_equal(kithp_explain_missing(dimensions, KITH_CONTENT, 5000), 0);
    assert_true(kithp_explain_missing(dimensions, KITH_CONTENT, 5001) > 0);

    /* Half of all points that can be remembered score 50: to be reached by as many, and by no fewer. */
    const int64_t most = INT64_C(1) << 40;
    dimensions[KITH_CONTENT] = (kith_explained_dimension){.weight = 1000, .half_points = most};
    assert_int_equal(kithp_explain_missing(dimensions, KITH_CONTENT, 5000), most);
    assert_int_equal(kithp_explain_missing(dimensions, KITH_CONTENT, 5001), KITH_OUT_OF_REACH);
}

/*
 * In a snapshot that somebody else wrote, what an account earned in the week that was reviewed last need not be what is
 * remembered of it. What is missing goes by what is remembered, and is something.
 */
static void missing_points_go_by_what_is_remembered(void **state)
{
    (void)state;
    kith_explained_dimension dimensions[KITH_DIMENSIONS] = {
        [KITH_CONTENT] = {
            .weight = 1000, .score = 2307, .half_points = 10000, .remembered = 3000, .earned = 1342506000}};
    /* floor(10000 * 4286 / 14286) is 3000. */
    assert_int_equal(kithp_explain_missing(dimensions, KITH_CONTENT, 3000), 4286 - 3000);
    dimensions[KITH_CONTENT].earned = -5000;
    assert_int_equal(kithp_explain_missing(dimensions, KITH_CONTENT, 3000), 4286 - 3000);
    dimensions[KITH_CONTENT].remembered = dimensions[KITH_CONTENT].score = 0;
    assert_int_equal(kithp_explain_missing(dimensions, KITH_CONTENT, 3000), 4286 + 5000);
    dimensions[KITH_CONTENT].earned = 7000;
    assert_int_equal(kithp_explain_missing(dimensions, KITH_CONTENT, 3000), 4286);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(missing_points_bring_the_tier_and_no_fewer_do),
        cmocka_unit_test(missing_points_at_the_edges_are_right),
        cmocka_unit_test(missing_points_go_by_what_is_remembered),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
