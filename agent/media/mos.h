/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The E-model (ITU-T G.107) for narrowband calls between digital telephones: how
 * loss and delay rate with the codec's parameters, which are those of ITU-T G.113,
 * Appendix I. Where it publishes none there is no rating: wideband codecs (G.722,
 * Opus) have a model of their own, and for iLBC or GSM under loss there is no
 * figure to rely on.
 */
#ifndef VW_MEDIA_MOS_H
#define VW_MEDIA_MOS_H

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

/**
 * vw_mos_r - transmission rating factor R
 * @codec: may be NULL
 * @bare: losses are not concealed
 * @loss: of packets, random, 0..1
 * @delay_ms: from mouth to ear, one way
 * @ret: about 0..93, written on success
 *
 * Return: 0; -ENODATA: there are no parameters for this codec, or none for loss.
 */
int vw_mos_r(const struct vw_codec *codec, bool bare, double loss, double delay_ms, double *ret);

/* Mean opinion score of conversation, 1..4.5 (G.107, Annex B). */
double vw_mos(double r);

#endif
