/* SPDX-License-Identifier: MIT */
#include "reading_support.h"

#include <inttypes.h>

#include "exports/gather.h"

int64_t give_piece(void *context, void *buffer, size_t capacity)
{
    struct pieces *pieces = context;
    if (pieces->at >= pieces->fails)
        return -1;
    size_t given = (size_t)pieces->text.length - pieces->at;
    if (given > pieces->step)
        given = pieces->step;
    if (given > capacity)
        given = capacity;
    if (given > 0)
        memcpy(buffer, pieces->text.data + pieces->at, given);
    pieces->at += given;
    return (int64_t)given;
}

/* ---- telling ---- */

static void tell(struct gathered *gathered, kith_text text)
{
    if (text.length > 0)
        gather(gathered, text.data, text.length);
}

static void tell_string(struct gathered *gathered, const char *string)
{
    gather(gathered, string, strlen(string));
}

static void tell_number(struct gathered *gathered, const char *format, uint64_t number)
{
    char text[64];
    gather(gathered, text, (size_t)snprintf(text, sizeof text, format, number));
}

static void tell_event(struct gathered *gathered, const struct kithp_batch *batch, size_t index)
{
    const struct kithp_row_event *event = &batch->events[index];
    char text[96];
    gather(gathered, text,
           (size_t)snprintf(text, sizeof text, "+ %" PRId64 " %s x%u ", event->time,
                            kithp_policy_defaults.kinds[event->kind].name, event->quantity));
    tell(gathered, kithp_row_member(event));
    tell_string(gathered, ">");
    tell(gathered, kithp_row_target(event));
    if (batch->has_ids && kithp_batch_goes_on(batch->ids[index])) {
        tell_string(gathered, " ~");
    } else if (batch->has_ids && batch->ids[index].length > 0) {
        tell_string(gathered, " #");
        tell(gathered, batch->ids[index]);
    }
    tell_string(gathered, "\n");
}

static void tell_reject(struct told *told, const struct kithp_reject *reject)
{
    struct gathered *text = &told->text;
    kith_text value = {reject->fault.value, reject->fault.value_length};
    tell_string(text, reject->follows ? "& - " : "- ");
    tell_number(text, "%" PRIu64 " ", reject->line);
    tell_string(text, kith_reason_name(reject->fault.reason));
    if (reject->fault.reason == KITH_REASON_JSON) {
        assert_null(reject->column);
        tell_number(text, " %" PRIu64 " ", reject->fault.at);
        tell(text, value);
    } else {
        assert_int_equal(reject->fault.at, 0);
    }
    if (reject->column) {
        tell_string(text, " ");
        tell_string(text, reject->column);
        tell_string(text, "=");
        tell(text, value);
    }
    tell_string(text, "\n");
    tell(&told->rows, reject->row);
    tell_string(&told->rows, "\n");
}

static void tell_rejects(struct told *told, const struct kithp_batch *batch, size_t blocks, size_t *next)
{
    for (; *next < batch->reject_count && batch->rejects[*next].blocks_before == blocks; ++*next) {
        tell_reject(told, &batch->rejects[*next]);
        assert_true(batch->rejects[*next].end.offset >= told->end.offset);
        told->end = batch->rejects[*next].end;
    }
}

static void tell_batch(struct told *told, const struct kithp_batch *batch)
{
    size_t event = 0, reject = 0;
    tell_rejects(told, batch, 0, &reject);
    for (size_t i = 0; i < batch->block_count; i++) {
        const struct kithp_block *block = &batch->blocks[i];
        assert_in_range(block->end - event, 0, KITHP_TALLY_BLOCK);
        for (; event < block->end; event++)
            tell_event(&told->text, batch, event);
        if (block->ignored > 0)
            tell_number(&told->text, "! %" PRIu64 "\n", block->ignored);
        if (block->follows > 0)
            tell_number(&told->text, "& ! %" PRIu64 "\n", block->follows);
        /* Never back, and nowhere but behind rows. */
        assert_true(block->row_end.offset >= told->end.offset);
        told->end = block->row_end;
        tell_rejects(told, batch, i + 1, &reject);
    }
    assert_int_equal(event, batch->event_count);
    assert_int_equal(reject, batch->reject_count);
    told->end = batch->end;
    told->done = batch->bytes_done;
    told->batches++;
}

/* ---- reading ---- */

struct reading reading_by(const char *description)
{
    return (struct reading){
        .description = description, .names = {.size = sizeof(kith_export)}, .way = kithp_scan_best()};
}

/* All batches gathered in one give what they give one by one. */
static void assert_gathered(const struct kithp_batch *batch, const struct told *expected)
{
    struct told told = {.status = batch->status, .error = batch->error};
    tell_batch(&told, batch);
    assert_non_null(batch->events);
    assert_string_equal(told_text(&told.text), told_text(&((struct told *)expected)->text));
    assert_int_equal(told.rows.length, expected->rows.length);
    assert_memory_equal(told.rows.bytes, expected->rows.bytes, expected->rows.length);
    assert_int_equal(told.end.offset, expected->end.offset);
    assert_int_equal(told.end.line, expected->end.line);
    assert_int_equal(told.done, expected->done);
    told_free(&told);
}

/* Every third time. */
static bool is_wanted(void *context)
{
    unsigned *asked = context;
    return ++*asked % 3 == 0;
}

static void read_batches(struct kithp_reader *reader, struct memory *memory, struct told *told)
{
    struct kithp_batch batch = {.text = NULL}, gathered = {.text = NULL};
    struct kithp_gather gather = {.holds = false};
    unsigned asked = 0;
    bool gathers = true;
    kithp_batch_begin(&gathered, &memory->allocator, reader->reading.members);
    while (told->status == KITH_OK) {
        kithp_gather_fill(&gather, reader, &batch, (unsigned)(1 + told->batches % 40), is_wanted, &asked);
        /* There may be no memory for it. */
        gathers = gathers && kithp_batch_gather(&gathered, &batch);
        tell_batch(told, &batch);
        told->status = batch.status;
        if (batch.status != KITH_OK) {
            assert_true(batch.last);
            assert_int_equal(batch.error.status, batch.status);
            told->error = batch.error;
        }
        if (batch.last)
            break;
    }
    if (gathers)
        assert_gathered(&gathered, told);
    kithp_gather_free(&gather, &memory->allocator);
    kithp_batch_free(&memory->allocator, &gathered);
    kithp_batch_free(&memory->allocator, &batch);
}

struct told read_pieces(const struct reading *reading, struct pieces pieces, struct memory *memory)
{
    struct told told = {.status = KITH_OK, .error = {.size = sizeof told.error}};
    struct kithp_row_rules rules;
    struct kithp_columns columns;
    enum kithp_field clash[2];
    kith_source *source = NULL;
    kith_error error = {.size = sizeof error};
    if (reading->description &&
        kith_source_parse(kith_text_of(reading->description), "my.ini", NULL, &source, &error) != KITH_OK)
        fail_msg("%s", error.message);
    assert_true(kithp_columns_init(&columns, &reading->names, clash));
    if (!kithp_row_rules_init(&rules, &memory->allocator, &kithp_policy_defaults, 0, INT64_MAX)) {
        kith_source_free(source);
        told.status = KITH_NO_MEMORY;
        return told;
    }
    struct kithp_input input;
    struct kithp_reader reader;
    kithp_input_open_callback(&input, give_piece, &pieces);
    struct kithp_reading how = {
        .rules = &rules, .source = source, .columns = &columns, .name = "events", .begin = reading->begin};
    told.status = kithp_reader_open(&reader, &memory->allocator, &how, &input, &told.error);
    reader.way = reading->way;
    if (told.status == KITH_OK)
        read_batches(&reader, memory, &told);
    kithp_reader_close(&reader);
    kithp_row_rules_free(&rules);
    kith_source_free(source);
    assert_int_equal(memory->live, 0);
    return told;
}

struct told read_whole(const char *description, kith_text text, size_t step)
{
    struct memory memory;
    memory_init(&memory);
    struct reading reading = reading_by(description);
    return read_pieces(&reading, (struct pieces){text, 0, step, SIZE_MAX}, &memory);
}

void told_free(struct told *told)
{
    gathered_free(&told->text);
    gathered_free(&told->rows);
}

void assert_told(const char *description, kith_text text, const char *expected)
{
    for (size_t step = 1; step < 1000000; step *= 50) {
        struct told told = read_whole(description, text, step);
        if (told.status != KITH_OK)
            fail_msg("%s", told.error.message);
        assert_string_equal(told_text(&told.text), expected);
        assert_int_equal(told.done, text.length);
        told_free(&told);
    }
}

void assert_told_and_failed(const char *description, kith_text text, const char *expected, kith_status status,
                            const char *message)
{
    for (size_t step = 1; step < 1000000; step *= 50) {
        struct told told = read_whole(description, text, step);
        assert_string_equal(told_text(&told.text), expected);
        assert_int_equal(told.status, status);
        assert_string_equal(told.error.message, message);
        told_free(&told);
    }
}
