/* SPDX-License-Identifier: GPL-2.0-or-later */
/* An event of the module, for machines and for people. */
#ifndef VW_AGENT_EVENT_H
#define VW_AGENT_EVENT_H

#include <jansson.h>

#include "../kernel/genl.h"

/* A new object: "time", "source": "module", "event" and what the event has. */
json_t *vw_event_json(const struct vw_genl_event *ev);
/* A sentence. */
const char *vw_event_text(const struct vw_genl_event *ev, char *text, size_t len);

#endif
