/* SPDX-License-Identifier: BSD-2-Clause */
/* The root bus: devices that are known without being enumerated, and the requests that reach their
 * physical device objects. */
#include "iop.h"

static const IOP_ROOT_DEVICE IopRootDevices[] = {
    {
        .Instance = u"ACPI\\PNP0303\\0", /* PS/2 keyboard */
        .Services = {u"i8042prt", u"kbdclass"},
        .Resources = {{DriverResourcePort, 0, 0x60, 1},
                      {DriverResourcePort, 0, 0x64, 1},
                      {DriverResourceInterrupt, 1, 1, 1}},
        .ResourceCount = 3,
    },
    {
        .Instance = u"ACPI\\PNP0501\\2", /* second serial port */
        .Services = {u"looptest"},       /* for its interrupt, until there is a driver for it */
        .Resources = {{DriverResourcePort, 0, 0x2f8, 8}, {DriverResourceInterrupt, 1, 3, 1}},
        .ResourceCount = 2,
    },
    {
        .Instance = u"ACPI\\PNP0501\\3", /* the third one, for its ports too */
        .Services = {u"traptest"},
        .Resources = {{DriverResourcePort, 0, 0x3e8, 8}, {DriverResourceInterrupt, 1, 4, 1}},
        .ResourceCount = 2,
    },
};

static IOP_DEVNODE IopDevNodes[ARRAYSIZE(IopRootDevices)];

PIOP_DEVNODE IopGetDevNode(ULONG Index)
{
    return Index < ARRAYSIZE(IopDevNodes) && IopDevNodes[Index].Pdo ? &IopDevNodes[Index] : NULL;
}

/* Physical device objects have numbers for names. */
static NTSTATUS IopCreatePdo(ULONG Number, PIO_DEVICE *Pdo)
{
    WCHAR Buffer[] = u"\\Device\\00000000";
    UNICODE_STRING Name = RTL_CONSTANT_STRING(Buffer);
    ULONG Digit;

    for (Digit = 0; Digit < 8; Digit++)
        Buffer[8 + Digit] = u"0123456789abcdef"[Number >> (28 - 4 * Digit) & 0xf];
    return IopCreateDevice(NULL, &Name, Pdo);
}

void IopInitializeRootBus(void)
{
    ULONG i;

    for (i = 0; i < ARRAYSIZE(IopRootDevices); i++) {
        PIOP_DEVNODE Node = &IopDevNodes[i];

        if (!NT_SUCCESS(IopCreatePdo(i + 1, &Node->Pdo)))
            KeBugCheck("a device of the root bus");
        Node->Description = &IopRootDevices[i];
        Node->Pdo->DevNode = Node;
        Node->Pdo->DeviceType = FILE_DEVICE_CONTROLLER;
    }
}

BOOLEAN IopNodeHasService(PIOP_DEVNODE Node, const WCHAR *Name)
{
    UNICODE_STRING Wanted, Service;
    ULONG i;

    RtlInitUnicodeString(&Wanted, Name);
    for (i = 0; i < IOP_MAXIMUM_SERVICES && Node->Description->Services[i]; i++) {
        RtlInitUnicodeString(&Service, Node->Description->Services[i]);
        if (RtlEqualUnicodeString(&Wanted, &Service, TRUE))
            return TRUE;
    }
    return FALSE;
}

/* Answers as a bus driver does for a device that is always there. A file on a bare PDO supports
 * nothing. */
void IopDispatchOwn(PIO_REQUEST Request)
{
    NTSTATUS Status = STATUS_INVALID_DEVICE_REQUEST;

    switch (Request->Parameters.MajorFunction) {
    case IRP_MJ_PNP:
        Status = Request->Parameters.MinorFunction <= IRP_MN_CANCEL_STOP_DEVICE ||
                         Request->Parameters.MinorFunction == IRP_MN_SURPRISE_REMOVAL
                     ? STATUS_SUCCESS
                     : STATUS_NOT_SUPPORTED;
        break;
    case IRP_MJ_POWER:
    case IRP_MJ_CLEANUP:
    case IRP_MJ_CLOSE:
        Status = STATUS_SUCCESS;
        break;
    }
    IopCompleteRequest(Request, Status, 0);
}
