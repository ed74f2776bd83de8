/* SPDX-License-Identifier: MIT */
#include "community_support.h"

void draw_policy(char *text, size_t size, uint64_t *seed)
{
    static const char *const dimensions[] = {"content", "interaction", "community"};
    static const char *const weights[][3] = {
        {"0.4", "0.3", "0.3"}, {"0", "1", "0"}, {"0.998", "0.001", "0.001"}, {"0.5", "0", "0.5"}};
    static const char *const halves[] = {"0.001", "40", "7.5", "1000000"};
    static const char *const lives[] = {"0", "0.5", "4", "520"};
    static const char *const points[] = {"0.001", "-1", "12.5", "1000000", "-1000000", "0", "3", "2"};
    size_t at = 0;
    const char *const *weight = weights[chance_below(seed, 4)];
    at += (size_t)snprintf(text + at, size - at,
                           "[calendar]\nutc_offset = %s\nweek_start = %s\n"
                           "[weights]\ncontent = %s\ninteraction = %s\ncommunity = %s\n[memory]\nhalf_life_weeks = %s\n"
                           "[half_points]\n",
                           chance_below(seed, 2) ? "+05:30" : "-11:00", chance_below(seed, 2) ? "monday" : "sunday",
                           weight[0], weight[1], weight[2], lives[chance_below(seed, 4)]);
    for (unsigned d = 0; d < KITH_DIMENSIONS; d++)
        at += (size_t)snprintf(text + at, size - at, "%s = %s\n", dimensions[d], halves[chance_below(seed, 4)]);
    uint32_t silent = 1 + chance_below(seed, 9);
    at += (size_t)snprintf(text + at, size - at,
                           "[churn]\nsilent_days = %u\ndormant_days = %u\ndrop_percent = %u\ndrop_baseline_weeks = %u\n"
                           "drop_min_per_week = %u\ncore_days = %u\nrisk_percent = %u\n[demotion]\ngrace_weeks = %u\n",
                           silent, silent + chance_below(seed, 20), 1 + chance_below(seed, 100),
                           1 + chance_below(seed, 6), chance_below(seed, 20), 1 + chance_below(seed, 12),
                           1 + chance_below(seed, 60), 1 + chance_below(seed, 3));
    at += (size_t)snprintf(text + at, size - at, "[tier low]\n");
    for (unsigned tier = 1; tier <= 4; tier++) {
        uint32_t promote = tier == 4 && chance_below(seed, 3) == 0 ? 10000 : tier * 1500 + chance_below(seed, 1000);
        uint32_t keep = chance_below(seed, promote + 1);
        at += (size_t)snprintf(text + at, size - at,
                               "[tier t%u]\npromote_at = %u.%02u\nkeep_at = %u.%02u\nmin_active_days = %u\n"
                               "min_supporters = %u\n",
                               tier, promote / 100, promote % 100, keep / 100, keep % 100, chance_below(seed, 4),
                               chance_below(seed, 3));
    }
    for (unsigned kind = 0; kind < KINDS; kind++) {
        at += (size_t)snprintf(text + at, size - at, "[kind k%u]\n", kind);
        for (unsigned role = 0; role < 2; role++) {
            char limits[2][32] = {"", ""};
            if (chance_below(seed, 5) == 0)
                continue;
            if (chance_below(seed, 2))
                snprintf(limits[0], sizeof limits[0], " cap %u", 1 + chance_below(seed, 60));
            if (chance_below(seed, 2))
                snprintf(limits[1], sizeof limits[1], " each %u", 1 + chance_below(seed, 15));
            at += (size_t)snprintf(text + at, size - at, "%s = %s %s%s%s\n", role ? "receives" : "gives",
                                   dimensions[chance_below(seed, 3)], points[chance_below(seed, 8)], limits[0],
                                   limits[1]);
        }
    }
    at += (size_t)snprintf(text + at, size - at, "[kind away]\nleave = yes\n");
    assert_true(at < size);
}

void draw_event(struct drawn *drawn, int64_t begin, uint64_t *seed)
{
    static const uint32_t quantities[] = {1, 1, 1, 2, 5, 30, 400, 1000000000};
    memset(drawn, 0, sizeof *drawn);
    drawn->actor = chance_below(seed, 8) ? 1 + chance_below(seed, 1 + chance_below(seed, PEOPLE)) : 0;
    drawn->target = !drawn->actor || chance_below(seed, 2) ? 1 + chance_below(seed, PEOPLE) : 0;
    bool away = drawn->actor && chance_below(seed, 60) == 0;
    drawn->event = (kith_event){
        .size = sizeof drawn->event,
        .kind = away ? KINDS : chance_below(seed, KINDS),
        .time = begin + chance_below(seed, (uint32_t)WEEK),
        .quantity = away ? 1 + chance_below(seed, 20) : quantities[chance_below(seed, 8)],
    };
    if (drawn->actor)
        snprintf(drawn->names[0], NAME_ROOM, "m%u", drawn->actor);
    if (drawn->target)
        snprintf(drawn->names[1], NAME_ROOM, "m%u", drawn->target);
    drawn->event.member_name = kith_text_of(drawn->names[0]);
    drawn->event.target_name = kith_text_of(drawn->names[1]);
}
