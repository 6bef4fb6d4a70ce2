/* SPDX-License-Identifier: BSD-2-Clause */
/* The process parameters: a structure, the strings that it points to and the environment, in one
   block of the new process. The block is put together in the pool with the addresses that it will
   have there. */
#include "psp.h"

/* The current directory is changed in place, so there is room for a long one. */
#define CURRENT_DIRECTORY_BYTES (260 * sizeof(WCHAR))

typedef struct _BUILDER {
    PRTL_USER_PROCESS_PARAMETERS Block; /* in the pool */
    ULONG_PTR Base;                     /* of the block in the process */
    SIZE_T Used;
} BUILDER, *PBUILDER;

static const UNICODE_STRING SystemRoot = RTL_CONSTANT_STRING(u"\\SystemRoot");
static const UNICODE_STRING DosRoot = RTL_CONSTANT_STRING(u"C:\\windows");
static const UNICODE_STRING DosDevices = RTL_CONSTANT_STRING(u"\\??\\");
static const UNICODE_STRING DefaultDllPath = RTL_CONSTANT_STRING(u"C:\\windows\\system32");
static const WCHAR EmptyEnvironment[2];

#define PARAMETER(field) offsetof(RTL_USER_PROCESS_PARAMETERS, field)
enum { DllPath, ImagePathName, WindowTitle, DesktopInfo, ShellInfo, RuntimeData };

const USHORT PspOtherStrings[PSP_OTHER_STRINGS] = {
    [DllPath] = PARAMETER(DllPath),         [ImagePathName] = PARAMETER(ImagePathName),
    [WindowTitle] = PARAMETER(WindowTitle), [DesktopInfo] = PARAMETER(DesktopInfo),
    [ShellInfo] = PARAMETER(ShellInfo),     [RuntimeData] = PARAMETER(RuntimeData),
};

PUNICODE_STRING PspParameterString(PRTL_USER_PROCESS_PARAMETERS Parameters, ULONG Index)
{
    return (PUNICODE_STRING)((PUCHAR)Parameters + PspOtherStrings[Index]);
}

/* Program and title default to the program's path, DllPath to the system's directory. */
static const UNICODE_STRING *SourceOf(const PS_CREATE_ARGUMENTS *Arguments, ULONG Index)
{
    static const UNICODE_STRING Nothing;
    const UNICODE_STRING *Given =
        Arguments->Parameters ? PspParameterString(Arguments->Parameters, Index) : &Nothing;

    if (Given->Length)
        return Given;
    if (Index == DllPath)
        return &DefaultDllPath;
    return Index == ImagePathName || Index == WindowTitle ? &Arguments->ImagePath : &Nothing;
}

static SIZE_T StringRoom(const UNICODE_STRING *String, SIZE_T Minimum)
{
    SIZE_T Room = String->Length + sizeof(WCHAR);

    return ALIGN_UP_BY(Room > Minimum ? Room : Minimum, 8);
}

static void PlaceString(PBUILDER Builder, PUNICODE_STRING Place, const UNICODE_STRING *String,
                        SIZE_T Minimum)
{
    SIZE_T Room = StringRoom(String, Minimum);

    memcpy((PCHAR)Builder->Block + Builder->Used, String->Buffer, String->Length);
    Place->Length = String->Length;
    Place->MaximumLength =
        (USHORT)(Room > UNICODE_STRING_MAX_BYTES ? UNICODE_STRING_MAX_BYTES : Room);
    Place->Buffer = (PWSTR)(Builder->Base + Builder->Used);
    Builder->Used += Room;
}

static BOOLEAN IsInSystemRoot(const UNICODE_STRING *Path)
{
    return RtlPrefixUnicodeString(&SystemRoot, Path, TRUE) &&
           (Path->Length == SystemRoot.Length ||
            Path->Buffer[SystemRoot.Length / sizeof(WCHAR)] == '\\');
}

/* Programs read DOS paths in their parameters, whatever form whoever started them has used:
 * \SystemRoot and \??\ are replaced, which never makes a path longer. */
static void PlacePath(PBUILDER Builder, PUNICODE_STRING Place, const UNICODE_STRING *Path,
                      SIZE_T Minimum)
{
    PWSTR Text = (PWSTR)((PCHAR)Builder->Block + Builder->Used);
    ULONG Cut = 0, Prefix = 0;

    PlaceString(Builder, Place, Path, Minimum);
    if (IsInSystemRoot(Path)) {
        Cut = SystemRoot.Length;
        Prefix = DosRoot.Length;
    } else if (RtlPrefixUnicodeString(&DosDevices, Path, FALSE)) {
        Cut = DosDevices.Length;
    }
    if (!Cut)
        return;
    memcpy(Text, DosRoot.Buffer, Prefix);
    memcpy((PCHAR)Text + Prefix, (PCHAR)Path->Buffer + Cut, Path->Length - Cut);
    Place->Length = (USHORT)(Path->Length - Cut + Prefix);
    Text[Place->Length / sizeof(WCHAR)] = UNICODE_NULL;
}

static SIZE_T EnvironmentRoom(const PS_CREATE_ARGUMENTS *Arguments)
{
    return Arguments->Environment ? Arguments->EnvironmentSize : sizeof(EmptyEnvironment);
}

static SIZE_T BlockSize(const PS_CREATE_ARGUMENTS *Arguments)
{
    SIZE_T Size = sizeof(RTL_USER_PROCESS_PARAMETERS) +
                  StringRoom(&Arguments->CurrentDirectory, CURRENT_DIRECTORY_BYTES) +
                  StringRoom(&Arguments->CommandLine, 0) + EnvironmentRoom(Arguments);

    for (ULONG i = 0; i < PSP_OTHER_STRINGS; i++)
        Size += StringRoom(SourceOf(Arguments, i), 0);
    return Size;
}

/* Handles and numbers, which are passed on as they are. */
static void CopyNumbers(PRTL_USER_PROCESS_PARAMETERS Block,
                        const RTL_USER_PROCESS_PARAMETERS *Given)
{
    Block->Flags |= Given->Flags;
    Block->DebugFlags = Given->DebugFlags;
    Block->ConsoleHandle = Given->ConsoleHandle;
    Block->ConsoleFlags = Given->ConsoleFlags;
    Block->StandardInput = Given->StandardInput;
    Block->StandardOutput = Given->StandardOutput;
    Block->StandardError = Given->StandardError;
    Block->StartingX = Given->StartingX;
    Block->StartingY = Given->StartingY;
    Block->CountX = Given->CountX;
    Block->CountY = Given->CountY;
    Block->CountCharsX = Given->CountCharsX;
    Block->CountCharsY = Given->CountCharsY;
    Block->FillAttribute = Given->FillAttribute;
    Block->WindowFlags = Given->WindowFlags;
    Block->ShowWindowFlags = Given->ShowWindowFlags;
    Block->ProcessGroupId = Given->ProcessGroupId;
}

static void FillBlock(PBUILDER Builder, const PS_CREATE_ARGUMENTS *Arguments, SIZE_T Size)
{
    PRTL_USER_PROCESS_PARAMETERS Block = Builder->Block;

    Builder->Used = sizeof(*Block);
    Block->MaximumLength = (ULONG)Size;
    Block->Length = (ULONG)Size;
    Block->Flags = RTL_USER_PROC_PARAMS_NORMALIZED;
    if (Arguments->Parameters)
        CopyNumbers(Block, Arguments->Parameters);
    PlacePath(Builder, &Block->CurrentDirectory.DosPath, &Arguments->CurrentDirectory,
              CURRENT_DIRECTORY_BYTES);
    PlaceString(Builder, &Block->CommandLine, &Arguments->CommandLine, 0);
    for (ULONG i = 0; i < PSP_OTHER_STRINGS; i++)
        (i <= ImagePathName ? PlacePath : PlaceString)(Builder, PspParameterString(Block, i),
                                                       SourceOf(Arguments, i), 0);
    Block->Environment = (PWSTR)(Builder->Base + Builder->Used);
    Block->EnvironmentSize = EnvironmentRoom(Arguments);
    memcpy((PCHAR)Block + Builder->Used,
           Arguments->Environment ? Arguments->Environment : EmptyEnvironment,
           EnvironmentRoom(Arguments));
}

NTSTATUS PspCreateParameters(PEPROCESS Process, const PS_CREATE_ARGUMENTS *Arguments)
{
    SIZE_T Size = BlockSize(Arguments), RegionSize = Size;
    PVOID Base = NULL;
    BUILDER Builder;
    NTSTATUS Status = MmAllocateVirtualMemory(Process, &Base, 0, &RegionSize,
                                              MEM_RESERVE | MEM_COMMIT, PAGE_READWRITE);

    if (!NT_SUCCESS(Status))
        return Status;
    Builder.Base = (ULONG_PTR)Base;
    Builder.Block = ExAllocatePoolGivingWay(Size);
    if (!Builder.Block)
        return STATUS_INSUFFICIENT_RESOURCES;
    FillBlock(&Builder, Arguments, Size);
    Status = MmCopyToProcess(Process, (CLIENT(PVOID))Base, Builder.Block, Size);
    ExFreePoolGivingWay(Builder.Block);
    Process->ProcessParameters = Base;
    return Status;
}
