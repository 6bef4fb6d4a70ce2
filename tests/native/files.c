/* SPDX-License-Identifier: BSD-2-Clause */
/* Files of the boot archive and devices of drivers. */
#include "tap.h"

static NTSTATUS Open(PHANDLE File, PCWSTR Path, ACCESS_MASK Access, ULONG Options,
                     PIO_STATUS_BLOCK Iosb)
{
    OBJECT_ATTRIBUTES Attributes;
    UNICODE_STRING String;

    RtlInitUnicodeString(&String, Path);
    InitializeObjectAttributes(&Attributes, &String, OBJ_CASE_INSENSITIVE, NULL, NULL);
    return NtOpenFile(File, Access, &Attributes, Iosb, FILE_SHARE_READ | FILE_SHARE_WRITE, Options);
}

static void TestReading(void)
{
    FILE_STANDARD_INFORMATION Standard;
    IO_STATUS_BLOCK Iosb;
    LARGE_INTEGER Offset = {.QuadPart = 0};
    HANDLE File;
    UCHAR Bytes[4];

    if (!ok_status(Open(&File, u"\\systemroot\\NTDLL.DLL", FILE_READ_DATA | SYNCHRONIZE,
                        FILE_SYNCHRONOUS_IO_NONALERT, &Iosb),
                   STATUS_SUCCESS, "open a file, in another case"))
        return;
    ok_status(NtReadFile(File, NULL, NULL, NULL, &Iosb, Bytes, 2, NULL, NULL), STATUS_SUCCESS,
              "read two bytes");
    ok(Bytes[0] == 'M' && Bytes[1] == 'Z' && Iosb.Information == 2, "they are MZ");
    ok_status(NtReadFile(File, NULL, NULL, NULL, &Iosb, Bytes, 4, &Offset, NULL), STATUS_SUCCESS,
              "at an offset");
    ok(Bytes[0] == 'M' && Iosb.Information == 4, "the same bytes");
    ok_status(
        NtQueryInformationFile(File, &Iosb, &Standard, sizeof(Standard), FileStandardInformation),
        STATUS_SUCCESS, "its size");
    ok(Standard.EndOfFile.QuadPart > 4096 && !Standard.Directory, "is that of a file");
    Offset = Standard.EndOfFile;
    ok_status(NtReadFile(File, NULL, NULL, NULL, &Iosb, Bytes, 4, &Offset, NULL),
              STATUS_END_OF_FILE, "at the end");
    Offset.QuadPart--;
    ok_status(NtReadFile(File, NULL, NULL, NULL, &Iosb, Bytes, 4, &Offset, NULL), STATUS_SUCCESS,
              "just before it");
    ok(Iosb.Information == 1, "there is one byte");
    ok_status(NtReadFile(File, NULL, NULL, NULL, &Iosb, (PVOID)0x18, 4, NULL, NULL),
              STATUS_ACCESS_VIOLATION, "into a bad address");
    ok_status(NtReadFile(File, NULL, NULL, NULL, (PIO_STATUS_BLOCK)0x18, Bytes, 4, NULL, NULL),
              STATUS_ACCESS_VIOLATION, "with a bad status block");
    ok_status(NtWriteFile(File, NULL, NULL, NULL, &Iosb, Bytes, 4, NULL, NULL),
              STATUS_ACCESS_DENIED, "write without the right to");
    NtClose(File);
}

static void TestOpening(void)
{
    IO_STATUS_BLOCK Iosb;
    HANDLE File;

    ok_status(Open(&File, u"\\SystemRoot\\none", FILE_READ_DATA, 0, &Iosb),
              STATUS_OBJECT_NAME_NOT_FOUND, "a file that is not there");
    ok_status(Open(&File, u"\\SystemRoot\\ntd*.dll", FILE_READ_DATA, 0, &Iosb),
              STATUS_OBJECT_NAME_INVALID, "a name with a star");
    ok_status(Open(&File, u"\\SystemRoot\\ntdll.d?l", FILE_READ_DATA, 0, &Iosb),
              STATUS_OBJECT_NAME_INVALID, "with a question mark");
    ok_status(Open(&File, u"\\SystemRoot\\no*e\\file", FILE_READ_DATA, 0, &Iosb),
              STATUS_OBJECT_NAME_INVALID, "in a directory's name");
    ok_status(Open(&File, u"\\SystemRoot\\drivers\\\\null.sys", FILE_READ_DATA, 0, &Iosb),
              STATUS_OBJECT_NAME_INVALID, "an empty component");
    ok_status(Open(&File, u"\\SystemRoot\\ntdll.dll\x1f", FILE_READ_DATA, 0, &Iosb),
              STATUS_OBJECT_NAME_INVALID, "a control character");
    ok_status(Open(&File, u"\\SystemRoot\\none\\file", FILE_READ_DATA, 0, &Iosb),
              STATUS_OBJECT_PATH_NOT_FOUND, "nor its directory");
    ok_status(
        Open(&File, u"\\SystemRoot\\drivers", FILE_LIST_DIRECTORY, FILE_NON_DIRECTORY_FILE, &Iosb),
        STATUS_FILE_IS_A_DIRECTORY, "a directory is no file");
    ok_status(Open(&File, u"\\SystemRoot\\ntdll.dll", FILE_READ_DATA, FILE_DIRECTORY_FILE, &Iosb),
              STATUS_NOT_A_DIRECTORY, "and a file no directory");
    ok_status(Open(&File, u"\\Device\\Nothing", FILE_READ_DATA, 0, &Iosb),
              STATUS_OBJECT_NAME_NOT_FOUND, "a device that is not there");
}

static void TestNull(void)
{
    IO_STATUS_BLOCK Iosb;
    HANDLE File;
    UCHAR Bytes[16] = {0};

    if (!ok_status(Open(&File, u"\\Device\\Null", FILE_READ_DATA | FILE_WRITE_DATA | SYNCHRONIZE,
                        FILE_SYNCHRONOUS_IO_NONALERT, &Iosb),
                   STATUS_SUCCESS, "open the null device"))
        return;
    ok_status(NtWriteFile(File, NULL, NULL, NULL, &Iosb, Bytes, sizeof(Bytes), NULL, NULL),
              STATUS_SUCCESS, "write to it");
    ok(Iosb.Information == sizeof(Bytes), "it swallows all");
    ok_status(NtReadFile(File, NULL, NULL, NULL, &Iosb, Bytes, sizeof(Bytes), NULL, NULL),
              STATUS_END_OF_FILE, "read from it");
    ok_status(NtDeviceIoControlFile(File, NULL, NULL, NULL, &Iosb, 0x12345678, NULL, 0, NULL, 0),
              STATUS_INVALID_DEVICE_REQUEST, "a control code it does not know");
    NtClose(File);
}

static void TestDirectory(void)
{
    static UCHAR Buffer[4096];
    PFILE_DIRECTORY_INFORMATION Entry = (PFILE_DIRECTORY_INFORMATION)Buffer;
    UNICODE_STRING Pattern = RTL_CONSTANT_STRING(u"NT*.exe");
    IO_STATUS_BLOCK Iosb;
    HANDLE Directory;
    ULONG Count = 0;

    if (!ok_status(Open(&Directory, u"\\SystemRoot", FILE_LIST_DIRECTORY | SYNCHRONIZE,
                        FILE_SYNCHRONOUS_IO_NONALERT | FILE_DIRECTORY_FILE, &Iosb),
                   STATUS_SUCCESS, "open the archive's root"))
        return;
    ok_status(NtQueryDirectoryFile(Directory, NULL, NULL, NULL, &Iosb, Buffer, sizeof(Buffer),
                                   FileDirectoryInformation, FALSE, &Pattern, TRUE),
              STATUS_SUCCESS, "look for NT*.exe");
    for (;;) {
        Count++;
        if (!Entry->NextEntryOffset)
            break;
        Entry = (PFILE_DIRECTORY_INFORMATION)((PUCHAR)Entry + Entry->NextEntryOffset);
    }
    ok(Count == 2, "ntcmd.exe and ntoskrnl.exe");
    ok_status(NtQueryDirectoryFile(Directory, NULL, NULL, NULL, &Iosb, Buffer, sizeof(Buffer),
                                   FileDirectoryInformation, FALSE, NULL, FALSE),
              STATUS_NO_MORE_FILES, "there are no more");
    ok_status(NtQueryDirectoryFile(Directory, NULL, NULL, NULL, &Iosb, Buffer, sizeof(Buffer),
                                   (FILE_INFORMATION_CLASS)99, FALSE, NULL, TRUE),
              STATUS_INVALID_INFO_CLASS, "in a form that does not exist");
    NtClose(Directory);
}

void TestFiles(void)
{
    TestReading();
    TestOpening();
    TestNull();
    TestDirectory();
    TestCreateFile();
}
