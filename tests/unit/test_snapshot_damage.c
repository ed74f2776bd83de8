/* SPDX-License-Identifier: MIT */
/*
 * Snapshots that are damaged, cut, put together wrongly, or made by somebody who means harm: none is taken for a sound
 * one, none does more than be refused.
 */
#include <zlib.h>

#include "snapshot_support.h"

#include <stddef.h>

#include "base/pack.h"
#include "engine/engine.h"

enum { HEADER = 16, PART_HEADER = 20, PARTS_MOST = 64, RAW_MOST = 2 << 20 };

/* ---- taking snapshots apart ---- */

struct part {
    char name[5];
    unsigned char *raw;
    size_t length;
};

struct parts {
    struct part parts[PARTS_MOST];
    size_t count;
};

static uint32_t word_at(const char *bytes)
{
    const unsigned char *at = (const unsigned char *)bytes;
    return (uint32_t)at[0] | (uint32_t)at[1] << 8 | (uint32_t)at[2] << 16 | (uint32_t)at[3] << 24;
}

static void put_word(char *at, uint32_t word)
{
    for (unsigned i = 0; i < 4; i++)
        at[i] = (char)(word >> (8 * i));
}

static size_t part_size(const struct gathered *bytes, size_t at)
{
    return PART_HEADER + word_at(bytes->bytes + at + 8);
}

static struct part read_part(const char *at)
{
    uint32_t length = word_at(at + 4), stored = word_at(at + 8);
    struct part part = {.raw = malloc(length + 1), .length = length};
    assert_non_null(part.raw);
    memcpy(part.name, at, 4);
    if (stored == length) {
        memcpy(part.raw, at + PART_HEADER, length);
        return part;
    }
    z_stream stream = {.next_in = (Bytef *)(uintptr_t)(at + PART_HEADER), .avail_in = stored};
    stream.next_out = part.raw;
    stream.avail_out = length;
    assert_int_equal(inflateInit2(&stream, -15), Z_OK);
    assert_int_equal(inflate(&stream, Z_FINISH), Z_STREAM_END);
    assert_int_equal(stream.avail_out, 0);
    inflateEnd(&stream);
    return part;
}

static struct parts take_apart(const struct gathered *bytes)
{
    struct parts parts = {.count = 0};
    for (size_t at = HEADER; at < bytes->length; at += part_size(bytes, at)) {
        assert_true(parts.count < PARTS_MOST);
        parts.parts[parts.count++] = read_part(bytes->bytes + at);
    }
    return parts;
}

static void parts_free(struct parts *parts)
{
    for (size_t i = 0; i < parts->count; i++)
        free(parts->parts[i].raw);
}

/* A snapshot of these parts with every checksum right, by docs/snapshot.md. Nothing is deflated. */
static struct gathered put_together(const struct parts *parts, const char *header)
{
    struct gathered bytes = {0};
    gather(&bytes, header, HEADER);
    uint32_t chain = word_at(header + 12);
    for (size_t i = 0; i < parts->count; i++) {
        const struct part *part = &parts->parts[i];
        char head[PART_HEADER];
        memcpy(head, part->name, 4);
        put_word(head + 4, (uint32_t)part->length);
        put_word(head + 8, (uint32_t)part->length);
        put_word(head + 12, (uint32_t)crc32(crc32(0, NULL, 0), part->raw, (uInt)part->length));
        chain = (uint32_t)crc32(chain, (const Bytef *)head, 16);
        put_word(head + 16, chain);
        gather(&bytes, head, sizeof head);
        gather(&bytes, part->raw, part->length);
    }
    return bytes;
}

/* ---- what must be refused ---- */

static struct gathered rich_bytes(bool named, bool pending)
{
    kith_engine *engine = rich_engine(named, pending, NULL);
    struct gathered bytes = bytes_of(engine);
    kith_engine_free(engine);
    return bytes;
}

static void assert_refused(const struct gathered *bytes, const char *what, size_t where)
{
    kith_engine *engine = NULL;
    kith_error error = NO_ERROR;
    kith_status status = try_load(bytes, NULL, NULL, &engine, &error);
    if (status != KITH_BAD_SNAPSHOT)
        fail_msg("%s at %zu: %s: %s", what, where, kith_status_name(status), error.message);
    assert_null(engine);
    assert_string_equal(error.file, "snapshot");
    assert_true(error.message[0] != '\0');
}

static void snapshot_with_any_byte_changed_is_refused(void **state)
{
    (void)state;
    struct gathered bytes = rich_bytes(true, true);
    for (size_t i = 0; i < bytes.length; i++) {
        static const char changes[] = {1, (char)0x80, (char)0xFF};
        char was = bytes.bytes[i];
        for (unsigned change = 0; change < sizeof changes; change++) {
            bytes.bytes[i] = (char)(was ^ changes[change]);
            assert_refused(&bytes, "changed", i);
        }
        bytes.bytes[i] = was;
    }
    gathered_free(&bytes);
}

static void snapshot_cut_anywhere_is_refused(void **state)
{
    (void)state;
    struct gathered bytes = rich_bytes(false, true);
    for (size_t length = 0; length < bytes.length; length++) {
        struct gathered cut = {.bytes = bytes.bytes, .length = length};
        assert_refused(&cut, "cut", length);
    }
    gathered_free(&bytes);
}

static void snapshot_with_something_behind_it_is_refused(void **state)
{
    (void)state;
    struct gathered bytes = rich_bytes(true, false);
    struct gathered longer = {0};
    gather(&longer, bytes.bytes, bytes.length);
    gather(&longer, "\0", 1);
    assert_refused(&longer, "a byte more", 0);
    longer.length = bytes.length;
    gather(&longer, bytes.bytes, bytes.length);
    assert_refused(&longer, "twice", 0);
    gathered_free(&longer);
    gathered_free(&bytes);
}

/* Parts as they stand in the file, each with its own checksums. */
struct pieces {
    kith_text pieces[PARTS_MOST];
    size_t count;
};

static struct pieces cut_up(const struct gathered *bytes)
{
    struct pieces pieces = {.count = 0};
    for (size_t at = HEADER; at < bytes->length; at += part_size(bytes, at))
        pieces.pieces[pieces.count++] = (kith_text){bytes->bytes + at, part_size(bytes, at)};
    return pieces;
}

static void assert_order_refused(const struct gathered *bytes, const struct pieces *pieces, const size_t *order,
                                 size_t count, const char *what)
{
    struct gathered made = {0};
    gather(&made, bytes->bytes, HEADER);
    for (size_t i = 0; i < count; i++)
        gather(&made, pieces->pieces[order[i]].data, pieces->pieces[order[i]].length);
    assert_refused(&made, what, order[0]);
    gathered_free(&made);
}

static void snapshot_with_parts_missing_doubled_or_moved_is_refused(void **state)
{
    (void)state;
    struct gathered bytes = rich_bytes(true, true);
    struct pieces pieces = cut_up(&bytes);
    assert_true(pieces.count > 15);
    size_t order[PARTS_MOST + 1];
    for (size_t part = 0; part < pieces.count; part++) {
        size_t count = 0;
        for (size_t i = 0; i < pieces.count; i++)
            if (i != part)
                order[count++] = i;
        assert_order_refused(&bytes, &pieces, order, count, "missing");
        count = 0;
        for (size_t i = 0; i < pieces.count; i++) {
            order[count++] = i;
            if (i == part)
                order[count++] = i;
        }
        assert_order_refused(&bytes, &pieces, order, count, "doubled");
        for (size_t other = part + 1; other < pieces.count; other++) {
            for (size_t i = 0; i < pieces.count; i++)
                order[i] = i == part ? other : i == other ? part : i;
            assert_order_refused(&bytes, &pieces, order, pieces.count, "moved");
        }
    }
    gathered_free(&bytes);
}

/* Each part is sound, and of the same engine a little later. */
static void snapshot_with_a_part_of_another_is_refused(void **state)
{
    (void)state;
    kith_engine *engine = rich_engine(true, false, NULL);
    struct gathered bytes = bytes_of(engine);
    size_t count;
    add_act(engine, rich_rest(&count), true);
    struct gathered later = bytes_of(engine);
    kith_engine_free(engine);
    struct pieces pieces = cut_up(&bytes), others = cut_up(&later);
    assert_int_equal(pieces.count, others.count);
    unsigned different = 0;
    for (size_t part = 0; part < pieces.count; part++) {
        struct pieces mixed = pieces;
        mixed.pieces[part] = others.pieces[part];
        size_t order[PARTS_MOST];
        for (size_t i = 0; i < pieces.count; i++)
            order[i] = i;
        if (mixed.pieces[part].length == pieces.pieces[part].length &&
            memcmp(mixed.pieces[part].data, pieces.pieces[part].data, pieces.pieces[part].length) == 0)
            continue;
        different++;
        assert_order_refused(&bytes, &mixed, order, pieces.count, "of another");
    }
    assert_true(different > 3);
    gathered_free(&bytes);
    gathered_free(&later);
}

static void set_form(struct gathered *bytes, uint32_t form)
{
    put_word(bytes->bytes + 8, form);
    put_word(bytes->bytes + 12, (uint32_t)crc32(crc32(0, NULL, 0), (const Bytef *)bytes->bytes, 12));
}

static void snapshot_of_a_later_form_is_told_from_a_damaged_one(void **state)
{
    (void)state;
    struct gathered bytes = rich_bytes(true, false);
    kith_engine *engine = NULL;
    kith_error error = NO_ERROR;
    set_form(&bytes, 2);
    assert_status(try_load(&bytes, NULL, NULL, &engine, &error), KITH_NEWER_SNAPSHOT, &error);
    assert_non_null(strstr(error.message, "form 2"));
    assert_non_null(strstr(error.message, kith_version()));
    assert_non_null(strstr(error.message, "later version of kith"));
    /* What follows the header is of no interest then. */
    struct gathered header = {.bytes = bytes.bytes, .length = HEADER};
    assert_status(try_load(&header, NULL, NULL, &engine, &error), KITH_NEWER_SNAPSHOT, &error);
    set_form(&bytes, 0);
    assert_refused(&bytes, "form 0", 0);
    assert_null(engine);
    gathered_free(&bytes);
}

static void snapshot_says_where_it_is_damaged(void **state)
{
    (void)state;
    struct gathered bytes = rich_bytes(true, false);
    struct pieces pieces = cut_up(&bytes);
    for (size_t i = 0; i + 1 < pieces.count; i++) {
        size_t at = (size_t)(pieces.pieces[i].data - bytes.bytes);
        if (pieces.pieces[i].length == PART_HEADER)
            continue;
        bytes.bytes[at + PART_HEADER] ^= 1;
        kith_engine *engine = NULL;
        kith_error error = NO_ERROR;
        assert_status(try_load(&bytes, NULL, NULL, &engine, &error), KITH_BAD_SNAPSHOT, &error);
        assert_int_equal(error.column, at + 1);
        assert_memory_equal(error.field, bytes.bytes + at, 4);
        bytes.bytes[at + PART_HEADER] ^= 1;
    }
    gathered_free(&bytes);
}

/* ---- right checksums around wrong contents ---- */

static void snapshot_put_together_again_is_sound(void **state)
{
    (void)state;
    for (unsigned i = 0; i < 4; i++) {
        struct gathered bytes = rich_bytes(i & 1, i & 2);
        struct parts parts = take_apart(&bytes);
        struct gathered made = put_together(&parts, bytes.bytes);
        kith_engine *engine = load(&made, NULL);
        struct gathered again = bytes_of(engine);
        assert_same_bytes(&again, &bytes, "put together");
        kith_engine_free(engine);
        parts_free(&parts);
        gathered_free(&again);
        gathered_free(&made);
        gathered_free(&bytes);
    }
}

/* Changes some bytes, drops some, or puts some in. */
static void change_part(struct part *part, uint64_t *seed)
{
    static const unsigned char odd[] = {0, 1, 0x7F, 0x80, 0xFF, 2, 5, 64};
    size_t at = part->length ? chance_below(seed, (uint32_t)part->length) : 0;
    size_t count = 1 + chance_below(seed, 3);
    switch (chance_below(seed, 6)) {
    case 0:
        count = at + count > part->length ? part->length - at : count;
        memmove(part->raw + at, part->raw + at + count, part->length - at - count);
        part->length -= count;
        break;
    case 1:
        part->raw = realloc(part->raw, part->length + count + 1);
        assert_non_null(part->raw);
        memmove(part->raw + at + count, part->raw + at, part->length - at);
        for (size_t i = 0; i < count; i++)
            part->raw[at + i] = odd[chance_below(seed, sizeof odd)];
        part->length += count;
        break;
    default:
        if (part->length == 0)
            return;
        part->raw[at] = chance_below(seed, 2) ? (unsigned char)chance(seed) : odd[chance_below(seed, sizeof odd)];
        break;
    }
}

/* Whatever was loaded can be used: looked at, added to, reviewed, written and loaded again. */
static void use(kith_engine *engine)
{
    struct gathered bytes = bytes_of(engine);
    kith_engine_options options = all_tables(KITH_NAMED);
    kith_engine *again = load(&bytes, &options);
    struct gathered same = bytes_of(again);
    assert_same_bytes(&same, &bytes, "loaded again");
    gathered_free(&same);
    gathered_free(&bytes);
    kith_event event = {.size = sizeof event, .quantity = 5, .time = MONDAY + RICH_WEEKS * WEEK};
    event.member_name = TEXT("m2");
    event.target_name = TEXT("m3");
    if (!again->members.named) {
        event.member_name = event.target_name = TEXT("");
        event.member = 2;
        event.target = 3;
    }
    for (event.kind = 0; event.kind < again->figures.kind_count; event.kind++)
        (void)!kith_engine_add_event(again, &event, NULL);
    kith_table *watch = NULL;
    if (kith_engine_get_watch(again, MONDAY + RICH_WEEKS * WEEK, &watch, NULL) == KITH_OK)
        kith_table_free(watch);
    kith_review *review = NULL;
    kith_status status = kith_engine_review(again, MONDAY + (RICH_WEEKS + 3) * WEEK, &review, NULL);
    if (status == KITH_OK) {
        for (unsigned i = 0; i < TABLES; i++) {
            kith_table *table = NULL;
            if (kith_review_get_table(review, table_bits[i], &table, NULL) == KITH_OK)
                free(csv_of_table(table, KITH_CSV_HEADER));
            kith_table_free(table);
        }
        kith_review_free(review);
        gathered_free(&(struct gathered[]){bytes_of(again)}[0]);
    } else {
        assert_int_equal(status, KITH_TOO_MANY_WEEKS);
    }
    kith_engine_free(again);
}

static unsigned mutate(bool named, bool pending, unsigned rounds, uint64_t seed)
{
    struct gathered bytes = rich_bytes(named, pending);
    unsigned loaded = 0;
    for (unsigned round = 0; round < rounds; round++) {
        struct parts parts = take_apart(&bytes);
        unsigned changes = 1 + chance_below(&seed, 2);
        for (unsigned i = 0; i < changes; i++)
            change_part(&parts.parts[chance_below(&seed, (uint32_t)parts.count)], &seed);
        struct gathered made = put_together(&parts, bytes.bytes);
        kith_engine *engine = NULL;
        kith_error error = NO_ERROR;
        kith_status status = try_load(&made, NULL, NULL, &engine, &error);
        if (status == KITH_OK) {
            loaded++;
            use(engine);
            kith_engine_free(engine);
        } else {
            assert_status(status, KITH_BAD_SNAPSHOT, &error);
        }
        gathered_free(&made);
        parts_free(&parts);
    }
    gathered_free(&bytes);
    return loaded;
}

static void snapshot_with_wrong_contents_is_refused_or_can_be_used(void **state)
{
    (void)state;
    const char *given = getenv("KITH_MUTATIONS");
    unsigned rounds = given ? (unsigned)strtoul(given, NULL, 10) : (unsigned)tries(1500), loaded = 0;
    for (unsigned i = 0; i < 4; i++)
        loaded += mutate(i & 1, i & 2, rounds, 100 + i + (given ? (uint64_t)rounds : 0));
    /* Some changes are harmless, most are not. */
    assert_true(loaded > 0 && loaded < 3 * rounds);
}

static void snapshot_with_wrong_lengths_is_refused(void **state)
{
    (void)state;
    struct gathered bytes = rich_bytes(true, false);
    static const uint32_t lengths[] = {0, 1, 19, 300, RAW_MOST, RAW_MOST + 1, 0x7FFFFFFF, 0x80000000, UINT32_MAX};
    for (size_t field = 4; field <= 8; field += 4) {
        for (size_t i = 0; i < sizeof lengths / sizeof *lengths; i++) {
            struct gathered made = {0};
            gather(&made, bytes.bytes, bytes.length);
            put_word(made.bytes + HEADER + field, lengths[i]);
            uint32_t chain = (uint32_t)crc32(word_at(made.bytes + 12), (const Bytef *)made.bytes + HEADER, 16);
            put_word(made.bytes + HEADER + 16, chain);
            assert_refused(&made, field == 4 ? "raw length" : "stored length", lengths[i]);
            gathered_free(&made);
        }
    }
    gathered_free(&bytes);
}

/* ---- claims ---- */

/* What blocks take that are not freed, by their sizes, and took at most. */
struct measured {
    kith_allocator allocator;
    size_t live;
    size_t most;
};

union block {
    size_t size;
    max_align_t aligned;
};

static void *take(struct measured *measured, union block *block, size_t before, size_t size)
{
    if (!block)
        return NULL;
    block->size = size;
    measured->live += size - before;
    measured->most = measured->live > measured->most ? measured->live : measured->most;
    return block + 1;
}

static void *measured_malloc(void *context, size_t size)
{
    return size > SIZE_MAX / 2 ? NULL : take(context, malloc(sizeof(union block) + size), 0, size);
}

static void *measured_realloc(void *context, void *memory, size_t size)
{
    if (!memory)
        return measured_malloc(context, size);
    union block *block = (union block *)memory - 1;
    size_t before = block->size;
    return size > SIZE_MAX / 2 ? NULL : take(context, realloc(block, sizeof *block + size), before, size);
}

static void measured_free(void *context, void *memory)
{
    struct measured *measured = context;
    if (!memory)
        return;
    union block *block = (union block *)memory - 1;
    measured->live -= block->size;
    free(block);
}

/* What loading takes at its peak, the engine with it. */
static size_t memory_of_loading(const struct gathered *bytes)
{
    struct measured measured = {{measured_malloc, measured_realloc, measured_free, &measured}, 0, 0};
    kith_engine_options options = all_tables(KITH_NAMED);
    options.allocator = &measured.allocator;
    kith_engine *engine = NULL;
    kith_error error = NO_ERROR;
    kith_status status = try_load(bytes, NULL, &options, &engine, &error);
    if (status != KITH_OK)
        assert_status(status, KITH_BAD_SNAPSHOT, &error);
    kith_engine_free(engine);
    assert_int_equal(measured.live, 0);
    return measured.most;
}

/* A large number in place of some byte, wherever numbers are: memory is taken for what comes, not for what is claimed.
 */
static void snapshot_that_claims_much_takes_no_memory_for_it(void **state)
{
    (void)state;
    static const unsigned shifts[] = {20, 24, 31, 32, 40, 60, 63};
    struct gathered bytes = rich_bytes(true, true);
    size_t usual = memory_of_loading(&bytes);
    uint64_t seed = 8;
    for (uint64_t i = 0; i < tries(3000); i++) {
        struct parts parts = take_apart(&bytes);
        struct part *part = &parts.parts[chance_below(&seed, (uint32_t)parts.count)];
        size_t at = part->length > 0 ? chance_below(&seed, (uint32_t)part->length) : 0, rest = part->length - at;
        unsigned char claim[10];
        size_t length = (size_t)(kithp_pack_put(claim, UINT64_C(1) << shifts[i % 7]) - claim);
        part->raw = realloc(part->raw, part->length + length);
        assert_non_null(part->raw);
        memmove(part->raw + at + length, part->raw + at + (rest > 0), rest - (rest > 0));
        memcpy(part->raw + at, claim, length);
        part->length += length - (rest > 0);
        struct gathered made = put_together(&parts, bytes.bytes);
        size_t taken = memory_of_loading(&made);
        if (taken > usual + ((size_t)1 << 20))
            fail_msg("%zu bytes for 2^%u at byte %zu of %s, in place of %zu", taken, shifts[i % 7], at, part->name,
                     usual);
        gathered_free(&made);
        parts_free(&parts);
    }
    gathered_free(&bytes);
}

/* ---- values that no engine has, written by one that has them ---- */

static struct kithp_carried *state_of(kith_engine *engine, uint32_t member)
{
    return kithp_carried_of(&engine->sweep.carried, member);
}

static struct kithp_cell *row_of(kith_engine *engine)
{
    uint32_t member = 0;
    while (!kithp_week_row(engine->tally.weeks[0], member) ||
           kithp_week_row(engine->tally.weeks[0], member)->last == 0 ||
           kithp_week_row(engine->tally.weeks[0], member)->used == 0)
        member++;
    return (struct kithp_cell *)(uintptr_t)kithp_week_row(engine->tally.weeks[0], member);
}

/* The pair that comes nth in its map. */
static struct kithp_map_entry *nth_pair(kith_engine *engine, unsigned n)
{
    const struct kithp_map *pairs = &engine->tally.weeks[0]->pairs;
    assert_true(n < pairs->count);
    for (uint32_t place = 0;; place++)
        if (kithp_map_at(pairs, place) && n-- == 0)
            return kithp_map_at(pairs, place);
}

static void set_pair(kith_engine *engine, uint32_t actor, uint32_t target)
{
    nth_pair(engine, 0)->key = kithp_pair_key(actor, target);
}

static uint32_t actor_of(kith_engine *engine)
{
    return kithp_pair_of(nth_pair(engine, 0)).actor;
}

/* Gives the review that was stopped other rows of a list. */
static void relist(kith_review *review, enum kithp_list_kind kind, const struct listed *listed)
{
    struct kithp_list *list = &review->lists[kind];
    list->used = list->count = 0;
    assert_true(kithp_list_reserve(list, kind, &review->allocator, listed->count, review->week_count));
    size_t at = 0;
    for (uint32_t week = 0; week < review->week_count; week++) {
        struct kithp_segment segment = kithp_segment_at(kithp_list_room(list, kind, 0, 0));
        for (; at < listed->count && listed->rows[at].week == week; at++)
            kithp_segment_add(&segment, kind, &listed->rows[at].is);
        kithp_list_close(list, &segment);
        review->weeks[week].ends[kind] = list->used;
    }
    assert_int_equal(at, listed->count);
}

/* Changes a row of it. */
#define POKE_ROW(name, kind, statement)                                                                                \
    static void name(kith_engine *engine)                                                                              \
    {                                                                                                                  \
        struct listed listed = listed_of(engine->pending, kind);                                                       \
        assert_true(listed.count > 1 && listed.rows[1].week == listed.rows[0].week);                                   \
        struct kithp_review_row *row = &listed.rows[1].is;                                                             \
        statement;                                                                                                     \
        relist(engine->pending, kind, &listed);                                                                        \
        listed_free(&listed);                                                                                          \
    }

#define POKE(name, statement)                                                                                          \
    static void name(kith_engine *engine)                                                                              \
    {                                                                                                                  \
        statement;                                                                                                     \
    }

POKE(poke_remembered, state_of(engine, 1)->remembered[1] = (INT64_C(1) << 40) + 1)
POKE(poke_remembered_below, state_of(engine, 1)->remembered[2] = -1)
POKE(poke_before, state_of(engine, 0)->before.remembered[0] = (INT64_C(1) << 40) + 1)
POKE(poke_score, state_of(engine, 1)->score = 10000)
POKE(poke_dimension, state_of(engine, 1)->dimensions[2] = 10000)
POKE(poke_tier, state_of(engine, 1)->tier = 3)
POKE(poke_tier_before, state_of(engine, 1)->before.tier = 3)
POKE(poke_pinned, state_of(engine, 1)->pinned = 4)
POKE(poke_pinned_before, state_of(engine, 1)->before.pinned = 2)
POKE(poke_left_out_before, state_of(engine, 1)->before.left_out = 2)
POKE(poke_counts, state_of(engine, 1)->counts = 3)
POKE(poke_flags, state_of(engine, 1)->flags = 64)
POKE(poke_flags_before, state_of(engine, 1)->flags_before = 64)
POKE(poke_stage, state_of(engine, 1)->stage = KITH_STAGES)
POKE(poke_risk, state_of(engine, 1)->risk = 10000)
POKE(poke_at_no_risk, (state_of(engine, 1)->risk = KITHP_NO_RISK, state_of(engine, 1)->flags |= KITH_FLAG_AT_RISK))
POKE(poke_drop_from_nothing,
     (state_of(engine, 1)->before.baseline_weeks = 0, state_of(engine, 1)->flags |= KITH_FLAG_DROP))
POKE(poke_risk_of_gone, (state_of(engine, 1)->risk = 5, state_of(engine, 1)->acted = 0x100))
POKE(poke_weeks_below, state_of(engine, 1)->weeks_below = 52)
POKE(poke_own_days, state_of(engine, 1)->own_days = 3)
POKE(poke_days, state_of(engine, 1)->active_days_mask = UINT32_C(1) << 28)
POKE(poke_leave, state_of(engine, 1)->leave_end = UINT32_MAX)
POKE(poke_reason, state_of(engine, 1)->before.reason_plus_one = 6)
POKE(poke_baseline_before, state_of(engine, 1)->before.baseline_weeks = 27)
POKE(poke_joined, state_of(engine, 1)->joined = INT64_C(1) << 45)
POKE(poke_joined_below, state_of(engine, 1)->joined = -5)
POKE(poke_joined_late, state_of(engine, 1)->joined = MONDAY + 12 * WEEK)
POKE(poke_seen_before, state_of(engine, 1)->last_seen = state_of(engine, 1)->joined - 1)
POKE(poke_not_known, state_of(engine, 1)->joined = KITH_NO_TIME)
POKE(poke_weeks_known, state_of(engine, 1)->weeks_known = 0)
POKE(poke_risk_counts, engine->sweep.risk.by_pattern[3][3].n++)
POKE(poke_risk_lost, engine->sweep.risk.all.y = engine->sweep.risk.all.n + 1)
POKE(poke_row_first, row_of(engine)->first = 604800)
POKE(poke_row_before, row_of(engine)->first = engine->tally.weeks[0]->first - 1)
POKE(poke_row_last, row_of(engine)->last = 604801)
POKE(poke_row_last_before, (row_of(engine)->first = row_of(engine)->last))
POKE(poke_row_days, row_of(engine)->days = 0x80)
POKE(poke_row_no_days, row_of(engine)->days = 0)
POKE(poke_row_other_days, row_of(engine)->days = (uint8_t)(row_of(engine)->days ^ 0x40))
POKE(poke_row_leave, row_of(engine)->leave_end = UINT32_MAX)
POKE(poke_slot_twice, (row_of(engine)->used = 2, row_of(engine)->slots[1] = row_of(engine)->slots[0],
                       row_of(engine)->quantities[0] = row_of(engine)->quantities[1] = 1))
POKE(poke_pair_self, set_pair(engine, actor_of(engine), actor_of(engine)))
POKE(poke_pair_kind, nth_pair(engine, 0)->mark = 0)
POKE(poke_pair_kind_beyond, nth_pair(engine, 0)->mark = 63)
POKE(poke_pair_member, set_pair(engine, actor_of(engine), 9999))
POKE(poke_pair_twice, *nth_pair(engine, 0) = *nth_pair(engine, 1))
POKE(poke_week_closed, engine->tally.weeks[0]->number = engine->closed_week)
POKE(poke_week_twice, engine->tally.weeks[1]->number = engine->tally.weeks[0]->number)
POKE(poke_week_beyond, engine->tally.weeks[1]->number = 600000)
POKE(poke_week_first, engine->tally.weeks[0]->first = 604800)
POKE(poke_reviewed, engine->tally.reviewed->number--)
POKE(poke_closed, engine->closed_week = 600000)
POKE(poke_last_week, engine->sweep.last_week--)
POKE(poke_not_closed, engine->closed = false)
POKE(poke_first_event, engine->first_event = engine->last_event + 1)
POKE(poke_no_first_event, engine->first_event = KITH_NO_TIME)
POKE(poke_link_on, engine->members.links[0].into = engine->members.links[1].member)
POKE(poke_link_self, engine->members.links[0].into = engine->members.links[0].member)
POKE(poke_link_beyond, engine->members.links[0].into = 9999)
POKE(poke_link_order, engine->members.links[1].member = engine->members.links[0].member)
POKE(poke_forgotten, engine->members.links[1].into = 0)
POKE(poke_link_of_reviewed, engine->members.links[0].member = 0)
POKE(poke_id_closed, ((struct kithp_id *)kithp_chunks_at(&engine->ids.ids, 0))->week = 600000)
POKE(poke_id_twice, *(struct kithp_id *)kithp_chunks_at(&engine->ids.ids,
                                                        0) = *(struct kithp_id *)kithp_chunks_at(&engine->ids.ids, 1))
POKE(poke_source_order, engine->sequences.all[0]->name[0] = 'z')
POKE(poke_source_twice, memcpy(engine->sequences.all[0]->name, engine->sequences.all[1]->name,
                               engine->sequences.all[0]->length = engine->sequences.all[1]->length))
POKE(poke_source_name, engine->sequences.all[0]->length = 0)
POKE(poke_source_numbers, engine->sequences.all[2]->recent[1] = engine->sequences.all[2]->recent[0])
POKE(poke_source_zero, engine->sequences.all[0]->recent[0] = 0)
POKE(poke_pending_tables, engine->pending->tables = KITH_REJECTS)
POKE(poke_pending_not_asked, engine->pending->tables &= ~(uint32_t)KITH_HISTORY)
POKE_ROW(poke_pending_member, KITHP_LIST_HISTORY, row->member = 9999)
POKE_ROW(poke_pending_twice, KITHP_LIST_HISTORY, row->member = listed.rows[0].is.member)
POKE_ROW(poke_pending_tier, KITHP_LIST_HISTORY, row->tier = 3)
POKE_ROW(poke_pending_stage, KITHP_LIST_HISTORY, row->stage = KITH_STAGES)
POKE_ROW(poke_pending_flags, KITHP_LIST_HISTORY, row->flags = 64)
POKE_ROW(poke_pending_score, KITHP_LIST_HISTORY, row->dimensions[1] = 10000)
POKE_ROW(poke_pending_reason, KITHP_LIST_CHANGES, row->reason = 5)
POKE_ROW(poke_pending_merged, KITHP_LIST_HISTORY, row->member = engine->members.links[0].member)
POKE(poke_pending_stages, engine->pending->weeks[0].stages[0]++)
POKE(poke_pending_tiers, engine->pending->weeks[0].tiers[1]--)
POKE(poke_pending_sum, engine->pending->weeks[0].score_sum = 1000000)
POKE(poke_pending_day, engine->pending->weeks[0].first_day++)
POKE(poke_pending_day_late, engine->pending->weeks[0].first_day += 700)
POKE(poke_pending_active, engine->pending->weeks[0].active_members = engine->pending->weeks[0].members + 1)

static const struct {
    void (*poke)(kith_engine *engine);
    const char *part;
} pokes[] = {
    {poke_remembered, "STAT"},
    {poke_remembered_below, "STAT"},
    {poke_before, "STAT"},
    {poke_score, "STAT"},
    {poke_dimension, "STAT"},
    {poke_tier, "STAT"},
    {poke_tier_before, "STAT"},
    {poke_pinned, "STAT"},
    {poke_pinned_before, "STAT"},
    {poke_left_out_before, "STAT"},
    {poke_counts, "STAT"},
    {poke_flags, "STAT"},
    {poke_flags_before, "STAT"},
    {poke_stage, "STAT"},
    {poke_risk, "STAT"},
    {poke_at_no_risk, "STAT"},
    {poke_drop_from_nothing, "STAT"},
    {poke_risk_of_gone, "STAT"},
    {poke_weeks_below, "STAT"},
    {poke_own_days, "STAT"},
    {poke_days, "STAT"},
    {poke_leave, "STAT"},
    {poke_reason, "STAT"},
    {poke_baseline_before, "STAT"},
    {poke_joined, "STAT"},
    {poke_joined_below, "STAT"},
    {poke_joined_late, "STAT"},
    {poke_seen_before, "STAT"},
    {poke_not_known, "STAT"},
    {poke_weeks_known, "STAT"},
    {poke_risk_counts, "RISK"},
    {poke_risk_lost, "RISK"},
    {poke_row_first, "ROWS"},
    {poke_row_before, "ROWS"},
    {poke_row_last, "ROWS"},
    {poke_row_last_before, "ROWS"},
    {poke_row_days, "ROWS"},
    {poke_row_no_days, "ROWS"},
    {poke_row_other_days, "ROWS"},
    {poke_row_leave, "ROWS"},
    {poke_slot_twice, "ROWS"},
    {poke_pair_self, "PAIR"},
    {poke_pair_kind, "PAIR"},
    {poke_pair_kind_beyond, "PAIR"},
    {poke_pair_member, "PAIR"},
    {poke_pair_twice, "PAIR"},
    {poke_week_closed, "WEEK"},
    {poke_week_twice, "WEEK"},
    {poke_week_beyond, "WEEK"},
    {poke_week_first, "WEEK"},
    {poke_reviewed, "WEEK"},
    {poke_closed, "HEAD"},
    {poke_last_week, "HEAD"},
    {poke_not_closed, "HEAD"},
    {poke_first_event, "HEAD"},
    {poke_no_first_event, "HEAD"},
    {poke_link_on, "LINK"},
    {poke_link_self, "LINK"},
    {poke_link_beyond, "LINK"},
    {poke_link_order, "LINK"},
    {poke_forgotten, "MEMB"},
    {poke_link_of_reviewed, "STAT"},
    {poke_id_closed, "IDS."},
    {poke_id_twice, "IDS."},
    {poke_source_order, "SEQS"},
    {poke_source_twice, "SEQS"},
    {poke_source_name, "SEQS"},
    {poke_source_numbers, "SEQS"},
    {poke_source_zero, "SEQS"},
    {poke_pending_tables, "PEND"},
    {poke_pending_not_asked, "PEND"},
    {poke_pending_twice, "PROW"},
    {poke_pending_member, "PROW"},
    {poke_pending_tier, "PROW"},
    {poke_pending_stage, "PROW"},
    {poke_pending_flags, "PROW"},
    {poke_pending_score, "PROW"},
    {poke_pending_reason, "PROW"},
    {poke_pending_merged, "PROW"},
    {poke_pending_stages, "PWKS"},
    {poke_pending_tiers, "PWKS"},
    {poke_pending_sum, "PWKS"},
    {poke_pending_day, "PWKS"},
    {poke_pending_day_late, "PWKS"},
    {poke_pending_active, "PWKS"},
};

static void snapshot_with_any_value_out_of_its_range_is_refused(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof pokes / sizeof *pokes; i++) {
        kith_engine *engine = rich_engine(true, true, NULL), *loaded = NULL;
        pokes[i].poke(engine);
        struct gathered bytes = bytes_of(engine);
        kith_error error = NO_ERROR;
        kith_status status = try_load(&bytes, NULL, NULL, &loaded, &error);
        if (status != KITH_BAD_SNAPSHOT || strcmp(error.field, pokes[i].part) != 0)
            fail_msg("poke %zu (%s): %s: %s", i, pokes[i].part, kith_status_name(status), error.message);
        assert_null(loaded);
        gathered_free(&bytes);
        kith_engine_free(engine);
    }
}

/* Names are changed in the contents of their part: first the lengths, then the names. */
static void snapshot_with_names_that_cannot_be_is_refused(void **state)
{
    (void)state;
    struct gathered bytes = rich_bytes(true, false);
    struct parts parts = take_apart(&bytes);
    size_t members = 0;
    while (strcmp(parts.parts[members].name, "MEMB") != 0)
        members++;
    struct part *part = &parts.parts[members];
    char *first = memchr(part->raw, 'm', part->length);
    assert_non_null(first);
    static const char *const names[] = {"\xFF", "\xC0\x80", "\xE2\x82"};
    for (size_t i = 0; i < 3; i++) {
        struct part whole = {.length = part->length, .raw = malloc(part->length)};
        assert_non_null(whole.raw);
        memcpy(whole.raw, part->raw, part->length);
        memcpy(first, names[i], strlen(names[i]) < 2 ? 1 : 2);
        struct gathered made = put_together(&parts, bytes.bytes);
        assert_refused(&made, "a name", i);
        gathered_free(&made);
        memcpy(part->raw, whole.raw, part->length);
        free(whole.raw);
    }
    /* "m1" a second time */
    char *second = memchr(first + 1, 'm', 40);
    assert_non_null(second);
    second[1] = first[1];
    struct gathered made = put_together(&parts, bytes.bytes);
    assert_refused(&made, "a name twice", 0);
    gathered_free(&made);
    parts_free(&parts);
    gathered_free(&bytes);
}

static void snapshot_with_a_faulty_policy_is_refused(void **state)
{
    (void)state;
    struct gathered bytes = rich_bytes(true, false);
    struct parts parts = take_apart(&bytes);
    assert_string_equal(parts.parts[0].name, "POLI");
    static const char *const policies[] = {"[weights]\ncontent = 7\n", "[tier x]\n", "no policy", "\xFF"};
    for (size_t i = 0; i < 4; i++) {
        struct parts changed = parts;
        changed.parts[0].raw = (unsigned char *)(uintptr_t)policies[i];
        changed.parts[0].length = strlen(policies[i]);
        struct gathered made = put_together(&changed, bytes.bytes);
        assert_refused(&made, "policy", i);
        gathered_free(&made);
    }
    parts_free(&parts);
    gathered_free(&bytes);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(snapshot_with_any_byte_changed_is_refused),
        cmocka_unit_test(snapshot_cut_anywhere_is_refused),
        cmocka_unit_test(snapshot_with_something_behind_it_is_refused),
        cmocka_unit_test(snapshot_with_parts_missing_doubled_or_moved_is_refused),
        cmocka_unit_test(snapshot_with_a_part_of_another_is_refused),
        cmocka_unit_test(snapshot_of_a_later_form_is_told_from_a_damaged_one),
        cmocka_unit_test(snapshot_says_where_it_is_damaged),
        cmocka_unit_test(snapshot_put_together_again_is_sound),
        cmocka_unit_test(snapshot_with_wrong_contents_is_refused_or_can_be_used),
        cmocka_unit_test(snapshot_with_wrong_lengths_is_refused),
        cmocka_unit_test(snapshot_that_claims_much_takes_no_memory_for_it),
        cmocka_unit_test(snapshot_with_any_value_out_of_its_range_is_refused),
        cmocka_unit_test(snapshot_with_names_that_cannot_be_is_refused),
        cmocka_unit_test(snapshot_with_a_faulty_policy_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
