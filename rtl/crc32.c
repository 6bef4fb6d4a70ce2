// SPDX-License-Identifier: BSD-2-Clause
/* The CRC of ISO 3309, as in zip and PNG: polynomial 0x04c11db7, bits reflected. */
#include <nt/ntrtl.h>

/* What four bits leave behind; 64 bytes of table where the usual one has 1024. */
static const ULONG Nibbles[16] = {
    0x00000000, 0x1db71064, 0x3b6e20c8, 0x26d930ac, 0x76dc4190, 0x6b6b51f4, 0x4db26158, 0x5005713c,
    0xedb88320, 0xf00f9344, 0xd6d6a3e8, 0xcb61b38c, 0x9b64c2b0, 0x86d3d2d4, 0xa00ae278, 0xbdbdf21c,
};

ULONG NTAPI RtlComputeCrc32(ULONG Initial, const void *Data, ULONG Length)
{
    const UCHAR *Bytes = Data;
    ULONG Crc = ~Initial;

    for (; Length; Length--) {
        Crc ^= *Bytes++;
        Crc = Nibbles[Crc & 15] ^ Crc >> 4;
        Crc = Nibbles[Crc & 15] ^ Crc >> 4;
    }
    return ~Crc;
}
