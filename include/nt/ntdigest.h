/* SPDX-License-Identifier: BSD-2-Clause */
/* Message digests that ntdll exports. (Win32: MD4Init, MD5Init, A_SHAInit and their families) */
#pragma once

#include <nt/ntdef.h>

typedef struct _MD4_CTX {
    ULONG buf[4];
    ULONG i[2]; /* bits so far, low half first */
    UCHAR in[64];
    UCHAR digest[16]; /* valid after MD4Final */
} MD4_CTX, *PMD4_CTX;

typedef struct _MD5_CTX {
    ULONG i[2];
    ULONG buf[4];
    UCHAR in[64];
    UCHAR digest[16];
} MD5_CTX, *PMD5_CTX;

typedef struct _SHA_CTX {
    ULONG Reserved[6];
    ULONG State[5];
    ULONG Count[2]; /* bytes so far, high half first */
    UCHAR Buffer[64];
} SHA_CTX, *PSHA_CTX;

void NTAPI MD4Init(PMD4_CTX Context);
void NTAPI MD4Update(PMD4_CTX Context, const UCHAR *Data, ULONG Length);
void NTAPI MD4Final(PMD4_CTX Context);
void NTAPI MD5Init(PMD5_CTX Context);
void NTAPI MD5Update(PMD5_CTX Context, const UCHAR *Data, ULONG Length);
void NTAPI MD5Final(PMD5_CTX Context);
void NTAPI A_SHAInit(PSHA_CTX Context);
void NTAPI A_SHAUpdate(PSHA_CTX Context, const UCHAR *Data, ULONG Length);
/* Result: five ULONGs, the 20 bytes of the digest in order. */
void NTAPI A_SHAFinal(PSHA_CTX Context, PULONG Result);
