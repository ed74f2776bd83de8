/* SPDX-License-Identifier: MIT */
#include "explain_tables.h"

#include <inttypes.h>
#include <stdbool.h>
#include <string.h>

#include "names.h"
#include "number.h"
#include "prose.h"
#include "text.h"

/* Columns of the tables, the space before each among them; where there are more than a billion points, they shift. */
enum {
    SLOT_INDENT = 4,
    KIND_COLUMNS = 20,
    ROLE_COLUMNS = 9,
    QUANTITY_COLUMNS = 14,
    UNIT_COLUMNS = 10,
    EARNED_COLUMNS = 9,
    DIMENSION_COLUMNS = 11,
    POINTS_COLUMNS = 14,
    SCORE_COLUMNS = 8,
    WEIGHT_COLUMNS = 8,
    PART_COLUMNS = 9,
    GROUP_COLUMNS = 44,
    COUNT_COLUMNS = 14,
    SHARE_COLUMNS = 6
};

/* ---- what was done ---- */

/* Columns of this table: the larger its numbers, the fewer are left for what kinds are called. */
struct widths {
    int kind;
    int unit;
    int points;
};

static void widen(int *columns, int64_t points)
{
    char number[CLI_NUMBER_SIZE];
    int needed = 1 + (int)strlen(cli_number_points(number, points));
    if (needed > *columns)
        *columns = needed;
}

static struct widths widths_of(const kith_explanation *of)
{
    struct widths widths = {.unit = UNIT_COLUMNS, .points = EARNED_COLUMNS};
    for (uint32_t d = 0; d < KITH_DIMENSIONS; d++)
        widen(&widths.points, of->dimensions[d].earned);
    for (uint64_t i = 0; i < of->slot_count; i++) {
        widen(&widths.unit, of->slots[i].unit);
        widen(&widths.points, of->slots[i].points);
    }
    widths.kind = CLI_PAGE_COLUMNS - SLOT_INDENT - ROLE_COLUMNS - 2 * QUANTITY_COLUMNS - widths.unit - widths.points;
    return widths;
}

static void print_slot(FILE *out, const kith_policy *policy, const kith_explained_slot *slot,
                       const struct widths *widths)
{
    char number[CLI_NUMBER_SIZE];
    fprintf(out, "%*s", SLOT_INDENT, "");
    cli_text_print_fitted(out, kith_text_of(cli_name_kind(policy, slot->kind)), widths->kind);
    fprintf(out, " %-*s", ROLE_COLUMNS - 1, slot->role == KITH_GIVES ? "done" : "received");
    fprintf(out, "%*s", QUANTITY_COLUMNS, cli_number_count(number, slot->quantity));
    fprintf(out, "%*s", QUANTITY_COLUMNS, cli_number_count(number, slot->counted));
    fprintf(out, "%*s", widths->unit, cli_number_points(number, slot->unit));
    fprintf(out, "%*s\n", widths->points, cli_number_points(number, slot->points));
}

static void print_dimension_slots(FILE *out, const kith_policy *policy, const kith_explanation *of, uint32_t dimension,
                                  const struct widths *widths)
{
    char number[CLI_NUMBER_SIZE];
    bool begun = false;
    for (uint64_t i = 0; i < of->slot_count; i++) {
        const kith_explained_slot *slot = &of->slots[i];
        if (slot->dimension != dimension)
            continue;
        if (!begun)
            fprintf(out, "  %-*s%*s\n", CLI_PAGE_COLUMNS - 2 - widths->points, cli_name_dimension(dimension),
                    widths->points, cli_number_points(number, of->dimensions[dimension].earned));
        begun = true;
        print_slot(out, policy, slot, widths);
    }
}

/* Why less counted than there was. */
static void tell_limit(FILE *out, const kith_policy *policy, const kith_explained_slot *slot)
{
    char number[CLI_NUMBER_SIZE];
    kith_kind kind = {.size = sizeof kind};
    if (slot->counted == slot->quantity || kith_policy_get_kind(policy, slot->kind, &kind, NULL) != KITH_OK)
        return;
    const kith_credit *credit = slot->role == KITH_GIVES ? &kind.gives : &kind.receives;
    fprintf(out, "- %s of ", cli_number_count(number, slot->counted));
    fprintf(out, "%s ", cli_number_count(number, slot->quantity));
    cli_text_print_cut(out, kith_text_of(kind.name), KIND_COLUMNS);
    fprintf(out, " %s counted:", slot->role == KITH_GIVES ? "done" : "received");
    if (slot->each < slot->quantity) {
        fprintf(out, " with any one other member at most %s a week", cli_number_count(number, credit->each));
        fprintf(out, ", which leaves %s", cli_number_count(number, slot->each));
    }
    if (slot->each < slot->quantity && slot->counted < slot->each)
        fputs("; and", out);
    if (slot->counted < slot->each)
        fprintf(out, " in all at most %s a week", cli_number_count(number, credit->cap));
    fputs(".\n", out);
}

void cli_explain_slots(FILE *out, const kith_policy *policy, const kith_explanation *of)
{
    struct widths widths = widths_of(of);
    fprintf(out, "%*s%*s%*s%*s%*s\n", SLOT_INDENT + widths.kind + ROLE_COLUMNS, "", QUANTITY_COLUMNS, "how often",
            QUANTITY_COLUMNS, "counted", widths.unit, "worth", widths.points, "points");
    for (uint32_t d = 0; d < KITH_DIMENSIONS; d++)
        print_dimension_slots(out, policy, of, d, &widths);
    for (uint64_t i = 0; i < of->slot_count; i++)
        tell_limit(out, policy, &of->slots[i]);
}

/* ---- the score ---- */

/* Weight times score, with as many decimals as it has: hundredths times thousandths. */
static const char *part_text(char *out, int64_t part)
{
    int length = snprintf(out, CLI_NUMBER_SIZE, "%" PRId64 ".%05" PRId64, part / 100000, part % 100000);
    while (out[length - 1] == '0' && out[length - 4] != '.')
        out[--length] = '\0';
    return out;
}

static void print_dimension(FILE *out, const kith_explanation *of, uint32_t dimension)
{
    char number[CLI_NUMBER_SIZE];
    const kith_explained_dimension *own = &of->dimensions[dimension];
    fprintf(out, "  %-*s", DIMENSION_COLUMNS, cli_name_dimension(dimension));
    fprintf(out, "%*s", POINTS_COLUMNS, cli_number_points(number, own->carried_over));
    fprintf(out, "%*s", POINTS_COLUMNS, cli_number_points(number, own->earned));
    fprintf(out, "%*s", POINTS_COLUMNS, cli_number_points(number, own->remembered));
    fprintf(out, "%*s", SCORE_COLUMNS, cli_number_score(number, own->score));
    fprintf(out, "%*s", WEIGHT_COLUMNS, cli_number_points(number, own->weight));
    fprintf(out, "%*s\n", PART_COLUMNS, part_text(number, (int64_t)own->weight * own->score));
}

void cli_explain_score(FILE *out, const kith_explanation *of)
{
    char number[CLI_NUMBER_SIZE];
    int64_t sum = 0;
    fprintf(out, "  %-*s%*s%*s%*s%*s%*s%*s\n", DIMENSION_COLUMNS, "", POINTS_COLUMNS, "carried over", POINTS_COLUMNS,
            "earned", POINTS_COLUMNS, "remembered", SCORE_COLUMNS, "score", WEIGHT_COLUMNS, "weight", PART_COLUMNS,
            "adds");
    for (uint32_t d = 0; d < KITH_DIMENSIONS; d++) {
        print_dimension(out, of, d);
        sum += (int64_t)of->dimensions[d].weight * of->dimensions[d].score;
    }
    fprintf(out, "  %-*s%*s\n", DIMENSION_COLUMNS + 3 * POINTS_COLUMNS + SCORE_COLUMNS + WEIGHT_COLUMNS, "together",
            PART_COLUMNS, part_text(number, sum));
}

/* ---- the risk ---- */

static void print_outcomes(FILE *out, const char *who, uint64_t known, uint64_t lost)
{
    char number[CLI_NUMBER_SIZE];
    fprintf(out, "  %-*s%*s", GROUP_COLUMNS, who, COUNT_COLUMNS, cli_number_count(number, known));
    fprintf(out, "%*s", COUNT_COLUMNS, cli_number_count(number, lost));
    if (known > 0)
        fprintf(out, "%*" PRIu64, SHARE_COLUMNS, (100 * lost + known / 2) / known);
    fputc('\n', out);
}

void cli_explain_outcomes(FILE *out, const kith_explanation *of)
{
    fprintf(out, "  %-*s%*s%*s%*s\n", GROUP_COLUMNS, "", COUNT_COLUMNS, "known", COUNT_COLUMNS, "lost", SHARE_COLUMNS,
            "%");
    print_outcomes(out, "in the same situation", of->alike, of->lost);
    print_outcomes(out, "silent for as long, active in as many weeks", of->similar, of->similar_lost);
    print_outcomes(out, "in any situation", of->all, of->all_lost);
}
