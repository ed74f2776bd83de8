/* SPDX-License-Identifier: MIT */
#include "prose/telling.h"

#include "prose/amount.h"

void kithp_telling_tier(const struct kithp_telling *telling, uint32_t tier)
{
    kithp_page_name(telling->page, kith_text_of(telling->policy->tiers[tier].name), KITHP_TELLING_NAME_COLUMNS);
}

void kithp_telling_count(const struct kithp_telling *telling, uint64_t count, const char *one)
{
    char number[KITHP_AMOUNT_ROOM];
    kithp_page_say(telling->page, "%s %s%s", kithp_amount_count(number, count), one, count == 1 ? "" : "s");
}

void kithp_telling_points(const struct kithp_telling *telling, int64_t thousandths)
{
    char number[KITHP_AMOUNT_ROOM];
    kithp_page_string(telling->page, kithp_amount_points(number, thousandths));
}

void kithp_telling_score(const struct kithp_telling *telling, int32_t hundredths)
{
    char number[KITHP_AMOUNT_ROOM];
    kithp_page_string(telling->page, kithp_amount_score(number, hundredths));
}

void kithp_telling_day(const struct kithp_telling *telling, int64_t day)
{
    char text[KITHP_AMOUNT_ROOM];
    kithp_page_string(telling->page, kithp_amount_day(text, day));
}

const char *kithp_telling_either(const struct kithp_telling *telling, const char *reviewed, const char *open)
{
    return telling->of->provisional ? open : reviewed;
}

void kithp_telling_heading(const struct kithp_telling *telling, const char *words)
{
    kithp_page_end_line(telling->page);
    kithp_page_begin_heading(telling->page);
    kithp_page_string(telling->page, words);
    kithp_page_end_heading(telling->page);
}
