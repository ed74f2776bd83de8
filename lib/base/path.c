/* SPDX-License-Identifier: MIT */
#include "base/path.h"

#include <string.h>

#include "base/quoted.h"
#include "base/text.h"

bool kithp_path_is_plain(char byte)
{
    return (unsigned char)byte >= 0x20 && byte != '.' && byte != '[' && byte != ']' && byte != '"';
}

static size_t read_plain(struct kithp_path *path, char *out)
{
    const char *at = path->at;
    while (at < path->end && kithp_path_is_plain(*at))
        at++;
    kith_text name = {path->at, (uint64_t)(at - path->at)};
    if (name.length == 0)
        path->words = "expected a name";
    else if (!kithp_text_is_utf8(name))
        path->words = "expected UTF-8";
    if (path->words)
        return 0;
    memcpy(out, name.data, name.length);
    path->at = at;
    return name.length;
}

size_t kithp_path_read_name(struct kithp_path *path, char *name)
{
    if (path->at == path->end || *path->at != '"')
        return read_plain(path, name);
    struct kithp_quoted quoted;
    bool fine = kithp_quoted_read((kith_text){path->at, (uint64_t)(path->end - path->at)}, name, &quoted);
    path->at += quoted.taken;
    path->words = quoted.words;
    return fine ? quoted.length : 0;
}

bool kithp_path_next(struct kithp_path *path)
{
    if (path->at == path->end)
        return false;
    if (*path->at != '.') {
        path->words = "expected a dot, or quotes around the name";
        return false;
    }
    path->at++;
    return true;
}
