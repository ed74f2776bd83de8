/* SPDX-License-Identifier: MIT */
/* What the arguments of a command stand for that reads exports: files, folders, and patterns of either. */
#ifndef KITH_CLI_EXPAND_H
#define KITH_CLI_EXPAND_H

#include <kith/kith.h>

#include "arguments.h"
#include "paths.h"

/*
 * Adds the exports that the arguments name, in their order. A folder stands for the exports in it. An argument that no
 * file has for a name is taken for a pattern, as a shell takes it, where it can be one. Says what is wrong and returns
 * an exit status.
 */
int cli_expand(struct cli_paths *paths, const struct cli_arguments *arguments, const kith_source *source);

#endif
