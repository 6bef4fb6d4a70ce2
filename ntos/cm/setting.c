// SPDX-License-Identifier: BSD-2-Clause
/* Settings of the Executive's own, read from the registry. */
#include "cmp.h"

/* FALSE: there is no such value; else the view is to be dereferenced. */
static BOOLEAN FindSetting(PCWSTR Key, PCWSTR Value, CM_VALUE_VIEW *View)
{
    CM_NAME Name = {0};
    UNICODE_STRING Path;
    CM_VALUE Found;
    CM_NODE Node;

    RtlInitUnicodeString(&Path, Key);
    RtlInitUnicodeString(&Name.Text, Value);
    if (!NT_SUCCESS(CmpPrepareName(&Name)) || !NT_SUCCESS(CmpFindKey(&Path, FALSE, &Node)))
        return FALSE;
    Found = CmpStore.Operations->FindValue(Node, &Name);
    if (Found)
        CmpStore.Operations->ReferenceValue(Found, View);
    CmpStore.Operations->DereferenceNode(Node);
    return Found != 0;
}

BOOLEAN CmQuerySetting(PCWSTR Key, PCWSTR Value, PUNICODE_STRING Text)
{
    CM_VALUE_VIEW View;

    *Text = (UNICODE_STRING){0};
    if (!FindSetting(Key, Value, &View))
        return FALSE;
    if (View.Type == REG_SZ && View.DataLength < UNICODE_STRING_MAX_BYTES)
        Text->Buffer = ExAllocatePool(View.DataLength + sizeof(WCHAR));
    if (Text->Buffer) {
        memcpy(Text->Buffer, View.Data, View.DataLength);
        Text->Length = (USHORT)(wcslen(Text->Buffer) * sizeof(WCHAR));
        Text->MaximumLength = (USHORT)(View.DataLength + sizeof(WCHAR));
    }
    CmpStore.Operations->DereferenceValue(&View);
    return Text->Buffer != NULL;
}

BOOLEAN CmQueryNumber(PCWSTR Key, PCWSTR Value, PULONG Number)
{
    CM_VALUE_VIEW View;
    BOOLEAN Found;

    if (!FindSetting(Key, Value, &View))
        return FALSE;
    Found = View.Type == REG_DWORD && View.DataLength == sizeof(*Number);
    if (Found)
        memcpy(Number, View.Data, sizeof(*Number));
    CmpStore.Operations->DereferenceValue(&View);
    return Found;
}
