// SPDX-License-Identifier: BSD-2-Clause
/* Looking names up in the contexts that are active: the thread's, the process's, the system's.
 * (Win32: FindActCtxSectionString, FindActCtxSectionGuid) */
#include "sxsp.h"

#define FIND_FLAGS                                                                                 \
    (FIND_ACTCTX_SECTION_KEY_RETURN_HACTCTX | FIND_ACTCTX_SECTION_KEY_RETURN_FLAGS |               \
     FIND_ACTCTX_SECTION_KEY_RETURN_ASSEMBLY_METADATA)

/* A key of either kind; the other one is NULL. */
typedef struct _KEY {
    PCUNICODE_STRING Text;
    const GUID *Guid;
} KEY;

/* A caller's structure may end early. */
static BOOLEAN Has(const ACTCTX_SECTION_KEYED_DATA *Data, SIZE_T End)
{
    return Data->cbSize >= End;
}

#define END_OF(field)                                                                              \
    (offsetof(ACTCTX_SECTION_KEYED_DATA, field) +                                                  \
     sizeof(((ACTCTX_SECTION_KEYED_DATA *)NULL)->field))

static void FillMetadata(const ACTIVATION_CONTEXT_DATA *Context, ULONG RosterIndex,
                         ACTCTX_SECTION_KEYED_DATA_ASSEMBLY_METADATA *Metadata)
{
    SXSP_ROSTER_ITEM Item;

    memset(Metadata, 0, sizeof(*Metadata));
    if (!SxspFindAssembly(Context, RosterIndex, &Item))
        return;
    Metadata->lpInformation = (PVOID)Item.Information;
    Metadata->lpSectionBase = (PVOID)Item.Section.Base;
    Metadata->ulSectionLength = Item.Section.Length;
}

static void Fill(ULONG Flags, ULONG Layer, HANDLE Handle, const ACTIVATION_CONTEXT_DATA *Context,
                 const SXSP_FOUND *Found, PACTCTX_SECTION_KEYED_DATA Data)
{
    Data->ulDataFormatVersion = Found->DataFormatVersion;
    Data->lpData = (PVOID)Found->Data;
    Data->ulLength = Found->Length;
    Data->lpSectionGlobalData = (PVOID)Found->UserData;
    Data->ulSectionGlobalDataLength = Found->UserDataSize;
    Data->lpSectionBase = (PVOID)Found->Section.Base;
    Data->ulSectionTotalLength = Found->Section.Length;
    Data->hActCtx = NULL;
    if (Flags & FIND_ACTCTX_SECTION_KEY_RETURN_HACTCTX) {
        RtlAddRefActivationContext(Handle);
        Data->hActCtx = Handle;
    }
    if (Has(Data, END_OF(ulAssemblyRosterIndex)))
        Data->ulAssemblyRosterIndex = Found->RosterIndex;
    if ((Flags & FIND_ACTCTX_SECTION_KEY_RETURN_FLAGS) && Has(Data, END_OF(ulFlags)))
        Data->ulFlags = 1u << Layer;
    if ((Flags & FIND_ACTCTX_SECTION_KEY_RETURN_ASSEMBLY_METADATA) &&
        Has(Data, END_OF(AssemblyMetadata)))
        FillMetadata(Context, Found->RosterIndex, &Data->AssemblyMetadata);
}

static NTSTATUS FindIn(const ACTIVATION_CONTEXT_DATA *Context, ULONG SectionId, KEY Key,
                       PSXSP_FOUND Found)
{
    return Key.Text ? SxspFindText(Context, SectionId, Key.Text, Found)
                    : SxspFindGuid(Context, SectionId, Key.Guid, Found);
}

static NTSTATUS Find(ULONG Flags, ULONG SectionId, KEY Key, PACTCTX_SECTION_KEYED_DATA Data)
{
    NTSTATUS Result = SectionId - 1 < ACTIVATION_CONTEXT_SECTION_COMPATIBILITY_INFO
                          ? STATUS_SXS_KEY_NOT_FOUND
                          : STATUS_SXS_SECTION_NOT_FOUND;

    for (ULONG i = 0; i < SXSP_LAYERS; i++) {
        HANDLE Handle;
        const ACTIVATION_CONTEXT_DATA *Context = SxspLayer(i, &Handle);
        SXSP_FOUND Found;
        NTSTATUS Status;

        if (!Context)
            continue;
        Status = FindIn(Context, SectionId, Key, &Found);
        if (NT_SUCCESS(Status)) {
            if (Data)
                Fill(Flags, i, Handle, Context, &Found, Data);
            return STATUS_SUCCESS;
        }
        if (Status != STATUS_SXS_SECTION_NOT_FOUND && Status != STATUS_SXS_KEY_NOT_FOUND)
            return Status;
    }
    return Result;
}

/* Nobody has extensions. Without Data it is only told whether there is such a key. */
static BOOLEAN AreGood(ULONG Flags, const GUID *Extension, const ACTCTX_SECTION_KEYED_DATA *Data)
{
    if (Extension || (Flags & ~FIND_FLAGS) || (!Data && Flags))
        return FALSE;
    return !Data || Has(Data, offsetof(ACTCTX_SECTION_KEYED_DATA, ulAssemblyRosterIndex));
}

NTSTATUS NTAPI RtlFindActivationContextSectionString(ULONG Flags, const GUID *Extension,
                                                     ULONG SectionId, PCUNICODE_STRING Name,
                                                     PACTCTX_SECTION_KEYED_DATA Data)
{
    if (!Name || !Name->Buffer || !AreGood(Flags, Extension, Data))
        return STATUS_INVALID_PARAMETER;
    return Find(Flags, SectionId, (KEY){.Text = Name}, Data);
}

NTSTATUS NTAPI RtlFindActivationContextSectionGuid(ULONG Flags, const GUID *Extension,
                                                   ULONG SectionId, const GUID *Guid,
                                                   PACTCTX_SECTION_KEYED_DATA Data)
{
    if (!Guid || !AreGood(Flags, Extension, Data))
        return STATUS_INVALID_PARAMETER;
    return Find(Flags, SectionId, (KEY){.Guid = Guid}, Data);
}
