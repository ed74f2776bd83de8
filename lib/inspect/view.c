/* SPDX-License-Identifier: MIT */
#include "inspect/view.h"

#include <string.h>

#include "base/alloc.h"
#include "base/sort.h"
#include "base/text.h"
#include "inspect/naming.h"
#include "inspect/paths.h"

/* A view that is being made. */
struct maker {
    struct kithp_view *view;
    const struct kithp_inspect_fields *fields;
    const struct kithp_view_exports *exports;
    struct kithp_guess guess;
    char *path; /* room for one */
    bool failed;
};

static kith_text keep(struct maker *maker, kith_text text)
{
    if (text.length == 0)
        return (kith_text){"", 0};
    unsigned char *bytes = kithp_arena_take(&maker->view->texts, text.length);
    if (!bytes) {
        maker->failed = true;
        return (kith_text){"", 0};
    }
    memcpy(bytes, text.data, text.length);
    return (kith_text){(const char *)bytes, text.length};
}

static kith_text keep_path(struct maker *maker, uint32_t field)
{
    if (!field)
        return (kith_text){"", 0};
    bool json = maker->exports->format != KITH_FORMAT_CSV;
    size_t length = kithp_inspect_write_path(maker->path, maker->fields, field, json);
    return keep(maker, (kith_text){maker->path, length});
}

/* ---- fields ---- */

/* What stands for nothing but the fields in it is none itself. */
static bool is_listed(const struct kithp_inspect_field *field)
{
    uint64_t others = 0;
    for (uint32_t type = KITH_TYPE_EMPTY; type < KITH_TYPE_OBJECT; type++)
        others += field->types[type];
    return !field->child || others > field->types[KITH_TYPE_EMPTY] || field->types[KITH_TYPE_OBJECT] == 0;
}

/* Whether numbers are times: all lie where moments do, and the name says so. */
static bool are_moments(const struct kithp_inspect_field *field)
{
    struct kithp_moments_span span;
    struct kithp_naming_place place = {.name = {.count = 0}};
    kithp_moments_best(&field->moments, &span);
    kithp_naming_of(&place.name, field->name);
    return span.count > 0 && 10 * span.count >= 9 * field->there &&
           kithp_naming_judge(&place, KITH_FIELD_TIME) >= KITHP_GUESS_ENOUGH;
}

static uint32_t role_of(const struct maker *maker, uint32_t number)
{
    for (uint32_t which = KITH_FIELD_TIME; which < KITH_FIELDS; which++)
        if (maker->guess.fields[which].field == number)
            return which;
    return KITH_FIELD_NONE;
}

static kith_text notation_words(const struct kithp_inspect_field *field)
{
    static const char *const words[] = {
        [KITHP_MOMENTS_ISO] = "ISO 8601",
        [KITHP_MOMENTS_SECONDS] = "seconds",
        [KITHP_MOMENTS_MILLISECONDS] = "milliseconds",
        [KITHP_MOMENTS_MICROSECONDS] = "microseconds",
        [KITHP_MOMENTS_NANOSECONDS] = "nanoseconds",
    };
    struct kithp_moments_span span;
    enum kithp_moments_notation notation = kithp_moments_best(&field->moments, &span);
    return kith_text_of(notation == KITHP_MOMENTS_PATTERN ? kithp_moments_pattern(&field->moments) : words[notation]);
}

/* "might be the member", for one that was not taken. */
static const char *say_other(const struct maker *maker, uint32_t number)
{
    static const char *const words[KITH_FIELDS] = {
        [KITH_FIELD_TIME] = "might be the time",         [KITH_FIELD_MEMBER] = "might be the member",
        [KITH_FIELD_KIND] = "might be the kind",         [KITH_FIELD_TARGET] = "might be the target",
        [KITH_FIELD_QUANTITY] = "might be the quantity", [KITH_FIELD_ID] = "might be the id",
    };
    for (uint32_t which = KITH_FIELD_TIME; which < KITH_FIELDS; which++)
        for (int i = 0; i < KITHP_GUESS_OTHERS_MOST; i++)
            if (maker->guess.fields[which].others[i] == number)
                return words[which];
    return "";
}

static void list_field(struct maker *maker, uint32_t number)
{
    const struct kithp_inspect_field *field = &maker->fields->items[number];
    kith_inspected_field *listed = &maker->view->fields[maker->view->info.fields++];
    uint32_t role = role_of(maker, number), type = kithp_inspect_fields_type(field);
    bool is_number = type == KITH_TYPE_WHOLE || type == KITH_TYPE_NUMBER;
    /* A name that stands twice in an object has two values in one row, of which one will count. */
    uint64_t of = kithp_inspect_fields_of(maker->fields, number), there = field->there < of ? field->there : of;
    *listed = (kith_inspected_field){
        .type = role == KITH_FIELD_TIME || (is_number && are_moments(field)) ? KITH_TYPE_TIME : type,
        .path = keep_path(maker, number),
        .there = there,
        .of = of,
        .distinct = kithp_distinct_count(&field->distinct, there),
        .about = field->distinct.many,
        .field = role,
        .documents = field->is_document,
        .example_count = field->example_count,
    };
    listed->why = role ? maker->view->guessed[role].why : kith_text_of(say_other(maker, number));
    listed->times = listed->type == KITH_TYPE_TIME ? notation_words(field) : (kith_text){"", 0};
    for (uint32_t i = 0; i < field->example_count; i++)
        listed->examples[i] = keep(maker, (kith_text){field->examples[i].bytes, field->examples[i].length});
}

/* Below another one, depth first. */
static void list_fields(struct maker *maker, uint32_t above)
{
    for (uint32_t at = maker->fields->items[above].child; at; at = maker->fields->items[at].sibling) {
        if (is_listed(&maker->fields->items[at]))
            list_field(maker, at);
        list_fields(maker, at);
    }
}

/* ---- what was guessed ---- */

static void keep_guess(struct maker *maker)
{
    struct kithp_view *view = maker->view;
    for (uint32_t which = KITH_FIELD_TIME; which < KITH_FIELDS; which++) {
        const struct kithp_guess_one *one = &maker->guess.fields[which];
        view->guessed[which].path = keep_path(maker, one->field);
        view->guessed[which].why = keep(maker, kith_text_of(one->why));
        for (int i = 0; i < KITHP_GUESS_OTHERS_MOST; i++)
            view->guessed[which].others[i] = keep_path(maker, one->others[i]);
    }
    view->bot = keep_path(maker, maker->guess.bot);
}

static void keep_times(struct maker *maker)
{
    kith_inspection_info *info = &maker->view->info;
    uint32_t number = maker->guess.fields[KITH_FIELD_TIME].field;
    info->first_time = info->last_time = KITH_NO_TIME;
    info->other_times = maker->view->times = (kith_text){"", 0};
    if (!number)
        return;
    struct kithp_moments_span span;
    const struct kithp_inspect_field *field = &maker->fields->items[number];
    enum kithp_moments_notation notation = kithp_moments_best(&field->moments, &span);
    if (span.count == 0)
        return;
    info->first_time = span.first;
    info->last_time = span.last;
    if (notation == KITHP_MOMENTS_ISO)
        return;
    maker->view->times = notation_words(field);
    const char *rival = kithp_moments_rival(&field->moments);
    info->other_times = rival ? kith_text_of(rival) : (kith_text){"", 0};
}

/* ---- kinds ---- */

static bool is_more_frequent(const void *context, const void *a, const void *b)
{
    (void)context;
    const kith_inspected_kind *one = a, *other = b;
    if (one->count != other->count)
        return one->count > other->count;
    return kithp_text_compare(one->name, other->name) < 0;
}

static void fill_kinds(struct maker *maker, const struct kithp_distinct *values, kith_inspected_kind *kinds)
{
    for (size_t i = 0; i < values->count; i++) {
        kith_text name = kithp_distinct_text(values, i);
        const char *kind = kithp_naming_kind(name);
        uint64_t count = values->values[i].count, rows = maker->fields->rows;
        kinds[i] = (kith_inspected_kind){.count = count < rows ? count : rows, .name = keep(maker, name)};
        kinds[i].kind = kith_text_of(kind ? kind : "");
    }
}

static bool list_kinds(struct maker *maker)
{
    struct kithp_view *view = maker->view;
    uint32_t number = maker->guess.fields[KITH_FIELD_KIND].field;
    const struct kithp_distinct *values = &maker->fields->items[number].distinct;
    if (!number || values->many)
        return true;
    kith_inspected_kind *kinds = kithp_alloc_cleared(view->allocator, values->count, sizeof *kinds);
    kith_inspected_kind *spare = kithp_alloc_array(view->allocator, values->count, sizeof *spare);
    view->kinds = kinds;
    if (kinds && spare) {
        fill_kinds(maker, values, kinds);
        view->kinds = kithp_sort(kinds, spare, values->count, sizeof *kinds, is_more_frequent, NULL);
        view->info.kinds = (uint32_t)values->count;
    }
    bool made = kinds && spare;
    kithp_alloc_free(view->allocator, view->kinds == kinds ? spare : kinds);
    return made;
}

/* ---- ready descriptions ---- */

static uint32_t count_ready(void)
{
    kith_ready_source ready = {.size = sizeof ready};
    uint32_t count = 0;
    while (kith_source_get_ready(count, &ready, NULL) == KITH_OK)
        count++;
    return count;
}

static kith_status judge_ready(struct maker *maker, uint32_t number, struct kithp_fit *fit)
{
    kith_source *source = NULL;
    kith_ready_source ready = {.size = sizeof ready};
    kith_source_options options = {.size = sizeof options, .allocator = maker->view->allocator};
    kith_status status = kith_source_get_ready(number, &ready, NULL);
    if (status == KITH_OK)
        status = kith_source_parse(kith_text_of(ready.description), ready.name, &options, &source, NULL);
    *fit = (struct kithp_fit){.ready = number};
    if (status == KITH_OK)
        kithp_fit_judge(fit, source, maker->fields, maker->exports->format, maker->exports->rows_path);
    kith_source_free(source);
    return status;
}

/* Behind those that fit better. */
static void insert_fit(struct kithp_view *view, const struct kithp_fit *fit)
{
    uint32_t at = view->info.fits++;
    for (; at > 0; at--) {
        const kith_inspected_fit *before = &view->fits[at - 1];
        const struct kithp_fit other = {before->ready, before->wanted, before->found, before->fits};
        if (!kithp_fit_is_better(fit, &other))
            break;
        view->fits[at] = *before;
    }
    view->fits[at] =
        (kith_inspected_fit){.ready = fit->ready, .fits = fit->fits, .wanted = fit->wanted, .found = fit->found};
}

static bool list_fits(struct maker *maker)
{
    struct kithp_view *view = maker->view;
    uint32_t count = count_ready();
    view->fits = kithp_alloc_cleared(view->allocator, count, sizeof *view->fits);
    if (!view->fits)
        return false;
    for (uint32_t i = 0; i < count; i++) {
        struct kithp_fit fit;
        if (judge_ready(maker, i, &fit) == KITH_NO_MEMORY)
            return false;
        if (fit.found > 0)
            insert_fit(view, &fit);
    }
    return true;
}

/* ---- the whole ---- */

static void fill_info(struct maker *maker)
{
    const struct kithp_view_exports *exports = maker->exports;
    const struct kithp_guess *guess = &maker->guess;
    uint32_t member = guess->fields[KITH_FIELD_MEMBER].field;
    const struct kithp_distinct *members = member ? &maker->fields->items[member].distinct : NULL;
    kith_inspection_info *info = &maker->view->info;
    info->format = exports->format;
    info->delimiter = (unsigned char)exports->delimiter;
    info->gzip = exports->is_gzip;
    info->exports = exports->count;
    info->whole = exports->is_whole;
    info->headless = exports->headless;
    info->complete = kithp_guess_is_complete(guess);
    info->about = members && members->many;
    info->rows = exports->rows;
    info->refused = exports->refused;
    info->bytes = exports->bytes;
    info->bytes_total = exports->bytes_total;
    info->members = members ? kithp_distinct_count(members, exports->rows) : 0;
    info->rows_path = keep(maker, exports->rows_path);
    info->one_kind = kith_text_of(guess->one_kind ? guess->one_kind : "");
}

bool kithp_view_make(struct kithp_view *view, const kith_allocator *allocator,
                     const struct kithp_inspect_fields *fields, const struct kithp_view_exports *exports)
{
    *view = (struct kithp_view){.allocator = allocator};
    kithp_arena_init(&view->texts, allocator);
    struct maker maker = {.view = view, .fields = fields, .exports = exports};
    view->fields = kithp_alloc_cleared(allocator, fields->count, sizeof *view->fields);
    maker.path = kithp_alloc_array(allocator, KITHP_INSPECT_PATH_ROOM, 1);
    bool done = view->fields && maker.path;
    if (done) {
        kithp_guess_make(&maker.guess, fields);
        fill_info(&maker);
        keep_guess(&maker);
        keep_times(&maker);
        list_fields(&maker, KITHP_INSPECT_ROW);
        list_fields(&maker, KITHP_INSPECT_DOCUMENT);
        done = list_kinds(&maker) && list_fits(&maker) && !maker.failed;
    }
    kithp_alloc_free(allocator, maker.path);
    if (!done)
        kithp_view_free(view);
    return done;
}

void kithp_view_free(struct kithp_view *view)
{
    kithp_alloc_free(view->allocator, view->fields);
    kithp_alloc_free(view->allocator, view->kinds);
    kithp_alloc_free(view->allocator, view->fits);
    kithp_arena_free(&view->texts);
    view->fields = NULL;
    view->kinds = NULL;
    view->fits = NULL;
}
