/* SPDX-License-Identifier: MIT */
#include "support.h"

#include "base/hash.h"
#include "policy/policy.h"
#include "policy/write.h"

/* ---- what several tests need ---- */

static struct gathered written(const kith_policy *policy)
{
    struct gathered text = {0};
    kith_error error = {.size = sizeof error};
    if (kith_policy_write(policy, gather, &text, &error) != KITH_OK)
        fail_msg("%s", error.message);
    return text;
}

static kith_policy *parsed(const char *text, size_t length)
{
    kith_policy *policy = NULL;
    kith_error error = {.size = sizeof error};
    if (kith_policy_parse((kith_text){text, length}, NULL, NULL, &policy, &error) != KITH_OK)
        fail_msg("%s\n%s", error.message, text);
    return policy;
}

static kith_policy *default_policy(void)
{
    kith_policy *policy = NULL;
    assert_int_equal(kith_policy_new(NULL, &policy, NULL), KITH_OK);
    return policy;
}

static uint64_t digest_of(const kith_policy *policy)
{
    kith_policy_info info = {.size = sizeof info};
    assert_int_equal(kith_policy_get_info(policy, &info, NULL), KITH_OK);
    return info.digest;
}

/* Every figure, one by one: the bytes between them mean nothing. */
static bool same_credit(const kith_credit *a, const kith_credit *b)
{
    return a->given == b->given && a->dimension == b->dimension && a->points == b->points && a->cap == b->cap &&
           a->each == b->each;
}

static bool same_figures(const struct kithp_figures *a, const struct kithp_figures *b)
{
    bool same = a->calendar.utc_offset == b->calendar.utc_offset && a->calendar.week_start == b->calendar.week_start &&
                memcmp(a->weights, b->weights, sizeof a->weights) == 0 &&
                memcmp(a->half_points, b->half_points, sizeof a->half_points) == 0 &&
                a->half_life_weeks == b->half_life_weeks && a->grace_weeks == b->grace_weeks &&
                a->silent_days == b->silent_days && a->dormant_days == b->dormant_days &&
                a->drop_percent == b->drop_percent && a->drop_baseline_weeks == b->drop_baseline_weeks &&
                a->drop_min_per_week == b->drop_min_per_week && a->core_days == b->core_days &&
                a->risk_percent == b->risk_percent && a->tier_count == b->tier_count &&
                a->kind_count == b->kind_count && a->left_out.count == b->left_out.count;
    for (uint32_t i = 0; same && i < a->left_out.count; i++)
        same = strcmp(a->left_out.texts[i], b->left_out.texts[i]) == 0;
    for (uint32_t i = 0; same && i < a->tier_count; i++) {
        const struct kithp_tier *one = &a->tiers[i], *other = &b->tiers[i];
        same = strcmp(one->name, other->name) == 0 && one->promote_at == other->promote_at &&
               one->keep_at == other->keep_at && one->min_active_days == other->min_active_days &&
               one->min_supporters == other->min_supporters;
    }
    for (uint32_t i = 0; same && i < a->kind_count; i++) {
        const struct kithp_kind *one = &a->kinds[i], *other = &b->kinds[i];
        same = strcmp(one->name, other->name) == 0 && one->leave == other->leave &&
               same_credit(&one->gives, &other->gives) && same_credit(&one->receives, &other->receives);
    }
    return same;
}

/* ---- policies of chance ---- */

/* A number from least to most, now and then one of the two. */
static uint32_t figure(uint64_t *luck, uint32_t least, uint32_t most)
{
    uint32_t choice = chance_below(luck, 8);
    return choice == 0 ? least : choice == 1 ? most : least + chance_below(luck, most - least + 1);
}

static void invent_name(uint64_t *luck, char *name, uint32_t number)
{
    /* The number keeps names apart. What stands behind it is what INI text could stumble over. */
    static const char *const parts[] = {"a", "]", "[", ";", "#", "=", " x", "\xC3\xA9", "\xF0\x9F\x98\x80", "\"", "%s"};
    int length = snprintf(name, KITHP_NAME_MOST + 1, "%u", number);
    for (;;) {
        const char *part = parts[chance_below(luck, sizeof parts / sizeof *parts)];
        if (chance_below(luck, 12) == 0 || (size_t)length + strlen(part) > KITHP_NAME_MOST)
            return;
        strcpy(name + length, part);
        length += (int)strlen(part);
    }
}

static kith_credit invent_credit(uint64_t *luck)
{
    kith_credit credit = {.given = chance_below(luck, 2)};
    if (credit.given) {
        credit.dimension = chance_below(luck, KITH_DIMENSIONS);
        credit.points = (int32_t)figure(luck, 0, 2000000000) - 1000000000;
        credit.cap = chance_below(luck, 2) ? figure(luck, 1, 1000000000) : 0;
        credit.each = chance_below(luck, 2) ? figure(luck, 1, 1000000000) : 0;
    }
    return credit;
}

static void invent_tiers(uint64_t *luck, struct kithp_figures *figures)
{
    figures->tier_count = figure(luck, KITHP_TIERS_LEAST, KITHP_TIERS_MOST);
    int32_t promote_at = 0;
    for (uint32_t i = 0; i < figures->tier_count; i++) {
        struct kithp_tier *tier = &figures->tiers[i];
        *tier = (struct kithp_tier){.promote_at = 0};
        invent_name(luck, tier->name, i);
        if (i == 0)
            continue;
        promote_at += (int32_t)figure(luck, i > 1, 10000 / KITHP_TIERS_MOST);
        tier->promote_at = promote_at;
        tier->keep_at = (int32_t)figure(luck, 0, (uint32_t)promote_at);
        tier->min_active_days = figure(luck, 0, 28);
        tier->min_supporters = figure(luck, 0, 65535);
    }
}

/* Like names, but with stars and question marks for blanks and some more. */
static void invent_patterns(uint64_t *luck, struct kithp_patterns *patterns)
{
    patterns->count = chance_below(luck, 2) ? figure(luck, 0, KITHP_PATTERNS_MOST) : 0;
    for (uint32_t i = 0; i < patterns->count; i++) {
        invent_name(luck, patterns->texts[i], i);
        for (char *at = patterns->texts[i] + strspn(patterns->texts[i], "0123456789"); *at; at++)
            if ((unsigned char)*at < 0x80 && (*at == ' ' || chance_below(luck, 10) == 0))
                *at = chance_below(luck, 2) ? '*' : '?';
    }
}

static void invent(uint64_t *luck, struct kithp_figures *figures)
{
    *figures = (struct kithp_figures){.tier_count = 0};
    figures->calendar.utc_offset = ((int32_t)figure(luck, 0, 28 * 60) - 14 * 60) * 60;
    figures->calendar.week_start = chance_below(luck, 7);
    figures->weights[0] = (int32_t)figure(luck, 0, 1000);
    figures->weights[1] = (int32_t)figure(luck, 0, (uint32_t)(1000 - figures->weights[0]));
    figures->weights[2] = 1000 - figures->weights[0] - figures->weights[1];
    for (int i = 0; i < KITH_DIMENSIONS; i++)
        figures->half_points[i] = figure(luck, 1, 1000000000);
    figures->half_life_weeks = figure(luck, 0, 52000);
    figures->grace_weeks = figure(luck, 1, 52);
    figures->silent_days = figure(luck, 1, 365);
    figures->dormant_days = figure(luck, figures->silent_days, 3650);
    figures->drop_percent = figure(luck, 1, 100);
    figures->drop_baseline_weeks = figure(luck, 1, KITHP_BASELINE_MOST);
    figures->drop_min_per_week = figure(luck, 0, 1000000);
    figures->core_days = figure(luck, 1, 28);
    figures->risk_percent = figure(luck, 1, 100);
    invent_tiers(luck, figures);
    invent_patterns(luck, &figures->left_out);
    figures->kind_count = figure(luck, 1, KITHP_KINDS_MOST);
    for (uint32_t i = 0; i < figures->kind_count; i++) {
        struct kithp_kind *kind = &figures->kinds[i];
        invent_name(luck, kind->name, i);
        kind->leave = chance_below(luck, 4) == 0;
        kind->gives = invent_credit(luck);
        kind->receives = invent_credit(luck);
    }
}

/* The longest text that a policy can have. */
static void invent_longest(struct kithp_figures *figures)
{
    *figures = kithp_policy_defaults;
    figures->tier_count = KITHP_TIERS_MOST;
    for (uint32_t i = 0; i < KITHP_TIERS_MOST; i++) {
        struct kithp_tier *tier = &figures->tiers[i];
        *tier = (struct kithp_tier){.promote_at = 0};
        snprintf(tier->name, sizeof tier->name, "%064u", i);
        if (i > 0) {
            tier->promote_at = tier->keep_at = 1111 + (int32_t)i * 100 + (int32_t)i % 9;
            tier->min_active_days = 28;
            tier->min_supporters = 65535;
        }
    }
    figures->kind_count = KITHP_KINDS_MOST;
    for (uint32_t i = 0; i < KITHP_KINDS_MOST; i++) {
        struct kithp_kind *kind = &figures->kinds[i];
        *kind = (struct kithp_kind){
            .leave = true,
            .gives = {1, KITH_INTERACTION, -999999999, 1000000000, 1000000000},
            .receives = {1, KITH_INTERACTION, -999999999, 1000000000, 1000000000},
        };
        snprintf(kind->name, sizeof kind->name, "%064u", i);
    }
    figures->left_out.count = KITHP_PATTERNS_MOST;
    for (uint32_t i = 0; i < KITHP_PATTERNS_MOST; i++)
        snprintf(figures->left_out.texts[i], sizeof figures->left_out.texts[i], "%064u", i);
}

/* ---- written and read again ---- */

static void assert_comes_back(const kith_policy *policy)
{
    struct gathered first = written(policy);
    kith_policy *again = parsed(first.bytes, first.length);
    struct gathered second = written(again);
    if (!same_figures(&policy->figures, &again->figures))
        fail_msg("other figures came back from\n%s", first.bytes);
    assert_string_equal(first.bytes, second.bytes);
    assert_true(digest_of(policy) == digest_of(again));
    gathered_free(&first);
    gathered_free(&second);
    kith_policy_free(again);
}

static void policy_write_of_the_default_comes_back(void **state)
{
    (void)state;
    kith_policy *policy = default_policy();
    assert_comes_back(policy);
    kith_policy_free(policy);
}

static void policy_write_of_policies_of_chance_comes_back(void **state)
{
    (void)state;
    uint64_t luck = 9;
    kith_policy *policy = default_policy();
    for (int round = 0; round < 500; round++) {
        invent(&luck, &policy->figures);
        assert_comes_back(policy);
    }
    kith_policy_free(policy);
}

static void policy_write_of_the_longest_policy_comes_back(void **state)
{
    (void)state;
    kith_policy *policy = default_policy();
    invent_longest(&policy->figures);
    assert_comes_back(policy);
    kith_policy_free(policy);
}

static void policy_write_holds_every_key(void **state)
{
    (void)state;
    kith_policy *policy = default_policy();
    policy->figures.tiers[1].min_active_days = 3;
    struct gathered text = written(policy);
    static const char *const lines[] = {
        "\n[calendar]\n",
        "\nutc_offset = +00:00",
        "\nweek_start = monday",
        "\n[weights]\n",
        "\ncontent = 0.4",
        "\ninteraction = 0.3",
        "\ncommunity = 0.3",
        "\n[half_points]\n",
        "\ncontent = 120",
        "\ninteraction = 60",
        "\ncommunity = 40",
        "\n[memory]\n",
        "\nhalf_life_weeks = 4",
        "\n[tier newcomer]\n",
        "\n[tier mentor]\n",
        "\npromote_at = 30",
        "\nkeep_at = 24",
        "\nmin_supporters = 8",
        "\nmin_active_days = 3",
        "\n[demotion]\n",
        "\ngrace_weeks = 2",
        "\n[churn]\n",
        "\nsilent_days = 7",
        "\ndormant_days = 28",
        "\ndrop_percent = 50",
        "\ndrop_baseline_weeks = 4",
        "\ndrop_min_per_week = 2",
        "\nrisk_percent = 50",
        "\ncore_days = 15",
        "\n[members]\n; left_out = ",
        "\n[kind article]\n",
        "\ngives = content 20 cap 3\n",
        "\n[kind view]\n",
        "\nreceives = content 1 cap 200 each 20\n",
        "\nreceives = community -30\n",
        "\n[kind leave]\nleave = yes\n",
    };
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++)
        if (!strstr(text.bytes, lines[i]))
            fail_msg("is missing: %s", lines[i]);
    gathered_free(&text);
    kith_policy_free(policy);
}

static void policy_write_has_comments_and_short_lines(void **state)
{
    (void)state;
    kith_policy *policy = default_policy();
    struct gathered text = written(policy);
    assert_int_equal(text.bytes[0], ';');
    assert_int_equal(text.bytes[text.length - 1], '\n');
    for (const char *line = text.bytes; *line;) {
        size_t length = strcspn(line, "\n");
        assert_true(length <= 120);
        assert_true(length == 0 || line[length - 1] != ' ');
        line += length + 1;
    }
    gathered_free(&text);
    kith_policy_free(policy);
}

static void policy_write_of_the_default_is_the_text_that_people_know(void **state)
{
    (void)state;
    /* As it was read over by people: what it says of each figure is part of it, and where that stands. */
    struct gathered expected = file_of_tests("reference/written_default.ini");
    kith_policy *policy = default_policy();
    struct gathered text = written(policy);
    assert_string_equal(text.bytes, expected.bytes);
    gathered_free(&text);
    gathered_free(&expected);
    kith_policy_free(policy);
}

static void policy_write_of_what_the_default_lacks_stands_in_its_place(void **state)
{
    (void)state;
    static const char given[] = "[members]\nleft_out = *-bot ci-*\n[tier low]\n[tier high]\nkeep_at = 1.5\n"
                                "promote_at = 20\nmin_supporters = 4\nmin_active_days = 3\n"
                                "[kind nod]\nreceives = community -0.5 each 2 \ngives = content 1.25 cap 3 each 2\n"
                                "[kind away]\nleave = yes\n";
    static const char tiers[] = "\n[tier low]\n\n[tier high]\npromote_at = 20\nkeep_at = 1.5\nmin_active_days = 3\n"
                                "min_supporters = 4\n\n[demotion]\n";
    static const char members[] = "\n[members]\nleft_out = *-bot ci-*\n\n";
    static const char kinds[] = "\n[kind nod]\ngives = content 1.25 cap 3 each 2\nreceives = community -0.5 each 2\n"
                                "\n[kind away]\nleave = yes\n";
    kith_policy *policy = parsed(given, strlen(given));
    struct gathered text = written(policy);
    assert_non_null(strstr(text.bytes, tiers));
    assert_non_null(strstr(text.bytes, members));
    const char *found = strstr(text.bytes, kinds);
    assert_non_null(found);
    assert_string_equal(found, kinds);
    gathered_free(&text);
    kith_policy_free(policy);
}

static void policy_write_refused_at_any_call_is_an_input_output_error(void **state)
{
    (void)state;
    kith_policy *policy = default_policy();
    invent_longest(&policy->figures);
    struct gathered whole = written(policy);
    assert_true(whole.calls > 2);
    for (size_t refused = 1; refused <= whole.calls; refused++) {
        struct gathered text = {.fail_at = refused};
        kith_error error = {.size = sizeof error};
        assert_int_equal(kith_policy_write(policy, gather, &text, &error), KITH_INPUT_OUTPUT);
        assert_int_equal(error.status, KITH_INPUT_OUTPUT);
        assert_int_equal(text.calls, refused);
        if (text.length)
            assert_memory_equal(text.bytes, whole.bytes, text.length);
        gathered_free(&text);
    }
    gathered_free(&whole);
    kith_policy_free(policy);
}

static void policy_write_with_bad_arguments_is_refused(void **state)
{
    (void)state;
    kith_policy *policy = default_policy();
    struct gathered text = {0};
    kith_error error = {.size = sizeof error};
    assert_int_equal(kith_policy_write(NULL, gather, &text, &error), KITH_BAD_ARGUMENT);
    assert_string_equal(error.field, "policy");
    assert_int_equal(kith_policy_write(policy, NULL, &text, &error), KITH_BAD_ARGUMENT);
    assert_string_equal(error.field, "write");
    assert_int_equal(text.calls, 0);
    kith_policy_free(policy);
}

/* ---- the default ---- */

/* Lines with a key, which are those that have an equals sign and are no comment. */
static size_t keys_of(const char *text)
{
    size_t keys = 0;
    for (const char *line = text; *line;) {
        size_t length = strcspn(line, "\n");
        keys += line[0] != ';' && memchr(line, '=', length) != NULL;
        line += length + (line[length] == '\n');
    }
    return keys;
}

static void policy_write_default_file_holds_the_built_in_defaults(void **state)
{
    (void)state;
    struct gathered text = file_of_tests("reference/default_policy.ini");
    kith_policy *from_file = parsed(text.bytes, text.length);
    kith_policy *built_in = default_policy();
    assert_true(same_figures(&from_file->figures, &built_in->figures));
    assert_true(digest_of(from_file) == digest_of(built_in));
    /* And no key of it is left to its default by mistake: as many as the library writes. */
    struct gathered whole = written(built_in);
    assert_int_equal(keys_of(text.bytes), keys_of(whole.bytes));
    gathered_free(&text);
    gathered_free(&whole);
    kith_policy_free(from_file);
    kith_policy_free(built_in);
}

/* ---- digests ---- */

static void policy_digest_is_the_hash_of_the_text_without_comments(void **state)
{
    (void)state;
    uint64_t luck = 10;
    kith_policy *policy = default_policy();
    for (int round = 0; round < 50; round++) {
        char buffer[64];
        struct gathered text = {0};
        struct kithp_writer writer = {.write = gather, .context = &text, .buffer = buffer, .capacity = sizeof buffer};
        kithp_policy_write_text(&policy->figures, false, &writer);
        assert_true(kithp_writer_finish(&writer));
        for (const char *line = text.bytes; line; line = strchr(line + 1, '\n'))
            assert_true(line[0] != ';' && line[1] != ';');
        struct kithp_hash_key zero = {0, 0};
        assert_true(digest_of(policy) == kithp_hash_bytes(zero, text.bytes, text.length));
        gathered_free(&text);
        invent(&luck, &policy->figures);
    }
    kith_policy_free(policy);
}

static void policy_digest_of_the_default_is_the_same_everywhere(void **state)
{
    (void)state;
    /*
     * hash() of the text without comments, by CPython 3.11 under PYTHONHASHSEED=0. It changes with the default figures,
     * and with them alone: digests of older summaries must stay comparable.
     */
    kith_policy *policy = default_policy();
    assert_true(digest_of(policy) == UINT64_C(0x582ee18aabff1c8b));
    kith_policy_free(policy);
}

static void policy_digest_does_not_mind_comments_and_notation(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "",
        "; nothing but a comment\n",
        "[weights]\ncontent = 0.40 ; the default\ninteraction = 0.300\ncommunity = 00.3\n",
        "[churn]\r\nsilent_days = 07\r\n",
        "[memory]\nhalf_life_weeks = 4.00\n[calendar]\nutc_offset = -00:00\n",
    };
    kith_policy *built_in = default_policy();
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        kith_policy *policy = parsed(texts[i], strlen(texts[i]));
        assert_true(digest_of(policy) == digest_of(built_in));
        kith_policy_free(policy);
    }
    /* Kinds come in an order, which is that of their numbers. Keys do not. */
    static const char *const one = "[kind a]\ngives = content 1\nreceives = content 2\n[kind b]\n";
    static const char *const other = "[kind a]\nreceives = content 2\ngives = content 1\nleave = no\n[kind b]\n";
    kith_policy *first = parsed(one, strlen(one)), *second = parsed(other, strlen(other));
    assert_true(digest_of(first) == digest_of(second));
    kith_policy_free(first);
    kith_policy_free(second);
    kith_policy_free(built_in);
}

#define AT(member) #member, offsetof(struct kithp_figures, member), sizeof(((struct kithp_figures *)0)->member)
#define LAST_TIER tiers[KITHP_TIERS_MOST - 1]
#define LAST_KIND kinds[KITHP_KINDS_MOST - 1]

/* Every figure, and what is added to it so that the policy stays one. */
static const struct {
    const char *name;
    size_t offset;
    size_t width;
    int change;
} every_figure[] = {
    {AT(calendar.utc_offset), 60},
    {AT(calendar.week_start), 1},
    {AT(weights[KITH_CONTENT]), 1},
    {AT(weights[KITH_INTERACTION]), 1},
    {AT(weights[KITH_COMMUNITY]), 1},
    {AT(half_points[KITH_CONTENT]), 1},
    {AT(half_points[KITH_INTERACTION]), 1},
    {AT(half_points[KITH_COMMUNITY]), 1},
    {AT(half_life_weeks), 1},
    {AT(grace_weeks), 1},
    {AT(silent_days), 1},
    {AT(dormant_days), 1},
    {AT(drop_percent), 1},
    {AT(drop_baseline_weeks), 1},
    {AT(drop_min_per_week), 1},
    {AT(core_days), 1},
    {AT(risk_percent), 1},
    {AT(tier_count), -1},
    {AT(kind_count), -1},
    {AT(left_out.count), -1},
    {AT(left_out.texts[KITHP_PATTERNS_MOST - 1][63]), 5},
    {AT(tiers[0].name[0]), 1},
    {AT(LAST_TIER.name[63]), 5},
    {AT(LAST_TIER.promote_at), 1},
    {AT(LAST_TIER.keep_at), -1},
    {AT(LAST_TIER.min_active_days), -1},
    {AT(LAST_TIER.min_supporters), -1},
    {AT(LAST_KIND.name[63]), 5},
    {AT(LAST_KIND.leave), -1},
    {AT(LAST_KIND.gives.given), -1},
    {AT(LAST_KIND.gives.dimension), 1},
    {AT(LAST_KIND.gives.points), 1},
    {AT(LAST_KIND.gives.cap), -1},
    {AT(LAST_KIND.gives.each), -1},
    {AT(LAST_KIND.receives.given), -1},
    {AT(LAST_KIND.receives.dimension), -1},
    {AT(LAST_KIND.receives.points), 1},
    {AT(LAST_KIND.receives.cap), -1000000000},
    {AT(LAST_KIND.receives.each), -1},
};
enum { EVERY_FIGURE = sizeof every_figure / sizeof *every_figure };

static void change(struct kithp_figures *figures, size_t number)
{
    char *at = (char *)figures + every_figure[number].offset;
    int64_t wide;
    int32_t narrow;
    switch (every_figure[number].width) {
    case sizeof wide:
        memcpy(&wide, at, sizeof wide);
        wide += every_figure[number].change;
        memcpy(at, &wide, sizeof wide);
        return;
    case sizeof narrow:
        memcpy(&narrow, at, sizeof narrow);
        narrow += every_figure[number].change;
        memcpy(at, &narrow, sizeof narrow);
        return;
    default:
        *at = (char)(*at + every_figure[number].change);
        return;
    }
}

static void policy_digest_changes_with_every_figure(void **state)
{
    (void)state;
    /* From the longest policy, of which a digest must not leave out the end. */
    uint64_t digests[EVERY_FIGURE + 1];
    kith_policy *policy = default_policy();
    for (size_t i = 0; i <= EVERY_FIGURE; i++) {
        invent_longest(&policy->figures);
        if (i < EVERY_FIGURE)
            change(&policy->figures, i);
        digests[i] = digest_of(policy);
        for (size_t j = 0; j < i; j++)
            if (digests[i] == digests[j])
                fail_msg("%s: the digest is that of another change", every_figure[j].name);
    }
    invent_longest(&policy->figures);
    assert_true(digest_of(policy) == digests[EVERY_FIGURE]);
    kith_policy_free(policy);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(policy_write_of_the_default_comes_back),
        cmocka_unit_test(policy_write_of_policies_of_chance_comes_back),
        cmocka_unit_test(policy_write_of_the_longest_policy_comes_back),
        cmocka_unit_test(policy_write_holds_every_key),
        cmocka_unit_test(policy_write_has_comments_and_short_lines),
        cmocka_unit_test(policy_write_of_the_default_is_the_text_that_people_know),
        cmocka_unit_test(policy_write_of_what_the_default_lacks_stands_in_its_place),
        cmocka_unit_test(policy_write_refused_at_any_call_is_an_input_output_error),
        cmocka_unit_test(policy_write_with_bad_arguments_is_refused),
        cmocka_unit_test(policy_write_default_file_holds_the_built_in_defaults),
        cmocka_unit_test(policy_digest_is_the_hash_of_the_text_without_comments),
        cmocka_unit_test(policy_digest_of_the_default_is_the_same_everywhere),
        cmocka_unit_test(policy_digest_does_not_mind_comments_and_notation),
        cmocka_unit_test(policy_digest_changes_with_every_figure),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
