/* SPDX-License-Identifier: BSD-2-Clause */
/* mingw-w64's batclass.h wants types of its poclass.h for programs, which the one for drivers
 * hides. A driver that includes poclass.h for the GUIDs of its device interfaces needs neither. */
#pragma once
