/* SPDX-License-Identifier: BSD-2-Clause */
/* System threads of a driver: coroutines, like all its threads, that run until they terminate
 * themselves. */
#include "ki.h"
#include "ob.h"
#include "verifier.h"

/*
 * PsCreateSystemThread: in this process whatever ProcessHandle says. STATUS_INSUFFICIENT_RESOURCES.
 */
NTSTATUS NTAPI PsCreateSystemThread(PHANDLE ThreadHandle, ULONG DesiredAccess,
                                    POBJECT_ATTRIBUTES ObjectAttributes, HANDLE ProcessHandle,
                                    PCLIENT_ID ClientId, PKSTART_ROUTINE StartRoutine,
                                    PVOID StartContext)
{
    PKTHREAD Thread;
    NTSTATUS Status = KiCreateThread(StartRoutine, StartContext, &Thread);

    KI_VERIFY_IRQL(APC_LEVEL);
    if (!NT_SUCCESS(Status))
        return Status;
    *ThreadHandle = ObpNewHandle(Thread);
    ObDereferenceObject(Thread);
    return STATUS_SUCCESS;
}

/* PsTerminateSystemThread: ends the calling thread, at PASSIVE_LEVEL. */
NTSTATUS NTAPI PsTerminateSystemThread(NTSTATUS ExitStatus)
{
    KiExitThread();
}

PEPROCESS NTAPI KxGetCurrentProcess(VOID)
{
    return (PEPROCESS)KiGetPeb(); /* drivers only compare it */
}

HANDLE NTAPI PsGetCurrentProcessId(VOID)
{
    return KiGetProcessId();
}

HANDLE NTAPI PsGetCurrentThreadId(VOID)
{
    return KiGetThreadId();
}

/* PsGetVersion: 10.0 build 19045, free build. */
BOOLEAN NTAPI PsGetVersion(PULONG MajorVersion, PULONG MinorVersion, PULONG BuildNumber,
                           PUNICODE_STRING CSDVersion)
{
    if (MajorVersion)
        *MajorVersion = 10;
    if (MinorVersion)
        *MinorVersion = 0;
    if (BuildNumber)
        *BuildNumber = 19045;
    if (CSDVersion)
        RtlInitUnicodeString(CSDVersion, NULL);
    return FALSE;
}
