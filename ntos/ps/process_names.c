/* SPDX-License-Identifier: BSD-2-Clause */
/* The names of a process: its image's, as the namespace and as Win32 write it, and its command
 * line. */
#include "pspinfo.h"

NTSTATUS PspQueryImageName(PVOID Object, PPSP_OUTPUT Output)
{
    return PspReturnString(Output, &((PEPROCESS)Object)->ImagePath);
}

/* Path without Prefix, if it begins with that. */
static BOOLEAN SkipPrefix(PUNICODE_STRING Path, PCUNICODE_STRING Prefix)
{
    if (!RtlPrefixUnicodeString(Prefix, Path, TRUE))
        return FALSE;
    Path->Buffer += Prefix->Length / sizeof(WCHAR);
    Path->Length -= Prefix->Length;
    return TRUE;
}

/* \??\C:\x is C:\x, \SystemRoot\x lies in the directory that KUSER_SHARED_DATA names; what else
 * there is has no name in Win32 and is shown as it is. */
NTSTATUS PspQueryWin32ImageName(PVOID Object, PPSP_OUTPUT Output)
{
    static const UNICODE_STRING DosDevices = RTL_CONSTANT_STRING(u"\\??\\");
    static const UNICODE_STRING SystemRoot = RTL_CONSTANT_STRING(u"\\SystemRoot\\");
    UNICODE_STRING Path = ((PEPROCESS)Object)->ImagePath, Long;
    SIZE_T Root = wcslen(MmSharedUserData->NtSystemRoot) * sizeof(WCHAR);
    NTSTATUS Status;

    if (SkipPrefix(&Path, &DosDevices) || !SkipPrefix(&Path, &SystemRoot))
        return PspReturnString(Output, &Path);
    Path.Buffer--; /* the backslash */
    Path.Length += sizeof(WCHAR);
    if (Path.Length + Root > UNICODE_STRING_MAX_BYTES - sizeof(WCHAR))
        return STATUS_NAME_TOO_LONG;
    Long.Length = Long.MaximumLength = (USHORT)(Path.Length + Root);
    Long.Buffer = ExAllocatePoolGivingWay(Long.Length);
    if (!Long.Buffer)
        return STATUS_INSUFFICIENT_RESOURCES;
    memcpy(Long.Buffer, MmSharedUserData->NtSystemRoot, Root);
    memcpy((PCHAR)Long.Buffer + Root, Path.Buffer, Path.Length);
    Status = PspReturnString(Output, &Long);
    ExFreePool(Long.Buffer);
    return Status;
}

/* A process can have changed it: what counts is what stands in its memory. Parameters that are not
 * normalised have offsets. */
static NTSTATUS ReadCommandLine(PEPROCESS Process, PUNICODE_STRING CommandLine)
{
    PRTL_USER_PROCESS_PARAMETERS Parameters;
    CLIENT(PRTL_USER_PROCESS_PARAMETERS) Client;
    ULONG Flags;
    NTSTATUS Status = MmCopyFromProcess(
        Process, &Parameters, &((CLIENT(PPEB))Process->Peb)->ProcessParameters, sizeof(Parameters));

    Client = (CLIENT(PRTL_USER_PROCESS_PARAMETERS))Parameters;
    if (NT_SUCCESS(Status))
        Status = MmCopyFromProcess(Process, &Flags, &Client->Flags, sizeof(Flags));
    if (NT_SUCCESS(Status))
        Status =
            MmCopyFromProcess(Process, CommandLine, &Client->CommandLine, sizeof(*CommandLine));
    if (NT_SUCCESS(Status) && CommandLine->Buffer && !(Flags & RTL_USER_PROC_PARAMS_NORMALIZED))
        CommandLine->Buffer = (PWSTR)((PCHAR)Parameters + (ULONG_PTR)CommandLine->Buffer);
    CommandLine->Length &= ~1u;
    return Status;
}

static NTSTATUS ReturnCommandLine(PEPROCESS Process, PUNICODE_STRING CommandLine,
                                  PPSP_OUTPUT Output)
{
    CLIENT(PWSTR) Characters = (CLIENT(PWSTR))CommandLine->Buffer;
    NTSTATUS Status;

    CommandLine->Buffer = ExAllocatePoolGivingWay(CommandLine->Length + sizeof(WCHAR));
    if (!CommandLine->Buffer)
        return STATUS_INSUFFICIENT_RESOURCES;
    Status = MmCopyFromProcess(Process, CommandLine->Buffer, Characters, CommandLine->Length);
    if (NT_SUCCESS(Status))
        Status = PspReturnString(Output, CommandLine);
    ExFreePool(CommandLine->Buffer);
    return Status;
}

/* STATUS_PROCESS_IS_TERMINATING once the memory is gone. */
NTSTATUS PspQueryCommandLine(PVOID Object, PPSP_OUTPUT Output)
{
    UNICODE_STRING CommandLine;
    PEPROCESS Process = Object;
    NTSTATUS Status;

    if (!Process->AddressSpace || !Process->ActiveThreads)
        return STATUS_PROCESS_IS_TERMINATING;
    Status = ReadCommandLine(Process, &CommandLine);
    if (!NT_SUCCESS(Status))
        return Status;
    if (CommandLine.Length > UNICODE_STRING_MAX_BYTES - sizeof(WCHAR))
        return STATUS_INVALID_PARAMETER;
    return ReturnCommandLine(Process, &CommandLine, Output);
}
