// SPDX-License-Identifier: BSD-2-Clause
/*
 * What programs find when they start: the DOS devices, the console as standard handles, the
 * environment that all of them inherit, and \KnownDlls, the sections of the system's own DLLs, so
 * that nobody else's are loaded in their place. The lists are here until the session
 * starts from the registry.
 */
#include "smss.h"

static const struct {
    UNICODE_STRING Name, Value;
} Variables[] = {
    {RTL_CONSTANT_STRING(u"ComSpec"), RTL_CONSTANT_STRING(u"C:\\windows\\system32\\cmd.exe")},
    {RTL_CONSTANT_STRING(u"OS"), RTL_CONSTANT_STRING(u"Windows_NT")},
    {RTL_CONSTANT_STRING(u"Path"), RTL_CONSTANT_STRING(u"C:\\windows\\system32;C:\\windows")},
    {RTL_CONSTANT_STRING(u"PATHEXT"), RTL_CONSTANT_STRING(u".COM;.EXE;.BAT;.CMD")},
    {RTL_CONSTANT_STRING(u"SystemDrive"), RTL_CONSTANT_STRING(u"C:")},
    {RTL_CONSTANT_STRING(u"SystemRoot"), RTL_CONSTANT_STRING(u"C:\\windows")},
    {RTL_CONSTANT_STRING(u"TEMP"), RTL_CONSTANT_STRING(u"C:\\windows\\temp")},
    {RTL_CONSTANT_STRING(u"TMP"), RTL_CONSTANT_STRING(u"C:\\windows\\temp")},
    {RTL_CONSTANT_STRING(u"windir"), RTL_CONSTANT_STRING(u"C:\\windows")},
};

/* Those that the archive has. */
static const UNICODE_STRING KnownDlls[] = {
    RTL_CONSTANT_STRING(u"advapi32.dll"),   RTL_CONSTANT_STRING(u"kernel32.dll"),
    RTL_CONSTANT_STRING(u"kernelbase.dll"), RTL_CONSTANT_STRING(u"msvcrt.dll"),
    RTL_CONSTANT_STRING(u"ntdll.dll"),      RTL_CONSTANT_STRING(u"rpcrt4.dll"),
    RTL_CONSTANT_STRING(u"sechost.dll"),    RTL_CONSTANT_STRING(u"ucrtbase.dll"),
};

static void MakeLink(PCWSTR Path, PCWSTR Destination)
{
    UNICODE_STRING Name, Target;
    OBJECT_ATTRIBUTES Attributes;
    HANDLE Link;
    NTSTATUS Status;

    RtlInitUnicodeString(&Name, Path);
    RtlInitUnicodeString(&Target, Destination);
    InitializeObjectAttributes(&Attributes, &Name, OBJ_CASE_INSENSITIVE | OBJ_PERMANENT, NULL,
                               NULL);
    Status = NtCreateSymbolicLinkObject(&Link, SYMBOLIC_LINK_ALL_ACCESS, &Attributes, &Target);
    if (NT_SUCCESS(Status))
        NtClose(Link);
    else
        DisplayFailure(u"cannot make ", Path, Status);
}

/* A file that is not there is no failure. */
static NTSTATUS OpenDll(PCUNICODE_STRING Name, PHANDLE File)
{
    WCHAR Buffer[64];
    UNICODE_STRING Path = {.MaximumLength = sizeof(Buffer), .Buffer = Buffer};
    OBJECT_ATTRIBUTES Attributes;
    IO_STATUS_BLOCK Iosb;

    RtlAppendUnicodeToString(&Path, u"\\SystemRoot\\system32\\");
    RtlAppendUnicodeStringToString(&Path, Name);
    InitializeObjectAttributes(&Attributes, &Path, OBJ_CASE_INSENSITIVE, NULL, NULL);
    return NtOpenFile(File, FILE_READ_DATA | FILE_EXECUTE | SYNCHRONIZE, &Attributes, &Iosb,
                      FILE_SHARE_READ, FILE_NON_DIRECTORY_FILE | FILE_SYNCHRONOUS_IO_NONALERT);
}

static void MakeKnownDll(HANDLE Directory, PCUNICODE_STRING Name)
{
    OBJECT_ATTRIBUTES Attributes;
    HANDLE File, Section;
    NTSTATUS Status = OpenDll(Name, &File);

    if (!NT_SUCCESS(Status))
        return;
    InitializeObjectAttributes(&Attributes, Name, OBJ_CASE_INSENSITIVE | OBJ_PERMANENT, Directory,
                               NULL);
    Status = NtCreateSection(&Section, SECTION_ALL_ACCESS, &Attributes, NULL, PAGE_EXECUTE,
                             SEC_IMAGE, File);
    NtClose(File);
    if (NT_SUCCESS(Status))
        NtClose(Section);
    else
        DisplayFailure(u"cannot map ", Name->Buffer, Status);
}

static void MakeKnownDlls(void)
{
    UNICODE_STRING Path = RTL_CONSTANT_STRING(u"\\KnownDlls");
    OBJECT_ATTRIBUTES Attributes;
    HANDLE Directory;
    NTSTATUS Status;

    InitializeObjectAttributes(&Attributes, &Path,
                               OBJ_CASE_INSENSITIVE | OBJ_PERMANENT | OBJ_OPENIF, NULL, NULL);
    Status = NtCreateDirectoryObject(&Directory, DIRECTORY_ALL_ACCESS, &Attributes);
    if (!NT_SUCCESS(Status)) {
        DisplayFailure(u"cannot make ", Path.Buffer, Status);
        return;
    }
    for (ULONG i = 0; i < ARRAYSIZE(KnownDlls); i++)
        MakeKnownDll(Directory, &KnownDlls[i]);
    NtClose(Directory);
    MakeLink(u"\\KnownDlls\\KnownDllPath", u"C:\\windows\\system32");
}

/* The standard handles of the prompt and of what it starts: the text screen. Whoever finds that it
 * is not there does without. */
static void OpenConsole(void)
{
    UNICODE_STRING Name = RTL_CONSTANT_STRING(u"\\Device\\Console");
    PRTL_USER_PROCESS_PARAMETERS Parameters = NtCurrentPeb()->ProcessParameters;
    OBJECT_ATTRIBUTES Attributes;
    IO_STATUS_BLOCK Iosb;
    HANDLE Console;
    NTSTATUS Status;

    InitializeObjectAttributes(&Attributes, &Name, OBJ_CASE_INSENSITIVE | OBJ_INHERIT, NULL, NULL);
    Status = NtOpenFile(&Console, GENERIC_READ | GENERIC_WRITE | SYNCHRONIZE, &Attributes, &Iosb,
                        FILE_SHARE_READ | FILE_SHARE_WRITE, FILE_SYNCHRONOUS_IO_NONALERT);
    if (NT_SUCCESS(Status))
        Parameters->StandardInput = Parameters->StandardOutput = Parameters->StandardError =
            Console;
    else
        DisplayFailure(u"cannot open ", Name.Buffer, Status);
}

/* C: is the boot archive. The console's own DOS devices come with it. */
void PrepareForPrograms(void)
{
    MakeLink(u"\\GLOBAL??\\C:", u"\\Device\\BootArchive");
    MakeLink(u"\\GLOBAL??\\NUL", u"\\Device\\Null");
    OpenConsole();
    MakeKnownDlls();
    for (ULONG i = 0; i < ARRAYSIZE(Variables); i++)
        RtlSetEnvironmentVariable(NULL, &Variables[i].Name, &Variables[i].Value);
}
