/* SPDX-License-Identifier: MIT */
/* The descriptions that come with the library: those of lib/sources/ready, put into a C file when it is built. */
#ifndef KITHP_SOURCES_READY_H
#define KITHP_SOURCES_READY_H

#include <kith/kith.h>

/* In the order of their names. */
extern const kith_ready_source kithp_ready_sources[];
extern const uint32_t kithp_ready_source_count;

#endif
