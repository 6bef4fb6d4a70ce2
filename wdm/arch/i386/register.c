/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Device registers in memory, which the DDK reads and writes by imported routines on i386. Each
 * access is one instruction of the width asked for, and accesses are not reordered.
 */
#include "ki.h"

#define KI_REGISTER_ROUTINES(Name, Type)                                                           \
    Type NTAPI READ_REGISTER_##Name(P##Type Register)                                              \
    {                                                                                              \
        return *(volatile Type *)Register;                                                         \
    }                                                                                              \
                                                                                                   \
    VOID NTAPI WRITE_REGISTER_##Name(P##Type Register, Type Value)                                 \
    {                                                                                              \
        *(volatile Type *)Register = Value;                                                        \
        __atomic_thread_fence(__ATOMIC_SEQ_CST); /* out of the processor's write buffer */         \
    }                                                                                              \
                                                                                                   \
    VOID NTAPI READ_REGISTER_BUFFER_##Name(P##Type Register, P##Type Buffer, ULONG Count)          \
    {                                                                                              \
        while (Count--)                                                                            \
            *Buffer++ = *(volatile Type *)Register++;                                              \
    }                                                                                              \
                                                                                                   \
    VOID NTAPI WRITE_REGISTER_BUFFER_##Name(P##Type Register, P##Type Buffer, ULONG Count)         \
    {                                                                                              \
        while (Count--)                                                                            \
            *(volatile Type *)Register++ = *Buffer++;                                              \
        __atomic_thread_fence(__ATOMIC_SEQ_CST);                                                   \
    }

KI_REGISTER_ROUTINES(UCHAR, UCHAR)
KI_REGISTER_ROUTINES(USHORT, USHORT)
KI_REGISTER_ROUTINES(ULONG, ULONG)
