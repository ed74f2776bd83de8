/* SPDX-License-Identifier: MIT */
/**
 * @file
 * kith: weekly scores, tiers and churn flags for the members of a community.
 *
 * In the order of a run: a *policy* holds every figure of the model; an *engine* takes events under it and reviews
 * the weeks that are over; a *review* holds what those weeks brought; a *table* is one view of a review. docs/model.md
 * says what is computed.
 *
 * Rules that hold for every function:
 * - A call that can fail returns a ::kith_status and gives its result through pointers. Where it fails, those results
 *   are as they were, unless its comment says otherwise. Arguments are checked before anything is changed.
 * - A ::kith_error is the caller's and may be NULL. It is filled on failure only.
 * - Handles are made by `_new` and its like, and freed by `_free`, which takes NULL.
 * - A struct that the caller fills or receives begins with `size`, to be set to its `sizeof`; all else may be zero,
 *   which is the default everywhere. Structs grow at the end alone. The library reads and writes within `size`; a
 *   caller that sets a field which this library does not know gets ::KITH_UNSUPPORTED.
 * - Text is UTF-8. Times are Unix seconds, UTC. Scores are hundredths of a point: 3142 is 31.42.
 * - There is no global state. Different engines may be used by different threads at once, one engine by one thread
 *   at a time; a policy, a review and a table are never changed once made and may be read by many threads.
 */
#ifndef KITH_KITH_H
#define KITH_KITH_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#ifdef __cplusplus
extern "C" {
#endif

#if defined(__GNUC__)
#define KITH_API __attribute__((visibility("default")))
#define KITH_NODISCARD __attribute__((warn_unused_result))
#else
#define KITH_API
#define KITH_NODISCARD
#endif

/** Version of this header; kith_version() is that of the library in use. */
#define KITH_VERSION "0.1.0"

/**
 * Version of the library in use, such as "0.1.0".
 *
 * @return a constant string
 * @since 0.1
 */
KITH_API const char *kith_version(void);

/* ------------------------------------------------------------------------------------------------------------------
 * Outcome of a call
 * --------------------------------------------------------------------------------------------------------------- */

/** Outcome of a call: one of the KITH_OK … constants. Values are never given a new meaning. */
typedef int32_t kith_status;

enum {
    KITH_OK = 0,
    KITH_BAD_ARGUMENT = 1,    /**< a caller's mistake: NULL, an unknown constant, an index past the end */
    KITH_NO_MEMORY = 2,       /**< the allocator returned NULL, or an engine's options allow no more members */
    KITH_UNSUPPORTED = 3,     /**< a struct sets a field which this version of the library does not know */
    KITH_CANCELLED = 4,       /**< the progress or reject callback asked to stop */
    KITH_INPUT_OUTPUT = 5,    /**< a file or a callback could not be opened, read or written */
    KITH_BAD_POLICY = 6,      /**< the text of a policy has a fault */
    KITH_BAD_EXPORT = 7,      /**< an export cannot be read as one: no header, a column missing, damaged gzip */
    KITH_REFUSED = 8,         /**< a single event cannot be used; `reason` of the error says why */
    KITH_TOO_MANY_WEEKS = 9,  /**< a review would span more weeks than the engine's options allow */
    KITH_UNKNOWN_MEMBER = 10, /**< no event, or none up to the moment asked for, names the member */
    KITH_OUT_OF_ORDER = 11,   /**< a sequence number that comes behind a greater one of its source */
    KITH_BAD_SNAPSHOT = 12,   /**< a snapshot is damaged, or is none */
    KITH_NEWER_SNAPSHOT = 13, /**< a snapshot was written by a later version of the library, in a form not known here */
    KITH_OTHER_POLICY = 14,   /**< a policy cannot take the place of the one that the engine's weeks go by */
    KITH_BAD_SOURCE = 15      /**< the text of a source description has a fault, or does not go with the policy */
};

/**
 * Name of a status, such as "KITH_BAD_POLICY".
 *
 * @return a constant string; "unknown" for a value that is no status
 * @since 0.1
 */
KITH_API const char *kith_status_name(kith_status status);

/** A run of bytes, UTF-8 unless said otherwise, not NUL-terminated unless said otherwise. */
typedef struct kith_text {
    const char *data; /**< may be NULL where length is 0 */
    uint64_t length;  /**< in bytes */
} kith_text;

/**
 * Text of a NUL-terminated string.
 *
 * @param string  outlives the text; NULL gives an empty one
 * @since 0.1
 */
static inline kith_text kith_text_of(const char *string)
{
    kith_text text = {string, string ? (uint64_t)strlen(string) : 0};
    return text;
}

/** Why a row or an event was rejected; where several reasons hold, the first of this list. */
enum {
    KITH_REASON_NONE = 0,
    KITH_REASON_QUOTE = 1,    /**< a stray quote, or one that is never closed */
    KITH_REASON_FIELDS = 2,   /**< more or fewer fields than the header */
    KITH_REASON_TIME = 3,     /**< no time, or one outside 0 … 253370764799 */
    KITH_REASON_MEMBER = 4,   /**< not UTF-8, over 255 bytes, unknown to the engine, or neither member nor target */
    KITH_REASON_TARGET = 5,   /**< not UTF-8, over 255 bytes, or unknown to the engine */
    KITH_REASON_KIND = 6,     /**< not a kind of the policy */
    KITH_REASON_QUANTITY = 7, /**< not a whole number from 1 to 1 000 000 000 */
    KITH_REASON_LATE = 8,     /**< in a week that has been reviewed */
    KITH_REASON_FUTURE = 9,   /**< later than the clock allows, see kith_engine_options */
    KITH_REASON_JSON = 10,    /**< a row is no JSON text, or a longer one than rows may be */
    KITH_REASONS = 11,        /**< how many reasons there are, KITH_REASON_NONE among them */
    KITH_REASON_SKIPPED = 255 /**< no reason, nor a reject: what kith_added::reasons holds of an event that was taken
                                   before, by its sequence or its event_id */
};

/**
 * Name of a reason as it stands in the tables: "quote", "fields", … "future".
 *
 * @return a constant string; "" for KITH_REASON_NONE, "skipped" for KITH_REASON_SKIPPED, "unknown" for a value that is
 *         no reason
 * @since 0.1
 */
KITH_API const char *kith_reason_name(uint32_t reason);

/**
 * What went wrong, where, and in words. All text is NUL-terminated, and cut at a whole character where it is too
 * long; what does not apply is empty or 0.
 */
typedef struct kith_error {
    uint32_t size;
    kith_status status; /**< what the call returned */
    uint32_t reason;    /**< of ::KITH_REFUSED: a KITH_REASON_… */
    uint32_t reserved;  /**< 0 */
    uint64_t line;      /**< in the file, from 1 */
    uint64_t column;    /**< byte in the line, from 1; of a snapshot, byte of the file at which the part begins */
    char file[256];     /**< path or name of the file */
    char field[96];     /**< key, column or argument at fault */
    char value[160];    /**< what stood there */
    char message[512];  /**< one sentence that holds all of this, without an end mark */
} kith_error;

/* ------------------------------------------------------------------------------------------------------------------
 * Callbacks
 * --------------------------------------------------------------------------------------------------------------- */

/**
 * Memory for one handle and what belongs to it.
 *
 * The functions behave like malloc, realloc and free, with the context in front. They are called by the thread that
 * uses the handle and, where an engine has several threads, by those too: then they must be safe to be called from
 * several threads at once.
 */
typedef struct kith_allocator {
    void *(*malloc)(void *context, size_t size);                /**< NULL where there is none; size is never 0 */
    void *(*realloc)(void *context, void *memory, size_t size); /**< on NULL, memory is as it was */
    void (*free)(void *context, void *memory);                  /**< memory is never NULL */
    void *context;                                              /**< handed to each of them */
} kith_allocator;

/**
 * Told how far a long call has come, by the thread that made the call; also, about ten times a second, while there is
 * nothing to do but wait for a pipe. Must not use the handle that is at work.
 *
 * @param done   of total: bytes of an export, events of an array, rows of an Arrow stream, weeks of a review
 * @param total  0 where it is not known (a pipe, an Arrow stream)
 * @return 0 to go on; anything else stops the call with ::KITH_CANCELLED
 */
typedef int (*kith_progress_fn)(void *context, uint64_t done, uint64_t total);

/**
 * Gives bytes, as read(2) does.
 *
 * @param buffer  room for capacity bytes
 * @return number of bytes given, 0 at the end, negative for a fault (the call then fails with ::KITH_INPUT_OUTPUT)
 */
typedef int64_t (*kith_read_fn)(void *context, void *buffer, size_t capacity);

/**
 * Takes bytes.
 *
 * @return 0 if all were taken; anything else is a fault (the call then fails with ::KITH_INPUT_OUTPUT)
 */
typedef int (*kith_write_fn)(void *context, const void *bytes, size_t length);

/* ------------------------------------------------------------------------------------------------------------------
 * Policy
 * --------------------------------------------------------------------------------------------------------------- */

/** Every figure of the model. Never changed once made. */
typedef struct kith_policy kith_policy;

/** Told each fault of a policy's text, in the order of the text. The error lives for the call alone. */
typedef void (*kith_fault_fn)(void *context, const kith_error *fault);

/** How a policy is made. */
typedef struct kith_policy_options {
    uint32_t size;
    uint32_t reserved;               /**< 0 */
    const kith_allocator *allocator; /**< copied; NULL for malloc and its like */
    kith_fault_fn fault;             /**< told every fault, where the error tells the first alone; may be NULL */
    void *fault_context;             /**< handed to fault */
} kith_policy_options;

/**
 * The default policy.
 *
 * @param options  may be NULL
 * @param policy   receives the policy; free it with kith_policy_free()
 * @retval KITH_BAD_ARGUMENT, KITH_UNSUPPORTED  nothing was made
 * @retval KITH_NO_MEMORY                       nothing was made
 * @since 0.1
 */
KITH_API KITH_NODISCARD kith_status kith_policy_new(const kith_policy_options *options, kith_policy **policy,
                                                    kith_error *error);

/**
 * Read a policy from the text of a policy file. What the text leaves out has its default.
 *
 * @param text     the file's content, up to 1 MiB
 * @param name     the file's name, for faults; NULL for "policy"
 * @param options  may be NULL
 * @param policy   receives the policy; free it with kith_policy_free()
 * @retval KITH_BAD_POLICY                      the text has faults; error holds the first, options->fault got each
 * @retval KITH_BAD_ARGUMENT, KITH_UNSUPPORTED  nothing was made
 * @retval KITH_NO_MEMORY                       nothing was made
 * @since 0.1
 */
KITH_API KITH_NODISCARD kith_status kith_policy_parse(kith_text text, const char *name,
                                                      const kith_policy_options *options, kith_policy **policy,
                                                      kith_error *error);

/**
 * Read a policy file; as kith_policy_parse().
 *
 * @param path  the file
 * @retval KITH_INPUT_OUTPUT  the file cannot be read
 * @since 0.1
 */
KITH_API KITH_NODISCARD kith_status kith_policy_load(const char *path, const kith_policy_options *options,
                                                     kith_policy **policy, kith_error *error);

/** @since 0.1 */
KITH_API void kith_policy_free(kith_policy *policy);

/**
 * Write a policy as the text of a policy file: every key, with comments that say what it does. Read again, it gives
 * the same policy.
 *
 * @param write  takes the text, in pieces
 * @retval KITH_INPUT_OUTPUT  write asked to stop
 * @retval KITH_NO_MEMORY     nothing was written
 * @since 0.1
 */
KITH_API KITH_NODISCARD kith_status kith_policy_write(const kith_policy *policy, kith_write_fn write, void *context,
                                                      kith_error *error);

/** What a policy holds. */
typedef struct kith_policy_info {
    uint32_t size;
    uint32_t tiers;      /**< 2 … 16 */
    uint32_t kinds;      /**< 1 … 64 */
    int32_t utc_offset;  /**< seconds east of UTC */
    uint32_t week_start; /**< Monday = 0 … Sunday = 6 */
    uint32_t reserved;   /**< 0 */
    uint64_t digest;     /**< same figures, same digest: SipHash-1-3 under key 0 of the written policy, less comments */
} kith_policy_info;

/**
 * @param info  its size is set by the caller
 * @retval KITH_BAD_ARGUMENT  info is as it was
 * @since 0.1
 */
KITH_API KITH_NODISCARD kith_status kith_policy_get_info(const kith_policy *policy, kith_policy_info *info,
                                                         kith_error *error);

/** A tier. */
typedef struct kith_tier {
    uint32_t size;
    int32_t promote_at;       /**< hundredths; 0 for the lowest */
    int32_t keep_at;          /**< hundredths; 0 for the lowest */
    uint32_t min_active_days; /**< 0 … 28 */
    uint32_t min_supporters;  /**< 0 … 65 535 */
    uint32_t reserved;        /**< 0 */
    const char *name;         /**< NUL-terminated; lives as long as the policy */
} kith_tier;

/**
 * @param index  0, the lowest, to kith_policy_info::tiers - 1
 * @param tier   its size is set by the caller
 * @retval KITH_BAD_ARGUMENT  tier is as it was
 * @since 0.1
 */
KITH_API KITH_NODISCARD kith_status kith_policy_get_tier(const kith_policy *policy, uint32_t index, kith_tier *tier,
                                                         kith_error *error);

/** Dimensions of a contribution. */
enum { KITH_CONTENT = 0, KITH_INTERACTION = 1, KITH_COMMUNITY = 2, KITH_DIMENSIONS = 3 };

/** Whom a kind credits, with what. Part of kith_kind; never grows. */
typedef struct kith_credit {
    uint32_t given;     /**< 1 where there is such a credit, else 0 and the rest 0 too */
    uint32_t dimension; /**< KITH_CONTENT … */
    int32_t points;     /**< of one unit, in thousandths */
    uint32_t cap;       /**< quantity a week in all; 0 for no limit */
    uint32_t each;      /**< quantity a week with any one other member; 0 for no limit */
} kith_credit;

/** A kind of event. */
typedef struct kith_kind {
    uint32_t size;
    uint32_t leave;       /**< 1 where it is a notice of leave */
    const char *name;     /**< NUL-terminated; lives as long as the policy */
    kith_credit gives;    /**< to the member who acts */
    kith_credit receives; /**< to the target */
} kith_kind;

/**
 * @param index  0 to kith_policy_info::kinds - 1, in the order of the policy file
 * @param kind   its size is set by the caller
 * @retval KITH_BAD_ARGUMENT  kind is as it was
 * @since 0.1
 */
KITH_API KITH_NODISCARD kith_status kith_policy_get_kind(const kith_policy *policy, uint32_t index, kith_kind *kind,
                                                         kith_error *error);

/**
 * Find a kind by its name.
 *
 * @param index  receives what an event's `kind` holds
 * @retval KITH_BAD_ARGUMENT  the policy has no such kind; index is as it was
 * @since 0.1
 */
KITH_API KITH_NODISCARD kith_status kith_policy_find_kind(const kith_policy *policy, kith_text name, uint32_t *index,
                                                          kith_error *error);

/**
 * Read a time as exports write it: Unix seconds, or ISO 8601 on the community's clock unless it carries an offset. A
 * bare date is the moment at which that day begins there. The time may be one that no event can have, such as one
 * before 1970.
 *
 * @param text  such as "2026-03-20" or "2026-03-20T17:05:00+02:00"
 * @param time  receives Unix seconds
 * @retval KITH_BAD_ARGUMENT  not a time; time is as it was
 * @since 0.1
 */
KITH_API KITH_NODISCARD kith_status kith_policy_parse_time(const kith_policy *policy, kith_text text, int64_t *time,
                                                           kith_error *error);

/** A week on the community's clock. */
typedef struct kith_week {
    uint32_t size;
    int32_t first_day; /**< days since 1970-01-01 */
    int64_t begin;     /**< the second at which it begins */
    int64_t end;       /**< the second at which the next one begins */
} kith_week;

/**
 * The week that holds a moment.
 *
 * @param time  0 … 253370764799
 * @param week  its size is set by the caller
 * @retval KITH_BAD_ARGUMENT  week is as it was
 * @since 0.1
 */
KITH_API KITH_NODISCARD kith_status kith_policy_get_week(const kith_policy *policy, int64_t time, kith_week *week,
                                                         kith_error *error);

/* ------------------------------------------------------------------------------------------------------------------
 * Engine
 * --------------------------------------------------------------------------------------------------------------- */

/** Takes events and reviews weeks. */
typedef struct kith_engine kith_engine;

/** How an engine knows its members. */
enum {
    KITH_NAMED = 0,   /**< by name, up to 255 bytes of UTF-8 */
    KITH_NUMBERED = 1 /**< by 64-bit ids of the application; names cost nothing */
};

/** Tables, and bits by which an engine's options ask for them. */
enum {
    KITH_STANDINGS = 1, /**< where each member stands after the last review */
    KITH_CHANGES = 2,   /**< every change of tier */
    KITH_FLAGS = 4,     /**< every flag in the week in which it was raised */
    KITH_WEEKS = 8,     /**< one row a week */
    KITH_HISTORY = 16,  /**< every member at every review */
    KITH_REJECTS = 32,  /**< rows that were refused; made by kith_rejects_new() */
    KITH_WATCH = 64     /**< who is slipping away as of a moment; made by kith_engine_get_watch() */
};

/**
 * How an engine works.
 *
 * Weeks are open until they are reviewed. Those that events have moved past are sealed: they take some ten bytes for
 * each member that acted, and come back when they are reviewed or asked for. An application that reviews week by week
 * sees nothing of this. With `memory`, what open weeks hold beyond it is written to a temporary file without a name,
 * in the folder that the environment variable TMPDIR names, or in /tmp; its room is given back with the engine, or once
 * no week is in it any more. Beside `memory`, an engine takes what its members do (docs/design.md says how much), one
 * week while that is reviewed, and what its reviews hand out. A call that asks about a moment not reviewed yet brings
 * all weeks up to it back, whatever `memory` says, until more events come: an engine that is asked often is better off
 * without it.
 */
typedef struct kith_engine_options {
    uint32_t size;
    uint32_t members;   /**< KITH_NAMED or KITH_NUMBERED */
    uint32_t tables;    /**< what reviews collect, KITH_STANDINGS | …; 0 for all but KITH_HISTORY */
    uint32_t threads;   /**< by how many one call may be done, 1 … 64; 0 for 1. From 2 on, reading and adding have
                                        others beside the caller's, which wait for one another and seldom all work at
                                        once: one reads, as many as this says where there are several exports or
                                        pieces of one; one inflates, and another looks ahead in a large packed
                                        file, one finds names, one puts weeks aside. The results are the same bits. */
    uint32_t max_weeks; /**< weeks that one review may span, 0 for 5200 */
    uint32_t reserved;  /**< 0 */
    int64_t future;     /**< an event this many seconds after now is refused; 0 for 86400, negative for no limit */
    int64_t (*now)(void *context);   /**< the clock that `future` goes by, Unix seconds; NULL for the system's */
    void *now_context;               /**< handed to now */
    kith_progress_fn progress;       /**< told how far long calls have come; may be NULL */
    void *progress_context;          /**< handed to progress */
    const kith_allocator *allocator; /**< copied; NULL for malloc and its like */
    uint64_t memory;      /**< bytes that open weeks may take in memory, 1048576 at least; 0 for no limit but memory */
    uint64_t max_members; /**< members that the engine may come to know, those merged or forgotten since among them:
                             what would make it know another fails as if there was no memory for it. 0 for 4294967294,
                             the most there can be. A limit below what a snapshot holds lets no more come */
} kith_engine_options;

/**
 * Make an engine without members.
 *
 * @param policy   copied
 * @param options  may be NULL
 * @param engine   receives the engine; free it with kith_engine_free()
 * @retval KITH_BAD_ARGUMENT, KITH_UNSUPPORTED  nothing was made
 * @retval KITH_NO_MEMORY                       nothing was made
 * @since 0.1
 */
KITH_API KITH_NODISCARD kith_status kith_engine_new(const kith_policy *policy, const kith_engine_options *options,
                                                    kith_engine **engine, kith_error *error);

/** Reviews and tables that came from it live on. @since 0.1 */
KITH_API void kith_engine_free(kith_engine *engine);

/**
 * Ids of named members, for events; a name not seen before gets one. Such a member is in no table until an event
 * names it. A member keeps its id through snapshots, until it is forgotten.
 *
 * @param names  count names, 1 to 255 bytes of UTF-8 each; copied
 * @param ids    receives count ids, never 0; they are this engine's alone, and those of engines loaded from it
 * @retval KITH_BAD_ARGUMENT  the engine is KITH_NUMBERED, or a name is not valid; no name was taken
 * @retval KITH_NO_MEMORY     some names may be known already; ids is as it was
 * @since 0.1
 */
KITH_API KITH_NODISCARD kith_status kith_engine_get_ids(kith_engine *engine, const kith_text *names, uint64_t count,
                                                        uint64_t *ids, kith_error *error);

/**
 * A kind that every policy has: a notice of leave, as docs/model.md has it, from the day of the event for as many days
 * as its quantity says. It is an event like those of a kind with `leave = yes`, and credits nobody.
 */
#define KITH_KIND_LEAVE UINT32_MAX

/**
 * One event. A member of a KITH_NAMED engine is given by name, or by the id from kith_engine_get_ids().
 *
 * Two fields, each of use alone, see to it that an event counts once:
 * - `sequence` is its number within its source (a queue, a table, a log), from 1 and rising, not necessarily by one. A
 *   number that was dealt with before is skipped, so that after a restart an application can hand over again whatever
 *   came after any earlier point. An event that is refused is dealt with, too, for whatever reason: to be
 *   tried once more, as after a clock was set right, it needs another number or none.
 * - `event_id` is the event's own name. One that was taken before, and fell in a week that is still open, is skipped.
 *
 * A skipped event is a success, counted by kith_engine_info::skipped; which one it was, kith_added::reasons says.
 */
typedef struct kith_event {
    uint32_t size;
    uint32_t kind;         /**< index in the policy, see kith_policy_find_kind(); or ::KITH_KIND_LEAVE */
    int64_t time;          /**< 0 … 253370764799 */
    uint64_t member;       /**< who acted; nobody where it equals `nobody` */
    uint64_t target;       /**< whom the act was aimed at; nobody where it equals `nobody` */
    uint64_t nobody;       /**< the id that stands for no member: 0 unless an application has a member 0 */
    uint32_t quantity;     /**< 1 … 1 000 000 000 */
    uint32_t reserved;     /**< 0 */
    kith_text member_name; /**< in place of member; empty where there is none */
    kith_text target_name; /**< in place of target; empty where there is none */
    uint64_t sequence;     /**< its number within source, from 1; 0 where it has none */
    kith_text source;      /**< where it comes from, 1 to 255 bytes; used where there is a sequence */
    kith_text event_id;    /**< bytes of any length that no other event has; empty where it has none */
} kith_event;

/**
 * Add one event.
 *
 * @retval KITH_REFUSED                         it cannot be used; error->reason says why; nothing was changed, but for
 *                                              its number having been dealt with, and the counts of kith_engine_info
 * @retval KITH_OUT_OF_ORDER                    its number lies below one that was dealt with, and was not itself; known
 *                                              for the latest 64 numbers of a source, below which all count as dealt
 *                                              with; nothing was changed
 * @retval KITH_BAD_ARGUMENT, KITH_UNSUPPORTED  nothing was changed
 * @retval KITH_NO_MEMORY                       it was not taken; nothing that can be seen was changed
 * @retval KITH_INPUT_OUTPUT                    as KITH_NO_MEMORY: kith_engine_options::memory is full, and so is the
 *                                              temporary file, or it cannot be made. Nothing was lost: call again
 * @since 0.1
 */
KITH_API KITH_NODISCARD kith_status kith_engine_add_event(kith_engine *engine, const kith_event *event,
                                                          kith_error *error);

/**
 * Many events: for each field a pointer to its first value, and how many bytes lie between one value and the next.
 * So an array of structs, separate columns and views of either are all the same to it. A stride of 0 stands for
 * values that lie side by side. Values are read as they lie and need not be aligned.
 */
typedef struct kith_events {
    uint32_t size;
    uint32_t reserved;         /**< 0 */
    uint64_t count;            /**< number of events */
    const int64_t *time;       /**< 0 … 253370764799 */
    const uint64_t *member;    /**< ids; NULL where nobody acted (all are anonymous) */
    const uint32_t *kind;      /**< index in the policy, or ::KITH_KIND_LEAVE */
    const uint64_t *target;    /**< ids; NULL for no targets */
    const uint32_t *quantity;  /**< 1 … 1 000 000 000; NULL for 1 each */
    int64_t time_stride;       /**< bytes from one time to the next; 0 where they lie side by side */
    int64_t member_stride;     /**< bytes from one member to the next; 0 where they lie side by side */
    int64_t kind_stride;       /**< bytes from one kind to the next; 0 where they lie side by side */
    int64_t target_stride;     /**< bytes from one target to the next; 0 where they lie side by side */
    int64_t quantity_stride;   /**< bytes from one quantity to the next; 0 where they lie side by side */
    uint64_t nobody;           /**< the id that stands for no member: 0 unless an application has a member 0 */
    kith_text source;          /**< where all of them come from; needed where there is a sequence */
    const uint64_t *sequence;  /**< numbers within source, see kith_event; NULL for none */
    int64_t sequence_stride;   /**< bytes from one number to the next; 0 where they lie side by side */
    const kith_text *event_id; /**< see kith_event; NULL for none */
    int64_t event_id_stride;   /**< bytes from one text to the next; 0 where they lie side by side */
} kith_events;

/** What became of the rows or events of a call. */
typedef struct kith_added {
    uint32_t size;
    uint32_t reserved;               /**< 0 */
    uint64_t read;                   /**< rows or events looked at: taken, rejected, skipped and ignored; one for each
                                          event, where a row gives several */
    uint64_t taken;                  /**< that now count */
    uint64_t rejected;               /**< that do not */
    uint64_t rejected_by_reason[16]; /**< by KITH_REASON_… */
    uint8_t *reasons;                /**< set by the caller for kith_engine_add(): receives a KITH_REASON_… for each
                                          event looked at, KITH_REASON_NONE for those that now count; NULL if it is not
                                          wanted */
    uint64_t skipped;                /**< that were taken before, by their sequence or their event_id */
    uint64_t end_offset;             /**< of an export: bytes of its text, once inflated, up to the end of the last row
                                          dealt with, also where the call failed; rows are dealt with in their order,
                                          each with all its events. Of a row with more than 256, some may have been
                                          taken by a call that failed before its end */
    uint64_t end_line;               /**< of an export: the line on which the row behind it would start */
    uint64_t ignored;                /**< left out on purpose, as the source description says */
} kith_added;

/**
 * Add many events. One that cannot be used is rejected, the others count.
 *
 * @param added  what became of them, also on failure; its size, and `reasons` if wanted, is set by the caller; may be
 *               NULL
 * @retval KITH_CANCELLED                       the first added->read events are dealt with, no other
 * @retval KITH_OUT_OF_ORDER                    the first added->read events are dealt with, no other
 * @retval KITH_NO_MEMORY                       the first added->read events are dealt with, no other
 * @retval KITH_INPUT_OUTPUT                    likewise; the temporary file of kith_engine_options::memory cannot be
 *                                              made or is full. Call again with the rest to go on
 * @retval KITH_BAD_ARGUMENT, KITH_UNSUPPORTED  nothing was changed
 * @since 0.1
 */
KITH_API KITH_NODISCARD kith_status kith_engine_add(kith_engine *engine, const kith_events *events, kith_added *added,
                                                    kith_error *error);

/** A row that was refused. Its text lives for the call of kith_reject_fn alone. */
typedef struct kith_reject {
    uint32_t size;
    uint32_t reason;  /**< KITH_REASON_… */
    uint64_t line;    /**< on which the row starts; the first of the file is 1 */
    kith_text file;   /**< last component of the export's path */
    kith_text column; /**< header of the column at fault, or the path; by a source description, all that it reads the
                           field from, as it is written there; empty where none is */
    kith_text value;  /**< what that held; empty where none is */
    kith_text row;    /**< the row as it stood, without its line end; any bytes. The first 4 096 of one that has more
                           than rows may have (kith_export::max_row), and of one of which a reject has been told before */
    uint64_t at;      /**< of JSON that has a fault: byte of the row at which it is, from 1; else 0 */
    kith_text words;  /**< likewise what was expected there; else empty */
} kith_reject;

/**
 * Told each row that was refused, in the order of the file, by the thread that made the call; one that gives several
 * events, for each that was. Where it asks to stop, such a row's other rejects are counted, and not told. Must not use
 * the engine that is at work.
 *
 * @return 0 to go on; anything else stops the call with ::KITH_CANCELLED
 */
typedef int (*kith_reject_fn)(void *context, const kith_reject *reject);

/**
 * Told the names of a CSV export's columns, unquoted and in their order, before any of its rows; by the thread that
 * made the call. They live for the call alone. JSON has none, and nobody is told. Must not use the engine that is at
 * work.
 *
 * @return 0 to go on; anything else stops the call with ::KITH_CANCELLED
 */
typedef int (*kith_header_fn)(void *context, const kith_text *columns, uint64_t count);

/** How the exports of a source are read: where each field is, how times and kinds are written. Never changed once made.
 */
typedef struct kith_source kith_source;

/** The forms that an export can have. */
enum {
    KITH_FORMAT_ANY = 0, /**< its content tells */
    KITH_FORMAT_CSV = 1,
    KITH_FORMAT_NDJSON = 2, /**< a JSON text a line */
    KITH_FORMAT_JSON = 3    /**< JSON documents that hold rows in an array */
};

/** How a source description is made. */
typedef struct kith_source_options {
    uint32_t size;
    uint32_t reserved;               /**< 0 */
    const kith_allocator *allocator; /**< copied; NULL for malloc and its like */
    kith_fault_fn fault;             /**< told every fault, where the error tells the first alone; may be NULL */
    void *fault_context;             /**< handed to fault */
} kith_source_options;

/**
 * Read a source description from its text; docs/sources.md says what can stand there.
 *
 * @param text     the file's content, up to 1 MiB
 * @param name     the file's name, for faults; NULL for "source"
 * @param options  may be NULL
 * @param source   receives the description; free it with kith_source_free()
 * @retval KITH_BAD_SOURCE                      the text has faults; error holds the first, options->fault got each
 * @retval KITH_BAD_ARGUMENT, KITH_UNSUPPORTED  nothing was made
 * @retval KITH_NO_MEMORY                       nothing was made
 * @since 0.1
 */
KITH_API KITH_NODISCARD kith_status kith_source_parse(kith_text text, const char *name,
                                                      const kith_source_options *options, kith_source **source,
                                                      kith_error *error);

/**
 * Read a file that holds a source description; as kith_source_parse().
 *
 * @param path  the file
 * @retval KITH_INPUT_OUTPUT  the file cannot be read
 * @since 0.1
 */
KITH_API KITH_NODISCARD kith_status kith_source_load(const char *path, const kith_source_options *options,
                                                     kith_source **source, kith_error *error);

/** @since 0.1 */
KITH_API void kith_source_free(kith_source *source);

/** What a source description says of exports as a whole. */
typedef struct kith_source_info {
    uint32_t size;
    uint32_t format; /**< KITH_FORMAT_… */
} kith_source_info;

/**
 * @param info  its size is set by the caller
 * @retval KITH_BAD_ARGUMENT  info is as it was
 * @since 0.1
 */
KITH_API KITH_NODISCARD kith_status kith_source_get_info(const kith_source *source, kith_source_info *info,
                                                         kith_error *error);

/**
 * Whether a file of a folder is an export of a source.
 *
 * @param source  NULL for what holds without one: names that end in csv, tsv, json, ndjson or jsonl, or these and .gz
 * @param path    of the file below the folder, with "/" between
 * @return 1 or 0
 * @since 0.1
 */
KITH_API int kith_source_takes_file(const kith_source *source, kith_text path);

/** A source description that comes with the library, and a policy that fits it. */
typedef struct kith_ready_source {
    uint32_t size;
    uint32_t reserved;       /**< 0 */
    const char *name;        /**< such as "gharchive"; all of these are constants */
    const char *title;       /**< one line that says what it is for */
    const char *description; /**< text for kith_source_parse() */
    const char *policy;      /**< text for kith_policy_parse() */
} kith_ready_source;

/**
 * @param index  from 0, in the order of their names
 * @param ready  its size is set by the caller
 * @retval KITH_BAD_ARGUMENT  there are no more; ready is as it was
 * @since 0.1
 */
KITH_API KITH_NODISCARD kith_status kith_source_get_ready(uint32_t index, kith_ready_source *ready, kith_error *error);

/**
 * An export, and how to read it: a file or stream of CSV, lines of JSON or JSON documents, plain or gzipped.
 * docs/formats.md says what is understood.
 *
 * Without a description, the first byte that is no blank tells: { begins lines of JSON, [ documents that are arrays of
 * rows, all else CSV. The names of columns are paths of JSON then, such as "actor.login".
 */
typedef struct kith_export {
    uint32_t size;
    uint32_t delimiter;    /**< a byte such as ';', which says that it is CSV; 0 to find it from the header: one of , ;
                                           tab | */
    const char *path;      /**< the file; "-" for standard input; NULL where read is given */
    kith_read_fn read;     /**< in place of a path. May be called from another thread where the engine has several.
                                           A call that waits is waited for, also by a run that is cancelled. */
    void *read_context;    /**< handed to read */
    const char *name;      /**< for messages and rejects; NULL for the path, or "-" */
    const char *time;      /**< header of the column that holds the time; NULL for "time" */
    const char *member;    /**< likewise; NULL for "member" */
    const char *kind;      /**< likewise; NULL for "kind" */
    const char *target;    /**< likewise; NULL for "target", which then may be missing */
    const char *quantity;  /**< likewise; NULL for "quantity", which then may be missing */
    kith_reject_fn reject; /**< told each row that was refused; may be NULL */
    void *reject_context;  /**< handed to reject */
    const char *event_id;  /**< header of the column that holds ids of events, see kith_event; NULL for "id", which then
                                may be missing, or be another field's */
    uint64_t begin_offset; /**< to go on with an export that has grown: kith_added::end_offset of the time before; then
                                the header is read, if it is CSV, and rows from there on; 0 for all of it, as it must
                                be for JSON documents, which are read as wholes (::KITH_UNSUPPORTED) */
    uint64_t begin_line;   /**< likewise kith_added::end_line */
    kith_header_fn header; /**< told the names of the columns, if it is CSV; may be NULL */
    void *header_context;  /**< handed to header */
    const kith_source *source; /**< how its rows are read; outlives the call. Then no other member says so: delimiter is
                                    0, time to event_id are NULL. NULL where they do */
    uint64_t max_row;   /**< bytes of a row, 4096 … 1073741824: a longer one is refused; 0 for 16777216. Reading takes
                                    several times as much memory, if such rows come */
    uint64_t max_bytes; /**< bytes of text, once inflated: reading fails with ::KITH_BAD_EXPORT behind the last row that
                                    ends within them; 0 for no limit, as no memory hangs on it, only time */
} kith_export;

/**
 * Add the events of an export to a KITH_NAMED engine. A row that cannot be used is rejected, the others count.
 *
 * @param input   what to read
 * @param added   what became of the rows, also on failure; its size is set by the caller; may be NULL
 * @retval KITH_BAD_EXPORT    the file cannot be read as an export, or not to its end; a JSON document has a fault, or a
 *                            value that rows need behind them, which error names
 * @retval KITH_BAD_SOURCE    the description names a kind that the engine's policy lacks; nothing was read or changed
 * @retval KITH_INPUT_OUTPUT  the file cannot be opened or read; or the temporary file of kith_engine_options::memory
 *                            cannot be made or is full, which error then names: what was taken is whole, and reading
 *                            can go on behind it (kith_added::end_offset)
 * @retval KITH_CANCELLED     progress, header or reject asked to stop
 * @retval KITH_NO_MEMORY     there was not enough
 * @retval KITH_BAD_ARGUMENT  nothing was changed; also where it is JSON, and the name of a column is no path
 * @retval KITH_UNSUPPORTED   nothing was changed; also where begin_offset is set, and it is a JSON document
 *
 * After any other failure the rows counted in added->taken are in the engine.
 * @since 0.1
 */
KITH_API KITH_NODISCARD kith_status kith_engine_add_export(kith_engine *engine, const kith_export *input,
                                                           kith_added *added, kith_error *error);

/**
 * Add the events of several exports: what comes of it is what kith_engine_add_export() makes of one after the other, up
 * to the first that fails. An engine with several threads reads several of them at once, if all are plain files. A
 * single one it reads in pieces at once, if it is a large plain file of JSON, a text a line, and read from its
 * beginning.
 *
 * @param inputs  so many, side by side; all have the same size
 * @param count   how many; 0 is no fault
 * @param added   as many, what became of each, whose size is set by the caller, and all of which have the same; those
 *                behind one that failed are as if it were empty. May be NULL
 * @param done    receives how many were added to their end; may be NULL
 *
 * Fails as kith_engine_add_export() does; progress is told of all of them together. error->file says which one it was.
 * @since 0.1
 */
KITH_API KITH_NODISCARD kith_status kith_engine_add_exports(kith_engine *engine, const kith_export *inputs,
                                                            uint64_t count, kith_added *added, uint64_t *done,
                                                            kith_error *error);

/**
 * What exports look like that nobody has described yet: their fields, what each may be, and a source description that
 * may fit. docs/guide.md says how it is guessed, under "A new export".
 */
typedef struct kith_inspection kith_inspection;

/** How exports are looked at. */
typedef struct kith_inspection_options {
    uint32_t size;
    uint32_t reserved;               /**< 0 */
    const kith_allocator *allocator; /**< copied; NULL for malloc and its like */
    uint64_t bytes;                  /**< of each export's text that are looked at, at most; 1048576 at least; 0 for
                                          67108864. Of a plain file that is longer, the first quarter is its beginning, and
                                          the rest comes from stretches all over it, but of JSON documents; of anything else
                                          it is all the beginning */
    kith_progress_fn progress;       /**< told how many bytes have been looked at; may be NULL */
    void *progress_context;          /**< handed to progress */
} kith_inspection_options;

/**
 * Make an inspection that has seen no export.
 *
 * @param options     may be NULL
 * @param inspection  receives the inspection; free it with kith_inspection_free()
 * @retval KITH_BAD_ARGUMENT, KITH_UNSUPPORTED  nothing was made
 * @retval KITH_NO_MEMORY                       nothing was made
 * @since 0.1
 */
KITH_API KITH_NODISCARD kith_status kith_inspection_new(const kith_inspection_options *options,
                                                        kith_inspection **inspection, kith_error *error);

/** @since 0.1 */
KITH_API void kith_inspection_free(kith_inspection *inspection);

/**
 * Look at an export. Several are taken together, as files of one source; all must be of one format. It takes a second
 * for 64 MiB, and some tens of MiB of memory at most.
 *
 * @param input  of it path, read, read_context, name, delimiter and source count: a source description says the format,
 *               the delimiter and where the rows of a JSON document are. time to event_id must be NULL
 * @retval KITH_BAD_EXPORT    it is none that could be read, or of another format than those before; error says why
 * @retval KITH_INPUT_OUTPUT  it cannot be opened or read
 * @retval KITH_CANCELLED     progress asked to stop
 * @retval KITH_NO_MEMORY     there was not enough
 * @retval KITH_BAD_ARGUMENT, KITH_UNSUPPORTED  nothing was looked at
 *
 * After a failure, what the other calls tell is as it was; rows that had been looked at count when an export is added
 * after it.
 * @since 0.1
 */
KITH_API KITH_NODISCARD kith_status kith_inspection_add(kith_inspection *inspection, const kith_export *input,
                                                        kith_error *error);

/** What the exports are as a whole. Text belongs to the inspection, until an export is added. */
typedef struct kith_inspection_info {
    uint32_t size;
    uint32_t format;    /**< KITH_FORMAT_CSV, KITH_FORMAT_NDJSON or KITH_FORMAT_JSON; KITH_FORMAT_ANY where there was
                             no export */
    uint32_t delimiter; /**< of CSV, a byte; else 0 */
    uint32_t gzip;      /**< 1 where the last export is gzip */
    uint32_t exports;   /**< how many were added */
    uint32_t whole;     /**< 1 where every row was looked at */
    uint32_t headless;  /**< 1 where the first row of a CSV looks like data: it was taken for the header */
    uint32_t fields;    /**< how many fields there are; further ones are not counted past 4096 */
    uint32_t kinds;     /**< how many kinds are known */
    uint32_t fits;      /**< how many ready descriptions have something in common with the exports */
    uint32_t complete;  /**< 1 where what is needed for a source description was found */
    uint32_t about;     /**< 1 where `members` is no exact number */
    uint64_t rows;      /**< looked at that are rows */
    uint64_t refused;   /**< looked at that are none: stray quotes, other numbers of fields than the header, no JSON */
    uint64_t bytes;     /**< of text looked at */
    uint64_t bytes_total;  /**< of the exports, where they are plain files; else 0 */
    uint64_t members;      /**< how many different ones rows name as the one who acts; 0 where no field was found */
    int64_t first_time;    /**< of the rows looked at, or ::KITH_NO_TIME */
    int64_t last_time;     /**< likewise */
    kith_text rows_path;   /**< of JSON documents, where the rows are: "messages[]" */
    kith_text one_kind;    /**< the kind that all rows are taken for, where no field tells kinds; else empty */
    kith_text other_times; /**< a pattern that reads the times as well as the one that was guessed, and gives others;
                              else empty */
} kith_inspection_info;

/**
 * @param info  its size is set by the caller
 * @retval KITH_BAD_ARGUMENT  info is as it was
 * @since 0.1
 */
KITH_API KITH_NODISCARD kith_status kith_inspection_get_info(const kith_inspection *inspection,
                                                             kith_inspection_info *info, kith_error *error);

/** What values are. */
enum {
    KITH_TYPE_EMPTY = 0, /**< null, or no text */
    KITH_TYPE_BOOLEAN = 1,
    KITH_TYPE_WHOLE = 2, /**< a whole number */
    KITH_TYPE_NUMBER = 3,
    KITH_TYPE_TIME = 4,
    KITH_TYPE_TEXT = 5,
    KITH_TYPE_LIST = 6,
    KITH_TYPE_OBJECT = 7,
    KITH_TYPES = 8 /**< how many there are */
};

/** Fields of an event. */
enum {
    KITH_FIELD_NONE = 0,
    KITH_FIELD_TIME = 1,
    KITH_FIELD_MEMBER = 2,
    KITH_FIELD_KIND = 3,
    KITH_FIELD_TARGET = 4,
    KITH_FIELD_QUANTITY = 5,
    KITH_FIELD_ID = 6,
    KITH_FIELDS = 7 /**< how many there are, KITH_FIELD_NONE among them */
};

enum { KITH_EXAMPLES_MOST = 3 };

/** A field of the exports: a column, or what a path of JSON leads to. Text belongs to the inspection, until an export
 * is added. */
typedef struct kith_inspected_field {
    uint32_t size;
    uint32_t type;          /**< KITH_TYPE_…: what most of its values are */
    kith_text path;         /**< as a source description writes it: "actor.login", "mentions[].id" */
    uint64_t there;         /**< in how many rows it is, and not empty; of a list's elements, in how many of those */
    uint64_t of;            /**< of how many rows or elements */
    uint64_t distinct;      /**< how many different values it has; 0 of lists and objects */
    uint32_t about;         /**< 1 where that is no exact number */
    uint32_t field;         /**< KITH_FIELD_…: what it was taken for */
    kith_text why;          /**< it was, in words; else what else it might be taken for, or empty */
    kith_text times;        /**< of KITH_TYPE_TIME: "ISO 8601", "seconds" … "nanoseconds", or a pattern; else empty */
    uint32_t documents;     /**< 1 where it is none of the rows, but of the document around them */
    uint32_t example_count; /**< how many there are of examples, 0 … KITH_EXAMPLES_MOST */
    kith_text examples[KITH_EXAMPLES_MOST]; /**< values that came first, each another; cut where they are long */
} kith_inspected_field;

/**
 * @param index  0 to kith_inspection_info::fields - 1: columns as they stand, paths as they came
 * @param field  its size is set by the caller
 * @retval KITH_BAD_ARGUMENT  field is as it was
 * @since 0.1
 */
KITH_API KITH_NODISCARD kith_status kith_inspection_get_field(const kith_inspection *inspection, uint32_t index,
                                                              kith_inspected_field *field, kith_error *error);

/** A kind that the exports have. Text belongs to the inspection, until an export is added. */
typedef struct kith_inspected_kind {
    uint32_t size;
    uint32_t reserved; /**< 0 */
    uint64_t count;    /**< rows looked at that have it */
    kith_text name;    /**< as the exports have it; cut where it is long */
    kith_text kind;    /**< of the default policy that it was taken for; empty where none is like it */
} kith_inspected_kind;

/**
 * @param index  0, the most frequent, to kith_inspection_info::kinds - 1
 * @param kind   its size is set by the caller
 * @retval KITH_BAD_ARGUMENT  kind is as it was
 * @since 0.1
 */
KITH_API KITH_NODISCARD kith_status kith_inspection_get_kind(const kith_inspection *inspection, uint32_t index,
                                                             kith_inspected_kind *kind, kith_error *error);

/** How much of what a ready description looks for is there. */
typedef struct kith_inspected_fit {
    uint32_t size;
    uint32_t ready;    /**< which one, for kith_source_get_ready() */
    uint32_t fits;     /**< 1 where all that it cannot do without is there */
    uint32_t wanted;   /**< paths that it names */
    uint32_t found;    /**< how many of them are there */
    uint32_t reserved; /**< 0 */
} kith_inspected_fit;

/**
 * @param index  0, the one that fits best, to kith_inspection_info::fits - 1
 * @param fit    its size is set by the caller
 * @retval KITH_BAD_ARGUMENT  fit is as it was
 * @since 0.1
 */
KITH_API KITH_NODISCARD kith_status kith_inspection_get_fit(const kith_inspection *inspection, uint32_t index,
                                                            kith_inspected_fit *fit, kith_error *error);

/**
 * Write a source description that may fit the exports, with comments that say what was guessed. Where not all that is
 * needed was found, a comment stands in place of it, and kith_source_parse() takes it only when that was filled in.
 *
 * @param write  takes the text, in pieces
 * @retval KITH_INPUT_OUTPUT  write asked to stop; part of it may have been written
 * @retval KITH_BAD_ARGUMENT  no export has been added; nothing was written
 * @since 0.1
 */
KITH_API KITH_NODISCARD kith_status kith_inspection_write_source(const kith_inspection *inspection, kith_write_fn write,
                                                                 void *context, kith_error *error);

/** What an engine holds. */
typedef struct kith_engine_info {
    uint32_t size;
    uint32_t open_weeks;    /**< weeks not reviewed yet that hold events */
    uint64_t members;       /**< members that an event taken names, or that have an id or settings; less those forgotten
                                 or merged into another */
    uint64_t taken;         /**< events taken since it was made */
    int64_t first_event;    /**< time of the earliest event taken, or ::KITH_NO_TIME */
    int64_t last_event;     /**< time of the latest event taken, or ::KITH_NO_TIME */
    int64_t reviewed_until; /**< an event before this is late, or ::KITH_NO_TIME */
    int64_t first_open;     /**< time of the earliest event in a week that is open, or ::KITH_NO_TIME */
    uint64_t rejected;      /**< events and rows that could not be used, since the engine was made */
    uint64_t late;          /**< how many of them were late */
    uint64_t future;        /**< how many of them were future */
    uint64_t skipped;       /**< events and rows that were taken before, by their sequence or their event_id */
    uint64_t policy_digest; /**< kith_policy_info::digest of its policy */
    uint32_t known_by;      /**< how it knows its members: KITH_NAMED or KITH_NUMBERED */
    uint32_t reserved;      /**< 0 */
    uint64_t ignored;       /**< events and rows left out on purpose, as a source description says, since it was made or
                                 loaded: snapshots do not keep it */
} kith_engine_info;

/** Stands for no time. */
#define KITH_NO_TIME INT64_MIN

/**
 * @param info  its size is set by the caller
 * @retval KITH_BAD_ARGUMENT  info is as it was
 * @since 0.1
 */
KITH_API KITH_NODISCARD kith_status kith_engine_get_info(const kith_engine *engine, kith_engine_info *info,
                                                         kith_error *error);

/**
 * A copy of the engine's policy.
 *
 * @param allocator  copied; NULL for malloc and its like
 * @param policy     receives the policy; free it with kith_policy_free(); it may outlive the engine
 * @retval KITH_BAD_ARGUMENT, KITH_NO_MEMORY  nothing was made
 * @since 0.1
 */
KITH_API KITH_NODISCARD kith_status kith_engine_get_policy(const kith_engine *engine, const kith_allocator *allocator,
                                                           kith_policy **policy, kith_error *error);

/**
 * How far the events of a source have been dealt with.
 *
 * @param source    as in kith_event
 * @param sequence  receives the greatest number dealt with; 0 where there was none
 * @retval KITH_BAD_ARGUMENT  sequence is as it was
 * @since 0.1
 */
KITH_API KITH_NODISCARD kith_status kith_engine_get_sequence(const kith_engine *engine, kith_text source,
                                                             uint64_t *sequence, kith_error *error);

/**
 * Forget the events of all weeks that are open, to have them added anew from a source that repeats them all. What was
 * reviewed stays. It is for events without a sequence: those that have one would be skipped, and are repeated anyway.
 *
 * @retval KITH_BAD_ARGUMENT  events with a sequence have been added; nothing was changed
 * @since 0.1
 */
KITH_API KITH_NODISCARD kith_status kith_engine_drop_open(kith_engine *engine, kith_error *error);

/* ------------------------------------------------------------------------------------------------------------------
 * Review
 * --------------------------------------------------------------------------------------------------------------- */

/** What the weeks closed by one call of kith_engine_review() brought. Never changed once made. */
typedef struct kith_review kith_review;

/**
 * Review every week that has ended by a moment, in order. Events of those weeks are late from then on.
 *
 * A failed or cancelled review keeps the weeks that it has closed, with all that they brought: called again, it goes
 * on from there, and the review then made covers them all.
 *
 * @param until   Unix seconds
 * @param review  receives the review, which may span no week at all; free it with kith_review_free()
 * @retval KITH_TOO_MANY_WEEKS  it would span more weeks with members than the options allow; nothing was changed
 * @retval KITH_CANCELLED       progress asked to stop; call again to go on
 * @retval KITH_NO_MEMORY       call again to go on
 * @retval KITH_INPUT_OUTPUT    likewise; the temporary file of kith_engine_options::memory cannot be read
 * @retval KITH_BAD_ARGUMENT    nothing was changed
 * @since 0.1
 */
KITH_API KITH_NODISCARD kith_status kith_engine_review(kith_engine *engine, int64_t until, kith_review **review,
                                                       kith_error *error);

/** Tables that came from it live on. @since 0.1 */
KITH_API void kith_review_free(kith_review *review);

/** Which weeks a review spans. */
typedef struct kith_review_info {
    uint32_t size;
    uint32_t weeks;     /**< how many: those from the first with a known member on */
    int32_t first_week; /**< first day of the first, days since 1970-01-01; 0 where there is none */
    int32_t last_week;  /**< first day of the last; 0 where there is none */
    uint32_t tables;    /**< what it holds, KITH_STANDINGS | … */
    uint32_t reserved;  /**< 0 */
} kith_review_info;

/**
 * @param info  its size is set by the caller
 * @retval KITH_BAD_ARGUMENT  info is as it was
 * @since 0.1
 */
KITH_API KITH_NODISCARD kith_status kith_review_get_info(const kith_review *review, kith_review_info *info,
                                                         kith_error *error);

/* ------------------------------------------------------------------------------------------------------------------
 * Table
 * --------------------------------------------------------------------------------------------------------------- */

/** Rows and columns of results. Never changed once made, but for kith_rejects_add(). */
typedef struct kith_table kith_table;

/**
 * One table of a review.
 *
 * A large one is made by as many threads as the engine had; their memory has been taken before they begin.
 *
 * @param which  one of KITH_STANDINGS, KITH_CHANGES, KITH_FLAGS, KITH_WEEKS, KITH_HISTORY
 * @param table  receives the table; free it with kith_table_free(); it may outlive the review
 * @retval KITH_BAD_ARGUMENT  no such table, or the engine's options did not ask for it; nothing was made
 * @retval KITH_NO_MEMORY     nothing was made
 * @since 0.1
 */
KITH_API KITH_NODISCARD kith_status kith_review_get_table(const kith_review *review, uint32_t which, kith_table **table,
                                                          kith_error *error);

/**
 * An empty table of rejects, to be filled by kith_rejects_add().
 *
 * @param allocator  copied; NULL for malloc and its like
 * @param table      receives the table; free it with kith_table_free()
 * @retval KITH_BAD_ARGUMENT, KITH_NO_MEMORY  nothing was made
 * @since 0.1
 */
KITH_API KITH_NODISCARD kith_status kith_rejects_new(const kith_allocator *allocator, kith_table **table,
                                                     kith_error *error);

/**
 * Add a row to a table of rejects: a ::kith_reject_fn whose context is the table.
 *
 * @param table   from kith_rejects_new(); pointers into its columns end here
 * @param reject  copied
 * @return 0, or 1 where there was not enough memory or the table is no table of rejects: it is as it was
 * @since 0.1
 */
KITH_API int kith_rejects_add(void *table, const kith_reject *reject);

/** @since 0.1 */
KITH_API void kith_table_free(kith_table *table);

/** @return number of rows; 0 for NULL. @since 0.1 */
KITH_API uint64_t kith_table_rows(const kith_table *table);

/** @return number of columns; 0 for NULL. @since 0.1 */
KITH_API uint32_t kith_table_columns(const kith_table *table);

/** What a column's values are. */
enum {
    KITH_COLUMN_TEXT = 1,  /**< bytes, value i from offsets[i] to offsets[i + 1] */
    KITH_COLUMN_ID = 2,    /**< uint64_t */
    KITH_COLUMN_COUNT = 3, /**< int64_t */
    KITH_COLUMN_SCORE = 4, /**< int32_t, hundredths (also of a percent); negative for none */
    KITH_COLUMN_LABEL = 5, /**< uint8_t, index into labels */
    KITH_COLUMN_FLAGS = 6, /**< uint8_t, bit i standing for labels[i] */
    KITH_COLUMN_TIME = 7,  /**< int64_t, Unix seconds; ::KITH_NO_TIME for none */
    KITH_COLUMN_DAY = 8    /**< int32_t, days since 1970-01-01 */
};

/** A whole column. All that it points to belongs to the table. */
typedef struct kith_column {
    uint32_t size;
    uint32_t type;             /**< KITH_COLUMN_… */
    const char *name;          /**< as in the CSV's header, NUL-terminated */
    uint64_t count;            /**< number of values */
    const void *values;        /**< count values, side by side; bytes for KITH_COLUMN_TEXT */
    const int64_t *offsets;    /**< count + 1 of them, for KITH_COLUMN_TEXT; else NULL */
    const char *const *labels; /**< NUL-terminated names, for KITH_COLUMN_LABEL and _FLAGS; else NULL */
    uint64_t label_count;      /**< how many of them */
} kith_column;

/**
 * @param index   0 to kith_table_columns() - 1
 * @param column  its size is set by the caller
 * @retval KITH_BAD_ARGUMENT  column is as it was
 * @since 0.1
 */
KITH_API KITH_NODISCARD kith_status kith_table_get_column(const kith_table *table, uint32_t index, kith_column *column,
                                                          kith_error *error);

/** Flags of a member, as bits. */
enum {
    KITH_FLAG_SILENT = 1,
    KITH_FLAG_DORMANT = 2,
    KITH_FLAG_DROP = 4,
    KITH_FLAG_STALLED = 8,
    KITH_FLAG_RETURNED = 16,
    KITH_FLAG_AT_RISK = 32
};

/** Stages of a member's life. */
enum {
    KITH_STAGE_NEW = 0,
    KITH_STAGE_RETURNED = 1,
    KITH_STAGE_CORE = 2,
    KITH_STAGE_ACTIVE = 3,
    KITH_STAGE_AWAY = 4,
    KITH_STAGE_SILENT = 5,
    KITH_STAGE_DORMANT = 6,
    KITH_STAGES = 7
};

/** Why a tier changed. */
enum {
    KITH_CHANGE_PROMOTED = 0, /**< to the tier above */
    KITH_CHANGE_SKIPPED = 1,  /**< up, past a tier or more */
    KITH_CHANGE_DORMANT = 2,  /**< down, for silence */
    KITH_CHANGE_DEMOTED = 3,  /**< down, after weeks below keep_at */
    KITH_CHANGE_PINNED = 4    /**< to the tier that the application has pinned */
};

/** A row of KITH_STANDINGS. Highest score first, then by member. */
typedef struct kith_standing_row {
    uint32_t size;
    int32_t score;                       /**< 0 … 9999 */
    int32_t dimensions[KITH_DIMENSIONS]; /**< score of each dimension, 0 … 9999 */
    int32_t risk;                        /**< hundredths of a percent, or -1 where there is none */
    uint32_t tier;                       /**< index in the policy */
    uint32_t stage;                      /**< KITH_STAGE_… */
    uint32_t flags;                      /**< KITH_FLAG_… */
    uint32_t active_days;                /**< of the last four weeks, 0 … 28 */
    int64_t silent_days;                 /**< days without an own event, as of the week's last day */
    int64_t joined;                      /**< Unix seconds */
    int64_t last_seen;                   /**< Unix seconds, or ::KITH_NO_TIME */
    uint64_t id;                         /**< of a KITH_NUMBERED engine's member, else 0 */
    kith_text member;                    /**< of a KITH_NAMED engine's member, else empty */
    /* What follows is told by kith_engine_get_standing() alone, and 0 in a row of a table. */
    uint32_t on_leave; /**< 1 where it is on leave in the week */
    int32_t leave_end; /**< the day on which the longest leave ends, days since 1970-01-01; 0 where there was none */
    uint32_t pinned;   /**< 1 where its tier was pinned in that review, see kith_engine_set_member() */
    uint32_t left_out; /**< 1 where it was left out of means, counts and risk in that review */
} kith_standing_row;

/** A row of KITH_CHANGES. By week, then member. */
typedef struct kith_change_row {
    uint32_t size;
    int32_t week;     /**< its first day, days since 1970-01-01 */
    uint32_t from;    /**< tier, index in the policy */
    uint32_t to;      /**< tier, index in the policy */
    uint32_t reason;  /**< KITH_CHANGE_… */
    int32_t score;    /**< 0 … 9999 */
    uint64_t id;      /**< of a KITH_NUMBERED engine's member, else 0 */
    kith_text member; /**< of a KITH_NAMED engine's member, else empty */
} kith_change_row;

/** A row of KITH_FLAGS. By week, member, then flag. */
typedef struct kith_flag_row {
    uint32_t size;
    int32_t week;      /**< its first day, days since 1970-01-01 */
    uint32_t flag;     /**< one of KITH_FLAG_… */
    uint32_t reserved; /**< 0 */
    uint64_t id;       /**< of a KITH_NUMBERED engine's member, else 0 */
    kith_text member;  /**< of a KITH_NAMED engine's member, else empty */
} kith_flag_row;

/** A row of KITH_WEEKS. */
typedef struct kith_week_row {
    uint32_t size;
    int32_t week;                /**< its first day, days since 1970-01-01 */
    int64_t members;             /**< known so far */
    int64_t active_members;      /**< with an act of their own this week */
    int64_t stages[KITH_STAGES]; /**< members in each */
    int64_t tiers[16];           /**< members in each */
    int32_t mean_score;          /**< hundredths */
    uint32_t reserved;           /**< 0 */
} kith_week_row;

/** A row of KITH_HISTORY. By week, then member. */
typedef struct kith_history_row {
    uint32_t size;
    int32_t week;                        /**< its first day, days since 1970-01-01 */
    int32_t score;                       /**< 0 … 9999 */
    int32_t dimensions[KITH_DIMENSIONS]; /**< score of each dimension, 0 … 9999 */
    uint32_t tier;                       /**< index in the policy */
    uint32_t stage;                      /**< KITH_STAGE_… */
    uint32_t flags;                      /**< KITH_FLAG_… */
    uint32_t reserved;                   /**< 0 */
    uint64_t id;                         /**< of a KITH_NUMBERED engine's member, else 0 */
    kith_text member;                    /**< of a KITH_NAMED engine's member, else empty */
} kith_history_row;

/** A row of KITH_WATCH. Highest tier first, then highest score, then by member. */
typedef struct kith_watch_row {
    uint32_t size;
    uint32_t tier;       /**< index in the policy */
    int32_t score;       /**< 0 … 9999 */
    int32_t risk;        /**< hundredths of a percent, or -1 where there is none */
    uint32_t flags;      /**< KITH_FLAG_…, KITH_FLAG_DROP never among them */
    uint32_t reserved;   /**< 0 */
    int64_t silent_days; /**< days without an own event, as of the moment's day */
    int64_t last_seen;   /**< Unix seconds, or ::KITH_NO_TIME */
    int64_t alike;       /**< members in the same situation before, whose outcome is known */
    int64_t lost;        /**< how many of them did not come back within eight weeks */
    uint64_t id;         /**< of a KITH_NUMBERED engine's member, else 0 */
    kith_text member;    /**< of a KITH_NAMED engine's member, else empty */
} kith_watch_row;

/**
 * One row of a table.
 *
 * @param row  0 to kith_table_rows() - 1
 * @param out  a struct that fits the table: kith_standing_row, kith_change_row, kith_flag_row, kith_week_row,
 *             kith_history_row, kith_watch_row or, for rejects, kith_reject (without its value; of JSON that has a
 *             fault, `column` holds what `at` and `words` said); its size is set by
 *             the caller; its text belongs to the table
 * @retval KITH_BAD_ARGUMENT  out is as it was
 * @since 0.1
 */
KITH_API KITH_NODISCARD kith_status kith_table_get_row(const kith_table *table, uint64_t row, void *out,
                                                       kith_error *error);

/** How a table is written as CSV: bits. */
enum {
    KITH_CSV_HEADER = 0,     /**< no bit: with the names of the columns as first line */
    KITH_CSV_NO_HEADER = 1,  /**< rows alone, to go on with a file begun before */
    KITH_CSV_SPREADSHEET = 2 /**< text that a spreadsheet would take for a formula has an apostrophe before it, and text
                                  that it might take apart is quoted; docs/formats.md has it in full */
};

/**
 * Write a table as CSV: RFC 4180 with LF, a cell quoted only where it must be.
 *
 * Names come from members, and one such as "=HYPERLINK(...)" is run by the spreadsheet in which a table is opened:
 * ::KITH_CSV_SPREADSHEET is for files that people open so, and not for those that programs read.
 *
 * @param flags  KITH_CSV_NO_HEADER | KITH_CSV_SPREADSHEET, or KITH_CSV_HEADER for neither
 * @param write  takes the text, in pieces of up to 64 KiB
 * @retval KITH_INPUT_OUTPUT  write asked to stop
 * @retval KITH_NO_MEMORY     nothing was written
 * @retval KITH_BAD_ARGUMENT  nothing was written
 * @since 0.1
 */
KITH_API KITH_NODISCARD kith_status kith_table_write_csv(const kith_table *table, uint32_t flags, kith_write_fn write,
                                                         void *context, kith_error *error);

/* ------------------------------------------------------------------------------------------------------------------
 * Between reviews
 * --------------------------------------------------------------------------------------------------------------- */

/** Stands for the moment of the last review. */
#define KITH_LAST_REVIEW INT64_MAX

/**
 * Look a named member's id up, without making it known.
 *
 * @param id  receives the id, as kith_engine_get_ids() gives it
 * @retval KITH_UNKNOWN_MEMBER  the engine has no member of this name; id is as it was
 * @retval KITH_BAD_ARGUMENT    the engine is KITH_NUMBERED; id is as it was
 * @since 0.1
 */
KITH_API KITH_NODISCARD kith_status kith_engine_find_id(const kith_engine *engine, kith_text name, uint64_t *id,
                                                        kith_error *error);

/**
 * Where one member stands: what its last review said, or what it would say if the week of a moment closed then. The
 * latter is provisional: silence is that of the moment's day, events of its week count whether they lie before or
 * behind it, the risk goes by the counts of the last review, and a drop is not foretold. It takes the same time
 * whatever the number of members, and grows with the weeks that are open.
 *
 * @param member    id of the member
 * @param as_of     ::KITH_LAST_REVIEW, or Unix seconds in a week that is open
 * @param standing  its size is set by the caller; its text lives until the engine is changed
 * @retval KITH_UNKNOWN_MEMBER  there is no such member, or none of its weeks has been reviewed or lies before as_of
 * @retval KITH_TOO_MANY_WEEKS  more weeks are open up to as_of than the options allow
 * @retval KITH_BAD_ARGUMENT    as_of lies in a week that has been reviewed, or outside 0 … 253370764799
 * @retval KITH_NO_MEMORY       there was not enough to bring back weeks that had been sealed; it can be asked again
 * @retval KITH_INPUT_OUTPUT    the temporary file that they were in cannot be read; see kith_engine_options::memory
 *
 * After any failure standing is as it was.
 * @since 0.1
 */
KITH_API KITH_NODISCARD kith_status kith_engine_get_standing(const kith_engine *engine, uint64_t member, int64_t as_of,
                                                             kith_standing_row *standing, kith_error *error);

/**
 * Whom to write to: all members that are silent, dormant or at risk as of a moment, by kith_engine_get_standing(), less
 * those that are left out now.
 *
 * @param as_of  Unix seconds in a week that is open
 * @param table  receives a table of kith_watch_row; free it with kith_table_free(); it may outlive the engine
 * @retval KITH_TOO_MANY_WEEKS  more weeks are open up to as_of than the options allow
 * @retval KITH_BAD_ARGUMENT    as_of lies in a week that has been reviewed, or outside 0 … 253370764799
 * @retval KITH_NO_MEMORY       nothing was made
 * @retval KITH_INPUT_OUTPUT    nothing was made; the temporary file of kith_engine_options::memory cannot be read
 * @since 0.1
 */
KITH_API KITH_NODISCARD kith_status kith_engine_get_watch(kith_engine *engine, int64_t as_of, kith_table **table,
                                                          kith_error *error);

/** Credits of a kind. */
enum { KITH_GIVES = 0, KITH_RECEIVES = 1 };

/** Stands for no tier. */
#define KITH_NO_TIER UINT32_MAX

/** Points that cannot be earned in one dimension alone. */
#define KITH_OUT_OF_REACH INT64_MAX

/** What one credit of a kind was worth in a week. Part of kith_explanation; never grows. */
typedef struct kith_explained_slot {
    uint32_t kind;      /**< index in the policy */
    uint32_t role;      /**< KITH_GIVES or KITH_RECEIVES */
    uint32_t dimension; /**< KITH_CONTENT … */
    int32_t unit;       /**< points of one, in thousandths */
    uint32_t quantity;  /**< what the week's events sum to */
    uint32_t each;      /**< what is left of it when every other member is limited by the kind's `each` */
    uint32_t counted;   /**< what is left of that by the kind's `cap` */
    uint32_t reserved;  /**< 0 */
    int64_t points;     /**< unit * counted, within ±2^40 thousandths */
} kith_explained_slot;

/** How the score of one dimension comes about. Part of kith_explanation; never grows. All points in thousandths. */
typedef struct kith_explained_dimension {
    int64_t before;       /**< remembered after the week before */
    int64_t carried_over; /**< what is left of it in this week */
    int64_t earned;       /**< the points of the slots of this dimension */
    int64_t remembered;   /**< carried_over + earned, within 0 … 2^40 */
    int64_t half_points;  /**< of the policy: remembered points that score 50 of 100 */
    int64_t to_rise; /**< points that would have to be earned more, in this dimension alone, for promote_at; 0 where
                          there are enough, or no next_tier; ::KITH_OUT_OF_REACH where that cannot be done */
    int64_t to_keep; /**< likewise for keep_at and keep_tier */
    int32_t weight;  /**< of the policy, in thousandths */
    int32_t score;   /**< 0 … 9999 */
} kith_explained_dimension;

/** The most slots that a policy can have. */
enum { KITH_SLOTS_MOST = 128 };

/**
 * How a member's standing comes about: every figure that the review of a week went by. The score is
 * Σ weight × score of the dimensions / 1000, rounded down.
 */
typedef struct kith_explanation {
    uint32_t size;
    uint32_t provisional; /**< 1 where the week is not over, see kith_engine_get_standing() */
    int32_t week;         /**< its first day, days since 1970-01-01 */
    int32_t as_of_day;    /**< the day as of which silence is counted, days since 1970-01-01 */

    kith_explained_dimension dimensions[KITH_DIMENSIONS]; /**< content, interaction, community */
    int32_t score;                                        /**< 0 … 9999 */
    uint32_t stage;                                       /**< KITH_STAGE_… */
    uint32_t flags;                                       /**< KITH_FLAG_… */
    uint32_t flags_before;                                /**< at the review before; 0 where this is its first */

    uint32_t tier;        /**< index in the policy */
    uint32_t tier_before; /**< at the review before; the lowest where this is its first */
    uint32_t changed;     /**< 1 where the review moved it from the one to the other */
    uint32_t reason;      /**< then a KITH_CHANGE_…, else 0 */

    /* To rise takes an own event in the week and these three. */
    uint32_t next_tier;       /**< the tier above its own, or above the one that this review took from it;
                                   ::KITH_NO_TIER above the highest and for a pinned member */
    int32_t promote_at;       /**< of that tier, hundredths; 0 where there is none, as for the next two */
    uint32_t min_active_days; /**< of that tier */
    uint32_t min_supporters;  /**< of that tier */
    uint32_t acted;           /**< 1 where it had an own event in the week */
    uint32_t active_days;     /**< days with an own event, of the last four weeks */
    uint32_t supporters; /**< the most in one of the last four weeks; 0 where no tier of the policy asks for them */

    uint32_t keep_tier;          /**< the tier to be kept: its own, or the one that this review took from it;
                                      ::KITH_NO_TIER for the lowest and for a pinned member */
    int32_t keep_at;             /**< of that tier, hundredths; 0 where there is none */
    uint32_t weeks_below;        /**< reviews in a row below keep_at; 0 once they have cost a tier */
    uint32_t weeks_below_before; /**< at the review before */
    uint32_t grace_weeks;        /**< of the policy: weeks below that cost a tier */

    uint32_t core_days;     /**< of the policy: active_days from which on it is in stage `core` */
    uint32_t own_days;      /**< days with an own event since it joined; 2 for two or more */
    int64_t silent_days;    /**< days without an own event; those of a leave are none of them */
    int64_t joined;         /**< Unix seconds */
    int64_t last_seen;      /**< Unix seconds, or ::KITH_NO_TIME */
    uint32_t silent_limit;  /**< silent_days of the policy */
    uint32_t dormant_limit; /**< dormant_days of the policy */
    uint32_t on_leave;      /**< 1 where it is on leave in the week */
    int32_t leave_end;      /**< the day on which the longest leave ends, days since 1970-01-01; 0 for no leave */

    uint64_t interactions;      /**< of its own, this week */
    uint64_t baseline;          /**< of its own, over the latest baseline_weeks reviews without leave before it */
    uint32_t baseline_weeks;    /**< as many as there were, up to drop_baseline_weeks of the policy */
    uint32_t baseline_needed;   /**< drop_baseline_weeks of the policy */
    uint32_t drop_percent;      /**< of the policy */
    uint32_t drop_min_per_week; /**< of the policy */

    int32_t risk;          /**< hundredths of a percent, or -1 where there is none; then all counts below are 0 */
    uint32_t risk_percent; /**< of the policy: from here on the member is at risk */
    uint32_t pattern;      /**< the situation: bit i is set where it had an own event i weeks ago, 8 bits */
    uint32_t age;          /**< the situation: weeks since its first, 7 for seven or more */
    uint64_t alike;        /**< members in the same situation before, whose outcome is known */
    uint64_t lost;         /**< how many of them did not come back within eight weeks */
    uint64_t similar;      /**< the same of those silent for as many weeks and active in as many, of the latest eight */
    uint64_t similar_lost; /**< how many of them did not come back */
    uint64_t all;          /**< the same of everybody, whatever the situation */
    uint64_t all_lost;     /**< how many of them did not come back */

    uint32_t pinned;   /**< 1 where `tier` was pinned when the week was reviewed, so that no rule of tiers applied */
    uint32_t left_out; /**< 1 where it was left out of means, counts and risk then */

    uint64_t id;      /**< of a KITH_NUMBERED engine's member, else 0 */
    kith_text member; /**< of a KITH_NAMED engine's member, else empty; lives until the engine is changed */

    uint64_t slot_count; /**< how many of the slots are filled: those with a quantity, in the policy's order */
    kith_explained_slot slots[KITH_SLOTS_MOST]; /**< in the order of kinds, gives before receives */
} kith_explanation;

/**
 * Why a member stands where it does: by its last review, or by what the review would say if the week of a moment closed
 * then. What is missing to rise or to keep the tier is missing in the week that is explained.
 *
 * @param member       id of the member
 * @param as_of        ::KITH_LAST_REVIEW, or Unix seconds in a week that is open
 * @param explanation  about 6 KB; its size is set by the caller
 * @retval KITH_UNKNOWN_MEMBER  there is no such member, or none of its weeks has been reviewed or lies before as_of
 * @retval KITH_OTHER_POLICY    the last review went by another policy, before this one took its place
 * @retval KITH_TOO_MANY_WEEKS  more weeks are open up to as_of than the options allow
 * @retval KITH_BAD_ARGUMENT    as_of lies in a week that has been reviewed, or outside 0 … 253370764799
 * @retval KITH_NO_MEMORY       there was not enough to bring back weeks that had been sealed; it can be asked again
 * @retval KITH_INPUT_OUTPUT    the temporary file that they were in cannot be read; see kith_engine_options::memory
 *
 * After any failure explanation is as it was.
 * @since 0.1
 */
KITH_API KITH_NODISCARD kith_status kith_engine_explain(const kith_engine *engine, uint64_t member, int64_t as_of,
                                                        kith_explanation *explanation, kith_error *error);

/** Stands for lines that are not broken. */
#define KITH_UNBROKEN UINT32_MAX

/** Whether it is told how points turn into a score. */
enum {
    KITH_WITH_RULES = 0,   /**< it is */
    KITH_WITHOUT_RULES = 1 /**< it is not, as where one explanation has told it and another one follows */
};

/** How an explanation is put into words. */
typedef struct kith_explanation_options {
    uint32_t size;
    uint32_t columns; /**< of the page, at which lines are broken between words; 0 for 80, which its tables take in any
                           case; ::KITH_UNBROKEN for one line a paragraph */
    uint32_t rules;   /**< KITH_WITH_RULES or KITH_WITHOUT_RULES */
    uint32_t at_end;  /**< of a week that is not over: 1 where as_of was its last second, to tell how it will end if
                           nothing more comes; 0 where as_of was now */
    const char *strong; /**< written before each heading, such as "\033[1m"; takes no columns; NULL for nothing */
    const char *off;    /**< written behind it, such as "\033[0m"; NULL for nothing */
} kith_explanation_options;

/**
 * Write an explanation in words, in English: what was done and how it counts, how the score comes about, what it takes
 * to keep the tier and to rise, which flags are up and why, and the risk with what it rests on. It is made to be shown
 * to the member and printed in a fixed width; `kith explain` prints the same.
 *
 * Nothing in the text but strong and off moves a terminal's cursor or hides what follows: of names, control characters
 * and those that turn the direction of writing round are written as "\x1b" or "\u202e", and long ones are cut. A
 * KITH_NUMBERED engine's member is "member 77", unless the application sets `member` of the explanation to a name of up
 * to 255 bytes.
 *
 * @param explanation  as kith_engine_explain() gave it
 * @param policy       that the engine goes by, see kith_engine_get_policy()
 * @param options      may be NULL
 * @param write        takes the text, in pieces
 * @retval KITH_INPUT_OUTPUT                    write asked to stop; part of it may have been written
 * @retval KITH_BAD_ARGUMENT, KITH_UNSUPPORTED  nothing was written; also where a value of explanation is none that a
 *                                              review gives, or not of this policy
 * @since 0.1
 */
KITH_API KITH_NODISCARD kith_status kith_explanation_write(const kith_explanation *explanation,
                                                           const kith_policy *policy,
                                                           const kith_explanation_options *options, kith_write_fn write,
                                                           void *context, kith_error *error);

/* ------------------------------------------------------------------------------------------------------------------
 * Members
 * --------------------------------------------------------------------------------------------------------------- */

/** Whether a member counts in means, counts and risk. */
enum {
    KITH_BY_POLICY = 0, /**< not where its name fits a pattern of the policy's [members] */
    KITH_LEFT_OUT = 1,  /**< it does not: a bot, staff */
    KITH_COUNTED = 2    /**< it does, whatever its name */
};

/** What an application decides about one member. docs/model.md says how each joins the rules. */
typedef struct kith_member_settings {
    uint32_t size;
    uint32_t pinned; /**< 1 to give it the same tier at every review; 0 to let the rules decide */
    uint32_t tier;   /**< that tier, index in the policy; 0 where none is pinned */
    uint32_t counts; /**< KITH_BY_POLICY, KITH_LEFT_OUT or KITH_COUNTED */
} kith_member_settings;

/**
 * Pin a member's tier, or leave the member out of means, counts and risk; from the next review on.
 *
 * @param member    id of the member; one of a KITH_NUMBERED engine need not be known yet, and is known from then on
 * @param settings  replaces what was set before
 * @retval KITH_UNKNOWN_MEMBER                  there is no such member; nothing was changed
 * @retval KITH_BAD_ARGUMENT, KITH_UNSUPPORTED  nothing was changed
 * @retval KITH_NO_MEMORY                       nothing that can be seen was changed
 * @since 0.1
 */
KITH_API KITH_NODISCARD kith_status kith_engine_set_member(kith_engine *engine, uint64_t member,
                                                           const kith_member_settings *settings, kith_error *error);

/**
 * What kith_engine_set_member() has set.
 *
 * @param settings  its size is set by the caller
 * @retval KITH_UNKNOWN_MEMBER  there is no such member; settings is as it was
 * @retval KITH_BAD_ARGUMENT    settings is as it was
 * @since 0.1
 */
KITH_API KITH_NODISCARD kith_status kith_engine_get_member(const kith_engine *engine, uint64_t member,
                                                           kith_member_settings *settings, kith_error *error);

/**
 * Erase a member, with all accounts that were merged into it: names or ids, scores, settings, what it did and received
 * in the open weeks, and its rows of a review that failed or was cancelled. What others earned by its acts stays with
 * them. Its id stands for nobody from then on; an event that names it again is a newcomer's. Reviews, tables and
 * snapshots that were made before still hold it. It takes time that grows with the open weeks,
 * and copies them where a snapshot that is still there shares them.
 *
 * @param member  id of the member, or of an account merged into it
 * @retval KITH_UNKNOWN_MEMBER  there is no such member; nothing was changed
 * @retval KITH_NO_MEMORY       nothing was changed
 * @retval KITH_INPUT_OUTPUT    likewise; the temporary file of kith_engine_options::memory cannot be read
 * @retval KITH_BAD_ARGUMENT    nothing was changed
 * @since 0.1
 */
KITH_API KITH_NODISCARD kith_status kith_engine_forget(kith_engine *engine, uint64_t member, kith_error *error);

/**
 * Make two accounts of one person one: what `from` did and received is added to `into`, as docs/model.md has it, and
 * the name and id of `from` stand for `into` from then on, in events too. It cannot be undone. It takes time that grows
 * with the open weeks, and copies them where a snapshot that is still there shares them.
 *
 * @param from  id of the account that ends
 * @param into  id of the account that goes on
 * @retval KITH_UNKNOWN_MEMBER  one of them is no member; nothing was changed. An account that has not been heard of yet
 *                              becomes one by kith_engine_get_ids() or, numbered, kith_engine_set_member()
 * @retval KITH_NO_MEMORY       nothing was changed
 * @retval KITH_INPUT_OUTPUT    likewise; the temporary file of kith_engine_options::memory cannot be read
 * @retval KITH_BAD_ARGUMENT    nothing was changed, as where the two are one already
 * @since 0.1
 */
KITH_API KITH_NODISCARD kith_status kith_engine_merge(kith_engine *engine, uint64_t from, uint64_t into,
                                                      kith_error *error);

/* ------------------------------------------------------------------------------------------------------------------
 * Snapshot
 * --------------------------------------------------------------------------------------------------------------- */

/** All that an engine held at one moment. Never changed once made. docs/snapshot.md has its form when written. */
typedef struct kith_snapshot kith_snapshot;

/**
 * Keep what an engine holds at this moment, to be written while the engine goes on. It takes milliseconds: what members
 * carry is shared until one of the two changes it. A review that was stopped half way is kept with the rows that it
 * has.
 *
 * The engine's allocator must be safe to be called from several threads at once where the snapshot is used by another
 * thread than the engine.
 *
 * @param position  up to 1 MiB of the caller's, handed back by kith_engine_get_position(): how far the application had
 *                  come; may be empty
 * @param snapshot  receives the snapshot; free it with kith_snapshot_free(), before or after the engine
 * @retval KITH_BAD_ARGUMENT, KITH_NO_MEMORY  nothing was made
 * @since 0.1
 */
KITH_API KITH_NODISCARD kith_status kith_engine_freeze(kith_engine *engine, kith_text position,
                                                       kith_snapshot **snapshot, kith_error *error);

/** @since 0.1 */
KITH_API void kith_snapshot_free(kith_snapshot *snapshot);

/**
 * Write a snapshot. The same engine gives the same bytes, whatever the machine, where zlib deflates alike.
 *
 * @param write  takes the bytes, in pieces
 * @retval KITH_INPUT_OUTPUT  write asked to stop, or the temporary file of kith_engine_options::memory, in which the
 *                            engine's weeks were, cannot be read; part of it may have been written
 * @retval KITH_NO_MEMORY     part of it may have been written
 * @retval KITH_BAD_ARGUMENT  nothing was written
 * @since 0.1
 */
KITH_API KITH_NODISCARD kith_status kith_snapshot_write(const kith_snapshot *snapshot, kith_write_fn write,
                                                        void *context, kith_error *error);

/**
 * Write a snapshot to a file, which then holds either this one or, after any failure and any crash, what it held
 * before: it is written beside it, made sure of on the disk, and moved into its place.
 *
 * @param path  the file; where it is a symbolic link, the file that it leads to is replaced
 * @retval KITH_INPUT_OUTPUT  the file is as it was; or, as the message then says, it has been replaced and is sound,
 * but whether that outlasts a crash is not sure
 * @retval KITH_NO_MEMORY     the file is as it was
 * @retval KITH_BAD_ARGUMENT  the file is as it was
 * @since 0.1
 */
KITH_API KITH_NODISCARD kith_status kith_snapshot_save(const kith_snapshot *snapshot, const char *path,
                                                       kith_error *error);

/** A snapshot to be loaded. */
typedef struct kith_load {
    uint32_t size;
    uint32_t reserved;                  /**< 0 */
    const char *path;                   /**< the file; NULL where read is given */
    kith_read_fn read;                  /**< in place of a path */
    void *read_context;                 /**< handed to read */
    const char *name;                   /**< for messages; NULL for the path, or "snapshot" */
    const kith_policy *policy;          /**< takes the place of the snapshot's; NULL to go on with that */
    const kith_engine_options *options; /**< of the engine; `members` is to be what it was; NULL for the usual ones */
} kith_load;

/**
 * Make the engine that was frozen. Nothing of the snapshot is trusted: its checksums are checked, and then every value.
 *
 * A policy that takes the place of the snapshot's may have any other figures. Its calendar must be the same once an
 * event is known; tiers that a member holds and kinds that an open week counts are found by their names and must be
 * there; and where an open week holds events, no kind may be credited or limited that was not when they came.
 * docs/snapshot.md has it in full.
 *
 * A review that was stopped half way goes on with the tables that it began with; later ones go by the options.
 *
 * @param input   what to load
 * @param engine  receives the engine; free it with kith_engine_free()
 * @retval KITH_BAD_SNAPSHOT    it is damaged, or is no snapshot; error says where
 * @retval KITH_NEWER_SNAPSHOT  it was written by a later version of the library, in a form not known here
 * @retval KITH_OTHER_POLICY    the policy cannot take the place of the snapshot's; error says why
 * @retval KITH_INPUT_OUTPUT    the file cannot be read, or the temporary file of kith_engine_options::memory written
 * @retval KITH_CANCELLED       progress asked to stop
 * @retval KITH_NO_MEMORY       there was not enough
 * @retval KITH_BAD_ARGUMENT, KITH_UNSUPPORTED  input cannot be used, or the engine knows its members the other way
 *
 * After any failure no engine was made.
 * @since 0.1
 */
KITH_API KITH_NODISCARD kith_status kith_engine_load(const kith_load *input, kith_engine **engine, kith_error *error);

/**
 * The position that was frozen with the snapshot that the engine was loaded from.
 *
 * @param position  receives it, empty where there was none; it belongs to the engine
 * @retval KITH_BAD_ARGUMENT  position is as it was
 * @since 0.1
 */
KITH_API KITH_NODISCARD kith_status kith_engine_get_position(const kith_engine *engine, kith_text *position,
                                                             kith_error *error);

#ifdef __cplusplus
}
#endif

#endif
