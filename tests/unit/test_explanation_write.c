/* SPDX-License-Identifier: MIT */
/* Explanations in words: whole texts by hand, pages of any width, names of any sort, and callers who refuse them. */
#include "explanation_support.h"

static void assert_words(const kith_explanation *explanation, const kith_policy *policy,
                         const kith_explanation_options *options, const char *expected)
{
    char *words = words_of(explanation, policy, options);
    assert_string_equal(words, expected);
    free(words);
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
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
