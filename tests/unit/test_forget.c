/* SPDX-License-Identifier: MIT */
/*
 * A member that is forgotten leaves no trace: its name, or its id, stands in no block of memory that the engine still
 * holds, and in no snapshot made since, whatever had happened to it before.
 */
#include <pthread.h>
#include <zlib.h>

#include <kith/kith.h>

#include "engine_support.h"

/* ---- an allocator that can be searched ---- */

/* Stands before the bytes that are handed out. */
struct block {
    _Alignas(max_align_t) struct block *before;
    struct block *after;
    size_t size;
};

static void *bytes_of(const struct block *block)
{
    return (void *)(uintptr_t)(block + 1);
}

static struct block *block_of(void *bytes)
{
    return (struct block *)bytes - 1;
}

struct searched {
    kith_allocator allocator;
    pthread_mutex_t lock;
    struct block head; /* of a ring */
    uint64_t fail_in;  /* calls until one fails; 0 for none */
};

static void *searched_malloc(void *context, size_t size)
{
    struct searched *memory = context;
    pthread_mutex_lock(&memory->lock);
    struct block *block = NULL;
    if (memory->fail_in == 0 || --memory->fail_in > 0)
        block = calloc(1, sizeof *block + size);
    if (block) {
        block->size = size;
        block->before = memory->head.before;
        block->after = &memory->head;
        memory->head.before->after = block;
        memory->head.before = block;
    }
    pthread_mutex_unlock(&memory->lock);
    return block ? bytes_of(block) : NULL;
}

static void searched_free(void *context, void *bytes)
{
    struct searched *memory = context;
    struct block *block = block_of(bytes);
    pthread_mutex_lock(&memory->lock);
    block->before->after = block->after;
    block->after->before = block->before;
    pthread_mutex_unlock(&memory->lock);
    free(block);
}

static void *searched_realloc(void *context, void *bytes, size_t size)
{
    void *moved = searched_malloc(context, size);
    if (!moved)
        return NULL;
    size_t before = block_of(bytes)->size;
    memcpy(moved, bytes, before < size ? before : size);
    searched_free(context, bytes);
    return moved;
}

static void searched_init(struct searched *memory)
{
    memory->allocator = (kith_allocator){searched_malloc, searched_realloc, searched_free, memory};
    pthread_mutex_init(&memory->lock, NULL);
    memory->head.before = memory->head.after = &memory->head;
    memory->fail_in = 0;
}

static unsigned count_of(const struct searched *memory, kith_text sought)
{
    unsigned count = 0;
    for (const struct block *block = memory->head.after; block != &memory->head; block = block->after) {
        const char *at = bytes_of(block), *end = at + block->size;
        for (; (at = memmem(at, (size_t)(end - at), sought.data, sought.length)) != NULL; at++)
            count++;
    }
    return count;
}

/* ---- whom to look for ---- */

/* Long enough that neither happens to stand anywhere. */
static const char name[] = "Zwölf Boxkämpfer jagen Viktor quer über den Sylter Deich";
static const char other_name[] = "Falsches Üben von Xylophonmusik quält jeden größeren Zwerg";
static const uint64_t number = UINT64_C(0xB7E151628AED2A6B), other_number = UINT64_C(0x9E3779B97F4A7C15);

static kith_text trace_of(bool named, bool other)
{
    const uint64_t *id = other ? &other_number : &number;
    if (!named)
        return (kith_text){(const char *)id, sizeof *id};
    /* A part of it would be too much. */
    return (kith_text){(other ? other_name : name) + 10, 12};
}

struct fixture {
    struct searched memory;
    kith_engine *engine;
    bool named;
    bool stops; /* the next call that tells its progress */
};

static int progress(void *context, uint64_t done, uint64_t total)
{
    (void)total;
    return ((struct fixture *)context)->stops && done > 0;
}

static void open_fixture(struct fixture *fixture, bool named, uint32_t threads)
{
    searched_init(&fixture->memory);
    fixture->named = named;
    fixture->stops = false;
    kith_engine_options options = all_tables(named ? KITH_NAMED : KITH_NUMBERED);
    options.allocator = &fixture->memory.allocator;
    options.threads = threads;
    options.progress = progress;
    options.progress_context = fixture;
    fixture->engine = engine_with(&options);
}

static void close_fixture(struct fixture *fixture)
{
    kith_engine_free(fixture->engine);
    assert_ptr_equal(fixture->memory.head.after, &fixture->memory.head);
    pthread_mutex_destroy(&fixture->memory.lock);
}

/* Members: 0 for nobody, 1 and 2 for those looked for, others for others. */
static void set_member(const struct fixture *fixture, uint32_t who, char room[64], uint64_t *id, kith_text *text)
{
    *id = who == 1 ? number : who == 2 ? other_number : who;
    if (!fixture->named)
        return;
    *id = 0;
    snprintf(room, 64, "%s", who == 1 ? name : who == 2 ? other_name : "");
    if (who > 2)
        snprintf(room, 64, "m%u", who);
    *text = kith_text_of(room);
}

static kith_status try_act(struct fixture *fixture, int64_t time, uint32_t member, uint32_t kind, uint32_t target)
{
    char rooms[2][64];
    kith_event event = {.size = sizeof event, .time = time, .kind = kind, .quantity = 1};
    set_member(fixture, member, rooms[0], &event.member, &event.member_name);
    set_member(fixture, target, rooms[1], &event.target, &event.target_name);
    return kith_engine_add_event(fixture->engine, &event, NULL);
}

static void act(struct fixture *fixture, int64_t time, uint32_t member, uint32_t kind, uint32_t target)
{
    assert_int_equal(try_act(fixture, time, member, kind, target), KITH_OK);
}

/* Weeks of a small crowd, among them those looked for, with acts of all kinds. */
static void add_weeks(struct fixture *fixture, uint32_t first, uint32_t weeks)
{
    uint64_t luck = first + 1;
    for (uint32_t i = 0; i < weeks * 100; i++) {
        int64_t time = MONDAY + first * WEEK + chance_below(&luck, weeks * (uint32_t)WEEK);
        act(fixture, time, 1 + chance_below(&luck, 30), chance_below(&luck, 26), chance_below(&luck, 30));
    }
}

static uint64_t id_of(const struct fixture *fixture, uint32_t who)
{
    char room[64];
    uint64_t id;
    kith_text text;
    set_member(fixture, who, room, &id, &text);
    if (fixture->named)
        assert_int_equal(kith_engine_find_id(fixture->engine, text, &id, NULL), KITH_OK);
    return id;
}

static void review(struct fixture *fixture, uint32_t weeks)
{
    kith_review_free(review_until(fixture->engine, MONDAY + weeks * WEEK));
}

/* ---- snapshots ---- */

static uint32_t word_at(const char *bytes)
{
    const unsigned char *at = (const unsigned char *)bytes;
    return at[0] | (uint32_t)at[1] << 8 | (uint32_t)at[2] << 16 | (uint32_t)at[3] << 24;
}

static void inflate_part(const char *bytes, uint32_t stored, uint32_t length, struct gathered *all)
{
    z_stream stream = {.next_in = (unsigned char *)(uintptr_t)bytes, .avail_in = stored};
    unsigned char *contents = malloc(length);
    assert_non_null(contents);
    stream.next_out = contents;
    stream.avail_out = length;
    assert_int_equal(inflateInit2(&stream, -15), Z_OK);
    assert_int_equal(inflate(&stream, Z_FINISH), Z_STREAM_END);
    assert_int_equal(stream.avail_out, 0);
    inflateEnd(&stream);
    gather(all, contents, length);
    free(contents);
}

/* The contents of all parts, by docs/snapshot.md. */
static struct gathered inflated(const struct gathered *snapshot)
{
    enum { FILE_HEADER = 16, PART_HEADER = 20 };
    struct gathered all = {0};
    for (size_t at = FILE_HEADER; at < snapshot->length;) {
        const char *part = snapshot->bytes + at;
        uint32_t length = word_at(part + 4), stored = word_at(part + 8);
        if (length == stored)
            gather(&all, part + PART_HEADER, length);
        else
            inflate_part(part + PART_HEADER, stored, length, &all);
        at += PART_HEADER + stored;
    }
    return all;
}

static struct gathered snapshot_of(const struct fixture *fixture, unsigned *traces, bool other)
{
    kith_snapshot *snapshot = NULL;
    kith_error error = NO_ERROR;
    struct gathered bytes = {0};
    assert_status(kith_engine_freeze(fixture->engine, TEXT("here"), &snapshot, &error), KITH_OK, &error);
    *traces = count_of(&fixture->memory, trace_of(fixture->named, other));
    assert_status(kith_snapshot_write(snapshot, gather, &bytes, &error), KITH_OK, &error);
    kith_snapshot_free(snapshot);
    return bytes;
}

/* How often a name stands in the contents of a snapshot. */
static unsigned count_in(const struct gathered *snapshot, kith_text sought)
{
    struct gathered contents = inflated(snapshot);
    unsigned count = 0;
    const char *at = contents.bytes, *end = at + contents.length;
    for (; (at = memmem(at, (size_t)(end - at), sought.data, sought.length)) != NULL; at++)
        count++;
    gathered_free(&contents);
    return count;
}

/* How often a name or an id stands in the memory of an engine that is loaded from a snapshot. */
static unsigned count_loaded(const struct gathered *snapshot, bool named, kith_text sought)
{
    struct searched memory;
    searched_init(&memory);
    kith_engine_options options = all_tables(named ? KITH_NAMED : KITH_NUMBERED);
    options.allocator = &memory.allocator;
    struct bytes_source source = {.bytes = snapshot->bytes, .length = snapshot->length};
    kith_load input = {.size = sizeof input, .read = read_bytes, .read_context = &source, .options = &options};
    kith_engine *engine = NULL;
    kith_error error = NO_ERROR;
    assert_status(kith_engine_load(&input, &engine, &error), KITH_OK, &error);
    unsigned count = count_of(&memory, sought);
    kith_engine_free(engine);
    pthread_mutex_destroy(&memory.lock);
    return count;
}

/* In memory while a snapshot lives, in its bytes, and in what is made of them. */
static unsigned count_in_snapshot(const struct fixture *fixture, bool other)
{
    unsigned traces;
    kith_text sought = trace_of(fixture->named, other);
    struct gathered bytes = snapshot_of(fixture, &traces, other);
    traces += count_loaded(&bytes, fixture->named, sought);
    /* An id is written as what it differs from the one before: there is nothing to be sought. */
    if (fixture->named)
        traces += count_in(&bytes, sought);
    gathered_free(&bytes);
    return traces;
}

/* It must be there to begin with, or looking for it proves nothing: in memory, in a snapshot, and in both again. */
static void forget(struct fixture *fixture, uint32_t who)
{
    kith_error error = NO_ERROR;
    assert_true(count_of(&fixture->memory, trace_of(fixture->named, who == 2)) > 0);
    assert_true(count_in_snapshot(fixture, who == 2) >= (fixture->named ? 4 : 2));
    assert_status(kith_engine_forget(fixture->engine, id_of(fixture, who), &error), KITH_OK, &error);
}

static void assert_no_trace(const struct fixture *fixture, uint32_t who)
{
    assert_int_equal(count_of(&fixture->memory, trace_of(fixture->named, who == 2)), 0);
    assert_int_equal(count_in_snapshot(fixture, who == 2), 0);
}

/* ---- what may have happened to it ---- */

static void forget_and_close(struct fixture *fixture)
{
    forget(fixture, 1);
    assert_no_trace(fixture, 1);
    /* The other one is still there. */
    if (count_of(&fixture->memory, trace_of(fixture->named, true)) == 0)
        fail_msg("the wrong one was forgotten");
    forget(fixture, 2);
    assert_no_trace(fixture, 2);
    close_fixture(fixture);
}

static void forget_leaves_no_trace_of_one_who_acted(void **state)
{
    (void)state;
    for (unsigned i = 0; i < 8; i++) {
        struct fixture fixture;
        open_fixture(&fixture, i & 1, i & 2 ? 3 : 1);
        add_weeks(&fixture, 0, 3);
        if (i & 4)
            review(&fixture, 2);
        forget_and_close(&fixture);
    }
}

static void forget_leaves_no_trace_of_one_who_was_only_named(void **state)
{
    (void)state;
    struct fixture fixture;
    open_fixture(&fixture, true, 1);
    const kith_text names[] = {kith_text_of(name), kith_text_of(other_name)};
    uint64_t ids[2];
    assert_int_equal(kith_engine_get_ids(fixture.engine, names, 2, ids, NULL), KITH_OK);
    forget_and_close(&fixture);
    open_fixture(&fixture, false, 1);
    act(&fixture, MONDAY, 3, 0, 1);
    kith_member_settings settings = {.size = sizeof settings};
    assert_int_equal(kith_engine_set_member(fixture.engine, other_number, &settings, NULL), KITH_OK);
    forget_and_close(&fixture);
}

static void forget_leaves_no_trace_in_the_order_of_tables(void **state)
{
    (void)state;
    for (unsigned named = 0; named < 2; named++) {
        struct fixture fixture;
        open_fixture(&fixture, named, 1);
        add_weeks(&fixture, 0, 12);
        review(&fixture, 10);
        kith_table *watch = NULL;
        assert_int_equal(kith_engine_get_watch(fixture.engine, MONDAY + 11 * WEEK, &watch, NULL), KITH_OK);
        kith_table_free(watch);
        forget(&fixture, 1);
        assert_no_trace(&fixture, 1);
        /* Once more, as a newcomer and a member of the order again. */
        add_weeks(&fixture, 12, 2);
        review(&fixture, 13);
        forget_and_close(&fixture);
    }
}

/* A review that was cancelled holds rows; one that lacked memory had begun to copy names. */
static void forget_leaves_no_trace_in_a_pending_review(void **state)
{
    (void)state;
    for (unsigned named = 0; named < 2; named++) {
        kith_status status = KITH_NO_MEMORY;
        for (uint64_t fails = 0; status != KITH_OK; fails++) {
            struct fixture fixture;
            open_fixture(&fixture, named, 1);
            add_weeks(&fixture, 0, 4);
            kith_review *pending = NULL;
            fixture.stops = fails == 0;
            fixture.memory.fail_in = fails;
            status = kith_engine_review(fixture.engine, MONDAY + 4 * WEEK, &pending, NULL);
            fixture.memory.fail_in = 0;
            if (status != KITH_OK)
                assert_int_equal(status, fails == 0 ? KITH_CANCELLED : KITH_NO_MEMORY);
            kith_review_free(pending);
            forget_and_close(&fixture);
        }
    }
}

/* Names that a failed call gave back, and those of calls that failed and were made again. */
static void forget_leaves_no_trace_of_failed_calls(void **state)
{
    (void)state;
    for (unsigned i = 0; i < 4; i++) {
        for (uint64_t fails = 1, ends = 0; ends < 3; fails++) {
            struct fixture fixture;
            open_fixture(&fixture, i & 1, 1);
            /* Many more of them, so that what fails is not always the same. */
            for (uint32_t k = 0; k < (fails < 20 ? 0 : 2 * fails); k++)
                act(&fixture, MONDAY, 10 + k, 6, 11 + k);
            fixture.memory.fail_in = fails < 20 ? fails : 1 + fails % 4;
            kith_status status = try_act(&fixture, MONDAY + DAY, 1, 6, 2);
            bool failed = status == KITH_NO_MEMORY;
            ends += !failed && fails >= 20;
            fixture.memory.fail_in = 0;
            if (failed) {
                assert_no_trace(&fixture, 1);
                assert_no_trace(&fixture, 2);
            }
            if (i & 2)
                act(&fixture, MONDAY + 2 * DAY, 2, 6, 1);
            if (i & 2 || !failed)
                forget_and_close(&fixture);
            else
                close_fixture(&fixture);
        }
    }
}

static void merge(struct fixture *fixture, uint32_t from, uint32_t into)
{
    kith_error error = NO_ERROR;
    assert_status(kith_engine_merge(fixture->engine, id_of(fixture, from), id_of(fixture, into), &error), KITH_OK,
                  &error);
}

/* A person is forgotten with all its accounts, by whichever name. */
static void forget_leaves_no_trace_of_merged_accounts(void **state)
{
    (void)state;
    for (unsigned i = 0; i < 16; i++) {
        struct fixture fixture;
        open_fixture(&fixture, i & 1, 1);
        add_weeks(&fixture, 0, 3);
        if (i & 2)
            review(&fixture, 2);
        if (i & 4) {
            merge(&fixture, 1, 7);
            merge(&fixture, 7, 2);
        } else {
            merge(&fixture, 1, 2);
        }
        forget(&fixture, i & 8 ? 1 : 2);
        assert_no_trace(&fixture, 1);
        assert_no_trace(&fixture, 2);
        add_weeks(&fixture, 3, 1);
        review(&fixture, 4);
        forget_and_close(&fixture);
    }
}

/* ---- from exports ---- */

static struct gathered export_of_crowd(bool packed)
{
    struct gathered text = {0};
    gather(&text, "time,member,kind,target\n", 24);
    uint64_t luck = 6;
    for (unsigned i = 0; i < 3000; i++) {
        char row[256], rooms[2][64];
        struct fixture named = {.named = true};
        uint64_t id;
        kith_text texts[2];
        for (unsigned k = 0; k < 2; k++)
            set_member(&named, 1 + chance_below(&luck, 300), rooms[k], &id, &texts[k]);
        int length = snprintf(row, sizeof row, "%lld,%s,like,\"%s\"\n", (long long)(MONDAY + i), rooms[0], rooms[1]);
        gather(&text, row, (size_t)length);
    }
    if (!packed)
        return text;
    struct gathered gzip = {0};
    z_stream deflater = {.zalloc = NULL};
    assert_int_equal(deflateInit2(&deflater, 6, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY), Z_OK);
    size_t room = deflateBound(&deflater, (uLong)text.length);
    unsigned char *bytes = malloc(room);
    assert_non_null(bytes);
    deflater.next_in = (unsigned char *)text.bytes;
    deflater.avail_in = (uInt)text.length;
    deflater.next_out = bytes;
    deflater.avail_out = (uInt)room;
    assert_int_equal(deflate(&deflater, Z_FINISH), Z_STREAM_END);
    gather(&gzip, bytes, room - deflater.avail_out);
    deflateEnd(&deflater);
    free(bytes);
    gathered_free(&text);
    return gzip;
}

static void forget_leaves_no_trace_of_exports(void **state)
{
    (void)state;
    for (unsigned i = 0; i < 8; i++) {
        struct fixture fixture;
        open_fixture(&fixture, true, i & 1 ? 3 : 1);
        struct gathered csv = export_of_crowd(i & 2);
        struct bytes_source source = {.bytes = csv.bytes, .length = csv.length, .step = 1000};
        kith_export input = {.size = sizeof input, .read = read_bytes, .read_context = &source};
        /* Broken off, too: with part of it taken, and batches on their way. */
        fixture.stops = i & 4;
        assert_int_equal(kith_engine_add_export(fixture.engine, &input, NULL, NULL), i & 4 ? KITH_CANCELLED : KITH_OK);
        fixture.stops = false;
        act(&fixture, MONDAY, 1, 6, 2);
        forget_and_close(&fixture);
        gathered_free(&csv);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(forget_leaves_no_trace_of_one_who_acted),
        cmocka_unit_test(forget_leaves_no_trace_of_one_who_was_only_named),
        cmocka_unit_test(forget_leaves_no_trace_in_the_order_of_tables),
        cmocka_unit_test(forget_leaves_no_trace_in_a_pending_review),
        cmocka_unit_test(forget_leaves_no_trace_of_failed_calls),
        cmocka_unit_test(forget_leaves_no_trace_of_merged_accounts),
        cmocka_unit_test(forget_leaves_no_trace_of_exports),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
