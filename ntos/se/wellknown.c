/* SPDX-License-Identifier: BSD-2-Clause */
/* SIDs and LUIDs that everybody knows. (MS-DTYP 2.4.2.4) */
#include "sep.h"

const SID SepSystemSid = {1, 1, {{0, 0, 0, 0, 0, 5}}, {18}};
const SID SepWorldSid = {1, 1, {{0, 0, 0, 0, 0, 1}}, {0}};
const SID SepLocalSid = {1, 1, {{0, 0, 0, 0, 0, 2}}, {0}};
const SID SepAuthenticatedSid = {1, 1, {{0, 0, 0, 0, 0, 5}}, {11}};
const SID SepAnonymousSid = {1, 1, {{0, 0, 0, 0, 0, 5}}, {7}};
const SID SepRestrictedSid = {1, 1, {{0, 0, 0, 0, 0, 5}}, {12}};
const SEP_SID2 SepAdministratorsSid = {{1, 2, {{0, 0, 0, 0, 0, 5}}, {32}}, 544};
const LUID SepSystemLuid = {0x3e7, 0}, SepAnonymousLuid = {0x3e6, 0};

SID SepLabelSid(ULONG Level)
{
    return (SID){1, 1, {{0, 0, 0, 0, 0, 16}}, {Level}};
}
