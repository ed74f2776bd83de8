/* SPDX-License-Identifier: MIT */
/* _kith.Engine: takes events and reviews weeks. Every call checks that no other one is under way. */
#include <string.h>
#include <time.h>

#include "ext.h"

/* ---- making and freeing ---- */

static void dealloc(PyObject *self)
{
    kith_engine_free(((struct ext_engine *)self)->engine);
    ext_dealloc(self);
}

static int64_t clock_of(void *context)
{
    const struct ext_engine *engine = context;
    return (engine->now == INT64_MIN ? (int64_t)time(NULL) : engine->now) - engine->behind;
}

/* Reads what engines are made with. False: an exception is set. */
static bool read_options(struct ext_engine *engine, PyObject *given, kith_engine_options *options)
{
    static char *names[] = {"members", "tables", "threads", "max_weeks",   "future",
                            "memory",  "now",    "behind",  "max_members", NULL};
    uint32_t members = KITH_NAMED, tables = 0, threads = 1, max_weeks = 0;
    long long future = 0, behind = 0;
    uint64_t memory = 0, max_members = 0;
    PyObject *now = Py_None, *nothing = PyTuple_New(0);
    bool read =
        nothing && PyArg_ParseTupleAndKeywords(nothing, given, "|$O&O&O&O&LO&OLO&", names, ext_uint32, &members,
                                               ext_uint32, &tables, ext_uint32, &threads, ext_uint32, &max_weeks,
                                               &future, ext_uint64, &memory, &now, &behind, ext_uint64, &max_members);
    Py_XDECREF(nothing);
    if (!read)
        return false;
    if (now != Py_None)
        engine->now = PyLong_AsLongLong(now);
    engine->behind = behind;
    *options = (kith_engine_options){
        .size = sizeof *options,
        .members = members,
        .tables = tables,
        .threads = threads,
        .max_weeks = max_weeks,
        .future = future,
        .memory = memory,
        .max_members = max_members,
        .now = clock_of,
        .now_context = engine,
        .progress = ext_call_look,
        .progress_context = &engine->call,
    };
    return !PyErr_Occurred();
}

/* An object without an engine yet, and what that is to be made with. NULL: an exception is set. */
static struct ext_engine *alloc(struct ext_state *state, PyObject *given, kith_engine_options *options)
{
    struct ext_engine *made = ext_alloc(state->engine_type);
    if (!made)
        return NULL;
    made->state = state;
    made->now = INT64_MIN;
    if (read_options(made, given, options))
        return made;
    Py_DECREF((PyObject *)made);
    return NULL;
}

/* Engine(policy, options) */
static PyObject *make(PyTypeObject *type, PyObject *args, PyObject *keywords)
{
    struct ext_state *state = ext_state_of(type);
    static char *names[] = {"policy", "options", NULL};
    PyObject *policy, *options;
    if (!PyArg_ParseTupleAndKeywords(args, keywords, "O!O!", names, state->policy_type, &policy, &PyDict_Type,
                                     &options))
        return NULL;
    kith_engine_options read;
    struct ext_engine *engine = alloc(state, options, &read);
    if (!engine)
        return NULL;
    kith_error error = EXT_NO_ERROR;
    kith_status status = kith_engine_new(((struct ext_policy *)policy)->policy, &read, &engine->engine, &error);
    if (status == KITH_OK)
        return (PyObject *)engine;
    Py_DECREF((PyObject *)engine);
    return ext_raise(state, status, &error);
}

/* Bytes of a snapshot that is at hand. */
struct source {
    const char *bytes;
    Py_ssize_t left;
};

static int64_t read_source(void *context, void *buffer, size_t capacity)
{
    struct source *source = context;
    size_t count = (size_t)source->left < capacity ? (size_t)source->left : capacity;
    memcpy(buffer, source->bytes, count);
    source->bytes += count;
    source->left -= (Py_ssize_t)count;
    return (int64_t)count;
}

static PyObject *load_from(struct ext_state *state, kith_load *input, PyObject *policy, PyObject *options)
{
    if (policy != Py_None && Py_TYPE(policy) != state->policy_type) {
        PyErr_SetString(PyExc_TypeError, "expected a policy, or None");
        return NULL;
    }
    kith_engine_options read;
    struct ext_engine *engine = alloc(state, options, &read);
    if (!engine)
        return NULL;
    input->policy = policy == Py_None ? NULL : ((struct ext_policy *)policy)->policy;
    input->options = &read;
    kith_error error = EXT_NO_ERROR;
    kith_status status;
    kith_engine *loaded = NULL;
    Py_BEGIN_ALLOW_THREADS
    status = kith_engine_load(input, &loaded, &error);
    Py_END_ALLOW_THREADS
    engine->engine = loaded;
    if (!ext_raised_restore(&engine->call.raised) && status == KITH_OK)
        return (PyObject *)engine;
    Py_DECREF((PyObject *)engine);
    return ext_raise(state, status, &error);
}

/* load(path or bytes, policy, options) */
static PyObject *load(PyObject *class, PyObject *args)
{
    struct ext_state *state = ext_state_of((PyTypeObject *)class);
    PyObject *given, *policy, *options;
    if (!PyArg_ParseTuple(args, "OOO!", &given, &policy, &PyDict_Type, &options))
        return NULL;
    kith_load input = {.size = sizeof input};
    if (PyBytes_Check(given)) {
        struct source source = {PyBytes_AsString(given), PyBytes_Size(given)};
        input.read = read_source;
        input.read_context = &source;
        return load_from(state, &input, policy, options);
    }
    PyObject *path;
    if (!PyUnicode_FSConverter(given, &path))
        return NULL;
    input.path = PyBytes_AsString(path);
    PyObject *loaded = load_from(state, &input, policy, options);
    Py_DECREF(path);
    return loaded;
}

/* ---- one call at a time ---- */

bool ext_engine_begin(struct ext_engine *engine, PyObject *progress)
{
    return ext_call_begin(&engine->call, engine->state, progress);
}

void ext_engine_end(struct ext_engine *engine)
{
    ext_call_end(&engine->call);
}

/* The engine, while nobody uses it; NULL with an exception otherwise. For calls that take no time. */
static struct ext_engine *idle(PyObject *self)
{
    struct ext_engine *engine = (struct ext_engine *)self;
    if (!ext_engine_begin(engine, Py_None))
        return NULL;
    ext_engine_end(engine);
    return engine;
}

static PyObject *none_or_raise(const struct ext_engine *engine, kith_status status, const kith_error *error)
{
    if (status != KITH_OK)
        return ext_raise(engine->state, status, error);
    Py_RETURN_NONE;
}

/* ---- members ---- */

bool ext_engine_find(struct ext_engine *engine, PyObject *member, uint64_t *id)
{
    kith_text name;
    bool named = PyUnicode_Check(member);
    /* A number that is no int is asked for one, in Python; so whether the engine is idle is looked at behind that. */
    if (named ? !ext_text_of(member, &name) : !ext_uint64(member, id))
        return false;
    if (!idle((PyObject *)engine))
        return false;
    if (!named)
        return true;
    kith_error error = EXT_NO_ERROR;
    kith_status status = kith_engine_find_id(engine->engine, name, id, &error);
    if (status != KITH_OK)
        (void)ext_raise(engine->state, status, &error);
    return status == KITH_OK;
}

/* know(names): ids of names, which are known from then on. */
static PyObject *know(PyObject *self, PyObject *args)
{
    struct ext_engine *engine = idle(self);
    PyObject *given;
    kith_text name;
    uint64_t id;
    if (!engine || !PyArg_ParseTuple(args, "U", &given) || !ext_text_of(given, &name))
        return NULL;
    kith_error error = EXT_NO_ERROR;
    kith_status status = kith_engine_get_ids(engine->engine, &name, 1, &id, &error);
    return status == KITH_OK ? PyLong_FromUnsignedLongLong(id) : ext_raise(engine->state, status, &error);
}

static PyObject *set_member(PyObject *self, PyObject *args)
{
    struct ext_engine *engine = (struct ext_engine *)self;
    PyObject *member;
    int tier;
    uint32_t counts;
    uint64_t id;
    if (!PyArg_ParseTuple(args, "OiO&", &member, &tier, ext_uint32, &counts) || !ext_engine_find(engine, member, &id))
        return NULL;
    kith_member_settings settings = {
        .size = sizeof settings, .pinned = tier >= 0, .tier = tier >= 0 ? (uint32_t)tier : 0, .counts = counts};
    kith_error error = EXT_NO_ERROR;
    return none_or_raise(engine, kith_engine_set_member(engine->engine, id, &settings, &error), &error);
}

static PyObject *get_member(PyObject *self, PyObject *args)
{
    struct ext_engine *engine = (struct ext_engine *)self;
    PyObject *member;
    uint64_t id;
    if (!PyArg_ParseTuple(args, "O", &member) || !ext_engine_find(engine, member, &id))
        return NULL;
    kith_member_settings settings = {.size = sizeof settings};
    kith_error error = EXT_NO_ERROR;
    kith_status status = kith_engine_get_member(engine->engine, id, &settings, &error);
    if (status != KITH_OK)
        return ext_raise(engine->state, status, &error);
    return Py_BuildValue("iI", settings.pinned ? (int)settings.tier : -1, settings.counts);
}

static PyObject *forget(PyObject *self, PyObject *args)
{
    struct ext_engine *engine = (struct ext_engine *)self;
    PyObject *member;
    uint64_t id;
    if (!PyArg_ParseTuple(args, "O", &member) || !ext_engine_find(engine, member, &id) ||
        !ext_engine_begin(engine, Py_None))
        return NULL;
    kith_error error = EXT_NO_ERROR;
    kith_status status;
    /* All weeks that are open are looked through. */
    Py_BEGIN_ALLOW_THREADS
    status = kith_engine_forget(engine->engine, id, &error);
    Py_END_ALLOW_THREADS
    ext_engine_end(engine);
    return none_or_raise(engine, status, &error);
}

static PyObject *merge(PyObject *self, PyObject *args)
{
    struct ext_engine *engine = (struct ext_engine *)self;
    PyObject *from, *into;
    uint64_t from_id, into_id;
    if (!PyArg_ParseTuple(args, "OO", &from, &into) || !ext_engine_find(engine, from, &from_id) ||
        !ext_engine_find(engine, into, &into_id) || !ext_engine_begin(engine, Py_None))
        return NULL;
    kith_error error = EXT_NO_ERROR;
    kith_status status;
    Py_BEGIN_ALLOW_THREADS
    status = kith_engine_merge(engine->engine, from_id, into_id, &error);
    Py_END_ALLOW_THREADS
    ext_engine_end(engine);
    return none_or_raise(engine, status, &error);
}

/* ---- reviews, and between them ---- */

static PyObject *review_until(PyObject *self, PyObject *args)
{
    struct ext_engine *engine = (struct ext_engine *)self;
    long long until;
    PyObject *progress;
    if (!PyArg_ParseTuple(args, "LO", &until, &progress) || !ext_engine_begin(engine, progress))
        return NULL;
    kith_review *review = NULL;
    kith_error error = EXT_NO_ERROR;
    kith_status status;
    Py_BEGIN_ALLOW_THREADS
    status = kith_engine_review(engine->engine, until, &review, &error);
    Py_END_ALLOW_THREADS
    ext_engine_end(engine);
    if (ext_raised_restore(&engine->call.raised)) {
        kith_review_free(review);
        return NULL;
    }
    return status == KITH_OK ? ext_review_new(engine->state, review) : ext_raise(engine->state, status, &error);
}

/* KITH_LAST_REVIEW for None. */
static int as_of(PyObject *given, void *out)
{
    long long time = given == Py_None ? KITH_LAST_REVIEW : PyLong_AsLongLong(given);
    *(int64_t *)out = time;
    return !PyErr_Occurred();
}

static PyObject *standing_of(PyObject *self, PyObject *args)
{
    struct ext_engine *engine = (struct ext_engine *)self;
    PyObject *member;
    int64_t time;
    uint64_t id;
    if (!PyArg_ParseTuple(args, "OO&", &member, as_of, &time) || !ext_engine_find(engine, member, &id))
        return NULL;
    kith_standing_row row = {.size = sizeof row};
    kith_error error = EXT_NO_ERROR;
    kith_status status = kith_engine_get_standing(engine->engine, id, time, &row, &error);
    if (status != KITH_OK)
        return ext_raise(engine->state, status, &error);
    return Py_BuildValue(
        "{s:N,s:N,s:N,s:N,s:N,s:I,s:I,s:I,s:I,s:L,s:N,s:N,s:N,s:i,s:N,s:N}", "score", ext_score(row.score), "content",
        ext_score(row.dimensions[KITH_CONTENT]), "interaction", ext_score(row.dimensions[KITH_INTERACTION]),
        "community", ext_score(row.dimensions[KITH_COMMUNITY]), "risk", ext_score(row.risk), "tier", row.tier, "stage",
        row.stage, "flags", row.flags, "active_days", row.active_days, "silent_days", (long long)row.silent_days,
        "joined", ext_time(row.joined), "last_seen", ext_time(row.last_seen), "on_leave",
        PyBool_FromLong((long)row.on_leave), "leave_end", (int)row.leave_end, "pinned",
        PyBool_FromLong((long)row.pinned), "left_out", PyBool_FromLong((long)row.left_out));
}

static PyObject *watch(PyObject *self, PyObject *args)
{
    struct ext_engine *engine = (struct ext_engine *)self;
    long long time;
    if (!PyArg_ParseTuple(args, "L", &time) || !ext_engine_begin(engine, Py_None))
        return NULL;
    kith_table *table = NULL;
    kith_error error = EXT_NO_ERROR;
    kith_status status;
    Py_BEGIN_ALLOW_THREADS
    status = kith_engine_get_watch(engine->engine, time, &table, &error);
    Py_END_ALLOW_THREADS
    ext_engine_end(engine);
    return status == KITH_OK ? ext_table_new(engine->state, table) : ext_raise(engine->state, status, &error);
}

/* ---- what it holds ---- */

static PyObject *info_of(PyObject *self, PyObject *nothing)
{
    (void)nothing;
    struct ext_engine *engine = idle(self);
    if (!engine)
        return NULL;
    kith_engine_info info = {.size = sizeof info};
    kith_error error = EXT_NO_ERROR;
    kith_status status = kith_engine_get_info(engine->engine, &info, &error);
    if (status != KITH_OK)
        return ext_raise(engine->state, status, &error);
    return Py_BuildValue("{s:I,s:K,s:K,s:N,s:N,s:N,s:N,s:K,s:K,s:K,s:K,s:K,s:I,s:K}", "open_weeks", info.open_weeks,
                         "members", (unsigned long long)info.members, "taken", (unsigned long long)info.taken,
                         "first_event", ext_time(info.first_event), "last_event", ext_time(info.last_event),
                         "reviewed_until", ext_time(info.reviewed_until), "first_open", ext_time(info.first_open),
                         "rejected", (unsigned long long)info.rejected, "late", (unsigned long long)info.late, "future",
                         (unsigned long long)info.future, "skipped", (unsigned long long)info.skipped, "policy_digest",
                         (unsigned long long)info.policy_digest, "known_by", info.known_by, "ignored",
                         (unsigned long long)info.ignored);
}

static PyObject *policy_of(PyObject *self, PyObject *nothing)
{
    (void)nothing;
    struct ext_engine *engine = idle(self);
    if (!engine)
        return NULL;
    kith_policy *policy = NULL;
    kith_error error = EXT_NO_ERROR;
    kith_status status = kith_engine_get_policy(engine->engine, NULL, &policy, &error);
    return status == KITH_OK ? ext_policy_new(engine->state, policy) : ext_raise(engine->state, status, &error);
}

static PyObject *sequence_of(PyObject *self, PyObject *args)
{
    struct ext_engine *engine = idle(self);
    PyObject *given;
    kith_text source;
    uint64_t sequence;
    if (!engine || !PyArg_ParseTuple(args, "U", &given) || !ext_text_of(given, &source))
        return NULL;
    kith_error error = EXT_NO_ERROR;
    kith_status status = kith_engine_get_sequence(engine->engine, source, &sequence, &error);
    return status == KITH_OK ? PyLong_FromUnsignedLongLong(sequence) : ext_raise(engine->state, status, &error);
}

static PyObject *drop_open(PyObject *self, PyObject *nothing)
{
    (void)nothing;
    struct ext_engine *engine = idle(self);
    if (!engine)
        return NULL;
    kith_error error = EXT_NO_ERROR;
    return none_or_raise(engine, kith_engine_drop_open(engine->engine, &error), &error);
}

static PyObject *set_now(PyObject *self, PyObject *args)
{
    struct ext_engine *engine = idle(self);
    PyObject *now;
    if (!engine || !PyArg_ParseTuple(args, "O", &now))
        return NULL;
    int64_t time = now == Py_None ? INT64_MIN : PyLong_AsLongLong(now);
    if (PyErr_Occurred())
        return NULL;
    engine->now = time;
    Py_RETURN_NONE;
}

/* ---- snapshots ---- */

static PyObject *freeze(PyObject *self, PyObject *args)
{
    struct ext_engine *engine = idle(self);
    const char *data;
    Py_ssize_t length;
    if (!engine || !PyArg_ParseTuple(args, "y#", &data, &length))
        return NULL;
    kith_snapshot *snapshot = NULL;
    kith_error error = EXT_NO_ERROR;
    kith_text position = {data, (uint64_t)length};
    kith_status status = kith_engine_freeze(engine->engine, position, &snapshot, &error);
    return status == KITH_OK ? ext_snapshot_new(engine->state, snapshot) : ext_raise(engine->state, status, &error);
}

static PyObject *position_of(PyObject *self, PyObject *nothing)
{
    (void)nothing;
    struct ext_engine *engine = idle(self);
    if (!engine)
        return NULL;
    kith_text position = {NULL, 0};
    kith_error error = EXT_NO_ERROR;
    kith_status status = kith_engine_get_position(engine->engine, &position, &error);
    return status == KITH_OK ? PyBytes_FromStringAndSize(position.data, (Py_ssize_t)position.length)
                             : ext_raise(engine->state, status, &error);
}

static PyMethodDef methods[] = {
    {"load", load, METH_VARARGS | METH_CLASS,
     "load($type, source, policy, options, /)\n--\n\nThe engine of a snapshot."},
    {"add_stream", (PyCFunction)(void (*)(void))ext_engine_add_stream, METH_VARARGS | METH_KEYWORDS,
     "add_stream($self, /, stream, columns, name=None, rejects=None, progress=None)\n--\n\nAdds events of an Arrow "
     "stream."},
    {"add_exports", (PyCFunction)(void (*)(void))ext_engine_add_exports, METH_VARARGS | METH_KEYWORDS,
     "add_exports($self, /, exports, columns, name=None, delimiter='\\0', rejects=None, progress=None, source=None, "
     "max_row=0, max_bytes=0)\n--\n\nAdds events of exports, several of which are read at once."},
    {"add_event", (PyCFunction)(void (*)(void))ext_engine_add_event, METH_VARARGS | METH_KEYWORDS,
     "add_event($self, /, kind, time, member, target=None, quantity=1, event_id=None, sequence=0, source=None)\n"
     "--\n\nAdds one event."},
    {"know", know, METH_VARARGS, "know($self, name, /)\n--\n\nThe id of a name, which is known from then on."},
    {"set_member", set_member, METH_VARARGS,
     "set_member($self, member, tier, counts, /)\n--\n\nPins a tier, or leaves out."},
    {"get_member", get_member, METH_VARARGS,
     "get_member($self, member, /)\n--\n\nPinned tier or -1, and whether it counts."},
    {"forget", forget, METH_VARARGS, "forget($self, member, /)\n--\n\nErases a member."},
    {"merge", merge, METH_VARARGS, "merge($self, member, into, /)\n--\n\nMakes two accounts one."},
    {"review", review_until, METH_VARARGS, "review($self, until, progress, /)\n--\n\nReviews the weeks that are over."},
    {"standing", standing_of, METH_VARARGS, "standing($self, member, as_of, /)\n--\n\nWhere a member stands."},
    {"explain", ext_engine_explain, METH_VARARGS, "explain($self, member, as_of, /)\n--\n\nWhy it stands there."},
    {"watch", watch, METH_VARARGS, "watch($self, as_of, /)\n--\n\nWho is slipping away."},
    {"info", info_of, METH_NOARGS, "info($self, /)\n--\n\nWhat the engine holds."},
    {"policy", policy_of, METH_NOARGS, "policy($self, /)\n--\n\nA copy of its policy."},
    {"sequence", sequence_of, METH_VARARGS, "sequence($self, source, /)\n--\n\nHow far a source has been dealt with."},
    {"drop_open", drop_open, METH_NOARGS, "drop_open($self, /)\n--\n\nForgets the events of open weeks."},
    {"set_now", set_now, METH_VARARGS, "set_now($self, time, /)\n--\n\nSets the clock; None for the system's."},
    {"freeze", freeze, METH_VARARGS, "freeze($self, position, /)\n--\n\nA snapshot of the engine."},
    {"position", position_of, METH_NOARGS, "position($self, /)\n--\n\nThe position that its snapshot was frozen with."},
    {NULL, NULL, 0, NULL},
};

static PyType_Slot slots[] = {
    {Py_tp_new, (void *)make},
    {Py_tp_dealloc, (void *)dealloc},
    {Py_tp_methods, methods},
    {Py_tp_doc, "An engine of the C API."},
    {0, NULL},
};

PyType_Spec ext_engine_spec = {"kith._kith.Engine", sizeof(struct ext_engine), 0, Py_TPFLAGS_DEFAULT, slots};
