/* SPDX-License-Identifier: MIT */
/* What was done, what it counted for, and how the score comes about: two tables, and what is to be said of them. */
#include <string.h>

#include "prose/amount.h"
#include "prose/telling.h"

/* Columns of the tables, the space before each among them; points that fill theirs, as 10,000,000.001 do, shift. */
enum {
    DIMENSION_INDENT = 2,
    SLOT_INDENT = 4,
    KIND_COLUMNS = 20, /* of what a kind is called in sentences */
    ROLE_COLUMNS = 9,
    QUANTITY_COLUMNS = 14,
    UNIT_COLUMNS = 10,
    EARNED_COLUMNS = 9,
    DIMENSION_COLUMNS = 11,
    POINTS_COLUMNS = 14,
    SCORE_COLUMNS = 8,
    WEIGHT_COLUMNS = 8,
    PART_COLUMNS = 9
};

static void count_cell(const struct kithp_telling *telling, uint64_t count, unsigned columns)
{
    char number[KITHP_AMOUNT_ROOM];
    kithp_page_right(telling->page, kithp_amount_count(number, count), columns);
}

static void points_cell(const struct kithp_telling *telling, int64_t points, unsigned columns)
{
    char number[KITHP_AMOUNT_ROOM];
    kithp_page_right(telling->page, kithp_amount_points(number, points), columns);
}

static const char *role_of(const kith_explained_slot *slot)
{
    return slot->role == KITH_GIVES ? "done" : "received";
}

/* ---- what was done ---- */

/* Columns of this table: the larger its numbers, the fewer are left for what kinds are called. */
struct widths {
    unsigned kind;
    unsigned unit;
    unsigned points;
};

static void widen(unsigned *columns, int64_t points)
{
    char number[KITHP_AMOUNT_ROOM];
    unsigned needed = 1 + (unsigned)strlen(kithp_amount_points(number, points));
    if (needed > *columns)
        *columns = needed;
}

/* No unit takes more than 11 columns and no points that can be earned more than 20, so that kinds keep some. */
static struct widths widths_of(const kith_explanation *of)
{
    struct widths widths = {.unit = UNIT_COLUMNS, .points = EARNED_COLUMNS};
    for (uint32_t d = 0; d < KITH_DIMENSIONS; d++)
        widen(&widths.points, of->dimensions[d].earned);
    for (uint64_t i = 0; i < of->slot_count; i++) {
        widen(&widths.unit, of->slots[i].unit);
        widen(&widths.points, of->slots[i].points);
    }
    widths.kind = KITHP_PAGE_COLUMNS - SLOT_INDENT - ROLE_COLUMNS - 2 * QUANTITY_COLUMNS - widths.unit - widths.points;
    return widths;
}

static void tell_slot(const struct kithp_telling *telling, const kith_explained_slot *slot, const struct widths *widths)
{
    kithp_page_begin_row(telling->page, SLOT_INDENT);
    kithp_page_left(telling->page, kith_text_of(telling->policy->kinds[slot->kind].name), widths->kind);
    kithp_page_string(telling->page, " ");
    kithp_page_left(telling->page, kith_text_of(role_of(slot)), ROLE_COLUMNS - 1);
    count_cell(telling, slot->quantity, QUANTITY_COLUMNS);
    count_cell(telling, slot->counted, QUANTITY_COLUMNS);
    points_cell(telling, slot->unit, widths->unit);
    points_cell(telling, slot->points, widths->points);
    kithp_page_end_line(telling->page);
}

static void tell_dimension_slots(const struct kithp_telling *telling, uint32_t dimension, const struct widths *widths)
{
    bool begun = false;
    for (uint64_t i = 0; i < telling->of->slot_count; i++) {
        const kith_explained_slot *slot = &telling->of->slots[i];
        if (slot->dimension != dimension)
            continue;
        if (!begun) {
            kithp_page_begin_row(telling->page, DIMENSION_INDENT);
            kithp_page_left(telling->page, kith_text_of(kithp_policy_dimensions[dimension]),
                            KITHP_PAGE_COLUMNS - DIMENSION_INDENT - widths->points);
            points_cell(telling, telling->of->dimensions[dimension].earned, widths->points);
            kithp_page_end_line(telling->page);
        }
        begun = true;
        tell_slot(telling, slot, widths);
    }
}

static void tell_slots(const struct kithp_telling *telling)
{
    struct widths widths = widths_of(telling->of);
    kithp_page_begin_row(telling->page, SLOT_INDENT + widths.kind + ROLE_COLUMNS);
    kithp_page_right(telling->page, "how often", QUANTITY_COLUMNS);
    kithp_page_right(telling->page, "counted", QUANTITY_COLUMNS);
    kithp_page_right(telling->page, "worth", widths.unit);
    kithp_page_right(telling->page, "points", widths.points);
    kithp_page_end_line(telling->page);
    for (uint32_t d = 0; d < KITH_DIMENSIONS; d++)
        tell_dimension_slots(telling, d, &widths);
}

/* Why less counted than there was. */
static void tell_limit(const struct kithp_telling *telling, const kith_explained_slot *slot)
{
    if (slot->counted == slot->quantity)
        return;
    char counted[KITHP_AMOUNT_ROOM], number[KITHP_AMOUNT_ROOM];
    const struct kithp_kind *kind = &telling->policy->kinds[slot->kind];
    const kith_credit *credit = slot->role == KITH_GIVES ? &kind->gives : &kind->receives;
    bool by_each = slot->each < slot->quantity, by_cap = slot->counted < slot->each;
    kithp_page_begin_item(telling->page);
    kithp_page_say(telling->page, "%s of %s ", kithp_amount_count(counted, slot->counted),
                   kithp_amount_count(number, slot->quantity));
    kithp_page_name(telling->page, kith_text_of(kind->name), KIND_COLUMNS);
    kithp_page_say(telling->page, " %s counted:", role_of(slot));
    if (by_each) {
        kithp_page_say(telling->page, " with any one other member at most %s a week",
                       kithp_amount_count(number, credit->each));
        kithp_page_say(telling->page, ", which leaves %s", kithp_amount_count(number, slot->each));
    }
    if (by_each && by_cap)
        kithp_page_string(telling->page, "; and");
    if (by_cap)
        kithp_page_say(telling->page, " in all at most %s a week", kithp_amount_count(number, credit->cap));
    kithp_page_string(telling->page, ".");
    kithp_page_end_line(telling->page);
}

void kithp_telling_tell_points(const struct kithp_telling *telling)
{
    kithp_telling_heading(telling, "What was done this week");
    if (telling->of->slot_count == 0) {
        kithp_page_string(telling->page, kithp_telling_either(telling, "Nothing that counts for points.",
                                                              "Nothing so far that counts for points."));
        kithp_page_end_line(telling->page);
        return;
    }
    tell_slots(telling);
    for (uint64_t i = 0; i < telling->of->slot_count; i++)
        tell_limit(telling, &telling->of->slots[i]);
}

/* ---- the score ---- */

/* What a dimension adds to the score. */
static int64_t part_of(const kith_explained_dimension *dimension)
{
    return (int64_t)dimension->weight * dimension->score;
}

static void part_cell(const struct kithp_telling *telling, int64_t part)
{
    char number[KITHP_AMOUNT_ROOM];
    kithp_page_right(telling->page, kithp_amount_part(number, part), PART_COLUMNS);
}

static void tell_dimension(const struct kithp_telling *telling, uint32_t dimension)
{
    char number[KITHP_AMOUNT_ROOM];
    const kith_explained_dimension *own = &telling->of->dimensions[dimension];
    kithp_page_begin_row(telling->page, DIMENSION_INDENT);
    kithp_page_left(telling->page, kith_text_of(kithp_policy_dimensions[dimension]), DIMENSION_COLUMNS);
    points_cell(telling, own->carried_over, POINTS_COLUMNS);
    points_cell(telling, own->earned, POINTS_COLUMNS);
    points_cell(telling, own->remembered, POINTS_COLUMNS);
    kithp_page_right(telling->page, kithp_amount_score(number, own->score), SCORE_COLUMNS);
    points_cell(telling, own->weight, WEIGHT_COLUMNS);
    part_cell(telling, part_of(own));
    kithp_page_end_line(telling->page);
}

static void tell_dimensions(const struct kithp_telling *telling)
{
    int64_t sum = 0;
    kithp_page_begin_row(telling->page, DIMENSION_INDENT + DIMENSION_COLUMNS);
    kithp_page_right(telling->page, "carried over", POINTS_COLUMNS);
    kithp_page_right(telling->page, "earned", POINTS_COLUMNS);
    kithp_page_right(telling->page, "remembered", POINTS_COLUMNS);
    kithp_page_right(telling->page, "score", SCORE_COLUMNS);
    kithp_page_right(telling->page, "weight", WEIGHT_COLUMNS);
    kithp_page_right(telling->page, "adds", PART_COLUMNS);
    kithp_page_end_line(telling->page);
    for (uint32_t d = 0; d < KITH_DIMENSIONS; d++) {
        tell_dimension(telling, d);
        sum += part_of(&telling->of->dimensions[d]);
    }
    kithp_page_begin_row(telling->page, DIMENSION_INDENT);
    kithp_page_left(telling->page, kith_text_of("together"),
                    DIMENSION_COLUMNS + 3 * POINTS_COLUMNS + SCORE_COLUMNS + WEIGHT_COLUMNS);
    part_cell(telling, sum);
    kithp_page_end_line(telling->page);
}

static void tell_rules(const struct kithp_telling *telling)
{
    static const char *const between[KITH_DIMENSIONS] = {", ", " or ", ""};
    kithp_page_string(telling->page, " Of the points of earlier weeks a part is carried over, so that old ones fade. A "
                                     "dimension scores 50 of 100 with ");
    for (uint32_t d = 0; d < KITH_DIMENSIONS; d++) {
        kithp_telling_points(telling, telling->of->dimensions[d].half_points);
        kithp_page_say(telling->page, "%s %s%s", d == 0 ? " remembered points of" : " of", kithp_policy_dimensions[d],
                       between[d]);
    }
    kithp_page_string(telling->page, ", and more with more.");
}

void kithp_telling_tell_score(const struct kithp_telling *telling)
{
    kithp_telling_heading(telling, "From points to the score");
    tell_dimensions(telling);
    kithp_page_string(telling->page, "Rounded down, that is the score of ");
    kithp_telling_score(telling, telling->of->score);
    kithp_page_string(telling->page, ".");
    if (telling->with_rules)
        tell_rules(telling);
    kithp_page_end_line(telling->page);
}
