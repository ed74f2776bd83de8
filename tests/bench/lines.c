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

/* ---- the archive: templates, in which a letter behind a dollar sign stands for a field ---- */

#define API "https://api.example.com/"
#define USERS API "users/$u"
#define REPOS API "repos/$r"

static const char user_template[] =
    "{\"login\":\"$u\",\"id\":$i,\"avatar_url\":\"https://avatars.example.com/u/$i?v=3\",\"gravatar_id\":\"\","
    "\"url\":\"" USERS "\",\"html_url\":\"https://example.com/$u\",\"followers_url\":\"" USERS "/followers\","
    "\"following_url\":\"" USERS "/following{/other_user}\",\"gists_url\":\"" USERS "/gists{/gist_id}\","
    "\"starred_url\":\"" USERS "/starred{/owner}{/repo}\",\"subscriptions_url\":\"" USERS "/subscriptions\","
    "\"organizations_url\":\"" USERS "/orgs\",\"repos_url\":\"" USERS "/repos\","
    "\"events_url\":\"" USERS "/events{/privacy}\",\"received_events_url\":\"" USERS "/received_events\","
    "\"type\":\"User\",\"site_admin\":false}";

static const char repo_template[] =
    "{\"id\":$n,\"name\":\"project-$n\",\"full_name\":\"$r\",\"owner\":$U,\"private\":false,"
    "\"html_url\":\"https://example.com/$r\",\"description\":\"$s\",\"fork\":true,\"url\":\"" REPOS "\","
    "\"forks_url\":\"" REPOS "/forks\",\"keys_url\":\"" REPOS "/keys{/key_id}\","
    "\"collaborators_url\":\"" REPOS "/collaborators{/collaborator}\",\"teams_url\":\"" REPOS "/teams\","
    "\"hooks_url\":\"" REPOS "/hooks\",\"issue_events_url\":\"" REPOS "/issues/events{/number}\","
    "\"events_url\":\"" REPOS "/events\",\"assignees_url\":\"" REPOS "/assignees{/user}\","
    "\"branches_url\":\"" REPOS "/branches{/branch}\",\"tags_url\":\"" REPOS "/tags\","
    "\"blobs_url\":\"" REPOS "/git/blobs{/sha}\",\"git_tags_url\":\"" REPOS "/git/tags{/sha}\","
    "\"git_refs_url\":\"" REPOS "/git/refs{/sha}\",\"trees_url\":\"" REPOS "/git/trees{/sha}\","
    "\"statuses_url\":\"" REPOS "/statuses/{sha}\",\"languages_url\":\"" REPOS "/languages\","
    "\"stargazers_url\":\"" REPOS "/stargazers\",\"contributors_url\":\"" REPOS "/contributors\","
    "\"subscribers_url\":\"" REPOS "/subscribers\",\"subscription_url\":\"" REPOS "/subscription\","
    "\"commits_url\":\"" REPOS "/commits{/sha}\",\"git_commits_url\":\"" REPOS "/git/commits{/sha}\","
    "\"comments_url\":\"" REPOS "/comments{/number}\",\"issue_comment_url\":\"" REPOS "/issues/comments{/number}\","
    "\"contents_url\":\"" REPOS "/contents/{+path}\",\"compare_url\":\"" REPOS "/compare/{base}...{head}\","
    "\"merges_url\":\"" REPOS "/merges\",\"archive_url\":\"" REPOS "/{archive_format}{/ref}\","
    "\"downloads_url\":\"" REPOS "/downloads\",\"issues_url\":\"" REPOS "/issues{/number}\","
    "\"pulls_url\":\"" REPOS "/pulls{/number}\",\"milestones_url\":\"" REPOS "/milestones{/number}\","
    "\"notifications_url\":\"" REPOS "/notifications{?since,all,participating}\","
    "\"labels_url\":\"" REPOS "/labels{/name}\",\"releases_url\":\"" REPOS "/releases{/id}\",\"created_at\":\"$t\","
    "\"updated_at\":\"$t\",\"pushed_at\":\"$t\",\"git_url\":\"git://example.com/$r.git\","
    "\"ssh_url\":\"git@example.com:$r.git\",\"clone_url\":\"https://example.com/$r.git\","
    "\"svn_url\":\"https://example.com/$r\",\"homepage\":null,\"size\":$n,\"stargazers_count\":$c,"
    "\"watchers_count\":$c,\"language\":\"C\",\"has_issues\":true,\"has_downloads\":true,\"has_wiki\":true,"
    "\"has_pages\":false,\"forks_count\":$c,\"mirror_url\":null,\"open_issues_count\":$c,\"forks\":$c,"
    "\"open_issues\":$c,\"watchers\":$c,\"default_branch\":\"master\"}";

static const char side_template[] =
    "{\"label\":\"$u:fix-$n\",\"ref\":\"fix-$n\",\"sha\":\"$h\",\"user\":$U,\"repo\":$R}";

/* What a template is filled with. */
struct fill {
    const struct bench_said *said;
    uint64_t person; /* whose name and number stand in it */
    uint32_t repo;
    uint64_t *luck;
};

/* Of what people write, most is plain; now and then a line ends, or something is quoted or is not ASCII. */
static void add_word(struct bench_lines *lines, uint64_t *luck)
{
    static const char *const words[] = {"the ",    "fix ",        "a ",       "of ",         "this ",   "change ",
                                        "when ",   "it ",         "is ",      "null, ",      "merged ", "into ",
                                        "branch ", "tests/unit ", "because ", "users, ",     "see ",    "#1234. ",
                                        "would ",  "`code()` ",   "not ",     "performance "};
    static const char *const seldom[] = {"\\r\\n", "\\r\\n\\r\\n* ", "\\n", "\\\"quoted\\\" ", "\xC3\xA9t\xC3\xA9 "};
    bench_lines_add(lines, bench_chance_below(luck, 20) > 0
                               ? words[bench_chance_below(luck, sizeof words / sizeof *words)]
                               : seldom[bench_chance_below(luck, sizeof seldom / sizeof *seldom)]);
}

/* Up to so many words, often far fewer. */
static void add_words(struct bench_lines *lines, uint64_t *luck, uint32_t most)
{
    for (uint32_t i = bench_chance_below(luck, bench_chance_below(luck, most) + 1); i > 0; i--)
        add_word(lines, luck);
}

static void add_number(struct bench_lines *lines, uint64_t number)
{
    char text[24];
    snprintf(text, sizeof text, "%" PRIu64, number);
    bench_lines_add(lines, text);
}

static void add_hash(struct bench_lines *lines, uint64_t *luck)
{
    char text[48];
    snprintf(text, sizeof text, "%08x%08x%08x%08x%08x", bench_chance_below(luck, UINT32_MAX),
             bench_chance_below(luck, UINT32_MAX), bench_chance_below(luck, UINT32_MAX),
             bench_chance_below(luck, UINT32_MAX), bench_chance_below(luck, UINT32_MAX));
    bench_lines_add(lines, text);
}

static void add_filled(struct bench_lines *lines, const char *template, const struct fill *fill);

static void add_of_person(struct bench_lines *lines, const char *template, const struct fill *fill, uint64_t person)
{
    struct fill other = *fill;
    other.person = person;
    add_filled(lines, template, &other);
}

/* What a letter behind a dollar sign stands for. */
static void add_field(struct bench_lines *lines, char letter, const struct fill *fill)
{
    const struct bench_said *said = fill->said;
    switch (letter) {
    case 'u':
        bench_lines_add(lines, "u");
        add_number(lines, fill->person);
        break;
    case 'i':
        add_number(lines, fill->person);
        break;
    case 'r':
        bench_lines_add(lines, "someone-");
        add_number(lines, fill->repo % 100000);
        bench_lines_add(lines, "/project-");
        add_number(lines, fill->repo);
        break;
    case 'n':
        add_number(lines, bench_chance_below(fill->luck, 100000000));
        break;
    case 'c':
        add_number(lines, bench_chance_below(fill->luck, 40));
        break;
    case 'q':
        add_number(lines, said->quantity);
        break;
    case 'h':
        add_hash(lines, fill->luck);
        break;
    case 't':
        bench_lines_add(lines, said->time);
        break;
    case 'k':
        bench_lines_add(lines, said->kind);
        break;
    case 's':
        add_words(lines, fill->luck, 16);
        break;
    case 'b':
        add_words(lines, fill->luck, 250);
        break;
    case 'U':
        add_filled(lines, user_template, fill);
        break;
    case 'R':
        add_filled(lines, repo_template, fill);
        break;
    case 'S':
        add_filled(lines, side_template, fill);
        break;
    case 'T': /* the one whose issue it is */
        add_of_person(lines, user_template, fill, said->target ? said->target : said->member);
        break;
    default:
        abort();
    }
}

static void add_filled(struct bench_lines *lines, const char *template, const struct fill *fill)
{
    for (const char *dollar; (dollar = strchr(template, '$')); template = dollar + 2) {
        size_t length = (size_t)(dollar - template);
        memcpy(bench_lines_room(lines, length), template, length);
        lines->length += length;
        add_field(lines, dollar[1], fill);
    }
    bench_lines_add(lines, template);
}

#define ISSUE                                                                                                          \
    "\"issue\":{\"url\":\"" REPOS "/issues/$n\",\"labels_url\":\"" REPOS "/issues/$n/labels{/name}\","                 \
    "\"comments_url\":\"" REPOS "/issues/$n/comments\",\"events_url\":\"" REPOS "/issues/$n/events\","                 \
    "\"html_url\":\"https://example.com/$r/issues/$n\",\"id\":$n,\"number\":$c,\"title\":\"$s\",\"user\":$T,"          \
    "\"labels\":[{\"url\":\"" REPOS "/labels/bug\",\"name\":\"bug\",\"color\":\"fc2929\"}],\"state\":\"open\","        \
    "\"locked\":false,\"assignee\":null,\"milestone\":null,\"comments\":$c,\"created_at\":\"$t\","                     \
    "\"updated_at\":\"$t\",\"closed_at\":null,\"body\":\"$b\"}"

#define PULLS REPOS "/pulls/$n"

/*
 * Payloads of the Events API, whose fields docs.github.com describes, with how many of a thousand events have them: the
 * eight most frequent of 2 January 2013 that are still there (https://geeksta.net/geeklog/github-event-types-2013/).
 */
static const struct {
    uint32_t share;
    const char *payload;
} payloads[] = {
    {523, "{\"push_id\":$n,\"size\":$q,\"distinct_size\":$q,\"ref\":\"refs/heads/master\",\"head\":\"$h\","
          "\"before\":\"$h\",\"commits\":[{\"sha\":\"$h\",\"author\":{\"email\":\"$h@example.com\",\"name\":\"$u\"},"
          "\"message\":\"$s\",\"distinct\":true,\"url\":\"" REPOS "/commits/$h\"}]}"},
    {117, "{\"size\":$q,\"ref\":\"fix-$n\",\"ref_type\":\"branch\",\"master_branch\":\"master\",\"description\":\"$s\","
          "\"pusher_type\":\"user\"}"},
    {114, "{\"size\":$q,\"action\":\"started\"}"},
    {93, "{\"size\":$q,\"action\":\"created\"," ISSUE ",\"comment\":{\"url\":\"" REPOS "/issues/comments/$n\","
         "\"html_url\":\"https://example.com/$r/issues/$n#issuecomment-$n\",\"issue_url\":\"" REPOS "/issues/$n\","
         "\"id\":$n,\"user\":$U,\"created_at\":\"$t\",\"updated_at\":\"$t\",\"body\":\"$b\"}}"},
    {57, "{\"size\":$q,\"action\":\"opened\"," ISSUE "}"},
    {41, "{\"size\":$q,\"forkee\":$R}"},
    {36, "{\"size\":$q,\"action\":\"opened\",\"number\":$n,\"pull_request\":{\"url\":\"" PULLS "\",\"id\":$n,"
         "\"html_url\":\"https://example.com/$r/pull/$n\",\"diff_url\":\"https://example.com/$r/pull/$n.diff\","
         "\"patch_url\":\"https://example.com/$r/pull/$n.patch\",\"issue_url\":\"" REPOS "/issues/$n\",\"number\":$n,"
         "\"state\":\"open\",\"locked\":false,\"title\":\"$s\",\"user\":$U,\"body\":\"$b\",\"created_at\":\"$t\","
         "\"updated_at\":\"$t\",\"closed_at\":null,\"merged_at\":null,\"merge_commit_sha\":\"$h\",\"assignee\":null,"
         "\"milestone\":null,\"commits_url\":\"" PULLS "/commits\",\"review_comments_url\":\"" PULLS "/comments\","
         "\"review_comment_url\":\"" REPOS "/pulls/comments/{number}\",\"comments_url\":\"" PULLS "/comments\","
         "\"statuses_url\":\"" REPOS "/statuses/$h\",\"head\":$S,\"base\":$S,\"merged\":false,\"mergeable\":null,"
         "\"merged_by\":null,\"comments\":$c,\"review_comments\":$c,\"commits\":$c,\"additions\":$n,\"deletions\":$n,"
         "\"changed_files\":$c}}"},
    {19, "{\"size\":$q,\"pages\":[{\"page_name\":\"Home\",\"title\":\"Home\",\"summary\":null,\"action\":\"edited\","
         "\"sha\":\"$h\",\"html_url\":\"https://example.com/$r/wiki/Home\"}]}"},
};

static const char *pick_payload(uint64_t *luck)
{
    uint32_t at = bench_chance_below(luck, 1000), which = 0;
    for (; at >= payloads[which].share; which++)
        at -= payloads[which].share;
    return payloads[which].payload;
}

void bench_lines_add_archived(struct bench_lines *lines, const struct bench_said *said, uint64_t *luck)
{
    const struct fill fill = {said, said->member, bench_chance_below(luck, 100000000), luck};
    add_filled(lines,
               "{\"id\":\"$n\",\"type\":\"$k\",\"actor\":{\"id\":$i,\"login\":\"$u\",\"display_login\":\"$u\","
               "\"gravatar_id\":\"\",\"url\":\"" USERS "\",\"avatar_url\":\"https://avatars.example.com/u/$i?\"},"
               "\"repo\":{\"id\":$n,\"name\":\"$r\",\"url\":\"" REPOS "\"},\"payload\":",
               &fill);
    add_filled(lines, pick_payload(luck), &fill);
    add_filled(lines, ",\"public\":true,\"created_at\":\"$t\"}\n", &fill);
}
