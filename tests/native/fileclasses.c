/* SPDX-License-Identifier: BSD-2-Clause */
/* Information classes of files and directories. */
#include "tap.h"

#define BAD_ADDRESS ((PVOID)0x18)

static IO_STATUS_BLOCK Iosb;

static HANDLE Open(PCWSTR Path, ACCESS_MASK Access)
{
    OBJECT_ATTRIBUTES Attributes;
    UNICODE_STRING String;
    HANDLE File = NULL;

    RtlInitUnicodeString(&String, Path);
    InitializeObjectAttributes(&Attributes, &String, OBJ_CASE_INSENSITIVE, NULL, NULL);
    ok_status(NtOpenFile(&File, Access | SYNCHRONIZE, &Attributes, &Iosb,
                         FILE_SHARE_READ | FILE_SHARE_WRITE, FILE_SYNCHRONOUS_IO_NONALERT),
              STATUS_SUCCESS, "open what is to be asked");
    return File;
}

static NTSTATUS Query(HANDLE File, PVOID Buffer, ULONG Length, FILE_INFORMATION_CLASS Class)
{
    Iosb = (IO_STATUS_BLOCK){.Information = 99};
    return NtQueryInformationFile(File, &Iosb, Buffer, Length, Class);
}

static void TestAll(HANDLE File)
{
    union {
        FILE_ALL_INFORMATION All;
        UCHAR Bytes[0x200];
    } Answer;
    FILE_INTERNAL_INFORMATION Internal;

    ok_status(Query(File, &Answer, sizeof(Answer), FileAllInformation), STATUS_SUCCESS,
              "all information");
    ok(Iosb.Information == 0x64 + Answer.All.NameInformation.FileNameLength, "ends with the name");
    ok(Answer.All.NameInformation.FileNameLength == 20 &&
           Answer.All.NameInformation.FileName[0] == '\\',
       "which is \\ntdll.dll");
    ok(Answer.All.StandardInformation.EndOfFile.QuadPart > 4096 &&
           Answer.All.BasicInformation.FileAttributes == FILE_ATTRIBUTE_READONLY,
       "size and attributes");
    ok(Answer.All.ModeInformation.Mode == FILE_SYNCHRONOUS_IO_NONALERT &&
           (Answer.All.AccessInformation.AccessFlags & FILE_READ_DATA),
       "mode and access");
    ok_status(Query(File, &Internal, sizeof(Internal), FileInternalInformation), STATUS_SUCCESS,
              "the index alone");
    ok(Internal.IndexNumber.QuadPart == Answer.All.InternalInformation.IndexNumber.QuadPart,
       "is the same");
    ok_status(Query(File, &Answer, sizeof(FILE_ALL_INFORMATION), FileAllInformation),
              STATUS_BUFFER_OVERFLOW, "with room for two characters");
    ok(Iosb.Information == sizeof(FILE_ALL_INFORMATION), "there are two");
    ok_status(Query(File, &Answer, sizeof(FILE_ALL_INFORMATION) - 1, FileAllInformation),
              STATUS_INFO_LENGTH_MISMATCH, "with less");
}

static void TestRareClasses(HANDLE File)
{
    FILE_ATTRIBUTE_TAG_INFORMATION Tag;
    FILE_COMPRESSION_INFORMATION Compression;
    FILE_STANDARD_INFORMATION Standard;
    FILE_STANDARD_LINK_INFORMATION Link;
    FILE_ID_INFORMATION Id;
    BOOLEAN Remote = TRUE;
    UCHAR Buffer[0x40];

    ok_status(Query(File, &Tag, sizeof(Tag), FileAttributeTagInformation), STATUS_SUCCESS,
              "the tag");
    ok(Tag.FileAttributes == FILE_ATTRIBUTE_READONLY && Tag.ReparseTag == 0, "there is none");
    Query(File, &Standard, sizeof(Standard), FileStandardInformation);
    ok_status(Query(File, &Compression, sizeof(Compression), FileCompressionInformation),
              STATUS_SUCCESS, "compression");
    ok(Compression.CompressedFileSize.QuadPart == Standard.EndOfFile.QuadPart &&
           Compression.CompressionFormat == COMPRESSION_FORMAT_NONE,
       "there is none either");
    ok_status(Query(File, &Link, sizeof(Link), FileStandardLinkInformation), STATUS_SUCCESS,
              "links");
    ok(Link.NumberOfAccessibleLinks == 1 && !Link.Directory && !Link.DeletePending, "one");
    ok_status(Query(File, &Id, sizeof(Id), FileIdInformation), STATUS_SUCCESS, "the 128-bit id");
    ok(Id.VolumeSerialNumber != 0 && Id.FileId.Identifier[15] == 0, "with the volume's");
    ok_status(Query(File, &Remote, sizeof(Remote), FileIsRemoteDeviceInformation), STATUS_SUCCESS,
              "is it remote?");
    ok(!Remote && Iosb.Information == 1, "no");
    ok_status(Query(File, Buffer, sizeof(Buffer), FilePipeLocalInformation),
              STATUS_INVALID_PARAMETER, "a pipe's class");
    ok_status(Query(File, Buffer, 4, FilePipeInformation), STATUS_INFO_LENGTH_MISMATCH,
              "into too little");
    ok_status(Query(File, &Tag, sizeof(Tag) - 1, FileAttributeTagInformation),
              STATUS_INFO_LENGTH_MISMATCH, "half a tag");
}

static void TestStat(HANDLE File)
{
    FILE_STAT_INFORMATION Stat;
    FILE_INTERNAL_INFORMATION Internal;
    FILE_STANDARD_INFORMATION Standard;
    FILE_BASIC_INFORMATION Basic;
    UCHAR Buffer[0x40];

    ok_status(Query(File, &Stat, sizeof(Stat), FileStatInformation), STATUS_SUCCESS, "all at once");
    ok(Iosb.Information == 0x48, "has a length");
    Query(File, &Internal, sizeof(Internal), FileInternalInformation);
    Query(File, &Standard, sizeof(Standard), FileStandardInformation);
    Query(File, &Basic, sizeof(Basic), FileBasicInformation);
    ok(Stat.FileId.QuadPart == Internal.IndexNumber.QuadPart &&
           Stat.EndOfFile.QuadPart == Standard.EndOfFile.QuadPart &&
           Stat.AllocationSize.QuadPart == Standard.AllocationSize.QuadPart &&
           Stat.CreationTime.QuadPart == Basic.CreationTime.QuadPart &&
           Stat.FileAttributes == Basic.FileAttributes,
       "is what the others say");
    ok(Stat.NumberOfLinks == 1 && Stat.ReparseTag == 0 && (Stat.EffectiveAccess & FILE_READ_DATA),
       "with links and access");
    ok_status(Query(File, Buffer, sizeof(Buffer), FileAlternateNameInformation),
              STATUS_OBJECT_NAME_NOT_FOUND, "a short name there is not");
}

static NTSTATUS SetMode(HANDLE File, ULONG Mode)
{
    return NtSetInformationFile(File, &Iosb, &Mode, sizeof(Mode), FileModeInformation);
}

static void TestMode(HANDLE File)
{
    FILE_MODE_INFORMATION Mode;

    ok_status(SetMode(File, FILE_SYNCHRONOUS_IO_ALERT | FILE_SEQUENTIAL_ONLY), STATUS_SUCCESS,
              "another mode");
    Query(File, &Mode, sizeof(Mode), FileModeInformation);
    ok(Mode.Mode == (FILE_SYNCHRONOUS_IO_ALERT | FILE_SEQUENTIAL_ONLY), "is the file's");
    ok_status(SetMode(File, 0), STATUS_INVALID_PARAMETER, "a synchronous file stays that");
    ok_status(SetMode(File, FILE_SYNCHRONOUS_IO_ALERT | FILE_SYNCHRONOUS_IO_NONALERT),
              STATUS_INVALID_PARAMETER, "it waits in one way");
    ok_status(SetMode(File, FILE_SYNCHRONOUS_IO_ALERT | FILE_DELETE_ON_CLOSE),
              STATUS_INVALID_PARAMETER, "what cannot be set");
    ok_status(SetMode(File, FILE_SYNCHRONOUS_IO_NONALERT), STATUS_SUCCESS, "as it was");
    Query(File, &Mode, sizeof(Mode), FileModeInformation);
    ok(Mode.Mode == FILE_SYNCHRONOUS_IO_NONALERT, "it is");
}

static void TestStreams(HANDLE File, HANDLE Directory)
{
    union {
        FILE_STREAM_INFORMATION Stream;
        UCHAR Bytes[0x40];
    } Answer;

    ok_status(Query(File, &Answer, sizeof(Answer), FileStreamInformation), STATUS_SUCCESS,
              "the streams");
    ok(Answer.Stream.NextEntryOffset == 0 && Answer.Stream.StreamNameLength == 14 &&
           memcmp(Answer.Stream.StreamName, u"::$DATA", 14) == 0 && Iosb.Information == 0x18 + 14,
       "are one");
    ok_status(Query(File, &Answer, sizeof(FILE_STREAM_INFORMATION), FileStreamInformation),
              STATUS_BUFFER_OVERFLOW, "whose name is cut off");
    ok_status(Query(Directory, &Answer, sizeof(Answer), FileStreamInformation), STATUS_SUCCESS,
              "those of a directory");
    ok(Iosb.Information == 0, "are none");
}

static void TestOfDevices(void)
{
    HANDLE Null = Open(u"\\Device\\Null", FILE_READ_DATA);
    FILE_ATTRIBUTE_TAG_INFORMATION Tag;
    UCHAR Buffer[0x80];
    BOOLEAN Remote;

    ok_status(Query(Null, &Tag, sizeof(Tag), FileAttributeTagInformation), STATUS_ACCESS_DENIED,
              "a device, without the access");
    ok_status(Query(Null, Buffer, sizeof(Buffer), FileStreamInformation),
              STATUS_INVALID_DEVICE_REQUEST, "its streams");
    ok_status(Query(Null, Buffer, sizeof(Buffer), FileIdInformation), STATUS_INVALID_DEVICE_REQUEST,
              "its id");
    ok_status(Query(Null, &Remote, sizeof(Remote), FileIsRemoteDeviceInformation), STATUS_SUCCESS,
              "remote it is not");
    NtClose(Null);
}

static void TestSetting(HANDLE File)
{
    FILE_RENAME_INFORMATION Rename = {.FileNameLength = 2, .FileName = {'x'}};
    ULONG Words[2] = {0};

    ok_status(NtSetInformationFile(File, &Iosb, &Rename, sizeof(Rename), FileLinkInformation),
              STATUS_MEDIA_WRITE_PROTECTED, "a link to it");
    ok_status(NtSetInformationFile(File, &Iosb, &Rename, sizeof(Rename), FileRenameInformation),
              STATUS_ACCESS_DENIED, "another name, without DELETE");
    ok_status(
        NtSetInformationFile(File, &Iosb, &Rename, sizeof(Rename) - 1, FileRenameInformationEx),
        STATUS_INFO_LENGTH_MISMATCH, "too short a name");
    ok_status(NtSetInformationFile(File, &Iosb, Words, 4, FileDispositionInformationEx),
              STATUS_ACCESS_DENIED, "its end");
    ok_status(NtSetInformationFile(File, &Iosb, Words, 8, FileValidDataLengthInformation),
              STATUS_ACCESS_DENIED, "its valid data");
    ok_status(NtSetInformationFile(File, &Iosb, Words, 8, FilePipeInformation),
              STATUS_ACCESS_DENIED, "a pipe's class");
    ok_status(NtSetInformationFile(File, &Iosb, Words, 8, FileMailslotSetInformation),
              STATUS_INVALID_PARAMETER, "a mailslot's class");
}

static const struct {
    FILE_INFORMATION_CLASS Class;
    ULONG NameOffset;
    ULONG IdOffset;
} IdClasses[] = {
    {FileIdFullDirectoryInformation, FIELD_OFFSET(FILE_ID_FULL_DIR_INFORMATION, FileName),
     FIELD_OFFSET(FILE_ID_FULL_DIR_INFORMATION, FileId)},
    {FileIdBothDirectoryInformation, FIELD_OFFSET(FILE_ID_BOTH_DIR_INFORMATION, FileName),
     FIELD_OFFSET(FILE_ID_BOTH_DIR_INFORMATION, FileId)},
    {FileIdExtdDirectoryInformation, FIELD_OFFSET(FILE_ID_EXTD_DIR_INFORMATION, FileName),
     FIELD_OFFSET(FILE_ID_EXTD_DIR_INFORMATION, FileId)},
    {FileIdExtdBothDirectoryInformation, FIELD_OFFSET(FILE_ID_EXTD_BOTH_DIR_INFORMATION, FileName),
     FIELD_OFFSET(FILE_ID_EXTD_BOTH_DIR_INFORMATION, FileId)},
};

static void TestIdClasses(HANDLE File, HANDLE Directory)
{
    UNICODE_STRING Name = RTL_CONSTANT_STRING(u"ntdll.dll");
    FILE_INTERNAL_INFORMATION Internal;
    UCHAR Buffer[0x100] __attribute__((aligned(8)));

    Query(File, &Internal, sizeof(Internal), FileInternalInformation);
    for (ULONG i = 0; i < ARRAYSIZE(IdClasses); i++) {
        ok_status(NtQueryDirectoryFile(Directory, NULL, NULL, NULL, &Iosb, Buffer, sizeof(Buffer),
                                       IdClasses[i].Class, TRUE, &Name, TRUE),
                  STATUS_SUCCESS, "an entry with its id");
        ok(memcmp(Buffer + IdClasses[i].IdOffset, &Internal, sizeof(Internal)) == 0,
           "the id is the file's");
        ok(Iosb.Information == IdClasses[i].NameOffset + Name.Length &&
               memcmp(Buffer + IdClasses[i].NameOffset, Name.Buffer, Name.Length) == 0,
           "the name behind it");
        ok_status(NtQueryDirectoryFile(Directory, NULL, NULL, NULL, &Iosb, Buffer,
                                       IdClasses[i].NameOffset, IdClasses[i].Class, TRUE, &Name,
                                       TRUE),
                  STATUS_INFO_LENGTH_MISMATCH, "without room for a name");
    }
    ok_status(NtQueryDirectoryFile(Directory, NULL, NULL, NULL, &Iosb, Buffer, sizeof(Buffer),
                                   FileBasicInformation, TRUE, &Name, TRUE),
              STATUS_INVALID_INFO_CLASS, "a class that is none of a directory");
}

static NTSTATUS QueryEx(HANDLE Directory, PVOID Buffer, ULONG Length, ULONG Flags)
{
    return NtQueryDirectoryFileEx(Directory, NULL, NULL, NULL, &Iosb, Buffer, Length,
                                  FileNamesInformation, Flags, NULL);
}

static void TestQueryEx(void)
{
    HANDLE Directory = Open(u"\\SystemRoot", FILE_LIST_DIRECTORY);
    union {
        FILE_NAMES_INFORMATION Names;
        UCHAR Bytes[0x100];
    } First, Next;

    ok_status(QueryEx(Directory, &First, sizeof(First), SL_RESTART_SCAN | SL_RETURN_SINGLE_ENTRY),
              STATUS_SUCCESS, "the first entry");
    ok(First.Names.NextEntryOffset == 0, "one");
    ok_status(QueryEx(Directory, &Next, sizeof(Next), SL_RETURN_SINGLE_ENTRY), STATUS_SUCCESS,
              "the next");
    ok(First.Names.FileNameLength != Next.Names.FileNameLength ||
           memcmp(First.Names.FileName, Next.Names.FileName, Next.Names.FileNameLength) != 0,
       "another");
    ok_status(QueryEx(Directory, &Next, sizeof(Next), SL_RESTART_SCAN), STATUS_SUCCESS,
              "as many as fit");
    ok(Next.Names.NextEntryOffset != 0, "more than one");
    ok_status(QueryEx(Directory, &Next, sizeof(Next), 0x100), STATUS_INVALID_PARAMETER,
              "an unknown flag");
    ok_status(QueryEx(NULL, &Next, sizeof(Next), 0), STATUS_INVALID_HANDLE, "of nothing");
    ok_status(QueryEx(Directory, BAD_ADDRESS, 0x100, 0), STATUS_ACCESS_VIOLATION,
              "into a bad address");
    NtClose(Directory);
}

/* A query that does not move on, once and again, and the one after them: all begin alike. */
static void TestCursor(void)
{
    HANDLE Directory = Open(u"\\SystemRoot", FILE_LIST_DIRECTORY);
    ULONG Kept = SL_NO_CURSOR_UPDATE_QUERY | SL_RETURN_SINGLE_ENTRY;
    UCHAR First[0x100] = {0}, Again[0x100] = {0};

    ok_status(QueryEx(Directory, First, sizeof(First), Kept), STATUS_SUCCESS, "keep the cursor");
    ok_status(QueryEx(Directory, Again, sizeof(Again), SL_NO_CURSOR_UPDATE_QUERY), STATUS_SUCCESS,
              "as many as fit");
    ok(((PFILE_NAMES_INFORMATION)Again)->NextEntryOffset != 0, "more than one");
    ok_status(QueryEx(Directory, Again, sizeof(Again), SL_RETURN_SINGLE_ENTRY), STATUS_SUCCESS,
              "then move on");
    ok(memcmp(First, Again, ((PFILE_NAMES_INFORMATION)First)->FileNameLength + 12) == 0,
       "from the same entry");
    ok_status(QueryEx(Directory, Again, sizeof(Again), Kept), STATUS_SUCCESS, "the next");
    ok(memcmp(First, Again, ((PFILE_NAMES_INFORMATION)First)->FileNameLength + 12) != 0,
       "is another");
    NtClose(Directory);
}

static NTSTATUS Watch(HANDLE Directory, PIO_STATUS_BLOCK Block, ULONG Filter)
{
    ULONG Buffer[4];

    return NtNotifyChangeDirectoryFile(Directory, NULL, NULL, NULL, Block, Buffer, sizeof(Buffer),
                                       Filter, FALSE);
}

static void TestWatching(HANDLE File, HANDLE Directory)
{
    ok_status(Watch(Directory, &Iosb, 0), STATUS_INVALID_PARAMETER, "nothing to be told");
    ok_status(Watch(Directory, &Iosb, 0x1001), STATUS_INVALID_PARAMETER, "an unknown bit");
    ok_status(Watch(NULL, &Iosb, 1), STATUS_INVALID_HANDLE, "no directory");
    ok_status(Watch(Directory, BAD_ADDRESS, 1), STATUS_ACCESS_VIOLATION, "a bad status block");
    ok_status(Watch(File, &Iosb, 1), STATUS_INVALID_PARAMETER, "a file");
}

void TestFileClasses(void)
{
    HANDLE File = Open(u"\\??\\C:\\ntdll.dll", FILE_READ_DATA | FILE_READ_ATTRIBUTES);
    HANDLE Directory = Open(u"\\SystemRoot", FILE_LIST_DIRECTORY | FILE_READ_ATTRIBUTES);

    TestAll(File);
    TestRareClasses(File);
    TestStreams(File, Directory);
    TestOfDevices();
    TestSetting(File);
    TestIdClasses(File, Directory);
    TestQueryEx();
    TestCursor();
    TestStat(File);
    TestMode(File);
    TestWatching(File, Directory);
    NtClose(Directory);
    NtClose(File);
}
