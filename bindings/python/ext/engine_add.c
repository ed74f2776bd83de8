/* SPDX-License-Identifier: MIT */
/* Events into an engine: of a stream, of an export, one. */
#include <string.h>

#include "ext.h"

/* ---- what became of them ---- */

static PyObject *reasons_of(const kith_added *added)
{
    PyObject *reasons = PyDict_New();
    for (uint32_t reason = 1; reasons && reason < KITH_REASONS; reason++)
        if (added->rejected_by_reason[reason] > 0 &&
            !ext_set(reasons, kith_reason_name(reason), PyLong_FromUnsignedLongLong(added->rejected_by_reason[reason])))
            Py_CLEAR(reasons);
    return reasons;
}

static PyObject *added_of(const kith_added *added)
{
    return Py_BuildValue("{s:K,s:K,s:K,s:K,s:N,s:K,s:K}", "read", (unsigned long long)added->read, "taken",
                         (unsigned long long)added->taken, "rejected", (unsigned long long)added->rejected, "skipped",
                         (unsigned long long)added->skipped, "reasons", reasons_of(added), "end_offset",
                         (unsigned long long)added->end_offset, "end_line", (unsigned long long)added->end_line);
}

/*
 * What a call returned. What was dealt with before a failure counts: then the exception that is set gets it as an
 * attribute.
 */
static PyObject *finish(const struct ext_engine *engine, kith_status status, const kith_error *error,
                        const kith_added *added)
{
    if (status == KITH_OK && !PyErr_Occurred())
        return added_of(added);
    (void)ext_raise(engine->state, status, error);
    PyObject *type, *value, *traceback;
    PyErr_Fetch(&type, &value, &traceback);
    PyErr_NormalizeException(&type, &value, &traceback);
    PyObject *counts = added_of(added);
    if (!value || !counts || PyObject_SetAttrString(value, "added", counts) != 0)
        PyErr_Clear();
    Py_XDECREF(counts);
    PyErr_Restore(type, value, traceback);
    return NULL;
}

/* ---- names of columns ---- */

/* The name that a dictionary gives a field's column, or NULL; it lives as long as the dictionary. */
static const char *column_of(PyObject *columns, const char *field)
{
    PyObject *name = PyDict_GetItemString(columns, field);
    return name && name != Py_None ? PyUnicode_AsUTF8AndSize(name, NULL) : NULL;
}

/* ---- rejects ---- */

/* The table that refused rows go to, or NULL for none; it is not to be read meanwhile. False: an exception is set. */
static bool open_rejects(const struct ext_engine *engine, PyObject *given, struct ext_table **rejects)
{
    *rejects = NULL;
    if (given == Py_None)
        return true;
    if (Py_TYPE(given) != engine->state->table_type) {
        PyErr_SetString(PyExc_TypeError, "expected a table of rejects, or None");
        return false;
    }
    struct ext_table *table = (struct ext_table *)given;
    if (table->busy) {
        PyErr_SetString(engine->state->busy_error, "the table is being filled");
        return false;
    }
    table->busy = true;
    *rejects = table;
    return true;
}

static void close_rejects(struct ext_table *rejects)
{
    if (rejects)
        rejects->busy = false;
}

/* ---- streams ---- */

PyObject *ext_engine_add_stream(PyObject *self, PyObject *args, PyObject *keywords)
{
    static char *names[] = {"stream", "columns", "name", "rejects", "progress", NULL};
    struct ext_engine *engine = (struct ext_engine *)self;
    PyObject *capsule, *columns, *given_rejects = Py_None, *progress = Py_None;
    const char *name = NULL;
    struct ArrowArrayStream stream;
    struct ext_table *rejects;
    if (!PyArg_ParseTupleAndKeywords(args, keywords, "OO!|zOO", names, &capsule, &PyDict_Type, &columns, &name,
                                     &given_rejects, &progress) ||
        !ext_engine_begin(engine, progress))
        return NULL;
    kith_added added = {.size = sizeof added};
    kith_error error = EXT_NO_ERROR;
    kith_status status = KITH_OK;
    if (open_rejects(engine, given_rejects, &rejects) && ext_stream_take(capsule, &stream)) {
        kith_arrow input = {
            .size = sizeof input,
            .stream = &stream,
            .name = name,
            .time = column_of(columns, "time"),
            .member = column_of(columns, "member"),
            .kind = column_of(columns, "kind"),
            .target = column_of(columns, "target"),
            .quantity = column_of(columns, "quantity"),
            .event_id = column_of(columns, "id"),
            .reject = rejects ? kith_rejects_add : NULL,
            .reject_context = rejects ? rejects->table : NULL,
        };
        Py_BEGIN_ALLOW_THREADS
        status = kith_engine_add_arrow(engine->engine, &input, &added, &error);
        Py_END_ALLOW_THREADS
    }
    close_rejects(rejects);
    ext_engine_end(engine);
    return finish(engine, status, &error, &added);
}

/* members_of(stream, columns): how an engine must know its members to take a stream, which is not used up. */
PyObject *ext_members_of(PyObject *module, PyObject *args)
{
    struct ext_state *state = PyModule_GetState(module);
    PyObject *capsule, *columns;
    if (!PyArg_ParseTuple(args, "OO!", &capsule, &PyDict_Type, &columns))
        return NULL;
    struct ArrowArrayStream *stream = PyCapsule_GetPointer(capsule, "arrow_array_stream");
    if (!stream)
        return NULL;
    kith_arrow input = {
        .size = sizeof input,
        .stream = stream,
        .time = column_of(columns, "time"),
        .member = column_of(columns, "member"),
        .kind = column_of(columns, "kind"),
        .target = column_of(columns, "target"),
        .quantity = column_of(columns, "quantity"),
        .event_id = column_of(columns, "id"),
    };
    if (PyErr_Occurred())
        return NULL;
    uint32_t members;
    kith_error error = EXT_NO_ERROR;
    kith_status status = kith_arrow_get_members(&input, &members, &error);
    return status == KITH_OK ? PyLong_FromUnsignedLong(members) : ext_raise(state, status, &error);
}

/* ---- exports ---- */

/* A kith_read_fn of an object with a method read(size), that gives bytes. */
static int64_t read_object(void *context, void *buffer, size_t capacity)
{
    PyGILState_STATE lock = PyGILState_Ensure();
    int64_t count = -1;
    PyObject *bytes = PyObject_CallMethod(context, "read", "n", (Py_ssize_t)capacity);
    char *data;
    Py_ssize_t length;
    if (bytes && !PyBytes_Check(bytes))
        PyErr_Format(PyExc_TypeError, "read() gave %R in place of bytes: the file is to be opened with \"rb\"",
                     (PyObject *)Py_TYPE(bytes));
    else if (bytes && PyBytes_AsStringAndSize(bytes, &data, &length) == 0 && (size_t)length <= capacity) {
        memcpy(buffer, data, (size_t)length);
        count = length;
    }
    Py_XDECREF(bytes);
    PyGILState_Release(lock);
    return count;
}

PyObject *ext_engine_add_export(PyObject *self, PyObject *args, PyObject *keywords)
{
    static char *names[] = {"source", "columns", "name", "delimiter", "rejects", "progress", NULL};
    struct ext_engine *engine = (struct ext_engine *)self;
    PyObject *source, *columns, *given_rejects = Py_None, *progress = Py_None, *path = NULL;
    const char *name = NULL;
    int delimiter = 0;
    if (!PyArg_ParseTupleAndKeywords(args, keywords, "OO!|zCOO", names, &source, &PyDict_Type, &columns, &name,
                                     &delimiter, &given_rejects, &progress))
        return NULL;
    bool reads = PyObject_HasAttrString(source, "read");
    if ((!reads && !PyUnicode_FSConverter(source, &path)) || !ext_engine_begin(engine, progress)) {
        Py_XDECREF(path);
        return NULL;
    }
    struct ext_table *rejects = NULL;
    kith_added added = {.size = sizeof added};
    kith_error error = EXT_NO_ERROR;
    kith_status status = KITH_OK;
    if (open_rejects(engine, given_rejects, &rejects)) {
        kith_export input = {
            .size = sizeof input,
            .delimiter = (uint32_t)delimiter,
            .path = reads ? NULL : PyBytes_AsString(path),
            .read = reads ? read_object : NULL,
            .read_context = source,
            .name = name,
            .time = column_of(columns, "time"),
            .member = column_of(columns, "member"),
            .kind = column_of(columns, "kind"),
            .target = column_of(columns, "target"),
            .quantity = column_of(columns, "quantity"),
            .event_id = column_of(columns, "id"),
            .reject = rejects ? kith_rejects_add : NULL,
            .reject_context = rejects ? rejects->table : NULL,
        };
        Py_BEGIN_ALLOW_THREADS
        status = kith_engine_add_export(engine->engine, &input, &added, &error);
        Py_END_ALLOW_THREADS
    }
    close_rejects(rejects);
    ext_engine_end(engine);
    Py_XDECREF(path);
    return finish(engine, status, &error, &added);
}

/* ---- one event ---- */

/* Whom an event names: None, a name or a number. False: an exception is set. */
static bool read_person(PyObject *given, uint64_t nobody, uint64_t *id, kith_text *name)
{
    *id = nobody;
    *name = (kith_text){NULL, 0};
    if (given == Py_None)
        return true;
    if (PyUnicode_Check(given))
        return ext_text_of(given, name);
    *id = PyLong_AsUnsignedLongLong(given);
    if (PyErr_Occurred())
        return false;
    if (*id != nobody)
        return true;
    PyErr_SetString(PyExc_OverflowError, "the largest number of 64 bits stands for nobody");
    return false;
}

static bool read_text(PyObject *given, kith_text *text)
{
    *text = (kith_text){NULL, 0};
    return given == Py_None || ext_text_of(given, text);
}

PyObject *ext_engine_add_event(PyObject *self, PyObject *args, PyObject *keywords)
{
    static char *names[] = {"kind", "time", "member", "target", "quantity", "event_id", "sequence", "source", NULL};
    struct ext_engine *engine = (struct ext_engine *)self;
    PyObject *member, *target = Py_None, *event_id = Py_None, *source = Py_None;
    unsigned int kind;
    long long time;
    unsigned long long quantity = 1, sequence = 0;
    kith_event event = {.size = sizeof event, .nobody = UINT64_MAX};
    if (!PyArg_ParseTupleAndKeywords(args, keywords, "ILO|OKOKO", names, &kind, &time, &member, &target, &quantity,
                                     &event_id, &sequence, &source) ||
        !read_person(member, event.nobody, &event.member, &event.member_name) ||
        !read_person(target, event.nobody, &event.target, &event.target_name) ||
        !read_text(event_id, &event.event_id) || !read_text(source, &event.source) ||
        !ext_engine_begin(engine, Py_None))
        return NULL;
    event.kind = kind;
    event.time = time;
    event.quantity = quantity <= UINT32_MAX ? (uint32_t)quantity : 0;
    event.sequence = sequence;
    kith_error error = EXT_NO_ERROR;
    kith_status status = kith_engine_add_event(engine->engine, &event, &error);
    ext_engine_end(engine);
    if (status != KITH_OK)
        return ext_raise(engine->state, status, &error);
    Py_RETURN_NONE;
}
