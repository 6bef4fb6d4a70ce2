/* SPDX-License-Identifier: BSD-2-Clause */
/* Mutant objects and their services. */
#include "exp.h"

struct _OBJECT_TYPE *ExMutantType;

static void DeleteMutant(PVOID Object)
{
    KeDeleteMutant(Object);
}

void ExpInitializeMutants(void)
{
    static const OBJECT_TYPE_INITIALIZER Initializer = {
        .Name = u"Mutant",
        .Mapping = {STANDARD_RIGHTS_READ | MUTANT_QUERY_STATE, STANDARD_RIGHTS_WRITE,
                    STANDARD_RIGHTS_EXECUTE | SYNCHRONIZE, MUTANT_ALL_ACCESS},
        .ValidAccess = MUTANT_ALL_ACCESS,
        .Waitable = TRUE,
        .Delete = DeleteMutant,
    };

    ExpCreateType(&Initializer, &ExMutantType);
}

static void InitializeMutant(PVOID Object, const void *Parameters)
{
    const BOOLEAN *InitialOwner = Parameters;

    KeInitializeMutant(Object, *InitialOwner ? PsGetCurrentThread() : NULL);
}

/*
 * NtCreateMutant: makes a mutant, owned by the calling thread if InitialOwner; or with OBJ_OPENIF
 * opens the one of that name, which the caller does not come to own. Returns
 * STATUS_ACCESS_VIOLATION, STATUS_OBJECT_NAME_COLLISION, STATUS_OBJECT_NAME_EXISTS (a success), and
 * what names and handles may give.  (Win32: CreateMutex)
 */
NTSTATUS NtCreateMutant(CLIENT(PHANDLE) MutantHandle, ACCESS_MASK DesiredAccess,
                        CLIENT(POBJECT_ATTRIBUTES) ObjectAttributes, BOOLEAN InitialOwner)
{
    NTSTATUS Status = MmProbeForWrite(MutantHandle, sizeof(*MutantHandle));

    if (!NT_SUCCESS(Status))
        return Status;
    return ExpCreateObject(ExMutantType, sizeof(KMUTANT), MutantHandle, DesiredAccess,
                           ObjectAttributes, InitializeMutant, &InitialOwner);
}

/* NtOpenMutant: opens a named mutant.  (Win32: OpenMutex) */
NTSTATUS NtOpenMutant(CLIENT(PHANDLE) MutantHandle, ACCESS_MASK DesiredAccess,
                      CLIENT(POBJECT_ATTRIBUTES) ObjectAttributes)
{
    return ObOpenObjectByName(MutantHandle, DesiredAccess, ObjectAttributes, ExMutantType, NULL);
}

/*
 * NtReleaseMutant: undoes one acquisition by the calling thread; any handle will do. PreviousCount,
 * if given, receives the count before: 0, or below if it was acquired more than once. Returns
 * STATUS_MUTANT_NOT_OWNED, STATUS_ACCESS_VIOLATION, STATUS_INVALID_HANDLE,
 * STATUS_OBJECT_TYPE_MISMATCH.  (Win32: ReleaseMutex)
 */
NTSTATUS NtReleaseMutant(HANDLE MutantHandle, CLIENT(PLONG) PreviousCount)
{
    PKMUTANT Mutant;
    LONG Previous;
    NTSTATUS Status =
        PreviousCount ? MmProbeForWrite(PreviousCount, sizeof(*PreviousCount)) : STATUS_SUCCESS;

    if (NT_SUCCESS(Status))
        Status = ObReferenceObjectByHandle(MutantHandle, 0, ExMutantType, (PVOID *)&Mutant);
    if (!NT_SUCCESS(Status))
        return Status;
    Status = KeReleaseMutant(Mutant, PsGetCurrentThread(), &Previous);
    ObDereferenceObject(Mutant);
    return NT_SUCCESS(Status) && PreviousCount ? MmWriteClient(PreviousCount, &Previous) : Status;
}

typedef union _MUTANT_ANSWER {
    MUTANT_BASIC_INFORMATION Basic;
    MUTANT_OWNER_INFORMATION Owner;
} MUTANT_ANSWER;

static void FillAnswer(PKMUTANT Mutant, MUTANT_INFORMATION_CLASS Class, MUTANT_ANSWER *Answer)
{
    PETHREAD Owner = Mutant->OwnerThread;

    if (Class == MutantBasicInformation) {
        Answer->Basic.CurrentCount = Mutant->Header.SignalState;
        Answer->Basic.OwnedByCaller = Owner == PsGetCurrentThread();
        Answer->Basic.AbandonedState = Mutant->Abandoned;
    } else if (Owner) {
        Answer->Owner.ClientId.UniqueProcess = Owner->Process->UniqueProcessId;
        Answer->Owner.ClientId.UniqueThread = Owner->UniqueThreadId;
    }
}

/*
 * NtQueryMutant: MutantBasicInformation, MutantOwnerInformation. Needs MUTANT_QUERY_STATE. Returns
 * STATUS_INVALID_INFO_CLASS, STATUS_INFO_LENGTH_MISMATCH, STATUS_ACCESS_VIOLATION and what handles
 * may give.
 */
NTSTATUS NtQueryMutant(HANDLE MutantHandle, MUTANT_INFORMATION_CLASS Class,
                       CLIENT(PVOID) Information, ULONG Length, CLIENT(PULONG) ReturnLength)
{
    ULONG Size = Class == MutantBasicInformation ? sizeof(MUTANT_BASIC_INFORMATION)
                                                 : sizeof(MUTANT_OWNER_INFORMATION);
    MUTANT_ANSWER Answer = {0};
    PKMUTANT Mutant;
    NTSTATUS Status;

    if (Class != MutantBasicInformation && Class != MutantOwnerInformation)
        return STATUS_INVALID_INFO_CLASS;
    if (Length != Size)
        return STATUS_INFO_LENGTH_MISMATCH;
    Status =
        ObReferenceObjectByHandle(MutantHandle, MUTANT_QUERY_STATE, ExMutantType, (PVOID *)&Mutant);
    if (!NT_SUCCESS(Status))
        return Status;
    FillAnswer(Mutant, Class, &Answer);
    ObDereferenceObject(Mutant);
    return ExpReturnInformation(Information, Length, &Answer, Size, ReturnLength);
}
