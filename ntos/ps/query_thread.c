/* SPDX-License-Identifier: BSD-2-Clause */
/* NtQueryInformationThread. */
#include "psp.h"

typedef union _ANSWER {
    THREAD_BASIC_INFORMATION Basic;
    KERNEL_USER_TIMES Times;
    PVOID Address;
    ULONG Long;
} ANSWER, *PANSWER;

static ULONG FillBasic(PETHREAD Thread, PANSWER Answer)
{
    Answer->Basic.ExitStatus = Thread->ExitStatus;
    Answer->Basic.TebBaseAddress = Thread->Teb;
    Answer->Basic.ClientId.UniqueProcess = Thread->Process->UniqueProcessId;
    Answer->Basic.ClientId.UniqueThread = Thread->UniqueThreadId;
    Answer->Basic.AffinityMask = 1;
    Answer->Basic.Priority = (KPRIORITY)Thread->Priority;
    Answer->Basic.BasePriority = 0; /* relative to the process */
    return sizeof(Answer->Basic);
}

/* The kernel does not say how long a thread ran: kernel and user times are 0. */
static ULONG FillTimes(PETHREAD Thread, PANSWER Answer)
{
    Answer->Times.CreateTime.QuadPart = Thread->CreateTime;
    Answer->Times.ExitTime.QuadPart = Thread->ExitTime;
    return sizeof(Answer->Times);
}

/* Returns the size of the answer, 0 for a class that is not one of these. */
static ULONG FillAnswer(PETHREAD Thread, THREADINFOCLASS Class, PANSWER Answer)
{
    switch (Class) {
    case ThreadBasicInformation:
        return FillBasic(Thread, Answer);
    case ThreadTimes:
        return FillTimes(Thread, Answer);
    case ThreadQuerySetWin32StartAddress:
        Answer->Address = Thread->StartAddress;
        return sizeof(Answer->Address);
    case ThreadAmILastThread:
        Answer->Long = Thread->Process->ActiveThreads == 1;
        return sizeof(Answer->Long);
    case ThreadIsTerminated:
        Answer->Long = Thread->Header.SignalState != 0;
        return sizeof(Answer->Long);
    case ThreadSuspendCount:
        Answer->Long = Thread->SuspendCount;
        return sizeof(Answer->Long);
    default:
        return 0;
    }
}

static NTSTATUS QueryThread(PETHREAD Thread, THREADINFOCLASS Class, PVOID Information, ULONG Length,
                            PULONG ReturnLength)
{
    ANSWER Answer = {0};
    ULONG AnswerLength = FillAnswer(Thread, Class, &Answer);

    if (!AnswerLength)
        return (ULONG)Class < 0x40 ? STATUS_NOT_IMPLEMENTED : STATUS_INVALID_INFO_CLASS;
    return PspReturnInformation(Information, Length, &Answer, AnswerLength, ReturnLength);
}

/*
 * NtQueryInformationThread: Basic, Times, QuerySetWin32StartAddress, AmILastThread, IsTerminated,
 * SuspendCount; STATUS_NOT_IMPLEMENTED for other classes, STATUS_INVALID_INFO_CLASS for what is
 * none. Needs THREAD_QUERY_LIMITED_INFORMATION or THREAD_QUERY_INFORMATION. Returns
 * STATUS_INFO_LENGTH_MISMATCH, STATUS_ACCESS_VIOLATION and what handles may give.  (WDK:
 * ZwQueryInformationThread)
 */
NTSTATUS NtQueryInformationThread(HANDLE ThreadHandle, THREADINFOCLASS Class, PVOID Information,
                                  ULONG Length, PULONG ReturnLength)
{
    PETHREAD Thread;
    NTSTATUS Status = ObReferenceObjectByHandle(ThreadHandle, THREAD_QUERY_LIMITED_INFORMATION,
                                                PsThreadType, (PVOID *)&Thread);

    if (Status == STATUS_ACCESS_DENIED)
        Status = ObReferenceObjectByHandle(ThreadHandle, THREAD_QUERY_INFORMATION, PsThreadType,
                                           (PVOID *)&Thread);
    if (!NT_SUCCESS(Status))
        return Status;
    Status = QueryThread(Thread, Class, Information, Length, ReturnLength);
    ObDereferenceObject(Thread);
    return Status;
}
