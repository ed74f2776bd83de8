/* SPDX-License-Identifier: MIT */
#include "base/error.h"

#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"

const char *kith_status_name(kith_status status)
{
    static const char *const names[] = {
        [KITH_OK] = "KITH_OK",
        [KITH_BAD_ARGUMENT] = "KITH_BAD_ARGUMENT",
        [KITH_NO_MEMORY] = "KITH_NO_MEMORY",
        [KITH_UNSUPPORTED] = "KITH_UNSUPPORTED",
        [KITH_CANCELLED] = "KITH_CANCELLED",
        [KITH_INPUT_OUTPUT] = "KITH_INPUT_OUTPUT",
        [KITH_BAD_POLICY] = "KITH_BAD_POLICY",
        [KITH_BAD_EXPORT] = "KITH_BAD_EXPORT",
        [KITH_REFUSED] = "KITH_REFUSED",
        [KITH_TOO_MANY_WEEKS] = "KITH_TOO_MANY_WEEKS",
        [KITH_UNKNOWN_MEMBER] = "KITH_UNKNOWN_MEMBER",
        [KITH_OUT_OF_ORDER] = "KITH_OUT_OF_ORDER",
        [KITH_BAD_SNAPSHOT] = "KITH_BAD_SNAPSHOT",
        [KITH_NEWER_SNAPSHOT] = "KITH_NEWER_SNAPSHOT",
        [KITH_OTHER_POLICY] = "KITH_OTHER_POLICY",
        [KITH_BAD_SOURCE] = "KITH_BAD_SOURCE",
    };
    bool known = status >= 0 && (size_t)status < sizeof names / sizeof *names;
    return known ? names[status] : "unknown";
}

const char *const kithp_reason_names[KITH_REASONS] = {"",     "quote",    "fields", "time",   "member", "target",
                                                      "kind", "quantity", "late",   "future", "json"};

const char *kith_reason_name(uint32_t reason)
{
    if (reason == KITH_REASON_SKIPPED)
        return "skipped";
    return reason < KITH_REASONS ? kithp_reason_names[reason] : "unknown";
}

/* A line of text being put together; what does not fit is cut. */
struct line {
    char *text;
    size_t length;
    size_t capacity;
};

static void line_add(struct line *line, const char *format, ...) KITHP_FORMAT(2, 3);

static void line_add(struct line *line, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    size_t room = line->capacity - line->length;
    int wanted = vsnprintf(line->text + line->length, room, format, arguments);
    va_end(arguments);
    if (wanted > 0)
        line->length += (size_t)wanted < room ? (size_t)wanted : room - 1;
}

static void compose(kith_error *full, const char *words)
{
    struct line line = {full->message, 0, sizeof full->message};
    if (full->file[0])
        line_add(&line, "%s:", full->file);
    if (full->line)
        line_add(&line, "%llu:", (unsigned long long)full->line);
    if (full->column)
        line_add(&line, "%llu:", (unsigned long long)full->column);
    if (line.length)
        line_add(&line, " ");
    if (full->field[0])
        line_add(&line, full->value[0] ? "%s '%s': " : "%s: ", full->field, full->value);
    else if (full->value[0])
        line_add(&line, "'%s': ", full->value);
    line_add(&line, "%s", words);
    /* A cut through the middle of a character would leave a message that is not UTF-8. */
    kithp_text_trim_partial(full->message);
}

kith_status kithp_fail(kith_error *error, kith_status status, const struct kithp_place *place, const char *words, ...)
{
    if (!error || error->size < offsetof(kith_error, reason))
        return status;
    static const struct kithp_place nowhere;
    if (!place)
        place = &nowhere;

    char said[sizeof error->message];
    va_list arguments;
    va_start(arguments, words);
    vsnprintf(said, sizeof said, words, arguments);
    va_end(arguments);

    kith_error full;
    memset(&full, 0, sizeof full);
    full.size = error->size;
    full.status = status;
    full.reason = place->reason;
    full.line = place->line;
    full.column = place->column;
    if (place->file)
        kithp_text_copy_clean(full.file, sizeof full.file, kith_text_of(place->file));
    kithp_text_copy_clean(full.field, sizeof full.field, place->field);
    kithp_text_copy_clean(full.value, sizeof full.value, place->value);
    compose(&full, said);
    memcpy(error, &full, error->size < sizeof full ? error->size : sizeof full);
    return status;
}

void kithp_error_move_down(kith_error *error, uint64_t lines)
{
    if (error->line == 0)
        return;
    kith_error full = *error;
    compose(&full, "");
    char words[sizeof full.message];
    snprintf(words, sizeof words, "%s", error->message + strlen(full.message));
    error->line += lines;
    compose(error, words);
}

kith_status kithp_fail_argument(kith_error *error, const char *argument, const char *words)
{
    struct kithp_place place = {.field = kith_text_of(argument)};
    return kithp_fail(error, KITH_BAD_ARGUMENT, &place, "%s", words);
}

kith_status kithp_fail_memory(kith_error *error)
{
    return kithp_fail(error, KITH_NO_MEMORY, NULL, "not enough memory");
}

/* ---- what the system says ---- */

/* strerror_r() is one of two: GNU's returns the words, which need not lie in the room that it was given. */
static const char *describe_errno(int number, char *room, size_t size)
{
#if defined(__GLIBC__) && defined(_GNU_SOURCE)
    return strerror_r(number, room, size);
#else
    return strerror_r(number, room, size) == 0 ? room : "";
#endif
}

struct kithp_errno_words kithp_errno_words(int number)
{
    struct kithp_errno_words words = {""};
    char room[sizeof words.text] = "";
    /* They are in the encoding of the locale that the application has set. */
    kithp_text_copy_clean(words.text, sizeof words.text, kith_text_of(describe_errno(number, room, sizeof room)));
    if (!words.text[0])
        snprintf(words.text, sizeof words.text, "error %d", number);
    return words;
}
