/* SPDX-License-Identifier: MIT */
/* What calls that add events have in common. */
#ifndef KITH_PYTHON_ADDING_H
#define KITH_PYTHON_ADDING_H

#include "ext.h"

/* Names of the columns that hold fields, NULL for the usual ones; they live as long as the dictionary. */
struct ext_names {
    const char *time;
    const char *member;
    const char *kind;
    const char *target;
    const char *quantity;
    const char *id;
};

/* A PyArg_ParseTuple() converter of a dictionary, to a struct ext_names. */
int ext_names_read(PyObject *columns, void *out);

/* Where refused rows go to: a table, or troubles; it is not to be read meanwhile. All are NULL where it is nobody. */
struct ext_rejects {
    kith_reject_fn add;
    void *context;
    bool *busy;
};

/* False: an exception is set. */
bool ext_rejects_open(const struct ext_state *state, PyObject *given, struct ext_rejects *rejects);
void ext_rejects_close(struct ext_rejects *rejects);

/* False where what is given is no _kith.Troubles. */
bool ext_troubles_take(PyObject *given, const struct ext_state *state, struct ext_rejects *rejects);

/*
 * What a call returned. What was dealt with before a failure counts: then the exception that is set gets it as an
 * attribute.
 */
PyObject *ext_added_finish(struct ext_engine *engine, kith_status status, const kith_error *error,
                           const kith_added *added);

/* ---- exports ---- */

/* What a file that is open gives, and where to keep what it raises. */
struct ext_file {
    PyObject *file;
    struct ext_raised *raised;
};

/* A kith_read_fn of an object with a method read(size) that gives bytes. It may be called on another thread. */
int64_t ext_file_read(void *context, void *buffer, size_t capacity);

/* An export as Python gives it: a path, or a file that is open. */
struct ext_export {
    PyObject *path; /* bytes; NULL where there is a file */
    struct ext_file file;
};

/* False: an exception is set, and nothing is to be closed. */
bool ext_export_open(PyObject *given, struct ext_raised *raised, struct ext_export *export);
void ext_export_close(struct ext_export *export);

/* Its path, or how it is read. */
void ext_export_set(struct ext_export *export, kith_export *input);

/* How the rows of an export are read, or NULL for None; it lives as long as what was given. False: an exception is set.
 */
bool ext_source_read(const struct ext_state *state, PyObject *given, const kith_source **source);

#endif
