// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * audiocmp SPOKEN.wav HEARD.wav: how much of what was spoken was heard?
 *
 * Prints {"correlation": c, "lag_ms": l, "seconds": s, "worst": w} and exits 0;
 * 2 when a file can't be judged. Speech is cut into windows of half a second.
 * Each is looked for in the recording near where the one before it was found, so
 * that a jitter buffer may slip a little but not shuffle, and its normalised
 * cross-correlation counts with its energy. Silence in the original counts
 * nothing; what is missing from the recording counts zero.
 *
 * Arithmetic on samples is in integers: it also runs in emulated machines.
 */
#include <errno.h>
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define RATE		8000
#define WINDOW		(RATE / 2)
#define HOP		(RATE / 100)		/* envelope step: 10 ms */
#define COARSE		4			/* decimation of the first look */
#define SLIP		(RATE / 10)		/* from one window to the next */
#define FIRST_SLIP	(RATE / 20)		/* around the envelope's answer */
#define CANDIDATES	6
#define MAX_SECONDS	600

struct sound {
	int16_t *pcm;
	long len;
	int16_t *coarse;	/* decimated by COARSE */
	long coarse_len;
	int64_t *envelope;	/* mean magnitude per HOP, its mean removed */
	long envelope_len;
};

struct verdict {
	double correlation;
	double worst;
	long lag;
	double seconds;
};

static void die(const char *file, const char *why)
{
	fprintf(stderr, "audiocmp: %s: %s\n", file, why);
	exit(2);
}

static uint32_t le32(const uint8_t *p)
{
	return p[0] | p[1] << 8 | p[2] << 16 | (uint32_t)p[3] << 24;
}

static uint16_t le16(const uint8_t *p)
{
	return (uint16_t)(p[0] | p[1] << 8);
}

static void format_check(const char *file, const uint8_t *fmt, uint32_t size)
{
	if (size < 16 || le16(fmt) != 1 || le16(fmt + 2) != 1 ||
	    le32(fmt + 4) != RATE || le16(fmt + 14) != 16)
		die(file, "not 16-bit mono PCM at 8 kHz");
}

static void *must(void *memory)
{
	if (!memory)
		die("memory", "exhausted");
	return memory;
}

static uint8_t *file_read(const char *file, size_t *ret_size)
{
	size_t limit = (size_t)MAX_SECONDS * RATE * 2 + 4096;
	uint8_t *data = must(malloc(limit));
	FILE *stream = fopen(file, "rb");

	if (!stream)
		die(file, strerror(errno));
	*ret_size = fread(data, 1, limit, stream);
	fclose(stream);
	if (*ret_size < 12 || memcmp(data, "RIFF", 4) || memcmp(data + 8, "WAVE", 4))
		die(file, "not a WAV file");
	return data;
}

static void pcm_take(struct sound *sound, const uint8_t *data, size_t bytes)
{
	sound->len = (long)(bytes / 2);
	sound->pcm = must(calloc((size_t)sound->len + 1, sizeof(*sound->pcm)));
	for (long i = 0; i < sound->len; i++)
		sound->pcm[i] = (int16_t)le16(data + 2 * i);
}

/* A recorder that was cut off leaves a data size of 0 or too much: take what is there. */
static void sound_load(struct sound *sound, const char *file)
{
	size_t size, pos = 12;
	uint8_t *data = file_read(file, &size);
	int formatted = 0;

	while (pos + 8 <= size) {
		uint32_t chunk = le32(data + pos + 4);
		size_t left = size - pos - 8;
		size_t have = chunk < left ? chunk : left;

		if (!memcmp(data + pos, "fmt ", 4)) {
			format_check(file, data + pos + 8, (uint32_t)have);
			formatted = 1;
		} else if (!memcmp(data + pos, "data", 4)) {
			if (!formatted)
				die(file, "samples before their format");
			pcm_take(sound, data + pos + 8, chunk ? have : left);
			break;
		}
		pos += 8 + have + (have & 1);
	}
	free(data);
	if (!sound->pcm)
		die(file, "no samples");
}

static void coarse_make(struct sound *sound)
{
	sound->coarse_len = sound->len / COARSE;
	sound->coarse = must(calloc((size_t)sound->coarse_len + 1, sizeof(*sound->coarse)));
	for (long i = 0; i < sound->coarse_len; i++) {
		int sum = 0;

		for (int j = 0; j < COARSE; j++)
			sum += sound->pcm[i * COARSE + j];
		sound->coarse[i] = (int16_t)(sum / COARSE);
	}
}

static void envelope_make(struct sound *sound)
{
	int64_t mean = 0;

	sound->envelope_len = sound->len / HOP;
	sound->envelope = must(calloc((size_t)sound->envelope_len + 1, sizeof(*sound->envelope)));
	for (long i = 0; i < sound->envelope_len; i++) {
		int64_t sum = 0;

		for (int j = 0; j < HOP; j++)
			sum += abs(sound->pcm[i * HOP + j]);
		sound->envelope[i] = sum / HOP;
		mean += sum / HOP;
	}
	if (sound->envelope_len)
		mean /= sound->envelope_len;
	for (long i = 0; i < sound->envelope_len; i++)
		sound->envelope[i] -= mean;
}

static double envelope_match(const struct sound *spoken, const struct sound *heard, long lag)
{
	int64_t sum = 0;

	for (long i = 0; i < spoken->envelope_len; i++)
		if (i + lag >= 0 && i + lag < heard->envelope_len)
			sum += spoken->envelope[i] * heard->envelope[i + lag];
	return (double)sum;
}

/* Correlation of n samples, -1 to 1; samples outside the recording are silence. */
static double match(const int16_t *a, long n, const int16_t *b, long b_len, long at)
{
	int64_t ab = 0, aa = 0, bb = 0;

	for (long i = 0; i < n; i++) {
		int32_t x = a[i], y = at + i >= 0 && at + i < b_len ? b[at + i] : 0;

		ab += x * y;
		aa += x * x;
		bb += y * y;
	}
	/* A recording that is next to silent matches nothing. */
	if (!aa || bb < n * 4)
		return 0;
	return (double)ab / sqrt((double)aa * (double)bb);
}

/* Best lag of one window within slip of lag: first at a quarter of the rate, then exactly. */
static double window_find(const struct sound *spoken, const struct sound *heard,
			  long start, long slip, long *lag)
{
	long centre = *lag, coarse_best = centre;
	double best = -2;

	for (long l = centre - slip; l <= centre + slip; l += COARSE) {
		double r = match(spoken->coarse + start / COARSE, WINDOW / COARSE, heard->coarse,
				 heard->coarse_len, (start + l) / COARSE);

		if (r > best) {
			best = r;
			coarse_best = l;
		}
	}
	best = -2;
	for (long l = coarse_best - 2 * COARSE; l <= coarse_best + 2 * COARSE; l++) {
		double r = match(spoken->pcm + start, WINDOW, heard->pcm, heard->len, start + l);

		if (r > best) {
			best = r;
			*lag = l;
		}
	}
	return best;
}

static double window_energy(const struct sound *sound, long start)
{
	int64_t sum = 0;

	for (long i = 0; i < WINDOW; i++)
		sum += sound->pcm[start + i] * sound->pcm[start + i];
	return (double)sum / WINDOW;
}

/* Windows quieter than a magnitude of 100 (-50 dB) are pauses. */
#define PAUSE	1e4

static struct verdict follow(const struct sound *spoken, const struct sound *heard, long lag)
{
	struct verdict verdict = { .worst = 1, .lag = lag };
	double weight = 0, sum = 0;
	long slip = FIRST_SLIP;

	for (long start = 0; start + WINDOW <= spoken->len; start += WINDOW) {
		double energy = window_energy(spoken, start), r;
		long here = lag;

		if (energy < PAUSE)
			continue;
		r = window_find(spoken, heard, start, slip, &here);
		/* A chance match must not lead the next window astray. */
		if (r > 0.7) {
			lag = here;
			slip = SLIP;
		}
		if (verdict.worst > r)
			verdict.worst = r;
		sum += energy * fmax(r, 0);
		weight += energy;
		verdict.seconds += (double)WINDOW / RATE;
	}
	verdict.correlation = weight > 0 ? sum / weight : 0;
	return verdict;
}

static struct verdict compare(const struct sound *spoken, const struct sound *heard)
{
	struct verdict best = { .correlation = -1 };
	long first = -spoken->envelope_len, count = spoken->envelope_len + heard->envelope_len;
	double *score = must(calloc((size_t)count + 1, sizeof(*score)));

	for (long i = 0; i < count; i++)
		score[i] = envelope_match(spoken, heard, first + i);
	for (int c = 0; c < CANDIDATES; c++) {
		struct verdict verdict;
		long top = 0;

		for (long i = 1; i < count; i++)
			if (score[i] > score[top])
				top = i;
		verdict = follow(spoken, heard, (first + top) * HOP);
		if (verdict.correlation > best.correlation)
			best = verdict;
		/* Not the same hill again. */
		for (long i = top - 5; i <= top + 5; i++)
			if (i >= 0 && i < count)
				score[i] = -INFINITY;
	}
	free(score);
	return best;
}

static void sound_open(struct sound *sound, const char *file)
{
	sound_load(sound, file);
	coarse_make(sound);
	envelope_make(sound);
}

static void sound_close(struct sound *sound)
{
	free(sound->pcm);
	free(sound->coarse);
	free(sound->envelope);
}

int main(int argc, char **argv)
{
	struct sound spoken = { 0 }, heard = { 0 };
	struct verdict verdict;

	if (argc != 3) {
		fprintf(stderr, "usage: audiocmp SPOKEN.wav HEARD.wav\n");
		return 2;
	}
	sound_open(&spoken, argv[1]);
	sound_open(&heard, argv[2]);
	verdict = compare(&spoken, &heard);
	if (verdict.seconds == 0)
		die(argv[1], "nothing but silence");
	printf("{\"correlation\": %.4f, \"worst\": %.4f, \"lag_ms\": %ld, \"seconds\": %.1f}\n",
	       verdict.correlation, verdict.worst, verdict.lag * 1000 / RATE, verdict.seconds);
	sound_close(&spoken);
	sound_close(&heard);
	return 0;
}
