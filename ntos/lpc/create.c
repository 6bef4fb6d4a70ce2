/* SPDX-License-Identifier: BSD-2-Clause */
/* Making ports. */
#include "lpcp.h"

static NTSTATUS CreatePort(CLIENT(PHANDLE) PortHandle, CLIENT(POBJECT_ATTRIBUTES) ObjectAttributes,
                           ULONG MaximumInformation, ULONG MaximumMessage, BOOLEAN CanWait)
{
    OB_ATTRIBUTES Attributes;
    PLPCP_PORT Port;
    NTSTATUS Status = MmProbeForWrite(PortHandle, sizeof(*PortHandle));

    if (!NT_SUCCESS(Status))
        return Status;
    if (MaximumMessage > PORT_TOTAL_MAXIMUM_MESSAGE_LENGTH)
        return STATUS_INVALID_PARAMETER_4;
    if (MaximumInformation > PORT_TOTAL_MAXIMUM_MESSAGE_LENGTH - sizeof(PORT_MESSAGE))
        return STATUS_INVALID_PARAMETER_3;
    Status = ObCaptureAttributes(&Attributes, ObjectAttributes);
    if (!NT_SUCCESS(Status))
        return Status;
    Status =
        LpcpCreatePort(Attributes.Name.Length ? LpcpConnectionPort : LpcpUnconnectedPort, &Port);
    if (NT_SUCCESS(Status)) {
        Port->MaximumMessage = (USHORT)MaximumMessage;
        Port->MaximumInformation = (USHORT)MaximumInformation;
        Port->CanWait = CanWait;
        Port->Waitable.Header.SignalState = !CanWait;
        Status = ObInsertObject(Port, &Attributes, PORT_ALL_ACCESS, PortHandle);
    }
    ObFreeAttributes(&Attributes);
    return Status;
}

/*
 * NtCreatePort: makes a port that clients can connect to by its name, with at most
 * MaxConnectionInfoLength bytes of information, to exchange messages of at most MaxMessageLength
 * bytes (with header). MaxPoolUsage is ignored. Without a name a port that nobody can connect to.
 * Returns STATUS_INVALID_PARAMETER_3 and _4 (lengths beyond PORT_TOTAL_MAXIMUM_MESSAGE_LENGTH),
 * STATUS_ACCESS_VIOLATION, STATUS_OBJECT_NAME_COLLISION, and what names and handles may give.
 */
NTSTATUS NtCreatePort(CLIENT(PHANDLE) PortHandle, CLIENT(POBJECT_ATTRIBUTES) ObjectAttributes,
                      ULONG MaxConnectionInfoLength, ULONG MaxMessageLength, ULONG MaxPoolUsage)
{
    (void)MaxPoolUsage;
    return CreatePort(PortHandle, ObjectAttributes, MaxConnectionInfoLength, MaxMessageLength,
                      FALSE);
}

/* NtCreateWaitablePort: the same, and the port is signalled while there are messages. */
NTSTATUS NtCreateWaitablePort(CLIENT(PHANDLE) PortHandle,
                              CLIENT(POBJECT_ATTRIBUTES) ObjectAttributes,
                              ULONG MaxConnectionInfoLength, ULONG MaxMessageLength,
                              ULONG MaxPoolUsage)
{
    (void)MaxPoolUsage;
    return CreatePort(PortHandle, ObjectAttributes, MaxConnectionInfoLength, MaxMessageLength,
                      TRUE);
}
