/* SPDX-License-Identifier: MIT */
/* What an application decides about members, and snapshots. */
#include "scene.h"

static void begin_by_variant(struct scene *scene)
{
    if (scene->which % 2)
        begin_numbered(scene);
    else
        begin_engine(scene);
}

/* One that has been reviewed, one that has acted since, or one that nobody knows. */
static uint64_t member_of(const struct scene *scene)
{
    return scene->which < 2 ? scene->ids[10] : scene->which < 4 ? scene->ids[PEOPLE - 1] : UINT64_C(998877665544);
}

static kith_status set_member(struct scene *scene, kith_error *error)
{
    kith_member_settings settings = {.size = sizeof settings, .pinned = 1, .tier = 2, .counts = KITH_LEFT_OUT};
    return kith_engine_set_member(scene->engine, member_of(scene), &settings, error);
}

static kith_status set_new_member(struct scene *scene, kith_error *error)
{
    scene->which = 4;
    kith_status status = set_member(scene, error);
    scene->which = 1;
    return status;
}

/* So many that there is no room for one more. */
static void begin_full(struct scene *scene)
{
    enum { ROOM = 64 };
    begin_numbered(scene);
    kith_engine_info info = {.size = sizeof info};
    kith_member_settings settings = {.size = sizeof settings};
    must(kith_engine_get_info(scene->engine, &info, NULL), NULL);
    /* One of them was merged into another. */
    for (uint64_t i = info.members + 1; i < ROOM; i++)
        must(kith_engine_set_member(scene->engine, 5000 + i, &settings, NULL), NULL);
}

static kith_status forget(struct scene *scene, kith_error *error)
{
    return kith_engine_forget(scene->engine, scene->ids[scene->which < 2 ? 10 : 8], error);
}

/* Two that were reviewed, one of which is two already; one that was not into one that was, and the other way round. */
static kith_status merge(struct scene *scene, kith_error *error)
{
    static const unsigned pairs[4][2] = {{11, 12}, {11, 8}, {PEOPLE - 1, 8}, {11, PEOPLE - 1}};
    const unsigned *pair = pairs[scene->which / 2];
    return kith_engine_merge(scene->engine, scene->ids[pair[0]], scene->ids[pair[1]], error);
}

/* The last of them has acted since the review alone. */
static void begin_merge(struct scene *scene)
{
    begin_by_variant(scene);
    kith_event event = {.size = sizeof event, .quantity = 1, .kind = 1, .member = scene->ids[PEOPLE - 1]};
    event.target = scene->ids[11];
    event.time = MONDAY + (REVIEWED_WEEKS + 1) * WEEK;
    kith_error error = ERROR;
    must(kith_engine_add_event(scene->engine, &event, &error), &error);
}

/* Of sealed weeks in a file, of which there have to be others. */
static void begin_sealed(struct scene *scene)
{
    enum { EVENTS = 26000, MEMBERS = 12000 };
    begin_numbered(scene);
    static int64_t time[EVENTS];
    static uint64_t member[EVENTS], target[EVENTS];
    static uint32_t kind[EVENTS];
    uint64_t seed = 4;
    for (unsigned i = 0; i < EVENTS; i++) {
        time[i] = MONDAY + REVIEWED_WEEKS * WEEK + (int64_t)i * (BEGUN_WEEKS - REVIEWED_WEEKS) * WEEK / EVENTS;
        member[i] = i % 10 ? 1000 + chance_below(&seed, MEMBERS) : scene->ids[10 + i % 3];
        target[i] = i % 7 ? 1000 + chance_below(&seed, MEMBERS) : scene->ids[10 + i % 4];
        kind[i] = chance_below(&seed, 26);
    }
    kith_error error = ERROR;
    kith_events events = {.size = sizeof events, .count = EVENTS, .time = time, .member = member, .kind = kind};
    events.target = target;
    must(kith_engine_add(scene->engine, &events, NULL, &error), &error);
}

static const struct scenario all[] = {
    {.name = "settings of a member",
     .functions = "kith_engine_set_member",
     .leaves = UNCHANGED,
     .variants = 4,
     .absorbs = true,
     .begin = begin_by_variant,
     .call = set_member},
    {.name = "settings of somebody new",
     .functions = "kith_engine_set_member",
     .leaves = UNCHANGED,
     .absorbs = true,
     .begin = begin_full,
     .call = set_new_member},
    {.name = "a member forgotten",
     .functions = "kith_engine_forget",
     .leaves = UNCHANGED,
     .variants = 4,
     .begin = begin_by_variant,
     .call = forget},
    {.name = "two members merged",
     .functions = "kith_engine_merge",
     .leaves = UNCHANGED,
     .variants = 8,
     .begin = begin_merge,
     .call = merge},
    {.name = "a member of sealed weeks forgotten",
     .functions = "kith_engine_forget",
     .leaves = UNCHANGED,
     .limit = 1 << 20,
     .begin = begin_sealed,
     .call = forget},
    {.name = "two members of sealed weeks merged",
     .functions = "kith_engine_merge",
     .leaves = UNCHANGED,
     .limit = 1 << 20,
     .begin = begin_sealed,
     .call = merge},
};

const struct scenarios scenarios_of_members = {all, sizeof all / sizeof *all};

/* ---- snapshots ---- */

static int stop_soon(void *context, uint64_t done, uint64_t total)
{
    (void)context;
    (void)total;
    return done == 2;
}

/* which 1: a review was stopped half way. 2: numbered. Under a limit: sealed weeks in a file. */
static void begin_frozen(struct scene *scene)
{
    kith_error error = ERROR;
    if (scene->which == 1) {
        begin_policy(scene);
        scene->engine = NULL;
        struct scene other = {.threads = 1};
        begin_unreviewed(&other);
        struct text state = state_of(other.engine);
        struct given given = {state.bytes, state.length, 0, 0};
        kith_engine_options options = options_of(scene, KITH_NAMED);
        options.progress = stop_soon;
        kith_load load = {.size = sizeof load, .read = given_read, .read_context = &given, .options = &options};
        must(kith_engine_load(&load, &scene->engine, &error), &error);
        MUST(kith_engine_review(scene->engine, MONDAY + 5 * WEEK, &scene->review, &error) == KITH_CANCELLED);
        kith_engine_free(other.engine);
        kith_policy_free(other.policy);
        text_end(&state);
    } else if (scene->memory_limit)
        begin_sealed(scene);
    else if (scene->which == 2)
        begin_numbered(scene);
    else
        begin_engine(scene);
}

static kith_status freeze(struct scene *scene, kith_error *error)
{
    return kith_engine_freeze(scene->engine, kith_text_of("line 17"), &scene->snapshot, error);
}

static void no_snapshot(struct scene *scene)
{
    MUST(scene->snapshot == NULL);
}

static void begin_snapshot(struct scene *scene)
{
    begin_frozen(scene);
    kith_error error = ERROR;
    must(freeze(scene, &error), &error);
    must(kith_snapshot_write(scene->snapshot, text_take, &scene->given, &error), &error);
}

static kith_status write_snapshot(struct scene *scene, kith_error *error)
{
    text_end(&scene->text);
    kith_status status = kith_snapshot_write(scene->snapshot, text_take, &scene->text, error);
    MUST(status != KITH_OK || text_same(&scene->text, &scene->given));
    return status;
}

static struct text text_of_file(const char *name)
{
    struct text text = {0};
    char bytes[4096];
    FILE *file = fopen(name, "rb");
    MUST(file != NULL);
    for (size_t got; (got = fread(bytes, 1, sizeof bytes, file)) > 0;)
        text_take(&text, bytes, got);
    fclose(file);
    return text;
}

static kith_status save_snapshot(struct scene *scene, kith_error *error)
{
    struct text before = {0};
    text_add(&before, "what stood there before");
    write_file("saved", &before);
    kith_status status = kith_snapshot_save(scene->snapshot, "saved", error);
    struct text after = text_of_file("saved");
    MUST(text_same(&after, status == KITH_OK ? &scene->given : &before));
    text_end(&before);
    text_end(&after);
    return status;
}

/* which, from 3 on: by another policy. */
static void begin_state(struct scene *scene)
{
    unsigned which = scene->which;
    scene->which %= 3;
    begin_snapshot(scene);
    write_file("state", &scene->given);
    scene->other_engine = scene->engine;
    scene->engine = NULL;
    scene->which = which;
    kith_policy_options options = {.size = sizeof options, .allocator = scene->allocator};
    kith_error error = ERROR;
    struct text text = {0};
    must(kith_policy_write(scene->policy, text_take, &text, &error), &error);
    must(kith_policy_parse((kith_text){text.bytes, text.length}, NULL, &options, &scene->other_policy, &error), &error);
    text_end(&text);
}

static kith_status load(struct scene *scene, kith_error *error)
{
    kith_engine_info info = {.size = sizeof info};
    must(kith_engine_get_info(scene->other_engine, &info, NULL), NULL);
    struct given given = {scene->given.bytes, scene->given.length, 0, 1000};
    kith_engine_options options = options_of(scene, info.known_by);
    kith_load input = {.size = sizeof input, .options = &options};
    if (scene->which >= 3)
        input.policy = scene->other_policy;
    if (scene->which % 2)
        input.path = "state";
    else {
        input.read = given_read;
        input.read_context = &given;
    }
    return kith_engine_load(&input, &scene->engine, error);
}

static void no_engine(struct scene *scene)
{
    MUST(scene->engine == NULL);
}

/* It holds what the other one does. */
static void same_engine(struct scene *scene, struct text *text)
{
    (void)text;
    kith_text position;
    must(kith_engine_get_position(scene->engine, &position, NULL), NULL);
    MUST(position.length == 7 && memcmp(position.data, "line 17", 7) == 0);
    struct text one = state_of(scene->engine), two = state_of(scene->other_engine);
    MUST(text_same(&one, &two));
    text_end(&one);
    text_end(&two);
}

static const struct scenario snapshots[] = {
    {.name = "a snapshot",
     .functions = "kith_engine_freeze",
     .leaves = UNCHANGED,
     .variants = 3,
     .begin = begin_frozen,
     .call = freeze,
     .failed = no_snapshot},
    {.name = "a snapshot written",
     .functions = "kith_snapshot_write",
     .variants = 3,
     .begin = begin_snapshot,
     .call = write_snapshot},
    {.name = "a snapshot of sealed weeks",
     .functions = "kith_engine_freeze",
     .leaves = UNCHANGED,
     .limit = 1 << 20,
     .begin = begin_frozen,
     .call = freeze,
     .failed = no_snapshot},
    {.name = "a snapshot of sealed weeks written",
     .functions = "kith_snapshot_write",
     .limit = 1 << 20,
     .begin = begin_snapshot,
     .call = write_snapshot},
    {.name = "a snapshot saved", .functions = "kith_snapshot_save", .begin = begin_snapshot, .call = save_snapshot},
    {.name = "an engine loaded",
     .functions = "kith_engine_load",
     .variants = 6,
     .by_threads = true,
     .absorbs = true,
     .begin = begin_state,
     .call = load,
     .failed = no_engine,
     .result = same_engine},
    {.name = "an engine of sealed weeks loaded",
     .functions = "kith_engine_load",
     .absorbs = true,
     .limit = 1 << 20,
     .begin = begin_state,
     .call = load,
     .failed = no_engine,
     .result = same_engine},
};

const struct scenarios scenarios_of_snapshots = {snapshots, sizeof snapshots / sizeof *snapshots};
