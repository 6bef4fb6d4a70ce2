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
static const WCHAR EmptyEnvironment[2];

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

static SIZE_T EnvironmentRoom(const PS_CREATE_ARGUMENTS *Arguments)
{
    return Arguments->Environment ? Arguments->EnvironmentSize : sizeof(EmptyEnvironment);
}

static SIZE_T BlockSize(const PS_CREATE_ARGUMENTS *Arguments)
{
    return sizeof(RTL_USER_PROCESS_PARAMETERS) +
           StringRoom(&Arguments->CurrentDirectory, CURRENT_DIRECTORY_BYTES) +
           StringRoom(&SystemRoot, 0) + 2 * StringRoom(&Arguments->ImagePath, 0) +
           StringRoom(&Arguments->CommandLine, 0) + EnvironmentRoom(Arguments);
}

static void FillBlock(PBUILDER Builder, const PS_CREATE_ARGUMENTS *Arguments, SIZE_T Size)
{
    PRTL_USER_PROCESS_PARAMETERS Block = Builder->Block;

    Builder->Used = sizeof(*Block);
    Block->MaximumLength = (ULONG)Size;
    Block->Length = (ULONG)Size;
    Block->Flags = RTL_USER_PROC_PARAMS_NORMALIZED;
    PlaceString(Builder, &Block->CurrentDirectory.DosPath, &Arguments->CurrentDirectory,
                CURRENT_DIRECTORY_BYTES);
    PlaceString(Builder, &Block->DllPath, &SystemRoot, 0);
    PlaceString(Builder, &Block->ImagePathName, &Arguments->ImagePath, 0);
    PlaceString(Builder, &Block->CommandLine, &Arguments->CommandLine, 0);
    PlaceString(Builder, &Block->WindowTitle, &Arguments->ImagePath, 0);
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
    Builder.Block = ExAllocatePool(Size);
    if (!Builder.Block)
        return STATUS_INSUFFICIENT_RESOURCES;
    FillBlock(&Builder, Arguments, Size);
    Status = MmCopyToProcess(Process, Base, Builder.Block, Size);
    ExFreePool(Builder.Block);
    Process->ProcessParameters = Base;
    return Status;
}
