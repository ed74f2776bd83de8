/* SPDX-License-Identifier: MIT */
#include "exports/implied.h"

#include "base/text.h"

void kithp_implied_init(struct kithp_implied *implied, const struct kithp_columns *columns)
{
    *implied = (struct kithp_implied){.source = {.rows = KITHP_TEXT("[]"), .event_count = 1}};
    kith_source *source = &implied->source;
    struct kithp_source_event *event = &source->events[0];
    event->name = "";
    source->row.paths = implied->paths;
    for (int field = 0; field < KITHP_FIELDS; field++) {
        const char *header = columns->headers[field];
        if (!header)
            continue;
        uint32_t number = source->row.count++;
        implied->paths[number] = (struct kithp_source_path){kith_text_of(header), kith_text_of(header), 0, 0};
        implied->parts[number] = (struct kithp_source_part){
            .sort = KITHP_SOURCE_PATH, .scope = KITHP_SOURCE_ROW, .path = number, .last = true};
        event->values[field] =
            (struct kithp_source_value){.parts = &implied->parts[number], .part_count = 1, .text = header};
    }
}
