// SPDX-License-Identifier: BSD-2-Clause
/* The languages that a thread, its process, its user and the system would like. (Win32:
 * GetThreadPreferredUILanguages; Microsoft: "User interface language management") */
#include "rtlp.h"

#define MAXIMUM_LANGUAGES 5
#define NAME_LENGTH 84 /* characters, with the terminator */

/* Each of them ends with a second NUL. */
typedef struct _LANGUAGE_LIST {
    ULONG Count;
    WCHAR Names[4 * MAXIMUM_LANGUAGES][NAME_LENGTH];
} LANGUAGE_LIST, *PLANGUAGE_LIST;

static const WCHAR SystemLanguages[] = u"en-US\0";

/* Under the PEB's lock; on the heap. A thread's is in its TEB. */
static PWSTR ProcessLanguages;

/* Those of which locale.nls may know nothing: the system's own has few locales. */
static const struct LANGUAGE_NUMBER {
    PCWSTR Name;
    USHORT Id;
} Numbers[] = {
    {u"ar-SA", 0x0401}, {u"bg-BG", 0x0402}, {u"cs-CZ", 0x0405}, {u"da-DK", 0x0406},
    {u"el-GR", 0x0408}, {u"fi-FI", 0x040b}, {u"fr-FR", 0x040c}, {u"he-IL", 0x040d},
    {u"hu-HU", 0x040e}, {u"it-IT", 0x0410}, {u"ja-JP", 0x0411}, {u"ko-KR", 0x0412},
    {u"nl-NL", 0x0413}, {u"nb-NO", 0x0414}, {u"pl-PL", 0x0415}, {u"pt-BR", 0x0416},
    {u"ro-RO", 0x0418}, {u"ru-RU", 0x0419}, {u"hr-HR", 0x041a}, {u"sk-SK", 0x041b},
    {u"sv-SE", 0x041d}, {u"th-TH", 0x041e}, {u"tr-TR", 0x041f}, {u"uk-UA", 0x0422},
    {u"sl-SI", 0x0424}, {u"et-EE", 0x0425}, {u"lv-LV", 0x0426}, {u"lt-LT", 0x0427},
    {u"vi-VN", 0x042a}, {u"zh-CN", 0x0804}, {u"de-CH", 0x0807}, {u"en-GB", 0x0809},
    {u"pt-PT", 0x0816}, {u"es-ES", 0x0c0a}, {u"zh-TW", 0x0404},
};

static ULONG NumberOf(PCWSTR Name)
{
    LCID Id;

    if (NT_SUCCESS(RtlLocaleNameToLcid(Name, &Id, RTL_LOCALE_ALLOW_NEUTRAL_NAMES)))
        return Id & MAXUSHORT;
    for (ULONG i = 0; i < ARRAYSIZE(Numbers); i++) {
        if (_wcsicmp(Numbers[i].Name, Name) == 0)
            return Numbers[i].Id;
    }
    return LOCALE_CUSTOM_UNSPECIFIED;
}

BOOLEAN RtlpLanguageName(ULONG Id, PWSTR Buffer)
{
    UNICODE_STRING Name = {.Buffer = Buffer, .MaximumLength = NAME_LENGTH * sizeof(WCHAR)};

    if (NT_SUCCESS(RtlLcidToLocaleName(Id, &Name, RTL_LOCALE_ALLOW_NEUTRAL_NAMES, FALSE)))
        return TRUE;
    for (ULONG i = 0; i < ARRAYSIZE(Numbers); i++) {
        if (Numbers[i].Id == Id) {
            wcscpy(Buffer, Numbers[i].Name);
            return TRUE;
        }
    }
    return FALSE;
}

/* FALSE: there is no such language here. */
static BOOLEAN NameOf(PCWSTR Digits, PWSTR Buffer)
{
    PWSTR End;
    ULONG Id = wcstoul(Digits, &End, 16);

    return !*End && Id <= MAXUSHORT && RtlpLanguageName(Id, Buffer);
}

static BOOLEAN IsLanguageName(PCWSTR Name)
{
    ULONG Length = 0;

    for (; Name[Length]; Length++) {
        if (Length == NAME_LENGTH - 1 || Name[Length] >= 0x80 ||
            (!isalnum(Name[Length]) && Name[Length] != '-'))
            return FALSE;
    }
    return Length != 0;
}

static void AddLanguage(PLANGUAGE_LIST List, PCWSTR Name)
{
    for (ULONG i = 0; i < List->Count; i++) {
        if (_wcsicmp(List->Names[i], Name) == 0)
            return;
    }
    if (List->Count < ARRAYSIZE(List->Names))
        wcscpy(List->Names[List->Count++], Name);
}

static void AddLanguages(PLANGUAGE_LIST List, PCWSTR Names)
{
    for (; Names && *Names; Names += wcslen(Names) + 1)
        AddLanguage(List, Names);
}

static void AddProcessLanguages(PLANGUAGE_LIST List)
{
    RtlAcquirePebLock();
    AddLanguages(List, ProcessLanguages);
    RtlReleasePebLock();
}

static ULONG Put(PWSTR Buffer, ULONG Room, ULONG Length, PCWSTR Text)
{
    ULONG Characters = (ULONG)wcslen(Text) + 1;

    if (Length + Characters <= Room)
        memcpy(Buffer + Length, Text, Characters * sizeof(WCHAR));
    return Length + Characters;
}

/* An empty list is two NULs, too. */
static NTSTATUS ReturnList(const LANGUAGE_LIST *List, ULONG Flags, PULONG Count, PWSTR Buffer,
                           PULONG Size)
{
    ULONG Length = 0, Room = *Size;
    WCHAR Digits[5];

    for (ULONG i = 0; i < List->Count; i++) {
        PCWSTR Text = List->Names[i];

        if (Flags & MUI_LANGUAGE_ID) {
            _snwprintf(Digits, ARRAYSIZE(Digits), u"%04X", NumberOf(Text));
            Text = Digits;
        }
        Length = Put(Buffer, Room, Length, Text);
    }
    if (!List->Count)
        Length = Put(Buffer, Room, Length, u"");
    Length = Put(Buffer, Room, Length, u"");
    *Size = Length;
    *Count = List->Count;
    return Room && Room < Length ? STATUS_BUFFER_TOO_SMALL : STATUS_SUCCESS;
}

/* Valid: the flags besides those of the form, of which there may be one. */
static BOOLEAN ValidRequest(ULONG Flags, ULONG Valid, PULONG Count, PWSTR Buffer, PULONG Size)
{
    const ULONG Forms = MUI_LANGUAGE_ID | MUI_LANGUAGE_NAME;

    return !(Flags & ~(Forms | Valid)) && (Flags & Forms) != Forms && Count && Size &&
           (Buffer || !*Size);
}

NTSTATUS NTAPI RtlGetSystemPreferredUILanguages(ULONG Flags, ULONG Reserved, PULONG Count,
                                                PWSTR Buffer, PULONG Size)
{
    LANGUAGE_LIST List = {.Count = 0};

    if (!ValidRequest(Flags, MUI_MACHINE_LANGUAGE_SETTINGS, Count, Buffer, Size))
        return STATUS_INVALID_PARAMETER;
    AddLanguages(&List, SystemLanguages);
    return ReturnList(&List, Flags, Count, Buffer, Size);
}

NTSTATUS NTAPI RtlGetUserPreferredUILanguages(ULONG Flags, ULONG Reserved, PULONG Count,
                                              PWSTR Buffer, PULONG Size)
{
    LANGUAGE_LIST List = {.Count = 0};

    if (!ValidRequest(Flags, 0, Count, Buffer, Size))
        return STATUS_INVALID_PARAMETER;
    AddLanguages(&List, SystemLanguages);
    return ReturnList(&List, Flags, Count, Buffer, Size);
}

NTSTATUS NTAPI RtlGetProcessPreferredUILanguages(ULONG Flags, PULONG Count, PWSTR Buffer,
                                                 PULONG Size)
{
    LANGUAGE_LIST List = {.Count = 0};

    if (!ValidRequest(Flags, 0, Count, Buffer, Size))
        return STATUS_INVALID_PARAMETER;
    AddProcessLanguages(&List);
    return ReturnList(&List, Flags, Count, Buffer, Size);
}

/* The thread's own; unless only those are wanted, its process' behind them; with a fallback, those
 * of user and system, too. */
NTSTATUS NTAPI RtlGetThreadPreferredUILanguages(ULONG Flags, PULONG Count, PWSTR Buffer,
                                                PULONG Size)
{
    LANGUAGE_LIST List = {.Count = 0};

    if (!ValidRequest(Flags, MUI_UI_FALLBACK | MUI_THREAD_LANGUAGES, Count, Buffer, Size))
        return STATUS_INVALID_PARAMETER;
    AddLanguages(&List, NtCurrentTeb()->PreferredLanguages);
    if (!(Flags & MUI_THREAD_LANGUAGES))
        AddProcessLanguages(&List);
    if ((Flags & MUI_UI_FALLBACK) || (!List.Count && !(Flags & MUI_THREAD_LANGUAGES)))
        AddLanguages(&List, SystemLanguages);
    return ReturnList(&List, Flags, Count, Buffer, Size);
}

/* Reads a list of the caller's. Languages that are no names are left out. */
static NTSTATUS ReadList(ULONG Flags, PCWSTR Languages, PLANGUAGE_LIST List)
{
    const ULONG Forms = MUI_LANGUAGE_ID | MUI_LANGUAGE_NAME;

    List->Count = 0;
    if ((Flags & ~Forms) || (Flags & Forms) == Forms)
        return STATUS_INVALID_PARAMETER;
    for (; Languages && *Languages && List->Count < MAXIMUM_LANGUAGES;
         Languages += wcslen(Languages) + 1) {
        WCHAR Name[NAME_LENGTH];

        if (!(Flags & MUI_LANGUAGE_ID) && IsLanguageName(Languages))
            AddLanguage(List, Languages);
        else if ((Flags & MUI_LANGUAGE_ID) && NameOf(Languages, Name) && IsLanguageName(Name))
            AddLanguage(List, Name);
    }
    return STATUS_SUCCESS;
}

/* The list as one block on the heap; *Block is NULL if it is empty. */
static NTSTATUS MakeBlock(const LANGUAGE_LIST *List, PWSTR *Block)
{
    ULONG Length = 1;

    *Block = NULL;
    if (!List->Count)
        return STATUS_SUCCESS;
    for (ULONG i = 0; i < List->Count; i++)
        Length += (ULONG)wcslen(List->Names[i]) + 1;
    *Block = RtlAllocateHeap(RtlProcessHeap(), 0, Length * sizeof(WCHAR));
    if (!*Block)
        return STATUS_NO_MEMORY;
    Length = 0;
    for (ULONG i = 0; i < List->Count; i++)
        Length = Put(*Block, MAXULONG, Length, List->Names[i]);
    (*Block)[Length] = UNICODE_NULL;
    return STATUS_SUCCESS;
}

static NTSTATUS MakeNew(ULONG Flags, PCWSTR Languages, PWSTR *Block, PULONG Count)
{
    LANGUAGE_LIST List;
    NTSTATUS Status = ReadList(Flags, Languages, &List);

    if (NT_SUCCESS(Status))
        Status = MakeBlock(&List, Block);
    if (NT_SUCCESS(Status) && Count)
        *Count = List.Count;
    return Status;
}

NTSTATUS NTAPI RtlSetProcessPreferredUILanguages(ULONG Flags, PCWSTR Languages, PULONG Count)
{
    PWSTR New, Old;
    NTSTATUS Status = MakeNew(Flags, Languages, &New, Count);

    if (!NT_SUCCESS(Status))
        return Status;
    RtlAcquirePebLock();
    Old = ProcessLanguages;
    ProcessLanguages = New;
    RtlReleasePebLock();
    if (Old)
        RtlFreeHeap(RtlProcessHeap(), 0, Old);
    return STATUS_SUCCESS;
}

NTSTATUS NTAPI RtlSetThreadPreferredUILanguages(ULONG Flags, PCWSTR Languages, PULONG Count)
{
    PWSTR New;
    NTSTATUS Status = MakeNew(Flags, Languages, &New, Count);

    if (!NT_SUCCESS(Status))
        return Status;
    RtlpFreeThreadLanguages();
    NtCurrentTeb()->PreferredLanguages = New;
    return STATUS_SUCCESS;
}

void RtlpFreeThreadLanguages(void)
{
    if (NtCurrentTeb()->PreferredLanguages)
        RtlFreeHeap(RtlProcessHeap(), 0, NtCurrentTeb()->PreferredLanguages);
    NtCurrentTeb()->PreferredLanguages = NULL;
}
