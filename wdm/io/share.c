/* SPDX-License-Identifier: BSD-2-Clause */
/* Who has something open, for what, and what they let others do with it meanwhile. The caller
 * keeps the counts and has them locked. (WDK: IoCheckShareAccess and its like) */
#include "wdmio.h"
#include "ki.h"

static BOOLEAN IopCounts(PFILE_OBJECT File)
{
    return File->ReadAccess || File->WriteAccess || File->DeleteAccess;
}

static VOID IopSetAccess(PFILE_OBJECT File, ACCESS_MASK Access, ULONG Share)
{
    File->ReadAccess = (Access & (FILE_READ_DATA | FILE_EXECUTE)) != 0;
    File->WriteAccess = (Access & (FILE_WRITE_DATA | FILE_APPEND_DATA)) != 0;
    File->DeleteAccess = (Access & DELETE) != 0;
    if (!IopCounts(File))
        return;
    File->SharedRead = (Share & FILE_SHARE_READ) != 0;
    File->SharedWrite = (Share & FILE_SHARE_WRITE) != 0;
    File->SharedDelete = (Share & FILE_SHARE_DELETE) != 0;
}

/* One more (1), or one less (-1). */
static VOID IopCount(PFILE_OBJECT File, PSHARE_ACCESS ShareAccess, LONG One)
{
    if (!IopCounts(File))
        return;
    ShareAccess->OpenCount += One;
    ShareAccess->Readers += File->ReadAccess ? One : 0;
    ShareAccess->Writers += File->WriteAccess ? One : 0;
    ShareAccess->Deleters += File->DeleteAccess ? One : 0;
    ShareAccess->SharedRead += File->SharedRead ? One : 0;
    ShareAccess->SharedWrite += File->SharedWrite ? One : 0;
    ShareAccess->SharedDelete += File->SharedDelete ? One : 0;
}

static BOOLEAN IopConflicts(PFILE_OBJECT File, PSHARE_ACCESS Others)
{
    return (File->ReadAccess && Others->SharedRead < Others->OpenCount) ||
           (File->WriteAccess && Others->SharedWrite < Others->OpenCount) ||
           (File->DeleteAccess && Others->SharedDelete < Others->OpenCount) ||
           (Others->Readers && !File->SharedRead) || (Others->Writers && !File->SharedWrite) ||
           (Others->Deleters && !File->SharedDelete);
}

/* IoCheckShareAccess: STATUS_SHARING_VIOLATION. With Update the file counts if it may be open. */
NTSTATUS NTAPI IoCheckShareAccess(ACCESS_MASK DesiredAccess, ULONG DesiredShareAccess,
                                  PFILE_OBJECT FileObject, PSHARE_ACCESS ShareAccess,
                                  BOOLEAN Update)
{
    IopSetAccess(FileObject, DesiredAccess, DesiredShareAccess);
    if (!IopCounts(FileObject))
        return STATUS_SUCCESS;
    if (IopConflicts(FileObject, ShareAccess))
        return STATUS_SHARING_VIOLATION;
    if (Update)
        IopCount(FileObject, ShareAccess, 1);
    return STATUS_SUCCESS;
}

/* IoSetShareAccess: the file is the first that has it open. */
VOID NTAPI IoSetShareAccess(ACCESS_MASK DesiredAccess, ULONG DesiredShareAccess,
                            PFILE_OBJECT FileObject, PSHARE_ACCESS ShareAccess)
{
    RtlZeroMemory(ShareAccess, sizeof(*ShareAccess));
    IopSetAccess(FileObject, DesiredAccess, DesiredShareAccess);
    IopCount(FileObject, ShareAccess, 1);
}

VOID NTAPI IoUpdateShareAccess(PFILE_OBJECT FileObject, PSHARE_ACCESS ShareAccess)
{
    IopCount(FileObject, ShareAccess, 1);
}

VOID NTAPI IoRemoveShareAccess(PFILE_OBJECT FileObject, PSHARE_ACCESS ShareAccess)
{
    IopCount(FileObject, ShareAccess, -1);
}

/* IoGetFileObjectGenericMapping: what generic rights mean for files. */
PGENERIC_MAPPING NTAPI IoGetFileObjectGenericMapping(VOID)
{
    static GENERIC_MAPPING Mapping = {FILE_GENERIC_READ, FILE_GENERIC_WRITE, FILE_GENERIC_EXECUTE,
                                      FILE_ALL_ACCESS};

    return &Mapping;
}
