/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What drivers get as ZwCreateFile, NtCreateFile and so on: a helper calls the service. Arguments
 * are machine words (include/neptune/services.def), whatever the DDK's prototypes say, so these are
 * not included.
 */
#include <windef.h>
#include <ntdef.h>

NTSTATUS KiCallService(PVOID Service, ULONG Count, const ULONG_PTR *Arguments);

#define PARAMETERS_1 ULONG_PTR A
#define PARAMETERS_2 PARAMETERS_1, ULONG_PTR B
#define PARAMETERS_3 PARAMETERS_2, ULONG_PTR C
#define PARAMETERS_4 PARAMETERS_3, ULONG_PTR D
#define PARAMETERS_5 PARAMETERS_4, ULONG_PTR E
#define PARAMETERS_6 PARAMETERS_5, ULONG_PTR F
#define PARAMETERS_7 PARAMETERS_6, ULONG_PTR G
#define PARAMETERS_8 PARAMETERS_7, ULONG_PTR H
#define PARAMETERS_9 PARAMETERS_8, ULONG_PTR I
#define PARAMETERS_10 PARAMETERS_9, ULONG_PTR J
#define PARAMETERS_11 PARAMETERS_10, ULONG_PTR K
#define PARAMETERS_14 PARAMETERS_11, ULONG_PTR L, ULONG_PTR M, ULONG_PTR N

#define ARGUMENTS_1 A
#define ARGUMENTS_2 ARGUMENTS_1, B
#define ARGUMENTS_3 ARGUMENTS_2, C
#define ARGUMENTS_4 ARGUMENTS_3, D
#define ARGUMENTS_5 ARGUMENTS_4, E
#define ARGUMENTS_6 ARGUMENTS_5, F
#define ARGUMENTS_7 ARGUMENTS_6, G
#define ARGUMENTS_8 ARGUMENTS_7, H
#define ARGUMENTS_9 ARGUMENTS_8, I
#define ARGUMENTS_10 ARGUMENTS_9, J
#define ARGUMENTS_11 ARGUMENTS_10, K
#define ARGUMENTS_14 ARGUMENTS_11, L, M, N

#define WAITING(Name, Count)                                                                       \
    NTSTATUS NTAPI Nt##Name(PARAMETERS_##Count);                                                   \
    NTSTATUS NTAPI Kx##Name(PARAMETERS_##Count)                                                    \
    {                                                                                              \
        const ULONG_PTR Arguments[] = {ARGUMENTS_##Count};                                         \
                                                                                                   \
        return KiCallService((PVOID)Nt##Name, Count, Arguments);                                   \
    }
#include "waiting.def"
