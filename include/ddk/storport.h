/* SPDX-License-Identifier: BSD-2-Clause */
/* mingw-w64's storport.h, which takes the basic types for known and repeats a type of its srb.h. */
#pragma once
#include <wdm.h>
#include <srb.h>
#define _SCSI_WMI_REQUEST_BLOCK _STORPORT_SCSI_WMI_REQUEST_BLOCK
#define SCSI_WMI_REQUEST_BLOCK STORPORT_SCSI_WMI_REQUEST_BLOCK
#define PSCSI_WMI_REQUEST_BLOCK PSTORPORT_SCSI_WMI_REQUEST_BLOCK
#include_next <storport.h>
#undef _SCSI_WMI_REQUEST_BLOCK
#undef SCSI_WMI_REQUEST_BLOCK
#undef PSCSI_WMI_REQUEST_BLOCK
