/* SPDX-License-Identifier: BSD-2-Clause */
/* System threads of a driver: coroutines, like all its threads, that run until they terminate
 * themselves. */
#include "ki.h"
#include "ob.h"
#include "ps.h"
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
    if (ClientId)
        *ClientId = (CLIENT_ID){KiGetProcessId(), PsGetThreadId((PETHREAD)Thread)};
    ObDereferenceObject(Thread);
    return STATUS_SUCCESS;
}

/* PsTerminateSystemThread: ends the calling thread, at PASSIVE_LEVEL. */
NTSTATUS NTAPI PsTerminateSystemThread(NTSTATUS ExitStatus)
{
    KiExitThread();
}

/* The Executive sees one thread where there are many: what they are known by is made here, and is
 * no number of a thread that a program could open. */
HANDLE NTAPI PsGetThreadId(PETHREAD Thread)
{
    return (HANDLE)Thread;
}

HANDLE NTAPI PsGetCurrentThreadId(VOID)
{
    return PsGetThreadId((PETHREAD)KiGetCurrentThread());
}

HANDLE NTAPI PsGetThreadProcessId(PETHREAD Thread)
{
    return KiGetProcessId();
}

PEPROCESS NTAPI PsGetThreadProcess(PETHREAD Thread)
{
    return PsInitialSystemProcess;
}

/* IoThreadToProcess: of the thread that an IRP is made for, the process whose request that is. */
PEPROCESS NTAPI IoThreadToProcess(PETHREAD Thread)
{
    ULONG Requestor = ((PKTHREAD)Thread)->Requestor;

    return Requestor ? PspFindProcess(Requestor) : PsInitialSystemProcess;
}

/* Threads that PsCreateSystemThread has made, and those that serve no program's request. */
BOOLEAN NTAPI PsIsSystemThread(PETHREAD Thread)
{
    return !((PKTHREAD)Thread)->Requestor;
}

BOOLEAN NTAPI IoIsSystemThread(PETHREAD Thread)
{
    return PsIsSystemThread(Thread);
}

PVOID NTAPI PsGetCurrentThreadStackBase(VOID)
{
    PVOID Base, Limit;

    KiGetStackBounds(&Base, &Limit);
    return Base;
}

PVOID NTAPI PsGetCurrentThreadStackLimit(VOID)
{
    PVOID Base, Limit;

    KiGetStackBounds(&Base, &Limit);
    return Limit;
}

KPROCESSOR_MODE NTAPI PsGetCurrentThreadPreviousMode(VOID)
{
    return KiGetCurrentThread()->PreviousMode;
}

/* IoGetStackLimits: the calling thread's stack, from the lowest address to the one behind it. */
VOID NTAPI IoGetStackLimits(PULONG_PTR LowLimit, PULONG_PTR HighLimit)
{
    KiGetStackBounds((PVOID *)HighLimit, (PVOID *)LowLimit);
}

/* IoWithinStackLimits: whether all of a region lies in the calling thread's stack. */
ULONG NTAPI IoWithinStackLimits(ULONG_PTR RegionStart, SIZE_T RegionSize)
{
    ULONG_PTR Low, High;

    IoGetStackLimits(&Low, &High);
    return RegionStart >= Low && RegionStart < High && RegionSize <= High - RegionStart;
}

PVOID NTAPI IoGetInitialStack(VOID)
{
    return PsGetCurrentThreadStackBase();
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
