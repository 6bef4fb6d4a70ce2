/* SPDX-License-Identifier: BSD-2-Clause */
/* String instructions of ports: directions, counts, prefixes, and faults in the midst of them. */
#include "traptest.h"

#define TIMES 3
#define LENGTH 64
#define UNTOUCHED 0x33

static UCHAR Buffer[LENGTH];

static VOID Clear(VOID)
{
    RtlFillMemory(Buffer, sizeof(Buffer), UNTOUCHED);
}

/* Whether just these bytes have been read into. */
static BOOLEAN IsRead(ULONG First, ULONG Count)
{
    for (ULONG i = 0; i < LENGTH; i++)
        if ((Buffer[i] != UNTOUCHED) != (i >= First && i < First + Count))
            return FALSE;
    return TRUE;
}

typedef VOID (*STRING_ROUTINE)(PSITE_STRING);

/* From Start on; the registers are right afterwards too. */
static VOID CheckInput(STRING_ROUTINE Routine, ULONG Size, ULONG Count, LONG Start,
                       BOOLEAN Backward)
{
    ULONG Elements = Routine == SiteInsb ? 1 : Count;
    LONG End = Start + (Backward ? -1 : 1) * (LONG)(Elements * Size);

    for (ULONG i = 0; i < TIMES; i++) {
        SITE_STRING String = {PORT_SCRATCH + 1 - Size, Count, (ULONG_PTR)Buffer + Start, Backward};

        Clear();
        Routine(&String);
        CHECK(IsRead(Backward ? End + Size : Start, Elements * Size));
        CHECK(String.Address == (ULONG_PTR)Buffer + End);
        CHECK(String.Count == (Routine == SiteInsb ? Count : 0));
    }
}

static VOID TestOutput(VOID)
{
    for (ULONG i = 0; i < TIMES; i++) {
        UCHAR Bytes[] = {1, 2, 0x40 + i};
        SITE_STRING String = {PORT_SCRATCH, 3, (ULONG_PTR)Bytes, FALSE};

        SiteRepOutsb(&String);
        CHECK(String.Count == 0 && String.Backward == (ULONG_PTR)Bytes + 3);
        CHECK((UCHAR)SiteIn8(PORT_SCRATCH, 0) == 0x40 + i);
        SiteOut8(PORT_SCRATCH, SCRATCH);
    }
}

VOID TestStrings(VOID)
{
    CheckInput(SiteInsb, 1, 5, 0, FALSE);
    CheckInput(SiteRepInsb, 1, 5, 3, FALSE);
    CheckInput(SiteRepInsb, 1, 0, 3, FALSE);
    CheckInput(SiteRepInsb, 1, 5, 40, TRUE);
    CheckInput(SiteRepInsw, 2, 6, 1, FALSE);
    CheckInput(SiteRepInsw, 2, 6, 40, TRUE);
    CheckInput(SiteRepInsd, SITE_REPINSD_SIZE, 3, 8, FALSE);
    TestOutput();
    READ_PORT_BUFFER_UCHAR((PUCHAR)PORT_SCRATCH, Buffer, LENGTH);
    CHECK(IsRead(0, LENGTH) && Buffer[LENGTH - 1] == SCRATCH);
}

/* ---- A fault ---- */

static ULONG Faults;
static PVOID FaultAddress;
static NTSTATUS FaultCode;
static ULONG_PTR FaultInformation;

/* The handler of SiteGuarded */
EXCEPTION_DISPOSITION SiteHandler(PEXCEPTION_RECORD Record, PVOID Frame, PCONTEXT Context,
                                  PVOID Dispatcher)
{
    Faults++;
    FaultCode = Record->ExceptionCode;
    FaultAddress = Record->ExceptionAddress;
    FaultInformation = Record->ExceptionInformation[1];
#ifdef _WIN64
    Context->Rip = (ULONG_PTR)SiteGuardedBehind;
#else
    Context->Eip = (ULONG_PTR)SiteGuardedBehind;
#endif
    return ExceptionContinueExecution;
}

/* Two pages of which the second cannot be written to. */
static PUCHAR HalfAPlace(VOID)
{
    PVOID Base = NULL;
    SIZE_T Size = 2 * PAGE_SIZE;

    if (!NT_SUCCESS(ZwAllocateVirtualMemory(NtCurrentProcess(), &Base, 0, &Size, MEM_RESERVE,
                                            PAGE_READWRITE)))
        return NULL;
    Size = PAGE_SIZE;
    if (!NT_SUCCESS(ZwAllocateVirtualMemory(NtCurrentProcess(), &Base, 0, &Size, MEM_COMMIT,
                                            PAGE_READWRITE)))
        return NULL;
    return Base;
}

/* It is the instruction's, whose registers say how far it has come. */
VOID TestFaultInString(VOID)
{
    PUCHAR Place = HalfAPlace();
    PVOID Base = Place;
    SIZE_T Size = 0;

    CHECK(Place != NULL);
    for (ULONG i = 0; i < TIMES && Place; i++) {
        SITE_STRING String = {PORT_SCRATCH, 8, (ULONG_PTR)Place + PAGE_SIZE - 3, FALSE};

        Faults = 0;
        SiteGuarded(&String);
        CHECK(Faults == 1 && FaultCode == STATUS_ACCESS_VIOLATION);
        CHECK(FaultAddress == SiteGuardedAt && FaultInformation == (ULONG_PTR)Place + PAGE_SIZE);
        CHECK(String.Count == 5 && String.Address == (ULONG_PTR)Place + PAGE_SIZE);
        CHECK(Place[PAGE_SIZE - 1] == SCRATCH);
    }
    ZwFreeVirtualMemory(NtCurrentProcess(), &Base, &Size, MEM_RELEASE);
}
