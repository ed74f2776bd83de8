/* SPDX-License-Identifier: MIT */
/* Values of the C API as Python's, and back. */
#include <string.h>

#include "ext.h"

PyObject *ext_time(int64_t time)
{
    return time == KITH_NO_TIME ? Py_NewRef(Py_None) : PyLong_FromLongLong(time);
}

PyObject *ext_score(int64_t hundredths)
{
    return hundredths < 0 ? Py_NewRef(Py_None) : PyFloat_FromDouble((double)hundredths / 100.0);
}

PyObject *ext_text(kith_text text)
{
    return PyUnicode_DecodeUTF8(text.length > 0 ? text.data : "", (Py_ssize_t)text.length, "replace");
}

bool ext_text_of(PyObject *object, kith_text *text)
{
    Py_ssize_t length;
    const char *data = PyUnicode_AsUTF8AndSize(object, &length);
    if (!data)
        return false;
    *text = (kith_text){data, (uint64_t)length};
    return true;
}

int ext_uint64(PyObject *object, void *out)
{
    PyObject *index = PyNumber_Index(object);
    if (!index)
        return 0;
    *(uint64_t *)out = PyLong_AsUnsignedLongLong(index);
    Py_DECREF(index);
    return !PyErr_Occurred();
}

int ext_uint32(PyObject *object, void *out)
{
    uint64_t number;
    if (!ext_uint64(object, &number))
        return 0;
    if (number > UINT32_MAX) {
        PyErr_SetString(PyExc_OverflowError, "the number does not fit in 32 bits");
        return 0;
    }
    *(uint32_t *)out = (uint32_t)number;
    return 1;
}

bool ext_set(PyObject *dictionary, const char *key, PyObject *value)
{
    int failed = value ? PyDict_SetItemString(dictionary, key, value) : -1;
    Py_XDECREF(value);
    return failed == 0;
}

void *ext_alloc(PyTypeObject *type)
{
    allocfunc alloc = (allocfunc)PyType_GetSlot(type, Py_tp_alloc);
    return alloc(type, 0);
}

void ext_dealloc(PyObject *object)
{
    PyTypeObject *type = Py_TYPE(object);
    freefunc release = (freefunc)PyType_GetSlot(type, Py_tp_free);
    release(object);
    Py_DECREF(type);
}

int ext_bytes_add(void *context, const void *more, size_t size)
{
    struct ext_bytes *bytes = context;
    if (size > bytes->capacity - bytes->length) {
        size_t capacity = 2 * bytes->capacity > bytes->length + size ? 2 * bytes->capacity : bytes->length + size;
        char *data = realloc(bytes->data, capacity);
        bytes->failed = !data;
        if (!data)
            return 1;
        bytes->data = data;
        bytes->capacity = capacity;
    }
    memcpy(bytes->data + bytes->length, more, size);
    bytes->length += size;
    return 0;
}

static PyObject *object_of(const struct ext_bytes *bytes, bool is_text)
{
    /* Nothing may have come at all. */
    const char *data = bytes->data ? bytes->data : "";
    return is_text ? PyUnicode_DecodeUTF8(data, (Py_ssize_t)bytes->length, "strict")
                   : PyBytes_FromStringAndSize(data, (Py_ssize_t)bytes->length);
}

PyObject *ext_bytes_end(struct ext_bytes *bytes, bool is_text, const struct ext_state *state, kith_status status,
                        const kith_error *error)
{
    PyObject *made = NULL;
    if (bytes->failed)
        PyErr_NoMemory();
    else
        made = status == KITH_OK ? object_of(bytes, is_text) : ext_raise(state, status, error);
    free(bytes->data);
    return made;
}
