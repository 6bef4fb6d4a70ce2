/* SPDX-License-Identifier: BSD-2-Clause */
/* Microsoft's numbers warnings of its analysers, for #pragma warning. There are none of them here.
 */
#pragma once
