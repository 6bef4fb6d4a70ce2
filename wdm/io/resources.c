/* SPDX-License-Identifier: BSD-2-Clause */
/* Resource lists: the channel's flat form and the DDK's CM_RESOURCE_LIST. */
#include "wdmio.h"
#include "ki.h"

SIZE_T WdmResourceListSize(ULONG Count)
{
    return FIELD_OFFSET(CM_RESOURCE_LIST, List[0].PartialResourceList.PartialDescriptors) +
           Count * sizeof(CM_PARTIAL_RESOURCE_DESCRIPTOR);
}

static VOID WdmInitializeResourceList(PCM_RESOURCE_LIST List, ULONG Count)
{
    RtlZeroMemory(List, WdmResourceListSize(Count));
    List->Count = 1;
    List->List[0].InterfaceType = Isa;
    List->List[0].PartialResourceList.Version = 1;
    List->List[0].PartialResourceList.Revision = 1;
    List->List[0].PartialResourceList.Count = Count;
}

static VOID WdmDescribeInterrupt(const DRIVER_RESOURCE *Resource,
                                 PCM_PARTIAL_RESOURCE_DESCRIPTOR Raw,
                                 PCM_PARTIAL_RESOURCE_DESCRIPTOR Translated)
{
    Raw->Type = CmResourceTypeInterrupt;
    Raw->ShareDisposition = CmResourceShareDeviceExclusive;
    Raw->Flags = (Resource->Flags & 1) ? CM_RESOURCE_INTERRUPT_LATCHED
                                       : CM_RESOURCE_INTERRUPT_LEVEL_SENSITIVE;
    Raw->u.Interrupt.Level = (ULONG)Resource->Start;
    Raw->u.Interrupt.Vector = (ULONG)Resource->Start;
    Raw->u.Interrupt.Affinity = 1;
    *Translated = *Raw;
    Translated->u.Interrupt.Level = KI_DEVICE_IRQL;
}

/* Ports and memory: the DDK's unions for both have the same shape, and both have 32-bit lengths. */
static NTSTATUS WdmDescribeRange(const DRIVER_RESOURCE *Resource,
                                 PCM_PARTIAL_RESOURCE_DESCRIPTOR Raw,
                                 PCM_PARTIAL_RESOURCE_DESCRIPTOR Translated)
{
    if (Resource->Length == 0 || Resource->Length > MAXULONG)
        return STATUS_INVALID_PARAMETER;
    if (Resource->Type == DriverResourcePort) {
        if (Resource->Start + Resource->Length > 0x10000)
            return STATUS_INVALID_PARAMETER;
        Raw->Type = CmResourceTypePort;
        Raw->Flags = CM_RESOURCE_PORT_IO | CM_RESOURCE_PORT_16_BIT_DECODE;
    } else {
        Raw->Type = CmResourceTypeMemory;
        Raw->Flags = CM_RESOURCE_MEMORY_READ_WRITE;
    }
    Raw->ShareDisposition = CmResourceShareDeviceExclusive;
    Raw->u.Port.Start.QuadPart = Resource->Start;
    Raw->u.Port.Length = (ULONG)Resource->Length;
    *Translated = *Raw;
    return STATUS_SUCCESS;
}

/*
 * Both lists have room for Count resources. STATUS_INVALID_PARAMETER for one that makes no sense.
 */
NTSTATUS WdmBuildResourceList(const DRIVER_RESOURCE *Resources, ULONG Count, PCM_RESOURCE_LIST Raw,
                              PCM_RESOURCE_LIST Translated)
{
    NTSTATUS Status = STATUS_SUCCESS;

    WdmInitializeResourceList(Raw, Count);
    WdmInitializeResourceList(Translated, Count);
    for (ULONG i = 0; i < Count && NT_SUCCESS(Status); i++) {
        DRIVER_RESOURCE Resource = Resources[i];
        PCM_PARTIAL_RESOURCE_DESCRIPTOR RawEntry =
            &Raw->List[0].PartialResourceList.PartialDescriptors[i];
        PCM_PARTIAL_RESOURCE_DESCRIPTOR Entry =
            &Translated->List[0].PartialResourceList.PartialDescriptors[i];

        if (Resource.Type == DriverResourceInterrupt)
            WdmDescribeInterrupt(&Resource, RawEntry, Entry);
        else if (Resource.Type == DriverResourcePort || Resource.Type == DriverResourceMemory)
            Status = WdmDescribeRange(&Resource, RawEntry, Entry);
        else
            Status = STATUS_INVALID_PARAMETER;
    }
    return Status;
}

static BOOLEAN WdmFlattenResource(PCM_PARTIAL_RESOURCE_DESCRIPTOR Entry, DRIVER_RESOURCE *Resource)
{
    RtlZeroMemory(Resource, sizeof(*Resource));
    switch (Entry->Type) {
    case CmResourceTypeInterrupt:
        Resource->Type = DriverResourceInterrupt;
        Resource->Flags = (Entry->Flags & CM_RESOURCE_INTERRUPT_LATCHED) ? 1 : 0;
        Resource->Start = Entry->u.Interrupt.Vector;
        Resource->Length = 1;
        return TRUE;
    case CmResourceTypePort:
    case CmResourceTypeMemory:
        Resource->Type =
            Entry->Type == CmResourceTypePort ? DriverResourcePort : DriverResourceMemory;
        Resource->Start = Entry->u.Port.Start.QuadPart;
        Resource->Length = Entry->u.Port.Length;
        return TRUE;
    default:
        return FALSE;
    }
}

/* The resources of the first bus in List, at most Limit; returns how many. */
ULONG WdmFlattenResourceList(PCM_RESOURCE_LIST List, DRIVER_RESOURCE *Resources, ULONG Limit)
{
    PCM_PARTIAL_RESOURCE_LIST Partial;
    ULONG Found = 0;

    if (!List || List->Count == 0)
        return 0;
    Partial = &List->List[0].PartialResourceList;
    for (ULONG i = 0; i < Partial->Count && Found < Limit; i++) {
        if (WdmFlattenResource(&Partial->PartialDescriptors[i], &Resources[Found]))
            Found++;
    }
    return Found;
}
