# SPDX-License-Identifier: BSD-2-Clause
#
# The two kinds of image that the system is made of:
#   neptune_elf(name ...)   a freestanding ELF image (kernel, Executive, kernel tests)
#   neptune_pe(name ...)    a PE image (ntdll, programs, drivers and the driver runtime)
# Both compile an object library for one target and link it with lld into ${NEPTUNE_IMAGES}.

set(NEPTUNE_IMAGES ${CMAKE_BINARY_DIR}/images)
set(NEPTUNE_LINKED ${CMAKE_BINARY_DIR}/linked)
file(MAKE_DIRECTORY ${NEPTUNE_IMAGES} ${NEPTUNE_LINKED})

if(NEPTUNE_ARCH STREQUAL "amd64")
    set(ELF_TARGET x86_64-unknown-none-elf)
    set(ELF_EMULATION elf_x86_64)
    set(PE_TARGET x86_64-w64-windows-gnu)
    set(PE_MACHINE x64)
    set(MINGW_ROOT /usr/x86_64-w64-mingw32)
    set(NEPTUNE_ARCH_DIR x86_64)
    set(NEPTUNE_BASE_INDEX 0)
    # In module definition files: lines of the other architecture become comments.
    set(AMD64 "")
    set(I686 ";")
elseif(NEPTUNE_ARCH STREQUAL "i686")
    set(ELF_TARGET i686-unknown-none-elf)
    set(ELF_EMULATION elf_i386)
    set(PE_TARGET i686-w64-windows-gnu)
    set(PE_MACHINE x86)
    set(MINGW_ROOT /usr/i686-w64-mingw32)
    set(NEPTUNE_ARCH_DIR i386)
    set(NEPTUNE_BASE_INDEX 1)
    set(AMD64 ";")
    set(I686 "")
else()
    message(FATAL_ERROR "NEPTUNE_ARCH must be amd64 or i686, not '${NEPTUNE_ARCH}'")
endif()

if(NEPTUNE_TYPE STREQUAL "debug")
    set(NEPTUNE_TYPE_OPTIONS -DDBG=1 -O1)
elseif(NEPTUNE_TYPE STREQUAL "release")
    set(NEPTUNE_TYPE_OPTIONS -DDBG=0 -DNDEBUG -O2)
else()
    message(FATAL_ERROR "NEPTUNE_TYPE must be debug or release, not '${NEPTUNE_TYPE}'")
endif()

# NTSTATUS codes come from mingw-w64's ntstatus.h, taken alone so that the ELF side does not meet its C headers.
configure_file(${MINGW_ROOT}/include/ntstatus.h ${CMAKE_BINARY_DIR}/include/ntstatus.h COPYONLY)
set(NEPTUNE_INCLUDES ${CMAKE_SOURCE_DIR}/include ${CMAKE_BINARY_DIR}/include)

set(NEPTUNE_WARNINGS -Wall -Wextra -Werror -Wno-unused-parameter -Wno-missing-field-initializers)
# The names of assembler files would stand in debug information with the path of the tree.
set(NEPTUNE_COMMON_OPTIONS -std=gnu17 -g -ffreestanding -nostdlibinc -fno-common -fno-ident -fno-strict-aliasing
    -ffile-prefix-map=${CMAKE_SOURCE_DIR}/= -fdebug-compilation-dir=. ${NEPTUNE_WARNINGS} ${NEPTUNE_TYPE_OPTIONS}
    $<$<COMPILE_LANGUAGE:ASM>:-g0>)
set(NEPTUNE_ELF_OPTIONS -fno-pic -fno-pie -fno-stack-protector -fno-asynchronous-unwind-tables
    -fno-omit-frame-pointer -mgeneral-regs-only)
# PE code follows the Windows ABI: 16-bit wchar_t comes with the target.
set(NEPTUNE_PE_OPTIONS --target=${PE_TARGET} -fms-extensions -Wno-microsoft -Wno-pragma-pack -fno-stack-protector
    -fno-omit-frame-pointer -mno-stack-arg-probe)
if(NEPTUNE_ARCH STREQUAL "i686")
    # A Pentium III is enough; no SSE at all, since callers on Windows align their stacks by 4 bytes only.
    list(APPEND NEPTUNE_ELF_OPTIONS -march=i686)
    list(APPEND NEPTUNE_PE_OPTIONS -march=i686)
else()
    # The exceptions of AMD64 need unwind data of every function, which -ffreestanding leaves out.
    list(APPEND NEPTUNE_PE_OPTIONS -fasynchronous-unwind-tables)
endif()

# neptune_elf_objects(name SOURCES s... [INCLUDES d...] [OPTIONS o...] [DEPENDS d...])
# compiles what several ELF images have in common.
function(neptune_elf_objects name)
    cmake_parse_arguments(O "" "" "SOURCES;INCLUDES;OPTIONS;DEPENDS" ${ARGN})
    add_library(${name} OBJECT ${O_SOURCES})
    target_compile_options(${name} PRIVATE ${NEPTUNE_COMMON_OPTIONS} --target=${ELF_TARGET}
        ${NEPTUNE_ELF_OPTIONS} ${O_OPTIONS})
    target_include_directories(${name} PRIVATE ${O_INCLUDES})
    if(O_DEPENDS)
        add_dependencies(${name} ${O_DEPENDS})
    endif()
endfunction()

# neptune_elf(name SOURCES s... LINKER_SCRIPT f [INCLUDES d...] [OPTIONS o...] [DEPENDS d...] [OBJECTS name...]
#             [CONTAINER32])
# makes images/<name>.elf, of the OBJECTS of neptune_elf_objects too. With CONTAINER32 the linked file is
# <name>.sym.elf and <name>.elf is a stripped 32-bit ELF container around it, as QEMU's -kernel wants.
function(neptune_elf name)
    cmake_parse_arguments(E "CONTAINER32" "LINKER_SCRIPT" "SOURCES;INCLUDES;OPTIONS;DEPENDS;OBJECTS" ${ARGN})
    neptune_elf_objects(${name}_objects SOURCES ${E_SOURCES} INCLUDES ${E_INCLUDES} OPTIONS ${E_OPTIONS}
        DEPENDS ${E_DEPENDS})
    set(objects)
    foreach(library ${name}_objects ${E_OBJECTS})
        list(APPEND objects $<TARGET_OBJECTS:${library}>)
    endforeach()
    set(linked ${NEPTUNE_IMAGES}/${name}.sym.elf)
    set(stripped ${NEPTUNE_IMAGES}/${name}.elf)
    if(E_CONTAINER32)
        set(strip_options -O elf32-i386 --strip-all)
    else()
        set(strip_options --strip-all)
    endif()
    add_custom_command(OUTPUT ${linked} ${stripped}
        COMMAND ld.lld -m ${ELF_EMULATION} --build-id=none -z max-page-size=4096 -z noexecstack -nostdlib --gc-sections
            -T ${CMAKE_CURRENT_SOURCE_DIR}/${E_LINKER_SCRIPT} -o ${linked} ${objects}
        COMMAND llvm-objcopy ${strip_options} ${linked} ${stripped}
        DEPENDS ${name}_objects ${E_OBJECTS} ${objects} ${E_LINKER_SCRIPT} ${E_DEPENDS}
        COMMAND_EXPAND_LISTS VERBATIM)
    add_custom_target(${name} ALL DEPENDS ${linked} ${stripped})
endfunction()

# neptune_pe_exports(name def imports): makes, for i686, <name>.lib and what the exports are linked with from the
# undecorated names of a module definition file; elsewhere the linker needs no help. Sets link_exports (options for
# lld-link) and link_definitions (the file that they depend on).
function(neptune_pe_exports name def imports)
    if(NOT NEPTUNE_ARCH STREQUAL "i686")
        set(link_definitions ${def} PARENT_SCOPE)
        set(link_exports /def:${def} PARENT_SCOPE)
        return()
    endif()
    set(decorated ${CMAKE_BINARY_DIR}/${name}.decorated.def)
    set(forward ${CMAKE_BINARY_DIR}/${name}.forward.rsp)
    set(library ${CMAKE_BINARY_DIR}/${name}.library.def)
    set(map ${CMAKE_BINARY_DIR}/${name}.map)
    set(maps)
    set(map_options)
    foreach(import ${imports})
        list(APPEND maps ${CMAKE_BINARY_DIR}/${import}.map)
        list(APPEND map_options --imports ${CMAKE_BINARY_DIR}/${import}.map)
    endforeach()
    set(script ${CMAKE_SOURCE_DIR}/tools/generate/decorate.py)
    add_custom_command(OUTPUT ${decorated} ${forward} ${library} ${map} ${CMAKE_BINARY_DIR}/${name}.lib
        COMMAND python3 ${script} --link ${decorated} --forward ${forward} --library ${library} --map ${map}
            ${map_options} ${def} $<TARGET_OBJECTS:${name}_objects>
        COMMAND llvm-dlltool -m i386 -k -d ${library} -l ${CMAKE_BINARY_DIR}/${name}.lib
        DEPENDS ${script} ${def} ${maps} ${name}_objects $<TARGET_OBJECTS:${name}_objects>
        COMMAND_EXPAND_LISTS VERBATIM)
    set(link_definitions ${decorated} PARENT_SCOPE)
    set(link_exports /def:${decorated} @${forward} PARENT_SCOPE)
endfunction()

# neptune_pe(name FILE f KIND exe|dll|sys SOURCES s... [DEF exports.def] [ENTRY symbol] [BASE amd64 i686]
#            [IMPORTS pe-target...] [INCLUDES d...] [OPTIONS o...] [LIBS file...] [MINGW])
# makes images/<FILE> (stripped) with symbols in images/<FILE>.sym (same layout). A PE target with a DEF file also makes
# the import library <name>.lib, which other targets name in IMPORTS. MINGW adds the mingw-w64 headers (DDK included).
function(neptune_pe name)
    cmake_parse_arguments(P "MINGW" "FILE;KIND;DEF;ENTRY" "BASE;SOURCES;IMPORTS;INCLUDES;OPTIONS;LIBS;DEPENDS" ${ARGN})
    add_library(${name}_objects OBJECT ${P_SOURCES})
    target_compile_options(${name}_objects PRIVATE ${NEPTUNE_COMMON_OPTIONS} ${NEPTUNE_PE_OPTIONS} ${P_OPTIONS})
    target_include_directories(${name}_objects PRIVATE ${P_INCLUDES})
    if(P_MINGW)
        # The DDK defines these two as static after intrin.h has declared them: clang would emit them in every object.
        target_compile_options(${name}_objects PRIVATE "SHELL:-isystem ${MINGW_ROOT}/include"
            "SHELL:-isystem ${MINGW_ROOT}/include/ddk"
            -D__INTRINSIC_DEFINED_InterlockedBitTestAndSet -D__INTRINSIC_DEFINED_InterlockedBitTestAndReset)
    endif()
    set(linked ${NEPTUNE_IMAGES}/${P_FILE}.sym)
    set(stripped ${NEPTUNE_IMAGES}/${P_FILE})
    set(link_options)
    if(P_KIND STREQUAL "dll")
        list(APPEND link_options /dll)
    elseif(P_KIND STREQUAL "sys")
        list(APPEND link_options /driver)
    endif()
    if(P_ENTRY)
        list(APPEND link_options /entry:${P_ENTRY})
    else()
        list(APPEND link_options /noentry)
    endif()
    if(P_BASE)
        list(GET P_BASE ${NEPTUNE_BASE_INDEX} base)
        list(APPEND link_options /base:${base})
    endif()
    set(import_library)
    if(P_DEF)
        neptune_pe_exports(${name} ${P_DEF} "${P_IMPORTS}")
        list(APPEND link_options ${link_exports})
        set(import_library ${CMAKE_BINARY_DIR}/${name}.lib)
    endif()
    if(NEPTUNE_ARCH STREQUAL "i686")
        # The linker's own import library knows undecorated symbols only: nobody uses it.
        list(APPEND link_options /implib:${CMAKE_BINARY_DIR}/${name}.undecorated.lib)
        list(APPEND P_LIBS ${NEPTUNE_PE_RUNTIME})
        list(APPEND P_DEPENDS peruntime)
        set(linker_library)
    else()
        list(APPEND link_options /implib:${CMAKE_BINARY_DIR}/${name}.lib)
        set(linker_library ${import_library})
    endif()
    foreach(import ${P_IMPORTS})
        list(APPEND P_LIBS ${CMAKE_BINARY_DIR}/${import}.lib)
        list(APPEND P_DEPENDS ${import})
    endforeach()
    # The export table has the name of the file that the linker writes, so that is not yet <FILE>.sym. /debug:dwarf keeps
    # DWARF sections; /Brepro makes the time stamp a hash, so builds repeat to the byte.
    add_custom_command(OUTPUT ${linked} ${stripped} ${linker_library}
        COMMAND lld-link /nologo /lldmingw /machine:${PE_MACHINE} /subsystem:native /nodefaultlib /dynamicbase /nxcompat
            /Brepro /debug:dwarf /merge:.buildid=.rdata /opt:ref /out:${NEPTUNE_LINKED}/${P_FILE} ${link_options}
            $<TARGET_OBJECTS:${name}_objects> ${P_LIBS}
        COMMAND ${CMAKE_COMMAND} -E rename ${NEPTUNE_LINKED}/${P_FILE} ${linked}
        COMMAND llvm-objcopy --strip-all ${linked} ${stripped}
        DEPENDS ${name}_objects $<TARGET_OBJECTS:${name}_objects> ${link_definitions} ${P_LIBS} ${P_DEPENDS}
        COMMAND_EXPAND_LISTS VERBATIM)
    add_custom_target(${name} ALL DEPENDS ${linked} ${stripped} ${import_library})
    # The boot archive takes every PE image: ntos/init/archive.cmake.
    set_property(GLOBAL APPEND PROPERTY NEPTUNE_PE_TARGETS ${name})
    set_target_properties(${name} PROPERTIES NEPTUNE_FILE ${P_FILE} NEPTUNE_KIND ${P_KIND})
endfunction()
