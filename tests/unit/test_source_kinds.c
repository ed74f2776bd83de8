/* SPDX-License-Identifier: MIT */
#include "source_support.h"

#include "sources/lookup.h"

/* Its kinds are a, b, … in this order, and one that is a notice of leave. */
static kith_policy *a_policy(void)
{
    kith_policy *policy = NULL;
    assert_int_equal(
        kith_policy_parse(TEXT("[kind a]\n[kind b]\n[kind c]\n[kind away]\nleave = yes\n"), NULL, NULL, &policy, NULL),
        KITH_OK);
    return policy;
}

enum { A, B, C, AWAY, IGNORED, NOT_NAMED, UNKNOWN };

static const char event[] = "[event]\ntime = t\nmember = m\nkind = k\n";

/* What becomes of an event's kind: the number of the policy's, or one of the names above. */
static int find(struct kithp_source_kinds *kinds, uint32_t number, kith_text text)
{
    uint8_t kind = 99;
    kith_text exact = text_exact(text);
    enum kithp_source_kind_outcome outcome = kithp_source_kinds_find(kinds, number, exact, &kind);
    text_free(exact);
    if (outcome == KITHP_SOURCE_KIND_FOUND)
        return kind;
    assert_int_equal(kind, 99);
    return outcome == KITHP_SOURCE_KIND_IGNORED     ? IGNORED
           : outcome == KITHP_SOURCE_KIND_NOT_NAMED ? NOT_NAMED
                                                    : UNKNOWN;
}

struct given {
    kith_source *source;
    kith_policy *policy;
    struct kithp_source_kinds kinds;
    struct memory memory;
};

static void give(struct given *given, const char *more)
{
    char text[4096];
    snprintf(text, sizeof text, "%s%s", event, more);
    given->source = source_of(text);
    given->policy = a_policy();
    memory_init(&given->memory);
    kith_error error = {.size = sizeof error};
    if (kithp_source_kinds_init(&given->kinds, given->source, &given->policy->figures, &given->memory.allocator,
                                &error) != KITH_OK)
        fail_msg("%s", error.message);
}

static void take_back(struct given *given)
{
    kithp_source_kinds_free(&given->kinds);
    assert_int_equal(given->memory.live, 0);
    kith_policy_free(given->policy);
    kith_source_free(given->source);
}

static void source_kinds_of_the_first_event_are_looked_for_in_order(void **state)
{
    (void)state;
    struct given given;
    give(&given, "[kinds]\nPush* = a\nPushEvent = b\n*Event = c\nSign Up = a\nleft = away\n\"\\u003d\\u005d\" = b\n"
                 "[ignore]\nkind = PushEvent noise* b\n");
    static const struct {
        kith_text text;
        int expected;
    } cases[] = {
        {TEXT_IN_TABLE("PushEvent"), B},
        {TEXT_IN_TABLE("PushedEvent"), A},
        {TEXT_IN_TABLE("ForkEvent"), C},
        {TEXT_IN_TABLE("Sign Up"), A},
        {TEXT_IN_TABLE("left"), AWAY},
        {TEXT_IN_TABLE("=]"), B},
        {TEXT_IN_TABLE("noise/1"), IGNORED},
        {TEXT_IN_TABLE("b"), IGNORED},
        {TEXT_IN_TABLE("a"), A},
        {TEXT_IN_TABLE("away"), AWAY},
        {TEXT_IN_TABLE("A"), UNKNOWN},
        {TEXT_IN_TABLE("d"), UNKNOWN},
        {TEXT_IN_TABLE("a\0"), UNKNOWN},
        {TEXT_IN_TABLE(""), UNKNOWN},
        {TEXT_IN_TABLE("a text of more bytes than are kept, which begins with nothing known, Event"), C},
        {TEXT_IN_TABLE("a text of more bytes than are kept, which begins with nothing known, Events"), UNKNOWN},
    };
    /* Twice: what is known of a text is that which was found before. */
    for (int round = 0; round < 2; round++)
        for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
            assert_int_equal(find(&given.kinds, 0, cases[i].text), cases[i].expected);
    take_back(&given);
}

static void source_kinds_may_be_left_out_by_a_line(void **state)
{
    (void)state;
    struct given given;
    give(&given, "[kinds]\n$page = a\n$* = \"\"\nb = \"\"\n* = c\n[event more]\nmember = m\nkind = k\n"
                 "[kinds more]\nx = \"\"\n* = b\n");
    static const struct {
        uint32_t event;
        kith_text text;
        int expected;
    } cases[] = {
        {0, TEXT_IN_TABLE("$page"), A},
        {0, TEXT_IN_TABLE("$pages"), IGNORED},
        {0, TEXT_IN_TABLE("b"), IGNORED},
        {0, TEXT_IN_TABLE("bb"), C},
        {0, TEXT_IN_TABLE("$ a text of more bytes than are kept, which begins with nothing but that"), IGNORED},
        {0, TEXT_IN_TABLE(""), UNKNOWN},
        {1, TEXT_IN_TABLE("x"), NOT_NAMED},
        {1, TEXT_IN_TABLE("$page"), B},
    };
    for (int round = 0; round < 2; round++)
        for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
            assert_int_equal(find(&given.kinds, cases[i].event, cases[i].text), cases[i].expected);
    take_back(&given);
}

static void source_kinds_of_nothing_are_ignored_where_all_others_are(void **state)
{
    (void)state;
    struct given given;
    give(&given, "[kinds]\nx = a\n[ignore]\nkind = *\n");
    assert_int_equal(find(&given.kinds, 0, TEXT("x")), A);
    assert_int_equal(find(&given.kinds, 0, TEXT("a")), IGNORED);
    /* An event without a kind is no kind that is ignored, but a fault of the export. */
    assert_int_equal(find(&given.kinds, 0, TEXT("")), UNKNOWN);
    take_back(&given);
}

static void source_kinds_of_further_events_are_their_own(void **state)
{
    (void)state;
    struct given given;
    give(&given, "[event named]\nmember = m\nkind = k\n[event plain]\nmember = m\nkind = 'b'\n"
                 "[event empty]\nmember = m\nkind = k\n[kinds]\nx = a\n[kinds named]\nx = b\ny* = c\n"
                 "[kinds empty]\n[ignore]\nkind = *\n");
    for (int round = 0; round < 2; round++) {
        assert_int_equal(find(&given.kinds, 0, TEXT("x")), A);
        assert_int_equal(find(&given.kinds, 1, TEXT("x")), B);
        assert_int_equal(find(&given.kinds, 1, TEXT("yy")), C);
        assert_int_equal(find(&given.kinds, 1, TEXT("a")), NOT_NAMED);
        assert_int_equal(find(&given.kinds, 1, TEXT("")), NOT_NAMED);
        assert_int_equal(find(&given.kinds, 2, TEXT("b")), B);
        assert_int_equal(find(&given.kinds, 2, TEXT("x")), UNKNOWN);
        assert_int_equal(find(&given.kinds, 2, TEXT("")), NOT_NAMED);
        assert_int_equal(find(&given.kinds, 3, TEXT("a")), NOT_NAMED);
        assert_int_equal(find(&given.kinds, 0, TEXT("yy")), IGNORED);
    }
    take_back(&given);
}

static void source_kinds_that_the_policy_lacks_are_told(void **state)
{
    (void)state;
    char text[512];
    snprintf(text, sizeof text,
             "%s[event e]\nmember = m\nkind = k\n[kinds e]\n Push* =  d ; not there\n[kinds]\nx = a\n", event);
    kith_source *source = source_of(text);
    kith_policy *policy = a_policy();
    struct memory memory;
    memory_init(&memory);
    struct kithp_source_kinds kinds;
    kith_error error = {.size = sizeof error};
    assert_int_equal(kithp_source_kinds_init(&kinds, source, &policy->figures, &memory.allocator, &error),
                     KITH_BAD_SOURCE);
    assert_string_equal(error.message, "my.ini:9:11: Push* 'd': the policy has no such kind");
    assert_int_equal(memory.live, 0);
    memory_fail_after(&memory, 0);
    assert_int_equal(kithp_source_kinds_init(&kinds, source, &policy->figures, &memory.allocator, &error),
                     KITH_NO_MEMORY);
    assert_int_equal(memory.live, 0);
    kith_policy_free(policy);
    kith_source_free(source);
}

/* ---- against a slow second implementation ---- */

static bool fits(const char *pattern, const char *text)
{
    if (*pattern == '\0')
        return *text == '\0';
    if (*pattern == '*')
        return fits(pattern + 1, text) || (*text && fits(pattern, text + 1));
    return *text && (*pattern == '?' || *pattern == *text) && fits(pattern + 1, text + 1);
}

enum { LINES_MOST = 40 };

struct lines {
    char patterns[LINES_MOST][8];
    int kinds[LINES_MOST];
    int count;
};

static int slow_find(const struct lines *lines, const char *text)
{
    for (int i = 0; i < lines->count; i++)
        if (strcmp(lines->patterns[i], text) == 0)
            return lines->kinds[i];
    for (int i = 0; i < lines->count; i++)
        if (fits(lines->patterns[i], text))
            return lines->kinds[i];
    return strcmp(text, "a") == 0 ? A : strcmp(text, "b") == 0 ? B : strcmp(text, "c") == 0 ? C : UNKNOWN;
}

static void make_lines(struct lines *lines, char *section, uint64_t *seed)
{
    lines->count = 0;
    strcpy(section, "[kinds]\n");
    for (uint32_t wanted = chance_below(seed, LINES_MOST); wanted > 0; wanted--) {
        char *pattern = lines->patterns[lines->count];
        size_t length = 1 + chance_below(seed, 5);
        for (size_t at = 0; at < length; at++)
            pattern[at] = "abc*?"[chance_below(seed, chance_below(seed, 2) ? 5 : 3)];
        pattern[length] = '\0';
        bool twice = false;
        for (int i = 0; i < lines->count; i++)
            twice |= strcmp(lines->patterns[i], pattern) == 0;
        if (twice)
            continue;
        lines->kinds[lines->count] = (int)chance_below(seed, 3);
        sprintf(section + strlen(section), "%s = %c\n", pattern, 'a' + lines->kinds[lines->count]);
        lines->count++;
    }
}

static void source_kinds_are_found_as_if_one_looked_at_every_line(void **state)
{
    (void)state;
    uint64_t seed = 11;
    for (uint64_t round = 0; round < tries(200); round++) {
        struct lines lines;
        char section[LINES_MOST * 16];
        make_lines(&lines, section, &seed);
        struct given given;
        give(&given, section);
        for (int i = 0; i < 3000; i++) {
            char text[16];
            size_t length = 1 + chance_below(&seed, 5);
            for (size_t at = 0; at < length; at++)
                text[at] = "abcd"[chance_below(&seed, 4)];
            text[length] = '\0';
            int found = find(&given.kinds, 0, kith_text_of(text)), expected = slow_find(&lines, text);
            if (found != expected)
                fail_msg("%s'%s': %d, expected %d", section, text, found, expected);
        }
        take_back(&given);
    }
}

/* ---- members ---- */

static void source_aliases_lead_to_names(void **state)
{
    (void)state;
    char text[512];
    snprintf(text, sizeof text, "%s[aliases]\ndhh-old = dhh\n\"dhh 2\" = dhh\n a b  =  \"c \\u003d d\"\n", event);
    kith_source *source = source_of(text);
    static const char *const cases[][2] = {
        {"dhh-old", "dhh"}, {"dhh 2", "dhh"}, {"a b", "c = d"}, {"dhh", "dhh"}, {"DHH-old", "DHH-old"}, {"", ""},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_text_equal(kithp_source_alias(source, kith_text_of(cases[i][0])), cases[i][1]);
    kith_source_free(source);
    source = source_of(event);
    assert_text_equal(kithp_source_alias(source, TEXT("dhh-old")), "dhh-old");
    kith_source_free(source);
}

static void source_aliases_are_65536_at_most(void **state)
{
    (void)state;
    enum { MOST = 65536 };
    char *text = malloc(1 << 20);
    assert_non_null(text);
    for (int extra = 0; extra <= 1; extra++) {
        size_t length = (size_t)sprintf(text, "%s[aliases]\n", event);
        for (int i = 0; i < MOST + extra; i++)
            length += (size_t)sprintf(text + length, "%x=m%x\n", i, i % 1000);
        struct source_faults faults;
        kith_source *source = NULL;
        kith_status status = source_parse((kith_text){text, length}, &source, &faults);
        assert_int_equal(status, extra ? KITH_BAD_SOURCE : KITH_OK);
        if (extra) {
            assert_non_null(strstr(faults.errors[0].message, "expected at most 65536 aliases"));
            assert_int_equal(faults.errors[0].line, 5 + MOST + 1);
        }
        for (int i = 0; i < MOST && !extra; i++) {
            char alias[16], name[16];
            sprintf(alias, "%x", i);
            sprintf(name, "m%x", i % 1000);
            assert_text_equal(kithp_source_alias(source, kith_text_of(alias)), name);
        }
        kith_source_free(source);
    }
    free(text);
}

static void source_ignores_members_that_are_like_a_pattern(void **state)
{
    (void)state;
    char text[512];
    snprintf(text, sizeof text, "%s[ignore]\nmember = *[bot] ci-? \"the bot\"\n", event);
    kith_source *source = source_of(text);
    assert_true(kithp_source_ignores_member(source, TEXT("renovate[bot]")));
    assert_true(kithp_source_ignores_member(source, TEXT("ci-1")));
    assert_true(kithp_source_ignores_member(source, TEXT("the bot")));
    assert_false(kithp_source_ignores_member(source, TEXT("ci-12")));
    assert_false(kithp_source_ignores_member(source, TEXT("bot")));
    assert_false(kithp_source_ignores_member(source, TEXT("")));
    kith_source_free(source);
    source = source_of(event);
    assert_false(kithp_source_ignores_member(source, TEXT("")));
    kith_source_free(source);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(source_kinds_of_the_first_event_are_looked_for_in_order),
        cmocka_unit_test(source_kinds_may_be_left_out_by_a_line),
        cmocka_unit_test(source_kinds_of_nothing_are_ignored_where_all_others_are),
        cmocka_unit_test(source_kinds_of_further_events_are_their_own),
        cmocka_unit_test(source_kinds_that_the_policy_lacks_are_told),
        cmocka_unit_test(source_kinds_are_found_as_if_one_looked_at_every_line),
        cmocka_unit_test(source_aliases_lead_to_names),
        cmocka_unit_test(source_aliases_are_65536_at_most),
        cmocka_unit_test(source_ignores_members_that_are_like_a_pattern),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
