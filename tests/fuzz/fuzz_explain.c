/* SPDX-License-Identifier: MIT */
/*
 * An explanation as an engine gives it, in words; then with bytes of it changed, by a caller who may have filled it
 * with anything: it is told or refused, and nothing in what is told moves a terminal's cursor.
 */
#include "acts.h"
#include "use.h"

enum { CHANGES_MOST = 8, MOMENTS = 3 };

struct page {
    kith_explanation_options options;
    char strong[8];
};

static struct page make_page(struct fuzz_input *input)
{
    static const uint32_t columns[] = {0, 1, 20, 40, 80, 81, 132, KITH_UNBROKEN};
    uint32_t bits = fuzz_byte(input);
    struct page page = {.options = {.size = sizeof page.options}, .strong = "<<"};
    page.options.columns = columns[bits % 8];
    page.options.rules = bits >> 3 & 1;
    page.options.at_end = bits >> 4 & 1;
    return page;
}

/* UTF-8 without control characters, and without those that turn the direction of writing round. */
static void check_words(kith_text words)
{
    MUST(fuzz_is_utf8(words));
    for (size_t i = 0; i < words.length; i++) {
        unsigned char byte = (unsigned char)words.data[i];
        MUST((byte >= 0x20 && byte != 0x7F) || byte == '\n');
        if (i + 2 >= words.length || byte != 0xE2)
            continue;
        unsigned second = (unsigned char)words.data[i + 1], third = (unsigned char)words.data[i + 2];
        MUST(!(second == 0x80 && third >= 0xAA && third <= 0xAE));
        MUST(!(second == 0x81 && third >= 0xA6 && third <= 0xA9));
    }
}

static kith_status write_words(const kith_explanation *explanation, const kith_policy *policy, const struct page *page)
{
    struct fuzz_made words = {0};
    kith_explanation_options options = page->options;
    options.strong = options.off = page->strong;
    kith_status status = kith_explanation_write(explanation, policy, &options, fuzz_write, &words, NULL);
    MUST(status == KITH_OK || status == KITH_BAD_ARGUMENT);
    MUST((status == KITH_OK) == (words.length > 0));
    check_words(fuzz_text_of(&words));
    fuzz_made_free(&words);
    return status;
}

/* Any bytes of it but its size and its pointer to text. */
static void change(kith_explanation *explanation, struct fuzz_input *input)
{
    static const size_t widths[] = {1, 4, 8, 4};
    uint32_t changes = fuzz_below(input, CHANGES_MOST);
    for (uint32_t i = 0; i < changes; i++) {
        size_t width = widths[fuzz_below(input, 4)];
        size_t at = (size_t)fuzz_word(input, 2) % (sizeof *explanation - width);
        size_t text = offsetof(kith_explanation, member);
        uint64_t value = fuzz_word(input, (unsigned)width);
        if (at < sizeof explanation->size || (at + width > text && at < text + sizeof(kith_text)))
            continue;
        memcpy((char *)explanation + at, &value, width);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct fuzz_input input = {data, size};
    uint32_t how = fuzz_byte(&input);
    const bool named = how & 1;
    const kith_policy *policy = how & 2 ? fuzz_small() : fuzz_default();
    const kith_engine_options options = fuzz_options(named ? KITH_NAMED : KITH_NUMBERED, 1);
    kith_engine *engine = fuzz_engine(policy, &options);
    struct page page = make_page(&input);
    uint64_t member = 1 + fuzz_below(&input, 8);
    kith_explanation explanation = {.size = sizeof explanation};
    struct fuzz_input changes = {data, 0};
    if (input.left > 64) {
        changes = (struct fuzz_input){input.at, 32};
        fuzz_text(&input, 32);
    }
    fuzz_add_acts(engine, &input, MONDAY, policy, named, 60);
    for (int64_t moment = 0; moment < MOMENTS; moment++) {
        int64_t as_of = moment == 0 ? MONDAY + 3 * DAY : moment == 1 ? KITH_LAST_REVIEW : MONDAY + 31 * WEEK;
        if (moment == 1)
            MUST(fuzz_review(engine, MONDAY + (1 + (how >> 2) % 32) * WEEK));
        fuzz_ask(engine, policy, member, as_of);
        kith_explanation asked = {.size = sizeof asked};
        if (kith_engine_explain(engine, member, as_of, &asked, NULL) == KITH_OK) {
            explanation = asked;
            MUST(write_words(&explanation, policy, &page) == KITH_OK);
        }
    }
    change(&explanation, &changes);
    write_words(&explanation, policy, &page);
    kith_engine_free(engine);
    return 0;
}
