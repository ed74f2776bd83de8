/* SPDX-License-Identifier: MIT */
/* The fields of an event, in the order in which they are looked at. */
#ifndef KITHP_SOURCES_FIELD_H
#define KITHP_SOURCES_FIELD_H

enum kithp_field { KITHP_TIME, KITHP_MEMBER, KITHP_KIND, KITHP_TARGET, KITHP_QUANTITY, KITHP_ID, KITHP_FIELDS };

#endif
