/* SPDX-License-Identifier: BSD-2-Clause */
/* NtCreateFile: what may be asked for together, and what each disposition does where nothing can be
 * written. */
#include "waiting.h"

#define FILE_THERE u"\\SystemRoot\\readme.txt"
#define DIRECTORY_THERE u"\\SystemRoot\\drivers"
#define FILE_MISSING u"\\SystemRoot\\none"
#define SYNCHRONOUS FILE_SYNCHRONOUS_IO_NONALERT

static HANDLE File;
static IO_STATUS_BLOCK Iosb;

/* With Attributes, Share 0 and no allocation or extended attributes. The handle is closed again. */
static NTSTATUS Create(PCWSTR Path, ACCESS_MASK Access, ULONG Disposition, ULONG Options)
{
    NTSTATUS Status;

    File = NULL;
    Iosb = (IO_STATUS_BLOCK){.Status = UNTOUCHED, .Information = UNTOUCHED};
    Status = NtCreateFile(&File, Access, Named(Path, OBJ_CASE_INSENSITIVE), &Iosb, NULL,
                          FILE_ATTRIBUTE_NORMAL, FILE_SHARE_READ, Disposition, Options, NULL, 0);
    if (NT_SUCCESS(Status))
        NtClose(File);
    return Status;
}

static NTSTATUS Read(ULONG Disposition, ULONG Options)
{
    return Create(FILE_THERE, FILE_READ_DATA | SYNCHRONIZE, Disposition, Options);
}

static NTSTATUS List(ULONG Disposition, ULONG Options)
{
    return Create(DIRECTORY_THERE, FILE_LIST_DIRECTORY | SYNCHRONIZE, Disposition, Options);
}

static NTSTATUS Make(ULONG Disposition)
{
    return Create(FILE_MISSING, FILE_READ_DATA | SYNCHRONIZE, Disposition, SYNCHRONOUS);
}

static void TestDispositions(void)
{
    ok_status(Read(FILE_OPEN, SYNCHRONOUS), STATUS_SUCCESS, "open a file that is there");
    ok(File && Iosb.Status == STATUS_SUCCESS && Iosb.Information == FILE_OPENED,
       "the block says that it was opened");
    ok_status(Read(FILE_OPEN_IF, SYNCHRONOUS), STATUS_SUCCESS, "open it or make it");
    ok(Iosb.Information == FILE_OPENED, "opens it");
    ok_status(Read(FILE_CREATE, SYNCHRONOUS), STATUS_OBJECT_NAME_COLLISION, "make it");
    ok(!File && Iosb.Status == UNTOUCHED && Iosb.Information == UNTOUCHED,
       "a failure leaves handle and block alone");
    ok_status(Read(FILE_OVERWRITE, SYNCHRONOUS), STATUS_MEDIA_WRITE_PROTECTED, "overwrite it");
    ok_status(Read(FILE_OVERWRITE_IF, SYNCHRONOUS), STATUS_MEDIA_WRITE_PROTECTED,
              "overwrite it or make it");
    ok_status(Read(FILE_SUPERSEDE, SYNCHRONOUS), STATUS_MEDIA_WRITE_PROTECTED, "replace it");
    ok_status(Read(FILE_MAXIMUM_DISPOSITION + 1, SYNCHRONOUS), STATUS_INVALID_PARAMETER,
              "a disposition that there is not");
    ok_status(Make(FILE_OPEN), STATUS_OBJECT_NAME_NOT_FOUND, "open one that is missing");
    ok_status(Make(FILE_OVERWRITE), STATUS_OBJECT_NAME_NOT_FOUND, "overwrite one");
    ok_status(Make(FILE_CREATE), STATUS_MEDIA_WRITE_PROTECTED, "make one");
    ok_status(Make(FILE_OPEN_IF), STATUS_MEDIA_WRITE_PROTECTED, "open one or make it");
    ok_status(
        Create(u"\\SystemRoot\\none\\none", FILE_READ_DATA | SYNCHRONIZE, FILE_CREATE, SYNCHRONOUS),
        STATUS_OBJECT_PATH_NOT_FOUND, "make one where there is no directory");
}

static void TestAccess(void)
{
    ok_status(Create(FILE_THERE, FILE_WRITE_DATA | SYNCHRONIZE, FILE_OPEN, SYNCHRONOUS),
              STATUS_MEDIA_WRITE_PROTECTED, "nobody writes");
    ok_status(Create(FILE_THERE, DELETE, FILE_OPEN, FILE_DELETE_ON_CLOSE),
              STATUS_MEDIA_WRITE_PROTECTED, "or deletes");
    ok_status(Create(FILE_THERE, 0, FILE_OPEN, 0), STATUS_ACCESS_DENIED, "nothing is asked for");
}

static void TestOptions(void)
{
    ok_status(Read(FILE_OPEN, FILE_NON_DIRECTORY_FILE | FILE_SEQUENTIAL_ONLY), STATUS_SUCCESS,
              "a file and nothing else");
    ok_status(Read(FILE_OPEN, FILE_DIRECTORY_FILE), STATUS_NOT_A_DIRECTORY, "it is no directory");
    ok_status(List(FILE_OPEN, FILE_DIRECTORY_FILE | SYNCHRONOUS), STATUS_SUCCESS, "a directory");
    ok_status(List(FILE_OPEN, FILE_NON_DIRECTORY_FILE), STATUS_FILE_IS_A_DIRECTORY,
              "which is no file");
    ok_status(List(FILE_OPEN, FILE_DIRECTORY_FILE | FILE_NON_DIRECTORY_FILE),
              STATUS_INVALID_PARAMETER, "nothing is both");
    ok_status(List(FILE_OVERWRITE, FILE_DIRECTORY_FILE), STATUS_INVALID_PARAMETER,
              "directories are not overwritten");
    ok_status(List(FILE_OPEN, FILE_DIRECTORY_FILE | FILE_NO_INTERMEDIATE_BUFFERING),
              STATUS_INVALID_PARAMETER, "nor have they buffers");
    ok_status(Read(FILE_OPEN, FILE_SYNCHRONOUS_IO_ALERT | FILE_SYNCHRONOUS_IO_NONALERT),
              STATUS_INVALID_PARAMETER, "waits are alertable or not");
    ok_status(Create(FILE_THERE, FILE_READ_DATA, FILE_OPEN, SYNCHRONOUS), STATUS_INVALID_PARAMETER,
              "they need SYNCHRONIZE");
    ok_status(Read(FILE_OPEN, FILE_DELETE_ON_CLOSE), STATUS_INVALID_PARAMETER,
              "deleting needs DELETE");
    ok_status(Read(FILE_OPEN, FILE_COMPLETE_IF_OPLOCKED | FILE_RESERVE_OPFILTER),
              STATUS_INVALID_PARAMETER, "two kinds of locks");
    ok_status(Create(FILE_THERE, FILE_APPEND_DATA, FILE_OPEN, FILE_NO_INTERMEDIATE_BUFFERING),
              STATUS_INVALID_PARAMETER, "appending needs buffers");
    ok_status(Read(FILE_OPEN, ~(ULONG)FILE_VALID_OPTION_FLAGS), STATUS_INVALID_PARAMETER,
              "options that there are not");
}

static NTSTATUS CreateRaw(PHANDLE Handle, POBJECT_ATTRIBUTES Attributes, PIO_STATUS_BLOCK Block,
                          PLARGE_INTEGER Allocation, ULONG FileAttributes, ULONG Share,
                          PVOID Extended)
{
    return NtCreateFile(Handle, FILE_READ_DATA, Attributes, Block, Allocation, FileAttributes,
                        Share, FILE_OPEN, 0, Extended, Extended ? 16 : 0);
}

static void TestParameters(void)
{
    POBJECT_ATTRIBUTES There = Named(FILE_THERE, OBJ_CASE_INSENSITIVE);
    LARGE_INTEGER Allocation = {.QuadPart = 4096}, Negative = {.QuadPart = -1};
    SECURITY_QUALITY_OF_SERVICE Quality = {.Length = 1};
    UCHAR Extended[16] = {0};

    ok_status(CreateRaw(&File, There, &Iosb, &Allocation, 0, 0, NULL), STATUS_SUCCESS,
              "a size for a file that is there");
    NtClose(File);
    ok_status(CreateRaw(&File, There, &Iosb, &Negative, 0, 0, NULL), STATUS_INVALID_PARAMETER,
              "one below 0");
    ok_status(CreateRaw(&File, There, &Iosb, (PLARGE_INTEGER)8, 0, 0, NULL),
              STATUS_ACCESS_VIOLATION, "from a bad address");
    ok_status(CreateRaw(&File, There, &Iosb, NULL, 0x80000000, 0, NULL), STATUS_INVALID_PARAMETER,
              "attributes that there are not");
    ok_status(CreateRaw(&File, There, &Iosb, NULL, 0, 8, NULL), STATUS_INVALID_PARAMETER,
              "sharing that there is not");
    ok_status(CreateRaw(&File, There, &Iosb, NULL, 0, 0, Extended), STATUS_EAS_NOT_SUPPORTED,
              "extended attributes");
    ok_status(CreateRaw((PHANDLE)8, There, &Iosb, NULL, 0, 0, NULL), STATUS_ACCESS_VIOLATION,
              "a bad place for the handle");
    ok_status(CreateRaw(&File, There, (PIO_STATUS_BLOCK)8, NULL, 0, 0, NULL),
              STATUS_ACCESS_VIOLATION, "for the block");
    ok_status(CreateRaw(&File, NULL, &Iosb, NULL, 0, 0, NULL), STATUS_INVALID_PARAMETER, "no name");
    ok_status(CreateRaw(&File, (POBJECT_ATTRIBUTES)8, &Iosb, NULL, 0, 0, NULL),
              STATUS_ACCESS_VIOLATION, "a name at a bad address");
    There->SecurityQualityOfService = &Quality;
    ok_status(CreateRaw(&File, There, &Iosb, NULL, 0, 0, NULL), STATUS_INVALID_PARAMETER,
              "a quality of service of a wrong length");
}

/* \Device\Null is no file system's: its driver looks at none of this. */
static void TestDevice(void)
{
    ok_status(Create(u"\\Device\\Null", FILE_WRITE_DATA | SYNCHRONIZE, FILE_OPEN_IF, SYNCHRONOUS),
              STATUS_SUCCESS, "open a device or make it");
    ok_status(Create(u"\\Device\\NoSuch", FILE_WRITE_DATA | SYNCHRONIZE, FILE_CREATE, SYNCHRONOUS),
              STATUS_OBJECT_NAME_NOT_FOUND, "a device is not made so");
}

void TestCreateFile(void)
{
    TestDispositions();
    TestAccess();
    TestOptions();
    TestParameters();
    TestDevice();
}
