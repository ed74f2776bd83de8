/* SPDX-License-Identifier: MIT */
#include "policy/carry.h"

/*
 * 2^(-1 / half_life_weeks) is put together in integers, so that every machine has the same bits. The exponent is cut
 * into a whole part, which is a shift, and 40 binary places, each of which is a factor from the table. That is exact
 * enough: among all half-lives of up to two decimals, none has a product nearer than 1.3e-7 to where rounding turns,
 * and the error stays under 1e-8.
 */
enum { PLACES = 40, ONE_BITS = 63 };

/* roots[i] = 2^63 * 2^(-2^-(i + 1)), rounded. */
static const uint64_t roots[PLACES] = {
    UINT64_C(0x5a827999fcef3242), UINT64_C(0x6ba27e656b4eb57a), UINT64_C(0x75606373ee921c97),
    UINT64_C(0x7a92be8a92436616), UINT64_C(0x7d41d96db915019d), UINT64_C(0x7e9f06067a4360ba),
    UINT64_C(0x7f4f08ae3dc7c426), UINT64_C(0x7fa765aca88f6453), UINT64_C(0x7fd3ab290e46d769),
    UINT64_C(0x7fe9d3a8e07bf086), UINT64_C(0x7ff4e9597bed93ab), UINT64_C(0x7ffa748dff8dc61f),
    UINT64_C(0x7ffd3a3f50020332), UINT64_C(0x7ffe9d1dbc0a75aa), UINT64_C(0x7fff4e8e6306ed59),
    UINT64_C(0x7fffa74712c3cdfd), UINT64_C(0x7fffd3a381b1fa29), UINT64_C(0x7fffe9d1beed018a),
    UINT64_C(0x7ffff4e8defb81d7), UINT64_C(0x7ffffa746f5f012f), UINT64_C(0x7ffffd3a37a7d0a8),
    UINT64_C(0x7ffffe9d1bd1fc58), UINT64_C(0x7fffff4e8de8832d), UINT64_C(0x7fffffa746f422d7),
    UINT64_C(0x7fffffd3a37a09bb), UINT64_C(0x7fffffe9d1bd02f2), UINT64_C(0x7ffffff4e8de80fe),
    UINT64_C(0x7ffffffa746f4060), UINT64_C(0x7ffffffd3a37a028), UINT64_C(0x7ffffffe9d1bd012),
    UINT64_C(0x7fffffff4e8de809), UINT64_C(0x7fffffffa746f404), UINT64_C(0x7fffffffd3a37a02),
    UINT64_C(0x7fffffffe9d1bd01), UINT64_C(0x7ffffffff4e8de81), UINT64_C(0x7ffffffffa746f40),
    UINT64_C(0x7ffffffffd3a37a0), UINT64_C(0x7ffffffffe9d1bd0), UINT64_C(0x7fffffffff4e8de8),
    UINT64_C(0x7fffffffffa746f4),
};

/* a * b / 2^63, for a and b up to 2^63: at most three too small, which is nothing beside an error of 1e-8. */
static uint64_t multiply(uint64_t a, uint64_t b)
{
    uint64_t a_high = a >> 32, a_low = a & UINT32_MAX;
    uint64_t b_high = b >> 32, b_low = b & UINT32_MAX;
    return (a_high * b_high << 1) + (a_high * b_low >> 31) + (a_low * b_high >> 31);
}

uint32_t kithp_carry_of(uint32_t half_life_weeks)
{
    if (half_life_weeks == 0)
        return 0;
    uint32_t whole = 100 / half_life_weeks;
    if (whole > 17)
        return 0; /* under a half of 1 / 65536 */
    uint64_t places = ((uint64_t)(100 % half_life_weeks) << PLACES) / half_life_weeks;
    uint64_t power = UINT64_C(1) << ONE_BITS;
    for (unsigned i = 0; i < PLACES; i++)
        if (places >> (PLACES - 1 - i) & 1)
            power = multiply(power, roots[i]);
    power >>= whole;
    /* One bit more than the result has, for the half that rounds. */
    uint64_t twice = power >> (ONE_BITS - 17);
    return (uint32_t)((twice + 1) / 2);
}
