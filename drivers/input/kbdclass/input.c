/* SPDX-License-Identifier: BSD-2-Clause */
/* Packets from the port driver. */
#include "kbdclass.h"

/* With the lock: packets that do not fit are counted, and one in the queue marks the place where
 * they are missing. */
static VOID KbdTakePacket(PDEVICE_EXTENSION Extension, const KEYBOARD_INPUT_DATA *Packet)
{
    KEYBOARD_INPUT_DATA Loss = {.MakeCode = KEYBOARD_OVERRUN_MAKE_CODE,
                                .ExtraInformation = Extension->Unreported};

    if (Packet->MakeCode == KEYBOARD_OVERRUN_MAKE_CODE)
        Extension->Lost += max(Packet->ExtraInformation, 1);
    if (Extension->Unreported && KbdQueuePut(&Extension->Queue, &Loss, 1))
        Extension->Unreported = 0;
    if (!Extension->Unreported && KbdQueuePut(&Extension->Queue, Packet, 1))
        return;
    Extension->Unreported++;
    Extension->Lost++;
}

/* What the port driver calls with packets, at DISPATCH_LEVEL. All are consumed: <neptune/ioctl.h>
 * says what happens to those for which there is no room. */
VOID NTAPI KbdServiceCallback(PVOID DeviceObject, PVOID InputDataStart, PVOID InputDataEnd,
                              PVOID InputDataConsumed)
{
    PDEVICE_EXTENSION Extension = ((PDEVICE_OBJECT)DeviceObject)->DeviceExtension;
    PKEYBOARD_INPUT_DATA Packet = InputDataStart, End = InputDataEnd;

    KeAcquireSpinLockAtDpcLevel(&Extension->Lock);
    for (; Packet < End; Packet++, ++*(PULONG)InputDataConsumed)
        KbdTakePacket(Extension, Packet);
    KeReleaseSpinLockFromDpcLevel(&Extension->Lock);
    KbdServeReads(Extension);
}
