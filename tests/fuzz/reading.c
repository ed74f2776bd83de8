/* SPDX-License-Identifier: MIT */
#include "reading.h"

#include <unistd.h>

#include "engine/engine.h"

/* Bits of `how`; the lowest three say how large the pieces are. */
enum { BY_FILE = 8, BY_THREADS = 16, STOPPED = 32, LIMITED = 64, RESTARTED = 128 };

struct way {
    uint32_t threads;
    size_t step;
    bool by_file;
    bool limited;
    uint64_t stop_at; /* the reject at which it stops, from 1; 0 for none */
};

struct listener {
    struct fuzz_outcome *outcome;
    uint64_t stop_at;
};

static int hear(void *context, const kith_reject *reject)
{
    struct listener *listener = context;
    struct fuzz_outcome *outcome = listener->outcome;
    MUST(reject->size == sizeof *reject);
    MUST(reject->reason > KITH_REASON_NONE && reject->reason < KITH_REASONS);
    fuzz_made_number(&outcome->rejects, reject->reason);
    fuzz_made_number(&outcome->rejects, reject->line);
    fuzz_made_number(&outcome->rejects, reject->at);
    fuzz_made_text(&outcome->rejects, reject->file);
    fuzz_made_text(&outcome->rejects, reject->column);
    fuzz_made_text(&outcome->rejects, reject->value);
    fuzz_made_text(&outcome->rejects, reject->row);
    fuzz_made_text(&outcome->rejects, reject->words);
    return ++outcome->told == listener->stop_at;
}

static int hear_header(void *context, const kith_text *columns, uint64_t count)
{
    struct listener *listener = context;
    for (uint64_t i = 0; i < count; i++)
        fuzz_made_text(&listener->outcome->rejects, columns[i]);
    return 0;
}

static void read_once(kith_engine *engine, const struct fuzz_export *input, const struct way *way, const char *path,
                      struct fuzz_outcome *outcome)
{
    struct fuzz_given given = {.text = input->text, .step = way->step};
    struct listener listener = {outcome, way->stop_at};
    const kith_export export = {
        .size = sizeof export,
        .delimiter = input->delimiter,
        .path = path,
        .read = path ? NULL : fuzz_read,
        .read_context = &given,
        .name = "export",
        .time = input->columns[0],
        .member = input->columns[1],
        .kind = input->columns[2],
        .target = input->columns[3],
        .quantity = input->columns[4],
        .event_id = input->columns[5],
        .reject = hear,
        .reject_context = &listener,
        .header = hear_header,
        .header_context = &listener,
        .begin_offset = outcome->added.end_offset,
        .begin_line = outcome->added.end_line,
        .source = input->source,
    };
    outcome->added = (kith_added){.size = sizeof outcome->added};
    outcome->error = NO_ERROR;
    outcome->status = kith_engine_add_export(engine, &export, &outcome->added, &outcome->error);
}

static kith_engine *engine_for(const struct fuzz_export *input, const struct way *way)
{
    kith_engine_options options = fuzz_options(KITH_NAMED, way->threads);
    options.memory = way->limited ? 1 << 20 : 0;
    kith_engine *engine = fuzz_engine(input->policy, &options);
    /* What threads read of a file is as small as what is read at a time otherwise. */
    if (way->step > 0)
        engine->piece_bytes = way->step;
    return engine;
}

/* Adds what was counted before. */
static void add_up(kith_added *sum, const kith_added *before)
{
    sum->read += before->read;
    sum->taken += before->taken;
    sum->rejected += before->rejected;
    sum->skipped += before->skipped;
    sum->ignored += before->ignored;
    for (unsigned i = 0; i < 16; i++)
        sum->rejected_by_reason[i] += before->rejected_by_reason[i];
}

static struct fuzz_outcome read_in(const struct fuzz_export *input, const struct way *way, kith_engine **engine)
{
    struct fuzz_outcome outcome = {.added.size = sizeof outcome.added};
    char path[32];
    int file = way->by_file ? fuzz_file(input->text, path) : -1;
    *engine = engine_for(input, way);
    read_once(*engine, input, way, way->by_file ? path : NULL, &outcome);
    if (outcome.status == KITH_CANCELLED) {
        MUST(outcome.told == way->stop_at);
        kith_added before = outcome.added;
        read_once(*engine, input, way, way->by_file ? path : NULL, &outcome);
        add_up(&outcome.added, &before);
    }
    if (file >= 0)
        close(file);
    outcome.bytes = fuzz_bytes_of(*engine, (kith_text){NULL, 0});
    return outcome;
}

struct fuzz_outcome fuzz_read_plainly(const struct fuzz_export *input)
{
    const struct way way = {.threads = 1};
    kith_engine *engine;
    struct fuzz_outcome outcome = read_in(input, &way, &engine);
    kith_engine_free(engine);
    fuzz_check_outcome(&outcome);
    return outcome;
}

void fuzz_outcome_free(struct fuzz_outcome *outcome)
{
    fuzz_made_free(&outcome->rejects);
    fuzz_made_free(&outcome->bytes);
}

void fuzz_check_outcome(const struct fuzz_outcome *outcome)
{
    const kith_added *added = &outcome->added;
    MUST(added->read == added->taken + added->rejected + added->skipped + added->ignored);
    uint64_t rejected = 0;
    for (unsigned i = 0; i < 16; i++)
        rejected += added->rejected_by_reason[i];
    MUST(rejected == added->rejected);
    MUST(added->rejected_by_reason[KITH_REASON_NONE] == 0);
    MUST(outcome->told == added->rejected);
    switch (outcome->status) {
    case KITH_OK:
        MUST(outcome->error.message[0] == '\0');
        return;
    case KITH_BAD_ARGUMENT:
    case KITH_BAD_SOURCE:
        MUST(added->read == 0);
        break;
    default:
        MUST(outcome->status == KITH_BAD_EXPORT);
    }
    MUST(outcome->error.status == outcome->status && outcome->error.message[0] != '\0');
}

static bool same_error(const kith_error *a, const kith_error *b)
{
    return a->status == b->status && a->reason == b->reason && a->line == b->line && a->column == b->column &&
           strcmp(a->file, b->file) == 0 && strcmp(a->field, b->field) == 0 && strcmp(a->value, b->value) == 0 &&
           strcmp(a->message, b->message) == 0;
}

void fuzz_same_outcome(const struct fuzz_outcome *a, const struct fuzz_outcome *b)
{
    MUST(a->status == b->status);
    MUST(same_error(&a->error, &b->error));
    MUST(memcmp(&a->added, &b->added, sizeof a->added) == 0);
    MUST(fuzz_same(&a->rejects, &b->rejects));
    MUST(fuzz_same(&a->bytes, &b->bytes));
}

/* A reject that asks to stop ends the call behind its row; the rows before and those behind it come to the same. */
static void same_when_stopped(const struct fuzz_outcome *a, const struct fuzz_outcome *b)
{
    MUST(a->status == b->status);
    MUST(same_error(&a->error, &b->error));
    MUST(memcmp(&a->added, &b->added, sizeof a->added) == 0);
    MUST(fuzz_same(&a->bytes, &b->bytes));
}

void fuzz_read_otherwise(const struct fuzz_export *input, const struct fuzz_outcome *plain, uint32_t how)
{
    static const size_t steps[] = {1, 2, 3, 7, 16, 61, 1000, 0};
    bool stopped = how & STOPPED && plain->told > 0 && !input->is_document;
    const struct way way = {
        .threads = how & BY_THREADS ? 2 : 1,
        .step = input->is_damaged ? 0 : steps[how & 7],
        .by_file = how & BY_FILE,
        .limited = how & LIMITED,
        .stop_at = stopped ? 1 + (how >> 8) % plain->told : 0,
    };
    kith_engine *engine;
    struct fuzz_outcome other = read_in(input, &way, &engine);
    if (stopped)
        same_when_stopped(&other, plain);
    else
        fuzz_same_outcome(&other, plain);
    fuzz_outcome_free(&other);
    if (how & RESTARTED) {
        kith_engine_options options = fuzz_options(KITH_NAMED, 1);
        engine = fuzz_restart(engine, &options);
    }
    kith_engine_free(engine);
}

bool fuzz_describe(struct fuzz_input *input, uint32_t format, struct fuzz_described *described)
{
    uint32_t which = fuzz_byte(input);
    kith_ready_source ready = {.size = sizeof ready};
    *described = (struct fuzz_described){.source = NULL};
    if (which >= 'a' && which <= 'z' && kith_source_get_ready(which - 'a', &ready, NULL) == KITH_OK) {
        MUST(kith_source_parse(kith_text_of(ready.description), NULL, NULL, &described->source, NULL) == KITH_OK);
        MUST(kith_policy_parse(kith_text_of(ready.policy), NULL, NULL, &described->policy, NULL) == KITH_OK);
    } else {
        kith_text head = fuzz_head(input);
        if (kith_source_parse(head, NULL, NULL, &described->source, NULL) != KITH_OK)
            return false;
        MUST(kith_policy_new(NULL, &described->policy, NULL) == KITH_OK);
    }
    kith_source_info info = {.size = sizeof info};
    MUST(kith_source_get_info(described->source, &info, NULL) == KITH_OK);
    described->format = info.format;
    if (info.format == format || info.format == KITH_FORMAT_ANY)
        return true;
    fuzz_described_free(described);
    return false;
}

void fuzz_described_free(struct fuzz_described *described)
{
    kith_source_free(described->source);
    kith_policy_free(described->policy);
}

char fuzz_first(kith_text text)
{
    size_t at = text.length >= 3 && memcmp(text.data, "\xEF\xBB\xBF", 3) == 0 ? 3 : 0;
    while (at < text.length && memchr(" \t\r\n", text.data[at], 4))
        at++;
    return at < text.length ? text.data[at] : '\0';
}

/* By the description, or else by the text, as docs/sources.md has it. */
static bool is_document(const struct fuzz_described *described, kith_text text)
{
    return described->format == KITH_FORMAT_ANY ? fuzz_first(text) == '[' : described->format == KITH_FORMAT_JSON;
}

int fuzz_read_described(const uint8_t *data, size_t size, uint32_t format)
{
    struct fuzz_input input = {data, size};
    struct fuzz_described described;
    uint32_t how = fuzz_byte(&input);
    if (!fuzz_describe(&input, format, &described))
        return -1;
    kith_text rest = fuzz_rest(&input);
    char *copy = fuzz_copy(rest);
    const struct fuzz_export export = {
        .policy = described.policy,
        .source = described.source,
        .text = {copy, rest.length},
        .is_document = is_document(&described, (kith_text){copy, rest.length}),
    };
    struct fuzz_outcome outcome = fuzz_read_plainly(&export);
    fuzz_read_otherwise(&export, &outcome, how | how << 8);
    fuzz_outcome_free(&outcome);
    free(copy);
    fuzz_described_free(&described);
    return 0;
}
