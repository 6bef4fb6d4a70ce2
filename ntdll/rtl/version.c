// SPDX-License-Identifier: BSD-2-Clause
/* The version that the system reports. */
#include <nt/nt.h>

/* The top four bits of Build tell a free (0xf) from a checked (0xc) system. */
void NTAPI RtlGetNtVersionNumbers(PULONG Major, PULONG Minor, PULONG Build)
{
    if (Major)
        *Major = SharedUserData->NtMajorVersion;
    if (Minor)
        *Minor = SharedUserData->NtMinorVersion;
    if (Build)
        *Build = SharedUserData->NtBuildNumber | (DBG ? 0xc0000000 : 0xf0000000);
}
