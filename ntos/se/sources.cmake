# SPDX-License-Identifier: BSD-2-Clause
# The security reference monitor
set(NTOS_SE_SOURCES se/access_services.c se/accesscheck.c se/adjust.c se/capture.c se/capture_descriptor.c se/create_token.c se/descriptor.c se/descriptor_parts.c se/filter.c
    se/impersonate.c se/luid.c se/open_token.c se/privilege.c se/query_token.c se/set_token.c se/system.c se/token.c
    se/token_services.c se/wellknown.c)
