/* SPDX-License-Identifier: MIT */
#include "exports/mistaken.h"

#include <string.h>

#include "base/text.h"

/* By what they begin with. */
static const struct {
    kith_text begin;
    const char *words;
} others[] = {
    {{"PK\x03\x04", 4}, "is a zip archive (or a spreadsheet): unpack it, or save it as CSV"},
    {{"PAR1", 4}, "is a Parquet file: kith reads it from Python, or as CSV"},
    {{"ARROW1", 6}, "is an Arrow file: kith reads it from Python, or as CSV"},
    {{"SQLite format 3", 15}, "is an SQLite database: export a table of it as CSV"},
    {{"\x28\xB5\x2F\xFD", 4}, "is packed by zstd: kith reads what zstdcat makes of it"},
    {{"\xFD\x37zXZ", 5}, "is packed by xz: kith reads what xzcat makes of it"},
    {{"BZh", 3}, "is packed by bzip2: kith reads what bzcat makes of it"},
    {{"\xFF\xFE", 2}, "is UTF-16, and kith reads UTF-8: iconv -f UTF-16 -t UTF-8 turns it into that"},
    {{"\xFE\xFF", 2}, "is UTF-16, and kith reads UTF-8: iconv -f UTF-16 -t UTF-8 turns it into that"},
    {{"\xD0\xCF\x11\xE0", 4}, "is a document of an office program: save it as CSV"},
    {{"%PDF", 4}, "is a PDF file"},
    {{"<?xml", 5}, "is XML: kith reads CSV and JSON"},
    {{"<html", 5}, "is a page of HTML: kith reads CSV and JSON"},
    {{"<!DOCTYPE", 9}, "is a page of HTML: kith reads CSV and JSON"},
};

static bool begins_with(kith_text text, kith_text beginning)
{
    return text.length >= beginning.length && memcmp(text.data, beginning.data, beginning.length) == 0;
}

const char *kithp_mistaken_for(kith_text beginning)
{
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        if (begins_with(beginning, others[i].begin))
            return others[i].words;
    return beginning.length > 0 && memchr(beginning.data, 0, beginning.length) ? "is no text: it holds bytes of 0"
                                                                               : NULL;
}

const char *kithp_mistaken_csv(kith_text line)
{
    if (line.length > 0 && line.data[line.length - 1] == '\r')
        line.length--;
    const char *words = kithp_mistaken_for(line);
    if (words)
        return words;
    /* By such a line a spreadsheet is told the delimiter of those that follow. */
    if (line.length <= sizeof "sep=;" - 1 && begins_with(line, KITHP_TEXT("sep=")))
        return "begins with a line for spreadsheets: leave out that line, and its header comes first";
    if (line.length > 0 && memchr(line.data, '\r', line.length))
        return "has lines that end in CR alone, which kith takes for text: tr '\\r' '\\n' makes lines of them";
    return NULL;
}
