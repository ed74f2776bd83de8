/* SPDX-License-Identifier: MIT */
/* _kith.Inspection: what exports look like that nobody has described yet. */
#include "adding.h"

struct inspection {
    PyObject_HEAD struct ext_state *state;
    kith_inspection *inspection;
    struct ext_call call;
};

/* ---- making and freeing ---- */

/* Inspection(bytes): how many of each export's text are looked at. */
static PyObject *make(PyTypeObject *type, PyObject *args, PyObject *keywords)
{
    static char *names[] = {"", NULL};
    uint64_t bytes = 0;
    if (!PyArg_ParseTupleAndKeywords(args, keywords, "|O&", names, ext_uint64, &bytes))
        return NULL;
    struct inspection *made = ext_alloc(type);
    if (!made)
        return NULL;
    made->state = ext_state_of(type);
    kith_inspection_options options = {
        .size = sizeof options,
        .bytes = bytes,
        .progress = ext_call_look,
        .progress_context = &made->call,
    };
    kith_error error = EXT_NO_ERROR;
    kith_status status = kith_inspection_new(&options, &made->inspection, &error);
    if (status == KITH_OK)
        return (PyObject *)made;
    PyObject *raised = ext_raise(made->state, status, &error);
    Py_DECREF((PyObject *)made);
    return raised;
}

static void dealloc(PyObject *self)
{
    kith_inspection_free(((struct inspection *)self)->inspection);
    ext_dealloc(self);
}

/* While nobody uses it; NULL with an exception otherwise. */
static struct inspection *idle(PyObject *self)
{
    struct inspection *inspection = (struct inspection *)self;
    if (!ext_call_begin(&inspection->call, inspection->state, Py_None))
        return NULL;
    ext_call_end(&inspection->call);
    return inspection;
}

/* ---- looking ---- */

/* add(export, name, source, progress) */
static PyObject *add(PyObject *self, PyObject *args, PyObject *keywords)
{
    static char *names[] = {"export", "name", "source", "progress", NULL};
    struct inspection *inspection = (struct inspection *)self;
    PyObject *given, *source = Py_None, *progress = Py_None;
    kith_export input = {.size = sizeof input};
    if (!PyArg_ParseTupleAndKeywords(args, keywords, "O|zOO", names, &given, &input.name, &source, &progress) ||
        !ext_source_read(inspection->state, source, &input.source) ||
        !ext_call_begin(&inspection->call, inspection->state, progress))
        return NULL;
    struct ext_export export;
    if (!ext_export_open(given, &inspection->call.raised, &export)) {
        ext_call_end(&inspection->call);
        return NULL;
    }
    ext_export_set(&export, &input);
    kith_error error = EXT_NO_ERROR;
    kith_status status;
    Py_BEGIN_ALLOW_THREADS
    status = kith_inspection_add(inspection->inspection, &input, &error);
    Py_END_ALLOW_THREADS
    ext_call_end(&inspection->call);
    ext_export_close(&export);
    if (ext_raised_restore(&inspection->call.raised))
        return NULL;
    if (status != KITH_OK)
        return ext_raise(inspection->state, status, &error);
    Py_RETURN_NONE;
}

/* ---- what was found ---- */

/* Bytes that are no UTF-8 are kept, for the Python layer to make fit to be shown. */
static PyObject *text_of(kith_text text)
{
    return PyUnicode_DecodeUTF8(text.length > 0 ? text.data : "", (Py_ssize_t)text.length, "surrogateescape");
}

static PyObject *count_of(uint64_t count)
{
    return PyLong_FromUnsignedLongLong(count);
}

static PyObject *raise_or_keep(PyObject *made, bool set)
{
    if (set)
        return made;
    Py_XDECREF(made);
    return NULL;
}

static PyObject *dictionary_of_info(const kith_inspection_info *info)
{
    PyObject *made = PyDict_New();
    bool set =
        made && ext_set(made, "format", count_of(info->format)) &&
        ext_set(made, "delimiter", count_of(info->delimiter)) && ext_set(made, "gzip", PyBool_FromLong(info->gzip)) &&
        ext_set(made, "whole", PyBool_FromLong(info->whole)) &&
        ext_set(made, "headless", PyBool_FromLong(info->headless)) &&
        ext_set(made, "complete", PyBool_FromLong(info->complete)) &&
        ext_set(made, "about", PyBool_FromLong(info->about)) && ext_set(made, "rows", count_of(info->rows)) &&
        ext_set(made, "refused", count_of(info->refused)) && ext_set(made, "bytes", count_of(info->bytes)) &&
        ext_set(made, "bytes_total", count_of(info->bytes_total)) &&
        ext_set(made, "members", count_of(info->members)) && ext_set(made, "first_time", ext_time(info->first_time)) &&
        ext_set(made, "last_time", ext_time(info->last_time)) && ext_set(made, "rows_path", text_of(info->rows_path)) &&
        ext_set(made, "one_kind", text_of(info->one_kind)) && ext_set(made, "other_times", text_of(info->other_times));
    return raise_or_keep(made, set);
}

static PyObject *examples_of(const kith_inspected_field *field)
{
    PyObject *list = PyList_New(0);
    for (uint32_t i = 0; list && i < field->example_count; i++) {
        PyObject *text = text_of(field->examples[i]);
        if (!text || PyList_Append(list, text) != 0)
            Py_CLEAR(list);
        Py_XDECREF(text);
    }
    return list;
}

static PyObject *dictionary_of_field(const kith_inspected_field *field)
{
    PyObject *made = PyDict_New();
    bool set = made && ext_set(made, "path", text_of(field->path)) && ext_set(made, "type", count_of(field->type)) &&
               ext_set(made, "times", text_of(field->times)) && ext_set(made, "there", count_of(field->there)) &&
               ext_set(made, "of", count_of(field->of)) && ext_set(made, "distinct", count_of(field->distinct)) &&
               ext_set(made, "about", PyBool_FromLong(field->about)) &&
               ext_set(made, "field", count_of(field->field)) && ext_set(made, "why", text_of(field->why)) &&
               ext_set(made, "documents", PyBool_FromLong(field->documents)) &&
               ext_set(made, "examples", examples_of(field));
    return raise_or_keep(made, set);
}

static PyObject *field_at(const kith_inspection *inspection, uint32_t index)
{
    kith_inspected_field field = {.size = sizeof field};
    return kith_inspection_get_field(inspection, index, &field, NULL) == KITH_OK ? dictionary_of_field(&field)
                                                                                 : Py_NewRef(Py_None);
}

static PyObject *kind_at(const kith_inspection *inspection, uint32_t index)
{
    kith_inspected_kind kind = {.size = sizeof kind};
    if (kith_inspection_get_kind(inspection, index, &kind, NULL) != KITH_OK)
        return Py_NewRef(Py_None);
    return Py_BuildValue("(NKN)", text_of(kind.name), (unsigned long long)kind.count, text_of(kind.kind));
}

static PyObject *fit_at(const kith_inspection *inspection, uint32_t index)
{
    kith_inspected_fit fit = {.size = sizeof fit};
    if (kith_inspection_get_fit(inspection, index, &fit, NULL) != KITH_OK)
        return Py_NewRef(Py_None);
    return Py_BuildValue("(IIIN)", fit.ready, fit.wanted, fit.found, PyBool_FromLong(fit.fits));
}

/* A list of what there is at each index, up to the first at which there is nothing. */
static PyObject *all_of(PyObject *self, PyObject *(*at)(const kith_inspection *inspection, uint32_t index))
{
    const struct inspection *inspection = idle(self);
    PyObject *list = inspection ? PyList_New(0) : NULL;
    for (uint32_t i = 0; list; i++) {
        PyObject *made = at(inspection->inspection, i);
        bool ended = made == Py_None;
        if (!made || (!ended && PyList_Append(list, made) != 0))
            Py_CLEAR(list);
        Py_XDECREF(made);
        if (ended)
            break;
    }
    return list;
}

static PyObject *get_info(PyObject *self, PyObject *nothing)
{
    (void)nothing;
    const struct inspection *inspection = idle(self);
    if (!inspection)
        return NULL;
    kith_inspection_info info = {.size = sizeof info};
    kith_error error = EXT_NO_ERROR;
    kith_status status = kith_inspection_get_info(inspection->inspection, &info, &error);
    return status == KITH_OK ? dictionary_of_info(&info) : ext_raise(inspection->state, status, &error);
}

static PyObject *get_fields(PyObject *self, PyObject *nothing)
{
    (void)nothing;
    return all_of(self, field_at);
}

static PyObject *get_kinds(PyObject *self, PyObject *nothing)
{
    (void)nothing;
    return all_of(self, kind_at);
}

static PyObject *get_fits(PyObject *self, PyObject *nothing)
{
    (void)nothing;
    return all_of(self, fit_at);
}

static PyObject *get_source(PyObject *self, PyObject *nothing)
{
    (void)nothing;
    const struct inspection *inspection = idle(self);
    if (!inspection)
        return NULL;
    struct ext_bytes bytes = {.data = NULL};
    kith_error error = EXT_NO_ERROR;
    kith_status status = kith_inspection_write_source(inspection->inspection, ext_bytes_add, &bytes, &error);
    return ext_bytes_end(&bytes, false, inspection->state, status, &error);
}

static PyMethodDef methods[] = {
    {"add", (PyCFunction)(void (*)(void))add, METH_VARARGS | METH_KEYWORDS,
     "add($self, /, export, name=None, source=None, progress=None)\n--\n\nLooks at an export."},
    {"info", get_info, METH_NOARGS, "info($self, /)\n--\n\nWhat the exports are as a whole."},
    {"fields", get_fields, METH_NOARGS, "fields($self, /)\n--\n\nTheir fields, a dictionary each."},
    {"kinds", get_kinds, METH_NOARGS, "kinds($self, /)\n--\n\nTheir kinds: name, rows, and the policy's kind."},
    {"fits", get_fits, METH_NOARGS,
     "fits($self, /)\n--\n\nReady descriptions, by number: paths, how many are there, and whether it has all it "
     "needs."},
    {"source", get_source, METH_NOARGS, "source($self, /)\n--\n\nThe text of a description that may fit."},
    {NULL, NULL, 0, NULL},
};

static PyType_Slot slots[] = {
    {Py_tp_new, (void *)make},
    {Py_tp_dealloc, (void *)dealloc},
    {Py_tp_methods, methods},
    {Py_tp_doc, "An inspection of the C API."},
    {0, NULL},
};

PyType_Spec ext_inspection_spec = {"kith._kith.Inspection", sizeof(struct inspection), 0, Py_TPFLAGS_DEFAULT, slots};
