// SPDX-License-Identifier: BSD-2-Clause
/*
 * Vectored handlers: called for every exception of the process before the frames are asked, and
 * when it is to be continued. A handler may add and remove handlers, itself too, so each is counted
 * while it runs, and one that was removed meanwhile is freed by whoever used it last. The lock is
 * not held over a call.
 */
#include "sehp.h"

typedef struct _VECTORED_HANDLER {
    LIST_ENTRY Links;
    ULONG References; /* of the list, and of the threads that are calling it */
    BOOLEAN Removed;
    PVECTORED_EXCEPTION_HANDLER Routine;
} VECTORED_HANDLER, *PVECTORED_HANDLER;

static RTL_CRITICAL_SECTION Lock = {.LockCount = -1};
static LIST_ENTRY ExceptionHandlers = {&ExceptionHandlers, &ExceptionHandlers};
static LIST_ENTRY ContinueHandlers = {&ContinueHandlers, &ContinueHandlers};

static PVOID Add(PLIST_ENTRY List, ULONG First, PVECTORED_EXCEPTION_HANDLER Routine)
{
    PVECTORED_HANDLER Handler = RtlAllocateHeap(RtlProcessHeap(), 0, sizeof(*Handler));

    if (!Handler)
        return NULL;
    *Handler = (VECTORED_HANDLER){.References = 1, .Routine = Routine};
    RtlEnterCriticalSection(&Lock);
    if (First)
        InsertHeadList(List, &Handler->Links);
    else
        InsertTailList(List, &Handler->Links);
    RtlLeaveCriticalSection(&Lock);
    return Handler;
}

/* With the lock. */
static void Dereference(PVECTORED_HANDLER Handler)
{
    if (--Handler->References)
        return;
    RemoveEntryList(&Handler->Links);
    RtlFreeHeap(RtlProcessHeap(), 0, Handler);
}

static ULONG Remove(PLIST_ENTRY List, PVOID Handle)
{
    ULONG Removed = FALSE;

    RtlEnterCriticalSection(&Lock);
    for (PLIST_ENTRY Links = List->Flink; Links != List && !Removed; Links = Links->Flink) {
        PVECTORED_HANDLER Handler = CONTAINING_RECORD(Links, VECTORED_HANDLER, Links);

        if (Handler != Handle || Handler->Removed)
            continue;
        Handler->Removed = Removed = TRUE;
        Dereference(Handler);
        break;
    }
    RtlLeaveCriticalSection(&Lock);
    return Removed;
}

/* The next handler to call behind Previous, which is no longer used; NULL at the end. */
static PVECTORED_HANDLER Next(PLIST_ENTRY List, PVECTORED_HANDLER Previous)
{
    PLIST_ENTRY Links = Previous ? Previous->Links.Flink : List->Flink;
    PVECTORED_HANDLER Handler = NULL;

    while (Links != List && CONTAINING_RECORD(Links, VECTORED_HANDLER, Links)->Removed)
        Links = Links->Flink;
    if (Links != List) {
        Handler = CONTAINING_RECORD(Links, VECTORED_HANDLER, Links);
        Handler->References++;
    }
    if (Previous)
        Dereference(Previous);
    return Handler;
}

static PVECTORED_HANDLER LockedNext(PLIST_ENTRY List, PVECTORED_HANDLER Previous)
{
    PVECTORED_HANDLER Handler;

    RtlEnterCriticalSection(&Lock);
    Handler = Next(List, Previous);
    RtlLeaveCriticalSection(&Lock);
    return Handler;
}

static void StopAt(PVECTORED_HANDLER Handler)
{
    RtlEnterCriticalSection(&Lock);
    Dereference(Handler);
    RtlLeaveCriticalSection(&Lock);
}

static BOOLEAN Call(PLIST_ENTRY List, PEXCEPTION_RECORD Record, PCONTEXT Context)
{
    EXCEPTION_POINTERS Pointers = {Record, Context};
    PVECTORED_HANDLER Handler = NULL;

    if (__atomic_load_n(&List->Flink, __ATOMIC_ACQUIRE) == List)
        return FALSE;
    while ((Handler = LockedNext(List, Handler)) != NULL) {
        if (Handler->Routine(&Pointers) == EXCEPTION_CONTINUE_EXECUTION) {
            StopAt(Handler);
            return TRUE;
        }
    }
    return FALSE;
}

BOOLEAN SehpCallExceptionHandlers(PEXCEPTION_RECORD Record, PCONTEXT Context)
{
    return Call(&ExceptionHandlers, Record, Context);
}

/* Each may end the calls by EXCEPTION_CONTINUE_EXECUTION; it goes on either way. */
void SehpCallContinueHandlers(PEXCEPTION_RECORD Record, PCONTEXT Context)
{
    Call(&ContinueHandlers, Record, Context);
}

/* Adds a handler before or behind the others; a handle to remove it, or NULL.  (Win32:
 * AddVectoredExceptionHandler) */
PVOID NTAPI RtlAddVectoredExceptionHandler(ULONG First, PVECTORED_EXCEPTION_HANDLER Handler)
{
    return Add(&ExceptionHandlers, First, Handler);
}

PVOID NTAPI RtlAddVectoredContinueHandler(ULONG First, PVECTORED_EXCEPTION_HANDLER Handler)
{
    return Add(&ContinueHandlers, First, Handler);
}

ULONG NTAPI RtlRemoveVectoredExceptionHandler(PVOID Handle)
{
    return Remove(&ExceptionHandlers, Handle);
}

ULONG NTAPI RtlRemoveVectoredContinueHandler(PVOID Handle)
{
    return Remove(&ContinueHandlers, Handle);
}
