/* SPDX-License-Identifier: BSD-2-Clause */
/* The longest stretches of services that are about keys and values. */
#include "longest.h"

#define MEGABYTE 0x100000
#define LONG_NAME 16383 /* characters of a value's name */
#define VALUES 5000
#define WAITERS 5000
#define DEPTH 500

static HANDLE Root, Deepest, Event;
static PUCHAR Large;
static WCHAR Text[0x4000];
static UNICODE_STRING LargeName = RTL_CONSTANT_STRING(u"Large");
static IO_STATUS_BLOCK Block;

static NTSTATUS Create(HANDLE Directory, PCWSTR Path, PHANDLE Key)
{
    OBJECT_ATTRIBUTES Attributes;
    UNICODE_STRING Name;

    RtlInitUnicodeString(&Name, Path);
    InitializeObjectAttributes(&Attributes, &Name, OBJ_CASE_INSENSITIVE, Directory, NULL);
    return NtCreateKey(Key, KEY_ALL_ACCESS, &Attributes, 0, NULL, REG_OPTION_VOLATILE, NULL);
}

static BOOLEAN Prepare(void)
{
    SIZE_T Size = 2 * MEGABYTE;

    return NT_SUCCESS(NtAllocateVirtualMemory(NtCurrentProcess(), (PVOID *)&Large, 0, &Size,
                                              MEM_COMMIT, PAGE_READWRITE)) &&
           NT_SUCCESS(NtCreateEvent(&Event, EVENT_ALL_ACCESS, NULL, NotificationEvent, FALSE)) &&
           NT_SUCCESS(Create(NULL, u"\\Registry\\Machine\\Software\\Longest", &Root));
}

static BOOLEAN SetLarge(void)
{
    return NT_SUCCESS(NtSetValueKey(Root, &LargeName, 0, REG_BINARY, Large, MEGABYTE));
}

static BOOLEAN QueryLarge(void)
{
    ULONG Length;

    return NT_SUCCESS(NtQueryValueKey(Root, &LargeName, KeyValuePartialInformation, Large,
                                      2 * MEGABYTE, &Length));
}

static BOOLEAN DeleteLarge(void)
{
    return NT_SUCCESS(NtDeleteValueKey(Root, &LargeName));
}

static UNICODE_STRING LongName = {LONG_NAME * sizeof(WCHAR), LONG_NAME * sizeof(WCHAR), Text};

static BOOLEAN MakeLongName(void)
{
    for (ULONG i = 0; i < LONG_NAME; i++)
        Text[i] = 'a';
    return TRUE;
}

/* The same name. */
static BOOLEAN MakeUpperName(void)
{
    for (ULONG i = 0; i < LONG_NAME; i++)
        Text[i] = 'A';
    return TRUE;
}

static BOOLEAN SetLong(void)
{
    return NT_SUCCESS(NtSetValueKey(Root, &LongName, 0, REG_NONE, NULL, 0));
}

static BOOLEAN QueryLong(void)
{
    ULONG Length;

    return NT_SUCCESS(
        NtQueryValueKey(Root, &LongName, KeyValueFullInformation, Large, MEGABYTE / 16, &Length));
}

static BOOLEAN DeleteLong(void)
{
    return NT_SUCCESS(NtDeleteValueKey(Root, &LongName));
}

/* ---- A key with many values, which goes ---- */

static BOOLEAN CreateValues(void)
{
    UNICODE_STRING Name = {10, 10, Text};

    for (ULONG i = 0; i < VALUES; i++) {
        for (ULONG j = 0; j < 5; j++)
            Text[j] = (WCHAR)('a' + (i >> 3 * j & 7));
        if (!NT_SUCCESS(NtSetValueKey(Root, &Name, 0, REG_DWORD, &i, sizeof(i))))
            return FALSE;
    }
    return TRUE;
}

/* ---- Many who wait for a change ---- */

static BOOLEAN CreateWaiters(void)
{
    for (ULONG i = 0; i < WAITERS; i++)
        if (NtNotifyChangeKey(Root, Event, NULL, NULL, &Block, REG_NOTIFY_CHANGE_LAST_SET, FALSE,
                              NULL, 0, TRUE) != STATUS_PENDING)
            return FALSE;
    return TRUE;
}

static BOOLEAN SetSmall(void)
{
    return NT_SUCCESS(NtSetValueKey(Root, &LargeName, 0, REG_NONE, NULL, 0));
}

static BOOLEAN DeleteRoot(void)
{
    return NT_SUCCESS(NtDeleteKey(Root));
}

static BOOLEAN CloseRoot(void)
{
    return NT_SUCCESS(NtClose(Root));
}

/* ---- Keys in each other ---- */

static BOOLEAN CreateDeep(void)
{
    HANDLE Key;

    if (!NT_SUCCESS(Create(NULL, u"\\Registry\\Machine\\Software\\Longest", &Deepest)))
        return FALSE;
    for (ULONG i = 0; i < DEPTH; i++) {
        if (!NT_SUCCESS(Create(Deepest, u"a", &Key)))
            return FALSE;
        NtClose(Deepest);
        Deepest = Key;
    }
    return TRUE;
}

static BOOLEAN OpenDeep(void)
{
    OBJECT_ATTRIBUTES Attributes;
    UNICODE_STRING Name;
    HANDLE Key;
    ULONG Length;

    wcscpy(Text, u"\\Registry\\Machine\\Software\\Longest");
    Length = (ULONG)wcslen(Text);
    for (ULONG i = 0; i < DEPTH; i++) {
        Text[Length++] = '\\';
        Text[Length++] = 'a';
    }
    Text[Length] = UNICODE_NULL;
    RtlInitUnicodeString(&Name, Text);
    InitializeObjectAttributes(&Attributes, &Name, OBJ_CASE_INSENSITIVE, NULL, NULL);
    return NT_SUCCESS(NtOpenKey(&Key, KEY_READ, &Attributes)) && NT_SUCCESS(NtClose(Key));
}

static BOOLEAN QueryDeepName(void)
{
    ULONG Length;

    return NT_SUCCESS(NtQueryKey(Deepest, KeyNameInformation, Large, PAGE_SIZE, &Length));
}

/* From the deepest one upwards. */
static BOOLEAN DeleteDeep(void)
{
    ULONG Length = (ULONG)wcslen(Text);

    NtClose(Deepest);
    for (ULONG i = 0; i <= DEPTH; i++) {
        if (!NT_SUCCESS(Create(NULL, Text, &Deepest)) || !NT_SUCCESS(NtDeleteKey(Deepest)))
            return FALSE;
        NtClose(Deepest);
        Length -= 2;
        Text[Length] = UNICODE_NULL;
    }
    return TRUE;
}

void MeasureLongestRegistry(void)
{
    static const LONG_SERVICE Services[] = {
        {NULL, Prepare},
        {"set-large-value", SetLarge},
        {"replace-large-value", SetLarge},
        {"query-large-value", QueryLarge},
        {"delete-large-value", DeleteLarge},
        {NULL, MakeLongName},
        {"set-long-value-name", SetLong},
        {NULL, MakeUpperName},
        {"query-long-value-name", QueryLong},
        {"delete-long-value-name", DeleteLong},
        {NULL, CreateWaiters},
        {"tell-many-of-a-change", SetSmall},
        {NULL, CreateValues},
        {NULL, CreateWaiters},
        {"delete-key-with-values", DeleteRoot},
        {"close-deleted-key", CloseRoot},
        {NULL, CreateDeep},
        {"open-deep-key", OpenDeep},
        {"query-deep-key-name", QueryDeepName},
        {NULL, DeleteDeep},
    };

    MeasureServices(Services, ARRAYSIZE(Services));
}
