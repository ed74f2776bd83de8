/* SPDX-License-Identifier: MIT */
#include "slow_model.h"

enum { SUPPORTERS_MOST = 65535 };

/* What docs/policy.md has as defaults; weights are 400, 300, 300 in either. */
const struct slow_figures slow_default_figures = {{120000, 60000, 40000}, 55109, 2, 7, 28, 50, 4, 2, 15, 50};
const struct slow_figures slow_small_figures = {{30000, 12000, 10000}, 55109, 2, 7, 21, 50, 3, 1, 15, 50};

static const int64_t weights[KITH_DIMENSIONS] = {400, 300, 300};

static int64_t floor_div(int64_t a, int64_t b)
{
    return a / b - (a % b < 0);
}

static int64_t clamp(int64_t value, int64_t least, int64_t most)
{
    return value < least ? least : value > most ? most : value;
}

static int64_t day_of(int64_t time)
{
    return floor_div(time, DAY);
}

static int64_t first_day_of(int64_t week)
{
    return 7 * week - 3;
}

int64_t slow_week(int64_t time)
{
    return floor_div(day_of(time) + 3, 7);
}

/* ---- the tally of a week ---- */

static const kith_kind *kind_of(const struct slow_model *model, uint32_t index)
{
    static const kith_kind leave = {.size = sizeof leave, .leave = 1};
    return index == KITH_KIND_LEAVE ? &leave : &model->kinds[index];
}

/* What is looked up once: kinds, and which events are of the week. */
static void begin_week(struct slow_model *model, int64_t week)
{
    if (model->kind_count == 0) {
        kith_policy_info info = {.size = sizeof info};
        MUST(kith_policy_get_info(model->policy, &info, NULL) == KITH_OK);
        model->tier_count = info.tiers;
        for (; model->kind_count < info.kinds; model->kind_count++) {
            kith_kind *kind = &model->kinds[model->kind_count];
            kind->size = sizeof *kind;
            MUST(kith_policy_get_kind(model->policy, model->kind_count, kind, NULL) == KITH_OK);
        }
    }
    model->in_week_count = 0;
    for (uint32_t i = 0; i < model->event_count; i++)
        if (slow_week(model->events[i].time) == week)
            model->in_week[model->in_week_count++] = i;
}

static const struct slow_event *event_of_week(const struct slow_model *model, uint32_t i)
{
    return &model->events[model->in_week[i]];
}

static uint64_t stop(uint64_t sum)
{
    return sum > UINT32_MAX ? UINT32_MAX : sum;
}

/* Whether an event credits this member in a role; the other one, or 0. */
static bool credits(const struct slow_event *event, uint32_t who, uint32_t role, uint32_t *other)
{
    if (event->member == event->target)
        return false;
    *other = role == KITH_GIVES ? event->target : event->member;
    return (role == KITH_GIVES ? event->member : event->target) == who;
}

/* What counts of a slot after `each` and `cap`. */
static uint64_t counted(const struct slow_model *model, uint32_t who, uint32_t kind, uint32_t role,
                        const kith_credit *credit)
{
    uint64_t with[SLOW_PEOPLE] = {0}, sum = 0;
    for (uint32_t i = 0; i < model->in_week_count; i++) {
        const struct slow_event *event = event_of_week(model, i);
        uint32_t other;
        if (event->kind == kind && credits(event, who, role, &other))
            with[other] += event->quantity;
    }
    for (uint32_t i = 0; i < SLOW_PEOPLE; i++) {
        uint64_t quantity = stop(with[i]);
        sum += i > 0 && credit->each && quantity > credit->each ? credit->each : quantity;
    }
    sum = stop(sum);
    return credit->cap && sum > credit->cap ? credit->cap : sum;
}

static void earn(const struct slow_model *model, uint32_t who, int64_t points[KITH_DIMENSIONS])
{
    for (uint32_t kind = 0; kind < model->kind_count; kind++) {
        const kith_credit *both[] = {&model->kinds[kind].gives, &model->kinds[kind].receives};
        for (uint32_t role = 0; role < 2; role++)
            if (both[role]->given)
                points[both[role]->dimension] +=
                    clamp(both[role]->points * (int64_t)counted(model, who, kind, role, both[role]),
                          -(INT64_C(1) << 40), INT64_C(1) << 40);
    }
}

static uint32_t supporters_of(const struct slow_model *model, uint32_t who)
{
    bool seen[SLOW_PEOPLE] = {false};
    uint64_t count = 0;
    for (uint32_t i = 0; i < model->in_week_count; i++) {
        const struct slow_event *event = event_of_week(model, i);
        const kith_credit *credit = &kind_of(model, event->kind)->receives;
        uint32_t other;
        if (!credit->given || credit->points <= 0 || !credits(event, who, KITH_RECEIVES, &other))
            continue;
        count += other == 0 ? event->quantity : !seen[other];
        seen[other] = true;
    }
    return count > SUPPORTERS_MOST ? SUPPORTERS_MOST : (uint32_t)count;
}

/* ---- what a member did ---- */

static bool acted(const struct slow_model *model, uint32_t who)
{
    for (uint32_t i = 0; i < model->in_week_count; i++)
        if (event_of_week(model, i)->member == who)
            return true;
    return false;
}

static uint32_t active_days(const struct slow_model *model, int64_t week, uint32_t who)
{
    bool days[28] = {false};
    uint32_t count = 0;
    for (uint32_t i = 0; i < model->event_count; i++) {
        int64_t day = day_of(model->events[i].time) - first_day_of(week - 3);
        if (model->events[i].member == who && day >= 0 && day < 28)
            days[day] = true;
    }
    for (unsigned i = 0; i < 28; i++)
        count += days[i];
    return count;
}

static int64_t leave_end(const struct slow_model *model, int64_t week, uint32_t who)
{
    int64_t end = 0;
    for (uint32_t i = 0; i < model->event_count; i++) {
        const struct slow_event *event = &model->events[i];
        if (event->member != who || slow_week(event->time) > week || !kind_of(model, event->kind)->leave)
            continue;
        int64_t until = day_of(event->time) + event->quantity;
        end = until > end ? until : end;
    }
    return end;
}

static uint64_t interactions_of(const struct slow_model *model, uint32_t who)
{
    uint64_t sum = 0;
    for (uint32_t i = 0; i < model->in_week_count; i++) {
        const struct slow_event *event = event_of_week(model, i);
        const kith_credit *credit = &kind_of(model, event->kind)->gives;
        if (event->member == who && event->target != who && credit->given && credit->dimension == KITH_INTERACTION)
            sum += event->quantity;
    }
    return stop(sum);
}

/* Its first and latest moments up to a week, and on how many days it had own events: 0, 1, or 2 for more. */
static uint32_t moments(const struct slow_model *model, int64_t week, uint32_t who, struct slow_standing *now)
{
    int64_t a_day = INT64_MIN;
    uint32_t own_days = 0;
    now->joined = INT64_MAX;
    now->last_seen = KITH_NO_TIME;
    for (uint32_t i = 0; i < model->event_count; i++) {
        const struct slow_event *event = &model->events[i];
        if (slow_week(event->time) > week || (event->member != who && event->target != who))
            continue;
        now->is_known = true;
        now->joined = event->time < now->joined ? event->time : now->joined;
        if (event->member != who)
            continue;
        now->last_seen = event->time > now->last_seen ? event->time : now->last_seen;
        if (own_days == 0 || (own_days == 1 && day_of(event->time) != a_day))
            own_days++;
        a_day = day_of(event->time);
    }
    return own_days;
}

/* ---- rules ---- */

static bool qualifies(const struct slow_model *model, uint32_t tier, const struct slow_standing *now,
                      uint32_t supporters)
{
    kith_tier is = {.size = sizeof is};
    MUST(kith_policy_get_tier(model->policy, tier, &is, NULL) == KITH_OK);
    return now->score >= is.promote_at && now->active_days >= is.min_active_days && supporters >= is.min_supporters;
}

static void set_tier(const struct slow_model *model, uint32_t who, uint32_t supporters, struct slow_standing *now)
{
    kith_tier own = {.size = sizeof own};
    if (model->pinned[who]) {
        now->tier = model->pinned[who] - 1;
        now->weeks_below = 0;
        return;
    }
    for (uint32_t tier = model->tier_count - 1; now->acted && tier > now->tier; tier--) {
        if (!qualifies(model, tier, now, supporters))
            continue;
        now->tier = tier;
        now->weeks_below = 0;
        return;
    }
    if (now->on_leave)
        return;
    MUST(kith_policy_get_tier(model->policy, now->tier, &own, NULL) == KITH_OK);
    if (now->silent_days >= model->figures->dormant_days && now->tier > 0) {
        now->tier--;
        now->weeks_below = 0;
    } else if (now->score < own.keep_at && now->tier > 0) {
        if (++now->weeks_below == model->figures->grace_weeks) {
            now->tier--;
            now->weeks_below = 0;
        }
    } else {
        now->weeks_below = 0;
    }
}

static bool drops(const struct slow_model *model, uint32_t at, uint32_t who, const struct slow_standing *now)
{
    uint64_t baseline = 0, n = model->figures->drop_weeks, found = 0;
    for (uint32_t i = at; i-- > 0 && found < n;) {
        const struct slow_standing *then = &model->standings[i][who];
        if (!then->is_known || then->on_leave)
            continue;
        baseline += then->interactions;
        found++;
    }
    return found == n && baseline > 0 && baseline >= n * model->figures->drop_least &&
           now->interactions * n * 100 <= baseline * (100 - model->figures->drop_percent);
}

static void set_flags(const struct slow_model *model, uint32_t at, uint32_t who, uint32_t own_days,
                      struct slow_standing *now)
{
    const struct slow_figures *figures = model->figures;
    const struct slow_standing *before = at > 0 ? &model->standings[at - 1][who] : NULL;
    int64_t last_day = first_day_of(model->first_week + at + 1) - 1;
    now->flags = 0;
    if (before && before->is_known && before->flags & KITH_FLAG_DORMANT && now->acted)
        now->flags |= KITH_FLAG_RETURNED;
    if (now->on_leave)
        return;
    if (now->silent_days >= figures->silent_days)
        now->flags |= KITH_FLAG_SILENT;
    if (now->silent_days >= figures->dormant_days)
        now->flags |= KITH_FLAG_DORMANT;
    if (drops(model, at, who, now))
        now->flags |= KITH_FLAG_DROP;
    if (now->flags & KITH_FLAG_SILENT && own_days < 2 && last_day - day_of(now->joined) < figures->dormant_days)
        now->flags |= KITH_FLAG_STALLED;
    if (now->risk >= 0 && now->risk >= (int32_t)(100 * figures->risk_percent))
        now->flags |= KITH_FLAG_AT_RISK;
}

static uint32_t stage_of(const struct slow_model *model, const struct slow_standing *now, bool is_first)
{
    if (is_first)
        return KITH_STAGE_NEW;
    if (now->flags & KITH_FLAG_RETURNED)
        return KITH_STAGE_RETURNED;
    if (now->active_days >= model->figures->core_days)
        return KITH_STAGE_CORE;
    if (now->acted)
        return KITH_STAGE_ACTIVE;
    if (now->on_leave)
        return KITH_STAGE_AWAY;
    return now->flags & KITH_FLAG_DORMANT ? KITH_STAGE_DORMANT : KITH_STAGE_SILENT;
}

/* ---- risk ---- */

struct situation {
    uint32_t pattern, age, silence, active;
};

/* Of a member at a week that has been reviewed, or is being; the pattern may be 0. */
static struct situation situation_of(const struct slow_model *model, uint32_t at, uint32_t who)
{
    struct situation is = {.pattern = 0};
    for (uint32_t i = 0; i < 8 && i <= at; i++)
        is.pattern |= (uint32_t)model->standings[at - i][who].acted << i;
    for (uint32_t i = at; i > 0 && model->standings[i - 1][who].is_known && is.age < 7; i--)
        is.age++;
    while (is.pattern && !(is.pattern >> is.silence & 1))
        is.silence++;
    for (uint32_t i = 0; i < 8; i++)
        is.active += is.pattern >> i & 1;
    return is;
}

static void add_outcome(struct slow_outcomes *outcomes, bool lost)
{
    outcomes->y += lost;
    outcomes->n++;
}

static void learn(struct slow_model *model, uint32_t at)
{
    for (uint32_t who = 1; at >= 8 && who < SLOW_PEOPLE; who++) {
        struct situation then = situation_of(model, at - 8, who);
        bool lost = true, left = false;
        if (!model->standings[at - 8][who].is_known || then.pattern == 0 || model->left_out[who])
            continue;
        for (uint32_t i = at - 8; i <= at; i++) {
            left |= model->standings[i][who].on_leave;
            lost &= i == at - 8 || !model->standings[i][who].acted;
        }
        if (left)
            continue;
        add_outcome(&model->all, lost);
        add_outcome(&model->by_silence[then.silence][then.active], lost);
        add_outcome(&model->by_pattern[then.pattern][then.age], lost);
    }
}

static int32_t risk_of(const struct slow_model *model, uint32_t at, uint32_t who)
{
    struct situation is = situation_of(model, at, who);
    if (model->all.n < 100 || is.pattern == 0 || model->standings[at][who].on_leave || model->left_out[who])
        return -1;
    const struct slow_outcomes *zc = &model->by_silence[is.silence][is.active];
    const struct slow_outcomes *pa = &model->by_pattern[is.pattern][is.age];
    uint64_t g = 10000 * (model->all.y + 1) / (model->all.n + 2);
    uint64_t q = (10000 * zc->y + 20 * g) / (zc->n + 20);
    return (int32_t)((10000 * pa->y + 20 * q) / (pa->n + 20));
}

/* ---- a week ---- */

/* What its own past decides. */
static void review_member(struct slow_model *model, uint32_t at, uint32_t who)
{
    int64_t week = model->first_week + at, last_day = first_day_of(week + 1) - 1;
    int64_t points[KITH_DIMENSIONS] = {0}, sum = 0;
    struct slow_standing *now = &model->standings[at][who];
    *now = (struct slow_standing){.risk = -1};
    moments(model, week, who, now);
    if (!now->is_known)
        return;
    if (at > 0) {
        now->tier = model->standings[at - 1][who].tier;
        now->weeks_below = model->standings[at - 1][who].weeks_below;
    }
    earn(model, who, points);
    for (unsigned d = 0; d < KITH_DIMENSIONS; d++) {
        int64_t before = at > 0 ? model->standings[at - 1][who].remembered[d] : 0;
        now->remembered[d] = clamp(floor_div(before * model->figures->carry, 65536) + points[d], 0, INT64_C(1) << 40);
        now->dimensions[d] =
            (int32_t)(10000 * now->remembered[d] / (now->remembered[d] + model->figures->half_points[d]));
        sum += weights[d] * now->dimensions[d];
    }
    now->score = (int32_t)(sum / 1000);
    now->acted = acted(model, who);
    now->active_days = active_days(model, week, who);
    now->interactions = interactions_of(model, who);
    int64_t end = leave_end(model, week, who);
    now->on_leave = end > first_day_of(week);
    int64_t last = now->last_seen == KITH_NO_TIME ? day_of(now->joined) : day_of(now->last_seen);
    last = end - 1 > last ? end - 1 : last;
    now->silent_days = last_day > last ? last_day - last : 0;
    uint32_t supporters = now->supporters = supporters_of(model, who);
    for (uint32_t i = 1; i <= 3 && i <= at; i++)
        if (model->standings[at - i][who].supporters > supporters)
            supporters = model->standings[at - i][who].supporters;
    set_tier(model, who, supporters, now);
}

void slow_review(struct slow_model *model, int64_t week)
{
    bool is_first = model->weeks == 0;
    if (is_first)
        model->first_week = week;
    uint32_t at = model->weeks;
    MUST(at < SLOW_WEEKS && model->first_week + at == week);
    begin_week(model, week);
    for (uint32_t who = 1; who < SLOW_PEOPLE; who++)
        review_member(model, at, who);
    learn(model, at);
    for (uint32_t who = 1; who < SLOW_PEOPLE; who++) {
        struct slow_standing *now = &model->standings[at][who], moment = {.is_known = false};
        if (!now->is_known)
            continue;
        now->risk = risk_of(model, at, who);
        set_flags(model, at, who, moments(model, week, who, &moment), now);
        now->stage = stage_of(model, now, at == 0 || !model->standings[at - 1][who].is_known);
    }
    model->weeks++;
}
