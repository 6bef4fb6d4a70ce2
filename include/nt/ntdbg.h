/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The debug log and its filter: a mask of levels for each component; a message is written when its
 * level is in its component's mask or in the mask of the whole system. (WDK: dpfilter.h,
 * DbgPrintEx)
 */
#pragma once

#include <nt/ntdef.h>
#include <nt/ntps.h>
#include <nt/ntxcapt.h>

/* Levels: up to 31 the number of a bit, above a mask. */
#define DPFLTR_ERROR_LEVEL 0
#define DPFLTR_WARNING_LEVEL 1
#define DPFLTR_TRACE_LEVEL 2
#define DPFLTR_INFO_LEVEL 3
#define DPFLTR_MASK 0x80000000

/* Components: those of Windows, of which the last has number 154, and the Executive's parts. */
#define DPFLTR_SYSTEM_ID 0
#define DPFLTR_IHVDRIVER_ID 77
#define DPFLTR_DEFAULT_ID 101
#define DPFLTR_ENDOFTABLE_ID 155
#define DPFLTR_ALL_ID MAXULONG /* the mask of the whole system */

#define NEP_DPFLTR_FIRST_ID 0x100
#define NEP_DPFLTR_KE_ID 0x100
#define NEP_DPFLTR_MM_ID 0x101
#define NEP_DPFLTR_OB_ID 0x102
#define NEP_DPFLTR_PS_ID 0x103
#define NEP_DPFLTR_IO_ID 0x104
#define NEP_DPFLTR_HAL_ID 0x105
#define NEP_DPFLTR_EX_ID 0x106
#define NEP_DPFLTR_END_ID 0x107

/* TRUE or FALSE, or STATUS_INVALID_PARAMETER_1. */
NTSTATUS NTAPI NtQueryDebugFilterState(ULONG ComponentId, ULONG Level);
NTSTATUS NTAPI NtSetDebugFilterState(ULONG ComponentId, ULONG Level, BOOLEAN State);
NTSTATUS NTAPI DbgQueryDebugFilterState(ULONG ComponentId, ULONG Level);
NTSTATUS NTAPI DbgSetDebugFilterState(ULONG ComponentId, ULONG Level, BOOLEAN State);

/* Formatted text to the debug log; it is cut off at 512 bytes. DbgPrint's is written always. */
ULONG CDECL DbgPrint(PCSTR Format, ...);
ULONG CDECL DbgPrintEx(ULONG ComponentId, ULONG Level, PCSTR Format, ...);
ULONG NTAPI vDbgPrintEx(ULONG ComponentId, ULONG Level, PCSTR Format, va_list Arguments);

/* ---- Debug objects ---- */
#define DEBUG_READ_EVENT 0x0001
#define DEBUG_PROCESS_ASSIGN 0x0002
#define DEBUG_SET_INFORMATION 0x0004
#define DEBUG_QUERY_INFORMATION 0x0008
#define DEBUG_ALL_ACCESS (STANDARD_RIGHTS_REQUIRED | SYNCHRONIZE | 0x000f)

#define DEBUG_KILL_ON_CLOSE 0x1 /* debuggees end with the last handle */

typedef enum _DEBUGOBJECTINFOCLASS {
    DebugObjectKillProcessOnExitInformation = 1, /* a ULONG: DEBUG_KILL_ON_CLOSE or 0 */
} DEBUGOBJECTINFOCLASS;

typedef enum _DBG_STATE {
    DbgIdle,
    DbgReplyPending,
    DbgCreateThreadStateChange,
    DbgCreateProcessStateChange,
    DbgExitThreadStateChange,
    DbgExitProcessStateChange,
    DbgExceptionStateChange,
    DbgBreakpointStateChange,
    DbgSingleStepStateChange,
    DbgLoadDllStateChange,
    DbgUnloadDllStateChange,
} DBG_STATE;

typedef struct _DBGKM_EXCEPTION {
    EXCEPTION_RECORD ExceptionRecord;
    ULONG FirstChance;
} DBGKM_EXCEPTION;

typedef struct _DBGKM_CREATE_THREAD {
    ULONG SubSystemKey;
    PVOID StartAddress;
} DBGKM_CREATE_THREAD;

typedef struct _DBGKM_CREATE_PROCESS {
    ULONG SubSystemKey;
    HANDLE FileHandle;
    PVOID BaseOfImage;
    ULONG DebugInfoFileOffset;
    ULONG DebugInfoSize;
    DBGKM_CREATE_THREAD InitialThread;
} DBGKM_CREATE_PROCESS;

typedef struct _DBGKM_EXIT {
    NTSTATUS ExitStatus;
} DBGKM_EXIT_THREAD, DBGKM_EXIT_PROCESS;

typedef struct _DBGKM_LOAD_DLL {
    HANDLE FileHandle;
    PVOID BaseOfDll;
    ULONG DebugInfoFileOffset;
    ULONG DebugInfoSize;
    PVOID NamePointer; /* in the debuggee: address of the address of the name, or NULL */
} DBGKM_LOAD_DLL;

typedef struct _DBGKM_UNLOAD_DLL {
    PVOID BaseAddress;
} DBGKM_UNLOAD_DLL;

typedef struct _DBGUI_CREATE_THREAD {
    HANDLE HandleToThread;
    DBGKM_CREATE_THREAD NewThread;
} DBGUI_CREATE_THREAD;

typedef struct _DBGUI_CREATE_PROCESS {
    HANDLE HandleToProcess;
    HANDLE HandleToThread;
    DBGKM_CREATE_PROCESS NewProcess;
} DBGUI_CREATE_PROCESS;

/* What NtWaitForDebugEvent tells. */
typedef struct _DBGUI_WAIT_STATE_CHANGE {
    DBG_STATE NewState;
    CLIENT_ID AppClientId;
    union {
        DBGKM_EXCEPTION Exception;
        DBGUI_CREATE_THREAD CreateThread;
        DBGUI_CREATE_PROCESS CreateProcessInfo;
        DBGKM_EXIT_THREAD ExitThread;
        DBGKM_EXIT_PROCESS ExitProcess;
        DBGKM_LOAD_DLL LoadDll;
        DBGKM_UNLOAD_DLL UnloadDll;
    } StateInfo;
} DBGUI_WAIT_STATE_CHANGE, *PDBGUI_WAIT_STATE_CHANGE;

ASSERT_SIZE64(DBGUI_WAIT_STATE_CHANGE, 0xb8);
ASSERT_SIZE32(DBGUI_WAIT_STATE_CHANGE, 0x60);

NTSTATUS NTAPI NtCreateDebugObject(CLIENT(PHANDLE) DebugObjectHandle, ACCESS_MASK DesiredAccess,
                                   CLIENT(POBJECT_ATTRIBUTES) ObjectAttributes, ULONG Flags);
NTSTATUS NTAPI NtDebugActiveProcess(HANDLE ProcessHandle, HANDLE DebugObjectHandle);
NTSTATUS NTAPI NtRemoveProcessDebug(HANDLE ProcessHandle, HANDLE DebugObjectHandle);
NTSTATUS NTAPI NtWaitForDebugEvent(HANDLE DebugObjectHandle, BOOLEAN Alertable,
                                   CLIENT(PLARGE_INTEGER) Timeout,
                                   CLIENT(PDBGUI_WAIT_STATE_CHANGE) StateChange);
NTSTATUS NTAPI NtDebugContinue(HANDLE DebugObjectHandle, CLIENT(PCLIENT_ID) ClientId,
                               NTSTATUS ContinueStatus);
NTSTATUS NTAPI NtSetInformationDebugObject(HANDLE DebugObjectHandle, DEBUGOBJECTINFOCLASS Class,
                                           CLIENT(PVOID) Information, ULONG Length,
                                           CLIENT(PULONG) ReturnLength);

/* ---- Events as Win32 has them (DEBUG_EVENT) ---- */
#define EXCEPTION_DEBUG_EVENT 1
#define CREATE_THREAD_DEBUG_EVENT 2
#define CREATE_PROCESS_DEBUG_EVENT 3
#define EXIT_THREAD_DEBUG_EVENT 4
#define EXIT_PROCESS_DEBUG_EVENT 5
#define LOAD_DLL_DEBUG_EVENT 6
#define UNLOAD_DLL_DEBUG_EVENT 7
#define OUTPUT_DEBUG_STRING_EVENT 8
#define RIP_EVENT 9

#ifndef DBG_PRINTEXCEPTION_WIDE_C
#define DBG_PRINTEXCEPTION_WIDE_C ((NTSTATUS)0x4001000A)
#endif
#ifndef DBG_REPLY_LATER
#define DBG_REPLY_LATER ((NTSTATUS)0x40010001)
#endif

typedef struct _DEBUG_EVENT {
    ULONG dwDebugEventCode;
    ULONG dwProcessId;
    ULONG dwThreadId;
    union {
        struct {
            EXCEPTION_RECORD ExceptionRecord;
            ULONG dwFirstChance;
        } Exception;
        struct {
            HANDLE hThread;
            PVOID lpThreadLocalBase;
            PVOID lpStartAddress;
        } CreateThread;
        struct {
            HANDLE hFile;
            HANDLE hProcess;
            HANDLE hThread;
            PVOID lpBaseOfImage;
            ULONG dwDebugInfoFileOffset;
            ULONG nDebugInfoSize;
            PVOID lpThreadLocalBase;
            PVOID lpStartAddress;
            PVOID lpImageName;
            USHORT fUnicode;
        } CreateProcessInfo;
        struct {
            ULONG dwExitCode;
        } ExitThread, ExitProcess;
        struct {
            HANDLE hFile;
            PVOID lpBaseOfDll;
            ULONG dwDebugInfoFileOffset;
            ULONG nDebugInfoSize;
            PVOID lpImageName;
            USHORT fUnicode;
        } LoadDll;
        struct {
            PVOID lpBaseOfDll;
        } UnloadDll;
        struct {
            PSTR lpDebugStringData;
            USHORT fUnicode;
            USHORT nDebugStringLength;
        } DebugString;
        struct {
            ULONG dwError;
            ULONG dwType;
        } RipInfo;
    } u;
} DEBUG_EVENT, *LPDEBUG_EVENT;

ASSERT_SIZE64(DEBUG_EVENT, 0xb0);
ASSERT_SIZE32(DEBUG_EVENT, 0x60);

NTSTATUS NTAPI DbgUiConnectToDbg(void);
HANDLE NTAPI DbgUiGetThreadDebugObject(void);
void NTAPI DbgUiSetThreadDebugObject(HANDLE Object);
NTSTATUS NTAPI DbgUiWaitStateChange(PDBGUI_WAIT_STATE_CHANGE StateChange, PLARGE_INTEGER Timeout);
NTSTATUS NTAPI DbgUiContinue(PCLIENT_ID AppClientId, NTSTATUS ContinueStatus);
NTSTATUS NTAPI DbgUiStopDebugging(HANDLE Process);
void NTAPI DbgUiRemoteBreakin(PVOID Context);
NTSTATUS NTAPI DbgUiIssueRemoteBreakin(HANDLE Process);
NTSTATUS NTAPI DbgUiDebugActiveProcess(HANDLE Process);
NTSTATUS NTAPI DbgUiConvertStateChangeStructure(PDBGUI_WAIT_STATE_CHANGE StateChange,
                                                LPDEBUG_EVENT DebugEvent);
NTSTATUS NTAPI DbgUiConvertStateChangeStructureEx(PDBGUI_WAIT_STATE_CHANGE StateChange,
                                                  LPDEBUG_EVENT DebugEvent);

/* Breakpoint exceptions. */
void NTAPI DbgBreakPoint(void);
void NTAPI DbgUserBreakPoint(void);
void NTAPI DbgBreakPointWithStatus(ULONG Status);
