/* SPDX-License-Identifier: BSD-2-Clause */
/* What the checks of the registry share. */
#pragma once
#include "tap.h"

#define REGISTRY_TEST_ROOT u"\\Registry\\Machine\\Software\\Neptune test"

/* A key by path, relative to Root if that is not NULL. */
NTSTATUS CreateKey(HANDLE Root, PCWSTR Path, ACCESS_MASK Access, ULONG Options, PHANDLE Key);
NTSTATUS OpenKey(HANDLE Root, PCWSTR Path, ACCESS_MASK Access, ULONG Attributes, PHANDLE Key);
NTSTATUS SetValue(HANDLE Key, PCWSTR Name, ULONG Type, const void *Data, ULONG Length);
NTSTATUS SetNumber(HANDLE Key, PCWSTR Name, ULONG Number);
/* MAXULONG: there is no such REG_DWORD. */
ULONG NumberOf(HANDLE Key, PCWSTR Name);
NTSTATUS DeleteValue(HANDLE Key, PCWSTR Name);
/* The key and everything below it. */
void DeleteTree(HANDLE Root, PCWSTR Path);
/* Parts of TestRegistry, with the key REGISTRY_TEST_ROOT. */
void TestRegistryKeys(HANDLE Root);
void TestRegistryValues(HANDLE Root);
void TestRegistryNotify(HANDLE Root);
void TestRegistryRtl(HANDLE Root);
void TestRegistryCrowd(HANDLE Root);
BOOLEAN SameText(PCWSTR Text, const WCHAR *Other, ULONG OtherBytes);
