/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Why packets of a stream don't open, in words, and what to do about it. */
#ifndef VW_CLI_DIAGNOSIS_H
#define VW_CLI_DIAGNOSIS_H

#include <jansson.h>

#include "../agent/kernel/genl.h"

/* null when nothing is known. */
json_t *vw_diagnosis_json(const struct vw_genl_diagnosis *d);
/* Lines of `stream show`; nothing when nothing is known. */
void vw_diagnosis_show(const struct vw_genl_diagnosis *d);

#endif
