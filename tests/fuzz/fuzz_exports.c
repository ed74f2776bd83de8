/* SPDX-License-Identifier: MIT */
/*
 * Several exports in one call, of texts with lines "---" between: the same as one after the other, by any number of
 * threads. The first byte says how.
 */
#include <unistd.h>

#include "engines.h"

enum { TEXTS_MOST = 6, BY_READ = 4, STOPPED = 8 };

struct outcome {
    kith_status status;
    uint64_t done;
    kith_added added[TEXTS_MOST];
    struct fuzz_made rejects;
    struct fuzz_made bytes;
    uint64_t stop_at;
    uint64_t told;
};

static int hear(void *context, const kith_reject *reject)
{
    struct outcome *outcome = context;
    fuzz_made_text(&outcome->rejects, reject->file);
    fuzz_made_number(&outcome->rejects, reject->line);
    fuzz_made_number(&outcome->rejects, reject->reason);
    fuzz_made_text(&outcome->rejects, reject->row);
    return ++outcome->told == outcome->stop_at;
}

static void read_together(kith_engine *engine, const kith_export *inputs, uint64_t count, struct outcome *outcome)
{
    for (size_t i = 0; i < count; i++)
        outcome->added[i].size = sizeof outcome->added[i];
    outcome->status = kith_engine_add_exports(engine, inputs, count, outcome->added, &outcome->done, NULL);
    MUST((outcome->status == KITH_OK) == (outcome->done == count));
}

/* Those behind one that failed are as if they were empty. */
static void read_in_turn(kith_engine *engine, const kith_export *inputs, uint64_t count, struct outcome *outcome)
{
    for (size_t i = 0; i < count; i++) {
        outcome->added[i].size = sizeof outcome->added[i];
        if (outcome->status != KITH_OK)
            continue;
        outcome->status = kith_engine_add_export(engine, &inputs[i], &outcome->added[i], NULL);
        outcome->done += outcome->status == KITH_OK;
    }
}

static struct outcome read_all(const kith_text *texts, uint64_t count, uint32_t how, bool together)
{
    struct outcome outcome = {.stop_at = how & STOPPED ? 1 + how / 16 : 0};
    struct fuzz_given given[TEXTS_MOST];
    kith_export inputs[TEXTS_MOST];
    char paths[TEXTS_MOST][32], names[TEXTS_MOST][16];
    int files[TEXTS_MOST];
    for (size_t i = 0; i < count; i++) {
        given[i] = (struct fuzz_given){.text = texts[i]};
        snprintf(names[i], sizeof names[i], "export %zu", i);
        files[i] = fuzz_file(texts[i], paths[i]);
        inputs[i] =
            (kith_export){.size = sizeof inputs[i], .name = names[i], .reject = hear, .reject_context = &outcome};
        if (how & BY_READ) {
            inputs[i].read = fuzz_read;
            inputs[i].read_context = &given[i];
        } else {
            inputs[i].path = paths[i];
        }
    }
    const kith_engine_options options = fuzz_options(KITH_NAMED, together ? 1 + how % 4 : 1);
    kith_engine *engine = fuzz_engine(fuzz_small(), &options);
    if (together)
        read_together(engine, inputs, count, &outcome);
    else
        read_in_turn(engine, inputs, count, &outcome);
    for (size_t i = 0; i < count; i++)
        close(files[i]);
    outcome.bytes = fuzz_bytes_of(engine, (kith_text){NULL, 0});
    kith_engine_free(engine);
    return outcome;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct fuzz_input input = {data, size};
    uint32_t how = fuzz_byte(&input);
    kith_text texts[TEXTS_MOST];
    uint64_t count = 0;
    while (count < TEXTS_MOST && input.left > 0)
        texts[count++] = fuzz_head(&input);
    struct outcome a = read_all(texts, count, how, true), b = read_all(texts, count, how, false);
    MUST(a.status == b.status && a.done == b.done && a.told == b.told);
    MUST(memcmp(a.added, b.added, sizeof a.added) == 0);
    MUST(fuzz_same(&a.rejects, &b.rejects));
    MUST(fuzz_same(&a.bytes, &b.bytes));
    fuzz_made_free(&a.rejects);
    fuzz_made_free(&a.bytes);
    fuzz_made_free(&b.rejects);
    fuzz_made_free(&b.bytes);
    return 0;
}
