/* SPDX-License-Identifier: MIT */
/*
 * Arrow streams. The same rows in any two layouts come to the same, by any number of threads; and a stream that is
 * broken anywhere is told, or does no harm, and everything is released.
 */
#include "arrow_made.h"
#include "engines.h"

struct outcome {
    kith_status status;
    kith_added added;
    kith_error error;
    uint64_t told;
    struct fuzz_made rejects;
    struct fuzz_made bytes;
};

static int hear(void *context, const kith_reject *reject)
{
    struct outcome *outcome = context;
    fuzz_made_number(&outcome->rejects, reject->line);
    fuzz_made_number(&outcome->rejects, reject->reason);
    fuzz_made_text(&outcome->rejects, reject->file);
    fuzz_made_text(&outcome->rejects, reject->column);
    fuzz_made_text(&outcome->rejects, reject->value);
    outcome->told++;
    return 0;
}

static void make_rows(struct fuzz_input *input, bool named, struct arrow_rows *rows)
{
    static const int64_t numbers[] = {0,  1,    2,          7,         -1,        MONDAY, MONDAY + DAY, 300,
                                      40, 1000, 1000000000, INT64_MAX, INT64_MIN, 255,    70000,        -40000};
    uint32_t bits = (uint32_t)fuzz_word(input, 2);
    rows->rows = bits >> 12;
    for (uint32_t i = 0; i < ARROW_COLUMNS; i++) {
        rows->is_there[i] = i < 3 || bits >> i & 1;
        rows->is_text[i] = i == 2 || ((i == 1 || i == 3) && named);
    }
    /* Now and then one is missing that must be there. */
    if ((bits & 7) == 7)
        rows->is_there[(bits >> 9 & 7) % 3] = false;
    rows->is_text[0] = bits >> 8 & 1;
    rows->is_text[5] = bits >> 6 & 1;
    for (uint32_t row = 0; row < rows->rows; row++) {
        for (uint32_t i = 0; i < ARROW_COLUMNS; i++) {
            uint8_t byte = fuzz_byte(input);
            struct arrow_cell *cell = &rows->cells[row][i];
            *cell = (struct arrow_cell){.is_null = byte >= 0xF0, .word = byte & 15, .number = numbers[byte & 15]};
        }
    }
}

static struct arrow_layout make_layout(struct fuzz_input *input)
{
    struct arrow_layout layout = {.batch = 1 + fuzz_below(input, ARROW_ROWS), .offset = fuzz_below(input, 10)};
    for (uint32_t i = 0; i < ARROW_COLUMNS; i++)
        layout.formats[i] = fuzz_byte(input);
    return layout;
}

static struct arrow_harm make_harm(struct fuzz_input *input)
{
    struct arrow_harm harm = {.what = fuzz_byte(input), .column = fuzz_below(input, ARROW_COLUMNS + 1)};
    harm.in_dictionary = fuzz_byte(input) & 1;
    harm.batch = fuzz_below(input, 3);
    harm.item = fuzz_byte(input);
    harm.value = fuzz_word(input, 8);
    return harm;
}

static struct outcome add(const struct arrow_rows *rows, const struct arrow_layout *layout, bool named,
                          uint32_t threads)
{
    struct outcome outcome = {.added.size = sizeof outcome.added, .error = NO_ERROR};
    const kith_engine_options options = fuzz_options(named ? KITH_NAMED : KITH_NUMBERED, threads);
    kith_engine *engine = fuzz_engine(fuzz_small(), &options);
    struct ArrowArrayStream stream = arrow_stream(rows, layout);
    const kith_arrow input = {.size = sizeof input, .stream = &stream, .reject = hear, .reject_context = &outcome};
    outcome.status = kith_engine_add_arrow(engine, &input, &outcome.added, &outcome.error);
    MUST(!stream.release && arrow_live == 0);
    const kith_added *added = &outcome.added;
    MUST(added->read == added->taken + added->rejected + added->skipped && added->ignored == 0);
    MUST(outcome.told == added->rejected);
    MUST(outcome.status == KITH_OK || outcome.status == KITH_BAD_EXPORT || outcome.status == KITH_INPUT_OUTPUT);
    MUST((outcome.status == KITH_OK) == (outcome.error.message[0] == '\0'));
    kith_engine_info info = {.size = sizeof info};
    MUST(kith_engine_get_info(engine, &info, NULL) == KITH_OK);
    MUST(info.taken == added->taken && info.rejected == added->rejected && info.skipped == added->skipped);
    outcome.bytes = fuzz_bytes_of(engine, (kith_text){NULL, 0});
    kith_engine_free(engine);
    return outcome;
}

static void outcome_free(struct outcome *outcome)
{
    fuzz_made_free(&outcome->rejects);
    fuzz_made_free(&outcome->bytes);
}

static void same(const struct outcome *a, const struct outcome *b)
{
    MUST(a->status == b->status);
    MUST(memcmp(&a->added, &b->added, sizeof a->added) == 0);
    MUST(a->error.line == b->error.line && strcmp(a->error.message, b->error.message) == 0);
    MUST(fuzz_same(&a->rejects, &b->rejects));
    MUST(fuzz_same(&a->bytes, &b->bytes));
}

/* How members are known is told by the schema alone, and nothing is used up. */
static void check_members(const struct arrow_rows *rows, const struct arrow_layout *layout, bool named)
{
    struct ArrowArrayStream stream = arrow_stream(rows, layout);
    const kith_arrow input = {.size = sizeof input, .stream = &stream};
    uint32_t members = 7;
    kith_status status = kith_arrow_get_members(&input, &members, NULL);
    if (layout->harm.what == 0)
        MUST(status == (rows->is_there[0] && rows->is_there[1] && rows->is_there[2] ? KITH_OK : KITH_BAD_EXPORT));
    if (status == KITH_OK && layout->harm.what == 0)
        MUST(members == (named ? KITH_NAMED : KITH_NUMBERED));
    MUST(status == KITH_OK ? members <= KITH_NUMBERED : members == 7);
    MUST(status == KITH_OK || status == KITH_BAD_EXPORT || status == KITH_INPUT_OUTPUT);
    MUST(stream.release);
    stream.release(&stream);
    MUST(arrow_live == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct fuzz_input input = {data, size};
    uint32_t how = fuzz_byte(&input);
    const bool named = how & 1;
    static struct arrow_rows rows;
    struct arrow_layout layout = make_layout(&input), other = make_layout(&input);
    struct arrow_harm harm = make_harm(&input);
    make_rows(&input, named, &rows);
    struct outcome a = add(&rows, &layout, named, 1), b = add(&rows, &other, named, how & 2 ? 2 : 1);
    same(&a, &b);
    outcome_free(&a);
    outcome_free(&b);
    layout.harm = harm;
    check_members(&rows, &layout, named);
    a = add(&rows, &layout, named, 1);
    b = add(&rows, &layout, named, 2);
    same(&a, &b);
    outcome_free(&a);
    outcome_free(&b);
    return 0;
}
