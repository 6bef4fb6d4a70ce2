/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The exceptions of privileged instructions: the first handler of the process sees them. The thread
 * goes on in KiTrapStub, as if the instruction had been replaced already; and then it is, if it can
 * be.
 */
#include "ntdll.h"
#include "trap.h"

static KSPIN_LOCK KiSiteLock;

#if defined(__x86_64__)
#define KI_MODE64 TRUE
#else
#define KI_MODE64 FALSE
#endif

/* What can be read at that address */
static SIZE_T KiFetchCode(PUCHAR Address, UCHAR Code[KI_LONGEST_INSTRUCTION])
{
    SIZE_T Length = 0;

    if (NT_SUCCESS(NtReadVirtualMemory(NtCurrentProcess(), Address, Code, KI_LONGEST_INSTRUCTION,
                                       &Length)))
        return Length;
    Length = PAGE_SIZE - (ULONG_PTR)Address % PAGE_SIZE;
    if (Length >= KI_LONGEST_INSTRUCTION ||
        !NT_SUCCESS(NtReadVirtualMemory(NtCurrentProcess(), Address, Code, Length, NULL)))
        return 0;
    return Length;
}

/*
 * NULL: there is none. What is not an instruction any more may have been replaced by the other
 * thread, after it trapped here; what is one again is another image's.
 */
static PKI_SITE KiNoteSite(PUCHAR Address)
{
    UCHAR Code[KI_LONGEST_INSTRUCTION];
    KI_INSTRUCTION Instruction;
    PKI_SITE Site = KiFindSite(Address);

    if (!KiDecodeInstruction(Code, KiFetchCode(Address, Code), KI_MODE64, &Instruction))
        return Site && Site->Patched ? Site : NULL;
    if (!Site)
        return KiAddSite(Address, &Instruction);
    if (Site->Patched || !RtlEqualMemory(&Site->Instruction, &Instruction, sizeof(Instruction)))
        *Site = (KI_SITE){.Address = Address, .Instruction = Instruction, .Next = Site->Next};
    return Site;
}

/* TRUE: the site is there to go on with. */
static BOOLEAN KiTakeTrap(PUCHAR Address, PKI_SITE *Site)
{
    KiAcquireLock(&KiSiteLock);
    *Site = KiNoteSite(Address);
    if (*Site && !(*Site)->Patched) {
        if ((*Site)->Traps <= KI_MANY_TRAPS)
            (*Site)->Traps++;
        if ((*Site)->Traps == 1 || (*Site)->Traps == KI_MANY_TRAPS)
            KiPatchSite(*Site);
    }
    KiReleaseLock(&KiSiteLock);
    return *Site != NULL;
}

/* General protection: what the Executive takes for a privileged instruction, or does not any more
 * because it has been replaced meanwhile. */
static BOOLEAN KiIsTrap(const EXCEPTION_RECORD *Record)
{
    if (Record->ExceptionCode == STATUS_PRIVILEGED_INSTRUCTION)
        return !Record->NumberParameters || Record->ExceptionInformation[0] != KI_REFUSED;
    return Record->ExceptionCode == STATUS_ACCESS_VIOLATION && Record->NumberParameters == 2 &&
           Record->ExceptionInformation[1] == MAXULONG_PTR;
}

static LONG NTAPI KiHandleException(PEXCEPTION_POINTERS Pointers)
{
    PEXCEPTION_RECORD Record = Pointers->ExceptionRecord;
    PCONTEXT Context = Pointers->ContextRecord;
    PKI_TRAP_FRAME Frame = KiElementFault(Context);
    PKI_SITE Site;

    if (Frame) { /* it is the driver's, at the string instruction */
        KiTrapFrameToContext(Frame, Context);
        Record->ExceptionAddress = (PVOID)KiSiteOfFrame(Frame);
        if (Frame->Instruction->Operation == KI_STRING_INPUT)
            Record->ExceptionInformation[0] = EXCEPTION_WRITE_FAULT;
        return EXCEPTION_CONTINUE_SEARCH;
    }
    if (!KiIsTrap(Record) || !KiTakeTrap((PUCHAR)KiContextProgramCounter(Context), &Site))
        return EXCEPTION_CONTINUE_SEARCH;
    KiEnterTrapStub(Context, Site);
    return EXCEPTION_CONTINUE_EXECUTION;
}

NTSTATUS KiInitializeTraps(VOID)
{
    KiReserveRooms();
    return RtlAddVectoredExceptionHandler(TRUE, KiHandleException) ? STATUS_SUCCESS
                                                                   : STATUS_NO_MEMORY;
}

VOID KiForgetCode(PVOID Base, SIZE_T Size)
{
    KiAcquireLock(&KiSiteLock);
    KiRemoveSites(Base, Size);
    KiReleaseLock(&KiSiteLock);
}
