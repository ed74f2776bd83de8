/* SPDX-License-Identifier: MIT */
/* Policies, source descriptions, and exports that are looked at. */
#include "scene.h"

static const char policy_text[] =
    "; figures of our own\n[tier low]\n[tier \"middle one\"]\npromote_at = 10\nkeep_at = 5\n"
    "min_active_days = 2\n[tier high]\npromote_at = 40\nkeep_at = 30\nmin_supporters = 1\n"
    "[kind post]\ngives = content 10 cap 30\nreceives = community 1 cap 7 each 2\n"
    "[kind \"see you\"]\nleave = yes\n[members]\nleft_out = *-bot staff-*\n";

static const char source_text[] =
    "[source]\nformat = json\nrows = messages[]\ntimes = seconds\n[event]\ntime = at\nmember = who.name\n"
    "kind = what / who.bot ? 'bot'\nid = key\n[event heard]\ntime = at\nmember = to[]\nkind = what\n"
    "[kinds]\npost = post\nlike = like\nco* = comment\n[kinds heard]\n* = login\n"
    "[ignore]\nmember = *-bot\nkind = */bot no*\n[aliases]\nm01 = m02\nm03 = \"a rather long, quoted name 07\"\n";

/* ---- policies ---- */

static kith_policy_options policy_options(struct scene *scene)
{
    return (kith_policy_options){.size = sizeof(kith_policy_options), .allocator = scene->allocator};
}

static void no_policy(struct scene *scene)
{
    MUST(scene->policy == NULL);
}

static void text_add_policy(struct scene *scene, struct text *text)
{
    kith_error error = ERROR;
    must(kith_policy_write(scene->policy, text_take, text, &error), &error);
}

static kith_status new_policy(struct scene *scene, kith_error *error)
{
    kith_policy_options options = policy_options(scene);
    return kith_policy_new(&options, &scene->policy, error);
}

static kith_status parse_policy(struct scene *scene, kith_error *error)
{
    kith_policy_options options = policy_options(scene);
    return kith_policy_parse(kith_text_of(policy_text), "ours", &options, &scene->policy, error);
}

static void begin_policy_file(struct scene *scene)
{
    (void)scene;
    struct text text = {0};
    text_add(&text, "%s", policy_text);
    write_file("policy.ini", &text);
    text_end(&text);
}

static kith_status load_policy(struct scene *scene, kith_error *error)
{
    kith_policy_options options = policy_options(scene);
    return kith_policy_load("policy.ini", &options, &scene->policy, error);
}

static kith_status get_policy(struct scene *scene, kith_error *error)
{
    return kith_engine_get_policy(scene->engine, scene->allocator, &scene->other_policy, error);
}

static void no_other_policy(struct scene *scene)
{
    MUST(scene->other_policy == NULL);
}

/* ---- source descriptions ---- */

static kith_source_options source_options(struct scene *scene)
{
    return (kith_source_options){.size = sizeof(kith_source_options), .allocator = scene->allocator};
}

/* All that come with the library, and one that has a bit of everything. */
static const char *description(unsigned which)
{
    static kith_ready_source ready = {.size = sizeof ready};
    return which > 0 && kith_source_get_ready(which - 1, &ready, NULL) == KITH_OK ? ready.description : source_text;
}

static kith_status parse_source(struct scene *scene, kith_error *error)
{
    kith_source_options options = source_options(scene);
    return kith_source_parse(kith_text_of(description(scene->which)), "ours", &options, &scene->source, error);
}

static void begin_source_file(struct scene *scene)
{
    (void)scene;
    struct text text = {0};
    text_add(&text, "%s", source_text);
    write_file("source.ini", &text);
    text_end(&text);
}

static kith_status load_source(struct scene *scene, kith_error *error)
{
    kith_source_options options = source_options(scene);
    return kith_source_load("source.ini", &options, &scene->source, error);
}

static void no_source(struct scene *scene)
{
    MUST(scene->source == NULL);
}

/* What a description reads of a document says whether it is whole. */
static void text_add_source(struct scene *scene, struct text *text)
{
    kith_source_info info = {.size = sizeof info};
    kith_error error = ERROR;
    must(kith_source_get_info(scene->source, &info, &error), &error);
    text_add(text, "format %u\n", info.format);
    if (scene->which > 0)
        return;
    struct text document = {0};
    make_document(&document, 100);
    struct given given = {document.bytes, document.length, 0, 0};
    kith_export input = {.size = sizeof input, .read = given_read, .read_context = &given, .source = scene->source};
    struct scene other = {.threads = 1};
    begin_policy(&other);
    kith_engine_options options = options_of(&other, KITH_NAMED);
    must(kith_engine_new(other.policy, &options, &other.engine, &error), &error);
    must(kith_engine_add_export(other.engine, &input, NULL, &error), &error);
    text_add_reviewed(text, other.engine);
    kith_engine_free(other.engine);
    kith_policy_free(other.policy);
    text_end(&document);
}

/* A text with faults: that it has is said only if there was memory enough to be sure. */
static void count_fault(void *context, const kith_error *fault)
{
    struct scene *scene = context;
    scene->number++;
    MUST(fault->message[0] != '\0');
}

static kith_status parse_bad(struct scene *scene, kith_error *error)
{
    static const char bad[] =
        "[tier low]\n[tier high]\nkeep_at = 99\nno such key = 1\n[kind post]\ngives = nothing\n[nothing]\n";
    scene->number = 0;
    kith_status status;
    if (scene->which == 0) {
        kith_policy_options options = policy_options(scene);
        options.fault = count_fault;
        options.fault_context = scene;
        status = kith_policy_parse(kith_text_of(bad), NULL, &options, &scene->policy, error);
    } else {
        kith_source_options options = source_options(scene);
        options.fault = count_fault;
        options.fault_context = scene;
        status = kith_source_parse(kith_text_of(bad), NULL, &options, &scene->source, error);
    }
    MUST(status != KITH_OK);
    if (status == KITH_NO_MEMORY)
        return status;
    MUST(status == (scene->which == 0 ? KITH_BAD_POLICY : KITH_BAD_SOURCE));
    /* The one outcome that is not OK with all the memory in the world: the runner wants to see another. */
    memset(error, 0x77, sizeof *error);
    error->size = sizeof *error;
    return KITH_OK;
}

static void add_number(struct scene *scene, struct text *text)
{
    text_add(text, "%llu faults\n", (unsigned long long)scene->number);
}

/* ---- exports that are looked at ---- */

static kith_status new_inspection(struct scene *scene, kith_error *error)
{
    kith_inspection_options options = {.size = sizeof options, .allocator = scene->allocator};
    return kith_inspection_new(&options, &scene->inspection, error);
}

static void no_inspection(struct scene *scene)
{
    MUST(scene->inspection == NULL);
}

/* All that an inspection tells. */
static void text_add_inspection(struct scene *scene, struct text *text)
{
    const kith_inspection *inspection = scene->inspection;
    kith_inspection_info info = {.size = sizeof info};
    kith_error error = ERROR;
    must(kith_inspection_get_info(inspection, &info, &error), &error);
    text_add(text, "%u %u %u %llu rows %llu refused %llu bytes %llu members\n", info.format, info.exports, info.fields,
             (unsigned long long)info.rows, (unsigned long long)info.refused, (unsigned long long)info.bytes,
             (unsigned long long)info.members);
    for (uint32_t i = 0; i < info.fields; i++) {
        kith_inspected_field field = {.size = sizeof field};
        must(kith_inspection_get_field(inspection, i, &field, &error), &error);
        text_add(text, "%.*s: type %u there %llu of %llu distinct %llu field %u\n", (int)field.path.length,
                 field.path.data, field.type, (unsigned long long)field.there, (unsigned long long)field.of,
                 (unsigned long long)field.distinct, field.field);
    }
    for (uint32_t i = 0; i < info.kinds; i++) {
        kith_inspected_kind kind = {.size = sizeof kind};
        must(kith_inspection_get_kind(inspection, i, &kind, &error), &error);
        text_add(text, "%.*s: %llu\n", (int)kind.name.length, kind.name.data, (unsigned long long)kind.count);
    }
    for (uint32_t i = 0; i < info.fits; i++) {
        kith_inspected_fit fit = {.size = sizeof fit};
        must(kith_inspection_get_fit(inspection, i, &fit, &error), &error);
        text_add(text, "%u: %u of %u\n", fit.ready, fit.found, fit.wanted);
    }
    if (info.exports > 0)
        must(kith_inspection_write_source(inspection, text_take, text, &error), &error);
}

static void make_given(struct scene *scene, uint32_t rows)
{
    if (scene->which % 3 == 0)
        make_csv(&scene->given, rows);
    else if (scene->which % 3 == 1)
        make_ndjson(&scene->given, rows);
    else
        make_document(&scene->given, rows);
}

static kith_status inspect(struct scene *scene, kith_error *error)
{
    struct given given = {scene->given.bytes, scene->given.length, 0, 0};
    kith_export input = {.size = sizeof input, .read = given_read, .read_context = &given, .name = "given"};
    return kith_inspection_add(scene->inspection, &input, error);
}

static void begin_inspection(struct scene *scene)
{
    kith_error error = ERROR;
    must(new_inspection(scene, &error), &error);
    make_given(scene, 60);
    if (scene->which >= 3) /* on top of one that was looked at before */
        must(inspect(scene, &error), &error);
    text_end(&scene->text);
    text_add_inspection(scene, &scene->text);
}

/* What it tells is as it was. */
static void inspection_as_before(struct scene *scene)
{
    struct text now = {0};
    text_add_inspection(scene, &now);
    MUST(text_same(&now, &scene->text));
    text_end(&now);
}

/* Rows that had been looked at count when an export is added after it: nothing is said of how many those are. */
static void text_add_inspected(struct scene *scene, struct text *text)
{
    kith_inspection_info info = {.size = sizeof info};
    kith_error error = ERROR;
    must(kith_inspection_get_info(scene->inspection, &info, &error), &error);
    text_add(text, "%u fields %u kinds %u complete\n", info.fields, info.kinds, info.complete);
    MUST(info.exports == 1 + (scene->which >= 3));
}

static const struct scenario all[] = {
    {.name = "a default policy",
     .functions = "kith_policy_new",
     .call = new_policy,
     .failed = no_policy,
     .result = text_add_policy},
    {.name = "a policy's text",
     .functions = "kith_policy_parse",
     .call = parse_policy,
     .failed = no_policy,
     .result = text_add_policy},
    {.name = "a policy file",
     .functions = "kith_policy_load",
     .begin = begin_policy_file,
     .call = load_policy,
     .failed = no_policy,
     .result = text_add_policy},
    {.name = "an engine's policy",
     .functions = "kith_engine_get_policy",
     .leaves = UNCHANGED,
     .begin = begin_engine,
     .call = get_policy,
     .failed = no_other_policy},
    {.name = "a source description",
     .functions = "kith_source_parse",
     .variants = 8,
     .call = parse_source,
     .failed = no_source,
     .result = text_add_source},
    {.name = "a file of a source description",
     .functions = "kith_source_load",
     .begin = begin_source_file,
     .call = load_source,
     .failed = no_source,
     .result = text_add_source},
    {.name = "texts with faults",
     .functions = "kith_policy_parse kith_source_parse",
     .variants = 2,
     .call = parse_bad,
     .result = add_number},
    {.name = "an inspection",
     .functions = "kith_inspection_new",
     .call = new_inspection,
     .failed = no_inspection,
     .result = text_add_inspection},
    {.name = "an export that is looked at",
     .functions = "kith_inspection_add",
     .variants = 6,
     .begin = begin_inspection,
     .call = inspect,
     .failed = inspection_as_before,
     .result = text_add_inspected},
};

const struct scenarios scenarios_of_texts = {all, sizeof all / sizeof *all};
