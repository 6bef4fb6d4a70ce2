// SPDX-License-Identifier: BSD-2-Clause
/* MD5. (RFC 1321; Win32: MD5Init, MD5Update, MD5Final) */
#include "digest.h"

/* The integer part of 2^32 * |sin(i + 1)| */
static const ULONG Sines[64] = {
    0xd76aa478, 0xe8c7b756, 0x242070db, 0xc1bdceee, 0xf57c0faf, 0x4787c62a, 0xa8304613, 0xfd469501,
    0x698098d8, 0x8b44f7af, 0xffff5bb1, 0x895cd7be, 0x6b901122, 0xfd987193, 0xa679438e, 0x49b40821,
    0xf61e2562, 0xc040b340, 0x265e5a51, 0xe9b6c7aa, 0xd62f105d, 0x02441453, 0xd8a1e681, 0xe7d3fbc8,
    0x21e1cde6, 0xc33707d6, 0xf4d50d87, 0x455a14ed, 0xa9e3e905, 0xfcefa3f8, 0x676f02d9, 0x8d2a4c8a,
    0xfffa3942, 0x8771f681, 0x6d9d6122, 0xfde5380c, 0xa4beea44, 0x4bdecfa9, 0xf6bb4b60, 0xbebfbc70,
    0x289b7ec6, 0xeaa127fa, 0xd4ef3085, 0x04881d05, 0xd9d4d039, 0xe6db99e5, 0x1fa27cf8, 0xc4ac5665,
    0xf4292244, 0x432aff97, 0xab9423a7, 0xfc93a039, 0x655b59c3, 0x8f0ccc92, 0xffeff47d, 0x85845dd1,
    0x6fa87e4f, 0xfe2ce6e0, 0xa3014314, 0x4e0811a1, 0xf7537e82, 0xbd3af235, 0x2ad7d2bb, 0xeb86d391,
};

static const UCHAR Shifts[4][4] = {
    {7, 12, 17, 22}, {5, 9, 14, 20}, {4, 11, 16, 23}, {6, 10, 15, 21}};

/* What step i takes of the three other words, and which word of the message it adds. */
static ULONG Mix(ULONG Step, ULONG B, ULONG C, ULONG D, PULONG Word)
{
    switch (Step / 16) {
    case 0:
        *Word = Step;
        return (B & C) | (~B & D);
    case 1:
        *Word = (5 * Step + 1) % 16;
        return (B & D) | (C & ~D);
    case 2:
        *Word = (3 * Step + 5) % 16;
        return B ^ C ^ D;
    default:
        *Word = 7 * Step % 16;
        return C ^ (B | ~D);
    }
}

static void Md5Block(PULONG State, const UCHAR *Block)
{
    ULONG Words[16], A = State[0], B = State[1], C = State[2], D = State[3];

    memcpy(Words, Block, sizeof(Words));
    for (ULONG i = 0; i < 64; i++) {
        ULONG Word, Sum = A + Mix(i, B, C, D, &Word);

        Sum += Sines[i] + Words[Word];
        A = D;
        D = C;
        C = B;
        B += RotateLeft(Sum, Shifts[i / 16][i % 4]);
    }
    State[0] += A;
    State[1] += B;
    State[2] += C;
    State[3] += D;
}

static DIGEST DigestOf(PMD5_CTX Context)
{
    return (DIGEST){Md5Block, Context->buf, Context->in};
}

void NTAPI MD5Init(PMD5_CTX Context)
{
    Context->buf[0] = 0x67452301;
    Context->buf[1] = 0xefcdab89;
    Context->buf[2] = 0x98badcfe;
    Context->buf[3] = 0x10325476;
    Context->i[0] = Context->i[1] = 0;
}

void NTAPI MD5Update(PMD5_CTX Context, const UCHAR *Data, ULONG Length)
{
    DIGEST Digest = DigestOf(Context);
    ULONG Used = Context->i[0] / 8 % DIGEST_BLOCK;

    Context->i[0] += Length << 3;
    Context->i[1] += (Length >> 29) + (Context->i[0] < Length << 3);
    RtlpDigestUpdate(&Digest, Used, Data, Length);
}

void NTAPI MD5Final(PMD5_CTX Context)
{
    DIGEST Digest = DigestOf(Context);

    RtlpDigestPad(&Digest, Context->i[0] / 8 % DIGEST_BLOCK, (const UCHAR *)Context->i);
    memcpy(Context->digest, Context->buf, sizeof(Context->digest));
}
