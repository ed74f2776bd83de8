/* SPDX-License-Identifier: MIT */
#include "policy/write.h"

#include <string.h>

#include "base/hash.h"
#include "base/number.h"
#include "policy/figures.h"

/* Column at which comments behind values begin, so that they stand in line. */
enum { COMMENT_COLUMN = 28 };

struct page {
    struct kithp_writer *writer;
    bool with_comments;
};

static void string(const struct page *page, const char *text)
{
    kithp_writer_string(page->writer, text);
}

static void comment(const struct page *page, const char *text)
{
    if (page->with_comments)
        string(page, text);
}

static void decimal(const struct page *page, int64_t scaled, unsigned decimals)
{
    char *room = kithp_writer_room(page->writer);
    page->writer->used += kithp_number_format_decimal(room, scaled, decimals);
}

static void section(const struct page *page, const char *name)
{
    string(page, "\n[");
    string(page, name);
    string(page, "]\n");
}

/* Fills up to the column of comments, `length` bytes of the line being written. */
static void end_line(const struct page *page, size_t length, const char *said)
{
    if (page->with_comments && said) {
        for (size_t i = length; i < COMMENT_COLUMN; i++)
            string(page, " ");
        string(page, " ; ");
        string(page, said);
    }
    string(page, "\n");
}

static void number_line(const struct page *page, const char *key, int64_t scaled, unsigned decimals, const char *said)
{
    char text[KITHP_NUMBER_ROOM];
    size_t length = kithp_number_format_decimal(text, scaled, decimals);
    string(page, key);
    string(page, " = ");
    kithp_writer_bytes(page->writer, text, length);
    end_line(page, strlen(key) + 3 + length, said);
}

static void write_calendar(const struct page *page, const struct kithp_calendar *calendar)
{
    uint32_t minutes = (uint32_t)(calendar->utc_offset < 0 ? -calendar->utc_offset : calendar->utc_offset) / 60;
    char offset[6] = {calendar->utc_offset < 0 ? '-' : '+'};
    kithp_number_format_padded(offset + 1, minutes / 60, 2);
    offset[3] = ':';
    kithp_number_format_padded(offset + 4, minutes % 60, 2);
    section(page, "calendar");
    string(page, "utc_offset = ");
    kithp_writer_bytes(page->writer, offset, sizeof offset);
    end_line(page, strlen("utc_offset = ") + sizeof offset, "the community's clock");
    string(page, "week_start = ");
    string(page, kithp_policy_weekdays[calendar->week_start]);
    string(page, "\n");
}

static void write_section_figures(const struct page *page, const struct kithp_figures *figures, const char *name)
{
    section(page, name);
    for (size_t i = 0; i < kithp_figure_count; i++) {
        const struct kithp_figure *figure = &kithp_figures[i];
        if (strcmp(figure->section, name) == 0)
            number_line(page, figure->key, kithp_figure_get(figure, figures), figure->decimals, figure->comment);
    }
}

static void write_tiers(const struct page *page, const struct kithp_figures *figures)
{
    comment(page, "\n; Tiers, lowest first; a file that lists any lists all. promote_at: the score that opens the\n"
                  "; tier. keep_at: the score that keeps it. min_active_days: days with an act of the member's own,\n"
                  "; and min_supporters: different members who gave it credit in a week, within the last four.");
    for (uint32_t i = 0; i < figures->tier_count; i++) {
        const struct kithp_tier *tier = &figures->tiers[i];
        string(page, "\n[tier ");
        string(page, tier->name);
        string(page, "]\n");
        if (i == 0)
            continue;
        number_line(page, "promote_at", tier->promote_at, 2, NULL);
        number_line(page, "keep_at", tier->keep_at, 2, NULL);
        if (tier->min_active_days)
            number_line(page, "min_active_days", tier->min_active_days, 0, NULL);
        if (tier->min_supporters)
            number_line(page, "min_supporters", tier->min_supporters, 0, NULL);
    }
}

static void write_members(const struct page *page, const struct kithp_patterns *left_out)
{
    /* Without any, the section says nothing; so the digests of policies from before there was one still hold. */
    if (left_out->count == 0 && !page->with_comments)
        return;
    comment(page,
            "\n; Members that are left out of means, counts and risk, such as bots: patterns of names, with blanks\n"
            "; between them; * is any run of characters, ? any one.");
    section(page, "members");
    if (left_out->count == 0) {
        comment(page, "; left_out = *-bot ci-*\n");
        return;
    }
    string(page, "left_out =");
    for (uint32_t i = 0; i < left_out->count; i++) {
        string(page, " ");
        string(page, left_out->texts[i]);
    }
    string(page, "\n");
}

static void write_credit(const struct page *page, const char *key, const kith_credit *credit)
{
    if (!credit->given)
        return;
    string(page, key);
    string(page, " = ");
    string(page, kithp_policy_dimensions[credit->dimension]);
    string(page, " ");
    decimal(page, credit->points, 3);
    if (credit->cap) {
        string(page, " cap ");
        decimal(page, credit->cap, 0);
    }
    if (credit->each) {
        string(page, " each ");
        decimal(page, credit->each, 0);
    }
    string(page, "\n");
}

static void write_kinds(const struct page *page, const struct kithp_figures *figures)
{
    comment(page,
            "\n; Kinds of event; a file that lists any lists all. gives credits the member who acted, receives the\n"
            "; target: DIMENSION POINTS [cap N] [each N], with the quantity a week that counts in all and with any\n"
            "; one other member. A kind with neither counts as activity alone. leave = yes: away for so many days\n"
            "; as the event's quantity says.");
    for (uint32_t i = 0; i < figures->kind_count; i++) {
        const struct kithp_kind *kind = &figures->kinds[i];
        string(page, "\n[kind ");
        string(page, kind->name);
        string(page, "]\n");
        write_credit(page, "gives", &kind->gives);
        write_credit(page, "receives", &kind->receives);
        if (kind->leave)
            string(page, "leave = yes\n");
    }
}

void kithp_policy_write_text(const struct kithp_figures *figures, bool with_comments, struct kithp_writer *writer)
{
    struct page page = {writer, with_comments};
    comment(&page, "; A kith policy: every figure of the scoring model. What is left out has its default.\n");
    write_calendar(&page, &figures->calendar);
    comment(&page, "\n; What each dimension counts for; they sum to 1.");
    write_section_figures(&page, figures, "weights");
    comment(&page, "\n; Remembered points at which a dimension scores 50 of 100.");
    write_section_figures(&page, figures, "half_points");
    write_section_figures(&page, figures, "memory");
    write_tiers(&page, figures);
    write_section_figures(&page, figures, "demotion");
    write_section_figures(&page, figures, "churn");
    write_members(&page, &figures->left_out);
    write_kinds(&page, figures);
}

/*
 * More than the longest policy without comments: 64 kinds of 220 bytes, 16 tiers of 175, 32 patterns of 65, and 800 for
 * the rest.
 */
enum { DIGEST_ROOM = 22528 };

static int refuse(void *context, const void *bytes, size_t length)
{
    (void)context;
    (void)bytes;
    (void)length;
    return 1;
}

uint64_t kithp_policy_digest(const struct kithp_figures *figures)
{
    char text[DIGEST_ROOM];
    struct kithp_writer writer = {.write = refuse, .buffer = text, .capacity = sizeof text};
    kithp_policy_write_text(figures, false, &writer);
    struct kithp_hash_key key = {0, 0};
    return kithp_hash_bytes(key, text, writer.used);
}
