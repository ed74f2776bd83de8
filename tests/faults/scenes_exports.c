/* SPDX-License-Identifier: MIT */
/* Exports of every form, one at a time and several at once. */
#include "scene.h"

#include <zlib.h>

enum { ROWS = 300, EXPORTS = 3 };

/* Of which form an export is, by variant. */
enum form { CSV, CSV_GZIP, NDJSON, DESCRIBED_NDJSON, DOCUMENT };

static const char ndjson_source[] = "[source]\nformat = ndjson\n[event]\ntime = time\nmember = member\nkind = kind\n"
                                    "target = target\nid = id\n[ignore]\nmember = m07\n";
static const char document_source[] =
    "[source]\nformat = json\nrows = messages[]\n[event]\ntime = at\nmember = who.name\n"
    "kind = what\ntarget = to[]\nid = key\n";

static void make_export(struct text *text, enum form form)
{
    if (form == CSV || form == CSV_GZIP)
        make_csv(text, ROWS);
    else if (form == DOCUMENT)
        make_document(text, ROWS);
    else
        make_ndjson(text, ROWS);
}

static void pack(struct text *text)
{
    struct text packed = {0};
    z_stream stream = {0};
    MUST(deflateInit2(&stream, 6, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY) == Z_OK);
    uLong most = deflateBound(&stream, text->length);
    unsigned char *room = malloc(most);
    stream.next_in = (unsigned char *)text->bytes;
    stream.avail_in = (unsigned)text->length;
    stream.next_out = room;
    stream.avail_out = (unsigned)most;
    MUST(deflate(&stream, Z_FINISH) == Z_STREAM_END);
    text_take(&packed, room, stream.total_out);
    deflateEnd(&stream);
    free(room);
    text_end(text);
    *text = packed;
}

static void begin_export(struct scene *scene)
{
    begin_engine(scene);
    make_export(&scene->given, scene->which);
    const char *description = scene->which == DESCRIBED_NDJSON ? ndjson_source
                              : scene->which == DOCUMENT       ? document_source
                                                               : NULL;
    kith_error error = ERROR;
    kith_source_options options = {.size = sizeof options, .allocator = scene->allocator};
    if (description)
        must(kith_source_parse(kith_text_of(description), NULL, &options, &scene->source, &error), &error);
}

static int count_reject(void *context, const kith_reject *reject)
{
    struct scene *scene = context;
    MUST(reject->reason > KITH_REASON_NONE && reject->reason < KITH_REASONS);
    scene->told++;
    scene->number += reject->line;
    return 0;
}

/* From scene->from, an offset, to the offset scene->to: the whole rows that lie between. */
static kith_status add_export(struct scene *scene, kith_error *error)
{
    struct text text = {0};
    size_t end = scene->to < scene->given.length ? scene->to : scene->given.length;
    text_take(&text, scene->given.bytes, end);
    if (scene->which == CSV_GZIP)
        pack(&text);
    struct given given = {text.bytes, text.length, 0, 4096};
    kith_export input = {.size = sizeof input, .read = given_read, .read_context = &given, .name = "given"};
    input.source = scene->source;
    input.reject = count_reject;
    input.reject_context = scene;
    input.begin_offset = scene->from;
    input.begin_line = scene->from_line;
    uint64_t told = scene->told;
    kith_added added = {.size = sizeof added};
    kith_status status = kith_engine_add_export(scene->engine, &input, &added, error);
    MUST(added.read == added.taken + added.rejected + added.skipped + added.ignored);
    MUST(scene->told - told == added.rejected);
    MUST(added.end_offset <= scene->given.length);
    scene->dealt = added.end_offset;
    scene->dealt_line = added.end_line;
    text_end(&text);
    return status;
}

/* A document is read as a whole, so that there is no going on: it is read again, and rows taken before are skipped. */
static kith_status add_document(struct scene *scene, kith_error *error)
{
    struct given given = {scene->given.bytes, scene->given.length, 0, 4096};
    kith_export input = {.size = sizeof input, .read = given_read, .read_context = &given, .source = scene->source};
    kith_added added = {.size = sizeof added};
    kith_engine_info before = {.size = sizeof before}, after = {.size = sizeof after};
    must(kith_engine_get_info(scene->engine, &before, NULL), NULL);
    kith_status status = kith_engine_add_export(scene->engine, &input, &added, error);
    must(kith_engine_get_info(scene->engine, &after, NULL), NULL);
    MUST(after.taken - before.taken == added.taken && after.rejected - before.rejected == added.rejected);
    return status;
}

static void add_reviewed(struct scene *scene, struct text *text)
{
    text_add_reviewed(text, scene->engine);
}

static void begin_document(struct scene *scene)
{
    scene->which = DOCUMENT;
    begin_export(scene);
}

/* ---- several ---- */

static void begin_exports(struct scene *scene)
{
    begin_engine(scene);
    for (unsigned i = 0; i < EXPORTS; i++) {
        char name[32];
        struct text text = {0};
        snprintf(name, sizeof name, "export-%u.csv", i);
        text_add(&text, "time,member,kind,target\n");
        uint64_t seed = i;
        for (unsigned row = 0; row < 200; row++)
            text_add(&text, "%lld,p%u-%u,%s,m%02u\n",
                     (long long)(MONDAY + (REVIEWED_WEEKS + 1) * WEEK + chance_below(&seed, 2000000)), i,
                     chance_below(&seed, 50), row % 29 == 3 ? "nothing" : "post", chance_below(&seed, 20));
        write_file(name, &text);
        text_end(&text);
    }
}

/* scene->from and to: exports that are done, times this, and the offset in the next one. */
#define EACH_EXPORT UINT64_C(1000000)

static kith_status add_exports(struct scene *scene, kith_error *error)
{
    char names[EXPORTS][32];
    struct text texts[EXPORTS] = {{0}};
    struct given given[EXPORTS];
    kith_export inputs[EXPORTS] = {{.size = sizeof *inputs}};
    kith_added added[EXPORTS];
    uint64_t first = scene->from / EACH_EXPORT, done = 0, count = 0;
    bool whole = scene->to > EXPORTS * EACH_EXPORT;
    for (uint64_t i = first; i < EXPORTS && (whole || i <= scene->to / EACH_EXPORT); i++, count++) {
        snprintf(names[i], sizeof names[i], "export-%u.csv", (unsigned)i);
        inputs[count] = (kith_export){.size = sizeof *inputs, .path = names[i]};
        added[count] = (kith_added){.size = sizeof *added};
        if (i == first && scene->from % EACH_EXPORT) {
            inputs[count].begin_offset = scene->from % EACH_EXPORT;
            inputs[count].begin_line = scene->from_line;
        }
        if (whole || i < scene->to / EACH_EXPORT)
            continue;
        /* The last one, as far as it came. */
        FILE *file = fopen(names[i], "rb");
        char bytes[32768];
        text_take(&texts[i], bytes, fread(bytes, 1, scene->to % EACH_EXPORT, file));
        fclose(file);
        given[i] = (struct given){texts[i].bytes, texts[i].length, 0, 0};
        inputs[count].path = NULL;
        inputs[count].read = given_read;
        inputs[count].read_context = &given[i];
        /* Of one that did not come to its header, nothing was dealt with. */
        count -= texts[i].length == 0;
    }
    kith_status status = kith_engine_add_exports(scene->engine, inputs, count, added, &done, error);
    MUST((status == KITH_OK) == (done == count));
    if (done < count) {
        scene->dealt = (first + done) * EACH_EXPORT + added[done].end_offset;
        scene->dealt_line = added[done].end_line;
        for (uint64_t i = done + 1; i < count; i++)
            MUST(added[i].read == 0 && added[i].end_offset == 0);
    }
    for (unsigned i = 0; i < EXPORTS; i++)
        text_end(&texts[i]);
    return status;
}

static const struct scenario all[] = {
    {.name = "an export",
     .functions = "kith_engine_add_export",
     .leaves = IN_PART,
     .variants = DOCUMENT,
     .by_threads = true,
     .absorbs = true,
     .begin = begin_export,
     .call = add_export},
    {.name = "an export that is a document",
     .functions = "kith_engine_add_export",
     .leaves = GOES_ON,
     .by_threads = true,
     .absorbs = true,
     .begin = begin_document,
     .call = add_document,
     .result = add_reviewed},
    {.name = "several exports",
     .functions = "kith_engine_add_exports",
     .leaves = IN_PART,
     .by_threads = true,
     .absorbs = true,
     .begin = begin_exports,
     .call = add_exports},
};

const struct scenarios scenarios_of_exports = {all, sizeof all / sizeof *all};
