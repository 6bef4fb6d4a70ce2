/* SPDX-License-Identifier: BSD-2-Clause */
/* What can be asked of a port. */
#include "lpcp.h"

/*
 * NtQueryInformationPort: there is nothing to know. Returns STATUS_INVALID_INFO_CLASS, and what
 * handles may give.
 */
NTSTATUS NtQueryInformationPort(HANDLE PortHandle, PORT_INFORMATION_CLASS PortInformationClass,
                                CLIENT(PVOID) PortInformation, ULONG Length,
                                CLIENT(PULONG) ReturnLength)
{
    PLPCP_PORT Port;
    NTSTATUS Status = LpcpReferencePort(PortHandle, &Port);

    (void)PortInformationClass;
    (void)PortInformation;
    (void)Length;
    (void)ReturnLength;
    if (!NT_SUCCESS(Status))
        return Status;
    ObDereferenceObject(Port);
    return STATUS_INVALID_INFO_CLASS;
}
