/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * IO ports, by the capabilities that the Executive gives out for ports assigned to the driver's
 * devices. A capability covers one port and the few behind it that an access may reach; it is asked
 * for once and kept. (Drivers for amd64 have the instructions inlined by the DDK: trap/.)
 */
#include "hal.h"
#include "ki.h"
#include "ntdll.h"
#include "stub.h"

#define HAL_PORT_CACHE 64

typedef struct _HAL_PORT {
    USHORT Port;
    UCHAR Size;
    UCHAR Valid;
    UINT32 Cap;
} HAL_PORT;

static HAL_PORT HalpPorts[HAL_PORT_CACHE];
static KSPIN_LOCK HalpPortLock;

ULONG HalFindPort(USHORT Port, UCHAR Size)
{
    HAL_PORT *Entry = &HalpPorts[(Port ^ Port >> 6) % HAL_PORT_CACHE];
    UINT32 Cap = 0;

    KiAcquireLock(&HalpPortLock);
    if (!Entry->Valid || Entry->Port != Port || Entry->Size < Size) {
        if (NT_SUCCESS(DrvGetPort(Port, Size, &Cap)))
            *Entry = (HAL_PORT){.Port = Port, .Size = Size, .Valid = 1, .Cap = Cap};
    } else {
        Cap = Entry->Cap;
    }
    KiReleaseLock(&HalpPortLock);
    return Cap;
}

/* If the port is not the driver's it reads as all ones, like a port without a device. */
static ULONG HalReadPort(PVOID Port, UCHAR Size)
{
    USHORT Number = (USHORT)(ULONG_PTR)Port;
    ULONG Cap = HalFindPort(Number, Size);

    return Cap ? KxReadPort(Cap, Number, Size) : MAXULONG;
}

static VOID HalWritePort(PVOID Port, UCHAR Size, ULONG Value)
{
    USHORT Number = (USHORT)(ULONG_PTR)Port;
    ULONG Cap = HalFindPort(Number, Size);

    if (Cap)
        KxWritePort(Cap, Number, Size, Value);
}

UCHAR NTAPI KxReadPortUchar(PUCHAR Port)
{
    return (UCHAR)HalReadPort(Port, 1);
}

USHORT NTAPI KxReadPortUshort(PUSHORT Port)
{
    return (USHORT)HalReadPort(Port, 2);
}

ULONG NTAPI KxReadPortUlong(PULONG Port)
{
    return HalReadPort(Port, 4);
}

VOID NTAPI KxWritePortUchar(PUCHAR Port, UCHAR Value)
{
    HalWritePort(Port, 1, Value);
}

VOID NTAPI KxWritePortUshort(PUSHORT Port, USHORT Value)
{
    HalWritePort(Port, 2, Value);
}

VOID NTAPI KxWritePortUlong(PULONG Port, ULONG Value)
{
    HalWritePort(Port, 4, Value);
}

VOID NTAPI KxReadPortBufferUchar(PUCHAR Port, PUCHAR Buffer, ULONG Count)
{
    while (Count--)
        *Buffer++ = (UCHAR)HalReadPort(Port, 1);
}

VOID NTAPI KxReadPortBufferUshort(PUSHORT Port, PUSHORT Buffer, ULONG Count)
{
    while (Count--)
        *Buffer++ = (USHORT)HalReadPort(Port, 2);
}

VOID NTAPI KxReadPortBufferUlong(PULONG Port, PULONG Buffer, ULONG Count)
{
    while (Count--)
        *Buffer++ = HalReadPort(Port, 4);
}

VOID NTAPI KxWritePortBufferUchar(PUCHAR Port, PUCHAR Buffer, ULONG Count)
{
    while (Count--)
        HalWritePort(Port, 1, *Buffer++);
}

VOID NTAPI KxWritePortBufferUshort(PUSHORT Port, PUSHORT Buffer, ULONG Count)
{
    while (Count--)
        HalWritePort(Port, 2, *Buffer++);
}

VOID NTAPI KxWritePortBufferUlong(PULONG Port, PULONG Buffer, ULONG Count)
{
    while (Count--)
        HalWritePort(Port, 4, *Buffer++);
}

/* Does nothing: this processor does not buffer writes to devices. */
VOID NTAPI KeFlushWriteBuffer(VOID)
{
}
