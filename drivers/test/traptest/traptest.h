/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * traptest.sys has privileged instructions in its code: ordinary ones, and such as a compiler does
 * not make (arch/sites.S). The device that it gets from plug and play is the second serial port,
 * for its ports and its interrupt.
 */
#pragma once
#include <ntifs.h>
#include <neptune/ioctl.h>

/* The 16550's ports, and what the last one keeps for its driver once the device has started */
#define PORT_BASE 0x3E8
#define PORT_SCRATCH (PORT_BASE + 7)
#define SCRATCH 0x5a

/* Byte by byte, since C may take a routine's address for that of a jump to it. */
typedef UCHAR SITE[];

#ifdef _WIN64
#define SITE_REPINSD_SIZE 2 /* by its prefixes */
#else
#define SITE_REPINSD_SIZE 4
#endif

typedef struct _SITE_STRING {
    ULONG_PTR Port;
    ULONG_PTR Count;    /* what is left */
    ULONG_PTR Address;  /* then: the destination register */
    ULONG_PTR Backward; /* then: the source register */
} SITE_STRING, *PSITE_STRING;

/* ---- arch/sites.S ---- */
ULONG_PTR SiteIn8(ULONG_PTR Port, ULONG_PTR Accumulator);
ULONG_PTR SiteIn16(ULONG_PTR Port, ULONG_PTR Accumulator);
ULONG_PTR SiteIn32(ULONG_PTR Port, ULONG_PTR Accumulator);
ULONG_PTR SiteInRepeated(ULONG_PTR Port, ULONG_PTR Accumulator);
VOID SiteInImmediate(ULONG_PTR Unused, ULONG_PTR Accumulator); /* port 60h, which is not ours */
VOID SiteOut8(ULONG_PTR Port, ULONG_PTR Value);
ULONG SitePair(ULONG_PTR Port);
ULONG SiteJumpedBehind(ULONG_PTR Port, ULONG_PTR Jump); /* 0x55 with Jump */
UCHAR SiteAtPageEnd(ULONG_PTR Port);
USHORT SiteInTwoPages(ULONG_PTR Port);
UCHAR SiteAtSectionEnd(ULONG_PTR Port);
UCHAR SiteWritable(ULONG_PTR Port);

VOID SiteInsb(PSITE_STRING String);
VOID SiteRepInsb(PSITE_STRING String);
VOID SiteRepInsw(PSITE_STRING String);
VOID SiteRepInsd(PSITE_STRING String); /* SITE_REPINSD_SIZE bytes each */
VOID SiteRepOutsb(PSITE_STRING String);
VOID SiteRepOutsFs(PSITE_STRING String);
extern SITE SiteRepInswAt;

VOID SiteGuarded(PSITE_STRING String);
extern SITE SiteGuardedAt, SiteGuardedBehind;

#define SITE_RACES 64
#define SITE_RACE_LENGTH 16
extern SITE SiteRaces;

/* ---- The tests ---- */
VOID TrapCheck(BOOLEAN Condition, PCSTR Text, ULONG Line);
#define CHECK(Condition) TrapCheck((Condition) ? TRUE : FALSE, #Condition, __LINE__)

/* ports.c, strings.c, port.c */
VOID TestPorts(VOID);
VOID TestSurroundings(VOID);
VOID TestStrings(VOID);
VOID TestFaultInString(VOID);
VOID TestRaces(VOID);
/* arch/processor.c */
VOID TestProcessor(VOID);

/* port.c */
NTSTATUS PortStart(PCM_RESOURCE_LIST Resources);

/* crash.c: STATUS_NO_MORE_ENTRIES: there are not so many */
NTSTATUS TrapCrash(ULONG Index);
/* costs.c: in ticks; the same */
NTSTATUS TrapMeasure(ULONG Index, PULONGLONG Ticks);
