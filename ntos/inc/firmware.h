/* SPDX-License-Identifier: BSD-2-Clause */
/* The tables that the firmware has left in memory, for clients. They are looked for once. */
#pragma once
#include <nt/nt.h>

#define HAL_MAXIMUM_ACPI_TABLES 64

typedef struct _HAL_FIRMWARE_TABLE {
    ULONG Signature; /* the four characters, the first in the low byte */
    ULONG Length;
    const void *Table;
} HAL_FIRMWARE_TABLE, *PHAL_FIRMWARE_TABLE;

/* What the root table names, in that order; such as are damaged are left out. Returns how many. */
ULONG HalQueryAcpiTables(const HAL_FIRMWARE_TABLE **Tables);

typedef struct _HAL_SMBIOS {
    UCHAR Major, Minor;
    ULONG Length; /* 0: there is none */
    const void *Table;
} HAL_SMBIOS;

const HAL_SMBIOS *HalQuerySmbios(void);
