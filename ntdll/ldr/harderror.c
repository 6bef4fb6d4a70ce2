// SPDX-License-Identifier: BSD-2-Clause
/*
 * What keeps a program from starting, or a driver from being loaded: the user is told each DLL and
 * each function that is missing, by whoever handles hard errors (smss). What else is loaded later
 * is its caller's concern.
 */
#include "ldrp.h"

#define MAXIMUM_ERRORS 500 /* that are shown of a program or driver */

ULONG LdrpErrorsRaised;

static void Raise(NTSTATUS Error, ULONG Count, ULONG StringMask, PULONG_PTR Parameters)
{
    ULONG Response;

    if (LdrpErrorsRaised++ >= MAXIMUM_ERRORS)
        return;
    NtRaiseHardError(Error, Count, StringMask, Parameters, OptionOk, &Response);
}

/* A name of an image, and with Dll that one's beside it. */
static void RaiseWithName(NTSTATUS Error, PCSTR Name, PLDRP_MODULE Dll)
{
    UNICODE_STRING String;
    ULONG_PTR Parameters[] = {(ULONG_PTR)&String, Dll ? (ULONG_PTR)&Dll->Entry.BaseDllName : 0};

    if (!RtlCreateUnicodeStringFromAsciiz(&String, Name))
        return;
    Raise(Error, Dll ? 2 : 1, Dll ? 3 : 1, Parameters);
    RtlFreeUnicodeString(&String);
}

/* The errors of drivers name the driver first. */
static void RaiseOfDriver(PLDRP_MODULE Driver, PLDRP_MODULE Dll, PCSTR Name, ULONG Ordinal)
{
    UNICODE_STRING String;
    ULONG_PTR Parameters[] = {(ULONG_PTR)&Driver->Entry.BaseDllName, Ordinal,
                              (ULONG_PTR)&Dll->Entry.BaseDllName};

    if (!Name) {
        Raise(STATUS_DRIVER_ORDINAL_NOT_FOUND, 3, 5, Parameters);
        return;
    }
    if (!RtlCreateUnicodeStringFromAsciiz(&String, Name))
        return;
    Parameters[1] = (ULONG_PTR)&String;
    Raise(STATUS_DRIVER_ENTRYPOINT_NOT_FOUND, 3, 7, Parameters);
    RtlFreeUnicodeString(&String);
}

static BOOLEAN IsTold(const LDRP_LOAD *Load)
{
    return !LdrpData.Initialized || Load->Driver;
}

void LdrpRaiseMissingDll(const LDRP_LOAD *Load, PCSTR Name, NTSTATUS Error)
{
    if (IsTold(Load) && (Error == STATUS_DLL_NOT_FOUND || Error == STATUS_INVALID_IMAGE_FORMAT))
        RaiseWithName(Error, Name, NULL);
}

void LdrpRaiseMissingExport(const LDRP_LOAD *Load, PLDRP_MODULE Dll, PCSTR Name, ULONG Ordinal)
{
    ULONG_PTR Parameters[] = {Ordinal, (ULONG_PTR)&Dll->Entry.BaseDllName};

    if (!IsTold(Load))
        return;
    if (Load->Driver && Load->Importer)
        RaiseOfDriver(Load->Importer, Dll, Name, Ordinal);
    else if (Name)
        RaiseWithName(STATUS_ENTRYPOINT_NOT_FOUND, Name, Dll);
    else
        Raise(STATUS_ORDINAL_NOT_FOUND, 2, 2, Parameters);
}

void LdrpRaiseFailedInit(PLDRP_MODULE Dll)
{
    ULONG_PTR Parameters[] = {(ULONG_PTR)&Dll->Entry.BaseDllName};

    if (Dll->Entry.Flags & LDRP_PROCESS_STATIC_IMPORT)
        Raise(STATUS_DLL_INIT_FAILED, 1, 1, Parameters);
}

void LdrpRaiseFailedStart(NTSTATUS Status)
{
    ULONG_PTR Parameters[] = {(ULONG)Status};

    if (!LdrpErrorsRaised)
        Raise(STATUS_APP_INIT_FAILURE, 1, 0, Parameters);
}
