// SPDX-License-Identifier: GPL-2.0-or-later
#include "codec.h"

#include <strings.h>

/*
 * G.113, Appendix I: Ie of Table I.2, Bpl of Table I.4. The payload type doesn't
 * say which G.729 or G.723.1 it is: Annex A with VAD, and 6.3 kbit/s with VAD, are
 * what the table has (G.729 itself has 10, and G.723.1 at 5.3 kbit/s 19).
 *
 * Bpl was fitted to the tables of impairment by loss that came before it, and gives what
 * those have: at 2 % random loss 7 for G.711 with concealment, 19 for G.729A and 24 for
 * G.723.1. GSM-EFR's is the one of a cellular codec's concealment, and low.
 *
 * Not here, because the appendix has nothing of them for narrowband: iLBC, Speex, Opus,
 * AMR, whose mode changes from packet to packet, and G.722, whose Ie,wb is of the scale
 * of G.107.1.
 */
static const struct vw_codec codecs[] = {
	{ "PCMU", 8000, 0, 0, 25.1, 4.3, 20 },
	{ "PCMA", 8000, 8, 0, 25.1, 4.3, 20 },
	{ "G729", 8000, 18, 11, 19.0, 0, 25 },
	{ "G723", 8000, 4, 15, 16.1, 0, 37.5 },
	{ "GSM-EFR", 8000, -1, 5, 10.0, 0, 20 },
	{ "GSM", 8000, 3, 20, 0, 0, 20 },
	{ "G728", 8000, 15, 7, 0, 0, 20 },
	{ "GSM-HR-08", 8000, -1, 23, 0, 0, 20 },
	{ "G726-40", 8000, -1, 2, 0, 0, 20 },
	{ "G726-32", 8000, -1, 7, 0, 0, 20 },
	{ "G726-24", 8000, -1, 25, 0, 0, 20 },
	{ "G726-16", 8000, -1, 50, 0, 0, 20 },
	/* the same codec, its bits in another order: RFC 3551, 4.5.4 */
	{ "AAL2-G726-40", 8000, -1, 2, 0, 0, 20 },
	{ "AAL2-G726-32", 8000, -1, 7, 0, 0, 20 },
	{ "AAL2-G726-24", 8000, -1, 25, 0, 0, 20 },
	{ "AAL2-G726-16", 8000, -1, 50, 0, 0, 20 },
};

const struct vw_codec *vw_codec_static(unsigned int pt)
{
	for (size_t i = 0; i < ARRAY_SIZE(codecs); i++)
		if (codecs[i].pt >= 0 && (unsigned int)codecs[i].pt == pt)
			return &codecs[i];
	return NULL;
}

const struct vw_codec *vw_codec_named(const char *name, size_t len, u32 clock)
{
	for (size_t i = 0; i < ARRAY_SIZE(codecs); i++)
		if (strlen(codecs[i].name) == len && !strncasecmp(codecs[i].name, name, len) &&
		    codecs[i].clock == clock)
			return &codecs[i];
	return NULL;
}

void vw_formats_add(struct vw_formats *f, u32 pt, const struct vw_codec *codec)
{
	if (pt < VW_CODEC_DYNAMIC || pt > 127 || !codec || f->n == VW_CODEC_FORMATS)
		return;
	f->of[f->n].pt = (u8)pt;
	f->of[f->n++].codec = codec;
}

const struct vw_codec *vw_formats_codec(const struct vw_formats *f, u8 pt)
{
	for (u8 i = 0; i < f->n; i++)
		if (f->of[i].pt == pt)
			return f->of[i].codec;
	return vw_codec_static(pt);
}
