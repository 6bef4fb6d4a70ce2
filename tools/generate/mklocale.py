#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""Makes the locale.nls that the system has of its own: mklocale.py FOLDER

Its form is that of Windows 8 and later. Eight offsets of 32 bits come first, the fifth that of the locales, whose part begins
with its version, "NSDS", counts and offsets:
  an index by number and one by name (upper case), each with places in
  the locales' records (FIELDS), all of one size,
  the calendars' records (CALENDAR_FIELDS), the first for calendar 1, and
  the strings, UTF-16 with a length in front and a NUL behind.
A record has a string by its place in words, and an array of strings as a length and such places. The other parts are
character types, changes of characters (as in l_intl.nls), regions, and scripts. What the locales are is in LOCALES; nobody
asks this file for character types and scripts, which are empty.
"""

import os
import struct
import sys
import unicodedata

import mknls

NUMBER, LONG, STRING, ARRAY, NOTHING = "number", "long", "string", "array", "nothing"
SIZES = {NUMBER: 2, LONG: 4, STRING: 4, ARRAY: 4, NOTHING: 4}
FORMAT_VERSION = 7
SECTIONS = 8
HEADER_SIZE = 0x4c
INDEX_ENTRY = 8
FIRST_YEAR_OF_NEXT_CENTURY = 2049       # two digits above 49 are of the last one
UNITED_STATES, GERMANY, NATION = 244, 94, 16


def fields(kind, names):
    return [(name, kind) for name in names.split()]


FIELDS = [
    *fields(STRING, "name opentype"),
    *fields(NUMBER, "lcid unique_lcid digits negative_number currency_digits currency_form negative_currency leading_zero "
                    "specific first_day first_week country_code imperial digit_substitution"),
    *fields(STRING, "grouping money_grouping list_separator decimal thousand currency money_decimal money_thousand positive "
                    "negative am pm"),
    *fields(ARRAY, "native_digits time short_date long_date year_month duration"),
    *fields(NUMBER, "default_lcid ansi oem mac ebcdic region_word paper islamic"),
    *fields(STRING, "calendars abbreviated_language iso639 language native_language country native_country "
                    "abbreviated_country iso3166 iso4217 currency_name native_currency_name fonts iso639_3 iso3166_3 parent"),
    *fields(ARRAY, "days short_days months short_months genitive_months short_genitive_months calendar_names sorts"),
    *fields(NUMBER, "negative_percent positive_percent nothing1 right_to_left nothing2 nothing3"),
    *fields(NOTHING, "nothing4"),
    *fields(STRING, "display native_display percent not_a_number infinity negative_infinity"),
    *fields(NOTHING, "nothing5"),
    *fields(STRING, "era short_era"),
    *fields(NOTHING, "nothing6"),
    *fields(STRING, "console"),
    *fields(ARRAY, "short_time shortest_days"),
    *fields(NOTHING, "nothing7"),
    *fields(STRING, "sort_locale keyboards scripts relative_date"),
    *fields(LONG, "region"),
    *fields(STRING, "shortest_am shortest_pm"),
    *fields(ARRAY, "month_day"),
    *fields(STRING, "keyboard"),
]
CALENDAR_FIELDS = [
    *fields(NUMBER, "calendar last_short_year"),
    *fields(ARRAY, "short_date year_month long_date eras era_years days short_days months short_months"),
    *fields(STRING, "name"),
    *fields(ARRAY, "month_day short_eras shortest_days"),
    *fields(STRING, "relative_date"),
    *fields(NOTHING, "nothing1 nothing2 nothing3"),
]

# Latin in the Unicode ranges, then the code pages: the locale's own, and those that fit.
LATIN_FONTS = struct.pack("<8I", 0x3, 0, 0, 0x80000000, 0x1, 0x80000000, 0x19f, 0xdfd70000).decode("utf-16-le",
                                                                                                 "surrogatepass")
INVARIANT = {
    "name": "", "opentype": "dflt", "lcid": 0x7f, "specific": 1, "default_lcid": 0x409, "digits": 2, "negative_number": 1,
    "currency_digits": 2, "leading_zero": 1, "country_code": 1, "digit_substitution": 1,
    "grouping": "\3", "money_grouping": "\3", "list_separator": ",", "decimal": ".", "thousand": ",", "currency": "\xa4",
    "money_decimal": ".", "money_thousand": ",", "positive": "+", "negative": "-", "am": "AM", "pm": "PM",
    "native_digits": list("0123456789"), "time": ["HH:mm:ss"], "short_date": ["MM/dd/yyyy", "yyyy-MM-dd"],
    "long_date": ["dddd, dd MMMM yyyy"], "year_month": ["yyyy MMMM"], "duration": ["hh:mm:ss"],
    "ansi": 1252, "oem": 437, "mac": 10000, "ebcdic": 37, "region": UNITED_STATES, "paper": 9, "calendars": "\1",
    "abbreviated_language": "IVL", "iso639": "iv", "iso639_3": "ivl", "language": "Invariant Language",
    "native_language": "Invariant Language", "country": "Invariant Country", "native_country": "Invariant Country",
    "iso3166": "IV", "iso4217": "XDR", "currency_name": "International Monetary Fund",
    "native_currency_name": "International Monetary Fund", "fonts": LATIN_FONTS,
    "days": "Sunday Monday Tuesday Wednesday Thursday Friday Saturday".split(),
    "short_days": "Sun Mon Tue Wed Thu Fri Sat".split(), "shortest_days": "Su Mo Tu We Th Fr Sa".split(),
    "months": [*"January February March April May June July August September October November December".split(), ""],
    "short_months": [*"Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split(), ""],
    "calendar_names": ["Gregorian Calendar"], "display": "Invariant Language (Invariant Country)",
    "native_display": "Invariant Language (Invariant Country)", "percent": "%", "not_a_number": "NaN", "infinity": "Infinity",
    "negative_infinity": "-Infinity", "era": "AD", "short_era": "AD", "short_time": ["HH:mm", "hh:mm tt", "H:mm", "h:mm tt"],
    "keyboards": "0409:00000409", "scripts": "Latn;", "relative_date": "dddd, MMMM dd", "shortest_am": "a",
    "shortest_pm": "p", "month_day": ["MMMM dd", "MMMM d", "M/d", "MMM d"], "keyboard": "k0-windows-us",
}
US_ENGLISH = {
    **INVARIANT, "name": "en-US", "parent": "en", "opentype": "ENG ", "lcid": 0x409, "imperial": 1, "paper": 1, "currency": "$",
    "positive": "", "time": ["h:mm:ss tt", "HH:mm:ss"], "short_date": ["M/d/yyyy", "MMM d, yyyy"],
    "long_date": ["dddd, MMMM d, yyyy", "MMMM d, yyyy"], "year_month": ["MMMM yyyy"], "abbreviated_language": "ENU",
    "iso639": "en", "iso639_3": "eng", "language": "English", "native_language": "English", "country": "United States",
    "native_country": "United States", "abbreviated_country": "USA", "iso3166": "US", "iso3166_3": "USA", "iso4217": "USD",
    "currency_name": "US Dollar", "native_currency_name": "US Dollar", "display": "English (United States)",
    "native_display": "English (United States)", "negative_percent": 1, "positive_percent": 1, "infinity": "\u221e",
    "negative_infinity": "-\u221e", "console": "en-US", "sort_locale": "en-US", "short_time": ["h:mm tt", "HH:mm"],
    "relative_date": "dddd, MMM d", "month_day": ["MMMM d", "M/d", "MMM d"],
}
GERMAN = {
    **US_ENGLISH, "name": "de-DE", "parent": "de", "opentype": "DEU ", "lcid": 0x407, "default_lcid": 0x407, "imperial": 0,
    "paper": 9, "currency_form": 3, "negative_currency": 8, "first_day": 1, "first_week": 2, "country_code": 49,
    "list_separator": ";", "decimal": ",", "thousand": ".", "money_decimal": ",", "money_thousand": ".", "currency": "\u20ac",
    "time": ["HH:mm:ss"], "short_time": ["HH:mm"], "short_date": ["dd.MM.yyyy", "d. MMM yyyy"],
    "long_date": ["dddd, d. MMMM yyyy", "d. MMMM yyyy"], "oem": 850, "ebcdic": 20273, "region": GERMANY,
    "abbreviated_language": "DEU", "iso639": "de", "iso639_3": "deu", "language": "German", "native_language": "Deutsch",
    "country": "Germany", "native_country": "Deutschland", "abbreviated_country": "DEU", "iso3166": "DE", "iso3166_3": "DEU",
    "iso4217": "EUR", "currency_name": "Euro", "native_currency_name": "Euro",
    "days": "Sonntag Montag Dienstag Mittwoch Donnerstag Freitag Samstag".split(), "short_days": "So Mo Di Mi Do Fr Sa".split(),
    "shortest_days": "So Mo Di Mi Do Fr Sa".split(),
    "months": [*"Januar Februar M\xe4rz April Mai Juni Juli August September Oktober November Dezember".split(), ""],
    "short_months": [*"Jan Feb M\xe4r Apr Mai Jun Jul Aug Sep Okt Nov Dez".split(), ""],
    "calendar_names": ["Gregorianischer Kalender"], "display": "German (Germany)", "native_display": "Deutsch (Deutschland)",
    "negative_percent": 0, "positive_percent": 0, "era": "n. Chr.", "short_era": "n. Chr.", "console": "de-DE",
    "sort_locale": "de-DE", "keyboards": "0407:00000407", "keyboard": "k0-windows-de", "relative_date": "dddd, d. MMMM",
    "month_day": ["d. MMMM", "d.M.", "d. MMM"],
}


def neutral(specific):
    """The language by itself has what one of its countries has."""
    name, lcid = specific["parent"], specific["lcid"] & 0x3ff
    return {**specific, "name": name, "parent": "", "lcid": lcid, "specific": 0, "display": specific["language"],
            "native_display": specific["native_language"]}


LOCALES = [INVARIANT, neutral(GERMAN), GERMAN, neutral(US_ENGLISH), US_ENGLISH]      # by name
CALENDARS = [{"calendar": 1, "last_short_year": FIRST_YEAR_OF_NEXT_CENTURY, "eras": ["A.D."], "short_eras": ["AD"],
              "name": "Gregorian"}]

# Number, names of 2 and 3 letters, United Nations' number, telephone, currency and its sign, region around it. Sorted.
REGIONS = [(GERMANY, "DE", "DEU", 276, 49, "EUR", "\u20ac", 10210824), (UNITED_STATES, "US", "USA", 840, 1, "USD", "$", 23581)]


class Strings:
    """Each is there once; place 0 is the empty string and the empty array."""

    def __init__(self):
        self.words = []
        self.places = {}
        self.string("")
        self.places[()] = 0

    def add(self, key, words):
        self.places[key] = len(self.words)
        self.words += words

    def string(self, text):
        if text not in self.places:
            data = text.encode("utf-16-le", "surrogatepass")
            units = struct.unpack(f"<{len(data) // 2}H", data)
            self.add(text, [len(units), *units, 0])
        return self.places[text]

    def array(self, texts):
        key = tuple(texts)
        if key not in self.places:
            places = [self.string(text) for text in texts]
            if len(self.words) % 2 == 0:
                self.words.append(0)                    # so that the places are aligned
            halves = [half for place in places for half in (place & 0xffff, place >> 16)]
            self.add(key, [len(texts), *halves])
        return self.places[key]


def record(values, form, strings):
    unknown = set(values) - {name for name, _ in form}
    assert not unknown, unknown
    data = b""
    for name, kind in form:
        if kind in (STRING, ARRAY):
            put = strings.string if kind == STRING else strings.array
            data += struct.pack("<I", put(values.get(name, "")))
        else:
            data += values.get(name, 0).to_bytes(SIZES[kind], "little")
    return data


def indexes(strings):
    """By number and by name."""
    entries = [(values["lcid"], place, strings.string(values["name"])) for place, values in enumerate(LOCALES)]
    numbers = b"".join(struct.pack("<IHH", *entry) for entry in sorted(entries))
    names = b"".join(struct.pack("<HHI", name, place, lcid) for lcid, place, name in entries)
    return numbers, names


def locales_part():
    strings = Strings()
    numbers, names = indexes(strings)
    records = [record({**values, "unique_lcid": values["lcid"], "region_word": values["region"]}, FIELDS, strings)
               for values in LOCALES]
    calendars = [record(values, CALENDAR_FIELDS, strings) for values in CALENDARS]
    parts = [numbers, names, b"".join(records), b"".join(calendars), mknls.words(strings.words)]
    places = [HEADER_SIZE]
    for part in parts:
        assert places[-1] % 4 == 0
        places.append(places[-1] + len(part))
    header = struct.pack("<4I12x4HI2H2I4x2H2I8x", 8, 0, FORMAT_VERSION, int.from_bytes(b"NSDS", "little"),
                         0, len(LOCALES), len(LOCALES), len(records[0]), places[2], len(LOCALES), 0, places[0], places[1],
                         len(CALENDARS), len(calendars[0]), places[3], places[4])
    return header + b"".join(parts)


def character_types():
    """One type, nothing, which all characters are of: a row for all, and one for all of that row."""
    types = mknls.words([0, 0, 0])
    index = mknls.words([512] * 256 + [512 + 32] * 16) + bytes(16)
    return mknls.words([4 + len(types) + len(index), 2 + len(types)]) + types + index


def digit(code):
    value = unicodedata.digit(chr(code), None)
    return code if value is None else ord("0") + value


def ideograph(code):
    """What an ideograph for compatibility stands for, if that is of the first plane."""
    other = unicodedata.decomposition(chr(code)) if 0xf900 <= code < 0xfb00 else ""
    return int(other, 16) if len(other) == 4 else code


def hiragana(code):
    return code - 0x60 if 0x30a1 <= code <= 0x30f6 or code in (0x30fd, 0x30fe) else code


def katakana(code):
    return code + 0x60 if 0x3041 <= code <= 0x3096 or code in (0x309d, 0x309e) else code


def other_width(tag):
    """What is only a wide or narrow form of another character, by the code of either."""
    pairs = {}
    for code in range(0x10000):
        words = unicodedata.decomposition(chr(code)).split()
        if words and words[0] == tag:
            pairs[code] = int(words[1], 16)
    return pairs


def character_changes():
    """Digits, ideographs for compatibility, hiragana, katakana, half and full width, traditional and simplified Chinese."""
    wide, narrow = other_width("<wide>"), other_width("<narrow>")
    half = {**wide, **{plain: code for code, plain in narrow.items()}}
    full = {**narrow, **{plain: code for code, plain in wide.items()}}
    changes = [digit, ideograph, hiragana, katakana, lambda code: half.get(code, code), lambda code: full.get(code, code),
               lambda code: code, lambda code: code]
    data = b""
    for change in changes:
        table = mknls.offset_table(lambda code, change=change: (change(code) - code) & 0xffff)
        data += mknls.words([1 + len(table), *table])
    return data


def utf16(text, characters):
    return text.encode("utf-16-le").ljust(2 * characters, b"\0")


def regions_part():
    """The regions by number, then where they are among these by their names of two letters."""
    records = b"".join(struct.pack("<I", number) + utf16("0.000", 12) * 2 + struct.pack("<2I", NATION, parent) +
                       utf16(two, 4) + utf16(three, 4) + struct.pack("<2H", nations, telephone) + utf16(code, 4) +
                       utf16(sign, 8)
                       for number, two, three, nations, telephone, code, sign, parent in REGIONS)
    index = b"".join(utf16(two, 4) + struct.pack("<I", place) for two, place in sorted((row[1], place)
                     for place, row in enumerate(REGIONS)))
    start = 8 + 5 * 4
    return utf16("geo", 4) + struct.pack("<5I", start + len(records) + len(index), start, len(REGIONS), start + len(records),
                                         len(REGIONS)) + records + index


def locale_file():
    """The offsets are of types, three that are nothing, locales, changes, regions and scripts."""
    parts = [character_types(), locales_part(), character_changes(), regions_part(), bytes(8)]
    places = [4 * SECTIONS]
    body = b""
    for part in parts:
        part += bytes(-len(part) % 4)
        places.append(places[-1] + len(part))
        body += part
    return struct.pack("<8I", places[0], 0, 0, 0, *places[1:-1]) + body


def main():
    folder = sys.argv[1]
    os.makedirs(folder, exist_ok=True)
    with open(os.path.join(folder, "locale.nls"), "wb") as file:
        file.write(locale_file())


if __name__ == "__main__":
    main()
