# SPDX-License-Identifier: GPL-2.0-or-later
# Writes the bytes of FROM, and a zero behind them, as the initialiser of a C array to TO.
file(READ ${FROM} bytes HEX)
string(REGEX REPLACE "([0-9a-f][0-9a-f])" "0x\\1," bytes "${bytes}")
string(REGEX REPLACE "(0x..,0x..,0x..,0x..,0x..,0x..,0x..,0x..,)" "\\1\n" bytes "${bytes}")
file(WRITE ${TO} "${bytes}0x00\n")
