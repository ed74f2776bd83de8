/* SPDX-License-Identifier: MIT */
#include "source_support.h"

#include <unistd.h>

/* ---- what is sound ---- */

static const char whole[] = "; What docs/sources.md tells, and all else that can be there.\n"
                            "[source]\n"
                            "format = json\n"
                            "files = *.json \"a b/*.json.gz\" ; two\n"
                            "rows = \"messages\"[]\n"
                            "times = \"%d.%m.%Y %H:%M\"\n"
                            "zone = +02:00\n"
                            "\n"
                            "[event]\n"
                            "time = created_at\n"
                            "member = actor.login | user.login | 'anonymous'\n"
                            "kind = type / payload.action / payload.pull_request.merged\n"
                            "target = payload.issue.user.login\n"
                            "quantity = payload.size\n"
                            "id = id\n"
                            "\n"
                            "[kinds merged]\n"
                            "PullRequestEvent/closed/true = merged\n"
                            "[kinds]\n"
                            "PushEvent = commit\n"
                            "PullRequestEvent/opened* = pull request\n"
                            "\"a \\u003d ?\" = commit\n"
                            "\n"
                            "[ignore]\n"
                            "kind = *\n"
                            "member = *[bot] *-bot\n"
                            "author.isBot = true\n"
                            "document.\"kind\" = x ?y\n"
                            "\n"
                            "[aliases]\n"
                            "dhh-old = dhh\n"
                            "\n"
                            "[event merged]\n"
                            "member = payload.pull_request.user.login\n"
                            "kind = type / payload.action / payload.pull_request.merged\n";

static void assert_value(const kith_source *source, uint32_t event, enum kithp_field field, const char *expected)
{
    char written[512];
    source_write_value(source, event, field, written, sizeof written);
    assert_string_equal(written, expected);
}

static void assert_pattern(const struct kithp_source_patterns *patterns, uint32_t number, const char *pattern,
                           const char *kind, bool exact)
{
    assert_true(number < patterns->count);
    assert_text_equal(patterns->patterns[number].pattern, pattern);
    assert_text_equal(patterns->patterns[number].kind, kind);
    assert_int_equal(patterns->patterns[number].exact, exact);
}

static void source_read_of_every_key_sets_it(void **state)
{
    (void)state;
    kith_source *source = source_of(whole);
    assert_string_equal(source->name, "my.ini");
    assert_int_equal(source->format, KITH_FORMAT_JSON);
    assert_int_equal(source->files.count, 2);
    assert_pattern(&source->files, 0, "*.json", "", false);
    assert_pattern(&source->files, 1, "a b/*.json.gz", "", false);
    assert_text_equal(source->rows, "messages[]");
    assert_int_equal(source->delimiter, 0);
    assert_int_equal(source->times.unit, KITHP_SOURCE_PATTERN);
    assert_text_equal(source->times.pattern, "%d.%m.%Y %H:%M");
    assert_true(source->times.has_zone);
    assert_int_equal(source->times.zone, 7200);

    assert_int_equal(source->event_count, 2);
    assert_string_equal(source->events[0].name, "");
    assert_value(source, 0, KITHP_TIME, "created_at");
    assert_value(source, 0, KITHP_MEMBER, "actor.login | user.login | 'anonymous'");
    assert_value(source, 0, KITHP_KIND, "type / payload.action / payload.pull_request.merged");
    assert_value(source, 0, KITHP_TARGET, "payload.issue.user.login");
    assert_value(source, 0, KITHP_QUANTITY, "payload.size");
    assert_value(source, 0, KITHP_ID, "id");
    assert_string_equal(source->events[1].name, "merged");
    /* The first event's, as though it was written here. */
    assert_value(source, 1, KITHP_TIME, "created_at");
    assert_value(source, 1, KITHP_MEMBER, "payload.pull_request.user.login");
    assert_value(source, 1, KITHP_KIND, "type / payload.action / payload.pull_request.merged");
    assert_value(source, 1, KITHP_TARGET, "");

    /* Each path once, in order of appearance; those of [ignore] stand before the second event's. */
    static const char *const paths[] = {"created_at",
                                        "actor.login",
                                        "user.login",
                                        "type",
                                        "payload.action",
                                        "payload.pull_request.merged",
                                        "payload.issue.user.login",
                                        "payload.size",
                                        "id",
                                        "author.isBot",
                                        "payload.pull_request.user.login"};
    assert_int_equal(source->row.count, sizeof paths / sizeof *paths);
    for (size_t i = 0; i < sizeof paths / sizeof *paths; i++) {
        assert_text_equal(source->row.paths[i].path, paths[i]);
        assert_string_equal(source->row.paths[i].text.data, paths[i]);
    }
    assert_int_equal(source->row.paths[3].line, 12);
    assert_int_equal(source->row.paths[4].column, 15);
    assert_int_equal(source->document.count, 1);
    assert_text_equal(source->document.paths[0].path, "kind");

    assert_true(source->events[0].has_kinds);
    assert_int_equal(source->events[0].kinds.count, 3);
    assert_pattern(&source->events[0].kinds, 0, "PushEvent", "commit", true);
    assert_pattern(&source->events[0].kinds, 1, "PullRequestEvent/opened*", "pull request", false);
    assert_pattern(&source->events[0].kinds, 2, "a = ?", "commit", false);
    assert_int_equal(source->events[0].kinds.patterns[0].line, 20);
    assert_int_equal(source->events[0].kinds.patterns[0].column, 13);
    assert_true(source->events[1].has_kinds);
    assert_int_equal(source->events[1].kinds.count, 1);
    assert_pattern(&source->events[1].kinds, 0, "PullRequestEvent/closed/true", "merged", true);

    assert_int_equal(source->ignored_kinds.count, 1);
    assert_pattern(&source->ignored_kinds, 0, "*", "", false);
    assert_int_equal(source->ignored_members.count, 2);
    assert_pattern(&source->ignored_members, 1, "*-bot", "", false);
    assert_int_equal(source->test_count, 2);
    assert_int_equal(source->tests[0].field.scope, KITHP_SOURCE_ROW);
    assert_int_equal(source->tests[0].field.path, 9);
    assert_int_equal(source->tests[0].patterns.count, 1);
    assert_pattern(&source->tests[0].patterns, 0, "true", "", true);
    assert_int_equal(source->tests[1].field.scope, KITHP_SOURCE_DOCUMENT);
    assert_int_equal(source->tests[1].patterns.count, 2);
    assert_pattern(&source->tests[1].patterns, 1, "?y", "", false);
    assert_int_equal(source->alias_count, 1);
    assert_text_equal(source->aliases[0].alias, "dhh-old");
    assert_text_equal(source->aliases[0].name, "dhh");
    kith_source_free(source);
}

#define EVENT "[event]\ntime = t\nmember = m\nkind = k\n"

static void source_read_of_an_event_alone_leaves_the_rest_open(void **state)
{
    (void)state;
    kith_source *source = source_of(EVENT);
    assert_int_equal(source->format, KITH_FORMAT_ANY);
    assert_int_equal(source->files.count, 0);
    assert_text_equal(source->rows, "[]");
    assert_int_equal(source->delimiter, 0);
    assert_int_equal(source->times.unit, KITHP_SOURCE_ANY_TIME);
    assert_false(source->times.has_zone);
    assert_int_equal(source->event_count, 1);
    assert_false(source->events[0].has_kinds);
    assert_int_equal(source->events[0].list_count, 0);
    assert_int_equal(source->test_count, 0);
    assert_int_equal(source->alias_count, 0);
    kith_source_info info = {.size = sizeof info, .format = 99};
    assert_int_equal(kith_source_get_info(source, &info, NULL), KITH_OK);
    assert_int_equal(info.format, KITH_FORMAT_ANY);
    kith_source_free(source);
    kith_source_free(NULL);
}

/* Whether the first event stands before the others or behind them, it is the first. */
static void source_read_takes_sections_in_any_order(void **state)
{
    (void)state;
    kith_source *source = source_of("[event b]\nkind = k\ntarget = x\n[event a]\nkind = k\nmember = x\n" EVENT
                                    "[source]\nformat = csv\ndelimiter = |\n");
    assert_int_equal(source->event_count, 3);
    assert_string_equal(source->events[0].name, "");
    assert_string_equal(source->events[1].name, "b");
    assert_string_equal(source->events[2].name, "a");
    assert_value(source, 1, KITHP_TARGET, "x");
    assert_value(source, 2, KITHP_MEMBER, "x");
    assert_int_equal(source->delimiter, '|');
    kith_source_free(source);
}

static void source_read_of_settings(void **state)
{
    (void)state;
    static const struct {
        const char *settings;
        char delimiter;
        enum kithp_source_unit unit;
        bool has_zone;
        int32_t zone;
        const char *rows;
    } cases[] = {
        {"format = csv\ndelimiter = tab", '\t', KITHP_SOURCE_ANY_TIME, false, 0, "[]"},
        {"format = csv\ndelimiter = semicolon", ';', KITHP_SOURCE_ANY_TIME, false, 0, "[]"},
        {"delimiter = comma\nformat = csv", ',', KITHP_SOURCE_ANY_TIME, false, 0, "[]"},
        {"format = csv\ndelimiter = pipe", '|', KITHP_SOURCE_ANY_TIME, false, 0, "[]"},
        {"format = csv\ndelimiter = space", ' ', KITHP_SOURCE_ANY_TIME, false, 0, "[]"},
        {"format = csv\ndelimiter = =", '=', KITHP_SOURCE_ANY_TIME, false, 0, "[]"},
        {"times = seconds", 0, KITHP_SOURCE_SECONDS, false, 0, "[]"},
        {"times = milliseconds", 0, KITHP_SOURCE_MILLISECONDS, false, 0, "[]"},
        {"times = microseconds", 0, KITHP_SOURCE_MICROSECONDS, false, 0, "[]"},
        {"times = nanoseconds", 0, KITHP_SOURCE_NANOSECONDS, false, 0, "[]"},
        {"times = %Y-%m-%d", 0, KITHP_SOURCE_PATTERN, false, 0, "[]"},
        {"zone = Z\ntimes = %Y-%m-%d", 0, KITHP_SOURCE_PATTERN, true, 0, "[]"},
        {"zone = -0530", 0, KITHP_SOURCE_ANY_TIME, true, -19800, "[]"},
        {"zone = +14:00", 0, KITHP_SOURCE_ANY_TIME, true, 50400, "[]"},
        {"format = json\nrows = []", 0, KITHP_SOURCE_ANY_TIME, false, 0, "[]"},
        {"rows = a.\"b\".\"c d.\"[]\nformat = json", 0, KITHP_SOURCE_ANY_TIME, false, 0, "a.b.\"c d.\"[]"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char text[512];
        snprintf(text, sizeof text, "[source]\n%s\n" EVENT, cases[i].settings);
        kith_source *source = source_of(text);
        assert_int_equal(source->delimiter, cases[i].delimiter);
        assert_int_equal(source->times.unit, cases[i].unit);
        assert_int_equal(source->times.has_zone, cases[i].has_zone);
        assert_int_equal(source->times.zone, cases[i].zone);
        assert_text_equal(source->rows, cases[i].rows);
        kith_source_free(source);
    }
}

/* ---- faults ---- */

static void source_read_tells_every_fault_in_its_place(void **state)
{
    (void)state;
    assert_source_faults("", "my.ini: event: expected a section [event] with time, member and kind\n");
    assert_source_faults("[source]\nformat = xml\nfiles = *.a *.a\nrows = a\ndelimiter = ab\ntimes = days\nzone = +2\n"
                         "name = x\nformat = csv\n[event]\n[event]\n[evnt]\nx = y\nz\n",
                         "my.ini:2:10: format 'xml': expected csv, ndjson or json\n"
                         "my.ini:3:13: files '*.a': expected each pattern once\n"
                         "my.ini:4:8: rows 'a': expected the path of one array with [] at the end, such as messages[]\n"
                         "my.ini:5:13: delimiter 'ab': expected a byte other than a quote, or tab, semicolon, comma, "
                         "pipe or space\n"
                         "my.ini:6:9: times 'days': expected seconds, milliseconds, microseconds, nanoseconds, or a "
                         "pattern such as \"%d.%m.%Y %H:%M\"\n"
                         "my.ini:7:8: zone '+2': expected Z, or an offset from -14:00 to +14:00, such as +01:00\n"
                         "my.ini:8:1: name 'x': unknown key in [source]; expected format, files, rows, delimiter, "
                         "times or zone\n"
                         "my.ini:9:1: format 'csv': is given twice, first on line 2\n"
                         "my.ini:10:2: event: expected time, which the first event needs\n"
                         "my.ini:10:2: event: expected member, which the first event needs\n"
                         "my.ini:10:2: event: expected kind, which every event needs\n"
                         "my.ini:11:2: event: is given twice, first on line 10\n"
                         "my.ini:12:2: evnt: unknown section; expected source, event, event NAME, kinds, kinds NAME, "
                         "ignore or aliases\n"
                         "my.ini:14:1: 'z': expected 'key = value' or '[section]'\n");
    assert_source_faults("[source x]\n[source]\n" EVENT "size = s\ntime = u\n[event e]\nid = i\nsize = s\n[ignore]\n"
                         "[ignore]\n",
                         "my.ini:1:9: source 'x': expected no name behind it: [source]\n"
                         "my.ini:2:2: source: is given twice, first on line 1\n"
                         "my.ini:7:1: size 's': unknown key in [event]; expected time, member, kind, target, quantity "
                         "or id\n"
                         "my.ini:8:1: time 'u': is given twice, first on line 4\n"
                         "my.ini:9:2: event 'e': expected member or target, one of which every event needs\n"
                         "my.ini:9:2: event 'e': expected kind, which every event needs\n"
                         "my.ini:10:1: id 'i': stands in [event] alone: an id is that of the whole row\n"
                         "my.ini:11:1: size 's': unknown key in [event NAME]; expected time, member, kind, target or "
                         "quantity\n"
                         "my.ini:13:2: ignore: is given twice, first on line 12\n");
}

static void source_read_tells_faults_of_settings_against_each_other(void **state)
{
    (void)state;
    static const struct {
        const char *settings;
        const char *fault;
    } cases[] = {
        {"rows = a[]", "my.ini:2:1: rows 'a[]': goes with format = json alone\n"},
        {"rows = a[]\nformat = ndjson", "my.ini:2:1: rows 'a[]': goes with format = json alone\n"},
        {"delimiter = ,", "my.ini:2:1: delimiter ',': goes with format = csv alone\n"},
        {"delimiter = ,\nformat = json", "my.ini:2:1: delimiter ',': goes with format = csv alone\n"},
        {"format = csv\ndelimiter = \"",
         "my.ini:3:13: delimiter '\"': expected a byte other than a quote, or tab, semicolon, comma, pipe or space\n"},
        {"zone = Z\ntimes = seconds",
         "my.ini:2:1: zone 'Z': goes with times that may carry no zone; these all tell the moment\n"},
        {"times = %Y-%m-%d %H %z\nzone = +01:00",
         "my.ini:3:1: zone '+01:00': goes with times that may carry no zone; these all tell the moment\n"},
        {"times = \"%Y-%q\"",
         "my.ini:2:13: times '\"%Y-%q\"': expected one of the letters Y y m b B d e j a A H I p M S f s z Z behind %, "
         "or another %\n"},
        {"times = \"\\u0025Y-%q\"", "my.ini:2:9: times '\"\\u0025Y-%q\"': expected one of the letters Y y m b B d e j "
                                    "a A H I p M S f s z Z behind "
                                    "%, or another %\n"},
        {"times = \"%Y\" x", "my.ini:2:13: times '\"%Y\" x': expected nothing behind the closing quote\n"},
        {"times = \"\"", "my.ini:2:10: times '\"\"': expected a year, %Y or %y, or Unix seconds, %s\n"},
        {"zone = +14:01",
         "my.ini:2:8: zone '+14:01': expected Z, or an offset from -14:00 to +14:00, such as +01:00\n"},
        {"zone = +01:60",
         "my.ini:2:8: zone '+01:60': expected Z, or an offset from -14:00 to +14:00, such as +01:00\n"},
        {"zone = CET", "my.ini:2:8: zone 'CET': expected Z, or an offset from -14:00 to +14:00, such as +01:00\n"},
        {"format = json\nrows = a..b[]", "my.ini:3:10: rows 'a..b[]': expected a name\n"},
        {"format = json\nrows = a[].b[]",
         "my.ini:3:8: rows 'a[].b[]': expected the path of one array with [] at the end, such as messages[]\n"},
        {"format = json\nrows = a[].b",
         "my.ini:3:8: rows 'a[].b': expected the path of one array with [] at the end, such as messages[]\n"},
        {"files = \"a", "my.ini:2:11: files '\"a': expected a closing quote\n"},
        {"files = \"\"", "my.ini:2:9: files '\"\"': expected a pattern of 1 to 255 bytes\n"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char text[512];
        snprintf(text, sizeof text, "[source]\n%s\n" EVENT, cases[i].settings);
        assert_source_faults(text, cases[i].fault);
    }
}

static void source_read_tells_faults_of_kinds_and_what_is_ignored(void **state)
{
    (void)state;
    assert_source_faults(EVENT "[kinds]\nA = a\nA = b\n\"A\" = c\n\"B = c\n[kinds]\nC = d\n[kinds x]\nD = d\n",
                         "my.ini:7:1: A 'b': is given twice, first on line 6\n"
                         "my.ini:8:1: \"A\" 'c': is given twice, first on line 6\n"
                         "my.ini:9:3: \"B '\"B': expected a closing quote\n"
                         "my.ini:10:2: kinds: is given twice, first on line 5\n"
                         "my.ini:12:8: kinds 'x': there is no section [event x]\n");
    assert_source_faults("[kinds]\nx = y\n", "my.ini: event: expected a section [event] with time, member and kind\n");
    assert_source_faults("[source]\nformat = ndjson\n" EVENT
                         "[ignore]\nkind = a b a\nkind = c\nmember = x x\n\"kind\" = a\n\"\\u006bind\" = b\na|b = c\n"
                         "a[].b = c\na..b = d\nc = d \"\n'x' = y\n",
                         "my.ini:8:12: kind 'a': expected each pattern once\n"
                         "my.ini:9:1: kind 'c': is given twice, first on line 8\n"
                         "my.ini:10:12: member 'x': expected each pattern once\n"
                         "my.ini:12:1: \"\\u006bind\" 'b': is given twice; several patterns stand on one line\n"
                         "my.ini:13:2: a|b: expected a path alone; double quotes stand around a name that holds | / ? "
                         "or '\n"
                         "my.ini:14:1: a[].b 'a[].b': expected a path of the row, without a list\n"
                         "my.ini:15:3: a..b 'a..b': expected a name\n"
                         "my.ini:16:8: c '\"': expected a closing quote\n"
                         "my.ini:17:1: 'x': expected a path alone; double quotes stand around a name that holds | / ? "
                         "or '\n");
}

static void source_read_tells_faults_of_aliases(void **state)
{
    (void)state;
    assert_source_faults(EVENT "[aliases]\na = b\nb = c\nd = a\ne = e\na = f\n\"\" = x\ng = \"x\n",
                         "my.ini:7:1: b 'c': is what the alias on line 6 stands for, and so cannot stand for another\n"
                         "my.ini:8:5: d 'a': expected the name of a member; this is an alias itself, on line 6\n"
                         "my.ini:9:5: e 'e': is an alias of itself\n"
                         "my.ini:10:1: a 'f': is given twice, first on line 6\n"
                         "my.ini:11:1: \"\" '\"\"': expected a name of 1 to 255 bytes\n"
                         "my.ini:12:7: g '\"x': expected a closing quote\n");
    char text[1024], name[300];
    memset(name, 'n', sizeof name);
    for (int length = 255; length <= 256; length++) {
        snprintf(text, sizeof text, EVENT "[aliases]\na = %.*s\n", length, name);
        kith_source *source = NULL;
        struct source_faults faults;
        assert_int_equal(source_parse(kith_text_of(text), &source, &faults), length == 255 ? KITH_OK : KITH_BAD_SOURCE);
        kith_source_free(source);
    }
}

/* A fault behind a format that is none may be the format's; those that are not are told all the same. */
static void source_read_does_not_blame_paths_for_a_format_that_is_none(void **state)
{
    (void)state;
    assert_source_faults("[source]\nformat = yaml\nrows = a[]\ndelimiter = ,\n" EVENT
                         "target = a[].\"b\" | 'c' | d\n[ignore]\na..b = c\nx[].y = c\n",
                         "my.ini:2:10: format 'yaml': expected csv, ndjson or json\n"
                         "my.ini:9:24: target 'a[].\"b\" | 'c' | d': expected nothing behind a word, which is always "
                         "there\n");
}

/* ---- limits ---- */

struct made {
    char *text;
    size_t length;
};

/* A description, and lines behind it that are made by a format with a number in it. */
static struct made make(const char *begin, const char *format, int count)
{
    struct made made = {malloc(strlen(begin) + (size_t)count * (strlen(format) + 16) + 1), 0};
    assert_non_null(made.text);
    made.length = (size_t)sprintf(made.text, "%s", begin);
    for (int i = 0; i < count; i++) {
        const char *number = strstr(format, "%d");
        made.length +=
            (size_t)sprintf(made.text + made.length, "%.*s%d%s", (int)(number - format), format, i, number + 2);
    }
    return made;
}

static void check_limit(const char *begin, const char *format, int most, const char *words)
{
    for (int extra = 0; extra <= 1; extra++) {
        struct made made = make(begin, format, most + extra);
        kith_source *source = NULL;
        struct source_faults faults;
        kith_status status = source_parse((kith_text){made.text, made.length}, &source, &faults);
        if (status != (extra ? KITH_BAD_SOURCE : KITH_OK))
            fail_msg("%d of '%s': %s", most + extra, format, faults.errors[0].message);
        if (extra) {
            assert_non_null(strstr(faults.errors[0].message, words));
            assert_int_equal(faults.count, 1);
        }
        kith_source_free(source);
        free(made.text);
    }
}

static void source_read_has_limits(void **state)
{
    (void)state;
    check_limit(EVENT, "[event e%d]\nmember = m\nkind = k\n", 7, "expected at most 8 events, the first among them");
    check_limit(EVENT "[kinds]\n", "k%d = x\n", 1024, "expected at most 1024 lines below [kinds] in all");
    check_limit(EVENT "[event e]\nmember = m\nkind = k\n[kinds e]\na = x\n[kinds]\n", "k%d = x\n", 1023,
                "expected at most 1024 lines below [kinds] in all");
    check_limit(EVENT "[ignore]\nkind =", " k%d", 256, "expected at most 256 patterns below [ignore]");
    check_limit(EVENT "[ignore]\nx = a b\nmember = c\nkind =", " k%d", 253,
                "expected at most 256 patterns below [ignore]");
    check_limit(EVENT "[source]\nfiles =", " k%d", 64, "expected at most 64 patterns");
    char name[80] = "", text[512];
    memset(name, 'n', 65);
    for (int length = 64; length <= 65; length++) {
        snprintf(text, sizeof text, EVENT "[event %.*s]\nmember = m\nkind = k\n", length, name);
        kith_source *source = NULL;
        struct source_faults faults;
        assert_int_equal(source_parse(kith_text_of(text), &source, &faults), length == 64 ? KITH_OK : KITH_BAD_SOURCE);
        kith_source_free(source);
        source = NULL;
        snprintf(text, sizeof text, EVENT "[kinds]\na = %.*s\n", length, name);
        assert_int_equal(source_parse(kith_text_of(text), &source, &faults), length == 64 ? KITH_OK : KITH_BAD_SOURCE);
        kith_source_free(source);
    }
}

/* More faults than lines that can be kept; memory and time stay small. */
static void source_read_of_nothing_but_faults_tells_them_all(void **state)
{
    (void)state;
    static const char *const formats[] = {"a%d.\"|'?/\n",         "[kinds]\nx%d = \"\n", "[aliases]\nx%d = x0\n",
                                          "[ignore]\nx%d = \"\n", "[event x%d]\n",       "[event]\ntime = |%d\n"};
    for (size_t i = 0; i < sizeof formats / sizeof *formats; i++) {
        struct made made = make("", formats[i], 20000);
        kith_source *source = NULL;
        kith_error error = {.size = sizeof error};
        assert_int_equal(kith_source_parse((kith_text){made.text, made.length}, NULL, NULL, &source, &error),
                         KITH_BAD_SOURCE);
        assert_string_equal(error.file, "source");
        free(made.text);
    }
}

/* ---- hostile texts ---- */

/* Parses a text that may have faults; what is told must be in it. */
static void parse_anything(kith_text text)
{
    kith_text exact = text_exact(text);
    kith_source *source = NULL;
    kith_error error = {.size = sizeof error};
    kith_status status = kith_source_parse(exact, "x", NULL, &source, &error);
    assert_true(status == KITH_OK || status == KITH_BAD_SOURCE);
    assert_int_equal(status == KITH_OK, source != NULL);
    assert_int_equal(status, error.status);
    if (status != KITH_OK)
        assert_true(strlen(error.message) > 4);
    kith_source_free(source);
    text_free(exact);
}

static void source_read_of_every_beginning(void **state)
{
    (void)state;
    for (size_t length = 0; length < sizeof whole; length++)
        parse_anything((kith_text){whole, length});
}

static void source_read_of_every_byte_changed(void **state)
{
    (void)state;
    static const char bytes[] = "\0\n\r\t \"'|/?=[];#.*\\%09aZ\x7F\x80\xC3\xFF";
    char *text = strdup(whole);
    assert_non_null(text);
    for (size_t at = 0; at + 1 < sizeof whole; at++) {
        for (size_t i = 0; i < tries(sizeof bytes - 1); i++) {
            text[at] = bytes[(at + i) % (sizeof bytes - 1)];
            parse_anything((kith_text){text, sizeof whole - 1});
        }
        text[at] = whole[at];
    }
    free(text);
}

static void source_read_of_pieces_in_any_order(void **state)
{
    (void)state;
    static const char *const pieces[] = {
        "[source]\n", "[event]\n", "[event a]\n", "[kinds]\n", "[kinds a]\n", "[ignore]\n", "[aliases]\n", "time",
        "member",     "kind",      "format",      "rows",      "times",       "zone",       " = ",         "\n",
        "json",       "csv",       "document.",   "a",         "b",           "[]",         ".",           "\"",
        "'",          "|",         "/",           "?",         "*",           " ",          "\\u00",       "%Y",
        "seconds",    "id",        "\xC3\xA9",    "+01:00"};
    uint64_t seed = 5;
    for (uint64_t round = 0; round < tries(20000); round++) {
        char text[512] = "";
        for (uint32_t count = chance_below(&seed, 40); count > 0; count--)
            strcat(text, pieces[chance_below(&seed, sizeof pieces / sizeof *pieces)]);
        parse_anything(kith_text_of(text));
    }
}

/* ---- the handle ---- */

static void assert_refused(kith_status status, const kith_error *error, const char *argument)
{
    assert_int_equal(status, KITH_BAD_ARGUMENT);
    assert_int_equal(error->status, KITH_BAD_ARGUMENT);
    assert_string_equal(error->field, argument);
}

static void source_made_with_bad_options_is_not_made(void **state)
{
    (void)state;
    kith_error error = {.size = sizeof error};
    kith_source *source = NULL;
    assert_refused(kith_source_parse(TEXT(EVENT), NULL, NULL, NULL, &error), &error, "source");
    assert_refused(kith_source_load("x", NULL, NULL, &error), &error, "source");
    assert_refused(kith_source_load(NULL, NULL, &source, &error), &error, "path");
    assert_refused(kith_source_parse((kith_text){NULL, 1}, NULL, NULL, &source, &error), &error, "text");
    kith_source_options unset = {.size = 0};
    assert_refused(kith_source_parse(TEXT(EVENT), NULL, &unset, &source, &error), &error, "options");
    kith_source_options reserved = {.size = sizeof reserved, .reserved = 1};
    assert_refused(kith_source_load("x", &reserved, &source, &error), &error, "options.reserved");
    kith_allocator lacking = {NULL, NULL, NULL, NULL};
    kith_source_options options = {.size = sizeof options, .allocator = &lacking};
    assert_refused(kith_source_parse(TEXT(EVENT), NULL, &options, &source, &error), &error, "options.allocator");
    struct {
        kith_source_options options;
        uint64_t more;
    } next_year = {.options = {.size = sizeof next_year}, .more = 1};
    assert_int_equal(kith_source_parse(TEXT(EVENT), NULL, &next_year.options, &source, &error), KITH_UNSUPPORTED);
    assert_null(source);

    kith_source_info info = {.size = sizeof info};
    assert_refused(kith_source_get_info(NULL, &info, &error), &error, "source");
    source = source_of(EVENT);
    assert_refused(kith_source_get_info(source, NULL, &error), &error, "info");
    info.size = 1;
    assert_refused(kith_source_get_info(source, &info, &error), &error, "info");
    kith_source_free(source);
}

static void source_parse_takes_up_to_a_mebibyte(void **state)
{
    (void)state;
    enum { MOST = 1 << 20 };
    char *text = malloc(MOST + 1);
    assert_non_null(text);
    memset(text, '\n', MOST + 1);
    memcpy(text + MOST - (sizeof EVENT - 1), EVENT, sizeof EVENT - 1);
    kith_source *source = NULL;
    kith_error error = {.size = sizeof error};
    assert_int_equal(kith_source_parse((kith_text){text, MOST}, NULL, NULL, &source, &error), KITH_OK);
    kith_source_free(source);
    source = NULL;
    assert_refused(kith_source_parse((kith_text){text, MOST + 1}, NULL, NULL, &source, &error), &error, "text");
    assert_null(source);
    free(text);
}

static void make_file(char *path, size_t room, const char *text, size_t length)
{
    const char *folder = getenv("TMPDIR");
    snprintf(path, room, "%s/kith-source-XXXXXX", folder ? folder : "/tmp");
    int file = mkstemp(path);
    assert_true(file >= 0);
    FILE *stream = fdopen(file, "wb");
    assert_non_null(stream);
    assert_int_equal(fwrite(text, 1, length, stream), length);
    assert_int_equal(fclose(stream), 0);
}

static void source_load_reads_files(void **state)
{
    (void)state;
    char path[1024];
    make_file(path, sizeof path, whole, sizeof whole - 1);
    kith_source *source = NULL;
    kith_error error = {.size = sizeof error};
    assert_int_equal(kith_source_load(path, NULL, &source, &error), KITH_OK);
    kith_source_info info = {.size = sizeof info};
    assert_int_equal(kith_source_get_info(source, &info, NULL), KITH_OK);
    assert_int_equal(info.format, KITH_FORMAT_JSON);
    kith_source_free(source);
    unlink(path);
    source = NULL;
    assert_int_equal(kith_source_load(path, NULL, &source, &error), KITH_INPUT_OUTPUT);
    assert_string_equal(error.file, path);
    assert_non_null(strstr(error.message, "cannot be read: "));
    assert_int_equal(kith_source_load("/", NULL, &source, &error), KITH_INPUT_OUTPUT);

    make_file(path, sizeof path, "[event]\n", 8);
    assert_int_equal(kith_source_load(path, NULL, &source, &error), KITH_BAD_SOURCE);
    assert_string_equal(error.file, path);
    unlink(path);

    char *text = calloc(1, (1 << 20) + 1);
    assert_non_null(text);
    make_file(path, sizeof path, text, (1 << 20) + 1);
    free(text);
    assert_int_equal(kith_source_load(path, NULL, &source, &error), KITH_INPUT_OUTPUT);
    assert_non_null(strstr(error.message, "a source description is 1 MiB at most"));
    assert_null(source);
    unlink(path);
}

static void source_made_without_memory_is_not_made(void **state)
{
    (void)state;
    struct memory memory;
    memory_init(&memory);
    kith_source_options options = {.size = sizeof options, .allocator = &memory.allocator};
    char path[1024];
    make_file(path, sizeof path, whole, sizeof whole - 1);
    kith_error error = {.size = sizeof error};
    kith_source *source = NULL;
    kith_status status = KITH_NO_MEMORY;
    uint64_t more = 0;
    for (; status == KITH_NO_MEMORY; more++) {
        assert_null(source);
        assert_int_equal(memory.live, 0);
        memory_fail_after(&memory, more);
        error.status = KITH_OK;
        status = kith_source_load(path, &options, &source, &error);
        assert_int_equal(status, error.status);
    }
    memory_fail_never(&memory);
    unlink(path);
    assert_int_equal(status, KITH_OK);
    assert_true(more > 4);
    kith_source_free(source);
    assert_int_equal(memory.live, 0);

    /* Of a text with faults as well, whether these were told before memory ran out or not. */
    for (status = KITH_NO_MEMORY, more = 0; status == KITH_NO_MEMORY; more++) {
        memory_fail_after(&memory, more);
        source = NULL;
        status = kith_source_parse(TEXT("[event]\nx = y\n[ignore]\n\"a b\" = c\n[aliases]\na = b\n"), NULL, &options,
                                   &source, &error);
        assert_int_equal(status, error.status);
        assert_null(source);
        assert_int_equal(memory.live, 0);
    }
    assert_int_equal(status, KITH_BAD_SOURCE);
}

/* ---- files of a folder ---- */

static void source_takes_files_without_a_description(void **state)
{
    (void)state;
    static const struct {
        const char *path;
        int taken;
    } cases[] = {
        {"a.csv", 1},       {"a.tsv", 1},      {"a.json", 1},      {"a.ndjson", 1},
        {"a.jsonl", 1},     {"a.csv.gz", 1},   {"a.tsv.gz", 1},    {"a.json.gz", 1},
        {"a.ndjson.gz", 1}, {"a.jsonl.gz", 1}, {"b/c d/a.csv", 1}, {"a.csv/b.json", 1},
        {"a.txt", 0},       {"a.CSV", 0},      {"csv", 0},         {"a.csv.zip", 0},
        {"a.gz", 0},        {".csv", 0},       {".a.csv", 0},      {".b/a.csv", 0},
        {"b/.c/a.csv", 0},  {"b/.a.csv", 0},   {"b/a.csv/", 0},    {"", 0},
        {"a.csv/.", 0},     {"../a.csv", 0},   {"b/", 0},          {"a.csv.", 0},
    };
    kith_source *source = source_of(EVENT);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        kith_text path = text_exact(kith_text_of(cases[i].path));
        if (kith_source_takes_file(NULL, path) != cases[i].taken ||
            kith_source_takes_file(source, path) != cases[i].taken)
            fail_msg("'%s': expected %d", cases[i].path, cases[i].taken);
        text_free(path);
    }
    assert_int_equal(kith_source_takes_file(NULL, (kith_text){NULL, 0}), 0);
    kith_source_free(source);
}

static void source_takes_files_like_its_patterns(void **state)
{
    (void)state;
    static const struct {
        const char *files;
        const char *path;
        int taken;
    } cases[] = {
        {"*.log", "a.log", 1},
        {"*.log", "b/c/a.log", 1},
        {"*.log", "a.csv", 0},
        {"*.log", "a.log/b", 0},
        {"*", "x", 1},
        {"*", ".x", 0},
        {".*", ".x", 0},
        {"a/*", ".b/x", 0},
        {"*.x *.y", "b/a.y", 1},
        {"b/*.log", "b/a.log", 1},
        {"b/*.log", "a.log", 0},
        {"b/*.log", "c/b/a.log", 0},
        {"b/*.log", "b/c/a.log", 0},
        {"*/*.log", "b/a.log", 1},
        {"*/*.log", "a.log", 0},
        {"*/*/a?log", "b/c/a.log", 1},
        {"b?a.log", "b/a.log", 0},
        {"b/?", "b/x", 1},
        {"b/?", "b//", 0},
        {"b/", "b/", 1},
        {"users.json", "export/users.json", 1},
        {"2026-0?-*.json", "2026-03-01.json", 1},
        {"\"a b*\"", "a bc", 1},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char text[256];
        snprintf(text, sizeof text, "[source]\nfiles = %s\n" EVENT, cases[i].files);
        kith_source *source = source_of(text);
        kith_text path = text_exact(kith_text_of(cases[i].path));
        if (kith_source_takes_file(source, path) != cases[i].taken)
            fail_msg("'%s' by '%s': expected %d", cases[i].path, cases[i].files, cases[i].taken);
        text_free(path);
        kith_source_free(source);
    }
}

/* ---- what comes with the library ---- */

/* It is what the file in the sources holds. */
static void assert_is_file(const char *text, const char *name, const char *ending)
{
    char path[256];
    snprintf(path, sizeof path, "../lib/sources/ready/%s%s", name, ending);
    struct gathered file = file_of_tests(path);
    assert_string_equal(text, file.bytes);
    gathered_free(&file);
}

static void source_ready_ones_are_sound_and_fit_their_policies(void **state)
{
    (void)state;
    uint32_t count = 0;
    kith_error error = {.size = sizeof error};
    kith_ready_source ready = {.size = sizeof ready};
    for (const char *before = ""; kith_source_get_ready(count, &ready, &error) == KITH_OK; count++) {
        assert_int_equal(ready.size, sizeof ready);
        assert_true(strcmp(before, ready.name) < 0);
        before = ready.name;
        assert_true(strlen(ready.title) > 0 && !strchr(ready.title, '\n') && ready.title[0] != ';');
        assert_non_null(strstr(ready.description, ready.title));
        assert_is_file(ready.description, ready.name, ".ini");
        assert_is_file(ready.policy, ready.name, ".policy.ini");
        kith_source *source = NULL;
        if (kith_source_parse(kith_text_of(ready.description), ready.name, NULL, &source, &error) != KITH_OK)
            fail_msg("%s", error.message);
        kith_policy *policy = NULL;
        if (kith_policy_parse(kith_text_of(ready.policy), ready.name, NULL, &policy, &error) != KITH_OK)
            fail_msg("%s", error.message);
        for (uint32_t event = 0; event < source->event_count; event++)
            for (uint32_t i = 0; i < source->events[event].kinds.count; i++) {
                kith_text name = source->events[event].kinds.patterns[i].kind;
                uint32_t kind;
                if (name.length > 0)
                    assert_int_equal(kith_policy_find_kind(policy, name, &kind, &error), KITH_OK);
            }
        kith_policy_free(policy);
        kith_source_free(source);
    }
    assert_true(count > 0);
    kith_ready_source same = ready;
    assert_refused(kith_source_get_ready(count, &ready, &error), &error, "index");
    assert_memory_equal(&same, &ready, sizeof ready);
    assert_refused(kith_source_get_ready(UINT32_MAX, &ready, &error), &error, "index");
    assert_refused(kith_source_get_ready(0, NULL, &error), &error, "ready");
}

/* Each example of docs/sources.md that is a whole description, which is what those are that are called INI there. */
static void source_examples_of_the_docs_are_sound(void **state)
{
    (void)state;
    struct gathered docs = file_of_tests("../docs/sources.md");
    int count = 0;
    for (char *at = docs.bytes; (at = strstr(at, "```ini\n")) != NULL; count++) {
        at += strlen("```ini\n");
        char *end = strstr(at, "```");
        assert_non_null(end);
        *end = '\0';
        kith_source_free(source_of(at));
        at = end + 1;
    }
    assert_true(count >= 5);
    gathered_free(&docs);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(source_read_of_every_key_sets_it),
        cmocka_unit_test(source_read_of_an_event_alone_leaves_the_rest_open),
        cmocka_unit_test(source_read_takes_sections_in_any_order),
        cmocka_unit_test(source_read_of_settings),
        cmocka_unit_test(source_read_tells_every_fault_in_its_place),
        cmocka_unit_test(source_read_tells_faults_of_settings_against_each_other),
        cmocka_unit_test(source_read_tells_faults_of_kinds_and_what_is_ignored),
        cmocka_unit_test(source_read_tells_faults_of_aliases),
        cmocka_unit_test(source_read_does_not_blame_paths_for_a_format_that_is_none),
        cmocka_unit_test(source_read_has_limits),
        cmocka_unit_test(source_read_of_nothing_but_faults_tells_them_all),
        cmocka_unit_test(source_read_of_every_beginning),
        cmocka_unit_test(source_read_of_every_byte_changed),
        cmocka_unit_test(source_read_of_pieces_in_any_order),
        cmocka_unit_test(source_made_with_bad_options_is_not_made),
        cmocka_unit_test(source_parse_takes_up_to_a_mebibyte),
        cmocka_unit_test(source_load_reads_files),
        cmocka_unit_test(source_made_without_memory_is_not_made),
        cmocka_unit_test(source_takes_files_without_a_description),
        cmocka_unit_test(source_takes_files_like_its_patterns),
        cmocka_unit_test(source_ready_ones_are_sound_and_fit_their_policies),
        cmocka_unit_test(source_examples_of_the_docs_are_sound),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
