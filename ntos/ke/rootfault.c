/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A fault of the Executive itself, which is a bug in it. The kernel sends it as a message to an
 * endpoint where a second thread does nothing but wait for it. That thread shows what happened; it
 * never replies, so the Executive's own thread stays stopped.
 */
#include "kip.h"

#define STACK_SIZE 0x2000
#define FSR_WRITE 0x2

static MM_KERNEL_OBJECT FaultEndpoint, Tcb;
static DECLSPEC_ALIGN(16) UCHAR Stack[STACK_SIZE];

/* The reason, with NT's name and number for it. (WDK: bug check 0x1E) */
static void Describe(seL4_MessageInfo_t Info, char *Reason, SIZE_T Length)
{
    static const char Code[] = "0000001e KMODE_EXCEPTION_NOT_HANDLED";

    switch (seL4_MessageInfo_get_label(Info)) {
    case seL4_Fault_VMFault:
        _snprintf(Reason, Length, "%s: %s 0x%llx", Code,
                  seL4_GetMR(seL4_VMFault_PrefetchFault)     ? "executing"
                  : seL4_GetMR(seL4_VMFault_FSR) & FSR_WRITE ? "writing"
                                                             : "reading",
                  (ULONGLONG)seL4_GetMR(seL4_VMFault_Addr));
        break;
    case seL4_Fault_UserException:
        _snprintf(Reason, Length, "%s: exception %u", Code,
                  (ULONG)seL4_GetMR(seL4_UserException_Number));
        break;
    default:
        _snprintf(Reason, Length, "%s: fault %u", Code, (ULONG)seL4_MessageInfo_get_label(Info));
    }
}

static void ServeFault(void)
{
    char Reason[96] = {0};
    seL4_UserContext Registers = {0};
    seL4_Word Badge;
    seL4_MessageInfo_t Info = seL4_Recv(FaultEndpoint.Cap, &Badge);

    Describe(Info, Reason, sizeof(Reason) - 1);
    seL4_TCB_ReadRegisters(seL4_CapInitThreadTCB, FALSE, 0, KI_REGISTER_COUNT, &Registers);
    KiShowStop(Reason, &Registers);
    for (;;)
        seL4_TCB_Suspend(Tcb.Cap);
}

/* The two threads can share an IPC buffer, since the second one runs only once the first has
 * stopped. */
static seL4_Error Configure(void)
{
    seL4_UserContext Registers = {0};
    seL4_Error Error =
        seL4_TCB_Configure(Tcb.Cap, 0, MmCSpaceRoot, 0, seL4_CapInitThreadVSpace, 0,
                           (ULONG_PTR)seL4_TheIPCBuffer, seL4_CapInitThreadIPCBuffer);

    KiSetStart(&Registers, ServeFault, Stack + sizeof(Stack));
    if (Error == seL4_NoError)
        Error = seL4_TCB_SetSchedParams(Tcb.Cap, seL4_CapInitThreadTCB, 0, seL4_MaxPrio);
    if (Error == seL4_NoError)
        Error = seL4_TCB_SetSpace(seL4_CapInitThreadTCB, FaultEndpoint.Cap, MmCSpaceRoot, 0,
                                  seL4_CapInitThreadVSpace, 0);
    if (Error == seL4_NoError)
        Error = seL4_TCB_WriteRegisters(Tcb.Cap, TRUE, 0, KI_REGISTER_COUNT, &Registers);
    return Error;
}

void KiInitializeRootFault(void)
{
    if (!NT_SUCCESS(MmCreateKernelObject(seL4_EndpointObject, 0, &FaultEndpoint)) ||
        !NT_SUCCESS(MmCreateKernelObject(seL4_TCBObject, 0, &Tcb)) || Configure() != seL4_NoError)
        KeBugCheck("no thread for the Executive's own faults");
}
