/* SPDX-License-Identifier: MIT */
#include "inspect/guess.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "inspect/naming.h"
#include "inspect/paths.h"

/* What a name takes: 255 bytes of a member, 64 of a kind of the policy; those of an export may be longer. */
enum { MEMBER_BYTES = 255, KIND_BYTES = KITHP_DISTINCT_BYTES, QUANTITY_MOST = 1000000000 };

/* What is known of a field when it is judged. */
struct candidate {
    const struct kithp_inspect_fields *fields;
    const struct kithp_inspect_field *field;
    const struct kithp_inspect_field *member; /* that was found, or NULL */
    int name;                                 /* points for its name */
    uint32_t percent;                         /* of the rows in which it is there */
    uint32_t type;
};

static uint32_t percent_of(uint64_t part, uint64_t whole)
{
    /* A name that stands twice in an object has more values than there are rows. */
    return part < whole ? (uint32_t)(100 * part / whole) : 100 * (whole > 0);
}

static uint64_t distinct_of(const struct candidate *candidate)
{
    return kithp_distinct_count(&candidate->field->distinct, candidate->field->there);
}

/* A field that is there in few rows is seldom the one. */
static int less_for_rows_without(const struct candidate *candidate, int points)
{
    return points - (int)(100 - candidate->percent) / 2;
}

static int less_for_depth(const struct candidate *candidate, int points, int each)
{
    return points - each * (int)(candidate->field->names - 1);
}

/* ---- what a field of an event must be like; 0 where it cannot be one, else points ---- */

static int judge_time(const struct candidate *candidate)
{
    struct kithp_moments_span span;
    enum kithp_moments_notation notation = kithp_moments_best(&candidate->field->moments, &span);
    bool is_number = notation != KITHP_MOMENTS_ISO && notation != KITHP_MOMENTS_PATTERN;
    if (10 * span.count < 9 * candidate->field->there || candidate->percent < 90 || (is_number && candidate->name <= 0))
        return 0;
    /* What is written as a time is one, whatever its name; numbers may be anything. */
    int points = candidate->name + (is_number ? 0 : KITHP_GUESS_ENOUGH);
    return less_for_depth(candidate, points, 6);
}

static int judge_member(const struct candidate *candidate)
{
    const struct kithp_inspect_field *field = candidate->field;
    if ((candidate->type != KITH_TYPE_TEXT && candidate->type != KITH_TYPE_WHOLE) || field->longest > MEMBER_BYTES)
        return 0;
    bool is_unique = !field->distinct.many && distinct_of(candidate) == field->there;
    int points = less_for_rows_without(candidate, candidate->name);
    points -= field->there >= 50 && is_unique ? 25 : 0;
    return less_for_depth(candidate, points, 3);
}

static uint64_t count_known_kinds(const struct kithp_inspect_field *field)
{
    uint64_t known = 0;
    for (size_t i = 0; i < field->distinct.count; i++)
        known += kithp_naming_kind(kithp_distinct_text(&field->distinct, i)) != NULL;
    return known;
}

static int judge_kind(const struct candidate *candidate)
{
    const struct kithp_inspect_field *field = candidate->field;
    uint64_t distinct = distinct_of(candidate);
    if ((candidate->type != KITH_TYPE_TEXT && candidate->type != KITH_TYPE_WHOLE) || field->distinct.many ||
        field->longest > KIND_BYTES || (distinct > 20 && 2 * distinct > field->there))
        return 0;
    uint64_t known = count_known_kinds(field);
    int points = less_for_rows_without(candidate, candidate->name);
    if (candidate->name > 0 && known > 0)
        points += 12;
    /* What holds little else is one by any name that does not speak against it. */
    if (candidate->name == 0 && known >= 2 && 2 * known >= distinct)
        points += KITHP_GUESS_ENOUGH + 10;
    points -= candidate->type == KITH_TYPE_WHOLE ? 8 : 0;
    points -= distinct == 1 && field->there >= 20 ? 10 : 0;
    return less_for_depth(candidate, points, 10);
}

static int judge_target(const struct candidate *candidate)
{
    const struct kithp_inspect_field *field = candidate->field;
    if ((candidate->type != KITH_TYPE_TEXT && candidate->type != KITH_TYPE_WHOLE) || field->longest > MEMBER_BYTES)
        return 0;
    int points = candidate->name;
    uint32_t shared = candidate->member ? kithp_distinct_shared(&field->distinct, &candidate->member->distinct) : 0;
    /* What is aimed at members has names that members have. */
    if (shared >= 20)
        points += 20;
    else if (shared < 5 && field->there >= 5)
        points -= 40;
    return less_for_depth(candidate, points, 3);
}

static int judge_quantity(const struct candidate *candidate)
{
    const struct kithp_inspect_field *field = candidate->field;
    bool fits = field->types[KITH_TYPE_WHOLE] == field->there && field->lowest >= 1 && field->highest <= QUANTITY_MOST;
    return fits ? less_for_depth(candidate, candidate->name, 10) : 0;
}

static int judge_id(const struct candidate *candidate)
{
    const struct kithp_inspect_field *field = candidate->field;
    uint64_t distinct = distinct_of(candidate);
    bool is_unique = field->distinct.many ? 10 * distinct >= 8 * field->there : distinct == field->there;
    if (candidate->type == KITH_TYPE_BOOLEAN || candidate->percent < 99 || !is_unique)
        return 0;
    return less_for_depth(candidate, candidate->name, 10);
}

/* ---- why ---- */

static void say_notation(const struct kithp_inspect_field *field, char *out, size_t room)
{
    static const char *const units[] = {[KITHP_MOMENTS_SECONDS] = "seconds since 1970",
                                        [KITHP_MOMENTS_MILLISECONDS] = "milliseconds since 1970",
                                        [KITHP_MOMENTS_MICROSECONDS] = "microseconds since 1970",
                                        [KITHP_MOMENTS_NANOSECONDS] = "nanoseconds since 1970"};
    struct kithp_moments_span span;
    enum kithp_moments_notation notation = kithp_moments_best(&field->moments, &span);
    if (notation == KITHP_MOMENTS_ISO)
        snprintf(out, room, "ISO 8601");
    else if (notation == KITHP_MOMENTS_PATTERN)
        snprintf(out, room, "all of it times");
    else
        snprintf(out, room, "%s", units[notation]);
}

static void say_distinct(const struct candidate *candidate, char *out, size_t room)
{
    if (distinct_of(candidate) == 1) {
        snprintf(out, room, "the same everywhere");
        return;
    }
    snprintf(out, room, "%s%" PRIu64 " different ones", candidate->field->distinct.many ? "about " : "",
             distinct_of(candidate));
}

static void say_why(const struct candidate *candidate, uint32_t which, char *out)
{
    char what[KITHP_GUESS_WHY_ROOM - 32];
    const struct kithp_inspect_field *field = candidate->field;
    switch (which) {
    case KITH_FIELD_TIME:
        say_notation(field, what, sizeof what);
        break;
    case KITH_FIELD_MEMBER:
    case KITH_FIELD_KIND:
        say_distinct(candidate, what, sizeof what);
        break;
    case KITH_FIELD_TARGET:
        snprintf(what, sizeof what, "%" PRIu32 " in 100 of them act, too",
                 candidate->member ? kithp_distinct_shared(&field->distinct, &candidate->member->distinct) : 0);
        break;
    case KITH_FIELD_QUANTITY:
        snprintf(what, sizeof what, "whole numbers from %" PRId64 " to %" PRId64, field->lowest, field->highest);
        break;
    default:
        snprintf(what, sizeof what, "another one in each row");
    }
    const char *by = candidate->name > 0 ? "by its name; " : which == KITH_FIELD_KIND ? "by its values; " : "";
    snprintf(out, KITHP_GUESS_WHY_ROOM, "%s%s", by, what);
}

/* ---- choosing ---- */

/* The words of the names that lead to a field. */
static void place_of(const struct kithp_inspect_fields *fields, uint32_t number, struct kithp_naming_place *place)
{
    memset(place, 0, sizeof *place);
    kithp_naming_of(&place->name, fields->items[number].name);
    uint32_t at = fields->items[number].parent;
    for (int above = 0; at >= KITHP_INSPECT_FIRST; at = fields->items[at].parent, above++)
        if (above < 2)
            kithp_naming_of(above == 0 ? &place->above : &place->further, fields->items[at].name);
}

static int judge(const struct candidate *candidate, uint32_t which)
{
    switch (which) {
    case KITH_FIELD_TIME:
        return judge_time(candidate);
    case KITH_FIELD_MEMBER:
        return judge_member(candidate);
    case KITH_FIELD_KIND:
        return judge_kind(candidate);
    case KITH_FIELD_TARGET:
        return judge_target(candidate);
    case KITH_FIELD_QUANTITY:
        return judge_quantity(candidate);
    default:
        return judge_id(candidate);
    }
}

static bool is_taken(const struct kithp_guess *guess, uint32_t number)
{
    for (uint32_t which = KITH_FIELD_TIME; which < KITH_FIELDS; which++)
        if (guess->fields[which].field == number)
            return true;
    return false;
}

/* Whether a field may be one of an event: a single value of the row, with a name that can be said. */
static bool may_be_one(const struct kithp_inspect_fields *fields, uint32_t number)
{
    const struct kithp_inspect_field *field = &fields->items[number];
    uint64_t others = field->types[KITH_TYPE_LIST] + field->types[KITH_TYPE_OBJECT];
    return field->there > 0 && !field->is_document && field->lists == 0 && 10 * others <= field->there &&
           kithp_inspect_is_sayable(fields, number);
}

/* Puts a field among the others that might be it, the best first. */
static void note_other(struct kithp_guess_one *one, int *points, uint32_t number, int judged)
{
    for (int i = 0; i < KITHP_GUESS_OTHERS_MOST; i++) {
        if (one->others[i] && points[i] >= judged)
            continue;
        size_t behind = KITHP_GUESS_OTHERS_MOST - 1 - (size_t)i;
        memmove(&one->others[i + 1], &one->others[i], behind * sizeof *one->others);
        memmove(&points[i + 1], &points[i], behind * sizeof *points);
        one->others[i] = number;
        points[i] = judged;
        return;
    }
}

static void choose(struct kithp_guess *guess, const struct kithp_inspect_fields *fields, uint32_t which)
{
    struct kithp_guess_one *one = &guess->fields[which];
    int points[KITHP_GUESS_OTHERS_MOST] = {0};
    uint32_t member = guess->fields[KITH_FIELD_MEMBER].field;
    struct candidate candidate = {.fields = fields, .member = member ? &fields->items[member] : NULL};
    for (uint32_t number = KITHP_INSPECT_FIRST; number < fields->count; number++) {
        if (!may_be_one(fields, number) || is_taken(guess, number))
            continue;
        struct kithp_naming_place place;
        place_of(fields, number, &place);
        candidate.field = &fields->items[number];
        candidate.name = kithp_naming_judge(&place, which);
        candidate.percent = percent_of(candidate.field->there, fields->rows);
        candidate.type = kithp_inspect_fields_type(candidate.field);
        int judged = judge(&candidate, which);
        if (judged < KITHP_GUESS_ENOUGH)
            continue;
        if (judged > one->points) {
            if (one->field)
                note_other(one, points, one->field, one->points);
            one->field = number;
            one->points = judged;
            say_why(&candidate, which, one->why);
        } else {
            note_other(one, points, number, judged);
        }
    }
}

/* A column that has kith's own name for it is taken, whatever it holds, where there is none that is better. */
static void choose_by_own_name(struct kithp_guess *guess, const struct kithp_inspect_fields *fields, uint32_t which,
                               const char *name)
{
    struct kithp_guess_one *one = &guess->fields[which];
    uint32_t number = one->field ? 0 : kithp_inspect_fields_find(fields, KITHP_INSPECT_ROW, kith_text_of(name));
    if (!number || !may_be_one(fields, number) || is_taken(guess, number))
        return;
    one->field = number;
    snprintf(one->why, sizeof one->why, "by its name alone");
}

static uint32_t find_bot(const struct kithp_inspect_fields *fields)
{
    for (uint32_t number = KITHP_INSPECT_FIRST; number < fields->count; number++) {
        const struct kithp_inspect_field *field = &fields->items[number];
        struct kithp_naming name;
        kithp_naming_of(&name, field->name);
        if (may_be_one(fields, number) && field->types[KITH_TYPE_BOOLEAN] == field->there && kithp_naming_is_bot(&name))
            return number;
    }
    return 0;
}

void kithp_guess_make(struct kithp_guess *guess, const struct kithp_inspect_fields *fields)
{
    memset(guess, 0, sizeof *guess);
    /* The member first: who is aimed at is judged by who acts. */
    choose(guess, fields, KITH_FIELD_TIME);
    choose_by_own_name(guess, fields, KITH_FIELD_TIME, "time");
    choose(guess, fields, KITH_FIELD_MEMBER);
    choose_by_own_name(guess, fields, KITH_FIELD_MEMBER, "member");
    choose(guess, fields, KITH_FIELD_KIND);
    choose_by_own_name(guess, fields, KITH_FIELD_KIND, "kind");
    choose(guess, fields, KITH_FIELD_TARGET);
    choose_by_own_name(guess, fields, KITH_FIELD_TARGET, "target");
    choose(guess, fields, KITH_FIELD_ID);
    choose(guess, fields, KITH_FIELD_QUANTITY);
    choose_by_own_name(guess, fields, KITH_FIELD_QUANTITY, "quantity");
    if (!guess->fields[KITH_FIELD_KIND].field)
        guess->one_kind = "post";
    guess->bot = find_bot(fields);
}
