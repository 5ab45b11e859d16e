/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Telling systemd how it goes (sd_notify(3), the protocol itself). */
#ifndef VW_AGENT_NOTIFY_H
#define VW_AGENT_NOTIFY_H

/* "READY=1", "STOPPING=1", "STATUS=..."; nothing happens without systemd. */
void vw_notify(const char *state);

#endif
