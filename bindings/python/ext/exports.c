/* SPDX-License-Identifier: MIT */
/* Exports into an engine, several of them at once. */
#include <string.h>

#include "adding.h"

/* ---- files that are open ---- */

/* Bytes that read() gave, as read(2) has them. Below 0: an exception is set. */
static int64_t copy_bytes(PyObject *bytes, void *buffer, size_t capacity)
{
    char *data;
    Py_ssize_t length;
    if (!PyBytes_Check(bytes)) {
        PyErr_Format(PyExc_TypeError, "read() gave %R in place of bytes: the file is to be opened with \"rb\"",
                     (PyObject *)Py_TYPE(bytes));
        return -1;
    }
    if (PyBytes_AsStringAndSize(bytes, &data, &length) != 0)
        return -1;
    if ((size_t)length > capacity) {
        PyErr_Format(PyExc_ValueError, "read(%zu) gave %zd bytes", capacity, length);
        return -1;
    }
    memcpy(buffer, data, (size_t)length);
    return length;
}

int64_t ext_file_read(void *context, void *buffer, size_t capacity)
{
    const struct ext_file *file = context;
    PyGILState_STATE lock = PyGILState_Ensure();
    PyObject *bytes = PyObject_CallMethod(file->file, "read", "n", (Py_ssize_t)capacity);
    int64_t count = bytes ? copy_bytes(bytes, buffer, capacity) : -1;
    if (count < 0)
        ext_raised_keep(file->raised);
    Py_XDECREF(bytes);
    PyGILState_Release(lock);
    return count;
}

/* ---- an export ---- */

bool ext_export_open(PyObject *given, struct ext_raised *raised, struct ext_export *export)
{
    *export = (struct ext_export){.path = NULL};
    if (!PyObject_HasAttrString(given, "read"))
        return PyUnicode_FSConverter(given, &export->path) != 0;
    export->file = (struct ext_file){Py_NewRef(given), raised};
    return true;
}

void ext_export_close(struct ext_export *export)
{
    Py_XDECREF(export->path);
    Py_XDECREF(export->file.file);
}

void ext_export_set(struct ext_export *export, kith_export *input)
{
    if (export->path) {
        input->path = PyBytes_AsString(export->path);
        return;
    }
    input->read = ext_file_read;
    input->read_context = &export->file;
}

bool ext_source_read(const struct ext_state *state, PyObject *given, const kith_source **source)
{
    *source = NULL;
    if (given == Py_None)
        return true;
    if (Py_TYPE(given) != state->source_type) {
        PyErr_SetString(PyExc_TypeError, "expected a source, or None");
        return false;
    }
    *source = ((const struct ext_source *)given)->source;
    return true;
}

/* ---- several of them ---- */

/* One block for each of the three. */
struct exports {
    Py_ssize_t count; /* that are open */
    struct ext_export *opened;
    kith_export *inputs;
    kith_added *added;
};

static void close_exports(struct exports *exports)
{
    for (Py_ssize_t i = 0; i < exports->count; i++)
        ext_export_close(&exports->opened[i]);
    PyMem_Free(exports->opened);
    PyMem_Free(exports->inputs);
    PyMem_Free(exports->added);
}

/* Opens those of a tuple, all of which are read alike. False: an exception is set, and nothing is to be closed. */
static bool open_exports(PyObject *given, struct ext_raised *raised, const kith_export *alike, struct exports *exports)
{
    Py_ssize_t count = PyTuple_Size(given);
    *exports = (struct exports){
        .opened = PyMem_Calloc((size_t)count + 1, sizeof *exports->opened),
        .inputs = PyMem_Calloc((size_t)count + 1, sizeof *exports->inputs),
        .added = PyMem_Calloc((size_t)count + 1, sizeof *exports->added),
    };
    bool fine = exports->opened && exports->inputs && exports->added;
    if (!fine)
        PyErr_NoMemory();
    for (Py_ssize_t i = 0; i < count && fine; i++) {
        fine = ext_export_open(PyTuple_GetItem(given, i), raised, &exports->opened[i]);
        if (!fine)
            break;
        exports->count++;
        exports->inputs[i] = *alike;
        exports->added[i].size = sizeof *exports->added;
        ext_export_set(&exports->opened[i], &exports->inputs[i]);
    }
    if (!fine)
        close_exports(exports);
    return fine;
}

/* What became of all of them; where the last one that was begun ended. */
static kith_added sum_of(const struct exports *exports)
{
    kith_added sum = {.size = sizeof sum};
    for (Py_ssize_t i = 0; i < exports->count; i++) {
        const kith_added *added = &exports->added[i];
        sum.read += added->read;
        sum.taken += added->taken;
        sum.rejected += added->rejected;
        sum.skipped += added->skipped;
        sum.ignored += added->ignored;
        for (uint32_t reason = 0; reason < KITH_REASONS; reason++)
            sum.rejected_by_reason[reason] += added->rejected_by_reason[reason];
        if (added->end_offset > 0) {
            sum.end_offset = added->end_offset;
            sum.end_line = added->end_line;
        }
    }
    return sum;
}

PyObject *ext_engine_add_exports(PyObject *self, PyObject *args, PyObject *keywords)
{
    static char *keys[] = {"exports",  "columns", "name",    "delimiter", "rejects",
                           "progress", "source",  "max_row", "max_bytes", NULL};
    struct ext_engine *engine = (struct ext_engine *)self;
    PyObject *given, *given_rejects = Py_None, *progress = Py_None, *given_source = Py_None;
    struct ext_names names;
    int delimiter = 0;
    kith_export alike = {.size = sizeof alike};
    if (!PyArg_ParseTupleAndKeywords(args, keywords, "O!O&|zCOOOO&O&", keys, &PyTuple_Type, &given, ext_names_read,
                                     &names, &alike.name, &delimiter, &given_rejects, &progress, &given_source,
                                     ext_uint64, &alike.max_row, ext_uint64, &alike.max_bytes) ||
        !ext_source_read(engine->state, given_source, &alike.source))
        return NULL;
    alike.delimiter = (uint32_t)delimiter;
    alike.time = names.time;
    alike.member = names.member;
    alike.kind = names.kind;
    alike.target = names.target;
    alike.quantity = names.quantity;
    alike.event_id = names.id;
    struct exports exports;
    struct ext_rejects rejects;
    if (!ext_engine_begin(engine, progress))
        return NULL;
    if (!ext_rejects_open(engine->state, given_rejects, &rejects)) {
        ext_engine_end(engine);
        return NULL;
    }
    alike.reject = rejects.add;
    alike.reject_context = rejects.context;
    if (!open_exports(given, &engine->call.raised, &alike, &exports)) {
        ext_rejects_close(&rejects);
        ext_engine_end(engine);
        return NULL;
    }
    kith_error error = EXT_NO_ERROR;
    kith_status status;
    Py_BEGIN_ALLOW_THREADS
    status =
        kith_engine_add_exports(engine->engine, exports.inputs, (uint64_t)exports.count, exports.added, NULL, &error);
    Py_END_ALLOW_THREADS
    ext_rejects_close(&rejects);
    ext_engine_end(engine);
    kith_added sum = sum_of(&exports);
    close_exports(&exports);
    return ext_added_finish(engine, status, &error, &sum);
}
