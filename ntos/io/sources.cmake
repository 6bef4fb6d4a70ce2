# SPDX-License-Identifier: BSD-2-Clause
# The I/O manager
set(NTOS_IO_SOURCES io/archive.c io/archivefs.c io/channel.c io/client.c io/connection.c io/control.c io/create.c
    io/dataarea.c io/device.c io/devsvc.c io/dirquery.c io/driver.c io/file.c io/fileinfo.c io/forward.c io/id.c io/irp.c
    io/open.c io/pattern.c io/pnp.c io/process.c io/readwrite.c io/resource.c io/rootbus.c io/start.c)
