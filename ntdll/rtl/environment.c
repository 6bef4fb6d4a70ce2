// SPDX-License-Identifier: BSD-2-Clause
/*
 * The environment: of the process under the PEB's lock, or of a caller, who has one of
 * RtlCreateEnvironment. All are blocks on the process heap. (Win32: GetEnvironmentVariable; phnt)
 */
#include "rtlp.h"

static PWSTR CloneEnvironment(PCWSTR Environment)
{
    static const WCHAR Empty[2];
    SIZE_T Length = Environment ? RtlpEnvironmentLength(Environment) : 1;
    PWSTR Clone = RtlAllocateHeap(RtlProcessHeap(), 0, (Length + 1) * sizeof(WCHAR));

    if (Clone) {
        memcpy(Clone, Environment ? Environment : Empty, Length * sizeof(WCHAR));
        Clone[Length] = UNICODE_NULL; /* two of them end an empty block, too */
    }
    return Clone;
}

/* The block that came with the process is part of its parameters, and can neither grow nor be
 * freed. It is as long as they say, and who started the process may have ended it wrongly. */
NTSTATUS RtlpInitializeEnvironment(PRTL_USER_PROCESS_PARAMETERS Parameters)
{
    SIZE_T Length = Parameters->Environment ? Parameters->EnvironmentSize / sizeof(WCHAR) : 0;
    PWSTR Clone = RtlAllocateHeap(RtlProcessHeap(), 0, (Length + 2) * sizeof(WCHAR));

    if (!Clone)
        return STATUS_NO_MEMORY;
    if (Length)
        memcpy(Clone, Parameters->Environment, Length * sizeof(WCHAR));
    Clone[Length] = Clone[Length + 1] = UNICODE_NULL;
    Parameters->Environment = Clone;
    return STATUS_SUCCESS;
}

NTSTATUS NTAPI RtlCreateEnvironment(BOOLEAN CloneCurrent, PWSTR *Environment)
{
    if (CloneCurrent) {
        RtlAcquirePebLock();
        *Environment = CloneEnvironment(NtCurrentPeb()->ProcessParameters->Environment);
        RtlReleasePebLock();
    } else {
        *Environment = CloneEnvironment(NULL);
    }
    return *Environment ? STATUS_SUCCESS : STATUS_NO_MEMORY;
}

NTSTATUS NTAPI RtlDestroyEnvironment(PWSTR Environment)
{
    RtlFreeHeap(RtlProcessHeap(), 0, Environment);
    return STATUS_SUCCESS;
}

/* EnvironmentSize tells whoever makes a process how much to copy. */
static void Install(PWSTR Environment)
{
    PRTL_USER_PROCESS_PARAMETERS Parameters = NtCurrentPeb()->ProcessParameters;

    Parameters->Environment = Environment;
    Parameters->EnvironmentSize =
        Environment ? RtlpEnvironmentLength(Environment) * sizeof(WCHAR) : 0;
    Parameters->EnvironmentVersion++;
}

NTSTATUS NTAPI RtlSetCurrentEnvironment(PWSTR Environment, PWSTR *Previous)
{
    PWSTR Old;

    RtlAcquirePebLock();
    Old = NtCurrentPeb()->ProcessParameters->Environment;
    Install(Environment);
    RtlReleasePebLock();
    if (Previous)
        *Previous = Old;
    else if (Old)
        RtlDestroyEnvironment(Old);
    return STATUS_SUCCESS;
}

/* Takes the lock if the process' own is meant; Unuse gives it back. */
static PWSTR Use(PWSTR Environment)
{
    if (Environment)
        return Environment;
    RtlAcquirePebLock();
    return NtCurrentPeb()->ProcessParameters->Environment;
}

static void Unuse(PWSTR Environment)
{
    if (!Environment)
        RtlReleasePebLock();
}

static PWSTR ValueOf(PCWSTR Block, PCWCH Name, SIZE_T NameLength)
{
    PWSTR Value = NULL;

    if (Block && NameLength)
        RtlpFindVariable(Block, Name, NameLength, &Value);
    return Value;
}

NTSTATUS NTAPI RtlQueryEnvironmentVariable_U(PWSTR Environment, PCUNICODE_STRING Name,
                                             PUNICODE_STRING Value)
{
    PWSTR Block = Use(Environment), Found;
    NTSTATUS Status = STATUS_VARIABLE_NOT_FOUND;

    Found = ValueOf(Block, Name->Buffer, Name->Length / sizeof(WCHAR));
    if (Found) {
        SIZE_T Bytes = wcslen(Found) * sizeof(WCHAR);

        Status = Bytes > Value->MaximumLength ? STATUS_BUFFER_TOO_SMALL : STATUS_SUCCESS;
        Value->Length = (USHORT)(Bytes < MAXUSHORT ? Bytes : MAXUSHORT - 1);
        if (Status == STATUS_SUCCESS)
            memcpy(Value->Buffer, Found, Bytes);
        if (Status == STATUS_SUCCESS && Bytes + sizeof(WCHAR) <= Value->MaximumLength)
            Value->Buffer[Bytes / sizeof(WCHAR)] = UNICODE_NULL;
    }
    Unuse(Environment);
    return Status;
}

NTSTATUS NTAPI RtlQueryEnvironmentVariable(PWSTR Environment, PCWSTR Name, SIZE_T NameLength,
                                           PWSTR Value, SIZE_T ValueLength, PSIZE_T ReturnLength)
{
    PWSTR Block = Use(Environment), Found;
    NTSTATUS Status = STATUS_VARIABLE_NOT_FOUND;

    *ReturnLength = 0;
    Found = ValueOf(Block, Name, NameLength);
    if (Found) {
        SIZE_T Length = wcslen(Found);

        Status = Length >= ValueLength ? STATUS_BUFFER_TOO_SMALL : STATUS_SUCCESS;
        if (Status == STATUS_SUCCESS)
            memcpy(Value, Found, (Length + 1) * sizeof(WCHAR));
        *ReturnLength = Status == STATUS_SUCCESS ? Length : Length + 1;
    }
    Unuse(Environment);
    return Status;
}

/* A copy of Block with Name=Value in the place of the string at Place, which takes Gone characters.
 * Value NULL: with nothing there. */
static PWSTR Rebuild(PCWSTR Block, PCWSTR Place, SIZE_T Gone, PCUNICODE_STRING Name,
                     PCUNICODE_STRING Value)
{
    SIZE_T Before = (SIZE_T)(Place - Block), Behind = RtlpEnvironmentLength(Place + Gone), New = 0;
    PWSTR Result, Position;

    if (Value)
        New = Name->Length / sizeof(WCHAR) + 1 + Value->Length / sizeof(WCHAR) + 1;
    Result = RtlAllocateHeap(RtlProcessHeap(), 0, (Before + New + Behind + 1) * sizeof(WCHAR));
    if (!Result)
        return NULL;
    memcpy(Result, Block, Before * sizeof(WCHAR));
    Position = Result + Before;
    if (Value) {
        memcpy(Position, Name->Buffer, Name->Length & ~1u);
        Position += Name->Length / sizeof(WCHAR);
        *Position++ = '=';
        memcpy(Position, Value->Buffer, Value->Length & ~1u);
        Position += Value->Length / sizeof(WCHAR);
        *Position++ = UNICODE_NULL;
    }
    memcpy(Position, Place + Gone, Behind * sizeof(WCHAR));
    Position[Behind] = UNICODE_NULL;
    return Result;
}

/* Sets a variable in *Block, which is replaced. */
static NTSTATUS SetVariable(PWSTR *Block, PCUNICODE_STRING Name, PCUNICODE_STRING Value)
{
    static const WCHAR Empty[2];
    PCWSTR Old = *Block ? *Block : Empty;
    PWSTR Found, New;
    PCWSTR Place = RtlpFindVariable(Old, Name->Buffer, Name->Length / sizeof(WCHAR), &Found);

    if (!Found && !Value)
        return STATUS_SUCCESS;
    New = Rebuild(Old, Place, Found ? wcslen(Place) + 1 : 0, Name, Value);
    if (!New)
        return STATUS_NO_MEMORY;
    if (*Block)
        RtlFreeHeap(RtlProcessHeap(), 0, *Block);
    *Block = New;
    return STATUS_SUCCESS;
}

NTSTATUS NTAPI RtlSetEnvironmentVariable(PWSTR *Environment, PCUNICODE_STRING Name,
                                         PCUNICODE_STRING Value)
{
    PWSTR Own;
    NTSTATUS Status;

    if (!RtlpIsVariableName(Name->Buffer, Name->Length / sizeof(WCHAR)))
        return STATUS_INVALID_PARAMETER;
    if (Value && !Value->Buffer && Value->Length == 0)
        Value = NULL;
    if (Environment)
        return SetVariable(Environment, Name, Value);
    RtlAcquirePebLock();
    Own = NtCurrentPeb()->ProcessParameters->Environment;
    Status = SetVariable(&Own, Name, Value);
    if (NT_SUCCESS(Status))
        Install(Own);
    RtlReleasePebLock();
    return Status;
}

/* Text that grows beyond its buffer is counted only. */
typedef struct _OUTPUT {
    PWSTR Buffer;
    SIZE_T Capacity; /* characters */
    SIZE_T Length;
} OUTPUT, *POUTPUT;

static void Put(POUTPUT Output, PCWCH Text, SIZE_T Length)
{
    for (SIZE_T i = 0; i < Length; i++, Output->Length++) {
        if (Output->Length < Output->Capacity)
            Output->Buffer[Output->Length] = Text[i];
    }
}

/* %NAME% at the front of a text: its length, and its value. 0: there is no such variable. */
static SIZE_T Reference(PCWSTR Block, PCWCH Text, SIZE_T Length, PWSTR *Value)
{
    SIZE_T End = 1;

    while (End < Length && Text[End] != '%')
        End++;
    *Value = End < Length ? ValueOf(Block, Text + 1, End - 1) : NULL;
    return *Value ? End + 1 : 0;
}

static void Expand(PCWSTR Block, PCWCH Text, SIZE_T Length, POUTPUT Output)
{
    while (Length) {
        SIZE_T Taken = 0;
        PWSTR Value;

        if (*Text == '%')
            Taken = Reference(Block, Text, Length, &Value);
        if (Taken) {
            Put(Output, Value, wcslen(Value));
        } else {
            Put(Output, Text, 1);
            Taken = 1;
        }
        Text += Taken;
        Length -= Taken;
    }
}

NTSTATUS NTAPI RtlExpandEnvironmentStrings(PWSTR Environment, PCWSTR Source, SIZE_T SourceLength,
                                           PWSTR Destination, SIZE_T DestinationLength,
                                           PSIZE_T ReturnLength)
{
    OUTPUT Output = {Destination, DestinationLength, 0};
    PWSTR Block = Use(Environment);

    Expand(Block, Source, SourceLength, &Output);
    Unuse(Environment);
    if (ReturnLength)
        *ReturnLength = Output.Length + 1;
    if (Output.Length < Output.Capacity)
        Destination[Output.Length] = UNICODE_NULL;
    return Output.Length < Output.Capacity ? STATUS_SUCCESS : STATUS_BUFFER_TOO_SMALL;
}

NTSTATUS NTAPI RtlExpandEnvironmentStrings_U(PWSTR Environment, PCUNICODE_STRING Source,
                                             PUNICODE_STRING Destination, PULONG ReturnedLength)
{
    SIZE_T Length;
    NTSTATUS Status = RtlExpandEnvironmentStrings(
        Environment, Source->Buffer, Source->Length / sizeof(WCHAR), Destination->Buffer,
        Destination->MaximumLength / sizeof(WCHAR), &Length);

    if (ReturnedLength)
        *ReturnedLength = (ULONG)(Length * sizeof(WCHAR));
    if (NT_SUCCESS(Status))
        Destination->Length = (USHORT)((Length - 1) * sizeof(WCHAR));
    return Status;
}
