/* SPDX-License-Identifier: MIT */
#include "engine_support.h"

#include "tally/tally.h"

const uint32_t table_bits[TABLES] = {KITH_STANDINGS, KITH_CHANGES, KITH_FLAGS, KITH_WEEKS, KITH_HISTORY};
const char *const table_names[TABLES] = {"standings", "changes", "flags", "weeks", "history"};

void assert_status(kith_status actual, kith_status expected, const kith_error *error)
{
    if (actual != expected)
        fail_msg("%s in place of %s: %s", kith_status_name(actual), kith_status_name(expected),
                 error && actual != KITH_OK ? error->message : "");
}

kith_policy *policy_of(const char *text)
{
    kith_policy *policy = NULL;
    kith_error error = NO_ERROR;
    kith_status status = text ? kith_policy_parse(kith_text_of(text), NULL, NULL, &policy, &error)
                              : kith_policy_new(NULL, &policy, &error);
    assert_status(status, KITH_OK, &error);
    return policy;
}

uint32_t kind_of(const kith_policy *policy, const char *name)
{
    uint32_t kind = 0;
    assert_int_equal(kith_policy_find_kind(policy, kith_text_of(name), &kind, NULL), KITH_OK);
    return kind;
}

kith_engine_options all_tables(uint32_t members)
{
    return (kith_engine_options){
        .size = sizeof(kith_engine_options),
        .members = members,
        .tables = KITH_STANDINGS | KITH_CHANGES | KITH_FLAGS | KITH_WEEKS | KITH_HISTORY,
        .future = -1,
    };
}

kith_engine *engine_with(const kith_engine_options *options)
{
    kith_policy *policy = policy_of(NULL);
    kith_engine *engine = NULL;
    kith_error error = NO_ERROR;
    assert_status(kith_engine_new(policy, options, &engine, &error), KITH_OK, &error);
    kith_policy_free(policy);
    return engine;
}

void add_named(kith_engine *engine, int64_t time, const char *member, const char *kind, const char *target,
               uint32_t quantity)
{
    static kith_policy *policy;
    if (!policy)
        policy = policy_of(NULL);
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

kith_events events_of(const struct plain_event *list, uint64_t count)
{
    const int64_t stride = sizeof *list;
    return (kith_events){
        .size = sizeof(kith_events),
        .count = count,
        .time = &list->time,
        .member = &list->member,
        .kind = &list->kind,
        .target = &list->target,
        .quantity = &list->quantity,
        .time_stride = stride,
        .member_stride = stride,
        .kind_stride = stride,
        .target_stride = stride,
        .quantity_stride = stride,
    };
}

kith_review *review_until(kith_engine *engine, int64_t until)
{
    kith_review *review = NULL;
    kith_error error = NO_ERROR;
    assert_status(kith_engine_review(engine, until, &review, &error), KITH_OK, &error);
    return review;
}

static void assert_sound_row(const struct kithp_week *week, const struct kithp_cell *row, bool *cells)
{
    bool seen[KITHP_SLOTS_MOST] = {false};
    for (const struct kithp_cell *cell = row; cell; cell = kithp_week_next_cell(week, cell)) {
        assert_true(cell->used <= KITHP_CELL_SLOTS);
        assert_true(cell == row || cell->next == 0 || cell->next <= week->cells.count);
        if (cell->next > 0) {
            assert_false(cells[cell->next - 1]);
            cells[cell->next - 1] = true;
        }
        for (unsigned i = 0; i < KITHP_CELL_SLOTS; i++) {
            if (i >= cell->used) {
                assert_int_equal(cell->quantities[i], 0);
                continue;
            }
            assert_true(cell->quantities[i] > 0);
            assert_false(seen[cell->slots[i]]);
            seen[cell->slots[i]] = true;
        }
    }
}

static void assert_sound_pair(const struct kithp_week *week, const struct kithp_map_entry *entry)
{
    struct kithp_pair pair = kithp_pair_of(entry);
    assert_true(pair.actor != pair.target);
    assert_true(pair.kind < KITHP_KINDS_MOST);
    unsigned itself = 0, alike = 0;
    struct kithp_map_walk walk = kithp_map_begin(&week->pairs, kithp_map_hash(&week->pairs, entry->key), entry->key);
    for (const struct kithp_map_entry *other; (other = kithp_map_next(&walk));) {
        itself += other == entry;
        alike += other->key == entry->key && other->mark == entry->mark;
    }
    assert_int_equal(itself, 1);
    assert_int_equal(alike, 1);
}

static void assert_sound_week(const struct kithp_week *week, const uint32_t *leads_to, uint32_t members)
{
    bool *cells = calloc(week->cells.count + 1, sizeof *cells);
    assert_non_null(cells);
    for (uint32_t i = 0; i < members; i++) {
        const uint32_t *entry = kithp_week_entry(week, i);
        if (!entry || *entry == 0)
            continue;
        assert_int_equal(leads_to[i], i);
        assert_false(cells[*entry - 1]);
        cells[*entry - 1] = true;
        assert_sound_row(week, kithp_chunks_at(&week->cells, *entry - 1), cells);
    }
    free(cells);
    uint32_t count = 0;
    for (uint32_t i = 0; i < kithp_map_places(&week->pairs); i++) {
        struct kithp_pair pair;
        if (!kithp_week_pair(week, i, &pair))
            continue;
        count++;
        assert_int_equal(leads_to[pair.actor], pair.actor);
        assert_int_equal(leads_to[pair.target], pair.target);
        assert_sound_pair(week, kithp_map_at(&week->pairs, i));
    }
    assert_int_equal(count, week->pairs.count);
}

void assert_sound_weeks(const struct kithp_tally *tally, const uint32_t *leads_to, uint32_t members)
{
    for (size_t i = 0; i < tally->week_count; i++)
        assert_sound_week(tally->weeks[i], leads_to, members);
    if (tally->reviewed)
        assert_sound_week(tally->reviewed, leads_to, members);
}

char *csv_of_table(const kith_table *table, uint32_t header)
{
    struct gathered gathered = {0};
    kith_error error = NO_ERROR;
    assert_status(kith_table_write_csv(table, header, gather, &gathered, &error), KITH_OK, &error);
    char *csv = text_string((kith_text){gathered.bytes, gathered.length});
    gathered_free(&gathered);
    return csv;
}

char *csv_of(const kith_review *review, uint32_t which, uint32_t header)
{
    kith_table *table = NULL;
    kith_error error = NO_ERROR;
    assert_status(kith_review_get_table(review, which, &table, &error), KITH_OK, &error);
    char *csv = csv_of_table(table, header);
    kith_table_free(table);
    return csv;
}

struct tables tables_of(const kith_review *review, uint32_t header)
{
    struct tables tables;
    for (unsigned i = 0; i < TABLES; i++)
        tables.csv[i] = csv_of(review, table_bits[i], header);
    return tables;
}

void tables_free(struct tables *tables)
{
    for (unsigned i = 0; i < TABLES; i++) {
        free(tables->csv[i]);
        tables->csv[i] = NULL;
    }
}

static void append(char **text, const char *more)
{
    size_t length = strlen(*text), added = strlen(more);
    *text = realloc(*text, length + added + 1);
    assert_non_null(*text);
    memcpy(*text + length, more, added + 1);
}

void tables_go_on(struct tables *sum, const struct tables *more)
{
    free(sum->csv[0]);
    sum->csv[0] = text_string(kith_text_of(more->csv[0]));
    for (unsigned i = 1; i < TABLES; i++)
        append(&sum->csv[i], more->csv[i]);
}

static int line_length(const char *line)
{
    return (int)strcspn(line, "\n");
}

void assert_same_text(const char *actual, const char *expected, const char *what)
{
    if (strcmp(actual, expected) == 0)
        return;
    int line = 1;
    const char *a = actual, *b = expected;
    while (line_length(a) == line_length(b) && strncmp(a, b, (size_t)line_length(a)) == 0 && *a && *b) {
        a += line_length(a) + (a[line_length(a)] == '\n');
        b += line_length(b) + (b[line_length(b)] == '\n');
        line++;
    }
    fail_msg("%s, line %d:\n  is       %.*s\n  expected %.*s", what, line, line_length(a), a, line_length(b), b);
}

void assert_same_tables(const struct tables *actual, const struct tables *expected, const char *what)
{
    for (unsigned i = 0; i < TABLES; i++) {
        char name[128];
        snprintf(name, sizeof name, "%s: %s", what, table_names[i]);
        assert_same_text(actual->csv[i], expected->csv[i], name);
    }
}

int64_t read_bytes(void *context, void *buffer, size_t capacity)
{
    struct bytes_source *source = context;
    size_t count = source->length - source->at;
    size_t step = source->odd && source->step ? 1 + chance_below(&source->odd, (uint32_t)source->step) : source->step;
    if (step > 0 && count > step)
        count = step;
    if (count > capacity)
        count = capacity;
    if (count > 0)
        memcpy(buffer, source->bytes + source->at, count);
    source->at += count;
    return (int64_t)count;
}

struct listed listed_of(const kith_review *review, enum kithp_list_kind kind)
{
    struct listed listed = {.rows = malloc((review->lists[kind].count + 1) * sizeof *listed.rows)};
    assert_non_null(listed.rows);
    for (uint32_t week = 0; week < review->week_count; week++) {
        struct kithp_list_reader reader = kithp_review_read(review, kind, week);
        for (; kithp_list_next(&reader, kind, &listed.rows[listed.count].is); listed.count++)
            listed.rows[listed.count].week = week;
    }
    assert_int_equal(listed.count, review->lists[kind].count);
    return listed;
}

void listed_free(struct listed *listed)
{
    free(listed->rows);
}
