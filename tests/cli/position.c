/* SPDX-License-Identifier: MIT */
/* position STATE [FILE]: prints the position of a snapshot, or puts the content of FILE in its place. */
#include <stdio.h>
#include <stdlib.h>

#include <kith/kith.h>

static int fail(const kith_error *error)
{
    fprintf(stderr, "%s\n", error->message);
    return 1;
}

static int print(const kith_engine *engine, kith_error *error)
{
    kith_text position;
    if (kith_engine_get_position(engine, &position, error) != KITH_OK)
        return fail(error);
    fwrite(position.data, 1, (size_t)position.length, stdout);
    return 0;
}

static int replace(kith_engine *engine, const char *path, const char *file, kith_error *error)
{
    static char text[1 << 20];
    FILE *stream = fopen(file, "rb");
    if (!stream)
        return 1;
    kith_text position = {text, fread(text, 1, sizeof text, stream)};
    fclose(stream);
    kith_snapshot *snapshot = NULL;
    kith_status status = kith_engine_freeze(engine, position, &snapshot, error);
    if (status == KITH_OK)
        status = kith_snapshot_save(snapshot, path, error);
    kith_snapshot_free(snapshot);
    return status == KITH_OK ? 0 : fail(error);
}

int main(int argc, char **argv)
{
    kith_error error = {.size = sizeof error};
    if (argc < 2 || argc > 3)
        return 2;
    kith_load load = {.size = sizeof load, .path = argv[1]};
    kith_engine *engine;
    if (kith_engine_load(&load, &engine, &error) != KITH_OK)
        return fail(&error);
    int status = argc == 2 ? print(engine, &error) : replace(engine, argv[1], argv[2], &error);
    kith_engine_free(engine);
    return status;
}
