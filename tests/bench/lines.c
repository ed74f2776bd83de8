/* SPDX-License-Identifier: MIT */
#include "lines.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

char *bench_lines_room(struct bench_lines *lines, size_t more)
{
    if (lines->length + more + BENCH_LINES_BEHIND > lines->capacity) {
        lines->capacity = 2 * (lines->length + more + BENCH_LINES_BEHIND);
        lines->text = realloc(lines->text, lines->capacity);
        if (!lines->text) {
            fputs("no memory for the lines\n", stderr);
            exit(1);
        }
    }
    memset(lines->text + lines->length, 0, more + BENCH_LINES_BEHIND);
    return lines->text + lines->length;
}

void bench_lines_add(struct bench_lines *lines, const char *string)
{
    size_t length = strlen(string);
    memcpy(bench_lines_room(lines, length), string, length);
    lines->length += length;
}

uint32_t bench_chance_below(uint64_t *state, uint32_t most)
{
    uint64_t z = *state += UINT64_C(0x9E3779B97F4A7C15);
    z = (z ^ z >> 30) * UINT64_C(0xBF58476D1CE4E5B9);
    z = (z ^ z >> 27) * UINT64_C(0x94D049BB133111EB);
    return (uint32_t)((z ^ z >> 31) % most);
}

void bench_lines_add_flat(struct bench_lines *lines, const struct bench_said *said)
{
    char target[32] = "";
    if (said->target)
        snprintf(target, sizeof target, "u%" PRIu64, said->target);
    lines->length += (size_t)snprintf(bench_lines_room(lines, 512), 512,
                                      "{\"time\":\"%s\",\"member\":\"u%" PRIu64
                                      "\",\"kind\":\"%s\",\"target\":\"%s\",\"quantity\":%u}\n",
                                      said->time, said->member, said->kind, target, said->quantity);
}

/* ---- the archive ---- */

static void add_text(struct bench_lines *lines, uint64_t *luck)
{
    static const char *const words[] = {"the ",
                                        "fix ",
                                        "a ",
                                        "of\\r\\n",
                                        "this ",
                                        "change ",
                                        "\\\"quoted\\\" ",
                                        "when ",
                                        "\xC3\x9C ber ",
                                        "it ",
                                        "is ",
                                        "null, ",
                                        "merged ",
                                        "into ",
                                        "branch ",
                                        "tests/unit ",
                                        "because ",
                                        "\\u00e9t\\u00e9 ",
                                        "users",
                                        "see ",
                                        "#1234. ",
                                        "\\n\\n",
                                        "would ",
                                        "`code()` ",
                                        "not ",
                                        "\xE2\x9C\x94 ",
                                        "performance "};
    for (uint32_t i = bench_chance_below(luck, 120); i > 0; i--)
        bench_lines_add(lines, words[bench_chance_below(luck, sizeof words / sizeof *words)]);
}

static void add_person(struct bench_lines *lines, uint64_t member)
{
    static const char *const urls[] = {
        "followers", "following{/other_user}", "gists{/gist_id}", "starred{/owner}{/repo}", "subscriptions", "orgs",
        "repos",     "events{/privacy}",       "received_events"};
    char text[512];
    snprintf(text, sizeof text,
             "{\"login\":\"u%" PRIu64 "\",\"id\":%" PRIu64 ",\"node_id\":\"MDQ6VXNlcjE%" PRIu64
             "\",\"avatar_url\":\"https://avatars.example.com/u/%" PRIu64
             "?v=4\",\"gravatar_id\":\"\",\"url\":\"https://api.example.com/users/u%" PRIu64 "\"",
             member, member, member, member, member);
    bench_lines_add(lines, text);
    for (size_t i = 0; i < sizeof urls / sizeof *urls; i++) {
        snprintf(text, sizeof text, ",\"%.*s_url\":\"https://api.example.com/users/u%" PRIu64 "/%s\"",
                 (int)strcspn(urls[i], "{"), urls[i], member, urls[i]);
        bench_lines_add(lines, text);
    }
    bench_lines_add(lines, ",\"type\":\"User\",\"site_admin\":false}");
}

void bench_lines_add_archived(struct bench_lines *lines, const struct bench_said *said, uint64_t *luck)
{
    uint32_t repo = bench_chance_below(luck, 100000000);
    char text[1024];
    snprintf(
        text, sizeof text,
        "{\"id\":\"%u\",\"type\":\"%s\",\"actor\":{\"id\":%" PRIu64 ",\"login\":\"u%" PRIu64
        "\",\"display_login\":\"u%" PRIu64 "\",\"gravatar_id\":\"\",\"url\":\"https://api.example.com/users/u%" PRIu64
        "\",\"avatar_url\":\"https://avatars.example.com/u/%" PRIu64 "?\"},\"repo\":{\"id\":%u,"
        "\"name\":\"someone-%u/project-%u\",\"url\":\"https://api.example.com/repos/someone-%u/project-%u\"},"
        "\"payload\":{\"action\":\"created\",\"size\":%u,\"issue\":{\"number\":%u,\"state\":\"open\",\"locked\":false,"
        "\"assignee\":null,\"milestone\":null,\"comments\":%u,\"created_at\":\"2026-01-02T03:04:05Z\","
        "\"updated_at\":\"2026-01-02T04:05:06Z\",\"closed_at\":null,\"score\":-1.5e3,"
        "\"labels\":[{\"id\":%u,\"name\":\"bug\",\"default\":true}],\"title\":\"",
        bench_chance_below(luck, 4000000000), said->kind, said->member, said->member, said->member, said->member,
        said->member, repo, repo, repo, repo, repo, said->quantity, bench_chance_below(luck, 90000),
        bench_chance_below(luck, 40), repo);
    bench_lines_add(lines, text);
    add_text(lines, luck);
    bench_lines_add(lines, "\",\"user\":");
    if (said->target)
        add_person(lines, said->target);
    else
        bench_lines_add(lines, "null");
    bench_lines_add(lines, ",\"body\":\"");
    add_text(lines, luck);
    bench_lines_add(lines, "\"}},\"public\":true,\"created_at\":\"");
    bench_lines_add(lines, said->time);
    bench_lines_add(lines, "\"}\n");
}
