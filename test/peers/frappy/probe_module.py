"""Modules with features that the demos of frappy lack."""

import threading
import time

from frappy.core import BUSY, IDLE, Command, Drivable, Parameter, Readable
from frappy.datatypes import ArrayOf, BLOBType, BoolType, EnumType, FloatRange, IntRange, ScaledInteger, StringType, StructOf, TupleOf
from frappy.errors import HardwareError, ImpossibleError


class Probe(Readable):
    value = Parameter('beyond its declared maximum', FloatRange(0, 10, unit='K'), default=99.5)
    blob = Parameter('bytes', BLOBType(0, 16), default=b'ab', readonly=False)
    scaled = Parameter('an integer that stands for tenths of a kelvin', ScaledInteger(0.1, 0, 250, unit='K'), default=1, readonly=False)
    const = Parameter('a constant', FloatRange(), constant=3.5)
    slow = Parameter('takes as long to read as its value says', FloatRange(unit='s'), default=0, readonly=False)
    broken = Parameter('cannot be read', FloatRange(), default=0)
    text = Parameter('any language', StringType(maxchars=8, isUTF8=True), default='ä', readonly=False)
    ascii = Parameter('ASCII', StringType(maxchars=20), default='', readonly=False)
    big = Parameter('beyond 2^53', IntRange(-2**62, 2**62), default=2**60, readonly=False)
    flag = Parameter('for experts', BoolType(), default=False, readonly=False, visibility='w--')
    mode = Parameter('names of any kind', EnumType('mode', {'off': 0, '+1': 1, 'Low Energy': 7}), default=0, readonly=False)
    profile = Parameter('numbers', ArrayOf(FloatRange(), 0, 100), default=[1, 2.5], readonly=False)
    nested = Parameter(
        'a structure',
        ArrayOf(StructOf(name=StringType(), at=TupleOf(FloatRange(), IntRange(0, 9))), 0, 3),
        default=[],
        readonly=False,
    )

    def read_value(self):
        return 99.5

    def read_slow(self):
        time.sleep(self.slow)
        return self.slow

    def read_broken(self):
        raise HardwareError('sensor broken')

    @Command(argument=BLOBType(0, 8), result=BLOBType(0, 8))
    def echo(self, data):
        """give the bytes back"""
        return data

    @Command(argument=FloatRange(0, unit='s'))
    def work(self, seconds):
        """answer after some time"""
        time.sleep(seconds)

    @Command
    def refuse(self):
        """refuse"""
        raise ImpossibleError('not today')


class LateBusy(Drivable):
    value = Parameter('position', FloatRange(unit='mm'), default=0)
    target = Parameter('goal', FloatRange(0, 100, unit='mm'), default=0, readonly=False)
    status = Parameter(default=(IDLE, ''))

    def write_target(self, target):
        threading.Timer(0.15, self._start, [target]).start()
        return target

    def _start(self, target):
        self.status = BUSY, 'moving'
        time.sleep(0.15)
        self.value = target
        self.status = IDLE, ''

    def read_value(self):
        return self.value

    def read_status(self):
        return self.status

    @Command
    def stop(self):
        """stop"""
