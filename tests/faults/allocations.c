/* SPDX-License-Identifier: MIT */
/*
 * Every allocation of every public function fails, one after the other: once, and with all that follow. After each
 * failure the status, the error, what the call gives and what the engine holds must be as the header says; nothing may
 * be lost; and the same call again, with memory, must come to what it comes to without faults.
 *
 * Usage: allocations [--functions]. Without an argument all is tried, and figures are printed; with it, the table of
 * functions and scenarios. KITH_LONG=1 leaves no allocation out of long calls, and takes more threads.
 */
#include "scene.h"

#include <inttypes.h>
#include <time.h>

static const struct scenarios *const groups[] = {&scenarios_of_texts,   &scenarios_of_adding,  &scenarios_of_exports,
                                                 &scenarios_of_reviews, &scenarios_of_members, &scenarios_of_snapshots,
                                                 &scenarios_of_arrow};
enum { GROUPS = sizeof groups / sizeof *groups };

enum { ONCE, LASTING, MODES };

/* One way to play a scenario. */
struct play {
    const struct scenario *scenario;
    unsigned which;
    unsigned threads;
    bool shares;
};

static bool is_long;
static uint64_t points, absorbed;
static struct text expected; /* what comes of the scenario without faults */

/* ---- one point ---- */

static void end_scene(struct scene *scene)
{
    scene_free(scene);
    MUST_SAY(scene->memory.blocks == 0 && scene->memory.bytes == 0, "no block is left");
    pthread_mutex_destroy(&scene->memory.lock);
}

static kith_error rubbish(void)
{
    kith_error error;
    memset(&error, 0x77, sizeof error);
    error.size = sizeof error;
    return error;
}

static void must_be_untouched(const kith_error *error)
{
    kith_error untouched = rubbish();
    MUST(memcmp(error, &untouched, sizeof untouched) == 0);
}

/* Where it is an export that was being read, its name and line stand before the words. */
static void must_say_no_memory(const kith_error *error)
{
    static const char words[] = "not enough memory";
    size_t length = strlen(error->message);
    MUST(error->size == sizeof *error && error->status == KITH_NO_MEMORY);
    MUST(length >= sizeof words - 1 && strcmp(error->message + length - (sizeof words - 1), words) == 0);
    MUST(error->file[0] || (length == sizeof words - 1 && error->line == 0));
    MUST(error->reason == 0 && error->column == 0 && !error->field[0] && !error->value[0]);
}

/* What an engine that began from a state holds when the call has dealt with what lies before an end. */
static struct text state_after(const struct play *play, struct scene *scene, const struct text *state, uint64_t end)
{
    struct scene twin = *scene;
    twin.allocator = NULL;
    twin.engine = engine_of_state(state, scene);
    twin.from = twin.from_line = 0;
    twin.to = end;
    kith_error error = rubbish();
    if (end > 0)
        must(play->scenario->call(&twin, &error), &error);
    struct text after = state_of(twin.engine);
    kith_engine_free(twin.engine);
    return after;
}

static void must_hold(struct scene *scene, const struct text *expects, const char *words)
{
    struct text holds = state_of(scene->engine);
    MUST_SAY(text_same(&holds, expects), words);
    text_end(&holds);
}

static void must_be_shared_as_it_was(struct scene *scene, const kith_snapshot *shared, const struct text *before)
{
    struct text now = {0};
    kith_error error = ERROR;
    must(kith_snapshot_write(shared, text_take, &now, &error), &error);
    MUST_SAY(text_same(&now, before), "the snapshot that shares with the engine is as it was");
    text_end(&now);
    (void)scene;
}

static void check_engine(const struct play *play, struct scene *scene, const struct text *before)
{
    if (play->scenario->leaves == UNCHANGED)
        must_hold(scene, before, "the engine is as it was");
    if (play->scenario->leaves != IN_PART)
        return;
    struct text dealt = state_after(play, scene, before, scene->dealt);
    must_hold(scene, &dealt, "the engine holds what the call says was dealt with");
    text_end(&dealt);
    scene->from = scene->dealt;
    scene->from_line = scene->dealt_line;
}

static void check_result(const struct play *play, struct scene *scene)
{
    struct text result = {0};
    if (play->scenario->result)
        play->scenario->result(scene, &result);
    if (expected.length == 0)
        text_take(&expected, result.bytes, result.length);
    MUST_SAY(text_same(&result, &expected), "what comes of it is what comes of it without faults");
    text_end(&result);
}

/* Of calls that give the engine what they are given, and of no other: these have been compared by their results. */
static void check_whole(const struct play *play, struct scene *scene, const struct text *before)
{
    if (play->scenario->leaves != IN_PART)
        return;
    struct text whole = state_after(play, scene, before, UINT64_MAX);
    must_hold(scene, &whole, "the engine holds all in the end");
    text_end(&whole);
}

static kith_status call(const struct play *play, struct scene *scene, uint64_t n, int mode)
{
    kith_error error = rubbish();
    memory_arm(&scene->memory, n, mode == LASTING);
    kith_status status = play->scenario->call(scene, &error);
    memory_disarm(&scene->memory);
    if (status == KITH_OK)
        must_be_untouched(&error);
    else {
        if (status != KITH_NO_MEMORY)
            fprintf(stderr, "%s: %s\n", kith_status_name(status), error.message);
        MUST_SAY(status == KITH_NO_MEMORY, "the status says that there was no memory");
        MUST_SAY(scene->memory.failed > 0, "it was memory that failed");
        must_say_no_memory(&error);
        if (play->scenario->failed)
            play->scenario->failed(scene);
    }
    return status;
}

/* Whether there were as many as n allocations. */
static bool try_point(const struct play *play, uint64_t n, int mode)
{
    snprintf(scene_where, sizeof scene_where, "%s %u, %u threads%s, allocation %" PRIu64 "%s", play->scenario->name,
             play->which, play->threads, play->shares ? ", shared" : "", n, mode == LASTING ? " and all after" : "");
    struct scene scene = {.threads = play->threads, .which = play->which, .to = UINT64_MAX};
    scene.memory_limit = play->scenario->limit;
    memory_init(&scene.memory);
    scene.allocator = &scene.memory.allocator;
    if (play->scenario->begin)
        play->scenario->begin(&scene);

    struct text before = {0};
    kith_snapshot *shared = NULL;
    kith_error error = ERROR;
    bool has_engine = play->scenario->leaves != NO_ENGINE;
    if (has_engine)
        before = state_of(scene.engine);
    if (play->shares)
        must(kith_engine_freeze(scene.engine, kith_text_of("here"), &shared, &error), &error);

    kith_status status = call(play, &scene, n, mode);
    bool was_hit = scene.memory.failed > 0;
    if (status == KITH_OK && was_hit) {
        MUST_SAY(play->scenario->absorbs, "it does without memory only where that is known");
        absorbed++;
    }
    points += was_hit;
    if (has_engine && status != KITH_OK)
        check_engine(play, &scene, &before);
    /* Freed as it is, every now and then: what a failed call leaves must not need another one to be whole. */
    bool gives_up = status != KITH_OK && n % 4 == 3;
    if (status != KITH_OK && !gives_up) {
        if (mode == LASTING && call(play, &scene, 1, LASTING) == KITH_NO_MEMORY && has_engine)
            check_engine(play, &scene, &before);
        MUST(call(play, &scene, 0, ONCE) == KITH_OK);
    }
    if (!gives_up) {
        check_result(play, &scene);
        check_whole(play, &scene, &before);
    }
    if (shared)
        must_be_shared_as_it_was(&scene, shared, &before);
    kith_snapshot_free(shared);
    text_end(&before);
    end_scene(&scene);
    return was_hit;
}

/* ---- all points ---- */

/* Each of the first, then one of many unless nothing is to be left out. Calls on much take longer. */
static uint64_t next_point(const struct play *play, uint64_t n)
{
    bool is_large = play->scenario->limit > 0 || play->scenario->large;
    uint64_t each = is_large ? 2 : 8;
    uint64_t part = is_large ? 1 : 2;
    return is_long || n < each ? n + 1 : n + 1 + n / part;
}

static void play_all(const struct play *play)
{
    for (int mode = ONCE; mode < MODES; mode++)
        for (uint64_t n = 1; try_point(play, n, mode); n = next_point(play, n))
            continue;
}

/* All ways; or all of the first variant, and one of each other. */
static void play_variant(const struct scenario *scenario, unsigned which)
{
    static const unsigned threads[] = {1, 2, 3, 8};
    bool is_large = scenario->limit > 0 || scenario->large;
    bool has_engine = scenario->leaves != NO_ENGINE;
    size_t threads_count = !scenario->by_threads ? 1 : is_long ? 4 : is_large ? 1 : 2;
    for (size_t i = 0; i < threads_count; i++)
        for (int shares = 0; shares <= (has_engine && (is_long || (i == 0 && !is_large))); shares++) {
            struct play play = {scenario, which, threads[i], shares};
            if (!is_long && which > 0 && (i != which % threads_count || (i == 0 && has_engine && shares != 1)))
                continue;
            try_point(&play, 0, ONCE);
            play_all(&play);
        }
}

static void play_scenario(const struct scenario *scenario)
{
    clock_t began = clock();
    uint64_t points_before = points, absorbed_before = absorbed;
    unsigned variants = scenario->variants ? scenario->variants : 1;
    for (unsigned which = 0; which < variants; which++) {
        text_end(&expected);
        play_variant(scenario, which);
    }
    text_end(&expected);
    MUST_SAY(points > points_before, "a call of the scenario asks for memory");
    printf("%-40s %8" PRIu64 " points, %" PRIu64 " absorbed, %.2f s\n", scenario->name, points - points_before,
           absorbed - absorbed_before, (double)(clock() - began) / CLOCKS_PER_SEC);
    fflush(stdout);
}

/* Functions that need no memory: not one call of the allocator. */
static void play_rest(const struct scenario *scenario)
{
    snprintf(scene_where, sizeof scene_where, "%s", scenario->name);
    struct scene scene = {.threads = 1};
    memory_init(&scene.memory);
    scene.allocator = &scene.memory.allocator;
    scenario->begin(&scene);
    kith_error error = ERROR;
    memory_arm(&scene.memory, 1, true);
    must(scenario->call(&scene, &error), &error);
    MUST_SAY(scene.memory.calls == 0, "it asks for no memory");
    memory_disarm(&scene.memory);
    end_scene(&scene);
}

static unsigned print_functions(const struct scenarios *scenarios, const char *kind, bool quiet)
{
    unsigned count = 0;
    for (size_t i = 0; i < scenarios->count; i++)
        for (const char *at = scenarios->all[i].functions; *at; at += strspn(at, " ")) {
            size_t length = strcspn(at, " ");
            if (!quiet)
                printf("%.*s\t%s\t%s\n", (int)length, at, kind, scenarios->all[i].name);
            at += length;
            count++;
        }
    return count;
}

int main(int count, char **arguments)
{
    is_long = getenv("KITH_LONG") && *getenv("KITH_LONG");
    if (count > 1 && strcmp(arguments[1], "--functions") == 0) {
        for (size_t i = 0; i < GROUPS; i++)
            print_functions(groups[i], "fails", false);
        print_functions(&scenarios_of_rest, "needs none", false);
        return 0;
    }
    unsigned scenarios = 0;
    for (size_t i = 0; i < GROUPS; i++)
        for (size_t k = 0; k < groups[i]->count; k++) {
            if (count > 1 && strcmp(arguments[1], groups[i]->all[k].name) != 0)
                continue;
            play_scenario(&groups[i]->all[k]);
            scenarios++;
        }
    for (size_t k = 0; k < scenarios_of_rest.count && count == 1; k++)
        play_rest(&scenarios_of_rest.all[k]);
    printf("%u scenarios, %" PRIu64 " points failed, %" PRIu64 " of them absorbed; %u functions need no memory\n",
           scenarios, points, absorbed, print_functions(&scenarios_of_rest, "", true));
    return 0;
}
