/* SPDX-License-Identifier: GPL-2.0-or-later */
/* voxwall classify FILE: what the flows of a capture are, and why. */
#ifndef VW_CLI_CLASSIFY_H
#define VW_CLI_CLASSIFY_H

/* @argv begins with "classify"; returns the exit status. */
int vw_cli_classify(int argc, char **argv);

#endif
