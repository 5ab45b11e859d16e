// SPDX-License-Identifier: GPL-2.0-or-later
#include "mos.h"

#include <math.h>

/* G.107, Table 2: the defaults; dB unless the name says otherwise. */
#define SLR	8.0	/* send loudness */
#define RLR	2.0	/* receive loudness */
#define STMR	15.0	/* sidetone masking */
#define LSTR	18.0	/* listener sidetone */
#define DS	3.0	/* D-value of the telephone that sends */
#define TELR	65.0	/* talker echo loudness */
#define WEPL	110.0	/* weighted echo path loss */
#define QDU	1.0	/* quantizing distortion units */
#define NC	-70.0	/* circuit noise, dBm0p */
#define NFOR	-64.0	/* noise floor, dBmp */
#define PS	35.0	/* room noise at the send side, dB(A) */
#define PR	35.0	/* room noise at the receive side, dB(A) */

#define OLR	(SLR + RLR)

static double power(double db)
{
	return pow(10, db / 10);
}

/* 7.2: all noise together, dBm0p at the 0 dBr point. */
static double noise(void)
{
	double nos = PS - SLR - DS - 100 + 0.004 * pow(PS - OLR - DS - 14, 2);
	double pre = PR + 10 * log10(1 + power(10 - LSTR));
	double nor = RLR - 121 + pre + 0.008 * pow(pre - 35, 2);

	return 10 * log10(power(NC) + power(nos) + power(nor) + power(NFOR + RLR));
}

/* 7.2: signal to noise. */
static double basic(double no)
{
	return 15 - 1.5 * (SLR + no);
}

/* 7.3: what happens together with the voice. */
static double simultaneous(double no, double ro, double t)
{
	double xolr = OLR + 0.2 * (64 + no - RLR);
	double loud = 20 * (pow(1 + pow(xolr / 8, 8), 1 / 8.0) - xolr / 8);
	double stmro = -10 * log10(power(-STMR) + exp(-t / 4) * power(-TELR));
	double side = 12 * pow(1 + pow((stmro - 13) / 6, 8), 1 / 8.0) -
		      28 * pow(1 + pow((stmro + 1) / 19.4, 35), 1 / 35.0) -
		      13 * pow(1 + pow((stmro - 3) / 33, 13), 1 / 13.0) + 29;
	double q = 37 - 15 * log10(QDU);
	double g = 1.07 + 0.258 * q + 0.0602 * q * q;
	double y = (ro - 100) / 15 + 46 / 8.4 - g / 9;
	double z = 46 / 30.0 - g / 40;

	return loud + side + 15 * log10(1 + pow(10, y) + pow(10, z));
}

/* 7.4: talker echo, listener echo, and waiting for an answer. */
static double delayed(double no, double ro, double t)
{
	double terv = TELR - 40 * log10((1 + t / 10) / (1 + t / 150)) + 6 * exp(-0.3 * t * t);
	double half = (-1.5 * (no - RLR) - (80 + 2.5 * (terv - 14))) / 2;
	double talker = (half + sqrt(half * half + 100) - 1) * (1 - exp(-t));
	double listener, late = 0, x;

	half = (ro - 10.5 * (WEPL + 7) * pow(2 * t + 1, -0.25)) / 2;
	listener = half + sqrt(half * half + 169);
	if (t > 100) {
		x = log2(t / 100);
		late = 25 * (pow(1 + pow(x, 6), 1 / 6.0) - 3 * pow(1 + pow(x / 3, 6), 1 / 6.0) + 2);
	}
	return talker + listener + late;
}

/* 7.5: the codec, and what loss does to it. */
static int equipment(const struct vw_codec *codec, bool bare, double loss, double *ret)
{
	double bpl = bare ? codec->bpl_bare : codec->bpl;

	if (loss > 0 && bpl <= 0)
		return -ENODATA;
	*ret = codec->ie;
	if (loss > 0)
		*ret += (95 - codec->ie) * 100 * loss / (100 * loss + bpl);
	return 0;
}

int vw_mos_r(const struct vw_codec *codec, bool bare, double loss, double delay_ms, double *ret)
{
	double no = noise(), ro = basic(no), ie = 0;

	if (!codec || equipment(codec, bare, loss, &ie))
		return -ENODATA;
	*ret = ro - simultaneous(no, ro, delay_ms) - delayed(no, ro, delay_ms) - ie;
	return 0;
}

double vw_mos(double r)
{
	if (r <= 0)
		return 1;
	if (r >= 100)
		return 4.5;
	return fmax(1, 1 + 0.035 * r + r * (r - 60) * (100 - r) * 7e-6);
}
