/* SPDX-License-Identifier: MIT */
/* _kith.Troubles: rows that are refused, counted by what is wrong with them, where a table of them all is too much. */
#include <string.h>

#include "adding.h"

enum { TROUBLES_MOST = 32, KINDS_MOST = 1000, TEXT_MOST = 255 };

/* Text as it stood; of long text, the beginning. */
struct cut {
    char bytes[TEXT_MOST];
    uint8_t length;
};

/* Rows that were refused for one reason and one column, and the first of them. */
struct trouble {
    uint64_t count;
    uint64_t line;
    uint64_t at;
    uint32_t reason;
    struct cut column, file, value, words;
};

struct troubles {
    PyObject_HEAD struct ext_state *state;
    bool busy;
    PyObject *kinds; /* that the policy does not know, and how often each came */
    int count;
    struct trouble troubles[TROUBLES_MOST];
};

static struct cut cut(kith_text text)
{
    struct cut cut = {.length = text.length < TEXT_MOST ? (uint8_t)text.length : TEXT_MOST};
    if (cut.length > 0)
        memcpy(cut.bytes, text.data, cut.length);
    return cut;
}

static bool is_equal(const struct cut *one, const struct cut *other)
{
    return one->length == other->length && memcmp(one->bytes, other->bytes, one->length) == 0;
}

static PyObject *text_of(const struct cut *cut)
{
    return PyUnicode_DecodeUTF8(cut->bytes, cut->length, "surrogateescape");
}

/* Of this reason and column, or a new one; the last where there are too many. */
static struct trouble *find(struct troubles *troubles, const kith_reject *reject)
{
    struct cut column = cut(reject->column);
    for (int i = 0; i < troubles->count; i++)
        if (troubles->troubles[i].reason == reject->reason && is_equal(&troubles->troubles[i].column, &column))
            return &troubles->troubles[i];
    if (troubles->count == TROUBLES_MOST)
        return &troubles->troubles[TROUBLES_MOST - 1];
    struct trouble *made = &troubles->troubles[troubles->count++];
    *made = (struct trouble){
        .line = reject->line,
        .at = reject->at,
        .reason = reject->reason,
        .column = column,
        .file = cut(reject->file),
        .value = cut(reject->value),
        .words = cut(reject->words),
    };
    return made;
}

/* The interpreter's lock is held. False: an exception is set. */
static bool count_kind(PyObject *kinds, kith_text kind)
{
    struct cut name = cut(kind);
    PyObject *key = text_of(&name);
    PyObject *counted = key ? PyDict_GetItemWithError(kinds, key) : NULL;
    bool fine = key && !PyErr_Occurred();
    if (fine && (counted || PyDict_Size(kinds) < KINDS_MOST)) {
        PyObject *more = PyLong_FromUnsignedLongLong(counted ? PyLong_AsUnsignedLongLong(counted) + 1 : 1);
        fine = more && PyDict_SetItem(kinds, key, more) == 0;
        Py_XDECREF(more);
    }
    Py_XDECREF(key);
    return fine;
}

/* A kith_reject_fn, for which the lock is taken only where a kind is to be counted. */
static int add(void *context, const kith_reject *reject)
{
    struct troubles *troubles = context;
    find(troubles, reject)->count++;
    if (reject->reason != KITH_REASON_KIND)
        return 0;
    PyGILState_STATE lock = PyGILState_Ensure();
    bool fine = count_kind(troubles->kinds, reject->value);
    if (!fine)
        PyErr_Clear();
    PyGILState_Release(lock);
    return !fine;
}

bool ext_troubles_take(PyObject *given, const struct ext_state *state, struct ext_rejects *rejects)
{
    if (Py_TYPE(given) != state->troubles_type)
        return false;
    struct troubles *troubles = (struct troubles *)given;
    *rejects = (struct ext_rejects){add, troubles, &troubles->busy};
    return true;
}

/* ---- the type ---- */

static PyObject *make(PyTypeObject *type, PyObject *args, PyObject *keywords)
{
    static char *names[] = {NULL};
    if (!PyArg_ParseTupleAndKeywords(args, keywords, "", names))
        return NULL;
    struct troubles *made = ext_alloc(type);
    if (!made)
        return NULL;
    made->state = ext_state_of(type);
    made->kinds = PyDict_New();
    if (made->kinds)
        return (PyObject *)made;
    Py_DECREF((PyObject *)made);
    return NULL;
}

static void dealloc(PyObject *self)
{
    Py_XDECREF(((struct troubles *)self)->kinds);
    ext_dealloc(self);
}

/* While nobody adds to it; NULL with an exception otherwise. */
static struct troubles *idle(PyObject *self)
{
    struct troubles *troubles = (struct troubles *)self;
    if (!troubles->busy)
        return troubles;
    PyErr_SetString(troubles->state->busy_error, "rows are being counted");
    return NULL;
}

static PyObject *trouble_of(const struct trouble *trouble)
{
    PyObject *made = PyDict_New();
    bool set = made && ext_set(made, "reason", PyUnicode_FromString(kith_reason_name(trouble->reason))) &&
               ext_set(made, "rows", PyLong_FromUnsignedLongLong(trouble->count)) &&
               ext_set(made, "line", PyLong_FromUnsignedLongLong(trouble->line)) &&
               ext_set(made, "at", PyLong_FromUnsignedLongLong(trouble->at)) &&
               ext_set(made, "column", text_of(&trouble->column)) && ext_set(made, "file", text_of(&trouble->file)) &&
               ext_set(made, "value", text_of(&trouble->value)) && ext_set(made, "words", text_of(&trouble->words));
    if (set)
        return made;
    Py_XDECREF(made);
    return NULL;
}

static PyObject *get_rows(PyObject *self, PyObject *nothing)
{
    (void)nothing;
    const struct troubles *troubles = idle(self);
    PyObject *list = troubles ? PyList_New(0) : NULL;
    for (int i = 0; list && i < troubles->count; i++) {
        PyObject *made = trouble_of(&troubles->troubles[i]);
        if (!made || PyList_Append(list, made) != 0)
            Py_CLEAR(list);
        Py_XDECREF(made);
    }
    return list;
}

static PyObject *get_kinds(PyObject *self, PyObject *nothing)
{
    (void)nothing;
    const struct troubles *troubles = idle(self);
    return troubles ? PyDict_Copy(troubles->kinds) : NULL;
}

static PyMethodDef methods[] = {
    {"rows", get_rows, METH_NOARGS,
     "rows($self, /)\n--\n\nWhat is wrong with rows, how many it is, and the first of them."},
    {"kinds", get_kinds, METH_NOARGS, "kinds($self, /)\n--\n\nKinds that the policy does not know."},
    {NULL, NULL, 0, NULL},
};

static PyType_Slot slots[] = {
    {Py_tp_new, (void *)make},
    {Py_tp_dealloc, (void *)dealloc},
    {Py_tp_methods, methods},
    {Py_tp_doc, "Rows that are refused, counted."},
    {0, NULL},
};

PyType_Spec ext_troubles_spec = {"kith._kith.Troubles", sizeof(struct troubles), 0, Py_TPFLAGS_DEFAULT, slots};
