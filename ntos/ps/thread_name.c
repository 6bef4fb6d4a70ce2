/* SPDX-License-Identifier: BSD-2-Clause */
/* The names that programs give their threads, for debuggers to show. */
#include "pspinfo.h"

/* The characters come without a NUL. STATUS_BUFFER_TOO_SMALL.  (Win32: GetThreadDescription) */
NTSTATUS PspQueryThreadName(PVOID Object, PPSP_OUTPUT Output)
{
    PETHREAD Thread = Object;
    CLIENT(PUNICODE_STRING) Client = (CLIENT(PUNICODE_STRING))Output->Information;
    UNICODE_STRING Name = {Thread->Name.Length, Thread->Name.Length,
                           (PWSTR)(ULONG_PTR)(Client + 1)};
    NTSTATUS Status;
    PWSTR Copy;

    Output->Needed = (ULONG)sizeof(Name) + Name.Length;
    if (Output->Length < Output->Needed)
        return STATUS_BUFFER_TOO_SMALL;
    if (!Name.Length)
        Name.Buffer = NULL;
    Copy = ExAllocatePoolGivingWay(Name.Length + sizeof(WCHAR));
    if (!Copy)
        return STATUS_INSUFFICIENT_RESOURCES;
    if (Thread->Name.Length != Name.Length) { /* set meanwhile */
        ExFreePool(Copy);
        return PspQueryThreadName(Object, Output);
    }
    memcpy(Copy, Thread->Name.Buffer, Name.Length);
    Status = MmCopyToClient(Client + 1, Copy, Name.Length);
    ExFreePool(Copy);
    return NT_SUCCESS(Status) ? MmWriteClient(Client, &Name) : Status;
}

/* (Win32: SetThreadDescription) */
NTSTATUS PspSetThreadName(PVOID Object, PPSP_VALUE Value, ULONG Length)
{
    PETHREAD Thread = Object;
    CLIENT(PVOID) Characters = (CLIENT(PVOID))Value->String.Buffer;
    UNICODE_STRING Name = {.Length = Value->String.Length};
    NTSTATUS Status;

    if (Name.Length % sizeof(WCHAR) || Name.Length > UNICODE_STRING_MAX_BYTES - sizeof(WCHAR))
        return STATUS_INVALID_PARAMETER;
    Name.Buffer = ExAllocatePoolGivingWay(Name.Length + sizeof(WCHAR));
    if (!Name.Buffer)
        return STATUS_INSUFFICIENT_RESOURCES;
    Status = MmCopyFromClient(Name.Buffer, Characters, Name.Length);
    if (!NT_SUCCESS(Status)) {
        ExFreePool(Name.Buffer);
        return Status;
    }
    ExFreeUnicodeString(&Thread->Name);
    Name.MaximumLength = Name.Length + sizeof(WCHAR);
    Thread->Name = Name;
    return STATUS_SUCCESS;
}
