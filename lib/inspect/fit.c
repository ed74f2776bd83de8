/* SPDX-License-Identifier: MIT */
#include "inspect/fit.h"

#include "base/path.h"
#include "base/text.h"

/* A description that has less of its paths in an export is not meant for it, whatever these are. */
enum { FOUND_LEAST = 3 };

struct judge {
    const kith_source *source;
    const struct kithp_inspect_fields *fields;
    uint32_t format;
};

/* ---- paths ---- */

static bool is_digits(kith_text name)
{
    for (uint64_t i = 0; i < name.length; i++)
        if (name.data[i] < '0' || name.data[i] > '9')
            return false;
    return name.length > 0;
}

/* The field that a name leads to, an element's number among them; 0 where there is none. */
static uint32_t step(const struct kithp_inspect_fields *fields, uint32_t from, kith_text name)
{
    uint32_t field = kithp_inspect_fields_find(fields, from, name);
    return field || !is_digits(name) ? field : kithp_inspect_fields_find_element(fields, from);
}

/* The field that a path of JSON leads to from another. */
static uint32_t walk(const struct kithp_inspect_fields *fields, uint32_t from, kith_text text)
{
    char name[KITHP_INSPECT_NAME_BYTES];
    if (text.length == 1 && text.data[0] == '.')
        return from;
    struct kithp_path path = {text.data, text.data + text.length, NULL};
    do {
        /* A name takes as much room as is left of the path. */
        if ((size_t)(path.end - path.at) > sizeof name)
            return 0;
        size_t length = kithp_path_read_name(&path, name);
        from = path.words ? 0 : step(fields, from, (kith_text){name, length});
    } while (from && kithp_path_next(&path));
    return path.words ? 0 : from;
}

static uint32_t find(const struct judge *judge, uint32_t from, kith_text path)
{
    return judge->format == KITH_FORMAT_CSV ? kithp_inspect_fields_find(judge->fields, from, path)
                                            : walk(judge->fields, from, path);
}

static bool is_there(const struct judge *judge, uint32_t from, kith_text path)
{
    uint32_t field = from ? find(judge, from, path) : 0;
    return field && judge->fields->items[field].there > 0;
}

/* The elements of an event's list, by its number; 0 where there are none. */
static uint32_t elements_of(const struct judge *judge, const struct kithp_source_event *event, uint32_t number)
{
    uint32_t from = KITHP_INSPECT_ROW;
    for (uint32_t i = 0; i <= number && from; i++) {
        uint32_t list = find(judge, from, event->lists[i].path);
        from = list ? kithp_inspect_fields_find_element(judge->fields, list) : 0;
    }
    return from;
}

/* ---- what is found of a description ---- */

static void count_paths(const struct judge *judge, const struct kithp_source_paths *paths, uint32_t from,
                        struct kithp_fit *fit)
{
    for (uint32_t i = 0; i < paths->count; i++) {
        fit->wanted++;
        fit->found += is_there(judge, from, paths->paths[i].path);
    }
}

static bool part_is_there(const struct judge *judge, const struct kithp_source_event *event,
                          const struct kithp_source_part *part)
{
    if (part->sort != KITHP_SOURCE_PATH)
        return true;
    if (part->scope == KITHP_SOURCE_ELEMENT)
        return is_there(judge, elements_of(judge, event, part->list),
                        event->lists[part->list].paths.paths[part->path].path);
    if (part->scope == KITHP_SOURCE_DOCUMENT)
        return is_there(judge, KITHP_INSPECT_DOCUMENT, judge->source->document.paths[part->path].path);
    return is_there(judge, KITHP_INSPECT_ROW, judge->source->row.paths[part->path].path);
}

/* Whether a field of an event can be read at all. */
static bool value_is_there(const struct judge *judge, const struct kithp_source_event *event, enum kithp_field field)
{
    const struct kithp_source_value *value = &event->values[field];
    for (uint32_t i = 0; i < value->part_count; i++)
        if (part_is_there(judge, event, &value->parts[i]))
            return true;
    return false;
}

static bool form_fits(const kith_source *source, uint32_t format, kith_text rows_path)
{
    if (source->format != KITH_FORMAT_ANY && source->format != format)
        return false;
    return format != KITH_FORMAT_JSON || kithp_text_equal(source->rows, rows_path);
}

void kithp_fit_judge(struct kithp_fit *fit, const kith_source *source, const struct kithp_inspect_fields *fields,
                     uint32_t format, kith_text rows_path)
{
    const struct judge judge = {source, fields, format};
    fit->wanted = fit->found = 0;
    fit->fits = false;
    if (!form_fits(source, format, rows_path))
        return;
    count_paths(&judge, &source->row, KITHP_INSPECT_ROW, fit);
    count_paths(&judge, &source->document, KITHP_INSPECT_DOCUMENT, fit);
    for (uint32_t i = 0; i < source->event_count; i++)
        for (uint32_t list = 0; list < source->events[i].list_count; list++)
            count_paths(&judge, &source->events[i].lists[list].paths, elements_of(&judge, &source->events[i], list),
                        fit);
    const struct kithp_source_event *first = &source->events[0];
    fit->fits = fit->found >= FOUND_LEAST && value_is_there(&judge, first, KITHP_TIME) &&
                value_is_there(&judge, first, KITHP_MEMBER) && value_is_there(&judge, first, KITHP_KIND);
}

bool kithp_fit_is_better(const struct kithp_fit *one, const struct kithp_fit *other)
{
    if (one->fits != other->fits)
        return one->fits;
    /* Shares of what each names, without a division. */
    uint64_t share = (uint64_t)one->found * other->wanted, others = (uint64_t)other->found * one->wanted;
    if (share != others)
        return share > others;
    return one->found != other->found ? one->found > other->found : one->ready < other->ready;
}
