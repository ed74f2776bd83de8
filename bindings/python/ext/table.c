/* SPDX-License-Identifier: MIT */
/* _kith.Table: one view of a review, as an Arrow stream, as Python's values and as CSV. */
#include "ext.h"

PyObject *ext_table_new(struct ext_state *state, kith_table *table)
{
    struct ext_table *made = ext_alloc(state->table_type);
    if (!made) {
        kith_table_free(table);
        return NULL;
    }
    made->state = state;
    made->table = table;
    return (PyObject *)made;
}

static void dealloc(PyObject *self)
{
    kith_table_free(((struct ext_table *)self)->table);
    ext_dealloc(self);
}

/* The table, unless a call without the interpreter's lock adds to it; then an exception is set. */
static struct ext_table *idle(PyObject *self)
{
    struct ext_table *table = (struct ext_table *)self;
    if (!table->busy)
        return table;
    PyErr_SetString(table->state->busy_error, "the table is being filled");
    return NULL;
}

/* Table.rejects(): an empty table of rejects, to be filled by what is added. */
static PyObject *rejects(PyObject *class, PyObject *nothing)
{
    (void)nothing;
    struct ext_state *state = ext_state_of((PyTypeObject *)class);
    kith_table *table = NULL;
    kith_error error = EXT_NO_ERROR;
    kith_status status = kith_rejects_new(NULL, &table, &error);
    if (status != KITH_OK)
        return ext_raise(state, status, &error);
    PyObject *made = ext_table_new(state, table);
    if (made)
        ((struct ext_table *)made)->fills = true;
    return made;
}

static Py_ssize_t length(PyObject *self)
{
    struct ext_table *table = idle(self);
    return table ? (Py_ssize_t)kith_table_rows(table->table) : -1;
}

/* ---- columns ---- */

static const char *type_name(uint32_t type)
{
    switch (type) {
    case KITH_COLUMN_TEXT:
        return "text";
    case KITH_COLUMN_ID:
        return "id";
    case KITH_COLUMN_COUNT:
        return "count";
    case KITH_COLUMN_SCORE:
        return "score";
    case KITH_COLUMN_LABEL:
        return "label";
    case KITH_COLUMN_FLAGS:
        return "flags";
    case KITH_COLUMN_TIME:
        return "time";
    default:
        return "day";
    }
}

static bool get_column(const struct ext_table *table, uint32_t index, kith_column *column)
{
    *column = (kith_column){.size = sizeof *column};
    kith_error error = EXT_NO_ERROR;
    kith_status status = kith_table_get_column(table->table, index, column, &error);
    if (status != KITH_OK)
        (void)ext_raise(table->state, status, &error);
    return status == KITH_OK;
}

static PyObject *columns(PyObject *self, PyObject *nothing)
{
    (void)nothing;
    struct ext_table *table = idle(self);
    if (!table)
        return NULL;
    PyObject *list = PyList_New(0);
    for (uint32_t i = 0; list && i < kith_table_columns(table->table); i++) {
        kith_column column;
        PyObject *pair =
            get_column(table, i, &column) ? Py_BuildValue("(ss)", column.name, type_name(column.type)) : NULL;
        if (!pair || PyList_Append(list, pair) != 0)
            Py_CLEAR(list);
        Py_XDECREF(pair);
    }
    return list;
}

/* Words of a column, made once: a table has few of them, and many rows. */
struct words {
    PyObject *all[64];
    size_t count;
};

/* The label, or the labels of all bits, as the CSV has them. */
static PyObject *make_words(const kith_column *column, size_t entry)
{
    if (column->type == KITH_COLUMN_LABEL)
        return PyUnicode_FromString(column->labels[entry]);
    PyObject *words = PyUnicode_FromString("");
    for (size_t bit = 0; words && bit < column->label_count; bit++) {
        if (!(entry >> bit & 1))
            continue;
        PyObject *more =
            PyUnicode_FromFormat("%U%s%s", words, PyUnicode_GetLength(words) > 0 ? " " : "", column->labels[bit]);
        Py_DECREF(words);
        words = more;
    }
    return words;
}

static PyObject *word_at(const kith_column *column, struct words *words, uint64_t row)
{
    size_t entry = ((const uint8_t *)column->values)[row];
    if (!words->all[entry])
        words->all[entry] = make_words(column, entry);
    return Py_XNewRef(words->all[entry]);
}

static PyObject *value_at(const kith_column *column, struct words *words, uint64_t row)
{
    switch (column->type) {
    case KITH_COLUMN_TEXT:
        return PyUnicode_DecodeUTF8((const char *)column->values + column->offsets[row],
                                    (Py_ssize_t)(column->offsets[row + 1] - column->offsets[row]), "replace");
    case KITH_COLUMN_ID:
        return PyLong_FromUnsignedLongLong(((const uint64_t *)column->values)[row]);
    case KITH_COLUMN_COUNT:
        return PyLong_FromLongLong(((const int64_t *)column->values)[row]);
    case KITH_COLUMN_TIME:
        return ext_time(((const int64_t *)column->values)[row]);
    case KITH_COLUMN_SCORE:
        return ext_score(((const int32_t *)column->values)[row]);
    case KITH_COLUMN_DAY:
        return PyLong_FromLong(((const int32_t *)column->values)[row]);
    default:
        return word_at(column, words, row);
    }
}

/* column(index, begin, end): values of some rows; days and times as whole numbers. */
static PyObject *column_values(PyObject *self, PyObject *args)
{
    struct ext_table *table = idle(self);
    unsigned int index;
    unsigned long long begin, end;
    kith_column column;
    if (!table || !PyArg_ParseTuple(args, "IKK", &index, &begin, &end) || !get_column(table, index, &column))
        return NULL;
    if (end > column.count)
        end = column.count;
    if (begin > end)
        begin = end;
    struct words words = {{NULL}, 0};
    PyObject *list = PyList_New((Py_ssize_t)(end - begin));
    for (unsigned long long row = begin; list && row < end; row++) {
        PyObject *value = value_at(&column, &words, row);
        if (!value || PyList_SetItem(list, (Py_ssize_t)(row - begin), value) != 0)
            Py_CLEAR(list);
    }
    for (size_t i = 0; i < sizeof words.all / sizeof *words.all; i++)
        Py_XDECREF(words.all[i]);
    return list;
}

/* ---- as a whole ---- */

static PyObject *arrow_stream(PyObject *self, PyObject *args, PyObject *keywords)
{
    static char *names[] = {"requested_schema", NULL};
    PyObject *requested = Py_None;
    /* What was asked for is a wish, which the interface allows to be left alone. */
    if (!PyArg_ParseTupleAndKeywords(args, keywords, "|O", names, &requested))
        return NULL;
    struct ext_table *table = idle(self);
    if (!table)
        return NULL;
    struct ArrowArrayStream stream;
    kith_error error = EXT_NO_ERROR;
    kith_status status = kith_table_get_arrow(table->table, &stream, &error);
    return status == KITH_OK ? ext_stream_capsule(&stream) : ext_raise(table->state, status, &error);
}

static PyObject *csv(PyObject *self, PyObject *args)
{
    struct ext_table *table = idle(self);
    int header = 1, spreadsheet = 0;
    if (!table || !PyArg_ParseTuple(args, "|pp", &header, &spreadsheet))
        return NULL;
    uint32_t flags = (header ? KITH_CSV_HEADER : KITH_CSV_NO_HEADER) | (spreadsheet ? KITH_CSV_SPREADSHEET : 0);
    struct ext_bytes rows = {NULL, 0, 0, false};
    kith_error error = EXT_NO_ERROR;
    kith_status status;
    if (table->fills) {
        status = kith_table_write_csv(table->table, flags, ext_bytes_add, &rows, &error);
    } else {
        Py_BEGIN_ALLOW_THREADS
        status = kith_table_write_csv(table->table, flags, ext_bytes_add, &rows, &error);
        Py_END_ALLOW_THREADS
    }
    return ext_bytes_end(&rows, false, table->state, status, &error);
}

static PyMethodDef methods[] = {
    {"rejects", rejects, METH_NOARGS | METH_CLASS, "rejects($type, /)\n--\n\nAn empty table of rejects."},
    {"columns", columns, METH_NOARGS, "columns($self, /)\n--\n\nName and type of each column."},
    {"column", column_values, METH_VARARGS,
     "column($self, index, begin, end, /)\n--\n\nValues of some rows, as a list."},
    {"csv", csv, METH_VARARGS, "csv($self, header=True, spreadsheet=False, /)\n--\n\nThe table as CSV, in bytes."},
    {"__arrow_c_stream__", (PyCFunction)(void (*)(void))arrow_stream, METH_VARARGS | METH_KEYWORDS,
     "__arrow_c_stream__($self, /, requested_schema=None)\n--\n\nA capsule of an Arrow stream."},
    {NULL, NULL, 0, NULL},
};

static PyType_Slot slots[] = {
    {Py_tp_dealloc, (void *)dealloc},
    {Py_tp_methods, methods},
    {Py_sq_length, (void *)length},
    {Py_tp_doc, "A table of the C API."},
    {0, NULL},
};

PyType_Spec ext_table_spec = {"kith._kith.Table", sizeof(struct ext_table), 0,
                              Py_TPFLAGS_DEFAULT | Py_TPFLAGS_DISALLOW_INSTANTIATION, slots};
