/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * \Device\Console: what is written to it is shown on the screen, in code page 437, so that programs
 * can have it for standard output. There is no input yet: reading ends at once.
 */
#include "iop.h"

#define IOP_CONSOLE_PIECE 256

static NTSTATUS IopOpenConsole(PIO_FILE File, PIOP_OPEN_PACKET Packet)
{
    if (File->Name.Length > sizeof(WCHAR))
        return STATUS_OBJECT_NAME_NOT_FOUND;
    if (Packet->Options & FILE_DIRECTORY_FILE)
        return STATUS_NOT_A_DIRECTORY;
    File->Name.Length = 0;
    Packet->Information = FILE_OPENED;
    return STATUS_SUCCESS;
}

static NTSTATUS IopReadConsole(PVOID FsContext, ULONGLONG Offset, const void **Data,
                               PULONGLONG Available)
{
    return STATUS_END_OF_FILE;
}

static NTSTATUS IopWriteConsole(CLIENT(PCVOID) Data, ULONG Length)
{
    char Text[IOP_CONSOLE_PIECE];
    ULONG Offset, Bytes;

    for (Offset = 0; Offset < Length; Offset += Bytes) {
        Bytes = Length - Offset < sizeof(Text) ? Length - Offset : sizeof(Text);
        if (!NT_SUCCESS(MmCopyFromClient(Text, (CLIENT(PUCHAR))Data + Offset, Bytes)))
            return STATUS_ACCESS_VIOLATION;
        HalDisplayGivingWay(Text, Bytes);
        if (!NT_SUCCESS(KeGiveWay()))
            return STATUS_THREAD_IS_TERMINATING;
    }
    return STATUS_SUCCESS;
}

static BOOLEAN IopIsConsoleDirectory(PVOID FsContext)
{
    return FALSE;
}

static const IOP_FILE_SYSTEM IopConsole = {
    .Create = IopOpenConsole,
    .Write = IopWriteConsole,
    .Locate = IopReadConsole,
    .IsDirectory = IopIsConsoleDirectory,
};

/* Makes the device, and CON, CONIN$ and CONOUT$ as links to it. */
NTSTATUS IopCreateConsole(void)
{
    static const UNICODE_STRING Links[] = {
        RTL_CONSTANT_STRING(u"\\GLOBAL??\\CON"),
        RTL_CONSTANT_STRING(u"\\GLOBAL??\\CONIN$"),
        RTL_CONSTANT_STRING(u"\\GLOBAL??\\CONOUT$"),
    };
    UNICODE_STRING Name = RTL_CONSTANT_STRING(u"\\Device\\Console");
    PIO_DEVICE Device;
    NTSTATUS Status = IopCreateDevice(NULL, &Name, &Device);
    ULONG i;

    if (!NT_SUCCESS(Status))
        return Status;
    Device->FileSystem = &IopConsole;
    Device->DeviceType = FILE_DEVICE_CONSOLE;
    for (i = 0; i < ARRAYSIZE(Links) && NT_SUCCESS(Status); i++)
        Status = ObCreateSymbolicLinkAt((PUNICODE_STRING)&Links[i], &Name);
    return Status;
}
