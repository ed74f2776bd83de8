/* SPDX-License-Identifier: MIT */
/**
 * @file
 * Arrow: events from any data frame, and tables to any.
 *
 * Data cross the border as the structs of the Arrow C data interface and C stream interface
 * (https://arrow.apache.org/docs/format/CDataInterface.html), which this header defines where no other has. No Arrow
 * library is needed, on either side.
 *
 * Nothing that comes from outside is trusted: every length, offset and index is checked before it is used, and a struct
 * that breaks the interface's rules is refused with words that say where. What cannot be checked is what the interface
 * does not tell: how much memory lies behind a pointer. Nor may that memory change while it is lent.
 */
#ifndef KITH_ARROW_H
#define KITH_ARROW_H

#include <kith/kith.h>

#ifdef __cplusplus
extern "C" {
#endif

#ifndef ARROW_C_DATA_INTERFACE

/** Set where the structs of the C data interface are there; other headers ask for it, too. */
#define ARROW_C_DATA_INTERFACE

#define ARROW_FLAG_DICTIONARY_ORDERED 1 /**< the order of a dictionary's values means something */
#define ARROW_FLAG_NULLABLE 2           /**< values may be null */
#define ARROW_FLAG_MAP_KEYS_SORTED 4    /**< of maps, which kith does not use */

/** What an array's values are. */
struct ArrowSchema {
    const char *format;             /**< NUL-terminated, such as "l" or "tsu:UTC" */
    const char *name;               /**< NUL-terminated; may be NULL */
    const char *metadata;           /**< keys and values, each with its length; may be NULL; not looked at */
    int64_t flags;                  /**< ARROW_FLAG_… */
    int64_t n_children;             /**< how many children */
    struct ArrowSchema **children;  /**< of a struct, its columns */
    struct ArrowSchema *dictionary; /**< of the values that the array's own are indexes of; else NULL */
    void (*release)(struct ArrowSchema *schema); /**< NULL once it has been released, or moved */
    void *private_data;                          /**< the producer's */
};

/** Values: of one column or, as children, of several. */
struct ArrowArray {
    int64_t length;                            /**< items that count */
    int64_t null_count;                        /**< how many of them are null; -1 where it has not been counted */
    int64_t offset;                            /**< items before the first that counts */
    int64_t n_buffers;                         /**< how many buffers */
    int64_t n_children;                        /**< how many children */
    const void **buffers;                      /**< which items are not null, a bit each, and values */
    struct ArrowArray **children;              /**< of a struct, its columns, to which its offset applies too */
    struct ArrowArray *dictionary;             /**< the values that its own are indexes of; else NULL */
    void (*release)(struct ArrowArray *array); /**< NULL once it has been released, or moved */
    void *private_data;                        /**< the producer's */
};

#endif

#ifndef ARROW_C_STREAM_INTERFACE

/** Likewise of the C stream interface. */
#define ARROW_C_STREAM_INTERFACE

/** Arrays of one schema, one after the other. */
struct ArrowArrayStream {
    int (*get_schema)(struct ArrowArrayStream *stream, struct ArrowSchema *out); /**< 0, or an errno */
    int (*get_next)(struct ArrowArrayStream *stream, struct ArrowArray *out);    /**< out->release is NULL at the end */
    const char *(*get_last_error)(struct ArrowArrayStream *stream);              /**< in words, or NULL */
    void (*release)(struct ArrowArrayStream *stream); /**< NULL once it has been released, or moved */
    void *private_data;                               /**< the producer's */
};

#endif

/**
 * Events as an Arrow stream, each of whose arrays is a struct of columns: what a table, a record batch reader or a data
 * frame gives.
 *
 * | column | types | null |
 * | --- | --- | --- |
 * | time | timestamp of any unit; date; whole number of Unix seconds; text as in a CSV export | is rejected |
 * | member | text, where the engine is KITH_NAMED; whole number from 0, where it is KITH_NUMBERED | nobody |
 * | kind | text | is rejected |
 * | target | as member; the column may be missing | nobody |
 * | quantity | whole number; the column may be missing | 1 |
 * | id | text or whole number, see kith_event::event_id; the column may be missing | none |
 *
 * Text may be of any layout (utf8, large utf8, utf8 view), whole numbers of any width, and either may be encoded by a
 * dictionary. Floats are taken as long as they are whole and below 2^53 (float32: 2^24), up to where whole numbers can
 * be told apart, a NaN as null, as that is what data frames make of whole numbers with gaps; any other float for an id
 * ends the call with ::KITH_BAD_EXPORT, as there is no telling whether two of them are the same. A timestamp with a
 * zone is the moment that it is, whatever the zone; one without is on the community's clock, as is a date, which is its
 * first moment. Fractions of a second are cut off. Empty text stands for null. Other columns are not looked at.
 */
typedef struct kith_arrow {
    uint32_t size;
    uint32_t reserved;               /**< 0 */
    struct ArrowArrayStream *stream; /**< taken over: released by the call, whatever comes of it, and never used again.
                                          Its callbacks, and those of what it gives, are called by the thread that made
                                          the call, however many the engine has, and must not use the engine. Up to 64
                                          of its arrays are held at once, until there are two million rows */
    const char *name;                /**< for messages and rejects; NULL for "arrow" */
    const char *time;                /**< name of the column that holds the time; NULL for "time" */
    const char *member;              /**< likewise; NULL for "member" */
    const char *kind;                /**< likewise; NULL for "kind" */
    const char *target;              /**< likewise; NULL for "target", which then may be missing */
    const char *quantity;            /**< likewise; NULL for "quantity", which then may be missing */
    const char *event_id;            /**< likewise; NULL for "id", which then may be missing, or be another field's */
    kith_reject_fn reject;           /**< told each row that was refused, `line` being its number in the stream, from 1,
                                          and `row` empty; may be NULL. They are told when some million rows have been
                                          dealt with, so that more are counted than were told where it asks to stop */
    void *reject_context;            /**< handed to reject */
} kith_arrow;

/**
 * Add the events of an Arrow stream. A row that cannot be used is rejected, the others count.
 *
 * @param input  what to read. Its stream is released also where the call fails; but where input itself cannot be read,
 *               being NULL or smaller than a kith_arrow, it is not touched
 * @param added  what became of the rows, also on failure; its size, and nothing else, is set by the caller; may be NULL
 * @retval KITH_BAD_EXPORT    a column is missing or of a type that it cannot be of, or a struct breaks the rules of the
 *                            interface: error says which, and at which row
 * @retval KITH_INPUT_OUTPUT  the stream failed, in the words that it gave; or as for kith_engine_add_export()
 * @retval KITH_CANCELLED     progress or reject asked to stop
 * @retval KITH_NO_MEMORY     there was not enough
 * @retval KITH_BAD_ARGUMENT, KITH_UNSUPPORTED  nothing was changed
 *
 * After any other failure the first added->read rows are dealt with, no other.
 * @since 0.1
 */
KITH_API KITH_NODISCARD kith_status kith_engine_add_arrow(kith_engine *engine, const kith_arrow *input,
                                                          kith_added *added, kith_error *error);

/**
 * How an engine must know its members to take a stream: by its schema alone. The stream is not used up, nor released,
 * but may be moved on the way.
 *
 * @param members  receives KITH_NAMED or KITH_NUMBERED
 * @retval KITH_BAD_EXPORT    there is no such column, or one that holds neither text nor numbers; members is as it was
 * @retval KITH_INPUT_OUTPUT  the stream failed; members is as it was
 * @retval KITH_BAD_ARGUMENT, KITH_UNSUPPORTED  members is as it was
 * @since 0.1
 */
KITH_API KITH_NODISCARD kith_status kith_arrow_get_members(const kith_arrow *input, uint32_t *members,
                                                           kith_error *error);

/**
 * A table as an Arrow stream of one struct array, which shares the table's memory where the layouts agree.
 *
 * | column of the table | type |
 * | --- | --- |
 * | KITH_COLUMN_TEXT | large utf8 |
 * | KITH_COLUMN_ID | uint64 |
 * | KITH_COLUMN_COUNT | int64 |
 * | KITH_COLUMN_SCORE | float64: 31.42 for 3142; null for none |
 * | KITH_COLUMN_LABEL | uint8, by a dictionary of utf8 |
 * | KITH_COLUMN_FLAGS | uint8, by a dictionary of utf8 that has all sets of flags as the CSV writes them |
 * | KITH_COLUMN_TIME | timestamp of seconds, UTC; null for none |
 * | KITH_COLUMN_DAY | date32 |
 *
 * @param table   may be freed while the stream, or what came from it, is in use. One of rejects is copied: it can be
 *                added to
 * @param stream  receives the stream, to be released by its own release; what it held before is not released. It, and
 *                what comes from it, may be used and released by any thread; then the table's allocator must be safe to
 *                be called by several at once
 * @retval KITH_NO_MEMORY, KITH_BAD_ARGUMENT  stream is as it was
 * @since 0.1
 */
KITH_API KITH_NODISCARD kith_status kith_table_get_arrow(const kith_table *table, struct ArrowArrayStream *stream,
                                                         kith_error *error);

#ifdef __cplusplus
}
#endif

#endif
