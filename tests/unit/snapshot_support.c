/* SPDX-License-Identifier: MIT */
#include "snapshot_support.h"

#include "engine/engine.h"

kith_snapshot *freeze(kith_engine *engine, const char *position)
{
    kith_snapshot *snapshot = NULL;
    kith_error error = NO_ERROR;
    assert_status(kith_engine_freeze(engine, kith_text_of(position), &snapshot, &error), KITH_OK, &error);
    return snapshot;
}

struct gathered bytes_of_snapshot(const kith_snapshot *snapshot)
{
    struct gathered bytes = {0};
    kith_error error = NO_ERROR;
    assert_status(kith_snapshot_write(snapshot, gather, &bytes, &error), KITH_OK, &error);
    return bytes;
}

struct gathered bytes_of(kith_engine *engine)
{
    kith_snapshot *snapshot = freeze(engine, "");
    struct gathered bytes = bytes_of_snapshot(snapshot);
    kith_snapshot_free(snapshot);
    return bytes;
}

static kith_status load_bytes(const struct gathered *bytes, const kith_policy *policy,
                              const kith_engine_options *options, kith_engine **engine, kith_error *error)
{
    struct bytes_source source = {.bytes = bytes->bytes ? bytes->bytes : "", .length = bytes->length};
    kith_load input = {
        .size = sizeof input,
        .read = read_bytes,
        .read_context = &source,
        .policy = policy,
        .options = options,
    };
    return kith_engine_load(&input, engine, error);
}

kith_status try_load(const struct gathered *bytes, const kith_policy *policy, const kith_engine_options *options,
                     kith_engine **engine, kith_error *error)
{
    kith_status status = load_bytes(bytes, policy, options, engine, error);
    if (status != KITH_BAD_ARGUMENT || strcmp(error->field, "options.members") != 0)
        return status;
    kith_engine_options other = *options;
    other.members = options->members == KITH_NAMED ? KITH_NUMBERED : KITH_NAMED;
    return load_bytes(bytes, policy, &other, engine, error);
}

kith_engine *load(const struct gathered *bytes, const kith_engine_options *options)
{
    kith_engine *engine = NULL;
    kith_error error = NO_ERROR;
    assert_status(try_load(bytes, NULL, options, &engine, &error), KITH_OK, &error);
    return engine;
}

void assert_same_bytes(const struct gathered *actual, const struct gathered *expected, const char *what)
{
    size_t common = actual->length < expected->length ? actual->length : expected->length;
    for (size_t i = 0; i < common; i++)
        if (actual->bytes[i] != expected->bytes[i])
            fail_msg("%s: byte %zu differs", what, i);
    if (actual->length != expected->length)
        fail_msg("%s: %zu bytes in place of %zu", what, actual->length, expected->length);
}

kith_engine *restart(kith_engine *engine, const kith_engine_options *options)
{
    struct gathered bytes = bytes_of(engine);
    kith_engine_free(engine);
    kith_engine *loaded = load(&bytes, options);
    struct gathered again = bytes_of(loaded);
    assert_same_bytes(&again, &bytes, "written again");
    gathered_free(&again);
    gathered_free(&bytes);
    return loaded;
}

/* ---- activity ---- */

const char small_policy[] = "[half_points]\ncontent = 30\ninteraction = 12\ncommunity = 10\n"
                            "[tier low]\n"
                            "[tier middle]\npromote_at = 25\nkeep_at = 22\n"
                            "[tier high]\npromote_at = 40\nkeep_at = 35\nmin_active_days = 2\nmin_supporters = 1\n"
                            "[demotion]\ngrace_weeks = 2\n"
                            "[churn]\ndormant_days = 21\ndrop_baseline_weeks = 3\ndrop_min_per_week = 1\n"
                            "[kind post]\ngives = content 4 cap 5\n"
                            "[kind like]\ngives = interaction 0.5 each 2\nreceives = content 1 cap 9 each 3\n"
                            "[kind reply]\ngives = interaction 1\nreceives = interaction 0.25\n"
                            "[kind help]\ngives = community 3 each 1\nreceives = community 0.5\n"
                            "[kind spam]\ngives = content -3\n"
                            "[kind login]\n"
                            "[kind holiday]\nleave = yes\n";

enum { KINDS = 7 };

static int by_time(const void *a, const void *b)
{
    const struct act *left = a, *right = b;
    return (left->time > right->time) - (left->time < right->time);
}

void make_acts(struct act *acts, size_t count, uint32_t people, uint32_t weeks, uint64_t seed)
{
    for (size_t i = 0; i < count; i++) {
        uint32_t sort = chance_below(&seed, 10);
        /* Few act much; in turn, so that members come and go. */
        uint32_t week = chance_below(&seed, weeks);
        uint32_t who = (chance_below(&seed, chance_below(&seed, people) + 1) + week * people / (2 * weeks)) % people;
        acts[i].time = MONDAY + week * WEEK + chance_below(&seed, 604800);
        acts[i].kind = chance_below(&seed, KINDS + 4) % KINDS;
        acts[i].quantity = chance_below(&seed, 4) ? 1 : 1 + chance_below(&seed, 12);
        acts[i].member = sort == 0 ? 0 : 1 + who;
        acts[i].target = sort == 0 || sort > 4 ? 1 + chance_below(&seed, people) : sort == 1 ? acts[i].member : 0;
    }
    qsort(acts, count, sizeof *acts, by_time);
}

void add_act(kith_engine *engine, const struct act *act, bool named)
{
    char member[16], target[16];
    kith_event event = {.size = sizeof event, .time = act->time, .kind = act->kind, .quantity = act->quantity};
    if (named) {
        snprintf(member, sizeof member, "m%u", (unsigned)act->member);
        snprintf(target, sizeof target, "m%u", (unsigned)act->target);
        event.member_name = kith_text_of(act->member ? member : "");
        event.target_name = kith_text_of(act->target ? target : "");
    } else {
        event.member = act->member;
        event.target = act->target;
    }
    kith_error error = NO_ERROR;
    assert_status(kith_engine_add_event(engine, &event, &error), KITH_OK, &error);
}

kith_engine *small_engine(uint32_t members, const kith_engine_options *options)
{
    kith_engine_options used = options ? *options : all_tables(members);
    used.members = members;
    kith_policy *policy = policy_of(small_policy);
    kith_engine *engine = NULL;
    kith_error error = NO_ERROR;
    assert_status(kith_engine_new(policy, &used, &engine, &error), KITH_OK, &error);
    kith_policy_free(policy);
    return engine;
}

/* ---- an engine that holds something of everything ---- */

int stop_at(void *context, uint64_t done, uint64_t total)
{
    (void)total;
    return done == *(const uint64_t *)context;
}

static struct act rich_acts[RICH_ACTS];

/* How many of the acts the engine takes: those before the middle of the thirteenth week. */
static size_t make_rich_acts(void)
{
    make_acts(rich_acts, RICH_ACTS, RICH_PEOPLE, RICH_ACT_WEEKS, 77);
    size_t taken = 0;
    while (taken < RICH_ACTS && rich_acts[taken].time < MONDAY + (RICH_WEEKS - 1) * WEEK + 3 * DAY)
        taken++;
    return taken;
}

const struct act *rich_rest(size_t *count)
{
    size_t taken = make_rich_acts();
    *count = RICH_ACTS - taken;
    return rich_acts + taken;
}

static uint32_t new_member(kith_engine *engine, const char *name, uint64_t id)
{
    uint32_t index = 0;
    assert_true(engine->members.named ? kithp_members_find_name(&engine->members, kith_text_of(name), &index)
                                      : kithp_members_find_id(&engine->members, id, &index));
    return index;
}

/* The id by which an application knows a member. */
static uint64_t id_of(const kith_engine *engine, uint32_t member)
{
    return engine->members.named ? member + 1U : kithp_members_id(&engine->members, member);
}

/* Some who are known by name alone, then merged and forgotten; before, among and behind those who act. */
static void add_links(kith_engine *engine)
{
    uint32_t other = new_member(engine, "other account", 5001);
    uint32_t gone = new_member(engine, "gone", 5002);
    uint32_t gone_too = new_member(engine, "gone, too", 5003);
    new_member(engine, "quiet", 0);
    kith_error error = NO_ERROR;
    assert_status(kith_engine_merge(engine, id_of(engine, other), id_of(engine, 2), &error), KITH_OK, &error);
    assert_status(kith_engine_merge(engine, id_of(engine, gone_too), id_of(engine, gone), &error), KITH_OK, &error);
    assert_status(kith_engine_forget(engine, id_of(engine, gone), &error), KITH_OK, &error);
}

static void add_sources(kith_engine *engine)
{
    static const char *const names[] = {"queue", "a", "web \xE2\x82\xAC"};
    for (unsigned i = 0; i < 3; i++) {
        struct kithp_sequence *sequence = kithp_sequences_add(&engine->sequences, kith_text_of(names[i]), 1 + i);
        assert_non_null(sequence);
        for (uint64_t number = 2; number < 2 + 50 * i; number++)
            kithp_sequence_take(sequence, number * number * 1000);
    }
    engine->totals = (struct kithp_totals){engine->totals.taken, 7, 4, 2, 300, 0};
}

static void add_ids(kith_engine *engine)
{
    /* The same bytes in every run. */
    engine->ids.keys[0] = (struct kithp_hash_key){1, 2};
    engine->ids.keys[1] = (struct kithp_hash_key){3, 4};
    for (unsigned i = 0; i < 40; i++) {
        char id[16];
        snprintf(id, sizeof id, "event %u", i);
        int64_t week = MONDAY_WEEK + RICH_WEEKS - 1 - i % 2;
        assert_int_equal(kithp_ids_take(&engine->ids, kith_text_of(id), week), KITHP_ID_TAKEN);
    }
}

static void set_member(kith_engine *engine, uint32_t member, uint32_t pinned, uint32_t counts)
{
    kith_error error = NO_ERROR;
    bool pins = pinned != KITH_NO_TIER;
    kith_member_settings settings = {
        .size = sizeof settings, .pinned = pins, .tier = pins ? pinned : 0, .counts = counts};
    assert_status(kith_engine_set_member(engine, id_of(engine, member), &settings, &error), KITH_OK, &error);
}

static void add_settings(kith_engine *engine)
{
    set_member(engine, 1, 1, KITH_BY_POLICY);
    set_member(engine, 3, KITH_NO_TIER, KITH_COUNTED);
    set_member(engine, 4, KITH_NO_TIER, KITH_LEFT_OUT);
}

/* As if there had been more members before, so that there are risks. */
static void add_outcomes(kith_engine *engine)
{
    const struct kithp_outcomes more = {.y = 70, .n = 200};
    struct kithp_risk_counts *counts = &engine->sweep.risk;
    struct kithp_outcomes *const places[] = {&counts->all, &counts->by_silence[0][1], &counts->by_pattern[1][7]};
    for (unsigned i = 0; i < sizeof places / sizeof *places; i++) {
        places[i]->y += more.y;
        places[i]->n += more.n;
    }
    struct kithp_carried *state = kithp_carried_of(&engine->sweep.carried, 5);
    state->acted |= 4;
    state->risk = 6123;
    state->flags |= KITH_FLAG_AT_RISK;
}

kith_engine *rich_engine(bool named, bool pending, const kith_engine_options *options)
{
    uint64_t stop = 1;
    kith_engine_options used = options ? *options : all_tables(KITH_NAMED);
    used.progress = stop_at;
    used.progress_context = &stop;
    kith_engine *engine = small_engine(named ? KITH_NAMED : KITH_NUMBERED, &used);
    engine->options.progress = NULL;
    size_t taken = make_rich_acts();
    for (size_t i = 0; i < taken; i++) {
        add_act(engine, &rich_acts[i], named);
        if (i == 20)
            add_links(engine);
    }
    /* More than counts with any one other member. */
    const struct act limited = {MONDAY + (RICH_WEEKS - 2) * WEEK + DAY, .kind = 1, .quantity = 7, .member = 1,
                                .target = 2};
    add_act(engine, &limited, named);
    kith_review_free(review_until(engine, MONDAY + RICH_REVIEWED * WEEK));
    if (pending)
        engine->options.progress = stop_at;
    kith_review *review = NULL;
    kith_status status = kith_engine_review(engine, MONDAY + (RICH_REVIEWED + (pending ? 2 : 1)) * WEEK, &review, NULL);
    assert_int_equal(status, pending ? KITH_CANCELLED : KITH_OK);
    kith_review_free(review);
    engine->options.progress = NULL;
    add_sources(engine);
    add_ids(engine);
    add_settings(engine);
    add_outcomes(engine);
    return engine;
}
