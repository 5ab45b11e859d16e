// SPDX-License-Identifier: GPL-2.0-or-later
#include "diagnosis.h"

#include <stdio.h>

#include "../kmod/core/names.h"
#include "out.h"

typedef unsigned long long ull;

/* What to look at first. */
static const char *hint(u8 verdict)
{
	switch ((enum voxwall_diagnosis)verdict) {
	case VOXWALL_DIAGNOSIS_WRONG_KEY:
		return "the far side seals with another key than was agreed on, or not at all: "
		       "compare the keys of offer and answer, of the last re-INVITE, too";
	case VOXWALL_DIAGNOSIS_ROC_OFF_BY_ONE:
		return "the far side kept its rollover counter across a re-key that began "
		       "anew here, or the other way round, or more than 32,767 packets in a "
		       "row were lost: a re-INVITE with a new port and key sets both to 0";
	case VOXWALL_DIAGNOSIS_ROC_OFF:
		return "the far side began anew with the same key, or has been sending for "
		       "long before this stream was made: a re-INVITE with a new port and key "
		       "sets both to 0";
	case VOXWALL_DIAGNOSIS_REPLAYED:
		return "the network duplicates packets or holds them back for long, or "
		       "somebody sends again what he has captured: nothing is lost by it";
	case VOXWALL_DIAGNOSIS_UNKNOWN_SSRC:
		return "a second sender with a key of its own uses this call's port: another "
		       "branch of a forked call, an announcement, or a stranger";
	case VOXWALL_DIAGNOSIS_SSRC_LIMIT:
		return "the far side changes its SSRC again and again with the same key: a "
		       "new key makes room for others";
	case __VOXWALL_DIAGNOSIS_MAX:
		break;
	}
	return NULL;
}

json_t *vw_diagnosis_json(const struct vw_genl_diagnosis *d)
{
	const char *what_to_do = hint(d->verdict);
	json_t *o, *counts;

	if (!d->known)
		return json_null();
	counts = json_object();
	for (unsigned int i = 0; i < __VOXWALL_DIAGNOSIS_MAX; i++)
		json_object_set_new(counts, vw_diagnosis_name(i),
				    json_integer((json_int_t)d->counts[i]));
	o = json_pack("{s:s, s:s, s:s, s:I, s:I, s:b, s:o}",
		      "verdict", vw_diagnosis_name(d->verdict),
		      "text", vw_diagnosis_text(d->verdict), "hint", what_to_do ? what_to_do : "",
		      "age_ms", (json_int_t)d->age_ms, "ssrc", (json_int_t)d->ssrc,
		      "rtcp", d->rtcp, "samples", counts);
	if (d->has_roc) {
		json_object_set_new(o, "roc", json_integer((json_int_t)d->roc));
		json_object_set_new(o, "expected_roc", json_integer((json_int_t)d->expected));
	}
	return o;
}

static void show_counts(const struct vw_genl_diagnosis *d)
{
	const char *between = "";

	printf("  %-12s ", "samples");
	for (unsigned int i = 0; i < __VOXWALL_DIAGNOSIS_MAX; i++) {
		if (!d->counts[i])
			continue;
		printf("%s%llu %s", between, (ull)d->counts[i], vw_diagnosis_name(i));
		between = ", ";
	}
	putchar('\n');
}

void vw_diagnosis_show(const struct vw_genl_diagnosis *d)
{
	const char *what_to_do = hint(d->verdict);
	char age[24];

	if (!d->known)
		return;
	printf("  %-12s %s: %s", "diagnosis", vw_diagnosis_name(d->verdict),
	       vw_diagnosis_text(d->verdict));
	if (d->has_roc)
		printf(" (%u, not %u)", d->roc, d->expected);
	printf("; %s from SSRC %08x, %s ago\n", d->rtcp ? "SRTCP" : "SRTP", d->ssrc,
	       vw_out_age(d->age_ms / 1000, age));
	if (what_to_do)
		printf("  %-12s %s\n", "", what_to_do);
	show_counts(d);
}
