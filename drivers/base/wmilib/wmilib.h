/* SPDX-License-Identifier: BSD-2-Clause */
/* wmilib.sys: what its files offer each other. */
#pragma once
#include <ntddk.h>
#include <wmistr.h>
#include <wmilib.h>

#define WMI_ALIGN(Size) (((Size) + 7) & ~7u)

/* A request, as the routines here see it. */
typedef struct _WMI_REQUEST {
    PWMILIB_CONTEXT Context;
    PDEVICE_OBJECT Device;
    PIRP Irp;
    ULONG Guid; /* its index in the driver's list */
    ULONG Size; /* of the buffer, which begins with a WNODE_HEADER */
    PVOID Buffer;
} WMI_REQUEST, *PWMI_REQUEST;

/* reginfo.c: IRP_MN_REGINFO and IRP_MN_REGINFO_EX; what the Irp is to be completed with. */
NTSTATUS WmiDescribe(PWMI_REQUEST Request, PULONG_PTR Information);
