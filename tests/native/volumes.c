/* SPDX-License-Identifier: BSD-2-Clause */
/* What files are on: volumes, the console, and the services that ask a file system rather than a
 * file. */
#include "tap.h"

#define BAD_ADDRESS ((PVOID)0x18)
#define SYNCHRONOUS FILE_SYNCHRONOUS_IO_NONALERT

static IO_STATUS_BLOCK Iosb;

static HANDLE Open(PCWSTR Path, ACCESS_MASK Access)
{
    OBJECT_ATTRIBUTES Attributes;
    UNICODE_STRING String;
    HANDLE File = NULL;

    RtlInitUnicodeString(&String, Path);
    InitializeObjectAttributes(&Attributes, &String, OBJ_CASE_INSENSITIVE, NULL, NULL);
    ok_status(NtOpenFile(&File, Access | SYNCHRONIZE, &Attributes, &Iosb,
                         FILE_SHARE_READ | FILE_SHARE_WRITE, SYNCHRONOUS),
              STATUS_SUCCESS, "open what is to be asked");
    return File;
}

static NTSTATUS Query(HANDLE File, PVOID Buffer, ULONG Length, FS_INFORMATION_CLASS Class)
{
    Iosb = (IO_STATUS_BLOCK){.Information = 99};
    return NtQueryVolumeInformationFile(File, &Iosb, Buffer, Length, Class);
}

static void TestLabel(HANDLE File)
{
    union {
        FILE_FS_VOLUME_INFORMATION Volume;
        UCHAR Bytes[0x40];
    } Answer;

    ok_status(Query(File, &Answer, sizeof(Answer), FileFsVolumeInformation), STATUS_SUCCESS,
              "the volume");
    ok(Iosb.Information == 0x12 + Answer.Volume.VolumeLabelLength, "ends with its label");
    ok(Answer.Volume.VolumeSerialNumber != 0 && !Answer.Volume.SupportsObjects,
       "and has a serial number");
    ok_status(Query(File, &Answer, sizeof(FILE_FS_VOLUME_INFORMATION), FileFsVolumeInformation),
              STATUS_BUFFER_OVERFLOW, "with room for half a label");
    ok(Iosb.Information == sizeof(FILE_FS_VOLUME_INFORMATION) &&
           Iosb.Status == STATUS_BUFFER_OVERFLOW && Answer.Volume.VolumeLabelLength > 6,
       "it is cut off, its length is told");
    ok_status(Query(File, &Answer, sizeof(FILE_FS_VOLUME_INFORMATION) - 1, FileFsVolumeInformation),
              STATUS_INFO_LENGTH_MISMATCH, "with less room");
    ok(Iosb.Information == 99, "the status block is left alone");
}

static void TestSizes(HANDLE File)
{
    FILE_FS_FULL_SIZE_INFORMATION Full;
    FILE_FS_SIZE_INFORMATION Size;
    FILE_FS_SECTOR_SIZE_INFORMATION Sector;

    ok_status(Query(File, &Size, sizeof(Size), FileFsSizeInformation), STATUS_SUCCESS, "the size");
    ok(Iosb.Information == sizeof(Size) && Size.BytesPerSector == 512 &&
           Size.SectorsPerAllocationUnit == 1,
       "is counted in sectors");
    ok(Size.TotalAllocationUnits.QuadPart > 100 && Size.AvailableAllocationUnits.QuadPart == 0,
       "all of them in use");
    ok_status(Query(File, &Full, sizeof(Full), FileFsFullSizeInformation), STATUS_SUCCESS,
              "the full size");
    ok(Full.TotalAllocationUnits.QuadPart == Size.TotalAllocationUnits.QuadPart &&
           Full.CallerAvailableAllocationUnits.QuadPart == 0,
       "is the same");
    ok_status(Query(File, &Sector, sizeof(Sector), FileFsSectorSizeInformation), STATUS_SUCCESS,
              "the sectors");
    ok(Sector.LogicalBytesPerSector == 512 && Sector.ByteOffsetForSectorAlignment == 0,
       "are as large");
    ok_status(Query(File, &Size, sizeof(Size) - 1, FileFsSizeInformation),
              STATUS_INFO_LENGTH_MISMATCH, "too little room for the size");
}

static void TestAttributes(HANDLE File)
{
    union {
        FILE_FS_ATTRIBUTE_INFORMATION Attributes;
        UCHAR Bytes[0x40];
    } Answer;

    ok_status(Query(File, &Answer, sizeof(Answer), FileFsAttributeInformation), STATUS_SUCCESS,
              "the file system");
    ok((Answer.Attributes.FileSystemAttributes & FILE_READ_ONLY_VOLUME) != 0, "only reads");
    ok(Answer.Attributes.MaximumComponentNameLength == 255, "knows long names");
    ok(Iosb.Information == 0xc + Answer.Attributes.FileSystemNameLength, "ends with its name");
    ok_status(
        Query(File, &Answer, sizeof(FILE_FS_ATTRIBUTE_INFORMATION), FileFsAttributeInformation),
        STATUS_BUFFER_OVERFLOW, "of which two characters have room");
}

static void TestDevices(HANDLE File)
{
    FILE_FS_DEVICE_INFORMATION Device;
    FILE_FS_SIZE_INFORMATION Size;
    HANDLE Other;

    ok_status(Query(File, &Device, sizeof(Device), FileFsDeviceInformation), STATUS_SUCCESS,
              "the device of a file");
    ok(Device.DeviceType == FILE_DEVICE_DISK, "is a disk");
    ok(Device.Characteristics == (FILE_READ_ONLY_DEVICE | FILE_DEVICE_IS_MOUNTED),
       "that is mounted and only reads");
    Other = Open(u"\\Device\\Null", FILE_READ_DATA);
    ok_status(Query(Other, &Device, sizeof(Device), FileFsDeviceInformation), STATUS_SUCCESS,
              "that of a driver");
    ok(Device.DeviceType == FILE_DEVICE_NULL && Iosb.Information == sizeof(Device),
       "says what it is");
    ok_status(Query(Other, &Size, sizeof(Size), FileFsSizeInformation),
              STATUS_INVALID_DEVICE_REQUEST, "but has no size");
    NtClose(Other);
    Other = Open(u"\\??\\CONOUT$", FILE_WRITE_DATA);
    ok_status(Query(Other, &Device, sizeof(Device), FileFsDeviceInformation), STATUS_SUCCESS,
              "the console");
    ok(Device.DeviceType == FILE_DEVICE_CONSOLE, "is one");
    NtClose(Other);
}

static void TestClasses(HANDLE File)
{
    UCHAR Buffer[0x48];

    ok_status(Query(File, Buffer, sizeof(Buffer), 0), STATUS_INVALID_INFO_CLASS, "class 0");
    ok_status(Query(File, Buffer, sizeof(Buffer), FileFsLabelInformation),
              STATUS_INVALID_INFO_CLASS, "a class to be set only");
    ok_status(Query(File, Buffer, sizeof(Buffer), 99), STATUS_INVALID_INFO_CLASS, "no class");
    ok_status(Query(File, Buffer, 7, FileFsDeviceInformation), STATUS_INFO_LENGTH_MISMATCH,
              "too short");
    ok_status(Query(NULL, Buffer, 7, FileFsDeviceInformation), STATUS_INFO_LENGTH_MISMATCH,
              "which is seen before the handle");
    ok_status(Query(NULL, Buffer, 8, FileFsDeviceInformation), STATUS_INVALID_HANDLE, "no handle");
    ok_status(Query(File, BAD_ADDRESS, 8, FileFsDeviceInformation), STATUS_ACCESS_VIOLATION,
              "a bad buffer");
    ok_status(NtQueryVolumeInformationFile(File, BAD_ADDRESS, Buffer, 8, FileFsDeviceInformation),
              STATUS_ACCESS_VIOLATION, "a bad status block");
    ok_status(Query(File, Buffer, sizeof(Buffer), FileFsObjectIdInformation),
              STATUS_INVALID_PARAMETER, "an object id, which it has not");
    ok_status(Query(NtCurrentProcess(), Buffer, 8, FileFsDeviceInformation),
              STATUS_OBJECT_TYPE_MISMATCH, "no file");
}

/* The drive without a path is the volume. */
static void TestDrive(void)
{
    HANDLE Drive = Open(u"\\??\\C:", FILE_READ_ATTRIBUTES), Root;
    FILE_FS_DEVICE_INFORMATION Device;

    ok_status(Query(Drive, &Device, sizeof(Device), FileFsDeviceInformation), STATUS_SUCCESS,
              "the drive itself");
    ok(Device.DeviceType == FILE_DEVICE_DISK, "is a disk");
    NtClose(Drive);
    Root = Open(u"\\??\\C:\\", FILE_LIST_DIRECTORY);
    TestLabel(Root);
    NtClose(Root);
}

static void TestByName(void)
{
    UNICODE_STRING Name = RTL_CONSTANT_STRING(u"\\??\\C:\\ntdll.dll"),
                   None = RTL_CONSTANT_STRING(u"\\??\\C:\\none"),
                   Below = RTL_CONSTANT_STRING(u"\\??\\C:\\none\\ntdll.dll");
    FILE_NETWORK_OPEN_INFORMATION Full;
    FILE_BASIC_INFORMATION Basic;
    OBJECT_ATTRIBUTES Attributes;

    InitializeObjectAttributes(&Attributes, &Name, OBJ_CASE_INSENSITIVE, NULL, NULL);
    ok_status(NtQueryFullAttributesFile(&Attributes, &Full), STATUS_SUCCESS, "a file by name");
    ok(Full.EndOfFile.QuadPart > 4096 && Full.AllocationSize.QuadPart >= Full.EndOfFile.QuadPart &&
           Full.FileAttributes == FILE_ATTRIBUTE_READONLY,
       "with its size");
    ok_status(NtQueryAttributesFile(&Attributes, &Basic), STATUS_SUCCESS, "and without");
    ok(Basic.FileAttributes == Full.FileAttributes &&
           Basic.LastWriteTime.QuadPart == Full.LastWriteTime.QuadPart,
       "the same");
    ok_status(NtQueryFullAttributesFile(&Attributes, BAD_ADDRESS), STATUS_ACCESS_VIOLATION,
              "to a bad address");
    ok_status(NtQueryAttributesFile(&Attributes, BAD_ADDRESS), STATUS_ACCESS_VIOLATION,
              "nor this one");
    ok_status(NtQueryFullAttributesFile(NULL, &Full), STATUS_INVALID_PARAMETER, "of no name");
    ok_status(NtQueryAttributesFile(NULL, &Basic), STATUS_INVALID_PARAMETER, "nor this one");
    InitializeObjectAttributes(&Attributes, &None, OBJ_CASE_INSENSITIVE, NULL, NULL);
    ok_status(NtQueryFullAttributesFile(&Attributes, &Full), STATUS_OBJECT_NAME_NOT_FOUND,
              "of a file that is not there");
    ok_status(NtQueryAttributesFile(&Attributes, &Basic), STATUS_OBJECT_NAME_NOT_FOUND,
              "nor this one");
    InitializeObjectAttributes(&Attributes, &Below, OBJ_CASE_INSENSITIVE, NULL, NULL);
    ok_status(NtQueryAttributesFile(&Attributes, &Basic), STATUS_OBJECT_PATH_NOT_FOUND,
              "in a directory that is not there");
}

static NTSTATUS Control(HANDLE File, ULONG Code, PVOID Output, ULONG Length)
{
    Iosb = (IO_STATUS_BLOCK){.Information = 99};
    return NtFsControlFile(File, NULL, NULL, NULL, &Iosb, Code, NULL, 0, Output, Length);
}

static void TestControls(HANDLE File)
{
    HANDLE Null = Open(u"\\??\\NUL", FILE_READ_DATA);
    USHORT Compression = 99;
    UCHAR Buffer[64];

    ok_status(Control(File, FSCTL_IS_VOLUME_MOUNTED, NULL, 0), STATUS_SUCCESS, "it is mounted");
    ok(Iosb.Status == STATUS_SUCCESS && Iosb.Information == 0, "with nothing to tell");
    ok_status(Control(File, FSCTL_GET_COMPRESSION, &Compression, sizeof(Compression)),
              STATUS_SUCCESS, "compression");
    ok(Compression == COMPRESSION_FORMAT_NONE && Iosb.Information == sizeof(Compression),
       "there is none");
    ok_status(Control(File, FSCTL_GET_COMPRESSION, &Compression, 1), STATUS_INVALID_PARAMETER,
              "into one byte");
    ok_status(Control(File, FSCTL_GET_REPARSE_POINT, Buffer, sizeof(Buffer)),
              STATUS_NOT_A_REPARSE_POINT, "a reparse point");
    ok_status(Control(File, FSCTL_SET_REPARSE_POINT, NULL, 0), STATUS_MEDIA_WRITE_PROTECTED,
              "to be made one");
    ok_status(Control(File, 0x00090000 | 999 << 2, NULL, 0), STATUS_INVALID_DEVICE_REQUEST,
              "an unknown code");
    ok_status(Control(File, FSCTL_SET_COMPRESSION, NULL, 0), STATUS_ACCESS_DENIED,
              "without the access that the code wants");
    ok_status(Control(Null, FSCTL_IS_VOLUME_MOUNTED, NULL, 0), STATUS_INVALID_DEVICE_REQUEST,
              "of a device");
    ok_status(Control(NULL, FSCTL_IS_VOLUME_MOUNTED, NULL, 0), STATUS_INVALID_HANDLE, "of nothing");
    ok_status(Control(File, FSCTL_GET_COMPRESSION, BAD_ADDRESS, 2), STATUS_ACCESS_VIOLATION,
              "into a bad address");
    NtClose(Null);
}

static void TestConsole(HANDLE File)
{
    HANDLE Console = Open(u"\\??\\CON", FILE_READ_DATA | FILE_WRITE_DATA), Null;
    FILE_STANDARD_INFORMATION Standard;
    LARGE_INTEGER Zero = {.QuadPart = 0};
    UCHAR Byte;

    ok_status(NtWriteFile(Console, NULL, NULL, NULL, &Iosb, "# to the console\n", 17, NULL, NULL),
              STATUS_SUCCESS, "a line to the console");
    ok(Iosb.Information == 17, "all of it");
    ok_status(NtWriteFile(Console, NULL, NULL, NULL, &Iosb, NULL, 0, &Zero, NULL), STATUS_SUCCESS,
              "nothing to the console");
    ok_status(NtWriteFile(Console, NULL, NULL, NULL, &Iosb, BAD_ADDRESS, 17, NULL, NULL),
              STATUS_ACCESS_VIOLATION, "from a bad address");
    ok_status(NtReadFile(Console, NULL, NULL, NULL, &Iosb, &Byte, 1, NULL, NULL),
              STATUS_END_OF_FILE, "there is no input");
    ok_status(NtQueryInformationFile(Console, &Iosb, &Standard, sizeof(Standard),
                                     FileStandardInformation),
              STATUS_INVALID_DEVICE_REQUEST, "it has no size");
    ok_status(NtFlushBuffersFile(Console, &Iosb), STATUS_SUCCESS, "flush the console");
    ok_status(NtFlushBuffersFile(File, &Iosb), STATUS_ACCESS_DENIED,
              "flush what cannot be written");
    ok_status(NtFlushBuffersFile(Console, BAD_ADDRESS), STATUS_ACCESS_VIOLATION,
              "with a bad status block");
    Null = Open(u"\\??\\NUL", FILE_WRITE_DATA);
    ok_status(NtFlushBuffersFile(Null, &Iosb), STATUS_INVALID_DEVICE_REQUEST,
              "a driver that does not flush");
    NtClose(Null);
    NtClose(Console);
}

/* The prompt gives its programs the console. */
static void TestStandardHandles(void)
{
    PRTL_USER_PROCESS_PARAMETERS Parameters = NtCurrentPeb()->ProcessParameters;
    FILE_FS_DEVICE_INFORMATION Device;

    ok(Parameters->StandardOutput && Parameters->StandardError && Parameters->StandardInput,
       "this program has standard handles");
    ok_status(Query(Parameters->StandardOutput, &Device, sizeof(Device), FileFsDeviceInformation),
              STATUS_SUCCESS, "standard output is a file");
    ok(Device.DeviceType == FILE_DEVICE_CONSOLE, "on the console");
}

void TestVolumes(void)
{
    HANDLE File = Open(u"\\SystemRoot\\ntdll.dll", FILE_READ_DATA);

    TestLabel(File);
    TestSizes(File);
    TestAttributes(File);
    TestDevices(File);
    TestClasses(File);
    TestDrive();
    TestByName();
    TestControls(File);
    TestConsole(File);
    TestStandardHandles();
    NtClose(File);
}
