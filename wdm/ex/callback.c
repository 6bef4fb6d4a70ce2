/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Callback objects: drivers that register with one are called when another notifies it. Their names
 * are known in this process only; the system's own (\Callback\SetSystemTime and so on) are there,
 * and nothing notifies them. (WDK: ExCreateCallback)
 */
#include "ki.h"
#include "ob.h"

struct _CALLBACK_OBJECT {
    LIST_ENTRY Link; /* of those with a name */
    UNICODE_STRING Name;
    LIST_ENTRY Registrations;
    BOOLEAN Multiple;
};
typedef struct _CALLBACK_OBJECT CALLBACK_OBJECT;

typedef struct _EXP_REGISTRATION {
    LIST_ENTRY Link;
    PCALLBACK_OBJECT Object; /* referenced */
    PCALLBACK_FUNCTION Routine;
    PVOID Context;
    ULONG Running;
    BOOLEAN Gone; /* unregistered: freed when it does not run any more */
    KEVENT Idle;
} EXP_REGISTRATION, *PEXP_REGISTRATION;

static LIST_ENTRY ExpCallbacks = {&ExpCallbacks, &ExpCallbacks};

static const UNICODE_STRING ExpSystemCallbacks[] = {
    RTL_CONSTANT_STRING(L"\\Callback\\SetSystemTime"),
    RTL_CONSTANT_STRING(L"\\Callback\\PowerState"),
    RTL_CONSTANT_STRING(L"\\Callback\\ProcessorAdd"),
};

static VOID ExpDeleteCallback(PVOID Object)
{
    PCALLBACK_OBJECT Callback = Object;

    if (!Callback->Name.Buffer)
        return;
    RemoveEntryList(&Callback->Link);
    ExFreePoolWithTag(Callback->Name.Buffer, 'cblC');
}

static PCALLBACK_OBJECT ExpFindCallback(PCUNICODE_STRING Name, BOOLEAN IgnoreCase)
{
    for (PLIST_ENTRY Entry = ExpCallbacks.Flink; Entry != &ExpCallbacks; Entry = Entry->Flink) {
        PCALLBACK_OBJECT Callback = CONTAINING_RECORD(Entry, CALLBACK_OBJECT, Link);

        if (RtlEqualUnicodeString(&Callback->Name, (PUNICODE_STRING)Name, IgnoreCase))
            return Callback;
    }
    return NULL;
}

static BOOLEAN ExpIsSystemCallback(PCUNICODE_STRING Name, BOOLEAN IgnoreCase)
{
    for (ULONG i = 0; i < KI_ARRAY_SIZE(ExpSystemCallbacks); i++) {
        if (RtlEqualUnicodeString((PUNICODE_STRING)&ExpSystemCallbacks[i], (PUNICODE_STRING)Name,
                                  IgnoreCase))
            return TRUE;
    }
    return FALSE;
}

static NTSTATUS ExpNewCallback(PCUNICODE_STRING Name, BOOLEAN Multiple, PCALLBACK_OBJECT *Result)
{
    PCALLBACK_OBJECT Callback;

    ExpCallbackType.Delete = ExpDeleteCallback;
    Callback = ObpCreateObject(&ExpCallbackType, sizeof(*Callback));
    if (!Callback)
        return STATUS_INSUFFICIENT_RESOURCES;
    InitializeListHead(&Callback->Registrations);
    Callback->Multiple = Multiple;
    if (Name) {
        Callback->Name.Buffer = ExAllocatePoolWithTag(PagedPool, Name->Length, 'cblC');
        if (!Callback->Name.Buffer) {
            ObDereferenceObject(Callback);
            return STATUS_INSUFFICIENT_RESOURCES;
        }
        RtlCopyMemory(Callback->Name.Buffer, Name->Buffer, Name->Length);
        Callback->Name.Length = Callback->Name.MaximumLength = Name->Length;
        InsertTailList(&ExpCallbacks, &Callback->Link);
    }
    *Result = Callback;
    return STATUS_SUCCESS;
}

/*
 * ExCreateCallback: opens the object of that name, or with Create makes it. The caller has a
 * reference. STATUS_OBJECT_NAME_NOT_FOUND, STATUS_UNSUCCESSFUL (neither a name nor Create),
 * STATUS_INSUFFICIENT_RESOURCES.
 */
NTSTATUS NTAPI ExCreateCallback(PCALLBACK_OBJECT *CallbackObject,
                                POBJECT_ATTRIBUTES ObjectAttributes, BOOLEAN Create,
                                BOOLEAN AllowMultipleCallbacks)
{
    PUNICODE_STRING Name = ObjectAttributes ? ObjectAttributes->ObjectName : NULL;
    BOOLEAN IgnoreCase =
        ObjectAttributes && (ObjectAttributes->Attributes & OBJ_CASE_INSENSITIVE) != 0;

    if (Name && !Name->Length)
        Name = NULL;
    *CallbackObject = Name ? ExpFindCallback(Name, IgnoreCase) : NULL;
    if (*CallbackObject) {
        ObReferenceObject(*CallbackObject);
        return STATUS_SUCCESS;
    }
    if (!Create && !Name)
        return STATUS_UNSUCCESSFUL;
    if (Name && ExpIsSystemCallback(Name, IgnoreCase))
        return ExpNewCallback(Name, TRUE, CallbackObject);
    return Create ? ExpNewCallback(Name, AllowMultipleCallbacks, CallbackObject)
                  : STATUS_OBJECT_NAME_NOT_FOUND;
}

/* ExRegisterCallback: NULL if there is no memory, or one is registered and no more are allowed. */
PVOID NTAPI ExRegisterCallback(PCALLBACK_OBJECT CallbackObject, PCALLBACK_FUNCTION CallbackFunction,
                               PVOID CallbackContext)
{
    PEXP_REGISTRATION Registration;

    if (!CallbackObject->Multiple && !IsListEmpty(&CallbackObject->Registrations))
        return NULL;
    Registration = ExAllocatePoolWithTag(NonPagedPool, sizeof(*Registration), 'erbC');
    if (!Registration)
        return NULL;
    *Registration = (EXP_REGISTRATION){
        .Object = CallbackObject, .Routine = CallbackFunction, .Context = CallbackContext};
    KeInitializeEvent(&Registration->Idle, NotificationEvent, TRUE);
    ObReferenceObject(CallbackObject);
    InsertTailList(&CallbackObject->Registrations, &Registration->Link);
    return Registration;
}

/* ExUnregisterCallback: waits until the routine does not run any more. Not from the routine. */
VOID NTAPI ExUnregisterCallback(PVOID CallbackRegistration)
{
    PEXP_REGISTRATION Registration = CallbackRegistration;

    Registration->Gone = TRUE;
    KeWaitForSingleObject(&Registration->Idle, Executive, KernelMode, FALSE, NULL);
    RemoveEntryList(&Registration->Link);
    ObDereferenceObject(Registration->Object);
    ExFreePoolWithTag(Registration, 'erbC');
}

/* ExNotifyCallback: calls those registered, in that order, at the caller's IRQL. */
VOID NTAPI ExNotifyCallback(PCALLBACK_OBJECT CallbackObject, PVOID Argument1, PVOID Argument2)
{
    PLIST_ENTRY Entry = CallbackObject->Registrations.Flink;

    while (Entry != &CallbackObject->Registrations) {
        PEXP_REGISTRATION Registration = CONTAINING_RECORD(Entry, EXP_REGISTRATION, Link);
        BOOLEAN Skip = Registration->Gone;

        if (!Skip) {
            Registration->Running++;
            KeClearEvent(&Registration->Idle);
            Registration->Routine(Registration->Context, Argument1, Argument2);
        }
        Entry = Entry->Flink; /* while it counts as running it stays in the list */
        if (!Skip && --Registration->Running == 0)
            KeSetEvent(&Registration->Idle, 0, FALSE);
    }
}
