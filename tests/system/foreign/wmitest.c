/* SPDX-License-Identifier: BSD-2-Clause */
/* A provider of WMI's data and wmilib.sys: each minor function, good and bad. */
#include "check.h"
#include <wmistr.h>
#include "wmi.h"

#define DEVICE L"\\Device\\FgnWmi"

/* By the DDK. */
enum {
    QueryAllData,
    QuerySingleInstance,
    ChangeSingleInstance,
    ChangeSingleItem,
    EnableEvents,
    DisableEvents,
    EnableCollection,
    DisableCollection,
    RegInfo,
    ExecuteMethod,
};

static HANDLE File;
static FGN_ASK Question;
static const GUID Guids[] = {FGN_GUID(0), FGN_GUID(1), FGN_GUID(2)};

static void Begin(ULONG Function, ULONG Block, ULONG Size)
{
    memset(&Question, 0, sizeof(Question));
    Question.MinorFunction = Function;
    Question.Guid = Guids[Block];
    Question.Size = Size;
    ((PWNODE_HEADER)Question.Node)->BufferSize = Size;
    ((PWNODE_HEADER)Question.Node)->Guid = Guids[Block];
}

static NTSTATUS Ask(void)
{
    ULONG Information;
    NTSTATUS Status = Control(File, IOCTL_FGN_ASK, &Question, sizeof(Question), &Question,
                              sizeof(Question), &Information);

    return NT_SUCCESS(Status) ? Question.Status : Status;
}

static void AllData(void)
{
    PWNODE_ALL_DATA Node = (PWNODE_ALL_DATA)Question.Node;
    PWNODE_TOO_SMALL Small = (PWNODE_TOO_SMALL)Question.Node;
    ULONG i, Needed;

    Begin(QueryAllData, 0, FGN_NODE);
    is_status(Ask(), STATUS_SUCCESS, "all data of a block");
    ok(Node->InstanceCount == 2 && Node->DataBlockOffset % 8 == 0, "of both instances");
    for (i = 0; i < 2; i++) {
        ULONG Offset = Node->OffsetInstanceDataAndLength[i].OffsetInstanceData;
        FGN_COUNTER *Counter = (FGN_COUNTER *)(Question.Node + Offset);

        ok(Node->OffsetInstanceDataAndLength[i].LengthInstanceData == sizeof(FGN_COUNTER),
           "with their lengths");
        ok(Offset % 8 == 0 && Offset + sizeof(FGN_COUNTER) <= FGN_NODE, "at even places");
        ok(Counter->Number == i && Counter->Questions == 1 && Counter->Tail == 0x77,
           "with their data");
    }
    Needed = Node->WnodeHeader.BufferSize;
    ok(Needed == Question.Information, "as many bytes as it says");
    Begin(QueryAllData, 0, Needed);
    is_status(Ask(), STATUS_SUCCESS, "room for just that");
    Begin(QueryAllData, 0, Needed - 1);
    is_status(Ask(), STATUS_SUCCESS, "for a byte less");
    ok(Small->WnodeHeader.Flags & WNODE_FLAG_TOO_SMALL && Small->SizeNeeded == Needed,
       "says how much is wanted");
    ok(Question.Information == sizeof(WNODE_TOO_SMALL), "and no more");
    Begin(QueryAllData, 0, sizeof(WNODE_TOO_SMALL));
    is_status(Ask(), STATUS_SUCCESS, "for the least");
    ok(Small->WnodeHeader.Flags & WNODE_FLAG_TOO_SMALL && Small->SizeNeeded == Needed, "as well");
    Begin(QueryAllData, 0, sizeof(WNODE_TOO_SMALL) - 1);
    is_status(Ask(), STATUS_BUFFER_TOO_SMALL, "for less than that");
    Begin(QueryAllData, 2, FGN_NODE);
    is_status(Ask(), STATUS_WMI_GUID_NOT_FOUND, "a block that is not there");
    Begin(QueryAllData, 0, FGN_NODE);
    Question.NoGuid = TRUE;
    is_status(Ask(), STATUS_WMI_GUID_NOT_FOUND, "no block");
    Begin(QueryAllData, 0, FGN_NODE);
    Question.OtherProvider = TRUE;
    is_status(Ask(), STATUS_NOT_SUPPORTED, "a request for another is passed on");
    Begin(0x55, 0, FGN_NODE);
    is_status(Ask(), STATUS_NOT_SUPPORTED, "so is one that is not WMI");
}

static PWNODE_SINGLE_INSTANCE OneInstance(ULONG Function, ULONG Block, ULONG Instance)
{
    PWNODE_SINGLE_INSTANCE Node = (PWNODE_SINGLE_INSTANCE)Question.Node;

    Begin(Function, Block, FGN_NODE);
    Node->InstanceIndex = Instance;
    Node->DataBlockOffset = 128;
    return Node;
}

static void OneInstanceData(void)
{
    PWNODE_SINGLE_INSTANCE Node = OneInstance(QuerySingleInstance, 0, 1);
    FGN_COUNTER *Counter = (FGN_COUNTER *)(Question.Node + 128);

    is_status(Ask(), STATUS_SUCCESS, "data of one instance");
    ok(Node->SizeDataBlock == sizeof(*Counter) && Counter->Number == 1, "of that one");
    ok(Question.Information == 128 + sizeof(*Counter), "and no more");
    OneInstance(QuerySingleInstance, 0, 2);
    is_status(Ask(), STATUS_WMI_INSTANCE_NOT_FOUND, "one that is not there");
    OneInstance(QuerySingleInstance, 0, 0xffffffff);
    is_status(Ask(), STATUS_WMI_INSTANCE_NOT_FOUND, "or there");
    OneInstance(QuerySingleInstance, 0, 0)->DataBlockOffset = 8;
    is_status(Ask(), STATUS_INVALID_PARAMETER, "data on top of the header");
    OneInstance(QuerySingleInstance, 0, 0)->DataBlockOffset = 4 * FGN_NODE;
    is_status(Ask(), STATUS_SUCCESS, "data behind the buffer");
    ok(((PWNODE_TOO_SMALL)Node)->SizeNeeded == 4 * FGN_NODE + sizeof(*Counter),
       "would want a larger one");
}

static NTSTATUS Change(ULONG Block, ULONG Size, ULONG One, ULONG Two)
{
    PWNODE_SINGLE_INSTANCE Node = OneInstance(ChangeSingleInstance, Block, 0);

    Node->SizeDataBlock = Size;
    ((PULONG)(Question.Node + 128))[0] = One;
    ((PULONG)(Question.Node + 128))[1] = Two;
    return Ask();
}

static BOOLEAN SettingsAre(ULONG One, ULONG Two)
{
    OneInstance(QuerySingleInstance, 1, 0);
    return Ask() == STATUS_SUCCESS && ((PULONG)(Question.Node + 128))[0] == One &&
           ((PULONG)(Question.Node + 128))[1] == Two;
}

static NTSTATUS ChangeItem(ULONG Item, ULONG Size, ULONG Value)
{
    PWNODE_SINGLE_ITEM Node = (PWNODE_SINGLE_ITEM)OneInstance(ChangeSingleItem, 1, 0);

    Node->ItemId = Item;
    Node->DataBlockOffset = 128;
    Node->SizeDataItem = Size;
    *(PULONG)(Question.Node + 128) = Value;
    return Ask();
}

static void Changes(void)
{
    ok(SettingsAre(0, 0), "the settings are 0");
    is_status(Change(1, 8, 5, 6), STATUS_SUCCESS, "both are set");
    ok(SettingsAre(5, 6), "and are so");
    is_status(Change(1, 4, 7, 7), STATUS_WMI_SET_FAILURE, "half of them");
    is_status(Change(0, 8, 7, 7), STATUS_WMI_READ_ONLY, "those that cannot be set");
    is_status(Change(1, FGN_NODE, 7, 7), STATUS_INVALID_PARAMETER,
              "data that ends behind the buffer");
    is_status(Change(1, 0xffffffff, 7, 7), STATUS_INVALID_PARAMETER, "or at its beginning again");
    is_status(ChangeItem(2, 4, 9), STATUS_SUCCESS, "one is set");
    ok(SettingsAre(5, 9), "the other stays");
    is_status(ChangeItem(3, 4, 9), STATUS_WMI_ITEMID_NOT_FOUND, "a third");
    is_status(ChangeItem(1, 3, 9), STATUS_WMI_SET_FAILURE, "three bytes");
    ok(SettingsAre(5, 9), "change nothing");
}

static NTSTATUS Execute(ULONG Method, ULONG InSize, ULONG One, ULONG Two)
{
    PWNODE_METHOD_ITEM Node = (PWNODE_METHOD_ITEM)OneInstance(ExecuteMethod, 1, 0);

    Node->MethodId = Method;
    Node->DataBlockOffset = 128;
    Node->SizeDataBlock = InSize;
    ((PULONG)(Question.Node + 128))[0] = One;
    ((PULONG)(Question.Node + 128))[1] = Two;
    return Ask();
}

static void Methods(void)
{
    PWNODE_METHOD_ITEM Node = (PWNODE_METHOD_ITEM)Question.Node;

    is_status(Execute(FgnMethodAdd, 8, 20, 3), STATUS_SUCCESS, "a method");
    ok(*(PULONG)(Question.Node + 128) == 23 && Node->SizeDataBlock == 4, "gives its result");
    ok(Question.Information == 132, "and no more");
    is_status(Execute(FgnMethodLater, 8, 30, 4), STATUS_SUCCESS, "one that takes longer");
    ok(*(PULONG)(Question.Node + 128) == 34 && Question.Information == 132, "too");
    is_status(Execute(FgnMethodAdd, 4, 1, 1), STATUS_INVALID_PARAMETER, "too little for it");
    is_status(Execute(9, 8, 1, 1), STATUS_WMI_ITEMID_NOT_FOUND, "one that is not there");
    is_status(Execute(FgnMethodAdd, FGN_NODE, 1, 1), STATUS_INVALID_PARAMETER,
              "input that ends behind the buffer");
}

static NTSTATUS Switch(ULONG Function, ULONG Block)
{
    Begin(Function, Block, FGN_NODE);
    return Ask();
}

static ULONG Switched(void)
{
    ULONG Bits = 0xffff, Information;

    Control(File, IOCTL_FGN_COLLECT, NULL, 0, &Bits, sizeof(Bits), &Information);
    return Bits;
}

static void Switches(void)
{
    is_status(Switch(EnableCollection, 0), STATUS_SUCCESS, "collection is switched on");
    is_status(Switch(EnableEvents, 1), STATUS_SUCCESS, "and events");
    ok(Switched() == 0x21, "each for its block");
    is_status(Switch(DisableCollection, 0), STATUS_SUCCESS, "off");
    ok(Switched() == 0x20, "one");
    is_status(Switch(DisableEvents, 1), STATUS_SUCCESS, "off");
    ok(Switched() == 0, "both");
    is_status(Switch(EnableEvents, 2), STATUS_WMI_GUID_NOT_FOUND, "of a block that is not there");
}

static BOOLEAN TextAt(ULONG Offset, PCWSTR Text)
{
    USHORT Length = *(PUSHORT)(Question.Node + Offset), i;

    for (i = 0; Text[i]; i++)
        if (((PCWSTR)(Question.Node + Offset + 2))[i] != Text[i])
            return FALSE;
    return Length == i * sizeof(WCHAR);
}

static void Registration(void)
{
    PWMIREGINFOW Info = (PWMIREGINFOW)Question.Node;
    ULONG Needed;

    Begin(RegInfo, 0, FGN_NODE);
    is_status(Ask(), STATUS_SUCCESS, "what the driver has");
    Needed = Info->BufferSize;
    ok(Info->GuidCount == 2 && Needed == Question.Information && Needed <= FGN_NODE,
       "are two blocks");
    ok(!memcmp(&Info->WmiRegGuid[1].Guid, &Guids[1], sizeof(GUID)), "with their GUIDs");
    ok(Info->WmiRegGuid[0].InstanceCount == 2 && Info->WmiRegGuid[1].InstanceCount == 1,
       "instances");
    ok(Info->WmiRegGuid[0].Flags & WMIREG_FLAG_INSTANCE_PDO && Info->WmiRegGuid[0].Pdo,
       "and the device that names them");
    ok(TextAt(Info->MofResourceName, L"FgnMof"), "the name of the resource");
    ok(TextAt(Info->RegistryPath, SERVICES L"fgnwmi"), "and the service");
    Begin(RegInfo, 0, Needed - 1);
    is_status(Ask(), STATUS_BUFFER_TOO_SMALL, "room for less");
    ok(Question.Information == sizeof(ULONG) && *(PULONG)Question.Node == Needed,
       "is told what is wanted");
    Begin(RegInfo, 0, 3);
    is_status(Ask(), STATUS_BUFFER_TOO_SMALL, "room for nothing");
    ok(Question.Information == 0, "is told nothing");
}

void start(PPEB Peb)
{
    is_status(Load(L"fgnwmi"), STATUS_SUCCESS, "the driver is loaded, wmilib.sys with it");
    if (is_status(OpenSynchronous(DEVICE, &File), STATUS_SUCCESS, "its device opens")) {
        AllData();
        OneInstanceData();
        Changes();
        Methods();
        Switches();
        Registration();
        ok(KillProcess(L"fgnwmi.sys") == 1, "its process is killed");
        NtClose(File);
        is_status(OpenAgain(DEVICE, &File), STATUS_SUCCESS, "it comes back");
        ok(SettingsAre(0, 0), "with settings as at first");
        NtClose(File);
    }
    is_status(Unload(L"fgnwmi"), STATUS_SUCCESS, "it is unloaded");
    Sum(L"wmitest");
}
