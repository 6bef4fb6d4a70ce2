# SPDX-License-Identifier: BSD-2-Clause
"""Reads text from a picture of the screen, by comparing it with the font's glyphs."""

import importlib.util
import os

FONTS = ["/usr/share/consolefonts/Uni2-VGA16.psf.gz", "/usr/share/consolefonts/FullGreek-VGA16.psf.gz"]
FONT_MAKER = os.path.join(os.path.dirname(__file__), "..", "..", "tools", "generate", "mkfont.py")
WIDTH, HEIGHT = 8, 16
WIDEST_UNSCALED = 1920
CURSOR_LINES = (13, 14)
UNKNOWN = 0xFE                  # a black square, where no glyph fits: text of others, or half drawn
LIT = bytes([ord(".")] + [ord("#")] * 255)


def read_glyphs():
    """{picture of a glyph: its code}; the codes that look alike are told apart by taking the printable one."""
    spec = importlib.util.spec_from_file_location("mkfont", FONT_MAKER)
    mkfont = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(mkfont)
    font = {}
    for name in reversed(FONTS):
        font.update(mkfont.read_font(name))
    glyphs = {}
    for code, character in reversed(list(enumerate(mkfont.code_page_437()))):
        lines = font.get(character, bytes(HEIGHT))
        glyphs[tuple(f"{line:08b}".replace("0", ".").replace("1", "#") for line in lines)] = code
    glyphs[(".".ljust(WIDTH, "."),) * HEIGHT] = ord(" ")
    return glyphs


class Picture:
    """Pixels cut into cells of text. Green alone tells the lit from the black: `greens` are lines of one byte a pixel."""

    _glyphs = None

    def __init__(self, width, height, greens):
        self.width, self.height, self.greens = width, height, greens
        self.scale = 1 + (self.width - 1) // WIDEST_UNSCALED
        self.columns = self.width // (WIDTH * self.scale)
        self.rows = self.height // (HEIGHT * self.scale)
        if Picture._glyphs is None:
            Picture._glyphs = read_glyphs()

    def _line(self, number):
        """One line of points: '#' where a pixel is not black, '.' elsewhere."""
        return self.greens[number * self.scale][::self.scale].translate(LIT).decode("ascii")

    def _shapes(self, row):
        """What the cells of a row look like: tuples of 16 strings."""
        lines = [self._line(row * HEIGHT + line) for line in range(HEIGHT)]
        return [tuple(line[column * WIDTH:(column + 1) * WIDTH] for line in lines) for column in range(self.columns)]

    def _code(self, shape):
        """(code, whether it shows the cursor) of a cell."""
        if shape in self._glyphs:
            return self._glyphs[shape], False
        if all(shape[line] == "#" * WIDTH for line in CURSOR_LINES):
            for glyph, code in self._glyphs.items():
                if all(glyph[line] == shape[line] for line in range(HEIGHT) if line not in CURSOR_LINES):
                    return code, True
        return UNKNOWN, False

    @classmethod
    def of_file(cls, filename):
        """A binary PPM file, as QEMU's screendump writes it."""
        with open(filename, "rb") as file:
            data = file.read()
        magic, width, height, _ = data.split(maxsplit=4)[:4]
        if magic != b"P6":
            raise ValueError("not a PPM picture")
        width, height = int(width), int(height)
        pixels = data[-3 * width * height:]
        return cls(width, height, [pixels[3 * width * line + 1:3 * width * (line + 1):3] for line in range(height)])

    @classmethod
    def of_memory(cls, data, pitch, width, height):
        """The bytes of a framebuffer of 32-bit pixels, green in the second byte."""
        return cls(width, height, [data[pitch * line + 1:pitch * line + 4 * width:4] for line in range(height)])

    def codes(self):
        """Rows of code page 437."""
        return [bytes(self._code(shape)[0] for shape in self._shapes(row)) for row in range(self.rows)]

    def cursor(self):
        """(row, column) of the cursor, None if none is seen."""
        for row in range(self.rows):
            for column, shape in enumerate(self._shapes(row)):
                if self._code(shape)[1]:
                    return row, column
        return None
