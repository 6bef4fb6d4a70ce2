/* SPDX-License-Identifier: BSD-2-Clause */
/* NtQueryVolumeInformationFile: what a file is on. */
#include <neptune/missing_classes.def>
#include "iop.h"

/* The classes whose answers do not end with a name. */
typedef union _IOP_VOLUME_INFORMATION {
    FILE_FS_SIZE_INFORMATION Size;
    FILE_FS_DEVICE_INFORMATION Device;
    FILE_FS_FULL_SIZE_INFORMATION FullSize;
    FILE_FS_SECTOR_SIZE_INFORMATION SectorSize;
} IOP_VOLUME_INFORMATION, *PIOP_VOLUME_INFORMATION;

/* The least length that NT takes; 0: there is no such class to query. */
static ULONG IopVolumeClassSize(FS_INFORMATION_CLASS Class)
{
    static const UCHAR Sizes[] = {
        [FileFsVolumeInformation] = sizeof(FILE_FS_VOLUME_INFORMATION),
        [FileFsSizeInformation] = sizeof(FILE_FS_SIZE_INFORMATION),
        [FileFsDeviceInformation] = sizeof(FILE_FS_DEVICE_INFORMATION),
        [FileFsAttributeInformation] = sizeof(FILE_FS_ATTRIBUTE_INFORMATION),
        [FileFsControlInformation] = 0x30,
        [FileFsFullSizeInformation] = sizeof(FILE_FS_FULL_SIZE_INFORMATION),
        [FileFsObjectIdInformation] = 0x40,
        [FileFsDriverPathInformation] = 0x0c,
        [FileFsVolumeFlagsInformation] = 8,
        [FileFsSectorSizeInformation] = sizeof(FILE_FS_SECTOR_SIZE_INFORMATION),
    };

    return (ULONG)Class < ARRAYSIZE(Sizes) ? Sizes[Class] : 0;
}

static void IopFillSize(const IOP_VOLUME_FACTS *Facts, PFILE_FS_SIZE_INFORMATION Size)
{
    Size->TotalAllocationUnits.QuadPart = (LONGLONG)Facts->Sectors;
    Size->SectorsPerAllocationUnit = 1;
    Size->BytesPerSector = Facts->SectorSize;
}

static void IopFillFullSize(const IOP_VOLUME_FACTS *Facts, PFILE_FS_FULL_SIZE_INFORMATION Size)
{
    Size->TotalAllocationUnits.QuadPart = (LONGLONG)Facts->Sectors;
    Size->SectorsPerAllocationUnit = 1;
    Size->BytesPerSector = Facts->SectorSize;
}

static void IopFillSectorSize(const IOP_VOLUME_FACTS *Facts, PFILE_FS_SECTOR_SIZE_INFORMATION Size)
{
    Size->LogicalBytesPerSector = Facts->SectorSize;
    Size->PhysicalBytesPerSectorForAtomicity = Facts->SectorSize;
    Size->PhysicalBytesPerSectorForPerformance = Facts->SectorSize;
    Size->FileSystemEffectivePhysicalBytesPerSectorForAtomicity = Facts->SectorSize;
    Size->Flags = SSINFO_FLAGS_ALIGNED_DEVICE | SSINFO_FLAGS_PARTITION_ALIGNED_ON_DEVICE;
}

static NTSTATUS IopReturnVolume(const IOP_VOLUME_FACTS *Facts, CLIENT(PVOID) Buffer, ULONG Length,
                                PULONG_PTR Returned)
{
    UNICODE_STRING Label;
    FILE_FS_VOLUME_INFORMATION Volume = {
        .VolumeCreationTime.QuadPart = Facts->CreationTime,
        .VolumeSerialNumber = Facts->SerialNumber,
    };

    RtlInitUnicodeString(&Label, Facts->Label);
    Volume.VolumeLabelLength = Label.Length;
    return IopReturnName(Buffer, Length, &Volume,
                         FIELD_OFFSET(FILE_FS_VOLUME_INFORMATION, VolumeLabel), &Label, Returned);
}

static NTSTATUS IopReturnAttributes(const IOP_VOLUME_FACTS *Facts, CLIENT(PVOID) Buffer,
                                    ULONG Length, PULONG_PTR Returned)
{
    UNICODE_STRING Name;
    FILE_FS_ATTRIBUTE_INFORMATION Attributes = {
        .FileSystemAttributes = Facts->Attributes,
        .MaximumComponentNameLength = IOP_MAXIMUM_COMPONENT - 1,
    };

    RtlInitUnicodeString(&Name, Facts->FileSystemName);
    Attributes.FileSystemNameLength = Name.Length;
    return IopReturnName(Buffer, Length, &Attributes,
                         FIELD_OFFSET(FILE_FS_ATTRIBUTE_INFORMATION, FileSystemName), &Name,
                         Returned);
}

/* The classes that only a volume can answer. */
static NTSTATUS IopQueryVolumeFacts(PIO_FILE File, FS_INFORMATION_CLASS Class, CLIENT(PVOID) Buffer,
                                    ULONG Length, PULONG_PTR Returned)
{
    const IOP_FILE_SYSTEM *FileSystem = File->Device->FileSystem;
    IOP_VOLUME_INFORMATION Information = {0};
    IOP_VOLUME_FACTS Facts = {0};

    if (!FileSystem || !FileSystem->QueryVolume)
        return STATUS_INVALID_DEVICE_REQUEST;
    FileSystem->QueryVolume(&Facts);
    switch (Class) {
    case FileFsVolumeInformation:
        return IopReturnVolume(&Facts, Buffer, Length, Returned);
    case FileFsAttributeInformation:
        return IopReturnAttributes(&Facts, Buffer, Length, Returned);
    case FileFsSizeInformation:
        IopFillSize(&Facts, &Information.Size);
        break;
    case FileFsFullSizeInformation:
        IopFillFullSize(&Facts, &Information.FullSize);
        break;
    case FileFsSectorSizeInformation:
        IopFillSectorSize(&Facts, &Information.SectorSize);
        break;
    default: /* what such a volume has none of: quotas, object ids, flags */
        return STATUS_INVALID_PARAMETER;
    }
    *Returned = IopVolumeClassSize(Class);
    return MmCopyToClient(Buffer, &Information, *Returned);
}

/* Any file's: a volume says that it is a disk. */
static NTSTATUS IopQueryDevice(PIO_FILE File, CLIENT(PVOID) Buffer, PULONG_PTR Returned)
{
    PIO_DEVICE Device = File->Device;
    FILE_FS_DEVICE_INFORMATION Information = {Device->DeviceType, Device->Characteristics};
    IOP_VOLUME_FACTS Facts;

    if (Device->FileSystem && Device->FileSystem->QueryVolume) {
        Device->FileSystem->QueryVolume(&Facts);
        Information = (FILE_FS_DEVICE_INFORMATION){FILE_DEVICE_DISK, Facts.Characteristics};
    }
    *Returned = sizeof(Information);
    return MmCopyToClient(Buffer, &Information, sizeof(Information));
}

static NTSTATUS IopRefuseVolumeQuery(FS_INFORMATION_CLASS Class)
{
    switch (Class) {
        MISSING_NtQueryVolumeInformationFile(MISSING_CASE) return STATUS_NOT_IMPLEMENTED;
    default:
        return STATUS_INVALID_INFO_CLASS;
    }
}

/*
 * NtQueryVolumeInformationFile: of the volume that the file is on: FileFsVolumeInformation, Size,
 * FullSize, Attribute, SectorSize; of any device FileFsDeviceInformation. The length is looked at
 * before anything else but the class. STATUS_INVALID_INFO_CLASS, STATUS_INFO_LENGTH_MISMATCH,
 * STATUS_BUFFER_OVERFLOW (the name was cut off), STATUS_INVALID_DEVICE_REQUEST (no volume),
 * STATUS_INVALID_PARAMETER (a class that this volume has not).  (WDK: ZwQueryVolumeInformationFile)
 */
NTSTATUS NTAPI NtQueryVolumeInformationFile(HANDLE FileHandle,
                                            CLIENT(PIO_STATUS_BLOCK) IoStatusBlock,
                                            CLIENT(PVOID) Information, ULONG Length,
                                            FS_INFORMATION_CLASS Class)
{
    IO_STATUS_BLOCK Block = {.Status = STATUS_SUCCESS};
    ACCESS_MASK Access = Class == FileFsControlInformation ? FILE_READ_DATA : 0;
    PIO_FILE File;
    NTSTATUS Status;

    if (!IopVolumeClassSize(Class))
        return IopRefuseVolumeQuery(Class);
    if (Length < IopVolumeClassSize(Class))
        return STATUS_INFO_LENGTH_MISMATCH;
    Status = MmProbeForWrite(IoStatusBlock, sizeof(*IoStatusBlock));
    if (NT_SUCCESS(Status))
        Status = MmProbeForWrite(Information, Length);
    if (NT_SUCCESS(Status))
        Status = ObReferenceObjectByHandle(FileHandle, Access, IoFileType, (PVOID *)&File);
    if (!NT_SUCCESS(Status))
        return Status;
    Status = Class == FileFsDeviceInformation
                 ? IopQueryDevice(File, Information, &Block.Information)
                 : IopQueryVolumeFacts(File, Class, Information, Length, &Block.Information);
    ObDereferenceObject(File);
    Block.Status = Status;
    if (!NT_ERROR(Status) && !NT_SUCCESS(MmWriteClient(IoStatusBlock, &Block)))
        return STATUS_ACCESS_VIOLATION;
    return Status;
}
