// SPDX-License-Identifier: BSD-2-Clause
/* MD4. (RFC 1320; Win32: MD4Init, MD4Update, MD4Final) */
#include "digest.h"

static ULONG Choose(ULONG X, ULONG Y, ULONG Z)
{
    return (X & Y) | (~X & Z);
}

static ULONG Majority(ULONG X, ULONG Y, ULONG Z)
{
    return (X & Y) | (X & Z) | (Y & Z);
}

static ULONG Parity(ULONG X, ULONG Y, ULONG Z)
{
    return X ^ Y ^ Z;
}

static const struct MD4_ROUND {
    ULONG (*Function)(ULONG, ULONG, ULONG);
    ULONG Constant;
    UCHAR Shifts[4];
    UCHAR Order[16];
} Rounds[] = {
    {Choose, 0, {3, 7, 11, 19}, {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15}},
    {Majority, 0x5a827999, {3, 5, 9, 13}, {0, 4, 8, 12, 1, 5, 9, 13, 2, 6, 10, 14, 3, 7, 11, 15}},
    {Parity, 0x6ed9eba1, {3, 9, 11, 15}, {0, 8, 4, 12, 2, 10, 6, 14, 1, 9, 5, 13, 3, 11, 7, 15}},
};

static void Md4Block(PULONG State, const UCHAR *Block)
{
    ULONG Words[16], A = State[0], B = State[1], C = State[2], D = State[3];

    memcpy(Words, Block, sizeof(Words));
    for (ULONG i = 0; i < 48; i++) {
        const struct MD4_ROUND *Round = &Rounds[i / 16];
        ULONG Sum = A + Round->Function(B, C, D) + Words[Round->Order[i % 16]] + Round->Constant;

        A = D;
        D = C;
        C = B;
        B = RotateLeft(Sum, Round->Shifts[i % 4]);
    }
    State[0] += A;
    State[1] += B;
    State[2] += C;
    State[3] += D;
}

static DIGEST DigestOf(PMD4_CTX Context)
{
    return (DIGEST){Md4Block, Context->buf, Context->in};
}

void NTAPI MD4Init(PMD4_CTX Context)
{
    Context->buf[0] = 0x67452301;
    Context->buf[1] = 0xefcdab89;
    Context->buf[2] = 0x98badcfe;
    Context->buf[3] = 0x10325476;
    Context->i[0] = Context->i[1] = 0;
}

void NTAPI MD4Update(PMD4_CTX Context, const UCHAR *Data, ULONG Length)
{
    DIGEST Digest = DigestOf(Context);
    ULONG Used = Context->i[0] / 8 % DIGEST_BLOCK;

    Context->i[0] += Length << 3;
    Context->i[1] += (Length >> 29) + (Context->i[0] < Length << 3);
    RtlpDigestUpdate(&Digest, Used, Data, Length);
}

void NTAPI MD4Final(PMD4_CTX Context)
{
    DIGEST Digest = DigestOf(Context);

    RtlpDigestPad(&Digest, Context->i[0] / 8 % DIGEST_BLOCK, (const UCHAR *)Context->i);
    memcpy(Context->digest, Context->buf, sizeof(Context->digest));
}
