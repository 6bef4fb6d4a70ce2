/* SPDX-License-Identifier: BSD-2-Clause */
/* keyfilter [remap]: what the filter above the keyboard has seen; with "remap" an a becomes a b
 * from then on, with "plain" not. */
#include "check.h"
#include "kbfilter.h"

#define SCAN_A 0x1e
#define SCAN_B 0x30

void start(PPEB Peb)
{
    FGN_KEYS Keys = {0}, Map = {0};
    ULONG Information;
    HANDLE File;

    if (is_status(OpenSynchronous(L"\\Device\\FgnKbf", &File), STATUS_SUCCESS,
                  "the filter is there")) {
        is_status(Control(File, IOCTL_FGN_KEYS, NULL, 0, &Keys, sizeof(Keys), &Information),
                  STATUS_SUCCESS, "and answers");
        ok(Information == sizeof(Keys), "all");
        ok(Keys.Started == 1, "its device was started through it");
        ok(Keys.Connects == 1, "the class driver connected through it");
        ok(Keys.Keys >= 2 * sizeof("keyfilter"), "each key of this command went through it");
        ok(Keys.Callbacks && Keys.Callbacks <= Keys.Keys, "in the port driver's callbacks");
        is_status(Control(File, IOCTL_FGN_KEYS, NULL, 0, &Keys, 3, &Information),
                  STATUS_BUFFER_TOO_SMALL, "too little room");
        is_status(Control(File, IOCTL_FGN_REMAP, &Map, 3, NULL, 0, &Information),
                  STATUS_BUFFER_TOO_SMALL, "too little input");
        is_status(Control(File, IOCTL_FGN_KEYS + 64, NULL, 0, NULL, 0, &Information),
                  STATUS_INVALID_DEVICE_REQUEST, "an unknown code");
        if (HasWord(Peb, L"remap")) {
            Map.From = SCAN_A;
            Map.To = SCAN_B;
        }
        is_status(Control(File, IOCTL_FGN_REMAP, &Map, sizeof(Map), NULL, 0, &Information),
                  STATUS_SUCCESS, "a map of keys");
        is_status(NtClose(File), STATUS_SUCCESS, "the file closes");
    }
    Sum(L"keyfilter");
}
