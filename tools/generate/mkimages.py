#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""Makes PE images of kinds that our linker does not make, for tests/native/images.c, which says what becomes of each.

mkimages.py --list            names the files
mkimages.py FOLDER amd64|i686 writes them

"Check", the first export, returns a constant, what the import NtYieldExecution was bound to, or a pointer to itself.
(Microsoft: "PE Format"; what Windows accepts beyond that is in the table of Wine's test of its loader.)
"""

import os
import struct
import sys

CONSTANT = 0x600D
EXPORT, IMPORT, RESOURCE, RELOCATIONS, TLS, BOUND_IMPORT, DELAY_IMPORT = 0, 1, 2, 5, 9, 11, 13     # directories
RELOCS_STRIPPED, EXECUTABLE, IS_DLL = 1, 2, 0x2000
READ_WRITE_EXECUTE = 0xE0000020
PROGRAM_BASE = {8: 0x140000000, 4: 0x400000}        # where umtests.exe is
FREE_BASE = {8: 0x250000000, 4: 0x25000000}
PE = b"C:\\windows\\tests\\pe\\"
KERNEL_BASE = {8: 0xFFFFF80000000000, 4: 0xC0000000}


def aligned(value, alignment):
    return -(-value // alignment) * alignment


class Section:
    """Bytes from an RVA on; to the file goes raw_size of them from raw on, by default all, at the next free place."""

    def __init__(self, rva, word):
        self.rva, self.word = rva, word
        self.data = bytearray()
        self.raw = self.raw_size = self.virtual_size = None
        self.checked = 0

    def add(self, data, alignment=1):
        """Returns the RVA where the bytes are."""
        self.data += bytes(aligned(len(self.data), alignment) - len(self.data))
        rva = self.here()
        self.data += data
        return rva

    def here(self):
        return self.rva + len(self.data)

    def words(self, *values):
        return self.add(b"".join(value.to_bytes(self.word, "little") for value in values), self.word)

    # Code, for both architectures without relocations

    def constant(self, value, arguments=0):
        """A routine that returns a value."""
        back = struct.pack("<BH", 0xC2, arguments * 4) if self.word == 4 and arguments else b"\xC3"
        return self.add(struct.pack("<BI", 0xB8, value) + back, 16)

    def load(self, target):
        """A routine that returns the word at an RVA."""
        here = self.add(b"", 16)
        if self.word == 8:
            return self.add(b"\x48\x8B\x05" + struct.pack("<i", target - here - 7) + b"\xC3")
        return self.add(b"\xE8\0\0\0\0\x58\x8B\x80" + struct.pack("<i", target - here - 5) + b"\xC3")

    def go_on(self, target):
        """A routine that goes on at the address at an RVA."""
        here = self.load(target)
        self.data[-1:] = b"\xFF\xE0"
        return here

    # Tables

    def exports(self, functions, names, first=1):
        """functions: RVAs (0: nothing) or forwarders by ordinal; names: ordinals. Returns the directory."""
        last = max(functions)
        table = [functions.get(ordinal, 0) for ordinal in range(first, last + 1)]
        table = [self.add(entry + b"\0") if isinstance(entry, bytes) else entry for entry in table]
        names = sorted(names.items())
        texts = [self.add(name.encode() + b"\0") for name, _ in names]
        addresses = self.add(struct.pack(f"<{len(table)}I", *table), 4)
        pointers = self.add(struct.pack(f"<{len(texts)}I", *texts), 4)
        ordinals = self.add(struct.pack(f"<{len(names)}H", *[ordinal - first for _, ordinal in names]), 2)
        rva = self.add(struct.pack("<IIHHIIIIIII", 0, 0, 0, 0, 0, first, len(table), len(names), addresses, pointers,
                                   ordinals), 4)
        return rva, self.here() - rva

    def check(self, routine):
        self.checked = routine
        return self.exports({1: routine}, {"Check": 1})

    def forward(self, text):
        """A forwarder is recognised by its place inside of the directory."""
        rva = self.add(struct.pack("<IIHHIIIIIII", *[0] * 11), 4)
        name, target = self.add(b"Check\0"), self.add(text + b"\0")
        tables = self.add(struct.pack("<IIH", target, name, 0), 4)
        struct.pack_into("<IIHHIIIIIII", self.data, rva - self.rva, 0, 0, 0, 0, 0, 7, 1, 1, tables, tables + 4,
                         tables + 8)
        return rva, self.here() - rva

    def imports(self, module, names, lookup=None, bound=0):
        """Returns (descriptors, their size, address table). lookup: OriginalFirstThunk, if not the right one. bound:
        what the address table has in place of the names. Names may be ordinals."""
        flag = 1 << (self.word * 8 - 1)
        entries = [flag | name if isinstance(name, int) else self.add(struct.pack("<H", 0) + name + b"\0", 2)
                   for name in names]
        right = self.words(*entries, 0)
        table = self.words(*([bound] * len(entries) if bound else entries), 0)
        text = self.add(module + b"\0")
        rva = self.add(struct.pack("<IiIII", right if lookup is None else lookup, -1 if bound else 0, 0, text, table), 4)
        self.add(bytes(20))
        return rva, 40, table

    def relocation(self, rva):
        """For one word, at any RVA of the page."""
        kind = 10 if self.word == 8 else 3
        return self.add(struct.pack("<IIHH", rva & ~0xFFF, 12, kind << 12 | rva & 0xFFF, 0), 4), 12


class Image:
    """A file with the header fields that tests change as attributes, everything sensible by default."""

    def __init__(self, word, characteristics=IS_DLL):
        self.word = word
        self.sections, self.directories = [], {}
        self.characteristics = EXECUTABLE | characteristics
        self.base = FREE_BASE[word]
        self.headers_at = 0x80
        self.optional_size = 0xF0 if word == 8 else 0xE0
        self.alignment, self.file_alignment = 0x1000, 0x200
        self.header_size = self.image_size = None
        self.entry = 0
        self.subsystem = 1      # native; 3 is the console's

    def section(self, rva=0x1000):
        self.sections.append(Section(rva, self.word))
        return self.sections[-1]

    def table_end(self):
        return self.headers_at + 24 + self.optional_size + 40 * len(self.sections)

    def _optional_header(self):
        end = max([section.rva + (section.virtual_size or len(section.data)) for section in self.sections], default=0)
        image_size = aligned(end, self.alignment) if self.image_size is None else self.image_size
        head = struct.pack("<HBBIIIII", 0x20B if self.word == 8 else 0x10B, 1, 0, 0, 0, 0, self.entry, 0)
        head += struct.pack("<Q", self.base) if self.word == 8 else struct.pack("<II", 0, self.base)
        head += struct.pack("<IIHHHHHHIIIIHH", self.alignment, self.file_alignment, 4, 0, 1, 0, 4, 0, 0, image_size,
                            self.header_size, 0, self.subsystem, 0)
        head += struct.pack("<4Q" if self.word == 8 else "<4I", 0x100000, 0x1000, 0x100000, 0x1000)
        head += struct.pack("<II", 0, 16)
        for index in range(16):
            head += struct.pack("<II", *self.directories.get(index, (0, 0)))
        return head

    def _section_header(self, section):
        return struct.pack("<8sIIIIIIHHI", b".all", section.virtual_size or len(section.data), section.rva,
                           section.raw_size, section.raw, 0, 0, 0, 0, READ_WRITE_EXECUTE)

    def file(self):
        data = bytearray(64)

        def put(offset, piece):
            data.extend(bytes(max(0, offset + len(piece) - len(data))))
            data[offset:offset + len(piece)] = piece

        if self.header_size is None:
            self.header_size = aligned(self.table_end(), self.file_alignment)
        for section in self.sections:
            if section.raw is None:
                section.raw = aligned(max(len(data), self.table_end()), 512) if self.alignment >= 0x1000 else section.rva
            if section.raw_size is None:
                section.raw_size = len(section.data)
            put(section.raw & ~511 if self.alignment >= 0x1000 else section.raw, section.data)
        put(0, b"MZ")
        put(self.headers_at, struct.pack("<4sHHIIIHH", b"PE", 0x8664 if self.word == 8 else 0x14C, len(self.sections),
                                         0, 0, 0, self.optional_size, self.characteristics) + self._optional_header())
        put(0x3C, struct.pack("<I", self.headers_at))
        for index, section in enumerate(self.sections):
            put(self.table_end() - 40 * (len(self.sections) - index), self._section_header(section))
        return bytes(data)


# ---- DLLs ----

def simple(word):
    """An image, and its only section with Check."""
    image = Image(word)
    section = image.section()
    image.entry = section.constant(1, 3)
    image.directories[EXPORT] = section.check(section.constant(CONSTANT))
    return image, section


def raw_420(word):
    image, section = simple(word)
    section.raw, section.raw_size = 0x420, len(section.data) - 0x20
    return image


def short_headers(word):
    image, _ = simple(word)
    image.header_size = image.table_end() - 8
    return image


def long_headers(word):
    image, section = simple(word)
    section.raw, image.header_size = 0x200, 0x1000
    return image


def overlapping_headers(word):
    """The section is the file from its beginning on, which has the headers, in the DOS header already."""
    image = Image(word)
    image.headers_at, image.optional_size = 0x10, 0x148
    section = image.section()
    section.add(bytes(0x200))
    image.directories[EXPORT] = section.check(section.constant(CONSTANT))
    section.raw, section.raw_size = 0x10, len(section.data) - 0x10
    return image


def far_headers(word):
    image = Image(word)
    image.headers_at = 0x1800
    section = image.section(0x2000)
    image.directories[EXPORT] = section.check(section.constant(CONSTANT))
    return image


def odd_table(word):
    image, _ = simple(word)
    image.optional_size += 3
    return image


def moved(word, base, alignment=0x1000):
    """Wants to be where it cannot be; Check returns a pointer in its data, which points to Check."""
    image = Image(word)
    image.base, image.alignment = base, alignment
    image.file_alignment = min(alignment, 0x200)
    section = image.section(max(alignment, 0x400))
    pointer = section.words(0)
    routine = section.load(pointer)
    struct.pack_into("<Q" if word == 8 else "<I", section.data, 0, base + routine)
    image.directories[EXPORT] = section.check(routine)
    image.directories[RELOCATIONS] = section.relocation(pointer)
    return image


def flat(word):
    image = moved(word, FREE_BASE[word], 0x20)
    image.header_size = image.table_end() - 3
    return image


def tiny(word):
    image = Image(word)
    image.headers_at = image.alignment = image.file_alignment = 4
    image.image_size, image.header_size = 0x40, 0
    return image


def importing(word, size=40, **options):
    image = Image(word)
    section = image.section()
    rva, _, table = section.imports(b"ntdll.dll", [b"NtYieldExecution"], **options)
    image.directories[EXPORT] = section.check(section.load(table))
    image.directories[IMPORT] = rva, size
    return image


def unterminated(word):
    """The table of descriptors ends with the pages of its section."""
    image = Image(word)
    section = image.section()
    rva, _, table = section.imports(b"ntdll.dll", [b"NtYieldExecution"])
    image.directories[EXPORT] = section.check(section.load(table))
    descriptor = section.data[rva - section.rva:][:20]
    section.add(bytes(0x2000 - 20 - section.here()))
    image.directories[IMPORT] = section.add(descriptor), 0
    return image


def bound(word):
    image = importing(word, bound=0x7FFF1234)
    section = image.sections[0]
    rva = section.add(struct.pack("<IHH", 0x12345678, 16, 0) + bytes(8) + b"ntdll.dll\0", 4)
    image.directories[BOUND_IMPORT] = rva, 26
    return image


def missing(word):
    image = importing(word)
    section = image.sections[0]
    rva, size, _ = section.imports(b"ntdll.dll", [b"NoSuchRoutine", b"NtYieldExecution", b"NoOtherRoutine"])
    image.directories[IMPORT] = rva, size
    return image


def no_export_size(word):
    image, _ = simple(word)
    image.directories[EXPORT] = image.directories[EXPORT][0], 0
    return image


def forwarding(word, target):
    image = Image(word)
    section = image.section()
    image.directories[EXPORT] = section.forward(target)
    return image


def gaps(word):
    image = Image(word)
    section = image.section()
    routine = section.constant(CONSTANT)
    image.directories[EXPORT] = section.exports({5: routine, 9: routine, 300: routine}, {"Check": 9}, 5)
    return image


def no_entry(word):
    image, _ = simple(word)
    image.entry = 0
    return image


def taken(word, characteristics=0):
    image, _ = simple(word)
    image.base = PROGRAM_BASE[word]
    image.characteristics |= characteristics
    return image


def hundred_sections(word):
    image = Image(word)
    for index in range(100):
        section = image.section(0x2000 + 0x1000 * index)
        section.add(b"section %d" % index)
    image.directories[EXPORT] = section.check(section.constant(CONSTANT))
    return image


def depending(word, *modules, attach=1, names=(b"Check",)):
    """Imports Check, or other names, of modules; its DllMain returns a constant."""
    image, section = simple(word)
    image.entry = section.constant(attach, 3)
    descriptors = b""
    for module in modules:
        rva, _, _ = section.imports(module, names)
        descriptors += section.data[rva - section.rva:][:20]
    image.directories[IMPORT] = section.add(descriptors + bytes(20), 4), len(descriptors) + 20
    return image


def delaying(word, *modules):
    """Delay-load descriptors for modules: each (name, names or ordinals)."""
    image, section = simple(word)
    descriptors = b""
    for module, names in modules:
        rva, _, table = section.imports(module, names)
        lookup, _, _, text, _ = struct.unpack_from("<IiIII", section.data, rva - section.rva)
        descriptors += struct.pack("<8I", 1, text, section.words(0), table, lookup, 0, 0, 0)
    image.directories[DELAY_IMPORT] = section.add(descriptors + bytes(32), 4), len(descriptors) + 32
    return image


def tls_dll(word, data=0, zeros=0):
    """Its TLS callback adds up the reasons + 1 in a word to which Check returns a pointer."""
    image = Image(word)
    image.base = PROGRAM_BASE[word]
    section = image.section()
    counter, index = section.add(bytes(8), 8), section.add(bytes(8), 8)
    pointer = section.words(image.base + counter)
    relocations = [pointer]
    if word == 8:
        callback = section.add(b"\x01\x15" + struct.pack("<i", counter - section.here() - 6))
        section.add(b"\xFF\x05" + struct.pack("<i", counter - section.here() - 6) + b"\xC3")
    else:
        callback = section.add(b"\x8B\x44\x24\x08\x01\x05" + struct.pack("<I", image.base + counter))
        section.add(b"\xFF\x05" + struct.pack("<I", image.base + counter) + b"\xC2\x0C\0")
        relocations += [callback + 6, callback + 12]
    callbacks = section.words(image.base + callback, 0)
    relocations.append(callbacks)
    directory = section.words(image.base + counter, image.base + counter + data, image.base + index, image.base + callbacks)
    relocations += [directory + word * place for place in range(4)]
    section.add(struct.pack("<II", zeros, 0))
    image.directories[TLS] = directory, 24
    image.directories[EXPORT] = section.check(section.load(pointer))
    kind = (10 if word == 8 else 3) << 12
    relocations += [0] * (len(relocations) % 2)
    entries = b"".join(struct.pack("<H", kind | rva & 0xFFF if rva else 0) for rva in relocations)
    image.directories[RELOCATIONS] = section.add(struct.pack("<II", 0x1000, 8 + len(entries)) + entries, 4), 8 + len(entries)
    return image


# ---- Resources ----

def directory(entries):
    """entries: (name or string's offset, offset) with the highest bits set as they should be."""
    named = sum(1 for name, _ in entries if name >> 31)
    return struct.pack("<IIHHHH", 0, 0, 4, 0, named, len(entries) - named) + \
        b"".join(struct.pack("<II", *entry) for entry in entries)


def resource_tree(rva, tree):
    """{type: {name: {language: bytes}}}; names are numbers or strings, strings first."""
    flag = 1 << 31
    strings, data, leaves, texts = b"", b"", [], {}
    for name in [name for names in tree.values() for name in names] + list(tree):
        if isinstance(name, str) and name not in texts:
            texts[name] = len(strings)
            strings += struct.pack("<H", len(name)) + name.encode("utf-16-le")
    count = 1 + len(tree) + sum(len(names) for names in tree.values())
    entries = len(tree) + sum(len(names) + sum(map(len, names.values())) for names in tree.values())
    strings_at = count * 16 + entries * 8
    leaves_at = aligned(strings_at + len(strings), 4)
    data_at = leaves_at + 16 * sum(len(langs) for names in tree.values() for langs in names.values())

    def word_of(name):
        return flag | strings_at + texts[name] if isinstance(name, str) else name

    place, root, tables = 16 + 8 * len(tree), [], b""
    for kind, names in tree.items():
        root.append((word_of(kind), flag | place))
        place += 16 + 8 * len(names)
        table, below = [], b""
        for name, languages in names.items():
            table.append((word_of(name), flag | place))
            place += 16 + 8 * len(languages)
            found = []
            for language, value in languages.items():
                found.append((language, leaves_at + 16 * len(leaves)))
                leaves.append(struct.pack("<4I", rva + data_at + len(data), len(value), 0, 0))
                data += value + bytes(-len(value) % 4)
            below += directory(found)
        tables += directory(table) + below
    head = directory(root) + tables + strings
    return head + bytes(leaves_at - len(head)) + b"".join(leaves) + data


def message_table(blocks):
    """{first number: [texts]}; texts that are str become UTF-16."""
    head, body = struct.pack("<I", len(blocks)), b""
    for first, texts in blocks.items():
        head += struct.pack("<III", first, first + len(texts) - 1, 4 + 12 * len(blocks) + len(body))
        for text in texts:
            wide = isinstance(text, str)
            data = text.encode("utf-16-le") + b"\0\0" if wide else text + b"\0"
            data += bytes(-len(data) % 4)
            body += struct.pack("<HH", len(data) + 4, int(wide)) + data
    return head + body


def with_resources(word, data):
    image, _ = simple(word)
    section = image.section(0x2000)
    section.add(data)
    image.directories[RESOURCE] = 0x2000, len(data)
    return image


def resources(word):
    return with_resources(word, resource_tree(0x2000, {
        "KIND": {7: {0x409: b"by a string"}},
        10: {"NAMED": {0: b"neutral"}, 1: {0x407: b"deutsch", 0x409: b"english"}, 2: {7: b"german", 0x40C: b"francais"},
             3: {0x411: b"only"}},
        11: {1: {0x409: message_table({1: [b"one", b"two"], 0x40000010: ["wide"]})},
             }}))


def mui(checksum, language="", fallback=""):
    """The resource that ties a module to its satellites."""
    names = language.encode("utf-16-le") + b"\0\0", fallback.encode("utf-16-le") + b"\0\0"
    places = [0] * 8 + [0x84, len(names[0]), 0x84 + len(names[0]), len(names[1])]
    data = b"".join(names)
    return struct.pack("<7I", 0xFECDFECD, 0x84 + len(data), 0x10000, 0, 0x12 if language else 0x11, 0, 0) + bytes(16) + \
        checksum * 16 + bytes(24) + struct.pack("<12I", *places) + data


def with_satellites(word):
    return with_resources(word, resource_tree(0x2000, {"MUI": {1: {0: mui(b"\x5a", fallback="sv-SE")}},
                                                       10: {1: {0: b"neutral"}, 6: {0x409: b"own"}}}))


def hostile_satellite(word, configuration):
    return with_resources(word, resource_tree(0x2000, {"MUI": {1: {0: configuration}}, 10: {5: {0: b"hostile"}}}))


def satellite(word, language, number, text, checksum=b"\x5a"):
    tree = {"MUI": {1: {number: mui(checksum, language)}}, 10: {5: {number: text}, 6: {number: text}},
            11: {1: {number: message_table({7: [text]})}}}
    if language == "sv-SE":
        tree[10][8] = {number: text}
    return with_resources(word, resource_tree(0x2000, tree))


def hostile_resources(word):
    """Directories and data that are elsewhere or nowhere."""
    flag = 1 << 31
    return with_resources(word, directory([(flag | 0x7FFFFFF0, flag), (1, flag), (2, 0x7FFFFFF0), (3, flag | 0x7FFFFF00),
                                           (4, flag | 0x60), (5, 0x90)]) + bytes(0x60 - 64) +
                          struct.pack("<IIHHHH", 0, 0, 0, 0, 0xFFFF, 0xFFFF) + bytes(0x20) +
                          struct.pack("<4I", 0x7FFFFFFF, 0x7FFFFFFF, 0, 0))


def hostile_messages(word):
    """Blocks and entries that end outside, and entries without a length."""
    tables = [struct.pack("<I", 0x40000000), struct.pack("<IIII", 1, 1, 5, 0x7FFFFFFF),
              struct.pack("<IIII", 1, 1, 0xFFFFFFFF, 16) + bytes(8), struct.pack("<IIIIHH", 1, 1, 5, 16, 200, 0), b"\0"]
    return with_resources(word, resource_tree(0x2000, {11: {1: {0x400 + index: table
                                                                 for index, table in enumerate(tables)}}}))


# ---- Programs ----

def program(make):
    """What make makes, as a program that begins with Check, whose result is its exit status."""
    def made(word):
        image = make(word)
        image.characteristics &= ~IS_DLL
        image.entry = max(section.checked for section in image.sections)
        return image
    return made



def packed(word):
    """The entry point copies the program to another section, which has nothing in the file, and goes on there."""
    image = Image(word, 0)
    image.base = PROGRAM_BASE[word]
    image.section().virtual_size = 0x1000
    section = image.section(0x2000)
    payload = section.constant(CONSTANT, 1)
    size = section.here() - payload
    here = image.entry = section.add(b"", 16)
    if word == 8:
        section.add(struct.pack("<3si3si", b"\x48\x8D\x35", payload - here - 7, b"\x48\x8D\x3D", 0x1000 - here - 14))
    else:
        section.add(struct.pack("<BIBI", 0xBE, image.base + payload, 0xBF, image.base + 0x1000))
    section.add(struct.pack("<BI2s", 0xB9, size, b"\xF3\xA4"))
    section.add(struct.pack("<Bi", 0xE9, 0x1000 - section.here() - 5))
    return image


def tls_program(word):
    """Its TLS callback adds up the reasons; the entry point has one called for the end of the thread."""
    image = Image(word, 0)
    image.base = PROGRAM_BASE[word]
    section = image.section()
    rva, size, table = section.imports(b"ntdll.dll", [b"LdrShutdownThread"])
    image.directories[IMPORT] = rva, size
    counter, index = section.add(bytes(4), 4), section.add(bytes(4), 4)
    if word == 8:
        callback = section.add(b"\x01\x15" + struct.pack("<i", counter - section.here() - 6) + b"\xC3")
        image.entry = section.add(b"\x48\x83\xEC\x28")
        section.add(b"\xFF\x15" + struct.pack("<i", table - section.here() - 6))
        section.add(b"\x8B\x05" + struct.pack("<i", counter - section.here() - 6) + b"\x48\x83\xC4\x28\xC3")
    else:
        callback = section.add(b"\x8B\x44\x24\x08\x01\x05" + struct.pack("<I", image.base + counter) + b"\xC2\x0C\0")
        image.entry = section.add(b"\xFF\x15" + struct.pack("<I", image.base + table))
        section.add(b"\xA1" + struct.pack("<I", image.base + counter) + b"\xC2\x04\0")
    callbacks = section.words(image.base + callback, 0)
    directory = section.words(image.base + counter, image.base + counter, image.base + index, image.base + callbacks)
    section.add(bytes(8))
    image.directories[TLS] = directory, 0
    return image


# ---- Drivers: DriverEntry fails with the first status if all is as it should be ----

def driver(word, alignment=0x1000, characteristics=0):
    """All is well if a driver object comes, and this is the first call."""
    image = Image(word, characteristics)
    image.alignment, image.file_alignment = alignment, min(alignment, 0x200)
    section = image.section(max(alignment, 0x400))
    counter = section.add(bytes(4), 16)
    back = b"\xC3" if word == 8 else b"\xC2\x08\0"
    good, bad = b"\xB8\x01\0\0\xE0" + back, b"\xB8\x02\0\0\xE0" + back
    image.entry = section.add(b"\x66\x83\x39\x04" if word == 8 else b"\x8B\x44\x24\x04\x66\x83\x38\x04", 16)
    section.add(b"\x75" + bytes([13 + 2 + len(good)]))

    def operand(following):
        return struct.pack("<i", counter - section.here() - 6 - following) if word == 8 else \
            struct.pack("<I", image.base + counter)

    section.add(b"\xFF\x05" + operand(0))
    section.add(b"\x83\x3D" + operand(1) + b"\x01")
    section.add(b"\x75" + bytes([len(good)]) + good + bad)
    return image


def raw_420_driver(word):
    image = driver(word)
    section = image.sections[0]
    section.raw, section.raw_size = 0x420, len(section.data) - 0x20
    return image


def short_headers_driver(word):
    image = driver(word)
    image.header_size = image.table_end() - 8
    return image


def missing_driver(word, names):
    image = driver(word)
    section = image.sections[0]
    rva, size, _ = section.imports(b"ntoskrnl.exe", names)
    image.directories[IMPORT] = rva, size
    return image


def importing_driver(word, module, names):
    image = driver(word)
    section = image.sections[0]
    rva, size, _ = section.imports(module, names)
    image.directories[IMPORT] = rva, size
    return image


def far_imports_driver(word, rva):
    image = driver(word)
    image.directories[IMPORT] = rva, 40
    return image


def unterminated_driver(word):
    """The table of descriptors ends with the pages of its section, and nothing is behind it."""
    image = driver(word)
    section = image.sections[0]
    rva, _, _ = section.imports(b"ntoskrnl.exe", [b"DbgPrint"])
    descriptor = section.data[rva - section.rva:][:20]
    section.add(bytes(0x2000 - 20 - section.here()))
    image.directories[IMPORT] = section.add(descriptor), 0
    return image


# ---- Side by side ----

MANIFEST = 24       # the resources' type


class Text:
    """A file that is no image."""

    def __init__(self, text):
        self.text = text

    def file(self):
        return self.text.encode()


def manifest(*elements):
    return f"""<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<assembly xmlns="urn:schemas-microsoft-com:asm.v1" manifestVersion="1.0">{"".join(elements)}</assembly>
"""


def identity(name, version="1.2.3.4", more=""):
    return f'<assemblyIdentity type="win32" name="{name}" version="{version}" {more}/>'


def needs(name, version="1.2.0.0", more=""):
    return f"<dependency><dependentAssembly>{identity(name, version, more)}</dependentAssembly></dependency>"


SETTINGS = """<application xmlns="urn:schemas-microsoft-com:asm.v3"><windowsSettings>
<dpiAware xmlns="http://schemas.microsoft.com/SMI/2005/WindowsSettings">true</dpiAware></windowsSettings></application>"""


def add_manifest(image, number, text):
    section = image.section(0x2000)
    section.add(resource_tree(0x2000, {MANIFEST: {number: {0x409: text.encode()}}}))
    image.directories[RESOURCE] = 0x2000, len(section.data)
    return image


def passing(word, module, text=None):
    """A console's program that goes on at Check of a module, with a manifest or without."""
    image = Image(word, RELOCS_STRIPPED)
    image.base, image.subsystem = PROGRAM_BASE[word], 3
    section = image.section()
    rva, size, table = section.imports(module, [b"Check"])
    image.directories[IMPORT] = rva, size
    image.entry = section.go_on(table)
    return add_manifest(image, 1, text) if text else image


def shared(architecture, version, digest):
    """An assembly of the store: its files."""
    name = f"{architecture}_sxsshared_0123456789abcdef_{version}_none_{digest}"
    more = f'publicKeyToken="0123456789abcdef" processorArchitecture="{architecture}"'
    return {
        f"winsxs/manifests/{name}.manifest": lambda word: Text(manifest(identity("SxsShared", version, more),
                                                                        '<file name="sxsshared.dll"/>')),
        f"winsxs/{name}/sxsshared.dll": lambda word: simple(word)[0],
    }


def isolated(word):
    """Its own manifest says where the module is that it needs; Check goes on there."""
    image = Image(word)
    section = image.section()
    rva, size, table = section.imports(b"sxslib.dll", [b"Check"])
    image.directories[IMPORT] = rva, size
    image.directories[EXPORT] = section.check(section.go_on(table))
    return add_manifest(image, 2, manifest(needs("SxsLib")))


FILES = {
    "tests/sxs/SxsLib/SxsLib.manifest": lambda word: Text(manifest(
        identity("SxsLib"), '<file name="sxslib.dll"><windowClass>SxsClass</windowClass>'
        '<comClass clsid="{5c5c0001-0002-0003-0405-060708090a0b}"/></file>')),
    "tests/sxs/SxsLib/sxslib.dll": lambda word: simple(word)[0],
    "tests/sxs/app.manifest": lambda word: Text(manifest(identity("App"), needs("SxsLib"), SETTINGS)),
    "tests/sxs/bad.manifest": lambda word: Text(manifest("<dependency>")),
    "tests/sxs/alone.manifest": lambda word: Text(manifest(needs("Nobody"))),
    "tests/sxs/inside.exe": lambda word: passing(word, b"sxslib.dll", manifest(needs("SxsLib"))),
    "tests/sxs/beside.exe": lambda word: passing(word, b"sxslib.dll"),
    "tests/sxs/beside.exe.manifest": lambda word: Text(manifest(needs("SxsLib"))),
    "tests/sxs/without.exe": lambda word: passing(word, b"sxslib.dll"),
    "tests/sxs/alone.exe": lambda word: passing(word, b"sxslib.dll", manifest(needs("Nobody"))),
    "tests/sxs/isolated.dll": isolated,
    "tests/sxs/shared.exe": lambda word: passing(word, b"sxsshared.dll", manifest(
        needs("SxsShared", "1.0.2.0", 'publicKeyToken="0123456789abcdef" processorArchitecture="*"'))),
    "tests/sxs/tooold.exe": lambda word: passing(word, b"sxsshared.dll", manifest(
        needs("SxsShared", "1.0.8.0", 'publicKeyToken="0123456789abcdef" processorArchitecture="*"'))),
    **shared("amd64", "1.0.7.0", "1a"), **shared("amd64", "1.0.5.0", "2b"), **shared("amd64", "1.1.9.0", "3c"),
    **shared("x86", "1.0.5.0", "4d"), **shared("x86", "1.0.7.0", "5e"), **shared("x86", "1.1.9.0", "6f"),
    "tests/sxs/isolates.exe": lambda word: passing(word, b"isolated.dll"),
    "tests/pe/raw420.dll": raw_420,
    "tests/pe/shorthdr.dll": short_headers,
    "tests/pe/longhdr.dll": long_headers,
    "tests/pe/overlap.dll": overlapping_headers,
    "tests/pe/farhdr.dll": far_headers,
    "tests/pe/oddtable.dll": odd_table,
    "tests/pe/moved.dll": lambda word: moved(word, PROGRAM_BASE[word]),
    "tests/pe/base0.dll": lambda word: moved(word, 0),
    "tests/pe/highbase.dll": lambda word: moved(word, KERNEL_BASE[word]),
    "tests/pe/flat.dll": flat,
    "tests/pe/flatmove.dll": lambda word: moved(word, PROGRAM_BASE[word], 0x20),
    "tests/pe/tiny.dll": tiny,
    "tests/pe/import0.dll": lambda word: importing(word, 0),
    "tests/pe/import5.dll": lambda word: importing(word, 5),
    "tests/pe/importff.dll": lambda word: importing(word, 0xFFFFFFFF),
    "tests/pe/noorig.dll": lambda word: importing(word, lookup=0),
    "tests/pe/badorig.dll": lambda word: importing(word, lookup=0x10),
    "tests/pe/farorig.dll": lambda word: importing(word, lookup=0x7FFFFFF0),
    "tests/pe/noterm.dll": unterminated,
    "tests/pe/bound.dll": bound,
    "tests/pe/missing.dll": missing,
    "tests/pe/export0.dll": no_export_size,
    "tests/pe/forward1.dll": lambda word: forwarding(word, b"forward2.Check"),
    "tests/pe/forward2.dll": lambda word: forwarding(word, b"FORWARD3.#7"),
    "tests/pe/forward3.dll": lambda word: forwarding(word, b"ntdll.NtYieldExecution"),
    "tests/pe/circle.dll": lambda word: forwarding(word, b"circle.#7"),
    "tests/pe/gaps.dll": gaps,
    "tests/pe/noentry.dll": no_entry,
    "tests/pe/taken.dll": taken,
    "tests/pe/fixed.dll": lambda word: taken(word, RELOCS_STRIPPED),
    "tests/pe/hundred.dll": hundred_sections,
    "tests/pe/chain1.dll": lambda word: depending(word, b"chain2.dll", b"chain3.dll"),
    "tests/pe/chain2.dll": lambda word: depending(word, b"chain3"),
    "tests/pe/chain3.dll": depending,
    "tests/pe/cycle1.dll": lambda word: depending(word, b"cycle2.dll"),
    "tests/pe/cycle2.dll": lambda word: depending(word, b"CYCLE3.DLL"),
    "tests/pe/cycle3.dll": lambda word: depending(word, b"cycle1.dll"),
    "tests/pe/myself.dll": lambda word: depending(word, b"myself.dll"),
    "tests/pe/refuses.dll": lambda word: depending(word, b"chain3.dll", attach=0),
    "tests/pe/onrefuse.dll": lambda word: depending(word, b"refuses.dll"),
    "tests/pe/nomodule.dll": lambda word: depending(word, b"chain3.dll", b"nowhere1.dll", b"nowhere2.dll"),
    "tests/pe/noname.dll": lambda word: depending(word, b"chain3.dll", names=(b"Missing1", b"Check", b"Missing2", 700)),
    "tests/pe/noordinal.dll": lambda word: depending(word, b"gaps.dll", names=(6,)),
    "tests/pe/apiset.dll": lambda word: depending(word, b"api-ms-win-core-apiquery-l1-1-0.dll",
                                                  names=(b"ApiSetQueryApiSetPresence",)),
    "tests/pe/noapiset.dll": lambda word: depending(word, b"ext-ms-win-nobody-l1-1-0.dll"),
    "tests/pe/forwset.dll": lambda word: forwarding(word, b"api-ms-win-core-apiquery-l1-1-0.ApiSetQueryApiSetPresence"),
    "tests/pe/forwnew.dll": lambda word: forwarding(word, b"chain2.Check"),
    "tests/pe/forwself.dll": lambda word: forwarding(word, PE + b"myself.Check"),
    "tests/pe/forwbad.dll": lambda word: forwarding(word, PE + b"refuses.Check"),
    "tests/pe/forwfar.dll": lambda word: forwarding(word, PE + b"chain2.Check"),
    "tests/pe/onforw.dll": lambda word: depending(word, b"forwfar.dll"),
    "tests/pe/onbad.dll": lambda word: depending(word, b"forwbad.dll"),
    "tests/pe/waits.dll": lambda word: depending(word, b"chain3.dll", b"gaps.dll"),
    "tests/pe/delay.dll": lambda word: delaying(word, (b"chain2.dll", [b"Check", 1, b"Missing"]), (b"nowhere.dll", [b"Check", 5]),
                                                (b"ntdll.dll", [b"NtYieldExecution", b"NtClose"]),
                                                (PE + b"refuses.dll", [b"Check"])),
    "tests/pe/tls.dll": tls_dll,
    "tests/pe/tlshuge.dll": lambda word: tls_dll(word, 8, 0xFFFFFFFF),
    "tests/pe/resource.dll": resources,
    "tests/pe/badres.dll": hostile_resources,
    "tests/pe/badmsg.dll": hostile_messages,
    "tests/pe/several.dll": with_satellites,
    "tests/pe/en-US/several.dll.mui": lambda word: satellite(word, "en-US", 0x409, b"english"),
    "tests/pe/de/several.dll.mui": lambda word: satellite(word, "de", 0x407, b"deutsch"),
    "tests/pe/sv-SE/several.dll.mui": lambda word: satellite(word, "sv-SE", 0x41D, b"svenska"),
    "tests/pe/fr-FR/several.dll.mui": lambda word: satellite(word, "fr-FR", 0x40C, b"autre", b"\xa5"),
    "tests/pe/it-IT/several.dll.mui": lambda word: satellite(word, "it-CH", 0x410, b"altro"),
    "tests/pe/ja-JP/several.dll.mui": lambda word: with_resources(word, b""),
    "tests/pe/ko-KR/several.dll.mui": lambda word: hostile_satellite(
        word, mui(b"\x5a", "ko-KR")[:0x74] + struct.pack("<4I", 0xFFFFFFF0, 12, 0x84, 0xFFFFFFF0)),
    "tests/pe/nl-NL/several.dll.mui": lambda word: hostile_satellite(word, mui(b"\x5a", "nl-NL")[:0x80]),
    "tests/pe/raw420.exe": program(raw_420),
    "tests/pe/shorthdr.exe": program(short_headers),
    "tests/pe/longhdr.exe": program(long_headers),
    "tests/pe/overlap.exe": program(overlapping_headers),
    "tests/pe/farhdr.exe": program(far_headers),
    "tests/pe/oddtable.exe": program(odd_table),
    "tests/pe/export0.exe": program(no_export_size),
    "tests/pe/hundred.exe": program(hundred_sections),
    "tests/pe/import0.exe": program(lambda word: importing(word, 0)),
    "tests/pe/import5.exe": program(lambda word: importing(word, 5)),
    "tests/pe/importff.exe": program(lambda word: importing(word, 0xFFFFFFFF)),
    "tests/pe/bound.exe": program(bound),
    "tests/pe/missing.exe": program(missing),
    "tests/pe/packed.exe": packed,
    "tests/pe/tls.exe": tls_program,
    "drivers/pedll.sys": lambda word: driver(word, characteristics=IS_DLL),
    "drivers/peraw.sys": raw_420_driver,
    "drivers/peshort.sys": short_headers_driver,
    "drivers/peflat.sys": lambda word: driver(word, 0x20),
    "drivers/penames.sys": lambda word: missing_driver(word, [b"NoSuchRoutine", b"DbgPrint", b"NoOtherRoutine"]),
    "drivers/peordinal.sys": lambda word: missing_driver(word, [60000]),
    "drivers/pemany.sys": lambda word: missing_driver(word, [b"NoRoutine%d" % i for i in range(12)]),
    "drivers/penodll.sys": lambda word: importing_driver(word, b"nosuch.sys", [b"NoSuchRoutine"]),
    "drivers/pefar.sys": lambda word: far_imports_driver(word, 0x7FFFFF00),
    "drivers/pepast.sys": lambda word: far_imports_driver(word, 0x5000),
    "drivers/penoterm.sys": unterminated_driver,
}


def main():
    if sys.argv[1] == "--list":
        print(";".join(FILES), end="")
        return
    folder, word = sys.argv[1], {"amd64": 8, "i686": 4}[sys.argv[2]]
    for name, make in FILES.items():
        path = os.path.join(folder, name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "wb") as file:
            file.write(make(word).file())


if __name__ == "__main__":
    main()
