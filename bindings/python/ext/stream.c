/* SPDX-License-Identifier: MIT */
/*
 * Arrow streams in capsules, as the PyCapsule interface has them
 * (https://arrow.apache.org/docs/format/CDataInterface/PyCapsuleInterface.html): taken from whatever gives one, and put
 * together where several objects give a part each.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "ext.h"
#include "schema.h"

#define STREAM_NAME "arrow_array_stream"
#define SCHEMA_NAME "arrow_schema"
#define ARRAY_NAME "arrow_array"

/* ---- capsules ---- */

/* Releases a stream, if that has not been done. An exception may be set, which its callbacks must not meet. */
static void release_stream(struct ArrowArrayStream *stream)
{
    PyObject *type, *value, *traceback;
    PyErr_Fetch(&type, &value, &traceback);
    if (stream->release)
        stream->release(stream);
    stream->release = NULL;
    PyErr_Restore(type, value, traceback);
}

static void drop_stream(PyObject *capsule)
{
    struct ArrowArrayStream *stream = PyCapsule_GetPointer(capsule, STREAM_NAME);
    if (!stream)
        return;
    release_stream(stream);
    free(stream);
}

PyObject *ext_stream_capsule(struct ArrowArrayStream *stream)
{
    struct ArrowArrayStream *own = malloc(sizeof *own);
    PyObject *capsule = NULL;
    if (own) {
        *own = *stream;
        capsule = PyCapsule_New(own, STREAM_NAME, drop_stream);
    } else {
        PyErr_NoMemory();
    }
    if (capsule)
        return capsule;
    free(own);
    release_stream(stream);
    return NULL;
}

bool ext_stream_take(PyObject *capsule, struct ArrowArrayStream *stream)
{
    struct ArrowArrayStream *given = PyCapsule_GetPointer(capsule, STREAM_NAME);
    if (!given)
        return false;
    if (!given->release) {
        PyErr_SetString(PyExc_ValueError, "the Arrow stream has been used up");
        return false;
    }
    *stream = *given;
    given->release = NULL;
    return true;
}

/* ---- one array as a stream ---- */

struct single {
    struct ext_shared_schema *schema;
    struct ArrowArray array; /* released once it has been given */
};

static int single_schema(struct ArrowArrayStream *stream, struct ArrowSchema *out)
{
    const struct single *single = stream->private_data;
    ext_schema_lend(single->schema, out);
    return 0;
}

static int single_next(struct ArrowArrayStream *stream, struct ArrowArray *out)
{
    struct single *single = stream->private_data;
    *out = single->array;
    single->array.release = NULL;
    return 0;
}

static const char *no_error(struct ArrowArrayStream *stream)
{
    (void)stream;
    return NULL;
}

static void single_release(struct ArrowArrayStream *stream)
{
    struct single *single = stream->private_data;
    if (single->array.release)
        single->array.release(&single->array);
    ext_schema_drop(single->schema);
    free(single);
    stream->release = NULL;
}

bool ext_stream_of_array(struct ArrowSchema *schema, struct ArrowArray *array, struct ArrowArrayStream *stream)
{
    struct single *single = malloc(sizeof *single);
    struct ext_shared_schema *shared = ext_schema_share(schema);
    if (!single || !shared) {
        free(single);
        ext_schema_drop(shared);
        array->release(array);
        PyErr_NoMemory();
        return false;
    }
    *single = (struct single){shared, *array};
    *stream = (struct ArrowArrayStream){single_schema, single_next, no_error, single_release, single};
    return true;
}

/* Takes what is in the two capsules of __arrow_c_array__(). */
static bool take_array(PyObject *pair, struct ArrowArrayStream *stream)
{
    PyObject *schema_capsule, *array_capsule;
    if (!PyTuple_Check(pair)) {
        PyErr_SetString(PyExc_TypeError, "__arrow_c_array__() gave no pair of capsules");
        return false;
    }
    if (!PyArg_ParseTuple(pair, "OO", &schema_capsule, &array_capsule))
        return false;
    struct ArrowSchema *schema = PyCapsule_GetPointer(schema_capsule, SCHEMA_NAME);
    struct ArrowArray *array = schema ? PyCapsule_GetPointer(array_capsule, ARRAY_NAME) : NULL;
    if (!array)
        return false;
    if (!schema->release || !array->release) {
        PyErr_SetString(PyExc_ValueError, "the Arrow array has been used up");
        return false;
    }
    struct ArrowSchema own_schema = *schema;
    struct ArrowArray own_array = *array;
    schema->release = NULL;
    array->release = NULL;
    return ext_stream_of_array(&own_schema, &own_array, stream);
}

/* ---- whatever gives a stream ---- */

/* Calls a method without arguments that may not be there: NULL without an exception where it is not. */
static PyObject *call_if_there(PyObject *object, const char *name)
{
    PyObject *method = PyObject_GetAttrString(object, name);
    if (!method) {
        if (PyErr_ExceptionMatches(PyExc_AttributeError))
            PyErr_Clear();
        return NULL;
    }
    PyObject *result = PyObject_CallNoArgs(method);
    Py_DECREF(method);
    return result;
}

enum taken { TAKEN, GIVES_NONE, FAILED };

static enum taken take_from(PyObject *object, struct ArrowArrayStream *stream)
{
    if (PyCapsule_IsValid(object, STREAM_NAME))
        return ext_stream_take(object, stream) ? TAKEN : FAILED;
    /* A class has the methods of its objects, and gives nothing itself. */
    if (PyType_Check(object))
        return GIVES_NONE;
    PyObject *capsule = call_if_there(object, "__arrow_c_stream__");
    if (capsule) {
        bool taken = ext_stream_take(capsule, stream);
        Py_DECREF(capsule);
        return taken ? TAKEN : FAILED;
    }
    PyObject *pair = PyErr_Occurred() ? NULL : call_if_there(object, "__arrow_c_array__");
    if (pair) {
        bool taken = take_array(pair, stream);
        Py_DECREF(pair);
        return taken ? TAKEN : FAILED;
    }
    return PyErr_Occurred() ? FAILED : GIVES_NONE;
}

PyObject *ext_stream_of(PyObject *module, PyObject *object)
{
    (void)module;
    struct ArrowArrayStream stream;
    switch (take_from(object, &stream)) {
    case TAKEN:
        return ext_stream_capsule(&stream);
    case GIVES_NONE:
        Py_RETURN_NONE;
    default:
        return NULL;
    }
}

/* ---- several of them as one stream ---- */

struct chain {
    PyObject *iterator;               /* of the rest; the interpreter's lock is taken where it is asked */
    bool begun;                       /* the first part has been asked for, which tells the columns of all */
    struct ext_shared_schema *schema; /* of the first part, and so of all; NULL until it is asked for */
    struct ArrowArrayStream part;     /* the one at hand, or released */
    struct ext_raised *raised;        /* where to keep what the iterator raises; NULL for nowhere */
    char words[256];
};

static int begin_inner(struct ArrowArrayStream *part);

/* Goes on to the next part. 1 where there is one, 0 at the end, -1 for an exception. The lock is held. */
static int next_part(struct chain *chain)
{
    PyObject *object = PyIter_Next(chain->iterator);
    if (!object)
        return PyErr_Occurred() ? -1 : 0;
    enum taken taken = take_from(object, &chain->part);
    if (taken == GIVES_NONE)
        PyErr_Format(PyExc_TypeError, "expected batches with __arrow_c_array__ or __arrow_c_stream__, not %R",
                     (PyObject *)Py_TYPE(object));
    Py_DECREF(object);
    if (taken != TAKEN)
        return -1;
    ext_stream_keep_raised(&chain->part, chain->raised);
    return begin_inner(&chain->part);
}

/* There must be a first one. */
static int first_or_next_part(struct chain *chain)
{
    int there = next_part(chain);
    if (there == 0 && !chain->begun) {
        PyErr_SetString(PyExc_ValueError, "there are no batches, so that nothing tells which columns they would have");
        there = -1;
    }
    chain->begun = true;
    return there;
}

static void chain_release(struct ArrowArrayStream *stream);

/* Of a part that is such a chain, too, asks for the first part, as batches that hold themselves have none. */
static int begin_inner(struct ArrowArrayStream *part)
{
    if (part->release != chain_release)
        return 1;
    if (Py_EnterRecursiveCall(" in batches of batches") != 0)
        return -1;
    int there = first_or_next_part(part->private_data);
    Py_LeaveRecursiveCall();
    return there;
}

/* The same from a callback, which may be on any thread: an exception is kept. */
static int next_part_unlocked(struct chain *chain)
{
    PyGILState_STATE lock = PyGILState_Ensure();
    int there = first_or_next_part(chain);
    if (there < 0 && chain->raised)
        ext_raised_keep(chain->raised);
    else if (there < 0)
        PyErr_Clear();
    PyGILState_Release(lock);
    return there;
}

static int fail_part(struct chain *chain, const char *words, int number)
{
    snprintf(chain->words, sizeof chain->words, "%s", words ? words : "a batch cannot be read");
    return number;
}

/* What a function of the part at hand returned other than 0, in its own words if it has any. */
static int fail_as_part(struct chain *chain, int number)
{
    struct ArrowArrayStream *part = &chain->part;
    return fail_part(chain, part->get_last_error ? part->get_last_error(part) : NULL, number);
}

/* The schema of the part at hand. 0, or an errno: then there is nothing to be released. */
static int get_schema(struct chain *chain, struct ArrowSchema *schema)
{
    struct ArrowArrayStream *part = &chain->part;
    *schema = (struct ArrowSchema){.release = NULL};
    if (!part->release || !part->get_schema || !part->get_next)
        return fail_part(chain, "a batch is a stream that has been released, or is none", EINVAL);
    int number = part->get_schema(part, schema);
    if (number == 0)
        return schema->release ? 0 : fail_part(chain, "a batch has no schema", EINVAL);
    schema->release = NULL;
    return fail_as_part(chain, number);
}

/* A column as it is told: "column member of format u". */
static void tell_column(const struct ArrowSchema *schema, int64_t column, char *words, size_t room)
{
    const struct ArrowSchema *there = ext_schema_column(schema, column);
    if (!there)
        snprintf(words, room, "none");
    else
        snprintf(words, room, "%.40s of format %.20s", there->name ? there->name : "",
                 there->format ? there->format : "");
}

static void tell_difference(struct chain *chain, const struct ArrowSchema *schema, int64_t column)
{
    char own[80], first[80];
    tell_column(schema, column, own, sizeof own);
    tell_column(ext_schema_look(chain->schema), column, first, sizeof first);
    snprintf(chain->words, sizeof chain->words,
             "a batch has other columns, or of other types, than the first: as column %d, %s in place of %s",
             (int)column + 1, own, first);
}

/* Whether the part at hand has the columns of the first. 0, or an errno. */
static int check_part(struct chain *chain)
{
    struct ArrowSchema schema;
    int number = get_schema(chain, &schema);
    if (number != 0)
        return number;
    int64_t column = chain->schema ? ext_schema_differs(&schema, ext_schema_look(chain->schema)) : -1;
    if (column >= 0) {
        tell_difference(chain, &schema, column);
        number = EINVAL;
    }
    schema.release(&schema);
    return number;
}

static int chain_schema(struct ArrowArrayStream *stream, struct ArrowSchema *out)
{
    struct chain *chain = stream->private_data;
    if (!chain->begun && next_part_unlocked(chain) < 0)
        return fail_part(chain, "the iterator of batches raised", EIO);
    if (!chain->schema) {
        struct ArrowSchema first;
        int number = get_schema(chain, &first);
        if (number != 0)
            return number;
        chain->schema = ext_schema_share(&first);
        if (!chain->schema)
            return ENOMEM;
    }
    ext_schema_lend(chain->schema, out);
    return 0;
}

static int chain_next(struct ArrowArrayStream *stream, struct ArrowArray *out)
{
    struct chain *chain = stream->private_data;
    for (;;) {
        if (chain->part.release) {
            int number = chain->part.get_next(&chain->part, out);
            if (number != 0)
                return fail_as_part(chain, number);
            if (out->release)
                return 0;
            chain->part.release(&chain->part);
            chain->part.release = NULL;
        }
        int there = next_part_unlocked(chain);
        if (there <= 0)
            memset(out, 0, sizeof *out);
        if (there < 0)
            return fail_part(chain, "the iterator of batches raised", EIO);
        if (there == 0)
            return 0;
        int number = check_part(chain);
        if (number != 0)
            return number;
    }
}

static const char *chain_error(struct ArrowArrayStream *stream)
{
    const struct chain *chain = stream->private_data;
    return chain->words[0] ? chain->words : NULL;
}

/* An exception may be set, which the release of a part, or of what the iterator holds, must not meet. */
static void free_chain(struct chain *chain)
{
    PyObject *type, *value, *traceback;
    PyErr_Fetch(&type, &value, &traceback);
    release_stream(&chain->part);
    ext_schema_drop(chain->schema);
    Py_XDECREF(chain->iterator);
    free(chain);
    PyErr_Restore(type, value, traceback);
}

static void chain_release(struct ArrowArrayStream *stream)
{
    PyGILState_STATE lock = PyGILState_Ensure();
    free_chain(stream->private_data);
    PyGILState_Release(lock);
    stream->release = NULL;
}

void ext_stream_keep_raised(struct ArrowArrayStream *stream, struct ext_raised *raised)
{
    if (stream->release != chain_release)
        return;
    struct chain *chain = stream->private_data;
    chain->raised = raised;
    ext_stream_keep_raised(&chain->part, raised);
}

PyObject *ext_stream_of_batches(PyObject *module, PyObject *given)
{
    (void)module;
    struct chain *chain = calloc(1, sizeof *chain);
    if (!chain)
        return PyErr_NoMemory();
    chain->iterator = PyObject_GetIter(given);
    if (!chain->iterator) {
        free_chain(chain);
        return NULL;
    }
    struct ArrowArrayStream stream = {chain_schema, chain_next, chain_error, chain_release, chain};
    return ext_stream_capsule(&stream);
}
