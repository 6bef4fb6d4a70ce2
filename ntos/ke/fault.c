/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Faults, which arrive as messages. Registers are read from the thread and not from the message,
 * which the client could have made up (it can call its own fault capability, and harms only itself
 * by that).
 */
#include "kip.h"

#define FSR_WRITE 0x2

/* Others are errors in making the page valid. */
static BOOLEAN IsAccessStatus(NTSTATUS Status)
{
    return Status == STATUS_ACCESS_VIOLATION || Status == STATUS_GUARD_PAGE_VIOLATION ||
           Status == STATUS_STACK_OVERFLOW;
}

static void HandleVmFault(PETHREAD Thread, const KI_MESSAGE *Message)
{
    ULONG_PTR Address = Message->Words[seL4_VMFault_Addr];
    BOOLEAN Write = (Message->Words[seL4_VMFault_FSR] & FSR_WRITE) != 0;
    /* Without a no-execute bit the processor does not report that the access was an instruction
     * fetch. */
    BOOLEAN Execute =
        Message->Words[seL4_VMFault_PrefetchFault] || Address == Message->Words[seL4_VMFault_IP];
    ULONG Kind = Execute ? EXCEPTION_EXECUTE_FAULT
                 : Write ? EXCEPTION_WRITE_FAULT
                         : EXCEPTION_READ_FAULT;
    ULONG_PTR Information[] = {Kind, Address, 0};
    NTSTATUS Status;

    if (KiFinishDetour(Thread, Address) || KiFinishContinue(Thread, Address)) {
        if (Thread->DebugStart)
            DbgkReportStart(Thread);
        return;
    }
    Status = MmAccessFault(Thread->Process, Address, Write, Execute);
    DbgTrace(DBG_MM, "mm: thread %u: fault at %p = %08x\n",
             (ULONG)(ULONG_PTR)Thread->UniqueThreadId, (PVOID)Address, (ULONG)Status);
    if (NT_SUCCESS(Status) || Thread->Terminating)
        return;
    Information[2] = (ULONG)Status;
    if (IsAccessStatus(Status))
        KiRaiseFault(Thread, Status, 2, Information);
    else
        KiRaiseFault(Thread, STATUS_IN_PAGE_ERROR, 3, Information);
}

/* A processor exception. (Privileged instructions of drivers are among them: wdm/trap carries them
 * out.) */
static void HandleUserException(PETHREAD Thread, const KI_MESSAGE *Message)
{
    ULONG Vector = (ULONG)Message->Words[seL4_UserException_Number];
    seL4_UserContext Registers;
    EXCEPTION_RECORD Record = {0};

    if (seL4_TCB_ReadRegisters(Thread->Tcb.Cap, FALSE, 0, KI_REGISTER_COUNT, &Registers) !=
        seL4_NoError)
        KeBugCheck("cannot read a thread's registers");
    KiVectorToException(Thread, Vector, &Registers, &Record);
    /* A debugger sees what the thread goes on with: behind a breakpoint, and not stepping. */
    if (Thread->Process->DebugPort && Vector != KI_VECTOR_BREAKPOINT &&
        !KeContinueThread(Thread, &Registers, FALSE))
        KeBugCheck("cannot write a thread's registers");
    if (Thread->Process->DebugPort)
        KiRefineForDebugger(Thread, &Registers, &Record);
    KiRaiseException(Thread, &Record, &Registers);
}

/* The faulting instruction is tried again, unless an exception has ended the thread or set its
 * registers. */
void KiHandleFault(PETHREAD Thread, PKI_MESSAGE Message)
{
    seL4_Word Label = seL4_MessageInfo_get_label(Message->Info);
    ULONG_PTR Cap = Message->Words[seL4_CapFault_Addr];

    Message->Info = seL4_MessageInfo_new(0, 0, 0, 0);
    switch (Label) {
    case seL4_Fault_VMFault:
        HandleVmFault(Thread, Message);
        break;
    case seL4_Fault_UserException:
        HandleUserException(Thread, Message);
        break;
    case seL4_Fault_UnknownSyscall:
        KiRaiseFault(Thread, STATUS_INVALID_SYSTEM_SERVICE, 0, NULL);
        break;
    case seL4_Fault_CapFault: /* a seL4 system call on a capability that the thread lacks */
        KiRaiseFault(Thread, STATUS_INVALID_HANDLE, 1, &Cap);
        break;
    default:
        KiRaiseFault(Thread, STATUS_ILLEGAL_INSTRUCTION, 0, NULL);
    }
}
