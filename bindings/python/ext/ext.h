/* SPDX-License-Identifier: MIT */
/*
 * The extension module kith._kith: the C API with Python's objects in place of C's. It translates, and no more; what is
 * pleasant is written in Python above it. Limited API of Python 3.11.
 */
#ifndef KITH_PYTHON_EXT_H
#define KITH_PYTHON_EXT_H

#ifndef Py_LIMITED_API
#define Py_LIMITED_API 0x030b0000
#endif
#define PY_SSIZE_T_CLEAN
#include <Python.h>

#include <stdbool.h>
#include <stdlib.h>

#include <kith/arrow.h>

/* What the module holds. Types are not to be subclassed, so that their objects find it by their type. */
struct ext_state {
    PyTypeObject *policy_type;
    PyTypeObject *engine_type;
    PyTypeObject *review_type;
    PyTypeObject *table_type;
    PyTypeObject *snapshot_type;
    PyTypeObject *source_type;
    PyTypeObject *inspection_type;
    PyTypeObject *troubles_type;
    PyObject *errors; /* from a status to the class of its exception, set by the Python layer */
    PyObject *busy_error;
};

struct ext_state *ext_state_of(PyTypeObject *type);

/* ---- errors ---- */

/* An error to be handed to a call. */
#define EXT_NO_ERROR ((kith_error){.size = sizeof(kith_error)})

/*
 * Raises what a call returned. Where a callback of Python's has raised, that is what is raised. Returns NULL, so that a
 * method can return the call.
 */
PyObject *ext_raise(const struct ext_state *state, kith_status status, const kith_error *error);

/*
 * What a callback of Python's has raised, which may have been on another thread: kept until the call is over, as what
 * the library calls meanwhile must not meet an exception that is set. All three are NULL where there is none.
 */
struct ext_raised {
    PyObject *type;
    PyObject *value;
    PyObject *traceback;
};

/* Keeps the exception that is set, unless one is kept already: the first is why the call ends. */
void ext_raised_keep(struct ext_raised *raised);

/* Sets what was kept. False where nothing was. */
bool ext_raised_restore(struct ext_raised *raised);

/*
 * A call that may take long: one at a time of its object. It looks for signals, and asks progress, twenty times a
 * second.
 */
struct ext_call {
    bool busy;          /* under way, which may be in another thread */
    PyObject *progress; /* asked by it; NULL for nobody. Borrowed */
    struct ext_raised raised;
    int64_t next_look; /* when progress is asked next, in milliseconds */
};

/*
 * False where another call is under way: an exception is set. progress is called with (done, total), total being None
 * where it is not known; a false value or an exception stops.
 */
bool ext_call_begin(struct ext_call *call, const struct ext_state *state, PyObject *progress);
void ext_call_end(struct ext_call *call);

/* A kith_progress_fn of it. */
int ext_call_look(void *context, uint64_t done, uint64_t total);

/* Every fault of a text, in words, where an exception has room for one. */
struct ext_faults {
    PyObject *list; /* of str */
    bool failed;    /* for want of memory */
};

/* False: an exception is set. */
bool ext_faults_begin(struct ext_faults *faults);

/* A kith_fault_fn of them. */
void ext_faults_note(void *context, const kith_error *fault);

/* Gives them to the exception that is set, if there is one, as an attribute. */
void ext_faults_end(struct ext_faults *faults);

/* ---- types ---- */

struct ext_policy {
    PyObject_HEAD struct ext_state *state;
    kith_policy *policy;
};

struct ext_engine {
    PyObject_HEAD struct ext_state *state;
    kith_engine *engine;
    struct ext_call call;
    int64_t now;    /* of the engine's clock, or INT64_MIN for the system's */
    int64_t behind; /* seconds that the clock is behind that */
};

struct ext_review {
    PyObject_HEAD struct ext_state *state;
    kith_review *review;
};

struct ext_table {
    PyObject_HEAD struct ext_state *state;
    kith_table *table;
    bool fills; /* of rejects: calls add to it. All others stay as they are */
    bool busy;  /* being added to by a call that does not hold the interpreter's lock */
};

struct ext_snapshot {
    PyObject_HEAD struct ext_state *state;
    kith_snapshot *snapshot;
};

struct ext_source {
    PyObject_HEAD struct ext_state *state;
    kith_source *source;
};

extern PyType_Spec ext_policy_spec, ext_engine_spec, ext_review_spec, ext_table_spec, ext_snapshot_spec,
    ext_source_spec, ext_inspection_spec, ext_troubles_spec;

/* Objects around handles, which they take over, also where they cannot be made. */
PyObject *ext_policy_new(struct ext_state *state, kith_policy *policy);
PyObject *ext_engine_new(struct ext_state *state, kith_engine *engine);
PyObject *ext_review_new(struct ext_state *state, kith_review *review);
PyObject *ext_table_new(struct ext_state *state, kith_table *table);
PyObject *ext_snapshot_new(struct ext_state *state, kith_snapshot *snapshot);
PyObject *ext_source_new(struct ext_state *state, kith_source *source);

/* An empty object of a type, all fields but the head 0. */
void *ext_alloc(PyTypeObject *type);
void ext_dealloc(PyObject *object);

/* ---- engines ---- */

/* Begins a call that uses the engine, and may take long; as ext_call_begin(). */
bool ext_engine_begin(struct ext_engine *engine, PyObject *progress);
void ext_engine_end(struct ext_engine *engine);

PyObject *ext_engine_add_stream(PyObject *self, PyObject *args, PyObject *keywords);
PyObject *ext_engine_add_exports(PyObject *self, PyObject *args, PyObject *keywords);
PyObject *ext_engine_add_event(PyObject *self, PyObject *args, PyObject *keywords);
PyObject *ext_engine_explain(PyObject *self, PyObject *args);

/*
 * The id of a member who is given by name (str), or by number. The engine is nobody else's then. False: an exception is
 * set.
 */
bool ext_engine_find(struct ext_engine *engine, PyObject *member, uint64_t *id);

/* ---- sources ---- */

/* Functions of the module: those that come with the library, and which files of a folder are exports. */
PyObject *ext_ready_sources(PyObject *module, PyObject *nothing);
PyObject *ext_takes_file(PyObject *module, PyObject *args);

/* ---- values ---- */

/* None for KITH_NO_TIME. */
PyObject *ext_time(int64_t time);

/* Hundredths as a float; None where they are negative. */
PyObject *ext_score(int64_t hundredths);

PyObject *ext_text(kith_text text);

/* Text of a str, which it lives as long as; false where it is none, or has lone surrogates: an exception is set. */
bool ext_text_of(PyObject *object, kith_text *text);

/*
 * Converters of PyArg_ParseTuple() for whole numbers, NumPy's among them: what does not fit is an exception, where the
 * formats "K" and "I" cut it off.
 */
int ext_uint64(PyObject *object, void *out);
int ext_uint32(PyObject *object, void *out);

/* Puts a new reference into a dictionary, also NULL: then it is an exception. */
bool ext_set(PyObject *dictionary, const char *key, PyObject *value);

/* Bytes that are gathered, for which the interpreter's lock need not be held. */
struct ext_bytes {
    char *data;
    size_t length;
    size_t capacity;
    bool failed; /* for want of memory */
};

/* A kith_write_fn of them. */
int ext_bytes_add(void *context, const void *more, size_t size);

/* What came of gathering, as bytes or, where they are UTF-8, as str; frees what was gathered. NULL: an exception. */
PyObject *ext_bytes_end(struct ext_bytes *bytes, bool is_text, const struct ext_state *state, kith_status status,
                        const kith_error *error);

/* ---- Arrow ---- */

/* Takes the stream out of a capsule. False: an exception is set. */
bool ext_stream_take(PyObject *capsule, struct ArrowArrayStream *stream);

/* Whatever a stream's own callbacks of Python's raise is kept there from now on; a stream of others has none. */
void ext_stream_keep_raised(struct ArrowArrayStream *stream, struct ext_raised *raised);

/* A capsule around a stream, which is taken over; it is released where the capsule is not used. */
PyObject *ext_stream_capsule(struct ArrowArrayStream *stream);

/* Functions of the module that make capsules of streams. */
PyObject *ext_members_of(PyObject *module, PyObject *args);
PyObject *ext_stream_of(PyObject *module, PyObject *object);
PyObject *ext_stream_of_batches(PyObject *module, PyObject *given);
PyObject *ext_stream_of_columns(PyObject *module, PyObject *columns);

#endif
