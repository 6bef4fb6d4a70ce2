/* SPDX-License-Identifier: BSD-2-Clause */
/* Event tracing, of which there is none: providers register and are never enabled. (Win32:
 * EventRegister, RegisterTraceGuids, TraceMessage) */
#pragma once

#include <nt/ntdef.h>

typedef ULONGLONG REGHANDLE, *PREGHANDLE, TRACEHANDLE, *PTRACEHANDLE;

#define EVENT_ACTIVITY_CTRL_GET_ID 1
#define EVENT_ACTIVITY_CTRL_SET_ID 2
#define EVENT_ACTIVITY_CTRL_CREATE_ID 3
#define EVENT_ACTIVITY_CTRL_GET_SET_ID 4
#define EVENT_ACTIVITY_CTRL_CREATE_SET_ID 5

/* They return Win32 errors. (ntdll/etw/provider.c) */
ULONG NTAPI EtwEventRegister(const GUID *ProviderId, PVOID EnableCallback, PVOID CallbackContext,
                             PREGHANDLE RegHandle);
ULONG NTAPI EtwEventUnregister(REGHANDLE RegHandle);
ULONG NTAPI EtwEventSetInformation(REGHANDLE RegHandle, ULONG Class, PVOID Information,
                                   ULONG Length);
BOOLEAN NTAPI EtwEventEnabled(REGHANDLE RegHandle, PCVOID EventDescriptor);
BOOLEAN NTAPI EtwEventProviderEnabled(REGHANDLE RegHandle, UCHAR Level, ULONGLONG Keyword);
ULONG NTAPI EtwEventWrite(REGHANDLE RegHandle, PCVOID EventDescriptor, ULONG UserDataCount,
                          PVOID UserData);
ULONG NTAPI EtwEventWriteTransfer(REGHANDLE RegHandle, PCVOID EventDescriptor,
                                  const GUID *ActivityId, const GUID *RelatedActivityId,
                                  ULONG UserDataCount, PVOID UserData);
ULONG NTAPI EtwEventWriteString(REGHANDLE RegHandle, UCHAR Level, ULONGLONG Keyword, PCWSTR String);
/* A thread's activity: a GUID in its TEB. */
ULONG NTAPI EtwEventActivityIdControl(ULONG ControlCode, GUID *ActivityId);

/* The older interface (ntdll/etw/classic.c) */
ULONG NTAPI EtwRegisterTraceGuidsW(PVOID RequestAddress, PVOID RequestContext,
                                   const GUID *ControlGuid, ULONG GuidCount, PVOID TraceGuidReg,
                                   PCWSTR MofImagePath, PCWSTR MofResourceName,
                                   PTRACEHANDLE RegistrationHandle);
ULONG NTAPI EtwRegisterTraceGuidsA(PVOID RequestAddress, PVOID RequestContext,
                                   const GUID *ControlGuid, ULONG GuidCount, PVOID TraceGuidReg,
                                   PCSTR MofImagePath, PCSTR MofResourceName,
                                   PTRACEHANDLE RegistrationHandle);
ULONG NTAPI EtwUnregisterTraceGuids(TRACEHANDLE RegistrationHandle);
TRACEHANDLE NTAPI EtwGetTraceLoggerHandle(PVOID Buffer);
ULONG NTAPI EtwGetTraceEnableFlags(TRACEHANDLE TraceHandle);
UCHAR NTAPI EtwGetTraceEnableLevel(TRACEHANDLE TraceHandle);
ULONG NTAPI EtwLogTraceEvent(TRACEHANDLE TraceHandle, PVOID EventTrace);
ULONG CDECL EtwTraceMessage(TRACEHANDLE TraceHandle, ULONG MessageFlags, const GUID *MessageGuid,
                            USHORT MessageNumber, ...);
ULONG NTAPI EtwTraceMessageVa(TRACEHANDLE TraceHandle, ULONG MessageFlags, const GUID *MessageGuid,
                              USHORT MessageNumber, va_list Arguments);
