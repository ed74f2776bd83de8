/* SPDX-License-Identifier: MIT */
#include "support.h"

#include <inttypes.h>

#include "policy/read.h"

/* ---- what several tests need ---- */

enum { FAULTS_MOST = 32 };

/* The faults of one text, in the order in which they were told. */
struct faults {
    kith_error errors[FAULTS_MOST];
    size_t count;
};

static void take_fault(void *context, const kith_error *fault)
{
    struct faults *faults = context;
    assert_true(faults->count < FAULTS_MOST);
    assert_int_equal(fault->size, sizeof *fault);
    assert_int_equal(fault->status, KITH_BAD_POLICY);
    /* Reasons are those of rows. */
    assert_int_equal(fault->reason, KITH_REASON_NONE);
    faults->errors[faults->count++] = *fault;
}

static kith_status parse(kith_text text, kith_policy **policy, struct faults *faults)
{
    *faults = (struct faults){.count = 0};
    kith_policy_options options = {.size = sizeof options, .fault = take_fault, .fault_context = faults};
    kith_error error = {.size = sizeof error};
    /* Of exactly its length, so that a look past the end shows. */
    kith_text exact = text_exact(text);
    kith_status status = kith_policy_parse(exact, "my.ini", &options, policy, &error);
    text_free(exact);
    if (status == KITH_BAD_POLICY) {
        /* The error is the first of the faults. */
        assert_true(faults->count > 0);
        assert_memory_equal(&error, &faults->errors[0], sizeof error);
    } else {
        assert_int_equal(faults->count, 0);
        assert_int_equal(error.status, KITH_OK);
    }
    return status;
}

/* A sound policy; says the first fault where it is not. */
static kith_policy *parse_sound(const char *text)
{
    struct faults faults;
    kith_policy *policy = NULL;
    if (parse(kith_text_of(text), &policy, &faults) != KITH_OK)
        fail_msg("%s", faults.errors[0].message);
    return policy;
}

/* The lines of a text that a fault message points to, for whoever reads the output of a test. */
static void show(const char *text, const struct faults *faults)
{
    fprintf(stderr, "---- the text\n%s\n---- its faults\n", text);
    for (size_t i = 0; i < faults->count; i++)
        fprintf(stderr, "%s\n", faults->errors[i].message);
}

/* ---- what is sound ---- */

static void assert_default_but_for_tiers_and_kinds(const struct kithp_figures *figures)
{
    assert_int_equal(figures->calendar.utc_offset, 0);
    assert_int_equal(figures->calendar.week_start, 0);
    assert_int_equal(figures->weights[KITH_CONTENT], 400);
    assert_int_equal(figures->weights[KITH_INTERACTION], 300);
    assert_int_equal(figures->weights[KITH_COMMUNITY], 300);
    assert_int_equal(figures->half_points[KITH_CONTENT], 120000);
    assert_int_equal(figures->half_points[KITH_INTERACTION], 60000);
    assert_int_equal(figures->half_points[KITH_COMMUNITY], 40000);
    assert_int_equal(figures->half_life_weeks, 400);
    assert_int_equal(figures->grace_weeks, 2);
    assert_int_equal(figures->silent_days, 7);
    assert_int_equal(figures->dormant_days, 28);
    assert_int_equal(figures->drop_percent, 50);
    assert_int_equal(figures->drop_baseline_weeks, 4);
    assert_int_equal(figures->drop_min_per_week, 2);
    assert_int_equal(figures->core_days, 15);
    assert_int_equal(figures->risk_percent, 50);
    assert_int_equal(figures->left_out.count, 0);
}

static void assert_default_tiers_and_kinds(const struct kithp_figures *figures)
{
    assert_int_equal(figures->tier_count, 4);
    assert_string_equal(figures->tiers[0].name, "newcomer");
    assert_string_equal(figures->tiers[3].name, "mentor");
    assert_int_equal(figures->tiers[3].promote_at, 3000);
    assert_int_equal(figures->tiers[3].keep_at, 2400);
    assert_int_equal(figures->tiers[3].min_supporters, 8);
    assert_int_equal(figures->kind_count, 26);
    assert_string_equal(figures->kinds[0].name, "article");
    assert_string_equal(figures->kinds[25].name, "view");
}

static void policy_read_of_nothing_gives_the_defaults(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "",
        "\n",
        "; nothing\n",
        "\xEF\xBB\xBF",
        "[churn]\n",
        "[calendar]\n[weights]\n[half_points]\n[memory]\n[demotion]\n[churn]\n[members]\n"};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        kith_policy *policy = parse_sound(texts[i]);
        assert_default_but_for_tiers_and_kinds(&policy->figures);
        assert_default_tiers_and_kinds(&policy->figures);
        kith_policy_free(policy);
    }
    struct faults faults;
    kith_policy *policy = NULL;
    assert_int_equal(parse((kith_text){NULL, 0}, &policy, &faults), KITH_OK);
    kith_policy_free(policy);
}

static void policy_read_of_a_part_leaves_the_rest_at_its_default(void **state)
{
    (void)state;
    /* The first example of docs/policy.md. */
    kith_policy *policy = parse_sound("[memory]\nhalf_life_weeks = 1.25\n\n[churn]\nsilent_days = 3   ; sooner\n");
    assert_int_equal(policy->figures.half_life_weeks, 125);
    assert_int_equal(policy->figures.silent_days, 3);
    policy->figures.half_life_weeks = 400;
    policy->figures.silent_days = 7;
    assert_default_but_for_tiers_and_kinds(&policy->figures);
    assert_default_tiers_and_kinds(&policy->figures);
    kith_policy_free(policy);
}

static void policy_read_of_every_key_sets_it(void **state)
{
    (void)state;
    kith_policy *policy = parse_sound("[calendar]\nutc_offset = -03:30\nweek_start = sunday\n"
                                      "[weights]\ncontent = 0.125\ninteraction = 0.5\ncommunity = 0.375\n"
                                      "[half_points]\ncontent = 1\ninteraction = 2.5\ncommunity = 3.001\n"
                                      "[memory]\nhalf_life_weeks = 6.5\n"
                                      "[tier low]\n"
                                      "[tier high]\npromote_at = 12.34\nkeep_at = 5.6\nmin_active_days = 7\n"
                                      "min_supporters = 89\n"
                                      "[demotion]\ngrace_weeks = 9\n"
                                      "[churn]\nsilent_days = 10\ndormant_days = 11\ndrop_percent = 12\n"
                                      "drop_baseline_weeks = 13\ndrop_min_per_week = 14\nrisk_percent = 15\n"
                                      "core_days = 16\n"
                                      "[members]\nleft_out = *-bot \tGit?ub;x  #\xC3\xA4 ; staff\n"
                                      "[kind praise]\ngives = interaction 0.25 cap 17 each 18\n"
                                      "receives = community -19.5\n"
                                      "[kind away]\nleave = yes\n");
    const struct kithp_figures *figures = &policy->figures;
    assert_int_equal(figures->calendar.utc_offset, -(3 * 3600 + 30 * 60));
    assert_int_equal(figures->calendar.week_start, 6);
    assert_int_equal(figures->weights[KITH_CONTENT], 125);
    assert_int_equal(figures->weights[KITH_INTERACTION], 500);
    assert_int_equal(figures->weights[KITH_COMMUNITY], 375);
    assert_int_equal(figures->half_points[KITH_CONTENT], 1000);
    assert_int_equal(figures->half_points[KITH_INTERACTION], 2500);
    assert_int_equal(figures->half_points[KITH_COMMUNITY], 3001);
    assert_int_equal(figures->half_life_weeks, 650);
    assert_int_equal(figures->tier_count, 2);
    assert_string_equal(figures->tiers[0].name, "low");
    assert_int_equal(figures->tiers[0].promote_at, 0);
    assert_int_equal(figures->tiers[0].keep_at, 0);
    assert_string_equal(figures->tiers[1].name, "high");
    assert_int_equal(figures->tiers[1].promote_at, 1234);
    assert_int_equal(figures->tiers[1].keep_at, 560);
    assert_int_equal(figures->tiers[1].min_active_days, 7);
    assert_int_equal(figures->tiers[1].min_supporters, 89);
    assert_int_equal(figures->grace_weeks, 9);
    assert_int_equal(figures->silent_days, 10);
    assert_int_equal(figures->dormant_days, 11);
    assert_int_equal(figures->drop_percent, 12);
    assert_int_equal(figures->drop_baseline_weeks, 13);
    assert_int_equal(figures->drop_min_per_week, 14);
    assert_int_equal(figures->risk_percent, 15);
    assert_int_equal(figures->core_days, 16);
    assert_int_equal(figures->left_out.count, 3);
    assert_string_equal(figures->left_out.texts[0], "*-bot");
    assert_string_equal(figures->left_out.texts[1], "Git?ub;x");
    assert_string_equal(figures->left_out.texts[2], "#\xC3\xA4");
    assert_int_equal(figures->kind_count, 2);
    const struct kithp_kind *praise = &figures->kinds[0], *away = &figures->kinds[1];
    assert_string_equal(praise->name, "praise");
    assert_false(praise->leave);
    assert_memory_equal(&praise->gives, (&(kith_credit){1, KITH_INTERACTION, 250, 17, 18}), sizeof(kith_credit));
    assert_memory_equal(&praise->receives, (&(kith_credit){1, KITH_COMMUNITY, -19500, 0, 0}), sizeof(kith_credit));
    assert_string_equal(away->name, "away");
    assert_true(away->leave);
    assert_int_equal(away->gives.given, 0);
    assert_int_equal(away->receives.given, 0);
    kith_policy_free(policy);
}

static void policy_read_of_tiers_or_kinds_replaces_all_of_them(void **state)
{
    (void)state;
    kith_policy *policy = parse_sound("[tier a]\n[tier b]\npromote_at = 50\n");
    assert_int_equal(policy->figures.tier_count, 2);
    assert_int_equal(policy->figures.tiers[1].min_supporters, 0);
    assert_int_equal(policy->figures.kind_count, 26);
    kith_policy_free(policy);
    policy = parse_sound("[kind login]\n");
    assert_int_equal(policy->figures.tier_count, 4);
    assert_int_equal(policy->figures.kind_count, 1);
    assert_int_equal(policy->figures.kinds[0].gives.given, 0);
    kith_policy_free(policy);
}

static void policy_read_of_a_tier_without_keep_at_takes_promote_at(void **state)
{
    (void)state;
    kith_policy *policy = parse_sound("[tier a]\n[tier b]\npromote_at = 10\n[tier c]\nkeep_at = 0\npromote_at = 20\n"
                                      "[tier d]\npromote_at = 30\n");
    assert_int_equal(policy->figures.tiers[1].keep_at, 1000);
    assert_int_equal(policy->figures.tiers[2].keep_at, 0);
    assert_int_equal(policy->figures.tiers[3].keep_at, 3000);
    kith_policy_free(policy);
}

static void policy_read_knows_every_day_of_the_week(void **state)
{
    (void)state;
    static const char *const days[] = {"monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"};
    for (uint32_t day = 0; day < 7; day++) {
        char text[64];
        snprintf(text, sizeof text, "[calendar]\nweek_start = %s\n", days[day]);
        kith_policy *policy = parse_sound(text);
        assert_int_equal(policy->figures.calendar.week_start, day);
        kith_policy_free(policy);
    }
}

static void policy_read_does_not_mind_line_ends_marks_comments_and_blanks(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "[churn]\nsilent_days = 9\n[kind a]\ngives = content 2 cap 3\n",
        "[churn]\r\nsilent_days = 9\r\n[kind a]\r\ngives = content 2 cap 3\r\n",
        "\xEF\xBB\xBF[churn]\r\nsilent_days = 9\r\n[kind a]\r\ngives = content 2 cap 3",
        "; a policy\n\n# of ours\n[churn] ; when\nsilent_days = 9\t; days\n[kind a] ;\ngives = content 2 cap 3 ;\n",
        "\t[ churn\t]\n  silent_days=9\n[kind\ta]\n\tgives\t=\tcontent\t2   cap\t3  \n",
        "[kind a]\n;gives = content 9\ngives = content 2 cap 3 ;cap 4\n[churn]\nsilent_days = 9 ; ; x\n",
    };
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        kith_policy *policy = parse_sound(texts[i]);
        assert_int_equal(policy->figures.silent_days, 9);
        assert_int_equal(policy->figures.kind_count, 1);
        assert_string_equal(policy->figures.kinds[0].name, "a");
        assert_int_equal(policy->figures.kinds[0].gives.points, 2000);
        assert_int_equal(policy->figures.kinds[0].gives.cap, 3);
        kith_policy_free(policy);
    }
}

static void policy_read_takes_names_of_any_utf8(void **state)
{
    (void)state;
    kith_policy *policy = parse_sound("[kind \xE8\xB5\x9E]\n[kind two words]\n[kind a;b#c=d]\n[tier \xC3\x84]\n[tier "
                                      "\xC3\xA4]\npromote_at = 1\n");
    assert_string_equal(policy->figures.kinds[0].name, "\xE8\xB5\x9E");
    assert_string_equal(policy->figures.kinds[1].name, "two words");
    assert_string_equal(policy->figures.kinds[2].name, "a;b#c=d");
    assert_string_equal(policy->figures.tiers[0].name, "\xC3\x84");
    assert_string_equal(policy->figures.tiers[1].name, "\xC3\xA4");
    kith_policy_free(policy);
}

/* ---- limits ---- */

struct range {
    const char *before; /* the text around the value */
    const char *after;
    const char *within[4];
    const char *outside[10];
};

#define TIER "[tier a]\n[tier b]\n"

/* 1 to 32 patterns of 1 to 64 bytes. */
static void policy_read_takes_32_patterns_and_no_more(void **state)
{
    (void)state;
    char text[4096] = "[members]\nleft_out =";
    size_t length = strlen(text);
    for (int i = 0; i < KITHP_PATTERNS_MOST; i++)
        length += (size_t)sprintf(text + length, " %0*d", KITHP_PATTERN_MOST, i);
    kith_policy *policy = parse_sound(text);
    assert_int_equal(policy->figures.left_out.count, KITHP_PATTERNS_MOST);
    for (int i = 0; i < KITHP_PATTERNS_MOST; i++) {
        assert_int_equal(strlen(policy->figures.left_out.texts[i]), KITHP_PATTERN_MOST);
        assert_int_equal(atoi(policy->figures.left_out.texts[i]), i);
    }
    kith_policy_free(policy);
    strcpy(text + length, " x");
    struct faults faults;
    policy = NULL;
    assert_int_equal(parse(kith_text_of(text), &policy, &faults), KITH_BAD_POLICY);
    assert_int_equal(faults.count, 1);
    assert_string_equal(faults.errors[0].value, "x");
    assert_non_null(strstr(faults.errors[0].message, "32 patterns at most"));
}

static void policy_read_limits_hold_at_both_ends(void **state)
{
    (void)state;
    static const struct range ranges[] = {
        {"[calendar]\nutc_offset = ",
         "\n",
         {"-14:00", "+14:00", "-00:00", "+05:45"},
         {"-14:01", "+14:01", "+15:00", "+13:60", "00:00", "+1:00", "+0100", "+01", "UTC+8", "+01:00:00"}},
        {"[calendar]\nweek_start = ", "\n", {"monday", "sunday"}, {"Monday", "mon", "0", "1", "monday sunday"}},
        {"[weights]\ninteraction = 0\ncommunity = 0\ncontent = ",
         "\n",
         {"1", "1.0", "1.000"},
         {"1.001", "-0.001", "1.0000", "2", "0.999"}},
        {"[weights]\ncontent = 1\ncommunity = 0\ninteraction = ", "\n", {"0", "0.000"}, {"-0.001", "0.0000", "x"}},
        {"[weights]\ncontent = 1\ninteraction = 0\ncommunity = ", "\n", {"0", "0.000"}, {"-0.001", ".0", "0."}},
        {"[half_points]\ncontent = ",
         "\n",
         {"0.001", "1000000", "1000000.000"},
         {"0", "0.000", "0.0009", "1000000.001", "1000001", "-1"}},
        {"[half_points]\ninteraction = ", "\n", {"0.001", "1000000"}, {"0", "1000000.001"}},
        {"[half_points]\ncommunity = ", "\n", {"0.001", "1000000"}, {"0", "1000000.001"}},
        {"[memory]\nhalf_life_weeks = ",
         "\n",
         {"0", "0.01", "520", "520.00"},
         {"520.01", "521", "-0", "-0.01", "1.255", "4 weeks", "1e2"}},
        {TIER "promote_at = ", "\n", {"0", "0.01", "100", "100.00"}, {"100.01", "101", "-0.01", "5.005", "5%"}},
        {TIER "promote_at = 100\nkeep_at = ", "\n", {"0", "0.01", "100"}, {"100.01", "-1", "4.001"}},
        {TIER "promote_at = 1\nmin_active_days = ", "\n", {"0", "28"}, {"29", "-1", "1.0", "1.5"}},
        {TIER "promote_at = 1\nmin_supporters = ", "\n", {"0", "65535"}, {"65536", "-1", "3.0"}},
        {"[demotion]\ngrace_weeks = ", "\n", {"1", "52", "02"}, {"0", "53", "-1", "1.0", "two"}},
        {"[churn]\ndormant_days = 3650\nsilent_days = ", "\n", {"1", "365"}, {"0", "366", "7.5", "-7"}},
        {"[churn]\nsilent_days = 1\ndormant_days = ", "\n", {"1", "3650"}, {"0", "3651", "1.5"}},
        {"[churn]\ndrop_percent = ", "\n", {"1", "100"}, {"0", "101", "50%"}},
        {"[churn]\ndrop_baseline_weeks = ", "\n", {"1", "26"}, {"0", "27"}},
        {"[churn]\ndrop_min_per_week = ", "\n", {"0", "1000000"}, {"-0", "-1", "1000001", "0.5"}},
        {"[churn]\ncore_days = ", "\n", {"1", "28"}, {"0", "29"}},
        {"[churn]\nrisk_percent = ", "\n", {"1", "100"}, {"0", "101", "63.5"}},
        {"[kind a]\ngives = content ",
         "\n",
         {"-1000000", "1000000", "0", "-0.001"},
         {"-1000000.001", "1000000.001", "1000001", "0.0001", "+1", "five"}},
        {"[kind a]\nreceives = community 1 cap ", "\n", {"1", "1000000000"}, {"0", "1000000001", "-1", "1.0", "1.5"}},
        {"[kind a]\nreceives = interaction 1 each ",
         "\n",
         {"1", "1000000000"},
         {"0", "1000000001", "-1", "18446744073709551617"}},
        {"[kind a]\nleave = ", "\n", {"yes", "no"}, {"true", "Yes", "1", "yes no"}},
        {"[kind ",
         "]\n",
         {"a", "1234567890123456789012345678901234567890123456789012345678901234"},
         {"", " ", "12345678901234567890123456789012345678901234567890123456789012345"}},
        {"[tier lowest]\n[tier next]\npromote_at = 0.5\n[tier ",
         "]\npromote_at = 1\n",
         {"a", "1234567890123456789012345678901234567890123456789012345678901234"},
         {"", "12345678901234567890123456789012345678901234567890123456789012345",
          /* 64 bytes count, not 64 characters */
          "\xC3\xA4\xC3\xA4\xC3\xA4\xC3\xA4\xC3\xA4\xC3\xA4\xC3\xA4\xC3\xA4\xC3\xA4\xC3\xA4\xC3\xA4\xC3\xA4\xC3\xA4"
          "\xC3\xA4\xC3\xA4\xC3\xA4\xC3\xA4\xC3\xA4\xC3\xA4\xC3\xA4\xC3\xA4\xC3\xA4\xC3\xA4\xC3\xA4\xC3\xA4\xC3\xA4"
          "\xC3\xA4\xC3\xA4\xC3\xA4\xC3\xA4\xC3\xA4\xC3\xA4\xC3\xA4"}},
    };
    for (size_t r = 0; r < sizeof ranges / sizeof *ranges; r++) {
        for (size_t i = 0; i < sizeof ranges[r].within / sizeof(char *) && ranges[r].within[i]; i++) {
            char text[512];
            snprintf(text, sizeof text, "%s%s%s", ranges[r].before, ranges[r].within[i], ranges[r].after);
            kith_policy_free(parse_sound(text));
        }
        for (size_t i = 0; i < sizeof ranges[r].outside / sizeof(char *) && ranges[r].outside[i]; i++) {
            char text[512];
            snprintf(text, sizeof text, "%s%s%s", ranges[r].before, ranges[r].outside[i], ranges[r].after);
            struct faults faults;
            kith_policy *policy = NULL;
            if (parse(kith_text_of(text), &policy, &faults) != KITH_BAD_POLICY)
                fail_msg("was taken for a policy:\n%s", text);
            assert_null(policy);
            assert_int_equal(faults.count, 1);
        }
    }
}

/* A text with so many tiers, and so many kinds. */
static char *text_with(int tiers, int kinds)
{
    char *text = malloc(64 * 1024);
    assert_non_null(text);
    size_t length = 0;
    text[0] = '\0';
    for (int i = 0; i < tiers; i++)
        length += (size_t)sprintf(text + length, i ? "[tier t%d]\npromote_at = %d\n" : "[tier t%d]\n", i, i);
    for (int i = 0; i < kinds; i++)
        length += (size_t)sprintf(text + length, "[kind k%d]\ngives = content %d\n", i, i);
    return text;
}

static void policy_read_takes_2_to_16_tiers_and_1_to_64_kinds(void **state)
{
    (void)state;
    for (int tiers = 1; tiers <= 18; tiers++) {
        char *text = text_with(tiers, 0);
        struct faults faults;
        kith_policy *policy = NULL;
        bool sound = tiers >= 2 && tiers <= 16;
        assert_int_equal(parse(kith_text_of(text), &policy, &faults), sound ? KITH_OK : KITH_BAD_POLICY);
        if (sound)
            assert_int_equal(policy->figures.tier_count, tiers);
        else
            assert_int_equal(faults.count, tiers < 2 ? 1 : (size_t)tiers - 16);
        kith_policy_free(policy);
        free(text);
    }
    for (int kinds = 1; kinds <= 66; kinds++) {
        char *text = text_with(0, kinds);
        struct faults faults;
        kith_policy *policy = NULL;
        bool sound = kinds <= 64;
        assert_int_equal(parse(kith_text_of(text), &policy, &faults), sound ? KITH_OK : KITH_BAD_POLICY);
        if (sound)
            assert_int_equal(policy->figures.kind_count, kinds);
        else
            assert_int_equal(faults.count, kinds - 64);
        kith_policy_free(policy);
        free(text);
    }
}

/* ---- faults, one at a time ---- */

struct fault {
    kith_text text;
    uint64_t line;
    uint64_t column;
    const char *field;
    const char *value;
    const char *words; /* a part of the message */
};

/* A line of 40 bytes 'n', to put names together that are too long. */
#define FORTY "nnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnn"

static const struct fault single_faults[] = {
    /* not of the form */
    {TEXT_IN_TABLE("silent_days = 7\n"), 1, 1, "", "silent_days", "before the first '[section]'"},
    {TEXT_IN_TABLE("[churn]\nsilent_days 7\n"), 2, 1, "", "silent_days 7", "expected 'key = value'"},
    {TEXT_IN_TABLE("[churn]\n  silent_days =\n"), 2, 3, "", "silent_days", "expected a value"},
    {TEXT_IN_TABLE("[churn]\n = 7\n"), 2, 2, "", "= 7", "expected a key"},
    {TEXT_IN_TABLE("\n[churn\n"), 2, 1, "", "[churn", "expected ']'"},
    {TEXT_IN_TABLE("[]\n"), 1, 1, "", "[]", "expected the name of a section"},
    {TEXT_IN_TABLE("[churn]\nsilent_days = \x01"
                   "7\n"),
     2, 1, "", "silent_days = ?7", "control characters"},
    {TEXT_IN_TABLE("[churn]\nsilent_days = 7\0\n"), 2, 1, "", "silent_days = 7?", "control characters"},
    {TEXT_IN_TABLE("[churn]\nsilent_days = \xE9\n"), 2, 1, "", "silent_days = ?", "UTF-8"},
    {TEXT_IN_TABLE("; \xFF\n"), 1, 1, "", "; ?", "UTF-8"},

    /* sections */
    {TEXT_IN_TABLE("[wieghts]\ncontent = 2\n"), 1, 2, "wieghts", "", "unknown section"},
    {TEXT_IN_TABLE("[Churn]\n"), 1, 2, "Churn", "", "unknown section"},
    {TEXT_IN_TABLE("[tiers]\n"), 1, 2, "tiers", "", "churn, members, tier NAME or kind NAME"},
    {TEXT_IN_TABLE("[members ana]\n"), 1, 10, "members", "ana", "expected no name behind it: [members]"},
    {TEXT_IN_TABLE("[members]\n\n[members]\n"), 3, 2, "members", "", "given twice, first on line 1"},
    {TEXT_IN_TABLE("[churn x]\n"), 1, 8, "churn", "x", "expected no name behind it: [churn]"},
    {TEXT_IN_TABLE("[churn now]\n"), 1, 8, "churn", "now", "expected no name behind it: [churn]"},
    {TEXT_IN_TABLE("[memory]\n[churn]\n[memory]\n"), 3, 2, "memory", "", "given twice, first on line 1"},
    {TEXT_IN_TABLE("[tier]\n[tier b]\n[tier c]\npromote_at = 1\n"), 1, 2, "tier", "", "[tier NAME]"},
    {TEXT_IN_TABLE("[kind]\n"), 1, 2, "kind", "", "[kind NAME]"},
    {TEXT_IN_TABLE("[kind " FORTY FORTY "]\n"), 1, 7, "kind", FORTY FORTY, "at most 64 bytes"},
    {TEXT_IN_TABLE("[kind post]\n[kind like]\n[kind post]\n"), 3, 7, "kind", "post", "given twice, first on line 1"},
    {TEXT_IN_TABLE("[tier a]\n[tier b]\npromote_at = 1\n[tier a]\n"), 4, 7, "tier", "a",
     "given twice, first on line 1"},
    {TEXT_IN_TABLE("\n[tier a]\n"), 2, 7, "tier", "a", "at least 2 tiers"},

    /* keys that are not known, or known elsewhere */
    {TEXT_IN_TABLE("[memory]\nhalf_life = 4\n"), 2, 1, "half_life", "4", "half_life_weeks"},
    {TEXT_IN_TABLE("[churn]\n grace_weeks = 4\n"), 2, 2, "grace_weeks", "4",
     "known are: silent_days, dormant_days, drop_percent, drop_baseline_weeks, drop_min_per_week, risk_percent, "
     "core_days"},
    {TEXT_IN_TABLE("[weights]\ncontents = 1\n"), 2, 1, "contents", "1", "known are: content, interaction, community"},
    {TEXT_IN_TABLE("[half_points]\nweight = 1\n"), 2, 1, "weight", "1", "unknown key in [half_points]"},
    {TEXT_IN_TABLE("[demotion]\ngrace = 1\n"), 2, 1, "grace", "1", "known are: grace_weeks"},
    {TEXT_IN_TABLE("[calendar]\ntime_zone = UTC\n"), 2, 1, "time_zone", "UTC", "expected utc_offset or week_start"},
    {TEXT_IN_TABLE(TIER "promote_at = 1\npromote = 2\n"), 4, 1, "promote", "2", "promote_at, keep_at, min_active_days"},
    {TEXT_IN_TABLE("[members]\nleave_out = *-bot\n"), 2, 1, "leave_out", "*-bot", "expected left_out"},
    {TEXT_IN_TABLE("[kind a]\ntakes = content 1\n"), 2, 1, "takes", "content 1", "gives, receives, leave"},
    {TEXT_IN_TABLE("[kind a]\nGives = content 1\n"), 2, 1, "Gives", "content 1", "unknown key"},

    /* keys given twice */
    {TEXT_IN_TABLE("[churn]\nsilent_days = 7\n\nsilent_days = 7\n"), 4, 1, "silent_days", "7",
     "given twice, first on line 2"},
    {TEXT_IN_TABLE("[calendar]\nweek_start = monday\nweek_start = friday\n"), 3, 1, "week_start", "friday",
     "given twice, first on line 2"},
    {TEXT_IN_TABLE("[calendar]\nutc_offset = +01:00\nutc_offset = +02:00\n"), 3, 1, "utc_offset", "+02:00",
     "given twice, first on line 2"},
    {TEXT_IN_TABLE(TIER "promote_at = 1\npromote_at = 2\n"), 4, 1, "promote_at", "2", "given twice, first on line 3"},
    {TEXT_IN_TABLE("[kind a]\ngives = content 1\ngives = content 2\n"), 3, 1, "gives", "content 2",
     "given twice, first on line 2"},
    {TEXT_IN_TABLE("[members]\nleft_out = a\nleft_out = b\n"), 3, 1, "left_out", "b", "given twice, first on line 2"},
    {TEXT_IN_TABLE("[kind a]\nleave = no\nleave = yes\n"), 3, 1, "leave", "yes", "given twice, first on line 2"},

    /* values of a key */
    {TEXT_IN_TABLE("[demotion]\ngrace_weeks = 0\n"), 2, 15, "grace_weeks", "0", "a whole number from 1 to 52"},
    {TEXT_IN_TABLE("[churn]\nsilent_days = 7.5\n"), 2, 15, "silent_days", "7.5", "a whole number from 1 to 365"},
    {TEXT_IN_TABLE("[memory]\nhalf_life_weeks = 1.255\n"), 2, 19, "half_life_weeks", "1.255",
     "from 0 to 520 with at most 2 decimals"},
    {TEXT_IN_TABLE("[memory]\nhalf_life_weeks = four ; weeks\n"), 2, 19, "half_life_weeks", "four", "from 0 to 520"},
    {TEXT_IN_TABLE("[weights]\ncontent = 1.001\n"), 2, 11, "content", "1.001", "a number from 0 to 1 with"},
    {TEXT_IN_TABLE("[weights]\ninteraction = 1.001\n"), 2, 15, "interaction", "1.001", "a number from 0 to 1 with"},
    {TEXT_IN_TABLE("[weights]\ncommunity = 1.001\n"), 2, 13, "community", "1.001", "a number from 0 to 1 with"},
    {TEXT_IN_TABLE("[churn]\ndormant_days = 0\n"), 2, 16, "dormant_days", "0", "a whole number from 1 to 3650"},
    {TEXT_IN_TABLE("[half_points]\ncontent = 0\n"), 2, 11, "content", "0",
     "from 0.001 to 1000000 with at most 3 decimals"},
    {TEXT_IN_TABLE("[calendar]\nutc_offset = UTC+8\n"), 2, 14, "utc_offset", "UTC+8", "-14:00 to +14:00"},
    {TEXT_IN_TABLE("[calendar]\nweek_start = Sunday\n"), 2, 14, "week_start", "Sunday", "monday, tuesday"},
    {TEXT_IN_TABLE("[members]\nleft_out =\n"), 2, 1, "", "left_out", "expected a value"},
    {TEXT_IN_TABLE("[members]\nleft_out=;x\n"), 2, 10, "left_out", ";x", "not begin with a semicolon"},
    {TEXT_IN_TABLE("[members]\nleft_out = a b\t a\n"), 2, 17, "left_out", "a", "each pattern once"},
    {TEXT_IN_TABLE("[members]\nleft_out = a " FORTY FORTY "\n"), 2, 14, "left_out", FORTY FORTY, "64 bytes at most"},
    {TEXT_IN_TABLE("[kind a]\nleave = true\n"), 2, 9, "leave", "true", "yes or no"},
    {TEXT_IN_TABLE("[kind a]\ngives = content\n"), 2, 9, "gives", "content", "points from -1000000 to 1000000"},
    {TEXT_IN_TABLE("[kind a]\ngives = karma 5\n"), 2, 9, "gives", "karma 5", "content, interaction or community"},
    {TEXT_IN_TABLE("[kind a]\ngives = 5 content\n"), 2, 9, "gives", "5 content", "DIMENSION POINTS [cap N] [each N]"},
    {TEXT_IN_TABLE("[kind a]\ngives = content 5 x\n"), 2, 9, "gives", "content 5 x", "[cap N] [each N]"},
    {TEXT_IN_TABLE("[kind a]\ngives = content 5 10\n"), 2, 9, "gives", "content 5 10", "[cap N] [each N]"},
    {TEXT_IN_TABLE("[kind a]\ngives = content 5 limit 10\n"), 2, 9, "gives", "content 5 limit 10", "[cap N] [each N]"},
    {TEXT_IN_TABLE("[kind a]\ngives = content 5 cap\n"), 2, 9, "gives", "content 5 cap",
     "from 1 to 1000000000 behind cap"},
    {TEXT_IN_TABLE("[kind a]\nreceives = content 1 cap 0\n"), 2, 12, "receives", "content 1 cap 0",
     "from 1 to 1000000000 behind cap"},
    {TEXT_IN_TABLE("[kind a]\ngives = content 1 cap 3 each 0\n"), 2, 9, "gives", "content 1 cap 3 each 0",
     "from 1 to 1000000000 behind each"},
    {TEXT_IN_TABLE("[kind a]\ngives = content 1 cap 3 cap 4\n"), 2, 9, "gives", "content 1 cap 3 cap 4", "once"},
    {TEXT_IN_TABLE("[kind a]\ngives = content 1 each 3 each 3\n"), 2, 9, "gives", "content 1 each 3 each 3", "once"},
    {TEXT_IN_TABLE("[kind a]\ngives = content,1\n"), 2, 9, "gives", "content,1", "DIMENSION"},

    /* what only the whole can tell */
    {TEXT_IN_TABLE("[weights]\ncontent = 0.50\n"), 2, 11, "content", "0.50", "sum to 1, "},
    {TEXT_IN_TABLE("[weights]\ncontent = 0.50\n"), 2, 11, "content", "0.50", "they sum to 1.100"},
    {TEXT_IN_TABLE("[weights]\ncommunity = 0.1\ncontent = 0.2\ninteraction = 0.3\n"), 4, 15, "interaction", "0.3",
     "they sum to 0.600"},
    {TEXT_IN_TABLE("[weights]\ncontent = 1\ninteraction = 1\ncommunity = 0\n"), 4, 13, "community", "0",
     "they sum to 2.000"},
    {TEXT_IN_TABLE("[weights]\ncontent = 0.399\n"), 2, 11, "content", "0.399", "they sum to 0.999"},
    {TEXT_IN_TABLE("[churn]\nsilent_days = 60\n"), 2, 15, "silent_days", "60", "dormant_days, which is 28"},
    {TEXT_IN_TABLE("[churn]\ndormant_days = 5\n"), 2, 16, "dormant_days", "5", "silent_days, which is 7"},
    {TEXT_IN_TABLE("[churn]\nsilent_days = 10\ndormant_days = 9\n"), 3, 16, "dormant_days", "9", "no less than"},
    {TEXT_IN_TABLE("[churn]\ndormant_days = 9\nsilent_days = 10\n"), 3, 15, "silent_days", "10", "no less than"},
    {TEXT_IN_TABLE("[tier a]\npromote_at = 5\n[tier b]\npromote_at = 6\n"), 2, 1, "promote_at", "5",
     "it has no thresholds"},
    {TEXT_IN_TABLE("[tier a]\nmin_supporters = 0\n[tier b]\npromote_at = 6\n"), 2, 1, "min_supporters", "0",
     "it has no thresholds"},
    {TEXT_IN_TABLE("[tier a]\n[tier b]\nkeep_at = 6\n"), 2, 7, "tier", "b", "expected promote_at"},
    {TEXT_IN_TABLE("[tier a]\n[tier b]\npromote_at = 15\n[tier c]\npromote_at = 15\n"), 5, 14, "promote_at", "15",
     "more than the promote_at of the tier below, 'b'"},
    {TEXT_IN_TABLE("[tier a]\n[tier b]\npromote_at = 15\n[tier c]\npromote_at = 14.99\n"), 5, 14, "promote_at", "14.99",
     "more than the promote_at"},
    {TEXT_IN_TABLE("[tier a]\n[tier b]\npromote_at = 15\nkeep_at = 16\n"), 4, 11, "keep_at", "16",
     "no more than promote_at"},
    {TEXT_IN_TABLE("[tier a]\n[tier b]\nkeep_at = 15.01\npromote_at = 15\n"), 3, 11, "keep_at", "15.01",
     "no more than promote_at"},
};

static void policy_read_tells_each_fault_with_its_place(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof single_faults / sizeof *single_faults; i++) {
        const struct fault *expected = &single_faults[i];
        struct faults faults;
        kith_policy *policy = NULL;
        kith_status status = parse(expected->text, &policy, &faults);
        if (status != KITH_BAD_POLICY || faults.count != 1)
            show(expected->text.data, &faults);
        assert_int_equal(status, KITH_BAD_POLICY);
        assert_int_equal(faults.count, 1);
        assert_null(policy);
        const kith_error *told = &faults.errors[0];
        bool right = told->line == expected->line && told->column == expected->column &&
                     strcmp(told->field, expected->field) == 0 && strcmp(told->value, expected->value) == 0 &&
                     strstr(told->message, expected->words);
        if (!right)
            fail_msg("expected %" PRIu64 ":%" PRIu64 " '%s' '%s' %s\ngot %" PRIu64 ":%" PRIu64 " '%s' '%s'\n%s",
                     expected->line, expected->column, expected->field, expected->value, expected->words, told->line,
                     told->column, told->field, told->value, told->message);
        assert_string_equal(told->file, "my.ini");
        assert_int_equal(strncmp(told->message, "my.ini:", 7), 0);
    }
}

static void policy_read_tells_the_same_fault_behind_a_sound_text(void **state)
{
    (void)state;
    /* With CRLF and a byte order mark, lines and columns are the same. */
    for (size_t i = 0; i < sizeof single_faults / sizeof *single_faults; i++) {
        const struct fault *expected = &single_faults[i];
        char text[512] = "\xEF\xBB\xBF";
        size_t length = 3;
        for (uint64_t at = 0; at < expected->text.length; at++) {
            if (expected->text.data[at] == '\n')
                text[length++] = '\r';
            text[length++] = expected->text.data[at];
        }
        struct faults faults;
        kith_policy *policy = NULL;
        assert_int_equal(parse((kith_text){text, length}, &policy, &faults), KITH_BAD_POLICY);
        assert_int_equal(faults.count, 1);
        assert_int_equal(faults.errors[0].line, expected->line);
        assert_int_equal(faults.errors[0].column, expected->column);
        assert_string_equal(faults.errors[0].value, expected->value);
    }
}

/* ---- several faults ---- */

static void assert_lines(const char *text, const uint64_t *lines, size_t count)
{
    struct faults faults;
    kith_policy *policy = NULL;
    kith_status status = parse(kith_text_of(text), &policy, &faults);
    bool same = status == KITH_BAD_POLICY && faults.count == count;
    for (size_t i = 0; same && i < count; i++)
        same = faults.errors[i].line == lines[i];
    if (!same)
        show(text, &faults);
    assert_true(same);
}

#define ASSERT_LINES(text, ...)                                                                                        \
    assert_lines(text, (const uint64_t[]){__VA_ARGS__}, sizeof((const uint64_t[]){__VA_ARGS__}) / sizeof(uint64_t))

static void policy_read_tells_all_faults_in_the_order_of_the_text(void **state)
{
    (void)state;
    ASSERT_LINES("[churn]\n"
                 "silent_days = 0\n"
                 "noise\n"
                 "drop_percent = 101\n"
                 "[wieghts]\n"
                 "content = 7\n" /* below a section that is unknown: not blamed as well */
                 "[kind post]\n"
                 "gives = karma 1\n"
                 "receives = content\n"
                 "leave = maybe\n"
                 "[kind post]\n"
                 "gives = karma 1\n" /* below one that is there twice: neither */
                 "[memory]\n"
                 "half_life_weeks = -1\n"
                 "half_life_weeks = 1\n",
                 2, 3, 4, 5, 8, 9, 10, 11, 14, 15);
}

static void policy_read_tells_faults_of_the_whole_in_the_order_of_the_text(void **state)
{
    (void)state;
    ASSERT_LINES("[weights]\n"
                 "content = 0.5\n" /* they do not sum to 1 */
                 "[churn]\n"
                 "silent_days = 60\n" /* past dormant_days */
                 "[tier a]\n"
                 "[tier b]\n"
                 "promote_at = 5\n"
                 "keep_at = 6\n" /* more than promote_at */
                 "[tier c]\n"
                 "promote_at = 4\n", /* no more than that of the tier before */
                 2, 4, 8, 10);
    ASSERT_LINES("[tier a]\n"
                 "[tier b]\n"
                 "keep_at = 4\n"
                 "[tier c]\n"
                 "promote_at = 5\n"
                 "keep_at = 6\n"
                 "[churn]\n"
                 "silent_days = 60\n"
                 "[weights]\n"
                 "content = 0.5\n",
                 2, 6, 8, 10);
}

static void policy_read_tells_faults_of_lines_and_of_the_whole_in_one_order(void **state)
{
    (void)state;
    ASSERT_LINES("[weights]\n"
                 "content = 0.5\n" /* they do not sum to 1 */
                 "[tier a]\n"
                 "[tier b]\n" /* without promote_at */
                 "[memory]\n"
                 "half_life = 4\n", /* unknown */
                 2, 4, 6);
}

static void policy_read_does_not_blame_what_follows_from_another_fault(void **state)
{
    (void)state;
    /* A weight that cannot be read leaves no sum; a promote_at that cannot be read, nothing to compare with. */
    ASSERT_LINES("[weights]\ncontent = half\ninteraction = 0.9\n", 2);
    ASSERT_LINES("[churn]\nsilent_days = x\ndormant_days = 3\n", 2);
    ASSERT_LINES(TIER "promote_at = x\nkeep_at = 50\n[tier c]\npromote_at = 1\n", 3);
    ASSERT_LINES(TIER "promote_at = x\n[tier c]\npromote_at = 0\n", 3);
    ASSERT_LINES("[tier a]\n[tier b]\n[tier c]\npromote_at = 1\n", 2);
    ASSERT_LINES("[wieghts]\ncontent = 9\nnone = 1\n", 1);
    ASSERT_LINES("[kind a]\n[kind a]\nnone = 1\ngives = 4\n", 2);
}

static void policy_read_blames_a_key_given_twice_for_that_alone(void **state)
{
    (void)state;
    ASSERT_LINES("[calendar]\nutc_offset = +01:00\nutc_offset = x\n", 3);
    ASSERT_LINES("[calendar]\nweek_start = monday\nweek_start = x\n", 3);
    ASSERT_LINES("[members]\nleft_out = a\nleft_out = b b\n", 3);
    ASSERT_LINES("[churn]\nsilent_days = 7\nsilent_days = x\n", 3);
    ASSERT_LINES(TIER "promote_at = 1\npromote_at = x\n", 4);
    ASSERT_LINES("[kind a]\ngives = content 1\ngives = x\n", 3);
    /* Nor is one blamed for its value that must not stand there at all. */
    ASSERT_LINES("[tier a]\npromote_at = x\n[tier b]\npromote_at = 1\n", 2);
    /* One that is unknown is none of those that are known. */
    ASSERT_LINES("[calendar]\nday = friday\nweek_start = monday\n", 2);
    ASSERT_LINES("[members]\nleave_out = a\nleft_out = b\n", 2);
    ASSERT_LINES("[members]\nleave_out = b b\n", 2);
}

static void policy_read_knows_each_name_that_came_before(void **state)
{
    (void)state;
    ASSERT_LINES("[kind a]\n[kind b]\n[kind c]\n[kind b]\n[kind c]\n[kind a]\n", 4, 5, 6);
    ASSERT_LINES(TIER "promote_at = 1\n[tier c]\npromote_at = 2\n[tier b]\n[tier c]\n", 6, 7);
    ASSERT_LINES("[members]\nleft_out = a b c c\n", 2);
}

struct lines {
    uint64_t next;
    uint64_t count;
};

static void take_line(void *context, const kith_error *fault)
{
    struct lines *lines = context;
    assert_int_equal(fault->line, lines->next++);
    lines->count++;
}

static void policy_read_tells_as_many_faults_as_there_are(void **state)
{
    (void)state;
    enum { FAULTS = 1000 };
    struct gathered text = {0};
    gather(&text, "[churn]\n", 8);
    for (int i = 0; i < FAULTS; i++)
        gather(&text, "noise\n", 6);
    struct lines lines = {.next = 2};
    kith_policy_options options = {.size = sizeof options, .fault = take_line, .fault_context = &lines};
    kith_policy *policy = NULL;
    kith_text all = {text.bytes, text.length};
    assert_int_equal(kith_policy_parse(all, NULL, &options, &policy, NULL), KITH_BAD_POLICY);
    assert_int_equal(lines.count, FAULTS);
    gathered_free(&text);
}

static void policy_read_minds_nothing_that_was_there_before(void **state)
{
    (void)state;
    struct kithp_figures *figures = malloc(sizeof *figures);
    assert_non_null(figures);
    memset(figures, 0xA5, sizeof *figures);
    struct kithp_policy_faults faults = {.file = "my.ini"};
    kithp_policy_read(TEXT("[churn]\nsilent_days = 9\n"), figures, &faults);
    assert_int_equal(faults.count, 0);
    assert_int_equal(figures->silent_days, 9);
    figures->silent_days = 7;
    assert_default_but_for_tiers_and_kinds(figures);
    assert_default_tiers_and_kinds(figures);
    free(figures);
}

static void policy_read_does_not_blame_keys_below_a_heading_with_a_fault(void **state)
{
    (void)state;
    /* The heading is at fault, and its keys belong to it: not to the section before. */
    ASSERT_LINES("[kind post]\ngives = content 10\n[kind like\ngives = interaction 1\n", 3);
    ASSERT_LINES("[memory]\n[]\nsilent_days = 5\n", 2);
}

static void policy_read_without_fault_function_gives_the_first(void **state)
{
    (void)state;
    kith_error error = {.size = sizeof error};
    kith_policy *policy = NULL;
    kith_text text = TEXT("[churn]\nsilent_days = 0\ndrop_percent = 0\n");
    assert_int_equal(kith_policy_parse(text, NULL, NULL, &policy, &error), KITH_BAD_POLICY);
    assert_null(policy);
    /* Without a name of its own, a text is "policy". */
    assert_string_equal(error.message, "policy:2:15: silent_days '0': expected a whole number from 1 to 365");
    assert_int_equal(kith_policy_parse(text, NULL, NULL, &policy, NULL), KITH_BAD_POLICY);
}

static void policy_read_long_and_strange_values_are_made_fit_to_be_shown(void **state)
{
    (void)state;
    char text[2000];
    int length = snprintf(text, sizeof text, "[churn]\nsilent_days = %01000d\n", 0);
    struct faults faults;
    kith_policy *policy = NULL;
    assert_int_equal(parse((kith_text){text, (uint64_t)length}, &policy, &faults), KITH_BAD_POLICY);
    assert_int_equal(strlen(faults.errors[0].value), sizeof faults.errors[0].value - 1);
}

static void policy_read_of_any_text_ends_in_a_policy_or_in_faults(void **state)
{
    (void)state;
    /* Words that mean something to the reader, thrown together. */
    static const char *const words[] = {"[churn]",
                                        "[tier a]",
                                        "[tier b]",
                                        "[kind k]",
                                        "[weights]",
                                        "[",
                                        "]",
                                        "=",
                                        " ",
                                        "\n",
                                        "\n",
                                        "\r\n",
                                        "silent_days = 7",
                                        "gives",
                                        "content 5",
                                        "cap 3",
                                        "each",
                                        "promote_at = 5",
                                        "keep_at",
                                        "0.5",
                                        "\xEF\xBB\xBF",
                                        ";",
                                        "#",
                                        "\x01",
                                        "\xFF",
                                        "leave = yes",
                                        "-",
                                        "[tier]",
                                        "1"};
    uint64_t luck = 8;
    for (int round = 0; round < 20000; round++) {
        char text[512] = "";
        for (uint32_t count = chance_below(&luck, 30); count > 0; count--)
            strcat(text, words[chance_below(&luck, sizeof words / sizeof *words)]);
        kith_policy *policy = NULL;
        kith_error error = {.size = sizeof error};
        kith_text exact = text_exact(kith_text_of(text));
        kith_status status = kith_policy_parse(exact, "any", NULL, &policy, &error);
        text_free(exact);
        assert_true(status == KITH_OK || status == KITH_BAD_POLICY);
        assert_int_equal(status == KITH_OK, policy != NULL);
        kith_policy_free(policy);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(policy_read_of_nothing_gives_the_defaults),
        cmocka_unit_test(policy_read_of_a_part_leaves_the_rest_at_its_default),
        cmocka_unit_test(policy_read_of_every_key_sets_it),
        cmocka_unit_test(policy_read_of_tiers_or_kinds_replaces_all_of_them),
        cmocka_unit_test(policy_read_of_a_tier_without_keep_at_takes_promote_at),
        cmocka_unit_test(policy_read_knows_every_day_of_the_week),
        cmocka_unit_test(policy_read_does_not_mind_line_ends_marks_comments_and_blanks),
        cmocka_unit_test(policy_read_takes_names_of_any_utf8),
        cmocka_unit_test(policy_read_takes_32_patterns_and_no_more),
        cmocka_unit_test(policy_read_limits_hold_at_both_ends),
        cmocka_unit_test(policy_read_takes_2_to_16_tiers_and_1_to_64_kinds),
        cmocka_unit_test(policy_read_tells_each_fault_with_its_place),
        cmocka_unit_test(policy_read_tells_the_same_fault_behind_a_sound_text),
        cmocka_unit_test(policy_read_tells_all_faults_in_the_order_of_the_text),
        cmocka_unit_test(policy_read_tells_faults_of_the_whole_in_the_order_of_the_text),
        cmocka_unit_test(policy_read_tells_faults_of_lines_and_of_the_whole_in_one_order),
        cmocka_unit_test(policy_read_does_not_blame_what_follows_from_another_fault),
        cmocka_unit_test(policy_read_blames_a_key_given_twice_for_that_alone),
        cmocka_unit_test(policy_read_knows_each_name_that_came_before),
        cmocka_unit_test(policy_read_tells_as_many_faults_as_there_are),
        cmocka_unit_test(policy_read_minds_nothing_that_was_there_before),
        cmocka_unit_test(policy_read_does_not_blame_keys_below_a_heading_with_a_fault),
        cmocka_unit_test(policy_read_without_fault_function_gives_the_first),
        cmocka_unit_test(policy_read_long_and_strange_values_are_made_fit_to_be_shown),
        cmocka_unit_test(policy_read_of_any_text_ends_in_a_policy_or_in_faults),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
