/* SPDX-License-Identifier: MIT */
/*
 * Keys that were chosen to collide. Whoever knows the key of a hash can choose them, as is shown with one that is
 * known; so engines have keys of their own. What is counted are the places that a search looks at.
 */
#include <sys/wait.h>
#include <unistd.h>

#include "engine/engine.h"
#include "engine_support.h"
#include "exports/row.h"

static const struct kithp_hash_key known = {0x0123456789ABCDEF, 0xFEDCBA9876543210};

enum { CHOSEN = 1200, ENGINES = 8 };

/* What all of them begin their search at, under the key that is known. */
enum { PLACES = KITHP_MAP_PLACES - 4 };

/* Looks at keys in turn, and keeps those whose hash ends alike. */
static void choose(uint64_t *keys, uint64_t (*make)(uint64_t number), uint64_t (*hash)(uint64_t number))
{
    uint64_t number = 1;
    for (size_t i = 0; i < CHOSEN; number++)
        if ((hash(number) & PLACES) == 0)
            keys[i++] = make(number);
}

static uint64_t same(uint64_t number)
{
    return number;
}

static uint64_t hash_of_number(uint64_t number)
{
    return kithp_hash_number(known, number);
}

/* Small ids need no hash. */
static uint64_t large(uint64_t number)
{
    return number | UINT64_C(1) << 40;
}

static uint64_t hash_of_large(uint64_t number)
{
    return hash_of_number(large(number));
}

/* How many places are looked at to find all keys, in a hundredth each. */
static uint64_t places_a_search(const struct kithp_map *map, const uint64_t *keys)
{
    uint64_t places = 0;
    for (size_t i = 0; i < CHOSEN; i++) {
        uint64_t hash = kithp_map_hash(map, keys[i]);
        const struct kithp_map_segment *segment = kithp_map_segment_of(map, hash);
        uint32_t at = kithp_map_home(map, hash);
        for (places++; segment->places[at].key != keys[i]; places++) {
            assert_true(segment->places[at].value != 0);
            at = (at + 1) & map->mask;
        }
    }
    return 100 * places / CHOSEN;
}

static uint64_t fill_map(struct kithp_hash_key key, const uint64_t *keys)
{
    struct memory memory;
    memory_init(&memory);
    struct kithp_map map;
    kithp_map_init(&map, &memory.allocator, key);
    for (size_t i = 0; i < CHOSEN; i++) {
        uint64_t hash = kithp_map_hash(&map, keys[i]);
        assert_true(kithp_map_reserve(&map, hash, 1));
        kithp_map_add(&map, hash, (struct kithp_map_entry){keys[i], (uint32_t)i + 1, 0});
    }
    uint64_t places = places_a_search(&map, keys);
    kithp_map_free(&map);
    assert_int_equal(memory.live, 0);
    return places;
}

static void hostile_keys_collide_where_the_key_is_known_and_nowhere_else(void **state)
{
    (void)state;
    uint64_t keys[CHOSEN];
    choose(keys, same, hash_of_number);
    assert_true(fill_map(known, keys) > 100 * CHOSEN / 4);
    for (int i = 0; i < ENGINES; i++)
        assert_true(fill_map(kithp_hash_random_key(), keys) < 400);
    /* One bit of the key is enough. */
    for (unsigned bit = 0; bit < 64; bit += 7) {
        struct kithp_hash_key other = {known.k0 ^ UINT64_C(1) << bit, known.k1};
        struct kithp_hash_key another = {known.k0, known.k1 ^ UINT64_C(1) << bit};
        assert_true(fill_map(other, keys) < 400);
        assert_true(fill_map(another, keys) < 400);
    }
}

/* ---- of an engine ---- */

static kith_engine *engine_of(uint32_t members)
{
    kith_engine_options options = all_tables(members);
    return engine_with(&options);
}

static void hostile_ids_of_members_do_not_collide_in_any_engine(void **state)
{
    (void)state;
    uint64_t ids[CHOSEN];
    choose(ids, large, hash_of_large);
    assert_true(fill_map(known, ids) > 100 * CHOSEN / 4);
    for (int i = 0; i < ENGINES; i++) {
        kith_engine *engine = engine_of(KITH_NUMBERED);
        uint32_t index;
        for (size_t k = 0; k < CHOSEN; k++)
            assert_true(kithp_members_find_id(&engine->members, ids[k], &index));
        assert_int_equal(kithp_members_count(&engine->members), CHOSEN);
        assert_true(places_a_search(&engine->members.others, ids) < 400);
        kith_engine_free(engine);
    }
}

static char name_room[32];

/* A name of a number: of up to seven bytes it is its own key, of more its hash is. */
static kith_text name_of(uint64_t number)
{
    int length = snprintf(name_room, sizeof name_room, "%07llx", (unsigned long long)number);
    return (kith_text){name_room, (uint64_t)length};
}

static kith_text long_name_of(uint64_t number)
{
    int length = snprintf(name_room, sizeof name_room, "member-%016llx", (unsigned long long)number);
    return (kith_text){name_room, (uint64_t)length};
}

static struct kithp_members by_known; /* whose key is the known one */

static uint64_t hash_of_name(uint64_t number)
{
    return kithp_map_hash(&by_known.others, kithp_members_key_of_name(&by_known, name_of(number)));
}

static uint64_t hash_of_long_name(uint64_t number)
{
    return kithp_map_hash(&by_known.others, kithp_members_key_of_name(&by_known, long_name_of(number)));
}

static uint64_t places_for_names(struct kithp_members *members, const uint64_t *numbers, kith_text (*name)(uint64_t))
{
    uint64_t keys[CHOSEN];
    uint32_t index;
    for (size_t i = 0; i < CHOSEN; i++) {
        assert_true(kithp_members_find_name(members, name(numbers[i]), &index));
        keys[i] = kithp_members_key_of_name(members, name(numbers[i]));
    }
    return places_a_search(&members->others, keys);
}

static void hostile_names_collide_where_the_key_is_known_and_in_no_engine(void **state)
{
    (void)state;
    static const struct {
        uint64_t (*hash)(uint64_t);
        kith_text (*name)(uint64_t);
    } cases[] = {{hash_of_name, name_of}, {hash_of_long_name, long_name_of}};
    struct memory memory;
    memory_init(&memory);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        uint64_t numbers[CHOSEN];
        kithp_members_init(&by_known, &memory.allocator, true);
        by_known.key = by_known.others.key = known;
        choose(numbers, same, cases[i].hash);
        assert_true(places_for_names(&by_known, numbers, cases[i].name) > 100 * CHOSEN / 4);
        kithp_members_free(&by_known);
        for (int k = 0; k < ENGINES; k++) {
            kith_engine *engine = engine_of(KITH_NAMED);
            assert_true(places_for_names(&engine->members, numbers, cases[i].name) < 400);
            kith_engine_free(engine);
        }
    }
}

/* Acts of one member on others, by the dense indexes that an engine gives in the order in which it hears of them. */
static uint64_t pair_of(uint64_t number)
{
    return kithp_pair_key(0, (uint32_t)number);
}

static uint64_t hash_of_pair(uint64_t number)
{
    return kithp_hash_number(known, pair_of(number));
}

static void hostile_pairs_do_not_collide_in_any_engine(void **state)
{
    (void)state;
    uint64_t pairs[CHOSEN];
    choose(pairs, pair_of, hash_of_pair);
    assert_true(fill_map(known, pairs) > 100 * CHOSEN / 4);
    for (int i = 0; i < ENGINES; i++) {
        kith_engine *engine = engine_of(KITH_NAMED);
        add_named(engine, MONDAY, "a", "like", "b", 1);
        const struct kithp_week *week = kithp_tally_first(&engine->tally);
        assert_memory_equal(&week->pairs.key, &engine->tally.key, sizeof engine->tally.key);
        assert_true(week->pairs.count > 0);
        assert_true(fill_map(week->pairs.key, pairs) < 400);
        kith_engine_free(engine);
    }
}

/* ---- ids of events ---- */

static void event_id_of(uint64_t number, char *room, size_t size, kith_text *id)
{
    *id = (kith_text){room, (uint64_t)snprintf(room, size, "event-%llu", (unsigned long long)number)};
}

/* What is kept of one, by the keys of some ids. */
static struct kithp_id id_by(const struct kithp_ids *ids, uint64_t number)
{
    char room[32];
    kith_text id;
    event_id_of(number, room, sizeof room, &id);
    return (struct kithp_id){.low = kithp_hash_bytes(ids->keys[0], id.data, id.length),
                             .high = (uint32_t)kithp_hash_bytes(ids->keys[1], id.data, id.length),
                             .week = MONDAY_WEEK};
}

/* How many places are looked at for an id, in a hundredth each; a walk ends at the first that is free. */
static uint64_t places_for_id(const struct kithp_ids *ids, const struct kithp_id *id)
{
    uint32_t tag = kithp_ids_tag(ids, id);
    const struct kithp_index_segment *segment = kithp_index_segment_of(&ids->index, tag);
    uint32_t at = tag & segment->mask;
    uint64_t places = 100;
    for (; segment->places[at].item_plus_one != 0; places += 100)
        at = (at + 1) & segment->mask;
    return places;
}

static uint64_t take_ids(struct kithp_ids *ids, const uint64_t *numbers)
{
    uint64_t places = 0;
    for (size_t i = 0; i < CHOSEN; i++) {
        char room[32];
        kith_text id;
        event_id_of(numbers[i], room, sizeof room, &id);
        assert_int_equal(kithp_ids_take(ids, id, MONDAY_WEEK), KITHP_ID_TAKEN);
        assert_int_equal(kithp_ids_take(ids, id, MONDAY_WEEK), KITHP_ID_KNOWN);
    }
    for (size_t i = 0; i < CHOSEN; i++) {
        struct kithp_id id = id_by(ids, numbers[i]);
        places += places_for_id(ids, &id) / CHOSEN;
    }
    return places;
}

static const struct kithp_ids ids_by_known = {
    .keys = {{0x0123456789ABCDEF, 0xFEDCBA9876543210}, {0x0123456789ABCDEF, 0xFEDCBA9876543210}},
    .index_key = {0x0123456789ABCDEF, 0xFEDCBA9876543210}};

static uint64_t tag_of_event_id(uint64_t number)
{
    struct kithp_id id = id_by(&ids_by_known, number);
    return kithp_ids_tag(&ids_by_known, &id);
}

static void hostile_ids_of_events_collide_where_the_key_is_known_and_in_no_engine(void **state)
{
    (void)state;
    uint64_t numbers[CHOSEN];
    choose(numbers, same, tag_of_event_id);
    struct memory memory;
    memory_init(&memory);
    struct kithp_ids ids;
    kithp_ids_init(&ids, &memory.allocator);
    ids.keys[0] = ids.keys[1] = ids.index_key = known;
    assert_true(take_ids(&ids, numbers) > 100 * CHOSEN / 4);
    kithp_ids_free(&ids);
    for (int i = 0; i < ENGINES; i++) {
        kith_engine *engine = engine_of(KITH_NAMED);
        assert_true(take_ids(&engine->ids, numbers) < 2000);
        kith_engine_free(engine);
    }
}

/* Whoever writes a snapshot chooses keys, and what is kept of ids; not what they are looked for by. */
static void hostile_ids_of_a_snapshot_do_not_collide(void **state)
{
    (void)state;
    for (int i = 0; i < ENGINES; i++) {
        kith_engine *engine = engine_of(KITH_NAMED);
        memset(engine->ids.keys, 0, sizeof engine->ids.keys);
        uint64_t places = 0;
        for (uint32_t k = 0; k < 2 * CHOSEN; k++) {
            struct kithp_id id = {.low = k % 2 ? 7 : k, .high = k % 2 ? k : 7, .week = MONDAY_WEEK};
            assert_int_equal(kithp_ids_restore(&engine->ids, &id), KITHP_ID_TAKEN);
            places += places_for_id(&engine->ids, &id) / (2 * CHOSEN);
        }
        assert_true(places < 2000);
        kith_engine_free(engine);
    }
}

/* ---- keys ---- */

enum { KEYS = 6 };

static void keys_of_engine(struct kithp_hash_key *keys)
{
    kith_engine *engine = engine_of(KITH_NAMED);
    keys[0] = engine->members.key;
    keys[1] = engine->tally.key;
    keys[2] = engine->ids.keys[0];
    keys[3] = engine->ids.keys[1];
    struct kithp_row_rules rules;
    assert_true(kithp_row_rules_init(&rules, &engine->allocator, &engine->figures, 0, 1));
    keys[4] = rules.key;
    keys[5] = engine->ids.index_key;
    kithp_row_rules_free(&rules);
    kith_engine_free(engine);
}

/* Those of another process, which begins with the same memory. */
static void keys_of_child(struct kithp_hash_key *keys)
{
    int ends[2];
    assert_int_equal(pipe(ends), 0);
    pid_t child = fork();
    if (child == 0) {
        keys_of_engine(keys);
        _exit(write(ends[1], keys, KEYS * sizeof *keys) != (ssize_t)(KEYS * sizeof *keys));
    }
    int status;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_int_equal(status, 0);
    assert_int_equal(read(ends[0], keys, KEYS * sizeof *keys), KEYS * sizeof *keys);
    close(ends[0]);
    close(ends[1]);
}

static void hostile_keys_differ_between_uses_engines_and_processes(void **state)
{
    (void)state;
    struct kithp_hash_key keys[4 * KEYS];
    keys_of_engine(keys);
    keys_of_engine(keys + KEYS);
    keys_of_child(keys + 2 * KEYS);
    keys_of_child(keys + 3 * KEYS);
    for (size_t i = 0; i < 4 * KEYS; i++) {
        for (size_t k = 0; k < i; k++) {
            assert_true(keys[i].k0 != keys[k].k0);
            assert_true(keys[i].k1 != keys[k].k1);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(hostile_keys_collide_where_the_key_is_known_and_nowhere_else),
        cmocka_unit_test(hostile_ids_of_members_do_not_collide_in_any_engine),
        cmocka_unit_test(hostile_names_collide_where_the_key_is_known_and_in_no_engine),
        cmocka_unit_test(hostile_pairs_do_not_collide_in_any_engine),
        cmocka_unit_test(hostile_ids_of_events_collide_where_the_key_is_known_and_in_no_engine),
        cmocka_unit_test(hostile_ids_of_a_snapshot_do_not_collide),
        cmocka_unit_test(hostile_keys_differ_between_uses_engines_and_processes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
