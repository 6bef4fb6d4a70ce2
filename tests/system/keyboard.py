# SPDX-License-Identifier: BSD-2-Clause
"""Keys of a US keyboard: which to press for a character, how many bytes a key puts in the queue."""

import string

_UNSHIFTED = {
    " ": "spc", "`": "grave_accent", "-": "minus", "=": "equal", "[": "bracket_left", "]": "bracket_right",
    "\\": "backslash", ";": "semicolon", "'": "apostrophe", ",": "comma", ".": "dot", "/": "slash",
    "\n": "ret", "\t": "tab",
}
_SHIFTED = dict(zip('~!@#$%^&*()_+{}|:"<>?', "`1234567890-=[]\\;',./"))

# Keys whose scan codes carry an E0 prefix: two bytes to press, two to release.
_EXTENDED = {"up", "down", "left", "right", "home", "end", "insert", "delete", "pgup", "pgdn",
             "ctrl_r", "alt_r", "kp_enter", "kp_divide", "meta_l", "meta_r", "menu"}


def key_of(character):
    """Returns (qcode, needs shift) for a character."""
    if character in string.ascii_lowercase + string.digits:
        return character, False
    if character in string.ascii_uppercase:
        return character.lower(), True
    if character in _UNSHIFTED:
        return _UNSHIFTED[character], False
    return key_of(_SHIFTED[character])[0], True


def queue_bytes(qcode):
    """Bytes that pressing (or releasing) the key puts in the keyboard's output queue."""
    return 2 if qcode in _EXTENDED else 1


def strokes(text):
    """Yields (qcode, down) pairs that type the text, shift held where a run of characters needs it."""
    shifted = False
    for character in text:
        qcode, shift = key_of(character)
        if shift != shifted:
            yield "shift", shift
            shifted = shift
        yield qcode, True
        yield qcode, False
    if shifted:
        yield "shift", False
