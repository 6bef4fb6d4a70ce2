// SPDX-License-Identifier: BSD-2-Clause
/* Tracing as it was before there were manifests. Nobody listens here either. */
#include <nt/nt.h>

#define ERROR_SUCCESS 0
#define ERROR_INVALID_HANDLE 6
#define ERROR_INVALID_PARAMETER 87
#define INVALID_TRACEHANDLE (~0ull)
#define ANY_PROVIDER 1 /* the handle of whoever registers */

static ULONG Register(const GUID *ControlGuid, PTRACEHANDLE RegistrationHandle)
{
    if (!ControlGuid || !RegistrationHandle)
        return ERROR_INVALID_PARAMETER;
    *RegistrationHandle = ANY_PROVIDER;
    return ERROR_SUCCESS;
}

ULONG NTAPI EtwRegisterTraceGuidsW(PVOID RequestAddress, PVOID RequestContext,
                                   const GUID *ControlGuid, ULONG GuidCount, PVOID TraceGuidReg,
                                   PCWSTR MofImagePath, PCWSTR MofResourceName,
                                   PTRACEHANDLE RegistrationHandle)
{
    return Register(ControlGuid, RegistrationHandle);
}

ULONG NTAPI EtwRegisterTraceGuidsA(PVOID RequestAddress, PVOID RequestContext,
                                   const GUID *ControlGuid, ULONG GuidCount, PVOID TraceGuidReg,
                                   PCSTR MofImagePath, PCSTR MofResourceName,
                                   PTRACEHANDLE RegistrationHandle)
{
    return Register(ControlGuid, RegistrationHandle);
}

ULONG NTAPI EtwUnregisterTraceGuids(TRACEHANDLE RegistrationHandle)
{
    return RegistrationHandle == ANY_PROVIDER ? ERROR_SUCCESS : ERROR_INVALID_PARAMETER;
}

TRACEHANDLE NTAPI EtwGetTraceLoggerHandle(PVOID Buffer)
{
    RtlSetLastWin32Error(ERROR_INVALID_HANDLE);
    return INVALID_TRACEHANDLE;
}

ULONG NTAPI EtwGetTraceEnableFlags(TRACEHANDLE TraceHandle)
{
    return 0;
}

UCHAR NTAPI EtwGetTraceEnableLevel(TRACEHANDLE TraceHandle)
{
    return 0;
}

ULONG NTAPI EtwLogTraceEvent(TRACEHANDLE TraceHandle, PVOID EventTrace)
{
    return ERROR_INVALID_HANDLE;
}

ULONG CDECL EtwTraceMessage(TRACEHANDLE TraceHandle, ULONG MessageFlags, const GUID *MessageGuid,
                            USHORT MessageNumber, ...)
{
    return ERROR_INVALID_HANDLE;
}

ULONG NTAPI EtwTraceMessageVa(TRACEHANDLE TraceHandle, ULONG MessageFlags, const GUID *MessageGuid,
                              USHORT MessageNumber, va_list Arguments)
{
    return ERROR_INVALID_HANDLE;
}
