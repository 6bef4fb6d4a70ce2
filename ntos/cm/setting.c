// SPDX-License-Identifier: BSD-2-Clause
/* Settings of the Executive's own, read from the registry. */
#include "cmp.h"

BOOLEAN CmQuerySetting(PCWSTR Key, PCWSTR Value, PUNICODE_STRING Text)
{
    CM_NAME Name = {0};
    CM_VALUE_VIEW View;
    UNICODE_STRING Path;
    CM_VALUE Found = 0;
    CM_NODE Node;

    *Text = (UNICODE_STRING){0};
    RtlInitUnicodeString(&Path, Key);
    RtlInitUnicodeString(&Name.Text, Value);
    if (!NT_SUCCESS(CmpPrepareName(&Name)) || !NT_SUCCESS(CmpFindKey(&Path, FALSE, &Node)))
        return FALSE;
    Found = CmpStore.Operations->FindValue(Node, &Name);
    if (Found) {
        CmpStore.Operations->ReferenceValue(Found, &View);
        if (View.Type == REG_SZ && View.DataLength < UNICODE_STRING_MAX_BYTES)
            Text->Buffer = ExAllocatePool(View.DataLength + sizeof(WCHAR));
        if (Text->Buffer) {
            memcpy(Text->Buffer, View.Data, View.DataLength);
            Text->Length = (USHORT)(wcslen(Text->Buffer) * sizeof(WCHAR));
            Text->MaximumLength = (USHORT)(View.DataLength + sizeof(WCHAR));
        }
        CmpStore.Operations->DereferenceValue(&View);
    }
    CmpStore.Operations->DereferenceNode(Node);
    return Text->Buffer != NULL;
}
