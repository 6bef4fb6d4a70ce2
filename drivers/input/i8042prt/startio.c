/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Commands to the running keyboard: IOCTL_KEYBOARD_SET_INDICATORS and _SET_TYPEMATIC, one at a
 * time.
 */
#include "i8042prt.h"
#include "typematic.h"

/* 1 s for each byte. Were it shorter, a late answer would lead to a repeated byte and a second
 * answer. */
#define I8X_COMMAND_TIMEOUT (-10000000LL)

typedef struct _I8X_START {
    PDEVICE_EXTENSION Extension;
    UCHAR Bytes[2];
} I8X_START;

/* A request that waits for its turn is cancelled. */
VOID NTAPI I8xCancelQueued(PDEVICE_OBJECT DeviceObject, PIRP Irp)
{
    PDEVICE_EXTENSION Extension = DeviceObject->DeviceExtension;

    KeRemoveEntryDeviceQueue(&DeviceObject->DeviceQueue, &Irp->Tail.Overlay.DeviceQueueEntry);
    IoReleaseCancelSpinLock(Irp->CancelIrql);
    InputComplete(Irp, STATUS_CANCELLED, 0);
    IoReleaseRemoveLock(&Extension->Device.RemoveLock, Irp);
}

static VOID I8xSetCommandTimer(PDEVICE_EXTENSION Extension)
{
    LARGE_INTEGER DueTime = {.QuadPart = I8X_COMMAND_TIMEOUT};

    KeSetTimer(&Extension->CommandTimer, DueTime, &Extension->CommandTimeoutDpc);
}

/* With the interrupt spin lock: the first byte goes out; the service routine sees to the rest. */
static BOOLEAN NTAPI I8xBegin(PVOID Context)
{
    I8X_START *Start = Context;
    PDEVICE_EXTENSION Extension = Start->Extension;
    UCHAR First = I8xBeginCommand(&Extension->Command, Start->Bytes, sizeof(Start->Bytes));

    return I8xWriteData(&Extension->Controller, First);
}

/*
 * With the interrupt spin lock: sends the byte that got no answer again, or gives up the command
 * (FALSE).
 */
static BOOLEAN NTAPI I8xRepeat(PVOID Context)
{
    PDEVICE_EXTENSION Extension = Context;
    uint8_t Byte;

    if (Extension->Command.Count == 0)
        return TRUE; /* it has been answered just now */
    if (!I8xRepeatCommand(&Extension->Command, &Byte))
        return FALSE;
    return I8xWriteData(&Extension->Controller, Byte);
}

/* With the interrupt spin lock. */
static BOOLEAN NTAPI I8xAbandon(PVOID Context)
{
    ((PDEVICE_EXTENSION)Context)->Command.Count = 0;
    return TRUE;
}

/* Remembers what the keyboard is set to now. */
static VOID I8xRemember(PDEVICE_EXTENSION Extension, PIRP Irp)
{
    PIO_STACK_LOCATION Stack = IoGetCurrentIrpStackLocation(Irp);

    if (Stack->Parameters.DeviceIoControl.IoControlCode == IOCTL_KEYBOARD_SET_INDICATORS)
        Extension->Indicators = *(PKEYBOARD_INDICATOR_PARAMETERS)Irp->AssociatedIrp.SystemBuffer;
    else
        Extension->Typematic = *(PKEYBOARD_TYPEMATIC_PARAMETERS)Irp->AssociatedIrp.SystemBuffer;
}

/* The current request is over. DISPATCH_LEVEL. */
static VOID I8xFinish(PDEVICE_EXTENSION Extension, NTSTATUS Status)
{
    PIRP Irp = Extension->Device.Self->CurrentIrp;

    if (!Irp)
        return;
    KeCancelTimer(&Extension->CommandTimer);
    KeRemoveQueueDpc(&Extension->CommandTimeoutDpc);
    if (NT_SUCCESS(Status))
        I8xRemember(Extension, Irp);
    IoStartNextPacket(Extension->Device.Self, TRUE);
    InputComplete(Irp, Status, 0);
    IoReleaseRemoveLock(&Extension->Device.RemoveLock, Irp);
}

/* The device is stopped: ends the command under way; those that wait end in StartIo. */
VOID I8xAbortCommand(PDEVICE_EXTENSION Extension)
{
    KIRQL Irql;

    KeSynchronizeExecution(Extension->Interrupt, I8xAbandon, Extension);
    KeRaiseIrql(DISPATCH_LEVEL, &Irql);
    KeRemoveQueueDpc(&Extension->CommandDpc);
    I8xFinish(Extension, STATUS_DEVICE_NOT_CONNECTED);
    KeLowerIrql(Irql);
}

VOID NTAPI I8xCommandDpc(PKDPC Dpc, PVOID DeferredContext, PVOID Argument1, PVOID Argument2)
{
    PDEVICE_EXTENSION Extension = DeferredContext;

    I8xFinish(Extension, Extension->CommandStatus);
}

VOID NTAPI I8xCommandTimeoutDpc(PKDPC Dpc, PVOID DeferredContext, PVOID Argument1, PVOID Argument2)
{
    PDEVICE_EXTENSION Extension = DeferredContext;

    if (!Extension->Device.Self->CurrentIrp || !Extension->Interrupt)
        return;
    if (KeSynchronizeExecution(Extension->Interrupt, I8xRepeat, Extension)) {
        I8xSetCommandTimer(Extension);
        return;
    }
    KeSynchronizeExecution(Extension->Interrupt, I8xAbandon, Extension);
    I8xFinish(Extension, STATUS_IO_TIMEOUT);
}

/*
 * The command for a request. The LED bits of the keyboard are those of
 * KEYBOARD_INDICATOR_PARAMETERS.
 */
static VOID I8xEncodeRequest(PIRP Irp, UCHAR Bytes[2])
{
    PIO_STACK_LOCATION Stack = IoGetCurrentIrpStackLocation(Irp);

    if (Stack->Parameters.DeviceIoControl.IoControlCode == IOCTL_KEYBOARD_SET_INDICATORS) {
        PKEYBOARD_INDICATOR_PARAMETERS Indicators = Irp->AssociatedIrp.SystemBuffer;

        Bytes[0] = I8X_SET_LEDS;
        Bytes[1] = (UCHAR)(Indicators->LedFlags & 7);
    } else {
        PKEYBOARD_TYPEMATIC_PARAMETERS Typematic = Irp->AssociatedIrp.SystemBuffer;

        Bytes[0] = I8X_SET_TYPEMATIC;
        Bytes[1] = I8xTypematicByte(Typematic->Rate, Typematic->Delay);
    }
}

VOID NTAPI I8xStartIo(PDEVICE_OBJECT DeviceObject, PIRP Irp)
{
    PDEVICE_EXTENSION Extension = DeviceObject->DeviceExtension;
    I8X_START Start = {.Extension = Extension};
    KIRQL CancelIrql;

    IoAcquireCancelSpinLock(&CancelIrql);
    if (!IoSetCancelRoutine(Irp, NULL)) {
        IoReleaseCancelSpinLock(CancelIrql); /* its cancel routine completes it */
        IoStartNextPacket(DeviceObject, TRUE);
        return;
    }
    IoReleaseCancelSpinLock(CancelIrql);
    if (!Extension->Device.Started) {
        I8xFinish(Extension, STATUS_DEVICE_NOT_CONNECTED);
        return;
    }
    I8xEncodeRequest(Irp, Start.Bytes);
    I8xSetCommandTimer(Extension);
    if (!KeSynchronizeExecution(Extension->Interrupt, I8xBegin, &Start)) {
        KeSynchronizeExecution(Extension->Interrupt, I8xAbandon, Extension);
        I8xFinish(Extension, STATUS_IO_TIMEOUT);
    }
}
