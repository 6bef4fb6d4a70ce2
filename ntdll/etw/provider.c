// SPDX-License-Identifier: BSD-2-Clause
/* Providers of events. Nobody listens. */
#include <nt/nt.h>

#define ERROR_SUCCESS 0
#define ERROR_INVALID_PARAMETER 87

/* Handles are only numbers; 0 would mean that there is none. */
static LONG LastHandle;

ULONG NTAPI EtwEventRegister(const GUID *ProviderId, PVOID EnableCallback, PVOID CallbackContext,
                             PREGHANDLE RegHandle)
{
    if (RegHandle)
        *RegHandle = 0;
    if (!ProviderId || !RegHandle)
        return ERROR_INVALID_PARAMETER;
    *RegHandle = (ULONG)__atomic_add_fetch(&LastHandle, 1, __ATOMIC_RELAXED);
    return ERROR_SUCCESS;
}

ULONG NTAPI EtwEventUnregister(REGHANDLE RegHandle)
{
    return ERROR_SUCCESS;
}

ULONG NTAPI EtwEventSetInformation(REGHANDLE RegHandle, ULONG Class, PVOID Information,
                                   ULONG Length)
{
    return ERROR_SUCCESS;
}

BOOLEAN NTAPI EtwEventEnabled(REGHANDLE RegHandle, PCVOID EventDescriptor)
{
    return FALSE;
}

BOOLEAN NTAPI EtwEventProviderEnabled(REGHANDLE RegHandle, UCHAR Level, ULONGLONG Keyword)
{
    return FALSE;
}

ULONG NTAPI EtwEventWrite(REGHANDLE RegHandle, PCVOID EventDescriptor, ULONG UserDataCount,
                          PVOID UserData)
{
    return ERROR_SUCCESS;
}

ULONG NTAPI EtwEventWriteTransfer(REGHANDLE RegHandle, PCVOID EventDescriptor,
                                  const GUID *ActivityId, const GUID *RelatedActivityId,
                                  ULONG UserDataCount, PVOID UserData)
{
    return ERROR_SUCCESS;
}

ULONG NTAPI EtwEventWriteString(REGHANDLE RegHandle, UCHAR Level, ULONGLONG Keyword, PCWSTR String)
{
    return ERROR_SUCCESS;
}

/* No two in the system: process, thread, time. */
static GUID CreateActivityId(void)
{
    static LONG LastActivity;
    CLIENT_ID Client = NtCurrentTeb()->ClientId;
    ULONG Number = (ULONG)__atomic_add_fetch(&LastActivity, 1, __ATOMIC_RELAXED);
    LARGE_INTEGER Time;
    GUID Id;

    NtQuerySystemTime(&Time);
    Id.Data1 = Number;
    Id.Data2 = (USHORT)(ULONG_PTR)Client.UniqueProcess;
    Id.Data3 = (USHORT)(ULONG_PTR)Client.UniqueThread;
    memcpy(Id.Data4, &Time, sizeof(Id.Data4));
    return Id;
}

ULONG NTAPI EtwEventActivityIdControl(ULONG ControlCode, GUID *ActivityId)
{
    GUID *Own = &NtCurrentTeb()->ActivityId, Given;

    if (!ActivityId)
        return ERROR_INVALID_PARAMETER;
    Given = *ActivityId;
    switch (ControlCode) {
    case EVENT_ACTIVITY_CTRL_GET_ID:
        *ActivityId = *Own;
        break;
    case EVENT_ACTIVITY_CTRL_SET_ID:
        *Own = Given;
        break;
    case EVENT_ACTIVITY_CTRL_CREATE_ID:
        *ActivityId = CreateActivityId();
        break;
    case EVENT_ACTIVITY_CTRL_GET_SET_ID:
        *ActivityId = *Own;
        *Own = Given;
        break;
    case EVENT_ACTIVITY_CTRL_CREATE_SET_ID:
        *ActivityId = *Own;
        *Own = CreateActivityId();
        break;
    default:
        return ERROR_INVALID_PARAMETER;
    }
    return ERROR_SUCCESS;
}
