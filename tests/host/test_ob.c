// SPDX-License-Identifier: BSD-2-Clause
// sources: ntos/ob/search.c ntos/ob/security.c ntos/ob/attributes.c ntos/ob/directory.c ntos/ob/directory_query.c ntos/ob/duplicate.c
// sources: ntos/ob/dosdevices.c ntos/ob/handle.c ntos/ob/inherit.c ntos/ob/name.c ntos/ob/namespace.c
// sources: ntos/ob/object.c ntos/ob/open.c
// sources: ntos/ob/query.c ntos/ob/reference.c ntos/ob/start.c ntos/ob/symlink.c ntos/ob/type.c
// sources: ntos/ex/capture.c rtl/memory.c rtl/cstring.c rtl/ctype.c rtl/arch/x86_64/copy.c
// sources: rtl/string.c rtl/integer.c rtl/wstring.c rtl/upcase.c
// sources: rtl/tree.c
// options: -Iinclude -Intos/inc -Intos/ob -Ilibsel4/include -DNEPTUNE_HOST_TEST -DDBG=1
// options: -Wno-missing-field-initializers -idirafter /usr/x86_64-w64-mingw32/include
#include "test.h"
#include "obp.h"
#include "pool.h"
#include "security.h"

void abort(void);

/* ---- The rest of the Executive, as far as ob needs it ---- */
static ETHREAD Thread;
struct _ETHREAD *KiCurrentThread = &Thread;
POBJECT_TYPE PsProcessType, PsThreadType;

NTSTATUS NtQueryDebugFilterState(ULONG ComponentId, ULONG Level)
{
    return FALSE;
}

ULONG DbgPrint(PCSTR Format, ...)
{
    return STATUS_SUCCESS;
}

static BOOLEAN IsBad(const void *Address, SIZE_T Length)
{
    return Length && (ULONG_PTR)Address < 0x10000;
}

NTSTATUS MmCopyFromClient(PVOID Destination, const void *Source, SIZE_T Length)
{
    if (IsBad(Source, Length))
        return STATUS_ACCESS_VIOLATION;
    memcpy(Destination, Source, Length);
    return STATUS_SUCCESS;
}

NTSTATUS MmCopyToClient(PVOID Destination, const void *Source, SIZE_T Length)
{
    if (IsBad(Destination, Length))
        return STATUS_ACCESS_VIOLATION;
    memcpy(Destination, Source, Length);
    return STATUS_SUCCESS;
}

NTSTATUS MmProbeForWrite(PVOID Address, SIZE_T Length)
{
    return IsBad(Address, Length) ? STATUS_ACCESS_VIOLATION : STATUS_SUCCESS;
}

NTSTATUS KeCreateSystemThread(void (*Routine)(PVOID), PVOID Context)
{
    Routine(Context);
    return STATUS_SUCCESS;
}

NTSTATUS KeRaiseUserException(NTSTATUS Code)
{
    return Code;
}

NTSTATUS KeGiveWay(void)
{
    return STATUS_SUCCESS;
}

LONGLONG KeQuerySystemTime(void)
{
    return 1;
}

void KeBugCheck(const char *Reason)
{
    test_print("# bug check: %s\n", Reason);
    abort();
}

/* ---- What the tests work with ---- */
static POBJECT_TYPE ThingType;
static ULONG ThingsDeleted;
static PEPROCESS Process;

static void DeleteThing(PVOID Object)
{
    ThingsDeleted++;
}

static NTSTATUS ParseNothing(PVOID Object, PUNICODE_STRING Name, ULONG Attributes,
                             ACCESS_MASK Access, PVOID Context, PVOID *Result)
{
    if (!Name->Length) {
        ObReferenceObject(Object);
        *Result = Object;
        return STATUS_SUCCESS;
    }
    return STATUS_NO_SUCH_FILE;
}

static void Start(void)
{
    OBJECT_TYPE_INITIALIZER Type = {.Name = u"Thing",
                                    .Mapping = {1, 2, 0, 0x1f0003},
                                    .ValidAccess = 0x1f0003,
                                    .Waitable = TRUE,
                                    .Delete = DeleteThing};

    if (ThingType)
        return;
    ObInitialize();
    CHECK_EQUAL(ObCreateObjectType(&Type, &ThingType), STATUS_SUCCESS);
    Type.Name = u"Process";
    Type.ValidAccess = 0x1fffff;
    CHECK_EQUAL(ObCreateObjectType(&Type, &PsProcessType), STATUS_SUCCESS);
    CHECK_EQUAL(ObCreateObject(PsProcessType, sizeof(EPROCESS), (PVOID *)&Process), STATUS_SUCCESS);
    CHECK_EQUAL(ObCreateHandleTable(Process, NULL, NULL), STATUS_SUCCESS);
    Thread.Process = Process;
}

static POBJECT_ATTRIBUTES Named(PCWSTR Name, ULONG Flags, HANDLE Root)
{
    static OBJECT_ATTRIBUTES Attributes;
    static UNICODE_STRING String;

    RtlInitUnicodeString(&String, Name);
    InitializeObjectAttributes(&Attributes, &String, Flags, Root, NULL);
    return &Attributes;
}

static NTSTATUS CreateThing(PCWSTR Name, ULONG Flags, HANDLE Root, PHANDLE Handle)
{
    OB_ATTRIBUTES Attributes;
    PVOID Thing;
    NTSTATUS Status = ObCaptureAttributes(&Attributes, Named(Name, Flags, Root));

    if (!NT_SUCCESS(Status))
        return Status;
    Status = ObCreateObject(ThingType, 64, &Thing);
    if (NT_SUCCESS(Status))
        Status = ObInsertObject(Thing, &Attributes, 3, Handle);
    ObFreeAttributes(&Attributes);
    return Status;
}

static NTSTATUS OpenThing(PCWSTR Name, HANDLE Root, PHANDLE Handle)
{
    return ObOpenObjectByName(Handle, 1, Named(Name, OBJ_CASE_INSENSITIVE, Root), ThingType, NULL);
}

TEST(a_name_goes_with_the_last_handle)
{
    HANDLE First, Second;
    LONG Blocks;

    Start();
    Blocks = PoolBlocks;
    CHECK_EQUAL(CreateThing(u"\\BaseNamedObjects\\A", 0, NULL, &First), STATUS_SUCCESS);
    CHECK_EQUAL(OpenThing(u"\\basenamedobjects\\a", NULL, &Second), STATUS_SUCCESS);
    CHECK_EQUAL(NtClose(First), STATUS_SUCCESS);
    CHECK_EQUAL(NtClose(First), STATUS_INVALID_HANDLE);
    CHECK_EQUAL(OpenThing(u"\\BaseNamedObjects\\A", NULL, &First), STATUS_SUCCESS);
    CHECK_EQUAL(NtClose(First), STATUS_SUCCESS);
    CHECK_EQUAL(ThingsDeleted, 0);
    CHECK_EQUAL(NtClose(Second), STATUS_SUCCESS);
    CHECK_EQUAL(ThingsDeleted, 1);
    CHECK_EQUAL(OpenThing(u"\\BaseNamedObjects\\A", NULL, &First), STATUS_OBJECT_NAME_NOT_FOUND);
    CHECK(PoolBlocks <= Blocks + 2); /* the handle table's first block, its array */
}

TEST(a_permanent_name_stays_until_it_is_made_temporary)
{
    HANDLE Handle;

    CHECK_EQUAL(CreateThing(u"\\P", OBJ_PERMANENT, NULL, &Handle), STATUS_SUCCESS);
    NtClose(Handle);
    CHECK_EQUAL(ObOpenObjectByName(&Handle, DELETE, Named(u"\\P", 0, NULL), ThingType, NULL),
                STATUS_SUCCESS);
    CHECK_EQUAL(NtMakeTemporaryObject(Handle), STATUS_SUCCESS);
    NtClose(Handle);
    CHECK_EQUAL(OpenThing(u"\\P", NULL, &Handle), STATUS_OBJECT_NAME_NOT_FOUND);
}

TEST(names_that_are_wrong)
{
    HANDLE Handle;

    CHECK_EQUAL(OpenThing(u"A", NULL, &Handle), STATUS_OBJECT_PATH_SYNTAX_BAD);
    CHECK_EQUAL(OpenThing(u"", NULL, &Handle), STATUS_OBJECT_PATH_SYNTAX_BAD);
    CHECK_EQUAL(OpenThing(u"\\", NULL, &Handle), STATUS_OBJECT_TYPE_MISMATCH);
    CHECK_EQUAL(OpenThing(u"\\\\A", NULL, &Handle), STATUS_OBJECT_NAME_INVALID);
    CHECK_EQUAL(OpenThing(u"\\Device\\", NULL, &Handle), STATUS_OBJECT_NAME_INVALID);
    CHECK_EQUAL(OpenThing(u"\\None\\A", NULL, &Handle), STATUS_OBJECT_PATH_NOT_FOUND);
    CHECK_EQUAL(OpenThing(u"\\ObjectTypes\\Thing\\A", NULL, &Handle), STATUS_OBJECT_TYPE_MISMATCH);
    CHECK_EQUAL(OpenThing(u"\\Device", NULL, &Handle), STATUS_OBJECT_TYPE_MISMATCH);
    CHECK_EQUAL(CreateThing(u"\\Device", 0, NULL, &Handle), STATUS_OBJECT_NAME_COLLISION);
    CHECK_EQUAL(CreateThing(u"\\Device", OBJ_OPENIF, NULL, &Handle), STATUS_OBJECT_TYPE_MISMATCH);
    CHECK_EQUAL(CreateThing(u"\\A", 1, NULL, &Handle), STATUS_INVALID_PARAMETER);
    CHECK_EQUAL(ObOpenObjectByName(&Handle, 1, NULL, ThingType, NULL), STATUS_INVALID_PARAMETER);
    CHECK_EQUAL(ObOpenObjectByName(NULL, 1, Named(u"\\A", 0, NULL), ThingType, NULL),
                STATUS_ACCESS_VIOLATION);
}

TEST(open_if)
{
    HANDLE First, Second;

    CHECK_EQUAL(CreateThing(u"\\B", OBJ_OPENIF, NULL, &First), STATUS_SUCCESS);
    CHECK_EQUAL(CreateThing(u"\\b", OBJ_OPENIF | OBJ_CASE_INSENSITIVE, NULL, &Second),
                STATUS_OBJECT_NAME_EXISTS);
    CHECK_EQUAL(CreateThing(u"\\B", 0, NULL, &Second), STATUS_OBJECT_NAME_COLLISION);
    NtClose(First);
    NtClose(Second);
}

TEST(roots_and_links)
{
    UNICODE_STRING Target = RTL_CONSTANT_STRING(u"\\BaseNamedObjects");
    UNICODE_STRING Loop = RTL_CONSTANT_STRING(u"\\Loop");
    HANDLE Root, Link, Thing, Other, LoopLink;

    CHECK_EQUAL(NtCreateSymbolicLinkObject(&Link, 1, Named(u"\\L", 0, NULL), &Target),
                STATUS_SUCCESS);
    CHECK_EQUAL(NtCreateSymbolicLinkObject(&LoopLink, 1, Named(u"\\Loop", 0, NULL), &Loop),
                STATUS_SUCCESS);
    CHECK_EQUAL(NtOpenDirectoryObject(&Root, 3, Named(u"\\L", 0, NULL)), STATUS_SUCCESS);
    CHECK_EQUAL(CreateThing(u"C", 0, Root, &Thing), STATUS_SUCCESS);
    CHECK_EQUAL(OpenThing(u"\\L\\C", NULL, &Other), STATUS_SUCCESS);
    CHECK_EQUAL(OpenThing(u"\\C", Root, &Other), STATUS_OBJECT_PATH_SYNTAX_BAD);
    CHECK_EQUAL(OpenThing(u"C", Thing, &Other), STATUS_OBJECT_TYPE_MISMATCH);
    CHECK_EQUAL(OpenThing(u"\\Loop\\C", NULL, &Root), STATUS_OBJECT_NAME_NOT_FOUND);
    ObCloseAllHandles(Process);
    CHECK_EQUAL(ObCreateHandleTable(Process, NULL, NULL), STATUS_SUCCESS);
    CHECK_EQUAL(OpenThing(u"\\L\\C", NULL, &Other), STATUS_OBJECT_PATH_NOT_FOUND);
}

TEST(a_directory_that_has_lost_its_name_lives_as_long_as_what_is_in_it)
{
    HANDLE Directory, Thing, Again;
    LONG Blocks = PoolBlocks;
    UNICODE_STRING Name;
    PVOID Object;

    CHECK_EQUAL(NtCreateDirectoryObject(&Directory, 0xf, Named(u"\\Dir", 0, NULL)), STATUS_SUCCESS);
    CHECK_EQUAL(CreateThing(u"D", 0, Directory, &Thing), STATUS_SUCCESS);
    NtClose(Directory);
    CHECK_EQUAL(OpenThing(u"\\Dir\\D", NULL, &Again), STATUS_OBJECT_PATH_NOT_FOUND);
    CHECK_EQUAL(ObReferenceObjectByHandle(Thing, 1, ThingType, &Object), STATUS_SUCCESS);
    CHECK_EQUAL(ObQueryName(Object, &Name), STATUS_SUCCESS);
    CHECK_EQUAL(Name.Length, 4);
    ExFreeUnicodeString(&Name);
    ObDereferenceObject(Object);
    NtClose(Thing);
    CHECK(PoolBlocks <= Blocks + 2);
}

TEST(parse_methods_take_the_rest_of_a_name)
{
    OBJECT_TYPE_INITIALIZER Type = {.Name = u"Parser", .ValidAccess = 1, .Parse = ParseNothing};
    UNICODE_STRING Name = RTL_CONSTANT_STRING(u"\\Device\\Parser");
    POBJECT_TYPE Parser;
    HANDLE Handle;
    PVOID Object;

    CHECK_EQUAL(ObCreateObjectType(&Type, &Parser), STATUS_SUCCESS);
    CHECK_EQUAL(ObCreateObject(Parser, 8, &Object), STATUS_SUCCESS);
    CHECK_EQUAL(ObInsertName(Object, &Name), STATUS_SUCCESS);
    CHECK_EQUAL(OpenThing(u"\\Device\\Parser\\x\\\\y", NULL, &Handle), STATUS_NO_SUCH_FILE);
    CHECK_EQUAL(OpenThing(u"\\Device\\Parser", NULL, &Handle), STATUS_OBJECT_TYPE_MISMATCH);
    CHECK_EQUAL(CreateThing(u"\\Device\\Parser\\x", 0, NULL, &Handle), STATUS_OBJECT_TYPE_MISMATCH);
    ObRemoveName(Object);
    ObDereferenceObject(Object);
}

TEST(access_and_duplicates)
{
    HANDLE Handle, Copy;
    PVOID Object;

    CHECK_EQUAL(CreateThing(u"\\E", 0, NULL, &Handle), STATUS_SUCCESS);
    CHECK_EQUAL(
        NtDuplicateObject(NtCurrentProcess(), Handle, NtCurrentProcess(), &Copy, 1, OBJ_INHERIT, 0),
        STATUS_SUCCESS);
    CHECK_EQUAL(ObReferenceObjectByHandle(Copy, 2, ThingType, &Object), STATUS_ACCESS_DENIED);
    CHECK_EQUAL(ObReferenceObjectByHandle(Copy, 1, PsProcessType, &Object),
                STATUS_OBJECT_TYPE_MISMATCH);
    CHECK_EQUAL(ObReferenceObjectByHandle((HANDLE)((ULONG_PTR)Copy | 3), 1, ThingType, &Object),
                STATUS_SUCCESS);
    ObDereferenceObject(Object);
    CHECK_EQUAL(NtDuplicateObject(NtCurrentProcess(), Copy, NULL, NULL, 0, 0, 0),
                STATUS_INVALID_PARAMETER);
    CHECK_EQUAL(
        NtDuplicateObject(NtCurrentProcess(), Copy, NULL, NULL, 0, 0, DUPLICATE_CLOSE_SOURCE),
        STATUS_SUCCESS);
    CHECK_EQUAL(NtClose(Copy), STATUS_INVALID_HANDLE);
    CHECK_EQUAL(NtDuplicateObject(NtCurrentProcess(), Handle, NtCurrentProcess(), &Copy,
                                  MAXIMUM_ALLOWED, OBJ_PROTECT_CLOSE, 0),
                STATUS_SUCCESS);
    CHECK_EQUAL(NtClose(Copy), STATUS_HANDLE_NOT_CLOSABLE);
    CHECK_EQUAL(ObReferenceObjectByHandle(Copy, 0x1f0003, ThingType, &Object), STATUS_SUCCESS);
    ObDereferenceObject(Object);
    NtClose(Handle);
    ObCloseAllHandles(Process);
    CHECK_EQUAL(ObCreateHandleTable(Process, NULL, NULL), STATUS_SUCCESS);
}

TEST(handles_are_limited_and_come_back)
{
    static HANDLE Handles[OB_MAXIMUM_HANDLES];
    ULONG Count = 0, i;
    PVOID Thing;

    CHECK_EQUAL(ObCreateObject(ThingType, 8, &Thing), STATUS_SUCCESS);
    while (Count < OB_MAXIMUM_HANDLES &&
           NT_SUCCESS(ObCreateHandle(Process, Thing, 1, 0, &Handles[Count])))
        Count++;
    CHECK_EQUAL(Count, OB_MAXIMUM_HANDLES - 1);
    CHECK_EQUAL(ObGetHandleCount(Process), Count);
    for (i = 0; i < Count; i++)
        REQUIRE(NT_SUCCESS(NtClose(Handles[i])));
    CHECK_EQUAL(ObGetHandleCount(Process), 0);
    CHECK_EQUAL(ObGetReferenceCount(Thing), 1);
    ObDereferenceObject(Thing);
}

TEST(directories_are_listed_whole_and_in_pieces)
{
    static UCHAR Buffer[4096];
    POBJECT_DIRECTORY_INFORMATION Entry = (POBJECT_DIRECTORY_INFORMATION)Buffer;
    ULONG Context = 0, Returned, Count = 0, Whole = 0;
    HANDLE Root;
    NTSTATUS Status;

    CHECK_EQUAL(NtOpenDirectoryObject(&Root, DIRECTORY_QUERY, Named(u"\\", 0, NULL)),
                STATUS_SUCCESS);
    CHECK_EQUAL(
        NtQueryDirectoryObject(Root, Buffer, sizeof(Buffer), FALSE, TRUE, &Context, &Returned),
        STATUS_SUCCESS);
    while (Entry[Whole].Name.Length)
        Whole++;
    CHECK_EQUAL(Context, Whole);
    CHECK_EQUAL(NtQueryDirectoryObject(Root, Buffer, 8, TRUE, TRUE, &Context, &Returned),
                STATUS_BUFFER_TOO_SMALL);
    Context = 0;
    while ((Status = NtQueryDirectoryObject(Root, Buffer, Returned, TRUE, FALSE, &Context,
                                            &Returned)) != STATUS_NO_MORE_ENTRIES) {
        if (Status == STATUS_BUFFER_TOO_SMALL)
            continue;
        REQUIRE(Status == STATUS_SUCCESS);
        Count++;
        Returned = sizeof(Buffer);
    }
    CHECK_EQUAL(Count, Whole);
    NtClose(Root);
}

static NTSTATUS OpenCased(PCWSTR Name, ULONG Flags, PHANDLE Handle)
{
    return ObOpenObjectByName(Handle, 1, Named(Name, Flags, NULL), ThingType, NULL);
}

/* Names of one hash in upper case, in all the cases that they can have. */
TEST(names_that_differ_in_case_only)
{
    static const WCHAR *const Names[] = {u"\\Case", u"\\case", u"\\CASE", u"\\cAsE"};
    HANDLE Handles[4], Found;
    ULONG i;

    for (i = 0; i < 4; i++)
        REQUIRE(CreateThing(Names[i], 0, NULL, &Handles[i]) == STATUS_SUCCESS);
    CHECK_EQUAL(OpenCased(u"\\CasE", 0, &Found), STATUS_OBJECT_NAME_NOT_FOUND);
    for (i = 0; i < 4; i++) {
        CHECK_EQUAL(OpenCased(u"\\CasE", OBJ_CASE_INSENSITIVE, &Found), STATUS_SUCCESS);
        NtClose(Found);
        CHECK_EQUAL(OpenCased(Names[i], 0, &Found), STATUS_SUCCESS);
        NtClose(Found);
        NtClose(Handles[i]);
        CHECK_EQUAL(OpenCased(Names[i], 0, &Found), STATUS_OBJECT_NAME_NOT_FOUND);
    }
    CHECK_EQUAL(OpenCased(u"\\CasE", OBJ_CASE_INSENSITIVE, &Found), STATUS_OBJECT_NAME_NOT_FOUND);
}

/* Those of directories do not. */
TEST(directories_are_found_in_any_case)
{
    HANDLE Directory, Found;

    CHECK_EQUAL(
        NtCreateDirectoryObject(&Directory, DIRECTORY_ALL_ACCESS, Named(u"\\Case", 0, NULL)),
        STATUS_SUCCESS);
    CHECK_EQUAL(NtCreateDirectoryObject(&Found, DIRECTORY_ALL_ACCESS, Named(u"\\case", 0, NULL)),
                STATUS_OBJECT_NAME_COLLISION);
    CHECK_EQUAL(NtOpenDirectoryObject(&Found, DIRECTORY_QUERY, Named(u"\\CASE", 0, NULL)),
                STATUS_SUCCESS);
    NtClose(Found);
    NtClose(Directory);
}

/* Whatever allocation fails, nothing is lost and nothing half-made stays. */
TEST(memory_that_runs_out)
{
    UNICODE_STRING Target = RTL_CONSTANT_STRING(u"\\BaseNamedObjects");
    HANDLE Handle, Link;
    LONG Limit, Blocks;

    CHECK_EQUAL(CreateThing(u"\\F", 0, NULL, &Handle), STATUS_SUCCESS);
    NtClose(Handle);
    Blocks = PoolBlocks;
    for (Limit = 0; Limit < 20; Limit++) {
        PoolLimit = Limit;
        if (NT_SUCCESS(NtCreateSymbolicLinkObject(&Link, 1, Named(u"\\M", 0, NULL), &Target))) {
            if (NT_SUCCESS(CreateThing(u"\\M\\F", 0, NULL, &Handle)))
                NtClose(Handle);
            NtClose(Link);
        }
        PoolLimit = 0x7fffffff;
        CHECK_EQUAL(PoolBlocks, Blocks);
    }
}
