/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The words for the enums of the uapi header: the same in CLI, logs and traces. */
#ifndef VW_CORE_NAMES_H
#define VW_CORE_NAMES_H

#include "env.h"
#include "../uapi/linux/voxwall.h"

/* All return "unknown" past the end, never NULL. */
const char *vw_drop_name(unsigned int drop);	/* "station-unknown" */
const char *vw_drop_text(unsigned int drop);	/* a sentence for people */
const char *vw_diagnosis_name(unsigned int diagnosis);	/* "wrong-key" */
const char *vw_diagnosis_text(unsigned int diagnosis);	/* a sentence for people */
const char *vw_class_name(unsigned int class);	/* "rtp" */
const char *vw_zone_name(unsigned int zone);	/* "voice" */
const char *vw_mode_name(unsigned int mode);	/* "access" */
const char *vw_method_name(unsigned int method);	/* "static" */
const char *vw_latch_name(unsigned int latch);	/* "first-within" */
const char *vw_rogue_name(unsigned int rogue);	/* "drop" */
const char *vw_event_name(unsigned int event);	/* "station-moved" */

#endif
