/* SPDX-License-Identifier: BSD-2-Clause */
/* What kind of system it is, and where its routines are. */
#include "ki.h"
#include "ntdll.h"

#define MMP_MEGABYTE 256 /* pages */

extern IMAGE_DOS_HEADER __ImageBase;

/* Names are those of ASCII. FALSE: it is longer than any, or has others. */
static BOOLEAN MmpNarrow(PCUNICODE_STRING Wide, PCHAR Narrow, ULONG Room)
{
    ULONG Count = Wide->Length / sizeof(WCHAR);

    if (Count >= Room)
        return FALSE;
    for (ULONG i = 0; i < Count; i++) {
        if (Wide->Buffer[i] > 0x7F)
            return FALSE;
        Narrow[i] = (CHAR)Wide->Buffer[i];
    }
    Narrow[Count] = 0;
    return TRUE;
}

/* MmGetSystemRoutineAddress: of ntoskrnl.exe, which has all that hal.dll has. NULL: there is none
 * of that name. */
PVOID NTAPI MmGetSystemRoutineAddress(PUNICODE_STRING SystemRoutineName)
{
    CHAR Buffer[80];
    ANSI_STRING Name;
    PVOID Address;

    if (!MmpNarrow(SystemRoutineName, Buffer, sizeof(Buffer)))
        return NULL;
    RtlInitAnsiString(&Name, Buffer);
    return NT_SUCCESS(LdrGetProcedureAddress(&__ImageBase, &Name, 0, &Address)) ? Address : NULL;
}

BOOLEAN NTAPI MmIsThisAnNtAsSystem(VOID)
{
    return KiSharedData->NtProductType != NtProductWinNt;
}

/* MmQuerySystemSize: by the memory of the machine; large ones begin at 64 MB. */
MM_SYSTEMSIZE NTAPI MmQuerySystemSize(VOID)
{
    ULONG Pages = KiSharedData->NumberOfPhysicalPages;

    if (Pages < 32 * MMP_MEGABYTE)
        return MmSmallSystem;
    return Pages < 64 * MMP_MEGABYTE ? MmMediumSystem : MmLargeSystem;
}

/* ---- No driver verifier watches drivers ---- */

LOGICAL NTAPI MmIsDriverVerifying(PDRIVER_OBJECT DriverObject)
{
    return FALSE;
}

LOGICAL NTAPI MmIsDriverVerifyingByAddress(PVOID AddressWithinSection)
{
    return FALSE;
}

NTSTATUS NTAPI MmIsVerifierEnabled(PULONG VerifierFlags)
{
    *VerifierFlags = 0;
    return STATUS_NOT_SUPPORTED;
}

LOGICAL NTAPI VfIsVerificationEnabled(ULONG ObjectType, PVOID Object)
{
    return FALSE;
}
