// SPDX-License-Identifier: BSD-2-Clause
/* Process parameters: one block that holds the structure and all of its strings. */
#include <nt/nt.h>

typedef struct _PARAMETER_STRING {
    ULONG Offset; /* of the UNICODE_STRING in the structure */
    PCUNICODE_STRING Source;
    ULONG Room; /* bytes to reserve; 0: as many as it needs */
} PARAMETER_STRING, *PPARAMETER_STRING;

#define CURRENT_DIRECTORY_ROOM (260 * sizeof(WCHAR))
#define PARAMETER(field) offsetof(RTL_USER_PROCESS_PARAMETERS, field)

static PUNICODE_STRING StringAt(PRTL_USER_PROCESS_PARAMETERS Parameters, ULONG Offset)
{
    return (PUNICODE_STRING)((PUCHAR)Parameters + Offset);
}

static ULONG RoomFor(const PARAMETER_STRING *String)
{
    ULONG Needed = String->Source ? String->Source->Length + sizeof(WCHAR) : 0;

    return (ULONG)ALIGN_UP_BY(Needed > String->Room ? Needed : String->Room, sizeof(PVOID));
}

/* Two NULs end an environment. */
static SIZE_T EnvironmentSize(PCWSTR Environment)
{
    PCWSTR End = Environment;

    if (!Environment)
        return 0;
    while (*End)
        End += wcslen(End) + 1;
    return (SIZE_T)(End + 1 - Environment) * sizeof(WCHAR);
}

/* Copies the strings behind the structure, one after the other. */
static PUCHAR CopyStrings(PRTL_USER_PROCESS_PARAMETERS Parameters, const PARAMETER_STRING *Strings,
                          ULONG Count)
{
    PUCHAR Position = (PUCHAR)(Parameters + 1);

    for (ULONG i = 0; i < Count; i++) {
        PUNICODE_STRING String = StringAt(Parameters, Strings[i].Offset);
        ULONG Room = RoomFor(&Strings[i]);

        if (!Room)
            continue;
        String->Buffer = (PWSTR)Position;
        String->MaximumLength = (USHORT)(Room < MAXUSHORT ? Room : MAXUSHORT - 1);
        RtlCopyUnicodeString(String, Strings[i].Source);
        Position += Room;
    }
    return Position;
}

static PRTL_USER_PROCESS_PARAMETERS Build(const PARAMETER_STRING *Strings, ULONG Count,
                                          PCWSTR Environment)
{
    SIZE_T EnvironmentBytes = EnvironmentSize(Environment),
           Size = sizeof(RTL_USER_PROCESS_PARAMETERS);
    PRTL_USER_PROCESS_PARAMETERS Parameters;
    PUCHAR Behind;

    for (ULONG i = 0; i < Count; i++)
        Size += RoomFor(&Strings[i]);
    Parameters = RtlAllocateHeap(RtlProcessHeap(), HEAP_ZERO_MEMORY, Size + EnvironmentBytes);
    if (!Parameters)
        return NULL;
    Parameters->MaximumLength = Parameters->Length = (ULONG)Size;
    Parameters->Flags = RTL_USER_PROC_PARAMS_NORMALIZED;
    Behind = CopyStrings(Parameters, Strings, Count);
    if (EnvironmentBytes) {
        memcpy(Behind, Environment, EnvironmentBytes);
        Parameters->Environment = (PWSTR)Behind;
        Parameters->EnvironmentSize = EnvironmentBytes;
    }
    return Parameters;
}

/* Environment and current directory are inherited if not given; CommandLine is then
 * ImagePathName. */
NTSTATUS NTAPI RtlCreateProcessParametersEx(
    PRTL_USER_PROCESS_PARAMETERS *ProcessParameters, PCUNICODE_STRING ImagePathName,
    PCUNICODE_STRING DllPath, PCUNICODE_STRING CurrentDirectory, PCUNICODE_STRING CommandLine,
    PVOID Environment, PCUNICODE_STRING WindowTitle, PCUNICODE_STRING DesktopInfo,
    PCUNICODE_STRING ShellInfo, PCUNICODE_STRING RuntimeData, ULONG Flags)
{
    PRTL_USER_PROCESS_PARAMETERS Own = NtCurrentPeb()->ProcessParameters, Parameters;
    const PARAMETER_STRING Strings[] = {
        {PARAMETER(CurrentDirectory.DosPath),
         CurrentDirectory ? CurrentDirectory : &Own->CurrentDirectory.DosPath,
         CURRENT_DIRECTORY_ROOM},
        {PARAMETER(DllPath), DllPath ? DllPath : &Own->DllPath, 0},
        {PARAMETER(ImagePathName), ImagePathName, 0},
        {PARAMETER(CommandLine), CommandLine ? CommandLine : ImagePathName, 0},
        {PARAMETER(WindowTitle), WindowTitle, 0},
        {PARAMETER(DesktopInfo), DesktopInfo, 0},
        {PARAMETER(ShellInfo), ShellInfo, 0},
        {PARAMETER(RuntimeData), RuntimeData, 0},
    };

    if (!ImagePathName || !ImagePathName->Length)
        return STATUS_INVALID_PARAMETER;
    Parameters = Build(Strings, ARRAYSIZE(Strings), Environment ? Environment : Own->Environment);
    if (!Parameters)
        return STATUS_NO_MEMORY;
    *ProcessParameters = Parameters;
    if (!(Flags & RTL_USER_PROC_PARAMS_NORMALIZED))
        RtlDeNormalizeProcessParams(Parameters);
    return STATUS_SUCCESS;
}

NTSTATUS NTAPI RtlDestroyProcessParameters(PRTL_USER_PROCESS_PARAMETERS ProcessParameters)
{
    RtlFreeHeap(RtlProcessHeap(), 0, ProcessParameters);
    return STATUS_SUCCESS;
}

/* Adds Delta to the address of each string that is there. (The environment's is always a real
 * one.) */
static void MoveStrings(PRTL_USER_PROCESS_PARAMETERS Parameters, ULONG_PTR Delta)
{
    static const ULONG Offsets[] = {PARAMETER(CurrentDirectory.DosPath),
                                    PARAMETER(DllPath),
                                    PARAMETER(ImagePathName),
                                    PARAMETER(CommandLine),
                                    PARAMETER(WindowTitle),
                                    PARAMETER(DesktopInfo),
                                    PARAMETER(ShellInfo),
                                    PARAMETER(RuntimeData)};

    for (ULONG i = 0; i < ARRAYSIZE(Offsets); i++) {
        PUNICODE_STRING String = StringAt(Parameters, Offsets[i]);

        if (String->Buffer)
            String->Buffer = (PWSTR)((ULONG_PTR)String->Buffer + Delta);
    }
}

PRTL_USER_PROCESS_PARAMETERS NTAPI
RtlNormalizeProcessParams(PRTL_USER_PROCESS_PARAMETERS ProcessParameters)
{
    if (ProcessParameters && !(ProcessParameters->Flags & RTL_USER_PROC_PARAMS_NORMALIZED)) {
        MoveStrings(ProcessParameters, (ULONG_PTR)ProcessParameters);
        ProcessParameters->Flags |= RTL_USER_PROC_PARAMS_NORMALIZED;
    }
    return ProcessParameters;
}

PRTL_USER_PROCESS_PARAMETERS NTAPI
RtlDeNormalizeProcessParams(PRTL_USER_PROCESS_PARAMETERS ProcessParameters)
{
    if (ProcessParameters && (ProcessParameters->Flags & RTL_USER_PROC_PARAMS_NORMALIZED)) {
        MoveStrings(ProcessParameters, 0 - (ULONG_PTR)ProcessParameters);
        ProcessParameters->Flags &= ~RTL_USER_PROC_PARAMS_NORMALIZED;
    }
    return ProcessParameters;
}
