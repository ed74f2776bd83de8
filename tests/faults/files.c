/* SPDX-License-Identifier: MIT */
/*
 * Every call that the library makes on a file fails, one after the other: for good, once and with all of its name that
 * follow; interrupted or cut short, which must change nothing. Linked with io.c, whose functions then stand before the
 * C library's. To be run in an empty folder, which TMPDIR names as well. Usage: files; KITH_LONG=1 leaves out no call.
 */
#include <unistd.h>

#include "io.h"
#include "scene.h"

enum { SEALED_EVENTS = 26000, SEALED_MEMBERS = 12000 };

struct job {
    const char *name;
    const char *functions;
    bool in_part; /* of its events, what it says was dealt with is there, and the rest can follow */
    bool keeps;   /* the engine is as it was */
    uint64_t limit;
    unsigned threads;
    void (*begin)(struct scene *scene);
    kith_status (*call)(struct scene *scene, kith_error *error);
    void (*result)(struct scene *scene, struct text *text);
};

static bool is_long;
static uint64_t points, harmless, soft;

/* ---- texts ---- */

static void write_text(const char *name, const char *words)
{
    struct text text = {0};
    text_add(&text, "%s", words);
    write_file(name, &text);
    text_end(&text);
}

static void begin_texts(struct scene *scene)
{
    (void)scene;
    write_text("policy.ini", "[tier low]\n[tier high]\npromote_at = 1\n[kind post]\ngives = content 1\n");
    write_text("source.ini", "[event]\ntime = t\nmember = m\nkind = k\n");
}

static kith_status load_policy(struct scene *scene, kith_error *error)
{
    return kith_policy_load("policy.ini", NULL, &scene->policy, error);
}

static kith_status load_source(struct scene *scene, kith_error *error)
{
    return kith_source_load("source.ini", NULL, &scene->source, error);
}

/* ---- exports ---- */

static const char *const exports[] = {"one.csv", "two.csv", "three.csv"};

static void begin_exports(struct scene *scene)
{
    begin_engine(scene);
    for (unsigned i = 0; i < 3; i++) {
        struct text text = {0};
        make_csv(&text, 300 + 100 * i);
        write_file(exports[i], &text);
        text_end(&text);
    }
}

static kith_status add_export(struct scene *scene, kith_error *error)
{
    kith_export input = {.size = sizeof input, .path = exports[0]};
    input.begin_offset = scene->from;
    input.begin_line = scene->from_line;
    kith_added added = {.size = sizeof added};
    kith_status status = kith_engine_add_export(scene->engine, &input, &added, error);
    scene->from = added.end_offset;
    scene->from_line = added.end_line;
    return status;
}

static kith_status add_exports(struct scene *scene, kith_error *error)
{
    kith_export inputs[3];
    kith_added added[3];
    uint64_t first = scene->dealt, done = 0;
    for (uint64_t i = first; i < 3; i++) {
        inputs[i - first] = (kith_export){.size = sizeof *inputs, .path = exports[i]};
        added[i - first] = (kith_added){.size = sizeof *added};
    }
    inputs[0].begin_offset = scene->from;
    inputs[0].begin_line = scene->from_line;
    kith_status status = kith_engine_add_exports(scene->engine, inputs, 3 - first, added, &done, error);
    scene->dealt = first + done;
    scene->from = scene->dealt < 3 ? added[done].end_offset : 0;
    scene->from_line = scene->dealt < 3 ? added[done].end_line : 0;
    return status;
}

static void add_reviewed(struct scene *scene, struct text *text)
{
    text_add_reviewed(text, scene->engine);
}

static void begin_inspected(struct scene *scene)
{
    kith_error error = ERROR;
    must(kith_inspection_new(NULL, &scene->inspection, &error), &error);
    struct text text = {0};
    make_csv(&text, 60000); /* of which stretches are looked at */
    write_file("long.csv", &text);
    text_end(&text);
}

static kith_status inspect(struct scene *scene, kith_error *error)
{
    kith_export input = {.size = sizeof input, .path = "long.csv"};
    kith_inspection_free(scene->inspection);
    kith_inspection_options options = {.size = sizeof options, .bytes = 1 << 20};
    must(kith_inspection_new(&options, &scene->inspection, error), error);
    return kith_inspection_add(scene->inspection, &input, error);
}

static void add_source(struct scene *scene, struct text *text)
{
    kith_error error = ERROR;
    must(kith_inspection_write_source(scene->inspection, text_take, text, &error), &error);
}

/* ---- snapshots ---- */

static void read_file(const char *name, struct text *text)
{
    char bytes[4096];
    FILE *file = fopen(name, "rb");
    MUST(file != NULL);
    for (size_t got; (got = fread(bytes, 1, sizeof bytes, file)) > 0;)
        text_take(text, bytes, got);
    fclose(file);
}

static void begin_saved(struct scene *scene)
{
    begin_engine(scene);
    kith_error error = ERROR;
    must(kith_engine_freeze(scene->engine, kith_text_of("here"), &scene->snapshot, &error), &error);
    must(kith_snapshot_write(scene->snapshot, text_take, &scene->given, &error), &error);
    write_text("target", "what stood there before");
    unlink("saved");
    MUST(symlink("target", "saved") == 0);
}

/* The file holds this one or what it held before. */
static kith_status save(struct scene *scene, kith_error *error)
{
    kith_status status = kith_snapshot_save(scene->snapshot, "saved", error);
    struct io_seen seen = io_end();
    struct text holds = {0};
    read_file("target", &holds);
    bool is_new = text_same(&holds, &scene->given);
    MUST(is_new || strcmp(holds.bytes, "what stood there before") == 0);
    MUST(is_new || status != KITH_OK);
    MUST(!is_new || status == KITH_OK || strstr(error->message, "has been replaced") || seen.calls == 0);
    text_end(&holds);
    scene->told = seen.failed;
    scene->told_number = seen.calls;
    return status;
}

static void begin_state(struct scene *scene)
{
    begin_engine(scene);
    struct text state = state_of(scene->engine);
    write_file("state", &state);
    text_end(&state);
    scene->other_engine = scene->engine;
    scene->engine = NULL;
}

static kith_status load(struct scene *scene, kith_error *error)
{
    kith_engine_options options = options_of(scene, KITH_NAMED);
    kith_load input = {.size = sizeof input, .path = "state", .options = &options};
    return kith_engine_load(&input, &scene->engine, error);
}

/* ---- weeks in a temporary file ---- */

static struct {
    int64_t time[SEALED_EVENTS];
    uint64_t member[SEALED_EVENTS];
    uint32_t kind[SEALED_EVENTS];
} sealed;

static void begin_spilling(struct scene *scene)
{
    begin_numbered(scene);
    uint64_t seed = 4;
    for (unsigned i = 0; i < SEALED_EVENTS; i++) {
        sealed.time[i] = MONDAY + REVIEWED_WEEKS * WEEK + (int64_t)i * 5 * WEEK / SEALED_EVENTS;
        sealed.member[i] = 1000 + chance_below(&seed, SEALED_MEMBERS);
        sealed.kind[i] = chance_below(&seed, 26);
    }
}

static kith_status add_sealed(struct scene *scene, kith_error *error)
{
    kith_events events = {.size = sizeof events, .count = SEALED_EVENTS - scene->from};
    events.time = sealed.time + scene->from;
    events.member = sealed.member + scene->from;
    events.kind = sealed.kind + scene->from;
    kith_added added = {.size = sizeof added};
    kith_status status = kith_engine_add(scene->engine, &events, &added, error);
    scene->from += added.read;
    return status;
}

static void begin_spilled(struct scene *scene)
{
    begin_spilling(scene);
    kith_error error = ERROR;
    must(add_sealed(scene, &error), &error);
}

static kith_status review(struct scene *scene, kith_error *error)
{
    return kith_engine_review(scene->engine, MONDAY + 11 * WEEK, &scene->review, error);
}

static void add_standings(struct scene *scene, struct text *text)
{
    kith_error error = ERROR;
    kith_table *table;
    must(kith_review_get_table(scene->review, KITH_STANDINGS, &table, &error), &error);
    text_add_table(text, table);
    kith_table_free(table);
}

static kith_status forget(struct scene *scene, kith_error *error)
{
    return kith_engine_forget(scene->engine, sealed.member[7], error);
}

static kith_status merge(struct scene *scene, kith_error *error)
{
    return kith_engine_merge(scene->engine, sealed.member[7], sealed.member[8], error);
}

static kith_status get_watch(struct scene *scene, kith_error *error)
{
    return kith_engine_get_watch(scene->engine, MONDAY + 9 * WEEK, &scene->table, error);
}

static kith_status explain(struct scene *scene, kith_error *error)
{
    kith_explanation explanation = {.size = sizeof explanation};
    return kith_engine_explain(scene->engine, sealed.member[7], MONDAY + 9 * WEEK, &explanation, error);
}

static kith_status get_standing(struct scene *scene, kith_error *error)
{
    kith_standing_row row = {.size = sizeof row};
    return kith_engine_get_standing(scene->engine, sealed.member[7], MONDAY + 9 * WEEK, &row, error);
}

static void begin_written(struct scene *scene)
{
    begin_spilled(scene);
    kith_error error = ERROR;
    must(kith_engine_freeze(scene->engine, kith_text_of(""), &scene->snapshot, &error), &error);
}

static kith_status write_snapshot(struct scene *scene, kith_error *error)
{
    text_end(&scene->text);
    return kith_snapshot_write(scene->snapshot, text_take, &scene->text, error);
}

static const struct job jobs[] = {
    {.name = "a policy file", .functions = "kith_policy_load", .begin = begin_texts, .call = load_policy},
    {.name = "a source description", .functions = "kith_source_load", .begin = begin_texts, .call = load_source},
    {.name = "an export",
     .functions = "kith_engine_add_export",
     .begin = begin_exports,
     .call = add_export,
     .result = add_reviewed},
    {.name = "an export, by threads",
     .functions = "kith_engine_add_export",
     .threads = 3,
     .begin = begin_exports,
     .call = add_export,
     .result = add_reviewed},
    {.name = "several exports",
     .functions = "kith_engine_add_exports",
     .begin = begin_exports,
     .call = add_exports,
     .result = add_reviewed},
    {.name = "several exports, by threads",
     .functions = "kith_engine_add_exports",
     .threads = 3,
     .begin = begin_exports,
     .call = add_exports,
     .result = add_reviewed},
    {.name = "an export that is looked at",
     .functions = "kith_inspection_add",
     .begin = begin_inspected,
     .call = inspect,
     .result = add_source},
    {.name = "a snapshot saved", .functions = "kith_snapshot_save", .keeps = true, .begin = begin_saved, .call = save},
    {.name = "a snapshot loaded",
     .functions = "kith_engine_load",
     .begin = begin_state,
     .call = load,
     .result = add_reviewed},
    {.name = "weeks put into a file",
     .functions = "kith_engine_add",
     .limit = 1 << 20,
     .begin = begin_spilling,
     .call = add_sealed,
     .result = add_reviewed},
    {.name = "weeks put into a file, by threads",
     .functions = "kith_engine_add",
     .limit = 1 << 20,
     .threads = 2,
     .begin = begin_spilling,
     .call = add_sealed,
     .result = add_reviewed},
    {.name = "weeks in a file reviewed",
     .functions = "kith_engine_review",
     .limit = 1 << 20,
     .begin = begin_spilled,
     .call = review,
     .result = add_standings},
    {.name = "a member in a file forgotten",
     .functions = "kith_engine_forget",
     .keeps = true,
     .limit = 1 << 20,
     .begin = begin_spilled,
     .call = forget,
     .result = add_reviewed},
    {.name = "members in a file merged",
     .functions = "kith_engine_merge",
     .keeps = true,
     .limit = 1 << 20,
     .begin = begin_spilled,
     .call = merge,
     .result = add_reviewed},
    {.name = "who slips away, from a file",
     .functions = "kith_engine_get_watch",
     .keeps = true,
     .limit = 1 << 20,
     .begin = begin_spilled,
     .call = get_watch},
    {.name = "an explanation from a file",
     .functions = "kith_engine_explain",
     .keeps = true,
     .limit = 1 << 20,
     .begin = begin_spilled,
     .call = explain},
    {.name = "a standing from a file",
     .functions = "kith_engine_get_standing",
     .keeps = true,
     .limit = 1 << 20,
     .begin = begin_spilled,
     .call = get_standing},
    {.name = "a snapshot of weeks in a file",
     .functions = "kith_snapshot_write",
     .keeps = true,
     .limit = 1 << 20,
     .begin = begin_written,
     .call = write_snapshot},
};

/* ---- one point ---- */

static struct text expected;

static void end_scene(struct scene *scene)
{
    scene_free(scene);
    MUST_SAY(scene->memory.blocks == 0, "no block is left");
}

static struct io_plan plan_of(unsigned n, const char *how, bool lasting)
{
    struct io_plan plan = {.nth = n, .lasting = lasting};
    snprintf(plan.how, sizeof plan.how, "%s", how);
    MUST(getcwd(plan.under, sizeof plan.under) != NULL);
    return plan;
}

static struct io_seen call(const struct job *job, struct scene *scene, struct io_plan plan, kith_status *status,
                           kith_error *error)
{
    *error = ERROR;
    io_begin(&plan);
    *status = job->call(scene, error);
    struct io_seen seen = io_end();
    /* One that looks at its files afterwards has ended it. */
    if (scene->told_number > 0) {
        seen.calls = (unsigned)scene->told_number;
        seen.failed = (unsigned)scene->told;
    }
    return seen;
}

/* Returns how many calls there were. */
static unsigned try_point(const struct job *job, unsigned n, const char *how, bool lasting)
{
    bool is_soft = strcmp(how, "EINTR") == 0 || strcmp(how, "short") == 0;
    snprintf(scene_where, sizeof scene_where, "%s, call %u, %s%s", job->name, n, how, lasting ? " lasting" : "");
    struct scene scene = {.threads = job->threads ? job->threads : 1, .memory_limit = job->limit, .to = UINT64_MAX};
    memory_init(&scene.memory);
    scene.allocator = &scene.memory.allocator;
    job->begin(&scene);
    struct text before = {0};
    if (job->keeps)
        before = state_of(scene.engine);
    kith_error error;
    kith_status status;
    struct io_seen seen = call(job, &scene, plan_of(n, how, lasting), &status, &error);
    if (seen.failed > 0 && is_soft)
        soft++;
    else if (seen.failed > 0)
        points++;
    MUST_SAY(status == KITH_OK || !is_soft, error.message);
    MUST_SAY(status == KITH_OK || seen.failed > 0, error.message);
    harmless += !is_soft && seen.failed > 0 && status == KITH_OK;
    if (status != KITH_OK) {
        MUST_SAY(status == KITH_INPUT_OUTPUT, error.message);
        MUST(error.status == status && error.file[0] && strstr(error.message, error.file));
        if (job->keeps) {
            struct text after = state_of(scene.engine);
            MUST_SAY(text_same(&before, &after), "the engine is as it was");
            text_end(&after);
        }
        scene.told_number = 0;
        call(job, &scene, plan_of(0, "EIO", false), &status, &error);
        must(status, &error);
    }
    struct text result = {0};
    if (job->result)
        job->result(&scene, &result);
    if (expected.length == 0)
        text_take(&expected, result.bytes, result.length);
    MUST_SAY(text_same(&result, &expected), "what comes of it is what comes of it without faults");
    text_end(&result);
    text_end(&before);
    end_scene(&scene);
    return seen.calls;
}

/* Each of the first, then one of many unless nothing is to be left out; of what takes long, fewer. */
static unsigned next_point(const struct job *job, unsigned n)
{
    unsigned each = job->limit ? 2 : 6;
    return is_long || n < each ? n + 1 : n + 1 + n;
}

/* Each fault both ways, or hard ones once and soft ones for ever. */
static void try_fault(const struct job *job, const char *how, bool is_soft, unsigned calls)
{
    for (int lasting = 0; lasting < 2; lasting++)
        for (unsigned n = 1; n <= calls && (is_long || is_soft == lasting); n = next_point(job, n))
            try_point(job, n, how, lasting);
}

int main(void)
{
    static const char *const hows[] = {"EIO", "ENOSPC", "EINTR", "short"};
    unsigned all = 0;
    is_long = getenv("KITH_LONG") && *getenv("KITH_LONG");
    for (size_t i = 0; i < sizeof jobs / sizeof *jobs; i++) {
        uint64_t points_before = points, soft_before = soft;
        unsigned calls = try_point(&jobs[i], 0, "EIO", false);
        MUST_SAY(calls > 0, "there are calls to fail");
        for (size_t how = 0; how < sizeof hows / sizeof *hows; how++)
            if (is_long || how != 1 || !jobs[i].limit)
                try_fault(&jobs[i], hows[how], how >= 2, calls);
        text_end(&expected);
        printf("%-36s %4u calls, %5llu failed, %5llu interrupted or short\n", jobs[i].name, calls,
               (unsigned long long)(points - points_before), (unsigned long long)(soft - soft_before));
        fflush(stdout);
        all += calls;
    }
    printf("%u calls: %llu points failed, %llu of them harmless; %llu interrupted or short\n", all,
           (unsigned long long)points, (unsigned long long)harmless, (unsigned long long)soft);
    return 0;
}
