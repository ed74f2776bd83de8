/* SPDX-License-Identifier: MIT */
/*
 * Memory that fails, and the scenes in which it does: a scene makes what it needs, then one call of the library is made
 * with the n-th allocation failing. On the public headers alone, as an application is.
 */
#ifndef KITH_TESTS_FAULTS_SCENE_H
#define KITH_TESTS_FAULTS_SCENE_H

#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <kith/arrow.h>
#include <kith/kith.h>

/* ---- What must hold ---- */

/* Ends the program with the place, the scene and the point where it does not. Not a macro for speed: for __LINE__. */
#define MUST(holds) ((holds) ? (void)0 : scene_fail(__FILE__, __LINE__, #holds))
#define MUST_SAY(holds, words) ((holds) ? (void)0 : scene_fail(__FILE__, __LINE__, words))

_Noreturn void scene_fail(const char *file, int line, const char *what);

/* Said with what does not hold: which scene, which allocation. */
extern char scene_where[256];

/* ---- Memory ---- */

/*
 * An allocator that counts blocks and bytes. Fresh memory is filled with rubbish, what is freed too, and realloc()
 * always moves: so that what is read but not written, or held on to, shows without a sanitizer.
 */
struct memory {
    kith_allocator allocator;
    uint64_t calls;   /* of malloc and realloc since memory_arm() */
    uint64_t failed;  /* how many of them failed */
    uint64_t fail_at; /* the call that fails, from 1; 0 for none */
    bool lasting;     /* and all that follow */
    uint64_t blocks;  /* not freed */
    uint64_t bytes;   /* in them */
    pthread_mutex_t lock;
};

void memory_init(struct memory *memory);

/* From here on, the n-th call fails, counted from 1. */
void memory_arm(struct memory *memory, uint64_t n, bool lasting);
void memory_disarm(struct memory *memory);

/* ---- Text put together ---- */

struct text {
    char *bytes; /* NUL-terminated once something was added */
    size_t length;
    size_t capacity;
};

int text_take(void *text, const void *bytes, size_t length); /* a kith_write_fn */
void text_add(struct text *text, const char *format, ...) __attribute__((format(printf, 2, 3)));
void text_add_table(struct text *text, const kith_table *table);
void text_end(struct text *text);
bool text_same(const struct text *a, const struct text *b);

/* Bytes as a kith_read_fn gives them, some at a time. */
struct given {
    const char *bytes;
    size_t length;
    size_t at;
    size_t step;
};

int64_t given_read(void *given, void *buffer, size_t capacity);

/* ---- Scenes ---- */

enum { PEOPLE = 40, BEGUN_WEEKS = 10, REVIEWED_WEEKS = 5 };

/* Monday, 2 March 2026, 00:00 UTC. */
#define MONDAY INT64_C(1772409600)
#define DAY INT64_C(86400)
#define WEEK (7 * DAY)

struct scene {
    struct memory memory;
    const kith_allocator *allocator; /* that of memory; NULL where the scene is a twin without faults */
    unsigned threads;
    bool shares;           /* a snapshot is there while the call is made, so that what it shares has to be copied */
    uint64_t memory_limit; /* kith_engine_options::memory */
    unsigned which;        /* what a scenario that is there several times makes of it */

    kith_policy *policy;
    kith_policy *other_policy;
    kith_source *source;
    kith_inspection *inspection;
    kith_engine *engine;
    kith_engine *other_engine;
    kith_review *review;
    kith_table *table;
    kith_snapshot *snapshot;
    struct ArrowArrayStream stream;
    uint64_t ids[PEOPLE];
    struct text text;  /* what the call wrote */
    struct text given; /* what it reads */
    uint64_t number;   /* what it told */

    /* Of a call that may be done in part: where it begins and ends, and how far it came. */
    uint64_t from;
    uint64_t from_line;
    uint64_t to;
    uint64_t dealt;
    uint64_t dealt_line;
    uint64_t told; /* rejects, by callback */
    uint64_t told_number;
};

/* What a call that lacked memory leaves of the engine. */
enum leaves {
    NO_ENGINE, /* there is none, or the call makes it */
    UNCHANGED, /* as it was */
    IN_PART,   /* what the call says was dealt with, which `dealt` holds, and no more */
    GOES_ON    /* some of it: called again it comes to the same */
};

struct scenario {
    const char *name;
    const char *functions; /* that are tried, with a blank between */
    enum leaves leaves;
    unsigned variants;                  /* `which` goes from 0 to below this; 0 for one */
    bool by_threads;                    /* more than one makes a difference */
    bool absorbs;                       /* may do without memory, and succeed */
    bool large;                         /* takes so long that fewer points are tried */
    uint64_t limit;                     /* kith_engine_options::memory */
    void (*begin)(struct scene *scene); /* memory does not fail */
    kith_status (*call)(struct scene *scene, kith_error *error);
    void (*failed)(struct scene *scene);                    /* what a failed call must leave of its results; or NULL */
    void (*result)(struct scene *scene, struct text *text); /* what came of it, to be the same in every run; or NULL */
};

struct scenarios {
    const struct scenario *all;
    size_t count;
};

extern const struct scenarios scenarios_of_texts, scenarios_of_adding, scenarios_of_exports, scenarios_of_reviews,
    scenarios_of_members, scenarios_of_snapshots, scenarios_of_arrow;

/* How a stream's members are known, which needs no memory either. */
kith_status ask_stream(struct scene *scene, kith_error *error);

/* Functions that need no memory: each called once, with a memory that has none. */
extern const struct scenarios scenarios_of_rest;

/* ---- What scenes are made of ---- */

/* Frees all that a scene holds. */
void scene_free(struct scene *scene);

/* Fails where a call does. */
void must(kith_status status, const kith_error *error);
#define ERROR ((kith_error){.size = sizeof(kith_error)})

uint64_t chance(uint64_t *state);
uint32_t chance_below(uint64_t *state, uint32_t most);

/* The default policy in scene->policy. */
void begin_policy(struct scene *scene);

kith_engine_options options_of(const struct scene *scene, uint32_t members);

/* An engine that has taken events of ten weeks, with numbers and ids, and reviewed five of them. */
void begin_engine(struct scene *scene);
void begin_numbered(struct scene *scene);

/* The same without any review. */
void begin_unreviewed(struct scene *scene);

/* What an engine holds: its snapshot and what it tells. */
struct text state_of(kith_engine *engine);

/* An engine that holds what a state has, without faults. */
kith_engine *engine_of_state(const struct text *state, const struct scene *scene);

uint64_t id_of(const kith_engine *engine, const char *name);

/* A review of all that is there, and of some weeks behind it, as text; less the history, which is long. */
void text_add_reviewed(struct text *text, kith_engine *engine);

/* ---- An export ---- */

/* Rows of CSV, or of NDJSON or a JSON document; some are refused. */
void make_csv(struct text *text, uint32_t rows);
void make_ndjson(struct text *text, uint32_t rows);
void make_document(struct text *text, uint32_t rows);

/* A file of the folder for tests that were begun in, removed by nobody but the runner. */
void write_file(const char *name, const struct text *text);

#endif
