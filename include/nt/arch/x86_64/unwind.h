/* SPDX-License-Identifier: BSD-2-Clause */
/* Table-based exception handling of AMD64. (Microsoft: x64 exception handling; Windows SDK:
 * winnt.h) */
#pragma once

#include <nt/ntimage.h>

typedef IMAGE_RUNTIME_FUNCTION_ENTRY RUNTIME_FUNCTION, *PRUNTIME_FUNCTION;

#define RUNTIME_FUNCTION_INDIRECT 1 /* in UnwindData: the rest is the RVA of another entry */

#define UNW_FLAG_NHANDLER 0x0
#define UNW_FLAG_EHANDLER 0x1
#define UNW_FLAG_UHANDLER 0x2
#define UNW_FLAG_CHAININFO 0x4

typedef enum _UNWIND_OP_CODES {
    UWOP_PUSH_NONVOL,
    UWOP_ALLOC_LARGE,
    UWOP_ALLOC_SMALL,
    UWOP_SET_FPREG,
    UWOP_SAVE_NONVOL,
    UWOP_SAVE_NONVOL_FAR,
    UWOP_EPILOG, /* version 2 */
    UWOP_SPARE_CODE,
    UWOP_SAVE_XMM128,
    UWOP_SAVE_XMM128_FAR,
    UWOP_PUSH_MACHFRAME,
} UNWIND_OP_CODES;

typedef union _UNWIND_CODE {
    struct {
        UCHAR CodeOffset;
        UCHAR UnwindOp : 4;
        UCHAR OpInfo : 4;
    };
    USHORT FrameOffset;
} UNWIND_CODE, *PUNWIND_CODE;

/* Behind the codes, whose number is made even, follow the handler's RVA and its data, or, with
 * UNW_FLAG_CHAININFO, another RUNTIME_FUNCTION. */
typedef struct _UNWIND_INFO {
    UCHAR Version : 3;
    UCHAR Flags : 5;
    UCHAR SizeOfProlog;
    UCHAR CountOfCodes;
    UCHAR FrameRegister : 4;
    UCHAR FrameOffset : 4;
    UNWIND_CODE UnwindCode[];
} UNWIND_INFO, *PUNWIND_INFO;

#define UNWIND_HISTORY_TABLE_SIZE 12

typedef struct _UNWIND_HISTORY_TABLE_ENTRY {
    ULONG64 ImageBase;
    PRUNTIME_FUNCTION FunctionEntry;
} UNWIND_HISTORY_TABLE_ENTRY, *PUNWIND_HISTORY_TABLE_ENTRY;

typedef struct _UNWIND_HISTORY_TABLE {
    ULONG Count;
    UCHAR LocalHint;
    UCHAR GlobalHint;
    UCHAR Search;
    UCHAR Once;
    ULONG64 LowAddress;
    ULONG64 HighAddress;
    UNWIND_HISTORY_TABLE_ENTRY Entry[UNWIND_HISTORY_TABLE_SIZE];
} UNWIND_HISTORY_TABLE, *PUNWIND_HISTORY_TABLE;

typedef struct _DISPATCHER_CONTEXT {
    ULONG64 ControlPc;
    ULONG64 ImageBase;
    PRUNTIME_FUNCTION FunctionEntry;
    ULONG64 EstablisherFrame;
    ULONG64 TargetIp;
    PCONTEXT ContextRecord;
    PEXCEPTION_ROUTINE LanguageHandler;
    PVOID HandlerData;
    PUNWIND_HISTORY_TABLE HistoryTable;
    ULONG ScopeIndex;
    ULONG Fill0;
} DISPATCHER_CONTEXT, *PDISPATCHER_CONTEXT;

/* Where the registers of a frame were saved, or NULL */
typedef struct _KNONVOLATILE_CONTEXT_POINTERS {
    PM128A FloatingContext[16];
    PULONG64 IntegerContext[16];
} KNONVOLATILE_CONTEXT_POINTERS, *PKNONVOLATILE_CONTEXT_POINTERS;

/* What __C_specific_handler finds behind its address */
typedef struct _SCOPE_TABLE {
    ULONG Count;
    struct {
        ULONG BeginAddress;
        ULONG EndAddress;
        ULONG HandlerAddress; /* a filter or __finally block; 1: EXCEPTION_EXECUTE_HANDLER */
        ULONG JumpTarget;     /* the __except block; 0: HandlerAddress is a __finally block */
    } ScopeRecord[];
} SCOPE_TABLE, *PSCOPE_TABLE;

/* setjmp's; ExceptionInformation[0] of STATUS_LONGJUMP points to one. */
typedef struct DECLSPEC_ALIGN(16) _JUMP_BUFFER {
    ULONG64 Frame;
    ULONG64 Rbx;
    ULONG64 Rsp;
    ULONG64 Rbp;
    ULONG64 Rsi;
    ULONG64 Rdi;
    ULONG64 R12;
    ULONG64 R13;
    ULONG64 R14;
    ULONG64 R15;
    ULONG64 Rip;
    ULONG MxCsr;
    USHORT FpCsr;
    USHORT Spare;
    M128A Xmm[10]; /* 6 to 15 */
} JUMP_BUFFER, *PJUMP_BUFFER;

_Static_assert(sizeof(DISPATCHER_CONTEXT) == 0x50, "DISPATCHER_CONTEXT");
_Static_assert(sizeof(UNWIND_HISTORY_TABLE) == 0xd8, "UNWIND_HISTORY_TABLE");
_Static_assert(sizeof(JUMP_BUFFER) == 0x100, "JUMP_BUFFER");

#define DYNAMIC_FUNCTION_TABLE_CALLBACK_TAG 3 /* the low bits of a callback's TableIdentifier */

typedef PRUNTIME_FUNCTION (*PGET_RUNTIME_FUNCTION_CALLBACK)(ULONG64 ControlPc, PVOID Context);

PRUNTIME_FUNCTION RtlLookupFunctionEntry(ULONG64 ControlPc, PULONG64 ImageBase,
                                         PUNWIND_HISTORY_TABLE HistoryTable);
/* Returns the frame's handler, if it has one of HandlerType and Context is in its body. */
PEXCEPTION_ROUTINE RtlVirtualUnwind(ULONG HandlerType, ULONG64 ImageBase, ULONG64 ControlPc,
                                    PRUNTIME_FUNCTION FunctionEntry, PCONTEXT Context,
                                    PVOID *HandlerData, PULONG64 EstablisherFrame,
                                    PKNONVOLATILE_CONTEXT_POINTERS ContextPointers);
int _setjmp(PJUMP_BUFFER Buffer, PVOID Frame) __attribute__((returns_twice));
int _setjmpex(PJUMP_BUFFER Buffer, PVOID Frame) __attribute__((returns_twice));
DECLSPEC_NORETURN void longjmp(PJUMP_BUFFER Buffer, int Value);
void RtlUnwindEx(PVOID TargetFrame, PVOID TargetIp, PEXCEPTION_RECORD ExceptionRecord,
                 PVOID ReturnValue, PCONTEXT ContextRecord, PUNWIND_HISTORY_TABLE HistoryTable);
BOOLEAN RtlAddFunctionTable(PRUNTIME_FUNCTION FunctionTable, ULONG EntryCount, ULONG64 BaseAddress);
BOOLEAN RtlDeleteFunctionTable(PRUNTIME_FUNCTION FunctionTable);
BOOLEAN RtlInstallFunctionTableCallback(ULONG64 TableIdentifier, ULONG64 BaseAddress, ULONG Length,
                                        PGET_RUNTIME_FUNCTION_CALLBACK Callback, PVOID Context,
                                        PCWSTR OutOfProcessCallbackDll);
NTSTATUS RtlAddGrowableFunctionTable(PVOID *DynamicTable, PRUNTIME_FUNCTION FunctionTable,
                                     ULONG EntryCount, ULONG MaximumEntryCount, ULONG_PTR RangeBase,
                                     ULONG_PTR RangeEnd);
void RtlGrowFunctionTable(PVOID DynamicTable, ULONG NewEntryCount);
void RtlDeleteGrowableFunctionTable(PVOID DynamicTable);
EXCEPTION_DISPOSITION __C_specific_handler(PEXCEPTION_RECORD ExceptionRecord,
                                           PVOID EstablisherFrame, PCONTEXT ContextRecord,
                                           PVOID DispatcherContext);
