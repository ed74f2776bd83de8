/* SPDX-License-Identifier: MIT */
#include "fuzz.h"

#include <sys/mman.h>
#include <unistd.h>

/*
 * Takes the place of the C library's, so that the same input is hashed, and goes through the same code, in each run;
 * and so that two engines that hold the same are the same snapshot, byte for byte.
 */
int getentropy(void *buffer, size_t length);

int getentropy(void *buffer, size_t length)
{
    memset(buffer, 0x5A, length);
    return 0;
}

uint8_t fuzz_byte(struct fuzz_input *input)
{
    if (input->left == 0)
        return 0;
    input->left--;
    return *input->at++;
}

uint32_t fuzz_below(struct fuzz_input *input, uint32_t most)
{
    return fuzz_byte(input) % most;
}

uint64_t fuzz_word(struct fuzz_input *input, unsigned bytes)
{
    uint64_t word = 0;
    for (unsigned i = 0; i < bytes; i++)
        word |= (uint64_t)fuzz_byte(input) << (8 * i);
    return word;
}

kith_text fuzz_text(struct fuzz_input *input, size_t most)
{
    size_t length = most < input->left ? most : input->left;
    kith_text text = {(const char *)input->at, length};
    input->at += length;
    input->left -= length;
    return text;
}

kith_text fuzz_rest(struct fuzz_input *input)
{
    return fuzz_text(input, SIZE_MAX);
}

kith_text fuzz_head(struct fuzz_input *input)
{
    for (size_t i = 0; i + 4 <= input->left; i++) {
        if (memcmp(input->at + i, "---\n", 4) != 0 || (i > 0 && input->at[i - 1] != '\n'))
            continue;
        kith_text head = fuzz_text(input, i);
        fuzz_text(input, 4);
        return head;
    }
    return fuzz_rest(input);
}

char *fuzz_copy(kith_text text)
{
    char *copy = malloc(text.length ? text.length : 1);
    MUST(copy);
    if (text.length)
        memcpy(copy, text.data, text.length);
    return copy;
}

char *fuzz_string(kith_text text)
{
    char *copy = malloc(text.length + 1);
    MUST(copy);
    if (text.length)
        memcpy(copy, text.data, text.length);
    copy[text.length] = '\0';
    return copy;
}

bool fuzz_same_text(kith_text a, kith_text b)
{
    return a.length == b.length && (a.length == 0 || memcmp(a.data, b.data, a.length) == 0);
}

/* Bytes of the character that begins here, 0 where none does. */
static size_t character(const unsigned char *at, size_t left)
{
    static const struct {
        unsigned char first, last, second_least, second_most;
        size_t length;
    } rows[] = {
        {0x00, 0x7F, 0, 0, 1},       {0xC2, 0xDF, 0x80, 0xBF, 2}, {0xE0, 0xE0, 0xA0, 0xBF, 3},
        {0xE1, 0xEC, 0x80, 0xBF, 3}, {0xED, 0xED, 0x80, 0x9F, 3}, {0xEE, 0xEF, 0x80, 0xBF, 3},
        {0xF0, 0xF0, 0x90, 0xBF, 4}, {0xF1, 0xF3, 0x80, 0xBF, 4}, {0xF4, 0xF4, 0x80, 0x8F, 4},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        if (at[0] < rows[i].first || at[0] > rows[i].last)
            continue;
        if (left < rows[i].length)
            return 0;
        if (rows[i].length > 1 && (at[1] < rows[i].second_least || at[1] > rows[i].second_most))
            return 0;
        for (size_t k = 2; k < rows[i].length; k++)
            if ((at[k] & 0xC0) != 0x80)
                return 0;
        return rows[i].length;
    }
    return 0;
}

bool fuzz_is_utf8(kith_text text)
{
    for (size_t at = 0; at < text.length;) {
        size_t length = character((const unsigned char *)text.data + at, text.length - at);
        if (length == 0)
            return false;
        at += length;
    }
    return true;
}

int fuzz_write(void *context, const void *bytes, size_t length)
{
    struct fuzz_made *made = context;
    if (++made->calls == made->fail_at)
        return 1;
    if (made->capacity - made->length < length) {
        made->capacity = 2 * made->capacity + length + 256;
        made->bytes = realloc(made->bytes, made->capacity);
        MUST(made->bytes);
    }
    if (length)
        memcpy(made->bytes + made->length, bytes, length);
    made->length += length;
    return 0;
}

void fuzz_made_number(struct fuzz_made *made, uint64_t number)
{
    fuzz_write(made, &number, sizeof number);
}

void fuzz_made_text(struct fuzz_made *made, kith_text text)
{
    fuzz_made_number(made, text.length);
    fuzz_write(made, text.data, text.length);
}

kith_text fuzz_text_of(const struct fuzz_made *made)
{
    return (kith_text){made->bytes ? made->bytes : "", made->length};
}

bool fuzz_same(const struct fuzz_made *a, const struct fuzz_made *b)
{
    return fuzz_same_text(fuzz_text_of(a), fuzz_text_of(b));
}

void fuzz_made_free(struct fuzz_made *made)
{
    free(made->bytes);
    *made = (struct fuzz_made){0};
}

int64_t fuzz_read(void *context, void *buffer, size_t capacity)
{
    struct fuzz_given *given = context;
    size_t left = given->text.length - given->at;
    size_t length = left < capacity ? left : capacity;
    if (given->step && length > given->step)
        length = given->step;
    if (length)
        memcpy(buffer, given->text.data + given->at, length);
    given->at += length;
    return (int64_t)length;
}

int fuzz_file(kith_text text, char path[32])
{
    int file = memfd_create("fuzz", MFD_CLOEXEC);
    MUST(file >= 0);
    for (size_t at = 0; at < text.length;) {
        ssize_t written = write(file, text.data + at, text.length - at);
        MUST(written > 0);
        at += (size_t)written;
    }
    snprintf(path, 32, "/proc/self/fd/%d", file);
    return file;
}
