/* SPDX-License-Identifier: BSD-2-Clause */
/* The DDK's names for keyboards: see wdm.h. */
#pragma once
#include "wdm.h"

typedef struct _CONNECT_DATA {
    PDEVICE_OBJECT ClassDeviceObject;
    PVOID ClassService;
} CONNECT_DATA;

typedef struct _KEYBOARD_INPUT_DATA {
    USHORT UnitId, MakeCode, Flags, Reserved;
    ULONG ExtraInformation;
} KEYBOARD_INPUT_DATA, *PKEYBOARD_INPUT_DATA;

typedef struct _KEYBOARD_INDICATOR_PARAMETERS {
    USHORT UnitId, LedFlags;
} KEYBOARD_INDICATOR_PARAMETERS;

typedef struct _KEYBOARD_TYPEMATIC_PARAMETERS {
    USHORT UnitId, Rate, Delay;
} KEYBOARD_TYPEMATIC_PARAMETERS;

typedef struct _KEYBOARD_ATTRIBUTES {
    struct {
        UCHAR Type, Subtype;
    } KeyboardIdentifier;
    USHORT KeyboardMode, NumberOfFunctionKeys, NumberOfIndicators, NumberOfKeysTotal;
    ULONG InputDataQueueLength;
    KEYBOARD_TYPEMATIC_PARAMETERS KeyRepeatMinimum, KeyRepeatMaximum;
} KEYBOARD_ATTRIBUTES;

typedef VOID (*PSERVICE_CALLBACK_ROUTINE)(PVOID, PVOID, PVOID, PULONG);
