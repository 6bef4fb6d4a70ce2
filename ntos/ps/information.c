/* SPDX-License-Identifier: BSD-2-Clause */
/* What querying and setting information of processes and threads have in common: checks, copying,
 * and the way to the routine of the class. */
#include "pspinfo.h"

static NTSTATUS CheckAlignment(CLIENT(PVOID) Information, ULONG Length, ULONG Alignment)
{
    return Length && (ULONG_PTR)Information % Alignment ? STATUS_DATATYPE_MISALIGNMENT
                                                        : STATUS_SUCCESS;
}

/* A class of Windows' that has no routine cannot be asked or set. */
static NTSTATUS FindClass(const PSP_CLASSES *Classes, ULONG Number, const PSP_CLASS **Class)
{
    static const PSP_CLASS None;

    *Class = Number < Classes->Count ? &Classes->Classes[Number] : &None;
    if ((*Class)->Fixed || (*Class)->Variable)
        return STATUS_SUCCESS;
    return (*Class)->Missing ? STATUS_NOT_IMPLEMENTED : STATUS_INVALID_INFO_CLASS;
}

static NTSTATUS FindAlignedClass(const PSP_CLASSES *Classes, ULONG Number,
                                 CLIENT(PVOID) Information, ULONG Length, const PSP_CLASS **Class)
{
    NTSTATUS Status = FindClass(Classes, Number, Class);
    NTSTATUS Aligned = CheckAlignment(
        Information, Length, (*Class)->Alignment ? (*Class)->Alignment : (ULONG)sizeof(ULONG));

    return NT_SUCCESS(Aligned) ? Status : Aligned;
}

static BOOLEAN IsRightLength(const PSP_CLASS *Class, ULONG Length)
{
    ULONG i;

    if (Class->Variable || (Class->Empty && !Length))
        return TRUE;
    for (i = 0; i < PSP_CLASS_LENGTHS; i++)
        if (Class->Lengths[i] && Class->Lengths[i] == Length)
            return TRUE;
    return FALSE;
}

static NTSTATUS ReturnNeeded(CLIENT(PULONG) ReturnLength, ULONG Needed, NTSTATUS Status)
{
    NTSTATUS WriteStatus = ReturnLength ? MmWriteClient(ReturnLength, &Needed) : STATUS_SUCCESS;

    return NT_SUCCESS(WriteStatus) ? Status : WriteStatus;
}

NTSTATUS PspReferenceForQuery(HANDLE Handle, POBJECT_TYPE Type, ACCESS_MASK LimitedAccess,
                              ACCESS_MASK FullAccess, PVOID *Object)
{
    NTSTATUS Status = ObReferenceObjectByHandle(Handle, LimitedAccess, Type, Object);

    return Status == STATUS_ACCESS_DENIED
               ? ObReferenceObjectByHandle(Handle, FullAccess, Type, Object)
               : Status;
}

NTSTATUS PspReturnAnswer(CLIENT(PVOID) Information, const void *Answer, ULONG AnswerLength,
                         CLIENT(PULONG) ReturnLength)
{
    NTSTATUS Status = MmCopyToClient(Information, Answer, AnswerLength);

    return NT_SUCCESS(Status) && ReturnLength ? MmWriteClient(ReturnLength, &AnswerLength) : Status;
}

static NTSTATUS ReferenceObject(const PSP_CLASSES *Classes, const PSP_CLASS *Class, HANDLE Handle,
                                PVOID *Object)
{
    return Class->Access ? ObReferenceObjectByHandle(Handle, Class->Access, *Classes->Type, Object)
                         : PspReferenceForQuery(Handle, *Classes->Type, Classes->LimitedAccess,
                                                Classes->FullAccess, Object);
}

static NTSTATUS QueryFixed(const PSP_CLASS *Class, PVOID Object, CLIENT(PVOID) Information,
                           ULONG Length, CLIENT(PULONG) ReturnLength)
{
    PSP_VALUE Value = {0};
    NTSTATUS Status = Class->InOut ? MmCopyFromClient(&Value, Information, Length) : STATUS_SUCCESS;

    if (NT_SUCCESS(Status))
        Status = Class->Fixed(Object, &Value, Length);
    if (NT_SUCCESS(Status))
        Status = MmCopyToClient(Information, &Value, Length);
    return NT_SUCCESS(Status) ? ReturnNeeded(ReturnLength, Length, Status) : Status;
}

static NTSTATUS QueryVariable(const PSP_CLASS *Class, PVOID Object, CLIENT(PVOID) Information,
                              ULONG Length, CLIENT(PULONG) ReturnLength)
{
    PSP_OUTPUT Output = {.Information = Information, .Length = Length};
    NTSTATUS Status = Class->Variable(Object, &Output);

    return Output.Needed ? ReturnNeeded(ReturnLength, Output.Needed, Status) : Status;
}

NTSTATUS PspQueryInformation(const PSP_CLASSES *Classes, HANDLE Handle, ULONG ClassNumber,
                             CLIENT(PVOID) Information, ULONG Length, CLIENT(PULONG) ReturnLength)
{
    const PSP_CLASS *Class;
    PVOID Object;
    NTSTATUS Status = CheckAlignment(ReturnLength, ReturnLength ? sizeof(ULONG) : 0, sizeof(ULONG));

    if (NT_SUCCESS(Status))
        Status = FindAlignedClass(Classes, ClassNumber, Information, Length, &Class);
    if (!NT_SUCCESS(Status))
        return Status;
    if (!IsRightLength(Class, Length))
        return ReturnNeeded(ReturnLength, Class->Lengths[0], STATUS_INFO_LENGTH_MISMATCH);
    Status = MmProbeForWrite(Information, Class->Variable ? 0 : Length);
    if (NT_SUCCESS(Status) && ReturnLength)
        Status = MmProbeForWrite(ReturnLength, sizeof(ULONG));
    if (NT_SUCCESS(Status))
        Status = ReferenceObject(Classes, Class, Handle, &Object);
    if (!NT_SUCCESS(Status))
        return Status;
    Status = Class->Variable ? QueryVariable(Class, Object, Information, Length, ReturnLength)
                             : QueryFixed(Class, Object, Information, Length, ReturnLength);
    ObDereferenceObject(Object);
    return Status;
}

NTSTATUS PspSetInformation(const PSP_CLASSES *Classes, HANDLE Handle, ULONG ClassNumber,
                           CLIENT(PVOID) Information, ULONG Length)
{
    PSP_VALUE Value = {0};
    const PSP_CLASS *Class;
    PVOID Object;
    NTSTATUS Status = FindAlignedClass(Classes, ClassNumber, Information, Length, &Class);

    if (!NT_SUCCESS(Status))
        return Status;
    if (!IsRightLength(Class, Length))
        return STATUS_INFO_LENGTH_MISMATCH;
    Status = MmCopyFromClient(&Value, Information, Length);
    if (NT_SUCCESS(Status))
        Status = ReferenceObject(Classes, Class, Handle, &Object);
    if (!NT_SUCCESS(Status))
        return Status;
    Status = Class->Fixed(Object, &Value, Length);
    ObDereferenceObject(Object);
    return Status;
}

NTSTATUS PspReturnString(PPSP_OUTPUT Output, PCUNICODE_STRING String)
{
    static const WCHAR Nul = 0;
    CLIENT(PUNICODE_STRING) Client = (CLIENT(PUNICODE_STRING))Output->Information;
    CLIENT(PCHAR) Characters = (CLIENT(PCHAR))(Client + 1);
    UNICODE_STRING Descriptor = {String->Length, (USHORT)(String->Length + sizeof(WCHAR)),
                                 (PWSTR)(ULONG_PTR)Characters};
    NTSTATUS Status;

    Output->Needed = sizeof(Descriptor) + Descriptor.MaximumLength;
    if (Output->Length < Output->Needed)
        return STATUS_INFO_LENGTH_MISMATCH;
    Status = MmCopyToClient(Characters, String->Buffer, String->Length);
    if (NT_SUCCESS(Status))
        Status = MmCopyToClient(Characters + String->Length, &Nul, sizeof(Nul));
    return NT_SUCCESS(Status) ? MmWriteClient(Client, &Descriptor) : Status;
}
