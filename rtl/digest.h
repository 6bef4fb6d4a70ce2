/* SPDX-License-Identifier: BSD-2-Clause */
/* What MD4, MD5 and SHA-1 have in common: blocks of 64 bytes, 32-bit words, and how they pad. */
#pragma once

#include <nt/ntdigest.h>
#include <nt/ntrtl.h>

#define DIGEST_BLOCK 64

typedef void (*PDIGEST_BLOCK_ROUTINE)(PULONG State, const UCHAR *Block);

typedef struct _DIGEST {
    PDIGEST_BLOCK_ROUTINE Routine;
    PULONG State;
    PUCHAR Buffer; /* one block, the bytes that have not filled it yet */
} DIGEST, *PDIGEST;

FORCEINLINE ULONG RotateLeft(ULONG Value, ULONG Bits)
{
    return Value << Bits | Value >> (32 - Bits);
}

/* Used: the bytes in the buffer before. */
void RtlpDigestUpdate(const DIGEST *Digest, ULONG Used, const UCHAR *Data, ULONG Length);
/* The end: a bit, zeros, and the length of all in bits, which the caller has put in order. */
void RtlpDigestPad(const DIGEST *Digest, ULONG Used, const UCHAR Bits[8]);
