/* SPDX-License-Identifier: BSD-2-Clause */
/* What the tests of security share: SIDs, an ordinary user's token, impersonation. */
#pragma once
#include "tap.h"
#include "waiting.h"

typedef struct _LONG_SID {
    SID Sid;
    ULONG More[4];
} LONG_SID;

extern const SID WorldSid, SystemSid, AuthenticatedSid, NobodySid, MediumLabel, LowLabel, HighLabel;
extern const LONG_SID AdministratorsSid, UsersSid, UserSid, OtherSid;
#define AS_SID(sid) ((PSID) & (sid))

extern const GENERIC_MAPPING TestMapping; /* read 0x1, write 0x2, execute 0x4, all 0x7, with
                                             standard rights */

/* The process's token, with what access; NULL: it cannot be opened. */
HANDLE OwnToken(ACCESS_MASK Access);
/* Switches a privilege of the process's token; what that gives. */
NTSTATUS SetPrivilege(ULONG Privilege, BOOLEAN Enable);
/* A token of the user S-1-5-21-1-2-3-1001 with the groups Everyone, Users and Authenticated Users,
 * medium integrity, SeChangeNotifyPrivilege and the privilege Extra (0: none); its default list
 * grants everything to the user and the system. */
NTSTATUS MakeUserToken(TOKEN_TYPE Type, SECURITY_IMPERSONATION_LEVEL Level, ULONG Extra,
                       PHANDLE Token);
/* The calling thread acts for the token; NULL: for itself again. */
NTSTATUS ActFor(HANDLE Token);

/* A list of entries that are added to it, in a buffer of its own that the next Begin reuses. */
PACL BeginAcl(void);
void Allow(PACL Acl, ACCESS_MASK Mask, PSID Sid);
void Deny(PACL Acl, ACCESS_MASK Mask, PSID Sid);
/* A descriptor of the system's with this list; NULL: a NULL list. The next call reuses it. */
PSECURITY_DESCRIPTOR Described(PACL Dacl);

void TestTokens(void);       /* tokens.c */
void TestAccessChecks(void); /* accesschecks.c */
void TestObjectSecurity(void);
