/* SPDX-License-Identifier: MIT */
/* Engines, and events that an application hands over; from arrays, in part where memory fails on the way. */
#include "scene.h"

static kith_status new_engine(struct scene *scene, kith_error *error)
{
    kith_engine_options options = options_of(scene, scene->which ? KITH_NUMBERED : KITH_NAMED);
    return kith_engine_new(scene->policy, &options, &scene->engine, error);
}

static void no_engine(struct scene *scene)
{
    MUST(scene->engine == NULL);
}

/* ---- ids ---- */

enum { NEW_NAMES = 300, NAME_ROOM = 280 };

static kith_status get_ids(struct scene *scene, kith_error *error)
{
    static char rooms[NEW_NAMES][NAME_ROOM];
    kith_text names[NEW_NAMES];
    uint64_t ids[NEW_NAMES];
    for (unsigned i = 0; i < NEW_NAMES; i++) {
        snprintf(rooms[i], NAME_ROOM, "%0*u", i % 2 ? 5 : 20 + (int)(i % 200), i);
        names[i] = kith_text_of(rooms[i]);
        ids[i] = 4711;
    }
    kith_status status = kith_engine_get_ids(scene->engine, names, NEW_NAMES, ids, error);
    for (unsigned i = 0; i < NEW_NAMES; i++)
        MUST(ids[i] == (status == KITH_OK ? PEOPLE + 1 + i : 4711));
    return status;
}

/* ---- one event ---- */

static kith_status add_one(struct scene *scene, kith_error *error)
{
    /* By its variant: names that are new, a week that is not open yet, a source that is, an id; what is known already.
     */
    bool named = scene->which % 2 == 0;
    kith_event event = {
        .size = sizeof event,
        .quantity = 2,
        .kind = 3,
        .time = MONDAY + (scene->which < 2 ? BEGUN_WEEKS + 3 : REVIEWED_WEEKS + 2) * WEEK + 77,
        .member_name = kith_text_of(named ? "somebody new with a long name" : ""),
        .target_name = kith_text_of(named ? "new" : ""),
        .member = named ? 0 : scene->ids[30],
        .target = named ? 0 : scene->ids[39],
        .source = kith_text_of(scene->which < 4 ? "another source" : "queue"),
        .sequence = 100000,
        .event_id = kith_text_of(scene->which == 5 ? "" : "one more event"),
    };
    if (scene->which == 6)
        event.kind = KITH_KIND_LEAVE;
    return kith_engine_add_event(scene->engine, &event, error);
}

/* Refused, but its number has been dealt with, for which there must be memory. */
static kith_status add_refused(struct scene *scene, kith_error *error)
{
    kith_event event = {
        .size = sizeof event,
        .quantity = 1,
        .kind = 9999,
        .time = MONDAY + REVIEWED_WEEKS * WEEK,
        .member_name = kith_text_of("nobody's name"),
        .source = kith_text_of("another source"),
        .sequence = 5,
    };
    uint64_t sequence = 4711;
    kith_status status = kith_engine_add_event(scene->engine, &event, error);
    must(kith_engine_get_sequence(scene->engine, event.source, &sequence, NULL), NULL);
    if (status == KITH_NO_MEMORY) {
        MUST(sequence == 0);
        return status;
    }
    MUST(status == KITH_REFUSED && error->reason == KITH_REASON_KIND && sequence == 5);
    memset(error, 0x77, sizeof *error);
    error->size = sizeof *error;
    return KITH_OK;
}

/* ---- arrays ---- */

enum { MANY = 1000, MANY_MORE = 26000 };

struct many {
    uint32_t count;
    int64_t time[MANY_MORE];
    uint64_t member[MANY_MORE];
    uint64_t target[MANY_MORE];
    uint32_t kind[MANY_MORE];
    uint32_t quantity[MANY_MORE];
    uint64_t sequence[MANY_MORE];
    kith_text id[MANY_MORE];
    char id_rooms[MANY][16];
};

/* Some are late, and rejected. */
static const struct many *many_of(const struct scene *scene)
{
    static struct many many;
    uint64_t seed = 5;
    many.count = scene->memory_limit ? MANY_MORE : MANY;
    for (uint32_t i = 0; i < many.count; i++) {
        many.time[i] = MONDAY + (REVIEWED_WEEKS - (i % 50 == 7)) * WEEK + (int64_t)chance_below(&seed, 8 * 604800);
        many.member[i] = scene->ids[chance_below(&seed, PEOPLE)];
        many.target[i] = chance_below(&seed, 3) ? scene->ids[chance_below(&seed, PEOPLE)] : 0;
        if (scene->which == 1 && i % 3 == 0)
            many.member[i] = 1 + chance_below(&seed, 3000);
        if (scene->memory_limit)
            many.member[i] = 1000 + chance_below(&seed, 12000);
        many.kind[i] = chance_below(&seed, 26);
        many.quantity[i] = 1 + chance_below(&seed, 4);
        many.sequence[i] = 5000 + i;
        if (i < MANY)
            many.id[i] = kith_text_of(memcpy(many.id_rooms[i], "another-00000", 14));
        if (i < MANY)
            snprintf(many.id_rooms[i], sizeof many.id_rooms[i], "another-%05u", i);
    }
    return &many;
}

/* which: 0 named, 1 numbered, 2 with numbers and ids of the events. */
static kith_status add_many(struct scene *scene, kith_error *error)
{
    const struct many *many = many_of(scene);
    uint64_t end = scene->to < many->count ? scene->to : many->count;
    kith_events events = {.size = sizeof events, .count = end - scene->from};
    events.time = many->time + scene->from;
    events.member = many->member + scene->from;
    events.target = many->target + scene->from;
    events.kind = many->kind + scene->from;
    events.quantity = many->quantity + scene->from;
    if (scene->which == 2) {
        events.sequence = many->sequence + scene->from;
        events.source = kith_text_of("queue");
        events.event_id = many->id + scene->from;
    }
    kith_added added = {.size = sizeof added};
    kith_status status = kith_engine_add(scene->engine, &events, &added, error);
    MUST(added.read == added.taken + added.rejected + added.skipped);
    MUST(added.read <= events.count && (status == KITH_OK) == (added.read == events.count));
    scene->dealt = scene->from + added.read;
    return status;
}

static void begin_added(struct scene *scene)
{
    if (scene->which == 1 || scene->memory_limit)
        begin_numbered(scene);
    else
        begin_engine(scene);
}

static const struct scenario all[] = {
    {.name = "an engine",
     .functions = "kith_engine_new",
     .variants = 2,
     .by_threads = true,
     .begin = begin_policy,
     .call = new_engine,
     .failed = no_engine},
    {.name = "ids", .functions = "kith_engine_get_ids", .leaves = GOES_ON, .begin = begin_engine, .call = get_ids},
    {.name = "one event",
     .functions = "kith_engine_add_event",
     .leaves = UNCHANGED,
     .variants = 7,
     .begin = begin_engine,
     .call = add_one},
    {.name = "one event that is refused",
     .functions = "kith_engine_add_event",
     .leaves = UNCHANGED,
     .begin = begin_engine,
     .call = add_refused},
    {.name = "many events",
     .functions = "kith_engine_add",
     .leaves = IN_PART,
     .variants = 3,
     .by_threads = true,
     .absorbs = true,
     .begin = begin_added,
     .call = add_many},
    {.name = "many events, more than memory may hold",
     .functions = "kith_engine_add",
     .leaves = IN_PART,
     .by_threads = true,
     .absorbs = true,
     .limit = 1 << 20,
     .begin = begin_added,
     .call = add_many},
};

const struct scenarios scenarios_of_adding = {all, sizeof all / sizeof *all};
