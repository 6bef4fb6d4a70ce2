/* SPDX-License-Identifier: BSD-2-Clause */
/* The start of the HAL, and what the kernel tells about the machine in the extra chunks of its boot
 * information. */
#include "halp.h"

seL4_BootInfo *HalpBootInfo;

const void *HalpFindBootChunk(seL4_Word Id, PULONG Length)
{
    const UCHAR *Chunk = (const UCHAR *)HalpBootInfo + seL4_BootInfoFrameSize;
    seL4_Word Left = HalpBootInfo->extraLen;

    while (Left >= sizeof(seL4_BootInfoHeader)) {
        seL4_BootInfoHeader Header;

        memcpy(&Header, Chunk, sizeof(Header)); /* chunks are not aligned */
        if (Header.len < sizeof(Header) || Header.len > Left)
            return NULL;
        if (Header.id == Id) {
            *Length = (ULONG)(Header.len - sizeof(Header));
            return Chunk + sizeof(Header);
        }
        Chunk += Header.len;
        Left -= Header.len;
    }
    return NULL;
}

void HalInitialize(seL4_BootInfo *BootInfo)
{
    HalpBootInfo = BootInfo;
    HalpInitializeSerial();
    HalpInitializeScreen();
}
