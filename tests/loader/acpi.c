/* SPDX-License-Identifier: BSD-2-Clause */
/* The machine's RSDP as loaders pass it on, and an XSDT for it. */
#include "loader.h"

#define BIOS_START 0xe0000
#define BIOS_END 0x100000
#define HEADER_SIZE 36
#define OLD_SIZE 20
#define NEW_SIZE 36
#define MAX_TABLES 32

static uint8_t copy[2][NEW_SIZE];
static uint8_t xsdt[HEADER_SIZE + 8 * MAX_TABLES];

static uint8_t sum(const uint8_t *bytes, uint32_t size)
{
    uint8_t result = 0;

    while (size--)
        result += *bytes++;
    return result;
}

static const uint8_t *machine_rsdp(void)
{
    for (uint32_t at = BIOS_START; at < BIOS_END; at += 16)
        if (!memcmp((const void *)(uintptr_t)at, "RSD PTR ", 8))
            return (const uint8_t *)(uintptr_t)at;
    return NULL;
}

/* The RSDT with entries of 8 bytes. */
static void make_xsdt(const uint8_t *rsdt)
{
    uint32_t tables = (*(const uint32_t *)(rsdt + 4) - HEADER_SIZE) / 4;

    memcpy(xsdt, rsdt, HEADER_SIZE);
    memcpy(xsdt, "XSDT", 4);
    for (uint32_t i = 0; i < tables && i < MAX_TABLES; i++)
        memcpy(xsdt + HEADER_SIZE + 8 * i, rsdt + HEADER_SIZE + 4 * i, 4);
    *(uint32_t *)(xsdt + 4) = HEADER_SIZE + 8 * tables;
    xsdt[9] = 0;
    xsdt[9] = (uint8_t)-sum(xsdt, HEADER_SIZE + 8 * tables);
}

/* The newer one names no RSDT, so that a kernel that reads it must use the XSDT. */
const void *rsdp(bool new_one, bool bad)
{
    uint8_t *result = copy[new_one];
    uint32_t rsdt;

    memcpy(result, machine_rsdp(), OLD_SIZE);
    if (new_one) {
        memcpy(&rsdt, result + 16, 4);
        make_xsdt((const uint8_t *)(uintptr_t)rsdt);
        memset(result + 15, 0, NEW_SIZE - 15);
        result[15] = 2;
        result[20] = NEW_SIZE;
        *(uint32_t *)(result + 24) = (uint32_t)(uintptr_t)xsdt;
        result[8] = 0;
        result[8] = (uint8_t)-sum(result, OLD_SIZE);
        result[32] = (uint8_t)-sum(result, NEW_SIZE);
    }
    if (bad)
        result[8]++;
    return result;
}
