# SPDX-License-Identifier: BSD-2-Clause
#
# The boot archives: PE images of the build, drivers in drivers/, and readme.txt. ntos.cpio has what the system is made
# of; ntos-tests.cpio has the programs and drivers of tests/, bench/ and drivers/test too, the programs in tests/. The
# last folders to be configured add images too, so the rules are made at the end.
function(ntos_boot_archives)
    set(readme ${CMAKE_SOURCE_DIR}/ntos/init/readme.txt)
    set(entries "readme.txt=${readme}")
    set(files ${readme})
    set(test_entries)
    set(test_files)
    get_property(images GLOBAL PROPERTY NEPTUNE_PE_TARGETS)
    foreach(image ${images})
        get_target_property(file ${image} NEPTUNE_FILE)
        get_target_property(kind ${image} NEPTUNE_KIND)
        get_target_property(source ${image} SOURCE_DIR)
        set(prefix)
        set(folder)
        if(source MATCHES "^${CMAKE_SOURCE_DIR}/(tests|bench|drivers/test)")
            set(prefix test_)
            set(folder tests/)
        endif()
        if(kind STREQUAL "sys")
            set(folder drivers/)
        endif()
        list(APPEND ${prefix}entries "${folder}${file}=${NEPTUNE_IMAGES}/${file}")
        list(APPEND ${prefix}files ${NEPTUNE_IMAGES}/${file} ${image})
    endforeach()
    ntos_boot_archive(ntos "${entries}" "${files}")
    ntos_boot_archive(ntos-tests "${entries};${test_entries}" "${files};${test_files}")
endfunction()

function(ntos_boot_archive name entries files)
    set(archive ${CMAKE_BINARY_DIR}/${name}.cpio)
    set(maker ${CMAKE_SOURCE_DIR}/ntos/init/mkarchive.py)
    add_custom_command(OUTPUT ${archive} COMMAND python3 ${maker} ${archive} ${entries}
        DEPENDS ${maker} ${files} VERBATIM)
    add_custom_target(${name}_archive DEPENDS ${archive})
endfunction()
