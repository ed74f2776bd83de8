/* SPDX-License-Identifier: MIT */
/* Events into an engine: of a stream, or one; and what that has in common with exports. */
#include <string.h>

#include "adding.h"

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
    return Py_BuildValue("{s:K,s:K,s:K,s:K,s:K,s:N,s:K,s:K}", "read", (unsigned long long)added->read, "taken",
                         (unsigned long long)added->taken, "rejected", (unsigned long long)added->rejected, "skipped",
                         (unsigned long long)added->skipped, "ignored", (unsigned long long)added->ignored, "reasons",
                         reasons_of(added), "end_offset", (unsigned long long)added->end_offset, "end_line",
                         (unsigned long long)added->end_line);
}

PyObject *ext_added_finish(struct ext_engine *engine, kith_status status, const kith_error *error,
                           const kith_added *added)
{
    if (!ext_raised_restore(&engine->call.raised) && status == KITH_OK)
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

static bool read_name(PyObject *columns, const char *field, const char **out)
{
    Py_ssize_t length;
    PyObject *name = PyDict_GetItemString(columns, field);
    *out = NULL;
    if (!name || name == Py_None)
        return true;
    if (!PyUnicode_Check(name)) {
        PyErr_Format(PyExc_TypeError, "columns: the name of %s is to be str, not %R", field, (PyObject *)Py_TYPE(name));
        return false;
    }
    *out = PyUnicode_AsUTF8AndSize(name, &length);
    if (*out && strlen(*out) == (size_t)length)
        return true;
    if (*out)
        PyErr_Format(PyExc_ValueError, "columns: the name of %s holds a null character", field);
    return false;
}

int ext_names_read(PyObject *columns, void *out)
{
    struct ext_names *names = out;
    if (!PyDict_Check(columns)) {
        PyErr_SetString(PyExc_TypeError, "columns: expected a dictionary");
        return 0;
    }
    return read_name(columns, "time", &names->time) && read_name(columns, "member", &names->member) &&
           read_name(columns, "kind", &names->kind) && read_name(columns, "target", &names->target) &&
           read_name(columns, "quantity", &names->quantity) && read_name(columns, "id", &names->id);
}

/* ---- rejects ---- */

static bool take_table(PyObject *given, const struct ext_state *state, struct ext_rejects *rejects)
{
    if (Py_TYPE(given) != state->table_type)
        return false;
    struct ext_table *table = (struct ext_table *)given;
    *rejects = (struct ext_rejects){kith_rejects_add, table->table, &table->busy};
    return true;
}

bool ext_rejects_open(const struct ext_state *state, PyObject *given, struct ext_rejects *rejects)
{
    *rejects = (struct ext_rejects){NULL, NULL, NULL};
    if (given == Py_None)
        return true;
    if (!take_table(given, state, rejects) && !ext_troubles_take(given, state, rejects)) {
        PyErr_SetString(PyExc_TypeError, "expected a table of rejects, or None");
        return false;
    }
    if (*rejects->busy) {
        PyErr_SetString(state->busy_error, "the table is being filled");
        /* The mark is that of the call which fills it. */
        *rejects = (struct ext_rejects){NULL, NULL, NULL};
        return false;
    }
    *rejects->busy = true;
    return true;
}

void ext_rejects_close(struct ext_rejects *rejects)
{
    if (rejects->busy)
        *rejects->busy = false;
}

/* ---- streams ---- */

static kith_arrow input_of(struct ArrowArrayStream *stream, const struct ext_names *names)
{
    return (kith_arrow){
        .size = sizeof(kith_arrow),
        .stream = stream,
        .time = names->time,
        .member = names->member,
        .kind = names->kind,
        .target = names->target,
        .quantity = names->quantity,
        .event_id = names->id,
    };
}

PyObject *ext_engine_add_stream(PyObject *self, PyObject *args, PyObject *keywords)
{
    static char *keys[] = {"stream", "columns", "name", "rejects", "progress", NULL};
    struct ext_engine *engine = (struct ext_engine *)self;
    PyObject *capsule, *given_rejects = Py_None, *progress = Py_None;
    const char *name = NULL;
    struct ext_names names;
    struct ArrowArrayStream stream;
    struct ext_rejects rejects;
    if (!PyArg_ParseTupleAndKeywords(args, keywords, "OO&|zOO", keys, &capsule, ext_names_read, &names, &name,
                                     &given_rejects, &progress) ||
        !ext_engine_begin(engine, progress))
        return NULL;
    if (!ext_rejects_open(engine->state, given_rejects, &rejects) || !ext_stream_take(capsule, &stream)) {
        ext_rejects_close(&rejects);
        ext_engine_end(engine);
        return NULL;
    }
    kith_added added = {.size = sizeof added};
    kith_error error = EXT_NO_ERROR;
    kith_arrow input = input_of(&stream, &names);
    input.name = name;
    input.reject = rejects.add;
    input.reject_context = rejects.context;
    kith_status status;
    ext_stream_keep_raised(&stream, &engine->call.raised);
    Py_BEGIN_ALLOW_THREADS
    status = kith_engine_add_arrow(engine->engine, &input, &added, &error);
    Py_END_ALLOW_THREADS
    ext_rejects_close(&rejects);
    ext_engine_end(engine);
    return ext_added_finish(engine, status, &error, &added);
}

/* members_of(stream, columns, name): how an engine must know its members to take a stream, which is not used up. */
PyObject *ext_members_of(PyObject *module, PyObject *args)
{
    struct ext_state *state = PyModule_GetState(module);
    PyObject *capsule;
    struct ext_names names;
    const char *name = NULL;
    if (!PyArg_ParseTuple(args, "OO&|z", &capsule, ext_names_read, &names, &name))
        return NULL;
    struct ArrowArrayStream *stream = PyCapsule_GetPointer(capsule, "arrow_array_stream");
    if (!stream)
        return NULL;
    kith_arrow input = input_of(stream, &names);
    input.name = name;
    uint32_t members;
    kith_error error = EXT_NO_ERROR;
    struct ext_raised raised = {NULL, NULL, NULL};
    ext_stream_keep_raised(stream, &raised);
    kith_status status = kith_arrow_get_members(&input, &members, &error);
    ext_stream_keep_raised(stream, NULL);
    if (ext_raised_restore(&raised))
        return NULL;
    return status == KITH_OK ? PyLong_FromUnsignedLong(members) : ext_raise(state, status, &error);
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
    if (!ext_uint64(given, id))
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

/* A converter of a quantity: 0, which is none, for what does not fit. */
static int read_quantity(PyObject *given, void *out)
{
    int overflow;
    PyObject *index = PyNumber_Index(given);
    if (!index)
        return 0;
    long long number = PyLong_AsLongLongAndOverflow(index, &overflow);
    Py_DECREF(index);
    *(uint32_t *)out = overflow == 0 && number > 0 && number <= UINT32_MAX ? (uint32_t)number : 0;
    return 1;
}

PyObject *ext_engine_add_event(PyObject *self, PyObject *args, PyObject *keywords)
{
    static char *keys[] = {"kind", "time", "member", "target", "quantity", "event_id", "sequence", "source", NULL};
    struct ext_engine *engine = (struct ext_engine *)self;
    PyObject *member, *target = Py_None, *event_id = Py_None, *source = Py_None;
    long long time;
    kith_event event = {.size = sizeof event, .nobody = UINT64_MAX, .quantity = 1};
    if (!PyArg_ParseTupleAndKeywords(args, keywords, "O&LO|OO&OO&O", keys, ext_uint32, &event.kind, &time, &member,
                                     &target, read_quantity, &event.quantity, &event_id, ext_uint64, &event.sequence,
                                     &source) ||
        !read_person(member, event.nobody, &event.member, &event.member_name) ||
        !read_person(target, event.nobody, &event.target, &event.target_name) ||
        !read_text(event_id, &event.event_id) || !read_text(source, &event.source) ||
        !ext_engine_begin(engine, Py_None))
        return NULL;
    event.time = time;
    kith_error error = EXT_NO_ERROR;
    kith_status status = kith_engine_add_event(engine->engine, &event, &error);
    ext_engine_end(engine);
    if (status != KITH_OK)
        return ext_raise(engine->state, status, &error);
    Py_RETURN_NONE;
}
