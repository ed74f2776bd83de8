/* SPDX-License-Identifier: MIT */
/* Explanations in words: whole texts by hand, pages of any width, and whatever a caller may hand over. */
#include "engine_support.h"

/* ---- what several tests need ---- */

static kith_explanation explained(const kith_engine *engine, uint64_t id, int64_t as_of)
{
    kith_explanation explanation = {.size = sizeof explanation};
    kith_error error = NO_ERROR;
    assert_status(kith_engine_explain(engine, id, as_of, &explanation, &error), KITH_OK, &error);
    return explanation;
}

static kith_explanation explained_name(const kith_engine *engine, const char *name, int64_t as_of)
{
    uint64_t id = 0;
    assert_int_equal(kith_engine_find_id(engine, kith_text_of(name), &id, NULL), KITH_OK);
    return explained(engine, id, as_of);
}

/* Freed by the caller. */
static char *words_of(const kith_explanation *explanation, const kith_policy *policy,
                      const kith_explanation_options *options)
{
    struct gathered text = {0};
    kith_error error = NO_ERROR;
    assert_status(kith_explanation_write(explanation, policy, options, gather, &text, &error), KITH_OK, &error);
    return text.bytes;
}

static void assert_words(const kith_explanation *explanation, const kith_policy *policy,
                         const kith_explanation_options *options, const char *expected)
{
    char *words = words_of(explanation, policy, options);
    assert_string_equal(words, expected);
    free(words);
}

/* Two weeks: Ana writes and is liked, by Ben above all; then she is silent. The first has been reviewed. */
static kith_engine *village(void)
{
    kith_engine_options options = all_tables(KITH_NAMED);
    kith_engine *engine = engine_with(&options);
    add_named(engine, MONDAY, "ana", "article", "", 4);
    add_named(engine, MONDAY + DAY, "ben", "like", "ana", 14);
    add_named(engine, MONDAY + 2 * DAY, "cleo", "like", "ana", 1);
    kith_review_free(review_until(engine, MONDAY + WEEK));
    add_named(engine, MONDAY + 8 * DAY, "ben", "help", "cleo", 1);
    return engine;
}

/* ---- whole texts ---- */

/* By docs/model.md: 3 of 4 articles and 11 of 15 likes count, 71 points; 10000 x 71 / 191 = 3717, a score of 14.86. */
static void explanation_write_tells_of_a_review(void **state)
{
    (void)state;
    kith_engine *engine = village();
    kith_policy *policy = policy_of(NULL);
    kith_explanation ana = explained_name(engine, "ana", KITH_LAST_REVIEW);
    assert_words(&ana, policy, NULL,
                 "Review of the week of 2026-03-02\n"
                 "It finds ana in tier active, with a score of 14.86 of 100. They rose from\n"
                 "newcomer. Their stage is new: this is their first week.\n"
                 "\n"
                 "What was done this week\n"
                 "                                      how often       counted     worth   points\n"
                 "  content                                                                     71\n"
                 "    article              done                 4             3        20       60\n"
                 "    like                 received            15            11         1       11\n"
                 "- 3 of 4 article done counted: in all at most 3 a week.\n"
                 "- 11 of 15 like received counted: with any one other member at most 10 a week,\n"
                 "  which leaves 11.\n"
                 "\n"
                 "From points to the score\n"
                 "               carried over        earned    remembered   score  weight     adds\n"
                 "  content                 0            71            71   37.17     0.4   14.868\n"
                 "  interaction             0             0             0    0.00     0.3    0.000\n"
                 "  community               0             0             0    0.00     0.3    0.000\n"
                 "  together                                                                14.868\n"
                 "Rounded down, that is the score of 14.86. Of the points of earlier weeks a part\n"
                 "is carried over, so that old ones fade. A dimension scores 50 of 100 with 120\n"
                 "remembered points of content, 60 of interaction or 40 of community, and more\n"
                 "with more.\n"
                 "\n"
                 "To keep the tier\n"
                 "The tier active is kept with a score of 4.00, which is there.\n"
                 "\n"
                 "What was missing to rise\n"
                 "The tier above, veteran, takes a score of 15.00, 3 supporters (members whose\n"
                 "acts give them points) in one of the last four weeks, and an act of their own in\n"
                 "the week.\n"
                 "- score: 0.14 short; 1 more point of content alone would have done, or 0.266 of\n"
                 "  interaction, or 0.177 of community.\n"
                 "- supporters: 2 of 3.\n"
                 "\n"
                 "Flags\n"
                 "None is up.\n");
    kith_policy_free(policy);
    kith_engine_free(engine);
}

/* Of a week that is open, the first sentence is another where the moment is the week's end. */
static void explanation_write_tells_of_an_open_week(void **state)
{
    (void)state;
    static const char rest[] = "\n"
                               "What was done this week\n"
                               "Nothing so far that counts for points.\n"
                               "\n"
                               "From points to the score\n"
                               "               carried over        earned    remembered   score  weight     adds\n"
                               "  content            59.703             0        59.703   33.22     0.4   13.288\n"
                               "  interaction             0             0             0    0.00     0.3    0.000\n"
                               "  community               0             0             0    0.00     0.3    0.000\n"
                               "  together                                                                13.288\n"
                               "Rounded down, that is the score of 13.28.\n"
                               "\n"
                               "To keep the tier\n"
                               "The tier active is kept with a score of 4.00, which is there.\n"
                               "\n"
                               "What is missing to rise\n"
                               "The tier above, veteran, takes a score of 15.00, 3 supporters (members whose\n"
                               "acts give them points) in one of the last four weeks, and an act of their own in\n"
                               "the week.\n"
                               "- score: 1.72 short; 12.297 more points of content alone would do, or 3.634 of\n"
                               "  interaction, or 2.423 of community.\n"
                               "- supporters: 2 of 3.\n"
                               "- an act of their own: there is none this week.\n"
                               "\n"
                               "Flags\n";
    static const char flags[] = "- silent: 13 days without an act of their own, the last on 2026-03-02; the\n"
                                "  policy warns from 7.\n"
                                "- stalled: they are new, acted on a single day, and then stayed away.\n";
    char expected[4096];
    kith_engine *engine = village();
    kith_policy *policy = policy_of(NULL);
    kith_explanation_options options = {.size = sizeof options, .rules = KITH_WITHOUT_RULES};
    kith_explanation ana = explained_name(engine, "ana", MONDAY + WEEK);
    snprintf(expected, sizeof expected,
             "The week of 2026-03-09, which is open, as on 2026-03-09\n"
             "If this week closed now, its review would find ana in tier active, with a score\n"
             "of 13.28 of 100. Their stage is silent: they did not act this week.\n"
             "%s- silent: 7 days without an act of their own, the last on 2026-03-02; the policy\n"
             "  warns from 7.\n"
             "- stalled: they are new, acted on a single day, and then stayed away.\n",
             rest);
    assert_words(&ana, policy, &options, expected);

    ana = explained_name(engine, "ana", MONDAY + 2 * WEEK - 1);
    options.at_end = 1;
    snprintf(expected, sizeof expected,
             "The week of 2026-03-09, which is open, as on 2026-03-15, its last day\n"
             "If nothing more came, the review of this week would find ana in tier active,\n"
             "with a score of 13.28 of 100. Their stage is silent: they did not act this week.\n"
             "%s%s",
             rest, flags);
    assert_words(&ana, policy, &options, expected);
    kith_policy_free(policy);
    kith_engine_free(engine);
}

static void explanation_write_calls_a_member_by_number_or_as_the_application_does(void **state)
{
    (void)state;
    kith_engine_options options = all_tables(KITH_NUMBERED);
    kith_engine *engine = engine_with(&options);
    kith_policy *policy = policy_of(NULL);
    kith_event event = {.size = sizeof event, .time = MONDAY, .member = UINT64_MAX, .quantity = 1};
    event.kind = kind_of(policy, "post");
    assert_int_equal(kith_engine_add_event(engine, &event, NULL), KITH_OK);
    kith_explanation member = explained(engine, UINT64_MAX, MONDAY);
    kith_explanation_options unbroken = {.size = sizeof unbroken, .columns = KITH_UNBROKEN};
    char *words = words_of(&member, policy, &unbroken);
    assert_non_null(strstr(words, " would find member 18446744073709551615 in tier newcomer, "));
    free(words);
    member.member = TEXT("Ana Maria");
    words = words_of(&member, policy, &unbroken);
    assert_non_null(strstr(words, " would find Ana Maria in tier newcomer, "));
    free(words);
    kith_policy_free(policy);
    kith_engine_free(engine);
}

static void explanation_write_marks_every_heading(void **state)
{
    (void)state;
    kith_engine *engine = village();
    kith_policy *policy = policy_of(NULL);
    kith_explanation ana = explained_name(engine, "ana", KITH_LAST_REVIEW);
    kith_explanation_options options = {.size = sizeof options, .strong = "\033[1m", .off = "\033[0m"};
    char *marked = words_of(&ana, policy, &options), *plain = words_of(&ana, policy, NULL);
    static const char *const headings[] = {"Review of the week of 2026-03-02", "What was done this week",
                                           "From points to the score",         "To keep the tier",
                                           "What was missing to rise",         "Flags"};
    for (size_t i = 0; i < sizeof headings / sizeof *headings; i++) {
        char heading[64];
        snprintf(heading, sizeof heading, "\033[1m%s\033[0m\n", headings[i]);
        char *at = strstr(marked, heading);
        assert_non_null(at);
        memmove(at, at + 4, strlen(at + 4) + 1);
        at += strlen(headings[i]);
        memmove(at, at + 4, strlen(at + 4) + 1);
    }
    assert_string_equal(marked, plain);
    free(marked);
    free(plain);

    options.off = NULL;
    marked = words_of(&ana, policy, &options);
    assert_memory_equal(marked, "\033[1mReview of the week of 2026-03-02\nIt ", 40);
    free(marked);
    kith_policy_free(policy);
    kith_engine_free(engine);
}

/* ---- pages of any width ---- */

static bool is_row(const char *line)
{
    return *line == ' ';
}

/* Breaks lines a second time, by looking for the last space that fits. */
static char *broken(const char *words, size_t columns)
{
    char *out = calloc(2, strlen(words) * 3 + 1);
    size_t length = 0;
    assert_non_null(out);
    for (const char *line = words; *line;) {
        size_t left = strcspn(line, "\n");
        const size_t indent = strncmp(line, "- ", 2) == 0 ? 2 : 0;
        size_t room = columns;
        while (!is_row(line) && left > room) {
            size_t cut = room;
            while (cut > 0 && line[cut] != ' ')
                cut--;
            if (cut == 0)
                cut = strcspn(line, " \n");
            if (cut >= left)
                break;
            memcpy(out + length, line, cut);
            length += cut;
            length += (size_t)sprintf(out + length, "\n%*s", (int)indent, "");
            line += cut + 1;
            left -= cut + 1;
            room = columns > indent ? columns - indent : 0;
        }
        memcpy(out + length, line, left + 1);
        length += left + 1;
        line += left + 1;
    }
    return out;
}

static void explanation_write_fills_a_page_of_any_width(void **state)
{
    (void)state;
    static const uint32_t widths[] = {1, 2, 10, 33, 40, 72, 79, 80, 81, 100, 132, 500, UINT32_MAX - 1};
    kith_engine *engine = village();
    kith_policy *policy = policy_of(NULL);
    for (uint64_t id = 1; id <= 3; id++) {
        for (unsigned open = 0; open < 2; open++) {
            kith_explanation member = explained(engine, id, open ? MONDAY + 2 * WEEK - 1 : KITH_LAST_REVIEW);
            kith_explanation_options options = {.size = sizeof options, .columns = KITH_UNBROKEN};
            char *whole = words_of(&member, policy, &options);
            for (size_t i = 0; i < sizeof widths / sizeof *widths; i++) {
                options.columns = widths[i];
                char *expected = broken(whole, widths[i]);
                assert_words(&member, policy, &options, expected);
                free(expected);
            }
            char *expected = broken(whole, 80);
            assert_words(&member, policy, NULL, expected);
            free(expected);
            free(whole);
        }
    }
    kith_policy_free(policy);
    kith_engine_free(engine);
}

/* ---- names ---- */

/* Whatever names hold, no control character comes through, and lines have their 80 columns. */
static void explanation_write_lets_no_name_move_the_cursor(void **state)
{
    (void)state;
    static const kith_text names[] = {
        TEXT_IN_TABLE("\x1B[31m\x07\xC2\x9B\xE2\x80\xAE"),
        TEXT_IN_TABLE("a\nb\rc\td\0e"),
        TEXT_IN_TABLE("\xFF\xFE\x80"),
        TEXT_IN_TABLE("  "),
    };
    char longest[4][255];
    memset(longest[0], 'w', sizeof longest[0]);
    memset(longest[1], '\x1B', sizeof longest[1]);
    memset(longest[2], '\xFF', sizeof longest[2]);
    for (size_t i = 0; i < sizeof longest[3]; i += 3)
        memcpy(longest[3] + i, "\xE2\x80\x8B", 3); /* takes no column */
    kith_engine *engine = village();
    kith_policy *policy = policy_of("[tier low]\n[tier \xE6\x96\x87\xE6\x96\x87 \xC2\x9B x]\npromote_at = 1\n"
                                    "[kind k\xE2\x80\xAE]\ngives = content 1\n");
    kith_engine *own = NULL;
    kith_engine_options options = all_tables(KITH_NAMED);
    assert_int_equal(kith_engine_new(policy, &options, &own, NULL), KITH_OK);
    kith_event event = {.size = sizeof event, .time = MONDAY, .quantity = 9, .member_name = TEXT("ana")};
    assert_int_equal(kith_engine_add_event(own, &event, NULL), KITH_OK);
    kith_explanation ana = explained_name(own, "ana", MONDAY);
    for (unsigned i = 0; i < 8; i++) {
        kith_text name = i < 4 ? names[i] : (kith_text){longest[i - 4], sizeof longest[0]};
        ana.member = text_exact(name);
        char *words = words_of(&ana, policy, NULL);
        for (const unsigned char *at = (const unsigned char *)words; *at; at++) {
            assert_true(*at >= 0x20 || *at == '\n');
            assert_false(*at == 0x7F || *at == 0xFF || (at[0] == 0xC2 && at[1] < 0xA0));
            assert_false(at[0] == 0xE2 && at[1] == 0x80 && at[2] == 0xAE);
        }
        assert_non_null(strstr(words, "\\x9b x"));
        assert_non_null(strstr(words, "    k\\u202e "));
        if (i == 0)
            assert_non_null(strstr(words, "would find \\x1b[31m\\x07\\x9b\\u202e in tier"));
        if (i == 4)
            assert_non_null(strstr(words, "\nwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwww\xE2\x80\xA6 in tier "));
        free(words);
        text_free(ana.member);
    }
    kith_engine_free(own);
    kith_policy_free(policy);
    kith_engine_free(engine);
}

/* ---- failures ---- */

/* As much to tell as there can be: every slot is filled, and limited twice. */
static kith_policy *largest_policy(void)
{
    struct gathered text = {0};
    for (unsigned kind = 0; kind < KITH_SLOTS_MOST / 2; kind++) {
        char section[160];
        int length = snprintf(section, sizeof section,
                              "[kind kind number %u]\ngives = content 1.5 cap 3 each 5\n"
                              "receives = community -2 cap 4 each 6\n",
                              kind);
        gather(&text, section, (size_t)length);
    }
    kith_policy *policy = policy_of(text.bytes);
    gathered_free(&text);
    return policy;
}

static kith_explanation largest_explanation(kith_engine *engine)
{
    for (uint32_t kind = 0; kind < KITH_SLOTS_MOST / 2; kind++) {
        kith_event event = {.size = sizeof event, .time = MONDAY, .kind = kind, .quantity = 1000};
        event.member_name = TEXT("ana");
        event.target_name = TEXT("ben");
        assert_int_equal(kith_engine_add_event(engine, &event, NULL), KITH_OK);
        event.member_name = TEXT("ben");
        event.target_name = TEXT("ana");
        assert_int_equal(kith_engine_add_event(engine, &event, NULL), KITH_OK);
    }
    return explained_name(engine, "ana", MONDAY);
}

static void explanation_write_stops_where_it_is_refused(void **state)
{
    (void)state;
    kith_engine *engine = NULL;
    kith_policy *policy = largest_policy();
    kith_engine_options options = all_tables(KITH_NAMED);
    assert_int_equal(kith_engine_new(policy, &options, &engine, NULL), KITH_OK);
    kith_explanation ana = largest_explanation(engine);
    assert_int_equal(ana.slot_count, KITH_SLOTS_MOST);
    struct gathered whole = {0};
    assert_int_equal(kith_explanation_write(&ana, policy, NULL, gather, &whole, NULL), KITH_OK);
    assert_true(whole.calls > 4);
    for (size_t refused = 1; refused <= whole.calls; refused++) {
        struct gathered text = {.fail_at = refused};
        kith_error error = NO_ERROR;
        assert_int_equal(kith_explanation_write(&ana, policy, NULL, gather, &text, &error), KITH_INPUT_OUTPUT);
        assert_int_equal(error.status, KITH_INPUT_OUTPUT);
        assert_string_equal(error.message, "the explanation could not be written");
        assert_int_equal(text.calls, refused);
        assert_true(text.length < whole.length);
        assert_true(text.length == 0 || memcmp(text.bytes, whole.bytes, text.length) == 0);
        gathered_free(&text);
    }
    gathered_free(&whole);
    kith_engine_free(engine);
    kith_policy_free(policy);
}

static void explanation_write_needs_no_memory(void **state)
{
    (void)state;
    struct memory memory;
    memory_init(&memory);
    kith_policy *policy = NULL;
    kith_policy_options options = {.size = sizeof options, .allocator = &memory.allocator};
    assert_int_equal(kith_policy_new(&options, &policy, NULL), KITH_OK);
    kith_engine *engine = village();
    kith_explanation ana = explained_name(engine, "ana", KITH_LAST_REVIEW);
    uint64_t calls = memory.calls;
    memory.fail_on = true;
    memory_fail_after(&memory, 0);
    free(words_of(&ana, policy, NULL));
    assert_int_equal(memory.calls, calls);
    kith_engine_free(engine);
    kith_policy_free(policy);
    assert_int_equal(memory.live, 0);
}

/* A struct of a caller who knows more of it than this library. */
struct larger_explanation {
    kith_explanation known;
    uint64_t unknown;
};

struct larger_options {
    kith_explanation_options known;
    uint64_t unknown;
};

static void assert_refused(const kith_explanation *explanation, const kith_policy *policy,
                           const kith_explanation_options *options, kith_status expected, const char *field)
{
    struct gathered text = {0};
    kith_error error = NO_ERROR;
    assert_status(kith_explanation_write(explanation, policy, options, gather, &text, &error), expected, &error);
    assert_string_equal(error.field, field);
    assert_int_equal(text.calls, 0);
    assert_int_equal(kith_explanation_write(explanation, policy, options, gather, &text, NULL), expected);
}

static void explanation_write_refuses_arguments_that_cannot_be_used(void **state)
{
    (void)state;
    kith_engine *engine = village();
    kith_policy *policy = policy_of(NULL);
    const kith_explanation ana = explained_name(engine, "ana", KITH_LAST_REVIEW);
    const kith_explanation_options usual = {.size = sizeof usual};
    kith_error error = NO_ERROR;
    assert_refused(NULL, policy, NULL, KITH_BAD_ARGUMENT, "explanation");
    assert_refused(&ana, NULL, NULL, KITH_BAD_ARGUMENT, "policy");
    assert_int_equal(kith_explanation_write(&ana, policy, NULL, NULL, NULL, &error), KITH_BAD_ARGUMENT);
    assert_string_equal(error.field, "write");

    kith_explanation changed = ana;
    changed.size = sizeof changed - 8;
    assert_refused(&changed, policy, NULL, KITH_BAD_ARGUMENT, "explanation");
    kith_explanation_options options = usual;
    options.size = 0;
    assert_refused(&ana, policy, &options, KITH_BAD_ARGUMENT, "options");
    options = usual;
    options.rules = KITH_WITHOUT_RULES + 1;
    assert_refused(&ana, policy, &options, KITH_BAD_ARGUMENT, "options.rules");
    options = usual;
    options.at_end = 2;
    assert_refused(&ana, policy, &options, KITH_BAD_ARGUMENT, "options.at_end");

    struct larger_explanation larger = {.known = ana};
    struct larger_options larger_options = {.known = usual};
    larger.known.size = sizeof larger;
    larger_options.known.size = sizeof larger_options;
    free(words_of(&larger.known, policy, &larger_options.known));
    larger.unknown = 1;
    assert_refused(&larger.known, policy, NULL, KITH_UNSUPPORTED, "explanation");
    larger_options.unknown = 1;
    assert_refused(&ana, policy, &larger_options.known, KITH_UNSUPPORTED, "options");
    kith_policy_free(policy);
    kith_engine_free(engine);
}

/* The default policy with something put in place of something else. */
static kith_policy *policy_with(const char *from, const char *to)
{
    kith_policy *policy = policy_of(NULL);
    struct gathered whole = {0}, changed = {0};
    assert_int_equal(kith_policy_write(policy, gather, &whole, NULL), KITH_OK);
    kith_policy_free(policy);
    const char *at = strstr(whole.bytes, from);
    if (!at)
        fail_msg("the default policy has no '%s'", from);
    gather(&changed, whole.bytes, (size_t)(at - whole.bytes));
    gather(&changed, to, strlen(to));
    gather(&changed, at + strlen(from), strlen(at + strlen(from)));
    policy = policy_of(changed.bytes);
    gathered_free(&whole);
    gathered_free(&changed);
    return policy;
}

/* Of a policy with other figures the words would say what no review went by. */
static void explanation_write_refuses_another_policy(void **state)
{
    (void)state;
    static const char *const changes[][2] = {
        {"content = 0.4\ninteraction = 0.3", "content = 0.5\ninteraction = 0.2"},
        {"interaction = 60", "interaction = 61"},
        {"community = 40", "community = 41"},
        {"grace_weeks = 2", "grace_weeks = 3"},
        {"silent_days = 7", "silent_days = 8"},
        {"dormant_days = 28", "dormant_days = 29"},
        {"drop_percent = 50", "drop_percent = 51"},
        {"drop_baseline_weeks = 4", "drop_baseline_weeks = 5"},
        {"drop_min_per_week = 2", "drop_min_per_week = 3"},
        {"core_days = 15", "core_days = 16"},
        {"risk_percent = 50", "risk_percent = 51"},
        {"promote_at = 15", "promote_at = 16"},
        {"keep_at = 4", "keep_at = 3"},
        {"min_supporters = 3", "min_supporters = 4"},
        {"min_supporters = 3", "min_supporters = 3\nmin_active_days = 1"},
        {"content 20 cap 3", "content 21 cap 3"},
        {"content 20 cap 3", "content 20 cap 2"},
        {"content 20 cap 3", "content 20"},
        {"content 20 cap 3", "community 20 cap 3"},
        {"content 1 cap 500 each 10", "content 1 cap 500"},
    };
    kith_engine *engine = village();
    kith_explanation ana = explained_name(engine, "ana", KITH_LAST_REVIEW);
    for (size_t i = 0; i < sizeof changes / sizeof *changes; i++) {
        kith_policy *other = policy_with(changes[i][0], changes[i][1]);
        struct gathered text = {0};
        kith_error error = NO_ERROR;
        if (kith_explanation_write(&ana, other, NULL, gather, &text, &error) != KITH_BAD_ARGUMENT)
            fail_msg("%s was not noticed", changes[i][0]);
        assert_string_equal(error.message, "policy: is not the one that the explanation went by");
        assert_int_equal(text.calls, 0);
        kith_policy_free(other);
    }
    kith_policy *tiny = policy_of("[tier one]\n[tier two]\npromote_at = 1\n[kind only]\ngives = content 1\n");
    assert_int_equal(kith_explanation_write(&ana, tiny, NULL, gather, NULL, NULL), KITH_BAD_ARGUMENT);
    kith_policy_free(tiny);
    kith_engine_free(engine);
}

/* ---- whatever a caller may fill in ---- */

/* One field, as many bytes as it has; what it may not hold. */
struct bad_value {
    const char *field;
    size_t offset;
    size_t width;
    uint64_t value;
};

#define BAD(name, member, value)                                                                                       \
    {                                                                                                                  \
        "explanation." name, offsetof(kith_explanation, member), sizeof(((kith_explanation *)0)->member),              \
            (uint64_t)(value)                                                                                          \
    }

static void explanation_write_refuses_values_that_no_review_gives(void **state)
{
    (void)state;
    static const struct bad_value values[] = {
        BAD("week", week, -8),
        BAD("week", week, INT32_MAX),
        BAD("as_of_day", as_of_day, MONDAY_DAY - 1),
        BAD("as_of_day", as_of_day, MONDAY_DAY + 7),
        BAD("score", score, -1),
        BAD("score", score, 10000),
        BAD("stage", stage, KITH_STAGES),
        BAD("flags", flags, 1 << 6),
        BAD("tier", tier, 4),
        BAD("tier", tier, KITH_NO_TIER),
        BAD("tier_before", tier_before, 4),
        BAD("reason", reason, KITH_CHANGE_PINNED + 1),
        BAD("next_tier", next_tier, 1),
        BAD("next_tier", next_tier, KITH_NO_TIER),
        BAD("next_tier", pinned, 1),
        BAD("keep_tier", keep_tier, 0),
        BAD("keep_tier", keep_tier, KITH_NO_TIER),
        BAD("active_days", active_days, 29),
        BAD("silent_days", silent_days, -1),
        BAD("last_seen", last_seen, -1),
        BAD("last_seen", last_seen, INT64_C(253370764800)),
        BAD("leave_end", leave_end, -1),
        BAD("baseline", baseline, UINT64_MAX),
        BAD("baseline", baseline, INT64_MAX),
        BAD("baseline_weeks", baseline_weeks, 27),
        BAD("baseline_weeks", flags, KITH_FLAG_DROP),
        BAD("risk", flags, KITH_FLAG_AT_RISK),
        BAD("risk", risk, -2),
        BAD("risk", risk, 10001),
        BAD("pattern", pattern, 256),
        BAD("age", age, 8),
        BAD("all", all, UINT64_MAX),
        BAD("all_lost", all_lost, 1),
        BAD("similar", similar, 1),
        BAD("similar_lost", similar_lost, 1),
        BAD("alike", alike, 1),
        BAD("lost", lost, 1),
        BAD("member", member.length, 256),
        BAD("member", member.length, UINT64_MAX),
        BAD("member", member.data, 0),
        BAD("slot_count", slot_count, KITH_SLOTS_MOST + 1),
        BAD("slot_count", slot_count, UINT64_MAX),
        BAD("slots.kind", slots[1].kind, 64),
        BAD("slots.kind", slots[1].kind, UINT32_MAX),
        BAD("slots.role", slots[1].role, 2),
        BAD("slots.each", slots[1].each, UINT32_MAX),
        BAD("slots.counted", slots[1].counted, UINT32_MAX),
        BAD("slots.points", slots[1].points, INT64_MIN),
        BAD("slots.points", slots[1].points, INT64_MAX),
        BAD("dimensions.carried_over", dimensions[2].carried_over, -1),
        BAD("dimensions.earned", dimensions[2].earned, INT64_MIN),
        BAD("dimensions.remembered", dimensions[2].remembered, INT64_MAX),
        BAD("dimensions.to_rise", dimensions[2].to_rise, -1),
        BAD("dimensions.to_keep", dimensions[2].to_keep, INT64_MIN),
        BAD("dimensions.score", dimensions[2].score, 10000),
    };
    kith_engine *engine = village();
    kith_policy *policy = policy_of(NULL);
    const kith_explanation ana = explained_name(engine, "ana", KITH_LAST_REVIEW);
    for (size_t i = 0; i < sizeof values / sizeof *values; i++) {
        kith_explanation changed = ana;
        /* All machines that this is tested on have the low bytes first. */
        memcpy((char *)&changed + values[i].offset, &values[i].value, values[i].width);
        assert_refused(&changed, policy, NULL, KITH_BAD_ARGUMENT, values[i].field);
    }
    kith_explanation no_pattern = ana;
    no_pattern.risk = 0;
    no_pattern.pattern = 0;
    assert_refused(&no_pattern, policy, NULL, KITH_BAD_ARGUMENT, "explanation.pattern");
    kith_policy_free(policy);
    kith_engine_free(engine);
}

/* Changes some bytes, or a whole word to the ends of what it can hold; not where the name lies. */
static void spoil(kith_explanation *explanation, uint64_t *seed)
{
    static const uint64_t ends[] = {
        0, 1, UINT64_MAX, INT64_MAX, (uint64_t)1 << 63, UINT32_MAX, INT32_MAX, (uint64_t)1 << 31, 7, 255, 9999};
    for (uint32_t more = 1 + chance_below(seed, 4); more > 0; more--) {
        size_t width = chance_below(seed, 2) ? 8 : 4;
        /* Most of the struct is slots, of which few are filled. */
        size_t within = chance_below(seed, 4) ? offsetof(kith_explanation, slots[3]) : sizeof *explanation;
        size_t offset = sizeof explanation->size + chance_below(seed, (uint32_t)(within / 4 - 2)) * 4;
        uint64_t value = chance_below(seed, 4) ? ends[chance_below(seed, sizeof ends / sizeof *ends)] : chance(seed);
        const char *name = explanation->member.data;
        memcpy((char *)explanation + offset, &value, width);
        explanation->member.data = name;
        if (explanation->member.length <= 255 && explanation->member.length > 3)
            explanation->member.length = 3;
    }
}

static void explanation_write_takes_or_refuses_whatever_it_is_given(void **state)
{
    (void)state;
    kith_engine *engine = village();
    kith_policy *policy = policy_of(NULL);
    uint64_t seed = 5, taken = 0, refused = 0;
    for (uint64_t i = 0; i < tries(100000); i++) {
        kith_explanation spoilt = explained(engine, 1 + i % 3, i % 2 ? MONDAY + WEEK : KITH_LAST_REVIEW);
        struct gathered text = {0};
        if (i % 64 == 0) {
            const kith_text name = spoilt.member;
            for (size_t at = 0; at < sizeof spoilt; at++)
                ((unsigned char *)&spoilt)[at] = (unsigned char)chance(&seed);
            spoilt.size = sizeof spoilt;
            spoilt.member = name;
        }
        spoil(&spoilt, &seed);
        kith_error error = NO_ERROR;
        kith_status status = kith_explanation_write(&spoilt, policy, NULL, gather, &text, &error);
        assert_true(status == KITH_OK || (status == KITH_BAD_ARGUMENT && text.calls == 0 && error.field[0]));
        taken += status == KITH_OK;
        refused += status != KITH_OK;
        gathered_free(&text);
    }
    assert_true(taken > tries(100000) / 20);
    assert_true(refused > tries(100000) / 20);
    kith_policy_free(policy);
    kith_engine_free(engine);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(explanation_write_tells_of_a_review),
        cmocka_unit_test(explanation_write_tells_of_an_open_week),
        cmocka_unit_test(explanation_write_calls_a_member_by_number_or_as_the_application_does),
        cmocka_unit_test(explanation_write_marks_every_heading),
        cmocka_unit_test(explanation_write_fills_a_page_of_any_width),
        cmocka_unit_test(explanation_write_lets_no_name_move_the_cursor),
        cmocka_unit_test(explanation_write_stops_where_it_is_refused),
        cmocka_unit_test(explanation_write_needs_no_memory),
        cmocka_unit_test(explanation_write_refuses_arguments_that_cannot_be_used),
        cmocka_unit_test(explanation_write_refuses_another_policy),
        cmocka_unit_test(explanation_write_refuses_values_that_no_review_gives),
        cmocka_unit_test(explanation_write_takes_or_refuses_whatever_it_is_given),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
