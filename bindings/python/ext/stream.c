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

static void drop_stream(PyObject *capsule)
{
    struct ArrowArrayStream *stream = PyCapsule_GetPointer(capsule, STREAM_NAME);
    if (!stream)
        return;
    if (stream->release)
        stream->release(stream);
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
    stream->release(stream);
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
    struct ArrowSchema schema;
    struct ArrowArray array; /* released once it has been given */
};

static int single_schema(struct ArrowArrayStream *stream, struct ArrowSchema *out)
{
    const struct single *single = stream->private_data;
    return ext_schema_copy(&single->schema, out) ? 0 : ENOMEM;
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
    if (single->schema.release)
        single->schema.release(&single->schema);
    free(single);
    stream->release = NULL;
}

bool ext_stream_of_array(struct ArrowSchema *schema, struct ArrowArray *array, struct ArrowArrayStream *stream)
{
    struct single *single = malloc(sizeof *single);
    if (!single) {
        array->release(array);
        schema->release(schema);
        PyErr_NoMemory();
        return false;
    }
    *single = (struct single){*schema, *array};
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
    PyObject *iterator; /* of the rest; its lock is taken where it is asked */
    struct ArrowSchema schema;
    struct ArrowArrayStream part; /* the one at hand, or released */
    char words[160];
};

/* Goes on to the next part. 1 where there is one, 0 at the end, -1 for a fault. The interpreter's lock is held. */
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
    return taken == TAKEN ? 1 : -1;
}

static int fail_part(struct chain *chain, const char *words, int number)
{
    snprintf(chain->words, sizeof chain->words, "%s", words ? words : "a batch cannot be read");
    return number;
}

/* Whether the part at hand has the columns of the first. 0, or an errno. */
static int check_part(struct chain *chain)
{
    struct ArrowSchema schema;
    int number = chain->part.get_schema(&chain->part, &schema);
    if (number != 0)
        return fail_part(chain, chain->part.get_last_error(&chain->part), number);
    bool same = ext_schema_equal(&schema, &chain->schema);
    schema.release(&schema);
    return same ? 0 : fail_part(chain, "a batch has other columns, or of other types, than the first", EINVAL);
}

static int chain_schema(struct ArrowArrayStream *stream, struct ArrowSchema *out)
{
    const struct chain *chain = stream->private_data;
    return ext_schema_copy(&chain->schema, out) ? 0 : ENOMEM;
}

static int chain_next(struct ArrowArrayStream *stream, struct ArrowArray *out)
{
    struct chain *chain = stream->private_data;
    for (;;) {
        if (chain->part.release) {
            int number = chain->part.get_next(&chain->part, out);
            if (number != 0)
                return fail_part(chain, chain->part.get_last_error(&chain->part), number);
            if (out->release)
                return 0;
            chain->part.release(&chain->part);
            chain->part.release = NULL;
        }
        PyGILState_STATE lock = PyGILState_Ensure();
        int there = next_part(chain);
        PyGILState_Release(lock);
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

static void free_chain(struct chain *chain)
{
    if (chain->part.release)
        chain->part.release(&chain->part);
    if (chain->schema.release)
        chain->schema.release(&chain->schema);
    Py_XDECREF(chain->iterator);
    free(chain);
}

static void chain_release(struct ArrowArrayStream *stream)
{
    PyGILState_STATE lock = PyGILState_Ensure();
    free_chain(stream->private_data);
    PyGILState_Release(lock);
    stream->release = NULL;
}

/* The first part tells the columns of all. False: an exception is set. */
static bool begin_chain(struct chain *chain)
{
    int there = next_part(chain);
    if (there == 0)
        PyErr_SetString(PyExc_ValueError, "there are no batches, so that nothing tells which columns they would have");
    if (there <= 0)
        return false;
    int number = chain->part.get_schema(&chain->part, &chain->schema);
    if (number == 0)
        return true;
    chain->schema.release = NULL;
    const char *words = chain->part.get_last_error(&chain->part);
    if (!PyErr_Occurred())
        PyErr_SetString(PyExc_OSError, words ? words : strerror(number));
    return false;
}

PyObject *ext_stream_of_batches(PyObject *module, PyObject *given)
{
    (void)module;
    struct chain *chain = calloc(1, sizeof *chain);
    if (!chain)
        return PyErr_NoMemory();
    chain->iterator = PyObject_GetIter(given);
    if (!chain->iterator || !begin_chain(chain)) {
        free_chain(chain);
        return NULL;
    }
    struct ArrowArrayStream stream = {chain_schema, chain_next, chain_error, chain_release, chain};
    return ext_stream_capsule(&stream);
}
