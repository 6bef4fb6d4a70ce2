// SPDX-License-Identifier: BSD-2-Clause
/* Cutting a message into blocks for MD4, MD5 and SHA-1. (RFC 1320, 1321, 3174) */
#include "digest.h"

void RtlpDigestUpdate(const DIGEST *Digest, ULONG Used, const UCHAR *Data, ULONG Length)
{
    while (Length) {
        ULONG Room = DIGEST_BLOCK - Used, Part = Length < Room ? Length : Room;

        memcpy(Digest->Buffer + Used, Data, Part);
        Used += Part;
        Data += Part;
        Length -= Part;
        if (Used == DIGEST_BLOCK) {
            Digest->Routine(Digest->State, Digest->Buffer);
            Used = 0;
        }
    }
}

void RtlpDigestPad(const DIGEST *Digest, ULONG Used, const UCHAR Bits[8])
{
    Digest->Buffer[Used++] = 0x80;
    if (Used > DIGEST_BLOCK - 8) {
        memset(Digest->Buffer + Used, 0, DIGEST_BLOCK - Used);
        Digest->Routine(Digest->State, Digest->Buffer);
        Used = 0;
    }
    memset(Digest->Buffer + Used, 0, DIGEST_BLOCK - 8 - Used);
    memcpy(Digest->Buffer + DIGEST_BLOCK - 8, Bits, 8);
    Digest->Routine(Digest->State, Digest->Buffer);
}
