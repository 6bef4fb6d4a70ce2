/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * testdll.dll: what loader.c loads. Its preferred base is that of the programs, so it is always
 * moved.
 */
#include <nt/nt.h>
#include "testdll.h"

ULONG _tls_index;
__attribute__((section(".tls"))) static ULONG TlsStart = 0;
__attribute__((section(".tls$ZZZ"))) static ULONG TlsEnd = 0;
static _Thread_local ULONG PerThread = TESTDLL_PER_THREAD;

__attribute__((used)) const IMAGE_TLS_DIRECTORY _tls_used = {
    .StartAddressOfRawData = (ULONG_PTR)&TlsStart,
    .EndAddressOfRawData = (ULONG_PTR)&TlsEnd,
    .AddressOfIndex = (ULONG_PTR)&_tls_index,
    .SizeOfZeroFill = 0,
};

TESTDLL_CALLS TestDllCalls;
PVOID TestDllSelf = &TestDllSelf; /* right after relocation only */

BOOLEAN NTAPI DllMain(PVOID Handle, ULONG Reason, PVOID Context)
{
    if (Reason < ARRAYSIZE(TestDllCalls.Reasons))
        TestDllCalls.Reasons[Reason]++;
    TestDllCalls.Handle = Handle;
    return TRUE;
}

ULONG NTAPI TestDllAdd(ULONG First, ULONGLONG Second, ULONG Third)
{
    return First + (ULONG)Second + Third;
}

/* Counts the calls of a thread. */
ULONG NTAPI TestDllCount(void)
{
    return PerThread++;
}
