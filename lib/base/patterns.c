/* SPDX-License-Identifier: MIT */
#include "base/patterns.h"

/* Where the character behind the one at `at` begins. */
static uint64_t next_character(kith_text text, uint64_t at)
{
    do
        at++;
    while (at < text.length && ((unsigned char)text.data[at] & 0xC0) == 0x80);
    return at;
}

/* Most patterns and names that do not fit end with other bytes. */
static bool ends_differ(kith_text pattern, kith_text name)
{
    if (pattern.length == 0 || name.length == 0)
        return false;
    char last = pattern.data[pattern.length - 1];
    return last != '*' && last != '?' && last != name.data[name.length - 1];
}

bool kithp_patterns_fit_one(kith_text pattern, kith_text name)
{
    if (ends_differ(pattern, name))
        return false;
    uint64_t p = 0, n = 0;
    /* The last * met, and where what it stands for ends so far. An earlier one never has to give way: whatever it could
     * stand for beside, the last can take over. */
    bool has_star = false;
    uint64_t star = 0, star_end = 0;
    while (n < name.length) {
        if (p < pattern.length && pattern.data[p] == '*') {
            has_star = true;
            star = ++p;
            star_end = n;
        } else if (p < pattern.length && pattern.data[p] == '?') {
            p++;
            n = next_character(name, n);
        } else if (p < pattern.length && pattern.data[p] == name.data[n]) {
            p++;
            n++;
        } else if (has_star) {
            p = star;
            n = star_end = next_character(name, star_end);
        } else {
            return false;
        }
    }
    while (p < pattern.length && pattern.data[p] == '*')
        p++;
    return p == pattern.length;
}

bool kithp_patterns_fit(const struct kithp_patterns *patterns, kith_text name)
{
    for (uint32_t i = 0; i < patterns->count; i++)
        if (kithp_patterns_fit_one(kith_text_of(patterns->texts[i]), name))
            return true;
    return false;
}
