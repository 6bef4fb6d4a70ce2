/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once
#include <usb.h>
#include <usbdi.h>
#include_next <usbdlib.h>
