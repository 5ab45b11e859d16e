/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The E-model (ITU-T G.107) for narrowband calls between digital telephones: how
 * loss and delay rate with the codec's parameters. Where there are none there is no
 * rating.
 */
#ifndef VW_MEDIA_MOS_H
#define VW_MEDIA_MOS_H

#include "codec.h"

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
