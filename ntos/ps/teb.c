/* SPDX-License-Identifier: BSD-2-Clause */
/* The thread environment block and, in the rest of its second page, the thread's IPC buffer. */
#include "psp.h"

#define LOCALE_EN_US 0x409

NTSTATUS PspCreateTeb(PETHREAD Thread, seL4_CPtr *IpcBufferFrame)
{
    SIZE_T Size = NEPTUNE_TEB_SIZE;
    PVOID Window;
    NTSTATUS Status = MmAllocateVirtualMemory(Thread->Process, &Thread->Teb, 0, &Size,
                                              MEM_RESERVE | MEM_COMMIT, PAGE_READWRITE);

    if (!NT_SUCCESS(Status)) {
        Thread->Teb = NULL;
        return Status;
    }
    MmSecureRange(Thread->Process, Thread->Teb, Size);
    Status = MmLockClientPage(Thread->Process,
                              (PCHAR)Thread->Teb +
                                  ALIGN_DOWN_BY(NEPTUNE_TEB_IPC_BUFFER, NEPTUNE_PAGE_SIZE),
                              &Window, IpcBufferFrame);
    if (NT_SUCCESS(Status))
        Thread->IpcBuffer =
            (seL4_IPCBuffer *)((PCHAR)Window + NEPTUNE_TEB_IPC_BUFFER % NEPTUNE_PAGE_SIZE);
    return Status;
}

void PspDeleteTeb(PETHREAD Thread)
{
    SIZE_T Size = 0;

    if (!Thread->Teb)
        return;
    MmUnsecureRange(Thread->Process, Thread->Teb);
    MmFreeVirtualMemory(Thread->Process, &Thread->Teb, &Size, MEM_RELEASE);
    Thread->Teb = NULL;
    Thread->IpcBuffer = NULL;
}

#define WRITE(thread, field, value)                                                                \
    MmCopyToProcess((thread)->Process, (CLIENT(PCHAR))(thread)->Teb + offsetof(TEB, field),        \
                    &(value), sizeof(value))

/* What a TEB begins with, as a TEB. */
typedef struct _TEB_START {
    NT_TIB NtTib;
    PVOID EnvironmentPointer;
    CLIENT_ID ClientId;
    PVOID ActiveRpcHandle, ThreadLocalStoragePointer;
    PVOID ProcessEnvironmentBlock;
} TEB_START;

_Static_assert(offsetof(TEB_START, ProcessEnvironmentBlock) ==
                   offsetof(TEB, ProcessEnvironmentBlock),
               "the start of a TEB");

/* The memory is zeroed already; only fields that are not 0 are written. */
NTSTATUS PspFillTeb(PETHREAD Thread, USHORT SameTebFlags)
{
    TEB_START Start = {
        .NtTib = {.StackBase = Thread->StackBase,
                  .StackLimit = Thread->StackLimit,
                  .Self = Thread->Teb},
        .ClientId = {Thread->Process->UniqueProcessId, Thread->UniqueThreadId},
        .ProcessEnvironmentBlock = Thread->Process->Peb,
    };
    UNICODE_STRING StaticString = {0, sizeof(((PTEB)0)->StaticUnicodeBuffer),
                                   ((PTEB)Thread->Teb)->StaticUnicodeBuffer};
    LCID Locale = LOCALE_EN_US;
    NTSTATUS Status;

#if defined(__i386__)
    Start.NtTib.ExceptionList = (PVOID)MAXULONG_PTR;
#endif
    Status = WRITE(Thread, NtTib, Start);
    if (NT_SUCCESS(Status))
        Status = WRITE(Thread, RealClientId, Start.ClientId);
    if (NT_SUCCESS(Status))
        Status = WRITE(Thread, CurrentLocale, Locale);
    if (NT_SUCCESS(Status))
        Status = WRITE(Thread, StaticUnicodeString, StaticString);
    if (NT_SUCCESS(Status) && SameTebFlags)
        Status = WRITE(Thread, SameTebFlags, SameTebFlags);
    return NT_SUCCESS(Status) ? WRITE(Thread, DeallocationStack, Thread->StackAllocation) : Status;
}
