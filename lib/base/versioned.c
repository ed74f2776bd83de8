/* SPDX-License-Identifier: MIT */
#include "base/versioned.h"

#include <stdbool.h>
#include <string.h>

#include "base/error.h"

static uint32_t size_of(const void *given)
{
    uint32_t size;
    memcpy(&size, given, sizeof size);
    return size;
}

static bool is_zero(const unsigned char *bytes, size_t length)
{
    for (size_t i = 0; i < length; i++)
        if (bytes[i])
            return false;
    return true;
}

kith_status kithp_versioned_check(const void *given, size_t least, const char *argument, kith_error *error)
{
    if (!given)
        return kithp_fail_argument(error, argument, "must not be NULL");
    if (size_of(given) < least)
        return kithp_fail_argument(error, argument, "its size must be set to sizeof the struct");
    return KITH_OK;
}

kith_status kithp_versioned_read(void *own, size_t own_size, const void *given, size_t least, const char *argument,
                                 kith_error *error)
{
    kith_status status = kithp_versioned_check(given, least, argument, error);
    if (status != KITH_OK)
        return status;
    size_t given_size = size_of(given);
    size_t common = given_size < own_size ? given_size : own_size;
    if (!is_zero((const unsigned char *)given + common, given_size - common)) {
        struct kithp_place place = {.field = {argument, strlen(argument)}};
        return kithp_fail(error, KITH_UNSUPPORTED, &place, "sets a field that needs a newer kith than %s",
                          kith_version());
    }
    memset(own, 0, own_size);
    memcpy(own, given, common);
    return KITH_OK;
}

void kithp_versioned_write(void *given, const void *own, size_t own_size)
{
    uint32_t given_size = size_of(given);
    memcpy(given, own, given_size < own_size ? given_size : own_size);
    memcpy(given, &given_size, sizeof given_size);
}
