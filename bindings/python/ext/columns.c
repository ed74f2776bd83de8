/* SPDX-License-Identifier: MIT */
/*
 * Columns of Python's as an Arrow stream: buffers as they lie, such as NumPy arrays; lists of str, int, float and None
 * written out.
 */
#include <string.h>

#include "ext.h"
#include "schema.h"

/* What an array keeps until it is released. */
struct kept {
    const void *buffers[3];
    void *own[3];
    Py_buffer view; /* of the object whose memory it is; obj is NULL where it is its own */
    int64_t count;
    struct ArrowArray *children;
    struct ArrowArray **pointers;
};

static void free_kept(struct kept *kept)
{
    for (unsigned i = 0; i < 3; i++)
        free(kept->own[i]);
    free(kept->children);
    free(kept->pointers);
    free(kept);
}

static void release(struct ArrowArray *array)
{
    struct kept *kept = array->private_data;
    for (int64_t i = 0; i < kept->count; i++)
        if (kept->children[i].release)
            kept->children[i].release(&kept->children[i]);
    if (kept->view.obj) {
        PyObject *type, *value, *traceback;
        PyGILState_STATE lock = PyGILState_Ensure();
        PyErr_Fetch(&type, &value, &traceback);
        PyBuffer_Release(&kept->view);
        PyErr_Restore(type, value, traceback);
        PyGILState_Release(lock);
    }
    free_kept(kept);
    array->release = NULL;
}

static bool begin_array(struct ArrowArray *array, int64_t length, int64_t buffers, int64_t children)
{
    struct kept *kept = calloc(1, sizeof *kept);
    if (!kept) {
        PyErr_NoMemory();
        return false;
    }
    kept->children = calloc((size_t)children + 1, sizeof *kept->children);
    kept->pointers = calloc((size_t)children + 1, sizeof *kept->pointers);
    if (!kept->children || !kept->pointers) {
        free_kept(kept);
        PyErr_NoMemory();
        return false;
    }
    kept->count = children;
    for (int64_t i = 0; i < children; i++)
        kept->pointers[i] = &kept->children[i];
    *array = (struct ArrowArray){
        .length = length,
        .n_buffers = buffers,
        .n_children = children,
        .buffers = kept->buffers,
        .children = kept->pointers,
        .release = release,
        .private_data = kept,
    };
    return true;
}

/* ---- buffers ---- */

/* Arrow's format of a buffer's items, or NULL. Sizes of C's types are those of the machine. */
static const char *format_of_items(const Py_buffer *view)
{
    const char *code = view->format ? view->format : "B";
    if (*code == '@' || *code == '=')
        code++;
    if (!*code || code[1])
        return NULL;
    if (strchr("fd", *code))
        return *code == 'f' ? "f" : "g";
    bool is_signed = strchr("bhilq", *code) != NULL;
    if (!is_signed && !strchr("BHILQ", *code))
        return NULL;
    switch (view->itemsize) {
    case 1:
        return is_signed ? "c" : "C";
    case 2:
        return is_signed ? "s" : "S";
    case 4:
        return is_signed ? "i" : "I";
    default:
        return is_signed ? "l" : "L";
    }
}

static bool fill_from_buffer(PyObject *values, const char *name, const char *format, struct ArrowSchema *schema,
                             struct ArrowArray *array)
{
    if (!begin_array(array, 0, 2, 0))
        return false;
    struct kept *kept = array->private_data;
    if (PyObject_GetBuffer(values, &kept->view, PyBUF_FORMAT | PyBUF_C_CONTIGUOUS) != 0) {
        kept->view.obj = NULL;
        release(array);
        return false;
    }
    const char *items = format_of_items(&kept->view);
    if (kept->view.ndim != 1 || !items) {
        PyErr_Format(PyExc_TypeError, "column %s: expected one dimension of whole numbers or floats", name);
        release(array);
        return false;
    }
    array->length = (int64_t)(kept->view.len / kept->view.itemsize);
    kept->buffers[1] = kept->view.buf;
    if (ext_schema_begin(schema, format ? format : items, name, 0, false))
        return true;
    PyErr_NoMemory();
    release(array);
    return false;
}

/* ---- lists ---- */

enum sort { ALL_NONE, TEXT, WHOLE, FLOAT };

static const char *sort_name(enum sort sort)
{
    return sort == TEXT ? "str" : sort == WHOLE ? "int" : "float";
}

static enum sort sort_of(PyObject *value)
{
    if (PyUnicode_Check(value))
        return TEXT;
    if (PyFloat_Check(value))
        return FLOAT;
    return PyLong_Check(value) && !PyBool_Check(value) ? WHOLE : ALL_NONE;
}

/* What a list holds beside None: one sort, but for whole numbers among floats. False: an exception is set. */
static bool find_sort(PyObject *list, const char *name, enum sort *sort)
{
    *sort = ALL_NONE;
    for (Py_ssize_t i = 0; i < PyList_Size(list); i++) {
        PyObject *value = PyList_GetItem(list, i);
        if (value == Py_None)
            continue;
        enum sort other = sort_of(value);
        bool numbers = *sort >= WHOLE && other >= WHOLE;
        if (other == ALL_NONE || (*sort != ALL_NONE && *sort != other && !numbers)) {
            PyErr_Format(PyExc_TypeError, "column %s, row %zd: expected %s or None, not %R", name, i + 1,
                         *sort == ALL_NONE ? "str, int, float" : sort_name(*sort), value);
            return false;
        }
        if (*sort != FLOAT)
            *sort = other;
    }
    return true;
}

/* Begins with room for validity, so many bytes a value, and a mark for each None. */
static bool begin_list(PyObject *list, int64_t buffers, size_t width, struct ArrowArray *array)
{
    Py_ssize_t count = PyList_Size(list);
    if (!begin_array(array, count, buffers, 0))
        return false;
    struct kept *kept = array->private_data;
    unsigned char *validity = kept->own[0] = calloc((size_t)count / 8 + 1, 1);
    kept->own[1] = calloc((size_t)count + 1, width);
    if (!validity || !kept->own[1]) {
        release(array);
        PyErr_NoMemory();
        return false;
    }
    for (Py_ssize_t i = 0; i < count; i++) {
        bool there = PyList_GetItem(list, i) != Py_None;
        validity[i / 8] |= (unsigned char)(there << i % 8);
        array->null_count += !there;
    }
    kept->buffers[0] = validity;
    kept->buffers[1] = kept->own[1];
    return true;
}

/* Says which row cannot be written as UTF-8, if that is what is wrong. */
static bool fail_text(const char *name, Py_ssize_t row)
{
    if (PyErr_ExceptionMatches(PyExc_UnicodeEncodeError)) {
        PyErr_Clear();
        PyErr_Format(PyExc_ValueError, "column %s, row %zd: the text has a surrogate alone, which is no letter", name,
                     row + 1);
    }
    return false;
}

static bool write_texts(PyObject *list, const char *name, struct ArrowArray *array)
{
    struct kept *kept = array->private_data;
    int64_t *offsets = kept->own[1];
    Py_ssize_t count = PyList_Size(list), length;
    for (Py_ssize_t i = 0; i < count; i++) {
        PyObject *value = PyList_GetItem(list, i);
        length = 0;
        if (value != Py_None && !PyUnicode_AsUTF8AndSize(value, &length))
            return fail_text(name, i);
        offsets[i + 1] = offsets[i] + length;
    }
    char *bytes = kept->own[2] = malloc((size_t)offsets[count] + 1);
    if (!bytes) {
        PyErr_NoMemory();
        return false;
    }
    for (Py_ssize_t i = 0; i < count; i++) {
        PyObject *value = PyList_GetItem(list, i);
        const char *text = value == Py_None ? NULL : PyUnicode_AsUTF8AndSize(value, &length);
        if (text && length > 0)
            memcpy(bytes + offsets[i], text, (size_t)length);
    }
    kept->buffers[2] = bytes;
    return true;
}

/* Whole numbers from the least of int64 to the largest of uint64, of which not both may be there. */
static bool write_numbers(PyObject *list, const char *name, struct ArrowArray *array, const char **format)
{
    struct kept *kept = array->private_data;
    uint64_t *numbers = kept->own[1];
    bool negative = false, large = false;
    for (Py_ssize_t i = 0; i < PyList_Size(list); i++) {
        PyObject *value = PyList_GetItem(list, i);
        int overflow = 0;
        long long number = value == Py_None ? 0 : PyLong_AsLongLongAndOverflow(value, &overflow);
        numbers[i] = (uint64_t)number;
        negative |= overflow == 0 && number < 0;
        if (overflow > 0) {
            numbers[i] = PyLong_AsUnsignedLongLong(value);
            large = true;
        }
        if (overflow < 0 || PyErr_Occurred() || (negative && large)) {
            PyErr_Format(PyExc_OverflowError, "column %s, row %zd: the number does not fit in 64 bits", name, i + 1);
            return false;
        }
    }
    *format = large ? "L" : "l";
    return true;
}

static bool write_floats(PyObject *list, struct ArrowArray *array)
{
    struct kept *kept = array->private_data;
    double *numbers = kept->own[1];
    for (Py_ssize_t i = 0; i < PyList_Size(list); i++) {
        PyObject *value = PyList_GetItem(list, i);
        numbers[i] = value == Py_None ? 0 : PyFloat_AsDouble(value);
        if (PyErr_Occurred())
            return false;
    }
    return true;
}

static bool write_list(PyObject *list, const char *name, enum sort sort, struct ArrowArray *array, const char **format)
{
    switch (sort) {
    case TEXT:
        *format = "U";
        return begin_list(list, 3, sizeof(int64_t), array) && write_texts(list, name, array);
    case WHOLE:
        return begin_list(list, 2, sizeof(int64_t), array) && write_numbers(list, name, array, format);
    case FLOAT:
        *format = "g";
        return begin_list(list, 2, sizeof(double), array) && write_floats(list, array);
    default:
        *format = "n";
        return begin_array(array, PyList_Size(list), 0, 0);
    }
}

static bool fill_from_list(PyObject *list, const char *name, const char *format, struct ArrowSchema *schema,
                           struct ArrowArray *array)
{
    enum sort sort;
    const char *own = NULL;
    array->release = NULL;
    if (!find_sort(list, name, &sort))
        return false;
    bool written = write_list(list, name, sort, array, &own);
    if (sort == ALL_NONE && written)
        array->null_count = array->length;
    /* A format that was asked for is one of times; of no values, there is nothing to be read by it. */
    if (written && ext_schema_begin(schema, format && sort == WHOLE ? format : own, name, 0, false))
        return true;
    if (written)
        PyErr_NoMemory();
    if (array->release)
        array->release(array);
    return false;
}

/* ---- all of them ---- */

static bool fill_column(PyObject *column, struct ArrowSchema *schema, struct ArrowArray *array)
{
    const char *name, *format;
    PyObject *values;
    if (!PyTuple_Check(column)) {
        PyErr_SetString(PyExc_TypeError, "expected columns of (name, values, format)");
        return false;
    }
    if (!PyArg_ParseTuple(column, "sOz", &name, &values, &format))
        return false;
    return PyList_Check(values) ? fill_from_list(values, name, format, schema, array)
                                : fill_from_buffer(values, name, format, schema, array);
}

static bool fill_columns(PyObject *columns, struct ArrowSchema *schema, struct ArrowArray *array)
{
    for (int64_t i = 0; i < array->n_children; i++) {
        struct ArrowArray *child = array->children[i];
        /* NULL where code of the buffers before has made the list shorter. */
        PyObject *column = PyList_GetItem(columns, (Py_ssize_t)i);
        if (!column || !fill_column(column, schema->children[i], child)) {
            child->release = NULL;
            return false;
        }
        if (i == 0)
            array->length = child->length;
        if (child->length == array->length)
            continue;
        PyErr_Format(PyExc_ValueError, "column %s has %lld rows, where %s has %lld", schema->children[i]->name,
                     (long long)child->length, schema->children[0]->name, (long long)array->length);
        return false;
    }
    return true;
}

PyObject *ext_stream_of_columns(PyObject *module, PyObject *columns)
{
    (void)module;
    if (!PyList_Check(columns)) {
        PyErr_SetString(PyExc_TypeError, "expected a list of columns");
        return NULL;
    }
    struct ArrowSchema schema;
    struct ArrowArray array;
    struct ArrowArrayStream stream;
    Py_ssize_t count = PyList_Size(columns);
    if (!ext_schema_begin(&schema, "+s", "", count, false))
        return PyErr_NoMemory();
    if (!begin_array(&array, 0, 1, count)) {
        schema.release(&schema);
        return NULL;
    }
    if (!fill_columns(columns, &schema, &array)) {
        array.release(&array);
        schema.release(&schema);
        return NULL;
    }
    return ext_stream_of_array(&schema, &array, &stream) ? ext_stream_capsule(&stream) : NULL;
}
