/* SPDX-License-Identifier: GPL-2.0-or-later */
/* UDP sockets of the SIP edge. */
#ifndef VW_SIP_TRANSPORT_H
#define VW_SIP_TRANSPORT_H

#include "../loop.h"
#include "../media/endpoint.h"

struct vw_sock;

/*
 * A socket is bound to its device's number: when the device was deleted and made again
 * the socket is deaf. Bind it to what @device, or if that is "" its former name, is now.
 * Return: it was another one.
 */
bool vw_sock_follow(struct vw_sock *s, const char *device);
/**
 * vw_sock_open - a socket that hands over datagrams
 * @loop: the loop
 * @local: address and port
 * @device: bind to this device only; NULL or "": any
 * @dscp: of what it sends
 * @cb: gets every datagram
 * @arg: for @cb
 * @err: on failure a sentence
 * @errlen: size of @err
 */
struct vw_sock *vw_sock_open(struct vw_loop *loop, const struct vw_endpoint *local,
			     const char *device, u8 dscp,
			     void (*cb)(void *arg, const struct vw_endpoint *src, const char *p,
					size_t len),
			     void *arg, char *err, size_t errlen);
/* From now on its datagrams come with another @arg. */
void vw_sock_hand_over(struct vw_sock *s, void *arg);
void vw_sock_close(struct vw_sock *s);
void vw_sock_send(struct vw_sock *s, const struct vw_endpoint *to, const char *p, size_t len);
/* The device that has this address; false: none. */
bool vw_sock_device(const struct vw_endpoint *addr, char ret[16]);
/* The address that packets to @to leave with. */
bool vw_sock_source(const struct vw_endpoint *to, struct vw_endpoint *ret);

#endif
