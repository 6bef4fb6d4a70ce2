# SPDX-License-Identifier: BSD-2-Clause
# The object manager
set(NTOS_OB_SOURCES ob/attributes.c ob/directory.c ob/directory_query.c ob/dosdevices.c ob/duplicate.c ob/handle.c
    ob/handle_list.c ob/handle_services.c ob/inherit.c ob/name.c ob/namespace.c ob/object.c ob/open.c ob/query.c ob/reference.c ob/start.c
    ob/search.c ob/security.c ob/symlink.c ob/type.c)
