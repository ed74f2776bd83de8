/* SPDX-License-Identifier: MIT */
/* Which files of a folder are exports. */
#include <string.h>

#include "base/patterns.h"
#include "base/text.h"
#include "sources/source.h"

static kith_text from(kith_text text, uint64_t begin)
{
    return (kith_text){text.data + begin, text.length - begin};
}

/* How many bytes there are before the first slash. */
static uint64_t to_slash(kith_text text)
{
    const char *slash = text.length ? memchr(text.data, '/', text.length) : NULL;
    return slash ? (uint64_t)(slash - text.data) : text.length;
}

static bool is_hidden(kith_text path)
{
    for (;;) {
        if (path.length > 0 && path.data[0] == '.')
            return true;
        uint64_t length = to_slash(path);
        if (length == path.length)
            return false;
        path = from(path, length + 1);
    }
}

static kith_text last_component(kith_text path)
{
    for (uint64_t length; (length = to_slash(path)) < path.length;)
        path = from(path, length + 1);
    return path;
}

/* Component by component, as neither * nor ? stands for a slash. */
static bool fits_path(kith_text pattern, kith_text path)
{
    for (;;) {
        uint64_t own = to_slash(pattern), other = to_slash(path);
        if (!kithp_patterns_fit_one((kith_text){pattern.data, own}, (kith_text){path.data, other}))
            return false;
        if (own == pattern.length || other == path.length)
            return own == pattern.length && other == path.length;
        pattern = from(pattern, own + 1);
        path = from(path, other + 1);
    }
}

static bool fits(kith_text pattern, kith_text path, kith_text name)
{
    return to_slash(pattern) < pattern.length ? fits_path(pattern, path) : kithp_patterns_fit_one(pattern, name);
}

/* What is read where nobody says. */
static bool is_export(kith_text name)
{
    static const char *const patterns[] = {"*.csv",    "*.tsv",    "*.json",    "*.ndjson",    "*.jsonl",
                                           "*.csv.gz", "*.tsv.gz", "*.json.gz", "*.ndjson.gz", "*.jsonl.gz"};
    for (size_t i = 0; i < sizeof patterns / sizeof *patterns; i++)
        if (kithp_patterns_fit_one(kith_text_of(patterns[i]), name))
            return true;
    return false;
}

int kith_source_takes_file(const kith_source *source, kith_text path)
{
    if (!path.data || path.length == 0 || is_hidden(path))
        return 0;
    kith_text name = last_component(path);
    if (!source || source->files.count == 0)
        return is_export(name);
    for (uint32_t i = 0; i < source->files.count; i++)
        if (fits(source->files.patterns[i].pattern, path, name))
            return 1;
    return 0;
}
