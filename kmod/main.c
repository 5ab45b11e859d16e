// SPDX-License-Identifier: GPL-2.0-or-later
/* Loading and unloading: a ladder up, the same ladder down. */
#include <linux/module.h>

#include "event.h"
#include "genl.h"
#include "net.h"
#include "port.h"
#include "selftest.h"
#include "stream.h"

/*
 * The netlink family comes last: it is the only way to make anything, and until
 * then no notifier can miss a device and no packet can find half a table.
 */
static int __init voxwall_init(void)
{
	int err;

	err = vw_selftest();
	if (err)
		goto err_out;
	err = vw_stream_module_init();
	if (err)
		goto err_out;
	err = vw_net_module_init();
	if (err)
		goto err_stream;
	err = vw_port_module_init();
	if (err)
		goto err_net;
	err = vw_genl_module_init();
	if (err)
		goto err_port;
	vw_event_module_start();
	return 0;

err_port:
	vw_port_module_exit();
err_net:
	vw_net_module_exit();
err_stream:
	vw_stream_module_exit();
err_out:
	return err;
}

static void __exit voxwall_exit(void)
{
	vw_event_module_stop();
	vw_genl_module_exit();
	vw_port_module_exit();
	vw_net_module_exit();
	vw_stream_module_exit();
	/* RCU callbacks run code of this module. */
	rcu_barrier();
}

module_init(voxwall_init);
module_exit(voxwall_exit);

MODULE_LICENSE("GPL");
MODULE_AUTHOR("The voxwall authors");
MODULE_DESCRIPTION("Keeps voice apart, honest and secret on a branch gateway");
MODULE_VERSION("0.1.0");
MODULE_ALIAS_GENL_FAMILY(VOXWALL_GENL_NAME);
