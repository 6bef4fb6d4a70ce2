# SPDX-License-Identifier: BSD-2-Clause
"""The PC speaker: what the command "beep" sounds like in a WAV file that QEMU writes.

QEMU writes samples only while the speaker sounds, so that the file holds the tones one after the other and nothing else.
With -icount, guest time and the file's time are counted in instructions: the host's load changes neither.
"""

import array
import itertools
import wave

import pytest

TICK = 1 / 64               # the guest's clock
PERIOD = 0.01               # of QEMU's audio timer: tones begin and end with it
COUNTER_RATE = 1193182      # of the timer chip, which divides it by an integer
SPEAKER_PORT, SPEAKER_ON = 0x61, 3

TONES = [(440, 500), (1000, 250), (100, 400), (2500, 100), (261, 300), (5000, 200)]
LIMITS = [(37, 1000), (8000, 150)]      # the lowest, and the highest that the samples can show well


def read_wave(path):
    """Samples of the first channel, and how many there are in a second."""
    with wave.open(path) as file:
        assert file.getsampwidth() == 2
        samples = array.array("h", file.readframes(file.getnframes()))[::file.getnchannels()]
        return samples, file.getframerate()


def rising_edges(samples, rate):
    """The times at which the signal goes from below to above zero."""
    return [(i + before / (before - after)) / rate
            for i, (before, after) in enumerate(itertools.pairwise(samples)) if before < 0 <= after]


def tones_of(path):
    """(hertz, seconds) of each tone in the file: stretches of edges at equal distances."""
    samples, rate = read_wave(path)
    groups = []
    for start, end in itertools.pairwise(rising_edges(samples, rate)):
        group = groups[-1] if groups else None
        if group and abs((end - start) - (group[1] - group[0]) / group[2]) < 2 / rate + 0.02 * (end - start):
            group[1] = end
            group[2] += 1
        else:
            groups.append([start, end, 1])
    return [(count / (end - start), end - start) for start, end, count in groups if count > 2], len(samples) / rate


def silent(machine):
    return int(machine.qemu.monitor(f"i /b {SPEAKER_PORT:#x}").rpartition("=")[2], 16) & SPEAKER_ON != SPEAKER_ON


@pytest.fixture
def speaker(boot, tmp_path):
    """A machine at the prompt, and the file that its speaker goes to."""
    file = str(tmp_path / "out.wav")
    machine = boot(options=["-machine", "pcspk-audiodev=snd0", "-audiodev", f"wav,id=snd0,path={file}",
                            "-icount", "shift=2,sleep=off"])
    machine.wait_for_prompt()
    assert silent(machine)
    return machine, file


def end(machine):
    machine.type("shutdown\n")
    assert machine.qemu.wait_for_end(30) == 0


def check_tone(tone, hertz, milliseconds):
    pitch, length = tone
    assert pitch == pytest.approx(COUNTER_RATE / (COUNTER_RATE // hertz), rel=0.005)
    # An edge at either end is not seen; the timer ends the tone with a tick of the clock.
    assert milliseconds / 1000 - TICK - PERIOD - 2 / hertz <= length <= milliseconds / 1000 + TICK + PERIOD


@pytest.mark.parametrize("tones", [TONES, LIMITS], ids=["tones", "limits"])
def test_pitch_and_length(speaker, tones):
    machine, file = speaker
    for hertz, milliseconds in tones:
        assert machine.command(f"beep {hertz} {milliseconds}") == []
        machine.wait(lambda: silent(machine), "end of the tone")
    end(machine)
    found, length = tones_of(file)
    assert len(found) == len(tones), found
    for tone, (hertz, milliseconds) in zip(found, tones):
        check_tone(tone, hertz, milliseconds)
    assert length == pytest.approx(sum(tone[1] for tone in tones) / 1000, abs=len(tones) * (TICK + PERIOD))


def test_beep_without_arguments(speaker):
    machine, file = speaker
    assert machine.command("beep") == []
    machine.wait(lambda: silent(machine), "end of the tone")
    end(machine)
    found, _ = tones_of(file)
    assert len(found) == 1, found
    check_tone(found[0], 800, 200)


def test_no_such_tones(speaker):
    machine, file = speaker
    for hertz in (0, 1, 36, 32768, 4294967295):
        answer, = machine.command(f"beep {hertz} 300")
        assert answer.startswith("beep: ")
        assert silent(machine)
    end(machine)
    samples, _ = read_wave(file)
    assert len(samples) == 0
