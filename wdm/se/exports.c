/* SPDX-License-Identifier: BSD-2-Clause */
/* SeExports: the privileges and SIDs that a driver finds by name. (Microsoft: well-known SIDs) */
#include "ki.h"

/* Two of a SID's authorities, which are enough for all here. */
typedef struct _SEP_SID {
    UCHAR Revision, Count;
    UCHAR Authority[6];
    ULONG SubAuthority[2];
} SEP_SID;

#define SID1(authority, first)                                                                     \
    {                                                                                              \
        1, 1, {0, 0, 0, 0, 0, authority},                                                          \
        {                                                                                          \
            first                                                                                  \
        }                                                                                          \
    }
#define ALIAS(second)                                                                              \
    {                                                                                              \
        1, 2, {0, 0, 0, 0, 0, 5},                                                                  \
        {                                                                                          \
            32, second                                                                             \
        }                                                                                          \
    }

static const SEP_SID SepNull = SID1(0, 0), SepWorld = SID1(1, 0), SepLocal = SID1(2, 0),
                     SepCreatorOwner = SID1(3, 0), SepCreatorGroup = SID1(3, 1),
                     SepOwnerRights = SID1(3, 4), SepNtAuthority = {1, 0, {0, 0, 0, 0, 0, 5}, {0}},
                     SepDialup = SID1(5, 1), SepNetwork = SID1(5, 2), SepBatch = SID1(5, 3),
                     SepInteractive = SID1(5, 4), SepAnonymous = SID1(5, 7),
                     SepAuthenticated = SID1(5, 11), SepRestricted = SID1(5, 12),
                     SepIUser = SID1(5, 17), SepLocalSystem = SID1(5, 18),
                     SepLocalService = SID1(5, 19), SepNetworkService = SID1(5, 20),
                     SepAdmins = ALIAS(544), SepUsers = ALIAS(545), SepGuests = ALIAS(546),
                     SepPowerUsers = ALIAS(547), SepAccountOps = ALIAS(548),
                     SepSystemOps = ALIAS(549), SepPrintOps = ALIAS(550), SepBackupOps = ALIAS(551),
                     SepUntrusted = SID1(16, 0), SepLow = SID1(16, 0x1000),
                     SepMedium = SID1(16, 0x2000), SepHigh = SID1(16, 0x3000),
                     SepSystem = SID1(16, 0x4000);

#define PRIVILEGE(name) .name##Privilege = {name##_NUMBER, 0}
#define SeCreateToken_NUMBER 2
#define SeAssignPrimaryToken_NUMBER 3
#define SeLockMemory_NUMBER 4
#define SeIncreaseQuota_NUMBER 5
#define SeUnsolicitedInput_NUMBER 6
#define SeTcb_NUMBER 7
#define SeSecurity_NUMBER 8
#define SeTakeOwnership_NUMBER 9
#define SeLoadDriver_NUMBER 10
#define SeSystemProfile_NUMBER 11
#define SeSystemtime_NUMBER 12
#define SeProfileSingleProcess_NUMBER 13
#define SeIncreaseBasePriority_NUMBER 14
#define SeCreatePagefile_NUMBER 15
#define SeCreatePermanent_NUMBER 16
#define SeBackup_NUMBER 17
#define SeRestore_NUMBER 18
#define SeShutdown_NUMBER 19
#define SeDebug_NUMBER 20
#define SeAudit_NUMBER 21
#define SeSystemEnvironment_NUMBER 22
#define SeChangeNotify_NUMBER 23
#define SeRemoteShutdown_NUMBER 24
#define SeUndock_NUMBER 25
#define SeSyncAgent_NUMBER 26
#define SeEnableDelegation_NUMBER 27
#define SeManageVolume_NUMBER 28
#define SeImpersonate_NUMBER 29
#define SeCreateGlobal_NUMBER 30
#define SeTrustedCredManAccess_NUMBER 31
#define SeRelabel_NUMBER 32
#define SeIncreaseWorkingSet_NUMBER 33
#define SeTimeZone_NUMBER 34
#define SeCreateSymbolicLink_NUMBER 35

static const SE_EXPORTS SepExports = {
    PRIVILEGE(SeCreateToken),
    PRIVILEGE(SeAssignPrimaryToken),
    PRIVILEGE(SeLockMemory),
    PRIVILEGE(SeIncreaseQuota),
    PRIVILEGE(SeUnsolicitedInput),
    PRIVILEGE(SeTcb),
    PRIVILEGE(SeSecurity),
    PRIVILEGE(SeTakeOwnership),
    PRIVILEGE(SeLoadDriver),
    PRIVILEGE(SeSystemProfile),
    PRIVILEGE(SeSystemtime),
    PRIVILEGE(SeProfileSingleProcess),
    PRIVILEGE(SeIncreaseBasePriority),
    PRIVILEGE(SeCreatePagefile),
    PRIVILEGE(SeCreatePermanent),
    PRIVILEGE(SeBackup),
    PRIVILEGE(SeRestore),
    PRIVILEGE(SeShutdown),
    PRIVILEGE(SeDebug),
    PRIVILEGE(SeAudit),
    PRIVILEGE(SeSystemEnvironment),
    PRIVILEGE(SeChangeNotify),
    PRIVILEGE(SeRemoteShutdown),
    PRIVILEGE(SeUndock),
    PRIVILEGE(SeSyncAgent),
    PRIVILEGE(SeEnableDelegation),
    PRIVILEGE(SeManageVolume),
    PRIVILEGE(SeImpersonate),
    PRIVILEGE(SeCreateGlobal),
    PRIVILEGE(SeTrustedCredManAccess),
    PRIVILEGE(SeRelabel),
    PRIVILEGE(SeIncreaseWorkingSet),
    PRIVILEGE(SeTimeZone),
    PRIVILEGE(SeCreateSymbolicLink),
    .SeNullSid = (PSID)&SepNull,
    .SeWorldSid = (PSID)&SepWorld,
    .SeLocalSid = (PSID)&SepLocal,
    .SeCreatorOwnerSid = (PSID)&SepCreatorOwner,
    .SeCreatorGroupSid = (PSID)&SepCreatorGroup,
    .SeNtAuthoritySid = (PSID)&SepNtAuthority,
    .SeDialupSid = (PSID)&SepDialup,
    .SeNetworkSid = (PSID)&SepNetwork,
    .SeBatchSid = (PSID)&SepBatch,
    .SeInteractiveSid = (PSID)&SepInteractive,
    .SeLocalSystemSid = (PSID)&SepLocalSystem,
    .SeAliasAdminsSid = (PSID)&SepAdmins,
    .SeAliasUsersSid = (PSID)&SepUsers,
    .SeAliasGuestsSid = (PSID)&SepGuests,
    .SeAliasPowerUsersSid = (PSID)&SepPowerUsers,
    .SeAliasAccountOpsSid = (PSID)&SepAccountOps,
    .SeAliasSystemOpsSid = (PSID)&SepSystemOps,
    .SeAliasPrintOpsSid = (PSID)&SepPrintOps,
    .SeAliasBackupOpsSid = (PSID)&SepBackupOps,
    .SeAuthenticatedUsersSid = (PSID)&SepAuthenticated,
    .SeRestrictedSid = (PSID)&SepRestricted,
    .SeAnonymousLogonSid = (PSID)&SepAnonymous,
    .SeLocalServiceSid = (PSID)&SepLocalService,
    .SeNetworkServiceSid = (PSID)&SepNetworkService,
    .SeIUserSid = (PSID)&SepIUser,
    .SeUntrustedMandatorySid = (PSID)&SepUntrusted,
    .SeLowMandatorySid = (PSID)&SepLow,
    .SeMediumMandatorySid = (PSID)&SepMedium,
    .SeHighMandatorySid = (PSID)&SepHigh,
    .SeSystemMandatorySid = (PSID)&SepSystem,
    .SeOwnerRightsSid = (PSID)&SepOwnerRights,
};

PSE_EXPORTS SeExports = (PSE_EXPORTS)&SepExports;
