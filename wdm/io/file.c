/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * File objects: one for every file id that the Executive opens on a device of this driver, from
 * CREATE to CLOSE.
 */
#include "iop.h"
#include "ki.h"
#include "ob.h"

typedef struct _IOP_FILE {
    FILE_OBJECT Object;
    LIST_ENTRY Link;
    UINT32 Id; /* 0: known in this process only */
} IOP_FILE, *PIOP_FILE;

static LIST_ENTRY IopFiles = {&IopFiles, &IopFiles};

static VOID IopDeleteFile(PVOID Object)
{
    PFILE_OBJECT File = Object;

    if (File->FileName.Buffer)
        ExFreePool(File->FileName.Buffer);
    ObDereferenceObject(File->DeviceObject);
}

static BOOLEAN IopSetFileName(PFILE_OBJECT File, PVOID Name, UINT32 Length)
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
PFILE_OBJECT IopCreateFile(UINT32 Id, PDEVICE_OBJECT Device, PVOID Name, UINT32 NameLength)
{
    PIOP_FILE File;

    IopFileType.Delete = IopDeleteFile;
    File = ObpCreateObject(&IopFileType, sizeof(*File));
    if (!File)
        return NULL;
    File->Object.Type = IO_TYPE_FILE;
    File->Object.Size = sizeof(FILE_OBJECT);
    File->Object.DeviceObject = Device;
    File->Id = Id;
    KeInitializeEvent(&File->Object.Lock, SynchronizationEvent, FALSE);
    KeInitializeEvent(&File->Object.Event, NotificationEvent, FALSE);
    InitializeListHead(&File->Object.IrpList);
    InitializeListHead(&File->Link);
    ObReferenceObject(Device);
    if (!IopSetFileName(&File->Object, Name, NameLength & ~1U)) {
        ObDereferenceObject(File);
        return NULL;
    }
    if (Id)
        InsertTailList(&IopFiles, &File->Link);
    return &File->Object;
}

PFILE_OBJECT IopFindFile(UINT32 Id)
{
    for (PLIST_ENTRY Entry = IopFiles.Flink; Entry != &IopFiles; Entry = Entry->Flink) {
        PIOP_FILE File = CONTAINING_RECORD(Entry, IOP_FILE, Link);

        if (File->Id == Id)
            return &File->Object;
    }
    return NULL;
}

UINT32 IopFileId(PFILE_OBJECT Object)
{
    return Object ? CONTAINING_RECORD(Object, IOP_FILE, Object)->Id : 0;
}

/* The id is free for another file from now on. */
VOID IopCloseFile(PFILE_OBJECT Object)
{
    PIOP_FILE File = CONTAINING_RECORD(Object, IOP_FILE, Object);

    RemoveEntryList(&File->Link);
    InitializeListHead(&File->Link);
    File->Id = 0;
    ObDereferenceObject(Object);
}
