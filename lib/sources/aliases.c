/* SPDX-License-Identifier: MIT */
#include "sources/aliases.h"

#include "base/alloc.h"
#include "base/text.h"
#include "sources/lookup.h"

/* As long as a member's can be. */
enum { NAME_MOST = 255 };

static uint32_t tag_of(const kith_source *source, kith_text name)
{
    return kithp_index_tag(kithp_hash_bytes(source->alias_key, name.data, name.length));
}

/* The number of an alias, or KITHP_INDEX_NONE. */
static uint32_t find_alias(const kith_source *source, kith_text name)
{
    struct kithp_index_walk walk = kithp_index_begin(&source->alias_index, tag_of(source, name));
    uint32_t item = kithp_index_next(&walk);
    while (item != KITHP_INDEX_NONE && !kithp_text_equal(source->aliases[item].alias, name))
        item = kithp_index_next(&walk);
    return item;
}

kith_text kithp_source_find_alias(const kith_source *source, kith_text name)
{
    uint32_t item = find_alias(source, name);
    return item == KITHP_INDEX_NONE ? name : source->aliases[item].name;
}

/* The first alias that stands for a name, or KITHP_INDEX_NONE. */
static uint32_t find_name(const struct kithp_source_reader *reader, kith_text name)
{
    struct kithp_index_walk walk = kithp_index_begin(&reader->alias_names, tag_of(reader->source, name));
    uint32_t item = kithp_index_next(&walk);
    while (item != KITHP_INDEX_NONE && !kithp_text_equal(reader->aliases[item].name, name))
        item = kithp_index_next(&walk);
    return item;
}

/* ---- reading ---- */

void kithp_source_begin_aliases(struct kithp_source_reader *reader, uint32_t most)
{
    kith_source *source = reader->source;
    source->alias_key = kithp_hash_random_key();
    kithp_index_init(&source->alias_index, &source->allocator);
    kithp_index_init(&reader->alias_names, &source->allocator);
    source->aliases = reader->aliases = kithp_source_take(reader, most, sizeof *reader->aliases);
    reader->alias_lines = kithp_alloc_array(&source->allocator, (size_t)most + 1, sizeof *reader->alias_lines);
    reader->has_memory = reader->has_memory && reader->alias_lines;
}

void kithp_source_end_aliases(struct kithp_source_reader *reader)
{
    kithp_index_free(&reader->alias_names);
    kithp_alloc_free(&reader->source->allocator, reader->alias_lines);
    reader->alias_lines = NULL;
}

static bool read_name(struct kithp_source_reader *reader, kith_text field, const struct kithp_ini_part *part,
                      kith_text *name)
{
    if (!kithp_source_unquote(reader, field, part, name))
        return false;
    if (name->length > 0 && name->length <= NAME_MOST)
        return true;
    kithp_source_report(reader, part, field, part->text, "expected a name of 1 to %d bytes", NAME_MOST);
    return false;
}

/* An alias stands for a name, and not for another alias: whichever of the two lines comes later is at fault. */
static bool check_chain(struct kithp_source_reader *reader, const struct kithp_ini_part *key,
                        const struct kithp_ini_part *value, const struct kithp_source_alias *alias)
{
    uint32_t further = find_alias(reader->source, alias->name), before = find_name(reader, alias->alias);
    if (kithp_text_equal(alias->alias, alias->name))
        kithp_source_report(reader, value, key->text, value->text, "is an alias of itself");
    else if (further != KITHP_INDEX_NONE)
        kithp_source_report(reader, value, key->text, value->text,
                            "expected the name of a member; this is an alias itself, on line %llu",
                            (unsigned long long)reader->alias_lines[further]);
    else if (before != KITHP_INDEX_NONE)
        kithp_source_report(reader, key, key->text, value->text,
                            "is what the alias on line %llu stands for, and so cannot stand for another",
                            (unsigned long long)reader->alias_lines[before]);
    else
        return true;
    return false;
}

static bool add(struct kithp_source_reader *reader, const struct kithp_source_alias *alias, uint64_t line)
{
    kith_source *source = reader->source;
    uint32_t number = source->alias_count;
    reader->aliases[number] = *alias;
    reader->alias_lines[number] = line;
    if (!kithp_index_add(&source->alias_index, tag_of(source, alias->alias), number))
        return false;
    source->alias_count++;
    /* Members may have many aliases; one that leads to the name is enough. */
    return find_name(reader, alias->name) != KITHP_INDEX_NONE ||
           kithp_index_add(&reader->alias_names, tag_of(source, alias->name), number);
}

void kithp_source_read_alias(struct kithp_source_reader *reader, const struct kithp_ini_part *key,
                             const struct kithp_ini_part *value)
{
    struct kithp_source_alias alias;
    kith_source *source = reader->source;
    if (source->alias_count == KITHP_SOURCE_ALIASES_MOST) {
        kithp_source_report(reader, key, key->text, value->text, "expected at most %d aliases",
                            KITHP_SOURCE_ALIASES_MOST);
        return;
    }
    if (!read_name(reader, key->text, key, &alias.alias) || !read_name(reader, key->text, value, &alias.name))
        return;
    uint32_t same = find_alias(source, alias.alias);
    if (same != KITHP_INDEX_NONE) {
        uint64_t line = reader->alias_lines[same];
        kithp_source_is_first(reader, &line, key, value);
        return;
    }
    if (check_chain(reader, key, value, &alias) && !add(reader, &alias, key->line))
        reader->has_memory = false;
}
