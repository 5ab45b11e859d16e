/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Asking the agent. */
#ifndef VW_CLI_AGENT_H
#define VW_CLI_AGENT_H

#include <jansson.h>

#include "cli.h"

/* The result of @verb, a new reference; NULL when refused, which has been said. */
json_t *vw_cli_ask(const struct vw_cli *c, const char *verb);

/* A member as text, "-" when it isn't there. Belongs to @o. */
const char *vw_cli_text(const json_t *o, const char *key);

#endif
