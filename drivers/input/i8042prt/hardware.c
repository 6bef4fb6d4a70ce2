/* SPDX-License-Identifier: BSD-2-Clause */
/* Starting and stopping the device. */
#include "i8042prt.h"
#include "typematic.h"

/* The keyboard's settings. Its type is not asked for, because the bytes of a late answer would be
 * taken for keys: it is assumed to be an enhanced keyboard. */
static VOID I8xDescribeKeyboard(PDEVICE_EXTENSION Extension)
{
    Extension->Attributes = (KEYBOARD_ATTRIBUTES){
        .KeyboardIdentifier = {.Type = 4},
        .KeyboardMode = 1,
        .NumberOfFunctionKeys = 12,
        .NumberOfIndicators = 3,
        .NumberOfKeysTotal = 101,
        .InputDataQueueLength = I8X_RING_PACKETS,
        .KeyRepeatMinimum = {.Rate = I8X_RATE_MINIMUM, .Delay = I8X_DELAY_MINIMUM},
        .KeyRepeatMaximum = {.Rate = I8X_RATE_MAXIMUM, .Delay = I8X_DELAY_MAXIMUM}};
    Extension->Indicators = (KEYBOARD_INDICATOR_PARAMETERS){.LedFlags = 0};
    Extension->Typematic =
        (KEYBOARD_TYPEMATIC_PARAMETERS){.Rate = I8X_RATE_MAXIMUM, .Delay = I8X_DELAY_MINIMUM};
}

/* With the interrupt spin lock: bytes that came before the interrupt was connected do not raise
 * it. */
static BOOLEAN NTAPI I8xTakeWaiting(PVOID Context)
{
    PDEVICE_EXTENSION Extension = Context;

    return I8xInterruptService(Extension->Interrupt, Extension);
}

NTSTATUS I8xStartHardware(PDEVICE_EXTENSION Extension)
{
    NTSTATUS Status = I8xInitializeController(&Extension->Controller);

    if (!NT_SUCCESS(Status))
        return Status;
    if (!I8xInitializeKeyboard(&Extension->Controller))
        DbgPrint("i8042prt: no keyboard answers\n");
    I8xDescribeKeyboard(Extension);
    Extension->Scan = (I8X_SCAN_STATE){.Set2 = !Extension->Controller.Translates};
    Extension->InStep = Extension->Controller.InStep ? 0 : I8xDeadline(I8X_PAUSE);
    Status = IoConnectInterrupt(&Extension->Interrupt, I8xInterruptService, Extension, NULL,
                                Extension->Vector, Extension->Irql, Extension->Irql,
                                Extension->InterruptMode, FALSE, Extension->Affinity, FALSE);
    if (NT_SUCCESS(Status))
        KeSynchronizeExecution(Extension->Interrupt, I8xTakeWaiting, Extension);
    return Status;
}

VOID I8xStopHardware(PDEVICE_EXTENSION Extension)
{
    PKINTERRUPT Interrupt = Extension->Interrupt;

    KeCancelTimer(&Extension->RetryTimer);
    if (!Interrupt)
        return;
    I8xAbortCommand(Extension);
    I8xDisableController(&Extension->Controller);
    IoDisconnectInterrupt(Interrupt);
    Extension->Interrupt = NULL;
}
