/* SPDX-License-Identifier: MIT */
#include "arrow_made.h"

#include <errno.h>

enum { BLOCKS = 6, POINTERS = 8, BYTES_MOST = 4096 };

/* What is broken. */
enum {
    NO_HARM,
    LENGTH,
    OFFSET,
    NULL_COUNT,
    BUFFER_COUNT,
    BUFFER,
    BUFFERS,
    RELEASED,
    MISSING,
    ITEM,
    FEWER,
    FORMAT,
    NAME,
    CHILD_COUNT,
    CHILDREN,
    DICTIONARY,
    STREAM,
    HARMS
};

const char *const arrow_names[ARROW_COLUMNS] = {"time", "member", "kind", "target", "quantity", "id"};

const char *const arrow_words[ARROW_WORDS] = {
    "",
    "post",
    "like",
    "ana",
    "ben",
    "a name of more than twelve bytes",
    "twelve bytes",
    "2026-03-02",
    "2026-03-02T10:00:00.5Z",
    "1772409600",
    "holiday",
    "not \xFF utf8",
    "nobody's kind",
    "7 bytes",
    "\xF0\x9F\x98\x80",
    "2026-02-30",
};

int64_t arrow_live;

/* What lies behind a struct. */
struct owned {
    void *blocks[BLOCKS];
    const void *pointers[POINTERS];
    void *children; /* structs side by side */
    void **child_pointers;
    size_t child_count;
};

static void *copy_of(const void *bytes, size_t length)
{
    return fuzz_copy((kith_text){bytes, length});
}

static struct owned *new_owned(size_t children, size_t size)
{
    struct owned *owned = calloc(1, sizeof *owned);
    MUST(owned);
    owned->children = calloc(children + 1, size);
    owned->child_pointers = calloc(children + 1, sizeof *owned->child_pointers);
    MUST(owned->children && owned->child_pointers);
    owned->child_count = children;
    for (size_t i = 0; i < children; i++)
        owned->child_pointers[i] = (char *)owned->children + i * size;
    arrow_live++;
    return owned;
}

static void free_owned(struct owned *owned)
{
    for (unsigned i = 0; i < BLOCKS; i++)
        free(owned->blocks[i]);
    free(owned->children);
    free(owned->child_pointers);
    free(owned);
    arrow_live--;
}

static void release_schema(struct ArrowSchema *schema)
{
    struct owned *owned = schema->private_data;
    struct ArrowSchema *children = owned->children;
    for (size_t i = 0; i < owned->child_count; i++)
        if (children[i].release)
            children[i].release(&children[i]);
    free_owned(owned);
    schema->release = NULL;
}

static void release_array(struct ArrowArray *array)
{
    struct owned *owned = array->private_data;
    struct ArrowArray *children = owned->children;
    for (size_t i = 0; i < owned->child_count; i++)
        if (children[i].release)
            children[i].release(&children[i]);
    free_owned(owned);
    array->release = NULL;
}

/* ---- formats ---- */

/* Numbers that a format has room for all of. */
static bool fits(const struct arrow_rows *rows, uint32_t column, const char *format)
{
    static const struct {
        char format;
        int64_t least, most;
    } formats[] = {
        {'c', INT8_MIN, INT8_MAX},
        {'C', 0, UINT8_MAX},
        {'s', INT16_MIN, INT16_MAX},
        {'S', 0, UINT16_MAX},
        {'i', INT32_MIN, INT32_MAX},
        {'I', 0, UINT32_MAX},
        {'L', 0, INT64_MAX},
        {'g', -(INT64_C(1) << 53) + 1, (INT64_C(1) << 53) - 1},
        {'f', -(1 << 24) + 1, (1 << 24) - 1},
    };
    for (size_t i = 0; i < sizeof formats / sizeof *formats; i++) {
        if (formats[i].format != *format)
            continue;
        for (uint32_t row = 0; row < rows->rows; row++) {
            const struct arrow_cell *cell = &rows->cells[row][column];
            if (!cell->is_null && (cell->number < formats[i].least || cell->number > formats[i].most))
                return false;
        }
    }
    return true;
}

struct shape {
    const char *format; /* of the values */
    const char *index;  /* of the indexes, NULL for no dictionary */
};

static struct shape shape_of(const struct arrow_rows *rows, const struct arrow_layout *layout, uint32_t column)
{
    static const char *const texts[] = {"u", "U", "vu"};
    static const char *const numbers[] = {"l", "g", "i", "L", "c", "s", "C", "f", "I", "S"};
    static const char *const indexes[] = {NULL, "c", "C", "s", "S", "i", "I", "l", "L"};
    uint32_t bits = layout->formats[column];
    struct shape shape = {.format = texts[bits % 3], .index = indexes[bits / 10 % 9]};
    if (!rows->is_text[column]) {
        shape.format = numbers[bits % 10];
        if (!fits(rows, column, shape.format))
            shape.format = "l";
    }
    return shape;
}

static size_t width_of(const char *format)
{
    if (strcmp(format, "vu") == 0)
        return 16;
    return strchr("cC", *format) ? 1 : strchr("sS", *format) ? 2 : strchr("iIfu", *format) ? 4 : 8;
}

/* The machine has the lowest byte first, or last. */
static void put_number(unsigned char *at, const char *format, int64_t number)
{
    size_t width = width_of(format);
    const uint16_t one = 1;
    if (*format == 'g') {
        double value = (double)number;
        memcpy(at, &value, sizeof value);
    } else if (*format == 'f') {
        float value = (float)number;
        memcpy(at, &value, sizeof value);
    } else {
        const unsigned char *bytes = (const unsigned char *)&number;
        memcpy(at, *(const unsigned char *)&one ? bytes : bytes + 8 - width, width);
    }
}

static int64_t get_offset(const unsigned char *at, size_t width)
{
    int32_t few;
    int64_t many;
    memcpy(&few, at, sizeof few);
    if (width == 4)
        return few;
    memcpy(&many, at, sizeof many);
    return many;
}

/* ---- values ---- */

/* An array's items: `before` of rubbish, and then one for each of these cells. */
struct items {
    const struct arrow_cell *cells[ARROW_ROWS + ARROW_WORDS];
    uint32_t before;
    uint32_t count;
};

static uint32_t all_of(const struct items *items)
{
    return items->before + items->count;
}

/* NULL for rubbish. */
static const struct arrow_cell *cell_at(const struct items *items, uint32_t item)
{
    return item < items->before ? NULL : items->cells[item - items->before];
}

static const char *word_at(const struct items *items, uint32_t item)
{
    const struct arrow_cell *cell = cell_at(items, item);
    return cell ? arrow_words[cell->word] : "rubbish";
}

static void make_validity(struct owned *owned, const struct items *items, int64_t *null_count)
{
    size_t length = (all_of(items) + 7) / 8;
    unsigned char *bits = calloc(length + 1, 1);
    MUST(bits);
    *null_count = 0;
    for (uint32_t i = 0; i < all_of(items); i++) {
        const struct arrow_cell *cell = cell_at(items, i);
        bool is_null = cell && cell->is_null;
        *null_count += is_null;
        if (!is_null)
            bits[i / 8] |= (unsigned char)(1 << i % 8);
    }
    owned->blocks[0] = copy_of(bits, length);
    free(bits);
    owned->pointers[0] = *null_count ? owned->blocks[0] : NULL;
}

static void make_numbers(struct owned *owned, const struct items *items, const char *format, const uint32_t *indexes)
{
    size_t width = width_of(format);
    unsigned char *values = calloc(all_of(items) + 1, width);
    MUST(values);
    for (uint32_t i = 0; i < all_of(items); i++) {
        const struct arrow_cell *cell = cell_at(items, i);
        int64_t number = cell ? cell->number : -1;
        if (indexes)
            number = i < items->before ? 0 : indexes[i - items->before];
        put_number(values + i * width, format, cell && cell->is_null ? 0 : number);
    }
    owned->blocks[1] = copy_of(values, all_of(items) * width);
    owned->pointers[1] = owned->blocks[1];
    free(values);
}

static void make_offsets(struct owned *owned, const struct items *items, const char *format,
                         const struct arrow_harm *harm)
{
    size_t width = width_of(format), length = 0;
    unsigned char *offsets = calloc(all_of(items) + 1, width);
    char bytes[BYTES_MOST] = {0};
    MUST(offsets);
    for (uint32_t i = 0; i < all_of(items); i++) {
        const char *word = word_at(items, i);
        memcpy(bytes + length, word, strlen(word));
        length += strlen(word);
        put_number(offsets + (i + 1) * width, width == 4 ? "i" : "l", (int64_t)length);
    }
    if (harm && harm->what == ITEM) {
        /* Below 0, in four bytes as well, or one that there are bytes for. */
        int64_t value = (int64_t)harm->value;
        if (value < 0 && width == 4)
            value = (int32_t)(value | INT32_MIN);
        put_number(offsets + harm->item % (all_of(items) + 1) * width, width == 4 ? "i" : "l",
                   value < 0 ? value : value % BYTES_MOST);
    }
    /* So much a producer has at least that speaks of such offsets. */
    for (uint32_t i = 0; i <= all_of(items); i++) {
        int64_t offset = get_offset(offsets + i * width, width);
        if (offset > (int64_t)length)
            length = (size_t)offset;
    }
    owned->pointers[1] = owned->blocks[1] = copy_of(offsets, (all_of(items) + 1) * width);
    owned->pointers[2] = owned->blocks[2] = copy_of(bytes, length);
    free(offsets);
}

static void make_views(struct owned *owned, const struct items *items, const struct arrow_harm *harm)
{
    unsigned char *views = calloc(all_of(items) + 1, 16);
    char bytes[BYTES_MOST] = {0};
    size_t length = 0;
    MUST(views);
    for (uint32_t i = 0; i < all_of(items); i++) {
        const char *word = word_at(items, i);
        const int32_t place[] = {(int32_t)strlen(word), 0, 0, (int32_t)length};
        memcpy(views + i * 16, place, 16);
        memcpy(views + i * 16 + 4, word, place[0] > 12 ? 4 : (size_t)place[0]);
        if (place[0] <= 12)
            continue;
        memcpy(bytes + length, word, (size_t)place[0]);
        length += (size_t)place[0];
    }
    if (harm && harm->what == ITEM && all_of(items) > 0)
        memcpy(views + harm->item % all_of(items) * 16 + harm->item / 32 % 4 * 4, &harm->value, 4);
    int64_t size = (int64_t)length;
    owned->pointers[1] = owned->blocks[1] = copy_of(views, all_of(items) * 16);
    owned->pointers[2] = owned->blocks[2] = copy_of(bytes, length);
    owned->pointers[3] = owned->blocks[3] = copy_of(&size, sizeof size);
    free(views);
}

static void make_array(struct ArrowArray *array, const struct items *items, const char *format, const uint32_t *indexes,
                       size_t children, const struct arrow_harm *harm)
{
    struct owned *owned = new_owned(children, sizeof *array);
    *array = (struct ArrowArray){
        .length = items->count,
        .offset = items->before,
        .n_buffers = *format == 'v'          ? 4
                     : strchr("uU", *format) ? 3
                                             : 2,
        .buffers = owned->pointers,
        .release = release_array,
        .private_data = owned,
    };
    make_validity(owned, items, &array->null_count);
    if (*format == 'v')
        make_views(owned, items, harm);
    else if (strchr("uU", *format))
        make_offsets(owned, items, format, harm);
    else
        make_numbers(owned, items, format, indexes);
    if (harm && harm->what == ITEM && strchr("cCsSiIlLfg", *format) && all_of(items) > 0)
        memcpy((unsigned char *)owned->blocks[1] + harm->item % all_of(items) * width_of(format), &harm->value,
               width_of(format));
}

/* Entries are the column's cells, each once; rows that are null are so themselves. */
static void make_encoded(struct ArrowArray *array, const struct items *items, const struct shape *shape,
                         const struct arrow_harm *harm)
{
    struct items entries = {.before = items->before};
    uint32_t indexes[ARROW_ROWS] = {0};
    for (uint32_t i = 0; i < items->count; i++) {
        const struct arrow_cell *cell = items->cells[i];
        while (indexes[i] < entries.count &&
               (entries.cells[indexes[i]]->word != cell->word || entries.cells[indexes[i]]->number != cell->number ||
                entries.cells[indexes[i]]->is_null))
            indexes[i]++;
        if (indexes[i] == entries.count && !cell->is_null)
            entries.cells[entries.count++] = cell;
    }
    make_array(array, items, shape->index, indexes, 1, harm && !harm->in_dictionary ? harm : NULL);
    struct owned *owned = array->private_data;
    array->dictionary = owned->children;
    make_array(array->dictionary, &entries, shape->format, NULL, 0, harm && harm->in_dictionary ? harm : NULL);
}

/* ---- harm ---- */

static int64_t odd_number(uint64_t value)
{
    static const int64_t odd[] = {-1, INT64_MIN, INT64_MAX, INT64_MAX - 1, -2, INT64_MIN + 1, INT64_MAX - 2};
    return odd[value % 7];
}

static void break_array(struct ArrowArray *array, const struct arrow_harm *harm)
{
    struct owned *owned = array->private_data;
    switch (harm->what) {
    case LENGTH:
        array->length = odd_number(harm->value);
        break;
    case OFFSET:
        array->offset = odd_number(harm->value);
        break;
    case NULL_COUNT:
        array->null_count = harm->value % 3 ? odd_number(harm->value) : (int64_t)(harm->value / 3 % 20) - 1;
        break;
    case BUFFER_COUNT:
        /* Pointers behind those that there are lead nowhere. */
        array->n_buffers = harm->value % 2 ? odd_number(harm->value / 2) : (int64_t)(harm->value / 2 % (POINTERS + 1));
        if (array->n_buffers > POINTERS)
            array->n_buffers = POINTERS;
        break;
    case BUFFER:
        owned->pointers[harm->value % 4] = NULL;
        break;
    case BUFFERS:
        array->buffers = NULL;
        break;
    case RELEASED:
        array->release(array);
        break;
    case FEWER:
        array->length -= array->length > 0;
        break;
    case DICTIONARY:
        array->dictionary = NULL;
        break;
    default:
        break;
    }
}

static void break_batch(struct ArrowArray *batch, const struct arrow_harm *harm)
{
    struct owned *owned = batch->private_data;
    if (harm->what == CHILD_COUNT)
        batch->n_children = harm->value % 2 ? odd_number(harm->value / 2)
                                            : (int64_t)(harm->value / 2 % ((uint64_t)batch->n_children + 1));
    else if (harm->what == CHILDREN)
        batch->children = NULL;
    else if (harm->what == MISSING && owned->child_count > 0)
        owned->child_pointers[harm->column % owned->child_count] = NULL;
    else if (harm->column >= ARROW_COLUMNS)
        break_array(batch, harm);
}

/* None of them takes more of a buffer than there is: those of eight bytes take the place of one of eight. */
static const char *odd_format(const char *format, uint32_t item)
{
    static const char *const odd[] = {"",   "x",  "ll", "uu",     "ts", "tsx:", "tdX",
                                      "vz", "+s", "+l", "d:10,2", "n",  "z",    NULL};
    static const char *const wide[] = {"L", "g", "tdm", "tss:", "tsm:UTC", "tsu:+01:00", "tsn:"};
    if (strcmp(format, "l") == 0 && item % 2)
        return wide[item / 2 % 7];
    return odd[item / 2 % 14];
}

static void break_schema(struct ArrowSchema *schema, const struct arrow_harm *harm)
{
    struct owned *owned = schema->private_data;
    size_t column = owned->child_count ? harm->column % owned->child_count : 0;
    bool is_whole = harm->column >= ARROW_COLUMNS || owned->child_count == 0;
    struct ArrowSchema *child = is_whole ? schema : schema->children[column];
    if (harm->what == FORMAT)
        child->format = odd_format(child->format, harm->item);
    else if (harm->what == NAME)
        child->name = NULL;
    else if (harm->batch % 2 == 0)
        return;
    else if (harm->what == CHILD_COUNT)
        schema->n_children =
            harm->value % 2 ? INT64_MIN : (int64_t)(harm->value / 2 % ((uint64_t)schema->n_children + 1));
    else if (harm->what == CHILDREN)
        schema->children = NULL;
    else if (harm->what == MISSING && owned->child_count > 0)
        owned->child_pointers[column] = NULL;
    else if (harm->what == DICTIONARY)
        child->dictionary = NULL;
}

/* ---- the stream ---- */

struct source {
    const struct arrow_rows *rows;
    const struct arrow_layout *layout;
    uint32_t at;
    uint32_t batch;
};

static bool is_harmed(const struct source *source, uint32_t what)
{
    return source->layout->harm.what % HARMS == what && what != NO_HARM;
}

static uint32_t column_count(const struct arrow_rows *rows)
{
    uint32_t count = 0;
    for (uint32_t i = 0; i < ARROW_COLUMNS; i++)
        count += rows->is_there[i];
    return count;
}

static void make_schema(struct ArrowSchema *schema, const char *format, const char *name, size_t children)
{
    struct owned *owned = new_owned(children, sizeof *schema);
    owned->blocks[0] = copy_of(format, strlen(format) + 1);
    owned->blocks[1] = copy_of(name, strlen(name) + 1);
    *schema = (struct ArrowSchema){
        .format = owned->blocks[0],
        .name = owned->blocks[1],
        .flags = ARROW_FLAG_NULLABLE,
        .release = release_schema,
        .private_data = owned,
    };
}

static int get_schema(struct ArrowArrayStream *stream, struct ArrowSchema *out)
{
    struct source *source = stream->private_data;
    if (is_harmed(source, STREAM) && source->layout->harm.value % 4 == 0)
        return EIO;
    make_schema(out, "+s", "", column_count(source->rows));
    struct owned *owned = out->private_data;
    struct ArrowSchema *child = owned->children;
    out->children = (struct ArrowSchema **)owned->child_pointers;
    out->n_children = (int64_t)owned->child_count;
    for (uint32_t i = 0; i < ARROW_COLUMNS; i++) {
        if (!source->rows->is_there[i])
            continue;
        struct shape shape = shape_of(source->rows, source->layout, i);
        make_schema(child, shape.index ? shape.index : shape.format, arrow_names[i], shape.index != NULL);
        if (shape.index) {
            child->dictionary = ((struct owned *)child->private_data)->children;
            make_schema(child->dictionary, shape.format, "", 0);
        }
        child++;
    }
    struct arrow_harm harm = source->layout->harm;
    harm.what %= HARMS;
    break_schema(out, &harm);
    return 0;
}

static void make_column(const struct source *source, uint32_t column, uint32_t count, struct ArrowArray *array)
{
    struct arrow_harm harm = source->layout->harm;
    harm.what %= HARMS;
    bool harmed = harm.what != NO_HARM && harm.column == column && harm.batch == source->batch;
    struct shape shape = shape_of(source->rows, source->layout, column);
    struct items items = {.before = source->layout->offset, .count = count};
    for (uint32_t i = 0; i < count; i++)
        items.cells[i] = &source->rows->cells[source->at + i][column];
    if (shape.index)
        make_encoded(array, &items, &shape, harmed ? &harm : NULL);
    else
        make_array(array, &items, shape.format, NULL, 0, harmed ? &harm : NULL);
    if (harmed)
        break_array(harm.in_dictionary && shape.index ? array->dictionary : array, &harm);
}

static int get_next(struct ArrowArrayStream *stream, struct ArrowArray *out)
{
    struct source *source = stream->private_data;
    uint32_t left = source->rows->rows - source->at;
    uint32_t count = source->layout->batch < left ? source->layout->batch : left;
    *out = (struct ArrowArray){.release = NULL};
    if (is_harmed(source, STREAM) && source->layout->harm.value % 4 == 1 + source->batch)
        return EIO;
    if (left == 0)
        return 0;
    struct owned *owned = new_owned(column_count(source->rows), sizeof *out);
    *out = (struct ArrowArray){
        .length = count,
        .n_buffers = 1,
        .n_children = (int64_t)owned->child_count,
        .buffers = owned->pointers,
        .children = (struct ArrowArray **)owned->child_pointers,
        .release = release_array,
        .private_data = owned,
    };
    struct ArrowArray *child = owned->children;
    for (uint32_t i = 0; i < ARROW_COLUMNS; i++)
        if (source->rows->is_there[i])
            make_column(source, i, count, child++);
    struct arrow_harm harm = source->layout->harm;
    harm.what %= HARMS;
    if (harm.batch == source->batch && harm.what != NO_HARM)
        break_batch(out, &harm);
    source->at += count;
    source->batch++;
    return 0;
}

static const char *get_last_error(struct ArrowArrayStream *stream)
{
    const struct source *source = stream->private_data;
    return source->layout->harm.item % 2 ? "it failed" : NULL;
}

static void release_stream(struct ArrowArrayStream *stream)
{
    free(stream->private_data);
    stream->release = NULL;
    arrow_live--;
}

struct ArrowArrayStream arrow_stream(const struct arrow_rows *rows, const struct arrow_layout *layout)
{
    struct source *source = calloc(1, sizeof *source);
    MUST(source);
    source->rows = rows;
    source->layout = layout;
    arrow_live++;
    return (struct ArrowArrayStream){
        .get_schema = get_schema,
        .get_next = get_next,
        .get_last_error = get_last_error,
        .release = release_stream,
        .private_data = source,
    };
}
