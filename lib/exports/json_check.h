/* SPDX-License-Identifier: MIT */
/*
 * A JSON text checked byte by byte, in pieces: what must be told exactly, or does not lie in one piece. What is read
 * quickly is json_walk.h's and json_follow.h's; all let pass the same.
 */
#ifndef KITHP_EXPORTS_JSON_CHECK_H
#define KITHP_EXPORTS_JSON_CHECK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* How deep arrays and objects may be nested. */
enum { KITHP_JSON_DEPTH_MOST = 64 };

/* Why a text is refused. */
struct kithp_json_fault {
    uint64_t offset; /* of the first byte that cannot be right, or the text's end; of a character that is not UTF-8,
                        its first one */
    char words[72];  /* such as "expected a comma or a closing bracket" */
};

/* What is expected next. */
enum kithp_json_state {
    KITHP_JSON_AT_VALUE,
    KITHP_JSON_AT_ELEMENT, /* the first one, or the array's end */
    KITHP_JSON_AT_MEMBER,  /* the first one, or the object's end */
    KITHP_JSON_AT_NAME,
    KITHP_JSON_AT_COLON,
    KITHP_JSON_BEHIND_VALUE,
    KITHP_JSON_DONE, /* nothing but blanks */
    KITHP_JSON_IN_STRING,
    KITHP_JSON_IN_CHARACTER, /* of several bytes */
    KITHP_JSON_IN_ESCAPE,
    KITHP_JSON_IN_DIGITS_OF_ESCAPE,
    KITHP_JSON_IN_LITERAL,
    KITHP_JSON_BEHIND_MINUS,
    KITHP_JSON_BEHIND_ZERO,
    KITHP_JSON_IN_INTEGER,
    KITHP_JSON_BEHIND_POINT,
    KITHP_JSON_IN_FRACTION,
    KITHP_JSON_BEHIND_E,
    KITHP_JSON_BEHIND_SIGN,
    KITHP_JSON_IN_EXPONENT,
    KITHP_JSON_REFUSED
};

struct kithp_json_check {
    uint64_t objects; /* a bit for each array or object that is open, the innermost lowest: it is an object */
    uint32_t depth;   /* how many are open */
    uint32_t depth_most;
    uint64_t offset;   /* of the next byte */
    const char *words; /* the literal that is read; where refused, what was expected, or NULL for less depth */
    enum kithp_json_state state;
    uint8_t left;  /* bytes to come of a character, or digits of an escape */
    uint8_t least; /* what the character's next byte may be */
    uint8_t most;
    uint8_t taken;  /* bytes of the character or the literal */
    bool in_name;   /* the string is a member's name */
    bool is_at_end; /* refused as the text ended */
};

/* What a byte did. */
enum kithp_json_step {
    KITHP_JSON_WENT_ON,
    KITHP_JSON_NAMED,        /* the closing quote of a member's name */
    KITHP_JSON_ENDED,        /* the last byte of a string, true, false or null */
    KITHP_JSON_ENDED_BEFORE, /* a number ended before it; the byte was not taken */
    KITHP_JSON_CLOSED,       /* an array's or an object's last byte */
    KITHP_JSON_FAULT         /* there is no way to go on */
};

/* depth_most is KITHP_JSON_DEPTH_MOST at most. */
void kithp_json_check_init(struct kithp_json_check *check, uint32_t depth_most, uint64_t offset);

enum kithp_json_step kithp_json_check_byte(struct kithp_json_check *check, char byte);

/* How many bytes from `at` on are a string's plain characters, with which nothing else would happen; they are taken. */
size_t kithp_json_check_plain(struct kithp_json_check *check, const char *at, const char *end);

/* Nothing comes any more. A number may end with that. */
enum kithp_json_step kithp_json_check_end(struct kithp_json_check *check);

/* Whether a value begins with this byte, if it is right at all. */
bool kithp_json_check_begins(const struct kithp_json_check *check, char byte);

/* A value of so many bytes, of which none has been taken, was checked elsewhere. */
void kithp_json_check_pass(struct kithp_json_check *check, uint64_t length);

/* Why it was refused. */
void kithp_json_check_fault(const struct kithp_json_check *check, struct kithp_json_fault *fault);

static inline bool kithp_json_is_blank(char byte)
{
    return byte == ' ' || byte == '\n' || byte == '\r' || byte == '\t';
}

#endif
