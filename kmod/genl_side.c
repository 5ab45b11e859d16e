// SPDX-License-Identifier: GPL-2.0-or-later
#include "crypto.h"
#include "genl.h"
#include "genl_side.h"
#include "ssrc.h"
#include "voxwall.h"

static struct netlink_range_validation life_range = { .min = 1, .max = VW_SRTP_LIFETIME };

static const struct nla_policy crypto_policy[] = {
	[VOXWALL_A_CRYPTO_SUITE] = NLA_POLICY_MAX(NLA_U16, __VOXWALL_SUITE_MAX - 1),
	[VOXWALL_A_CRYPTO_SLOT] = NLA_POLICY_MAX(NLA_U8, VW_STREAM_SLOTS - 1),
	[VOXWALL_A_CRYPTO_KEY] = NLA_POLICY_RANGE(NLA_BINARY, 1, VOXWALL_KEY_LEN),
	[VOXWALL_A_CRYPTO_SALT] = NLA_POLICY_RANGE(NLA_BINARY, 1, VOXWALL_SALT_LEN),
	[VOXWALL_A_CRYPTO_USE] = NLA_POLICY_MAX(NLA_U8, 1),
	[VOXWALL_A_CRYPTO_GRACE] = { .type = NLA_U32 },
	[VOXWALL_A_CRYPTO_RTCP_CLEAR] = { .type = NLA_FLAG },
	[VOXWALL_A_CRYPTO_MKI] = NLA_POLICY_RANGE(NLA_BINARY, 1, VOXWALL_MKI_LEN),
	[VOXWALL_A_CRYPTO_LIFETIME] = NLA_POLICY_FULL_RANGE(NLA_U64, &life_range),
	[VOXWALL_A_CRYPTO_KDR] = { .type = NLA_U32 },
	[VOXWALL_A_CRYPTO_EXT_IDS] = NLA_POLICY_RANGE(NLA_BINARY, 1, VW_EXT_IDS - 1),
};

/* ---- reading ---- */

/* Video has this one (RFC 3551, 5), and what is sampled faster has long packets, too. */
#define VIDEO_CLOCK	90000	/* Hz */

/* What makes a key what it is, apart from the master key. */
static const int key_attrs[] = {
	VOXWALL_A_CRYPTO_RTCP_CLEAR,
	VOXWALL_A_CRYPTO_MKI,
	VOXWALL_A_CRYPTO_LIFETIME,
	VOXWALL_A_CRYPTO_KDR,
	VOXWALL_A_CRYPTO_EXT_IDS,
};

static int read_no_key(struct nlattr **c, struct netlink_ext_ack *extack)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(key_attrs); i++)
		if (c[key_attrs[i]])
			return vw_refuse(extack, -EINVAL,
					 "what a key has comes together with the key");
	return 0;
}

static void read_key_attrs(struct nlattr **c, struct vw_key_conf *conf)
{
	const struct nlattr *mki = c[VOXWALL_A_CRYPTO_MKI];

	conf->rtcp_clear = nla_get_flag(c[VOXWALL_A_CRYPTO_RTCP_CLEAR]);
	if (c[VOXWALL_A_CRYPTO_LIFETIME])
		conf->lifetime = nla_get_u64(c[VOXWALL_A_CRYPTO_LIFETIME]);
	if (mki) {
		conf->mki = nla_data(mki);
		conf->mki_len = nla_len(mki);
	}
}

static int read_kdr(struct nlattr **c, struct vw_key_conf *conf, struct netlink_ext_ack *extack)
{
	if (!c[VOXWALL_A_CRYPTO_KDR])
		return 0;
	conf->kdr = nla_get_u32(c[VOXWALL_A_CRYPTO_KDR]);
	if (vw_srtp_kdr_valid(conf->kdr))
		return 0;
	NL_SET_BAD_ATTR(extack, c[VOXWALL_A_CRYPTO_KDR]);
	return vw_refuse(extack, -EINVAL,
			 "a key derivation rate is 0 or a power of two up to 2^24");
}

/* Identifiers have meaning in one session only, so that none is refused but 0. */
static int read_ext_ids(struct nlattr **c, struct vw_key_conf *conf, struct vw_ext_ids *ids,
			struct netlink_ext_ack *extack)
{
	const struct nlattr *attr = c[VOXWALL_A_CRYPTO_EXT_IDS];
	const u8 *id;

	if (!attr)
		return 0;
	if (conf->suite->cipher == VW_CIPHER_NULL)
		return vw_refuse(extack, -EINVAL,
				 "a suite that encrypts nothing can't encrypt header extensions");
	for (id = nla_data(attr); id < (const u8 *)nla_data(attr) + nla_len(attr); id++) {
		if (!*id)
			return vw_refuse(extack, -EINVAL,
					 "no header extension has the identifier 0");
		vw_ext_add(ids, *id);
	}
	conf->ext = ids;
	return 0;
}

static int read_key(struct nlattr **c, struct vw_side_plan *plan, bool bulk,
		    struct netlink_ext_ack *extack)
{
	const struct nlattr *key = c[VOXWALL_A_CRYPTO_KEY];
	const struct nlattr *salt = c[VOXWALL_A_CRYPTO_SALT];
	struct vw_key_conf conf = { .suite = plan->suite, .bulk = bulk };
	struct vw_ext_ids ids = { };
	int err;

	if (!key && !salt)
		return read_no_key(c, extack);
	if (!key || !salt)
		return vw_refuse(extack, -EINVAL, "a master key and its salt come together");
	if (nla_len(key) != plan->suite->key_len)
		return vw_refuse(extack, -EINVAL, "the master key has not the suite's length");
	if (nla_len(salt) != plan->suite->salt_len)
		return vw_refuse(extack, -EINVAL, "the master salt has not the suite's length");
	err = read_kdr(c, &conf, extack) ?: read_ext_ids(c, &conf, &ids, extack);
	if (err)
		return err;
	read_key_attrs(c, &conf);
	conf.key = nla_data(key);
	conf.salt = nla_data(salt);
	err = vw_key_new(&conf, &plan->key);
	if (err == -ENOMEM)
		return vw_refuse(extack, err, "out of memory for the key");
	if (err)
		return vw_refuse(extack, err, "the kernel's crypto API refused the key");
	return 0;
}

static int read_use(struct nlattr **c, struct vw_side_plan *plan, struct netlink_ext_ack *extack)
{
	const struct nlattr *grace = c[VOXWALL_A_CRYPTO_GRACE];

	plan->use = c[VOXWALL_A_CRYPTO_USE] && nla_get_u8(c[VOXWALL_A_CRYPTO_USE]);
	if (!grace)
		return 0;
	if (!plan->use)
		return vw_refuse(extack, -EINVAL,
				 "a grace of the other key comes with the use of this one");
	plan->has_grace = true;
	plan->grace = DIV_ROUND_UP_ULL(nla_get_u32(grace), MSEC_PER_SEC);
	return 0;
}

static int read_side(const struct nlattr *nest, struct vw_side_plan *plan, bool bulk,
		     struct netlink_ext_ack *extack)
{
	struct nlattr *c[ARRAY_SIZE(crypto_policy)];
	u16 id;
	int err;

	memset(plan, 0, sizeof(*plan));
	if (!nest)
		return 0;
	err = nla_parse_nested(c, ARRAY_SIZE(crypto_policy) - 1, nest, crypto_policy, extack);
	if (err)
		return err;
	if (!c[VOXWALL_A_CRYPTO_SUITE])
		return vw_refuse(extack, -EINVAL, "protection needs a suite");
	plan->given = true;
	id = nla_get_u16(c[VOXWALL_A_CRYPTO_SUITE]);
	if (id == VOXWALL_SUITE_NONE) {
		if (c[VOXWALL_A_CRYPTO_KEY] || c[VOXWALL_A_CRYPTO_SALT] ||
		    c[VOXWALL_A_CRYPTO_SLOT] || c[VOXWALL_A_CRYPTO_USE] ||
		    c[VOXWALL_A_CRYPTO_GRACE])
			return vw_refuse(extack, -EINVAL, "plain RTP has no keys");
		return read_no_key(c, extack);
	}
	plan->suite = vw_suite_get(id);
	if (!plan->suite)
		return vw_refuse(extack, -EOPNOTSUPP, "the suite is not supported");
	if (c[VOXWALL_A_CRYPTO_SLOT])
		plan->slot = nla_get_u8(c[VOXWALL_A_CRYPTO_SLOT]);
	return read_use(c, plan, extack) ?: read_key(c, plan, bulk, extack);
}

void vw_plans_drop(struct vw_plans *p)
{
	vw_key_free(p->open.key);
	vw_key_free(p->seal.key);
}

int vw_plans_read(struct nlattr **a, u32 clock_rate, struct vw_plans *p,
		  struct netlink_ext_ack *extack)
{
	bool bulk = clock_rate >= VIDEO_CLOCK;
	int err;

	memset(p, 0, sizeof(*p));
	err = read_side(a[VOXWALL_A_STREAM_OPEN], &p->open, bulk, extack) ?:
	      read_side(a[VOXWALL_A_STREAM_SEAL], &p->seal, bulk, extack);
	if (!err && p->seal.has_grace)
		err = vw_refuse(extack, -EINVAL, "nothing is sealed with the other key anyway");
	if (err)
		vw_plans_drop(p);
	return err;
}

void vw_side_make(struct vw_side *side, const struct vw_side_plan *plan)
{
	memset(side, 0, sizeof(*side));
	side->suite = plan->suite;
	side->current_slot = plan->use ? plan->slot : 0;
	RCU_INIT_POINTER(side->slot[plan->slot], plan->key);
}

/* ---- carrying out ---- */

static struct vw_key *slot_of(const struct vw_stream *st, const struct vw_side *side,
			      unsigned int slot)
{
	return rcu_dereference_protected(side->slot[slot], lockdep_is_held(&st->vn->lock));
}

static int side_check(const struct vw_stream *st, const struct vw_side *side,
		      const struct vw_side_plan *plan, struct netlink_ext_ack *extack)
{
	const struct vw_key *key;

	if (!plan->given || !plan->suite || plan->key)
		return 0;
	key = slot_of(st, side, plan->slot);
	if (plan->suite != (key ? key->suite : side->suite))
		return vw_refuse(extack, -EINVAL, "another suite needs another key");
	if (plan->use && !key)
		return vw_refuse(extack, -EINVAL, "the key slot to use is empty");
	return 0;
}

int vw_plans_check(const struct vw_stream *st, const struct vw_plans *p,
		   struct netlink_ext_ack *extack)
{
	return side_check(st, &st->open, &p->open, extack) ?:
	       side_check(st, &st->seal, &p->seal, extack);
}

/* Return: an old key has gone, which packets in flight may still use. */
static bool slot_replace(struct vw_stream *st, struct vw_side *side, unsigned int slot,
			 struct vw_key *key, u32 epoch)
{
	struct vw_key *old = slot_of(st, side, slot);

	side->born[slot] = epoch;
	rcu_assign_pointer(side->slot[slot], key);
	vw_key_free_rcu(old);
	return old;
}

/* A key that waits in the other slot may be of another suite than the one in use. */
static const struct vw_suite *suite_in_use(const struct vw_stream *st, const struct vw_side *side,
					   const struct vw_side_plan *plan)
{
	const struct vw_key *key = slot_of(st, side, side->current_slot);

	return key ? key->suite : plan->suite;
}

/* The second that has begun doesn't count, and 0 would be for ever. */
static u32 until_of(u32 grace)
{
	return ((u32)ktime_get_seconds() + grace + !!grace) ?: 1;
}

/* The packet path may see any step between: it finds a key or refuses. Return:
 * an old key has gone. */
static bool side_change(struct vw_stream *st, struct vw_side *side, struct vw_side_plan *plan,
			u32 epoch)
{
	bool gone = false;
	unsigned int i;

	if (!plan->given)
		return false;
	if (!plan->suite) {
		WRITE_ONCE(side->suite, NULL);
		for (i = 0; i < VW_STREAM_SLOTS; i++)
			gone |= slot_replace(st, side, i, NULL, epoch);
		return gone;
	}
	/* It would be over for the new one, too. */
	if (plan->use || (plan->key && plan->slot != side->current_slot))
		WRITE_ONCE(side->until, 0);
	if (plan->key)
		gone = slot_replace(st, side, plan->slot, plan->key, epoch);
	plan->key = NULL;
	if (plan->use)
		WRITE_ONCE(side->current_slot, plan->slot);
	if (plan->has_grace)
		WRITE_ONCE(side->until, until_of(plan->grace));
	WRITE_ONCE(side->suite, suite_in_use(st, side, plan));
	return gone;
}

static u32 oldest_key(const struct vw_stream *st, const struct vw_side *side, u32 epoch)
{
	unsigned int i;

	for (i = 0; i < VW_STREAM_SLOTS; i++)
		if (slot_of(st, side, i))
			epoch = min(epoch, side->born[i]);
	return epoch;
}

/* Sources that no key remembers may have to leave their places from now on. */
void vw_plans_carry_out(struct vw_stream *st, struct vw_plans *p)
{
	u32 epoch = vw_ssrc_epoch(st);
	/* One whose time is over may have gone a moment ago, and nobody waited. */
	bool gone = st->open.until;

	gone |= side_change(st, &st->open, &p->open, epoch);
	gone |= side_change(st, &st->seal, &p->seal, epoch);
	if (gone)
		synchronize_rcu();
	epoch = oldest_key(st, &st->open, epoch);
	vw_ssrc_floor(st, oldest_key(st, &st->seal, epoch));
}
