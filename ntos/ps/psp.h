/* SPDX-License-Identifier: BSD-2-Clause */
/* Private to ps. */
#pragma once
#include <dbg.h>
#include <ex.h>
#include <io.h>
#include <ke.h>
#include <mm.h>
#include <ps.h>

/* seL4 priorities: the Executive has 255. Interrupt threads of drivers are above the drivers' main
   threads, these above all programs. */
#define PSP_INTERRUPT_PRIORITY 200
#define PSP_DRIVER_PRIORITY 150
#define PSP_USER_PRIORITY(nt) (64 + 2 * (nt))

/* clientid.c */
HANDLE PspAllocateClientId(void);
PEPROCESS PspFindProcess(HANDLE ProcessId); /* NULL: none. Not referenced */
PETHREAD PspFindThread(HANDLE ThreadId);

/* process.c */
void PspInitializeProcessType(void);
/* The new process has an address space, a handle table and its place in the list. */
NTSTATUS PspCreateProcessObject(const PS_CREATE_ARGUMENTS *Arguments, PEPROCESS *Process);
void PspTakeApart(PEPROCESS Process); /* handles, memory, capabilities; may wait */

/* image.c */
void PspInitializeNtdll(void);
NTSTATUS PspOpenImage(PUNICODE_STRING Path, struct _MM_SECTION **Section,
                      PSECTION_IMAGE_INFORMATION Information, PS_CREATE_STATE *State);
NTSTATUS PspMapImages(PEPROCESS Process, struct _MM_SECTION *Section);
NTSTATUS PspFindEntryPoint(PEPROCESS Process, PVOID *EntryPoint); /* of the mapped program */
ULONG_PTR PspNtdllRoutine(PEPROCESS Process, ULONG Rva);
extern ULONG PspLdrInitializeThunk, PspRtlUserThreadStart; /* RVAs */

/* parameters.c, peb.c, teb.c, stack.c */
NTSTATUS PspCreateParameters(PEPROCESS Process, const PS_CREATE_ARGUMENTS *Arguments);
NTSTATUS PspCreatePeb(PEPROCESS Process);
NTSTATUS PspCreateTeb(PETHREAD Thread, seL4_CPtr *IpcBufferFrame);
NTSTATUS PspFillTeb(PETHREAD Thread);
void PspDeleteTeb(PETHREAD Thread);
NTSTATUS PspCreateStack(PETHREAD Thread, SIZE_T Reserve, SIZE_T Commit); /* 0 = as the image says */
void PspDeleteStack(PETHREAD Thread);

/* thread.c */
typedef struct _PSP_THREAD_ARGUMENTS {
    PVOID StartRoutine;
    PVOID Parameter;
    SIZE_T StackReserve, StackCommit; /* 0 = as the image says */
    BOOLEAN CreateSuspended;
} PSP_THREAD_ARGUMENTS;

void PspInitializeThreadType(void);
NTSTATUS PspCreateThread(PEPROCESS Process, const PSP_THREAD_ARGUMENTS *Arguments,
                         PETHREAD *Thread);
void PspStartThread(PETHREAD Thread);
void PspFreeKernelParts(PETHREAD Thread); /* TCB, CNode, reply slot */

/* endpoint.c */
void PspDeleteSharedEndpoint(PEPROCESS Owner); /* ignored when it has none */

/* arch/.../initial.c: the CONTEXT on the new stack and the registers to begin with in the loader */
NTSTATUS PspPrepareRegisters(PETHREAD Thread, PVOID Parameter, seL4_UserContext *Registers);

/* attributes.c: the attribute list of a new process or thread */
typedef struct _PSP_ATTRIBUTES {
    ULONG Present; /* a bit for each attribute number */
    HANDLE ParentProcess;
    PVOID ImageName; /* client addresses */
    SIZE_T ImageNameLength;
    PCLIENT_ID ClientId;
    PSECTION_IMAGE_INFORMATION ImageInformation;
    PVOID *TebAddress;
} PSP_ATTRIBUTES, *PPSP_ATTRIBUTES;

#define PSP_ATTRIBUTE_BIT(attribute) (1u << ((attribute)&PS_ATTRIBUTE_NUMBER_MASK))
#define PSP_THREAD_ATTRIBUTES                                                                      \
    (PSP_ATTRIBUTE_BIT(PS_ATTRIBUTE_CLIENT_ID) | PSP_ATTRIBUTE_BIT(PS_ATTRIBUTE_TEB_ADDRESS))
#define PSP_PROCESS_ATTRIBUTES                                                                     \
    (PSP_THREAD_ATTRIBUTES | PSP_ATTRIBUTE_BIT(PS_ATTRIBUTE_PARENT_PROCESS) |                      \
     PSP_ATTRIBUTE_BIT(PS_ATTRIBUTE_IMAGE_NAME) | PSP_ATTRIBUTE_BIT(PS_ATTRIBUTE_IMAGE_INFO))

/* STATUS_INVALID_PARAMETER for a list or an attribute that is not Allowed, STATUS_ACCESS_VIOLATION.
 * List may be NULL. */
NTSTATUS PspCaptureAttributes(PPS_ATTRIBUTE_LIST List, ULONG Allowed, PPSP_ATTRIBUTES Attributes);
NTSTATUS PspReturnThreadAttributes(const PSP_ATTRIBUTES *Attributes, PETHREAD Thread);

/* The end of the query services: STATUS_INFO_LENGTH_MISMATCH unless Length is DataLength. */
NTSTATUS PspReturnInformation(PVOID Information, ULONG Length, const void *Data, ULONG DataLength,
                              PULONG ReturnLength);
/* Opens a handle to a process or thread found by client id. */
NTSTATUS PspOpenById(PVOID Object, ACCESS_MASK DesiredAccess, ULONG Attributes,
                     PHANDLE ClientHandle);

/* create.c: as PsCreateProcess, and how far it came */
NTSTATUS PspCreateProcess(const PS_CREATE_ARGUMENTS *Arguments, PS_CREATE_STATE *State,
                          PEPROCESS *Process, PETHREAD *Thread);
