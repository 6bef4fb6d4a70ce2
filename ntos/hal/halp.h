/* SPDX-License-Identifier: BSD-2-Clause */
/* What the files of the HAL share. */
#pragma once
#include "hal.h"
#include "mm.h"
#include "ex.h"
#include "ke.h"
#include "dbg.h"

#define HALP_PIT_FREQUENCY 1193182 /* Hz */
#define HALP_CLOCK_VECTOR 0        /* ISA interrupt of the PIT */

/* ---- Boot information: extra chunks of the kernel's ---- */
extern seL4_BootInfo *HalpBootInfo;
/* The payload of the chunk, NULL if there is none; *Length bytes. */
const void *HalpFindBootChunk(seL4_Word Id, PULONG Length);

/* ---- Ports of the Executive itself ---- */
NTSTATUS HalpClaimPorts(ULONG First, ULONG Count, seL4_CPtr *Cap); /* for the Executive alone */
void HalWritePort16(USHORT Port, USHORT Value);
USHORT HalReadPort16(USHORT Port);

/* ---- Start of parts ---- */
void HalpInitializeSerial(void);
void HalpInitializeScreen(void);

/* ---- ACPI ---- */
#define HALP_ISA_VECTORS 16

typedef struct _HALP_OVERRIDE {
    ULONG Pin;
    UCHAR Polarity; /* MPS INTI flags: 0 as the bus (ISA: high), 1 high, 3 low */
    UCHAR Trigger;  /* 0 as the bus (ISA: edge), 1 edge, 3 level */
} HALP_OVERRIDE, *PHALP_OVERRIDE;

typedef struct _HALP_FADT {
    ULONGLONG Dsdt;
    ULONG SmiCommand;
    UCHAR AcpiEnable;
    ULONG Pm1aControl, Pm1bControl; /* ports, 0 = none */
    BOOLEAN ResetSupported;         /* by a port */
    USHORT ResetPort;
    UCHAR ResetValue;
} HALP_FADT, *PHALP_FADT;

/* acpi.c: tables through device memory. NULL: not there, not readable or broken. Checked by length
 * and sum. */
const void *HalpFindAcpiTable(const char Signature[4], PULONG Length);
const void *HalpMapAcpiTable(ULONGLONG Address, PULONG Length);

/* acpi_tables.c: pure, for any bytes */
BOOLEAN HalpIsTableSound(const void *Table, ULONG Length);
void HalpParseMadt(const UCHAR *Table, ULONG Length, HALP_OVERRIDE Overrides[HALP_ISA_VECTORS]);
BOOLEAN HalpParseFadt(const UCHAR *Table, ULONG Length, PHALP_FADT Fadt);
BOOLEAN HalpParseS5(const UCHAR *Dsdt, ULONG Length, PUCHAR SleepTypeA, PUCHAR SleepTypeB);

/* ---- The text screen's contents (text.c, pure) ---- */
#define HALP_TEXT_COLUMNS 80
#define HALP_TEXT_ROWS 25

typedef struct _HALP_TEXT {
    USHORT Cell[HALP_TEXT_ROWS][HALP_TEXT_COLUMNS]; /* character, attribute in the high byte */
    ULONG Row, Column;
    ULONG FirstChanged, LastChanged; /* rows to be copied to the screen; none when First > Last */
} HALP_TEXT, *PHALP_TEXT;

void HalpClearText(PHALP_TEXT Text);
void HalpWriteText(PHALP_TEXT Text, const char *Characters, SIZE_T Length);
