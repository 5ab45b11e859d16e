/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Codecs that ITU-T G.113, Appendix I has parameters of, for the E-model. Wideband
 * codecs (G.722, Opus) have a model of their own, and for iLBC, or GSM under loss,
 * there is no figure to rely on.
 */
#ifndef VW_MEDIA_CODEC_H
#define VW_MEDIA_CODEC_H

#include "../../kmod/core/env.h"

/**
 * struct vw_codec - what the E-model needs of a codec
 * @name: as in a=rtpmap
 * @clock: likewise, Hz
 * @pt: static payload type (RFC 3551); -1: none
 * @ie: equipment impairment without loss
 * @bpl: robustness against random loss, with concealment; 0: not published
 * @bpl_bare: the same without concealment; 0: not published
 * @delay_ms: of one packet as it is usual, with the codec's look-ahead
 */
struct vw_codec {
	const char *name;
	u32 clock;
	int pt;
	double ie;
	double bpl;
	double bpl_bare;
	double delay_ms;
};

/* NULL: not in the table. */
const struct vw_codec *vw_codec_static(unsigned int pt);
/* @name is compared without regard to case and needs no end of its own. */
const struct vw_codec *vw_codec_named(const char *name, size_t len, u32 clock);

/* RFC 3551: from here on only a description says what a payload type is. */
#define VW_CODEC_DYNAMIC	96
#define VW_CODEC_FORMATS	4

/**
 * struct vw_formats - dynamic payload types of one description
 * @of: those whose codec is in the table
 * @n: how many
 */
struct vw_formats {
	struct {
		u8 pt;
		const struct vw_codec *codec;
	} of[VW_CODEC_FORMATS];
	u8 n;
};

/* Nothing when @pt is static, @codec is NULL, or there are enough. */
void vw_formats_add(struct vw_formats *f, u32 pt, const struct vw_codec *codec);
/* Static payload types are what they are; NULL: not known. */
const struct vw_codec *vw_formats_codec(const struct vw_formats *f, u8 pt);

#endif
