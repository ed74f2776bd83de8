/* SPDX-License-Identifier: MIT */
/*
 * Writes the snapshots that every later version must be able to load, and what must come of them. Usage:
 * generate_snapshots FOLDER. Run once for each form, when it is released:
 *
 *     mkdir -p tests/snapshots/v1/named tests/snapshots/v1/numbered
 *     BUILD/tests/unit/generate_snapshots tests/snapshots/v1
 *
 * In the folder there is then rest.csv, the events that go on where the snapshots end; and for members that are named
 * and numbered a snapshot and the tables of the review that closes all weeks. The tables come from an engine that was
 * never saved.
 */
#include "snapshot_support.h"

static FILE *open_file(const char *folder, const char *name)
{
    char path[1024];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *file = fopen(path, "wb");
    if (!file) {
        perror(path);
        exit(1);
    }
    return file;
}

static void write_rest(const char *folder)
{
    size_t count;
    const struct act *acts = rich_rest(&count);
    FILE *file = open_file(folder, "rest.csv");
    fprintf(file, "time,member,kind,target,quantity\n");
    for (size_t i = 0; i < count; i++)
        fprintf(file, "%lld,%u,%u,%u,%u\n", (long long)acts[i].time, acts[i].member, acts[i].kind, acts[i].target,
                acts[i].quantity);
    fclose(file);
}

static void write_snapshot(const char *folder, kith_engine *engine)
{
    FILE *file = open_file(folder, "snapshot.kith");
    kith_snapshot *snapshot = freeze(engine, "as far as row 12");
    struct gathered bytes = bytes_of_snapshot(snapshot);
    fwrite(bytes.bytes, 1, bytes.length, file);
    fclose(file);
    kith_snapshot_free(snapshot);
    gathered_free(&bytes);
}

static void write_tables(const char *folder, kith_engine *engine, bool named)
{
    size_t count;
    const struct act *acts = rich_rest(&count);
    for (size_t i = 0; i < count; i++)
        add_act(engine, &acts[i], named);
    kith_review *review = review_until(engine, MONDAY + RICH_END * WEEK);
    struct tables tables = tables_of(review, KITH_CSV_HEADER);
    for (unsigned i = 0; i < TABLES; i++) {
        char name[32];
        snprintf(name, sizeof name, "%s.csv", table_names[i]);
        FILE *file = open_file(folder, name);
        fputs(tables.csv[i], file);
        fclose(file);
    }
    tables_free(&tables);
    kith_review_free(review);
}

int main(int count, char **arguments)
{
    if (count != 2) {
        fprintf(stderr, "usage: generate_snapshots FOLDER\n");
        return 2;
    }
    write_rest(arguments[1]);
    for (unsigned named = 0; named < 2; named++) {
        char folder[900];
        snprintf(folder, sizeof folder, "%s/%s", arguments[1], named ? "named" : "numbered");
        kith_engine *engine = rich_engine(named, true, NULL);
        write_snapshot(folder, engine);
        write_tables(folder, engine, named);
        kith_engine_free(engine);
    }
    return 0;
}
