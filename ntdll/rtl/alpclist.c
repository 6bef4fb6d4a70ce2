/* SPDX-License-Identifier: BSD-2-Clause */
/* ALPC: the longest message, and completion lists, which the Executive does not have. */
#include "rtlp.h"

/* AlpcMaxAllowedMessageLength: bytes that a message may take at most, with its header. */
ULONG NTAPI AlpcMaxAllowedMessageLength(void)
{
    return ALPC_MAXIMUM_MESSAGE_LENGTH;
}

/* AlpcRegisterCompletionList: returns as NtAlpcSetInformation. */
NTSTATUS NTAPI AlpcRegisterCompletionList(HANDLE PortHandle, PVOID Buffer, ULONG Size,
                                          ULONG ConcurrencyCount, ULONG AttributeFlags)
{
    ALPC_PORT_COMPLETION_LIST_INFORMATION Information = {Buffer, Size, ConcurrencyCount,
                                                         AttributeFlags};

    return NtAlpcSetInformation(PortHandle, AlpcRegisterCompletionListInformation, &Information,
                                sizeof(Information));
}

/* AlpcUnregisterCompletionList: the same. */
NTSTATUS NTAPI AlpcUnregisterCompletionList(HANDLE PortHandle)
{
    return NtAlpcSetInformation(PortHandle, AlpcUnregisterCompletionListInformation, NULL, 0);
}

/* AlpcRundownCompletionList: the same. */
NTSTATUS NTAPI AlpcRundownCompletionList(HANDLE PortHandle)
{
    return NtAlpcSetInformation(PortHandle, AlpcCompletionListRundownInformation, NULL, 0);
}

/* AlpcAdjustCompletionListConcurrencyCount: the same. */
NTSTATUS NTAPI AlpcAdjustCompletionListConcurrencyCount(HANDLE PortHandle, ULONG ConcurrencyCount)
{
    return NtAlpcSetInformation(PortHandle, AlpcAdjustCompletionListConcurrencyCountInformation,
                                &ConcurrencyCount, sizeof(ConcurrencyCount));
}
