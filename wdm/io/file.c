/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * File objects: one for every file id that the Executive opens on a device of this driver, from
 * CREATE to CLOSE.
 */
#include "wdmio.h"
#include "ki.h"
#include "ob.h"

typedef struct _WDM_FILE {
    FILE_OBJECT Object;
    WDM_ID_NODE Node; /* Id 0: known in this process only */
} WDM_FILE, *PWDM_FILE;

static RTL_AVL_TREE WdmFiles;

static VOID WdmDeleteFile(PVOID Object)
{
    PFILE_OBJECT File = Object;

    if (File->FileName.Buffer)
        ExFreePool(File->FileName.Buffer);
    ObDereferenceObject(File->DeviceObject);
}

static BOOLEAN WdmSetFileName(PFILE_OBJECT File, PVOID Name, UINT32 Length)
{
    if (Length == 0)
        return TRUE;
    File->FileName.Buffer = ExAllocatePoolWithTag(PagedPool, Length, 'maNF');
    if (!File->FileName.Buffer)
        return FALSE;
    RtlCopyMemory(File->FileName.Buffer, Name, Length);
    File->FileName.Length = (USHORT)Length;
    File->FileName.MaximumLength = (USHORT)Length;
    return TRUE;
}

/* Name is what remained of the path below the device, NameLength bytes. NULL: no memory. */
PFILE_OBJECT WdmCreateFile(UINT32 Id, PDEVICE_OBJECT Device, PVOID Name, UINT32 NameLength)
{
    PWDM_FILE File;

    WdmFileType.Delete = WdmDeleteFile;
    File = ObpCreateObject(&WdmFileType, sizeof(*File));
    if (!File)
        return NULL;
    File->Object.Type = IO_TYPE_FILE;
    File->Object.Size = sizeof(FILE_OBJECT);
    File->Object.DeviceObject = Device;
    KeInitializeEvent(&File->Object.Lock, SynchronizationEvent, FALSE);
    KeInitializeEvent(&File->Object.Event, NotificationEvent, FALSE);
    InitializeListHead(&File->Object.IrpList);
    ObReferenceObject(Device);
    if (!WdmSetFileName(&File->Object, Name, NameLength & ~1U)) {
        ObDereferenceObject(File);
        return NULL;
    }
    if (Id)
        WdmInsertId(&WdmFiles, &File->Node, Id);
    return &File->Object;
}

PFILE_OBJECT WdmFindFile(UINT32 Id)
{
    PWDM_ID_NODE Node = WdmFindId(&WdmFiles, Id);

    return Node ? &CONTAINING_RECORD(Node, WDM_FILE, Node)->Object : NULL;
}

UINT32 WdmFileId(PFILE_OBJECT Object)
{
    return Object ? (UINT32)CONTAINING_RECORD(Object, WDM_FILE, Object)->Node.Id : 0;
}

/* The id is free for another file from now on. */
VOID WdmCloseFile(PFILE_OBJECT Object)
{
    PWDM_FILE File = CONTAINING_RECORD(Object, WDM_FILE, Object);

    if (File->Node.Id)
        WdmRemoveId(&WdmFiles, &File->Node);
    ObDereferenceObject(Object);
}
