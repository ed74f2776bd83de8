/* SPDX-License-Identifier: MIT */
/*
 * How fast lines of JSON are checked and paths found in them, in each way that the processor has, beside what memchr()
 * takes to count the lines; and how fast the same are read as rows of one document. Usage:
 *
 *   json flat|large [MEGABYTES [RUNS]]    lines that are made up: small flat objects, or those of an archive of events
 *   json FILE RUNS [PATH ...]             the lines of a file
 *   json --check FILE                     says whether the file is one JSON text, and if not, why
 *
 * Prints medians of the processor seconds as bytes a second.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/alloc.h"
#include "exports/json_rows.h"
#include "lines.h"

enum { MOST_RUNS = 99 };
_Static_assert((int)BENCH_LINES_BEHIND >= (int)KITHP_JSON_BEHIND, "lines are read as JSON says that it does");

static void fail(const char *what, const char *name)
{
    fprintf(stderr, "json: %s %s\n", what, name);
    exit(1);
}

/* ---- lines that are made up ---- */

static struct bench_lines make(bool flat, size_t megabytes)
{
    static const char *const kinds[] = {"post", "reply", "reaction", "welcome", "event_host", "moderation"};
    static const char *const types[] = {"IssueCommentEvent", "PushEvent", "PullRequestEvent", "WatchEvent"};
    struct bench_lines lines = {NULL, 0, 0};
    uint64_t luck = 1;
    while (lines.length < megabytes << 20) {
        uint32_t second = bench_chance_below(&luck, 86400);
        char time[64];
        snprintf(time, sizeof time, "2026-%02u-%02uT%02u:%02u:%02uZ", 1 + bench_chance_below(&luck, 12),
                 1 + bench_chance_below(&luck, 28), second / 3600, second / 60 % 60, second % 60);
        struct bench_said said = {.time = time,
                                  .kind =
                                      flat ? kinds[bench_chance_below(&luck, 6)] : types[bench_chance_below(&luck, 4)],
                                  .member = 1 + bench_chance_below(&luck, 1000000),
                                  .target = 1 + bench_chance_below(&luck, 1000000),
                                  .quantity = 1 + bench_chance_below(&luck, 30)};
        if (flat)
            bench_lines_add_flat(&lines, &said);
        else
            bench_lines_add_archived(&lines, &said, &luck);
    }
    return lines;
}

static struct bench_lines load(const char *name)
{
    FILE *file = fopen(name, "rb");
    if (!file)
        fail("cannot open", name);
    struct bench_lines lines = {NULL, 0, 0};
    size_t got;
    while ((got = fread(bench_lines_room(&lines, 1 << 20), 1, 1 << 20, file)) > 0)
        lines.length += got;
    fclose(file);
    return lines;
}

/* ---- time ---- */

static double seconds_now(void)
{
    struct timespec now;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static int by_value(const void *a, const void *b)
{
    double left = *(const double *)a, right = *(const double *)b;
    return (left > right) - (left < right);
}

/* Reads the line at `at` as the reader of exports does, and returns its end; NULL where there is no more. */
static const char *read_line(const struct kithp_json_tree *tree, const char *at, const char *end, uint64_t number,
                             struct kithp_json_value *values)
{
    struct kithp_json_fault fault;
    kith_text line = {at, (uint64_t)(end - at)};
    size_t length = kithp_json_read_known(tree, line, KITHP_JSON_DEPTH_MOST, values);
    if (length > 0 && length < line.length && at[length] == '\n')
        return at + length;
    const char *stop = memchr(at, '\n', line.length);
    line.length = (uint64_t)(stop ? stop - at : 0);
    if (stop && !kithp_json_read_unknown(tree, line, KITHP_JSON_DEPTH_MOST, values, &fault)) {
        fprintf(stderr, "json: line %" PRIu64 ", byte %" PRIu64 ": %s\n", number, fault.offset, fault.words);
        exit(1);
    }
    return stop;
}

/* Lines are read with a tree, or counted where there is none. A sum keeps the compiler from leaving anything out. */
static uint64_t go_over(const struct bench_lines *lines, const struct kithp_json_tree *tree, uint64_t *sum)
{
    struct kithp_json_value values[KITHP_JSON_PATHS_MOST];
    uint64_t count = 0;
    const char *end = lines->text + lines->length;
    for (const char *at = lines->text, *stop; at < end; at = stop + 1) {
        stop = tree ? read_line(tree, at, end, count + 1, values) : memchr(at, '\n', (size_t)(end - at));
        if (!stop)
            break;
        count++;
        for (size_t i = 0; tree && i < tree->path_count; i++)
            *sum += values[i].text.length;
    }
    return count;
}

/* The lines as elements of an array, each but the last with a comma where its line feed was. */
static struct bench_lines document_of(const struct bench_lines *lines)
{
    struct bench_lines document = {NULL, 0, 0};
    char *at = bench_lines_room(&document, lines->length + 2);
    *at++ = '[';
    memcpy(at, lines->text, lines->length);
    for (char *end = at + lines->length; (at = memchr(at, '\n', (size_t)(end - at))); at++)
        *at = at == end - 1 ? ' ' : ',';
    document.text[lines->length + 1] = ']';
    document.length = lines->length + 2;
    return document;
}

/* A document's text is given in pieces, as the reader of exports would. */
static uint64_t go_over_rows(const struct bench_lines *document, const struct kithp_json_tree *tree, uint64_t *sum)
{
    enum { PIECE = 1 << 18 };
    const struct kithp_json_rows_rules rules = {.rows = {"[]", 2}, .row_most = 1 << 20};
    struct kithp_json_rows rows;
    struct kithp_json_path_fault fault;
    if (kithp_json_rows_init(&rows, tree->allocator, &rules, &fault) != KITHP_JSON_TREE_FINE)
        fail("no memory for", "the rows");
    uint64_t count = 0;
    enum kithp_json_rows_outcome outcome = KITHP_JSON_ROWS_MORE;
    for (size_t at = 0, end = 0; outcome == KITHP_JSON_ROWS_MORE || outcome == KITHP_JSON_ROWS_ROW;) {
        struct kithp_json_value values[KITHP_JSON_PATHS_MOST];
        struct kithp_json_row row;
        if (outcome == KITHP_JSON_ROWS_MORE)
            end = document->length - end < PIECE ? document->length : end + PIECE;
        outcome = kithp_json_rows_read(&rows, tree, (kith_text){document->text + at, end - at}, end == document->length,
                                       values, &row);
        at += row.consumed;
        count += outcome == KITHP_JSON_ROWS_ROW;
        *sum += row.text.length;
        if (outcome == KITHP_JSON_ROWS_FAULT)
            fail("a row is wrong:", row.fault.words);
    }
    kithp_json_rows_free(&rows);
    return count;
}

typedef uint64_t go_over_fn(const struct bench_lines *lines, const struct kithp_json_tree *tree, uint64_t *sum);

static double measure(go_over_fn *go, const struct bench_lines *lines, const struct kithp_json_tree *tree, int runs,
                      const char *what)
{
    double seconds[MOST_RUNS];
    uint64_t count = 0, sum = 0;
    for (int run = 0; run < runs; run++) {
        double begin = seconds_now();
        count = go(lines, tree, &sum);
        seconds[run] = seconds_now() - begin;
    }
    qsort(seconds, (size_t)runs, sizeof *seconds, by_value);
    double median = seconds[runs / 2];
    printf("%-16s %6.2f GB/s (%.2f to %.2f), %7.1f ns a line of %.0f bytes (%" PRIx64 ")\n", what,
           (double)lines->length / median / 1e9, (double)lines->length / seconds[runs - 1] / 1e9,
           (double)lines->length / seconds[0] / 1e9, median * 1e9 / (double)count,
           (double)lines->length / (double)count, sum);
    return median;
}

static struct kithp_json_tree tree_of(const kith_allocator *allocator, const char *const *paths, size_t count)
{
    kith_text texts[KITHP_JSON_PATHS_MOST];
    struct kithp_json_tree tree;
    struct kithp_json_path_fault fault = {0, 0, ""};
    for (size_t i = 0; i < count && i < KITHP_JSON_PATHS_MOST; i++)
        texts[i] = (kith_text){paths[i], strlen(paths[i])};
    if (kithp_json_tree_init(&tree, allocator, texts, count, &fault) != KITHP_JSON_TREE_FINE)
        fail("a path is wrong:", fault.words);
    return tree;
}

static void measure_all(const struct bench_lines *lines, const char *const *paths, size_t count, int runs)
{
    static const char *const ways[] = {"plain", "SSE2", "AVX2"};
    kith_allocator allocator;
    kithp_alloc_init(&allocator, NULL);
    struct kithp_json_tree none = tree_of(&allocator, NULL, 0), tree = tree_of(&allocator, paths, count);
    struct bench_lines document = document_of(lines);
    double least = measure(go_over, lines, NULL, runs, "memchr");
    for (enum kithp_scan_way way = 0; way < KITHP_SCAN_WAYS; way++) {
        if (!kithp_scan_can(way))
            continue;
        char what[32];
        none.way = tree.way = way;
        snprintf(what, sizeof what, "%s, checked", ways[way]);
        measure(go_over, lines, &none, runs, what);
        snprintf(what, sizeof what, "%s, %zu paths", ways[way], count);
        double seconds = measure(go_over, lines, &tree, runs, what);
        printf("%-16s %6.1f times what memchr takes\n", "", seconds / least);
        snprintf(what, sizeof what, "%s, as rows", ways[way]);
        measure(go_over_rows, &document, &tree, runs, what);
    }
    kithp_json_tree_free(&none);
    kithp_json_tree_free(&tree);
    free(document.text);
}

static int check(const char *name)
{
    struct bench_lines lines = load(name);
    kith_allocator allocator;
    kithp_alloc_init(&allocator, NULL);
    struct kithp_json_tree none = tree_of(&allocator, NULL, 0);
    struct kithp_json_fault fault;
    bool fine = kithp_json_read(&none, (kith_text){lines.text, lines.length}, KITHP_JSON_DEPTH_MOST, NULL, &fault);
    if (fine)
        printf("%s: fine\n", name);
    else
        printf("%s: byte %" PRIu64 ": %s\n", name, fault.offset, fault.words);
    kithp_json_tree_free(&none);
    free(lines.text);
    return fine ? 0 : 1;
}

static int usage(void)
{
    fputs("usage: json flat|large [MEGABYTES [RUNS]]\n"
          "       json FILE RUNS [PATH ...]\n"
          "       json --check FILE\n",
          stderr);
    return 2;
}

int main(int count, char **arguments)
{
    static const char *const flat_paths[] = {"time", "member", "kind", "target", "quantity"};
    static const char *const large_paths[] = {"id", "created_at", "type", "actor.login", "payload.action"};
    if (count == 3 && strcmp(arguments[1], "--check") == 0)
        return check(arguments[2]);
    if (count < 2)
        return usage();
    bool flat = strcmp(arguments[1], "flat") == 0, made_up = flat || strcmp(arguments[1], "large") == 0;
    int runs = made_up ? (count > 3 ? atoi(arguments[3]) : 5) : count > 2 ? atoi(arguments[2]) : 0;
    int megabytes = made_up && count > 2 ? atoi(arguments[2]) : 64;
    if (runs < 1 || runs > MOST_RUNS || megabytes < 1 || (made_up && count > 4) || count > 3 + KITHP_JSON_PATHS_MOST)
        return usage();
    struct bench_lines lines = made_up ? make(flat, (size_t)megabytes) : load(arguments[1]);
    if (flat)
        measure_all(&lines, flat_paths, 5, runs);
    else if (made_up)
        measure_all(&lines, large_paths, 5, runs);
    else
        measure_all(&lines, (const char *const *)arguments + 3, (size_t)count - 3, runs);
    free(lines.text);
    return 0;
}
