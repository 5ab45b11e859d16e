# SPDX-License-Identifier: GPL-2.0-or-later
#
# Sourced after lib/tap.sh: what the phones say.

# speech_make FILE.wav VOICE SENTENCE: ten seconds of speech at 8 kHz, then silence,
# so that the file outlasts the call: a softphone's source ends the call with it.
# Resampling takes long in an emulated machine, so what was made once is kept.
speech_make() {
	local kept part

	kept=$T_TOP/build/speech/$(cksum <<<"$2 $3" | tr -d ' ').wav
	if [ ! -s "$kept" ]; then
		mkdir -p "$T_TOP/build/speech"
		espeak-ng -v "$2" -s 150 -w "$1" "$3"
		# Another machine may be making it, with the same process number.
		part=$(mktemp --suffix=.wav "$kept.XXXXXX")
		sox "$1" -r 8000 -c 1 -b 16 -D "$part" gain -n -6 trim 0 9.5 pad 0.5 90
		mv "$part" "$kept"
	fi
	cp "$kept" "$1"
}

SPEECH_1001="Good morning, this is the branch office. The quick brown fox jumps over the lazy dog,
 while five boxing wizards watch quietly from the hill and count the sheep."
SPEECH_2001="Head office speaking. Please note the order: seventeen crates of oranges,
 forty bags of flour, nine barrels of vinegar and a small box of candles."
