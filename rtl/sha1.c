// SPDX-License-Identifier: BSD-2-Clause
/* SHA-1. (RFC 3174; Win32: A_SHAInit, A_SHAUpdate, A_SHAFinal) */
#include "digest.h"

static ULONG Mix(ULONG Step, ULONG B, ULONG C, ULONG D)
{
    switch (Step / 20) {
    case 0:
        return ((B & C) | (~B & D)) + 0x5a827999;
    case 1:
        return (B ^ C ^ D) + 0x6ed9eba1;
    case 2:
        return ((B & C) | (B & D) | (C & D)) + 0x8f1bbcdc;
    default:
        return (B ^ C ^ D) + 0xca62c1d6;
    }
}

/* Word i of the message schedule, kept in a ring of 16. */
static ULONG NextWord(ULONG Words[16], ULONG i)
{
    if (i >= 16)
        Words[i % 16] = RotateLeft(
            Words[(i + 13) % 16] ^ Words[(i + 8) % 16] ^ Words[(i + 2) % 16] ^ Words[i % 16], 1);
    return Words[i % 16];
}

static void ShaBlock(PULONG State, const UCHAR *Block)
{
    ULONG Words[16], A = State[0], B = State[1], C = State[2], D = State[3], E = State[4];

    memcpy(Words, Block, sizeof(Words));
    for (ULONG i = 0; i < 16; i++)
        Words[i] = __builtin_bswap32(Words[i]);
    for (ULONG i = 0; i < 80; i++) {
        ULONG Sum = RotateLeft(A, 5) + Mix(i, B, C, D) + E + NextWord(Words, i);

        E = D;
        D = C;
        C = RotateLeft(B, 30);
        B = A;
        A = Sum;
    }
    State[0] += A;
    State[1] += B;
    State[2] += C;
    State[3] += D;
    State[4] += E;
}

static DIGEST DigestOf(PSHA_CTX Context)
{
    return (DIGEST){ShaBlock, Context->State, Context->Buffer};
}

void NTAPI A_SHAInit(PSHA_CTX Context)
{
    Context->State[0] = 0x67452301;
    Context->State[1] = 0xefcdab89;
    Context->State[2] = 0x98badcfe;
    Context->State[3] = 0x10325476;
    Context->State[4] = 0xc3d2e1f0;
    Context->Count[0] = Context->Count[1] = 0;
}

void NTAPI A_SHAUpdate(PSHA_CTX Context, const UCHAR *Data, ULONG Length)
{
    DIGEST Digest = DigestOf(Context);
    ULONG Used = Context->Count[1] % DIGEST_BLOCK;

    Context->Count[1] += Length;
    Context->Count[0] += Context->Count[1] < Length;
    RtlpDigestUpdate(&Digest, Used, Data, Length);
}

/* The context begins anew afterwards. */
void NTAPI A_SHAFinal(PSHA_CTX Context, PULONG Result)
{
    DIGEST Digest = DigestOf(Context);
    ULONGLONG Bytes = (ULONGLONG)Context->Count[0] << 32 | Context->Count[1];
    ULONGLONG Bits = __builtin_bswap64(Bytes << 3);

    RtlpDigestPad(&Digest, Context->Count[1] % DIGEST_BLOCK, (const UCHAR *)&Bits);
    for (ULONG i = 0; i < 5; i++)
        Result[i] = __builtin_bswap32(Context->State[i]);
    A_SHAInit(Context);
}
